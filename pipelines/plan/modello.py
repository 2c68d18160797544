"""A plan in the standard layout: the blocks of the allegato of 2020, from the records of any plan.

Belongs here: which line holds what. Does not belong here: what is written into it (pipelines/scorecard).
A plan that is no text in that layout gets its scorecard in this one; no file imitates the original.
"""

from dataclasses import dataclass, field, replace

from pipelines.italiano import format_importo, format_percentuale
from pipelines.plan.model import Genere, Indicatore, Luogo, Obiettivo, Piano


@dataclass
class _Righe:
    """The lines written so far."""

    testi: list[str] = field(default_factory=list)
    generi: list[Genere] = field(default_factory=list)

    def add(self, genere: Genere, *celle: str | None) -> Luogo:
        """Write a line; a cell holds no mark that would break it."""
        self.testi.append("\t".join(" ".join((c or "").split()) for c in celle) + "\n")
        self.generi.append(genere)
        return Luogo(len(self.testi))


def is_standard(piano: Piano) -> bool:
    """Whether a plan is text in the layout of 2020, into which results are written."""
    lettura = piano.lettura
    return lettura is None or (lettura.formato == "txt" and lettura.disposizione == "blocchi")


def standard(piano: Piano) -> Piano:
    """The same objectives and indicators, at lines of a text in the standard layout."""
    righe = _Righe()
    anni = sorted({t.anno for i in piano.indicatori for t in i.traguardi})
    obiettivi: list[Obiettivo] = []
    indicatori: list[Indicatore] = []
    missione = programma = ""
    for obiettivo in piano.obiettivi:
        if obiettivo.missione != missione:
            missione, programma = obiettivo.missione, ""
            righe.add("missione", f"MISSIONE {missione} - {obiettivo.missione_titolo}")
        if obiettivo.programma != programma:
            programma = obiettivo.programma
            righe.add("programma", f"PROGRAMMA {programma} - {obiettivo.programma_titolo}")
        obiettivi.append(replace(obiettivo, riga=_write_obiettivo(righe, obiettivo)))
        righe.add("intestazione", *_header(piano, anni))
        chiave = (obiettivo.missione, obiettivo.programma, obiettivo.obiettivo)
        for indicatore in piano.indicatori:
            if indicatore.chiave[:3] == chiave:
                luogo = righe.add("indicatore", *_cells(indicatore, anni))
                indicatori.append(replace(indicatore, riga=luogo))
    return replace(
        piano,
        righe=tuple(righe.testi),
        codifica="utf-8",
        generi=tuple(righe.generi),
        luoghi=tuple(Luogo(n) for n in range(1, len(righe.testi) + 1)),
        obiettivi=tuple(obiettivi),
        indicatori=tuple(indicatori),
    )


def _write_obiettivo(righe: _Righe, obiettivo: Obiettivo) -> Luogo:
    titolo = f"{obiettivo.obiettivo} - {obiettivo.titolo}"
    luogo = righe.add("obiettivo", "OBIETTIVO", "TITOLO", titolo)
    for etichetta, testo in (
        ("DESCRIZIONE", obiettivo.descrizione),
        ("STAKEHOLDER ESTERNI", obiettivo.stakeholder_esterni),
        ("STAKEHOLDER INTERNI", obiettivo.stakeholder_interni),
        ("ARCO TEMPORALE", obiettivo.arco_temporale),
        ("CENTRO DI RESPONSABILITÀ", obiettivo.centro_responsabilita),
    ):
        if testo:
            righe.add("campo", "", etichetta, testo)
    risorse, peso = obiettivo.risorse_preventivo, obiettivo.peso
    righe.add(
        "risorse_preventivo",
        *("", "RISORSE FINANZIARIE A PREVENTIVO"),
        *("" if risorse is None else format_importo(risorse), "", "", "", "% SPESA", "", ""),
        *("PESO", "" if peso is None else format_percentuale(peso)),
    )
    righe.add("risorse_consuntivo", "RISORSE FINANZIARIE A CONSUNTIVO", "", "")
    return luogo


def _header(piano: Piano, anni: list[int]) -> list[str]:
    target = [f"Target {a}" + " (risultato atteso)" * (a == piano.anno) for a in anni]
    return [
        *("TIPOLOGIA", "INDICATORE", "Ultimo valore osservato", *target, "Tipo indicatore"),
        *("Algoritmo di calcolo", "Fonte", f"Risultato {piano.anno}", "% Realizz", "NOTE"),
    ]


def _cells(indicatore: Indicatore, anni: list[int]) -> list[str | None]:
    testi = {t.anno: t.testo for t in indicatore.traguardi}
    return [
        *(indicatore.tipologia, indicatore.indicatore, indicatore.ultimo_valore_testo),
        *(testi.get(anno) for anno in anni),
        *(
            indicatore.tipo_indicatore,
            indicatore.algoritmo,
            indicatore.fonte,
            "",
            "",
            indicatore.note,
        ),
    ]

"""The allegato with the four fields filled that it leaves for the end of the year.

Belongs here: which text goes into which field. Does not belong here: where the fields stand, which
the reader of the plan found (pipelines/plan/), and the figures themselves.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from pipelines.italiano import format_cifra, format_importo, format_percentuale
from pipelines.plan.model import Piano, Posto
from pipelines.plan.righe import split_righe
from pipelines.scorecard.formato import Formato
from pipelines.scorecard.legenda import decimal_of
from pipelines.scorecard.sheet import Scheda

ChiaveIndicatore = tuple[str, str, str, int]
ChiaveObiettivo = tuple[str, str, str]
Figure = tuple[Decimal | None, Decimal | None]


def fill(
    piano: Piano,
    risultati: Mapping[ChiaveIndicatore, Figure],
    obiettivi: Mapping[ChiaveObiettivo, Figure],
) -> bytes:
    """The allegato, byte for byte, but for the fields that have a figure.

    `risultati`: (missione, programma, obiettivo, progressivo) -> (risultato, % Realizz);
    `obiettivi`: (missione, programma, obiettivo) -> (consuntivo in EUR, % SPESA). Percentages are
    percent points. A figure that is None leaves its field as the plan has it, and so does one whose
    field the layout of its block lacks. Raises ValueError for a key that the plan does not have.
    """
    righe = list(piano.righe)
    per_riga: defaultdict[int, list[tuple[Posto, str]]] = defaultdict(list)
    for posto, testo in (*_risultati(piano, risultati), *_spese(piano, obiettivi)):
        per_riga[posto.riga].append((posto, testo))
    for numero, scritture in per_riga.items():
        # From the right, so that what is written does not move the places still to be filled.
        for posto, testo in sorted(scritture, key=lambda s: s[0].inizio, reverse=True):
            riga = righe[numero - 1]
            righe[numero - 1] = riga[: posto.inizio] + testo + riga[posto.fine :]
    return "".join(righe).encode(piano.codifica)


def is_same_plan(piano: Piano, scritto: bytes) -> bool:
    """Whether a written text is the plan but for what stands in its four fields."""
    righe = split_righe(scritto.decode(piano.codifica))
    campi: defaultdict[int, list[Posto]] = defaultdict(list)
    for posto in _posti(piano):
        campi[posto.riga].append(posto)
    return len(righe) == len(piano.righe) and all(
        _is_same_line(approvata, riga, sorted(campi[numero], key=lambda p: p.inizio))
        for numero, (approvata, riga) in enumerate(zip(piano.righe, righe, strict=True), start=1)
    )


def _posti(piano: Piano) -> Iterator[Posto]:
    for indicatore in piano.indicatori:
        yield from filter(None, (indicatore.posto_risultato, indicatore.posto_realizzazione))
    for obiettivo in piano.obiettivi:
        yield from filter(None, (obiettivo.posto_consuntivo, obiettivo.posto_spesa))


def _is_same_line(approvata: str, scritta: str, campi: list[Posto]) -> bool:
    attesa, da = "", 0
    for posto in campi:
        com_era = re.escape(approvata[posto.inizio : posto.fine])
        attesa += re.escape(approvata[da : posto.inizio]) + rf"(?:{com_era}|[^\t\r\n]*)"
        da = posto.fine
    return re.fullmatch(attesa + re.escape(approvata[da:]), scritta) is not None


def _risultati(
    piano: Piano, risultati: Mapping[ChiaveIndicatore, Figure]
) -> Iterator[tuple[Posto, str]]:
    indicatori = {
        (i.missione, i.programma, i.obiettivo, i.progressivo): i for i in piano.indicatori
    }
    _check_chiavi("indicatori", risultati.keys() - indicatori.keys())
    for chiave, (risultato, realizzazione) in risultati.items():
        indicatore = indicatori[chiave]
        if risultato is not None and indicatore.posto_risultato:
            testo = format_cifra(risultato, indicatore.decimali, indicatore.percentuale)
            yield indicatore.posto_risultato, testo
        if realizzazione is not None and indicatore.posto_realizzazione:
            yield indicatore.posto_realizzazione, format_percentuale(realizzazione)


def _spese(piano: Piano, spese: Mapping[ChiaveObiettivo, Figure]) -> Iterator[tuple[Posto, str]]:
    obiettivi = {(o.missione, o.programma, o.obiettivo): o for o in piano.obiettivi}
    _check_chiavi("obiettivi", spese.keys() - obiettivi.keys())
    for chiave, (consuntivo, percentuale) in spese.items():
        obiettivo = obiettivi[chiave]
        if consuntivo is not None and obiettivo.posto_consuntivo:
            yield obiettivo.posto_consuntivo, format_importo(consuntivo)
        if percentuale is not None and obiettivo.posto_spesa:
            yield obiettivo.posto_spesa, format_percentuale(percentuale)


def _check_chiavi(cosa: str, ignote: Iterable[tuple[str | int, ...]]) -> None:
    elenco = ", ".join(sorted("/".join(map(str, chiave)) for chiave in ignote))
    if elenco:
        raise ValueError(
            f"Il piano non ha questi {cosa}, che perciò non si possono scrivere: {elenco}."
        )


def write_txt(scheda: Scheda, path: Path) -> None:
    """Write the allegato with the figures of the scorecard in its four fields."""
    filled = fill(
        scheda.piano,
        {
            (
                str(r["missione"]),
                str(r["programma"]),
                str(r["obiettivo"]),
                int(str(r["progressivo"])),
            ): (
                decimal_of(r, "risultato"),
                decimal_of(r, "realizzazione"),
            )
            for r in scheda.indicatori
        },
        {
            (str(r["missione"]), str(r["programma"]), str(r["obiettivo"])): (
                decimal_of(r, "risorse_consuntivo"),
                decimal_of(r, "percentuale_spesa"),
            )
            for r in scheda.obiettivi
        },
    )
    path.write_bytes(filled)


# The columns of a plan speak of its own years: those of another have no field in it.
FORMATO = Formato("txt", "l'allegato compilato", write_txt, solo_propria=True)

"""Reading plans: the one of 2020 to the letter, made-up ones, and what is no plan at all."""

import time
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.plan.confronti import read_confronti
from pipelines.plan.model import Confronto, Indicatore, Piano, Posto
from pipelines.plan.read import PianoIlleggibile, read_plan
from pipelines.plan.regole import REGOLE
from tests.plan.generatore import FintoIndicatore, FintoPiano, Numero, piani, print_piano

ALLEGATO = Path(__file__).parents[2] / "raw/MS/2020/allegato.txt"


@pytest.fixture(scope="module")
def piano() -> Piano:
    return read_plan(ALLEGATO.read_bytes())


# --- The plan of 2020 -----------------------------------------------------------------------------


def test_every_line_is_understood(piano: Piano) -> None:
    assert Counter(piano.generi) == {
        "vuota": 17,
        "atto": 1,
        "missione": 3,
        "programma": 4,
        "obiettivo": 8,
        "campo": 35,
        "risorse_preventivo": 7,
        "risorse_consuntivo": 7,
        "intestazione": 9,
        "indicatore": 16,
        "separatore": 1,
        "firma": 4,
    }
    assert len(piano.righe) == len(piano.generi) == 112
    assert piano.generi[2] == "atto"
    assert piano.generi[93] == "separatore"
    assert [n for n, g in enumerate(piano.generi, 1) if g == "firma"] == [107, 108, 110, 112]
    assert (piano.anno, piano.codifica) == (2020, "utf-8")


def test_objectives(piano: Piano) -> None:
    assert [
        (o.missione, o.programma, o.obiettivo, str(o.risorse_preventivo), str(o.peso), o.riga)
        for o in piano.obiettivi
    ] == [
        ("011", "005", "1.1", "110915.33", "6.00", 7),
        ("011", "005", "1.2", "181497.83", "10.00", 17),
        ("011", "005", "2.2", "110915.33", "6.00", 27),
        ("011", "005", "3.1", "453744.54", "25.00", 37),
        ("011", "005", "3.2", "151248.18", "8.00", 50),
        ("012", "004", "3.2", "2062340.28", "17.00", 65),
        ("032", "002", "2.1", "180780.00", "14.00", 82),
        ("032", "003", "2.1", "610018.62", "14.00", 100),
    ]
    assert sum(o.risorse_preventivo or 0 for o in piano.obiettivi) == Decimal("3861460.11")
    assert sum(o.peso or 0 for o in piano.obiettivi) == 100


def test_fields_of_an_objective_in_either_layout(piano: Piano) -> None:
    primo, ultimo = piano.obiettivi[0], piano.obiettivi[-1]
    assert primo.missione_titolo == "Competitività delle imprese"
    assert primo.programma_titolo.startswith("Regolamentazione, incentivazione dei settori")
    assert primo.titolo == (
        "Consolidare il ruolo della Camera, per il tramite di ISR, quale osservatorio privilegiato "
        "dell'economia locale"
    )
    assert primo.descrizione == "Produrre e diffondere analisi e informazione economica"
    assert (
        ultimo.missione_titolo == "Servizi istituzionali e generali delle amministrazioni pubbliche"
    )
    assert ultimo.programma_titolo == (
        "Servizi e affari generali per le Amministrazioni di competenza"
    )
    assert ultimo.titolo == (
        "Sviluppare valore dei processi interni in termini di efficienza e qualità"
    )
    assert (ultimo.descrizione or "").startswith("Promuovere il benessere organizzativo, ")
    assert (ultimo.descrizione or "").endswith(" i proventi e riducendo i costi")
    assert (ultimo.stakeholder_interni or "").endswith(" - Ufficio Provveditorato")
    for obiettivo in piano.obiettivi:
        assert obiettivo.stakeholder_esterni == (
            "Imprese, Associazioni categoria, Istituzioni, Ordini Professionali, Privati"
        )
        assert obiettivo.arco_temporale == "TRIENNIO"
        assert obiettivo.centro_responsabilita == "SEGRETARIO GENERALE"


# missione, programma, obiettivo, progressivo, riga, nome, tipologia, tipo, ultimo valore, suo anno,
# target, operatore, presunto, decimali, percentuale, valore di confronto
INDICATORI = """
011 005 1.1 1 16  Realizzazione studi|Volume|Numero|8|2019|8|=>|no|0|no|-
011 005 1.2 1 26  Attuazione delle attività/progetti|-|Numero|10|2019|8|=>|no|0|no|-
011 005 2.2 1 36  Risorse dedicate per impresa|Efficacia|Rapporto|0.03|2018|0.03|=>|no|2|no|1.58
011 005 3.1 1 47  Incidenza Progetti|Efficacia|Percentuale|24.58|2018|24.58|=>|no|2|%|32.03%
011 005 3.1 2 48  Incidenza contributi|Efficacia|Percentuale|26.96|2018|26.96|=>|no|2|%|35.9%
011 005 3.2 1 59  Numero totale di domande|Volume|Numero|134|2018|134|=>|no|0|no|89.75
012 004 3.2 1 74  Volume medio per addetto|Efficienza|Rapporto|133.3|2018|130|=>|no|1|no|159.17
012 004 3.2 2 75  Attività gestite dal personale|Volume|Numero|60|2019|60|=>|no|0|no|-
012 004 3.2 3 76  Tempo medio di lavorazione|Qualità|Numero|0.1|2018|1|=<|no|1|no|3.26
032 002 2.1 1 91  Numero totale di delibere|Volume|Numero|192|2018|120|=>|no|0|no|109.5
032 002 2.1 2 93  Numero totale di sedute|Volume|Numero|26|2018|10|=>|no|0|no|19.09
032 003 2.1 1 101 Indice sintetico|DFP|Percentuale|100|2018|90|=>|no|2|%|89.11%
032 003 2.1 2 102 Incidenza delle istanze|DFP|Percentuale|100|2018|100|=>|presunto|2|%|100.00%
032 003 2.1 3 103 Percentuale di dipendenti|DFP|Percentuale|100|2018|100|=>|presunto|2|%|23.88%
032 003 2.1 4 104 Grado di copertura|DFP|Percentuale|97.22|2018|80|=>|no|2|%|63.02%
032 003 2.1 5 105 Incidenza del ricorso|DFP|Percentuale|40.27|2018|31|=>|no|2|%|30.98%
"""


@pytest.mark.parametrize("posizione", range(16))
def test_indicators(piano: Piano, posizione: int) -> None:
    attesa = INDICATORI.strip().splitlines()[posizione]
    chiave, descrizione = attesa[:17], attesa[18:]
    nome, tipologia, tipo, ultimo, anno, target, operatore, presunto, decimali, percento, medio = (
        descrizione.split("|")
    )
    indicatore = piano.indicatori[posizione]
    assert [
        indicatore.missione,
        indicatore.programma,
        indicatore.obiettivo,
        str(indicatore.progressivo),
        str(indicatore.riga),
    ] == chiave.split()
    assert indicatore.indicatore.startswith(nome)
    assert indicatore.tipologia == {"-": None, "DFP": "Dipartimento Funzione Pubblica"}.get(
        tipologia, tipologia
    )
    assert indicatore.tipo_indicatore == tipo
    assert str(indicatore.ultimo_valore) == ultimo
    assert indicatore.anno_ultimo_valore == int(anno)
    assert [t.anno for t in indicatore.traguardi] == [2020, 2021, 2022]
    for traguardo in indicatore.traguardi:
        assert str(traguardo.valore) == target
        assert traguardo.operatore == operatore
        assert traguardo.operatore_presunto == (presunto == "presunto")
    assert indicatore.decimali == int(decimali)
    assert indicatore.percentuale == (percento == "%")
    confronto = Confronto(
        "UNRM Sistema Integrato",
        "CCIAA piccole",
        2018,
        Decimal(medio.rstrip("%").replace("-", "0")),
        medio.endswith("%"),
    )
    assert indicatore.confronti == (() if medio == "-" else (confronto,))


def test_text_of_a_row_is_kept_whole(piano: Piano) -> None:
    indicatore = piano.indicatori[6]
    assert indicatore.ultimo_valore_testo == "133,3"
    assert indicatore.traguardi[0].testo == "=>130"
    assert indicatore.fonte == "Ufficio Sanzioni, Regolazione del mercato"
    assert (indicatore.algoritmo or "").startswith("Numero di mediazioni/conciliazioni / Risorse")
    assert indicatore.note == (
        "CCIAA MS Gestione conciliazioni con più udienze - Dato 2018 UNRM Sistema Integrato - "
        "CCIAA piccole dato medio 159,17"
    )
    assert piano.indicatori[0].note is not None
    assert piano.indicatori[1].note is None


def test_places_of_the_fields_to_fill(piano: Piano) -> None:
    for indicatore in piano.indicatori:
        assert indicatore.posto_risultato == _campo(piano, indicatore.riga, 9)
        assert indicatore.posto_realizzazione == _campo(piano, indicatore.riga, 10)
    attesi = [(14, 2), (24, 2), (34, 2), (44, 2), (57, 1), (72, 1), (89, 1)]
    for obiettivo, (riga, campo) in zip(piano.obiettivi[:-1], attesi, strict=True):
        assert obiettivo.posto_consuntivo == _campo(piano, riga, campo)
    assert piano.obiettivi[-1].posto_consuntivo is None
    for obiettivo in piano.obiettivi:
        posto = obiettivo.posto_spesa
        assert posto is not None
        assert piano.righe[posto.riga - 1][posto.inizio : posto.fine] == "0,00%"


def _campo(piano: Piano, riga: int, campo: int) -> Posto:
    """The whole extent of a field."""
    campi = piano.righe[riga - 1].rstrip("\r\n").split("\t")
    inizio = sum(len(c) + 1 for c in campi[:campo])
    return Posto(riga, inizio, inizio + len(campi[campo]))


def test_findings_about_the_plan_of_2020(piano: Piano) -> None:
    assert [(a.riga, a.regola) for a in piano.anomalie] == [
        (26, "dato_mancante"),
        (36, "codici_processo_discordi"),
        (56, "etichetta_tagliata"),
        (65, "numero_obiettivo_ripetuto"),
        (71, "etichetta_tagliata"),
        (75, "anno_da_nota"),
        (88, "etichetta_tagliata"),
        (100, "campo_senza_posto"),
        (100, "numero_obiettivo_ripetuto"),
        (102, "operatore_presunto"),
        (103, "operatore_presunto"),
    ]
    assert not any(a.grave for a in piano.anomalie)
    for a in piano.anomalie:
        assert a.descrizione.startswith(f"Riga {a.riga}: ")
        assert a.descrizione.endswith(".")


@pytest.mark.parametrize(
    ("codifica", "fine_riga"),
    [
        ("utf-8", "\r\n"),
        ("utf-8-sig", "\n"),
        ("utf-8-sig", "\r\n"),
        ("cp1252", "\n"),
        ("cp1252", "\r\n"),
    ],
)
def test_the_same_plan_in_other_bytes_says_the_same(
    piano: Piano, codifica: str, fine_riga: str
) -> None:
    testo = ALLEGATO.read_text(encoding="utf-8").replace("\n", fine_riga)
    altro = read_plan(testo.encode(codifica))
    assert altro.codifica == codifica
    assert replace(altro, righe=piano.righe, codifica=piano.codifica) == piano


# --- Made-up plans --------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(piani())
def test_a_printed_plan_is_read_back(finto: FintoPiano) -> None:
    piano = read_plan(print_piano(finto))
    assert "non_compresa" not in piano.generi
    assert "".join(piano.righe).encode(piano.codifica) == print_piano(finto)
    attesi = [
        (missione, programma, obiettivo)
        for missione in finto.missioni
        for programma in missione.programmi
        for obiettivo in programma.obiettivi
    ]
    assert [
        (
            *(o.missione, o.missione_titolo, o.programma, o.programma_titolo, o.obiettivo),
            *(o.titolo, o.descrizione, o.risorse_preventivo, o.peso),
        )
        for o in piano.obiettivi
    ] == [
        (
            *(missione.codice, missione.titolo, programma.codice, programma.titolo, o.numero),
            *(
                o.titolo,
                o.descrizione,
                _decimal(Numero(o.preventivo, 2)),
                _decimal(Numero(o.peso, 2)),
            ),
        )
        for missione, programma, o in attesi
    ]
    assert [_facts(i) for i in piano.indicatori] == [
        _expected((missione.codice, programma.codice, o.numero, n), i)
        for missione, programma, o in attesi
        for n, i in enumerate(o.indicatori, 1)
    ]
    assert {a.regola for a in piano.anomalie if a.grave} <= {
        "obiettivo_senza_indicatori",
        "senza_indicatori",
        "traguardo_mancante",
    }


def _decimal(numero: Numero) -> Decimal:
    return Decimal(numero.ultime).scaleb(-numero.decimali)


def _facts(indicatore: Indicatore) -> tuple[object, ...]:
    return (
        (indicatore.missione, indicatore.programma, indicatore.obiettivo, indicatore.progressivo),
        indicatore.tipologia,
        indicatore.indicatore,
        indicatore.ultimo_valore,
        [
            (t.anno, t.operatore, t.operatore_presunto, t.valore, t.testo)
            for t in indicatore.traguardi
        ],
        (indicatore.tipo_indicatore, indicatore.algoritmo, indicatore.fonte),
        [(c.fonte, c.ambito, c.anno, c.valore, c.percentuale) for c in indicatore.confronti],
        (indicatore.decimali, indicatore.percentuale),
    )


def _expected(chiave: tuple[str, str, str, int], indicatore: FintoIndicatore) -> tuple[object, ...]:
    confronto = indicatore.confronto
    return (
        chiave,
        indicatore.tipologia or None,
        indicatore.nome,
        _decimal(indicatore.ultimo) if indicatore.ultimo else None,
        [
            (
                *(t.anno, t.operatore or "=>", not t.operatore),
                *(_decimal(t.numero), t.operatore + t.numero.testo()),
            )
            for t in indicatore.targets
        ],
        (indicatore.tipo, indicatore.algoritmo, indicatore.fonte),
        [("Fonte Unica", "CCIAA piccole", 2018, _decimal(confronto), confronto.percentuale)]
        if confronto
        else [],
        (indicatore.decimali, indicatore.percentuale),
    )


# --- What is no plan ------------------------------------------------------------------------------

FRAMMENTI = st.sampled_from(
    [
        *ALLEGATO.read_text(encoding="utf-8").split("\n"),
        *("\n", "\r\n", "\r", "\t", "OBIETTIVO", "TITOLO", "PESO", "PESO:", "=>", "%", "**", "<b>"),
        *(
            "MISSIONE",
            "PROGRAMMA 1",
            "RISORSE FINANZIARIE A",
            "Dato 2018 X - ",
            "0,0000001",
            "IL PRESIDENTE",
        ),
    ]
)

TESTI = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
"""A NUL is in no text: it is refused."""


@settings(deadline=None, max_examples=100)
@given(st.lists(FRAMMENTI | TESTI, max_size=25).map("".join))
def test_any_text_is_read_and_every_line_accounted_for(testo: str) -> None:
    content = testo.encode()
    piano = read_plan(content)
    assert "".join(piano.righe).encode(piano.codifica) == content
    assert (
        len(piano.generi)
        == len(piano.righe)
        == testo.count("\n") + (not testo.endswith(("\n",)) and testo != "")
    )
    segnalate = {a.riga for a in piano.anomalie}
    for numero, (riga, genere) in enumerate(zip(piano.righe, piano.generi, strict=True), 1):
        assert (genere == "vuota") == (not riga.strip())
        if genere == "non_compresa":
            assert numero in segnalate
    assert all(REGOLE[a.regola].grave == a.grave for a in piano.anomalie)
    chiavi = [(i.missione, i.programma, i.obiettivo, i.progressivo) for i in piano.indicatori]
    assert len(set(chiavi)) == len(chiavi)
    obiettivi = [(o.missione, o.programma, o.obiettivo) for o in piano.obiettivi]
    assert len(set(obiettivi)) == len(obiettivi)
    assert {chiave[:3] for chiave in chiavi} <= set(obiettivi)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        piano = read_plan(content)
    except PianoIlleggibile:
        return
    assert "".join(piano.righe).encode(piano.codifica) == content


def test_bytes_in_neither_encoding_are_refused_in_one_sentence() -> None:
    with pytest.raises(PianoIlleggibile, match=r"^Il piano non è testo UTF-8 né .*0x81 .*UTF-8\.$"):
        read_plan(b"Qualit\xe0 \x81")


def test_endless_lines_take_no_longer_than_they_should() -> None:
    """Patterns that backtrack would need minutes here; read as they are, they take a second."""
    inizio = time.monotonic()
    for pezzo in ("A ", " ", "**", "A:", "PESO: ", "1.1 ", "IL PRESIDENTE "):
        read_plan((pezzo * 10_000).encode())
    for pezzo in ("--\t", "RISORSE\t"):
        read_plan((pezzo * 190).encode())
        with pytest.raises(PianoIlleggibile, match="200 colonne"):
            read_plan((pezzo * 10_000).encode())
    read_plan(b"A " * 100_000)
    nota = "Dato 2018" + " - a" * 20_000
    read_confronti(nota)
    assert time.monotonic() - inizio < 20


# --- Spellings of the same family -----------------------------------------------------------------

TESTA = """\
**MISSIONE** 011 - Imprese
Programma 005 - Incentivi
OBIETTIVO\tTITOLO\t1.1 - Osservare\tPESO\t60,00%
RISORSE FINANZIARIE A\t5,00 €\t\t% SPESA\t
RISORSE FINANZIARIE A\t
"""
TABELLA = """\
TIPOLOGIA\tINDICATORE\tUltimo valore osservato\tTarget\t\tTipo indicatore\tFonte\tRisultato
\t\t(2018)\t2020\tTarget 2021\t\t\t2020
"""


def test_other_spellings_of_sections_fields_and_headers() -> None:
    riga = "Volume\tStudi\t8\t>= 8\t≤ 9,5\tNumero\tUfficio\t \n"
    piano = read_plan((TESTA + TABELLA + riga).encode())
    (obiettivo,) = piano.obiettivi
    (indicatore,) = piano.indicatori
    assert piano.generi == (
        *("missione", "programma", "obiettivo", "risorse_preventivo", "risorse_consuntivo"),
        *("intestazione", "intestazione", "indicatore"),
    )
    assert (obiettivo.missione, obiettivo.missione_titolo) == ("011", "Imprese")
    assert (obiettivo.programma, obiettivo.programma_titolo) == ("005", "Incentivi")
    assert (obiettivo.risorse_preventivo, obiettivo.peso) == (Decimal(5), Decimal(60))
    assert obiettivo.posto_spesa == Posto(4, 38, 38)
    assert obiettivo.posto_consuntivo == Posto(5, 22, 22)
    assert indicatore.anno_ultimo_valore == 2018
    assert [(t.anno, t.operatore, t.valore) for t in indicatore.traguardi] == [
        (2020, "=>", Decimal(8)),
        (2021, "=<", Decimal("9.5")),
    ]
    assert indicatore.posto_risultato == Posto(8, 41, 42)
    assert piano.anno == 2020


@pytest.mark.parametrize(
    "nome",
    ["Programma 2020 delle attività", "Obiettivo 1 - Imprese", "PESO", "Missione 011 - Imprese"],
)
def test_an_indicator_may_be_called_anything(nome: str) -> None:
    piano = read_plan(f"{TESTA}{TABELLA}\t{nome}\t8\t=>8\t=>9\tNumero\tUfficio\t\n".encode())
    assert [i.indicatore for i in piano.indicatori] == [nome]


def test_the_header_of_one_objective_does_not_serve_the_next() -> None:
    """Else an unknown label of the next objective would be read as an indicator."""
    riga = "Volume\tStudi\t8\t=>8\t=>9\tNumero\tUfficio\t\n"
    dopo = "OBIETTIVO\tTITOLO\t1.2 - Altro\n\tSCOPO\tCrescere\t\t\t\t\t\n"
    piano = read_plan((TESTA + TABELLA + riga + dopo).encode())
    assert [i.indicatore for i in piano.indicatori] == ["Studi"]
    assert piano.generi[-1] == "non_compresa"


def test_a_note_may_cite_several_peers() -> None:
    nota = (
        "Dato 2018 Unioncamere - CCIAA piccole dato medio 1.234,5%; dato 2019 Infocamere - "
        "Toscana media: -3."
    )
    tabella = TABELLA.replace("\tFonte\t", "\tNOTE\t")
    piano = read_plan(f"{TESTA}{tabella}Volume\tStudi\t8\t=>8\t=>9\tNumero\t{nota}\t\n".encode())
    assert piano.indicatori[0].confronti == (
        Confronto("Unioncamere", "CCIAA piccole", 2018, Decimal("1234.5"), True),
        Confronto("Infocamere", "Toscana", 2019, Decimal(-3), False),
    )


def test_cut_labels_inside_one_cell_are_told_apart_by_their_order() -> None:
    riga = "OBIETTIVO TITOLO: 1.1 - X\tRISORSE FINANZIARIE A: € 5,00\tRISORSE FINANZIARIE A:  PESO: 9%\n"
    (obiettivo,) = read_plan(f"MISSIONE 011 - X\nPROGRAMMA 005 - Y\n{riga}".encode()).obiettivi
    assert (obiettivo.risorse_preventivo, obiettivo.peso) == (Decimal(5), Decimal(9))
    assert obiettivo.posto_consuntivo == Posto(3, 79, 79)


def test_a_new_mission_ends_the_programme_of_the_one_before() -> None:
    riga = "OBIETTIVO\tTITOLO\t1.1 - X\n"
    piano = read_plan(f"MISSIONE 011 - X\nPROGRAMMA 005 - Y\nMISSIONE 012 - Z\n{riga}".encode())
    assert [(o.missione, o.programma) for o in piano.obiettivi] == [("012", "")]
    assert (4, "obiettivo_senza_programma") in [(a.riga, a.regola) for a in piano.anomalie]


@pytest.mark.parametrize(
    ("riga", "numero", "titolo"),
    [
        ("OBIETTIVO\tTITOLO\t1.1 - Osservare", "1.1", "Osservare"),
        ("OBIETTIVO STRATEGICO\t1.1 – Osservare\tPESO\t5%", "1.1", "Osservare"),
        ("**OBIETTIVO** 1.1 Osservare", "1.1", "Osservare"),
        ("Obiettivo specifico\t1.1. Osservare", "1.1", "Osservare"),
        ("CODICE E DENOMINAZIONE DELL'OBIETTIVO: 1.1 – Osservare", "1.1", "Osservare"),
        ("Obiettivo: OS2 - Osservare PESO: 5%", "OS2", "Osservare"),
        ("<b>OBBIETTIVO</b> TITOLO: 10.12. - Osservare", "10.12", "Osservare"),
        ("OBIETTIVO", "n1", ""),
        ("OBIETTIVO\tTITOLO\tOsservare", "n1", "Osservare"),
    ],
)
def test_the_forms_of_an_objective(riga: str, numero: str, titolo: str) -> None:
    (obiettivo,) = read_plan(f"MISSIONE 011 - X\nPROGRAMMA 005 - Y\n{riga}\n".encode()).obiettivi
    assert (obiettivo.obiettivo, obiettivo.titolo) == (numero, titolo)


@pytest.mark.parametrize(
    "riga", ["Obiettivo del piano è crescere", "Obiettivo\tcrescere", "OBIETTIVI"]
)
def test_prose_about_objectives_is_not_one(riga: str) -> None:
    piano = read_plan(riga.encode())
    assert (piano.generi, piano.obiettivi) == (("non_compresa",), ())


@pytest.mark.parametrize(
    ("riga", "genere"),
    [
        ("CAMERA DI COMMERCIO DI PISA", "atto"),
        ("Piano degli indicatori e dei risultati attesi di bilancio", "atto"),
        ("Allegato A alla determinazione n. 3", "atto"),
        ("Documento firmato digitalmente dal dirigente", "firma"),
        ("IL PRESIDENTE\tIL SEGRETARIO GENERALE", "firma"),
        ("Ufficio Registro Imprese, Firma Digitale, Ambiente", "non_compresa"),
        ("Enrico Ciabatti Dino Sodini", "non_compresa"),
    ],
)
def test_what_stands_around_the_plan(riga: str, genere: str) -> None:
    assert read_plan(riga.encode()).generi == (genere,)


def test_a_front_page_line_inside_the_plan_is_reported() -> None:
    piano = read_plan(f"{TESTA}CCIAA MS nota a margine\nAll. 8 alla deliberazione n. 22\n".encode())
    assert piano.generi[-2:] == ("non_compresa", "atto")

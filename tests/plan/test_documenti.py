"""Plans of every layout in every format, read back; and documents that harm, hide or mislead.

Belongs here: from the bytes of a document to the records of a plan. Does not belong here: how documents are
made (documenti.py), the text of 2020 (test_plan_read.py, test_rules.py), the warehouse
(test_piani_nel_magazzino.py).
"""

import io
import zipfile
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings

from pipelines.landing.rifiutato import Rifiutato
from pipelines.plan.formati import open_document, read_here
from pipelines.plan.formati.mostrato import displayed
from pipelines.plan.mappa import MappaErrata, parse_mapping, read_mappings
from pipelines.plan.model import Luogo, Piano, Traguardo
from pipelines.plan.modello import standard
from pipelines.plan.read import PianoIlleggibile, read_document, read_plan
from pipelines.plan.regole import REGOLE
from tests.plan import documenti
from tests.plan.documenti import DISPOSTI, SCRITTI, C

TESTI = ("txt", "csv", "md")


def leggi(content: bytes, formato: str, esercizio: int | None = None) -> Piano:
    """A plan, opened in this process."""
    if formato in TESTI:
        return read_plan(content, formato, esercizio)
    return read_document(read_here(formato, content), esercizio)


def regole(piano: Piano) -> set[str]:
    return {a.regola for a in piano.anomalie}


# --- every layout in every format -----------------------------------------------------------------------

SENZA_RISORSE, SENZA_PESO = {"terne"}, {"terne", "ordinali"}
SENZA_PESI, SENZA_ULTIMO = {"in_una_cella", "terne"}, {"terne"}
SENZA_TITOLI = {"in_una_cella"}


@pytest.mark.parametrize("disposizione", DISPOSTI)
@settings(deadline=None, max_examples=2, suppress_health_check=list(HealthCheck))
@given(finto=documenti.piani())
def test_every_field_is_read_back(disposizione: str, finto: documenti.Piano) -> None:
    for formato, scrivi in SCRITTI.items():
        piano = leggi(scrivi(DISPOSTI[disposizione](finto)), formato)
        assert_letto(piano, finto, disposizione, formato)


def assert_letto(piano: Piano, finto: documenti.Piano, disposizione: str, formato: str) -> None:
    assert piano.anno == documenti.ANNO
    assert "non_compresa" not in piano.generi, (formato, [a.descrizione for a in piano.anomalie])
    assert [
        (o.missione, o.programma, o.obiettivo, o.titolo, o.risorse_preventivo, o.peso)
        for o in piano.obiettivi
    ] == [
        (
            *(o.missione[0], o.programma[0], o.numero, o.titolo),
            None if disposizione in SENZA_RISORSE else numero(o.risorse),
            None if disposizione in SENZA_PESO else numero(o.peso),
        )
        for o in finto.obiettivi
    ], formato
    attesi = [
        (
            *(o.missione[0], o.programma[0], o.numero, n, i.nome, i.algoritmo, i.fonte),
            None if disposizione in SENZA_ULTIMO else i.ultimo,
            None if disposizione in SENZA_PESI else numero(i.peso),
            tuple((anno, numero(t)) for anno, t in zip(documenti.ANNI, i.target, strict=True)),
        )
        for o in finto.obiettivi
        for n, i in enumerate(o.indicatori, 1)
    ]
    assert [
        (
            *(i.missione, i.programma, i.obiettivo, i.progressivo),
            *(i.indicatore, i.algoritmo, i.fonte, i.ultimo_valore_testo, i.peso),
            tuple((t.anno, t.valore) for t in i.traguardi),
        )
        for i in piano.indicatori
    ] == attesi, formato
    assert len({(i.riga.parte, int(i.riga)) for i in piano.indicatori}) == len(attesi)


def numero(testo: str) -> Decimal:
    """The number in a text of ours."""
    cifre = "".join(c for c in testo if c.isdigit() or c == ",")
    return Decimal(cifre.replace(",", "."))


def un_piano(disposizione: str = "tabella") -> tuple[list[documenti.Blocco], documenti.Piano]:
    indicatore = documenti.Indicatore(
        "Imprese assistite", "N. imprese", "Ufficio", "8", ("=>9", "=>10", "=>11"), "100%"
    )
    obiettivo = documenti.Obiettivo(
        *(("011", "Imprese"), ("005", "Incentivi"), "1.1", "Sostenere"),
        *("Interventi", "1.000,00", "100,00%", (indicatore,)),
    )
    finto = documenti.Piano((obiettivo,))
    return DISPOSTI[disposizione](finto), finto


@pytest.mark.parametrize(
    ("formato", "luogo"),
    [
        ("txt", ("", 4, "7")),
        ("csv", ("", 4, "7")),
        ("md", ("", 5, "7")),
        ("html", ("tabella 1", 2, "7")),
        ("docx", ("tabella 1", 2, "7")),
        ("xlsx", ("PIRA 2020", 4, "G4")),
        ("pdf", ("pagina 1", 2, "7")),
    ],
)
def test_everything_knows_its_place(formato: str, luogo: tuple[str, int, str]) -> None:
    fatti, _ = un_piano()
    piano = leggi(SCRITTI[formato](fatti), formato)
    (indicatore,) = piano.indicatori
    assert _posto(indicatore.riga) == luogo
    traguardo = indicatore.traguardi[0].luogo
    assert traguardo is not None
    assert _posto(traguardo)[:2] == luogo[:2] and traguardo.cella in ("11", "K4")
    assert str(indicatore.riga) == (f"{luogo[1]} ({luogo[0]})" if luogo[0] else str(luogo[1]))


def _posto(luogo: Luogo) -> tuple[str, int, str]:
    return luogo.parte, int(luogo), luogo.cella


@pytest.mark.parametrize("formato", ["csv", "md", "html", "docx", "xlsx"])
def test_the_plan_of_2020_says_the_same_in_every_format(formato: str) -> None:
    from tests.plan.test_plan_read import ALLEGATO

    testo = ALLEGATO.read_text("utf-8")
    atteso = read_plan(testo.encode())
    nudo = testo.replace("<b>", "").replace("</b>", "")
    file = [
        [C(campo.strip().strip("*")) for campo in riga.split("\t")] for riga in nudo.split("\n")
    ]
    piano = leggi(SCRITTI[formato]([file]), formato)
    assert [_detti(i) for i in piano.indicatori] == [_detti(i) for i in atteso.indicatori]
    detti = [
        [
            (o.missione, o.programma, o.obiettivo, o.titolo, o.risorse_preventivo, o.peso)
            for o in obiettivi
        ]
        for obiettivi in (piano.obiettivi, atteso.obiettivi)
    ]
    assert detti[0] == detti[1]


def _detti(indicatore: documenti.Indicatore | object) -> tuple[object, ...]:
    fatti = vars(indicatore)
    tolti = ("riga", "traguardi", "posto_risultato", "posto_realizzazione")
    target = tuple((t.anno, t.operatore, t.valore) for t in fatti["traguardi"])
    return (*((k, v) for k, v in fatti.items() if k not in tolti), target)


def _nudi(traguardi: tuple[Traguardo, ...]) -> tuple[Traguardo, ...]:
    return tuple(replace(t, luogo=None) for t in traguardi)


def test_the_standard_layout_says_the_same_plan() -> None:
    fatti, _ = un_piano()
    piano = leggi(SCRITTI["xlsx"](fatti), "xlsx")
    modello = standard(piano)
    riletto = read_plan("".join(modello.righe).encode())
    assert riletto.generi == modello.generi
    (prima,), (dopo,) = piano.indicatori, riletto.indicatori
    assert _detti(dopo)[4:7] == _detti(prima)[4:7]
    assert (dopo.algoritmo, dopo.fonte) == (prima.algoritmo, prima.fonte)
    assert _nudi(dopo.traguardi) == _nudi(prima.traguardi)
    assert [i.riga for i in riletto.indicatori] == [i.riga for i in modello.indicatori]


# --- findings -------------------------------------------------------------------------------------------


def tabella(*righe: str, formato: str = "csv", esercizio: int | None = None) -> Piano:
    """A table, its cells between bars."""
    return leggi("\n".join(r.replace("|", ";") for r in righe).encode(), formato, esercizio)


TESTA = "Missione|Programma|Obiettivo|Risorse|Peso obiettivo|Indicatore|Algoritmo|Target 2020|Target 2021"
RIGA = "011 - A|005 - B|1.1 - C|100,00|100%|Nome|Conta|=>8|=>9"


@pytest.mark.parametrize(
    ("regola", "righe"),
    [
        (
            "campo_discorde",
            [TESTA, RIGA, RIGA.replace("100,00", "200,00").replace("Nome", "Altro")],
        ),
        ("campo_discorde", [TESTA, RIGA, RIGA.replace("100%", "90%").replace("Nome", "Altro")]),
        ("numero_presunto", [TESTA, RIGA.replace("1.1 - C", "C")]),
        ("operatore_stretto", [TESTA, RIGA.replace("=>8", ">8")]),
        ("operatore_stretto", [TESTA, RIGA.replace("=>8", "più di 8")]),
        ("risorse_illeggibili", [TESTA, RIGA.replace("100,00", "€ 208.936,40208.936,40 €")]),
        ("traguardo_illeggibile", [TESTA, RIGA.replace("=>8", "entro il 30/06/2020")]),
        ("traguardo_illeggibile", [TESTA, RIGA.replace("=>8", "80-90%")]),
        ("traguardo_illeggibile", [TESTA, RIGA.replace("=>8", "+5% rispetto al 2019")]),
        ("missione_illeggibile", [TESTA, RIGA.replace("011 - A", "Imprese")]),
        ("indicatore_senza_obiettivo", [TESTA, RIGA.replace("1.1 - C", "")]),
        ("totale_discorde", [TESTA, RIGA, "Totale missione 011|||150,00|||||"]),
        ("etichetta_tagliata", [TESTA.replace("Indicatore|Algoritmo", "Indicatore|Algorit"), RIGA]),
        ("altra_tabella", [TESTA, RIGA, "", "Sigla|Significato", "A|Alfa", "B|Beta"]),
        ("riga_non_compresa", [TESTA, RIGA, "", "una frase qualunque"]),
        (
            "anno_presunto",
            [TESTA.replace("Target 2020|Target 2021", "Target 1° anno|Target 2° anno"), RIGA],
        ),
        ("disposizione_incerta", [TESTA, RIGA, "", "uno", "due", "tre", "quattro"]),
    ],
)
def test_a_bad_table_turns_its_rule_red(regola: str, righe: list[str]) -> None:
    piano = tabella(*righe, esercizio=2020)
    assert regola in regole(piano)
    assert regola not in regole(tabella(TESTA, RIGA, esercizio=2020))


def test_a_field_that_differs_is_no_figure_and_is_not_summed() -> None:
    piano = tabella(TESTA, RIGA, RIGA.replace("100,00", "200,00").replace("Nome", "Altro"))
    assert [o.risorse_preventivo for o in piano.obiettivi] == [None]
    assert piano.obiettivi[0].peso == 100


def test_what_is_uncertain_is_not_read() -> None:
    piano = tabella(TESTA, RIGA, "", "uno", "due", "tre", "quattro")
    assert (piano.obiettivi, piano.indicatori) == ((), ())
    assert piano.lettura is not None and piano.lettura.disposizione == "tabella"
    (incerta,) = [a for a in piano.anomalie if a.regola == "disposizione_incerta"]
    assert "«tabella» comprende 33% delle righe, «" in incerta.descrizione


def test_two_sheets_that_could_both_be_the_plan_are_named_and_none_is_read() -> None:
    uscita = io.BytesIO()
    righe = [TESTA, RIGA, RIGA.replace("Nome", "Altro")]
    with xlsxwriter.Workbook(uscita) as workbook:
        for nome in ("PIRA", "PIRA bozza"):
            foglio = workbook.add_worksheet(nome)
            for n, riga in enumerate(righe):
                foglio.write_row(n, 0, riga.split("|"))
    piano = leggi(uscita.getvalue(), "xlsx")
    (incerta,) = [a for a in piano.anomalie if a.regola == "disposizione_incerta"]
    assert "«PIRA» e «PIRA bozza» hanno gli stessi indicatori" in incerta.descrizione
    assert piano.indicatori == ()
    mappa = read_mappings([("a", b'[documento]\nparti = ["PIRA"]\n')])
    scelto = read_document(read_here("xlsx", uscita.getvalue()), 2020, mappa)
    assert [i.riga.parte for i in scelto.indicatori] == ["PIRA", "PIRA"]


def test_a_blank_cell_repeats_the_objective_and_never_an_indicator() -> None:
    piano = tabella(TESTA, RIGA, "|||||Altro||=>7|", "||1.2 - D|||Terzo|Conta|=>6|=>7")
    assert [(i.obiettivo, i.indicatore, i.algoritmo) for i in piano.indicatori] == [
        ("1.1", "Nome", "Conta"),
        ("1.1", "Altro", None),
        ("1.2", "Terzo", "Conta"),
    ]
    assert [(o.missione, o.risorse_preventivo) for o in piano.obiettivi] == [
        ("011", 100),
        ("011", None),
    ]


DUE = TESTA.replace("Obiettivo|", "Obiettivo strategico|Obiettivo operativo|")
DI_DUE = RIGA.replace("1.1 - C", "1 - S|1.1 - C")


@pytest.mark.parametrize(
    ("sopra", "sotto"),
    [
        ("Obiettivo strategico", "Obiettivo operativo"),
        ("OBIETTIVI STRATEGICI", "Obiettivo"),
        ("Obiettivo specifico", "Obiettivo operativo"),
    ],
)
def test_of_two_objectives_the_operative_is_the_plans(sopra: str, sotto: str) -> None:
    testa = TESTA.replace("Obiettivo|", f"{sopra}|{sotto}|")
    altre = ["||1 - S|1.2 - D|||Altro|Conta|=>7|=>8", "||2 - T|2.1 - E|||Terzo|Conta|=>6|=>7"]
    piano = tabella(testa, DI_DUE, *altre)
    attesi = [("1.1", "1 - S"), ("1.2", "1 - S"), ("2.1", "2 - T")]
    assert [(o.obiettivo, o.obiettivo_strategico) for o in piano.obiettivi] == attesi
    assert [i.obiettivo for i in piano.indicatori] == ["1.1", "1.2", "2.1"]
    assert not {"colonna_ripetuta", "colonna_sconosciuta", "numero_presunto"} & regole(piano)
    girata = "|".join([sotto, sopra])
    al_contrario = tabella(
        testa.replace(f"{sopra}|{sotto}", girata), DI_DUE.replace("1 - S|1.1 - C", "1.1 - C|1 - S")
    )
    assert [(o.obiettivo, o.obiettivo_strategico) for o in al_contrario.obiettivi] == attesi[:1]


def test_an_indicator_of_a_strategic_objective_is_no_others() -> None:
    piano = tabella(DUE, DI_DUE, "||2 - T||||Terzo|Conta|=>6|=>7")
    assert [(o.obiettivo, len(piano.indicatori)) for o in piano.obiettivi] == [("1.1", 1)]
    assert "indicatore_senza_obiettivo" in regole(piano)


def test_the_money_and_weight_of_a_strategic_objective_are_not_the_operatives() -> None:
    testa = DUE.replace("strategico|", "strategico|Risorse|Peso|")
    piano = tabella(testa, DI_DUE.replace("1 - S|", "1 - S|900,00|70%|"))
    assert [(o.risorse_preventivo, o.peso) for o in piano.obiettivi] == [
        (Decimal(100), Decimal(100))
    ]
    altrui = [a.descrizione for a in piano.anomalie if a.regola == "colonna_sconosciuta"]
    assert ["è di «Obiettivo strategico»" in detta for detta in altrui] == [True, True]
    codici = DUE.replace("Obiettivo s", "Codice obiettivo|Obiettivo s")
    codici = codici.replace("Obiettivo o", "Codice obiettivo|Obiettivo o")
    (obiettivo,) = tabella(codici, DI_DUE.replace("1 - S|1.1 - C", "1|S|1.1|C")).obiettivi
    assert (obiettivo.obiettivo, obiettivo.obiettivo_strategico) == ("1.1", "S")


DUE_ETICHETTE = """Missione;011 - A
Programma;005 - B
Obiettivo strategico;1 - S
Obiettivo operativo;{obiettivo}
Risorse;100,00
Indicatore;{nome}
Target 2020;=>8

"""


@pytest.mark.parametrize("in_riga", [False, True])
def test_a_sheet_may_name_two_objectives(in_riga: bool) -> None:
    scheda = DUE_ETICHETTE.replace("S\n", "S;") if in_riga else DUE_ETICHETTE
    schede = [("1.1 - C", "Nome"), ("1.1 - C", "Altro"), ("1.2 - D", "Terzo")]
    testo = "".join(scheda.format(obiettivo=o, nome=n) for o, n in schede)
    piano = leggi(testo.encode(), "csv")
    detti = [(o.obiettivo, o.obiettivo_strategico, o.risorse_preventivo) for o in piano.obiettivi]
    assert detti == [("1.1", "1 - S", Decimal(100)), ("1.2", "1 - S", Decimal(100))]
    assert [i.obiettivo for i in piano.indicatori] == ["1.1", "1.1", "1.2"]
    assert not {"obiettivo_ripetuto", "obiettivo_senza_indicatori"} & regole(piano)


def test_a_field_between_two_objectives_is_not_of_the_one_before() -> None:
    prima = DUE_ETICHETTE.format(obiettivo="1.1 - C", nome="Nome")
    dopo = DUE_ETICHETTE.format(obiettivo="2.1 - E", nome="Altro").replace("1 - S", "2 - T")
    assert "riga_non_compresa" not in regole(leggi((prima + dopo).encode(), "csv"))
    piano = leggi((prima + dopo.replace("- T\n", "- T\nPeso;70%\n")).encode(), "csv")
    assert [(o.obiettivo, o.peso) for o in piano.obiettivi] == [("1.1", None), ("2.1", None)]
    assert "riga_non_compresa" in regole(piano)


def test_an_only_strategic_objective_is_the_plans() -> None:
    scheda = DUE_ETICHETTE.replace("Obiettivo operativo;{obiettivo}\n", "")
    (obiettivo,) = leggi(scheda.format(nome="Nome").encode(), "csv").obiettivi
    assert (obiettivo.obiettivo, obiettivo.obiettivo_strategico) == ("1", None)


def test_a_title_beside_its_number_is_the_objectives() -> None:
    testa = TESTA.replace("Obiettivo|", "Obiettivo|Titolo|")
    riga = RIGA.replace("1.1 - C", "1.1|C")
    piano = tabella(testa, riga, "||||||Altro|Conta|=>7|=>8")
    assert [(o.obiettivo, o.titolo) for o in piano.obiettivi] == [("1.1", "C")]
    assert not {"campo_ripetuto", "cella_in_piu"} & regole(piano)
    assert "cella_in_piu" in regole(tabella(testa, RIGA.replace("1.1 - C", "1.1 - C|D")))


def test_a_strategic_objective_that_differs_is_said() -> None:
    piano = tabella(DUE, DI_DUE, DI_DUE.replace("1 - S", "2 - T").replace("Nome", "Altro"))
    assert [o.obiettivo_strategico for o in piano.obiettivi] == ["1 - S"]
    assert "campo_ripetuto" in regole(piano)


def test_a_blank_cell_of_a_workbook_is_blank() -> None:
    uscita = io.BytesIO()
    with xlsxwriter.Workbook(uscita) as libro:
        foglio = libro.add_worksheet()
        for n, riga in enumerate([TESTA, RIGA, "|||||Altro|Conta|=>7|"]):
            foglio.write_row(n, 0, [c or None for c in riga.split("|")])
    piano = leggi(uscita.getvalue(), "xlsx")
    assert [i.indicatore for i in piano.indicatori] == ["Nome"]
    assert "indicatore_senza_obiettivo" in regole(piano)


def test_results_of_the_plans_own_years_are_never_read() -> None:
    testa = TESTA + "|Consuntivo 2019|Consuntivo 2020|Risultato effettivo 2020|% Realizzazione"
    piano = tabella(testa, RIGA + "|7|6|0|0,00%")
    (indicatore,) = piano.indicatori
    assert (indicatore.ultimo_valore, indicatore.anno_ultimo_valore) == (Decimal(7), 2019)
    assert [t.anno for t in indicatore.traguardi] == [2020, 2021]


def test_the_year_is_of_the_headers_else_of_a_title_else_of_the_folder() -> None:
    righe = [TESTA.replace("Target 2020|Target 2021", "Primo anno|Secondo anno"), RIGA]
    titolo = "Piano degli indicatori 2022-2024"
    assert tabella(TESTA, RIGA, esercizio=2030).anno == 2020
    assert tabella(titolo, "", *righe, esercizio=2030).anno == 2022
    piano = tabella(*righe, esercizio=2030)
    assert [t.anno for t in piano.indicatori[0].traguardi] == [2030, 2031]


def test_a_row_goes_on_below_a_header_that_repeats() -> None:
    piano = tabella(TESTA, RIGA, TESTA, "|||||lungo|per uno||")
    assert piano.generi == ("intestazione", "indicatore", "intestazione_ripetuta", "continuazione")
    assert piano.indicatori[0].indicatore == "Nome lungo"
    assert piano.indicatori[0].algoritmo == "Conta per uno"


def test_a_valence_is_the_name_where_both_stand() -> None:
    testa = TESTA.replace("Indicatore|Algoritmo", "Valenza indicatore|Indicatore")
    (indicatore,) = tabella(testa, RIGA).indicatori
    assert (indicatore.indicatore, indicatore.algoritmo) == ("Nome", "Conta")


def test_a_printed_number_of_indicators_is_compared() -> None:
    fatti, _ = un_piano("blocchi")
    righe = fatti[-1]
    assert isinstance(righe, list)
    righe.insert(3, [C("N. indicatori"), C("2")])
    assert "conteggio_discorde" in regole(leggi(SCRITTI["docx"](fatti), "docx"))
    righe[3] = [C("N. indicatori"), C("1")]
    assert "conteggio_discorde" not in regole(leggi(SCRITTI["docx"](fatti), "docx"))


# --- workbooks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numero", "codice", "mostrato", "nasconde"),
    [
        ("0.16", "0%", "16%", False),
        ("0.1587", "0%", "16%", True),
        ("1234.5", "#,##0.00", "1.234,50", False),
        ("1234.5", '"€ "#,##0.00', "€ 1.234,50", False),
        ("208936.4", '#,##0.00\\ "€"', "208.936,40 €", False),
        ("8.4", "0", "8", True),
        ("8.4", "", "8,4", False),
        ("-5.5", "0.0;(0.0)", "(5,5)", False),
        ("12", "000", "012", False),
        ("0", '0;-0;"-"', "-", False),
    ],
)
def test_a_number_is_as_it_is_displayed(
    numero: str, codice: str, mostrato: str, nasconde: bool
) -> None:
    assert displayed(numero, codice) == (mostrato, nasconde)


def libro(nascosto: str = "") -> bytes:
    uscita = io.BytesIO()
    with xlsxwriter.Workbook(uscita) as workbook:
        foglio = workbook.add_worksheet("Piano")
        for n, riga in enumerate([TESTA, RIGA, RIGA.replace("Nome", "Altro").replace("=>8", "")]):
            foglio.write_row(n, 0, [c or None for c in riga.split("|")])
        percento = workbook.add_format({"num_format": "0%"})
        foglio.write_number(2, 7, 0.1587, percento)
        foglio.write_formula(2, 8, "=1+1", None, "")
        if nascosto == "riga":
            foglio.set_row(2, None, None, {"hidden": True})
        if nascosto == "colonna":
            foglio.set_column(8, 8, None, None, {"hidden": True})
        if nascosto == "foglio":
            workbook.add_worksheet("Bozza").hide()
    return uscita.getvalue()


def test_a_workbook_counts_as_it_is_seen() -> None:
    piano = leggi(libro(), "xlsx")
    altro = piano.indicatori[1]
    assert [(t.testo, t.valore) for t in altro.traguardi] == [("16%", Decimal(16))]
    dette = {a.regola: a.riga for a in piano.anomalie}
    assert (dette["valore_arrotondato"], dette["formula_senza_valore"]) == (3, 3)
    assert {r.cella for r in dette.values() if r and r.cella} >= {"H3", "I3"}


@pytest.mark.parametrize("nascosto", ["riga", "colonna", "foglio"])
def test_what_is_hidden_is_not_read_and_is_named(nascosto: str) -> None:
    piano = leggi(libro(nascosto), "xlsx")
    assert "parte_nascosta" in regole(piano)
    assert "parte_nascosta" not in regole(leggi(libro(), "xlsx"))
    assert len(piano.indicatori) == (1 if nascosto == "riga" else 2)


# --- documents ------------------------------------------------------------------------------------------


def test_tracked_changes_are_read_as_accepted() -> None:
    fatti, _ = un_piano()
    corpo = zipfile.ZipFile(io.BytesIO(SCRITTI["docx"](fatti))).read("word/document.xml").decode()
    inizio, fine = corpo.index("<w:body>") + 8, corpo.index("</w:body>")
    tocco = '<w:t xml:space="preserve">Imprese assistite</w:t>'
    assert tocco in corpo
    nuovo = corpo[inizio:fine].replace(
        f"<w:r>{tocco}</w:r>",
        "<w:r><w:t>Imprese </w:t></w:r><w:del><w:r><w:delText>aiutate</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>assistite</w:t></w:r></w:ins>",
    )
    piano = leggi(documenti.package(nuovo), "docx")
    assert piano.indicatori[0].indicatore == "Imprese assistite"
    pendenti = [a.riga for a in piano.anomalie if a.regola == "revisioni_pendenti"]
    assert [_posto(p) for p in pendenti if p] == [("tabella 1", 2, "7")] * 2


ELENCO = '<w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="3"/></w:numPr></w:pPr>'
"""What makes a paragraph of Word an item of a list."""


def numerato(fatti: list[documenti.Blocco], testo: str, elenco: str = ELENCO) -> Piano:
    """A plan in Word, in which the paragraphs with a text are items of a list."""
    file = zipfile.ZipFile(io.BytesIO(SCRITTI["docx"](fatti)))
    corpo = file.read("word/document.xml").decode().partition("<w:body>")[2]
    paragrafo = f'<w:r><w:t xml:space="preserve">{testo}</w:t>'
    assert paragrafo in corpo
    nuovo = corpo.partition("</w:body>")[0].replace(paragrafo, elenco + paragrafo)
    return leggi(documenti.package(nuovo), "docx")


@pytest.mark.parametrize("disposizione", ["tabella", "blocchi", "schede"])
def test_a_number_that_word_counts_is_not_in_the_text(disposizione: str) -> None:
    _, finto = un_piano()
    finto = replace(finto, obiettivi=tuple(replace(o, numero="") for o in finto.obiettivi))
    fatti = [
        b
        if isinstance(b, str)
        else [[c._replace(testo=c.testo.removeprefix(" - ")) for c in f] for f in b]
        for b in DISPOSTI[disposizione](finto)
    ]
    piano = numerato(fatti, "Sostenere")
    assert [(o.obiettivo, o.titolo) for o in piano.obiettivi] == [("n1", "Sostenere")]
    assert [i.obiettivo for i in piano.indicatori] == ["n1"]
    (presunto,) = [a.descrizione for a in piano.anomalie if a.regola == "numero_presunto"]
    assert "con il numero nel testo e non automatico" in presunto


@pytest.mark.parametrize(
    ("elenco", "titoli", "genere"),
    [
        (ELENCO, ["C", "Vigilare"], "obiettivo"),
        (ELENCO.replace('"3"', '"0"'), ["C Vigilare", "Vigilare"], "continuazione"),
    ],
)
def test_an_item_of_a_list_goes_on_with_nothing(
    elenco: str, titoli: list[str], genere: str
) -> None:
    righe = [
        "Obiettivo|Indicatore|Algoritmo|Target 2020|Target 2021",
        "1.1 - C|Nome|Conta|=>8|=>9",
        "Vigilare||||",
        "Vigilare|Altro|Conta|=>7|=>8",
    ]
    tavola = [[C(c) for c in riga.split("|")] for riga in righe]
    piano = numerato(["Missione 011 - A", "Programma 005 - B", tavola], "Vigilare", elenco)
    assert [o.titolo for o in piano.obiettivi] == titoli
    assert piano.generi[4] == genere


def test_hidden_text_of_a_page_is_not_read() -> None:
    pagina = SCRITTI["html"](un_piano()[0]).decode()
    piano = leggi(pagina.replace("<p>", '<p style="display: none">altro</p><p>').encode(), "html")
    assert "parte_nascosta" in regole(piano) and "non_compresa" not in piano.generi


def test_a_word_cut_at_a_line_end_is_whole_again() -> None:
    from pipelines.plan.formati.pdf import join_lines

    assert (
        join_lines(["Tempo di paga-", "mento delle fatture"]) == "Tempo di pagamento delle fatture"
    )
    assert join_lines(["Regione Emilia-", "Romagna"]) == "Regione Emilia- Romagna"


# --- refusals -------------------------------------------------------------------------------------------


def protetto(user: str) -> bytes:
    """A pdf that cannot be printed; with a `user` password, not opened either."""
    uscita = io.BytesIO()
    with pikepdf.open(io.BytesIO(SCRITTI["pdf"](un_piano()[0]))) as pdf:
        pdf.save(uscita, encryption=pikepdf.Encryption(owner="segreta", user=user))
    return uscita.getvalue()


CIFRATO = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
"""How an Office file with a password begins, and the name of what it holds."""


def con_dtd() -> bytes:
    uscita = io.BytesIO()
    with zipfile.ZipFile(uscita, "w") as archivio:
        archivio.writestr("[Content_Types].xml", "<Types/>")
        archivio.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    return uscita.getvalue()


@pytest.mark.parametrize(
    ("formato", "content", "frase"),
    [
        (
            "pdf",
            documenti.pages([["0 0 100 100 re S"]]),
            "è un'immagine: serve il PDF esportato dal prog",
        ),
        ("pdf", b"PK\x03\x04", "non è un PDF, come il suo nome dice"),
        ("pdf", b"%PDF-1.7 guasto", "è un PDF guasto"),
        ("docx", b"%PDF-1.7", "è un PDF"),
        ("docx", b"", "è vuoto"),
        ("docx", con_dtd(), "dichiara un DTD"),
        ("docx", CIFRATO, "password"),
        ("docx", CIFRATO[:8], "del vecchio formato .doc: aprirlo con Word"),
        ("xlsx", CIFRATO, "password"),
        ("pdf", protetto("aprimi"), "è protetto da una password: toglierla"),
        ("xlsx", documenti.package("<w:p/>"), "è un documento Word"),
        ("html", b"niente", "non è una pagina HTML"),
        ("html", b'<!DOCTYPE a [<!ENTITY b "c">]><p>&b;</p>', "dichiara delle entità"),
        (
            "html",
            b'<table><tr><td rowspan="100000000">a</td></tr></table>',
            "copre più righe o colonne",
        ),
        ("html", b"<table><tr>" + b"<td>a</td>" * 10_000 + b"</tr></table>", "più di 200 colonne"),
        ("html", b"<table>" + b"<tr><td>a" * 50_001 + b"</table>", "più di 50000 righe"),
        ("csv", b";" * 10_000, "più di 200 colonne"),
        ("csv", b'a;b\n"c', "non è un csv leggibile"),
        ("md", b"%PDF-1.7", "è un PDF con il nome di un testo"),
    ],
)
def test_what_cannot_be_read_is_refused_with_one_sentence(
    formato: str, content: bytes, frase: str
) -> None:
    with pytest.raises((PianoIlleggibile, Rifiutato)) as rifiuto:
        leggi(content, formato)
    assert frase in str(rifiuto.value)


def test_a_pdf_that_only_cannot_be_printed_is_read() -> None:
    (indicatore,) = leggi(protetto(""), "pdf").indicatori
    assert indicatore.indicatore == "Imprese assistite"


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.plan.formati.docx.MAX_APERTO", 1 << 20)
    with pytest.raises(PianoIlleggibile, match="supera 1 MB: consegnare il solo piano"):
        read_here("docx", documenti.package("<w:p/>" * 200_000))


def test_what_can_harm_is_opened_by_the_child() -> None:
    with pytest.raises(PianoIlleggibile, match=r"Il piano è un documento Word"):
        open_document(documenti.package("<w:p/>"), "xlsx")
    with pytest.raises(PianoIlleggibile, match=r"\.doc\): salvarlo come docx"):
        open_document(b"", "doc")
    scritto = SCRITTI["xlsx"](un_piano()[0])
    assert open_document(scritto, "xlsx") == read_here("xlsx", scritto)


def test_merged_cells_that_go_round_in_circles_end() -> None:
    uscita = io.BytesIO(SCRITTI["xlsx"](un_piano()[0]))
    dentro = zipfile.ZipFile(uscita)
    nuova = io.BytesIO()
    with zipfile.ZipFile(nuova, "w") as archivio:
        for nome in dentro.namelist():
            content = dentro.read(nome)
            if nome.endswith("sheet1.xml"):
                fuse = b'<mergeCells><mergeCell ref="A3:Z9"/><mergeCell ref="B4:A3"/></mergeCells>'
                content = content.replace(b"</sheetData>", b"</sheetData>" + fuse)
            archivio.writestr(nome, content)
    piano = leggi(nuova.getvalue(), "xlsx")
    assert [i.indicatore for i in piano.indicatori] == ["Imprese assistite"]


# --- the mapping file -----------------------------------------------------------------------------------

MAPPA = b"""
[documento]
disposizione = "tabella"
[colonne]
"Traguardo a fine anno" = "target 2020"
"Sede" = "ignora"
[parole]
"si vuole" = "=>"
[righe]
ignora = ["^Nota:"]
[legami]
"011/005/1.1/1" = { codice = "ISR_STUDI", motivo = "lo dice l'ufficio", autore = "controllo di gestione" }
"""


def test_a_mapping_names_what_the_plan_says() -> None:
    testa = TESTA.replace("Target 2020", "Traguardo a fine anno") + "|Sede"
    righe = [testa, RIGA.replace("=>8", "si vuole 8") + "|Massa", "Nota: quel che segue"]
    content = "\n".join(r.replace("|", ";") for r in righe).encode()
    mappa = read_mappings([("AA/allegato.toml", MAPPA)])
    piano = read_plan(content, "csv", 2020, mappa)
    (indicatore,) = piano.indicatori
    primo = indicatore.traguardi[0]
    assert (primo.anno, primo.operatore, primo.valore) == (2020, "=>", Decimal(8))
    assert primo.testo == "si vuole 8"
    assert not {"colonna_sconosciuta", "riga_non_compresa", "mappa_inutile"} & regole(piano)
    assert {"colonna_sconosciuta", "riga_non_compresa"} <= regole(read_plan(content, "csv", 2020))
    assert piano.lettura is not None and piano.lettura.mappa == mappa.impronta
    assert piano.legami == (("011/005/1.1/1", "ISR_STUDI"),)
    inutile = read_plan(f"{TESTA}\n{RIGA}".replace("|", ";").encode(), "csv", 2020, mappa)
    assert sum(a.regola == "mappa_inutile" for a in inutile.anomalie) == 4


def test_the_mapping_beside_the_plan_wins_key_by_key() -> None:
    anno = b'[colonne]\n"Sede" = "note"\n'
    insieme = read_mappings([("AA/allegato.toml", MAPPA), ("AA/2020/allegato.toml", anno)])
    assert dict(insieme.colonne) == {"Traguardo a fine anno": "target 2020", "Sede": "note"}
    assert insieme.disposizione == "tabella"


@pytest.mark.parametrize(
    ("testo", "riga", "frase"),
    [
        ("[documento]\nforma = 1\n", 2, "non ha una chiave «forma»"),
        ("[documento]\ndisposizione = 'albero'\n", 2, "non c'è una disposizione «albero»"),
        ("[colonne]\nA = 'valore'\n", 2, "non c'è un ruolo «valore»"),
        ("[parole]\nA = '>'\n", 2, "può valere solo"),
        ("[altro]\nA = 1\n", 1, "non ha una sezione «altro»"),
        ("[righe]\nignora = ['(']\n", 2, "non è un'espressione"),
        (
            "[legami]\n'011/005/1.1/1' = { codice = 'NESSUNO' }\n",
            2,
            "nessuna definizione ha il codice",
        ),
        ("[legami]\n'a' = { codice = 'SEDUTE', valore = 3 }\n", 2, "non ha una chiave «valore»"),
        ("[legami]\n'a' = { codice = '' }\n", 2, "deve dire il motivo"),
        ("[colonne\n", 1, "non è TOML"),
    ],
)
def test_a_wrong_mapping_is_refused_whole_with_its_line(testo: str, riga: int, frase: str) -> None:
    with pytest.raises(MappaErrata, match=frase) as errore:
        parse_mapping(testo.encode())
    assert errore.value.riga == riga
    mappa = read_mappings([("AA/allegato.toml", testo.encode())])
    piano = read_plan(f"{TESTA}\n{RIGA}".replace("|", ";").encode(), "csv", 2020, mappa)
    assert len(piano.indicatori) == 1
    (errata,) = [a for a in piano.anomalie if a.regola == "mappa_errata"]
    assert errata.grave and frase in errata.descrizione
    assert piano.lettura is not None and piano.lettura.mappa is None


TROVATE_QUI = {
    *(
        "altra_tabella",
        "anno_presunto",
        "campo_discorde",
        "conteggio_discorde",
        "disposizione_incerta",
    ),
    *(
        "formula_senza_valore",
        "mappa_errata",
        "mappa_inutile",
        "operatore_stretto",
        "parte_nascosta",
    ),
    *("revisioni_pendenti", "totale_discorde", "valore_arrotondato"),
}
"""The rules that a text of 2020 cannot break, each with its bad case above."""


def test_the_rules_tried_here_are_rules() -> None:
    assert set(REGOLE) > TROVATE_QUI

"""The page: what it says, what it never runs, and whether everyone can read it."""

import base64
import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from pipelines.italiano import format_importo, format_numero, format_percentuale
from pipelines.plan.read import read_plan
from pipelines.scorecard.chiave import indicator_key
from pipelines.scorecard.html import render_html
from pipelines.scorecard.rilievi import RigaRilevata, Rilievi, Rilievo
from pipelines.scorecard.sheet import Row, Scheda
from tests.scorecard.schede import ATTACCHI, MOTIVO, ostile, scheda

VUOTI = {"meta", "br", "col"}
ACCOSTATI = {"dt", "dd", "td", "th", "tr", "p", "br", "caption", "h1", "h2", "h3", "h4"}
"""Elements that stand apart from the text before them, even with no space in the source."""


@dataclass
class Elemento:
    """An element of the page: its attributes, its text with all that is inside."""

    nome: str
    attributi: dict[str, str | None]
    testo: str = ""
    dentro: list["Elemento"] = field(default_factory=list)

    def find(self, nome: str, **attributi: str) -> list["Elemento"]:
        """Every element inside with a name and attributes, in the order of the page."""
        trovati = []
        for figlio in self.dentro:
            if figlio.nome == nome and attributi.items() <= figlio.attributi.items():
                trovati.append(figlio)
            trovati += figlio.find(nome, **attributi)
        return trovati

    def every(self) -> list["Elemento"]:
        return [e for figlio in self.dentro for e in (figlio, *figlio.every())]


class Lettore(HTMLParser):
    """The page as a tree; an element that is not closed in its turn is an error."""

    def __init__(self) -> None:
        super().__init__()
        self.radice = Elemento("", {})
        self.aperti = [self.radice]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        nomi = [nome for nome, _ in attrs]
        assert len(nomi) == len(set(nomi))
        if tag in ACCOSTATI:
            self.handle_data(" ")
        elemento = Elemento(tag, dict(attrs))
        self.aperti[-1].dentro.append(elemento)
        if tag not in VUOTI:
            self.aperti.append(elemento)

    def handle_endtag(self, tag: str) -> None:
        assert self.aperti.pop().nome == tag

    def handle_data(self, data: str) -> None:
        for elemento in self.aperti:
            elemento.testo += data


def read(una: Scheda) -> Elemento:
    lettore = Lettore()
    lettore.feed(render_html(una))
    lettore.close()
    assert lettore.aperti == [lettore.radice]
    return lettore.radice


def words(elemento: Elemento) -> str:
    return " ".join(elemento.testo.split())


def rows_of_indicators(pagina: Elemento) -> list[Elemento]:
    return [
        riga
        for tabella in pagina.find("table", **{"class": "indicatori"})
        for riga in tabella.find("tbody")[0].find("tr")
    ]


@pytest.fixture(scope="module")
def pagina() -> Elemento:
    return read(scheda())


# --- What it says ---------------------------------------------------------------------------------


def test_each_indicator_shows_its_figures_as_the_plan_prints_them(pagina: Elemento) -> None:
    una = scheda()
    righe = rows_of_indicators(pagina)
    assert len(righe) == len(una.indicatori) == 16
    for riga, row, piano in zip(righe, una.indicatori, una.piano.indicatori, strict=True):
        celle = [words(cella) for cella in riga.dentro]
        risultato = row["risultato"]
        assert isinstance(risultato, Decimal)
        stampato = f"{risultato:,.{piano.decimali}f}".translate(str.maketrans(",.", ".,"))
        assert celle[1].startswith(str(row["indicatore"]))
        assert str(row["codice"]) in celle[1]
        assert celle[2] == f"{piano.ultimo_valore_testo} ({row['anno_ultimo_valore']})"
        assert celle[3].startswith(str(row["target_testo"]))
        assert celle[6].split()[0] == stampato + ("%" if piano.percentuale else "")
        assert isinstance(row["realizzazione"], Decimal)
        assert celle[7].startswith(format_percentuale(row["realizzazione"]))
        assert str(row["semaforo"]) in celle[8]
        assert celle[9] == "definitivo"
        assert celle[10] == (row["note"] or "")


def test_rows_in_quarantine_stand_beside_the_figure(pagina: Elemento) -> None:
    detti = [words(riga.dentro[6]) for riga in rows_of_indicators(pagina)[:3]]
    assert "quarantena" not in detti[0]
    assert detti[1].endswith("3 righe in quarantena potrebbero contare")
    assert detti[2].endswith("1 riga in quarantena potrebbe contare")


def test_what_the_plan_asks_and_what_a_row_can_become_are_told() -> None:
    detto = ATTACCHI[4]
    righe = (
        RigaRilevata(None, "", (Rilievo("somma_pesi", "i pesi non sommano a 100", False),)),
        RigaRilevata(
            16,
            detto,
            (Rilievo("uno", detto, True), Rilievo("traguardo_fermo", "è lo stesso", False)),
        ),
    )
    quella = scheda()
    (riga,) = (r for r in quella.indicatori if r["riga"] == 16)
    una = replace(
        quella,
        rilievi=Rilievi(righe, ("Target fermi: 1 su 2.",)),
        prospettive={indicator_key(riga): ("Raggiungibile", detto)},
    )
    pagina = read(una)
    (sezione,) = pagina.find("section", **{"aria-labelledby": "rilievi"})
    assert "Target fermi: 1 su 2." in words(sezione)
    lette = [[words(cella) for cella in riga.dentro] for riga in sezione.find("tr")[1:]]
    assert lette == [
        ["Piano", "", "somma_pesi", "i pesi non sommano a 100"],
        ["Riga 16", detto, "uno grave", detto],
        ["traguardo_fermo", "è lo stesso"],
    ]
    detti = [words(riga.dentro[1]) for riga in rows_of_indicators(pagina)]
    assert detti[0].endswith(f"In prospettiva: Raggiungibile. {detto}.")
    assert "In prospettiva" not in detti[1]
    assert not read(scheda()).find("section", **{"aria-labelledby": "rilievi"})


def test_a_green_cell_short_of_its_target_says_so() -> None:
    una = scheda()
    corta: Row = {**una.indicatori[0], "raggiunto": False}
    pagina = read(replace(una, indicatori=(corta, *una.indicatori[1:])))
    righe = rows_of_indicators(pagina)
    assert words(righe[0].dentro[8]) == "● verde target non raggiunto"
    assert words(righe[3].dentro[8]) == "● verde"
    camera = words(pagina.find("section", **{"aria-labelledby": "camera"})[0])
    assert "6 verdi, di cui 1 con il target non raggiunto; 5 gialli; 5 rossi" in camera
    assert "6 di cui 1 con il target non raggiunto" in camera


def test_the_total_says_how_much_is_not_measured(pagina: Elemento) -> None:
    camera = words(pagina.find("section", **{"aria-labelledby": "camera"})[0])
    assert (
        "Realizzazione della Camera: 91,43% (tra 85,10% e 93,00%, secondo i risultati che mancano),"
        " copertura 86,00% del peso: il 14,00% non è misurato."
    ) in camera


def test_an_open_year_is_judged_at_its_day_first() -> None:
    una = scheda(stato="PROVVISORIO", giorno=date(2020, 6, 30))
    pagina = read(una)
    righe = [words(riga.dentro[8]) for riga in rows_of_indicators(pagina)]
    operatore, decimali = una.indicatori[2]["operatore"], una.indicatori[2]["decimali"]
    assert isinstance(decimali, int)
    assert righe[2] == (
        f"● verde target non raggiunto alla data 95,50% (target alla data {operatore}"
        f"{format_numero(Decimal(12), decimali)}); anno intero: ■ rosso"
    )
    assert righe[1] == "▲ giallo"  # a ratio
    camera = words(pagina.find("section", **{"aria-labelledby": "camera"})[0])
    assert camera.index("Alla data: 11 verdi, di cui 8 con il") < camera.index(
        "Anno intero: 6 verdi;"
    )


def test_a_provisional_page_is_marked_on_every_sheet_and_not_headed_as_the_act() -> None:
    pagina = read(scheda(stato="PROVVISORIO", giorno=date(2020, 6, 30)))
    atteso = "PROVVISORIO - Andamento degli indicatori 2020 al 30 giugno 2020"
    assert words(pagina.find("h1")[0]) == atteso
    assert words(pagina.find("title")[0]).startswith(atteso)
    assert [words(m) for m in pagina.find("div", **{"class": "marchio"})] == ["PROVVISORIO"]
    stampa = pagina.find("style")[0].testo.partition("@media print")[2]
    assert re.search(r"\.marchio \{[^}]*display: grid;[^}]*position: fixed;", stampa)
    chiusa = read(scheda())
    assert words(chiusa.find("h1")[0]).startswith("Piano degli indicatori")
    assert chiusa.find("div", **{"class": "marchio"}) == []


def test_a_figure_held_at_100_shows_what_was_computed(pagina: Elemento) -> None:
    assert words(rows_of_indicators(pagina)[0].dentro[7]) == "100,00% calcolata 166,67%"


def test_the_chamber_shows_its_range_and_coverage(pagina: Elemento) -> None:
    ente = words(pagina.find("dl", **{"class": "figure ente"})[0])
    for parte in ("Realizzazione 91,43%", "0 85,10%", "100 93,00%", "risultato 86,00%"):
        assert parte in ente


def test_colours_are_counted_with_their_threshold(pagina: Elemento) -> None:
    tabella = pagina.find("table")[0]
    righe = [[words(c) for c in riga.dentro] for riga in tabella.find("tbody")[0].find("tr")]
    assert righe == [
        ["● verde", "% Realizz da 90%", "6"],
        ["▲ giallo", "% Realizz da 70% e sotto 90%", "5"],
        ["■ rosso", "% Realizz sotto 70%", "5"],
        ["○ non misurato", "nessuna % Realizz, perché manca il risultato o il target", "0"],
    ]


def test_each_objective_shows_budget_spending_and_realisation(pagina: Elemento) -> None:
    articoli = pagina.find("article")
    una = scheda()
    assert len(articoli) == len(una.obiettivi)
    for articolo, row in zip(articoli, una.obiettivi, strict=True):
        testo = words(articolo)
        for nome in ("risorse_preventivo", "risorse_consuntivo"):
            importo = row[nome]
            assert isinstance(importo, Decimal)
            assert format_importo(importo) in testo
        for nome in ("peso", "percentuale_spesa", "realizzazione", "realizzazione_minima"):
            valore = row[nome]
            assert isinstance(valore, Decimal)
            assert format_percentuale(valore) in testo
        assert f"Obiettivo {row['obiettivo']} - {row['titolo']}" in testo


def test_the_blocks_are_the_plans_in_its_order(pagina: Elemento) -> None:
    titoli = [words(e) for e in pagina.every() if e.nome in ("h2", "h3", "h4")]
    attesi = [
        "La Camera",
        "Che cosa manca",
        "Missione 011",
        "Programma 005",
        "Obiettivo 1.1",
        "Obiettivo 1.2",
        "Obiettivo 2.2",
        "Obiettivo 3.1",
        "Obiettivo 3.2",
        "Missione 012",
        "Programma 004",
        "Obiettivo 3.2",
        "Missione 032",
        "Programma 002",
        "Obiettivo 2.1",
        "Programma 003",
        "Obiettivo 2.1",
        "Le regole del calcolo, versione 1.0",
        "Da dove viene ogni cifra",
    ]
    for titolo, atteso in zip(titoli, attesi, strict=True):
        assert titolo.startswith(atteso)


def test_missing_is_a_word_with_its_reason_and_never_zero() -> None:
    una = scheda(risultati={102: None}, consuntivo=False)
    pagina = read(una)
    riga = next(r for r in rows_of_indicators(pagina) if "CODICE_102" in r.testo)
    celle = [words(cella) for cella in riga.dentro]
    assert celle[6:10] == ["manca", "manca", "○ non misurato", f"dati mancanti {MOTIVO}"]
    mancanze = words(pagina.find("section", **{"aria-labelledby": "mancanze"})[0])
    assert MOTIVO in mancanze
    assert "contabilita/consuntivo" in mancanze
    assert "0,00%" not in re.sub(r"[1-9][0-9]*0,00%", "", pagina.testo)
    assert "€ 0,00" not in pagina.testo


def test_zero_is_a_figure() -> None:
    riga = rows_of_indicators(read(scheda(risultati={16: Decimal("0.000000")})))[0]
    assert words(riga.dentro[6]).startswith("0")


def test_a_year_that_nothing_measures_says_so() -> None:
    una = scheda(risultati=dict.fromkeys(range(200)))
    una = replace(una, realizzazione=None, copertura=Decimal(0))
    testo = words(read(una).find("dl", **{"class": "figure ente"})[0])
    assert testo.startswith("Realizzazione manca")
    assert "0,00%" in testo  # the coverage, which is known


def test_provisional_and_synthetic_are_said_at_the_top() -> None:
    una = scheda(stato="PROVVISORIO", giorno=date(2020, 6, 30), sintetici=True)
    avvisi = [words(p) for p in read(una).find("p", **{"class": "avviso"})]
    assert avvisi[0].startswith("DATI SINTETICI")
    assert avvisi[1].startswith("PROVVISORIO")
    assert "30 giugno 2020" in avvisi[1]
    assert read(scheda()).find("p", **{"class": "avviso"}) == []


def test_rules_and_origin_are_explained() -> None:
    testo = words(read(scheda(al_massimo="rapporto", versione="3.1")))
    for parte in (
        "versione 3.1",
        "risultato / target × 100",
        "target / risultato × 100; 100 quando il risultato è 0.",
        "indicatori.contributi where camera = 'MS' and esercizio = 2020 and codice = 'CODICE_16'",
    ):
        assert parte in testo


def test_an_assumed_operator_is_marked(pagina: Elemento) -> None:
    righe = {words(r.dentro[1]).split("CODICE_")[1][:3]: r for r in rows_of_indicators(pagina)}
    assert words(righe["102"].dentro[3]) == "100% si legge «almeno»"
    assert words(righe["102"].dentro[4]) == "100%"
    assert words(righe["101"].dentro[3]) == "=>90%"


def test_a_year_without_its_plan_speaks_of_itself() -> None:
    pagina = read(scheda(esercizio=2021, giorno=date(2021, 12, 31)))
    testa = [words(c) for c in pagina.find("table", **{"class": "indicatori"})[0].find("th")]
    assert "Target 2021 (risultato atteso)" in testa
    assert "Risultato 2021" in testa
    testo = words(pagina)
    assert "Il 2021 non ha un proprio piano" in testo
    assert "110.915,33" not in testo
    assert "non previste" in testo


def test_an_empty_plan_still_gives_a_page() -> None:
    una = replace(scheda(plan=read_plan(b"")), realizzazione=None, copertura=Decimal(0))
    assert "Piano degli indicatori" in read(una).testo


# --- What it never runs ---------------------------------------------------------------------------


def test_hostile_text_stays_text() -> None:
    una = scheda(
        plan=ostile(),
        risultati={16: None},
        motivo="</style></td><script>alert(2)</script>\x00",
        versione='"><svg onload=alert(3)>',
    )
    onesta = {(e.nome, *e.attributi) for e in read(scheda(risultati={16: None})).every()}
    pagina = read(una)
    assert {(e.nome, *e.attributi) for e in pagina.every()} <= onesta
    testo = words(pagina)
    for attacco in (*ATTACCHI[:9], ATTACCHI[10], "<script>alert(2)</script>", "<svg onload"):
        assert attacco in testo
    assert not re.search("[\x00-\x08\x0b-\x1f\ufffe]", pagina.testo)


def test_it_loads_and_runs_nothing(pagina: Elemento) -> None:
    elementi = pagina.every()
    assert not {e.nome for e in elementi} & {"script", "link", "img", "iframe", "form", "object"}
    for elemento in elementi:
        for nome, valore in elemento.attributi.items():
            assert not nome.startswith("on")
            assert nome not in ("src", "style", "action")
            assert nome != "href" or str(valore).startswith("#")
    (stile,) = pagina.find("style")
    assert "url(" not in stile.testo
    assert "@import" not in stile.testo


def test_the_policy_admits_this_style_and_nothing_else(pagina: Elemento) -> None:
    (stile,) = pagina.find("style")
    impronta = base64.b64encode(hashlib.sha256(stile.testo.encode()).digest()).decode()
    (policy,) = pagina.find("meta", **{"http-equiv": "Content-Security-Policy"})
    assert policy.attributi["content"] == (
        f"default-src 'none'; style-src 'sha256-{impronta}'; base-uri 'none'; form-action 'none'"
    )


def test_the_same_scorecard_gives_the_same_page() -> None:
    assert render_html(scheda()) == render_html(scheda())


# --- Whether everyone can read it -----------------------------------------------------------------


def test_language_landmarks_and_skip_link(pagina: Elemento) -> None:
    (html,) = pagina.find("html")
    assert html.attributi["lang"] == "it"
    for nome in ("header", "main", "footer", "h1", "title"):
        assert len(pagina.find(nome)) == 1, nome
    (body,) = pagina.find("body")
    assert (body.dentro[0].nome, body.dentro[0].attributi["href"]) == ("a", "#contenuto")
    assert pagina.find("main", id="contenuto")


def test_headings_go_down_one_step_at_a_time(pagina: Elemento) -> None:
    livelli = [int(e.nome[1]) for e in pagina.every() if re.fullmatch("h[1-6]", e.nome)]
    assert livelli[0] == 1
    for prima, dopo in pairwise(livelli):
        assert dopo <= prima + 1


def test_every_table_has_a_caption_and_scopes() -> None:
    tabelle = read(scheda(risultati={16: None})).find("table")
    assert len(tabelle) == 11
    for tabella in tabelle:
        assert words(tabella.find("caption")[0])
        assert all(th.attributi["scope"] in ("col", "row") for th in tabella.find("th"))
        larghe = {len(riga.dentro) for riga in tabella.find("tr")}
        assert len(larghe) == 1
        assert all(riga.find("th", scope="row") for riga in tabella.find("tbody")[0].find("tr"))


def test_names_and_references_are_whole(pagina: Elemento) -> None:
    nomi = [e.attributi["id"] for e in pagina.every() if "id" in e.attributi]
    assert len(nomi) == len(set(nomi))
    for elemento in pagina.every():
        for nome in ("href", "aria-labelledby"):
            if nome in elemento.attributi:
                assert str(elemento.attributi[nome]).removeprefix("#") in nomi


def test_a_colour_never_speaks_alone() -> None:
    prima: Row = {**scheda().indicatori[0], "semaforo": "grigio"}
    una = replace(scheda(), indicatori=(prima, *scheda().indicatori[1:]))
    segni = [e for e in read(una).every() if str(e.attributi.get("class", "")).startswith("segno ")]
    parole = {str(e.attributi["class"]).removeprefix("segno "): words(e) for e in segni}
    assert parole == {
        "verde": "● verde",
        "giallo": "▲ giallo",
        "rosso": "■ rosso",
        "grigio": "○ non misurato",
    }
    for segno in segni:
        assert segno.find("span", **{"aria-hidden": "true"})


@pytest.mark.parametrize("nome", ["verde", "giallo", "rosso", "grigio"])
def test_colours_contrast_with_their_text(pagina: Elemento, nome: str) -> None:
    """4.5 to 1, which WCAG asks for text of this size."""
    stile = pagina.find("style")[0].testo
    regola = re.search(rf"\.{nome} {{ background: #(\w+); color: #(\w+); }}", stile)
    assert regola
    chiara, scura = sorted((_luminance(c) for c in regola.groups()), reverse=True)
    assert (chiara + 0.05) / (scura + 0.05) >= 4.5


def _luminance(colore: str) -> float:
    canali = [int(colore[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    lineari = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canali]
    return sum(c * p for c, p in zip(lineari, (0.2126, 0.7152, 0.0722), strict=True))


def test_it_prints(pagina: Elemento) -> None:
    stile = pagina.find("style")[0].testo
    assert "@page { size: A4 landscape" in stile
    assert "@media print" in stile

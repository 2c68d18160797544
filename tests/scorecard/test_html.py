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
from pipelines.scorecard.righe import Row
from pipelines.scorecard.rilievi import RigaRilevata, Rilievi, Rilievo
from pipelines.scorecard.sheet import Scheda
from tests.scorecard.schede import ATTACCHI, MOTIVO, ostile, scheda

FILE = (".html", ".csv", ".json", ".xlsx")
VUOTI = {"meta", "br", "col", "input"}
DISEGNI = {"rect", "line", "polygon"}
ACCOSTATI = {"dt", "dd", "td", "th", "tr", "p", "br", "caption", "h1", "h2", "h3", "h4", "h5", "h6"}
ACCOSTATI |= {"span", "summary", "option", "li", "strong"}
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

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in DISEGNI
        self.aperti[-1].dentro.append(Elemento(tag, dict(attrs)))

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


def cards_of(pagina: Elemento) -> list[Elemento]:
    return pagina.find("article", **{"class": "indicatore"})


def judged(carta: Elemento) -> str:
    """The line of a card that says how it went."""
    return words(carta.find("p", **{"class": "stato"})[0])


def table(elemento: Elemento, nome: str) -> list[list[str]]:
    """The cells of a table, by what its caption is called; its head first."""
    (tabella,) = (
        t for t in elemento.find("table") if str(t.find("caption")[0].attributi["id"]) == nome
    )
    return [[words(cella) for cella in riga.dentro] for riga in tabella.find("tr")]


def fields(elemento: Elemento, classe: str) -> dict[str, str]:
    """The terms of a list and what is said of each."""
    (lista,) = elemento.find("dl", **{"class": classe})
    return dict(zip(map(words, lista.find("dt")), map(words, lista.find("dd")), strict=True))


@pytest.fixture(scope="module")
def pagina() -> Elemento:
    return read(scheda())


# --- What it says ---------------------------------------------------------------------------------


def test_each_indicator_shows_its_figures_as_the_plan_prints_them(pagina: Elemento) -> None:
    una = scheda()
    carte = cards_of(pagina)
    assert len(carte) == len(una.indicatori) == 16
    for carta, row, piano in zip(carte, una.indicatori, una.piano.indicatori, strict=True):
        risultato = row["risultato"]
        assert isinstance(risultato, Decimal)
        stampato = f"{risultato:,.{piano.decimali}f}".translate(str.maketrans(",.", ".,"))
        stampato += "%" if piano.percentuale else ""
        assert words(carta.find("h6")[0]) == row["indicatore"]
        assert f"Risultato 2020: {stampato}" in judged(carta)
        assert isinstance(row["realizzazione"], Decimal)
        assert f"% Realizz {format_percentuale(row['realizzazione'])}" in judged(carta)
        assert str(row["semaforo"]) in judged(carta)
        assert judged(carta).endswith("definitivo")
        detti = fields(carta, "campi dettagli")
        assert detti["Codice"] == row["codice"]
        assert detti.get("Note", "") == (row["note"] or "")
        parole = fields(carta, "campi piano")
        ultimo = f"{piano.ultimo_valore_testo} ({row['anno_ultimo_valore']})"
        assert parole["Ultimo valore osservato"] == ultimo
        assert parole["Target 2020 (risultato atteso)"].startswith(str(row["target_testo"]))
        misura = table(carta, f"t-misura-{carta.attributi['id']}")
        assert misura[1:4] == [
            ["Risultato 2020", stampato],
            ["Target 2020", row["target_testo"]],
            [f"Ultimo valore ({row['anno_ultimo_valore']})", piano.ultimo_valore_testo],
        ]


def test_a_graph_says_in_words_what_it_draws(pagina: Elemento) -> None:
    for carta in cards_of(pagina):
        (disegno,) = carta.find("svg")
        misura = table(carta, f"t-misura-{carta.attributi['id']}")[1:]
        assert disegno.attributi["role"] == "img"
        assert disegno.attributi["aria-label"] == "; ".join(": ".join(riga) for riga in misura)


def test_weight_and_money_are_drawn_and_what_the_bars_say_is_written_once(pagina: Elemento) -> None:
    righe = pagina.find("div", **{"class": "tabella obiettivi"})[0].find("tr")[1:]
    assert len(righe) == len(scheda().obiettivi)
    for riga in righe:
        (disegno,) = riga.find("svg")
        peso = words(riga.find("td")[1])
        assert (disegno.attributi["aria-label"] or "").startswith(f"{peso} del peso, ")
        assert "del peso" not in words(riga)
        assert "€ " not in riga.testo and riga.testo.count("€\N{NO-BREAK SPACE}") == 2


def test_how_far_the_target_is_has_a_sign() -> None:
    una = scheda(risultati={16: Decimal("7.000000"), 26: Decimal("8.000000")})
    carte = cards_of(read(una))
    assert "−1 dal target" in judged(carte[0])
    assert "±0 dal target" in judged(carte[1])
    assert re.search(r"[+−][0-9.]+,[0-9]+ punti dal target", judged(carte[3]))


def test_rows_in_quarantine_stand_beside_the_figure(pagina: Elemento) -> None:
    detti = [words(carta) for carta in cards_of(pagina)[:3]]
    assert "quarantena" not in detti[0]
    assert "3 righe in quarantena potrebbero contare" in detti[1]
    assert "1 riga in quarantena potrebbe contare" in detti[2]


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
    primo, secondo = (fields(carta, "campi dettagli") for carta in cards_of(pagina)[:2])
    assert primo["In prospettiva"] == f"Raggiungibile. {detto}."
    assert "In prospettiva" not in secondo
    assert not read(scheda()).find("section", **{"aria-labelledby": "rilievi"})


def test_a_green_cell_short_of_its_target_says_so() -> None:
    una = scheda()
    corta: Row = {**una.indicatori[0], "raggiunto": False}
    pagina = read(replace(una, indicatori=(corta, *una.indicatori[1:])))
    carte = cards_of(pagina)
    assert judged(carte[0]).startswith("● verde target non raggiunto Risultato")
    assert judged(carte[3]).startswith("● verde Risultato")
    camera = words(pagina.find("section", **{"aria-labelledby": "camera"})[0])
    assert "6 verdi, di cui 1 con il target non raggiunto; 5 gialli; 5 rossi" in camera
    assert "6 di cui 1 con il target non raggiunto" in words(pagina)


def test_the_total_says_how_much_is_not_measured(pagina: Elemento) -> None:
    camera = words(pagina.find("section", **{"aria-labelledby": "camera"})[0])
    assert (
        "Realizzazione della Camera: 91,43% (tra 85,10% e 93,00%, secondo i risultati che mancano),"
        " copertura 86,00% del peso: il 14,00% non è misurato."
    ) in camera


def test_an_open_year_is_judged_at_its_day_first() -> None:
    una = scheda(stato="PROVVISORIO", giorno=date(2020, 6, 30))
    pagina = read(una)
    righe = [judged(carta) for carta in cards_of(pagina)]
    operatore, decimali = una.indicatori[2]["operatore"], una.indicatori[2]["decimali"]
    assert isinstance(decimali, int)
    assert righe[2].startswith(
        f"● verde target non raggiunto alla data 95,50% (target alla data {operatore}"
        f"{format_numero(Decimal(12), decimali)}); anno intero: ■ rosso Risultato"
    )
    assert righe[1].startswith("▲ giallo Risultato")  # a ratio
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
    assert "% Realizz 100,00% calcolata 166,67%" in judged(cards_of(pagina)[0])


def test_the_chamber_shows_its_range_and_coverage(pagina: Elemento) -> None:
    ente = words(pagina.find("dl", **{"class": "figure ente"})[0])
    for parte in ("Realizzazione 91,43%", "0 85,10%", "100 93,00%", "risultato 86,00%"):
        assert parte in ente


def test_colours_are_counted_with_their_threshold(pagina: Elemento) -> None:
    assert table(pagina, "t-semaforo")[1:] == [
        ["● verde", "% Realizz da 90%", "6"],
        ["▲ giallo", "% Realizz da 70% e sotto 90%", "5"],
        ["■ rosso", "% Realizz sotto 70%", "5"],
        ["○ non misurato", "nessuna % Realizz, perché manca il risultato o il target", "0"],
    ]


def test_each_objective_shows_budget_spending_and_realisation(pagina: Elemento) -> None:
    articoli = pagina.find("section", **{"class": "obiettivo"})
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
    titoli = [words(e) for e in pagina.every() if e.nome in ("h2", "h3", "h4", "h5")]
    attesi = [
        "La Camera",
        "Che cosa richiede attenzione",
        "Gli obiettivi",
        "Gli indicatori",
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
        "Che cosa manca",
        "Le regole del calcolo, versione 1.0",
        "Da dove viene ogni cifra",
    ]
    for titolo, atteso in zip(titoli, attesi, strict=True):
        assert titolo.startswith(atteso)


def test_missing_is_a_word_with_its_reason_and_never_zero() -> None:
    una = scheda(risultati={102: None}, consuntivo=False)
    pagina = read(una)
    carta = next(c for c in cards_of(pagina) if "CODICE_102" in c.testo)
    assert judged(carta) == "○ non misurato Risultato 2020: manca % Realizz manca dati mancanti"
    assert MOTIVO in words(carta)
    mancanze = words(pagina.find("section", **{"aria-labelledby": "mancanze"})[0])
    assert MOTIVO in mancanze
    assert "contabilita/consuntivo" in mancanze
    assert "0,00%" not in re.sub(r"[1-9][0-9]*0,00%", "", pagina.testo)
    assert "€ 0,00" not in words(pagina)


def test_zero_is_a_figure() -> None:
    carta = cards_of(read(scheda(risultati={16: Decimal("0.000000")})))[0]
    assert "Risultato 2020: 0 " in judged(carta)


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
    parole = {
        fields(c, "campi dettagli")["Codice"]: fields(c, "campi piano") for c in cards_of(pagina)
    }
    assert parole["CODICE_102"]["Target 2020 (risultato atteso)"] == "100% si legge «almeno»"
    assert parole["CODICE_102"]["Target 2021"] == "100%"
    assert parole["CODICE_101"]["Target 2020 (risultato atteso)"] == "=>90%"


def test_a_year_without_its_plan_speaks_of_itself() -> None:
    pagina = read(scheda(esercizio=2021, giorno=date(2021, 12, 31)))
    carta = cards_of(pagina)[0]
    assert "Target 2021 (risultato atteso)" in fields(carta, "campi piano")
    assert "Risultato 2021:" in judged(carta)
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


def test_it_loads_nothing_and_runs_only_its_own_script(pagina: Elemento) -> None:
    elementi = pagina.every()
    assert not {e.nome for e in elementi} & {"link", "img", "iframe", "object", "image", "use"}
    assert [e.attributi for e in elementi if e.nome == "script"] == [{}]
    for elemento in elementi:
        for nome, valore in elemento.attributi.items():
            assert not nome.startswith("on")
            assert nome not in ("src", "style", "action", "xlink:href")
            assert nome != "href" or re.fullmatch(r"#[a-z0-9-]+|[A-Za-z0-9-]+\.[a-z]+", str(valore))
    (stile,) = pagina.find("style")
    assert "url(" not in stile.testo
    assert "@import" not in stile.testo


def test_the_policy_admits_this_style_and_this_script_and_nothing_else(pagina: Elemento) -> None:
    (stile,), (programma,) = pagina.find("style"), pagina.find("script")
    impronte = [
        base64.b64encode(hashlib.sha256(uno.testo.encode()).digest()).decode()
        for uno in (stile, programma)
    ]
    (policy,) = pagina.find("meta", **{"http-equiv": "Content-Security-Policy"})
    assert policy.attributi["content"] == (
        f"default-src 'none'; style-src 'sha256-{impronte[0]}'; script-src 'sha256-{impronte[1]}';"
        " base-uri 'none'; form-action 'none'"
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
    assert len(tabelle) == 3 + 16  # the whole, and one beside each graph
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
            if nome in elemento.attributi and not str(elemento.attributi[nome]).endswith(FILE):
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


def test_it_prints(pagina: Elemento) -> None:
    stile = pagina.find("style")[0].testo
    assert "@page { size: A4 landscape" in stile
    assert "@media print" in stile

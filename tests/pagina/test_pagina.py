"""What the operator finds on Dagster's page in the morning: the words, the tables, nothing broken.

Belongs here: what can be read on the pages, asset by asset. Does not belong here: whether it is true
(test_definitions.py, test_end_to_end.py). What a description or a group is called is asked of the
definitions; which row is in quarantine, and why, is written here by hand.
"""

import re

import dagster as dg
from playwright.sync_api import Page, expect

from pipelines.contract.estratti import PER_CODICE
from pipelines.contract.rimedi import remedy
from pipelines.definitions import defs
from pipelines.orchestration.shown import BLOCKS, WARNS, rule
from tests.pagina.browser import Occhio, fuori_vista, righe, tabella_con
from tests.pagina.istanza import ESITO_STRANO, Istanza

GRAFO = defs.resolve_asset_graph()
DEPOSITO = defs.get_repository_def()
PRATICHE = dg.AssetKey(["fonti", "registro_imprese_pratiche"])
FILE_PRATICHE = "AA/2020/registro_imprese/pratiche.csv"
RIMEDIO = remedy("codice", PER_CODICE["registro_imprese/pratiche"], "esito")
CODICE = "/locations/__repository__@pira"
PASSI = [node.name for node in defs.resolve_job_def("notte").nodes]


def pagina_di(key: dg.AssetKey, vista: str = "overview") -> str:
    return f"/assets/{'/'.join(key.path)}?view={vista}"


def partizione_di(key: dg.AssetKey, partizione: str) -> str:
    return f"{pagina_di(key, 'partitions')}&partition={partizione}"


def vede(page: Page, *testi: str) -> None:
    for testo in testi:
        expect(page.get_by_text(testo, exact=True).first).to_be_visible()


def ben_messa(page: Page) -> None:
    """No Markdown as it was written, nothing wider than the window."""
    testo = page.inner_text("body")
    assert "| ---" not in testo and "\\_" not in testo
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def descrizione(page: Page, key: dg.AssetKey) -> str:
    """Waits for the description of an asset, and returns it as the definitions have it."""
    found = GRAFO.get(key).description or ""
    first = found.splitlines()[0]
    expect(page.get_by_text(first).first).to_be_visible()
    return found


def tabella_di(page: Page, etichetta: str) -> list[list[str]]:
    """The table of a metadata entry: on the page, or behind a link where there is no room for it."""
    row = page.locator("tr").filter(has=page.get_by_text(etichetta, exact=True)).last
    behind = row.get_by_text("[Show Markdown]")
    expect(behind.or_(row.locator("table")).first).to_be_visible()
    if not behind.count():
        return righe(row.locator("table"))
    behind.click()
    dialog = page.get_by_role("dialog")
    found = righe(dialog.locator("table"))
    ben_messa(page)
    dialog.get_by_role("button", name="Close").click()
    return found


# --- the whole --------------------------------------------------------------------------------------


def test_the_lineage_shows_the_groups_in_their_order(occhio: Occhio) -> None:
    page = occhio.apri("/asset-groups")
    gruppi = sorted({GRAFO.get(key).group_name for key in GRAFO.get_all_asset_keys()})
    assert len(gruppi) >= 7
    graph = page.locator("svg")
    for gruppo in gruppi:
        expect(graph.get_by_text(gruppo, exact=True).first).to_be_visible()
    found = re.findall("|".join(map(re.escape, gruppi)), page.inner_text("body"))
    assert list(dict.fromkeys(found)) == gruppi
    ben_messa(page)


def test_the_catalogue_says_what_an_asset_is_and_how_it_went(occhio: Occhio) -> None:
    page = occhio.apri("/assets")
    vede(page, "fonti / cciaa_attivita", "3 partitions")
    expect(
        page.get_by_text("Attività e progetti per il rilancio dell'economia").first
    ).to_be_visible()
    ben_messa(page)


# --- assets -----------------------------------------------------------------------------------------


def test_an_extract_shows_its_columns_and_its_files(occhio: Occhio) -> None:
    page = occhio.apri(pagina_di(PRATICHE))
    assert "Pratiche del Registro Imprese" in descrizione(page, PRATICHE)
    vede(page, "registro_imprese")
    columns = righe(tabella_con(page, "Column name"))
    assert columns[0] == ["Column name", "Type", "Description"]
    assert ["numero_protocollo", "Numero di protocollo della pratica"] in [r[::2] for r in columns]
    assert len(columns) >= 1 + 6
    ben_messa(page)
    page = occhio.apri(partizione_di(PRATICHE, "AA-2020"))
    files = tabella_con(page, "lette", "accettate")
    expect(files).to_be_visible()
    assert righe(files) == [
        ["file", "lette", "accettate", "scartate", "esito"],
        ["registro_imprese/pratiche.csv", "3", "2", "1", "ACCETTATO"],
    ]
    ben_messa(page)


def test_the_contract_says_which_row_is_in_quarantine(occhio: Occhio) -> None:
    page = occhio.apri(pagina_di(PRATICHE, "checks") + "&checkDetail=contratto")
    vede(page, "contratto", rule("Ogni riga e ogni file rispettano il contratto.", WARNS))
    vede(page, "3 file, 6 righe accettate; 1 in quarantena.")
    assert righe(tabella_con(page, "regola", "la prima")) == [
        ["file", "regola", "colonna", "righe", "la prima", "che cosa fare"],
        [FILE_PRATICHE, "codice", "esito", "1", "4", RIMEDIO],
    ]
    # in the list of the checks, and beside the latest execution
    expect(page.get_by_text("Failed", exact=True)).to_have_count(2)
    assert tabella_di(page, "quarantena") == [
        ["_file", "_riga", "colonna", "regola", "valore"],
        [FILE_PRATICHE, "4", "esito", "codice", ESITO_STRANO],
    ]


def test_a_gate_that_held_says_so(occhio: Occhio) -> None:
    valori = dg.AssetKey(["indicatori", "valori"])
    page = occhio.apri(pagina_di(valori, "checks") + "&checkDetail=contributi_quadrano")
    about = (
        "Ogni indicatore: la somma dei contributi è il numeratore e il denominatore del valore, e i "
        "file del passaporto ne hanno tutte le righe."
    )
    vede(page, "contributi_quadrano", rule(about, BLOCKS))
    vede(page, f"Nessun caso. {rule(about)}", "Passed")
    ben_messa(page)


def test_a_missing_extract_is_named_by_its_check(occhio: Occhio) -> None:
    registro = dg.AssetKey(["qualita", "registro"])
    page = occhio.apri(pagina_di(registro, "checks") + "&checkDetail=estratti_presenti")
    about = "Ogni estratto del contratto è arrivato per intero, senza troppe righe rifiutate."
    said = f"1 caso. {rule(about)} BB-2020: Tocca una cella"
    expect(page.get_by_text(said).first).to_be_visible()
    head, *rows = tabella_di(page, "casi")
    (row,) = [dict(zip(head, row, strict=True)) for row in rows]
    assert (row["camera"], row["esercizio"], row["estratto"]) == ("BB", "2020", "isr/studi")
    ben_messa(page)


def test_an_indicator_shows_the_rows_that_make_it_whole(occhio: Occhio) -> None:
    consip = dg.AssetKey(["indicatori", "INCIDENZA_CONSIP"])
    page = occhio.apri(pagina_di(consip))
    assert "mercato elettronico" in descrizione(page, consip)
    vede(page, "controllo_di_gestione")
    page = occhio.apri(partizione_di(consip, "AA-2020"))
    vede(page, "100,00%, target =>100,00%, verde, definitivo")
    preview = tabella_con(page, "numeratore", "riga")
    expect(preview).to_be_visible()
    head, *rows = righe(preview)
    found = [dict(zip(head, row, strict=True)) for row in rows]
    (row,) = [r for r in found if r["riga"].endswith("/provveditorato/pagamenti.csv:2")]
    assert (row["numeratore"], row["denominatore"]) == ("122.00", "122.00")
    assert fuori_vista(page) == []
    ben_messa(page)


def test_the_publication_says_what_was_published_and_what_is_not_well(
    occhio: Occhio, istanza: Istanza
) -> None:
    key = dg.AssetKey(["pubblicazione"])
    page = occhio.apri(pagina_di(key))
    assert "cambiano insieme" in descrizione(page, key)
    vede(page, istanza.luoghi.corrente.resolve().name)
    warnings = tabella_con(page, "controllo", "casi")
    expect(warnings).to_be_visible()
    assert {row[0]: row[1:] for row in righe(warnings)[1:]} == {
        "estratti_presenti": ["1", "BB-2020", "1", "7,50%"],
        "estratti_puntuali": ["1", "BB-2020", "1", "7,50%"],
        "indicatori_calcolati": ["1", "BB-2020", "1", "7,50%"],
        "righe_accettate": ["1", "AA-2020", "1", "5,00%"],
    }
    assert fuori_vista(page) == []
    ben_messa(page)


# --- runs and what starts them ----------------------------------------------------------------------


def test_a_run_shows_its_steps_and_what_they_said(occhio: Occhio) -> None:
    assert {"estratti", "magazzino", "pubblicazione"} <= set(PASSI)
    page = occhio.apri("/runs")
    vede(page, "notte", "Success")
    page.locator('a[href^="/runs/"]', has_text=re.compile("^[0-9a-f]{8}$")).first.click()
    vede(page, "Success", "Errored (0)", f"Succeeded ({len(PASSI)})")
    page.get_by_text(f"Succeeded ({len(PASSI)})", exact=True).click()
    for passo in PASSI:
        expect(page.get_by_text(passo, exact=True).first).to_be_visible()
    ben_messa(page)


def test_the_schedule_says_when_it_starts_and_in_which_zone(occhio: Occhio) -> None:
    page = occhio.apri(f"{CODICE}/schedules/ogni_notte")
    vede(page, "(0 4 * * *)", "Europe/Rome", "notte")
    expect(page.get_by_text(re.compile("^At 04:00")).first).to_be_visible()
    (schedule,) = [s for s in DEPOSITO.schedule_defs if s.name == "ogni_notte"]
    assert schedule.description
    vede(page, schedule.description)
    ben_messa(page)


def test_all_that_starts_runs_is_listed(occhio: Occhio) -> None:
    page = occhio.apri("/automation")
    names = [s.name for s in DEPOSITO.schedule_defs] + [s.name for s in DEPOSITO.sensor_defs]
    assert "ogni_notte" in names
    vede(page, "pira", *names)
    for sensor in DEPOSITO.sensor_defs:
        page.goto(f"{occhio.indirizzo}{CODICE}/sensors/{sensor.name}")
        assert sensor.description
        vede(page, sensor.description)
        ben_messa(page)


def test_a_job_says_what_it_does(occhio: Occhio) -> None:
    page = occhio.apri("/jobs")
    jobs = [job for job in DEPOSITO.get_all_jobs() if not job.name.startswith("__")]
    assert "notte" in [job.name for job in jobs]
    vede(page, *(job.name for job in jobs))
    for job in jobs:
        page.goto(f"{occhio.indirizzo}{CODICE}/jobs/{job.name}")
        assert job.description
        vede(page, job.description)
        ben_messa(page)


# --- the eye itself ---------------------------------------------------------------------------------


def test_another_machine_is_not_asked(aperto: Occhio) -> None:
    page = aperto.apri("/server_info")
    page.set_content('<img src="http://example.org/a.png">')
    page.evaluate("fetch('http://example.org/b').catch(() => new WebSocket('ws://example.org/c'))")
    page.wait_for_load_state("networkidle")
    asked, complaints = aperto.fuori.copy(), aperto.guai.copy()
    aperto.fuori.clear()
    aperto.guai.clear()
    page.close()
    assert sorted(asked) == [
        "http://example.org/a.png",
        "http://example.org/b",
        "ws://example.org/c",
    ]
    assert any("example.org" in complaint or "ERR_FAILED" in complaint for complaint in complaints)


def test_an_error_behind_a_page_is_seen(aperto: Occhio) -> None:
    page = aperto.apri("/server_info")
    page.evaluate(
        "fetch('/graphql', {method: 'POST', headers: {'Content-Type': 'application/json'},"
        " body: JSON.stringify({query: '{ nessuno }'})}).then(answer => answer.text())"
    )
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('rotto') })")
    complaints = " ".join(aperto.guai)
    aperto.guai.clear()
    page.close()
    assert "nessuno" in complaints and "rotto" in complaints


def test_what_is_cut_away_is_seen(aperto: Occhio) -> None:
    page = aperto.contesto.new_page()
    cell = "<table><tr><td>{}</td></tr></table>"
    wide, narrow = cell.format("largo" * 99), cell.format("stretto")
    page.set_content(f'<div style="overflow: auto; width: 300px">{wide}{narrow}</div>')
    assert fuori_vista(page) == ["largo" * 99]
    page.set_content(wide * 2)
    assert len(fuori_vista(page)) == 2
    page.close()

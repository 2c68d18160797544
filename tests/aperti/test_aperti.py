"""The documents of the open data, judged by others' profiles and held against what they describe.

Belongs here: data package, contract and catalogue of a publication. Does not belong here: whether the
formats tell the same figures (test_stesse_cifre.py), the published file held against its contract by a
program that is not ours (contratto_dal_vero.py).
"""

import csv
import hashlib
import json
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyshacl
import pytest
from jsonschema import Draft7Validator, Draft201909Validator
from rdflib import RDF, Graph, URIRef

from pipelines.contract.regolamento import RegoleErrate, load_rules
from pipelines.scorecard.aperti import Titolare
from pipelines.scorecard.dcat import write_catalogue
from pipelines.scorecard.formato import Insieme
from pipelines.settings import Luoghi
from pipelines.warehouse.models import schemas
from tests.scorecard.schede import scheda
from tests.warehouse.magazzini import colonne_di

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

PROFILI = Path(__file__).parent / "profili"
BASE = "https://camera.example/dati/catalogo.jsonld"
"""Where the catalogue is thought to be put: its addresses are relative to it."""

Documento = dict[str, Any]


def read_json(luoghi: Luoghi, name: str) -> Documento:
    found: Documento = json.loads((luoghi.warehouse / "scorecard" / name).read_text("utf-8"))
    return found


@pytest.fixture(params=["campione", "piccola"])
def luoghi(request: pytest.FixtureRequest) -> Luoghi:
    """The published sample, and the small output of two chambers."""
    found: Luoghi = request.getfixturevalue(request.param)
    return found


# --- the data package -------------------------------------------------------------------------------


def refusals_of_package(descriptor: Documento) -> list[str]:
    profile = json.loads((PROFILI / "datapackage-2.0.json").read_text("utf-8"))
    return [error.message for error in Draft7Validator(profile).iter_errors(descriptor)]


def test_the_profile_accepts_the_data_package(luoghi: Luoghi) -> None:
    assert refusals_of_package(read_json(luoghi, "datapackage.json")) == []


@pytest.mark.parametrize("missing", ["name", "path"])
def test_the_profile_would_refuse_a_resource_without(piccola: Luoghi, missing: str) -> None:
    descriptor = read_json(piccola, "datapackage.json")
    del descriptor["resources"][0][missing]
    assert refusals_of_package(descriptor)


def test_the_data_package_has_every_csv_and_json_as_it_is(luoghi: Luoghi) -> None:
    folder = luoghi.warehouse / "scorecard"
    resources = read_json(luoghi, "datapackage.json")["resources"]
    described = {
        path.name for kind in ("csv", "json") for path in folder.glob(f"[A-Z][A-Z]-*.{kind}")
    }
    assert {r["path"] for r in resources} == described and len(resources) == len(described)
    for resource in resources:
        content = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def as_declared(field: Documento, text: str) -> object:
    """A value of a csv as its description says to read it. Raises where it is none."""
    match field["type"]:
        case "number":
            return Decimal(text.replace(field["groupChar"], "").replace(field["decimalChar"], "."))
        case "integer":
            return int(text)
        case "boolean":
            known = dict.fromkeys(field["trueValues"], True)
            return {**known, **dict.fromkeys(field["falseValues"], False)}[text]
        case "date":
            return datetime.strptime(text, field["format"]).date()
        case "string":
            return text
        case other:
            raise ValueError(other)


def test_a_csv_is_read_by_its_description_alone_as_the_warehouse_has_it(
    magazzino: duckdb.DuckDBPyConnection, campione: Luoghi
) -> None:
    resources = read_json(campione, "datapackage.json")["resources"]
    (resource,) = [r for r in resources if r["path"] == "MS-2020.csv"]
    fields = resource["schema"]["fields"]
    path = campione.warehouse / "scorecard/MS-2020.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream, delimiter=resource["dialect"]["delimiter"])
    assert header == [field["name"] for field in fields]
    assert all(field["description"] for field in fields)
    read = [
        tuple(as_declared(f, text) if text else None for f, text in zip(fields, row, strict=True))
        for row in rows
    ]
    published = magazzino.execute(
        f"select {', '.join(header)} from scorecard.indicatori where camera = 'MS' and esercizio = 2020"
        " order by ordine"
    ).fetchall()
    said_as_text = [  # what a spreadsheet would run is marked in the csv
        tuple(v.removeprefix("'") if isinstance(v, str) else v for v in row) for row in read
    ]
    assert said_as_text == [tuple(None if v == "" else v for v in row) for row in published]
    key = [header.index(name) for name in resource["schema"]["primaryKey"]]
    assert len({tuple(row[place] for place in key) for row in read}) == len(read) > 0


# --- the contract -----------------------------------------------------------------------------------


def refusals_of_contract(contract: Documento) -> list[str]:
    profile = json.loads((PROFILI / "odcs-3.1.0.json").read_text("utf-8"))
    return [error.message for error in Draft201909Validator(profile).iter_errors(contract)]


def test_the_standard_accepts_the_contract(piccola: Luoghi) -> None:
    contract = read_json(piccola, "contratto.odcs.json")
    assert refusals_of_contract(contract) == []
    contract["schema"] = contract["schema"][:1]
    contract["schema"][0]["properties"][0]["logicalType"] = "decimal"
    assert refusals_of_contract(contract)


def test_the_contract_has_every_table_for_whoever_asks_as_it_is(
    magazzino_piccolo: duckdb.DuckDBPyConnection, piccola: Luoghi
) -> None:
    contract = read_json(piccola, "contratto.odcs.json")
    public, inner = schemas()
    columns = colonne_di(magazzino_piccolo)
    assert {name.split(".")[0] for name in columns} <= {*public, *inner}
    promised = {
        table["name"]: {p["name"]: p["physicalType"] for p in table["properties"]}
        for table in contract["schema"]
    }
    assert promised == {t: found for t, found in columns.items() if t.split(".")[0] in public}
    servers = {server["server"]: server["schema"] for server in contract["servers"]}
    for table in contract["schema"]:
        schema, name = table["name"].split(".")
        assert servers[schema] == schema and table["physicalName"] == name


def test_a_key_that_the_contract_promises_is_one(
    magazzino_piccolo: duckdb.DuckDBPyConnection, piccola: Luoghi
) -> None:
    keys = {
        table["name"]: [p["name"] for p in table["properties"] if p.get("primaryKey")]
        for table in read_json(piccola, "contratto.odcs.json")["schema"]
    }
    assert keys["scorecard.ente"] == ["camera", "esercizio"] and keys["viste.quarantena"] == []
    for table, key in keys.items():
        if key:
            missing = " or ".join(f'"{name}" is null' for name in key)
            names = ", ".join(f'"{name}"' for name in key)
            query = (
                f"select count(*) - count(distinct ({names})), count(*) filter (where {missing})"
                f" from {table}"
            )
            assert magazzino_piccolo.execute(query).fetchall() == [(0, 0)], table


# --- the catalogue ----------------------------------------------------------------------------------


def graph_of(document: str) -> Graph:
    return Graph().parse(data=document, format="json-ld", publicID=BASE)


def refusals_of_catalogue(graph: Graph) -> str:
    """What the shapes say against it; empty where they say nothing."""
    conforms, _, said = pyshacl.validate(graph, shacl_graph=str(PROFILI / "dcat-ap_it.ttl"))
    return "" if conforms else str(said)


@pytest.fixture(scope="module")
def annunciato(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The catalogue of a chamber whose rules say everything."""
    path = tmp_path_factory.mktemp("catalogo") / "catalogo.jsonld"
    holder = Titolare("MS", "Camera di prova", "cciaa_ms", "dati@camera.example", "CC0-1.0")
    write_catalogue(Insieme((scheda(),), (holder,)), path)
    return graph_of(path.read_text("utf-8"))


def test_the_shapes_accept_the_catalogue(luoghi: Luoghi, annunciato: Graph) -> None:
    graph = graph_of((luoghi.warehouse / "scorecard/catalogo.jsonld").read_text("utf-8"))
    assert refusals_of_catalogue(graph) == ""
    assert refusals_of_catalogue(annunciato) == ""


_PREFISSI = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatapit": "http://dati.gov.it/onto/dcatapit#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}


def _iri(name: str) -> URIRef:
    prefix, _, local = name.partition(":")
    return URIRef(_PREFISSI[prefix] + local)


@pytest.mark.parametrize(
    ("kind", "elements"),
    [
        ("dcatapit:Catalog", "dct:title dct:description dct:publisher dct:modified dcat:dataset"),
        (
            "dcatapit:Dataset",
            "dct:identifier dct:title dct:description dct:modified dcat:theme dct:rightsHolder"
            " dct:accrualPeriodicity",
        ),
        ("dcatapit:Distribution", "dct:format dcat:accessURL dct:license"),
        ("dcatapit:Agent", "dct:identifier foaf:name"),
        ("dcatapit:Organization", "vcard:fn vcard:hasEmail"),
        ("dct:PeriodOfTime", "dcatapit:startDate"),
    ],
)
def test_the_shapes_miss_every_mandatory_element(
    annunciato: Graph, kind: str, elements: str
) -> None:
    for element in elements.split():
        graph = Graph()
        graph += annunciato
        for node in list(graph.subjects(RDF.type, _iri(kind))):
            graph.remove((node, _iri(element), None))
        assert len(graph) < len(annunciato), element
        assert refusals_of_catalogue(graph), element


def test_the_catalogue_names_files_beside_it_and_every_chamber(piccola: Luoghi) -> None:
    graph = graph_of((piccola.warehouse / "scorecard/catalogo.jsonld").read_text("utf-8"))
    downloads = {str(o).rpartition("/") for o in graph.objects(None, _iri("dcat:downloadURL"))}
    assert {base for base, _, _ in downloads} == {BASE.rpartition("/")[0]}
    names = {name for _, _, name in downloads}
    assert all((piccola.warehouse / "scorecard" / name).is_file() for name in names)
    assert {name[:2] for name in names} == {"AA", "BB"}
    assert len(list(graph.subjects(RDF.type, _iri("dcatapit:Catalog")))) == 2


def test_a_publication_without_a_scorecard_has_an_empty_catalogue(tmp_path: Path) -> None:
    write_catalogue(Insieme(()), tmp_path / "catalogo.jsonld")
    assert len(graph_of((tmp_path / "catalogo.jsonld").read_text("utf-8"))) == 0


def test_what_becomes_known_later_makes_the_dataset_a_newer_one(tmp_path: Path) -> None:
    holder = Titolare("MS", "Camera di prova", "MS", None, "CC-BY-4.0")
    one = scheda()
    later = replace(one, mutamenti=({"noto_dal": datetime(2031, 2, 3, 4, 0), "codice": None},))
    days = set()
    for number, sheet in enumerate((one, later)):
        path = tmp_path / f"{number}.jsonld"
        write_catalogue(Insieme((sheet,), (holder,)), path)
        days.add(
            max(str(o) for o in graph_of(path.read_text()).objects(None, _iri("dct:modified")))
        )
    assert len(days) == 2 and max(days) == "2031-02-03"


# --- who publishes ----------------------------------------------------------------------------------

REGOLE = Path(__file__).parents[2] / "sql/regole.toml"


def test_a_chamber_says_who_publishes_its_data_and_that_changes_no_figure(tmp_path: Path) -> None:
    path = tmp_path / "regole.toml"
    said = '\n[camera.MS.dati_aperti]\ntitolare = "Camera di prova"\nlicenza = "IODL-2.0"\n'
    path.write_text(REGOLE.read_text("utf-8") + said, "utf-8")
    rules = load_rules(path)
    assert dict(rules.of("MS").dati_aperti) == {
        "titolare": "Camera di prova",
        "licenza": "IODL-2.0",
    }
    assert rules.of("LU").dati_aperti == ()
    assert rules.of("MS").impronta == rules.of("LU").impronta


@pytest.mark.parametrize("wrong", ['licenza = "tutti i diritti"', 'contatto = "dati"', "nome = 1"])
def test_who_publishes_is_refused_where_it_makes_no_sense(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "regole.toml"
    text = REGOLE.read_text("utf-8") + f"\n[camera.MS.dati_aperti]\n{wrong}\n"
    path.write_text(text, "utf-8")
    with pytest.raises(RegoleErrate, match="sezione MS, dati_aperti è una tabella con titolare"):
        load_rules(path)

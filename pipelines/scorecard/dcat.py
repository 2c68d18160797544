"""The open data of a publication as the transparency page announces them: DCAT-AP_IT, in JSON-LD.

Belongs here: for each chamber a catalogue, for each of its years a dataset with its csv and json. Does not
belong here: those files (csv.py, json.py), who publishes them (aperti.py). Addresses are relative to where
the document is put: beside the files that it names.
"""

import json
from collections import defaultdict
from datetime import date, datetime
from pathlib import Path

from pipelines.scorecard import csv
from pipelines.scorecard import json as record
from pipelines.scorecard.aperti import Titolare
from pipelines.scorecard.formato import Formato, Insieme
from pipelines.scorecard.sheet import Scheda

Nodo = dict[str, object]

_UE = "http://publications.europa.eu/resource/authority"
_TEMI = ("GOVE", "ECON")

_CONTESTO = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatapit": "http://dati.gov.it/onto/dcatapit#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def write_catalogue(insieme: Insieme, path: Path) -> None:
    """Everything in one graph; a chamber without a year that has a plan has no catalogue."""
    by_camera: defaultdict[str, list[Scheda]] = defaultdict(list)
    for scheda in insieme.schede:
        by_camera[scheda.partizione.camera].append(scheda)
    graph = [
        node
        for camera, schede in by_camera.items()
        for node in _chamber(insieme.titolare(camera), schede)
    ]
    content = {"@context": _CONTESTO, "@graph": graph}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _chamber(titolare: Titolare, schede: list[Scheda]) -> list[Nodo]:
    catalogue: Nodo = {
        "@id": f"#catalogo-{titolare.camera}",
        "@type": ["dcatapit:Catalog", "dcat:Catalog"],
        "dct:title": _it(f"Dati aperti della performance: {titolare.nome}"),
        "dct:description": _it(
            "Indicatori e risultati del piano (PIRA), un dataset per esercizio."
        ),
        "dct:publisher": {"@id": f"#titolare-{titolare.camera}"},
        "dct:modified": _day(max(map(_modified, schede))),
        "dct:language": {"@id": f"{_UE}/language/ITA"},
        "dcat:themeTaxonomy": {"@id": f"{_UE}/data-theme"},
        "dcat:dataset": [{"@id": _dataset_id(scheda)} for scheda in schede],
    }
    holder: Nodo = {
        "@id": f"#titolare-{titolare.camera}",
        "@type": ["dcatapit:Agent", "foaf:Agent"],
        "dct:identifier": titolare.codice,
        "foaf:name": _it(titolare.nome),
    }
    licence: Nodo = {
        "@id": titolare.indirizzo_licenza,
        "@type": ["dcatapit:LicenseDocument", "dct:LicenseDocument"],
        "foaf:name": titolare.licenza,
    }
    contact: Nodo = {
        "@id": f"#contatto-{titolare.camera}",
        "@type": ["dcatapit:Organization", "vcard:Organization", "vcard:Kind"],
        "vcard:fn": titolare.nome,
        "vcard:hasEmail": {"@id": f"mailto:{titolare.contatto}"},
    }
    return [
        catalogue,
        holder,
        licence,
        *([contact] if titolare.contatto else []),
        *(node for scheda in schede for node in _dataset(titolare, scheda)),
    ]


def _dataset(titolare: Titolare, scheda: Scheda) -> list[Nodo]:
    partizione = scheda.partizione
    dataset: Nodo = {
        "@id": _dataset_id(scheda),
        "@type": ["dcatapit:Dataset", "dcat:Dataset"],
        "dct:identifier": f"{titolare.codice}:pira-{partizione.esercizio}",
        "dct:title": _it(f"Indicatori e risultati del piano, esercizio {partizione.esercizio}"),
        "dct:description": _it(
            f"Il risultato di ogni indicatore del piano dell'esercizio {partizione.esercizio}, col"
            " target, la percentuale di realizzazione e lo stato; dove manca, il motivo."
        ),
        "dct:publisher": {"@id": f"#titolare-{titolare.camera}"},
        "dct:rightsHolder": {"@id": f"#titolare-{titolare.camera}"},
        "dct:modified": _day(_modified(scheda)),
        "dct:accrualPeriodicity": {"@id": f"{_UE}/frequency/IRREG"},
        "dct:accessRights": {"@id": f"{_UE}/access-right/PUBLIC"},
        "dct:language": {"@id": f"{_UE}/language/ITA"},
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcatapit:startDate": _day(date(partizione.esercizio, 1, 1)),
            "dcatapit:endDate": _day(date(partizione.esercizio, 12, 31)),
        },
        "dcat:theme": [{"@id": f"{_UE}/data-theme/{theme}"} for theme in _TEMI],
        "dcat:keyword": ["performance", "indicatori", "piano", "camera di commercio"],
        "dcat:distribution": [{"@id": f"#{name}"} for name in _files(scheda)],
    }
    if titolare.contatto:
        dataset["dcat:contactPoint"] = {"@id": f"#contatto-{titolare.camera}"}
    return [dataset, *(_distribution(titolare, scheda, name) for name in _files(scheda))]


def _distribution(titolare: Titolare, scheda: Scheda, name: str) -> Nodo:
    suffisso = name.rpartition(".")[2]
    return {
        "@id": f"#{name}",
        "@type": ["dcatapit:Distribution", "dcat:Distribution"],
        "dct:title": _it(f"{scheda.partizione.chiave} in {suffisso}"),
        "dct:format": {"@id": f"{_UE}/file-type/{suffisso.upper()}"},
        "dct:license": {"@id": titolare.indirizzo_licenza},
        "dct:modified": _day(_modified(scheda)),
        "dcat:accessURL": {"@id": name},
        "dcat:downloadURL": {"@id": name},
    }


def _files(scheda: Scheda) -> list[str]:
    formats = (csv.FORMATO, record.FORMATO)
    return [f"{scheda.partizione.chiave}.{formato.suffisso}" for formato in formats]


def _dataset_id(scheda: Scheda) -> str:
    return f"#pira-{scheda.partizione.chiave}"


def _modified(scheda: Scheda) -> date:
    """Since when all that it says is known; of what has no value, the day for which it speaks."""
    known = [row["noto_dal"] for row in (*scheda.freschezza.values(), *scheda.mutamenti)]
    days = [instant.date() for instant in known if isinstance(instant, datetime)]
    return max(days, default=scheda.data_riferimento)


def _it(text: str) -> Nodo:
    return {"@value": text, "@language": "it"}


def _day(day: date) -> Nodo:
    return {"@value": day.isoformat(), "@type": "xsd:date"}


FORMATO = Formato(
    "catalogo.jsonld", "i dati aperti annunciati", write_catalogue, apart=True, insieme=True
)

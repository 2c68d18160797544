"""The passport of a cell of the scorecard, as every form of it is printed: facts, and their sentences.

Belongs here: reading `passaporto.*`, and the labelled sentences that the terminal and the workbook print of
it. Does not belong here: what is computed (sql/passaporto), where it stands (desk/explain.py,
foglio_passaporti.py), who may see people counted (riservatezza.py).
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

import duckdb

from pipelines.italiano import format_cifra, format_numero
from pipelines.partizione import Partizione
from pipelines.scorecard.chiave import Chiave, indicator_key
from pipelines.scorecard.legenda import STATI, count_decimali, printable
from pipelines.scorecard.righe import Row, rows_of
from pipelines.scorecard.riservatezza import count_few, read_personali

Voce = tuple[str, str]
"""A label and what is said under it."""

IMPRONTA = 12
"""Digits of a hash that are printed: enough to see that a file is another one."""


@dataclass(frozen=True)
class Passaporto:
    """A row of `passaporto.celle`, with the checks that touch it and, where they are told, its extracts.
    Of a row and a check what a document does not tell may be left out: hashes, runs, words.

    `personale`: the rows that count are people's, so that documents do not tell how many.
    """

    cella: Row
    controlli: tuple[Row, ...]
    personale: bool
    estratti: tuple[Row, ...] = ()


_CELLE = "from passaporto.celle where camera = ? and esercizio = ? order by ordine"
_ESTRATTI = "from passaporto.estratti where camera = ? and esercizio = ? order by estratto"
_CONTROLLI = """
select p.*, q.descrizione, q.gravita
from passaporto.controlli as p
inner join qualita.controlli as q using (controllo)
where p.progressivo > 0 and camera = ? and esercizio = ?
order by q.in_evidenza desc, p.controllo
"""


def read_passaporti(
    connection: duckdb.DuckDBPyConnection, camera: str, esercizio: int
) -> dict[Chiave, Passaporto]:
    """The passports of one chamber and year, by the row of the scorecard, in the plan's order."""

    def ask(query: str) -> list[Row]:
        return rows_of(connection, query, (camera, esercizio))

    people = read_personali(connection)
    extracts, checks = defaultdict[object, list[Row]](list), defaultdict[object, list[Row]](list)
    for row in ask(_ESTRATTI):
        extracts[row["codice"]].append(row)
    for row in ask(_CONTROLLI):
        checks[indicator_key(row)].append(row)
    return {
        key: Passaporto(
            cella, tuple(checks[key]), cella["codice"] in people, tuple(extracts[cella["codice"]])
        )
        for cella in ask(_CELLE)
        for key in [indicator_key(cella)]
    }


def command_of(quale: object, partizione: Partizione) -> str:
    """What prints a passport whole: `quale` is a code, or a line of the plan."""
    return f"pira explain {quale} --camera {partizione.camera} --esercizio {partizione.esercizio}"


def shown_result(cella: Row) -> str:
    """The result as the plan prints the indicator, or that there is none."""
    return _result(cella, cella["risultato"])


def describe(passaporto: Passaporto, discreto: bool) -> list[tuple[str, list[Voce]]]:
    """All that a passport says, by section; empty sections are left out.

    `discreto`: as documents may tell it, so that no people are counted.
    """
    tace = discreto and passaporto.personale
    sections = (
        ("Il piano", _plan(passaporto.cella)),
        ("La definizione", _definition(passaporto.cella)),
        ("La cifra", _figure(passaporto.cella, tace)),
        ("Che cosa manca", _lacking(passaporto)),
        ("Gli estratti", [(str(e["estratto"]), _extract(e, tace)) for e in passaporto.estratti]),
        ("I controlli", [(str(c["controllo"]), _check(c, tace)) for c in passaporto.controlli]),
    )
    return [
        (title, told)
        for title, voci in sections
        if (told := [(label, printable(text)) for label, text in voci if text])
    ]


def _plan(cella: Row) -> list[Voce]:
    presunto = " (senza operatore: letto come «almeno»)" if cella["operatore_presunto"] else ""
    anno = (
        ""
        if cella["esercizio_piano"] == cella["esercizio"]
        else f", piano {cella['esercizio_piano']}"
    )
    sha256 = cella.get("sha256_piano")
    impronta = f" (SHA-256 {str(sha256)[:IMPRONTA]}...)" if sha256 else ""
    return [
        (
            "Dove",
            f"{cella['luogo']}{anno}{impronta}",
        ),
        ("Indicatore", _text(cella["indicatore"])),
        ("Algoritmo", _text(cella["algoritmo"])),
        ("Fonte", _text(cella["fonte"])),
        ("Target", f"{_text(cella['target_testo']) or 'nessuno'}{presunto}"),
        ("Nota", _text(cella["note"])),
        ("Pesa", f"{_number(cella['peso'], 2)}% del totale" if cella["peso"] is not None else ""),
    ]


def _definition(cella: Row) -> list[Voce]:
    metodo = {
        "mappa": "dalla mappa della Camera",
        "nome": "dal nome",
        "algoritmo": "dall'algoritmo",
    }
    if cella["codice"] is None:
        return []
    return [
        ("Codice", f"{cella['codice']}: {cella['titolo']}"),
        ("Conta", _text(cella["definizione"])),
        ("Versione", f"{cella['versione_definizione']}; regole {cella['versione_regole']}"),
        ("Riconosciuta", metodo.get(str(cella["metodo"]), "")),
    ]


def _figure(cella: Row, tace: bool) -> list[Voce]:
    stato = STATI.get(str(cella["stato"]), str(cella["stato"]))
    if cella["aperto"]:
        stato += f": l'anno non è concluso, dati al {cella['data_riferimento']:%d/%m/%Y}"
    voci = [
        ("Risultato", shown_result(cella)),
        ("Stato", stato),
        ("Motivo", _text(cella["motivo"])),
    ]
    if tace:
        voci.append(("Righe", "Le righe contate sono persone: quante sono non si pubblica."))
    elif cella["numeratore"] is not None:
        voci += [
            ("Numeratore", _measured(cella, "numeratore")),
            ("Denominatore", _measured(cella, "denominatore")),
            ("Valore", _exact(cella["valore"]) + "%" * (cella["unita"] == "percentuale")),
            (
                "Righe",
                f"{_number(cella['righe'])} in {_number(cella['file'])} file, in indicatori.contributi",
            ),
        ]
    scarti = int(str(cella["scarti_possibili"] or 0))
    if scarti:
        quanti = count_few(scarti) if tace else _number(scarti)
        se = "" if tace else f". {cella['se_accettate']}"
        voci.append(("In quarantena", f"righe che avrebbero potuto contare: {quanti}{se}"))
    return [*voci, *_history(cella, tace)]


def _history(cella: Row, tace: bool) -> list[Voce]:
    if cella["noto_dal"] is None:
        return []
    esecuzione = f" (esecuzione {cella['esecuzione']})" if cella.get("esecuzione") else ""
    voci = [("Noto dal", f"{cella['noto_dal']:%d/%m/%Y %H:%M}{esecuzione}")]
    if cella["stato_prima"] is not None:
        prima = cella["valore_prima"]
        if prima is None:
            detto = STATI.get(str(cella["stato_prima"]), "nessun valore")
        else:
            decimali = int(str(cella["decimali"]))
            assert isinstance(prima, Decimal)
            detto = (
                format_cifra(prima, decimali, bool(cella["percentuale"])) if tace else _exact(prima)
            )
        voci.append(("Prima", f"{detto}, noto dal {cella['noto_prima_dal']:%d/%m/%Y %H:%M}"))
    return voci


def _lacking(passaporto: Passaporto) -> list[Voce]:
    """What an empty cell lacks, since when, and what that costs; what is late of any cell."""
    cella = passaporto.cella
    voci: list[Voce] = []
    if cella["manca"]:
        voci.append(("Manca", str(cella["manca"])))
        if cella["manca_dal"]:
            voci.append(("Da quando", f"{cella['manca_dal']:%d/%m/%Y}"))
    if cella["risultato"] is None:
        costo = _number(cella["peso"], 2) if cella["peso"] is not None else "?"
        prossima = (
            f"; prossima scadenza: {cella['scadenza_nome']}, {cella['scadenza']:%d/%m/%Y}"
            if cella["scadenza"]
            else ""
        )
        voci.append(("Che cosa costa", f"{costo}% del peso non è misurato{prossima}"))
    if cella["in_ritardo"]:
        voci.append(("In ritardo", str(cella["in_ritardo"])))
    if cella["prossima_attesa"]:
        voci.append(("Prossima consegna", f"entro il {cella['prossima_attesa']:%d/%m/%Y}"))
    return voci


def _extract(estratto: Row, tace: bool) -> str:
    stato = str(estratto["stato"]).lower()
    frasi = [f"{stato}, dell'ufficio {estratto['ufficio']}"]
    if not tace:
        righe, file = (int(str(estratto[name])) for name in ("righe_che_contano", "file"))
        frasi.append(
            f"{_number(righe)} righe che contano in {_number(file)} file"
            if righe
            else "nessuna riga conta da sé"
        )
        if estratto["scarti"]:
            frasi.append(f"{_number(estratto['scarti'])} in quarantena")
    if estratto["dati_fino_al"]:
        frasi.append(f"dati fino al {estratto['dati_fino_al']:%d/%m/%Y}")
    if estratto["giorni_ritardo"]:
        frasi.append(f"in ritardo di {estratto['giorni_ritardo']} giorni")
    if estratto["ritirato"]:
        frasi.append(f"consegnato il {estratto['ritirato']:%d/%m/%Y} e poi ritirato")
    motivo = f". {estratto['motivo']}" if estratto["motivo"] else ""
    return ", ".join(frasi) + motivo


def _check(controllo: Row, tace: bool) -> str:
    casi = int(str(controllo["casi"]))
    quanti = "dei casi" if tace else "un caso" if casi == 1 else f"{_number(casi)} casi"
    return quanti + (
        f" in cui non vale: {detto}" if (detto := controllo.get("descrizione")) else ""
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _exact(value: object) -> str:
    """A figure with all the decimals that it has."""
    if value is None:
        return ""
    assert isinstance(value, Decimal)
    return format_numero(value, count_decimali(value))


def _number(value: object, decimali: int = 0) -> str:
    return format_numero(Decimal(str(value)), decimali)


def _measured(cella: Row, nome: str) -> str:
    """A sum with its unit; empty where the indicator has none."""
    unita = cella[f"unita_{nome}"]
    return (
        " ".join(filter(None, (_exact(cella[nome]), _text(unita))))
        if cella[nome] is not None
        else ""
    )


def _result(cella: Row, value: object) -> str:
    if value is None:
        return "nessuno"
    assert isinstance(value, Decimal)
    return format_cifra(value, int(str(cella["decimali"])), bool(cella["percentuale"]))

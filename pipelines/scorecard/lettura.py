"""The second sheet of the workbook: how to read the first, and where its figures come from.

Belongs here: what stands where on that sheet. Does not belong here: its sentences (legenda.py), the
mechanics of cells (foglio.py).
"""

from collections.abc import Sequence
from decimal import Decimal

from xlsxwriter import Workbook

from pipelines.scorecard import cifre, giudizi, legenda, riservatezza
from pipelines.scorecard.foglio import (
    AVVISO,
    BORDO,
    CENTRO,
    ETICHETTA,
    SFONDI,
    TESTA,
    TITOLO,
    Foglio,
    Stile,
    format_of,
    new_foglio,
    numero,
    set_print,
    write_cifra,
    write_text,
)
from pipelines.scorecard.legenda import SEMAFORI, decimal_of, key_of
from pipelines.scorecard.righe import Row
from pipelines.scorecard.sheet import Scheda

_LARGHEZZE = (13.0, 52.0, 15.0, 16.0, 16.0, 13.0, 14.0, 14.0, 13.0, 13.0)
_SEZIONE: Stile = {"bold": True, "font_size": 10}
_QUERY: Stile = {**BORDO, "font_name": "Courier New"}


def write_lettura(workbook: Workbook, scheda: Scheda) -> None:
    """Write the sheet of a partition."""
    foglio = new_foglio(workbook, "Lettura", _LARGHEZZE)
    titolo = "Come si legge questa scorecard"
    foglio.close_riga(write_text(foglio, titolo, 0, foglio.ultima, TITOLO) + 3)
    for avviso in legenda.list_avvisi(scheda):
        foglio.close_riga(write_text(foglio, avviso, 0, foglio.ultima, AVVISO))
    _write_identita(foglio, scheda)
    _write_ente(foglio, scheda)
    _write_semafori(foglio, scheda)
    _write_obiettivi(foglio, scheda)
    _write_motivi(foglio, scheda)
    _write_regole(foglio, scheda)
    _write_origine(foglio, scheda)
    set_print(foglio, scheda, 0)


def _begin(foglio: Foglio, titolo: str) -> None:
    foglio.gruppi.append(foglio.riga)
    foglio.close_riga(10)
    foglio.close_riga(write_text(foglio, titolo, 0, foglio.ultima, _SEZIONE) + 2)


def _write_voce(foglio: Foglio, etichetta: str, testo: str) -> None:
    """A label over the first column and the text beside it."""
    alte = (
        write_text(foglio, etichetta, 0, 1, ETICHETTA),
        write_text(foglio, testo, 2, foglio.ultima),
    )
    foglio.close_riga(max(alte))


def _write_tabella(foglio: Foglio, etichette: Sequence[tuple[str, int, int]]) -> None:
    foglio.close_riga(
        max(write_text(foglio, testo, prima, ultima, TESTA) for testo, prima, ultima in etichette)
    )


def _write_identita(foglio: Foglio, scheda: Scheda) -> None:
    _begin(foglio, "Di che cosa parla")
    _write_voce(foglio, "Camera", f"{scheda.partizione.camera} (sigla della provincia)")
    _write_voce(foglio, "Esercizio", str(scheda.partizione.esercizio))
    _write_voce(foglio, "Piano con cui si misura", legenda.describe_piano(scheda))
    _write_voce(
        foglio, "Giorno a cui parlano i dati", legenda.format_giorno(scheda.data_riferimento)
    )
    _write_voce(foglio, "Versione delle regole", scheda.versione_regole)


def _write_ente(foglio: Foglio, scheda: Scheda) -> None:
    _begin(foglio, "La Camera")
    motivo = "Nessun obiettivo ha un risultato."
    spiegate = {
        "realizzazione_minima": ": ogni risultato mancante a 0",
        "realizzazione_massima": ": ogni risultato mancante a 100",
        "copertura": ": quota del PESO che ha un risultato, contando gli indicatori",
    }
    for cifra in cifre.ENTE:
        etichetta = cifra.etichetta + spiegate.get(cifra.colonna, "")
        alta = write_text(foglio, etichetta, 0, 1, ETICHETTA)
        valore = decimal_of(scheda.ente, cifra.colonna)
        write_cifra(foglio, valore, format_of(cifra, scheda.ente), 2, motivo=motivo)
        foglio.close_riga(alta)
    frase = f"Realizzazione della Camera: {legenda.describe_ente(scheda)}."
    foglio.close_riga(write_text(foglio, frase, 0, foglio.ultima))


def _write_semafori(foglio: Foglio, scheda: Scheda) -> None:
    _begin(foglio, "Il semaforo")
    soglie = legenda.describe_soglie(scheda)
    conti = giudizi.list_giudizi(scheda.indicatori)
    quanti = [giudizi.count_giudizi(dati) for _, dati in conti]
    for nome in SEMAFORI:
        stile = {**ETICHETTA, "bg_color": SFONDI.get(nome, "#E6E6E6")}
        alta = write_text(foglio, str(SEMAFORI[nome]), 0, stile=stile)
        write_text(foglio, soglie[nome], 1)
        for colonna, ((titolo, _), conto) in enumerate(zip(conti, quanti, strict=True), 2):
            write_cifra(foglio, Decimal(conto[nome][0]), f'[$-410]0" {titolo.lower()}"', colonna)
        foglio.close_riga(alta)
    for titolo, dati in conti:
        frase = f"{titolo}: {giudizi.describe_giudizi(dati)}."
        foglio.close_riga(write_text(foglio, frase, 0, foglio.ultima))


def _write_obiettivi(foglio: Foglio, scheda: Scheda) -> None:
    _begin(foglio, "Gli obiettivi")
    nomi = ("Missione / programma / obiettivo", "Titolo", *(c.etichetta for c in cifre.OBIETTIVO))
    _write_tabella(foglio, [(nome, colonna, colonna) for colonna, nome in enumerate(nomi)])
    for row in scheda.obiettivi:
        write_text(foglio, key_of(row), 0)
        alta = write_text(foglio, row["titolo"], 1)
        for colonna, cifra in enumerate(cifre.OBIETTIVO, 2):
            write_cifra(foglio, decimal_of(row, cifra.colonna), format_of(cifra, row), colonna)
        foglio.close_riga(alta)


def _write_motivi(foglio: Foglio, scheda: Scheda) -> None:
    _begin(foglio, "Risultati che mancano o possono ancora cambiare")
    motivi = legenda.list_mancanze(scheda) + legenda.list_provvisori(scheda)
    if not motivi:
        testo = "Nessuno: ogni risultato è definitivo."
        foglio.close_riga(write_text(foglio, testo, 0, foglio.ultima))
        return
    etichette = ("Obiettivo", "Indicatore", "Stato", "Motivo")
    ultime = (0, 1, 2, foglio.ultima)
    _write_tabella(foglio, list(zip(etichette, range(4), ultime, strict=True)))
    for motivo in motivi:
        testi = (motivo.obiettivo, motivo.cosa, motivo.stato, motivo.perche)
        alte = [
            write_text(foglio, testo, prima, ultima)
            for prima, (testo, ultima) in enumerate(zip(testi, ultime, strict=True))
        ]
        foglio.close_riga(max(alte))


def _write_regole(foglio: Foglio, scheda: Scheda) -> None:
    _begin(foglio, f"Le regole del calcolo, versione {scheda.versione_regole}")
    for nome, testo in legenda.describe_regole(scheda):
        _write_voce(foglio, nome, testo)


def _write_origine(foglio: Foglio, scheda: Scheda) -> None:
    _begin(foglio, "Da dove viene ogni cifra")
    for testo in (legenda.describe_origine(), riservatezza.REGOLA):
        foglio.close_riga(write_text(foglio, testo, 0, foglio.ultima))
    query = legenda.query_of(scheda, legenda.first_code(scheda))
    foglio.close_riga(write_text(foglio, query, 0, foglio.ultima, _QUERY))
    _write_tabella(
        foglio,
        [
            ("Obiettivo", 0, 0),
            ("Indicatore", 1, 1),
            ("Codice", 2, 3),
            ("Numeratore", 4, 4),
            ("Denominatore", 5, 6),
            (cifre.GREZZA.etichetta, 7, 7),
            ("Stato", 8, 8),
            ("Riga del piano", 9, 9),
        ],
    )
    for row in scheda.indicatori:
        _write_provenienza(foglio, scheda, row)


def _write_provenienza(foglio: Foglio, scheda: Scheda, row: Row) -> None:
    write_text(foglio, key_of(row), 0)
    alte = [
        write_text(foglio, row["indicatore"], 1),
        write_text(foglio, row["codice"] or "nessuno", 2, 3),
        write_text(foglio, legenda.stato_of(row), 8),
    ]
    for nome, prima, ultima in (("numeratore", 4, 4), ("denominatore", 5, 6)):
        valore = decimal_of(row, nome)
        if scheda.is_personale(row):
            write_text(foglio, "persone", prima, ultima, CENTRO)
        elif nome == "denominatore" and valore is None and row["numeratore"] is not None:
            write_text(foglio, "conteggio", prima, ultima, CENTRO)
        else:
            decimali = 0 if valore is None else legenda.count_decimali(valore)
            write_cifra(foglio, valore, numero(decimali), prima, ultima)
    write_cifra(foglio, decimal_of(row, cifre.GREZZA.colonna), format_of(cifre.GREZZA, row), 7)
    if place := legenda.place_of(row):
        alte.append(write_text(foglio, place, 9))
    else:
        write_cifra(foglio, Decimal(str(row["riga"])), numero(0), 9)
    foglio.close_riga(max(alte))

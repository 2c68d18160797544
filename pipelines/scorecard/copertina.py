"""The cover of the workbook: whose results, how much, how far to trust them, who signs.

Belongs here: what stands where on that sheet. Does not belong here: its figures (sql/scorecard), the
sentences that other formats have too (legenda.py), the mechanics of cells (foglio.py).
"""

from xlsxwriter import Workbook

from pipelines.scorecard import cifre, giudizi, legenda, riservatezza
from pipelines.scorecard.foglio import (
    AVVISO,
    ETICHETTA,
    TESTA,
    Foglio,
    Stile,
    format_of,
    new_foglio,
    set_print,
    write_blank,
    write_cifra,
    write_text,
)
from pipelines.scorecard.legenda import decimal_of
from pipelines.scorecard.sheet import Scheda

NOME = "Copertina"

_LARGHEZZE = (34.0, 26.0, 26.0, 26.0, 26.0)
_GRANDE: Stile = {"bold": True, "font_size": 16, "align": "center"}
_SEZIONE: Stile = {"bold": True, "font_size": 10}
_ALTEZZA_FIRMA = 42.0
_FOGLI = (
    ("Scorecard", "il piano come approvato, con i risultati nelle colonne che li aspettano"),
    (
        "Lettura",
        "come si leggono semafori, percentuali e stati: la legenda, e le regole del calcolo",
    ),
    ("Quarantena", "le righe che gli uffici devono correggere, e dove"),
    ("Passaporti", "di ogni cifra: definizione, numeratore e denominatore, che cosa manca"),
)


def write_copertina(workbook: Workbook, scheda: Scheda) -> None:
    """Write the sheet of a partition."""
    foglio = new_foglio(workbook, NOME, _LARGHEZZE)
    foglio.close_riga(write_text(foglio, _heading(scheda), 0, foglio.ultima, _GRANDE) + 16)
    testa = foglio.riga
    foglio.sheet.freeze_panes(testa, 0)
    for avviso in legenda.list_avvisi(scheda):
        foglio.close_riga(write_text(foglio, avviso, 0, foglio.ultima, AVVISO))
    _write_identita(foglio, scheda)
    _write_risultato(foglio, scheda)
    _write_impronte(foglio, scheda)
    _write_fogli(foglio)
    _write_firma(foglio, scheda)
    set_print(foglio, scheda, testa)


def _heading(scheda: Scheda) -> str:
    return f"Camera {scheda.partizione.camera} - {legenda.title_of(scheda)}"


def _begin(foglio: Foglio, titolo: str) -> None:
    foglio.gruppi.append(foglio.riga)
    foglio.close_riga(10)
    foglio.close_riga(write_text(foglio, titolo, 0, foglio.ultima, _SEZIONE) + 2)


def _write_voce(foglio: Foglio, etichetta: str, testo: object) -> None:
    alte = (
        write_text(foglio, etichetta, 0, stile=ETICHETTA),
        write_text(foglio, testo, 1, foglio.ultima),
    )
    foglio.close_riga(max(alte))


def _write_identita(foglio: Foglio, scheda: Scheda) -> None:
    _begin(foglio, "Di che cosa parla")
    _write_voce(foglio, "Camera (sigla della provincia)", scheda.partizione.camera)
    _write_voce(foglio, "Esercizio", scheda.partizione.esercizio)
    _write_voce(foglio, "Piano con cui si misura", legenda.describe_piano(scheda))
    _write_voce(foglio, "Dati al", legenda.format_giorno(scheda.data_riferimento))


def _write_risultato(foglio: Foglio, scheda: Scheda) -> None:
    """The figure of the chamber with its bounds and its coverage, and how the indicators went."""
    _begin(foglio, "Il risultato della Camera")
    alte = [write_text(foglio, "", 0, stile=TESTA)]
    alte += [write_text(foglio, c.etichetta, n, stile=TESTA) for n, c in enumerate(cifre.ENTE, 1)]
    foglio.close_riga(max(alte))
    alta = write_text(foglio, "Piano dell'anno", 0, stile=ETICHETTA)
    for colonna, cifra in enumerate(cifre.ENTE, 1):
        valore = decimal_of(scheda.ente, cifra.colonna)
        motivo = "Nessun obiettivo ha un risultato."
        write_cifra(foglio, valore, format_of(cifra, scheda.ente), colonna, motivo=motivo)
    foglio.close_riga(max(alta, 20.0))
    frase = f"Realizzazione della Camera: {legenda.describe_ente(scheda)}."
    foglio.close_riga(write_text(foglio, frase, 0, foglio.ultima))
    for titolo, dati in giudizi.list_giudizi(scheda.indicatori):
        frase = f"{titolo}: {giudizi.describe_giudizi(dati)}."
        foglio.close_riga(write_text(foglio, frase, 0, foglio.ultima))
    mancanti = [row for row in scheda.indicatori if row["risultato"] is None]
    detto = f"Senza risultato: {len(mancanti)} indicatori su {len(scheda.indicatori)}."
    foglio.close_riga(write_text(foglio, detto, 0, foglio.ultima))


def _write_impronte(foglio: Foglio, scheda: Scheda) -> None:
    """By what anybody can tell that these figures are those of these files and these rules."""
    _begin(foglio, "Di che cosa è fatto")
    _write_voce(foglio, "Versione delle regole", scheda.versione_regole)
    if scheda.consegnati:
        _write_voce(foglio, "Impronta degli ingressi (SHA-256)", scheda.consegnati.impronta)
        _write_voce(
            foglio,
            "Come si rifà",
            "SHA-256 di ciò che sha256sum stampa dell'allegato e dei file consegnati per l'anno (quelli "
            "di qualita.file), in ordine di nome dalla cartella di consegna. L'impronta dell'intera "
            "pubblicazione, che si scrive dopo questo foglio e lo comprende, sta nel suo manifest.json.",
        )
    _write_voce(foglio, "Persone", riservatezza.REGOLA)


def _write_fogli(foglio: Foglio) -> None:
    _begin(foglio, "I fogli")
    for nome, detto in _FOGLI:
        _write_voce(foglio, nome, detto)


def _write_firma(foglio: Foglio, scheda: Scheda) -> None:
    """Room to sign; but nobody signs what is provisional."""
    _begin(foglio, "Firme")
    if legenda.is_provvisoria(scheda):
        detto = "Dati provvisori: non si firmano. Si firma la scorecard dell'anno concluso."
        foglio.close_riga(write_text(foglio, detto, 0, foglio.ultima, AVVISO))
        return
    for etichetta in (
        "Luogo e data",
        "Compila: nome, ruolo e firma",
        "Approva: nome, ruolo e firma",
    ):
        write_text(foglio, etichetta, 0, stile=ETICHETTA)
        write_blank(foglio, 1, foglio.ultima)
        foglio.close_riga(_ALTEZZA_FIRMA)

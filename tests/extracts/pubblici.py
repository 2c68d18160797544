"""Small files in public formats, written from their published descriptions. No judgement here."""

from collections.abc import Sequence

NOSTRO, ALTRUI, CONSIP = "00112233445", "00999999999", "05359681003"
CAMERA = "CAMERA DI COMMERCIO DI MASSA CARRARA"
_ANAC = """
    cig cig_accordo_quadro numero_gara oggetto_gara importo_complessivo_gara
    n_lotti_componenti oggetto_lotto importo_lotto oggetto_principale_contratto stato settore
    luogo_istat provincia data_pubblicazione data_scadenza_offerta cod_tipo_scelta_contraente
    tipo_scelta_contraente cod_modalita_realizzazione modalita_realizzazione codice_ausa
    cf_amministrazione_appaltante denominazione_amministrazione_appaltante sezione_regionale
    id_centro_costo denominazione_centro_costo anno_pubblicazione mese_pubblicazione cod_cpv
    descrizione_cpv flag_prevalente COD_STRUMENTO_SVOLGIMENTO STRUMENTO_SVOLGIMENTO
    CF_SA_DELEGANTE CF_SA_DELEGATA
"""


def anac(*lotti: dict[str, str]) -> bytes:
    """The data set of the CIG: every cell quoted, the first lot on line 2; what a lot does not say is ours,
    active, of 2020."""
    ours = {
        "oggetto_lotto": "Cancelleria",
        "importo_lotto": "1000.5",
        "importo_complessivo_gara": "99999.5",
        "stato": "ATTIVO",
        "cod_tipo_scelta_contraente": "23",
        "cod_modalita_realizzazione": "1",
        "cf_amministrazione_appaltante": NOSTRO,
        "denominazione_amministrazione_appaltante": CAMERA,
        "anno_pubblicazione": "2020",
    }
    names = _ANAC.split()
    rows = [names, *([{**ours, **lotto}.get(name, "") for name in names] for lotto in lotti)]
    return "".join(";".join(f'"{cell}"' for cell in row) + "\n" for row in rows).encode()


def l190(*lotti: str, anno: str = "2020", testa: str = "", spazio: str = "legge190_1_0") -> bytes:
    """The list of a year: the first lot begins on line 7 (and one more for each line of `testa`)."""
    rows = "\n".join(lotti)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{testa}'
        f'<legge190:pubblicazione xmlns:legge190="{spazio}">\n'
        "<metadata><dataPubbicazioneDataset>2021-01-31+01:00</dataPubbicazioneDataset>\n"
        f"<annoRiferimento> {anno}\n</annoRiferimento></metadata>\n<data>\n{rows}\n</data>\n"
        "</legge190:pubblicazione>\n"
    ).encode()


def lotto(cig: str, scelta: str = "23-AFFIDAMENTO DIRETTO", **altro: str) -> str:
    """A lot on four lines, with spaces and ends of line around its texts."""
    fields = {
        "oggetto": "Carta",
        "importoAggiudicazione": "1000.5",
        "importoSommeLiquidate": "250.00",
        **altro,
    }
    others = "".join(f"<{name}>\n {text} </{name}>" for name, text in fields.items())
    return (
        f"<lotto><cig> {cig}</cig><sceltaContraente> {scelta} </sceltaContraente>{others}</lotto>"
    )


def tabella(*righe: Sequence[str]) -> bytes:
    """A table as a program exports it, the first row on line 1."""
    return "".join(";".join(riga) + "\n" for riga in righe).encode()

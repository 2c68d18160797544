"""The sheet of what offices have to mend: each rule that a row in quarantine breaks, where, and what to do.

Belongs here: what stands where on that sheet. Does not belong here: which rows, and how much may be told of
people's (consegnati.py), what a rule means and its remedy (contract/rimedi.py). No value of any file stands
on it: who mends a row has the file.
"""

from xlsxwriter import Workbook

from pipelines.contract.estratti import PER_CODICE
from pipelines.contract.rimedi import RIMEDI, remedy
from pipelines.scorecard import legenda
from pipelines.scorecard.consegnati import Rifiutate
from pipelines.scorecard.foglio import (
    ETICHETTA,
    Foglio,
    begin_elenco,
    new_foglio,
    set_print,
    write_text,
)
from pipelines.scorecard.sheet import Scheda

NOME = "Quarantena"

_LARGHEZZE = (46.0, 22.0, 44.0, 60.0)
_TESTE = ("Dove (file:riga)", "Colonna", "Che cosa non va", "Che cosa fare")


def write_quarantena(workbook: Workbook, scheda: Scheda) -> None:
    """Write the sheet of a partition."""
    foglio = new_foglio(workbook, NOME, _LARGHEZZE)
    titolo = "Righe in quarantena, per ufficio: che cosa correggere, e dove"
    testa = begin_elenco(foglio, titolo, _TESTE, legenda.list_avvisi(scheda))
    rifiutate = scheda.consegnati.rifiutate if scheda.consegnati else ()
    for estratto in rifiutate:
        _write_estratto(foglio, estratto)
    if not rifiutate:
        detto = "Nessuna riga è in quarantena."
        foglio.close_riga(write_text(foglio, detto, 0, foglio.ultima))
    set_print(foglio, scheda, testa)


def _write_estratto(foglio: Foglio, rifiutate: Rifiutate) -> None:
    foglio.gruppi.append(foglio.riga)
    estratto = PER_CODICE[rifiutate.estratto]
    detto = f"Ufficio {rifiutate.ufficio}, estratto {rifiutate.estratto}: righe {rifiutate.quante}"
    foglio.close_riga(write_text(foglio, detto, 0, foglio.ultima, ETICHETTA))
    for rottura in rifiutate.rotture:
        fare = remedy(rottura.regola, estratto, rottura.colonna)
        testi = (
            rottura.luogo,
            rottura.colonna or "l'intera riga",
            RIMEDI[rottura.regola].significato,
            fare[:1].upper() + fare[1:],
        )
        foglio.close_riga(max(write_text(foglio, t, c) for c, t in enumerate(testi)))
    if rifiutate.altre:
        resto = f"… e altre {rifiutate.altre} regole violate di questo estratto: tutte in qualita.scarti"
        foglio.close_riga(write_text(foglio, resto, 0, foglio.ultima))

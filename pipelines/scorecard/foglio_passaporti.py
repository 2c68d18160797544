"""The sheet of passports: of every cell of the scorecard, measured or not, what makes it and what it lacks.

Belongs here: what stands where on that sheet. Does not belong here: the sentences (passaporto.py), what may
be told of people (riservatezza.py).
"""

from xlsxwriter import Workbook

from pipelines.scorecard import legenda
from pipelines.scorecard.chiave import indicator_key
from pipelines.scorecard.foglio import (
    ETICHETTA,
    Foglio,
    Stile,
    begin_elenco,
    new_foglio,
    set_print,
    write_text,
)
from pipelines.scorecard.passaporto import Passaporto, command_of, describe, shown_result
from pipelines.scorecard.righe import Row
from pipelines.scorecard.sheet import Scheda

NOME = "Passaporti"

_LARGHEZZE = (24.0, 34.0, 104.0)
_TESTE = ("Parte", "Voce", "Che cosa dice")
_CELLA: Stile = {**ETICHETTA, "font_size": 9}


def write_passaporti(workbook: Workbook, scheda: Scheda) -> None:
    """Write the sheet of a partition."""
    foglio = new_foglio(workbook, NOME, _LARGHEZZE)
    testa = begin_elenco(foglio, "Il passaporto di ogni cifra", _TESTE, legenda.list_avvisi(scheda))
    for row in scheda.indicatori:
        _write_cella(foglio, scheda, row)
    set_print(foglio, scheda, testa)


def _write_cella(foglio: Foglio, scheda: Scheda, row: Row) -> None:
    dietro = scheda.dettagli.get(indicator_key(row))
    if dietro is None or not dietro.passaporto:
        return
    passaporto = Passaporto(dietro.passaporto, dietro.controlli, dietro.personale)
    foglio.gruppi.append(foglio.riga)
    nome = " ".join(filter(None, (legenda.key_of(row), legenda.printable(row["codice"]))))
    titolo = f"{nome}: {shown_result(dietro.passaporto)}"
    foglio.close_riga(write_text(foglio, titolo, 0, foglio.ultima, _CELLA))
    for parte, voci in describe(passaporto, discreto=True):
        for numero, (etichetta, testo) in enumerate(voci):
            alte = (
                write_text(foglio, parte if numero == 0 else "", 0),
                write_text(foglio, etichetta, 1),
                write_text(foglio, testo, 2),
            )
            foglio.close_riga(max(alte))
    if row["codice"] is not None:
        comando = command_of(row["codice"], scheda.partizione)
        alte = (
            write_text(foglio, "Rifare la cifra", 0),
            write_text(foglio, "Righe e interrogazione", 1),
            write_text(foglio, comando, 2),
        )
        foglio.close_riga(max(alte))

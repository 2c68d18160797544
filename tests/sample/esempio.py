"""A row of an extract out of its declaration alone.

Belongs here: values that the contract accepts, for tests that need some row of any extract. Does not
belong here: the rows that an indicator counts, which are written by hand (tests/indicatori/zona.py,
tests/extracts/materiale.py), and those of the sample.
"""

from datetime import date, datetime
from decimal import Decimal

from pipelines.contract.schema import Colonna, Estratto
from tests.sample.modello import Riga, Valore


def esempio(estratto: Estratto, anno: int, i: int) -> Riga:
    """Row number `i` of a year, every column full; no two share a key that has a text or a whole number.

    Raises ValueError for a column with a form, which no declaration says how to fill.
    """
    return {colonna.nome: _valore(estratto, colonna, anno, i) for colonna in estratto.colonne}


def _valore(estratto: Estratto, colonna: Colonna, anno: int, i: int) -> Valore:
    if colonna.forma:
        raise ValueError(
            f"{estratto.codice}.{colonna.nome} has a form: write the row in"
            " tests/indicatori/zona.py and tests/extracts/materiale.py"
        )
    minimo = (colonna.intervallo and colonna.intervallo.minimo) or 0
    match colonna.tipo:
        case "testo":
            if colonna.codici:
                return colonna.codici[0]
            return f"M{i:03d}" if colonna.personale else f"{colonna.nome.upper()}-{i}"
        case "intero":
            return minimo + 1 + (i if colonna.nome in estratto.chiave else 0)
        case "decimale" | "importo":
            return Decimal(minimo + 1)
        case "data":
            return date(anno, 3, 15)
        case "data_ora":
            return datetime(anno, 3, 15, 9, 0)
        case "si_no":
            return True

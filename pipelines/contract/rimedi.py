"""What each quarantine rule means, and what whoever made the file can do about it that works.

Belongs here: the one table of meanings and remedies, in Italian, and its words filled in for a column
of an extract. Does not belong here: which rows break a rule (judge.py), what a refused file can do
(beside its refusal), where any of it is shown.
"""

from dataclasses import dataclass

from pipelines.contract.parole import say_key, say_limits, say_rules
from pipelines.contract.schema import Estratto, Tipo


@dataclass(frozen=True)
class Rimedio:
    """A rule in words: what it means, and what to do, as an infinitive without a full stop.

    `{colonna}` stands for the column at fault, `{limiti}` for what it may hold, `{tipo}` for how its
    type is written, `{chiave}` for the key and `{regole}` for the rules of the column.
    """

    significato: str
    fare: str


RIMEDI: dict[str, Rimedio] = {
    "numero_campi": Rimedio(
        "la riga ha più o meno campi dell'intestazione",
        "dare alla riga tanti campi quanti ne ha l'intestazione; un valore che contiene il separatore va"
        " tra virgolette, e quelle che ne fanno parte vanno raddoppiate",
    ),
    "riga_di_totale": Rimedio(
        "la riga dice di essere un totale: non è un dato, e non conta tra quelli rifiutati",
        "togliere la riga di totale; se è un dato, scrivere {chiave} senza la parola totale",
    ),
    "dato_personale": Rimedio(
        "una matricola o un codice fiscale sta in una colonna che non è la sua: la riga è mascherata",
        "togliere dalla colonna {colonna} matricole e codici fiscali, o dare a ogni colonna la sua"
        " intestazione",
    ),
    "tipo": Rimedio(
        "il valore non si legge come numero, data, sì/no o testo",
        "scrivere nella colonna {colonna} {tipo}",
    ),
    "obbligatorio": Rimedio(
        "manca un valore richiesto",
        "compilare la colonna {colonna}, che è obbligatoria",
    ),
    "codice": Rimedio(
        "il valore non è tra quelli ammessi",
        "scrivere nella colonna {colonna} uno dei valori ammessi: {limiti}",
    ),
    "intervallo": Rimedio(
        "il numero è fuori dai limiti, o il codice non ha la forma giusta",
        "correggere nella colonna {colonna} il valore, che deve essere: {limiti}",
    ),
    "regola_riga": Rimedio(
        "due valori della riga si contraddicono",
        "correggere la riga, di cui deve valere: {regole}",
    ),
    "duplicato": Rimedio(
        "la riga è uguale a un'altra: ne resta una",
        "togliere la riga ripetuta; se è un altro fatto, dargli una chiave sua ({chiave})",
    ),
    "chiave_in_conflitto": Rimedio(
        "righe diverse hanno la stessa chiave: non ne resta nessuna",
        "tenere una sola riga, o dare a ciascuna la sua chiave ({chiave})",
    ),
    "somma_percentuali": Rimedio(
        "i tempi di una persona superano il 100%",
        "correggere la colonna {colonna}: {regole}",
    ),
}
"""Every quarantine rule, in the order of contract.REGOLE."""

_TIPI: dict[Tipo, str] = {
    "testo": "un testo: dare alla cella il formato Testo e riscriverla, senza formule né errori",
    "intero": "un numero intero, ad esempio 1234 o 1.234",
    "decimale": "un numero con la virgola prima dei decimali, al più sei, ad esempio 12,5",
    "importo": "un importo con la virgola prima dei centesimi e senza altre parole, ad esempio 1.234,56",
    "data": "una data che esiste, gg/mm/aaaa, ad esempio 31/12/2020",
    "data_ora": "una data e ora, gg/mm/aaaa hh:mm, ad esempio 31/12/2020 14:30",
    "si_no": "S oppure N",
}
"""How a value of each type is written so that it is read."""


def remedy(regola: str, estratto: Estratto, colonna: str | None = None) -> str:
    """What to do about the rows of an extract that break a rule, as an infinitive without a full stop.

    `colonna` is as the quarantine names it: one column, several (a key), or none.
    """
    one = next((c for c in estratto.colonne if c.nome == colonna), None)
    return RIMEDI[regola].fare.format(
        colonna=colonna or "indicata",
        limiti="; ".join(say_limits(one)) if one else "",
        tipo=_TIPI[one.tipo] if one else "",
        chiave=say_key(estratto) if estratto.chiave else "il testo",
        regole="; ".join(say_rules(estratto, colonna)),
    )


def general_remedy(regola: str) -> str:
    """The same for whoever reads of no extract in particular."""
    return RIMEDI[regola].fare.format(
        colonna="indicata",
        limiti="quelli scritti nella tabella dell'estratto",
        tipo="un valore del suo tipo (" + "; ".join(_TIPI.values()) + ")",
        chiave="la chiave dell'estratto",
        regole="le regole scritte sotto la tabella dell'estratto",
    )

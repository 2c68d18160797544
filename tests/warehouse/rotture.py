"""Ways to break what every model owes to the rows that it is made from.

Belongs here: statements over a sound build after which `modelli_quadrano` finds one case, by what they
do. Does not belong here: the other checks, and that each break is seen (test_controlli.py).
"""

QUI = "camera = 'AA' and esercizio = 2020"

_PERSE = {
    "piano.righe": f"{QUI} and riga = 1",
    "piano.lettura": QUI,
    "piano.obiettivi": f"{QUI} and obiettivo = '1.2'",
    "piano.indicatori": f"{QUI} and codice = 'SEDUTE'",
    "piano.traguardi": f"{QUI} and anno = 2021 and obiettivo = '1.2' and progressivo = 1",
    "piano.esigenze": f"{QUI} and obiettivo = '1.2' and progressivo = 1",
    "scorecard.ente": QUI,
    "scorecard.ultimi_valori": f"{QUI} and codice = 'SEDUTE'",
    "scorecard.freschezza": f"{QUI} and codice = 'SEDUTE'",
    "scorecard.prospettive": f"{QUI} and codice = 'SEDUTE'",
    "scorecard.celle": f"{QUI} and codice = 'SEDUTE'",
    "passaporto.celle": f"{QUI} and codice = 'SEDUTE'",
    "qualita.freschezza": f"{QUI} and estratto = 'isr/studi'",
    "qualita.volumi": f"{QUI} and estratto = 'isr/studi'",
    "qualita.date_dei_file": f"{QUI} and estratto = 'isr/studi'",
    "indicatori.osservati": f"{QUI} and codice = 'SEDUTE'",
}
_DI_UN_ANNO = (
    "piano.in_vigore",
    "scorecard.indicatori",
    "scorecard.obiettivi",
    "scorecard.ente",
    "scorecard.celle",
    "scorecard.freschezza",
    "scorecard.prospettive",
    "passaporto.celle",
)

MODELLI = {
    **{f"{t} has lost a row": (f"delete from {t} where {dove}",) for t, dove in _PERSE.items()},
    "an indicator of the plan is recognised twice": (
        "insert into piano.riconosciuti by name"
        f" select * from piano.riconosciuti where {QUI} and codice = 'SEDUTE'",
    ),
    "a peer's value came from nowhere": (
        "insert into piano.confronti (camera, esercizio) values ('AA', 2020)",
    ),
    "a suspect row is forgotten": (
        "insert into qualita.righe_sospette"
        " values ('AA', 2020, 'isr/studi', 'AA/2020/isr/studi.csv', 2, 'righe_di_totale')",
    ),
    "a value without suspect rows came from nowhere": (
        "insert into qualita.senza_sospette (camera, esercizio, codice) values ('AA', 2020, 'SEDUTE')",
    ),
    "a finding of what the plan asks is there twice": tuple(
        f"insert into {t} by name select * from {t} where {QUI} and regola = 'traguardo_fermo' limit 1"
        for t in ("piano.rilievi", "piano.anomalie")
    ),
    "a finding is there twice": (
        "insert into piano.anomalie by name select * from piano.anomalie limit 1",
    ),
    "a row that weighs is there twice": (
        "insert into scorecard.leve (camera, esercizio) values ('AA', 2020), ('AA', 2020)",
    ),
    "a year that has a plan is measured with none": tuple(
        f"delete from {tabella} where {QUI}" for tabella in _DI_UN_ANNO
    ),
    "there is a value of a year that nobody computed": (
        "insert into indicatori.valori (camera, esercizio, codice) values ('AA', 1999, 'SEDUTE')",
    ),
    "the history forgot what was known": (
        "insert into storico.precedenti (camera, esercizio, codice, noto_dal)"
        " values ('AA', 2020, 'SEDUTE', '2020-01-01')",
    ),
}
"""By what went wrong, the statements that make it so."""

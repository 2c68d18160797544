"""Every sentence of the definitions of the indicators, as rows that count beside rows that do not.

Belongs here: the cases, with figures worked out by hand. Does not belong here: how they are run and
compared (test_definizioni.py), the default rows (zona.py: each of them counts).

The run speaks for 30 June 2021: 2020 is closed, 2021 is open. A case whose esercizio is not given
is of 2020.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from tests.indicatori.zona import Parziale

GIORNO = date(2021, 6, 30)

PERCENTUALI = frozenset(
    {
        "INCIDENZA_GESTIONE_DIRETTA",
        "INCIDENZA_CONTRIBUTI_IMPRESE",
        "INDICE_TRASPARENZA",
        "ACCESSI_NEI_TERMINI",
        "WELFARE",
        "FORMAZIONE",
        "INCIDENZA_CONSIP",
    }
)

RIFIUTATO = "una_colonna;altra_colonna\n1;2\n"
"""A file that lacks the required columns, and is refused whole."""

Contenuto = Sequence[Parziale] | str


@dataclass(frozen=True, eq=False)
class Caso:
    """What a behaviour of an indicator is, and the rows that show it.

    `estratti` holds the files (an extract that is not named is absent; a text is a file as it is);
    `contano` the numbers of the rows (from 0) that are contributions.
    """

    codice: str
    dice: str
    esercizio: int
    estratti: Mapping[str, Contenuto]
    contano: Mapping[str, Sequence[int]]
    numeratore: Fraction | None
    denominatore: Fraction | None
    valore: Fraction | None
    stato: str

    def __str__(self) -> str:
        return f"{self.codice}: {self.dice}"


def _stato(esercizio: int) -> str:
    return "DEFINITIVO" if esercizio < GIORNO.year else "PROVVISORIO"


def conta(
    codice: str,
    estratto: str,
    dice: str,
    righe: Sequence[Parziale],
    contano: Sequence[int],
    esercizio: int = 2020,
) -> Caso:
    """A count: its value is how many rows count."""
    numero = Fraction(len(contano))
    return Caso(
        codice,
        dice,
        esercizio,
        {estratto: righe},
        {estratto: contano},
        numero,
        None,
        numero,
        _stato(esercizio),
    )


def rapporto(
    codice: str,
    dice: str,
    estratti: Mapping[str, Contenuto],
    numeratore: int | str,
    denominatore: int | str,
    contano: Mapping[str, Sequence[int]],
    esercizio: int = 2020,
) -> Caso:
    """A ratio: numeratore / denominatore, in percent points for a percentuale."""
    sopra, sotto = Fraction(numeratore), Fraction(denominatore)
    valore = sopra / sotto * (100 if codice in PERCENTUALI else 1)
    stato = _stato(esercizio)
    return Caso(codice, dice, esercizio, estratti, contano, sopra, sotto, valore, stato)


def non_calcolabile(
    codice: str,
    dice: str,
    estratti: Mapping[str, Contenuto],
    numeratore: int | str,
    denominatore: int | str,
    contano: Mapping[str, Sequence[int]],
    esercizio: int = 2020,
) -> Caso:
    """No value, but what is known of the two sums."""
    sopra, sotto = Fraction(numeratore), Fraction(denominatore)
    stato = "NON_CALCOLABILE"
    return Caso(codice, dice, esercizio, estratti, contano, sopra, sotto, None, stato)


def dati_mancanti(codice: str, dice: str, estratti: Mapping[str, Contenuto]) -> Caso:
    """No value, no sums, no contributions."""
    return Caso(codice, dice, 2020, estratti, {}, None, None, None, "DATI_MANCANTI")


def _euro(testo: str) -> Decimal:
    return Decimal(testo)


CAPODANNO, SAN_SILVESTRO = date(2020, 1, 1), date(2020, 12, 31)
VIGILIA, DOPO = date(2019, 12, 31), date(2021, 1, 1)
OGGI, DOMANI = GIORNO, GIORNO + timedelta(days=1)


def periodo(codice: str, estratto: str, colonna: str) -> list[Caso]:
    """The bounds of the period, for a count by date."""
    chiuso = [{colonna: g} for g in (CAPODANNO, SAN_SILVESTRO, VIGILIA, DOPO)]
    aperto = [{colonna: g} for g in (DOPO, OGGI, SAN_SILVESTRO, DOMANI, date(2021, 12, 31))]
    return [
        conta(codice, estratto, "1 January and 31 December are in the period", chiuso, [0, 1]),
        conta(codice, estratto, "an open year ends on the day it speaks for", aperto, [0, 1], 2021),
        conta(codice, estratto, "a header alone counts 0", [], []),
        conta(codice, estratto, "a header alone counts 0 in an open year", [], [], 2021),
        dati_mancanti(codice, "an absent extract is missing, not 0", {}),
        dati_mancanti(codice, "a refused extract is missing, not 0", {estratto: RIFIUTATO}),
    ]


STUDI = [
    *periodo("ISR_STUDI", "isr/studi", "data_pubblicazione"),
    conta(
        "ISR_STUDI",
        "isr/studi",
        "only a published study counts, whatever its tipologia",
        [
            {},
            {"tipologia": None},
            {"stato": "IN_CORSO"},
            {"stato": "SOSPESO"},
            {"stato": "IN_CORSO", "data_pubblicazione": None},
        ],
        [0, 1],
    ),
    conta(
        "ISR_STUDI",
        "isr/studi",
        "a key counts once, and on its first line",
        [{"id_studio": "A"}, {"id_studio": "B"}, {"id_studio": "A"}],
        [0, 1],
    ),
    conta(
        "ISR_STUDI",
        "isr/studi",
        "a key told in two ways counts in neither",
        [{"id_studio": "A"}, {"id_studio": "B"}, {"id_studio": "A", "titolo": "Altro"}],
        [1],
    ),
]

ATTIVITA = [
    *periodo("ATTIVITA_RILANCIO", "cciaa/attivita", "data_conclusione"),
    conta(
        "ATTIVITA_RILANCIO",
        "cciaa/attivita",
        "what was carried out counts, programmed or not",
        [
            {"programmata": True},
            {"programmata": False},
            {"stato": "IN_CORSO"},
            {"stato": "ANNULLATA"},
            {"stato": "IN_CORSO", "data_conclusione": None},
        ],
        [0, 1],
    ),
]

COSTI, IMPRESE = "contabilita/costi_processo", "registro_imprese/consistenza"
UNA_RIGA: list[Parziale] = [{}]
CENTO_IMPRESE = {IMPRESE: UNA_RIGA}


def _risorse(
    dice: str, costi: Sequence[Parziale], numeratore: str, contano: Sequence[int], anno: int = 2020
) -> Caso:
    """Costs over one hundred active firms."""
    return rapporto(
        "RISORSE_INNOVAZIONE_PER_IMPRESA",
        dice,
        {COSTI: costi, **CENTO_IMPRESE},
        numeratore,
        100,
        {COSTI: contano, IMPRESE: [0]},
        anno,
    )


def _imprese(
    dice: str,
    consistenza: Sequence[Parziale],
    attive: int,
    contano: Sequence[int],
    anno: int = 2020,
) -> Caso:
    """One hundred euro over some active firms."""
    return rapporto(
        "RISORSE_INNOVAZIONE_PER_IMPRESA",
        dice,
        {COSTI: UNA_RIGA, IMPRESE: consistenza},
        100,
        attive,
        {COSTI: [0], IMPRESE: contano},
        anno,
    )


def _senza_imprese(dice: str, consistenza: Sequence[Parziale], contano: Sequence[int]) -> Caso:
    return non_calcolabile(
        "RISORSE_INNOVAZIONE_PER_IMPRESA",
        dice,
        {COSTI: UNA_RIGA, IMPRESE: consistenza},
        100,
        0,
        {COSTI: [0], IMPRESE: contano},
    )


RISORSE = [
    _risorse(
        "costs and interventions add, contributions to the azienda speciale subtract",
        [
            {"voce": "COSTO_DIRETTO", "importo": _euro("1000.01")},
            {"voce": "COSTO_INDIRETTO", "importo": _euro("200.10")},
            {"voce": "INTERVENTO_ECONOMICO", "importo": _euro("30.00")},
            {"voce": "CONTRIBUTO_AZIENDA_SPECIALE", "importo": _euro("4.00")},
        ],
        "1226.11",
        [0, 1, 2, 3],
    ),
    _risorse(
        "a contribution recorded with a minus adds back, a cost reversed subtracts",
        [
            {"importo": _euro("500.00")},
            {"importo": _euro("-20.00")},
            {"voce": "CONTRIBUTO_AZIENDA_SPECIALE", "importo": _euro("-3.50")},
        ],
        "483.5",
        [0, 1, 2],
    ),
    _risorse(
        "a negative sum is a negative value",
        [{"importo": _euro("0.10")}, {"voce": "CONTRIBUTO_AZIENDA_SPECIALE"}],
        "-99.9",
        [0, 1],
    ),
    _risorse(
        "the process counts under its two codes, and no other process does",
        [
            {"codice_processo": "D6.1.3"},
            {"codice_processo": "D.1.3.2"},
            {"codice_processo": "D6.1.2"},
            {"codice_processo": "D.1.3.1"},
            {"codice_processo": "D6.1"},
            {"codice_processo": "D6.1.31"},
            {"codice_processo": "C2.7.2"},
        ],
        "200",
        [0, 1],
    ),
    _risorse("equal lines of cost all count, for they have no key", [{}, {}, {}], "300", [0, 1, 2]),
    _risorse("a header alone of costs is 0 euro", [], "0", []),
    _risorse("costs are taken whole in an open year", [{}, {}], "200", [0, 1], 2021),
    _imprese(
        "the active firms are those of the latest data_riferimento, over every legal form",
        [
            {"data_riferimento": date(2020, 9, 30), "attive": 999},
            {"data_riferimento": SAN_SILVESTRO, "attive": 30, "registrate": 40},
            {"data_riferimento": SAN_SILVESTRO, "attive": 50, "registrate": 60},
            {"data_riferimento": SAN_SILVESTRO, "attive": 0},
            {"data_riferimento": DOPO, "attive": 999},
        ],
        80,
        [1, 2, 3],
    ),
    _imprese(
        "the latest data_riferimento may be of an earlier year",
        [
            {"data_riferimento": date(2018, 12, 31), "attive": 10},
            {"data_riferimento": date(2017, 12, 31), "attive": 999},
            {"data_riferimento": DOPO, "attive": 999},
        ],
        10,
        [0],
    ),
    _imprese(
        "in an open year a data_riferimento after the day it speaks for is not there",
        [
            {"data_riferimento": OGGI, "attive": 7},
            {"data_riferimento": DOMANI, "attive": 999},
            {"data_riferimento": date(2021, 3, 31), "attive": 999},
        ],
        7,
        [0],
        2021,
    ),
    _senza_imprese("no active firms, no value", [{"attive": 0}], [0]),
    _senza_imprese("no firms on or before D, no value", [{"data_riferimento": DOPO}], []),
    _senza_imprese("a header alone of firms, no value", [], []),
    dati_mancanti("RISORSE_INNOVAZIONE_PER_IMPRESA", "absent firms are missing", {COSTI: [{}]}),
    dati_mancanti("RISORSE_INNOVAZIONE_PER_IMPRESA", "absent costs are missing", CENTO_IMPRESE),
    dati_mancanti(
        "RISORSE_INNOVAZIONE_PER_IMPRESA",
        "missing data win over a denominator of 0",
        {IMPRESE: []},
    ),
    dati_mancanti(
        "RISORSE_INNOVAZIONE_PER_IMPRESA",
        "a refused extract is missing even where the other is whole",
        {COSTI: RIFIUTATO, IMPRESE: [{}]},
    ),
]

INTERVENTI = "contabilita/interventi_economici"

DIRETTA, CONTRIBUTO, ALTRO = "GESTIONE_DIRETTA", "CONTRIBUTO_IMPRESE", "ALTRO"


def _intervento(modalita: str, importo: str, data: date = date(2020, 5, 5)) -> Parziale:
    return {"modalita": modalita, "importo": _euro(importo), "data": data}


def _quote(
    dice: str,
    righe: Sequence[Parziale],
    dirette: str,
    contributi: str,
    totale: str,
    contano: Sequence[int],
    anno: int = 2020,
) -> list[Caso]:
    """The two shares of the same interventions; of a total that is not above 0 there is none."""
    forma = rapporto if Fraction(totale) > 0 else non_calcolabile
    return [
        forma(codice, dice, {INTERVENTI: righe}, parte, totale, {INTERVENTI: contano}, anno)
        for codice, parte in (
            ("INCIDENZA_GESTIONE_DIRETTA", dirette),
            ("INCIDENZA_CONTRIBUTI_IMPRESE", contributi),
        )
    ]


QUOTE = [
    *_quote(
        "every intervention is in the denominator, one modalita in the numerator",
        [
            _intervento(DIRETTA, "2.01"),
            _intervento(CONTRIBUTO, "10.00"),
            _intervento("AZIENDA_SPECIALE", "0.50"),
            _intervento("QUOTA_ASSOCIATIVA", "1.00"),
            _intervento(ALTRO, "2.00"),
        ],
        "2.01",
        "10",
        "15.51",
        [0, 1, 2, 3, 4],
    ),
    *_quote(
        "1 January and 31 December are in the period",
        [
            _intervento(DIRETTA, "1.00", CAPODANNO),
            _intervento(DIRETTA, "0.50", SAN_SILVESTRO),
            _intervento(CONTRIBUTO, "2.00", SAN_SILVESTRO),
            _intervento(CONTRIBUTO, "0.25", CAPODANNO),
            _intervento(DIRETTA, "40.00", VIGILIA),
            _intervento(CONTRIBUTO, "80.00", DOPO),
            _intervento(DIRETTA, "160.00", DOPO),
            _intervento(CONTRIBUTO, "320.00", VIGILIA),
        ],
        "1.5",
        "2.25",
        "3.75",
        [0, 1, 2, 3],
    ),
    *_quote(
        "an open year ends on the day it speaks for",
        [
            _intervento(DIRETTA, "1.00", OGGI),
            _intervento(CONTRIBUTO, "2.00", OGGI),
            _intervento(ALTRO, "4.00", DOPO),
            _intervento(DIRETTA, "40.00", DOMANI),
            _intervento(CONTRIBUTO, "80.00", SAN_SILVESTRO),
        ],
        "1",
        "2",
        "7",
        [0, 1, 2],
        2021,
    ),
    *_quote(
        "a reversal subtracts, above and below, even beyond 0 and 100",
        [_intervento(DIRETTA, "100.00"), _intervento(CONTRIBUTO, "-60.00")],
        "100",
        "-60",
        "40",
        [0, 1],
    ),
    *_quote(
        "none of the modalita is a share of 0, and a 0 euro line still counts",
        [
            _intervento(ALTRO, "40.00"),
            _intervento(DIRETTA, "0.00"),
            _intervento(CONTRIBUTO, "0.00"),
        ],
        "0",
        "0",
        "40",
        [0, 1, 2],
    ),
    *_quote(
        "cents are exact at a hundred billion euro",
        [_intervento(DIRETTA, "99999999999.99"), _intervento(CONTRIBUTO, "99999999999.98")],
        "99999999999.99",
        "99999999999.98",
        "199999999999.97",
        [0, 1],
    ),
    *_quote(
        "a total of 0 has no share, and keeps what is known",
        [_intervento(DIRETTA, "100.00"), _intervento(CONTRIBUTO, "-100.00")],
        "100",
        "-100",
        "0",
        [0, 1],
    ),
    *_quote(
        "a negative total has no share, and keeps what is known",
        [_intervento(DIRETTA, "-100.00"), _intervento(CONTRIBUTO, "50.00")],
        "-100",
        "50",
        "-50",
        [0, 1],
    ),
    *_quote("a header alone has no share", [], "0", "0", "0", []),
    *_quote(
        "an open year with nothing to divide by has no share",
        [_intervento(DIRETTA, "5.00", DOMANI), _intervento(CONTRIBUTO, "5.00", DOMANI)],
        "0",
        "0",
        "0",
        [],
        2021,
    ),
    *(
        dati_mancanti(codice, dice, estratti)
        for codice in ("INCIDENZA_GESTIONE_DIRETTA", "INCIDENZA_CONTRIBUTI_IMPRESE")
        for dice, estratti in (
            ("an absent extract is missing", {}),
            ("a refused extract is missing", {INTERVENTI: RIFIUTATO}),
        )
    ),
]


DOMANDE = [
    *periodo("DOMANDE_PROPRIETA_INDUSTRIALE", "brevetti/domande", "data_deposito"),
    conta(
        "DOMANDE_PROPRIETA_INDUSTRIALE",
        "brevetti/domande",
        "every tipologia counts but ALTRO",
        [
            {"tipologia": t}
            for t in (
                "INVENZIONE",
                "MODELLO_UTILITA",
                "DISEGNO_MODELLO",
                "MARCHIO",
                "SEGUITO",
                "ALTRO",
            )
        ],
        [0, 1, 2, 3, 4],
    ),
]

PROCEDIMENTI, FTE = "conciliazione/procedimenti", "kronos/fte"
UN_ADDETTO = {FTE: UNA_RIGA}


def _gestite(dice: str, righe: Sequence[Parziale], contano: Sequence[int], anno: int) -> Caso:
    """Procedures handled, over one full-time equivalent."""
    return rapporto(
        "CONCILIAZIONI_PER_FTE",
        dice,
        {PROCEDIMENTI: righe, **UN_ADDETTO},
        len(contano),
        1,
        {PROCEDIMENTI: contano, FTE: [0]},
        anno,
    )


def _addetti(dice: str, righe: Sequence[Parziale], fte: str, contano: Sequence[int]) -> Caso:
    """One procedure over the full-time equivalents of some rows."""
    return rapporto(
        "CONCILIAZIONI_PER_FTE",
        dice,
        {PROCEDIMENTI: [{}], FTE: righe},
        1,
        fte,
        {PROCEDIMENTI: [0], FTE: contano},
    )


def _tempo(tempo: str, mesi: str = "12", part_time: str = "100", **altro: object) -> Parziale:
    return {
        "percentuale_tempo": Decimal(tempo),
        "mesi_servizio": Decimal(mesi),
        "percentuale_part_time": Decimal(part_time),
        **altro,
    }


CONCILIAZIONI = [
    _gestite(
        "mediations and conciliations count, arbitrations do not",
        [{"tipo": "MEDIAZIONE"}, {"tipo": "CONCILIAZIONE"}, {"tipo": "ARBITRATO"}],
        [0, 1],
        2020,
    ),
    _gestite(
        "a procedure counts in every year in which it is open",
        [
            {"data_avvio": date(2015, 5, 5), "data_conclusione": None},
            {"data_avvio": date(2015, 5, 5), "data_conclusione": CAPODANNO},
            {"data_avvio": date(2015, 5, 5), "data_conclusione": date(2022, 2, 2)},
            {"data_avvio": SAN_SILVESTRO, "data_conclusione": date(2021, 3, 3)},
            {"data_avvio": date(2015, 5, 5), "data_conclusione": VIGILIA},
            {"data_avvio": DOPO, "data_conclusione": None},
            {"data_avvio": DOPO, "data_conclusione": date(2021, 3, 3)},
        ],
        [0, 1, 2, 3],
        2020,
    ),
    _gestite(
        "in an open year a procedure begun after the day it speaks for is not there",
        [
            {"data_avvio": OGGI},
            {"data_avvio": date(2020, 6, 6), "data_conclusione": DOPO},
            {"data_avvio": OGGI, "data_conclusione": DOMANI},
            {"data_avvio": DOMANI},
            {"data_avvio": date(2020, 6, 6), "data_conclusione": SAN_SILVESTRO},
        ],
        [0, 1, 2],
        2021,
    ),
    _gestite("a header alone of procedures is 0 per person", [], [], 2020),
    _addetti(
        "internal and external time counts, on C2.7.2 alone",
        [
            _tempo("50", natura="INTERNO"),
            _tempo("25", natura="ESTERNO"),
            _tempo("100", codice_processo="C2.7.1"),
            _tempo("100", codice_processo="C2.7.20"),
            _tempo("100", codice_processo="D6.1.3"),
        ],
        "0.75",
        [0, 1],
    ),
    _addetti(
        "time, months and part time multiply",
        [_tempo("80", "6", "75"), _tempo("12.5", "4.5", "83.33")],
        "0.339060937500",
        [0, 1],
    ),
    _addetti(
        "a row of no time, or of no months, counts for 0",
        [_tempo("100"), _tempo("0"), _tempo("100", mesi="0")],
        "1",
        [0, 1, 2],
    ),
    _addetti(
        "one person may stand on the process twice, by natura",
        [
            _tempo("40", matricola="A", natura="INTERNO"),
            _tempo("60", matricola="A", natura="ESTERNO"),
        ],
        "1",
        [0, 1],
    ),
    _addetti(
        "each row is rounded to 12 decimals before the sum",
        # each is 0,064814813518518525; twice that would be 0,129629627037
        [_tempo("33.333333", "7", "33.333333"), _tempo("33.333333", "7", "33.333333")],
        "0.129629627038",
        [0, 1],
    ),
    _addetti(
        "a row that ends in half is rounded up",
        # 0,06 * 0,001 * 0,001 / 120000 = 0,0000000000005 exactly
        [_tempo("0.06", "0.001", "0.001"), _tempo("0.06", "0.001", "0.001")],
        "0.000000000002",
        [0, 1],
    ),
    non_calcolabile(
        "CONCILIAZIONI_PER_FTE",
        "rows too small for 12 decimals are nobody",
        {PROCEDIMENTI: [{}], FTE: [_tempo("0.01", "0.001", "0.001")]},
        1,
        0,
        {PROCEDIMENTI: [0], FTE: [0]},
    ),
    non_calcolabile(
        "CONCILIAZIONI_PER_FTE",
        "nobody on the process, no value",
        {PROCEDIMENTI: [{}, {}], FTE: [{"codice_processo": "A1.1.1"}]},
        2,
        0,
        {PROCEDIMENTI: [0, 1]},
    ),
    non_calcolabile(
        "CONCILIAZIONI_PER_FTE",
        "a header alone of time, no value",
        {PROCEDIMENTI: [{}], FTE: []},
        1,
        0,
        {PROCEDIMENTI: [0]},
    ),
    dati_mancanti("CONCILIAZIONI_PER_FTE", "absent procedures are missing", UN_ADDETTO),
    dati_mancanti("CONCILIAZIONI_PER_FTE", "absent time is missing", {PROCEDIMENTI: [{}]}),
    dati_mancanti(
        "CONCILIAZIONI_PER_FTE",
        "refused time is missing",
        {PROCEDIMENTI: [{}], FTE: RIFIUTATO},
    ),
    dati_mancanti("CONCILIAZIONI_PER_FTE", "missing data win over no time at all", {FTE: []}),
]

VERIFICHE = [
    *periodo("VERIFICHE_METRICHE", "metrico/attivita", "data"),
    conta(
        "VERIFICHE_METRICHE",
        "metrico/attivita",
        "every tipo counts",
        [{"tipo": t} for t in ("VERIFICA_PRIMA", "VERIFICA_PERIODICA", "SORVEGLIANZA")],
        [0, 1, 2],
    ),
]

PRATICHE = "registro_imprese/pratiche"


def _pratica(arrivo: datetime, chiusura: datetime | None, giorni: int | None = 0) -> Parziale:
    return {
        "data_ora_arrivo": arrivo,
        "data_ora_chiusura": chiusura,
        "giorni_sospensione": giorni,
    }


def _tempi(
    dice: str, righe: Sequence[Parziale], giorni: int, contano: Sequence[int], anno: int = 2020
) -> Caso:
    return rapporto(
        "TEMPO_MEDIO_PRATICHE_RI",
        dice,
        {PRATICHE: righe},
        giorni,
        len(contano),
        {PRATICHE: contano},
        anno,
    )


TEMPI = [
    _tempi(
        "days are those of the calendar, not of 24 hours",
        [
            _pratica(datetime(2020, 5, 4, 23, 59, 59), datetime(2020, 5, 5, 0, 0, 0)),
            _pratica(datetime(2020, 5, 4, 0, 0, 1), datetime(2020, 5, 4, 23, 59, 59)),
            _pratica(datetime(2020, 5, 4, 18, 0), datetime(2020, 5, 6, 9, 0)),
            _pratica(datetime(2020, 2, 28, 12, 0), datetime(2020, 3, 1, 12, 0)),
        ],
        5,
        [0, 1, 2, 3],
    ),
    _tempi(
        "a summer-time change does not lose or gain a day",
        [
            _pratica(datetime(2020, 3, 28, 23, 30), datetime(2020, 3, 30, 0, 30)),
            _pratica(datetime(2020, 10, 24, 23, 30), datetime(2020, 10, 26, 0, 30)),
        ],
        4,
        [0, 1],
    ),
    _tempi(
        "suspended days are taken off, each row down to 0 and no lower",
        [
            _pratica(datetime(2020, 5, 1, 9), datetime(2020, 5, 11, 9), 4),
            _pratica(datetime(2020, 5, 1, 9), datetime(2020, 5, 3, 9), 2),
            _pratica(datetime(2020, 5, 1, 9), datetime(2020, 5, 3, 9), 50),
            _pratica(datetime(2020, 5, 1, 9), datetime(2020, 5, 4, 9), None),
        ],
        9,
        [0, 1, 2, 3],
    ),
    _tempi(
        "only telematic pratiche that were processed count",
        [
            {},
            {"canale": "CARTACEA"},
            {"esito": "RIFIUTATA"},
            {"esito": "IN_LAVORAZIONE"},
            {"esito": "IN_LAVORAZIONE", "data_ora_chiusura": None},
        ],
        1,
        [0],
    ),
    _tempi(
        "the closing date is in the period, to the last minute; the arrival may be earlier",
        [
            _pratica(datetime(2019, 12, 30, 9), datetime(2020, 1, 1, 0, 0)),
            _pratica(datetime(2020, 12, 30, 9), datetime(2020, 12, 31, 23, 59, 59)),
            _pratica(datetime(2019, 12, 20, 9), datetime(2019, 12, 31, 23, 59, 59)),
            _pratica(datetime(2020, 12, 20, 9), datetime(2021, 1, 1, 0, 0)),
        ],
        3,
        [0, 1],
    ),
    _tempi(
        "an open year ends at the end of the day it speaks for",
        [
            _pratica(datetime(2021, 6, 28, 9), datetime(2021, 6, 30, 23, 59, 59)),
            _pratica(datetime(2021, 6, 20, 9), datetime(2021, 7, 1, 0, 0)),
        ],
        2,
        [0],
        2021,
    ),
    _tempi(
        "a mean that does not end is kept to 12 decimals",
        [
            _pratica(datetime(2020, 5, 1, 9), datetime(2020, 5, 1, 10)),
            _pratica(datetime(2020, 5, 1, 9), datetime(2020, 5, 2, 10)),
            _pratica(datetime(2020, 5, 1, 9), datetime(2020, 5, 2, 10)),
        ],
        2,
        [0, 1, 2],
    ),
    non_calcolabile(
        "TEMPO_MEDIO_PRATICHE_RI",
        "no pratica closed, no mean",
        {PRATICHE: [{"canale": "CARTACEA"}]},
        0,
        0,
        {},
    ),
    non_calcolabile(
        "TEMPO_MEDIO_PRATICHE_RI", "a header alone has no mean", {PRATICHE: []}, 0, 0, {}
    ),
    dati_mancanti("TEMPO_MEDIO_PRATICHE_RI", "absent pratiche are missing", {}),
    dati_mancanti("TEMPO_MEDIO_PRATICHE_RI", "refused pratiche are missing", {PRATICHE: RIFIUTATO}),
]

DELIBERE = [
    *periodo("DELIBERE", "segreteria/atti", "data"),
    conta(
        "DELIBERE",
        "segreteria/atti",
        "resolutions of Giunta and Consiglio count, the commissioner's and others' do not",
        [
            {"organo": o, "tipo_atto": t}
            for t in ("DELIBERA", "DETERMINA")
            for o in ("GIUNTA", "CONSIGLIO", "COMMISSARIO", "PRESIDENTE", "SEGRETARIO_GENERALE")
        ],
        [0, 1],
    ),
    conta(
        "DELIBERE",
        "segreteria/atti",
        "one number may stand for two organs and in two years",
        [
            {"numero": 1, "organo": "GIUNTA"},
            {"numero": 1, "organo": "CONSIGLIO"},
            {"numero": 1, "organo": "GIUNTA", "data": date(2019, 3, 15)},
        ],
        [0, 1],
    ),
]

SEDUTE = [
    *periodo("SEDUTE", "segreteria/sedute", "data"),
    conta(
        "SEDUTE",
        "segreteria/sedute",
        "sittings held count, of either organ",
        [
            {"organo": o, "esito": e}
            for e in ("SVOLTA", "DESERTA", "RINVIATA")
            for o in ("GIUNTA", "CONSIGLIO")
        ],
        [0, 1],
    ),
]

GRIGLIA = "segreteria/trasparenza"


def _obbligo(punteggio: str | None, massimo: str | None, applicabile: bool = True) -> Parziale:
    return {
        "punteggio": None if punteggio is None else Decimal(punteggio),
        "punteggio_massimo": None if massimo is None else Decimal(massimo),
        "applicabile": applicabile,
    }


TRASPARENZA = [
    rapporto(
        "INDICE_TRASPARENZA",
        "the scores of the applicable obligations alone, summed and then divided",
        {
            GRIGLIA: [
                _obbligo("3", "3"),
                _obbligo("0.5", "2.25"),
                _obbligo("0", "1"),
                _obbligo("7", "9", applicabile=False),
                _obbligo(None, None, applicabile=False),
                _obbligo(None, "9", applicabile=False),
            ]
        },
        "3.5",
        "6.25",
        {GRIGLIA: [0, 1, 2]},
    ),
    rapporto(
        "INDICE_TRASPARENZA",
        "the grid has no dates, and is taken whole in an open year",
        {GRIGLIA: [_obbligo("2.333333", "3"), _obbligo("1", "1")]},
        "3.333333",
        "4",
        {GRIGLIA: [0, 1]},
        2021,
    ),
    non_calcolabile(
        "INDICE_TRASPARENZA",
        "no applicable obligation, no index",
        {GRIGLIA: [_obbligo("1", "1", applicabile=False)]},
        0,
        0,
        {},
    ),
    non_calcolabile("INDICE_TRASPARENZA", "a header alone has no index", {GRIGLIA: []}, 0, 0, {}),
    dati_mancanti("INDICE_TRASPARENZA", "an absent grid is missing", {}),
    dati_mancanti("INDICE_TRASPARENZA", "a refused grid is missing", {GRIGLIA: RIFIUTATO}),
]

ACCESSI = "segreteria/accessi"


def _accesso(
    tipo: str,
    presentazione: date | None,
    risposta: date | None,
    sospensione: int | None = 0,
    protocollo: date | None = None,
) -> Parziale:
    """A request; `protocollo` is the day of presentation where it is not given."""
    return {
        "tipo": tipo,
        "data_presentazione": presentazione,
        "data_protocollo": protocollo or presentazione,
        "data_risposta": risposta,
        "giorni_sospensione": sospensione,
    }


CIVICO, DOCUMENTALE, SEMPLICE = "CIVICO_GENERALIZZATO", "DOCUMENTALE_241", "CIVICO_SEMPLICE"
MARZO = date(2020, 3, 1)


def _dopo(giorni: int, da: date = MARZO) -> date:
    return da + timedelta(days=giorni)


def _accessi(
    dice: str,
    righe: Sequence[Parziale],
    nei_termini: int,
    contano: Sequence[int],
    anno: int = 2020,
) -> Caso:
    return rapporto(
        "ACCESSI_NEI_TERMINI",
        dice,
        {ACCESSI: righe},
        nei_termini,
        len(contano),
        {ACCESSI: contano},
        anno,
    )


ACCESSI_CASI = [
    _accessi(
        "generalised civic and documentary requests count, simple civic ones do not",
        [
            _accesso(CIVICO, MARZO, _dopo(5)),
            _accesso(DOCUMENTALE, MARZO, _dopo(5)),
            _accesso(SEMPLICE, MARZO, _dopo(5)),
            _accesso(SEMPLICE, MARZO, None),
        ],
        2,
        [0, 1],
    ),
    _accessi(
        "the thirtieth day is in time, the thirty-first is not",
        [
            _accesso(CIVICO, MARZO, _dopo(30)),
            _accesso(DOCUMENTALE, MARZO, _dopo(30)),
            _accesso(CIVICO, MARZO, _dopo(31)),
            _accesso(DOCUMENTALE, MARZO, _dopo(31)),
        ],
        2,
        [0, 1, 2, 3],
    ),
    _accessi(
        "suspension lengthens the term of a generalised civic request by its days",
        [_accesso(CIVICO, MARZO, _dopo(34), 4), _accesso(CIVICO, MARZO, _dopo(35), 4)],
        1,
        [0, 1],
    ),
    _accessi(
        "suspension lengthens a term by ten days at most",
        [
            _accesso(CIVICO, MARZO, _dopo(40), 10),
            _accesso(CIVICO, MARZO, _dopo(40), 25),
            _accesso(CIVICO, MARZO, _dopo(41), 25),
            _accesso(CIVICO, MARZO, _dopo(41), 11),
        ],
        2,
        [0, 1, 2, 3],
    ),
    _accessi(
        "suspension does not lengthen the term of a documentary request",
        [
            _accesso(DOCUMENTALE, MARZO, _dopo(31), 10),
            _accesso(DOCUMENTALE, MARZO, _dopo(30), 10),
        ],
        1,
        [0, 1],
    ),
    _accessi(
        "a missing suspension is none",
        [_accesso(CIVICO, MARZO, _dopo(30), None), _accesso(CIVICO, MARZO, _dopo(31), None)],
        1,
        [0, 1],
    ),
    _accessi(
        "the term runs from the presentation, not from the protocol",
        [
            _accesso(DOCUMENTALE, MARZO, _dopo(31), protocollo=_dopo(5)),
            _accesso(DOCUMENTALE, MARZO, _dopo(30), protocollo=_dopo(5)),
        ],
        1,
        [0, 1],
    ),
    _accessi(
        "a missing presentation is the day of the protocol",
        [
            _accesso(DOCUMENTALE, None, _dopo(30), protocollo=MARZO),
            _accesso(DOCUMENTALE, None, _dopo(31), protocollo=MARZO),
        ],
        1,
        [0, 1],
    ),
    _accessi(
        "the protocol is in the period, whenever it was presented or answered",
        [
            _accesso(DOCUMENTALE, date(2019, 12, 20), date(2020, 1, 10), protocollo=CAPODANNO),
            _accesso(DOCUMENTALE, SAN_SILVESTRO, date(2021, 1, 5)),
            _accesso(DOCUMENTALE, VIGILIA, date(2020, 1, 5)),
            _accesso(DOCUMENTALE, date(2020, 12, 20), date(2021, 1, 5), protocollo=DOPO),
        ],
        2,
        [0, 1],
    ),
    _accessi(
        "in a closed year a request with no answer is not in time, though its term has not passed",
        [_accesso(DOCUMENTALE, date(2020, 12, 30), None), _accesso(CIVICO, MARZO, None)],
        0,
        [0, 1],
    ),
    _accessi(
        "in a closed year an answer of the next year counts",
        [
            _accesso(DOCUMENTALE, date(2020, 12, 30), date(2021, 1, 29)),
            _accesso(DOCUMENTALE, date(2020, 12, 30), date(2021, 1, 30)),
        ],
        1,
        [0, 1],
    ),
    _accessi(
        "in an open year a request with no answer is left out until its term has passed",
        [
            _accesso(DOCUMENTALE, _dopo(-30, OGGI), None),
            _accesso(DOCUMENTALE, OGGI, None),
            _accesso(DOCUMENTALE, _dopo(-31, OGGI), None),
            _accesso(DOCUMENTALE, _dopo(-31, OGGI), _dopo(-2, OGGI)),
        ],
        1,
        [2, 3],
        2021,
    ),
    _accessi(
        "in an open year suspension keeps a generalised civic request waiting, no other",
        [
            _accesso(CIVICO, _dopo(-40, OGGI), None, 15),
            _accesso(CIVICO, _dopo(-41, OGGI), None, 15),
            _accesso(CIVICO, _dopo(-33, OGGI), None, 3),
            _accesso(CIVICO, _dopo(-34, OGGI), None, 3),
            _accesso(DOCUMENTALE, _dopo(-31, OGGI), None, 15),
            _accesso(DOCUMENTALE, _dopo(-31, OGGI), OGGI, 15),
        ],
        0,
        [1, 3, 4, 5],
        2021,
    ),
    _accessi(
        "in an open year an answer later than the day it speaks for counts, in time or not",
        [
            _accesso(DOCUMENTALE, _dopo(-5, OGGI), DOMANI),
            _accesso(DOCUMENTALE, _dopo(-29, OGGI), _dopo(2, OGGI)),
            _accesso(DOCUMENTALE, _dopo(-40, OGGI), DOMANI),
            _accesso(DOCUMENTALE, DOMANI, _dopo(3, OGGI)),
        ],
        1,
        [0, 1, 2],
        2021,
    ),
    non_calcolabile(
        "ACCESSI_NEI_TERMINI",
        "an open year in which every request waits has no value",
        {ACCESSI: [_accesso(DOCUMENTALE, OGGI, None)]},
        0,
        0,
        {},
        2021,
    ),
    non_calcolabile("ACCESSI_NEI_TERMINI", "a header alone has no value", {ACCESSI: []}, 0, 0, {}),
    dati_mancanti("ACCESSI_NEI_TERMINI", "absent requests are missing", {}),
    dati_mancanti("ACCESSI_NEI_TERMINI", "refused requests are missing", {ACCESSI: RIFIUTATO}),
]

PERSONALE = "segreteria/personale"


def _rapporto_di_lavoro(
    matricola: str, inizio: date, fine: date | None = None, contratto: str = "TI"
) -> Parziale:
    return {
        "matricola": matricola,
        "data_inizio": inizio,
        "data_fine": fine,
        "contratto": contratto,
    }


def _persone(codice: str, eventi: str, ogni_contratto: bool) -> list[Caso]:
    """Welfare (any contract qualifies) and training (TI and TD alone)."""

    def caso(
        dice: str,
        personale: Sequence[Parziale],
        serviti: Sequence[Parziale],
        numeratore: int,
        contano: Sequence[int],
        anno: int = 2020,
    ) -> Caso:
        return rapporto(
            codice,
            dice,
            {PERSONALE: personale, eventi: serviti},
            numeratore,
            len(contano),
            {PERSONALE: contano},
            anno,
        )

    vecchio = date(2010, 1, 1)
    in_servizio = [
        _rapporto_di_lavoro("A", vecchio),
        _rapporto_di_lavoro("B", vecchio, SAN_SILVESTRO),
        _rapporto_di_lavoro("C", SAN_SILVESTRO),
        _rapporto_di_lavoro("D", vecchio, date(2030, 1, 1)),
        _rapporto_di_lavoro("E", vecchio, date(2020, 12, 30)),
        _rapporto_di_lavoro("F", DOPO),
    ]
    in_servizio_oggi = [
        _rapporto_di_lavoro("A", OGGI, OGGI),
        _rapporto_di_lavoro("B", vecchio, _dopo(-1, OGGI)),
        _rapporto_di_lavoro("C", DOMANI),
    ]
    periodo_di = [
        {"matricola": "A", "data": CAPODANNO},
        {"matricola": "B", "data": SAN_SILVESTRO},
        {"matricola": "C", "data": VIGILIA},
        {"matricola": "D", "data": DOPO},
    ]
    quattro = [_rapporto_di_lavoro(m, vecchio) for m in "ABCD"]
    contratti = [
        _rapporto_di_lavoro(c, vecchio, contratto=c)
        for c in ("TI", "TD", "DIRIGENTE", "SEGRETARIO_GENERALE")
    ]
    tutti_serviti = [{"matricola": c["matricola"]} for c in contratti]
    qualificati = [0, 1, 2, 3] if ogni_contratto else [0, 1]
    due_rapporti = [
        _rapporto_di_lavoro("A", date(2012, 1, 1)),
        _rapporto_di_lavoro("A", date(2016, 1, 1)),
        _rapporto_di_lavoro("A", vecchio),
        _rapporto_di_lavoro("A", DOPO),
        _rapporto_di_lavoro("A", date(2018, 1, 1), date(2019, 1, 1)),
        _rapporto_di_lavoro("B", vecchio),
    ]
    promosso = [
        _rapporto_di_lavoro("A", vecchio),
        _rapporto_di_lavoro("A", date(2018, 1, 1), contratto="DIRIGENTE"),
    ]
    return [
        caso(
            "people in service at D are the denominator, by the first and last day",
            in_servizio,
            [{"matricola": m} for m in "AEF"],
            1,
            [0, 1, 2, 3],
        ),
        caso(
            "in an open year people in service are those of the day it speaks for",
            in_servizio_oggi,
            [{"matricola": m} for m in "ABC"],
            1,
            [0],
            2021,
        ),
        caso(
            "a person is served by a row between 1 January and 31 December",
            quattro,
            periodo_di,
            2,
            [0, 1, 2, 3],
        ),
        caso(
            "in an open year a person is served by a row up to the day it speaks for",
            quattro,
            [
                {"matricola": "A", "data": DOPO},
                {"matricola": "B", "data": OGGI},
                {"matricola": "C", "data": DOMANI},
                {"matricola": "D", "data": SAN_SILVESTRO},
            ],
            2,
            [0, 1, 2, 3],
            2021,
        ),
        caso(
            "a person served many times counts once",
            quattro,
            [{"matricola": "A"}, {"matricola": "A"}, {"matricola": "A", "data": CAPODANNO}],
            1,
            [0, 1, 2, 3],
        ),
        caso(
            "the contracts that qualify are counted, each kind of them",
            contratti,
            tutti_serviti,
            len(qualificati),
            qualificati,
        ),
        caso(
            "a person with many rows counts once, on the latest that qualifies",
            due_rapporti,
            [{"matricola": "A"}],
            1,
            [1, 5],
        ),
        caso(
            "a later row whose contract does not qualify does not hide an earlier one that does",
            promosso,
            [{"matricola": "A"}],
            1,
            [1] if ogni_contratto else [0],
        ),
        caso(
            "rows of people who are not in service serve nobody",
            [_rapporto_di_lavoro("A", vecchio)],
            [{"matricola": "X"}, {"matricola": "Y"}],
            0,
            [0],
        ),
        caso("a header alone serves nobody", quattro, [], 0, [0, 1, 2, 3]),
        non_calcolabile(
            codice,
            "nobody in service, no value",
            {PERSONALE: [_rapporto_di_lavoro("A", DOPO)], eventi: [{"matricola": "A"}]},
            0,
            0,
            {},
        ),
        non_calcolabile(
            codice, "a header alone of people, no value", {PERSONALE: [], eventi: [{}]}, 0, 0, {}
        ),
        dati_mancanti(codice, "absent people are missing", {eventi: [{}]}),
        dati_mancanti(codice, "an absent list of the served is missing", {PERSONALE: [{}]}),
        dati_mancanti(
            codice,
            "a refused list of the served is missing",
            {PERSONALE: [{}], eventi: RIFIUTATO},
        ),
        dati_mancanti(codice, "missing data win over nobody in service", {PERSONALE: []}),
    ]


PAGAMENTI = "provveditorato/pagamenti"


def _pagamento(
    imponibile: str, iva: str = "0.00", canale: str = "FUORI_MERCATO", **altro: object
) -> Parziale:
    return {"imponibile": _euro(imponibile), "iva": _euro(iva), "canale": canale, **altro}


def _siope(*codici: str) -> list[Parziale]:
    return [{"codice_siope": c} for c in codici]


CONSIP = [
    rapporto(
        "INCIDENZA_CONSIP",
        "framework agreements and the electronic market are above, every channel is below",
        {
            PAGAMENTI: [
                _pagamento("1.00", canale="CONVENZIONE_CONSIP"),
                _pagamento("20.00", canale="ACCORDO_QUADRO"),
                _pagamento("300.00", canale="MEPA"),
                _pagamento("4000.00", canale="FUORI_MERCATO"),
            ]
        },
        321,
        4321,
        {PAGAMENTI: [0, 1, 2, 3]},
    ),
    rapporto(
        "INCIDENZA_CONSIP",
        "VAT is in both, row by row",
        {
            PAGAMENTI: [
                _pagamento("100.00", "22.00", "MEPA"),
                _pagamento("100.00", "4.01"),
                _pagamento("0.00", "0.01", "MEPA"),
            ]
        },
        "122.01",
        "226.02",
        {PAGAMENTI: [0, 1, 2]},
    ),
    rapporto(
        "INCIDENZA_CONSIP",
        "goods and services are the SIOPE codes 2101..2127, 2298, 2299",
        {
            PAGAMENTI: [
                *_siope("2101", "2127", "2298", "2299", "2110"),
                *_siope("2100", "2128", "2297", "2300", "0210", "2001", "2198", "3101"),
            ]
        },
        610,
        610,
        {PAGAMENTI: [0, 1, 2, 3, 4]},
    ),
    rapporto(
        "INCIDENZA_CONSIP",
        "a reversal subtracts, above and below",
        {
            PAGAMENTI: [
                _pagamento("100.00", "22.00", "MEPA"),
                _pagamento("-50.00", "-11.00", "MEPA"),
                _pagamento("100.00", "22.00"),
                _pagamento("-50.00", "0.00"),
            ]
        },
        61,
        133,
        {PAGAMENTI: [0, 1, 2, 3]},
    ),
    rapporto(
        "INCIDENZA_CONSIP",
        "1 January and 31 December are in the period",
        {
            PAGAMENTI: [
                _pagamento("1.00", canale="MEPA", data_pagamento=CAPODANNO),
                _pagamento("2.00", data_pagamento=SAN_SILVESTRO),
                _pagamento("40.00", canale="MEPA", data_pagamento=VIGILIA),
                _pagamento("80.00", data_pagamento=DOPO),
            ]
        },
        1,
        3,
        {PAGAMENTI: [0, 1]},
    ),
    rapporto(
        "INCIDENZA_CONSIP",
        "an open year ends on the day it speaks for",
        {
            PAGAMENTI: [
                _pagamento("1.00", canale="MEPA", data_pagamento=DOPO),
                _pagamento("2.00", data_pagamento=OGGI),
                _pagamento("40.00", canale="MEPA", data_pagamento=DOMANI),
                _pagamento("80.00", data_pagamento=SAN_SILVESTRO),
            ]
        },
        1,
        3,
        {PAGAMENTI: [0, 1]},
        2021,
    ),
    rapporto(
        "INCIDENZA_CONSIP",
        "the lines of one order are one payment each",
        {
            PAGAMENTI: [
                _pagamento("1.00", canale="MEPA", numero_mandato="7", riga=1),
                _pagamento("2.00", numero_mandato="7", riga=2),
                _pagamento("1.00", canale="MEPA", numero_mandato="8", riga=None),
            ]
        },
        2,
        4,
        {PAGAMENTI: [0, 1, 2]},
    ),
    rapporto(
        "INCIDENZA_CONSIP",
        "a CIG is not asked for",
        {PAGAMENTI: [_pagamento("1.00", canale="MEPA", cig=None), _pagamento("1.00", cig=None)]},
        1,
        2,
        {PAGAMENTI: [0, 1]},
    ),
    rapporto(
        "INCIDENZA_CONSIP",
        "cents are exact at a hundred billion euro",
        {PAGAMENTI: [_pagamento("99999999999.99", "99999999999.99", "MEPA"), _pagamento("0.01")]},
        "199999999999.98",
        "199999999999.99",
        {PAGAMENTI: [0, 1]},
    ),
    non_calcolabile(
        "INCIDENZA_CONSIP",
        "payments that cancel out have no share, and keep what is known",
        {PAGAMENTI: [_pagamento("5.00", canale="MEPA"), _pagamento("-5.00")]},
        5,
        0,
        {PAGAMENTI: [0, 1]},
    ),
    non_calcolabile(
        "INCIDENZA_CONSIP",
        "a negative total has no share, and keeps what is known",
        {PAGAMENTI: [_pagamento("5.00", canale="MEPA"), _pagamento("-7.00")]},
        5,
        -2,
        {PAGAMENTI: [0, 1]},
    ),
    non_calcolabile(
        "INCIDENZA_CONSIP",
        "no payment for goods and services, no share",
        {PAGAMENTI: _siope("1101", "3101")},
        0,
        0,
        {},
    ),
    non_calcolabile("INCIDENZA_CONSIP", "a header alone has no share", {PAGAMENTI: []}, 0, 0, {}),
    dati_mancanti("INCIDENZA_CONSIP", "absent payments are missing", {}),
    dati_mancanti("INCIDENZA_CONSIP", "refused payments are missing", {PAGAMENTI: RIFIUTATO}),
]

CASI: list[Caso] = [
    *STUDI,
    *ATTIVITA,
    *RISORSE,
    *QUOTE,
    *DOMANDE,
    *CONCILIAZIONI,
    *VERIFICHE,
    *TEMPI,
    *DELIBERE,
    *SEDUTE,
    *TRASPARENZA,
    *ACCESSI_CASI,
    *_persone("WELFARE", "segreteria/welfare", ogni_contratto=True),
    *_persone("FORMAZIONE", "segreteria/formazione", ogni_contratto=False),
    *CONSIP,
]


MASSIMO, QUASI = "9999999999999999.99", "9999999999999999.98"
"""The largest importo that the contract keeps, and a cent less."""

CASI_ESTREMI: list[Caso] = [
    *_quote(
        "the largest amounts of the contract are summed and divided",
        [_intervento(DIRETTA, MASSIMO), _intervento(CONTRIBUTO, QUASI)],
        MASSIMO,
        QUASI,
        "19999999999999999.97",
        [0, 1],
    ),
    rapporto(
        "INCIDENZA_CONSIP",
        "the largest amounts of the contract are summed and divided",
        {PAGAMENTI: [_pagamento(MASSIMO, MASSIMO, "MEPA"), _pagamento("0.01")]},
        "19999999999999999.98",
        "19999999999999999.99",
        {PAGAMENTI: [0, 1]},
    ),
    rapporto(
        "RISORSE_INNOVAZIONE_PER_IMPRESA",
        "the largest amounts of the contract are summed and divided",
        {
            COSTI: [
                {"importo": _euro(MASSIMO)},
                {"importo": -_euro(MASSIMO), "voce": "CONTRIBUTO_AZIENDA_SPECIALE"},
            ],
            IMPRESE: [{"attive": 3}],
        },
        "19999999999999999.98",
        3,
        {COSTI: [0, 1], IMPRESE: [0]},
    ),
]
"""Amounts that no chamber has, but one wrong key can write: they must not stop the others."""

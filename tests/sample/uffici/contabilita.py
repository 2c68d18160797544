"""Extracts that speak of money: the accounts and the purchasing office.

Belongs here: contabilita/costi_processo, contabilita/interventi_economici, contabilita/consuntivo,
provveditorato/pagamenti. Does not belong here: the totals that they must reach (fatti.py). Amounts
are split in whole cents, so that they sum to their total exactly.
"""

from collections.abc import Sequence
from decimal import Decimal
from random import Random

from tests.sample.casuale import (
    centesimi,
    euro,
    flusso,
    giorni,
    intero,
    mescola,
    ripartisci,
    scelta,
)
from tests.sample.fatti import OBIETTIVI
from tests.sample.modello import Contesto, Riga, genera

ALTRI_PROCESSI = (
    "A1.1.1",
    "A1.1.2",
    "A2.1.1",
    "A3.1.1",
    "B1.1.1",
    "B2.1.1",
    "B3.1.2",
    "C1.1.1",
    "C1.1.5",
    "C2.2.1",
    "C2.5.1",
    "C2.7.1",
    "C2.7.3",
    "D1.1.1",
    "D2.1.2",
    "D4.1.1",
    "D6.1.1",
    "D6.1.2",
    "E1.1.1",
)
"""Sub-processes that no indicator names."""

_INNOVAZIONE = ("D.1.3.2", "D6.1.3")
"""One sub-process under the two versions of the process map; offices still write both."""

_BENI_E_SERVIZI = (*(str(codice) for codice in range(2101, 2128)), "2298", "2299")

_ALTRI_SIOPE = ("1101", "1301", "1501", "2201", "3101", "4101", "4403", "7405")
"""Salaries, contributions, taxes, transfers: nobody is a supplier of these."""

_IMMOBILIZZAZIONI = "5103"

_FORNITORI = (
    "Velmora Forniture Srl",
    "Trivanto Energia SpA",
    "Nebrisco Informatica Srl",
    "Società Cooperativa Ondaria",
    "Calvenza Servizi Srl",
    "Ufficio & Qualità Morvella Snc",
    "Pulitecna Arvesi Srl",
    "Telefonia Brusaldi SpA",
    "Grafiche Lunaspro Sas",
    "Assicurazioni Tordena SpA",
    "Vigilanza Ermisco Srl",
    "Carta e Libertà Sonvico Srl",
)
"""Made-up companies."""


@genera("contabilita/costi_processo")
def costi_processo(c: Contesto) -> list[Riga]:
    """Costs by process; those of innovation, net of the special agency, reach the year's figure."""
    r = flusso(c.seed, c.camera, c.esercizio, "contabilita/costi_processo")

    def riga(codice: str, voce: str, importo: Decimal) -> Riga:
        return {"codice_processo": codice, "voce": voce, "importo": importo}

    righe = []
    for codice in ALTRI_PROCESSI:
        for voce in ("COSTO_DIRETTO", "COSTO_DIRETTO", "COSTO_INDIRETTO"):
            righe.append(riga(codice, voce, euro(intero(r, 150_000, 6_000_000))))
        if codice.startswith("D"):
            righe.append(riga(codice, "INTERVENTO_ECONOMICO", euro(intero(r, 800_000, 9_000_000))))
            righe.append(
                riga(codice, "CONTRIBUTO_AZIENDA_SPECIALE", euro(intero(r, 500_000, 4_000_000)))
            )
    # A correction: the wrong entry, its reversal, the right one.
    errore = euro(intero(r, 100_000, 300_000))
    righe += [riga("B2.1.1", "COSTO_DIRETTO", errore), riga("B2.1.1", "COSTO_DIRETTO", -errore)]

    contributi = [euro(intero(r, 900_000, 2_200_000)) for _ in range(2)]
    storno = euro(-intero(r, 20_000, 60_000))
    costi = ripartisci(r, c.fatti.risorse_innovazione + sum(contributi) - storno, 7)
    voci = ("COSTO_DIRETTO",) * 3 + ("COSTO_INDIRETTO",) * 2 + ("INTERVENTO_ECONOMICO",) * 2
    innovazione = [*zip(voci, costi, strict=True), ("COSTO_DIRETTO", storno)]
    innovazione += [("CONTRIBUTO_AZIENDA_SPECIALE", importo) for importo in contributi]
    for k, (voce, importo) in enumerate(innovazione):
        righe.append(riga(_INNOVAZIONE[k % 2], voce, importo))
    return mescola(r, righe)


@genera("contabilita/interventi_economici")
def interventi_economici(c: Contesto) -> list[Riga]:
    """Economic interventions by way of delivery, with reversals and the years beside."""
    r = flusso(c.seed, c.camera, c.esercizio, "contabilita/interventi_economici")
    f = c.fatti
    altri = ripartisci(r, f.interventi - f.gestione_diretta - f.contributi_imprese, 3)
    gruppi = (
        (
            "GESTIONE_DIRETTA",
            f.gestione_diretta,
            intero(r, 31, 40),
            2,
            "Progetto a gestione diretta",
        ),
        (
            "CONTRIBUTO_IMPRESE",
            f.contributi_imprese,
            intero(r, 84, 118),
            5,
            "Contributo da disciplinare",
        ),
        ("AZIENDA_SPECIALE", altri[0], 6, 0, "Contributo all'azienda speciale"),
        ("QUOTA_ASSOCIATIVA", altri[1], 14, 0, "Quota associativa"),
        ("ALTRO", altri[2], intero(r, 7, 12), 0, "Altra iniziativa di promozione"),
    )
    voci = []
    for modalita, totale, quanti, storni, descrizione in gruppi:
        # A reversal takes back what was granted: the rest must grow by as much.
        resi = [euro(-intero(r, 30_000, 250_000)) for _ in range(storni)]
        importi = [*ripartisci(r, totale - sum(resi), quanti - storni), *resi]
        for importo in importi:
            testo = f"{descrizione}: storno" if importo < 0 else descrizione
            voci.append((modalita, testo, importo))
    voci = mescola(r, voci)
    date_voci = [
        (c.prima, ("CONTRIBUTO_IMPRESE", "Contributo da disciplinare", Decimal("4200.00"))),
        *zip(giorni(r, c.inizio, c.fine, len(voci)), voci, strict=True),
        (c.dopo, ("GESTIONE_DIRETTA", "Progetto a gestione diretta", Decimal("1830.50"))),
    ]
    return [
        {
            "id_intervento": f"IE{c.esercizio}{k:04d}",
            "descrizione": descrizione,
            "modalita": modalita,
            "data": giorno,
            "importo": importo,
        }
        for k, (giorno, (modalita, descrizione, importo)) in enumerate(date_voci, start=1)
    ]


@genera("contabilita/consuntivo")
def consuntivo(c: Contesto) -> list[Riga]:
    """Resources spent by objective, in a few entries each, one of them a reversal."""
    r = flusso(c.seed, c.camera, c.esercizio, "contabilita/consuntivo")
    righe: list[Riga] = []
    for (missione, programma, obiettivo), speso in zip(OBIETTIVI, c.fatti.consuntivo, strict=True):
        storno = euro(-intero(r, 5_000, 90_000))
        for importo in [*ripartisci(r, speso - storno, intero(r, 2, 5)), storno]:
            righe.append(
                {
                    "missione": missione,
                    "programma": programma,
                    "obiettivo": obiettivo,
                    "importo": importo,
                }
            )
    return righe


@genera("provveditorato/pagamenti")
def pagamenti(c: Contesto) -> list[Riga]:
    """Lines of payment orders: goods and services by every channel, and everything else."""
    r = flusso(c.seed, c.camera, c.esercizio, "provveditorato/pagamenti")
    f = c.fatti
    mercato = ("CONVENZIONE_CONSIP", "ACCORDO_QUADRO", "MEPA", "MEPA")
    altri = [euro(intero(r, 20_000, 900_000)) for _ in range(intero(r, 170, 220))]
    voci = [
        *_voci(r, f.pagamenti_mercato, intero(r, 150, 190), mercato),
        *_voci(r, f.pagamenti - f.pagamenti_mercato, intero(r, 230, 290), ("FUORI_MERCATO",)),
        *((importo, scelta(r, _ALTRI_SIOPE), "FUORI_MERCATO") for importo in altri),
        # Fixed assets come from MEPA too: the channel alone does not make a payment count.
        *((importo, _IMMOBILIZZAZIONI, "MEPA") for importo in altri[:25]),
    ]
    voci = mescola(r, voci)
    date_voci = [
        (c.prima, (Decimal("1220.00"), "2123", "MEPA")),
        *zip(giorni(r, c.inizio, c.fine, len(voci)), voci, strict=True),
        (c.dopo, (Decimal("890.60"), "2115", "CONVENZIONE_CONSIP")),
    ]
    righe: list[Riga] = []
    mandato = riga_del_mandato = 0
    for giorno, (lordo, siope, canale) in date_voci:
        # One order in five pays several lines; the others leave the number of the line empty.
        if 0 < riga_del_mandato < 3 and righe[-1]["data_pagamento"] == giorno:
            riga_del_mandato += 1
        else:
            mandato += 1
            riga_del_mandato = 1 if mandato % 5 == 0 else 0
        iva = _iva(lordo, siope)
        righe.append(
            {
                "numero_mandato": f"{mandato:05d}",
                "riga": riga_del_mandato or None,
                "data_pagamento": giorno,
                "cig": None if siope in _ALTRI_SIOPE else _cig(r),
                "codice_siope": siope,
                "fornitore": None if siope in _ALTRI_SIOPE else scelta(r, _FORNITORI),
                "imponibile": lordo - iva,
                "iva": iva,
                "canale": canale,
            }
        )
    return righe


def _voci(
    r: Random, totale: Decimal, quante: int, canali: Sequence[str]
) -> list[tuple[Decimal, str, str]]:
    """(gross amount, SIOPE code, channel) of goods and services; 1 in 40 is a reversal."""
    resi = [euro(-intero(r, 5_000, 80_000)) for _ in range(quante // 40)]
    importi = [*ripartisci(r, totale - sum(resi), quante - len(resi)), *resi]
    return [(importo, scelta(r, _BENI_E_SERVIZI), scelta(r, canali)) for importo in importi]


def _iva(lordo: Decimal, siope: str) -> Decimal:
    """VAT inside a gross amount, to the cent: none on salaries, taxes and insurance."""
    if siope in _ALTRI_SIOPE or siope == "2122":
        return Decimal("0.00")
    aliquota = 10 if siope in ("2114", "2117") else 22
    segno = -1 if lordo < 0 else 1
    return euro(segno * (abs(centesimi(lordo)) * aliquota // (100 + aliquota)))


def _cig(r: Random) -> str:
    return "Z" + "".join(scelta(r, "0123456789ABCDEF") for _ in range(9))

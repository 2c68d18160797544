"""The second chamber of the sample: Valdastra (VX), which is nowhere.

Belongs here: what its offices export, as they export it, and the mappings that say how each is read. Does
not belong here: its plan (seconda_piano.py), Massa-Carrara and the chambers like it (genera.py). Small on
purpose: a few dozen rows a file, of one year, and only the extracts that its plan needs.
"""

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import xlsxwriter

from pipelines.landing.zone import SINTETICO
from tests.sample.casuale import flusso, giorni, intero, scelta
from tests.sample.seconda_piano import ALLEGATO_TOML, CREATO, allegato

CAMERA, ESERCIZIO = "VX", 2020
INIZIO, FINE = date(ESERCIZIO, 1, 1), date(ESERCIZIO, 12, 31)
AVVERTENZA = "La Camera di Valdastra non esiste: il piano e gli estratti sono inventati.\n"
# --- what offices export ----------------------------------------------------------------------------


def _righe(righe: Iterable[Sequence[object]], separatore: str = ";") -> str:
    return "".join(separatore.join(map(str, riga)) + "\r\n" for riga in righe)


def _giorno(giorno: date) -> str:
    return giorno.strftime("%d-%m-%Y")


def _pratiche(r: Random) -> bytes:
    """Title lines, day and hour apart, the program's own words, a total at the foot; Windows-1252."""
    righe = [
        ("Camera di commercio di Valdastra", "", "", "", "", "", ""),
        (f"Pratiche dal 01/01/{ESERCIZIO} al 31/12/{ESERCIZIO}", "", "", "", "", "", ""),
        ("Prot. n.", "Data arr.", "Ora arr.", "Chiusa il", "Stato", "gg sosp.", "Località"),
    ]
    for n, arrivo in enumerate(giorni(r, INIZIO, date(ESERCIZIO, 12, 10), 60), start=1):
        stato = scelta(r, ("Evasa", "Evasa", "Evasa", "Evasa", "Evasa", "Respinta", "In corso"))
        sospesa = intero(r, 1, 9) if r.random() < 0.2 else 0
        durata = sospesa + (intero(r, 0, 5) if r.random() < 0.75 else intero(r, 6, 12))
        chiusa = "" if stato == "In corso" else f"{_giorno(arrivo + timedelta(durata))} 17:30"
        ora = f"{intero(r, 8, 17):02d}:{intero(r, 0, 59):02d}"
        righe.append(
            (
                f"VX/{n:05d}",
                _giorno(arrivo),
                ora,
                chiusa,
                stato,
                str(sospesa or ""),
                "Città di valle",
            )
        )
    righe.append(("Totale pratiche", "60", "", "", "", "", ""))
    return _righe(righe).encode("cp1252")


_PRATICHE_TOML = """\
# Il programma del Registro imprese esporta solo pratiche telematiche, e ne dice lo stato a modo suo.
[file]
intestazione = 3

[colonne]
"Prot. n." = "numero_protocollo"
"Chiusa il" = "data_ora_chiusura"
"Stato" = "esito"
"gg sosp." = "giorni_sospensione"

[costanti]
canale = "TELEMATICA"

[codici.esito]
"Evasa" = "EVASA"
"Respinta" = "RIFIUTATA"
"In corso" = "IN_LAVORAZIONE"

[formato.data_ora_arrivo]
data = "GG-MM-AAAA hh:mm"

[formato.data_ora_chiusura]
data = "GG-MM-AAAA hh:mm"

[unione.data_ora_arrivo]
da = ["Data arr.", "Ora arr."]

[righe]
escludi = [{ colonna = "Prot. n.", forma = "^Totale" }]
"""


def _fatture(r: Random) -> bytes:
    """Amounts in cents, days with dashes; a tab between fields."""
    righe: list[tuple[object, ...]] = [
        ("Reg. IVA", "Ricevuta", "Scade", "Mandato del", "Centesimi")
    ]
    for n, ricevuta in enumerate(giorni(r, INIZIO, date(ESERCIZIO, 11, 20), 48), start=1):
        scade = ricevuta + timedelta(30 if n % 6 else 60)
        pagata = ricevuta + timedelta(intero(r, 5, 30) if r.random() < 0.86 else intero(r, 62, 75))
        non_ancora = pagata > FINE
        centesimi = -intero(r, 1_000, 9_000) if n % 16 == 0 else intero(r, 5_000, 900_000)
        righe.append(
            (
                f"{ESERCIZIO}/{n:04d}",
                _giorno(ricevuta),
                "" if n % 5 == 0 else _giorno(scade),
                "" if non_ancora else _giorno(pagata),
                centesimi,
            )
        )
    return _righe(righe, "\t").encode()


_FATTURE_TOML = """\
[colonne]
"Reg. IVA" = "numero"
"Ricevuta" = "data_ricevimento"
"Scade" = "data_scadenza"
"Mandato del" = "data_pagamento"
"Centesimi" = "importo"

[formato.data_ricevimento]
data = "GG-MM-AAAA"

[formato.data_scadenza]
data = "GG-MM-AAAA"

[formato.data_pagamento]
data = "GG-MM-AAAA"

[formato.importo]
unita = "centesimi"
"""


def _presenze(r: Random) -> bytes:
    """A sheet among others, with title rows and a column that nobody needs."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": CREATO})
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        workbook.add_worksheet("Istruzioni").write(0, 0, "Foglio del personale, versione 7")
        sheet = workbook.add_worksheet("Riepilogo mensile")
        sheet.merge_range(0, 0, 0, 4, "Presenze e assenze per area")
        for column, title in enumerate(
            ("Servizio", "Fine mese", "GG dovuti", "GG assenza", "Note")
        ):
            sheet.write(2, column, title)
        row = 3
        for mese in range(1, 13):
            fine = date(ESERCIZIO + mese // 12, mese % 12 + 1, 1) - timedelta(1)
            for area, persone in (("Anagrafe", 9), ("Promozione", 5), ("Risorse", 7)):
                dovuti = persone * intero(r, 20, 22)
                sheet.write(row, 0, area)
                sheet.write_datetime(row, 1, datetime(fine.year, fine.month, fine.day), day)
                sheet.write(row, 2, dovuti)
                sheet.write(row, 3, intero(r, dovuti // 20, dovuti // 5))
                row += 1
    return file.getvalue()


_PRESENZE_TOML = """\
[file]
foglio = "Riepilogo mensile"
intestazione = 3

[colonne]
"Servizio" = "area"
"Fine mese" = "data"
"GG dovuti" = "giorni_lavorativi"
"GG assenza" = "giorni_assenza"
"""


def _costi(r: Random) -> bytes:
    righe: list[tuple[object, ...]] = [("Processo", "Natura della spesa", "Importo")]
    for processo, euro in (("C1.1.1", 1_600), ("C1.1.3", 700), ("C2.7.2", 900), ("D6.1.3", 1_200)):
        for natura, quota in (("Diretti", 70), ("Indiretti", 30)):
            righe.append((processo, natura, f"{euro * quota // 100 + intero(r, 1, 40)}.50"))
    return _righe(righe).encode()


_COSTI_TOML = """\
# La contabilità scrive i numeri col punto.
[colonne]
"Processo" = "codice_processo"
"Natura della spesa" = "voce"
"Importo" = "importo"

[codici.voce]
"Diretti" = "COSTO_DIRETTO"
"Indiretti" = "COSTO_INDIRETTO"

[formato.importo]
decimale = "."
"""

ATTIVE = (1_480, 690, 2_330)
"""Active firms at the end of the year, by legal form."""


def _consistenza(_: Random) -> bytes:
    forme = ("Società di capitale", "Società di persone", "Imprese individuali")
    righe = [
        (_data(giorno), forma, attive + 160, attive)
        for giorno, meno in ((date(ESERCIZIO, 6, 30), 12), (FINE, 0))
        for forma, attive in zip(forme, (a - meno for a in ATTIVE), strict=True)
    ]
    return _righe(
        [("data_riferimento", "forma_giuridica", "registrate", "attive"), *righe]
    ).encode()


def _data(giorno: date) -> str:
    return giorno.strftime("%d/%m/%Y")


def _servizi(r: Random) -> bytes:
    servizi = ("Firma digitale", "SPID", "Cassetto digitale", "CNS", "Altro")
    righe = [
        (f"R{n:04d}", scelta(r, servizi), _data(giorno))
        for n, giorno in enumerate(giorni(r, INIZIO, FINE, 70), start=1)
    ]
    return _righe([("Numero", "Servizio", "Data"), *righe]).encode("utf-8-sig")


def _procedimenti(r: Random) -> bytes:
    righe = []
    for n, avvio in enumerate(giorni(r, INIZIO, date(ESERCIZIO, 11, 30), 30), start=1):
        concluso = avvio + timedelta(intero(r, 20, 80) if r.random() < 0.75 else intero(r, 95, 160))
        fine = _data(concluso) if concluso <= FINE else ""
        tipo = scelta(r, ("Mediazione", "Mediazione", "Conciliazione", "Arbitrato"))
        righe.append((f"{n}/{ESERCIZIO}", tipo, _data(avvio), fine, 1))
    return _righe(
        [("numero", "tipo", "data avvio", "data conclusione", "udienze"), *righe]
    ).encode()


def _interventi(r: Random) -> bytes:
    modalita = ("Contributo imprese", "Gestione diretta", "Azienda speciale")
    righe = [
        (f"IE{n:03d}", scelta(r, modalita), _data(giorno), f"{intero(r, 2_000, 9_900)},{n:02d}")
        for n, giorno in enumerate(giorni(r, INIZIO, FINE, 32), start=1)
    ]
    return _righe([("id_intervento", "modalità", "data", "importo"), *righe]).encode("cp1252")


def _budget(_: Random) -> bytes:
    righe = (
        (
            "330001",
            "Bandi per la digitalizzazione",
            "Interventi economici",
            "96.000,00",
            "91.240,15",
        ),
        ("330002", "Fiere di valle", "Interventi economici", "70.000,00", "58.902,40"),
        ("330003", "Osservatorio", "Interventi economici", "24.000,00", "24.000,00"),
        ("325010", "Utenze", "Funzionamento", "31.500,00", "29.870,66"),
        ("321000", "Competenze al personale", "Personale", "742.000,00", "735.114,09"),
    )
    head = ("voce", "descrizione", "gruppo", "stanziato", "utilizzato")
    return _righe([head, *righe]).encode()


def _atti(r: Random) -> bytes:
    righe: list[tuple[object, ...]] = []
    for organo, quanti in (("Giunta", 36), ("Consiglio", 7), ("Presidente", 5)):
        giorni_ = giorni(r, INIZIO, FINE, quanti)
        righe += [(organo, "Delibera", n, _data(g)) for n, g in enumerate(giorni_, start=1)]
    return _righe([("Organo", "Tipo atto", "Numero", "Data"), *righe]).encode()


PERSONE = tuple(f"V{n:03d}" for n in range(1, 22))


def _personale(_: Random) -> bytes:
    righe = [(m, "TI" if n % 7 else "TD", "01/09/2012", "") for n, m in enumerate(PERSONE, start=1)]
    return _righe([("matricola", "contratto", "data_inizio", "data_fine"), *righe]).encode()


def _formazione(r: Random) -> bytes:
    righe = [
        (matricola, scelta(r, ("Appalti", "Ascolto", "Fogli di calcolo")), _data(giorno), "4,5")
        for matricola, giorno in zip(PERSONE[:19], giorni(r, INIZIO, FINE, 19), strict=True)
    ]
    return _righe([("matricola", "corso", "data", "ore"), *righe]).encode()


def _studi(_: Random) -> bytes:
    righe = [
        (f"Q{n}", f"Quaderno di valle n. {n}", f"15/{2 * n:02d}/{ESERCIZIO}", "Pubblicato")
        for n in range(1, 6)
    ]
    righe.append(("Q6", "Quaderno di valle n. 6", "", "In corso"))
    return _righe([("id_studio", "titolo", "data_pubblicazione", "stato"), *righe]).encode()


def _consuntivo(_: Random) -> bytes:
    righe = (
        ("012", "004", "1", "112.480,20"),
        ("011", "005", "2", "287.930,55"),
        ("032", "003", "3", "83.115,00"),
    )
    return _righe([("missione", "programma", "obiettivo", "importo"), *righe]).encode()


CONSEGNE: dict[str, tuple[Callable[[Random], bytes], str | None]] = {
    "contabilita/budget.csv": (_budget, None),
    "contabilita/consuntivo.csv": (_consuntivo, None),
    "contabilita/costi_processo.csv": (_costi, _COSTI_TOML),
    "contabilita/fatture.csv": (_fatture, _FATTURE_TOML),
    "contabilita/interventi_economici.csv": (_interventi, None),
    "conciliazione/procedimenti.csv": (_procedimenti, None),
    "isr/studi.csv": (_studi, None),
    "registro_imprese/consistenza.csv": (_consistenza, None),
    "registro_imprese/pratiche.csv": (_pratiche, _PRATICHE_TOML),
    "registro_imprese/servizi_digitali.csv": (_servizi, None),
    "segreteria/atti.csv": (_atti, None),
    "segreteria/formazione.csv": (_formazione, None),
    "segreteria/personale.csv": (_personale, None),
    "segreteria/presenze.xlsx": (_presenze, _PRESENZE_TOML),
}
"""Every file that its offices deliver, with the mapping by which it is read, if it takes one."""


def generate_second(raw: Path) -> list[Path]:
    """Write the second chamber into a landing zone; return the files, mappings included.

    The same content on any machine.
    """
    files = {
        "allegato.toml": ALLEGATO_TOML.encode(),
        f"{ESERCIZIO}/{SINTETICO}": AVVERTENZA.encode(),
        f"{ESERCIZIO}/allegato.xlsx": allegato(),
    }
    for name, (make, mapping) in CONSEGNE.items():
        files[f"{ESERCIZIO}/{name}"] = make(flusso(CAMERA, ESERCIZIO, name))
        if mapping:
            files[f"mappe/{name.rsplit('.', 1)[0]}.toml"] = mapping.encode()
    for name, content in files.items():
        path = raw / CAMERA / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return [raw / CAMERA / name for name in files]

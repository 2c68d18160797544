"""The sixteen figures of the sample's last year as an office's script would have them, by pandas: in floats,
what it cannot read missing, no line of a file led back to, nothing kept."""

import importlib
import re
import sys
from pathlib import Path
from typing import Any

pd: Any = importlib.import_module("pandas")  # in the bench's own environment only
ANNO = 2020
cartella = Path(sys.argv[1]) / "MS" / str(ANNO)


def leggi(estratto: str) -> Any:
    parti = []
    for file in sorted(cartella.glob(f"{estratto}*")):
        if file.suffix == ".xlsx":
            parte = pd.read_excel(file, dtype=str, engine="openpyxl")
        elif file.suffix == ".parquet":
            parte = pd.read_parquet(file)
        else:
            testo: dict[str, Any] = {"sep": None, "engine": "python", "dtype": str}
            try:
                parte = pd.read_csv(file, encoding="utf-8-sig", **testo)
            except UnicodeDecodeError:
                parte = pd.read_csv(file, encoding="cp1252", **testo)
        parte.columns = [
            re.sub(r"\W+", "_", c.strip().lower()).replace("à", "a") for c in parte.columns
        ]
        parti.append(parte.rename(columns=lambda c: c.replace("à", "a")))
    return pd.concat(parti).drop_duplicates()


def giorno(colonna: Any) -> Any:
    testi = colonna.astype(str).str.strip().str.slice(0, 10)
    italiane = pd.to_datetime(testi, format="%d/%m/%Y", errors="coerce")
    return italiane.fillna(pd.to_datetime(testi, format="%Y-%m-%d", errors="coerce"))


def numero(colonna: Any) -> Any:
    testi = colonna.astype(str).str.replace("[€ ]", "", regex=True)
    italiani = testi.str.replace(".", "").str.replace(",", ".")
    return pd.to_numeric(testi.where(~testi.str.contains(","), italiani), errors="coerce")


def codice(colonna: Any) -> Any:
    return colonna.astype(str).str.strip().str.upper().str.replace(" ", "_")


def anno(colonna: Any) -> Any:
    return giorno(colonna).dt.year == ANNO


def quota(parte: Any, tutto: Any) -> float:
    return float(parte.sum() / tutto.sum()) if len(tutto) else float("nan")


pratiche = leggi("registro_imprese/pratiche")
evase = pratiche[
    (codice(pratiche.canale) == "TELEMATICA")
    & (codice(pratiche.esito) == "EVASA")
    & anno(pratiche.data_ora_chiusura)
]
durata = (giorno(evase.data_ora_chiusura) - giorno(evase.data_ora_arrivo)).dt.days
accessi = leggi("segreteria/accessi")
accessi = accessi[codice(accessi.tipo) != "CIVICO_SEMPLICE"]
accessi = accessi[anno(accessi.data_protocollo)]
termine = giorno(accessi.data_presentazione).fillna(giorno(accessi.data_protocollo))
conciliazioni = leggi("conciliazione/procedimenti")
fte = leggi("kronos/fte")
fte = fte[fte.codice_processo == "C2.7.2"]
costi = leggi("contabilita/costi_processo")
costi = costi[codice(costi.codice_processo) == "D6.1.3"]
segno = 1 - 2 * (codice(costi.voce) == "CONTRIBUTO_AZIENDA_SPECIALE")
imprese = leggi("registro_imprese/consistenza")
imprese = imprese[giorno(imprese.data_riferimento) == giorno(imprese.data_riferimento).max()]
interventi = leggi("contabilita/interventi_economici")
interventi = interventi[anno(interventi.data)]
importi = numero(interventi.importo)
pagamenti = leggi("provveditorato/pagamenti")
siope = pd.to_numeric(pagamenti.codice_siope, errors="coerce")
pagamenti = pagamenti[
    anno(pagamenti.data_pagamento) & (siope.between(2101, 2127) | siope.isin([2298, 2299]))
]
spese = numero(pagamenti.imponibile) + numero(pagamenti.iva)
personale = leggi("segreteria/personale")
fine = giorno(personale.data_fine).fillna(pd.Timestamp(ANNO, 12, 31))
personale = personale[fine >= pd.Timestamp(ANNO, 12, 31)].drop_duplicates("matricola", keep="last")
corsi = leggi("segreteria/formazione")
aiuti = leggi("segreteria/welfare")
atti = leggi("segreteria/atti")
sedute = leggi("segreteria/sedute")
obblighi = leggi("segreteria/trasparenza")
obblighi = obblighi[codice(obblighi.applicabile).isin(["S", "SI"])]
studi = leggi("isr/studi")
attivita = leggi("cciaa/attivita")
verifiche = leggi("metrico/attivita")
domande = leggi("brevetti/domande")

print(
    {
        "TEMPO_MEDIO_PRATICHE_RI": (durata - numero(evase.giorni_sospensione).fillna(0))
        .clip(0)
        .mean(),
        "ACCESSI_NEI_TERMINI": (
            giorno(accessi.data_risposta) <= termine + pd.Timedelta(30, "D")
        ).mean(),
        "ATTIVITA_RILANCIO": (
            (codice(attivita.stato) == "ESEGUITA") & anno(attivita.data_conclusione)
        ).sum(),
        "CONCILIAZIONI_PER_FTE": codice(conciliazioni.tipo)
        .isin(["MEDIAZIONE", "CONCILIAZIONE"])
        .sum()
        / (
            numero(fte.percentuale_tempo)
            * numero(fte.mesi_servizio)
            * numero(fte.percentuale_part_time)
        ).sum()
        * 120_000,
        "DELIBERE": ((codice(atti.tipo_atto) == "DELIBERA") & anno(atti.data)).sum(),
        "DOMANDE": ((codice(domande.tipologia) != "ALTRO") & anno(domande.data_deposito)).sum(),
        "FORMAZIONE": personale.matricola.isin(corsi[anno(corsi.data)].matricola).mean(),
        "WELFARE": personale.matricola.isin(aiuti[anno(aiuti.data)].matricola).mean(),
        "INCIDENZA_CONSIP": quota(spese[codice(pagamenti.canale) != "FUORI_MERCATO"], spese),
        "CONTRIBUTI_IMPRESE": quota(
            importi[codice(interventi.modalita) == "CONTRIBUTO_IMPRESE"], importi
        ),
        "GESTIONE_DIRETTA": quota(
            importi[codice(interventi.modalita) == "GESTIONE_DIRETTA"], importi
        ),
        "INDICE_TRASPARENZA": quota(numero(obblighi.punteggio), numero(obblighi.punteggio_massimo)),
        "ISR_STUDI": ((codice(studi.stato) == "PUBBLICATO") & anno(studi.data_pubblicazione)).sum(),
        "RISORSE_PER_IMPRESA": quota(segno * numero(costi.importo), numero(imprese.attive)),
        "SEDUTE": ((codice(sedute.esito) == "SVOLTA") & anno(sedute.data)).sum(),
        "VERIFICHE_METRICHE": anno(verifiche.data).sum(),
    }
)

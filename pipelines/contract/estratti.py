"""The extracts that offices deliver, one declaration each.

Belongs here: what a column is called, what it may hold, which rows are allowed, how often an
extract is expected. Reading, pandera validation, quarantine, the warehouse table with its comments,
the templates and the documentation are all generated from these declarations.
Does not belong here: what a declaration can say (schema.py), how a file is opened (extracts/cells.py).

Source: the landing zone contract agreed with the offices (docs/contratto.md is generated from here).
"""

import polars as pl

from pipelines.contract.condivisi import CONDIVISI
from pipelines.contract.provveditorato import PROVVEDITORATO
from pipelines.contract.schema import (
    Estratto,
    RegolaRiga,
    codice,
    data,
    data_ora,
    decimale,
    importo,
    intero,
    matricola,
    non_oltre,
    non_prima,
    richiede,
    scelta,
    si_no,
    sospensione,
    testo,
)

ESTRATTI: tuple[Estratto, ...] = (
    Estratto(
        "isr",
        "studi",
        "Studi e rapporti dell'Istituto di Studi e Ricerche",
        (
            testo("id_studio", "Identificativo dello studio"),
            testo("titolo", "Titolo dello studio"),
            testo("tipologia", "Tipologia dello studio", facoltativa=True),
            data("data_pubblicazione", "Data di pubblicazione", facoltativa=True),
            scelta("stato", "Stato dello studio", "PUBBLICATO IN_CORSO SOSPESO"),
        ),
        ritmo="trimestrale",
        evento="data_pubblicazione",
        chiave=("id_studio",),
        regole=(richiede("data_pubblicazione", "stato", ("PUBBLICATO",)),),
    ),
    Estratto(
        "cciaa",
        "attivita",
        "Attività e progetti per il rilancio dell'economia locale",
        (
            testo("id_attivita", "Identificativo dell'attività"),
            testo("titolo", "Titolo dell'attività"),
            si_no("programmata", "Vero se l'attività era nel programma"),
            data("data_conclusione", "Data di conclusione", facoltativa=True),
            scelta("stato", "Stato dell'attività", "ESEGUITA IN_CORSO ANNULLATA"),
        ),
        ritmo="trimestrale",
        evento="data_conclusione",
        chiave=("id_attivita",),
        regole=(richiede("data_conclusione", "stato", ("ESEGUITA",)),),
    ),
    Estratto(
        "contabilita",
        "costi_processo",
        "Costi e ricavi per processo, dal controllo di gestione",
        (
            codice("codice_processo", "Codice del processo nella mappa in uso"),
            scelta(
                "voce",
                "Voce di costo o di contributo",
                "COSTO_DIRETTO COSTO_INDIRETTO INTERVENTO_ECONOMICO CONTRIBUTO_AZIENDA_SPECIALE",
            ),
            importo("importo", "Importo (EUR)"),
        ),
        ritmo="annuale",
    ),
    Estratto(
        "contabilita",
        "interventi_economici",
        "Interventi economici a favore delle imprese e del territorio",
        (
            testo("id_intervento", "Identificativo dell'intervento"),
            testo("descrizione", "Descrizione dell'intervento", facoltativa=True),
            scelta(
                "modalita",
                "Modalità con cui l'intervento è realizzato",
                "GESTIONE_DIRETTA CONTRIBUTO_IMPRESE AZIENDA_SPECIALE QUOTA_ASSOCIATIVA ALTRO",
            ),
            data("data", "Data dell'intervento"),
            importo("importo", "Importo (EUR); negativo se è uno storno"),
        ),
        ritmo="mensile",
        evento="data",
        chiave=("id_intervento",),
    ),
    Estratto(
        "contabilita",
        "consuntivo",
        "Risorse spese a consuntivo per obiettivo del piano",
        (
            codice("missione", "Codice della missione (011)"),
            codice("programma", "Codice del programma (005)"),
            codice("obiettivo", "Numero dell'obiettivo (1.1)"),
            importo("importo", "Importo speso (EUR)"),
        ),
        ritmo="annuale",
    ),
    Estratto(
        "registro_imprese",
        "pratiche",
        "Pratiche del Registro Imprese",
        (
            testo("numero_protocollo", "Numero di protocollo della pratica"),
            scelta("canale", "Canale di presentazione", "TELEMATICA CARTACEA"),
            data_ora("data_ora_arrivo", "Data e ora di arrivo"),
            data_ora("data_ora_chiusura", "Data e ora di chiusura", facoltativa=True),
            sospensione(),
            scelta("esito", "Esito della pratica", "EVASA RIFIUTATA IN_LAVORAZIONE"),
        ),
        ritmo="mensile",
        evento="data_ora_arrivo",
        chiave=("numero_protocollo",),
        regole=(
            richiede("data_ora_chiusura", "esito", ("EVASA", "RIFIUTATA")),
            non_prima("data_ora_chiusura", di="data_ora_arrivo"),
        ),
    ),
    Estratto(
        "registro_imprese",
        "consistenza",
        "Consistenza delle imprese per forma giuridica",
        (
            data("data_riferimento", "Data della rilevazione"),
            testo("forma_giuridica", "Forma giuridica"),
            intero("registrate", "Imprese registrate (numero)", da=0),
            intero("attive", "Imprese attive (numero)", da=0),
        ),
        ritmo="trimestrale",
        evento="data_riferimento",
        chiave=("data_riferimento", "forma_giuridica"),
        regole=(non_oltre("attive", "registrate"),),
    ),
    Estratto(
        "brevetti",
        "domande",
        "Domande di brevetti, modelli, disegni, marchi e seguiti",
        (
            testo("numero_domanda", "Numero della domanda"),
            data("data_deposito", "Data di deposito"),
            scelta(
                "tipologia",
                "Tipologia della domanda",
                "INVENZIONE MODELLO_UTILITA DISEGNO_MODELLO MARCHIO SEGUITO ALTRO",
            ),
        ),
        ritmo="mensile",
        evento="data_deposito",
        chiave=("numero_domanda",),
    ),
    Estratto(
        "conciliazione",
        "procedimenti",
        "Procedimenti di mediazione, conciliazione e arbitrato",
        (
            testo("numero", "Numero del procedimento"),
            scelta("tipo", "Tipo di procedimento", "MEDIAZIONE CONCILIAZIONE ARBITRATO"),
            data("data_avvio", "Data di avvio"),
            data("data_conclusione", "Data di conclusione", facoltativa=True),
            intero("udienze", "Udienze tenute (numero)", da=0, facoltativa=True),
        ),
        ritmo="trimestrale",
        evento="data_avvio",
        chiave=("numero",),
        regole=(non_prima("data_conclusione", di="data_avvio"),),
    ),
    Estratto(
        "kronos",
        "fte",
        "Tempo delle persone per processo (Kronos)",
        (
            matricola(),
            testo("codice_processo", "Codice del processo nella mappa in uso"),
            scelta("natura", "Personale interno o esterno", "INTERNO ESTERNO"),
            decimale(
                "percentuale_tempo",
                "Quota del tempo della persona dedicata al processo (punti percentuali, 0-100)",
                da=0,
                a=100,
            ),
            decimale("mesi_servizio", "Mesi di servizio nell'esercizio (mesi, 0-12)", da=0, a=12),
            decimale(
                "percentuale_part_time",
                "Quota dell'orario pieno (punti percentuali, oltre 0 e fino a 100)",
                oltre=0,
                a=100,
            ),
        ),
        ritmo="annuale",
        chiave=("matricola", "codice_processo", "natura"),
        somma_massima=("percentuale_tempo", "matricola", 100),
    ),
    Estratto(
        "metrico",
        "attivita",
        "Attività dell'ufficio metrico",
        (
            testo("id_attivita", "Identificativo dell'attività"),
            data("data", "Data dell'attività"),
            scelta("tipo", "Tipo di attività", "VERIFICA_PRIMA VERIFICA_PERIODICA SORVEGLIANZA"),
        ),
        ritmo="mensile",
        evento="data",
        chiave=("id_attivita",),
    ),
    Estratto(
        "segreteria",
        "atti",
        "Delibere e determine degli organi della Camera",
        (
            scelta(
                "organo",
                "Organo che ha adottato l'atto",
                "GIUNTA CONSIGLIO COMMISSARIO PRESIDENTE SEGRETARIO_GENERALE",
            ),
            scelta("tipo_atto", "Tipo di atto", "DELIBERA DETERMINA"),
            intero("numero", "Numero dell'atto nell'anno", da=1),
            data("data", "Data dell'atto"),
            testo("oggetto", "Oggetto dell'atto", facoltativa=True),
        ),
        ritmo="mensile",
        evento="data",
        chiave=("organo", "tipo_atto", "numero"),
        chiave_anno_di="data",
    ),
    Estratto(
        "segreteria",
        "sedute",
        "Sedute di Giunta e di Consiglio",
        (
            testo("id_seduta", "Identificativo della seduta"),
            scelta("organo", "Organo convocato", "GIUNTA CONSIGLIO"),
            data("data", "Data della seduta"),
            scelta("esito", "Esito della seduta", "SVOLTA DESERTA RINVIATA"),
        ),
        ritmo="mensile",
        evento="data",
        chiave=("id_seduta",),
    ),
    Estratto(
        "segreteria",
        "trasparenza",
        "Griglia degli obblighi di pubblicazione",
        (
            testo("sezione", "Sezione di Amministrazione trasparente"),
            testo("obbligo", "Obbligo di pubblicazione"),
            si_no("applicabile", "Vero se l'obbligo riguarda la Camera"),
            decimale("punteggio", "Punteggio ottenuto (punti)", da=0, facoltativa=True),
            decimale(
                "punteggio_massimo",
                "Punteggio massimo ottenibile (punti)",
                oltre=0,
                facoltativa=True,
            ),
        ),
        ritmo="annuale",
        chiave=("sezione", "obbligo"),
        regole=(
            RegolaRiga(
                "punteggio",
                "applicabile S richiede punteggio",
                lambda: ~pl.col("applicabile") | pl.col("punteggio").is_not_null(),
            ),
            RegolaRiga(
                "punteggio_massimo",
                "applicabile S richiede punteggio_massimo",
                lambda: ~pl.col("applicabile") | pl.col("punteggio_massimo").is_not_null(),
            ),
            non_oltre("punteggio", "punteggio_massimo"),
        ),
    ),
    Estratto(
        "segreteria",
        "accessi",
        "Istanze di accesso civico e documentale",
        (
            testo("protocollo", "Numero di protocollo dell'istanza"),
            scelta(
                "tipo", "Tipo di accesso", "CIVICO_SEMPLICE CIVICO_GENERALIZZATO DOCUMENTALE_241"
            ),
            data(
                "data_presentazione",
                "Data di presentazione (se manca, quella di protocollo)",
                predefinito="data_protocollo",
                facoltativa=True,
            ),
            data("data_protocollo", "Data di protocollo"),
            data("data_risposta", "Data della risposta", facoltativa=True),
            sospensione(),
        ),
        ritmo="mensile",
        evento="data_protocollo",
        chiave=("protocollo",),
        regole=(
            non_oltre("data_presentazione", "data_protocollo"),
            non_prima("data_risposta", di="data_presentazione"),
        ),
    ),
    Estratto(
        "segreteria",
        "personale",
        "Rapporti di lavoro del personale",
        (
            matricola(),
            scelta(
                "contratto",
                "Tipo di contratto (TI tempo indeterminato, TD tempo determinato)",
                "TI TD DIRIGENTE SEGRETARIO_GENERALE",
            ),
            data("data_inizio", "Inizio del rapporto"),
            data("data_fine", "Fine del rapporto; vuota se in corso", facoltativa=True),
        ),
        ritmo="mensile",
        chiave=("matricola", "data_inizio"),
        regole=(non_prima("data_fine", di="data_inizio"),),
    ),
    Estratto(
        "segreteria",
        "welfare",
        "Strumenti di welfare aziendale fruiti",
        (
            matricola(),
            testo("strumento", "Strumento di welfare"),
            data("data", "Data di fruizione"),
        ),
        ritmo="trimestrale",
        evento="data",
    ),
    Estratto(
        "segreteria",
        "formazione",
        "Attività formative seguite dal personale",
        (
            matricola(),
            testo("corso", "Corso seguito"),
            data("data", "Data del corso"),
            decimale("ore", "Durata (ore)", oltre=0),
        ),
        ritmo="trimestrale",
        evento="data",
    ),
    *PROVVEDITORATO,
    *CONDIVISI,
)

PER_CODICE: dict[str, Estratto] = {e.codice: e for e in ESTRATTI}

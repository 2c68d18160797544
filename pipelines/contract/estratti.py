"""The nineteen extracts that offices deliver, one declaration each.

Belongs here: what a column is called, what it may hold, which rows are allowed, how often an
extract is expected. Reading, pandera validation, quarantine, the warehouse table with its comments,
the templates and the documentation are all generated from these declarations.
Does not belong here: how a file is opened (cells.py), how text becomes a value (values.py).

Source: the landing zone contract agreed with the offices (docs/contratto.md is generated from here).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import polars as pl

Tipo = Literal["testo", "intero", "decimale", "importo", "data", "data_ora", "si_no"]
Ritmo = Literal["mensile", "trimestrale", "annuale"]

DECIMALI_DECIMALE, DECIMALI_IMPORTO = 6, 2
"""Digits after the mark, at most, of a number and of an amount in euro."""

FORMATI = ("csv", "csv.gz", "xlsx", "parquet")


@dataclass(frozen=True)
class Cadenza:
    """A delivery for every period of so many months of the year, within so many days of its end."""

    mesi: int
    tolleranza_giorni: int


CADENZE: dict[Ritmo, Cadenza] = {
    "mensile": Cadenza(1, 15),
    "trimestrale": Cadenza(3, 20),
    "annuale": Cadenza(12, 31),
}

REGOLE = (
    "numero_campi",
    "riga_di_totale",
    "dato_personale",
    "tipo",
    "obbligatorio",
    "codice",
    "intervallo",
    "regola_riga",
    "duplicato",
    "chiave_in_conflitto",
    "somma_percentuali",
)
"""Every rule a row can break, in the order in which they are applied."""


@dataclass(frozen=True)
class Intervallo:
    """Bounds of a number; `minimo_escluso` means strictly above the minimum."""

    minimo: int | None = None
    massimo: int | None = None
    minimo_escluso: bool = False


@dataclass(frozen=True)
class Colonna:
    """A column of an extract.

    `predefinito` is what is stored when the value is missing: a number, or the name of another
    column whose value it takes. `forma` is a regular expression that the whole value must match.
    `codice` says that a text which neither is in the key nor has a closed list or a form is a code.
    """

    nome: str
    tipo: Tipo
    descrizione: str
    obbligatoria: bool = False
    codici: tuple[str, ...] = ()
    intervallo: Intervallo | None = None
    forma: str | None = None
    predefinito: int | str | None = None
    personale: bool = False
    codice: bool = False


@dataclass(frozen=True)
class RegolaRiga:
    """A rule over a typed row: `vale` is true, or missing, for a row that may stay.

    `colonna` is the column that the quarantine names.
    """

    colonna: str
    descrizione: str
    vale: Callable[[], pl.Expr]


@dataclass(frozen=True)
class Estratto:
    """An extract: `<ufficio>/<nome>`; `chiave` identifies a row (empty: equal rows are kept).

    `chiave_anno_di` adds the year of that date to the key. `somma_massima` is (column summed,
    column grouped by, bound): a group above the bound is rejected whole. `evento` is the date that
    tells up to when the rows speak; none where they have no date.
    """

    ufficio: str
    nome: str
    descrizione: str
    colonne: tuple[Colonna, ...]
    ritmo: Ritmo
    evento: str | None = None
    chiave: tuple[str, ...] = ()
    chiave_anno_di: str | None = None
    regole: tuple[RegolaRiga, ...] = ()
    somma_massima: tuple[str, str, int] | None = None

    @property
    def codice(self) -> str:
        return f"{self.ufficio}/{self.nome}"

    @property
    def tabella(self) -> str:
        return f"{self.ufficio}_{self.nome}"

    def colonna(self, nome: str) -> Colonna:
        return next(c for c in self.colonne if c.nome == nome)

    def is_code(self, colonna: Colonna) -> bool:
        """Whether a column of text holds codes, of which every character counts, and not prose."""
        said = colonna.codice or colonna.codici or colonna.forma or colonna.personale
        return colonna.tipo == "testo" and bool(said or colonna.nome in self.chiave)


NON_NEGATIVO = Intervallo(minimo=0)
POSITIVO = Intervallo(minimo=0, minimo_escluso=True)


def _richiede(colonna: str, condizione: str, valori: tuple[str, ...]) -> RegolaRiga:
    """Rows whose `condizione` is one of `valori` must have `colonna`."""
    return RegolaRiga(
        colonna,
        f"{condizione} {' o '.join(valori)} richiede {colonna}",
        lambda: ~pl.col(condizione).is_in(valori) | pl.col(colonna).is_not_null(),
    )


def _non_prima(colonna: str, di: str) -> RegolaRiga:
    return RegolaRiga(
        colonna,
        f"{colonna} non può precedere {di}",
        lambda: pl.col(colonna) >= pl.col(di),
    )


def _non_oltre(colonna: str, di: str) -> RegolaRiga:
    return RegolaRiga(
        colonna,
        f"{colonna} non può superare {di}",
        lambda: pl.col(colonna) <= pl.col(di),
    )


def _matricola() -> Colonna:
    return Colonna(
        "matricola",
        "testo",
        "Pseudonimo della persona (hash con chiave); la matricola non entra mai nel magazzino",
        obbligatoria=True,
        personale=True,
    )


def _sospensione() -> Colonna:
    return Colonna(
        "giorni_sospensione",
        "intero",
        "Giorni di sospensione dei termini (giorni; se manca, 0)",
        intervallo=NON_NEGATIVO,
        predefinito=0,
    )


ESTRATTI: tuple[Estratto, ...] = (
    Estratto(
        "isr",
        "studi",
        "Studi e rapporti dell'Istituto di Studi e Ricerche",
        (
            Colonna("id_studio", "testo", "Identificativo dello studio", obbligatoria=True),
            Colonna("titolo", "testo", "Titolo dello studio", obbligatoria=True),
            Colonna("tipologia", "testo", "Tipologia dello studio"),
            Colonna("data_pubblicazione", "data", "Data di pubblicazione"),
            Colonna(
                "stato",
                "testo",
                "Stato dello studio",
                obbligatoria=True,
                codici=("PUBBLICATO", "IN_CORSO", "SOSPESO"),
            ),
        ),
        ritmo="trimestrale",
        evento="data_pubblicazione",
        chiave=("id_studio",),
        regole=(_richiede("data_pubblicazione", "stato", ("PUBBLICATO",)),),
    ),
    Estratto(
        "cciaa",
        "attivita",
        "Attività e progetti per il rilancio dell'economia locale",
        (
            Colonna("id_attivita", "testo", "Identificativo dell'attività", obbligatoria=True),
            Colonna("titolo", "testo", "Titolo dell'attività", obbligatoria=True),
            Colonna(
                "programmata",
                "si_no",
                "Vero se l'attività era nel programma",
                obbligatoria=True,
            ),
            Colonna("data_conclusione", "data", "Data di conclusione"),
            Colonna(
                "stato",
                "testo",
                "Stato dell'attività",
                obbligatoria=True,
                codici=("ESEGUITA", "IN_CORSO", "ANNULLATA"),
            ),
        ),
        ritmo="trimestrale",
        evento="data_conclusione",
        chiave=("id_attivita",),
        regole=(_richiede("data_conclusione", "stato", ("ESEGUITA",)),),
    ),
    Estratto(
        "contabilita",
        "costi_processo",
        "Costi e ricavi per processo, dal controllo di gestione",
        (
            Colonna(
                "codice_processo",
                "testo",
                "Codice del processo nella mappa in uso",
                obbligatoria=True,
                codice=True,
            ),
            Colonna(
                "voce",
                "testo",
                "Voce di costo o di contributo",
                obbligatoria=True,
                codici=(
                    "COSTO_DIRETTO",
                    "COSTO_INDIRETTO",
                    "INTERVENTO_ECONOMICO",
                    "CONTRIBUTO_AZIENDA_SPECIALE",
                ),
            ),
            Colonna("importo", "importo", "Importo (EUR)", obbligatoria=True),
        ),
        ritmo="annuale",
    ),
    Estratto(
        "contabilita",
        "interventi_economici",
        "Interventi economici a favore delle imprese e del territorio",
        (
            Colonna("id_intervento", "testo", "Identificativo dell'intervento", obbligatoria=True),
            Colonna("descrizione", "testo", "Descrizione dell'intervento"),
            Colonna(
                "modalita",
                "testo",
                "Modalità con cui l'intervento è realizzato",
                obbligatoria=True,
                codici=(
                    "GESTIONE_DIRETTA",
                    "CONTRIBUTO_IMPRESE",
                    "AZIENDA_SPECIALE",
                    "QUOTA_ASSOCIATIVA",
                    "ALTRO",
                ),
            ),
            Colonna("data", "data", "Data dell'intervento", obbligatoria=True),
            Colonna(
                "importo",
                "importo",
                "Importo (EUR); negativo se è uno storno",
                obbligatoria=True,
            ),
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
            Colonna(
                "missione", "testo", "Codice della missione (011)", obbligatoria=True, codice=True
            ),
            Colonna(
                "programma", "testo", "Codice del programma (005)", obbligatoria=True, codice=True
            ),
            Colonna(
                "obiettivo", "testo", "Numero dell'obiettivo (1.1)", obbligatoria=True, codice=True
            ),
            Colonna("importo", "importo", "Importo speso (EUR)", obbligatoria=True),
        ),
        ritmo="annuale",
    ),
    Estratto(
        "registro_imprese",
        "pratiche",
        "Pratiche del Registro Imprese",
        (
            Colonna(
                "numero_protocollo",
                "testo",
                "Numero di protocollo della pratica",
                obbligatoria=True,
            ),
            Colonna(
                "canale",
                "testo",
                "Canale di presentazione",
                obbligatoria=True,
                codici=("TELEMATICA", "CARTACEA"),
            ),
            Colonna("data_ora_arrivo", "data_ora", "Data e ora di arrivo", obbligatoria=True),
            Colonna("data_ora_chiusura", "data_ora", "Data e ora di chiusura"),
            _sospensione(),
            Colonna(
                "esito",
                "testo",
                "Esito della pratica",
                obbligatoria=True,
                codici=("EVASA", "RIFIUTATA", "IN_LAVORAZIONE"),
            ),
        ),
        ritmo="mensile",
        evento="data_ora_arrivo",
        chiave=("numero_protocollo",),
        regole=(
            _richiede("data_ora_chiusura", "esito", ("EVASA", "RIFIUTATA")),
            _non_prima("data_ora_chiusura", di="data_ora_arrivo"),
        ),
    ),
    Estratto(
        "registro_imprese",
        "consistenza",
        "Consistenza delle imprese per forma giuridica",
        (
            Colonna("data_riferimento", "data", "Data della rilevazione", obbligatoria=True),
            Colonna("forma_giuridica", "testo", "Forma giuridica", obbligatoria=True),
            Colonna(
                "registrate",
                "intero",
                "Imprese registrate (numero)",
                obbligatoria=True,
                intervallo=NON_NEGATIVO,
            ),
            Colonna(
                "attive",
                "intero",
                "Imprese attive (numero)",
                obbligatoria=True,
                intervallo=NON_NEGATIVO,
            ),
        ),
        ritmo="trimestrale",
        evento="data_riferimento",
        chiave=("data_riferimento", "forma_giuridica"),
        regole=(_non_oltre("attive", "registrate"),),
    ),
    Estratto(
        "brevetti",
        "domande",
        "Domande di brevetti, modelli, disegni, marchi e seguiti",
        (
            Colonna("numero_domanda", "testo", "Numero della domanda", obbligatoria=True),
            Colonna("data_deposito", "data", "Data di deposito", obbligatoria=True),
            Colonna(
                "tipologia",
                "testo",
                "Tipologia della domanda",
                obbligatoria=True,
                codici=(
                    "INVENZIONE",
                    "MODELLO_UTILITA",
                    "DISEGNO_MODELLO",
                    "MARCHIO",
                    "SEGUITO",
                    "ALTRO",
                ),
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
            Colonna("numero", "testo", "Numero del procedimento", obbligatoria=True),
            Colonna(
                "tipo",
                "testo",
                "Tipo di procedimento",
                obbligatoria=True,
                codici=("MEDIAZIONE", "CONCILIAZIONE", "ARBITRATO"),
            ),
            Colonna("data_avvio", "data", "Data di avvio", obbligatoria=True),
            Colonna("data_conclusione", "data", "Data di conclusione"),
            Colonna("udienze", "intero", "Udienze tenute (numero)", intervallo=NON_NEGATIVO),
        ),
        ritmo="trimestrale",
        evento="data_avvio",
        chiave=("numero",),
        regole=(_non_prima("data_conclusione", di="data_avvio"),),
    ),
    Estratto(
        "kronos",
        "fte",
        "Tempo delle persone per processo (Kronos)",
        (
            _matricola(),
            Colonna(
                "codice_processo",
                "testo",
                "Codice del processo nella mappa in uso",
                obbligatoria=True,
            ),
            Colonna(
                "natura",
                "testo",
                "Personale interno o esterno",
                obbligatoria=True,
                codici=("INTERNO", "ESTERNO"),
            ),
            Colonna(
                "percentuale_tempo",
                "decimale",
                "Quota del tempo della persona dedicata al processo (punti percentuali, 0-100)",
                obbligatoria=True,
                intervallo=Intervallo(minimo=0, massimo=100),
            ),
            Colonna(
                "mesi_servizio",
                "decimale",
                "Mesi di servizio nell'esercizio (mesi, 0-12)",
                obbligatoria=True,
                intervallo=Intervallo(minimo=0, massimo=12),
            ),
            Colonna(
                "percentuale_part_time",
                "decimale",
                "Quota dell'orario pieno (punti percentuali, oltre 0 e fino a 100)",
                obbligatoria=True,
                intervallo=Intervallo(minimo=0, massimo=100, minimo_escluso=True),
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
            Colonna("id_attivita", "testo", "Identificativo dell'attività", obbligatoria=True),
            Colonna("data", "data", "Data dell'attività", obbligatoria=True),
            Colonna(
                "tipo",
                "testo",
                "Tipo di attività",
                obbligatoria=True,
                codici=("VERIFICA_PRIMA", "VERIFICA_PERIODICA", "SORVEGLIANZA"),
            ),
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
            Colonna(
                "organo",
                "testo",
                "Organo che ha adottato l'atto",
                obbligatoria=True,
                codici=(
                    "GIUNTA",
                    "CONSIGLIO",
                    "COMMISSARIO",
                    "PRESIDENTE",
                    "SEGRETARIO_GENERALE",
                ),
            ),
            Colonna(
                "tipo_atto",
                "testo",
                "Tipo di atto",
                obbligatoria=True,
                codici=("DELIBERA", "DETERMINA"),
            ),
            Colonna(
                "numero",
                "intero",
                "Numero dell'atto nell'anno",
                obbligatoria=True,
                intervallo=Intervallo(minimo=1),
            ),
            Colonna("data", "data", "Data dell'atto", obbligatoria=True),
            Colonna("oggetto", "testo", "Oggetto dell'atto"),
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
            Colonna("id_seduta", "testo", "Identificativo della seduta", obbligatoria=True),
            Colonna(
                "organo",
                "testo",
                "Organo convocato",
                obbligatoria=True,
                codici=("GIUNTA", "CONSIGLIO"),
            ),
            Colonna("data", "data", "Data della seduta", obbligatoria=True),
            Colonna(
                "esito",
                "testo",
                "Esito della seduta",
                obbligatoria=True,
                codici=("SVOLTA", "DESERTA", "RINVIATA"),
            ),
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
            Colonna(
                "sezione", "testo", "Sezione di Amministrazione trasparente", obbligatoria=True
            ),
            Colonna("obbligo", "testo", "Obbligo di pubblicazione", obbligatoria=True),
            Colonna(
                "applicabile",
                "si_no",
                "Vero se l'obbligo riguarda la Camera",
                obbligatoria=True,
            ),
            Colonna("punteggio", "decimale", "Punteggio ottenuto (punti)", intervallo=NON_NEGATIVO),
            Colonna(
                "punteggio_massimo",
                "decimale",
                "Punteggio massimo ottenibile (punti)",
                intervallo=POSITIVO,
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
            _non_oltre("punteggio", "punteggio_massimo"),
        ),
    ),
    Estratto(
        "segreteria",
        "accessi",
        "Istanze di accesso civico e documentale",
        (
            Colonna("protocollo", "testo", "Numero di protocollo dell'istanza", obbligatoria=True),
            Colonna(
                "tipo",
                "testo",
                "Tipo di accesso",
                obbligatoria=True,
                codici=("CIVICO_SEMPLICE", "CIVICO_GENERALIZZATO", "DOCUMENTALE_241"),
            ),
            Colonna(
                "data_presentazione",
                "data",
                "Data di presentazione (se manca, quella di protocollo)",
                predefinito="data_protocollo",
            ),
            Colonna("data_protocollo", "data", "Data di protocollo", obbligatoria=True),
            Colonna("data_risposta", "data", "Data della risposta"),
            _sospensione(),
        ),
        ritmo="mensile",
        evento="data_protocollo",
        chiave=("protocollo",),
        regole=(
            _non_oltre("data_presentazione", "data_protocollo"),
            _non_prima("data_risposta", di="data_presentazione"),
        ),
    ),
    Estratto(
        "segreteria",
        "personale",
        "Rapporti di lavoro del personale",
        (
            _matricola(),
            Colonna(
                "contratto",
                "testo",
                "Tipo di contratto (TI tempo indeterminato, TD tempo determinato)",
                obbligatoria=True,
                codici=("TI", "TD", "DIRIGENTE", "SEGRETARIO_GENERALE"),
            ),
            Colonna("data_inizio", "data", "Inizio del rapporto", obbligatoria=True),
            Colonna("data_fine", "data", "Fine del rapporto; vuota se in corso"),
        ),
        ritmo="mensile",
        chiave=("matricola", "data_inizio"),
        regole=(_non_prima("data_fine", di="data_inizio"),),
    ),
    Estratto(
        "segreteria",
        "welfare",
        "Strumenti di welfare aziendale fruiti",
        (
            _matricola(),
            Colonna("strumento", "testo", "Strumento di welfare", obbligatoria=True),
            Colonna("data", "data", "Data di fruizione", obbligatoria=True),
        ),
        ritmo="trimestrale",
        evento="data",
    ),
    Estratto(
        "segreteria",
        "formazione",
        "Attività formative seguite dal personale",
        (
            _matricola(),
            Colonna("corso", "testo", "Corso seguito", obbligatoria=True),
            Colonna("data", "data", "Data del corso", obbligatoria=True),
            Colonna("ore", "decimale", "Durata (ore)", obbligatoria=True, intervallo=POSITIVO),
        ),
        ritmo="trimestrale",
        evento="data",
    ),
    Estratto(
        "provveditorato",
        "pagamenti",
        "Righe dei mandati di pagamento",
        (
            Colonna("numero_mandato", "testo", "Numero del mandato", obbligatoria=True),
            Colonna("riga", "intero", "Riga del mandato (se manca, 1)", predefinito=1),
            Colonna("data_pagamento", "data", "Data di pagamento", obbligatoria=True),
            Colonna("cig", "testo", "Codice identificativo di gara", codice=True),
            Colonna(
                "codice_siope",
                "testo",
                "Codice SIOPE (quattro cifre)",
                obbligatoria=True,
                forma="[0-9]{4}",
            ),
            Colonna("fornitore", "testo", "Fornitore"),
            Colonna("imponibile", "importo", "Imponibile (EUR)", obbligatoria=True),
            Colonna("iva", "importo", "IVA (EUR)", obbligatoria=True),
            Colonna(
                "canale",
                "testo",
                "Canale di acquisto",
                obbligatoria=True,
                codici=("CONVENZIONE_CONSIP", "ACCORDO_QUADRO", "MEPA", "FUORI_MERCATO"),
            ),
        ),
        ritmo="mensile",
        evento="data_pagamento",
        chiave=("numero_mandato", "riga"),
        regole=(
            RegolaRiga(
                "cig",
                "un CIG ha 10 caratteri, lettere o cifre",
                lambda: pl.col("cig").str.contains(r"^[A-Za-z0-9]{10}$"),
            ),
        ),
    ),
)

PER_CODICE: dict[str, Estratto] = {e.codice: e for e in ESTRATTI}

"""The rules that a plan can break: the one table of their names, and how a finding is worded.

Belongs here: name, gravity and meaning of every rule. Does not belong here: finding the cases,
which read.py and its parts do for what the text says, lint.py for what the records say; the rules of
what a plan asks, which are SQL (sql/piano/rilievi.sql).
"""

from dataclasses import dataclass

from pipelines.plan.model import Anomalia, Luogo


@dataclass(frozen=True)
class Regola:
    """A rule: `grave` where the figure that a finding touches cannot be computed or trusted."""

    grave: bool
    significato: str


REGOLE: dict[str, Regola] = {
    # Lines and cells
    "riga_non_compresa": Regola(False, "la riga non è di nessun genere noto"),
    "riga_di_tabella_non_compresa": Regola(
        True, "la riga ha target o valori osservati, ma non si legge come indicatore"
    ),
    "cella_in_piu": Regola(False, "una cella piena sta dove il piano non ne prevede"),
    "campo_senza_obiettivo": Regola(True, "un campo dell'obiettivo sta fuori da ogni obiettivo"),
    "campo_sconosciuto": Regola(False, "un'etichetta dentro la cella dell'obiettivo non è nota"),
    "campo_ripetuto": Regola(False, "un obiettivo ha due volte lo stesso campo"),
    "etichetta_tagliata": Regola(
        False, "l'etichetta è incompleta e il campo si deduce dall'ordine"
    ),
    "campo_gia_compilato": Regola(False, "un campo di fine anno è già compilato"),
    "campo_senza_posto": Regola(False, "un campo di fine anno non ha una cella dove stare"),
    # Documents
    "piu_allegati": Regola(True, "la partizione ha più di un allegato"),
    "piano_illeggibile": Regola(True, "il file del piano non si può leggere"),
    "disposizione_incerta": Regola(True, "non si capisce come è disposto il piano"),
    "parte_nascosta": Regola(False, "un foglio, una riga o una colonna nascosta non si legge"),
    "revisioni_pendenti": Regola(False, "il documento ha revisioni, lette come accettate"),
    "formula_senza_valore": Regola(False, "una formula non ha un valore salvato"),
    "valore_arrotondato": Regola(False, "una cella mostra meno decimali di quelli che contiene"),
    "altra_tabella": Regola(False, "una tabella non è del piano"),
    "totale_discorde": Regola(False, "un totale stampato non è la somma di ciò che si è letto"),
    "conteggio_discorde": Regola(False, "un numero stampato non è quello di ciò che si è letto"),
    "mappa_errata": Regola(True, "il file delle corrispondenze non si può leggere"),
    "mappa_inutile": Regola(False, "una voce del file delle corrispondenze non trova nulla"),
    # Headers
    "colonna_sconosciuta": Regola(False, "l'intestazione ha una colonna che non si legge"),
    "colonna_ripetuta": Regola(False, "l'intestazione ha due volte la stessa colonna"),
    "colonna_senza_anno": Regola(False, "l'intestazione dell'ultimo valore non dice di che anno è"),
    "intestazione_incompleta": Regola(False, "all'intestazione manca una colonna"),
    "anno_presunto": Regola(False, "nessuna intestazione dice di che anno è il piano"),
    "anno_discorde": Regola(True, "l'intestazione parla di un anno che non è quello del piano"),
    "esercizio_diverso": Regola(True, "il piano è di un anno che non è quello della sua cartella"),
    # Missions, programmes and objectives
    "missione_illeggibile": Regola(True, "la missione o il programma non ha un codice leggibile"),
    "obiettivo_senza_programma": Regola(True, "l'obiettivo non ha una missione o un programma"),
    "numero_presunto": Regola(False, "il titolo dell'obiettivo non comincia con un numero"),
    "obiettivo_ripetuto": Regola(True, "lo stesso obiettivo sta due volte nello stesso programma"),
    "numero_obiettivo_ripetuto": Regola(False, "due programmi hanno un obiettivo con quel numero"),
    "obiettivo_senza_indicatori": Regola(True, "l'obiettivo non ha indicatori che lo misurino"),
    "senza_obiettivi": Regola(True, "il piano non ha obiettivi"),
    "risorse_mancanti": Regola(True, "l'obiettivo non ha risorse a preventivo"),
    "risorse_illeggibili": Regola(True, "le risorse a preventivo non si leggono come importo"),
    "peso_mancante": Regola(True, "l'obiettivo non ha un peso"),
    "peso_illeggibile": Regola(True, "il peso non si legge come percentuale"),
    "campo_discorde": Regola(True, "un campo dell'obiettivo ha valori diversi nelle sue righe"),
    "somma_pesi": Regola(False, "i pesi degli obiettivi non sommano a 100"),
    # Indicators
    "senza_indicatori": Regola(True, "il piano non ha indicatori"),
    "indicatore_senza_obiettivo": Regola(True, "l'indicatore sta fuori da ogni obiettivo"),
    "indicatore_ripetuto": Regola(False, "lo stesso indicatore sta due volte nel piano"),
    "dato_mancante": Regola(False, "l'indicatore manca di uno dei dati che lo descrivono"),
    "ultimo_valore_illeggibile": Regola(True, "l'ultimo valore osservato non si legge"),
    "traguardo_illeggibile": Regola(True, "un target non si legge"),
    "traguardo_mancante": Regola(True, "manca il target dell'anno del piano"),
    "traguardo_futuro_mancante": Regola(False, "manca il target di un anno successivo al piano"),
    "operatore_presunto": Regola(
        False, "un target è senza operatore e prende il verso della definizione, o «almeno»"
    ),
    "operatore_stretto": Regola(False, "un target esclude il valore stesso"),
    "operatori_discordi": Regola(False, "i target di un indicatore hanno operatori diversi"),
    "percentuale_incoerente": Regola(False, "il segno % e il Tipo indicatore non concordano"),
    "anno_da_nota": Regola(False, "la nota dà all'ultimo valore un anno diverso dall'intestazione"),
    "confronto_illeggibile": Regola(False, "la nota cita un dato di confronto che non si legge"),
    "codici_processo_discordi": Regola(False, "nome e algoritmo citano codici processo diversi"),
}
"""Every rule by its name, which is stable: it is published in `piano.anomalie`."""


def anomalia(regola: str, riga: Luogo | None, cosa: str, rimedio: str) -> Anomalia:
    """A finding of a rule of the table, in one Italian sentence: where, what, what to do."""
    dove = "Piano" if riga is None else f"Riga {riga}"
    return Anomalia(regola, riga, f"{dove}: {cosa}; {rimedio}.", REGOLE[regola].grave)


def cita(testo: str) -> str:
    """Quote what the plan says, short enough for a report."""
    breve = testo if len(testo) <= 60 else f"{testo[:57]}..."
    return f"«{breve}»"

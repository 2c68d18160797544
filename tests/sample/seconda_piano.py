"""The plan of the second chamber, in a wide table of its own words, and the mapping that reads it.

Belongs here: what the plan says and how its workbook looks. Does not belong here: what the offices of that
chamber deliver (seconda.py).
"""

import io
from datetime import datetime

import xlsxwriter

CREATO = datetime(2021, 1, 15)
"""The day every workbook claims to be made: the clock would change the bytes at every run."""

TITOLI = (
    "Missione|Programma|Obbiettivo operativo|Risorse (€)|Peso obiettivo|Area|KPI|Metodo di calcolo"
    "|Fonte dei dati|Consuntivo 2019|Traguardo a fine anno|Target 2021|Target 2022|Sede"
)

OBIETTIVI = """\
> 012 - Regolazione dei mercati|004 - Vigilanza e tutela|1 - Un registro in cinque giorni|120000|40%
Efficacia|Rispetto dei tempi di evasione (5 giorni) delle pratiche Registro Imprese
 |N. pratiche evase entro 5 giorni dal ricevimento (al netto della sospensione) / N. pratiche evase
 |Registro imprese|71,40%|non meno di 75%|non meno di 77%|non meno di 80%
Efficienza|Costo per pratica del Registro imprese
 |Costi diretti e indiretti del processo C1.1.1 / N. pratiche evase nell'anno
 |Controllo di gestione|€ 36,10|al massimo € 35,00|al massimo € 34,50|al massimo € 34,00
Qualità|Conciliazioni e mediazioni concluse entro tre mesi
 |N. mediazioni e conciliazioni concluse entro 90 giorni / N. mediazioni e conciliazioni concluse
 |Conciliazione|64%|almeno 70%|almeno 72%|almeno 75%
> 011 - Competitività|005 - Promozione|2 - Servizi e promozione per le imprese|310000|35%
Volume|Servizi digitali per impresa|N. servizi digitali rilasciati / N. imprese attive al 31/12
 |Registro imprese|0,010|≥ 0,012|≥ 0,014|≥ 0,016
Economicità|Interventi economici per impresa attiva|Totale degli interventi economici / Imprese attive
 |Ragioneria|41,80|≥ 42,00|≥ 42,00|≥ 42,00
Efficacia|Grado di utilizzo del budget stanziato per gli interventi economici
 |Interventi economici a consuntivo / interventi economici a preventivo
 |Ragioneria|88,0%|≥ 90%|≥ 90%|≥ 92%
Output|Produzione dell'osservatorio di valle|Quaderni usciti nell'anno|Ufficio studi|4|≥ 4|≥ 4|≥ 5
> 032 - Servizi generali|003 - Servizi per le amministrazioni|3 - Una Camera puntuale|85000|25%
Efficienza|Tempo medio di pagamento delle fatture passive
 |Giorni tra il ricevimento e il mandato di pagamento / N. fatture passive pagate
 |Ragioneria|24,6 gg|non oltre 25 gg|non oltre 24 gg|non oltre 22 gg
Efficacia|Fatture passive pagate nei termini
 |N. fatture passive pagate entro la scadenza / N. fatture passive pagate
 |Ragioneria|81,5%|≥ 85%|≥ 88%|≥ 90%
Salute organizzativa|Tasso di assenza del personale|Giorni di assenza / giorni lavorativi
 |Personale|13,9%|≤ 14%|≤ 14%|≤ 13,5%
Salute organizzativa|Percentuale di dipendenti formati
 |Dipendenti che hanno partecipato a corsi di formazione / totale dipendenti
 |Personale|90%|≥ 90%|≥ 95%|≥ 95%
Volume|Deliberazioni di Giunta e di Consiglio|N. deliberazioni adottate da Giunta e Consiglio
 |Segreteria|44|≥ 40|≥ 40|≥ 40
Qualità|Soddisfazione delle imprese|Media dei voti dei questionari|Segreteria|7,9|≥ 8,0|≥ 8,0|≥ 8,1
"""
"""The objectives (>), each with its indicators; a line that begins with a space goes on."""

ALLEGATO_TOML = """\
# Come la Camera di Valdastra chiama le colonne del suo piano.
[documento]
parti = ["PIRA 2020"]

[colonne]
"Area" = "tipologia"
"Traguardo a fine anno" = "target 2020"
"Sede" = "ignora"

[parole]
"non meno di" = "=>"

[righe]
ignora = ["^Totale risorse"]

[legami]
"011/005/2/4" = { codice = "ISR_STUDI", motivo = "i quaderni sono gli studi", autore = "controllo" }
"""


def _obiettivi() -> list[tuple[list[str], list[list[str]]]]:
    """The fields of each objective, with those of each of its indicators."""
    found: list[tuple[list[str], list[list[str]]]] = []
    for line in OBIETTIVI.replace("\n |", "|").splitlines():
        if line.startswith("> "):
            found.append((line[2:].split("|"), []))
        else:
            found[-1][1].append(line.split("|"))
    return found


def allegato() -> bytes:
    """The plan as a workbook: title lines, merged objectives, a total, a second sheet that is no plan."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": CREATO})
        euro = workbook.add_format({"num_format": "#,##0.00"})
        sheet = workbook.add_worksheet("PIRA 2020")
        sheet.write(0, 0, "Camera di commercio di Valdastra")
        sheet.write(1, 0, "Piano degli indicatori e dei risultati attesi di bilancio 2020-2022")
        sheet.write_row(3, 0, TITOLI.split("|"))
        row, total = 4, 0
        for (*texts, money, weight), voci in _obiettivi():
            last = row + len(voci) - 1
            for column, text in enumerate(texts):
                sheet.merge_range(row, column, last, column, text)
            sheet.merge_range(row, 3, last, 3, int(money), euro)
            sheet.merge_range(row, 4, last, 4, weight)
            total += int(money)
            for voce in voci:
                for column, text in enumerate((*voce, "Valdastra"), start=5):
                    sheet.write_string(row, column, text)
                row += 1
        sheet.write(row, 0, "Totale risorse")
        sheet.write(row, 3, total, euro)
        legend = workbook.add_worksheet("Legenda")
        legend.write(0, 0, "KPI: indicatore chiave. Il traguardo è quello dell'anno del piano.")
    return file.getvalue()

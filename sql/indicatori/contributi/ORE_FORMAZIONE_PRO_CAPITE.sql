/*
codice = "ORE_FORMAZIONE_PRO_CAPITE"
catalogo = "condiviso"
titolo = "Ore di formazione pro capite"
unita = "rapporto"
direzione = "=>"
denominatore = true
unita_numeratore = "ore"
unita_denominatore = "persone"
riconosce = ["ore formazione|formative pro capite"]
conta = [
    "ore formazione|formative|corsi diviso|rapporto|capite dipendenti|personale|unita|addetti|persone",
    "ore medie formazione|formative dipendenti|personale|capite",
]
esclude = [
    "anticorruzione|sicurezza|trasparenza|privacy|digitale|digitali",
    "imprese|studenti|utenti|docenza",
]
descrizione = "Al numeratore le ore di formazione del periodo; al denominatore ogni persona in servizio alla data di riferimento, con qualsiasi contratto, una volta. Rapporto in ore per persona."
fonte = "Direttive del Ministro per la pubblica amministrazione del 24 marzo 2023 e del 14 gennaio 2025 (ore di formazione pro capite annue), come obiettivo dei piani delle Camere."
assunto = "Contano le ore di tutti, anche di chi nel frattempo ha lasciato il servizio; le persone sono quelle in servizio alla data di riferimento."
*/
with ore as (
    select
        w.camera,
        w.esercizio,
        w.ore as numeratore,
        0 as denominatore,
        w._file,
        w._riga
    from fonti.segreteria_formazione as w
    inner join esercizi.periodi as p using (camera, esercizio)
    where w.data between p.inizio and p.data_riferimento
),

in_servizio as (
    select
        s.camera,
        s.esercizio,
        0 as numeratore,
        1 as denominatore,
        s._file,
        s._riga
    from fonti.segreteria_personale as s
    inner join esercizi.periodi as p using (camera, esercizio)
    where s.data_inizio <= p.data_riferimento
        and (s.data_fine is null or s.data_fine >= p.data_riferimento)
    qualify s.data_inizio = max(s.data_inizio) over (partition by s.camera, s.esercizio, s.matricola)
)

select camera, esercizio, numeratore, denominatore, _file, _riga
from ore
union all
select camera, esercizio, numeratore, denominatore, _file, _riga
from in_servizio

/*
codice = "CONCILIAZIONI_PER_FTE"
titolo = "Conciliazioni e mediazioni gestite per addetto"
unita = "rapporto"
direzione = "=>"
denominatore = true
unita_numeratore = "procedure"
unita_denominatore = "FTE"
riconosce = [
    "volume|numero|procedure|procedimenti|carico|gestite|produttivita medio|carico|produttivita|per addetto|fte|dipendente|operatore conciliazione|mediazione",
]
conta = ["mediazione|conciliazione fte|c2 diviso|rapporto"]
esclude = ["dedicati|assegnati addetti|fte|dipendenti", "esito|accordo|raggiunto"]
descrizione = "Al numeratore ogni MEDIAZIONE o CONCILIAZIONE gestita nel periodo (avviata entro la data di riferimento e non conclusa prima dell'anno); al denominatore gli FTE integrati del processo C2.7.2, riga per riga arrotondati a 12 decimali."
*/
with procedimenti as (
    select
        c.camera,
        c.esercizio,
        1 as numeratore,
        0 as denominatore,
        c._file,
        c._riga
    from fonti.conciliazione_procedimenti as c
    inner join esercizi.periodi as p using (camera, esercizio)
    where c.tipo in ('MEDIAZIONE', 'CONCILIAZIONE')
        and c.data_avvio <= p.data_riferimento
        and (c.data_conclusione is null or c.data_conclusione >= p.inizio)
),

-- tempo / 100 * mesi / 12 * part_time / 100, in units of the twelfth decimal and half-up: each
-- factor is a whole number of millionths, so their product is divided by 10^18 * 120000 / 10^12.
addetti as (
    select
        f.camera,
        f.esercizio,
        0 as numeratore,
        aritmetica.da_unita(
            (
                2
                * (f.percentuale_tempo * 1000000)::hugeint
                * (f.mesi_servizio * 1000000)::hugeint
                * (f.percentuale_part_time * 1000000)::hugeint
                + 120000000000
            )
            // 240000000000
        ) as denominatore,
        f._file,
        f._riga
    from fonti.kronos_fte as f
    left join regole.alias_processi as a
        on f.camera = a.camera and f.codice_processo = a.alias
    where coalesce(a.codice_processo, f.codice_processo) = 'C2.7.2'
)

select camera, esercizio, numeratore, denominatore, _file, _riga
from procedimenti
union all
select camera, esercizio, numeratore, denominatore, _file, _riga
from addetti

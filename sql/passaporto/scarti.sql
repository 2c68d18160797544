/*
descrizione = "Le righe in quarantena degli estratti che servono a ogni indicatore, con le regole che violano. Che cosa avrebbero cambiato sta in passaporto.se_accettate."
grana = "una riga per indicatore e riga di estratto in quarantena"
chiave = ["camera", "esercizio", "codice", "_file", "_riga"]
materializzazione = "vista"
perse = """
select 1
from (select count(*) as righe from passaporto.scarti) as s
cross join (
    select count(*) as righe
    from (select distinct camera, esercizio, estratto, _file, _riga from qualita.scarti)
    inner join indicatori.fonti using (estratto)
    semi join indicatori.richiesti using (camera, esercizio, codice)
) as a
where s.righe <> a.righe
"""

[colonne]
regole = "Le regole violate, ciascuna con la sua colonna"
totale = "Vero se la riga dice di essere un totale: non è un dato, e non avrebbe contato"
*/
with quarantena as (
    select
        camera,
        esercizio,
        estratto,
        _file,
        _riga,
        string_agg(coalesce(colonna || ': ', '') || regola, '; ' order by colonna, regola) as regole,
        bool_and(regola = 'riga_di_totale') as totale
    from qualita.scarti
    group by camera, esercizio, estratto, _file, _riga
)

select
    q.camera,
    q.esercizio,
    f.codice,
    q.estratto,
    q._file,
    q._riga,
    q.regole,
    q.totale
from quarantena as q
inner join indicatori.fonti as f using (estratto)
semi join indicatori.richiesti as r
    on q.camera = r.camera and q.esercizio = r.esercizio and f.codice = r.codice

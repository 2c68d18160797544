/*
descrizione = "Ogni estratto ha un numero di righe vicino a quello dello stesso periodo degli esercizi precedenti della Camera."
gravita = "AVVISO"
in_evidenza = true
riguarda = "qualita.volumi"
mostra = "qualita.non_valutati"
*/
with parti as (
    select
        camera,
        esercizio,
        estratto,
        count(*) as parti,
        arg_max(_file, (righe_accettate, _file)) as _file
    from qualita.file
    where esito = 'ACCETTATO'
    group by camera, esercizio, estratto
)

select
    v.camera,
    v.esercizio,
    v.estratto,
    p._file,
    v.righe as casi,
    case v.righe when 1 then '1 riga' else v.righe || ' righe' end
    || case when p.parti > 1 then ' in ' || p.parti || ' file' else '' end
    || case when v.al < make_date(v.esercizio, 12, 31) then ' al ' || strftime(v.al, '%d/%m/%Y') else '' end
    || ', contro ' || v.precedenti as trovato
from qualita.volumi as v
inner join parti as p using (camera, esercizio, estratto)
where v.sospetto

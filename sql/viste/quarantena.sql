/*
descrizione = "Le righe in quarantena per ufficio, estratto, regola e colonna, con la prima da guardare. Una riga che viola più regole sta in più righe di questa vista: righe_in_tutto le conta una volta."
grana = "una riga per partizione, estratto, regola e colonna"
chiave = ["camera", "esercizio", "estratto", "regola", "colonna"]
materializzazione = "vista"

[colonne]
righe = "Righe in quarantena per questa regola e colonna (numero)"
righe_in_tutto = "Righe dell'estratto in quarantena, per qualunque regola (numero)"
righe_lette = "Righe di dati lette nell'estratto (numero)"
percentuale_lette = "Quota delle righe lette che sono in quarantena per questa regola e colonna (punti percentuali)"
primo_file = "Il file della prima riga in quarantena"
prima_riga = "La prima riga in quarantena in quel file"
*/
with scarti as (
    select
        camera,
        esercizio,
        estratto,
        regola,
        colonna,
        count(distinct (_file, _riga)) as righe,
        min((_file, _riga)) as prima
    from qualita.scarti
    group by camera, esercizio, estratto, regola, colonna
),

interi as (
    select
        camera,
        esercizio,
        estratto,
        count(distinct (_file, _riga)) as righe
    from qualita.scarti
    group by camera, esercizio, estratto
),

lette as (
    select
        camera,
        esercizio,
        estratto,
        sum(righe_lette)::bigint as righe
    from qualita.file
    group by camera, esercizio, estratto
)

select
    s.camera,
    s.esercizio,
    split_part(s.estratto, '/', 1) as ufficio,
    s.estratto,
    s.regola,
    s.colonna,
    s.righe,
    i.righe as righe_in_tutto,
    l.righe as righe_lette,
    aritmetica.rapporto_arrotondato(s.righe, l.righe, 100)::decimal(38, 2) as percentuale_lette,
    struct_extract_at(s.prima, 1) as primo_file,
    struct_extract_at(s.prima, 2) as prima_riga
from scarti as s
inner join interi as i using (camera, esercizio, estratto)
left join lette as l using (camera, esercizio, estratto)

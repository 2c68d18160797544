-- A text reduced to what identifies it: how names and algorithms of plans are compared (piano.toml).

-- A word without its ending: one of more than three letters loses its last vowels and the h before
-- them (pratica, pratiche: pratic).
create macro parole.radice(parola) as
    case
        when length(parola) > 3 then regexp_replace(parola, 'h?[aeiou]+$', '')
        else parola
    end;

-- Several years, and the year before: numbers that no word would tell.
create macro parole.con_periodi(testo) as
    regexp_replace(
        regexp_replace(
            testo,
            '\b(19|20)[0-9]{2}(\s*([-–]|al)\s*(19|20)|[-–][2-9])[0-9]{1,2}\b|\b(ultimi|due|tre|quattro|cinque|[2-9])\s+anni\b',
            ' pluriennale ',
            'g'
        ),
        '\bn\s*[-–]\s*[1-9]\b',
        ' precedente ',
        'g'
    );

-- The stroke of a division: it has a space or a bracket beside it, or a number of things below it.
create macro parole.con_divisioni(testo) as
    regexp_replace(
        regexp_replace(testo, '/\s*(n[.°º]|num|tot)', ' diviso \1', 'g'),
        '\s[/:÷]|/\s|\)/|/\(',
        ' diviso ',
        'g'
    );

-- The words of a text, in order, each without its ending, small and without accents. What is no word
-- is one here: "N." and "N°" are numero, "%" is percentuale, the stroke of a division is diviso, several
-- years are pluriennale, and the year n-1 is precedente.
create macro parole.ridotte(testo) as
    [
        parole.radice(parola)
        for parola in regexp_extract_all(
            regexp_replace(
                parole.con_divisioni(
                    parole.con_periodi(replace(strip_accents(lower(testo)), '%', ' percentuale '))
                ),
                '\bn(r|um)?\s*[.°º]\s*([a-z])',
                'numero \2',
                'g'
            ),
            '[a-z0-9]+'
        )
    ];

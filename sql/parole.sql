-- A text reduced to what identifies it: how names and algorithms of plans are compared (piano.toml).

-- A word without its ending: one of more than three letters loses its last vowels and the h before
-- them (pratica, pratiche: pratic).
create macro parole.radice(parola) as
    case
        when length(parola) > 3 then regexp_replace(parola, 'h?[aeiou]+$', '')
        else parola
    end;

-- The words of a text, in order, small and without accents. "N." and "N°" are numero, "%" is
-- percentuale, the stroke of a division, which has a space or a bracket beside it, is diviso, and a
-- range of years (2018-2020) is pluriennale.
create macro parole.scritte(testo) as
    regexp_extract_all(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace(
                        replace(strip_accents(lower(testo)), '%', ' percentuale '),
                        '\b(19|20)[0-9]{2}\s*[-–]\s*((19|20)?[0-9]{2})\b',
                        ' pluriennale ',
                        'g'
                    ),
                    '/\s*(n[.°º]|num|tot)',
                    ' diviso \1',
                    'g'
                ),
                '\s[/:÷]|/\s|\)/|/\(',
                ' diviso ',
                'g'
            ),
            '\bn(r|um)?\s*[.°º]\s*([a-z])',
            'numero \2',
            'g'
        ),
        '[a-z0-9]+'
    );

-- The words of a text, in order, each without its ending.
create macro parole.ridotte(testo) as
    [parole.radice(parola) for parola in parole.scritte(testo)];

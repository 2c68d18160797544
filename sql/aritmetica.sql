-- Exact arithmetic. DECIMAL / DECIMAL is a DOUBLE in DuckDB, so ratios and roundings go through
-- whole numbers (HUGEINT): no float touches an amount, a ratio or a rounding.

-- A number as a whole count of units of the twelfth decimal. Whole part and decimals apart: together
-- they would need more than the 38 digits there are.
create macro aritmetica.unita(x) as
    trunc(x::decimal(38, 12))::hugeint * 1000000000000::hugeint
    + ((x::decimal(38, 12) - trunc(x::decimal(38, 12))) * 1000000000000::hugeint)::hugeint;

-- The other way round.
create macro aritmetica.da_unita(u) as
    (u::hugeint::decimal(38, 0) * 0.000000000001)::decimal(38, 12);

-- n / d in units of the twelfth decimal, n and d whole and d not 0.
create macro aritmetica.divisione(n, d) as
    n // d * 1000000000000::hugeint
    + n % d * 1000000::hugeint // d * 1000000::hugeint
    + n % d * 1000000::hugeint % d * 1000000::hugeint // d;

-- numeratore / denominatore * per, cut toward zero at the twelfth decimal: rounding what is left
-- half-up at any coarser decimal equals rounding the exact ratio. NULL when the denominator is 0.
-- Written as a long division, six decimals at a time, so that no step needs more than 38 digits; and
-- without a branch around it, since what a branch repeats DuckDB computes again each time.
create macro aritmetica.rapporto(numeratore, denominatore, per) as
    aritmetica.da_unita(
        aritmetica.divisione(
            aritmetica.unita(numeratore) * per, aritmetica.unita(nullif(denominatore, 0))
        )
    );

-- The value of an indicator: a count is its numerator, over 1; a ratio without a denominator above 0 is NULL.
create macro aritmetica.valore(numeratore, denominatore, ha_denominatore, unita) as
    aritmetica.rapporto(
        numeratore,
        case when not ha_denominatore then 1 when denominatore > 0 then denominatore end,
        case when ha_denominatore and unita = 'percentuale' then 100 else 1 end
    );

-- Half-up, which for a negative means away from zero, at `decimali` decimals (0 to 6).
create macro aritmetica.arrotonda(x, decimali) as
    aritmetica.da_unita(
        sign(x)::hugeint
        * (
            (abs(aritmetica.unita(x)) + [500000000000, 50000000000, 5000000000, 500000000, 50000000, 5000000, 500000][decimali + 1]::hugeint)
            // [1000000000000, 100000000000, 10000000000, 1000000000, 100000000, 10000000, 1000000][decimali + 1]::hugeint
        )
        * [1000000000000, 100000000000, 10000000000, 1000000000, 100000000, 10000000, 1000000][decimali + 1]::hugeint
    );

-- numeratore / denominatore * per, rounded half-up to two decimals from the exact ratio.
create macro aritmetica.rapporto_arrotondato(numeratore, denominatore, per) as
    case
        when denominatore <> 0 then (
            sign(numeratore)::hugeint * sign(denominatore)::hugeint
            * (
                (2 * abs(aritmetica.unita(numeratore)) * per * 100 + abs(aritmetica.unita(denominatore)))
                // (2 * abs(aritmetica.unita(denominatore)))
            )::decimal(38, 0) * 0.01
        )::decimal(38, 2)
    end;

-- A code as it is known by ear: without case, accents, punctuation and leading zeros.
create macro aritmetica.codice_nudo(x) as
    regexp_replace(
        regexp_replace(upper(strip_accents(x)), '(^|[^0-9])0+([0-9])', '\1\2', 'g'),
        '[^A-Z0-9]',
        '',
        'g'
    );

-- A number as it is written in Italian, with only the decimals that it needs.
create macro aritmetica.testo(x) as
    replace(regexp_replace(x::decimal(38, 12)::varchar, '\.?0+$', ''), '.', ',');

-- Whether a result meets a target: NULL without one of the two.
create macro aritmetica.raggiunto(risultato, operatore, target) as
    case operatore
        when '=>' then risultato >= target
        when '=<' then risultato <= target
    end;

-- % Realizz before it is held within 0..100, two decimals; NULL without a result or a target.
-- `al_massimo` is the rule in force for a target of that direction (regole.parametri).
create macro aritmetica.realizzazione_grezza(risultato, operatore, target, al_massimo) as
    case
        when aritmetica.raggiunto(risultato, operatore, target) is null then null
        when target = 0
            then case when aritmetica.raggiunto(risultato, operatore, target) then 100 else 0 end
        when operatore = '=>' then aritmetica.rapporto_arrotondato(risultato, target, 100)
        when al_massimo = 'specchio'
            then aritmetica.rapporto_arrotondato(2 * target - risultato, target, 100)
        when risultato = 0 then 100
        else aritmetica.rapporto_arrotondato(target, risultato, 100)
    end::decimal(38, 2);

-- Held within 0..100. Not least(greatest()): those pass over NULL, and a missing result would become 0.
create macro aritmetica.tra_0_e_100(x) as
    case
        when x < 0 then 0
        when x > 100 then 100
        else x
    end::decimal(5, 2);

-- The colour of a % Realizz, by the thresholds in force.
create macro aritmetica.semaforo(realizzazione, giallo_da, verde_da) as
    case
        when realizzazione is null then 'grigio'
        when realizzazione >= verde_da then 'verde'
        when realizzazione >= giallo_da then 'giallo'
        else 'rosso'
    end;

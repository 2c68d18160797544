"""Which definition a row of a plan is bound to, over worlds of a few rows: words and the contest.

Belongs here: `piano.somiglianze` and `piano.riconosciuti` over scores and words made up for it. Does not
belong here: rows of real plans and the definitions of the catalogue (tests/plan/test_legami.py).
"""

import duckdb

from tests.warehouse.tavole import dice, metti, righe

# --- the contest ---------------------------------------------------------------------------------------

GARA = """
indicatori.catalogo
codice  condiviso
A       false
B       false
K       false
Y       false
C       true
Z       true

lettura.indicatori
camera  esercizio  missione  programma  obiettivo  progressivo  riga  indicatore  algoritmo
AA      2020       M         P          1.1        1            1     Studi       -
BB      2020       M         P          1.1        1            2     Studi       -
AA      2021       M         P          1.1        1            3     Studi       -
AA      2020       N         P          1.1        1            4     Studi       -
AA      2020       M         Q          1.1        1            5     Studi       -
AA      2020       M         P          1.2        1            6     Studi       -
AA      2020       M         P          1.1        2            7     Studi       -
AA      2020       M         P          1.3        17           9     Sedute      -
AA      2020       M         P          1.3        18           10    Riunioni    -
AA      2020       M         P          1.3        1            11    Studi       -
AA      2020       M         P          1.3        2            12    Studi       -
AA      2020       M         P          1.3        3            13    Studi       -
AA      2020       M         P          1.3        4            14    Studi       -
AA      2020       M         P          1.3        5            15    Studi       -
AA      2020       M         P          1.3        7            17    Studi       -
AA      2020       M         P          1.3        8            18    Studi       -
AA      2020       M         P          1.3        9            19    Studi       -
AA      2020       M         P          1.3        10           20    Studi       -
AA      2020       M         P          1.3        11           21    Studi       -
AA      2020       M         P          1.3        12           22    Studi       -
AA      2020       M         P          1.3        14           24    Studi       -
AA      2020       M         P          1.3        15           25    Studi       -
AA      2020       M         P          1.3        16           26    Studi       -
AA      2020       M         P          1.3        19           27    Sedute      -
AA      2020       M         P          1.3        20           28    Sedute      -
BB      2020       M         P          1.3        21           30    Sedute      -
AA      2021       M         P          1.3        22           31    Sedute      -
AA      2020       M         P          1.4        1            32    Carte       ***
AA      2020       M         P          1.4        2            33    Carte       -

piano.somiglianze
camera  esercizio  missione  programma  obiettivo  progressivo  codice  punteggio  nome  algoritmo  altra_misura
AA      2020       M         P          1.1        1            A       1          1     -          -
AA      2020       M         P          1.1        1            Y       0.1        0.1   -          -
BB      2020       M         P          1.1        1            B       0.5        0.5   -          -
BB      2020       M         P          1.1        1            Z       0.9        0.9   -          -
AA      2021       M         P          1.1        1            B       0.5        0.5   -          -
AA      2021       M         P          1.1        1            Z       0.9        0.9   -          -
AA      2020       N         P          1.1        1            B       0.5        0.5   -          -
AA      2020       N         P          1.1        1            Z       0.9        0.9   -          -
AA      2020       M         Q          1.1        1            B       0.5        0.5   -          -
AA      2020       M         Q          1.1        1            Z       0.9        0.9   -          -
AA      2020       M         P          1.2        1            B       0.5        0.5   -          -
AA      2020       M         P          1.2        1            Z       0.9        0.9   -          -
AA      2020       M         P          1.1        2            B       0.5        0.5   -          -
AA      2020       M         P          1.1        2            Z       0.9        0.9   -          -
AA      2020       M         P          1.3        17           Y       1          1     -          -
AA      2020       M         P          1.3        18           Y       1          1     -          -
AA      2020       M         P          1.3        1            A       0.8        0.8   -          -
AA      2020       M         P          1.3        1            B       0.6        0.6   -          -
AA      2020       M         P          1.3        1            Z       0.8        0.8   -          -
AA      2020       M         P          1.3        2            A       0.79       0.79  -          -
AA      2020       M         P          1.3        2            Z       0.99       0.99  -          -
AA      2020       M         P          1.3        3            A       0.9        0.9   -          -
AA      2020       M         P          1.3        3            B       0.75       0.75  -          -
AA      2020       M         P          1.3        3            Z       1          1     -          -
AA      2020       M         P          1.3        4            A       0.85       0.85  -          -
AA      2020       M         P          1.3        4            Z       0.9        0.9   -          -
AA      2020       M         P          1.3        5            A       0.5        0.5   -          -
AA      2020       M         P          1.3        5            B       0.5        0.6   0.5        -
AA      2020       M         P          1.3        7            Y       0.5        0.5   -          -
AA      2020       M         P          1.3        7            C       0.5        0.5   -          -
AA      2020       M         P          1.3        8            B       0.5        0.5   -          -
AA      2020       M         P          1.3        8            A       0.5        0.5   -          -
AA      2020       M         P          1.3        9            A       0          0.7   0          pesa
AA      2020       M         P          1.3        9            B       0          0     -          misura
AA      2020       M         P          1.3        10           A       0.5        0.5   -          -
AA      2020       M         P          1.3        12           A       0.8        0.8   -          -
AA      2020       M         P          1.3        12           B       0.7        0.7   -          -
AA      2020       M         P          1.3        14           A       1          1     -          -
AA      2020       M         P          1.3        14           B       0.3        0.3   -          -
AA      2020       M         P          1.3        15           A       0.9        0.9   -          -
AA      2020       M         P          1.3        15           B       0.4        0.4   -          -
AA      2020       M         P          1.3        16           A       1          0.2   1          -
AA      2020       M         P          1.3        19           Y       0.5        0.5   -          -
BB      2020       M         P          1.3        21           Y       1          1     -          -
AA      2021       M         P          1.3        22           Y       1          1     -          -
AA      2020       M         P          1.4        1            K       1          1     -          -
AA      2020       M         P          1.4        2            K       1          1     -          -

lettura.legami
camera  esercizio  missione  programma  obiettivo  progressivo  codice
AA      2020       M         P          1.1        1            B
AA      2020       M         P          1.3        14           A
AA      2020       M         P          1.3        15           nessuna
AA      2020       M         P          1.3        20           Y
"""  # noqa: E501

SENZA, CONTESO = "indicatore_senza_modello", "codice_conteso"
VIETATO = "Il file delle corrispondenze dice che nessuna definizione è quella di questo indicatore."
CONTESI = (
    "Più righe del piano (9, 10, 28) sono riconosciute da Y ma hanno nome o algoritmo diversi:"
    " lasciarne una, o renderle uguali."
)
NESSUNA = "Nessuna definizione riconosce questo indicatore del piano"
PREVALE = "Nessuna definizione prevale su questo indicatore del piano"
VICINE = "le più vicine sono"

RICONOSCIUTI = f"""
riga  codice  metodo     punteggio  secondo  punteggio_secondo  regola     motivo
1     B       mappa      1          A        1                  -          -
2     Z       nome       0.9        B        0.5                -          -
3     Z       nome       0.9        B        0.5                -          -
4     Z       nome       0.9        B        0.5                -          -
5     Z       nome       0.9        B        0.5                -          -
6     Z       nome       0.9        B        0.5                -          -
7     Z       nome       0.9        B        0.5                -          -
9     -       -          1          -        -                  {CONTESO}  {CONTESI}
10    -       -          1          -        -                  {CONTESO}  {CONTESI}
11    A       nome       0.8        B        0.6                -          -
12    Z       nome       0.99       A        0.79               -          -
13    -       -          1          A        0.9                {SENZA}    {PREVALE}: {VICINE} Z (1,00) e A (0,90).
14    A       nome       0.85       -        -                  -          -
15    -       -          0.5        A        0.5                {SENZA}    {NESSUNA}: {VICINE} B (0,50) e A (0,50).
17    -       -          0.5        C        0.5                {SENZA}    {NESSUNA}: {VICINE} Y (0,50) e C (0,50).
18    -       -          0.5        B        0.5                {SENZA}    {NESSUNA}: {VICINE} A (0,50) e B (0,50).
19    -       -          0          B        0                  {SENZA}    {NESSUNA}: {VICINE} A (0,00, perché pesa) e B (0,00).
20    -       -          0.5        -        -                  {SENZA}    {NESSUNA}: {VICINE} A (0,50).
21    -       -          -          -        -                  {SENZA}    {NESSUNA}.
22    -       -          0.8        B        0.7                {SENZA}    {PREVALE}: {VICINE} A (0,80) e B (0,70).
24    A       mappa      1          B        0.3                -          -
25    -       -          0.9        B        0.4                {SENZA}    {VIETATO}
26    A       algoritmo  1          -        -                  -          -
27    -       -          0.5        -        -                  {SENZA}    {NESSUNA}: {VICINE} Y (0,50).
28    Y       mappa      1          -        -                  -          -
30    Y       nome       1          -        -                  -          -
31    Y       nome       1          -        -                  -          -
32    K       nome       1          -        -                  -          -
33    K       nome       1          -        -                  -          -
"""  # noqa: E501


def test_a_row_is_bound_to_what_its_mapping_says_or_to_what_wins_by_enough(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """Shared definitions (C, Z) compete only where none of the contract's own is recognised."""
    metti(base, GARA)
    base.execute("update lettura.legami set codice = '' where codice = 'nessuna'")
    assert dice(base, "piano.riconosciuti", RICONOSCIUTI) == righe(RICONOSCIUTI)


# --- words ---------------------------------------------------------------------------------------------

PAROLE = """
indicatori.catalogo
codice  unita        denominatore
ALBERI  numero       false
QUOTA   percentuale  true
MEDIO   numero       true

indicatori.forme
codice  uso        forma
ALBERI  riconosce  alberi|piante piantati
ALBERI  riconosce  boschi
ALBERI  conta      alberi verbali
ALBERI  esclude    costo alto
ALBERI  esclude    abeti rossi
QUOTA   riconosce  quota alberi
QUOTA   conta      alberi spesa diviso
MEDIO   riconosce  boschi medio

indicatori.parole
genere        forma
altre_misure  costo
altre_misure  spesa
altre_misure  medio
quote         quota
quote         tasso
conteggi      numero
vuote         totale

lettura.indicatori
camera  esercizio  progressivo  indicatore           algoritmo       tipo_indicatore     percentuale
AA      2020       1            Alberi piantati      -               Altro               false
AA      2020       2            Piante e alberi      Totale 2020     -                   false
AA      2020       3            Boschi alberi        Alberi verbali  -                   false
AA      2020       4            Costo alberi         -               -                   false
AA      2020       5            Quota spesa alberi   Altre piante    -                   false
AA      2020       6            Boschi medio         -               -                   false
AA      2020       7            Spesa e costo        -               -                   false
AA      2020       8            Boschi abeti         -               -                   false
AA      2020       9            Boschi abeti rossi   -               -                   false
AA      2020       10           Boschi               Costo boschi    -                   false
AA      2020       11           Numero quota alberi  -               -                   false
AA      2020       12           Numero boschi        -               -                   false
AA      2020       13           Numero boschi        -               Percentuale         false
AA      2020       14           Boschi               -               -                   true
AA      2020       15           Boschi               -               In %                false
AA      2020       16           Quota alberi         -               Numero              false
AA      2020       17           Boschi               -               Numero percentuale  false
AA      2020       18           Boschi               -               Rapporto            false
AA      2020       19           Boschi               -               Numero              false
AA      2020       20           Boschi               Spesa alberi    -                   false
AA      2020       21           Tasso alberi         -               -                   false
"""

SOMIGLIANZE = """
progressivo  codice  nome  algoritmo  altra_misura                punteggio
1            ALBERI  1     -          -                           1
1            QUOTA   0.5   -          -                           0.5
1            MEDIO   0     -          -                           0
2            ALBERI  0.5   -          -                           0.5
2            QUOTA   0.5   -          -                           0.5
2            MEDIO   0     -          -                           0
3            ALBERI  1     1          -                           1
3            QUOTA   0.5   0.3333     -                           0.3333
3            MEDIO   0.5   -          -                           0.5
4            ALBERI  0.5   -          il nome dice «costo»        0
4            QUOTA   0.5   -          il nome dice «costo»        0
4            MEDIO   0     -          il nome dice «costo»        0
5            ALBERI  0.5   0          il nome dice «quota»        0
5            QUOTA   1     0          -                           0
5            MEDIO   0     -          il nome dice «quota»        0
6            ALBERI  1     -          il nome dice «medio»        0
6            QUOTA   0     -          il nome dice «medio»        0
6            MEDIO   1     -          -                           1
7            ALBERI  0     -          il nome dice «costo»        0
7            QUOTA   0     -          il nome dice «costo»        0
7            MEDIO   0     -          il nome dice «costo»        0
8            ALBERI  1     -          -                           1
8            QUOTA   0     -          -                           0
8            MEDIO   0.5   -          -                           0.5
9            ALBERI  1     -          il nome dice «abeti rossi»  0
9            QUOTA   0     -          -                           0
9            MEDIO   0.5   -          -                           0.5
10           ALBERI  1     0          l'algoritmo dice «costo»    0
10           QUOTA   0     0          l'algoritmo dice «costo»    0
10           MEDIO   0.5   -          l'algoritmo dice «costo»    0
11           ALBERI  0.5   -          il nome dice «quota»        0
11           QUOTA   1     -          il nome è di un conteggio   0
11           MEDIO   0     -          il nome dice «quota»        0
12           ALBERI  1     -          -                           1
12           QUOTA   0     -          il nome è di un conteggio   0
12           MEDIO   0.5   -          -                           0.5
13           ALBERI  1     -          è una percentuale           0
13           QUOTA   0     -          il nome è di un conteggio   0
13           MEDIO   0.5   -          è una percentuale           0
14           ALBERI  1     -          è una percentuale           0
14           QUOTA   0     -          -                           0
14           MEDIO   0.5   -          è una percentuale           0
15           ALBERI  1     -          è una percentuale           0
15           QUOTA   0     -          -                           0
15           MEDIO   0.5   -          è una percentuale           0
16           ALBERI  0.5   -          il nome dice «quota»        0
16           QUOTA   1     -          il tipo è «Numero»          0
16           MEDIO   0     -          il nome dice «quota»        0
17           ALBERI  1     -          è una percentuale           0
17           QUOTA   0     -          -                           0
17           MEDIO   0.5   -          è una percentuale           0
18           ALBERI  1     -          il tipo è «Rapporto»        0
18           QUOTA   0     -          il tipo è «Rapporto»        0
18           MEDIO   0.5   -          -                           0.5
19           ALBERI  1     -          -                           1
19           QUOTA   0     -          il tipo è «Numero»          0
19           MEDIO   0.5   -          -                           0.5
20           ALBERI  1     0.5        l'algoritmo dice «spesa»    0
20           QUOTA   0     0.6667     -                           0.5
20           MEDIO   0.5   -          l'algoritmo dice «spesa»    0
21           ALBERI  0.5   -          il nome dice «tasso»        0
21           QUOTA   0.5   -          -                           0.5
21           MEDIO   0     -          il nome dice «tasso»        0
"""


def test_a_row_is_like_a_definition_by_the_words_that_they_share(
    base: duckdb.DuckDBPyConnection,
) -> None:
    """Row 2 has both words of one place, and an algorithm that could be anybody's; "costo" alone is another
    measure for ALBERI, whose own "costo alto" it is not; "spesa" is QUOTA's own, and "medio" MEDIO's."""
    metti(base, PAROLE)
    assert dice(base, "piano.somiglianze", SOMIGLIANZE) == righe(SOMIGLIANZE)

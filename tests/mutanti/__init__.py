"""Is every condition of the SQL and of the judge held up by a test? Each is changed, and a test must see it.

    python -m tests.mutanti                     # every file; what is left alive is printed
    python -m tests.mutanti piano.in_vigore     # one model, or judge.py, values.py

Belongs here: what a mutant is (operatori.py, della_lingua.py), the published databases that the tests
look at (mondi.py), the process that tries one mutant after another (operaio.py), the report. Does not
belong here: the tests that kill them, which stand beside their like.
"""

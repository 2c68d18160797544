"""The cases of INCIDENZA_GESTIONE_DIRETTA: the share of the interventions managed directly."""

from tests.indicatori.casi import _interventi

INDICATORE = _interventi.shares("INCIDENZA_GESTIONE_DIRETTA")

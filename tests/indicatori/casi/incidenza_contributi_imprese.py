"""The cases of INCIDENZA_CONTRIBUTI_IMPRESE: the share of the interventions given to firms."""

from tests.indicatori.casi import _interventi

INDICATORE = _interventi.shares("INCIDENZA_CONTRIBUTI_IMPRESE")

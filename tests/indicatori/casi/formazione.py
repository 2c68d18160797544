"""The cases of FORMAZIONE: people trained, of those on two contracts."""

from tests.indicatori.casi import _persone

INDICATORE = _persone.served("FORMAZIONE", "segreteria/formazione", ogni_contratto=False)

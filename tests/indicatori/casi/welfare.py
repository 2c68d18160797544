"""The cases of WELFARE: people served, whatever their contract."""

from tests.indicatori.casi import _persone

INDICATORE = _persone.served("WELFARE", "segreteria/welfare", ogni_contratto=True)

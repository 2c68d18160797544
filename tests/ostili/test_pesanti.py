"""What is small to deliver and huge to read costs no more than its bound."""

from pathlib import Path

from tests.ostili.corsa import MAX_MEGABYTE_PESANTI
from tests.ostili.rapporto import in_un_processo


def test_deliveries_meant_to_fill_memory_or_time_do_neither(tmp_path: Path) -> None:
    rapporto = in_un_processo("pesanti", tmp_path)
    assert rapporto.errori == {}
    assert rapporto.megabyte <= MAX_MEGABYTE_PESANTI

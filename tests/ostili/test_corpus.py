"""Every hostile file has the fate that was foretold, and nobody else suffers."""

from contextlib import closing
from pathlib import Path

import pytest

from pipelines.connection import connect
from pipelines.landing.inputs import landing_fingerprint
from pipelines.landing.zone import list_partitions
from pipelines.night.steps import run
from tests.indicatori import zona
from tests.ostili.caso import ESERCIZIO, Caso
from tests.ostili.corpus import casi, quanti_per_formato
from tests.ostili.corsa import MAX_MEGABYTE, cartella_di_prova, prova, senza_privilegi
from tests.ostili.insieme import BUONA, GIORNO
from tests.ostili.piani import ALLEGATO
from tests.ostili.rapporto import in_un_processo

FORMATI = {"csv", "csv.gz", "xlsx", "parquet", "allegato", "luogo"}


def test_corpus_has_every_format_and_three_hundred_cases() -> None:
    quanti = quanti_per_formato()
    assert set(quanti) == FORMATI
    assert sum(quanti.values()) >= 300
    assert all(numero >= 40 for numero in quanti.values()), quanti


@pytest.mark.parametrize(
    "parte", ["alcuni insieme", pytest.param("insieme", marks=pytest.mark.lungo), "soli"]
)
def test_hostile_files_are_data_quarantine_or_refusal_as_foretold(
    parte: str, tmp_path: Path
) -> None:
    """And no other file suffers, and memory keeps within its bound."""
    rapporto = in_un_processo(parte, tmp_path)
    assert rapporto.errori == {}
    assert rapporto.vicini == []
    assert rapporto.megabyte <= MAX_MEGABYTE


def test_night_over_closed_files_and_folders_is_published(tmp_path: Path) -> None:
    """What is closed is reported or refused; what is open beside it is published."""
    casi_chiusi = [c for c in casi() if c.permessi and ALLEGATO not in c.attesi]
    with cartella_di_prova(tmp_path, "chiuse") as cartella:
        partizione = cartella / "raw" / BUONA / str(ESERCIZIO)
        zona.scrivi(cartella / "raw", BUONA, ESERCIZIO, "segreteria/sedute", [{}, {}])
        for caso in casi_chiusi:
            if not (partizione / next(iter(caso.attesi))).exists():
                caso.prepara(partizione)
        with senza_privilegi():
            run(cartella / "raw", cartella / "warehouse", giorno=GIORNO)
            looks = {
                landing_fingerprint(cartella / "raw", p) for p in list_partitions(cartella / "raw")
            }
        with closing(connect(cartella / "warehouse" / "pira.duckdb")) as connection:
            (sedute,) = connection.execute(
                "select valore from indicatori.valori where codice = 'SEDUTE'"
            ).fetchone() or (None,)
    assert sedute == 2
    assert len(looks) >= 2, "la notte guarda la zona di consegna anche per sapere che cosa fare"


def _inventato(contenuto: bytes, caso: Caso) -> Caso:
    def prepara(partizione: Path) -> None:
        (partizione / next(iter(caso.attesi))).write_bytes(contenuto)

    return Caso("inventato", caso.formato, prepara, caso.attesi)


def test_judge_of_the_corpus_sees_a_fate_that_is_not_the_one_foretold(tmp_path: Path) -> None:
    """A corpus that found everything well whatever happens would prove nothing."""
    rifiutato = next(c for c in casi() if c.nome == "csv: nul-in-mezzo")
    buono = _inventato(b"id_studio;titolo;stato\nx;a;SOSPESO\n", rifiutato)
    assert any("atteso" in errore for errore in prova(buono, tmp_path / "a"))
    assente = Caso("assente", "csv", lambda _: None, rifiutato.attesi)
    assert any("nessuno ne parla" in errore for errore in prova(assente, tmp_path / "b"))

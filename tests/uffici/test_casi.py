"""Deliveries that were seen to make a wrong figure: each is a chamber of its own, in one publication.

Belongs here: what is right of each case, in its office's eyes. Does not belong here: the files (casi/),
variants of every kind (test_piantati.py and the tests of the readers).
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.connection import connect
from pipelines.italiano import round_half_up
from pipelines.settings import ROOT, Luoghi
from tests.indicatori.casi import INDICATORI
from tests.uffici import zona
from tests.uffici.zona import ESERCIZIO, Camera
from tests.warehouse.magazzini import una_volta

CASI = Path(__file__).with_name("casi")
CAMPIONE = ROOT / "raw" / "MS" / str(ESERCIZIO)


@dataclass(frozen=True)
class Giusto:
    """What is right of a case: a figure as the scorecard prints it, or None where any figure would be
    wrong; a check that must name the file; a word that must be said of a file."""

    codice: str | None = None
    risultato: str | None = None
    controllo: str | None = None
    detto: str | None = None


GIUSTI = {
    "01": Giusto("CONCILIAZIONI_PER_FTE", "112.5"),
    "02": Giusto("SEDUTE", "12", detto="nascost"),
    "03": Giusto("ACCESSI_NEI_TERMINI", None),
    "05": Giusto(controllo="righe_accettate"),
    "06": Giusto("RISORSE_INNOVAZIONE_PER_IMPRESA", "0.048"),
    "07": Giusto(),
    "10": Giusto("WELFARE", "100"),
    "11": Giusto("TEMPO_MEDIO_PRATICHE_RI", "0.4297"),  # 25 rows fewer than the sample
    "12": Giusto("SEDUTE", "12"),
    "13": Giusto("DELIBERE", "84"),
    "14": Giusto("DELIBERE", "84"),
    "15": Giusto("SEDUTE", "12"),
    "16": Giusto(controllo="parti_sovrapposte"),
    "17": Giusto("INCIDENZA_CONSIP", "44.18"),
    "20": Giusto("ISR_STUDI", "8"),
    "21": Giusto("FORMAZIONE", "90.63"),
    "22": Giusto(controllo="persone_sconosciute"),
    "23": Giusto(controllo="righe_accettate"),
    "27": Giusto("RISORSE_INNOVAZIONE_PER_IMPRESA", "0.048"),
    "29": Giusto("CONCILIAZIONI_PER_FTE", "112.5"),
    "30": Giusto("SEDUTE", "12"),
    "51": Giusto("INCIDENZA_CONSIP", "44.18"),
    "72": Giusto(controllo="numeri_misti"),
    "79": Giusto("ACCESSI_NEI_TERMINI", "92.86"),
}
INDISTURBATA = "00"
"""A chamber that delivers the sample as it is."""

SIGLE = dict(zip([INDISTURBATA, *GIUSTI], zona.sigle(len(GIUSTI) + 1), strict=True))
DECIMALI = {"RISORSE_INNOVAZIONE_PER_IMPRESA": 3, "TEMPO_MEDIO_PRATICHE_RI": 4}


def consegnati(caso: str) -> list[str]:
    """The files of a case, below the folder of the year."""
    folder = CASI / caso
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "remove.txt"
    )


def _estratto(file: str) -> str:
    """The extract that a file, below the folder of the year, is a part of."""
    return re.split("[-.]", file.lower())[0]


def _servono(caso: str) -> set[str]:
    """The extracts that a case delivers, and those by which the figures made of them are made."""
    own = {_estratto(file) for file in consegnati(caso)}
    return own.union(*(i.estratti for i in INDICATORI.values() if own & {*i.estratti}))


def _stendi(raw: Path, caso: str) -> None:
    """Lays a case over a copy of what it needs of the sample; over the whole of it, where there is none."""
    folder = raw / SIGLE[caso] / str(ESERCIZIO)
    for path in filter(Path.is_file, CAMPIONE.rglob("*")):
        file = path.relative_to(CAMPIONE)
        if caso == INDISTURBATA or len(file.parts) == 1 or _estratto(str(file)) in _servono(caso):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / file)
    tolti = CASI / caso / "remove.txt"
    for line in tolti.read_text().splitlines() if tolti.exists() else ():
        (folder / Path(*Path(line).parts[2:])).unlink()
    for consegnato in consegnati(caso):
        shutil.copyfile(CASI / caso / consegnato, folder / consegnato)


def _pubblica(base: Path) -> Luoghi:
    luoghi = Luoghi(base / "raw", base / "warehouse")
    for caso in SIGLE:
        _stendi(luoghi.raw, caso)
    zona.pubblica(luoghi)
    return luoghi


@pytest.fixture(scope="module")
def luoghi(comune: Path) -> Luoghi:
    return una_volta(comune / "uffici", _pubblica)


@pytest.fixture(scope="module")
def camere(luoghi: Luoghi) -> Iterator[dict[str, Camera]]:
    found = zona.leggi(luoghi)
    yield {caso: found[sigla] for caso, sigla in SIGLE.items()}


def test_every_case_has_its_right_answer() -> None:
    assert sorted(path.name for path in CASI.iterdir()) == sorted(GIUSTI)


@pytest.mark.parametrize("caso", GIUSTI)
def test_a_case_gives_what_is_right(camere: dict[str, Camera], caso: str) -> None:
    giusto, camera = GIUSTI[caso], camere[caso]
    cambiati = {f"{SIGLE[caso]}/{ESERCIZIO}/{file}" for file in consegnati(caso)}
    if giusto.codice:
        valore = camera.risultati[giusto.codice]
        posti = DECIMALI.get(giusto.codice, 2)
        found = None if valore is None else round_half_up(valore, posti)
        expected = None if giusto.risultato is None else Decimal(giusto.risultato)
        assert found == expected, (camera.stati[giusto.codice], camera.casi, camera.scarti)
    if giusto.controllo:
        assert any((giusto.controllo, path) in camera.casi for path in cambiati), camera.casi
    if giusto.detto:
        assert any(giusto.detto in camera.motivi[path] for path in cambiati), camera.motivi


@pytest.mark.parametrize("caso", GIUSTI)
def test_a_case_changes_no_figure_in_silence(camere: dict[str, Camera], caso: str) -> None:
    prima, camera = camere[INDISTURBATA], camere[caso]
    cambiati = {f"{SIGLE[caso]}/{ESERCIZIO}/{file}" for file in consegnati(caso)}
    assert zona.silenzi(prima, camera, cambiati) == []


def test_the_sample_itself_says_nothing_of_its_files(camere: dict[str, Camera]) -> None:
    plausibili = {nome for nome, _ in camere[INDISTURBATA].casi}
    assert plausibili <= {"righe_accettate", "estratti_puntuali", "ultimo_valore_osservato"}


def test_codes_shown_with_zeros_are_spent_where_the_plan_says(luoghi: Luoghi) -> None:
    """A consuntivo whose codes lost their zeros spends nothing in any objective."""
    speso = (
        "select missione, programma, obiettivo, risorse_consuntivo from scorecard.obiettivi"
        " where camera = ? and esercizio = ? order by all"
    )
    with closing(connect(luoghi.database)) as connection:
        found = {
            caso: connection.execute(speso, [SIGLE[caso], ESERCIZIO]).fetchall()
            for caso in (INDISTURBATA, "07")
        }
    assert found["07"] == found[INDISTURBATA]
    assert any(spesa for *_, spesa in found["07"])


def test_no_line_of_a_file_with_stray_quotes_is_swallowed(luoghi: Luoghi) -> None:
    path = f"{SIGLE['05']}/{ESERCIZIO}/{consegnati('05')[0]}"
    righe = len((CASI / "05" / consegnati("05")[0]).read_bytes().splitlines())
    with closing(connect(luoghi.database)) as connection:
        esito, *conti = connection.execute(
            "select esito, righe_file, righe_intestazione, righe_vuote, righe_proseguite, righe_lette"
            " from qualita.file where _file = ?",
            [path],
        ).fetchone() or (None,)
    assert esito == "RIFIUTATO" or (conti[0] == righe and conti[3] == 0)
    assert esito == "RIFIUTATO" or conti[0] == sum(conti[1:])

"""The words: what a person reads in the morning, and that nothing from outside can spoil it."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.mail.compose import Scritto, compose_failure, compose_morning, compose_over
from pipelines.mail.in_force import Mutamento
from pipelines.mail.memory import Incidente
from pipelines.mail.report import Cambiamento, Prima, Rapporto, Valore
from pipelines.mail.standing import Conseguenza, Ente, Quarantena, Rifiuto, Ritardo
from pipelines.mail.wording import LARGHEZZA, VOCI
from pipelines.partizione import Partizione
from pipelines.settings import ROMA
from tests.mail.pubblicazioni import ora

MS, LU = Partizione("MS", 2020), Partizione("LU", 2021)
ESEMPIO = Path(__file__).with_name("esempio.txt")


def numero(testo: str | None, stato: str = "DEFINITIVO", decimali: int = 2) -> Valore:
    return Valore(None if testo is None else Decimal(testo), decimali, decimali == 2, stato)


def cambia(
    *passaggi: Valore,
    codice: str = "WELFARE",
    obiettivo: str | None = "2.1",
    target: str | None = "=>80,00%",
) -> Cambiamento:
    return Cambiamento(MS, obiettivo, codice, passaggi, target)


def scorecard(*camere: str) -> tuple[Ente, ...]:
    return tuple(Ente(Partizione(c, 2020), *[Decimal(1)] * 4) for c in camere)


NIENTE = Rapporto(
    pubblicato=ora(2),
    esecuzione="seconda",
    nuova=True,
    tornata=False,
    dal=ora(1, 4, 2),
    fino_al=None,
    enti=(),
    cambiamenti=(),
    mutamenti=(),
    prime=(),
    nascosti=0,
    ritardi=(),
    quarantena=(),
    rifiuti=(),
    ignorati=0,
    conseguenze=(),
    noti={},
    da_tornare=False,
)

PIENO = replace(
    NIENTE,
    enti=(
        Ente(LU, None, Decimal(0), Decimal(100), Decimal(0)),
        Ente(MS, Decimal("87.35"), Decimal("60.10"), Decimal("92.00"), Decimal("0.8")),
    ),
    cambiamenti=(
        cambia(numero("40.27"), numero("41.00"), codice="INCIDENZA_CONSIP", obiettivo="1.1"),
        cambia(
            numero(None, "DATI_MANCANTI"),
            numero("1250", decimali=0),
            codice="DELIBERE",
            obiettivo="1.1",
            target="=>12",
        ),
        cambia(numero("80.00"), numero(None, "NON_CALCOLABILE")),
        cambia(
            numero("3", decimali=0),
            numero("4", decimali=0),
            codice="SEDUTE",
            obiettivo=None,
            target=None,
        ),
    ),
    mutamenti=(
        Mutamento(MS, None, None, (("regole", "1.1+83602b", "1.1+0d7e44"),)),
        Mutamento(
            MS,
            "2.1",
            "WELFARE",
            (("target", "=>80%", "=>85%"), ("% Realizz", "100%", "94,12%")),
        ),
    ),
    prime=(Prima(LU, 16, 0, 16),),
    nascosti=1,
    ritardi=(
        Ritardo(LU, "isr/studi", "isr", 1, True, None, None),
        Ritardo(MS, "ragioneria/pagamenti", "ragioneria", 3, False, date(2021, 6, 2), None),
        Ritardo(MS, "segreteria/atti", "segreteria", 12, False, None, date(2021, 5, 31)),
    ),
    quarantena=(Quarantena(MS, "segreteria/atti", 1409), Quarantena(LU, "isr/studi", 1)),
    rifiuti=(
        Rifiuto(
            "MS/2020/brevetti/domande.xlsx",
            "nell'intestazione mancano le colonne tipologia: aggiungerle o correggerne il nome.",
        ),
    ),
    ignorati=2,
    conseguenze=(
        Conseguenza(
            "estratti_presenti",
            MS,
            1,
            1,
            "Tocca una cella della scorecard (2.1 WELFARE), 12,50% del peso. Prossima scadenza:"
            " relazione sulla performance, 30/06/2021 (domani).",
        ),
        Conseguenza("consegne_ripetute", None, 2, 0, "Non tocca nessuna cella della scorecard."),
    ),
)
GUASTO = Incidente(ora(1, 23), ora(2, 1), 3, {})


def stampa(testo: Scritto) -> str:
    return f"Oggetto: {testo.oggetto}\n\n{testo.corpo}"


def righe(testo: Scritto) -> list[str]:
    return testo.corpo.splitlines()


def test_the_example_reads_as_it_was_read() -> None:
    """Golden: read `esempio.txt` as a person would before changing it."""
    assert stampa(compose_morning(PIENO, GUASTO, ora(2, 4, 2))) == ESEMPIO.read_text("utf-8")


@pytest.mark.parametrize(
    ("rapporto", "oggetto"),
    [
        (NIENTE, "magazzino pubblicato, nessuna cella cambiata"),
        (
            replace(
                NIENTE,
                enti=(PIENO.enti[1],),
                cambiamenti=PIENO.cambiamenti[:3],
                ritardi=PIENO.ritardi,
            ),
            "MS 2020 pubblicata, 3 celle cambiate, 3 estratti in ritardo",
        ),
        (
            replace(NIENTE, enti=PIENO.enti, cambiamenti=PIENO.cambiamenti[:1]),
            "MS 2020 pubblicata, 1 cella cambiata",
        ),
        (
            replace(NIENTE, enti=PIENO.enti, mutamenti=PIENO.mutamenti),
            "MS 2020 pubblicata, nessuna cella cambiata, cambiati target, pesi o regole",
        ),
        (replace(NIENTE, enti=PIENO.enti), "LU 2021 e MS 2020 pubblicate, nessuna cella cambiata"),
        (
            replace(NIENTE, enti=PIENO.enti, prime=PIENO.prime),
            "LU 2021 pubblicata, 16 celle nuove",
        ),
        (
            replace(NIENTE, enti=scorecard("LU", "MS", "PI", "SI")),
            "4 scorecard pubblicate, nessuna cella cambiata",
        ),
        (
            replace(NIENTE, enti=PIENO.enti, nuova=False, ritardi=PIENO.ritardi[:1]),
            "1 estratto in ritardo",
        ),
    ],
)  # fmt: skip
def test_the_subject_is_the_night_in_a_line(rapporto: Rapporto, oggetto: str) -> None:
    assert compose_morning(rapporto, None, ora(2)).oggetto == f"pira: {oggetto}"


@pytest.mark.parametrize(
    ("passaggi", "testo"),
    [
        ((numero("1.5"), numero("2")), "1,50% → 2,00%"),
        ((numero("1"), numero("2"), numero("1")), "1,00% → 2,00% → 1,00%"),
        (tuple(numero(str(n)) for n in range(5)), "0,00% → … → 4,00%"),
        ((numero("7"),), "nuova, 7,00%"),
        ((numero(None, "DATI_MANCANTI"),), "nuova, mancano i dati"),
        ((numero("1", "PROVVISORIO"), numero("2", "PROVVISORIO")), "1,00% → 2,00%, provvisorio"),
        (
            (numero("1", "PROVVISORIO"), numero("1")),
            "1,00% (provvisorio) → 1,00% (definitivo)",
        ),
        (
            (numero("1", "PROVVISORIO"), numero(None, "DATI_MANCANTI"), numero("1")),
            "1,00% (provvisorio) → mancano i dati → 1,00% (definitivo)",
        ),
    ],
)
def test_a_cell_is_shown_as_it_went(passaggi: tuple[Valore, ...], testo: str) -> None:
    said = compose_morning(replace(NIENTE, cambiamenti=(cambia(*passaggi),)), None, ora(2))
    assert f"- MS 2020, 2.1 WELFARE: {testo}" in " ".join(line.strip() for line in righe(said))


def test_what_is_missing_is_no_number() -> None:
    change = cambia(numero("0"), numero(None, "DATI_MANCANTI"))
    text = compose_morning(replace(NIENTE, cambiamenti=(change,)), None, ora(2)).corpo
    assert "0,00% → mancano i dati" in text


def test_a_publication_gone_back_to_and_no_publication_say_so() -> None:
    back = compose_morning(replace(NIENTE, tornata=True), None, ora(2)).corpo
    assert "È tornata in vigore la pubblicazione del 02/07/2021 alle 04:00." in back
    late = replace(NIENTE, nuova=False, ritardi=PIENO.ritardi)
    assert "Nessuna pubblicazione nuova" in compose_morning(late, None, ora(2)).corpo
    assert "primo messaggio" in compose_morning(replace(NIENTE, dal=None), None, ora(2)).corpo


def test_a_long_list_says_how_many_others_there_are() -> None:
    def with_changes(count: int) -> list[str]:
        changes = tuple(cambia(numero("1"), numero("2"), codice=f"C{n}") for n in range(count))
        lines = righe(compose_morning(replace(NIENTE, cambiamenti=changes), None, ora(2)))
        return [line for line in lines if line.startswith("- ")]

    assert len(with_changes(VOCI + 1)) == VOCI + 1
    assert with_changes(VOCI + 2)[-1] == "- ... e altri 2"
    assert with_changes(500)[-1] == f"- ... e altri {500 - VOCI}"
    assert len(with_changes(500)) == VOCI + 1


def test_a_problem_told_already_is_counted_and_not_told_again() -> None:
    noti = PIENO.problemi | {"quarantena MS-2020 segreteria/atti": 1408}
    text = " ".join(compose_morning(replace(PIENO, noti=noti), None, ora(2)).corpo.split())
    assert "IN RITARDO: 3 estratti 3 lo erano già." in text
    assert "ancora dei casi: consegne_ripetute, estratti_presenti." in text
    assert "segreteria/atti: 1.409 righe 1 vi era già." in text
    assert "RIFIUTATI PER INTERO: 1 file 1 era già rifiutato." in text
    for told in ("L'ufficio", "Tocca una cella", "isr/studi:", "aggiungerle"):
        assert told not in text


def test_the_scorecards_that_changed_come_first() -> None:
    changes = (cambia(numero("1"), numero("2")),)
    enti = scorecard("AA", "BB", "MS")
    lines = righe(compose_morning(replace(NIENTE, enti=enti, cambiamenti=changes), None, ora(2)))
    assert [line[2:4] for line in lines if "realizzazione" in line] == ["MS", "AA", "BB"]


def test_a_failure_says_why_and_what_stays() -> None:
    text = compose_failure("I conti\nnon tornano.", ora(1), ora(2, 4, 10))
    assert text.oggetto == "pira: esecuzione non riuscita il 02/07/2021 alle 04:10"
    assert "PERCHÉ\nI conti non tornano.\n" in text.corpo
    assert "pubblicazione del 01/07/2021 alle 04:00" in text.corpo.replace("\n", " ")
    assert "Non c'è ancora nessuna" in compose_failure("x", None, ora(2)).corpo.replace("\n", " ")


def test_a_failure_is_no_log() -> None:
    text = compose_failure("errore " * 10_000, None, ora(2)).corpo
    assert "…" in text and len(text) < 1500


@pytest.mark.parametrize(
    ("dal", "al", "durata"),
    [
        (ora(1, 4), ora(1, 4), "meno di un minuto"),
        (ora(1, 4), ora(1, 4, 1), "1 minuto"),
        (ora(1, 4), ora(1, 6, 5), "2 ore e 5 minuti"),
        (ora(1, 4), ora(3, 5, 5), "2 giorni e 1 ora"),
        (ora(1, 4), ora(2, 4), "1 giorno"),
        # the nights when the clock changes have 23 and 25 hours
        (datetime(2021, 3, 28, 1, tzinfo=ROMA), datetime(2021, 3, 28, 4, tzinfo=ROMA), "2 ore"),
        (datetime(2021, 10, 31, 1, tzinfo=ROMA), datetime(2021, 10, 31, 4, tzinfo=ROMA), "4 ore"),
    ],
)
def test_how_long_it_lasted(dal: datetime, al: datetime, durata: str) -> None:
    text = compose_over(Incidente(dal, dal, 1, {}), ora(1), al)
    assert text.oggetto == f"pira: guasto finito dopo {durata}"
    assert f"durato {durata}. Un'esecuzione non è riuscita." in text.corpo.replace("\n", " ")


OSTILE = "x\r\nBcc: tutti@example.it\r\n\r\n\u2028\u202egnp\x1b[31m\udcff" + "y" * 300


def test_nothing_from_outside_breaks_a_line() -> None:
    hostile = replace(
        PIENO,
        cambiamenti=(Cambiamento(MS, OSTILE, OSTILE, (numero("1"), numero(None, OSTILE)), OSTILE),),
        mutamenti=(Mutamento(MS, OSTILE, OSTILE, (("target", OSTILE, OSTILE),)),),
        ritardi=(Ritardo(MS, f"isr/{OSTILE}", OSTILE, 1, False, None, None),),
        quarantena=(Quarantena(MS, OSTILE, 1),),
        rifiuti=(Rifiuto(OSTILE, OSTILE),),
        conseguenze=(Conseguenza(OSTILE, MS, 1, 1, OSTILE), Conseguenza(OSTILE, MS, 1, 0, "")),
        enti=(replace(PIENO.enti[0], partizione=Partizione(OSTILE, 2020)),),
    )
    for text in (compose_morning(hostile, GUASTO, ora(2)), compose_failure(OSTILE, None, ora(2))):
        assert text.oggetto.isprintable()
        assert all(line.isprintable() and len(line) <= LARGHEZZA for line in righe(text))
        assert not any(line.startswith("Bcc") for line in righe(text))
        (text.oggetto + text.corpo).encode()

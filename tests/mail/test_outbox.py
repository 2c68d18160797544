"""When who is told what: one message a night, one an incident, and nothing twice or never.

Belongs here: what is put in the outbox. Does not belong here: what becomes of it (test_deliver.py).
"""

import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest

from pipelines.mail import store
from pipelines.mail.outbox import deliver, tell_failure, tell_publication
from pipelines.mail.settings import PostaNonConfigurata
from pipelines.settings import ROMA, Luoghi
from tests.mail.conftest import CONTROLLO
from tests.mail.processi import insieme
from tests.mail.pubblicazioni import (
    CELLE,
    MATRICOLA,
    POI,
    PRIMI,
    cella,
    costo,
    ente,
    file,
    fresco,
    mutato,
    ora,
    prima_notte,
    pubblica,
    scarto,
    seconda_notte,
    torna,
    valore,
)
from tests.mail.servitore import leggi


def messaggi(luoghi: Luoghi) -> list[EmailMessage]:
    """What waits, in order."""
    return [leggi(path.read_bytes()) for path in sorted((luoghi.posta / "uscita").iterdir())]


def ultimo(luoghi: Luoghi) -> EmailMessage:
    return messaggi(luoghi)[-1]


def corpo(message: EmailMessage) -> str:
    """The body with its lines joined."""
    return " ".join(message.get_content().split())


# --- the morning ------------------------------------------------------------------------------------


def test_one_message_a_night(luoghi: Luoghi) -> None:
    prima_notte(luoghi)
    assert tell_publication(luoghi, ora(1, 4, 2)) == 1
    assert tell_publication(luoghi, ora(1, 4, 3)) == 0
    assert tell_publication(luoghi, ora(1, 23, 59)) == 0
    seconda_notte(luoghi)
    assert tell_publication(luoghi, ora(2, 4, 2)) == 1
    assert tell_publication(luoghi, ora(2, 12)) == 0
    first, second = messaggi(luoghi)
    assert first["Subject"] == "pira: MS 2020 pubblicata, 3 celle nuove"
    assert second["Subject"] == "pira: MS 2020 pubblicata, 3 celle cambiate"
    assert "INCIDENZA_CONSIP: 40,27% → 41,00%" in second.get_content()


def test_the_night_is_that_of_rome(luoghi: Luoghi) -> None:
    prima_notte(luoghi)
    assert tell_publication(luoghi, datetime.fromisoformat("2021-07-01T21:59:00+00:00")) == 1
    seconda_notte(luoghi)
    assert tell_publication(luoghi, datetime.fromisoformat("2021-07-01T22:01:00+00:00")) == 1


def test_a_night_on_which_the_clock_goes_back_is_one_night(luoghi: Luoghi) -> None:
    before = datetime(2021, 10, 31, 2, 30, tzinfo=ROMA)
    pubblica(luoghi, before, "prima", {"scorecard.ente": [ente()]})
    assert tell_publication(luoghi, before) == 1
    pubblica(luoghi, before.replace(fold=1), "seconda", {"scorecard.ente": [ente()]})
    assert tell_publication(luoghi, before.replace(fold=1)) == 0


def test_a_missed_morning_is_made_good_the_next(luoghi: Luoghi) -> None:
    prima_notte(luoghi)
    tell_publication(luoghi, ora(1, 4, 2))
    seconda_notte(luoghi)
    third = [*POI, valore(ora(3), "WELFARE", "85.00")]
    pubblica(luoghi, ora(3), "terza", {"storico.valori": third, "scorecard.indicatori": CELLE})
    assert tell_publication(luoghi, ora(3, 4, 2)) == 1
    text = corpo(ultimo(luoghi))
    assert "DELIBERE: mancano i dati → 1.250" in text
    assert "WELFARE: 80,00% → non calcolabile → 85,00%" in text
    assert "dal messaggio del 01/07/2021 alle 04:02" in text


def test_what_the_day_changed_is_told_the_next_morning(luoghi: Luoghi) -> None:
    prima_notte(luoghi)
    tell_publication(luoghi, ora(1, 4, 2))
    later = [*POI, valore(ora(1, 11), "SEDUTE", "5")]
    pubblica(luoghi, ora(1, 11), "di giorno", {"storico.valori": later})
    assert tell_publication(luoghi, ora(1, 11, 2)) == 0
    assert tell_publication(luoghi, ora(2, 4, 2)) == 1
    assert "SEDUTE: nuova, 5" in corpo(ultimo(luoghi))
    assert tell_publication(luoghi, ora(3, 4, 2)) == 0


def test_no_message_where_nothing_happened(luoghi: Luoghi) -> None:
    prima_notte(luoghi)
    tell_publication(luoghi, ora(1, 4, 2))
    assert tell_publication(luoghi, ora(2, 4, 2)) == 0
    assert tell_publication(luoghi, ora(3, 4, 2)) == 0
    assert len(messaggi(luoghi)) == 1


def test_a_publication_without_news_is_not_told(luoghi: Luoghi) -> None:
    """Unchanged nights send no mail, and one problem is told once, until it comes again."""
    open_problem = {"qualita.conseguenze": [costo("c", 2, 1, "Costa.")]}
    for day, rows in ((1, open_problem), (2, open_problem), (3, {}), (4, open_problem)):
        pubblica(luoghi, ora(day), f"notte {day}", {"storico.valori": PRIMI, **rows})
        assert tell_publication(luoghi, ora(day, 4, 2)) == (0 if day in (2, 3) else 1)
    assert "c, MS 2020: 2 casi. Costa." in corpo(ultimo(luoghi))
    assert "dal messaggio del 01/07/2021" in corpo(ultimo(luoghi))


def test_a_changed_target_is_a_message_by_itself(luoghi: Luoghi) -> None:
    prima_notte(luoghi)
    tell_publication(luoghi, ora(1, 4, 2))
    righe = {
        "storico.valori": [*PRIMI, valore(ora(2), "WELFARE", "80.00")],
        "scorecard.indicatori": CELLE,
        "storico.cambiamenti": [mutato(ora(2), "WELFARE", "target", "=>80%", "=>85%")],
    }
    pubblica(luoghi, ora(2), "seconda", righe)
    assert tell_publication(luoghi, ora(2, 4, 2)) == 1
    assert "cambiati target, pesi o regole" in ultimo(luoghi)["Subject"]
    assert "MS 2020, 2.1 WELFARE: target =>80% → =>85%" in corpo(ultimo(luoghi))


def test_what_becomes_late_without_a_publication_is_told_once(luoghi: Luoghi) -> None:
    late = [fresco("segreteria/atti", prossima=ora(3).date())]
    seconda_notte(luoghi, **{"qualita.freschezza": late})
    assert [tell_publication(luoghi, ora(day, 4, 2)) for day in (2, 3, 4, 5)] == [1, 0, 1, 0]
    assert ultimo(luoghi)["Subject"] == "pira: 1 estratto in ritardo"
    text = "\n".join(ultimo(luoghi).get_content().splitlines())
    assert "L'ufficio segreteria deve:\n- MS 2021 atti: da 1 giorno" in text


def test_a_publication_gone_back_to_is_told(luoghi: Luoghi) -> None:
    prima_notte(luoghi)
    seconda_notte(luoghi)
    tell_publication(luoghi, ora(2, 4, 2))
    torna(luoghi, "prima")
    assert tell_publication(luoghi, ora(3, 4, 2)) == 1
    assert "È tornata in vigore la pubblicazione del 01/07/2021" in corpo(ultimo(luoghi))
    torna(luoghi, "seconda")
    tell_publication(luoghi, ora(4, 4, 2))
    assert "nessuna cella cambiata" in ultimo(luoghi)["Subject"]


def test_without_a_publication_there_is_nothing_to_tell(luoghi: Luoghi) -> None:
    assert tell_publication(luoghi, ora(1)) == 0


def test_each_recipient_gets_what_concerns_them(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "PIRA_MAIL_TO",
        "tutto@example.it, LU:lu@example.it, LU:due@example.it, MS:due@example.it, PI:pi@example.it",
    )
    righe = {
        "storico.valori": [*POI, valore(ora(2), "WELFARE", "50.00", camera="LU")],
        "scorecard.indicatori": [*CELLE, cella("WELFARE", "2.1", 1, camera="LU")],
        "scorecard.ente": [ente(), ente("LU"), ente("SI")],
        "qualita.scarti": [scarto("segreteria/atti", 2), scarto("isr/studi", 2, camera="LU")],
    }
    pubblica(luoghi, ora(2), "seconda", righe)
    assert tell_publication(luoghi, ora(2, 4, 2)) == 3
    by_recipient = {str(message["To"]): message for message in messaggi(luoghi)}
    assert set(by_recipient) == {"tutto@example.it", "lu@example.it", "due@example.it"}
    assert by_recipient["lu@example.it"]["Subject"] == "pira: LU 2020 pubblicata, 1 cella nuova"
    text = {who: message.get_content() for who, message in by_recipient.items()}
    assert "MS" not in text["lu@example.it"] and "LU 2020 isr/studi" in text["lu@example.it"]
    assert "MS 2020" in text["due@example.it"] and "SI 2020" not in text["due@example.it"]
    assert "SI 2020" in text["tutto@example.it"]


def test_a_recipient_who_joins_is_told_how_things_stand_and_the_others_are_not_told_again(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    prima_notte(luoghi)
    tell_publication(luoghi, ora(1, 4, 2))
    monkeypatch.setenv("PIRA_MAIL_TO", f"{CONTROLLO.upper()}, nuovo@example.it")
    assert tell_publication(luoghi, ora(1, 9)) == 1
    assert ultimo(luoghi)["To"] == "nuovo@example.it"
    assert "primo messaggio" in corpo(ultimo(luoghi))


# --- what a message is ------------------------------------------------------------------------------


def test_a_message_has_what_a_mail_program_wants(luoghi: Luoghi) -> None:
    prima_notte(luoghi)
    tell_publication(luoghi, ora(1, 4, 2))
    message = ultimo(luoghi)
    assert parsedate_to_datetime(message["Date"]) == ora(1, 4, 2)
    assert message["To"] == CONTROLLO and message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain" and not message.is_multipart()
    identity = str(message["Message-ID"])
    assert identity.startswith("<pira.mattino.") and identity.endswith("@camera.example.it>")
    assert message.as_bytes().isascii()
    assert max(map(len, message.as_bytes().splitlines())) <= 78


def test_the_same_message_has_the_same_identity_and_another_has_not(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIRA_MAIL_TO", "a@example.it, b@example.it")

    def identities(base: str) -> set[str]:
        here = Luoghi(luoghi.raw, luoghi.warehouse / base)
        prima_notte(here)
        tell_publication(here, ora(1, 4, 2))
        tell_failure(here, "Perché sì.", ora(1, 5))
        return {str(message["Message-ID"]) for message in messaggi(here)}

    assert len(identities("uno")) == 4
    assert identities("due") == identities("tre")


def test_no_name_can_write_a_header_and_no_value_of_the_quarantine_leaves(luoghi: Luoghi) -> None:
    name = "MS/2020/isr/x\r\nBcc: tutti@example.it\r\n\r\n.csv"
    rows = {
        "scorecard.ente": [ente("MS\r\nBcc: tutti@example.it")],
        "qualita.file": [file(name, motivo="x\nBcc: tutti@example.it")],
        "qualita.scarti": [scarto("isr/studi\nBcc: x", 2)],
    }
    seconda_notte(luoghi, **rows)
    tell_publication(luoghi, ora(2, 4, 2))
    tell_failure(luoghi, "x\r\nBcc: tutti@example.it\r\n.\r\nQUIT", ora(2, 5))
    for path, message in zip(
        sorted((luoghi.posta / "uscita").iterdir()), messaggi(luoghi), strict=True
    ):
        assert message["Bcc"] is None and message["To"] == CONTROLLO
        assert b"\nBcc" not in path.read_bytes() and b"\n.\r" not in path.read_bytes()
        assert MATRICOLA not in message.get_content()


def test_only_the_owner_can_read_it(luoghi: Luoghi) -> None:
    luoghi.posta.mkdir(parents=True, mode=0o755)
    prima_notte(luoghi)
    tell_publication(luoghi, ora(1, 4, 2))
    found = [luoghi.posta, *luoghi.posta.rglob("*")]
    modes = {stat.S_IMODE(path.stat().st_mode) for path in found}
    assert len(found) >= 6 and modes == {0o700, 0o600}


# --- incidents --------------------------------------------------------------------------------------


def test_an_incident_is_one_message_whatever_the_retries(luoghi: Luoghi) -> None:
    prima_notte(luoghi)
    tell_publication(luoghi, ora(1, 4, 2))
    assert tell_failure(luoghi, "I conti non tornano.", ora(2, 4, 10)) == 1
    assert [tell_failure(luoghi, "Altro.", ora(2, 5, m)) for m in range(20)] == [0] * 20
    assert ultimo(luoghi)["Subject"] == "pira: esecuzione non riuscita il 02/07/2021 alle 04:10"
    assert "I conti non tornano." in corpo(ultimo(luoghi))
    seconda_notte(luoghi)
    assert tell_publication(luoghi, ora(3, 4, 2)) == 1
    failure, over = messaggi(luoghi)[1:]
    assert over["Subject"] == "pira: guasto finito, MS 2020 pubblicata, 3 celle cambiate"
    assert over.get_content().splitlines()[0] == "IL GUASTO È FINITO"
    assert "durato 23 ore e 52 minuti. 21 esecuzioni non sono riuscite." in corpo(over)
    assert over["In-Reply-To"] == failure["Message-ID"]
    tell_publication(luoghi, ora(4, 4, 2))
    assert len(messaggi(luoghi)) == 3


def test_an_incident_can_follow_another(luoghi: Luoghi) -> None:
    prima_notte(luoghi)
    tell_failure(luoghi, "Uno.", ora(1, 5))
    tell_publication(luoghi, ora(1, 6))
    assert tell_failure(luoghi, "Due.", ora(1, 7)) == 1
    assert "Due." in corpo(ultimo(luoghi))


def test_a_daytime_publication_closes_an_incident_with_a_note_of_its_own(luoghi: Luoghi) -> None:
    prima_notte(luoghi)
    tell_publication(luoghi, ora(1, 4, 2))
    tell_failure(luoghi, "Uno.", ora(2, 4, 10))
    news = [*PRIMI, valore(ora(1, 5), "SEDUTE", "5")]
    pubblica(luoghi, ora(2, 4, 20), "ritentata", {"storico.valori": news})
    assert tell_publication(luoghi, ora(2, 4, 21)) == 1  # the morning message of the second
    tell_failure(luoghi, "Due.", ora(2, 10))
    seconda_notte(luoghi)
    assert tell_publication(luoghi, ora(2, 11)) == 1
    note = ultimo(luoghi)
    assert note["Subject"] == "pira: guasto finito dopo 1 ora"
    assert "CELLE" not in note.get_content() and "Un'esecuzione non è riuscita." in corpo(note)
    assert tell_publication(luoghi, ora(2, 12)) == 0
    assert tell_publication(luoghi, ora(3, 4, 2)) == 1
    assert "3 celle cambiate" in ultimo(luoghi)["Subject"]
    assert "guasto" not in ultimo(luoghi)["Subject"]


def test_a_run_that_finds_nothing_to_do_closes_an_incident_too(luoghi: Luoghi) -> None:
    prima_notte(luoghi)
    tell_publication(luoghi, ora(1, 4, 2))
    tell_failure(luoghi, "Disco pieno.", ora(2, 4, 10))
    assert tell_publication(luoghi, ora(3, 4, 2)) == 1
    assert ultimo(luoghi)["Subject"].startswith("pira: guasto finito dopo 23 ore")
    assert tell_failure(luoghi, "Disco pieno.", ora(4, 4, 10)) == 1


def test_a_run_that_ended_before_the_failure_does_not_close_it(luoghi: Luoghi) -> None:
    prima_notte(luoghi)
    tell_failure(luoghi, "Uno.", ora(1, 4, 10))
    tell_failure(luoghi, "Due.", ora(1, 6))
    assert tell_publication(luoghi, ora(1, 5)) == 1
    assert "guasto" not in ultimo(luoghi)["Subject"]
    assert tell_failure(luoghi, "Tre.", ora(1, 7)) == 0
    assert tell_publication(luoghi, ora(1, 8)) == 1
    assert "3 esecuzioni non sono riuscite" in corpo(ultimo(luoghi))


def test_only_who_was_told_of_an_incident_is_told_that_it_is_over(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_failure(luoghi, "Uno.", ora(1))
    assert "Non c'è ancora nessuna pubblicazione." in corpo(ultimo(luoghi))
    monkeypatch.setenv("PIRA_MAIL_TO", f"{CONTROLLO}, nuovo@example.it, ZZ:altrove@example.it")
    prima_notte(luoghi)
    assert tell_publication(luoghi, ora(1, 5)) == 2
    subjects = {str(m["To"]): str(m["Subject"]) for m in messaggi(luoghi)[1:]}
    assert subjects[CONTROLLO].startswith("pira: guasto finito")
    assert subjects["nuovo@example.it"] == "pira: MS 2020 pubblicata, 3 celle nuove"


def test_every_recipient_hears_of_a_failure_and_of_its_end(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIRA_MAIL_TO", f"{CONTROLLO}, ZZ:altrove@example.it")
    prima_notte(luoghi)
    assert tell_failure(luoghi, "Uno.", ora(1, 4)) == 2
    assert tell_publication(luoghi, ora(1, 5)) == 2
    assert [str(m["To"]) for m in messaggi(luoghi)] == [CONTROLLO, "altrove@example.it"] * 2
    assert ultimo(luoghi)["Subject"] == "pira: guasto finito dopo 1 ora"


# --- off, wrong, at once, half-way ------------------------------------------------------------------


def test_nothing_is_done_while_the_mail_is_off(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIRA_SMTP_HOST")
    prima_notte(luoghi)
    assert tell_publication(luoghi, ora(1)) == 0
    assert tell_failure(luoghi, "x", ora(1)) == 0
    assert deliver(luoghi) == 0
    assert not luoghi.posta.exists()


def test_a_wrong_setting_is_said_by_all_three(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIRA_SMTP_PORT", "x")
    calls: tuple[Callable[[], int], ...] = (
        lambda: tell_publication(luoghi, ora(1)),
        lambda: tell_failure(luoghi, "x", ora(1)),
        lambda: deliver(luoghi),
    )
    for call in calls:
        with pytest.raises(PostaNonConfigurata, match="PIRA_SMTP_PORT"):
            call()


def test_a_place_that_is_no_folder_is_named(luoghi: Luoghi) -> None:
    luoghi.warehouse.mkdir()
    luoghi.posta.write_text("")
    with pytest.raises(store.PostaChiusa, match="posta non si può scrivere"):
        tell_failure(luoghi, "x", ora(1))


def test_two_processes_tell_a_night_once(luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIRA_MAIL_TO", "a@example.it, b@example.it, c@example.it")
    seconda_notte(luoghi)
    counts = insieme(luoghi, "publication", 3)
    assert sorted(counts) == [0, 0, 3]
    assert sorted(str(m["To"]) for m in messaggi(luoghi)) == [f"{x}@example.it" for x in "abc"]


def test_a_crash_before_the_memory_puts_nothing_and_the_next_puts_it_once(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIRA_MAIL_TO", "a@example.it, b@example.it")
    prima_notte(luoghi)
    tell_failure(luoghi, "Uno.", ora(1, 3))
    write = store._write

    def dies(path, content):  # type: ignore[no-untyped-def]
        if path.name == "stato.json":
            raise KeyboardInterrupt
        write(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(store, "_write", dies)
        with pytest.raises(KeyboardInterrupt):
            tell_publication(luoghi, ora(1, 4, 2))
    assert len(messaggi(luoghi)) == 4
    assert [path.name[8:] for path in store.waiting(luoghi)] == ["-guasto.eml"] * 2
    monkeypatch.setenv("PIRA_MAIL_TO", "b@example.it")
    assert tell_publication(luoghi, ora(1, 4, 5)) == 1
    recipients = [str(m["To"]) for m in messaggi(luoghi)]
    assert recipients == ["a@example.it", "b@example.it", "b@example.it"]
    assert len(store.waiting(luoghi)) == 3


@pytest.mark.parametrize("lost", [True, False], ids=["lost", "spoilt"])
def test_without_its_memory_the_outbox_keeps_what_waits(luoghi: Luoghi, lost: bool) -> None:
    prima_notte(luoghi)
    tell_publication(luoghi, ora(1, 4, 2))
    stato = luoghi.posta / "stato.json"
    if lost:
        stato.unlink()
    else:
        stato.write_text("{")
    assert len(store.waiting(luoghi)) == 1
    assert tell_failure(luoghi, "x", ora(1, 5)) == 1
    assert len(store.waiting(luoghi)) == 2


def test_the_numbers_keep_the_order_when_the_clock_goes_back(luoghi: Luoghi) -> None:
    prima_notte(luoghi)
    tell_publication(luoghi, ora(3))
    tell_failure(luoghi, "x", ora(3) - timedelta(days=2))
    assert [path.name for path in store.waiting(luoghi)] == [
        "00000001-mattino.eml",
        "00000002-guasto.eml",
    ]

"""The list of faults: what each is called, how many cases it has, how one is tried.

Belongs here: the list, from which the long form (tests/faults.py) and the ordinary suite
both draw. Does not belong here: how a fault is made or judged.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from tests.guasti import ambiente, calendario, custodia, demone, lettori, tra_i_passi, uccisioni
from tests.guasti.figlio import CHANGES, MAKING
from tests.guasti.scena import Scena
from tests.guasti.uccisioni import DI_SEGUITO, POCHE, Confini, Prova, al_confine, con_errore


@dataclass(frozen=True)
class Guasto:
    """A fault. `casi` says how many cases it has; `breve` how many of them the suite tries, if any.

    `colpi` is how many times the fault strikes in a case.
    """

    nome: str
    prova: Prova
    casi: Callable[[Scena], int]
    breve: int
    colpi: int = 1

    def scelti(self, scena: Scena) -> list[int]:
        """The cases of the short form, spread over all, the last included."""
        total = self.casi(scena)
        few = min(self.breve, total)
        return [total * (n + 1) // few - 1 for n in range(few)]


def prova_scelti(scena: Scena, guasto: Guasto) -> None:
    """Tries the cases of the short form."""
    for caso in guasto.scelti(scena):
        guasto.prova(scena, caso)


def _quanti(number: int) -> Callable[[Scena], int]:
    return lambda _: number


def _se_monta(number: int) -> Callable[[Scena], int]:
    """No cases on a machine that lets nobody mount."""
    return lambda _: number if ambiente.monta() else 0


def _poche_a_caso(scena: Scena, _: int) -> None:
    """From a publication, since there is more to lose."""
    uccisioni.a_caso(scena, 1, POCHE)


def _lettori(scena: Scena, caso: int) -> None:
    """The small case comes last, since the short form takes the last."""
    lettori.lettori(scena, *((8, 20), (3, 2))[caso])


def _lettori_e_ritorni(scena: Scena, caso: int) -> None:
    lettori.lettori_e_ritorni(scena, *((8, 200), (3, 10))[caso])


PRIMA = Confini("vuoto", Scena.PRIMA, passo=8)
NOMI_DELLA_PRIMA = replace(PRIMA, generi=frozenset({"os.rename", "os.symlink"}))
SUCCESSIVA = Confini("una", Scena.SECONDA)


def _di(generi: set[str]) -> Confini:
    return replace(SUCCESSIVA, generi=frozenset(generi))


UCCISIONI = (
    Guasto(
        "uccisione ai confini, prima pubblicazione",
        al_confine("uccisione", PRIMA),
        PRIMA.quanti,
        1,
    ),
    Guasto(
        "uccisione a ogni confine, pubblicazione successiva",
        al_confine("uccisione", SUCCESSIVA),
        SUCCESSIVA.quanti,
        2,
    ),
    Guasto(
        "uccisione mentre si tolgono le vecchie",
        uccisioni.alla_potatura,
        uccisioni.quante_alla_potatura,
        1,
    ),
    Guasto(
        "uccisione mentre una uguale prende il posto",
        uccisioni.alla_sostituzione,
        uccisioni.quante_alla_sostituzione,
        1,
    ),
    Guasto("uccisione del ritorno", uccisioni.al_ritorno, uccisioni.quante_al_ritorno, 1),
    Guasto("uccisione a una riga detta", uccisioni.alla_parola, uccisioni.quante_parole, 0),
    Guasto(
        "uccisioni di seguito, in momenti a caso", uccisioni.a_caso, _quanti(4), 0, colpi=DI_SEGUITO
    ),
    Guasto("poche uccisioni di seguito", _poche_a_caso, _quanti(1), 1, colpi=POCHE),
    Guasto(
        "uccisione tra due passi, pira run e demone",
        tra_i_passi.uccisa,
        _quanti(len(tra_i_passi.CASI)),
        0,
    ),
    Guasto("uccisione di esecuzione e demone", demone.uccisi, _quanti(demone.CASI), 0),
    Guasto("uccisione di pira run", uccisioni.pira_run, _quanti(2 * uccisioni.RIGHE_DI_PIRA), 1),
    Guasto(
        "corrente elettrica, prima pubblicazione",
        al_confine("corrente elettrica", NOMI_DELLA_PRIMA),
        NOMI_DELLA_PRIMA.quanti,
        0,
    ),
    Guasto(
        "corrente elettrica, pubblicazione successiva",
        al_confine("corrente elettrica", _di({*MAKING, *CHANGES, "os.fsync"})),
        _di({*MAKING, *CHANGES, "os.fsync"}).quanti,
        1,
    ),
)

AMBIENTE = (
    Guasto(
        "disco pieno da un momento in poi",
        con_errore("disco pieno", _di(MAKING)),
        _di(MAKING).quanti,
        1,
    ),
    Guasto("disco pieno davvero", ambiente.disco_pieno, _se_monta(len(ambiente.LIBERI)), 1),
    Guasto("limite alla lunghezza dei file", ambiente.limite, _quanti(len(ambiente.LIMITI)), 0),
    Guasto(
        "sola lettura da un momento in poi",
        con_errore("sola lettura", _di({*CHANGES, "open"})),
        _di({*CHANGES, "open"}).quanti,
        0,
    ),
    Guasto("cartella in sola lettura", ambiente.sola_lettura, _se_monta(2), 1),
    Guasto(
        "errore del disco al momento di assicurare",
        con_errore("errore di scrittura", _di({"os.fsync"})),
        _di({"os.fsync"}).quanti,
        0,
    ),
    Guasto("file che cresce mentre si legge", ambiente.cresce, _quanti(1), 1),
    Guasto("file che cresce sempre", ambiente.cresce_sempre, _quanti(ambiente.CRESCENTI), 0),
    Guasto(
        "file sostituito dopo la lettura",
        ambiente.sostituito,
        _quanti(len(ambiente.SOSTITUITI)),
        0,
    ),
    Guasto(
        "zona di consegna tolta tra due passi, pira run e demone",
        tra_i_passi.zona_tolta,
        _quanti(len(tra_i_passi.CASI)),
        1,
    ),
    Guasto("file o cartella che sparisce", ambiente.sparito, _quanti(len(ambiente.SPARITI)), 0),
    Guasto("gz troncato", ambiente.troncato, _quanti(ambiente.TRONCATI), 0),
    Guasto("orologio che salta", ambiente.orologio, _quanti(len(ambiente.OROLOGI)), 0),
    Guasto(
        "bit rovesciati in deposito, storico e pubblicazioni",
        custodia.rovesciati,
        _quanti(custodia.NOTTI),
        1,
        colpi=custodia.BIT,
    ),
    Guasto(
        "orologi di cui dubitare, pira run",
        calendario.orologio,
        _quanti(len(calendario.OROLOGI)),
        0,
    ),
    Guasto(
        "Camere e anni spariti, pira run", calendario.sparita, _quanti(len(calendario.SPARITE)), 0
    ),
    Guasto("seconda esecuzione in attesa", ambiente.in_attesa, _quanti(2), 1),
    Guasto("lettori mentre si pubblica", _lettori, _quanti(2), 1),
    Guasto("lettori mentre si torna indietro", _lettori_e_ritorni, _quanti(2), 0),
)

GUASTI = (*UCCISIONI, *AMBIENTE)


def brevi(guasti: Iterable[Guasto]) -> list[Guasto]:
    """Those of which the suite tries some cases."""
    return [guasto for guasto in guasti if guasto.breve]

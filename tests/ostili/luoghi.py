"""Hostile names, links and things that are no files.

Belongs here: what lies in the landing zone, whatever it holds. Does not belong here: contents of
files that are where they should be (testi.py, fogli.py, colonne.py).
"""

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.ostili.caso import IGNORATO, RIFIUTATO, SEGRETO, TESTA, Caso, Esito, dati, scrivi

UNA = dati(1)
BUONO = (TESTA + f"@1;{SEGRETO};SOSPESO\n").encode()
Prepara = Callable[[Path], None]
_LUOGO = "luogo"


def _caso(nome: str, prepara: Prepara, attesi: Mapping[str, Esito], **altro: Any) -> Caso:
    return Caso(f"luogo: {nome}", _LUOGO, prepara, attesi, **altro)


def _file(nome: str, dove: str | bytes, mostrato: str, esito: Esito) -> Caso:
    """A good file in an odd place, of which only the outcome is asked."""

    def prepara(partizione: Path) -> None:
        percorso = Path(os.fsdecode(os.fsencode(partizione) + b"/" + os.fsencode(dove)))
        scrivi(percorso, BUONO.replace(b"@", f"luogo-{nome}-".encode()))

    return _caso(nome, prepara, {mostrato: esito})


def _nomi() -> Iterator[Caso]:
    """Names that the contract does not know, and known ones that some reader would misread."""
    for numero, nome in enumerate(
        (
            "studi.csv.bak",
            "studi.csv~",
            "~$studi.xlsx",
            ".studi.csv.swp",
            ".DS_Store",
            "Thumbs.db",
            "studi.xls",
            "studi.ods",
            "studi.zip",
            "studi.csv.gz.gz",
            "studi.txt",
            "studi",
            "studi ",
            "studi2.csv",
            "-studi.csv",
            "..csv",
            "atti.csv",
            "stｕdi.csv",
        )
    ):
        yield _file(f"ignoto-{numero}", f"isr/{nome}", f"isr/{nome}", IGNORATO)
    for numero, nome in enumerate(
        (
            "studi-L'Aquila.csv",
            "studi-'; drop table fonti.isr_studi; --.csv",
            'studi-"virgolette".csv',
            "studi-<script>alert(1)<／script>.csv",
            "studi-=cmd|' C calc'!A0.csv",
            "studi-*.csv",
            "studi-[a-z]?.csv",
            "studi-{a,b}.csv",
            "studi-$HOME`id`.csv",
            "studi-..csv",
            "studi-... ..csv",
            "studi-%2e%2e%2fpasswd.csv",
            "studi-" + "x" * 240 + ".csv",
            "studi-città 👩‍👩‍👧.csv",
            "studi- .csv",
            "studi-.csv",
            "studi-a;b,c.csv",
            "studi-#{1+1}.csv",
            "studi-a\\b.csv",
        )
    ):
        yield _file(f"strano-{numero}", f"isr/{nome}", f"isr/{nome}", UNA)
    for nome, dove, mostrato in (
        ("a-capo", "isr/studi-a\nb.csv", r"isr/studi-a\x0ab.csv"),
        ("tabulazione", "isr/studi-a\tb.csv", r"isr/studi-a\x09b.csv"),
        ("terminale", "isr/studi-\x1b[2J.csv", r"isr/studi-\x1b[2J.csv"),
        ("da-destra", "isr/studi-\u202evsc.csv", r"isr/studi-\u202evsc.csv"),
        ("riga-unicode", "isr/studi-a\u2028b.csv", r"isr/studi-a\u2028b.csv"),
        ("non-utf8", b"isr/studi-\xff\xfe.csv", r"isr/studi-\xff\xfe.csv"),
        ("utf8-tronco", b"isr/studi-citt\xc3.csv", r"isr/studi-citt\xc3.csv"),
        ("non-utf8-scritto", r"isr/studi-\xff\xfe.csv", r"isr/studi-\x5cxff\x5cxfe.csv"),
    ):
        yield _file(nome, dove, mostrato, UNA)
    yield _file("ufficio-ignoto", "personale/studi.csv", "personale/", IGNORATO)
    yield _file("ufficio-non-utf8", b"isr\xff/studi.csv", "isr\\xff/", IGNORATO)
    # Names are the contract's whatever their case, and a small s may be long.
    for numero, dove in enumerate(
        (
            "isr/studi.CSV",
            "isr/STUDI-1.csv",
            "isr/ſtudi-x.csv",
            "ISR/studi.csv",
            "../../Ms/2020/isr/studi.csv",
        )
    ):
        yield _file(f"altre-lettere-{numero}", dove, dove, UNA)
    yield _file("file-in-partizione", "studi.csv", "studi.csv", IGNORATO)
    yield _file("cartella-in-ufficio", "isr/vecchi/studi.csv", "isr/vecchi/", IGNORATO)
    for numero, anno in enumerate(
        ("0000", "020", "02020", "2020 ", "-2020", "2020.5", "２０２０", "٢٠٢٠", "MMXX", "2020-1")
    ):
        yield _file(f"anno-{numero}", f"../{anno}/isr/studi.csv", f"../{anno}/", IGNORATO)
    for numero, camera in enumerate(
        ("ms", "M", "MSS", "M1", "ＭＳ", "L'Aquila", "'; drop table", "M S", "__", "MS ")
    ):
        dove = f"../../{camera}/2020/isr/studi.csv"
        yield _file(f"camera-{numero}", dove, f"../../{camera}/", IGNORATO)
    yield _file("file-nella-zona", "../../note.txt", "../../note.txt", IGNORATO)
    yield _file("file-nella-camera", "../note.txt", "../note.txt", IGNORATO)
    yield _file("anno-che-e-un-file", "../2031", "../2031", IGNORATO)
    yield _file("camera-che-e-un-file", "../../QQ", "../../QQ", IGNORATO)


def _esterno(partizione: Path) -> Path:
    """A folder outside the landing zone, with a good extract and a plan in it."""
    fuori = partizione.parents[2] / "fuori"
    scrivi(fuori / "isr/studi.csv", BUONO.replace(b"@", b"fuori-"))
    scrivi(fuori / "2020/isr/studi.csv", BUONO.replace(b"@", b"fuori-"))
    return fuori


def _collega(dove: str, meta: Callable[[Path], Path | str]) -> Prepara:
    def prepara(partizione: Path) -> None:
        percorso = partizione / dove
        percorso.parent.mkdir(parents=True, exist_ok=True)
        percorso.symlink_to(meta(partizione))

    return prepara


def _collegamenti() -> Iterator[Caso]:
    """Links out of the landing zone, to nothing, to each other."""

    def caso(nome: str, dove: str, meta: Callable[[Path], Path | str], esito: Esito) -> Caso:
        return _caso(f"collegamento-{nome}", _collega(dove, meta), {dove: esito})

    yield caso("fuori", "isr/studi-fuori.csv", lambda p: _esterno(p) / "isr/studi.csv", RIFIUTATO)
    yield caso("passwd", "isr/studi-passwd.csv", lambda _: "/etc/passwd", RIFIUTATO)
    yield caso("pendente", "isr/studi-pendente.csv", lambda _: "manca.csv", RIFIUTATO)
    yield caso("a-se-stesso", "isr/studi-giro.csv", lambda _: "studi-giro.csv", RIFIUTATO)
    yield caso("zero", "isr/studi-zero.csv", lambda _: "/dev/zero", RIFIUTATO)
    yield caso("memoria", "isr/studi-memoria.csv", lambda _: "/proc/self/mem", RIFIUTATO)
    yield caso("a-cartella", "isr/studi-cartella.csv", lambda _: "..", RIFIUTATO)
    yield caso("radice", "isr/studi-radice.csv", lambda _: "/", RIFIUTATO)
    yield caso("uno-due", "isr/studi-uno.csv", _due_che_si_cercano, RIFIUTATO)
    yield caso("ufficio-fuori", "brevetti", lambda p: _esterno(p) / "isr", IGNORATO)
    yield caso("ufficio-pendente", "metrico", lambda _: "manca", IGNORATO)
    yield caso("ufficio-giro", "kronos", lambda _: "kronos", IGNORATO)
    yield caso("ufficio-radice", "cciaa", lambda _: "/", IGNORATO)
    yield caso("anno-fuori", "../2033", _esterno, IGNORATO)
    yield caso("anno-giro", "../2034", lambda _: "2034", IGNORATO)
    yield caso("camera-fuori", "../../FU", _esterno, IGNORATO)
    yield caso("camera-giro", "../../GI", lambda _: "GI", IGNORATO)
    yield caso("camera-radice", "../../RA", lambda _: "/", IGNORATO)
    yield caso("allegato-fuori", "allegato.txt", lambda _: "/etc/passwd", RIFIUTATO)
    yield caso("allegato-giro", "allegato.txt", lambda _: "allegato.txt", RIFIUTATO)

    def dentro(partizione: Path) -> None:
        scrivi(partizione / "isr/studi-vero.csv", BUONO.replace(b"@", b"dentro-"))
        (partizione / "isr/studi-zz.csv").symlink_to("studi-vero.csv")

    attesi = {"isr/studi-vero.csv": UNA, "isr/studi-zz.csv": dati(0, 1)}
    yield _caso("collegamento-dentro", dentro, attesi)


def _due_che_si_cercano(partizione: Path) -> str:
    altro = partizione / "isr/altro"
    altro.parent.mkdir(parents=True, exist_ok=True)
    altro.symlink_to("studi-uno.csv")
    return "altro"


def _non_file() -> Iterator[Caso]:
    """Pipes, sockets and folders under a file's name: whoever waited for them would wait for ever."""

    def tubo(dove: str) -> Prepara:
        def prepara(partizione: Path) -> None:
            (partizione / dove).parent.mkdir(parents=True, exist_ok=True)
            os.mkfifo(partizione / dove)

        return prepara

    for formato in ("csv", "csv.gz", "xlsx", "parquet"):
        dove = f"isr/studi-tubo.{formato}"
        yield _caso(f"tubo-{formato}", tubo(dove), {dove: RIFIUTATO})
    yield _caso("tubo-allegato", tubo("allegato.txt"), {"allegato.txt": RIFIUTATO})
    yield _caso("tubo-sintetico", tubo("sintetico.txt"), {}, sola=True)
    yield _caso("tubo-ufficio", tubo("conciliazione"), {"conciliazione": IGNORATO}, sola=True)
    yield _caso("tubo-camera", tubo("../../TU"), {"../../TU": IGNORATO})

    def presa(partizione: Path) -> None:
        (partizione / "isr").mkdir(parents=True, exist_ok=True)
        os.mknod(partizione / "isr/studi-presa.csv", stat.S_IFSOCK | 0o600)

    yield _caso("presa", presa, {"isr/studi-presa.csv": RIFIUTATO})

    def cartella(dove: str) -> Prepara:
        return lambda partizione: scrivi(partizione / dove / "dentro.csv", BUONO)

    for formato in ("csv", "xlsx", "parquet"):
        dove = f"isr/studi-cartella-vera.{formato}"
        yield _caso(f"cartella-{formato}", cartella(dove), {dove: RIFIUTATO})
    yield _caso("cartella-allegato", cartella("allegato.txt"), {"allegato.txt": RIFIUTATO})

    def rada(byte: int) -> Prepara:
        def prepara(partizione: Path) -> None:
            percorso = partizione / f"isr/studi-rada-{byte}.csv"
            scrivi(percorso, TESTA.encode())
            os.truncate(percorso, byte)

        return prepara

    for byte in (16 << 30, (1 << 30) - 1, 100 << 20):
        attesi = {f"isr/studi-rada-{byte}.csv": RIFIUTATO}
        yield _caso(f"rada-{byte}", rada(byte), attesi, pesante=True)


def _permessi() -> Iterator[Caso]:
    """What the reader may not open, though it is there."""

    def chiuso(dove: str, modo: int) -> Prepara:
        def prepara(partizione: Path) -> None:
            percorso = partizione / dove
            if percorso.suffix:
                scrivi(percorso, BUONO)
            else:
                scrivi(percorso / "domande.csv", BUONO)
            percorso.chmod(modo)

        return prepara

    for nome, dove, modo, esito in (
        ("file", "isr/studi-chiuso.csv", 0o000, RIFIUTATO),
        ("file-xlsx", "isr/studi-chiuso.xlsx", 0o200, RIFIUTATO),
        ("allegato", "allegato.txt", 0o000, RIFIUTATO),
        ("ufficio", "brevetti/", 0o000, IGNORATO),
        ("ufficio-ignoto", "altro/", 0o000, IGNORATO),
        ("anno", "../2035/", 0o000, IGNORATO),
        ("camera", "../../CH/", 0o000, IGNORATO),
    ):
        yield _caso(f"chiuso-{nome}", chiuso(dove, modo), {dove: esito}, permessi=True, sola=True)

    def solo_elenco(partizione: Path) -> None:
        scrivi(partizione / "brevetti/domande.csv", BUONO)
        (partizione / "brevetti").chmod(0o444)

    attesi = {"brevetti/domande.csv": RIFIUTATO}
    yield Caso(
        "luogo: cartella che si elenca e non si apre",
        _LUOGO,
        solo_elenco,
        attesi,
        "brevetti/domande",
        permessi=True,
        sola=True,
    )


def casi() -> list[Caso]:
    """Every case of places and names."""
    return [*_nomi(), *_collegamenti(), *_non_file(), *_permessi()]

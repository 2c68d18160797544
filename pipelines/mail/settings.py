"""The mail's settings, from the environment: which server, who writes, who is told what.

Belongs here: reading and judging `PIRA_SMTP_*` and `PIRA_MAIL_*`. Does not belong here: talking to the
server (smtp.py). The password is held here and nowhere else; it is never printed nor stored.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Literal, get_args

Cifratura = Literal["no", "starttls", "tls"]

INDIRIZZO = re.compile(
    r"(?=.{3,254}\Z)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+"
    r"@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
)
"""An address that any server takes as it is: no blank, no line end, no character beyond ASCII."""

_DESTINATARIO = re.compile(r"(?:(?P<camera>[A-Z]{2}):)?(?P<indirizzo>[^:]+)")
_AMBIGUE = re.compile("[ßς\u200c\u200d]")
"""Letters that two standards of international names write in two ways: a domain too many."""
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


class PostaNonConfigurata(ValueError):
    """A setting is wrong; the message is one Italian sentence that names it and says what it wants."""


@dataclass(frozen=True)
class Destinatario:
    """Who is told: of every chamber, or only of `camere` where there are any."""

    indirizzo: str
    camere: tuple[str, ...] = ()


@dataclass(frozen=True)
class Posta:
    """The mail that is on. `utente` and `password` are there both or neither.

    `nome` is what this machine calls itself to the server; None for the name that it has. `secondi` is
    how long a whole conversation may last.
    """

    host: str
    porta: int
    nome: str | None
    secondi: int
    cifratura: Cifratura
    utente: str | None
    password: str | None = field(repr=False)
    mittente: Address
    destinatari: tuple[Destinatario, ...]

    @classmethod
    def from_environment(cls) -> "Posta | None":
        """The settings in force; None where `PIRA_SMTP_HOST` is not set: the mail is off.

        Raises `PostaNonConfigurata`.
        """
        host = _text(os.environ, "PIRA_SMTP_HOST")
        if not host:
            return None
        cifratura = _cifratura(_text(os.environ, "PIRA_SMTP_TLS") or "no")
        utente, password = _login(os.environ, host, cifratura)
        return cls(
            host=_host(host),
            porta=_porta(_text(os.environ, "PIRA_SMTP_PORT") or "25"),
            nome=_nome(_text(os.environ, "PIRA_SMTP_HELO")),
            secondi=_secondi(_text(os.environ, "PIRA_SMTP_SECONDI") or "45"),
            cifratura=cifratura,
            utente=utente,
            password=password,
            mittente=_mittente(_text(os.environ, "PIRA_MAIL_FROM")),
            destinatari=_destinatari(_text(os.environ, "PIRA_MAIL_TO")),
        )


def _text(environment: Mapping[str, str], name: str) -> str:
    return environment.get(name, "").strip()


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _host(text: str) -> str:
    if not (_HOST.fullmatch(text) or _is_ip(text)):
        raise PostaNonConfigurata(
            f"PIRA_SMTP_HOST={text!r} non è il nome di un server: scrivere solo il nome"
            " (smtp.example.it); la porta va in PIRA_SMTP_PORT."
        )
    return text


def _nome(text: str) -> str | None:
    if text and not _HOST.fullmatch(text):
        raise PostaNonConfigurata(
            f"PIRA_SMTP_HELO={text!r} non è il nome di una macchina: scriverne uno completo"
            " (pira.camera.example.it), o toglierlo."
        )
    return text or None


def _porta(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise PostaNonConfigurata(
            f"PIRA_SMTP_PORT={text!r} non è una porta: scrivere un numero da 1 a 65535."
        )
    return int(text)


def _secondi(text: str) -> int:
    """Below the minute after which Dagster gives up a sensor, and starts it again beside the first."""
    if not re.fullmatch("[0-9]{1,2}", text) or not 1 <= int(text) <= 50:
        raise PostaNonConfigurata(
            f"PIRA_SMTP_SECONDI={text!r} non è una durata: scrivere un numero di secondi da 1 a 50."
        )
    return int(text)


def _cifratura(text: str) -> Cifratura:
    for known in get_args(Cifratura):
        if text == known:
            return known  # type: ignore[no-any-return]
    raise PostaNonConfigurata(
        f"PIRA_SMTP_TLS={text!r} non si conosce: scrivere {', '.join(get_args(Cifratura))}."
    )


def _login(
    environment: Mapping[str, str], host: str, cifratura: Cifratura
) -> tuple[str | None, str | None]:
    """User and password. A password would cross a network in clear without TLS: it is refused."""
    utente, password = _text(environment, "PIRA_SMTP_USER"), environment.get("PIRA_SMTP_PASSWORD")
    if bool(utente) != bool(password):
        raise PostaNonConfigurata(
            "PIRA_SMTP_USER e PIRA_SMTP_PASSWORD vanno insieme: scrivere anche l'altra, o nessuna."
        )
    here = host == "localhost" or (_is_ip(host) and ipaddress.ip_address(host).is_loopback)
    if utente and cifratura == "no" and not here:
        raise PostaNonConfigurata(
            "PIRA_SMTP_PASSWORD passerebbe in chiaro sulla rete:"
            " scrivere PIRA_SMTP_TLS=starttls, o tls."
        )
    return utente or None, password or None


def _on_the_wire(address: str, setting: str) -> str | None:
    """An address as it travels, its international domain as `xn--...`; None where it is no address.

    Raises `PostaNonConfigurata` for one that not every server takes, or that could mean two domains.
    """
    local, at, domain = address.rpartition("@")
    if not at or not address.isprintable() or " " in address:
        return None
    if not local.isascii():
        raise PostaNonConfigurata(
            f"{setting} contiene {address!r}: non tutti i server accettano lettere accentate prima"
            " della chiocciola, indicare un indirizzo che non ne ha."
        )
    if _AMBIGUE.search(domain):
        raise PostaNonConfigurata(
            f"{setting} contiene {address!r}, il cui dominio si può scrivere in due modi:"
            " indicarlo nella forma xn--."
        )
    try:
        wire = f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError:
        return None
    return wire if INDIRIZZO.fullmatch(wire) else None


def _mittente(text: str) -> Address:
    name, written = parseaddr(text)
    address = _on_the_wire(written, "PIRA_MAIL_FROM")
    if address is None or not text.isprintable():
        raise PostaNonConfigurata(
            f"PIRA_MAIL_FROM={text!r} non è un indirizzo da cui scrivere:"
            " indicarlo come pira@example.it, o pira <pira@example.it>."
        )
    return Address(name, addr_spec=address)


def _destinatari(text: str) -> tuple[Destinatario, ...]:
    """Every address once: with all its chambers, or with none where it stands without a prefix."""
    found: dict[str, Destinatario] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        match = _DESTINATARIO.fullmatch(part)
        address = match and _on_the_wire(match["indirizzo"], "PIRA_MAIL_TO")
        if match is None or address is None:
            raise PostaNonConfigurata(
                f"PIRA_MAIL_TO contiene {part!r}, che non è un indirizzo: separarli con virgole, con"
                " la sigla della Camera davanti se serve (LU:segreteria@lu.example.it)."
            )
        key, camera = address.casefold(), match["camera"]
        known = found.get(key)
        if camera is None or (known is not None and not known.camere):
            camere: tuple[str, ...] = ()
        else:
            camere = tuple(sorted({*(known.camere if known else ()), camera}))
        found[key] = Destinatario(known.indirizzo if known else address, camere)
    if not found:
        raise PostaNonConfigurata(
            "PIRA_MAIL_TO è vuota: scrivere almeno un indirizzo, o togliere PIRA_SMTP_HOST per"
            " spegnere la posta."
        )
    return tuple(found.values())

"""The pages that are generated: contract for offices, catalogue of indicators, dictionary, commands,
licences.

Belongs here: declarations as Markdown, in Italian. Does not belong here: any fact of its own. The
committed pages are compared with these in the tests; `pira docs` writes them again.
"""

import argparse
import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

from pipelines.contract.estratti import ESTRATTI
from pipelines.contract.parole import say_key, say_limits, say_rules
from pipelines.contract.pubblici import Pubblico, public_formats
from pipelines.contract.rimedi import RIMEDI, general_remedy
from pipelines.contract.schema import CADENZE, FORMATI, REGOLE, Estratto
from pipelines.offices.dictionary import dictionary_page
from pipelines.settings import ROOT
from pipelines.warehouse.models import Indicatore, catalogue, read_models

FOLDER = ROOT / "docs"
COMMANDS = "comandi.md"
"""The page of the commands: made from their parser, which belongs to the terminal (cli.py)."""

_CONTRATTO = """\
# Gli estratti che gli uffici consegnano

Pagina generata dalle dichiarazioni del contratto (`pipelines/contract/estratti.py`) con `pira docs`.

Ogni estratto è un file `raw/<camera>/<anno>/<ufficio>/<estratto>.<formato>` oppure più parti
`<estratto>-<qualcosa>.<formato>`; i formati sono {formati}. Le colonne con l'asterisco sono
obbligatorie; l'ordine è libero e le colonne in più non vengono lette.

`pira check FILE` dice prima della consegna che cosa ne sarebbe di un file.

## Le righe in quarantena

Le regole stanno nell'ordine in cui si applicano.

| regola | vuol dire | che cosa fare |
|---|---|---|
{regole}
"""

_CATALOGO = """\
# Gli indicatori

Pagina generata dalle intestazioni dei file in `sql/indicatori/contributi` con `pira docs`.

| codice | indicatore | unità | verso | estratti | che cosa conta |
|---|---|---|---|---|---|
"""

_CONDIVISO = """
## Il catalogo condiviso

Indicatori che ricorrono nei piani di più Camere. Uno di questi si calcola, in un esercizio, solo dove il
piano in vigore ne ha una riga: dove non l'ha nessuno lo chiede, e delle tabelle di quella Camera non cambia
niente. Gli estratti che servono solo a loro non sono dovuti; dove il piano li chiede e non ci sono,
l'indicatore è `DATI_MANCANTI` come gli altri. Una riga che una definizione della tabella di sopra riconosce
resta sua: queste gareggiano solo per le altre. Per aggiungerne uno si scrive il suo file, con
`catalogo = "condiviso"`, da dove viene la definizione (`fonte`) e che cosa lascia aperto (`assunto`), e
quello dei suoi casi.

| codice | indicatore | unità | verso | estratti | che cosa conta | da dove viene | che cosa si è assunto |
|---|---|---|---|---|---|---|---|
"""

_LEGAMI = """
## Come si riconosce una riga del piano

Di ogni riga si confrontano il nome e l'algoritmo con le forme che ogni definizione dichiara, parola per
parola, senza maiuscole, accenti, desinenze né ordine: il punteggio va da 0 a 1 ed è quello dell'algoritmo,
se c'è e dice che cosa si conta; del nome altrimenti. Un algoritmo che non ha tutte le parole di una forma
vale al più 0,50; ciò che ne fa un'altra misura, o una percentuale al posto di un conteggio, vale 0. La riga
si lega alla definizione con almeno 0,80 e 0,20 più della seconda; se no è `SENZA_MODELLO`, e
`piano.riconosciuti` dice le due più vicine. Le parole che valgono per tutte stanno in `sql/piano.toml`.

| codice | nomi | algoritmi | altre misure |
|---|---|---|---|
"""


_PUBBLICI = """\
## Formati pubblici

Un file che altri pubblicano si consegna com'è: si riconosce da ciò che contiene, e le sue righe diventano
quelle dell'estratto, con la riga del file pubblicato. `qualita.file.formato` dice quale formato era,
`qualita.file.righe_altrui` quante righe sono di altri enti o di altri anni. Il codice fiscale e il codice
SIOPE della Camera stanno in `sql/regole.toml`, nella sua sezione `[camera.XX]`.
"""


def _extract(estratto: Estratto) -> str:
    lines = [
        f"## `{estratto.codice}`",
        "",
        f"{estratto.descrizione}. {_when(estratto)}",
        "",
        "| colonna | tipo | descrizione | ammessi |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{c.nome}`{' *' if c.obbligatoria else ''} | {c.tipo} | {c.descrizione}"
        f" | {'; '.join(say_limits(c, '`{}`'))} |"
        for c in estratto.colonne
    ]
    lines += ["", f"Chiave: {say_key(estratto)}."]
    lines += [f"Regola: {regola}." for regola in say_rules(estratto)]
    return "\n".join(lines) + "\n"


def _when(estratto: Estratto) -> str:
    if not estratto.dovuto:
        return "Non è dovuto: se non c'è, non manca."
    days = CADENZE[estratto.ritmo].tolleranza_giorni
    return f"Consegna {estratto.ritmo}, entro {days} giorni dalla fine del periodo."


def _public(formato: Pubblico) -> str:
    """A public format: which extract it feeds, by what it is told, its rules."""
    signature = [c.voci[0].removeprefix("/") for c in formato.campi if c.firma or c.forma]
    lines = [
        f"### `{formato.codice}`",
        "",
        f"Sono {formato.nome}, per `{formato.estratto}`, come"
        f" `{formato.estratto}-<nome pubblicato>.{formato.genere}`. Si riconosce da:"
        f" {', '.join(signature)}.",
        "",
        "| regola | che cosa dice | da dove |",
        "|---|---|---|",
        *(f"| {r.numero} | {r.testo} | {r.fonte} |" for r in formato.regole),
    ]
    return "\n".join(lines) + "\n"


def _rule(regola: str) -> str:
    return f"| `{regola}` | {RIMEDI[regola].significato} | {general_remedy(regola)} |"


def contract_page() -> str:
    """The quarantine rules, and every extract with its columns, code lists, key and rules."""
    head = _CONTRATTO.format(
        formati=", ".join(f"`{f}`" for f in FORMATI), regole="\n".join(map(_rule, REGOLE))
    )
    public = [_PUBBLICI, *map(_public, public_formats())]
    return "\n".join([head, *(_extract(e) for e in ESTRATTI), *public])


def _indicator(entry: Indicatore) -> str:
    extracts = ", ".join(f"`{e}`" for e in entry.estratti)
    return (
        f"| `{entry.codice}` | {entry.titolo} | {entry.unita} | {entry.direzione} | {extracts}"
        f" | {entry.descrizione} |"
        + (f" {entry.fonte} | {entry.assunto} |" if entry.condiviso else "")
    )


def _binding(entry: Indicatore) -> str:
    uses = (entry.riconosce, entry.conta, entry.esclude)
    # The stroke that separates equal words would end a cell.
    cells = ("; ".join(forma.replace("|", "/") for forma in forme) for forme in uses)
    return f"| `{entry.codice}` | {' | '.join(cells)} |"


def catalogue_page() -> str:
    """Every indicator that can be computed, and the words by which rows of plans are bound to it."""
    entries = catalogue(read_models())
    return "\n".join(
        [
            _CATALOGO + "\n".join(_indicator(e) for e in entries if not e.condiviso),
            _CONDIVISO + "\n".join(_indicator(e) for e in entries if e.condiviso),
            _LEGAMI + "\n".join(map(_binding, entries)),
            "",
        ]
    )


def _licence(name: str) -> tuple[str, str]:
    """Version and licence of an installed distribution, as its own metadata says."""
    try:
        facts = metadata(name)
    except PackageNotFoundError:
        return "-", "not needed on this platform"
    classifiers = [
        c.rpartition(" :: ")[2]
        for c in facts.get_all("Classifier") or []
        if c.startswith("License :: ")
    ]
    found = {name: (facts.get_all(name) or [""])[0] for name in ("License-Expression", "License")}
    declared = found["License-Expression"] or ", ".join(classifiers) or found["License"]
    return facts["Version"], (declared or "not declared").strip().splitlines()[0][:80]


def locked_names(lock: Path = ROOT / "requirements.lock") -> list[str]:
    """The distributions that a production installation holds."""
    return sorted(set(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", lock.read_text(), re.M)))


def licences_page() -> str:
    """Every locked dependency with its version and licence."""
    rows = [f"| {name} | {' | '.join(_licence(name))} |" for name in locked_names()]
    head = (
        "# Licences of the dependencies\n\nGenerated from their own metadata with `pira docs`.\n\n"
    )
    return head + "\n".join(["| package | version | licence |", "|---|---|---|", *rows]) + "\n"


_COMANDI = """\
# I comandi

Pagina generata da `pira --help` con `pira docs`. Le variabili d'ambiente stanno nel [README](../README.md).
Lo stato d'uscita è 0 se è andata, 1 se nulla è stato pubblicato o qualcosa non va, 2 se il comando è scritto
male.
"""


def commands_page(parser: argparse.ArgumentParser) -> str:
    """Every command with what it does, and each of its options."""
    lines = [_COMANDI]
    for command in _commands_of(parser):
        lines += [f"## `{command.prog}`", "", " ".join((command.description or "").split()), ""]
        options = [a for a in command._actions if a.dest != "help"]
        if options:
            lines += ["| parola | che cosa dice |", "|---|---|"]
            lines += [f"| `{_word(option)}` | {option.help} |" for option in options] + [""]
    return "\n".join(lines)


def _commands_of(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """The commands of a parser; in place of one that has commands of its own, those."""
    below = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return [c for a in below for one in a.choices.values() for c in _commands_of(one)] or [parser]


def _word(option: argparse.Action) -> str:
    """An option as it is typed."""
    name = "".join(option.option_strings)
    value = "" if option.nargs == 0 else str(option.metavar or option.dest.upper())
    return f"{name} {value}".strip()


PAGES = {
    "contratto.md": contract_page,
    "dizionario.md": dictionary_page,
    "indicatori.md": catalogue_page,
    "licences.md": licences_page,
}


def write_pages(parser: argparse.ArgumentParser) -> list[Path]:
    """Writes the generated pages, those of the commands too, and returns their paths."""
    pages = {name: page() for name, page in PAGES.items()} | {COMMANDS: commands_page(parser)}
    for name, text in pages.items():
        (FOLDER / name).write_text(text, "utf-8")
    return [FOLDER / name for name in pages]

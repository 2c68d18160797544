"""`pira`, the command.

Belongs here: options, what is printed, exit status. Does not belong here: any work; heavy imports
stay inside the commands, so that `pira --help` answers at once.
"""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from pipelines.desk import figures, files, lake, opzioni, usage
from pipelines.settings import INSTALLED, InstallazioneMonca, program_version

PUBLISHED, NOTHING_PUBLISHED, WRONG_USAGE = 0, 1, 2
WELL, ILL = 0, 1

Command = Callable[[argparse.Namespace, argparse.ArgumentParser], int]


def main(arguments: list[str] | None = None) -> int:
    """Runs a command; the exit status is 0 done, 1 nothing published or something ill, 2 wrong usage."""
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    usage.speak_italian()
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        status = int(options.command(options, parser))
        sys.stdout.flush()
        return status
    except InstallazioneMonca as broken:
        print(broken, file=sys.stderr)
        return ILL
    except BrokenPipeError:
        # Whoever reads has had enough (`| head`); what is left to flush goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ILL


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pira", description="Dal piano approvato e dagli estratti degli uffici alla scorecard."
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"%(prog)s {program_version()}",
        help="dice quale versione è",
    )
    commands = parser.add_subparsers(required=True, metavar="comando")

    def add(name: str, does: Command, about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=does.__doc__)
        added.set_defaults(command=does)
        return added

    run = add("run", _run, "calcola e pubblica")
    run.add_argument("--camera", type=opzioni.camera, help="solo questa Camera (MS)")
    run.add_argument("--esercizio", type=opzioni.esercizio, help="solo questo anno (2020)")
    run.add_argument(
        "--data-riferimento",
        type=opzioni.day,
        help="il giorno di cui si parla (2020-12-31); se manca, oggi",
    )
    run.add_argument(
        "--orologio-giusto",
        action="store_true",
        help="l'orologio della macchina è giusto, anche se è indietro o molto avanti rispetto"
        " all'ultima notte",
    )
    run.add_argument("--senza-attesa", action="store_true", help="non guarda se i file sono fermi")
    files.add_commands(add)
    figures.add_commands(add)
    lake.add_commands(add)
    new_camera = add("new-camera", _new_camera, "prepara la consegna di una Camera")
    new_camera.add_argument("camera", type=opzioni.camera, metavar="SIGLA", help="la Camera (LU)")
    new_camera.add_argument(
        "--esercizio",
        type=opzioni.esercizio,
        nargs="+",
        help="anni (2021); se manca, quello in corso",
    )
    add("docs", _docs, "riscrive le pagine generate")
    serve = add("serve", _serve, "apre la pagina")
    serve.add_argument("--port", type=opzioni.number, default=3000, help="su quale porta (3000)")
    serve.add_argument("--senza-demone", action="store_true", help="la sola pagina")
    serve.add_argument("--sola-lettura", action="store_true", help="la sola pagina, senza comandi")
    add("publications", _publications, "elenca le pubblicazioni tenute")
    rollback = add("rollback", _rollback, "torna a una pubblicazione tenuta")
    rollback.add_argument("nome", metavar="NOME", help="come la elenca `pira publications`")
    verify = add("verify", _verify, "rilegge ciò che è tenuto")
    verify.add_argument(
        "--quota",
        type=opzioni.quota,
        default=(1, 1),
        metavar="N/M",
        help="solo la fetta N di M (7/30)",
    )
    verify.add_argument(
        "--accetta-storico",
        action="store_true",
        help="tiene dello storico ciò che si legge e accetta la perdita del resto",
    )
    health = add("health", _health, "dice se le notti vanno ancora")
    health.add_argument(
        "--prometheus", action="store_true", help="scrive le misure nel formato di Prometheus"
    )
    add("dagster-home", _dagster_home, "prepara la cartella di Dagster")
    prune = add("prune-runs", _prune_runs, "toglie le esecuzioni vecchie")
    prune.add_argument(
        "--older-than", type=opzioni.days, default=90, metavar="GIORNI", help="più vecchie di (90)"
    )
    store = add("prune-store", _prune_store, "toglie le consegne ritirate")
    store.add_argument(
        "--older-than",
        type=opzioni.days,
        default=30,
        metavar="GIORNI",
        help="ritirate da più di (30)",
    )
    return parser


def _run(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Calcola le partizioni scelte (tutte, se non si sceglie) e pubblica magazzino e scorecard."""
    from pipelines.landing.deliveries import ATTESA
    from pipelines.landing.zone import list_partitions
    from pipelines.night.presenza import list_known
    from pipelines.settings import Luoghi

    luoghi = Luoghi.from_environment()
    asked = options.camera, options.esercizio
    there = list_known(luoghi)
    if not any(asked[0] in (None, p.camera) and asked[1] in (None, p.esercizio) for p in there):
        if any(asked):
            known = ", ".join(p.chiave for p in list_partitions(luoghi.raw)) or "niente"
            parser.error(f"la zona di consegna non ha la partizione chiesta; ha {known}")
        from pipelines.desk.run import nothing_there

        print(nothing_there(luoghi), file=sys.stderr)
        return NOTHING_PUBLISHED
    from pipelines.desk.run import run_night

    _ready_dagster(parser)
    if options.senza_attesa:
        os.environ[ATTESA] = "0"
    done = run_night(luoghi, *asked, options.data_riferimento, options.orologio_giusto)
    return PUBLISHED if done else NOTHING_PUBLISHED


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _ready_dagster(parser: argparse.ArgumentParser) -> Path:
    """Dagster's home, made ready; a variable that makes no sense is wrong usage."""
    from pipelines.orchestration.home import AmbienteErrato, dagster_home
    from pipelines.settings import Luoghi

    try:
        return dagster_home(Luoghi.from_environment())
    except AmbienteErrato as wrong:
        parser.error(str(wrong))


def _new_camera(options: argparse.Namespace, _: argparse.ArgumentParser) -> int:
    """Prepara cartelle vuote, modelli da compilare e l'elenco di chi deve che cosa."""
    from pipelines.offices.new_chamber import NonAllestibile, describe, lay_out
    from pipelines.settings import Luoghi, now

    raw, camera = Luoghi.from_environment().raw, options.camera
    esercizi = options.esercizio or [now().year]
    try:
        found = lay_out(raw, camera, esercizi)
    except NonAllestibile as refusal:
        print(refusal, file=sys.stderr)
        return NOTHING_PUBLISHED
    except OSError as error:
        print(
            f"Non si può allestire {raw / camera} ({error.strerror}): controllare permessi e spazio.",
            file=sys.stderr,
        )
        return NOTHING_PUBLISHED
    print("\n".join(describe(found, raw, camera, esercizi)))
    return PUBLISHED


def _docs(_: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Riscrive le pagine generate dalle dichiarazioni: contratto, indicatori, comandi, licenze."""
    from pipelines.offices.pages import write_pages

    if INSTALLED:
        parser.error("le pagine stanno nel repository di pira: lanciarlo da una sua copia")
    for path in write_pages(parser):
        print(path)
    return PUBLISHED


def _serve(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Apre pagina e demone di Dagster su questa macchina soltanto, finché non si interrompe."""
    from pipelines.orchestration.porta import serve_both, serve_page

    _ready_dagster(parser)
    if not (options.senza_demone or options.sola_lettura):
        return WELL if serve_both(options.port) else ILL
    serve_page(options.port, options.sola_lettura)
    return WELL


def _publications(_: argparse.Namespace, __: argparse.ArgumentParser) -> int:
    """Elenca le pubblicazioni tenute, dalla più vecchia: quando, esecuzione, revisione, corrente."""
    from pipelines.publication.kept import describe_publications
    from pipelines.settings import Luoghi

    luoghi = Luoghi.from_environment()
    found = describe_publications(luoghi)
    if not found:
        print(f"Nessuna pubblicazione in {luoghi.warehouse}.")
    for p in found:
        mark = "corrente" if p.corrente else "-"
        when = f"{p.quando:%d/%m/%Y %H:%M}" if p.quando else "-"
        print(f"{p.nome}  {when}  {p.esecuzione}  {p.revisione or '-'}  {mark}")
    return PUBLISHED


def _rollback(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Torna a una pubblicazione tenuta: magazzino, scorecard e manifesto cambiano insieme."""
    from pipelines.publication.kept import PubblicazioneIgnota, rollback
    from pipelines.publication.pubblicazioni import NonPubblicabile
    from pipelines.settings import Luoghi

    luoghi = Luoghi.from_environment()
    try:
        rollback(luoghi, options.nome, _say)
    except PubblicazioneIgnota as unknown:
        parser.error(str(unknown))
    except NonPubblicabile as refusal:
        print(refusal, file=sys.stderr)
        return NOTHING_PUBLISHED
    print(f"La pubblicazione corrente è {options.nome}, fino alla prossima esecuzione.")
    return PUBLISHED


def _verify(options: argparse.Namespace, _: argparse.ArgumentParser) -> int:
    """Confronta pubblicazioni, deposito e storico con le loro impronte, e rimette ciò che può."""
    from pipelines.night.verify import accept, verify
    from pipelines.publication.pubblicazioni import NonPubblicabile
    from pipelines.settings import Luoghi, now

    luoghi = Luoghi.from_environment()

    try:
        if options.accetta_storico:
            for line in accept(luoghi, now(), _say):
                print(line)
        found = verify(luoghi, now(), options.quota, _say)
    except NonPubblicabile as refusal:
        print(refusal, file=sys.stderr)
        return ILL
    for line in found.righe:
        print(line)
    print(found.riassunto)
    return ILL if found.guasti else WELL


def _health(options: argparse.Namespace, _: argparse.ArgumentParser) -> int:
    """Guarda da fuori l'ultima pubblicazione, il demone e il disco; stato 0 se va tutto bene."""
    from pipelines.desk.health import look
    from pipelines.desk.metrics import exposition
    from pipelines.settings import Luoghi

    found = look(Luoghi.from_environment())
    if options.prometheus:
        print(exposition(found.misure), end="")
    if not options.prometheus or not found.sana:
        print(found.riga, file=sys.stderr if options.prometheus else sys.stdout)
    return WELL if found.sana else ILL


def _dagster_home(_: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Prepara la cartella in cui Dagster tiene i suoi registri, e dice dov'è."""
    print(_ready_dagster(parser))
    return WELL


def _prune_runs(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Chiude le esecuzioni interrotte e toglie da Dagster le vecchie, coi log; tiene quelle in vigore."""
    from datetime import timedelta

    from pipelines.orchestration.retention import prune_runs

    _ready_dagster(parser)
    from dagster import DagsterInstance

    with DagsterInstance.get() as instance:
        done = prune_runs(instance, timedelta(days=options.older_than))
    print(
        f"Esecuzioni tolte: {len(done.rimosse)}; vecchie ma tenute, perché ancora in vigore:"
        f" {len(done.tenute)}; interrotte, e adesso chiuse: {len(done.interrotte)}."
    )
    return WELL


def _prune_store(options: argparse.Namespace, _: argparse.ArgumentParser) -> int:
    """Toglie dal deposito righe e pseudonimi di consegne ritirate o cambiate da tempo."""
    from datetime import timedelta

    from pipelines.extracts.pseudonyms import ChiaveRifiutata
    from pipelines.publication.kept import megabytes
    from pipelines.publication.pubblicazioni import NonPubblicabile
    from pipelines.publication.sgombero import prune_store
    from pipelines.settings import Luoghi, now

    older = timedelta(days=options.older_than)
    try:
        done = prune_store(Luoghi.from_environment(), older, now(), _say)
    except (ChiaveRifiutata, NonPubblicabile) as refusal:
        print(refusal, file=sys.stderr)
        return ILL
    print(
        f"File tolti dal deposito: {done.tolti} ({megabytes(done.byte)} MB);"
        f" non servono più, ma da meno di {options.older_than} giorni: {done.attesa}."
    )
    return WELL


if __name__ == "__main__":
    sys.exit(main())

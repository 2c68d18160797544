"""`pira`, the command.

Belongs here: options, what is printed, exit status. Does not belong here: any work; heavy imports
stay inside the commands, so that `pira --help` answers at once.
"""

import argparse
import os
import re
import sys
from datetime import date
from pathlib import Path

PUBLISHED, NOTHING_PUBLISHED, WRONG_USAGE = 0, 1, 2
WELL, ILL = 0, 1


def main(arguments: list[str] | None = None) -> int:
    """Runs a command; the exit status is 0 done, 1 nothing published or something ill, 2 wrong usage."""
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    parser = _parser()
    options = parser.parse_args(arguments)
    return int(options.command(options, parser))


def _camera(text: str) -> str:
    if not re.fullmatch("[A-Z]{2}", text):
        raise argparse.ArgumentTypeError(f"{text!r} non è una sigla di due lettere maiuscole (MS)")
    return text


def _esercizio(text: str) -> int:
    if not re.fullmatch("(?!0000)[0-9]{4}", text):  # the calendar has no year 0
        raise argparse.ArgumentTypeError(f"{text!r} non è un anno di quattro cifre (2020)")
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} non è una data (2020-12-31)") from None


def _days(text: str) -> int:
    if not re.fullmatch("[0-9]{1,4}", text) or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} non è un numero di giorni (90)")
    return int(text)


def _quota(text: str) -> tuple[int, int]:
    found = re.fullmatch("([0-9]{1,4})/([0-9]{1,4})", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise argparse.ArgumentTypeError(f"{text!r} non è una fetta (7/30)")
    return int(found[1]), int(found[2])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pira", description="Dal piano approvato e dagli estratti degli uffici alla scorecard."
    )
    commands = parser.add_subparsers(required=True, metavar="comando")
    run = commands.add_parser("run", help="calcola e pubblica", description=_run.__doc__)
    run.add_argument("--camera", type=_camera, help="solo questa Camera (MS)")
    run.add_argument("--esercizio", type=_esercizio, help="solo questo anno (2020)")
    run.add_argument(
        "--data-riferimento",
        type=_day,
        help="il giorno di cui si parla (2020-12-31); se manca, oggi",
    )
    run.add_argument(
        "--orologio-giusto",
        action="store_true",
        help="l'orologio della macchina è giusto, anche se è indietro o molto avanti rispetto"
        " all'ultima notte",
    )
    run.set_defaults(command=_run)
    sample = commands.add_parser(
        "sample", help="scrive estratti sintetici", description=_sample.__doc__
    )
    sample.add_argument("--into", type=Path, help="zona di consegna da riempire (se manca, raw/)")
    sample.add_argument("--camera", type=_camera, nargs="+", default=["MS"])
    sample.add_argument("--esercizio", type=_esercizio, nargs="+", default=[2018, 2019, 2020])
    sample.add_argument("--pratiche", type=int, default=25_000, help="pratiche all'anno")
    sample.set_defaults(command=_sample)
    check = commands.add_parser(
        "check",
        help="dice prima di consegnarlo che cosa ne sarebbe di un file",
        description=_check.__doc__,
    )
    check.add_argument(
        "file", type=Path, metavar="FILE", help="un estratto, o il piano allegato.txt"
    )
    check.add_argument(
        "--estratto", metavar="UFFICIO/NOME", help="quale (segreteria/sedute); se manca, dal nome"
    )
    check.add_argument("--camera", type=_camera, help="se manca, quella della cartella (MS)")
    check.add_argument(
        "--esercizio", type=_esercizio, help="se manca, quello della cartella (2020)"
    )
    check.set_defaults(command=_check)
    explain = commands.add_parser(
        "explain", help="da una cifra alle righe dei file", description=_explain.__doc__
    )
    explain.add_argument("codice", metavar="CODICE", help="indicatore (INCIDENZA_CONSIP)")
    explain.add_argument("--camera", type=_camera, required=True)
    explain.add_argument("--esercizio", type=_esercizio, required=True)
    explain.add_argument("--righe", type=int, default=20, help="quante righe mostrare")
    explain.set_defaults(command=_explain)
    new_camera = commands.add_parser(
        "new-camera", help="prepara la consegna di una Camera", description=_new_camera.__doc__
    )
    new_camera.add_argument("camera", type=_camera, metavar="SIGLA", help="la Camera (LU)")
    new_camera.add_argument(
        "--esercizio", type=_esercizio, nargs="+", help="anni (2021); se manca, quello in corso"
    )
    new_camera.set_defaults(command=_new_camera)
    docs = commands.add_parser(
        "docs", help="riscrive le pagine generate", description=_docs.__doc__
    )
    docs.set_defaults(command=_docs)
    serve = commands.add_parser(
        "serve", help="apre la pagina di Dagster, in prova", description=_serve.__doc__
    )
    serve.add_argument("--port", type=int, default=3000)
    serve.set_defaults(command=_serve)
    publications = commands.add_parser(
        "publications", help="elenca le pubblicazioni tenute", description=_publications.__doc__
    )
    publications.set_defaults(command=_publications)
    rollback = commands.add_parser(
        "rollback", help="torna a una pubblicazione tenuta", description=_rollback.__doc__
    )
    rollback.add_argument("nome", metavar="NOME", help="come la elenca `pira publications`")
    rollback.set_defaults(command=_rollback)
    verify = commands.add_parser(
        "verify", help="rilegge ciò che è tenuto", description=_verify.__doc__
    )
    verify.add_argument(
        "--quota", type=_quota, default=(1, 1), metavar="N/M", help="solo la fetta N di M (7/30)"
    )
    verify.add_argument(
        "--accetta-storico",
        action="store_true",
        help="tiene dello storico ciò che si legge e accetta la perdita del resto",
    )
    verify.set_defaults(command=_verify)
    health = commands.add_parser(
        "health", help="dice se le notti vanno ancora", description=_health.__doc__
    )
    health.add_argument(
        "--prometheus", action="store_true", help="scrive le misure nel formato di Prometheus"
    )
    health.set_defaults(command=_health)
    home = commands.add_parser(
        "dagster-home", help="prepara la cartella di Dagster", description=_dagster_home.__doc__
    )
    home.set_defaults(command=_dagster_home)
    prune = commands.add_parser(
        "prune-runs", help="toglie le esecuzioni vecchie", description=_prune_runs.__doc__
    )
    prune.add_argument(
        "--older-than", type=_days, default=90, metavar="GIORNI", help="più vecchie di (90)"
    )
    prune.set_defaults(command=_prune_runs)
    store = commands.add_parser(
        "prune-store", help="toglie le consegne ritirate", description=_prune_store.__doc__
    )
    store.add_argument(
        "--older-than", type=_days, default=30, metavar="GIORNI", help="ritirate da più di (30)"
    )
    store.set_defaults(command=_prune_store)
    return parser


def _run(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Calcola le partizioni scelte (tutte, se non si sceglie) e pubblica magazzino e scorecard."""
    from pipelines.landing import list_partitions
    from pipelines.presenza import list_known
    from pipelines.settings import Luoghi

    luoghi = Luoghi.from_environment()
    asked = options.camera, options.esercizio
    there = list_known(luoghi)
    if not any(asked[0] in (None, p.camera) and asked[1] in (None, p.esercizio) for p in there):
        if any(asked):
            known = ", ".join(p.chiave for p in list_partitions(luoghi.raw)) or "niente"
            parser.error(f"la zona di consegna non ha la partizione chiesta; ha {known}")
        from pipelines.night import nothing_there

        print(nothing_there(luoghi), file=sys.stderr)
        return NOTHING_PUBLISHED
    from pipelines.night import run_night

    _ready_dagster(parser)
    done = run_night(luoghi, *asked, options.data_riferimento, options.orologio_giusto)
    return PUBLISHED if done else NOTHING_PUBLISHED


def _ready_dagster(parser: argparse.ArgumentParser) -> Path:
    """Dagster's home, made ready; a variable that makes no sense is wrong usage."""
    from pipelines.dagster_home import AmbienteErrato, dagster_home
    from pipelines.settings import Luoghi

    try:
        return dagster_home(Luoghi.from_environment())
    except AmbienteErrato as wrong:
        parser.error(str(wrong))


def _sample(options: argparse.Namespace, _: argparse.ArgumentParser) -> int:
    """Scrive estratti sintetici di una o più Camere, sempre gli stessi a parità di opzioni."""
    from pipelines.campione import generate
    from pipelines.settings import Luoghi

    raw = options.into or Luoghi.from_environment().raw
    for camera in options.camera:
        written = generate(
            raw, camera=camera, esercizi=options.esercizio, pratiche=options.pratiche
        )
        print(f"{camera}: {len(written)} file in {raw / camera}")
    return PUBLISHED


def _check(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Dice che cosa ne sarebbe di un file se fosse consegnato; stato 0 se sarebbe preso tutto.

    Non scrive niente e non guarda né la zona di consegna né ciò che è pubblicato.
    """
    from pipelines.check import NonEsaminabile, check
    from pipelines.rules import RegoleErrate
    from pipelines.settings import now

    try:
        well = check(options.file, options.estratto, options.camera, options.esercizio, now())
    except (NonEsaminabile, RegoleErrate) as wrong:
        parser.error(str(wrong))
    return WELL if well else ILL


def _explain(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Mostra un valore e le righe dei file che lo fanno, con quanto ciascuna aggiunge."""
    from pipelines.explain import SenzaValore, explain
    from pipelines.settings import Luoghi

    luoghi = Luoghi.from_environment()
    try:
        explain(luoghi, options.camera, options.esercizio, options.codice, options.righe)
    except SenzaValore as nothing:
        parser.error(str(nothing))
    return PUBLISHED


def _new_camera(options: argparse.Namespace, _: argparse.ArgumentParser) -> int:
    """Prepara cartelle vuote, modelli da compilare e l'elenco di chi deve che cosa."""
    from pipelines.nuova_camera import LEGGIMI, NonAllestibile, lay_out
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
    print(f"Camera {camera} in {raw / camera}")
    print(f"Cartelle nuove: {len(found.cartelle)}")
    print(f"Modelli ed elenco: {len(found.scritti)} scritti, {len(found.rimasti)} già a posto")
    if found.superato:
        print(
            f"{found.superato} è stato scritto a mano e resta com'è, ma il contratto è cambiato:"
            " per avere l'elenco nuovo rinominarlo e ripetere."
        )
    anni = ", ".join(f"{camera}/{esercizio:04d}" for esercizio in sorted(set(esercizi)))
    print(
        f"Adesso: {camera}/modelli/{LEGGIMI} dice chi deve che cosa. Compilare una copia di ogni modello"
        f" e metterla in {anni}, nella cartella del suo ufficio: la notte dopo è pubblicata."
    )
    return PUBLISHED


def _docs(_: argparse.Namespace, __: argparse.ArgumentParser) -> int:
    """Riscrive le pagine generate dalle dichiarazioni: contratto e catalogo degli indicatori."""
    from pipelines.docs import write_pages

    for path in write_pages():
        print(path)
    return PUBLISHED


def _serve(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:
    """Avvia pagina e demone di Dagster su questa macchina soltanto, finché non si interrompe."""
    from pipelines.settings import ROOT

    _ready_dagster(parser)
    dagster = Path(sys.executable).with_name("dagster")
    arguments = ["dev", "--host", "127.0.0.1", "--port", str(options.port)]
    os.chdir(ROOT)
    os.execv(dagster, [str(dagster), *arguments])


def _publications(_: argparse.Namespace, __: argparse.ArgumentParser) -> int:
    """Elenca le pubblicazioni tenute, dalla più vecchia: quando, esecuzione, revisione, corrente."""
    from pipelines.publications import describe_publications
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
    from pipelines.publications import PubblicazioneIgnota, rollback
    from pipelines.settings import Luoghi
    from pipelines.warehouse.publish import NonPubblicabile

    luoghi = Luoghi.from_environment()
    try:
        rollback(luoghi, options.nome, lambda text: print(text, file=sys.stderr, flush=True))
    except PubblicazioneIgnota as unknown:
        parser.error(str(unknown))
    except NonPubblicabile as refusal:
        print(refusal, file=sys.stderr)
        return NOTHING_PUBLISHED
    print(f"La pubblicazione corrente è {options.nome}, fino alla prossima esecuzione.")
    return PUBLISHED


def _verify(options: argparse.Namespace, _: argparse.ArgumentParser) -> int:
    """Confronta pubblicazioni, deposito e storico con le loro impronte, e rimette ciò che può."""
    from pipelines.settings import Luoghi, now
    from pipelines.verifica import accept, verify
    from pipelines.warehouse.publish import NonPubblicabile

    luoghi = Luoghi.from_environment()

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    try:
        if options.accetta_storico:
            for line in accept(luoghi, now(), say):
                print(line)
        found = verify(luoghi, now(), options.quota, say)
    except NonPubblicabile as refusal:
        print(refusal, file=sys.stderr)
        return ILL
    for line in found.righe:
        print(line)
    print(found.riassunto)
    return ILL if found.guasti else WELL


def _health(options: argparse.Namespace, _: argparse.ArgumentParser) -> int:
    """Guarda da fuori l'ultima pubblicazione, il demone e il disco; stato 0 se va tutto bene."""
    from pipelines.health import look
    from pipelines.metrics import exposition
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

    from pipelines.retention import prune_runs

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
    from pipelines.publications import megabytes
    from pipelines.settings import Luoghi, now
    from pipelines.sgombero import prune_store
    from pipelines.warehouse.publish import NonPubblicabile

    older = timedelta(days=options.older_than)
    try:
        done = prune_store(
            Luoghi.from_environment(),
            older,
            now(),
            lambda text: print(text, file=sys.stderr, flush=True),
        )
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

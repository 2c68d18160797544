"""The door to Dagster's page: it listens on loopback and answers only to its own name and its own pages.

Belongs here: which requests come in, the page behind them, page and daemon side by side. Does not belong
here: what the page shows, how Dagster is told to behave (home.py).

The page has no login, and a browser asks for it whatever page its user is looking at. A foreign page
reaches it in two ways: by a name of its own that resolves to this machine (the request then has a foreign
`Host`), and by sending the browser to our address (a foreign `Origin`; or none, in requests that any page
may cause without asking: these may change nothing).
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pipelines.settings import RESOURCES, ROOT, Luoghi

QUI = "127.0.0.1"
WORKSPACE = RESOURCES / "deploy" / "workspace.yaml"

_INTERROGAZIONI = "/graphql"
_DICHIARATI = ("application/json", "application/graphql")
"""What a page can send to another's address only after asking it, and then with its `Origin`."""

_PAUSA, _PAZIENZA = 0.5, 30
"""Seconds between two looks at the processes of a trial, and that they have to end."""


def guarded(page: ASGIApp, porta: int) -> ASGIApp:
    """The page, closed (403) to whatever does not come from itself, websockets too."""
    names = [f"{name}:{porta}" for name in (QUI, "localhost")]

    async def door(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or _is_ours(scope, Headers(scope=scope), names):
            await page(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: 403
        else:
            said = f"Questa porta risponde solo a http://{names[0]} e alle sue pagine."
            await PlainTextResponse(said, 403)(scope, receive, send)

    return door


def _is_ours(scope: Scope, headers: Headers, names: list[str]) -> bool:
    """Whether a request was sent by a page of ours, by no page at all, or is a link to a page of ours."""
    hosts, origins = headers.getlist("host"), headers.getlist("origin")
    if len(hosts) != 1 or hosts[0] not in names or len(origins) > 1:
        return False
    if origins:
        return origins[0] == f"http://{hosts[0]}"
    return not (_is_foreign(headers) or _could_change(scope, headers))


def _is_foreign(headers: Mapping[str, str]) -> bool:
    """Whether the browser says that another's page caused it, other than by a link that was followed."""
    followed = headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")
    near = headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    return not near and followed != ("navigate", "document")


def _could_change(scope: Scope, headers: Mapping[str, str]) -> bool:
    """Whether it could change something though any page may send it, in browsers that say nothing of it."""
    if scope["type"] == "websocket":
        return False
    if scope["method"] in ("GET", "HEAD"):
        # Dagster runs whatever stands in the address, unless a page is asked for
        asks_page = "text/html" in headers.get("accept", "")
        return str(scope["path"]).rstrip("/") == _INTERROGAZIONI and not asks_page
    return headers.get("content-type", "").partition(";")[0].strip().lower() not in _DICHIARATI


def serve_page(porta: int, sola_lettura: bool) -> None:
    """Dagster's page on loopback, until it is told to end. Dagster's home must be ready."""
    import uvicorn
    from dagster import DagsterInstance
    from dagster._core.workspace.context import WorkspaceProcessContext
    from dagster._core.workspace.load_target import WorkspaceFileTarget
    from dagster_webserver import cli
    from dagster_webserver.app import create_app_from_workspace_process_context
    from dagster_webserver.version import __version__

    from pipelines.orchestration.nights import register_partitions

    with DagsterInstance.get() as instance:
        if not sola_lettura:  # to be chosen on the page before anything has run
            register_partitions(instance, Luoghi.from_environment())
        instance.optimize_for_webserver(
            cli.DEFAULT_DB_STATEMENT_TIMEOUT,
            cli.DEFAULT_POOL_RECYCLE,
            cli.DEFAULT_POOL_MAX_OVERFLOW,
        )
        with WorkspaceProcessContext(
            instance,
            workspace_load_target=WorkspaceFileTarget([str(WORKSPACE)]),
            version=__version__,
            read_only=sola_lettura,
        ) as context:
            page = create_app_from_workspace_process_context(context)
            print(f"http://{QUI}:{porta}", file=sys.stderr, flush=True)
            uvicorn.run(guarded(page, porta), host=QUI, port=porta, log_level="warning")


def serve_both(porta: int) -> bool:
    """Page and daemon, each a process; when one ends, or this one is told to, both do.

    Returns whether they ended because they were told to.
    """
    here = Path(sys.executable)
    page = [str(here), "-m", "pipelines.cli", "serve", "--senza-demone", "--port", str(porta)]
    daemon = [str(here.with_name("dagster-daemon")), "run", "--workspace", str(WORKSPACE)]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # to be ended as by Control-C
    places = {**os.environ, **Luoghi.from_environment().to_environment()}
    children = []
    try:
        for command in (page, daemon):
            children.append(subprocess.Popen(command, cwd=ROOT, env=places))
        while all(child.poll() is None for child in children):
            time.sleep(_PAUSA)
    except KeyboardInterrupt:
        return True
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(_PAZIENZA)
            except subprocess.TimeoutExpired:
                child.kill()
    return False

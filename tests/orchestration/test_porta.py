"""The door: whatever a foreign page may cause is refused before Dagster sees it, and our own page works.

Belongs here: requests as browsers and programs send them, to the real page of `pira serve`. Does not
belong here: what the page shows (pagina/), page and daemon together (test_serve.py).
"""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from pipelines.settings import ROOT
from tests.orchestration.test_serve import answers, wait
from tests.postgres import free_port

ACCENDE = (
    'mutation { startSchedule(scheduleSelector: {repositoryLocationName: "pira",'
    ' repositoryName: "__repository__", scheduleName: "ogni_notte"}) { __typename } }'
)
SPEGNE = ACCENDE.replace("startSchedule(scheduleSelector: {", "resetSchedule(scheduleSelector: {")
CHIEDE = (
    '{ schedulesOrError(repositorySelector: {repositoryLocationName: "pira", repositoryName:'
    ' "__repository__"}) { ... on Schedules { results { name scheduleState { status } } } } }'
)


PARTIZIONI = ["AA-2019", "AA-2020"]
ELENCA = '{ assetNodes(assetKeys: [{path: ["piano", "allegato"]}]) { partitionKeys } }'


@contextmanager
def pagina(base: Path, *words: str) -> Iterator[int]:
    """The page alone, as the units start it, over an empty home; yields its port."""
    port, log = free_port(), base / "diario"
    command = [sys.executable, "-m", "pipelines.cli", "serve", "--port", str(port), *words]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PIRA_RAW": str(base / "raw"),
        "DAGSTER_HOME": str(base / "dagster"),
    }
    with (
        log.open("wb") as stream,
        subprocess.Popen(command, env=environment, stdout=stream, stderr=stream) as page,
    ):
        try:
            wait(lambda: answers(port), page, log)
            yield port
        finally:
            page.terminate()
    assert "Traceback" not in log.read_text()


@pytest.fixture(scope="module")
def porta(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    base = tmp_path_factory.mktemp("porta")
    for key in PARTIZIONI:
        (base / "raw" / key.replace("-", "/")).mkdir(parents=True)
    with pagina(base, "--senza-demone") as port:
        yield port


def ask(
    porta: int, method: str, path: str, headers: Mapping[str, str | list[str]], body: str = ""
) -> tuple[int, str]:
    """Status and text of an answer; the headers are these and no other, `%` is the port."""
    connection = http.client.HTTPConnection("127.0.0.1", porta, timeout=60)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, values in {"Host": "127.0.0.1:%", **headers}.items():
        for value in [values] if isinstance(values, str) else values:
            connection.putheader(name, value.replace("%", str(porta)))
    connection.putheader("Content-Length", str(len(body.encode())))
    connection.endheaders(body.encode())
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def state(porta: int) -> str:
    """Whether the schedule of the night is on."""
    body = json.dumps({"query": CHIEDE})
    status, text = ask(porta, "POST", "/graphql", {"Content-Type": "application/json"}, body)
    assert status == 200, text
    found = json.loads(text)["data"]["schedulesOrError"]["results"]
    [schedule] = [one for one in found if one["name"] == "ogni_notte"]
    said: str = schedule["scheduleState"]["status"]
    return said


def test_partitions_are_there_before_anything_has_run(porta: int) -> None:
    body = json.dumps({"query": ELENCA})
    status, text = ask(porta, "POST", "/graphql", {"Content-Type": "application/json"}, body)
    assert status == 200, text
    assert json.loads(text)["data"]["assetNodes"] == [{"partitionKeys": PARTIZIONI}]


OWN = {"Origin": "http://127.0.0.1:%"}
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
IMMAGINE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}
CORNICE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
LINK = {**CORNICE, "Sec-Fetch-Dest": "document"}
MUTA = f"/graphql?query={quote(ACCENDE)}"
CORPO = json.dumps({"query": ACCENDE})


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        pytest.param("POST", "/graphql", {**JSON, "Host": "evil.example:%"}, id="rebound"),
        pytest.param(
            "POST",
            "/graphql",
            {**JSON, "Host": "evil.example:%", "Origin": "http://evil.example:%"},
            id="rebound, its own origin",
        ),
        pytest.param("POST", "/graphql", {**JSON, "Host": "127.0.0.1"}, id="another port's name"),
        pytest.param("POST", "/graphql", {**JSON, "Host": []}, id="no name"),
        pytest.param(
            "POST", "/graphql", {**JSON, "Host": ["127.0.0.1:%", "evil.example"]}, id="two names"
        ),
        pytest.param("GET", "/", {"Host": "evil.example:%"}, id="rebound page"),
        pytest.param(
            "POST", "/graphql", {**JSON, "Origin": "https://evil.example"}, id="foreign origin"
        ),
        pytest.param("POST", "/graphql", {**JSON, "Origin": "null"}, id="sandboxed frame"),
        pytest.param("POST", "/graphql", {**JSON, "Origin": "http://127.0.0.1:1"}, id="other port"),
        pytest.param("POST", "/graphql", {**JSON, "Origin": "https://127.0.0.1:%"}, id="https"),
        pytest.param(
            "POST", "/graphql", {**JSON, "Origin": ["http://127.0.0.1:%", "null"]}, id="two origins"
        ),
        pytest.param("POST", MUTA, {**FORM, "Origin": "http://evil.example"}, id="foreign form"),
        pytest.param("POST", MUTA, FORM, id="form without origin"),
        pytest.param("POST", MUTA, {}, id="nothing said"),
        pytest.param(
            "POST", "/graphql", {"Content-Type": "text/plain; application/json"}, id="disguised"
        ),
        pytest.param("POST", "/report_asset_materialization/x", FORM, id="reported by a form"),
        pytest.param("GET", MUTA, {}, id="image, old browser"),
        pytest.param("GET", MUTA.replace("?", "/?"), {}, id="image, other spelling"),
        pytest.param("GET", "/server_info", IMMAGINE, id="image"),
        pytest.param("GET", "/runs", CORNICE, id="framed"),
        pytest.param(
            "OPTIONS",
            "/graphql",
            {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"},
            id="asking first",
        ),
    ],
)
def test_what_a_foreign_page_causes_is_refused(
    porta: int, method: str, path: str, headers: Mapping[str, str]
) -> None:
    before = state(porta)
    status, said = ask(porta, method, path, headers, CORPO if method == "POST" else "")
    assert status == 403
    assert said == f"Questa porta risponde solo a http://127.0.0.1:{porta} e alle sue pagine."
    assert state(porta) == before == "STOPPED"


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_our_own_page_and_programs_come_in(porta: int, name: str) -> None:
    host = {"Host": f"{name}:%"}
    assert ask(porta, "GET", "/", host)[0] == 200
    assert ask(porta, "GET", "/runs", {**host, **LINK})[0] == 200  # a link in the morning's mail
    body = json.dumps({"query": "{ version }"})
    for more in ({}, {"Origin": f"http://{name}:%", "Sec-Fetch-Site": "same-origin"}):
        status, text = ask(porta, "POST", "/graphql", {**host, **JSON, **more}, body)
        assert status == 200 and json.loads(text)["data"]["version"]
    assert "graphiql" in ask(porta, "GET", "/graphql", {**host, "Accept": "text/html"})[1]


def test_what_is_asked_from_our_own_page_is_done(porta: int) -> None:
    for mutation, after in ((ACCENDE, "RUNNING"), (SPEGNE, "STOPPED")):
        body = json.dumps({"query": mutation})
        status, text = ask(porta, "POST", "/graphql", {**JSON, **OWN}, body)
        assert status == 200 and "ScheduleStateResult" in text
        assert state(porta) == after


def socket(
    porta: int, origin: str | None, headers: Mapping[str, str] | None = None
) -> ClientConnection:
    """A websocket as the page opens it."""
    return connect(
        f"ws://127.0.0.1:{porta}/graphql",
        origin=Origin(origin.replace("%", str(porta))) if origin else None,
        additional_headers=headers or {},
        subprotocols=[Subprotocol("graphql-ws")],
        proxy=None,
    )


@pytest.mark.parametrize("origin", [None, "http://127.0.0.1:%"])
def test_the_page_hears_of_news(porta: int, origin: str | None) -> None:
    with socket(porta, origin=origin) as subscription:
        subscription.send(json.dumps({"type": "connection_init"}))
        assert json.loads(subscription.recv(timeout=60))["type"] == "connection_ack"


@pytest.mark.parametrize(
    ("origin", "headers"),
    [
        ("https://evil.example", {}),
        ("null", {}),
        (None, {"Host": "evil.example"}),
        (None, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "websocket"}),
    ],
)
def test_a_foreign_page_hears_nothing(
    porta: int, origin: str | None, headers: dict[str, str]
) -> None:
    with pytest.raises(InvalidStatus) as refused, socket(porta, origin, headers):
        pass
    assert refused.value.response.status_code == 403


def test_readers_change_nothing(tmp_path: Path) -> None:
    """The page that stands behind a proxy has the same door."""
    with pagina(tmp_path, "--sola-lettura") as port:
        status, text = ask(port, "POST", "/graphql", {**JSON, **OWN}, CORPO)
        assert "UnauthorizedError" in text, status
        assert ask(port, "GET", "/", {"Host": "evil.example"})[0] == 403
        assert state(port) == "STOPPED"

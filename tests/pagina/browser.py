"""A headless Chromium that sees one machine only, and tells what went wrong on the pages it saw.

Belongs here: finding the browser, keeping it on loopback, what a page complains of. Does not belong
here: which pages there are.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import (
    APIResponse,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Route,
    WebSocketRoute,
    expect,
    sync_playwright,
)

NOMI = ("chromium", "chromium-browser", "google-chrome")

OPZIONI = [
    # in a container there is no user other than root, and its sandbox would refuse to start
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # the browser's own requests pass by no page: no name has an address for them
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

LARGHEZZA, ALTEZZA = 1440, 900

ATTESA = 60_000
"""Milliseconds to wait for what should be on a page: reached only when it is not there."""


def trova() -> str | None:
    """The browser of this machine, if it has one."""
    return next(filter(None, map(shutil.which, NOMI)), None)


@dataclass
class Occhio:
    """A browser in front of an instance's page; `fuori` and `guai` should stay empty."""

    indirizzo: str
    contesto: BrowserContext
    fuori: list[str] = field(default_factory=list)
    """Requests to other machines, all refused."""
    guai: list[str] = field(default_factory=list)
    """Errors of the page, of the answers it had, of its script."""

    def apri(self, path: str) -> Page:
        """A page of the instance; errors on it are told to `guai`."""
        page = self.contesto.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.guai.append(f"script: {error}"))
        page.goto(self.indirizzo + path)
        return page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.guai.append(f"console: {message.text}")

    def _route(self, route: Route) -> None:
        url = route.request.url
        if urlsplit(url).hostname not in (None, "127.0.0.1"):
            self.fuori.append(url)
            route.abort()
        elif urlsplit(url).path == "/graphql":
            self._ask(route)
        else:
            route.continue_()

    def _ask(self, route: Route) -> None:
        """Lets a question to Dagster pass, and looks at the answer: the page may hide its errors."""
        try:
            answer = route.fetch()
            self._judge(answer)
            route.fulfill(response=answer)
        except Error:
            # the page was closed while it asked
            return

    def _judge(self, answer: APIResponse) -> None:
        if not answer.ok:
            self.guai.append(f"graphql: {answer.status} {answer.text()[:500]}")
        elif errors := answer.json().get("errors"):
            self.guai.append(f"graphql: {errors}")
        elif '"PythonError"' in answer.text():
            self.guai.append(f"graphql: {answer.text()[:2000]}")

    def _socket(self, socket: WebSocketRoute) -> None:
        if urlsplit(socket.url).hostname != "127.0.0.1":
            self.fuori.append(socket.url)
            socket.close()
        else:
            socket.connect_to_server()


@contextmanager
def guarda(indirizzo: str) -> Iterator[Occhio]:
    """A browser in front of a page, as an operator in Italy has it."""
    expect.set_options(timeout=ATTESA)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=trova(), args=OPZIONI)
        context = browser.new_context(
            viewport={"width": LARGHEZZA, "height": ALTEZZA},
            locale="it-IT",
            timezone_id="Europe/Rome",
        )
        context.set_default_timeout(ATTESA)
        occhio = Occhio(indirizzo, context)
        context.route("**/*", occhio._route)
        context.route_web_socket("**/*", occhio._socket)
        yield occhio
        browser.close()


# --- reading a page ---------------------------------------------------------------------------------


def righe(tabella: Locator) -> list[list[str]]:
    """The cells of a table as they are read, its head first, once it is there."""
    expect(tabella).to_be_visible()
    found: list[list[str]] = tabella.locator("tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.trim()))"
    )
    return found


def tabella_con(page: Page, *intestazioni: str) -> Locator:
    """The innermost table that has these words in its head."""
    found = page.locator("table")
    for testo in intestazioni:
        found = found.filter(has=page.locator(f'thead :text-is("{testo}")'))
    return found.last


def fuori_vista(page: Page) -> list[str]:
    """Cells of tables of which a part is cut away at the right, by the window or by their frame."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("th, td")].filter(cell => {
            const right = cell.getBoundingClientRect().right;
            if (right > window.innerWidth + 1) return true;
            for (let box = cell.parentElement; box; box = box.parentElement)
                if (getComputedStyle(box).overflowX !== "visible"
                    && right > box.getBoundingClientRect().right + 1) return true;
            return false;
        }).map(cell => cell.innerText)"""
    )
    return found

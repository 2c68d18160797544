"""The templates of documents, every value escaped.

Belongs here: the one environment of the templates that lie beside this module. Does not belong here: what
they print (quadro.py, indice.py).

Every text that comes from outside is escaped by the engine, and the policy of a page lets a browser load
nothing and run nothing but the script that stands in it, were a text to slip through.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from pipelines.scorecard.grafici import as_image

_QUI = Path(__file__).parent


@cache
def template(nome: str) -> Template:
    """A template by the name of its file."""
    environment = Environment(
        loader=FileSystemLoader(_QUI),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_keep_amounts_whole,
    )
    environment.filters["impronta"] = _fingerprint
    environment.filters["immagine"] = as_image
    environment.globals["testo_di"] = _text_of
    return environment.get_template(nome)


def _keep_amounts_whole(value: object) -> object:
    """What is printed, with no line that ends between a currency and its figure."""
    return value.replace("€ ", "€\N{NO-BREAK SPACE}") if isinstance(value, str) else value


def _fingerprint(testo: str) -> str:
    """The fingerprint by which the policy of a page admits its own style or script and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(testo.encode()).digest()).decode()


def _text_of(nome: str) -> Markup:
    """A file of ours as it is: a style, a script."""
    return Markup((_QUI / nome).read_text("utf-8"))

"""A page as HTML: what anybody wrote is a value, a script is nowhere in it, and its one style is named by its hash."""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Final

from jinja2 import DictLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from bot.pages.words import WORDS
from committee.confirmations import What
from mailflows.entries import said_of
from mailflows.entry_page import ASKED, View, field, seen
from mailflows.wording import office_in

STYLE: Final = (
    "body{font:1rem/1.5 sans-serif;margin:0;color:#111;background:#fff}main{max-width:40rem;margin:0 auto;padding:1rem}"
    "label{display:block}input[type=checkbox]+label{display:inline}input:not([type=checkbox]),textarea{width:100%;"
    "box-sizing:border-box;font:inherit;padding:.4rem;border:1px solid #555}fieldset{margin:1rem 0;min-width:0}"
    "legend{overflow-wrap:anywhere}button{font:inherit;padding:.6rem 1rem;margin:.3rem 0;min-height:44px}"
)
POLICY: Final = (
    "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
)
_LABELS: Final = {What.NAME: "name", What.TITLE: "post", What.TELEPHONE: "telephone", What.ADDRESS: "address"}
_WRITTEN: Final = frozenset({"en", "fr"})
"""Languages in which the offices have names."""


def drawn(view: View, *, practice: bool) -> str:
    words = WORDS[view.language]
    language = view.language if view.language in _WRITTEN else "en"
    fields = [
        [(field(place, what), words[_LABELS[what]], said_of(one)[what]) for what in ASKED]
        for place, one in enumerate(view.entry)
    ]
    return _template().render(
        view=view, words=words, fields=fields, offices=[office_in(language, one.office) for one in view.entry],
        seen=seen(view.entry), style=Markup(STYLE), practice=practice,  # noqa: S704 - it is ours, above
    )  # fmt: skip


@cache
def _template() -> Template:
    text = (files("templates") / "pages" / "entry.html").read_text("utf-8")
    loader = DictLoader({"entry": text})
    environment = ImmutableSandboxedEnvironment(
        loader=loader, undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("entry")

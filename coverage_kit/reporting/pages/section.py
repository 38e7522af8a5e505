"""One part of a report: HTML for a screen, and the main facts as plain text."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from coverage_kit.i18n import Texts

PAGES = Path(__file__).parent / "html"
#: What stands between a number and its extension: digits joined across it would call somebody else.
_EXTENSION = re.compile(r"내선|ext|[x#,;]", re.IGNORECASE)


class Section:
    """A part of a report.

    Parameters
    ----------
    html : str
        Already escaped.
    text : str
        The main facts in a line or two.
    """

    def __init__(self, html: str, text: str) -> None:
        self.html = html
        self.text = text

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}

    def __str__(self) -> str:
        return self.text


def draw_section(t: Texts, macro: str, text: str, *args: object) -> Section:
    """A section drawn by one of the macros in ``sections.html.j2``, with its main facts as plain text."""
    module = environment().get_template("sections.html.j2").make_module({"_": t, "t": t})
    return Section(str(getattr(module, macro)(*args)).strip(), text)


@cache
def environment() -> Environment:
    """The Jinja environment of all pages: everything is escaped, a missing value is an error."""
    made = Environment(
        loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    # Only marks strings for extraction; ``render`` binds the language.
    made.globals["_"] = lambda message, **_: message
    made.filters["dialled"] = _dialled
    return made


def _dialled(phone: str) -> str:
    """The digits of a number as somebody typed it, up to an extension, for a link that calls it."""
    return re.sub(r"[^0-9+]", "", _EXTENSION.split(phone, maxsplit=1)[0])


def render(name: str, t: Texts, **values: Any) -> str:
    """One page or section in one language.

    Parameters
    ----------
    name : str
        File in the pages folder.
    t : Texts
    **values
        What the template shows.
    """
    return environment().get_template(name).render(_=t, t=t, **values)


def stylesheet() -> Markup:
    """The style of all pages."""
    return Markup((PAGES / "page.css").read_text(encoding="utf-8"))

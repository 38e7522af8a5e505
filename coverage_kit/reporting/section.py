"""One section of a report page: HTML for the page, a line of text for those who read the notebook as text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from coverage_kit.i18n import Texts, texts

LOOK = Path(__file__).parent / "look"


@dataclass(frozen=True)
class Section:
    """What a cell of a report template shows.

    Parameters
    ----------
    text : str
        The facts in plain text; a section without ``html`` is not shown on the page.
    html : str
        The section as HTML; everything that came from people is escaped in it.
    """

    text: str
    html: str = ""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": self.text} | ({"text/html": self.html} if self.html else {})

    def __repr__(self) -> str:
        return self.text


@cache
def environment(lang: str) -> Environment:
    """The templates in one language; everything filled in is escaped unless it is markup of ours."""
    t = texts(lang)
    env = Environment(
        loader=FileSystemLoader(LOOK), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    env.globals |= {"t": _html_text(t), "lang": t.lang, "pct": t.percent}
    env.filters |= {"n": t.number, "signed": signed, "bdi": bdi}
    return env


def render(lang: str, template: str, **values: Any) -> str:
    """A template of the ``look`` folder, filled."""
    return environment(lang).get_template(template).render(**values)


def section(lang: str, template: str, text: str, **values: Any) -> Section:
    """A section from its template and its line of plain text."""
    return Section(text, render(lang, template, **values))


def bdi(value: object) -> Markup:
    """A name as it came from people: escaped, and kept from turning the text around it."""
    return Markup("<bdi>{}</bdi>").format(value)


def signed(value: float) -> str:
    """A change with its sign: ``+3``, ``−2``, ``±0``."""
    return f"+{value:,.0f}" if value > 0 else f"−{-value:,.0f}" if value < 0 else "±0"


def _html_text(t: Texts) -> Any:
    def say(message: str, **values: object) -> Markup:
        return Markup(escape(t(message))).format(**values)

    return say

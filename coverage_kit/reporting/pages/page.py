"""Self-contained pages: one HTML file with its style, charts and fonts inside, without code or script.

The HTML of a notebook's cells is sanitised here once more, since names can hold any text.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import nh3
from markupsafe import Markup

from coverage_kit.assets.letters import FAMILY, WEIGHTS, subset
from coverage_kit.domain.week import Week
from coverage_kit.i18n import N_, texts
from coverage_kit.reporting.pages.section import render, stylesheet

if TYPE_CHECKING:
    from nbformat import NotebookNode

_TAGS = set("section div span p h1 h2 b i br ul ol li table thead tbody tr th td img a bdi code footer".split())
_ATTRIBUTES = {
    "*": {"class", "title", "style"},
    "img": {"src", "alt"},
    "a": {"href"},
    "td": {"colspan"},
    "div": {"tabindex"},
}


def page_from_notebook(nb: NotebookNode, *, lang: str, title: str) -> str:
    """The page of an executed notebook: the HTML its cells showed, in order.

    Parameters
    ----------
    nb : NotebookNode
        Executed.
    lang : str
    title : str

    Returns
    -------
    str
        A whole HTML document.
    """
    shown = [
        "".join(output["data"]["text/html"])
        for cell in nb.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type in ("display_data", "execute_result") and "text/html" in output.get("data", {})
    ]
    return page_of_parts(shown, lang=lang, title=title)


@dataclass(frozen=True)
class IndexEntry:
    """A line of the week's index; ``html`` is empty and ``reason`` given if the report could not be made."""

    name: str
    html: str
    ipynb: str
    known: str
    before: str
    reason: str


def index_page(week: Week, entries: Iterable[IndexEntry], *, lang: str) -> str:
    """The page with links to all reports of a week, the team's first."""
    t = texts(lang)
    title = t(N_("Weekly reports"))
    body = render(
        "index.html.j2", t, title=title, period=t.week(week.year, week.number, week.monday), entries=list(entries)
    )
    return page_of_parts([body], lang=lang, title=title, links=True)


def sanitise(html: str, *, links: bool = False) -> str:
    """HTML without anything active: no script, no event handler, no outside address.

    Parameters
    ----------
    html : str
    links : bool
        Keep links to files in the same folder.
    """
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"data", "tel"},
        url_relative="pass_through" if links else "deny",
        attribute_filter=_only_pictures,
        filter_style_properties={"width", "margin-top"},
        link_rel=None,
    )


def _only_pictures(tag: str, attribute: str, value: str) -> str | None:
    if (tag, attribute) == ("img", "src"):
        return value if value.startswith(("data:image/svg+xml;base64,", "data:image/png;base64,")) else None
    if (tag, attribute) == ("a", "href"):
        return None if value.startswith("data:") else value
    return value


def page_of_parts(parts: list[str], *, lang: str, title: str, links: bool = False) -> str:
    """One HTML file with everything inside, from parts that are sanitised here."""
    clean = [sanitise(part, links=links) for part in parts]
    text = title + "".join(clean)
    return render(
        "page.html.j2",
        texts(lang),
        title=title,
        parts=[Markup(part) for part in clean],
        style=stylesheet(),
        fonts=Markup(_font_faces(text)),
    )


def _font_faces(text: str) -> str:
    """The characters that a page uses, as fonts inside it."""
    used = {*map(ord, text), *range(0x20, 0x7F)}
    return "\n".join(
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight};'
        f" src: url(data:font/ttf;base64,{base64.b64encode(subset(weight, used)).decode()}); }}"
        for weight in WEIGHTS
    )

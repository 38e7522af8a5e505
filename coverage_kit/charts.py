"""Charts of the measures: a frame in, Axes out; Korean right on a machine with no Korean font.

Figures are drawn without pyplot, so nothing of one chart is left for the next.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast
from unicodedata import east_asian_width

import matplotlib as mpl
import pandas as pd
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from coverage_kit.domain.vocabulary import CAUSE_LABELS, RUNG_LABELS, Cause, Rung
from coverage_kit.i18n import N_, texts
from coverage_kit.measures import CONDITIONS

INK, QUIET, LINE = "#1f2937", "#6b7280", "#e5e7eb"
#: Inches that a letter of the axes' size takes at most, on the average of a label.
_WIDE, _NARROW = 0.124, 0.072
BLUE, PALE, AMBER = "#2f5fa8", "#c9d7ec", "#c98a2b"
_STYLE: dict[str, Any] = {
    "font.family": ["NanumGothic", "DejaVu Sans"],
    "axes.unicode_minus": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "coverage-kit",
    "text.parse_math": False,
    "text.color": INK,
    "axes.labelcolor": QUIET,
    "axes.edgecolor": LINE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": QUIET,
    "ytick.color": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "font.size": 9,
}


@cache
def _register_fonts() -> None:
    for path in sorted((Path(__file__).parent / "assets" / "fonts").glob("*.ttf")):
        font_manager.fontManager.addfont(path)


def draw(plot: Callable[[Axes], Axes], *, width: float, height: float) -> str:
    """Draw one chart as a picture that a page can hold in itself.

    Parameters
    ----------
    plot : callable
        Draws on the Axes it is given.
    width, height : float
        Inches.

    Returns
    -------
    str
        A ``data:image/svg+xml`` address; the same chart gives the same bytes.
    """
    _register_fonts()
    with mpl.rc_context(cast(Any, _STYLE)):
        figure = Figure(figsize=(width, height), facecolor="none", edgecolor="none")
        canvas = cast(Any, FigureCanvasSVG(figure))
        _leave_room(plot(figure.add_subplot(facecolor="none")), width, height)
        buffer = io.BytesIO()
        # ``savefig`` would draw everything once more, only to measure it; the bytes are the same.
        canvas.print_svg(buffer, metadata={"Date": None})
    return "data:image/svg+xml;base64," + base64.b64encode(buffer.getvalue()).decode()


def _leave_room(ax: Axes, width: float, height: float) -> None:
    """Set the margins by the labels' letters; a layout engine would draw the chart once more to measure it."""
    texts_ = [label.get_text() for label in ax.yaxis.get_majorticklabels()]
    letters = max((sum(_WIDE if east_asian_width(sign) in "WF" else _NARROW for sign in text) for text in texts_), default=0)  # fmt: skip
    left = max(letters + 0.12, 0.42)
    bottom = 0.28 if ax.xaxis.get_visible() else 0.06
    ax.set_position((left / width, bottom / height, (width - left - 0.06) / width, (height - bottom - 0.08) / height))


def plot_ladder(counts: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """How many slots are on each rung or above, this week and the last?

    Parameters
    ----------
    counts : DataFrame
        Rows ``now`` and ``before`` (the latter may be missing), columns ``required named … favorable``.
    ax : Axes, optional
    lang : str
    """
    ax = _axes(ax)
    t = texts(lang)
    now: dict[Any, int] = counts[["required", *CONDITIONS]].astype(int).to_dict("index")["now"]
    heights = range(len(CONDITIONS))
    if "before" in counts.index:
        ax.barh(
            [h + 0.3 for h in heights],
            [int(cast(Any, counts.loc["before", c])) for c in CONDITIONS],
            height=0.16,
            color=PALE,
            label=t(N_("last week")),
        )
    bars = ax.barh(list(heights), [now[c] for c in CONDITIONS], height=0.42, color=BLUE, label=t(N_("this week")))
    labels = [f" {t.rate(now[c], now['required'])}" for c in CONDITIONS]
    ax.bar_label(bars, labels=labels, color=INK, fontsize=9, padding=2)
    ax.set_yticks(list(heights), [t(RUNG_LABELS[Rung(h + 1)]) for h in heights])
    ax.invert_yaxis()
    top = max(float(counts[list(CONDITIONS)].to_numpy(dtype=float).max()), 1.0)
    ax.set_xlim(0, top * 1.45)
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    if "before" in counts.index:
        # Two words and two marks: a legend would cost as much as the bars.
        marks = ((BLUE, t(N_("this week"))), (PALE, t(N_("last week"))))
        for line, (colour, words) in enumerate(reversed(marks)):
            y = 0.05 + 0.075 * line
            ax.text(0.87, y, words, transform=ax.transAxes, va="center", fontsize=8, color=QUIET)
            ax.plot([0.845], [y], marker="s", markersize=6, color=colour, transform=ax.transAxes, clip_on=False)
    return ax


def plot_waterfall(flow: pd.DataFrame, start: int, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """What made the number of known slots rise and fall this week?

    Parameters
    ----------
    flow : DataFrame
        What ``measures.waterfall`` gave: ``cause gained lost net``.
    start : int
        Slots at the start.
    ax : Axes, optional
    lang : str
    """
    ax = _axes(ax)
    t = texts(lang)
    steps = [
        (t(CAUSE_LABELS[Cause(row["cause"])]), sign * row[kind])
        for row in flow.to_dict("records")
        for kind, sign in (("gained", 1), ("lost", -1))
        if row[kind]
    ]
    level, low = start, start
    rows: list[tuple[str, int, int, str, str]] = [(t(N_("Last week")), 0, start, QUIET, f"{start:,}")]
    for label, step in steps:
        rows.append(
            (label, min(level, level + step), abs(step), BLUE if step > 0 else AMBER, f"{step:+,}".replace("-", "−"))
        )
        level += step
        low = min(low, level)
    rows.append((t(N_("This week")), 0, level, INK, f"{level:,}"))
    y = range(len(rows))
    floor = max(low - max(2 * sum(abs(s) for _, s in steps), 4), 0)
    ax.barh(
        list(y),
        [max(w - max(floor - left, 0), 0) for _, left, w, _, _ in rows],
        left=[max(left, floor) for _, left, *_ in rows],
        height=0.6,
        color=[c for *_, c, _ in rows],
    )
    for i, (_, left, width, _, label) in enumerate(rows):
        ax.text(left + width, i, f" {label}", va="center", fontsize=9)
    ax.set_yticks(list(y), [row[0] for row in rows])
    ax.invert_yaxis()
    top = max(left + width for _, left, width, _, _ in rows)
    ax.set_xlim(floor, top + max((top - floor) * 0.15, 1))
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    return ax


def plot_trend(weeks: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """How has coverage developed over the weeks?

    Parameters
    ----------
    weeks : DataFrame
        What ``measures.trend`` gave; weeks in which nothing was required are left out.
    ax : Axes, optional
    lang : str
    """
    ax = _axes(ax)
    t = texts(lang)
    shown = weeks.loc[weeks["required"] > 0]
    x = list(range(len(shown)))
    for column, colour, label in (("named", PALE, Rung.NAMED), ("known", BLUE, Rung.KNOWN)):
        share = (100 * shown[column] / shown["required"]).tolist()
        ax.plot(x, share, color=colour, linewidth=2.2, marker="o", markersize=3.5)
        if x:
            ax.annotate(
                f"{t(RUNG_LABELS[label])} {share[-1]:.0f}%",
                (x[-1], share[-1]),
                xytext=(6, 7 if column == "named" else -9),
                textcoords="offset points",
                va="center",
                color=INK,
                fontsize=8.5,
            )
    ax.set_ylim(0, max(10.0, float((100 * shown["named"] / shown["required"]).max() or 0) * 1.3) if x else 10)
    ax.set_xlim(-0.5, max(len(x) - 1, 1) * 1.22 + 0.5)
    step = max(len(x) // 6, 1)
    ticks = [i for i in x if (len(x) - 1 - i) % step == 0]
    ax.set_xticks(ticks, [shown["week"].iloc[i][5:] for i in ticks])
    ax.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:.0f}%")
    ax.tick_params(axis="y", colors=QUIET)
    ax.grid(axis="y", color=LINE, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.spines["left"].set_visible(False)
    return ax


def plot_contacts(accounts: pd.DataFrame, *, ax: Axes | None = None, lang: str = "en") -> Axes:
    """Of the contacts of each account, how many are confirmed, to check again, never checked, or gone?

    Parameters
    ----------
    accounts : DataFrame
        Some rows of what ``measures.audit`` gave, the first one at the top.
    ax : Axes, optional
    lang : str
    """
    ax = _axes(ax)
    t = texts(lang)
    changed = accounts[["left", "retired", "moved", "role_changed"]].sum(axis=1)
    parts = (
        (t(N_("confirmed")), BLUE, accounts["confirmed"]),
        (t(N_("to check again")), PALE, accounts["stale"]),
        (t(N_("never checked")), LINE, accounts["never_checked"]),
        (t(N_("gone or in another role")), AMBER, changed),
    )
    y = list(range(len(accounts)))
    left = pd.Series(0, index=accounts.index)
    for label, colour, n in parts:
        ax.barh(y, n.tolist(), left=left.tolist(), height=0.62, color=colour, label=label)
        left = left + n
    for i, n in zip(y, accounts["contacts"], strict=True):
        ax.text(int(n), i, f" {n:,}", va="center", fontsize=9)
    ax.set_yticks(y, accounts["account_name"].astype(str).tolist())
    ax.invert_yaxis()
    ax.set_xlim(0, max(int(accounts["contacts"].max() if len(accounts) else 0), 1) * 1.12)
    ax.xaxis.set_visible(False)
    ax.spines["bottom"].set_visible(False)
    ax.legend(loc="lower right", fontsize=8, frameon=False, labelcolor=QUIET)
    return ax


def _axes(ax: Axes | None) -> Axes:
    return Figure().add_subplot() if ax is None else ax

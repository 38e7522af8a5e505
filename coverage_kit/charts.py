"""Pictures of measures: ``plot_*(frame, *, ax=None) -> Axes``, drawn with the fonts we bring and without global state.

Korean text comes out right on a machine without a Korean font, names are never read as TeX, and the same frame gives
the same bytes.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ticker import FixedLocator, PercentFormatter

from coverage_kit.domain.vocabulary import RUNG_LABELS, Rung
from coverage_kit.domain.week import Week
from coverage_kit.i18n import N_, texts

INK, BLUE, GREY, LINE = "#1c2530", "#1f57c3", "#5d6875", "#e2e7ed"
_FAMILY = ["NanumGothic", "DejaVu Sans"]
_RC = {
    "font.family": _FAMILY,
    "font.size": 9.5,
    "axes.unicode_minus": False,
    # A name may contain dollar signs; nothing of ours is a formula.
    "text.parse_math": False,
    "svg.fonttype": "path",
    "svg.hashsalt": "coverage-kit",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.edgecolor": LINE,
    "text.color": INK,
    "xtick.color": GREY,
    "ytick.color": GREY,
}
_MOST_TICKS = 7


@cache
def _register_fonts() -> None:
    for name in ("NanumGothic.ttf", "NanumGothicBold.ttf"):
        fontManager.addfont(Path(__file__).parent / "fonts" / name)


@contextmanager
def _style() -> Iterator[None]:
    _register_fonts()
    with mpl.rc_context(_RC):
        yield


def plot_trend(
    frame: pd.DataFrame, *, focus: pd.DataFrame | None = None, ax: Axes | None = None, lang: str = "en"
) -> Axes:
    """How has coverage developed, week by week?

    Parameters
    ----------
    frame : DataFrame
        What ``measures.trend`` gave: one row a week with ``week required named known`` (slots).
    focus : DataFrame, optional
        The same of the focus list; its coverage is a dashed line.
    ax : Axes, optional
        Where to draw; a figure of its own by default.
    lang : str
        ``ko`` or ``en``.

    Returns
    -------
    Axes
        Shares in percent of the required slots of each week; a week without required slots is a gap.
    """
    t = texts(lang)
    with _style():
        ax = _new_axes() if ax is None else ax
        lines = [
            (frame, "named", t(RUNG_LABELS[Rung.NAMED]), {"color": GREY, "lw": 1.4}),
            (frame, "known", t(RUNG_LABELS[Rung.KNOWN]), {"color": BLUE, "lw": 2.4}),
        ]
        if focus is not None:
            lines.append((focus, "known", t(N_("Known, focus list")), {"color": INK, "lw": 1.4, "ls": (0, (4, 2))}))
        shares = [_share(table, column) for table, column, _, _ in lines]
        for share, (_, _, label, look) in zip(shares, lines, strict=True):
            ax.plot(np.arange(len(share)), share, label=label, solid_capstyle="round", **look)
        _weeks_axis(ax, [Week.parse(week) for week in frame["week"]], t(N_("W{week}")))
        _share_axis(ax, shares)
        _end_labels(ax, shares, [label for _, _, label, _ in lines], [str(look["color"]) for *_, look in lines])
    return ax


def svg_data_uri(ax: Axes) -> str:
    """A picture as ``data:image/svg+xml;base64,…``, the same bytes every time."""
    out = io.BytesIO()
    with _style():
        figure = ax.figure.figure if isinstance(ax.figure.figure, Figure) else ax.get_figure(root=True)
        FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return "data:image/svg+xml;base64," + base64.b64encode(out.getvalue()).decode("ascii")


def _new_axes() -> Axes:
    figure = Figure(figsize=(6.6, 2.3))
    ax = figure.subplots()
    figure.subplots_adjust(left=0.06, right=0.77, top=0.95, bottom=0.13)
    return ax


def _share(table: pd.DataFrame, column: str) -> np.ndarray:
    required = table["required"].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(required > 0, 100 * table[column].to_numpy(float) / required, np.nan)


def _weeks_axis(ax: Axes, weeks: list[Week], label: str) -> None:
    step = max(1, -(-len(weeks) // _MOST_TICKS))
    # Counted back from the last week, which is the one people look for.
    shown = list(range(len(weeks) - 1, -1, -step))[::-1]
    ax.set_xticks(shown, labels=[label.format(week=weeks[i].number) for i in shown])
    ax.set_xlim(-0.3, max(len(weeks) - 1, 1) + 0.15)
    ax.tick_params(axis="both", length=0, pad=5, labelfontfamily=_FAMILY)


def _share_axis(ax: Axes, shares: list[np.ndarray]) -> None:
    finite = np.concatenate([share[np.isfinite(share)] for share in shares] or [np.zeros(0)])
    top = min(100.0, max(20.0, np.ceil((finite.max() if len(finite) else 0) / 20) * 20))
    ax.set_ylim(0, top * 1.04)
    ax.yaxis.set_major_locator(FixedLocator(list(np.linspace(0, top, 3))))
    ax.yaxis.set_major_formatter(PercentFormatter(decimals=0))
    ax.grid(axis="y", color=LINE, lw=0.8)
    ax.set_axisbelow(True)


def _end_labels(ax: Axes, shares: list[np.ndarray], labels: list[str], colors: list[str]) -> None:
    """Each line is named at its end, beside its last value; labels that would touch are moved apart."""
    last = [share[-1] if len(share) and np.isfinite(share[-1]) else np.nan for share in shares]
    gap = 0.10 * ax.get_ylim()[1]
    placed = -np.inf
    for i in sorted((i for i in range(len(last)) if np.isfinite(last[i])), key=lambda i: float(last[i])):
        placed = max(last[i], placed + gap)
        ax.annotate(
            f"{labels[i]} {last[i]:.0f}%",
            (len(shares[i]) - 1, placed),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            color=colors[i],
            weight="bold" if colors[i] == BLUE else "normal",
            annotation_clip=False,
        )

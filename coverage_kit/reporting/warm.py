"""What a worker loads once before its first report, so that no report has to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
from sqlalchemy import create_engine, select

from coverage_kit.charts import draw, plot_ladder, plot_trend, plot_waterfall
from coverage_kit.i18n import LANGUAGES, texts
from coverage_kit.measures import CONDITIONS
from coverage_kit.reporting import weekly  # noqa: F401  (what the cells import)
from coverage_kit.reporting.section import PAGES, environment


def warm_up() -> None:
    """Draw each chart, translate, load the pages and the database's dialect; leave no connection and no thread."""
    counts = pd.DataFrame({"required": [1], **{c: [1] for c in CONDITIONS}}, index=["now"])
    flow = pd.DataFrame({"cause": pd.Series([], dtype=object), "gained": [], "lost": [], "net": []})
    weeks = pd.DataFrame({"week": ["2026-W46", "2026-W47"], "required": [2, 2], "named": [1, 2], "known": [1, 1]})
    for lang in LANGUAGES:
        texts(lang)
        for plot in (partial(plot_ladder, counts), partial(plot_waterfall, flow, 0), partial(plot_trend, weeks)):
            draw(partial(_plot, plot, lang), width=4, height=2)
    for page in PAGES.glob("*.j2"):
        environment().get_template(page.name)
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        connection.execute(select(1))
    engine.dispose()


def _plot(plot: Callable[..., Any], lang: str, ax: Any) -> Any:
    return plot(ax=ax, lang=lang)

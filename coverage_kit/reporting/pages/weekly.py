"""The weekly reports as objects; the cells of the templates show their parts."""

from __future__ import annotations

from typing import Any

from coverage_kit.domain.week import Week
from coverage_kit.errors import NotFound
from coverage_kit.i18n import N_, texts
from coverage_kit.opening import open_workspace
from coverage_kit.overview import load_source_dates
from coverage_kit.reporting.pages.rep import RepWeekly
from coverage_kit.reporting.pages.sections import END
from coverage_kit.reporting.pages.team import TeamWeekly
from coverage_kit.workspace import Workspace

__all__ = ["END", "build_rep_weekly", "build_team_weekly"]


def build_rep_weekly(rep: str = "", week: str = "", lang: str = "", as_of: str = "") -> RepWeekly:
    """What does a rep, with the coach, need to see of this week in a minute?

    Parameters
    ----------
    rep : str
        Id or name of the rep; the first one by default.
    week : str
        Like ``2026-W47``; the last week that has ended by default.
    lang : str
        ``ko`` or ``en``; the workspace's by default.
    as_of : str
        The instant for a week that is not over yet; the week's end by default.

    Returns
    -------
    RepWeekly
        Its attributes are the parts of the report.
    """
    with open_workspace() as ws:
        # A rep's own page does not need the other reps, and reading them takes longer the larger the team.
        known = [rep] if rep else ws.reps()
        if not known:
            raise NotFound(
                "report.no_reps",
                N_(
                    "No rep here yet. Assign accounts first: on the start page, or with coverage-kit assign ACCOUNT --rep REP"
                ),
            )
        return RepWeekly(rep=known[0], **_common(ws, week, lang, as_of, known[0]))


def build_team_weekly(week: str = "", lang: str = "", as_of: str = "") -> TeamWeekly:
    """What do a manager and coach need to see of the whole team this week?

    Parameters and return value are those of ``build_rep_weekly``, for all reps together.
    """
    with open_workspace() as ws:
        common = _common(ws, week, lang, as_of, None)
        return TeamWeekly(rep=None, source_dates=load_source_dates(ws.ledger, common["at"]), **common)


def _common(ws: Workspace, week: str, lang: str, as_of: str, rep: str | None) -> dict[str, Any]:
    """Values that both kinds of page need."""
    chosen = Week.parse(week) if week else ws.last_week()
    at = ws.instant(as_of) if as_of else min(chosen.as_of(ws.zone), ws.now())
    return {
        "t": texts(lang or ws.lang),
        "week": chosen,
        "at": at,
        "before_at": (chosen - 1).as_of(ws.zone),
        "history": ws.history(rep=rep, until=at),
        "settings": ws.config.coaching,
    }

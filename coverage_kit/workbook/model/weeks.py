"""Weeks as the pages show them."""

from __future__ import annotations

from coverage_kit.domain.week import Week
from coverage_kit.workbook.model.responses import WeekView


def week_view(week: Week) -> WeekView:
    """A week with its Monday and its Sunday."""
    return {"week": str(week), "from": week.monday.isoformat(), "to": week.sunday.isoformat()}

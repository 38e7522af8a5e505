"""Reports: the functions that the templates' cells call, and the batch that runs the templates."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coverage_kit.reporting.pages.minutes import build_minutes
    from coverage_kit.reporting.pages.weekly import build_rep_weekly, build_team_weekly

__all__ = ["build_minutes", "build_rep_weekly", "build_team_weekly"]


def __getattr__(name: str) -> object:
    # Loaded on demand: the batch's driver needs no charts, only the cells of a template do.
    if name in __all__:
        home = "minutes" if name == "build_minutes" else "weekly"
        return getattr(import_module(f"coverage_kit.reporting.pages.{home}"), name)
    raise AttributeError(name)

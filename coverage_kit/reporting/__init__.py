"""Reports: the functions that the templates' cells call, and the batch that runs the templates."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coverage_kit.reporting.pages.contact_audit import build_contact_audit
    from coverage_kit.reporting.pages.minutes import build_minutes
    from coverage_kit.reporting.pages.quarterly import build_agreement, build_deal_review
    from coverage_kit.reporting.pages.weekly import build_rep_weekly, build_team_weekly

__all__ = [
    "build_agreement",
    "build_contact_audit",
    "build_deal_review",
    "build_minutes",
    "build_rep_weekly",
    "build_team_weekly",
]
_HOME = {
    "build_agreement": "quarterly",
    "build_contact_audit": "contact_audit",
    "build_deal_review": "quarterly",
    "build_minutes": "minutes",
}


def __getattr__(name: str) -> object:
    # Loaded on demand: the batch's driver needs no charts, only the cells of a template do.
    if name in __all__:
        return getattr(import_module(f"coverage_kit.reporting.pages.{_HOME.get(name, 'weekly')}"), name)
    raise AttributeError(name)

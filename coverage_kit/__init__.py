"""Coverage Kit: which people must be known in every account, and which of them are.

>>> import coverage_kit
>>> ws = coverage_kit.open_workspace("my-team")  # doctest: +SKIP
>>> ws.status()["team"]                          # doctest: +SKIP
>>> coverage_kit.report(ws, week="2026-W47")     # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coverage_kit.domain.week import Week
    from coverage_kit.errors import BadInput, Conflict, CoverageKitError, NotFound, ReportError, StoreError
    from coverage_kit.opening import init_workspace, open_workspace
    from coverage_kit.reporting.minutes import make_minutes
    from coverage_kit.reporting.run import report_week as report
    from coverage_kit.workspace import Workspace

__version__ = "0.1.0"
__all__ = [
    "BadInput",
    "Conflict",
    "CoverageKitError",
    "NotFound",
    "ReportError",
    "StoreError",
    "Week",
    "Workspace",
    "__version__",
    "init_workspace",
    "make_minutes",
    "open_workspace",
    "report",
]

#: Loaded on demand: pandas and SQLAlchemy take most of a second, which a call for help or the version need not pay. The
#: command answers Ctrl-C from its first line, so what comes before that loads nothing.
_ON_DEMAND = {
    **{
        name: ("coverage_kit.errors", name)
        for name in ("BadInput", "Conflict", "CoverageKitError", "NotFound", "ReportError", "StoreError")
    },
    "Week": ("coverage_kit.domain.week", "Week"),
    "Workspace": ("coverage_kit.workspace", "Workspace"),
    "init_workspace": ("coverage_kit.opening", "init_workspace"),
    "make_minutes": ("coverage_kit.reporting.minutes", "make_minutes"),
    "open_workspace": ("coverage_kit.opening", "open_workspace"),
    "report": ("coverage_kit.reporting.run", "report_week"),
}


def __getattr__(name: str) -> object:
    if name not in _ON_DEMAND:
        raise AttributeError(f"module 'coverage_kit' has no attribute {name!r}")
    module, attribute = _ON_DEMAND[name]
    return getattr(import_module(module), attribute)

"""The workbook: what a coach and a rep see and fill in; models that know no widget, and one view."""

from importlib import import_module

from coverage_kit.workbook.model.rep import RepBook

__all__ = ["RepBook", "open_coach_session", "open_rep_workbook"]


def __getattr__(name: str) -> object:
    # Whoever only asks the models does not pay for the widgets.
    if name in ("open_coach_session", "open_rep_workbook"):
        return getattr(import_module("coverage_kit.workbook.widget.view"), name)
    raise AttributeError(name)

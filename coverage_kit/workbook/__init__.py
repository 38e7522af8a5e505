"""The workbook: what a coach and a rep see and fill in; models that know no widget, and one view."""

from coverage_kit.workbook.book import RepBook

__all__ = ["RepBook", "open_rep_workbook"]


def __getattr__(name: str) -> object:
    # Whoever only asks the models does not pay for the widgets.
    if name == "open_rep_workbook":
        from coverage_kit.workbook.view import open_rep_workbook

        return open_rep_workbook
    raise AttributeError(name)

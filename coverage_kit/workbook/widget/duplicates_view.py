"""The page of duplicates: make one of two records, and corrections for the CRM."""

from __future__ import annotations

from coverage_kit.opening import open_workspace
from coverage_kit.workbook.model.duplicate_words import DUPLICATE_WORDS
from coverage_kit.workbook.model.duplicates import DuplicatesBook
from coverage_kit.workbook.model.words import WORDS
from coverage_kit.workbook.widget.bundle import joined_modules
from coverage_kit.workbook.widget.view import WorkbookView


class DuplicatesView(WorkbookView):
    """Shows records that may be the same, and what to correct in the CRM."""

    _esm = joined_modules("duplicates/main")
    texts = WORDS | DUPLICATE_WORDS


def open_duplicates(account: str = "", *, lang: str = "") -> DuplicatesView:
    """Open the page of duplicates.

    Parameters
    ----------
    account : str, optional
        Key or name: begin with the pairs at this account.
    lang : str, optional
        ``ko`` or ``en``; the workspace's by default.
    """
    ws = open_workspace()
    return DuplicatesView(DuplicatesBook(ws, account), lang=lang or ws.lang)

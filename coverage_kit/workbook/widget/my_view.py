"""The page of every colleague: what is asked of them, and what only they can decide."""

from __future__ import annotations

from coverage_kit.opening import open_workspace
from coverage_kit.workbook.model.my_page import MyBook
from coverage_kit.workbook.model.my_words import MY_WORDS
from coverage_kit.workbook.model.words import WORDS
from coverage_kit.workbook.widget.bundle import joined_modules
from coverage_kit.workbook.widget.view import WorkbookView


class MyView(WorkbookView):
    """Shows what one colleague is asked, owes, and can decide."""

    _esm = joined_modules("my/main")
    texts = WORDS | MY_WORDS


def open_my_page(person: str = "", *, lang: str = "") -> MyView:
    """Open a colleague's own page.

    Parameters
    ----------
    person : str, optional
        Key or name; by default whom the page's link names, else who is working, else the first manager.
    lang : str, optional
        ``ko`` or ``en``; the workspace's by default.
    """
    ws = open_workspace()
    return MyView(MyBook(ws, person), lang=lang or ws.lang)

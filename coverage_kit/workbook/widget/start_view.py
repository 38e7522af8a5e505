"""The page on which a coach begins."""

from __future__ import annotations

from coverage_kit.workbook.model.start import LONG, StartBook
from coverage_kit.workbook.model.start_words import START_WORDS
from coverage_kit.workbook.model.words import WORDS
from coverage_kit.workbook.widget.bundle import joined_modules
from coverage_kit.workbook.widget.view import WorkbookView
from coverage_kit.workspace import Workspace


class StartView(WorkbookView):
    """Shows how far a team is, this week, and who looks after what."""

    _esm = joined_modules("start/main")
    texts = WORDS | START_WORDS
    long = LONG

    def __init__(self, model: StartBook, *, lang: str) -> None:
        super().__init__(model, lang=lang)
        model.push = self.send


def open_start(ws: Workspace) -> StartView:
    """The start page: role lists, accounts and contacts, who looks after what, the first session; then this week."""
    return StartView(StartBook(ws), lang=ws.lang)

"""The page on which a file is brought in."""

from __future__ import annotations

from typing import Any

from coverage_kit.workbook.model.import_words import IMPORT_WORDS
from coverage_kit.workbook.model.importing import LONG, ImportBook
from coverage_kit.workbook.model.words import WORDS
from coverage_kit.workbook.widget.bundle import joined_modules
from coverage_kit.workbook.widget.view import WorkbookView
from coverage_kit.workspace import Workspace


class ImportView(WorkbookView):
    """Shows a file on its way in; the file itself comes in parts, so that none is too large for the connection."""

    _esm = joined_modules("import/main")
    texts = WORDS | IMPORT_WORDS
    long = LONG

    def __init__(self, model: ImportBook, *, lang: str) -> None:
        super().__init__(model, lang=lang)
        model.push = self.send

    def _receive(self, widget: object, message: Any, buffers: Any) -> None:
        super()._receive(widget, {**message, "content": b"".join(buffers or [])}, ())


def open_import(ws: Workspace) -> ImportView:
    """The page on which a coach brings in a file: choose, look, map, try out, import."""
    return ImportView(ImportBook(ws), lang=ws.lang)

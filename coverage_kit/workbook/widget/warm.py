"""Code that the server of pages runs once before the first page, so that no page has to load it."""

from __future__ import annotations

from coverage_kit.i18n import LANGUAGES, texts
from coverage_kit.store import open_memory_store
from coverage_kit.workbook.widget import (  # noqa: F401  (the notebooks import them)
    contacts_view,
    duplicates_view,
    import_view,
    my_view,
    role_lists_view,
    start_view,
    view,
)


def warm_up() -> None:
    """Load the screens and both languages, and open a store in memory; leaves no connection and no thread."""
    for lang in LANGUAGES:
        texts(lang)
    open_memory_store(clock=lambda: 0, actor="warm").close()

"""The page on which a coach says who must be known."""

from __future__ import annotations

from coverage_kit.workbook.model.role_list_words import ROLE_LIST_WORDS
from coverage_kit.workbook.model.role_lists import RoleListBook
from coverage_kit.workbook.model.words import WORDS
from coverage_kit.workbook.widget.bundle import joined_modules
from coverage_kit.workbook.widget.view import WorkbookView
from coverage_kit.workspace import Workspace


class RoleListsView(WorkbookView):
    """Shows the role lists of a workspace."""

    _esm = joined_modules("roles/main")
    texts = WORDS | ROLE_LIST_WORDS


def open_role_lists(ws: Workspace) -> RoleListsView:
    """The page on which a coach says who must be known: lists, their roles, and whom each applies to."""
    return RoleListsView(RoleListBook(ws), lang=ws.lang)

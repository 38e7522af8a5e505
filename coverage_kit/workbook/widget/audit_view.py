"""The page of the contact audit."""

from __future__ import annotations

from coverage_kit.opening import open_workspace
from coverage_kit.workbook.model.audit_page import AuditBook
from coverage_kit.workbook.model.audit_words import AUDIT_WORDS
from coverage_kit.workbook.model.words import WORDS
from coverage_kit.workbook.widget.bundle import joined_modules
from coverage_kit.workbook.widget.view import WorkbookView


class AuditView(WorkbookView):
    """Shows what the contacts are worth, a sample of them, and who may be written to."""

    _esm = joined_modules("audit/main")
    texts = WORDS | AUDIT_WORDS


def open_contact_audit(rep: str = "", account: str = "", as_of: str = "", *, lang: str = "") -> AuditView:
    """Open the contact audit.

    Parameters
    ----------
    rep, account : str, optional
        Key or name: only the accounts of one rep, or one account.
    as_of : str, optional
        A week, day or time; now by default. Hints of exports, the sample and campaigns are always those of now.
    lang : str, optional
        ``ko`` or ``en``; the workspace's by default.
    """
    ws = open_workspace()
    return AuditView(AuditBook(ws, rep, account, as_of), lang=lang or ws.lang)

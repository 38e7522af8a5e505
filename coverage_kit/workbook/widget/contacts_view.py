"""The page of contacts: match them to positions, and mark who is still there."""

from __future__ import annotations

from coverage_kit.opening import open_workspace
from coverage_kit.workbook.model.contact_words import CONTACT_WORDS
from coverage_kit.workbook.model.contacts import ContactsBook
from coverage_kit.workbook.model.words import WORDS
from coverage_kit.workbook.widget.bundle import joined_modules
from coverage_kit.workbook.widget.view import WorkbookView


class ContactsView(WorkbookView):
    """Shows the contacts of one account, or those of all accounts that may be matched."""

    _esm = joined_modules("contacts/main")
    texts = WORDS | CONTACT_WORDS


def open_contacts(account: str = "", *, lang: str = "") -> ContactsView:
    """Open the page of contacts.

    Parameters
    ----------
    account : str, optional
        Key or name of the account to begin with; the page's address may name another one (``?account=…``). All
        accounts by default.
    lang : str, optional
        ``ko`` or ``en``; the workspace's by default.
    """
    ws = open_workspace()
    return ContactsView(ContactsBook(ws, account), lang=lang or ws.lang)

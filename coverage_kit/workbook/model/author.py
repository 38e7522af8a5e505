"""Who writes through a page: the person of its link, else the login of this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.links import author_of_link, present_colleague
from coverage_kit.rules.lookup import get_staff
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.whose import check_whose

if TYPE_CHECKING:
    from coverage_kit.store import Ledger
    from coverage_kit.workspace import Workspace


#: These write nothing.
_QUESTIONS = (
    ask.RepQuestion
    | ask.ShowDesk
    | ask.DraftCommitment
    | ask.ShowAccounts
    | ask.GetFile
    | ask.GetReport
    | ask.ListsQuestion
    | ask.MyQuestion
    | ask.ContactsQuestion
    | ask.DuplicatesQuestion
    | ask.AuditQuestion
)


class PageAuthor:
    """The author of everything that one page writes. The first message binds them, for as long as the kernel lives."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._link: ask.PageLink | None = None
        self._refusal: BadInput | None = None

    @property
    def ledger(self) -> Ledger:
        """Where the page writes."""
        return self._ws.ledger

    @property
    def person(self) -> str | None:
        """Id of the person whose link the page was opened with, if any."""
        return self._link.person if self._link else None

    @property
    def rep(self) -> str | None:
        """Id of the person of the page's link if that is a rep; None for everybody else."""
        if self.person is None:
            return None
        who = get_staff(self.ledger, self.person)
        return who.id if who.function == StaffFunction.REP else None

    def admit(self, request: ask.Request) -> None:
        """Let a request pass, or refuse it. After a refused link nothing is written until a valid one comes.

        Raises
        ------
        BadInput
        """
        if request.link is not None:
            self._refusal = None
            try:
                self._bind(request.link)
            except BadInput as exc:
                self._refusal = exc
        if self._refusal is not None:
            raise self._refusal
        if self._link is not None and not isinstance(request, _QUESTIONS):
            present_colleague(self._ws, self._link.person)

    def check_undo(self, request: ask.Request) -> None:
        """Refuse to take back what somebody else did than the person of the page's link.

        Raises
        ------
        BadInput
        """
        undone = getattr(request, "undoes", "")
        ledger = self._ws.ledger
        if self._link is None or not undone or ledger.author_of(undone) == self._link.person:
            return
        if ledger.has_edit(undone):
            raise BadInput(
                "undo.not_yours",
                N_(
                    "Somebody else made this change, so it cannot be taken back here. Ask them to, or write what is right."
                ),
            )

    def check_whose(self, request: ask.Request) -> None:
        """Refuse an act about somebody else's account or commitment than the person's of the page's link.

        Raises
        ------
        BadInput, NotFound
        """
        if self.person is not None and isinstance(request, ask.ActRequest) and not isinstance(request, ask.Undo):
            check_whose(self.ledger, self.person, request)

    def _bind(self, link: ask.PageLink) -> None:
        if self._link is not None and link.person != self._link.person:
            raise BadInput("link.other", N_("This page belongs to somebody else. Open your own link in a new page."))
        author = author_of_link(self._ws, link.person, link.signature)
        self._link = link
        self._ws.ledger.actor = author.id

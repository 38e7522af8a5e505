"""Must-win accounts: up to five accounts of the quarter that a manager chose, and whom we do not know there.

Source: the method, section 3 (docs/reference/method.md).
"""

from __future__ import annotations

import pandas as pd

from coverage_kit import measures
from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.quarter import MUST_WIN_PLACES, Quarter
from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.rules.lookup import find_author, get_account
from coverage_kit.store import Change, Edit, entities
from coverage_kit.store.entities import Staff, Value

_WEEKS = 4
_MAY_CHOOSE = (StaffFunction.MANAGER, StaffFunction.EXECUTIVE)


class MustWin:
    """The must-win accounts of all managers."""

    def __init__(self, context: CoachingContext) -> None:
        self._context = context

    def quarter(self) -> Quarter:
        """The present quarter."""
        return Quarter.of(self._context.today())

    def of(self, manager: str | None = None, quarter: str | None = None) -> list[str]:
        """The must-win accounts (ids) of a manager or, without one, of all; of the present quarter by default."""
        who = self._context.staff_id(manager)
        wanted = str(self._quarter(quarter))
        rows = self._context.ledger.as_of(entities.MustWin)
        chosen = (row.account_id for row in rows if row.quarter == wanted and who in (None, row.manager_id))
        return sorted(dict.fromkeys(chosen))

    def managers(self, quarter: str | None = None) -> list[str]:
        """The managers (ids) who chose any; in the present quarter by default."""
        wanted = str(self._quarter(quarter))
        return sorted({row.manager_id for row in self._context.ledger.as_of(entities.MustWin) if row.quarter == wanted})

    def star(self, account: str, *, quarter: str | None = None, edit_id: str | None = None) -> Edit:
        """Choose an account as one of the author's must-win accounts; again, it writes nothing.

        Parameters
        ----------
        account : str
            Key or name, of a rep who works under the author.
        quarter : str, optional
            Such as ``2026-Q4``; the present one by default, or the one after it.
        edit_id : str, optional

        Raises
        ------
        BadInput
            The author is no manager, the account is somebody else's, the quarter is over, or five are chosen.
        Conflict
            Somebody wrote in the same place after it was read.
        """
        author, wanted = self._manager(), self._coming_quarter(quarter)
        row = get_account(self._context.ledger, account)
        if row.owner_id not in self.people_of(author.id):
            raise BadInput(
                "must_win.foreign",
                N_("{account} is not looked after by your people; its owner's manager can choose it."),
                account=row.name,
            )
        places = {place: self._place(author.id, wanted, place) for place in range(1, MUST_WIN_PLACES + 1)}
        present = self._context.rows(entities.MustWin, places.values())
        taken = next((each for each in present.values() if each.account_id == row.id), None)
        free = taken.id if taken else next((key for key in places.values() if key not in present), None)
        if free is None:
            raise BadInput(
                "must_win.many",
                N_("{n} must-win accounts are chosen for {quarter}; take one off first."),
                n=MUST_WIN_PLACES,
                quarter=str(wanted),
            )
        fields: dict[str, Value] = {"account_id": row.id, "quarter": str(wanted), "manager_id": author.id}
        change = Change("must_win", free, fields, base=taken.version if taken else 0)
        return self._context.ledger.save([change], edit_id=edit_id)

    def unstar(self, account: str, *, quarter: str | None = None, edit_id: str | None = None) -> Edit:
        """Take an account off the author's must-win accounts; the past keeps it.

        Raises
        ------
        BadInput
            The author did not choose it.
        """
        author, wanted = self._manager(), self._coming_quarter(quarter)
        row = get_account(self._context.ledger, account)
        chosen = self._context.rows(
            entities.MustWin, (self._place(author.id, wanted, place) for place in range(1, MUST_WIN_PLACES + 1))
        )
        mine = [each for each in chosen.values() if each.account_id == row.id]
        if not mine and not (edit_id and self._context.ledger.has_edit(edit_id)):
            raise BadInput("must_win.none", N_("{account} is not one of your must-win accounts."), account=row.name)
        changes = [Change("must_win", each.id, {"is_void": 1}, base=each.version) for each in mine]
        return self._context.ledger.save(changes, edit_id=edit_id)

    def picture(self, manager: str | None = None, quarter: str | None = None) -> pd.DataFrame:
        """Whom do we know there, and what hangs on one person? (``measures.must_win``)."""
        who = self._context.staff_id(manager)
        now = self._context.now()
        history = self._context.load(until=now)
        return measures.must_win(history, now, str(self._quarter(quarter)), None if who is None else [who])

    def effort_elsewhere(self, manager: str, *, weeks: int = _WEEKS) -> tuple[int, int]:
        """Of the work of a manager's people in the last weeks, how much went to other accounts? (elsewhere, all)."""
        who, now = self._context.get_staff_id(manager), self._context.now()
        start = (self._context.week() - weeks).as_of(self._context.zone)
        history = self._context.load(until=now)
        return measures.effort_elsewhere(history, start, now, self.of(who), self.people_of(who))

    def people_of(self, leader: str) -> list[str]:
        """The ids of all who work under a colleague, directly or through others."""
        return self._context.people_of(leader)

    def _manager(self) -> Staff:
        author = find_author(self._context.ledger, self._context.today())
        if author is None or author.function not in _MAY_CHOOSE:
            raise BadInput(
                "must_win.author",
                N_("Only a manager or an executive chooses must-win accounts; open your own link."),
            )
        return author

    def _quarter(self, text: str | None) -> Quarter:
        return self.quarter() if text is None else Quarter.parse(text)

    def _coming_quarter(self, text: str | None) -> Quarter:
        wanted = self._quarter(text)
        if not self.quarter() <= wanted <= self.quarter() + 1:
            raise BadInput(
                "must_win.quarter",
                N_("Must-win accounts are chosen for {this} or {following}; {quarter} cannot be changed."),
                this=str(self.quarter()),
                following=str(self.quarter() + 1),
                quarter=str(wanted),
            )
        return wanted

    def _place(self, manager: str, quarter: Quarter, place: int) -> str:
        return f"{manager}:{quarter}:{place}"

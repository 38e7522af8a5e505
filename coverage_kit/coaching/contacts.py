"""The contacts of an account: match them to positions, and find out who is still there.

Source: the method, sections 1, 2 (step 2) and 6, the first session (docs/reference/method.md).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.rules.contacts import mark_changes, match_changes
from coverage_kit.rules.lookup import get_account
from coverage_kit.store import Change, Edit


class Contacts:
    """Acts on the contacts of accounts; each is one edit, and none is written without being asked for."""

    def __init__(self, context: CoachingContext) -> None:
        self._context = context

    def match(
        self,
        account: str,
        person: str,
        role: str,
        *,
        base: int | None = None,
        how: str | None = None,
        on: str | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """Put a contact (id) into a position of their account; with ``how``, somebody also checked it.

        Parameters
        ----------
        account : str
            Key or name.
        person : str
            Id of the contact.
        role : str
            Key of the required role.
        base : int, optional
            The version of the slot that the user saw.
        how, on : str, optional
            ``call meeting reply public_source third_party``, and the day; today by default.
        edit_id : str, optional
            Send the same one again when a response got lost; it is written once.

        Raises
        ------
        BadInput, NotFound, Conflict
        """
        ledger, today = self._context.ledger, self._context.today()

        def changes() -> list[Change]:
            home = get_account(ledger, account)
            return match_changes(ledger, home, person, role, today=today, base=base, how=how, on=on)

        return self._save_once(changes, edit_id)

    def mark(
        self,
        account: str,
        seen: Mapping[str, int | None],
        state: str,
        *,
        how: str | None = None,
        on: str | None = None,
        title: str | None = None,
        moved_to: str | None = None,
        successor: str | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """Record one finding about some contacts of an account, as one edit.

        Parameters
        ----------
        account : str
            Key or name.
        seen : mapping
            Ids of the people, each with the version of the employment that the user saw (None: the present one).
        state : str
            ``still left retired moved role_changed tried``.
        how : str, optional
            How a ``still`` was checked.
        on : str, optional
            The day since when the person is gone or in another role.
        title, moved_to : str, optional
            The new title; key or name of the account the person moved to.
        successor : str, optional
            Name of the one who sits there now; for a single person.
        edit_id : str, optional
            Send the same one again when a response got lost; it is written once.

        Raises
        ------
        BadInput, NotFound, Conflict
        """
        ledger, today = self._context.ledger, self._context.today()

        def changes() -> list[Change]:
            home = get_account(ledger, account)
            done = {"how": how, "on": on, "title": title, "moved_to": moved_to, "successor": successor}
            return mark_changes(ledger, home, seen, state, today=today, **done)

        return self._save_once(changes, edit_id)

    def _save_once(self, changes: Callable[[], list[Change]], edit_id: str | None) -> Edit:
        """Save what an act writes; one that was sent before writes nothing, and is not checked again."""
        ledger = self._context.ledger
        with ledger.one_state():
            new = [] if edit_id is not None and ledger.has_edit(edit_id) else changes()
        return ledger.save(new, edit_id=edit_id)

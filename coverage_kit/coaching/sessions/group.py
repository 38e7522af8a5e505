"""A session with a group: the round, one blind role across all territories, and the quiet sweep."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from coverage_kit.coaching.sessions.base import SessionBase
from coverage_kit.coaching.sessions.sweep import Due, findings
from coverage_kit.domain.identifiers import clean_key
from coverage_kit.domain.vocabulary import NoteKind, Rung
from coverage_kit.measures import found_in_role, shared_blind_role
from coverage_kit.rules.findings import finding_changes
from coverage_kit.rules.lookup import get_account
from coverage_kit.store import Change, new_id
from coverage_kit.store.entities import Note, Value


@dataclass(frozen=True)
class FoundHolder:
    """A holder whom a rep of the group knows in the blind role, and how the check was made."""

    rep: str
    account: str
    account_name: str
    verified_on: str
    verified_how: str | None


@dataclass(frozen=True)
class MissingHolder:
    """A rep of the group who knows nobody in the blind role, and the account where to begin."""

    rep: str
    account: str
    account_name: str


@dataclass(frozen=True)
class BlindRole:
    """The role in which most territories of the group know nobody, who found theirs, and who did not."""

    role: str
    title: str
    found: tuple[FoundHolder, ...]
    missing: tuple[MissingHolder, ...] = ()


class GroupSteps(SessionBase):
    """The steps of a session with a group."""

    def add_round(
        self, rep: str, *, done: str | None = None, stuck: str | None = None, edit_id: str | None = None
    ) -> None:
        """Record one thing a rep has done and one where the rep is stuck, in a line each."""
        self._check_open()
        owner = self._rep(rep)
        body, notes = self._body[owner], []
        if done:
            notes.append(_note(NoteKind.OUTCOME, clean_key(done, "done"), owner))
            body = replace(body, done=notes[-1].id)
        if stuck:
            notes.append(_note(NoteKind.REASON, clean_key(stuck, "stuck"), owner))
            body = replace(body, stuck=notes[-1].id)
        self._save([*notes, self._change(owner, body)], edit_id=edit_id)

    def round_notes(self) -> dict[str, dict[str, str]]:
        """The lines of the round by rep: ``done`` and ``stuck``."""
        kept = {rep: {"done": body.done, "stuck": body.stuck} for rep, body in self._body.items()}
        notes = self._context.rows(Note, (key for own in kept.values() for key in own.values()))
        return {
            rep: {name: notes[key].body or "" for name, key in kept[rep].items() if key and key in notes}
            for rep in self.reps
        }

    def blind_role(self, role: str | None = None) -> BlindRole | None:
        """The one role most territories of this group are blind in, who knows somebody in it, and who does not.

        Parameters
        ----------
        role : str, optional
            Another role that the group wants to look at.

        Returns
        -------
        BlindRole or None
            In alphabetical order, no ranking; None if nobody is blind in any role.
        """
        now = self._context.now()
        slots = self._context.load(until=now).slots(now)
        own = slots.loc[slots["rep"].isin(self.reps)]
        chosen = role if role in self._context.roles() else shared_blind_role(own)
        if chosen is None:
            return None
        title = self._context.role_title(self._context.roles()[chosen])
        return BlindRole(chosen, title, _found(found_in_role(own, chosen)), _missing(own, chosen))

    def sweep(self, rep: str) -> list[Due]:
        """The people whose check was due when the sweep began, for each rep, and what was found out since."""
        body = self._body[self._rep(rep)]
        return findings(self._context, body.sweep or (), body.sweep_at)

    def check(
        self,
        rep: str,
        account: str,
        person: str,
        state: str,
        *,
        how: str = "call",
        on: str | None = None,
        title: str | None = None,
        moved_to: str | None = None,
        seen: int | None = None,
        edit_id: str | None = None,
    ) -> None:
        """Record what was found out about one line of the sweep, in one edit.

        Parameters
        ----------
        rep, account, person : str
            The rep of the line, and the person at an account.
        state : str
            ``still`` (verified in every slot held), ``left``, ``retired``, ``moved``, ``role_changed``, or ``tried``: nobody was reached.
        how : str
            How a ``still`` was checked: ``call``, ``meeting``, ``reply``, ``public_source``, ``third_party``.
        on : str, optional
            The day since when the person is gone or in another role.
        title, moved_to : str, optional
            The new title; the account the person moved to.
        seen : int, optional
            The version of the employment that the user saw.
        edit_id : str, optional
            The same one again writes nothing.
        """
        self._check_open()
        self._rep(rep)
        home = get_account(self._context.ledger, account)
        self._coaching.people.check_there(person, home.id)
        ledger, today = self._context.ledger, self._context.today()
        changes = finding_changes(
            ledger, person, home, state, today=today, how=how, on=on, title=title, moved_to=moved_to, seen=seen
        )
        self._save(changes, edit_id=edit_id)


def _note(kind: NoteKind, text: str, owner: str) -> Change:
    fields: dict[str, Value] = {"kind": kind.value, "body": text, "owner_id": owner}
    return Change("note", new_id("no"), fields, base=0)


def _missing(slots: pd.DataFrame, role: str) -> tuple[MissingHolder, ...]:
    """The reps who know nobody in a role, each with the account to begin at: on the focus list first, then by value."""
    own = slots.loc[slots["counted"] & (slots["role"] == role)]
    known = set(own.loc[own["rung"] >= Rung.KNOWN, "rep"])
    open_ = own.loc[~own["rep"].isin(known)].astype({"account": object})
    first = open_.sort_values(["rep", "focus", "value", "account"], ascending=[True, False, False, True])
    rows = first.drop_duplicates("rep")[["rep", "account", "account_name"]].itertuples(index=False, name=None)
    return tuple(MissingHolder(*row) for row in rows)


def _found(table: pd.DataFrame) -> tuple[FoundHolder, ...]:
    columns = (table[name].tolist() for name in ("rep", "account", "account_name", "verified_on", "verified_how"))
    return tuple(
        FoundHolder(rep, account, name, str(day)[:10], how)
        for rep, account, name, day, how in zip(*columns, strict=True)
    )

"""Merge two records of one person, or two accounts that are one company: look first, then write, and undo."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from coverage_kit.domain.identifiers import clean_key
from coverage_kit.domain.vocabulary import EventKind
from coverage_kit.domain.week import local_day
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.rules.events import event_change, events_of
from coverage_kit.rules.lookup import get_account, get_employment
from coverage_kit.rules.merging import KEEP, TAKE, MergePlan, merge_accounts, merge_people
from coverage_kit.rules.same import Candidate, find_same_accounts, find_same_people
from coverage_kit.rules.same.load import load_accounts, load_not_same, load_people
from coverage_kit.store import Change, Edit, Ledger
from coverage_kit.store.entities import Account, Commitment, Employment, Event, NotSame, Person, Slot, Value

#: The most names in a message.
_NAMED = 5
PERSON, ACCOUNT = "person", "account"


@dataclass(frozen=True, slots=True)
class DoneMerge:
    """A merge that stands: its edit, when (UTC milliseconds) and by whom, the kind, and both ids and names."""

    edit_id: str
    at: int
    actor: str
    kind: str
    keep: str
    gone: str
    keep_name: str
    gone_name: str


class MergeActs:
    """Merges of one workspace; each is one edit.

    Parameters
    ----------
    ledger : Ledger
    zone : ZoneInfo
    """

    def __init__(self, ledger: Ledger, zone: ZoneInfo) -> None:
        self._ledger = ledger
        self._zone = zone

    def preview(
        self,
        kind: str,
        keep: str,
        gone: str,
        *,
        at: str | None = None,
        choices: Mapping[str, str] | None = None,
    ) -> MergePlan:
        """What would making one of two change? Nothing is written.

        Parameters
        ----------
        kind : str
            ``person`` or ``account``.
        keep, gone : str
            The one that stays, and the one that becomes part of it: ids; the name of an account, or of a person who is
            at the account ``at``.
        at : str, optional
            Key or name of an account, where people are given by name.
        choices : mapping, optional
            Answers to the plan's questions: a question's id to ``keep`` or ``take``.

        Raises
        ------
        BadInput
            Both are the same, or one was merged before.
        NotFound
        """
        chosen = dict(choices or {})
        if wrong := sorted({value for value in chosen.values() if value not in (KEEP, TAKE)}):
            raise BadInput("merge.choice", N_("A choice is 'keep' or 'take'; got {value}."), value=wrong[0])
        with self._ledger.one_state():
            if kind == ACCOUNT:
                ours, theirs = self._account(keep), self._account(gone)
                _check_two(ours.id, theirs.id)
                return merge_accounts(self._ledger, ours, theirs, chosen, day_of=self._day)
            if kind == PERSON:
                one, other = self._person(keep, at), self._person(gone, at)
                _check_two(one.id, other.id)
                return merge_people(self._ledger, one, other, chosen)
        raise _wrong_kind(kind)

    def save(
        self,
        kind: str,
        keep: str,
        gone: str,
        *,
        at: str | None = None,
        choices: Mapping[str, str] | None = None,
        seen: Mapping[str, int] | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """Make one of two, as ``preview`` shows it; ``undo`` takes it back. The same ``edit_id`` is written once.

        Parameters
        ----------
        kind, keep, gone, at, choices
            As for ``preview``.
        seen : mapping, optional
            The version of each of the two that the user saw (the plan's ``seen``).
        edit_id : str, optional

        Raises
        ------
        BadInput
            A question is open, or somebody changed one of the two; also as ``preview`` raises it.
        Conflict
            Somebody changed one of them after it was read.
        """
        if edit_id and (done := self._ledger.find_edit(edit_id)):
            return done
        plan = self.preview(kind, keep, gone, at=at, choices=choices)
        if plan.open:
            raise BadInput(
                "merge.open",
                N_("Both have something that only one can keep. Choose 'keep' or 'take' for: {questions}."),
                questions=[f"{each.id} ({each.keep} / {each.take})" for each in plan.open[:_NAMED]],
            )
        if seen is not None and dict(seen) != plan.seen:
            raise BadInput(
                "merge.changed",
                N_("Somebody changed one of the two after you opened it. Look at both again, then merge."),
            )
        event = event_change(EventKind.MERGED, {"what": kind, "keep": plan.keep, "gone": plan.gone})
        return self._ledger.save([*plan.changes, event], edit_id=edit_id)

    def is_merge(self, edit_id: str) -> bool:
        """Whether an edit merged something, and stands."""
        return any(row.kind == EventKind.MERGED for row in events_of(self._ledger, edit_id))

    def undo(self, edit_id: str, *, as_id: str | None = None) -> Edit:
        """Take a merge back, unless something that it moved was changed since.

        Raises
        ------
        NotFound
            The edit merged nothing, or was taken back already.
        BadInput
            Something was changed since; the message names it.
        """
        is_again = as_id is not None and self._ledger.has_edit(as_id)
        if not is_again and not self.is_merge(edit_id):
            raise NotFound(
                "merge.no_merge",
                N_("'{edit}' is no merge that stands; nothing was taken back. merge prints the id of the edit."),
                edit=edit_id,
            )

        def check_unused() -> None:
            if used := self._ledger.used_since(edit_id):
                names = self._names(used)
                raise BadInput(
                    "merge.used",
                    N_(
                        "This was changed after the merge: {names}. Taking the merge back would remove that work. Nothing was taken back. Undo that work first."
                    ),
                    names=[*names[:_NAMED], *(["…"] if len(names) > _NAMED else [])],
                )

        return self._ledger.undo(edit_id, as_id=as_id, check=check_unused)

    def recent(self, *, limit: int = 20) -> list[DoneMerge]:
        """The last merges that stand, the latest first."""
        events = sorted((row for row in self._ledger.as_of(Event) if row.kind == EventKind.MERGED), key=lambda r: -r.at)
        found = []
        for row in events[:limit]:
            body = json.loads(row.body or "{}")
            names = [self._name(body["what"], body[which]) for which in ("keep", "gone")]
            found.append(DoneMerge(row.edit_id, row.at, row.actor, body["what"], body["keep"], body["gone"], *names))
        return found

    # Who may be the same -------------------------------------------------------------------------------------------

    def candidates(self, kind: str, *, account: str | None = None) -> list[Candidate]:
        """Which people, or accounts, may be the same? With reasons; the surest first. A name is never enough.

        Parameters
        ----------
        kind : str
            ``person`` or ``account``.
        account : str, optional
            Only those of this account, by key or name.
        """
        home = None if account is None else get_account(self._ledger, account).id
        with self._ledger.one_state():
            _check_kind(kind)
            apart = load_not_same(self._ledger, kind)
            if kind == ACCOUNT:
                found = find_same_accounts(load_accounts(self._ledger), apart)
                return [each for each in found if home in (None, each.one, each.other)]
            found = find_same_people(load_people(self._ledger), apart)
            if home is None:
                return found
            here = {job.person_id for job in self._ledger.as_of(Employment, account_id=home)}
            return [each for each in found if here & {each.one, each.other}]

    def names(self, kind: str, ids: Collection[str]) -> dict[str, str]:
        """What people are called, with title and account, or accounts; by id."""
        _check_kind(kind)
        keys = sorted(set(ids))
        ledger = self._ledger
        if kind == ACCOUNT:
            return {row.id: row.name for row in ledger.as_of(Account, id=keys)}
        jobs = {job.person_id: job for job in ledger.as_of(Employment, person_id=keys)} if keys else {}
        homes = {
            row.id: row.name for row in ledger.as_of(Account, id=sorted({job.account_id for job in jobs.values()}))
        }
        people = {row.id: row.name or "–" for row in ledger.as_of(Person, id=keys)}
        where = {key: (jobs[key].title, homes.get(jobs[key].account_id)) if key in jobs else () for key in people}
        return {key: " · ".join(filter(None, (name, *where[key]))) for key, name in people.items()}

    def not_same(self, kind: str, one: str, other: str, *, edit_id: str | None = None) -> Edit:
        """Remember that two are not the same: they are no candidates any more."""
        _check_kind(kind)
        row = Person if kind == PERSON else Account
        keys = sorted({clean_key(one, kind), clean_key(other, kind)})
        if len(keys) < 2 or any(self._ledger.find(row, key) is None for key in keys):
            raise NotFound("merge.two", N_("Name two records that are here, by their ids."))
        fields: dict[str, Value] = {"kind": kind, "one_id": keys[0], "other_id": keys[1]}
        key = f"{keys[0]}:{keys[1]}"
        there = self._ledger.find(NotSame, key)
        return self._ledger.save([Change("not_same", key, fields, there.version if there else 0)], edit_id=edit_id)

    def maybe_same(self, kind: str, one: str, other: str, *, edit_id: str | None = None) -> Edit:
        """Forget that two are not the same."""
        _check_kind(kind)
        row = self._ledger.find(NotSame, ":".join(sorted((one, other))))
        changes = [] if row is None else [Change("not_same", row.id, {"is_void": 1}, row.version)]
        return self._ledger.save(changes, edit_id=edit_id)

    # Finding -------------------------------------------------------------------------------------------------------

    def _account(self, text: str) -> Account:
        row = self._ledger.find(Account, clean_key(text, "account"))
        if row is not None and row.merged_into:
            raise _merged_before(row.name, row.merged_into)
        return row or get_account(self._ledger, text)

    def _person(self, text: str, at: str | None) -> Person:
        key = clean_key(text, "person")
        row = self._ledger.find(Person, key)
        if row is None and at is not None:
            job = get_employment(self._ledger, get_account(self._ledger, at).id, key)
            row = self._ledger.find(Person, job.person_id)
        if row is None:
            raise NotFound(
                "merge.person",
                N_("No person '{name}' here. Give the person's id, or the account that they are at (--account)."),
                name=key,
            )
        if row.merged_into:
            raise _merged_before(row.name or row.id, row.merged_into)
        return row

    def _day(self, at: int) -> str:
        return local_day(at, self._zone).isoformat()

    def _name(self, kind: str, key: str) -> str:
        row = self._ledger.find(Person, key) if kind == PERSON else self._ledger.find(Account, key)
        return (row.name if row is not None else None) or "–"

    def _names(self, ids: Collection[str]) -> list[str]:
        """What these things are called: people and accounts by name, positions by account and role."""
        keys = sorted(ids)
        ledger = self._ledger
        people = {job.person_id for job in ledger.as_of(Employment, id=keys)} | set(keys)
        found = [row.name or "–" for row in ledger.as_of(Person, id=sorted(people))]
        found += [row.name for row in ledger.as_of(Account, id=keys)]
        slots = [(row.account_id, row.role) for row in ledger.as_of(Slot, id=keys)]
        slots += [(str(row.account_id), str(row.role)) for row in ledger.as_of(Commitment, id=keys)]
        found += [f"{self._name(ACCOUNT, account)}: {role}" for account, role in slots]
        return list(dict.fromkeys(found)) or keys


def _wrong_kind(kind: str) -> BadInput:
    return BadInput("merge.kind", N_("People and accounts can be merged; got {value}."), value=str(kind)[:40])


def _check_kind(kind: str) -> None:
    if kind not in (PERSON, ACCOUNT):
        raise _wrong_kind(kind)


def _check_two(keep: str, gone: str) -> None:
    if keep == gone:
        raise BadInput("merge.same", N_("Both are the same record already: {id}."), id=keep)


def _merged_before(name: str, into: str) -> BadInput:
    return BadInput("merge.before", N_("{name} was merged into {into} before; use that one."), name=name, into=into)

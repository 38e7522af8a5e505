"""What was changed in the standard, act by act: role lists, lists pinned to accounts, offerings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from coverage_kit.i18n import N_
from coverage_kit.role_lists.applying import read_keys
from coverage_kit.role_lists.model import RoleListBody, Words, read_body
from coverage_kit.store.entities import Account, Event, Offering, Row, RowT, Template


class ListAct(StrEnum):
    """What an act did to a list."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


class ListPart(StrEnum):
    """What of a list changed, other than which roles it has."""

    TITLE = "title"
    DEFAULT = "default"
    NO_DEFAULT = "no_default"
    WHOM = "whom"
    WINDOW = "window"
    WORDS = "words"


class OfferingAct(StrEnum):
    """What an act did to an offering."""

    ADDED = "added"
    RENAMED = "renamed"
    RETIRED = "retired"
    RESTORED = "restored"


#: What an act did to a list, what of it changed, and what was done to an offering, in words.
LIST_ACT_LABELS = {
    ListAct.ADDED: N_("new list"),
    ListAct.CHANGED: N_("edited"),
    ListAct.REMOVED: N_("list removed"),
}
LIST_PART_LABELS = {
    ListPart.TITLE: N_("renamed"),
    ListPart.DEFAULT: N_("now the default"),
    ListPart.NO_DEFAULT: N_("no longer the default"),
    ListPart.WHOM: N_("applies to other accounts"),
    ListPart.WINDOW: N_("other number of days"),
    ListPart.WORDS: N_("roles reworded or moved"),
}
OFFERING_ACT_LABELS = {
    OfferingAct.ADDED: N_("new offering {title}"),
    OfferingAct.RENAMED: N_("offering renamed to {title}"),
    OfferingAct.RETIRED: N_("offering {title} retired"),
    OfferingAct.RESTORED: N_("offering {title} offered again"),
}
ROLES_ADDED, ROLES_REMOVED = N_("added {roles}"), N_("removed {roles}")
PINNED, UNPINNED = N_("{account}: {lists} by hand"), N_("{account}: conditions decide again")


@dataclass(frozen=True, slots=True)
class ListChange:
    """What one act changed in one list.

    Attributes
    ----------
    key : str
    title : dict
        The list's title in each language.
    act : ListAct
    roles_added, roles_removed : tuple of dict
        Titles of roles in each language.
    parts : tuple of ListPart
    """

    key: str
    title: Words
    act: ListAct
    roles_added: tuple[Words, ...] = ()
    roles_removed: tuple[Words, ...] = ()
    parts: tuple[ListPart, ...] = ()


@dataclass(frozen=True, slots=True)
class PinChange:
    """The lists chosen by hand for an account; none where conditions decide again."""

    account: str
    name: str
    lists: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferingChange:
    """What one act did to an offering."""

    names: Words
    act: OfferingAct


@dataclass(slots=True)
class PastAct:
    """One act of the past.

    Attributes
    ----------
    at : int
        UTC milliseconds.
    actor, edit_id, why : str
    undoes : str or None
        The edit that it took back.
    lists : tuple of str
        Keys of the lists that an Apply was given.
    changes, pins, offerings : list
        What it changed in each list, for each account, in each offering.
    """

    at: int
    actor: str
    edit_id: str
    undoes: str | None
    why: str = ""
    lists: tuple[str, ...] = ()
    changes: list[ListChange] = field(default_factory=list)
    pins: list[PinChange] = field(default_factory=list)
    offerings: list[OfferingChange] = field(default_factory=list)


def past_acts(
    applied: Iterable[Event], lists: Sequence[Template], accounts: Sequence[Account], offerings: Sequence[Offering]
) -> list[PastAct]:
    """The acts that changed the standard, the last one first; what was taken back is left out.

    Parameters
    ----------
    applied : iterable of Event
        Every Apply.
    lists, accounts, offerings : sequence of row
        Every version of each of them, oldest first; accounts only as far as lists were ever pinned to them.
    """
    acts: dict[str, PastAct] = {}

    def act_of(row: Row) -> PastAct:
        return acts.setdefault(row.edit_id, PastAct(row.at, row.actor, row.edit_id, row.undoes))

    for event in applied:
        body = json.loads(event.body or "{}")
        act_of(event).why, act_of(event).lists = body["why"], tuple(body["lists"])
    for was, now in _steps(lists):
        if change := list_change(now.id, _body(was), _body(now)):
            act_of(now).changes.append(change)
    for was_pinned, account in _steps(accounts):
        pinned = read_keys(account.pinned_lists)
        if pinned != read_keys(was_pinned.pinned_lists if was_pinned else None):
            act_of(account).pins.append(PinChange(account.id, account.name, pinned))
            act_of(account).why = account.pinned_why or ""
    for before, offering in _steps(offerings):
        if made := _offering_change(before, offering):
            act_of(offering).offerings.append(made)
    return list(_not_taken_back(acts.values()))


def _steps(rows: Iterable[RowT]) -> Iterator[tuple[RowT | None, RowT]]:
    """Each version with the one before it."""
    last: RowT | None = None
    for row in rows:
        yield last if last is not None and last.id == row.id else None, row
        last = row


def _not_taken_back(acts: Iterable[PastAct]) -> Iterator[PastAct]:
    taken_back: set[str] = set()
    for act in sorted(acts, key=lambda each: -each.at):
        if act.edit_id in taken_back:
            continue
        if act.undoes:
            taken_back.add(act.undoes)
        else:
            yield act


def list_change(key: str, before: RoleListBody | None, after: RoleListBody | None) -> ListChange | None:
    """What changed between two versions of a list; None where nothing did.

    Parameters
    ----------
    key : str
    before, after : dict or None
        None where the list was not in force.
    """
    if before == after:
        return None
    if before is None or after is None:
        act = ListAct.REMOVED if after is None else ListAct.ADDED
        return ListChange(key, _title(key, after or before), act)
    was = {role["key"]: role for role in before["roles"]}
    now = {role["key"]: role for role in after["roles"]}
    return ListChange(
        key,
        _title(key, after),
        ListAct.CHANGED,
        roles_added=tuple(role["title"] for key, role in now.items() if key not in was),
        roles_removed=tuple(role["title"] for key, role in was.items() if key not in now),
        parts=tuple(_parts(before, after)),
    )


def _parts(before: RoleListBody, after: RoleListBody) -> Iterator[ListPart]:
    if before.get("title") != after.get("title"):
        yield ListPart.TITLE
    if bool(before.get("default")) != bool(after.get("default")):
        yield ListPart.DEFAULT if after.get("default") else ListPart.NO_DEFAULT
    if (before.get("kind"), before.get("applies_to")) != (after.get("kind"), after.get("applies_to")):
        yield ListPart.WHOM
    if before["freshness_days"] != after["freshness_days"]:
        yield ListPart.WINDOW
    keys = {role["key"] for role in before["roles"]} & {role["key"] for role in after["roles"]}
    kept = [[role for role in body["roles"] if role["key"] in keys] for body in (before, after)]
    if kept[0] != kept[1]:
        yield ListPart.WORDS


def _offering_change(before: Offering | None, now: Offering) -> OfferingChange | None:
    names: Words = json.loads(now.name)
    if before is None or before.is_void:
        return OfferingChange(names, OfferingAct.ADDED)
    if before.active != now.active:
        return OfferingChange(names, OfferingAct.RESTORED if now.active else OfferingAct.RETIRED)
    return OfferingChange(names, OfferingAct.RENAMED) if before.name != now.name else None


def _body(row: Template | None) -> RoleListBody | None:
    if row is None or row.is_void:
        return None
    return read_body(row.body)


def _title(key: str, body: RoleListBody | None) -> Words:
    own = body.get("title") if body else None
    return own or Words(ko=key, en=key)

"""Role lists come into force, and are pinned to single accounts; history keeps what was in force before.

The first Apply of a workspace is an event: from then on conditions decide which lists an account is under.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from coverage_kit.domain.identifiers import clean_key, clean_text
from coverage_kit.domain.vocabulary import AccountStatus, EventKind
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.role_lists.applying import LISTS_APPLIED
from coverage_kit.role_lists.checking import checked_body, checked_names
from coverage_kit.role_lists.merging import RoleLists
from coverage_kit.role_lists.model import ListKind, RoleList, read_body
from coverage_kit.rules.lookup import role_lists
from coverage_kit.rules.offerings import offering_keys
from coverage_kit.store import Change, Ledger
from coverage_kit.store.entities import Account, Event, Template, Value


@dataclass(frozen=True)
class Applied:
    """What applying role lists would write.

    Attributes
    ----------
    changed : tuple of str
        The lists that are new or change.
    changes : list of Change
        Empty where all is in force already.
    unused : tuple of str
        Given lists that apply to no account.
    """

    changed: tuple[str, ...]
    changes: list[Change]
    unused: tuple[str, ...]


def applied_lists(
    ledger: Ledger,
    given: Sequence[RoleList],
    *,
    default: str,
    why: str = "",
    removed: Collection[str] = (),
    seen: Mapping[str, int] | None = None,
) -> Applied:
    """What would bring role lists into force, in one edit?

    Parameters
    ----------
    ledger : Ledger
    given : sequence of RoleList
        Lists that are not among them stay in force as they are.
    default : str
        Key of the list that becomes the default where none is marked so (version 0.1.0 named it in the config).
    why : str
        One line.
    removed : collection of str
        Keys of lists that are in force no more.
    seen : mapping, optional
        By key the version of a list that its author saw; 0 for one that must be new.

    Raises
    ------
    BadInput
        A list was given twice, holds a role or a title of two roles twice, two lists are the default, or the default is
        removed and no other list takes its place.
    NotFound
        A list to remove is not in force.
    """
    lists, changes = _with_offerings(ledger, [checked_body(each) for each in given])
    stored = {row.id: row for row in ledger.as_of(Template)}
    seen = seen or {}
    changes += _removals(stored, removed, seen)
    bodies = {key: row.body for key, row in stored.items() if key not in removed}
    _mark_default(lists, bodies, default)
    if any(json.loads(stored[key].body).get("default") for key in removed) and not _defaults(lists, bodies):
        raise BadInput(
            "roles.default_removed",
            N_(
                "The default list applies wherever no other does. Mark another list as the default, then remove this one."
            ),
        )
    changed = tuple(
        key for key, each in lists.items() if key not in stored or stored[key].source_hash != each.source_hash
    )
    for key in changed:
        _check_titles(lists[key], bodies.get(key))
        bodies[key] = json.dumps(lists[key].body(), ensure_ascii=False)
        fields: dict[str, Value] = {"body": bodies[key], "source_hash": lists[key].source_hash}
        changes.append(Change("template", key, fields, seen.get(key)))
    if changed or removed or ledger.find(Event, LISTS_APPLIED) is None:
        hashes = {key: each.source_hash for key, each in lists.items()}
        body = json.dumps(
            {"why": clean_text(why, "why"), "lists": hashes, **({"removed": sorted(removed)} if removed else {})},
            ensure_ascii=False,
        )
        changes.append(Change("event", LISTS_APPLIED, {"kind": EventKind.LISTS_APPLIED.value, "body": body}))
    after = RoleLists(bodies.items(), is_applied=True)
    used = {key for row in ledger.as_of(Account) if row.status == AccountStatus.ACTIVE for key in after.keys_of(row)}
    return Applied(changed, changes, tuple(each.key for each in given if each.key not in used))


def check_used(ledger: Ledger, given: Sequence[RoleList], applied: Applied) -> None:
    """Refuse base lists that apply to no account although there are accounts: their conditions probably contain a typo.

    The default waits for accounts that no other list describes.

    Raises
    ------
    BadInput
    """
    slips = [
        each.key for each in given if each.key in applied.unused and each.kind == ListKind.BASE and not each.default
    ]
    if slips and ledger.columns(Account, ("id",)):
        raise BadInput(
            "roles.unused",
            N_("The role list '{key}' applies to no account; check its conditions, or apply it with --unused."),
            key=slips[0],
        )


def check_default_stays(ledger: Ledger, edit_id: str) -> None:
    """Refuse to take back an Apply after which no list would be the default, as the very first one of a workspace.

    Raises
    ------
    BadInput
    """
    applied = ledger.history(Event, LISTS_APPLIED)
    after: dict[str, Template] = {}
    for row in ledger.histories(Template):
        if row.edit_id != edit_id:
            after[row.id] = row
    left = [row for row in after.values() if not row.is_void]
    # Before the first Apply no list is marked: accounts keep the lists they got when they were made.
    is_first = bool(applied) and applied[-1].edit_id == applied[0].edit_id == edit_id
    if not left or not (is_first or any(json.loads(row.body).get("default") for row in left)):
        raise BadInput(
            "roles.no_default_left",
            N_("Without this act no role list would be the default. Mark another list as the default first."),
        )


def pinned_lists(ledger: Ledger, accounts: Sequence[Account], lists: Sequence[str], why: str) -> list[Change]:
    """The rows that pin role lists to accounts by hand, whatever their conditions say; no lists take the pin off.

    Raises
    ------
    NotFound
        No such list is in force.
    BadInput
        There is no reason.
    """
    keys = list(dict.fromkeys(clean_key(each, "role list") for each in lists))
    known = role_lists(ledger).bodies
    unknown = [key for key in keys if key not in known]
    if unknown:
        raise NotFound(
            "roles.unknown",
            N_("No role list '{name}' is in force; known are: {known}."),
            name=unknown[0],
            known=sorted(known),
        )
    reason = clean_text(why, "why")
    if keys and not reason:
        raise BadInput("roles.why", N_("Say in one line why these lists are chosen by hand."))
    stored = json.dumps(keys) if keys else None
    fields: dict[str, Value] = {"pinned_lists": stored, "pinned_why": reason or None}
    return [Change("account", account.id, fields, account.version) for account in accounts]


def _removals(stored: Mapping[str, Template], removed: Collection[str], seen: Mapping[str, int]) -> list[Change]:
    changes = []
    for key in removed:
        if key not in stored:
            raise NotFound(
                "roles.unknown",
                N_("No role list '{name}' is in force; known are: {known}."),
                name=key,
                known=sorted(stored),
            )
        if seen.get(key, stored[key].version) != stored[key].version:
            raise BadInput(
                "roles.changed",
                N_("Somebody changed the role list '{key}' after you opened it. Look at it again."),
                key=key,
            )
        changes.append(Change("template", key, {"is_void": 1}, seen.get(key)))
    return changes


def _check_titles(one: RoleList, stored: str | None) -> None:
    """Refuse a title of two roles, but not where the roles have stood so since an earlier version."""
    if stored is None or read_body(stored)["roles"] != one.body()["roles"]:
        checked_names(one, one.key)


def _with_offerings(ledger: Ledger, given: Sequence[RoleList]) -> tuple[dict[str, RoleList], list[Change]]:
    """The lists by key, their offerings named by key; and the rows that enter offerings that are new."""
    # An offering that names its own list gets that list's title.
    titles = {each.key: (each.title.ko, each.title.en) for each in given}
    _, new = offering_keys(ledger, [text for each in given for text in each.applies_to.offerings], titles)
    lists: dict[str, RoleList] = {}
    for each in given:
        if each.key in lists:
            raise BadInput("roles.given_twice", N_("The role list '{key}' is given twice; keep one."), key=each.key)
        keys, _ = offering_keys(ledger, each.applies_to.offerings)
        lists[each.key] = each.model_copy(update={"applies_to": each.applies_to.model_copy(update={"offerings": keys})})
    return lists, new


def _mark_default(lists: dict[str, RoleList], stored: dict[str, str], default: str) -> None:
    """Mark the default list where none is marked."""
    marked = _defaults(lists, stored)
    if len(marked) > 1:
        raise BadInput(
            "roles.defaults", N_("Two role lists are marked as the default: {keys}; keep one."), keys=sorted(marked)
        )
    if marked:
        return
    if default not in lists and default in stored:
        lists[default] = RoleList.model_validate({"key": default, **json.loads(stored[default])})
    if default in lists:
        lists[default] = lists[default].model_copy(update={"default": True})


def _defaults(lists: Mapping[str, RoleList], stored: Mapping[str, str]) -> set[str]:
    """The lists that are marked as the default, among those given and those that stay in force."""
    marked = {key for key, each in lists.items() if each.default}
    return marked | {key for key, body in stored.items() if key not in lists and json.loads(body).get("default")}

"""Which required roles may titles mean here, and which titles has this workspace learned for a role?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from coverage_kit.domain.identifiers import clean_key
from coverage_kit.domain.vocabulary import SlotStatus
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.role_lists.titles import LearnedCounts, TitleMatcher, TitleRoles, learned_key, title_key_of
from coverage_kit.rules.lookup import role_lists
from coverage_kit.store import Change, Ledger
from coverage_kit.store.entities import Employment, RefusedTitle, Slot


@dataclass(frozen=True, slots=True)
class LearnedTitle:
    """A title that suggests a role because people of that title hold it here.

    Attributes
    ----------
    role, title : str
        Key of the role, and the title as most of them have it.
    n : int
        How many people of that title hold the role now.
    is_refused : bool
        Somebody took it out: it suggests the role no more.
    """

    role: str
    title: str
    n: int
    is_refused: bool


def suggest_roles(ledger: Ledger, titles: Iterable[str], *, role_list: str | None = None) -> list[TitleRoles]:
    """The roles that each title may mean, in the order of the titles.

    Raises
    ------
    BadInput
        A title is not a text.
    NotFound
        No such role list.
    """
    bodies = role_lists(ledger).bodies
    if role_list is not None and role_list not in bodies:
        raise NotFound(
            "roles.unknown",
            N_("No role list '{name}' is in force; known are: {known}."),
            name=role_list,
            known=sorted(bodies),
        )
    matcher = TitleMatcher(
        bodies.values() if role_list is None else [bodies[role_list]], _counts(learned_titles(ledger))
    )
    return [matcher.suggest(_as_title(title)) for title in titles]


def learned_titles(ledger: Ledger) -> list[LearnedTitle]:
    """Which titles do people have who hold a required role? By role, the most frequent first.

    Nothing is stored for it: a name that a person writes into a position, with its title, is the confirmation. Ranks
    alone (부장) and titles of former holders or assistants teach nothing.
    """
    slots = ledger.columns(Slot, ("role", "employment_id", "status"))
    held = [(role, job) for role, job, status in slots if job and status == SlotStatus.OPEN]
    jobs = {job for _, job in held}
    titles = dict(ledger.columns(Employment, ("id", "title"), id=sorted(jobs))) if jobs else {}
    spellings: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    keys = {title: learned_key(title) for title in {*titles.values()} if title}
    for role, job in held:
        title = titles.get(job)
        if title and keys[title]:
            spellings[role, keys[title]][title] += 1
    refused = {(row.role, row.title) for row in ledger.as_of(RefusedTitle)}
    found = [
        LearnedTitle(role, own.most_common(1)[0][0], own.total(), (role, key) in refused)
        for (role, key), own in spellings.items()
    ]
    return sorted(found, key=lambda one: (one.role, -one.n, one.title))


def learned_counts(ledger: Ledger) -> LearnedCounts:
    """By key of a title, the roles that people of that title hold here, and how many they are."""
    return _counts(learned_titles(ledger))


def _counts(learned: Iterable[LearnedTitle]) -> LearnedCounts:
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for one in learned:
        if not one.is_refused:
            counts[title_key_of(one.title)][one.role] = one.n
    return counts


def refusal(ledger: Ledger, role: str, title: str, *, is_refused: bool) -> list[Change]:
    """The rows that take a learned title out of a role, or let it suggest the role again.

    Raises
    ------
    NotFound
        Nobody of that title holds the role.
    """
    key = title_key_of(clean_key(title, "title"))
    learned = {(one.role, title_key_of(one.title)): one for one in learned_titles(ledger)}
    one = learned.get((role, key))
    if one is None:
        raise NotFound(
            "title.not_learned", N_("Nobody with the title '{title}' holds {role} here."), title=title, role=role
        )
    row_id = f"{role}:{key}"
    present = ledger.find(RefusedTitle, row_id)
    if is_refused == (present is not None):
        return []
    versions = ledger.history(RefusedTitle, row_id)
    base = versions[-1].version if versions else 0
    fields: dict[str, str | int | float | None] = {
        "role": role,
        "title": key,
        "n": one.n,
        "is_void": int(not is_refused),
    }
    return [Change("refused_title", row_id, fields, base=base)]


def _as_title(title: object) -> str:
    if not isinstance(title, str):
        raise BadInput("title.text", N_("A title is a text; got {value}."), value=repr(title)[:40])
    return title

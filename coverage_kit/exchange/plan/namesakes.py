"""Rows of one name at one account: which of the people there is each, where evidence says so and never by a guess."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from coverage_kit.exchange.plan.cells import phone_digits


class Reach(NamedTuple):
    """How a person can be reached: what tells two people of one name apart."""

    email: str = ""
    phone: str = ""

    @classmethod
    def of(cls, email: str | None, phone: str | None) -> Reach:
        """From what is written: case does not count in an e-mail, nor signs or Korea's +82 in a number."""
        return cls(email.casefold() if email else "", phone_digits(phone) if phone else "")


def match_namesakes(rows: Sequence[Reach], known: Sequence[Reach], taken: Collection[int] = ()) -> list[int | None]:
    """Whom does each row mean?

    Rows with an e-mail are looked at first, then those with a phone, then those with neither, so that the answer does
    not hang on their order in the file, and the same rows again give the same answer.

    Parameters
    ----------
    rows : sequence of Reach
        The rows of one name at one account.
    known : sequence of Reach
        The people of that name known there.
    taken : collection of int
        Positions of those whom another row of the file already is.

    Returns
    -------
    list of int or None
        Position of a known person; from ``len(known)`` on a new person, the same number the same one; None where it
        could be one of several.
    """
    people = list(known)
    is_only = len(rows) == 1 and len(known) == 1 and not taken
    emails = {row.email for row in rows if row.email}
    found: dict[Reach, int | None] = {}
    # Rows that are the same mean the same person, so each is looked at once.
    for row in sorted(dict.fromkeys(rows), key=lambda row: (not row.email, not row.phone)):
        which = found[row] = _match_one(row, people, emails, is_only=is_only)
        if which is None:
            continue
        if which == len(people):
            people.append(row)
        else:
            had = people[which]
            people[which] = Reach(had.email or row.email, had.phone or row.phone)
    return [found[row] for row in rows]


def _match_one(row: Reach, people: list[Reach], emails: Collection[str], *, is_only: bool) -> int | None:
    new = len(people)
    same_email = [i for i, one in enumerate(people) if row.email and one.email == row.email]
    if same_email:
        return same_email[0]
    same_phone = [i for i, one in enumerate(people) if row.phone and one.phone == row.phone]
    if is_only and same_phone:
        return 0
    open_to = [i for i, one in enumerate(people) if not (row.email and one.email)]
    by_phone = [i for i in same_phone if i in open_to]
    if by_phone:
        return by_phone[0] if len(by_phone) == 1 else None
    if not open_to:
        return new
    if len(people) == 1:
        several = row.email and len(emails) > 1
        another = row.phone and people[0].phone and not is_only
        return new if several or another else 0
    if row.email or (row.phone and all(people[i].phone for i in open_to)):
        return new
    return None

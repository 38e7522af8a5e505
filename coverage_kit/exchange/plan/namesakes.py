"""Rows of one name at one account: which of the people there is each, where evidence says so and never by a guess."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

_NO_DIGIT = re.compile(r"\D+")


class Reach(NamedTuple):
    """How a person can be reached: what tells two people of one name apart."""

    email: str = ""
    phone: str = ""

    @classmethod
    def of(cls, email: str | None, phone: str | None) -> Reach:
        """From what is written: case does not count in an e-mail, nor signs or Korea's +82 in a number."""
        digits = ""
        if phone:
            digits = _NO_DIGIT.sub("", phone)
            if phone.startswith("+82"):
                digits = "0" + digits[2:].removeprefix("0")
            if digits == digits[:1] * len(digits):
                digits = ""  # 000-0000-0000 reaches nobody.
        return cls(email.casefold() if email else "", digits)


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
    found: list[int | None] = [None] * len(rows)
    for i in sorted(range(len(rows)), key=lambda i: (not rows[i].email, not rows[i].phone)):
        which = _match_one(rows[i], people, rows, taken, n_known=len(known))
        if which is None:
            continue
        found[i] = which
        if which == len(people):
            people.append(rows[i])
        else:
            had = people[which]
            people[which] = Reach(had.email or rows[i].email, had.phone or rows[i].phone)
    return found


def _match_one(
    row: Reach, people: list[Reach], rows: Sequence[Reach], taken: Collection[int], *, n_known: int
) -> int | None:
    new = len(people)
    same_email = [i for i, one in enumerate(people) if row.email and one.email == row.email]
    if same_email:
        return same_email[0]
    same_phone = [i for i, one in enumerate(people) if row.phone and one.phone == row.phone]
    is_alone = len(rows) == 1 and n_known == 1 and not taken
    if is_alone and same_phone:
        return 0
    open_to = [i for i, one in enumerate(people) if not (row.email and one.email)]
    by_phone = [i for i in same_phone if i in open_to]
    if by_phone:
        return by_phone[0] if len(by_phone) == 1 else None
    if not open_to:
        return new
    if len(people) == 1:
        emails = {other.email for other in rows if other.email}
        several = row.email and len(emails) > 1
        another = row.phone and people[0].phone and not is_alone
        return new if several or another else 0
    if row.email or (row.phone and all(people[i].phone for i in open_to)):
        return new
    return None

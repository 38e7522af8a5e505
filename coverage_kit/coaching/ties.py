"""How the people of an account stand to each other, where it is known: who reports to whom, who influences whom, who is at odds.

One superior a person, and nobody above themselves; who left is in no tie, though the tie is kept and comes back with
an undo.  Source: the data model, section 2 (docs/architecture.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.vocabulary import TieKind
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.rules.people import is_gone
from coverage_kit.rules.slots import as_word, get_account, no_person, one_employment
from coverage_kit.store import Change, Edit


@dataclass(frozen=True)
class Tie:
    """Two people of an account, by their employments; being at odds has no direction.

    ``version`` is what a change of it is based on.
    """

    id: str
    kind: TieKind
    source: str
    target: str
    version: int


def present_ties(
    rows: Iterable[Mapping[str, Any]], employments: Mapping[str, Mapping[str, Any]], day: date
) -> list[Tie]:
    """The ties between people who are at the account on a day.

    Parameters
    ----------
    rows : iterable of mapping
        Tie rows as of the instant.
    employments : mapping
        The account's employments as of the instant, by id.
    day : date
        The local day of the instant.
    """
    here = {key for key, job in employments.items() if not is_gone(job, day)}
    ties = [
        Tie(row["id"], TieKind(row["kind"]), row["from_employment"], row["to_employment"], row["version"])
        for row in rows
    ]
    return [tie for tie in ties if tie.source in here and tie.target in here]


def tie_change(account: str, kind: TieKind, source: str, target: str, base: int | None = None) -> Change:
    """The row that writes a tie down.

    Its id is natural, so that no tie is there twice and everybody has one superior at the most; being at odds has no
    direction.
    """
    if kind is TieKind.AT_ODDS:
        source, target = sorted((source, target))
    key = f"{source}:{kind}" if kind is TieKind.REPORTS_TO else f"{source}:{kind}:{target}"
    fields = {"account_id": account, "from_employment": source, "to_employment": target, "kind": kind.value}
    return Change("tie", key, fields, base)


class Ties:
    """The relationship picture of the accounts, tie by tie."""

    def __init__(self, context: CoachingContext) -> None:
        self._context = context

    def find(self, account: str, at: int | None = None) -> list[Tie]:
        """The ties of an account (key or name) between people who are there, now or as of an instant."""
        context = self._context
        key = get_account(context.ledger, account)["id"]
        jobs = {job["id"]: job for job in context.ledger.as_of("employment", at, account_id=key)}
        day = context.today() if at is None else context.day(at)
        return present_ties(context.ledger.as_of("tie", at, account_id=key), jobs, day)

    def add(
        self,
        person: str,
        kind: str,
        other: str,
        account: str,
        *,
        base: int | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """Write down that a person reports to, influences or is at odds with another one of the account.

        Naming another superior replaces the one before; the same tie again writes nothing.

        Parameters
        ----------
        person, other : str
            Id or name of people who are there.
        kind : str
            ``reports_to``, ``influences`` or ``at_odds``.
        account : str
            Key or name.
        base : int, optional
            The version of the tie the user saw, 0 for none; a superior whom somebody else named since is a conflict.
        edit_id : str, optional

        Raises
        ------
        BadInput
            A person to themselves, or above somebody they report to.
        Conflict
            Somebody named another superior meanwhile.
        NotFound
            Somebody who is not there now.
        """
        key = get_account(self._context.ledger, account)["id"]
        word = as_word(TieKind, kind, "tie")
        source, target = self._present(person, key), self._present(other, key)
        if source == target:
            raise BadInput("tie.self", N_("A tie is between two people; choose another person."))
        if word is TieKind.REPORTS_TO:
            self._check_no_circle(source, target, key)
        change = tie_change(key, word, source, target, base)
        if base == 0:
            change = change._replace(base=self._unseen(change.id))
        return self._context.ledger.save([change], edit_id=edit_id)

    def remove(
        self, tie: str, *, account: str | None = None, base: int | None = None, edit_id: str | None = None
    ) -> Edit:
        """Take a tie (id) back; as of earlier instants it stays.

        Parameters
        ----------
        tie : str
        account : str, optional
            Key of the account it is looked for at; a tie of another one is none there.
        base : int, optional
            The version the user saw; a superior whom somebody else named since is a conflict, and stays.
        edit_id : str, optional

        Raises
        ------
        Conflict, NotFound
        """
        rows = {row["version"]: row for row in self._context.ledger.history("tie", tie)}
        if not rows or account not in (None, *(row["account_id"] for row in rows.values())):
            raise NotFound("tie.unknown", N_("There is no such tie; look at the picture again."))
        seen = rows.get(base or 0)
        # Named with it is whom the user saw there, so that somebody else's is not taken out unseen.
        told = {"to_employment": seen["to_employment"]} if seen else {}
        return self._context.ledger.save([Change("tie", tie, {"is_void": 1, **told}, base)], edit_id=edit_id)

    def _unseen(self, tie: str) -> int:
        """The version of a tie that nobody can have seen, since one of the two is gone; else 0."""
        row = next(iter(self._context.ledger.as_of("tie", id=tie)), None)
        if row is None:
            return 0
        jobs = self._context.ledger.as_of("employment", id=[row["from_employment"], row["to_employment"]])
        is_seen = len(jobs) == 2 and not any(is_gone(job, self._context.today()) for job in jobs)
        return 0 if is_seen else int(row["version"])

    def _present(self, person: str, account: str) -> str:
        job = one_employment(self._context.ledger, account, person)
        if job is None or is_gone(job, self._context.today()):
            raise no_person(account)
        return str(job["id"])

    def _check_no_circle(self, source: str, target: str, account: str) -> None:
        """Whoever stands above the target must not report to the source in the end."""
        above = {tie.source: tie.target for tie in self.find(account) if tie.kind is TieKind.REPORTS_TO}
        line = [target]
        while line[-1] in above and line[-1] != source and above[line[-1]] not in line:
            line.append(above[line[-1]])
        if line[-1] == source:
            raise BadInput(
                "tie.circle",
                N_(
                    "That would be a circle: the one named above reports, directly or through others, to this person."
                    " Take one of those ties out first."
                ),
            )

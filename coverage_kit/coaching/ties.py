"""Ties between the people of an account: reports to, influences, at odds with.

A person has one superior at most, and nobody stands above themselves. People who have left have no ties; the rows stay
and count again after an undo.  Source: the data model, section 2 (docs/architecture.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.vocabulary import TieKind
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.role_lists.slot_state import is_gone
from coverage_kit.rules.inputs import as_word
from coverage_kit.rules.lookup import find_employment, get_account, no_person
from coverage_kit.rules.verification import still_there
from coverage_kit.store import Change, Edit, entities
from coverage_kit.store.entities import Employment, Value


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


def present_ties(rows: Iterable[entities.Tie], jobs: Mapping[str, Employment], day: date) -> list[Tie]:
    """The ties between people who are at the account on a day.

    Parameters
    ----------
    rows : iterable of entities.Tie
        As of the instant.
    jobs : mapping
        The account's employments as of the instant, by id.
    day : date
        The local day of the instant.
    """
    here = {key for key, job in jobs.items() if not is_gone(job, day)}
    ties = [Tie(row.id, TieKind(row.kind), row.from_employment, row.to_employment, row.version) for row in rows]
    return [tie for tie in ties if tie.source in here and tie.target in here]


def tie_change(account: str, kind: TieKind, source: str, target: str, base: int | None = None) -> Change:
    """The row that records a tie.

    Its id is natural: no tie is stored twice, and everybody has one superior at most. Being at odds has no direction.
    """
    if kind is TieKind.AT_ODDS:
        source, target = sorted((source, target))
    key = f"{source}:{kind}" if kind is TieKind.REPORTS_TO else f"{source}:{kind}:{target}"
    fields: dict[str, Value] = {"account_id": account, "kind": kind.value}
    fields |= {"from_employment": source, "to_employment": target}
    return Change("tie", key, fields, base)


class Ties:
    """The relationship picture of the accounts, tie by tie."""

    def __init__(self, context: CoachingContext) -> None:
        self._context = context

    def find(self, account: str, at: int | None = None) -> list[Tie]:
        """The ties of an account (key or name) between people who are there, now or as of an instant."""
        context = self._context
        key = get_account(context.ledger, account).id
        jobs = {job.id: job for job in context.ledger.as_of(Employment, at, account_id=key)}
        day = context.today() if at is None else context.day(at)
        return present_ties(context.ledger.as_of(entities.Tie, at, account_id=key), jobs, day)

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
        """Record that a person reports to, influences or is at odds with another one of the account.

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
            The version of the tie the user saw, 0 for none; if somebody else has named a superior since, it is a conflict.
        edit_id : str, optional

        Raises
        ------
        BadInput
            A person to themselves, or above somebody they report to.
        Conflict
            Somebody has named another superior since.
        NotFound
            Somebody who is not there now.
        """
        key = get_account(self._context.ledger, account).id
        word = as_word(TieKind, kind, "tie")
        jobs = [self._present(person, key), self._present(other, key)]
        source, target = (job.id for job in jobs)
        if source == target:
            raise BadInput("tie.self", N_("A tie is between two people; choose another person."))
        if word is TieKind.REPORTS_TO:
            self._check_no_circle(source, target, key)
        change = tie_change(key, word, source, target, base)
        if base == 0:
            change = change._replace(base=self._unseen(change.id))
        return self._context.ledger.save([*map(still_there, jobs), change], edit_id=edit_id)

    def remove(
        self, tie: str, *, account: str | None = None, base: int | None = None, edit_id: str | None = None
    ) -> Edit:
        """Remove a tie (id); it stays in the past.

        Parameters
        ----------
        tie : str
        account : str, optional
            Key of its account; a tie of another account is not found.
        base : int, optional
            The version the user saw; if somebody else has named another superior since, it is a conflict.
        edit_id : str, optional

        Raises
        ------
        Conflict, NotFound
        """
        rows = {row.version: row for row in self._context.ledger.history(entities.Tie, tie)}
        if not rows or account not in (None, *(row.account_id for row in rows.values())):
            raise NotFound("tie.unknown", N_("There is no such tie; look at the picture again."))
        seen = rows.get(base or 0)
        fields: dict[str, Value] = {"is_void": 1}
        if seen:
            # The change names the superior whom the user saw, so that another one is not removed unseen.
            fields["to_employment"] = seen.to_employment
        return self._context.ledger.save([Change("tie", tie, fields, base)], edit_id=edit_id)

    def _unseen(self, tie: str) -> int:
        """The version of a tie that nobody can have seen because one of the two has left; else 0."""
        row = self._context.ledger.find(entities.Tie, tie)
        if row is None:
            return 0
        jobs = self._context.ledger.as_of(Employment, id=[row.from_employment, row.to_employment])
        is_seen = len(jobs) == 2 and not any(is_gone(job, self._context.today()) for job in jobs)
        return 0 if is_seen else row.version

    def _present(self, person: str, account: str) -> Employment:
        job = find_employment(self._context.ledger, account, person)
        if job is None or is_gone(job, self._context.today()):
            raise no_person(account)
        return job

    def _check_no_circle(self, source: str, target: str, account: str) -> None:
        """Refuse a tie whose target reports, directly or through others, to its source."""
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

"""A person leaves, retires or moves: the employment ends, and somebody is asked to find the successor."""

from __future__ import annotations

from datetime import date

from coverage_kit.domain.vocabulary import EndKind
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.rules.commitments import successor_changes
from coverage_kit.rules.inputs import as_day, as_word
from coverage_kit.rules.lookup import find_employment, get_employment
from coverage_kit.store import Change, Ledger, new_id
from coverage_kit.store.entities import Account, Employment, Value


def departure_changes(
    ledger: Ledger,
    person: str,
    account: Account,
    *,
    kind: str,
    today: date,
    ended_on: str | date | None = None,
    moved_to: str | None = None,
    seen: int | None = None,
) -> list[Change]:
    """The rows that record that a person is gone: the employment, a new one where they moved to, the search for a successor.

    Slots are not written: the ladder sees the employment, and all roles of the person go dark at once.

    Parameters
    ----------
    ledger : Ledger
        Read for what is there now.
    person : str
        Id or name of somebody employed at the account.
    account : Account
        The account left.
    kind : str
        ``left``, ``retired`` or ``moved``.
    today : date
    ended_on : str or date, optional
        First day gone; may be unknown or ahead.
    moved_to : str, optional
        Id of the account the person moved to; a person who is there already gets no second employment.
    seen : int, optional
        The version of the employment that the user saw; a departure that somebody recorded since is a conflict.
    """
    job = get_employment(ledger, account.id, person)
    fields: dict[str, Value] = {
        "end_kind": as_word(EndKind, kind, "kind").value,
        "ended_on": day_there(job, ended_on, "ended_on"),
        "moved_to": moved_to,
    }
    changes = [Change("employment", job.id, fields, base=job.version if seen is None else seen)]
    there = None if moved_to is None else find_employment(ledger, moved_to, job.person_id)
    if moved_to is not None and (there is None or there.end_kind is not None):
        new: dict[str, Value] = {"person_id": job.person_id, "account_id": moved_to}
        changes.append(Change("employment", new_id("em"), new, base=0))
    return [*changes, *successor_changes(ledger, account, job, today)]


def day_there(job: Employment, value: str | date | None, field: str) -> str | None:
    """A day of a person at an account, as the ledger keeps it; None if none is given.

    Raises
    ------
    BadInput
        Not a day, or before the person began there.
    """
    day = as_day(value, field)
    if day is not None and day < (job.started_on or ""):
        raise BadInput(
            "employment.before_start",
            N_("{day} is before this person began there ({started}); look at the day again."),
            day=day,
            started=job.started_on,
        )
    return day

"""The JSON in ``session.body``, written and read only here. It names things by id."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum

from pydantic import TypeAdapter

from coverage_kit.domain.coaching import SessionKind


class Step(StrEnum):
    """The steps of sessions, by the names that the ledger keeps."""

    CLAIMS = "claims"
    EARLIER_COMMITMENTS = "promises"
    ACCOUNTS = "accounts"
    ROUND = "round"
    BLIND_ROLE = "blind_role"
    SWEEP = "sweep"
    CONTACTS = "contacts"
    COMMITMENTS = "commitments"
    READ_BACK = "read_back"


#: The steps of each kind of session, in their order; nothing that shows numbers comes before the claims.
STEPS: dict[SessionKind, tuple[Step, ...]] = {
    SessionKind.ONE: (Step.EARLIER_COMMITMENTS, Step.ACCOUNTS, Step.COMMITMENTS, Step.READ_BACK),
    SessionKind.GROUP: (
        Step.CLAIMS,
        Step.ROUND,
        Step.BLIND_ROLE,
        Step.SWEEP,
        Step.COMMITMENTS,
        Step.READ_BACK,
    ),
    SessionKind.FIRST: (Step.CLAIMS, Step.CONTACTS, Step.COMMITMENTS, Step.READ_BACK),
}


@dataclass(frozen=True)
class SweepLine:
    """One person of a sweep: their account, employment, and the roles whose check is due."""

    account: str
    employment: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class SessionBody:
    """What one rep's row of a session keeps.

    Attributes
    ----------
    steps : tuple of Step
    reps : tuple of str
        All reps of the session.
    accounts : tuple of str
        Accounts to go through, chosen when the session began.
    opened : tuple of str
        Accounts gone through so far.
    contacts : str or None
        The account whose contact list a first session goes through.
    marks : dict
        Person to what the rep said about them.
    done, stuck : str or None
        Ids of the notes of the round.
    sweep : tuple of SweepLine or None
        None until the step is first reached.
    sweep_at : int
        When the sweep began (UTC milliseconds).
    """

    steps: tuple[Step, ...]
    reps: tuple[str, ...]
    accounts: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    contacts: str | None = None
    marks: dict[str, str] | None = None
    done: str | None = None
    stuck: str | None = None
    sweep: tuple[SweepLine, ...] | None = None
    sweep_at: int = 0

    def as_json(self) -> str:
        """The JSON that the ledger keeps; what is not set is left out."""
        kept = {name: value for name, value in asdict(self).items() if value not in (None, (), 0)}
        if self.sweep == ():
            kept["sweep"] = ()
        return _DICT.dump_json(kept).decode()


_BODY = TypeAdapter(SessionBody)
_DICT = TypeAdapter(dict[str, object])


def read_body(text: str) -> SessionBody:
    """The body of a session's row."""
    return _BODY.validate_json(text)

"""The coach prepares: one page per rep before the hour, when the hour is, and a note for the coach alone.

Source: the method, sections 5 and 6 (docs/reference/method.md).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict, cast

import pandas as pd

from coverage_kit.coaching.agenda import AgendaEntry
from coverage_kit.coaching.calendar import planned_hour
from coverage_kit.coaching.commitments.draft import Commitment
from coverage_kit.coaching.context import CoachingContext, person_label
from coverage_kit.coaching.terms import Terms
from coverage_kit.domain.coaching import Outcome, SessionKind
from coverage_kit.domain.identifiers import clean_text
from coverage_kit.domain.vocabulary import Cause
from coverage_kit.domain.week import Week
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.measures import began, cleaned, movement
from coverage_kit.measures.checks import checks_made, draw
from coverage_kit.store import Change, Edit, entities
from coverage_kit.store.entities import Value

if TYPE_CHECKING:
    from coverage_kit.coaching import Coaching

#: Sessions that the history shows.
_SESSIONS = 12


@dataclass(frozen=True)
class DrawnCheck:
    """A check of last week that the hour comes back to: what did this person say?"""

    account: str
    account_name: str
    person: str
    question: str
    verified_on: date
    verified_how: str | None


class _CheckMade(TypedDict):
    """A row of ``measures.checks_made``."""

    account: str
    account_name: str
    person: str
    holder: str | None
    title: str | None
    verified_on: pd.Timestamp
    verified_how: str | None


@dataclass(frozen=True)
class Held:
    """A session that a rep had: its last day, and what became of the commitments made in it."""

    id: str
    kind: SessionKind
    week: str
    day: date
    coach: str | None
    closed: bool
    made: int
    kept: int
    not_kept: int


@dataclass(frozen=True)
class Hour:
    """When the next hour with a rep is (local time), the coach's own note, and the version of both; 0 before the first."""

    rep: str
    planned_for: datetime | None
    note: str
    version: int


@dataclass(frozen=True)
class Preparation:
    """What a coach looks at before an hour with one rep.

    Attributes
    ----------
    rep : str
    since : date or None
        The day of the last session; None before the first, when changes count from the rep's first day.
    changes : dict
        How many slots moved since then, by cause.
    cleaned : int
        How many departures the rep found and recorded since then.
    agreed : list of Commitment
        What was agreed in the last session.
    agenda : list of AgendaEntry
    minutes : int
        How long the hour is.
    quiet_questions : list of str
        For the coach alone.
    checks : list of DrawnCheck
        Two of last week's; the hour draws the same.
    hour : Hour
    history : list of Held
        The newest first.
    """

    rep: str
    since: date | None
    changes: dict[Cause, int]
    cleaned: int
    agreed: list[Commitment]
    agenda: list[AgendaEntry]
    minutes: int
    quiet_questions: list[str]
    checks: list[DrawnCheck]
    hour: Hour
    history: list[Held]


class Preparations:
    """What the coach who is working prepares. Nobody else's page, report, export or mail shows a note."""

    def __init__(self, context: CoachingContext, coaching: Coaching) -> None:
        self._context = context
        self._coaching = coaching

    def of(self, rep: str) -> Preparation:
        """What should a coach know before the hour with this rep?"""
        context = self._context
        rep_id, now = context.get_staff_id(rep), context.now()
        rows = self._rows(rep_id)
        last = next((row for row in rows if row.closed), None)
        history = context.load(rep=rep_id, until=now)
        start = last.at if last else (began(history, rep_id) or now)
        moves = Counter(Cause(cause) for cause in movement(history, start, now, rep=rep_id)["cause"])
        left = cleaned(history, start, now)
        return Preparation(
            rep=rep_id,
            since=context.day(last.at) if last else None,
            changes={cause: moves[cause] for cause in Cause if moves[cause]},
            cleaned=int((left["rep"] == rep_id).sum()),
            agreed=self._coaching.commitments.find(session=last.id, state=None) if last else [],
            agenda=self._coaching.agenda(rep_id),
            minutes=self._minutes(rep_id),
            quiet_questions=self._coaching.quiet_questions(rep_id),
            checks=self.checks(rep_id, self._coaching.sessions.key_of(SessionKind.ONE, [rep_id])),
            hour=self.hour(rep_id),
            history=self._held(rows),
        )

    def checks(self, rep: str, session: str, week: str | None = None) -> list[DrawnCheck]:
        """Two checks of the week before, the same ones for one session whenever it is shown.

        Parameters
        ----------
        rep : str
        session : str
            The id of the session that draws them.
        week : str, optional
            The week of the session; the present one by default.
        """
        context = self._context
        rep_id = context.get_staff_id(rep)
        last = (Week.parse(week) if week else context.week()) - 1
        start, end = (last - 1).as_of(context.zone), last.as_of(context.zone)
        made = checks_made(context.load(rep=rep_id, until=end), start, end, rep_id).set_index("employment")
        drawn = made.loc[draw(made.index, f"{session}:{rep_id}")].astype(object)
        rows = cast(list[_CheckMade], drawn.where(drawn.notna(), None).to_dict("records"))
        return [
            DrawnCheck(
                account=row["account"],
                account_name=row["account_name"],
                person=row["person"],
                question=self._question(row["holder"], row["title"]),
                verified_on=row["verified_on"].date(),
                verified_how=row["verified_how"],
            )
            for row in rows
        ]

    def hour(self, rep: str) -> Hour:
        """When is the next hour with this rep, and what did the coach who is working note down for it?"""
        rep_id = self._context.get_staff_id(rep)
        row = self._context.ledger.find(entities.Prepared, self._key(rep_id))
        if row is None:
            return Hour(rep_id, None, "", 0)
        planned = datetime.fromisoformat(row.planned_for) if row.planned_for else None
        return Hour(rep_id, planned, row.note or "", row.version)

    def set_note(self, rep: str, text: str, *, base: int | None = None, edit_id: str | None = None) -> Edit:
        """Write the coach's own note for the next hour; empty removes it. ``base`` is the version that the coach saw."""
        return self._save(rep, {"note": clean_text(text, "note") or None}, base, edit_id)

    def plan(
        self, rep: str, begins: str | datetime | None, *, base: int | None = None, edit_id: str | None = None
    ) -> Edit:
        """Plan the next hour.

        Parameters
        ----------
        rep : str
        begins : str, datetime or None
            Local time, like ``2026-11-23T10:00``; None takes the plan back.
        base : int, optional
            The version that the coach saw.
        edit_id : str, optional

        Raises
        ------
        BadInput
            Not a day and a time, or before today.
        """
        planned = None if begins in (None, "") else self._local_time(begins)
        return self._save(rep, {"planned_for": planned}, base, edit_id)

    def calendar(self, rep: str) -> str:
        """The next hour as the text of an ``.ics`` file; the note is not in it.

        Raises
        ------
        BadInput
            No hour is planned.
        """
        context, hour = self._context, self.hour(rep)
        if hour.planned_for is None:
            raise BadInput("hour.none", N_("No hour with {rep} is planned yet; choose a day and a time."), rep=hour.rep)
        name = context.staff()[hour.rep].name or hour.rep
        begins = hour.planned_for.replace(tzinfo=context.zone)
        summary = context.t(N_("Weekly coaching: {name}"), name=name)
        return planned_hour(
            f"hour-{self._key(hour.rep)}", summary, begins, self._minutes(hour.rep), made_at=context.now()
        )

    def history(self, rep: str) -> list[Held]:
        """Which sessions did this rep have, and what became of what was agreed? The newest first."""
        return self._held(self._rows(self._context.get_staff_id(rep)))

    def _rows(self, rep_id: str) -> list[entities.Session]:
        rows = self._context.ledger.as_of(entities.Session, rep_id=rep_id)
        return sorted(rows, key=lambda row: (-row.at, row.id))

    def _held(self, rows: list[entities.Session]) -> list[Held]:
        shown = rows[:_SESSIONS]
        table = self._coaching.commitments.states()
        made = table.loc[table["session"].isin([row.id for row in shown])]
        return [
            Held(
                id=row.group_id or row.id,
                kind=SessionKind(row.kind),
                week=row.week,
                day=self._context.day(row.at),
                coach=row.coach_id,
                closed=bool(row.closed),
                made=int((made["session"] == row.id).sum()),
                kept=int(((made["session"] == row.id) & (made["outcome"] == Outcome.KEPT)).sum()),
                not_kept=int(((made["session"] == row.id) & (made["outcome"] == Outcome.NOT_KEPT)).sum()),
            )
            for row in shown
        ]

    def _question(self, holder: str | None, title: str | None) -> str:
        t = self._context.t
        name = person_label(t, holder, title) if holder else t(N_("(erased)"))
        return t(N_("What did {name} say last?"), name=name)

    def _minutes(self, rep_id: str) -> int:
        return (self._context.terms_in_force().agreed(rep_id) or Terms()).minutes

    def _key(self, rep_id: str) -> str:
        # One row for each rep and coach: what one coach noted down is never another's.
        return f"{rep_id}:{self._context.me()}"

    def _save(self, rep: str, fields: dict[str, Value], base: int | None, edit_id: str | None) -> Edit:
        rep_id = self._context.get_staff_id(rep)
        whole: dict[str, Value] = {"rep_id": rep_id, "coach_id": self._context.me(), **fields}
        seen = self.hour(rep_id).version if base is None else base
        return self._context.ledger.save([Change("prepared", self._key(rep_id), whole, base=seen)], edit_id=edit_id)

    def _local_time(self, begins: str | datetime | None) -> str:
        try:
            when = begins if isinstance(begins, datetime) else datetime.fromisoformat(str(begins))
            if isinstance(begins, str) and len(begins) < len("2026-11-23T10:00"):
                raise ValueError(begins)
        except ValueError as exc:
            raise BadInput(
                "hour.form",
                N_("'{value}' is not a day and a time; write it like 2026-11-23T10:00."),
                value=str(begins)[:40],
            ) from exc
        if when.date() < self._context.today():
            raise BadInput(
                "hour.past", N_("{day} has passed; plan the hour for today or later."), day=when.date().isoformat()
            )
        return when.replace(tzinfo=None).isoformat(timespec="minutes")

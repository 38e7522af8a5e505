"""Coaching: what the hour is spent on, what was promised, who helps; plain Python, no screen.

``Workspace.coaching`` is the way in:

>>> ws.coaching.agenda("jihye.kim", minutes=60)          # doctest: +SKIP
>>> draft = ws.coaching.commitments.draft_from_gap("A0001", "cfo")  # doctest: +SKIP
>>> session = ws.coaching.sessions.start("jihye.kim")    # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from coverage_kit.coaching.agenda import AgendaEntry, AgendaSlot, build_agenda, rotation_of
from coverage_kit.coaching.commitments.commitments import Commitments
from coverage_kit.coaching.commitments.draft import Commitment, Draft
from coverage_kit.coaching.commitments.gaps import Gap
from coverage_kit.coaching.commitments.playbooks import OfferedMove, PlaybookShelf
from coverage_kit.coaching.desk import Desk
from coverage_kit.coaching.events import Happened, happened_at, tries_since
from coverage_kit.coaching.focus import FocusChange, FocusLists, FocusProposal
from coverage_kit.coaching.people import People, Pursuit, Rhythm, Voice
from coverage_kit.coaching.sessions.session import ContactList, Opened, Session
from coverage_kit.coaching.sessions.sessions import Sessions
from coverage_kit.coaching.sessions.sweep import Due
from coverage_kit.coaching.ties import Tie, Ties, present_ties, tie_change
from coverage_kit.measures import QUESTIONS, dark_without_colleague, dark_without_person, patterns
from coverage_kit.rules.slots import get_account

__all__ = [
    "AgendaEntry",
    "AgendaSlot",
    "Coaching",
    "Commitment",
    "Commitments",
    "ContactList",
    "Desk",
    "Draft",
    "Due",
    "FocusChange",
    "FocusLists",
    "FocusProposal",
    "Gap",
    "Happened",
    "OfferedMove",
    "Opened",
    "People",
    "PlaybookShelf",
    "Pursuit",
    "Rhythm",
    "Session",
    "Sessions",
    "Tie",
    "Ties",
    "Voice",
    "happened_at",
    "present_ties",
    "tie_change",
    "tries_since",
]


class Coaching:
    """Coaching in one workspace.

    Attributes
    ----------
    commitments : Commitments
        Draft from a gap, add, settle, accept, hand on, decline, climb, list.
    focus : FocusLists
        Propose, set, changes.
    people : People
        Still there, role changed, voices, needs, how far they are with an offering.
    playbooks : PlaybookShelf
        Moves for a gap, and which of them work.
    sessions : Sessions
        Start, resume, open.
    ties : Ties
        Who reports to, influences or is at odds with whom: add, remove, find.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.playbooks = PlaybookShelf(desk)
        self.commitments = Commitments(desk, self.playbooks)
        self.focus = FocusLists(desk)
        self.people = People(desk)
        self.sessions = Sessions(desk, self)
        self.ties = Ties(desk)

    def agenda(self, rep: str, minutes: int = 60) -> list[AgendaEntry]:
        """What is this hour spent on, and why?

        Parameters
        ----------
        rep : str
            Id or name.
        minutes : int
            How long there is; the entries never take longer.

        Returns
        -------
        list of AgendaEntry
            Promises that are due, then the weightiest gaps and voices, then the focus accounts whose turn it is.
        """
        rep_id, now = str(self._desk.staff_id(rep)), self._desk.now()
        history = self._desk.load(rep=rep_id, until=now)
        return build_agenda(history, now, rep_id, minutes=minutes, settings=self._desk.settings, t=self._desk.t)

    def rotation(self, rep: str) -> pd.DataFrame:
        """When was each focus account last gone through, and which never? ``account account_name days``, next first."""
        rep_id, now = str(self._desk.staff_id(rep)), self._desk.now()
        return rotation_of(self._desk.load(rep=rep_id, until=now), now, rep_id)

    def quiet_questions(self, rep: str, *, weeks: int = 4) -> list[str]:
        """What would a coach quietly ask this rep about the last weeks? For the coach alone."""
        rep_id, now = str(self._desk.staff_id(rep)), self._desk.now()
        start = (self._desk.week() - weeks).as_of(self._desk.zone)
        found = patterns(self._desk.load(rep=rep_id, until=now), start, now, rep_id)
        return [
            self._desk.t(QUESTIONS[row["pattern"]], n=row["n"], holder=row["holder"])
            for row in found.to_dict("records")
        ]

    def dark_if_gone(self, person: str) -> pd.DataFrame:
        """If this person (id) goes, which slots go dark? ``account account_name rep role rung after``."""
        now = self._desk.now()
        return dark_without_person(self._desk.load(until=now).slots(now), person)

    def dark_if_handed_over(self, staff: str, accounts: Sequence[str] | None = None) -> pd.DataFrame:
        """If this colleague goes, or these accounts change hands, which slots can nobody of ours meet any more?"""
        now = self._desk.now()
        ids = None if accounts is None else [get_account(self._desk.ledger, name)["id"] for name in accounts]
        return dark_without_colleague(self._desk.load(until=now).slots(now), str(self._desk.staff_id(staff)), ids)

"""Coaching: agendas, commitments, sessions, focus lists, voices and ties; plain Python, no screen.

``Workspace.coaching`` is the way in:

>>> ws.coaching.agenda("jihye.kim", minutes=60)          # doctest: +SKIP
>>> draft = ws.coaching.commitments.draft_from_gap("A0001", "cfo")  # doctest: +SKIP
>>> session = ws.coaching.sessions.start("jihye.kim")    # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from coverage_kit.coaching.agenda import AgendaEntry, build_agenda
from coverage_kit.coaching.agreement import Agreements
from coverage_kit.coaching.answers import Answered, Answers, HowAnswered
from coverage_kit.coaching.campaign import Campaign, CampaignPerson, Campaigns, Lack
from coverage_kit.coaching.commitments.commitments import Commitments
from coverage_kit.coaching.commitments.draft import Commitment, Draft
from coverage_kit.coaching.commitments.playbooks import PlaybookShelf
from coverage_kit.coaching.contact_sample import ContactSample, ContactSamples
from coverage_kit.coaching.contacts import Contacts
from coverage_kit.coaching.context import CoachingContext
from coverage_kit.coaching.events import PersonEvent, mail_events, mail_since, person_events, tries_since
from coverage_kit.coaching.focus import FocusLists
from coverage_kit.coaching.leaders import Leaders
from coverage_kit.coaching.must_win import MustWin
from coverage_kit.coaching.people import People
from coverage_kit.coaching.preparing import DrawnCheck, Held, Hour, Preparation, Preparations
from coverage_kit.coaching.proposals import Proposal, open_proposals
from coverage_kit.coaching.rhythm import Rhythm, Rhythms
from coverage_kit.coaching.routes import AccountPath, PathSet, Routes, StepTaken
from coverage_kit.coaching.sessions.group import BlindRole
from coverage_kit.coaching.sessions.session import Session
from coverage_kit.coaching.sessions.sessions import Sessions
from coverage_kit.coaching.sessions.sweep import Due
from coverage_kit.coaching.terms import Terms
from coverage_kit.coaching.ties import Tie, Ties, present_ties, tie_change
from coverage_kit.coaching.value import ValuesGiven
from coverage_kit.coaching.voices import Voice, Voices
from coverage_kit.measures import QUESTIONS, dark_without_colleague, dark_without_person, patterns, rotation, walked
from coverage_kit.rules.lookup import get_account

__all__ = [
    "AccountPath",
    "AgendaEntry",
    "Answered",
    "BlindRole",
    "Campaign",
    "CampaignPerson",
    "Coaching",
    "CoachingContext",
    "Commitment",
    "ContactSample",
    "Draft",
    "DrawnCheck",
    "Due",
    "Held",
    "Hour",
    "HowAnswered",
    "Lack",
    "PathSet",
    "PersonEvent",
    "Preparation",
    "Rhythm",
    "Session",
    "StepTaken",
    "Terms",
    "Tie",
    "Voice",
    "mail_events",
    "mail_since",
    "person_events",
    "present_ties",
    "tie_change",
    "tries_since",
]


class Coaching:
    """Coaching in one workspace.

    Attributes
    ----------
    agreement : Agreements
        What executive, manager and coach agreed on for a quarter, and how it is kept.
    answers : Answers
        Write down what colleagues answered by mail or phone.
    campaigns : Campaigns
        Consents of people, who may be written to, and what came back.
    commitments : Commitments
        Draft from a gap, add, settle, accept, hand on, decline, climb, find.
    contacts : Contacts
        Match contacts to positions, and mark who is still there.
    contact_samples : ContactSamples
        Draw contacts to check, and read what the sample says about all of them.
    focus : FocusLists
        Propose, set, changes.
    leaders : Leaders
        Places only a leader can move, and decisions about what was pushed aside.
    must_win : MustWin
        Up to five accounts of the quarter, and whom we do not know there.
    people : People
        Still there, role changed, needs, how far they are with an offering.
    playbooks : PlaybookShelf
        Moves for a gap, and how often each one worked.
    preparation : Preparations
        What a coach looks at before the hour, when it is, and a private note.
    rhythm : Rhythms
        The last contact with people and the next planned one.
    routes : Routes
        The path to customers for a base list and offering, and where accounts stand on it.
    sessions : Sessions
        Start, resume, open.
    ties : Ties
        Add, remove and find ties: reports to, influences, at odds with.
    value : ValuesGiven
        Value given to people against a need, and what they said about it.
    voices : Voices
        What people said: add, close, reopen, find.
    """

    def __init__(self, context: CoachingContext) -> None:
        self._context = context
        self.playbooks = PlaybookShelf(context)
        self.commitments = Commitments(context, self.playbooks)
        self.agreement = Agreements(context)
        self.answers = Answers(context, self.commitments)
        self.campaigns = Campaigns(context)
        self.contacts = Contacts(context)
        self.contact_samples = ContactSamples(context)
        self.focus = FocusLists(context)
        self.leaders = Leaders(context, self.commitments)
        self.must_win = MustWin(context)
        self.people = People(context)
        self.sessions = Sessions(context, self)
        self.preparation = Preparations(context, self)
        self.rhythm = Rhythms(context)
        self.routes = Routes(context)
        self.ties = Ties(context)
        self.value = ValuesGiven(context)
        self.voices = Voices(context)

    def agenda(self, rep: str, minutes: int | None = None) -> list[AgendaEntry]:
        """What should this session be spent on, and why?

        Parameters
        ----------
        rep : str
            Id or name.
        minutes : int, optional
            How long there is, by default as long as was agreed for the team, else an hour; the entries never take
            longer.

        Returns
        -------
        list of AgendaEntry
            Commitments that are due, then the weightiest gaps and voices, then the focus accounts whose turn it is.
        """
        rep_id, now = self._context.get_staff_id(rep), self._context.now()
        history = self._context.load(rep=rep_id, until=now)
        minutes = minutes or (self._context.terms_in_force().agreed(rep_id) or Terms()).minutes
        return build_agenda(history, now, rep_id, minutes=minutes, settings=self._context.settings, t=self._context.t)

    def proposals(self, rep: str | None = None) -> list[Proposal]:
        """Which positions did somebody propose as not applicable, and wait for a coach's or manager's yes?"""
        return open_proposals(self._context, self._context.staff_id(rep))

    def rotation(self, rep: str) -> pd.DataFrame:
        """When was each focus account last gone through? ``account account_name days`` (NaN: never), the next one first."""
        rep_id, now = self._context.get_staff_id(rep), self._context.now()
        history = self._context.load(rep=rep_id, until=now)
        return rotation(history.slots(now, rep_id), walked(history, now), now)

    def quiet_questions(self, rep: str, *, weeks: int = 4) -> list[str]:
        """Questions a coach might quietly ask this rep about the last weeks; for the coach alone."""
        rep_id, now = self._context.get_staff_id(rep), self._context.now()
        start = (self._context.week() - weeks).as_of(self._context.zone)
        found = patterns(self._context.load(rep=rep_id, until=now), start, now, rep_id)
        rows = zip(found["pattern"], found["n"], found["holder"], strict=True)
        return [self._context.t(QUESTIONS[pattern], n=n, holder=holder) for pattern, n, holder in rows]

    def dark_if_gone(self, person: str) -> pd.DataFrame:
        """If this person (id) goes, which slots go dark? ``account account_name rep role rung after``."""
        now = self._context.now()
        return dark_without_person(self._context.load(until=now).slots(now), person)

    def dark_if_handed_over(self, staff: str, accounts: Sequence[str] | None = None) -> pd.DataFrame:
        """If this colleague goes, or these accounts change hands, which slots can nobody of ours meet any more?"""
        now = self._context.now()
        ids = None if accounts is None else [get_account(self._context.ledger, name).id for name in accounts]
        return dark_without_colleague(self._context.load(until=now).slots(now), self._context.get_staff_id(staff), ids)

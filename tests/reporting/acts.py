"""Five weeks on real accounts in which everything happens that can happen: to a slot, and in coaching."""

from __future__ import annotations

import contextlib
import random
from dataclasses import replace
from datetime import date, datetime, timedelta

from coverage_kit.coaching import Commitment
from coverage_kit.coaching.sessions.session import Session
from coverage_kit.domain.coaching import NotKeptReason, Stage
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.store.entities import Account
from coverage_kit.workspace import Workspace

REPS = ("ann", "bob", "REP 1", "../../x")
STAFF = """key,name,function,manager
ed,Ed Yoon,executive,
mo,Mo Han,manager,ed
ann,,rep,mo
bob,Bob Song,rep,mo
REP 1,,rep,mo
../../x,,rep,
lee,,coach,
su,,support,
"""
VOICES = ("need", "complaint", "suggestion", "advice")


def claim_once(session: Session, account: str, n: int) -> None:
    """Say how many positions of an account are known, unless it was said this quarter."""
    try:
        session.claim(n=n, account=account)
    except BadInput as again:
        if again.code != "claim.again":
            raise


class Hands:
    """A clock that the test sets."""

    at = 0

    def __call__(self) -> int:
        return self.at

    def go(self, ws: Workspace, day: date) -> None:
        self.at = round(datetime(day.year, day.month, day.day, 10, tzinfo=ws.zone).timestamp() * 1000)


def work(ws: Workspace, clock: Hands, accounts: list[str]) -> None:
    """Five weeks in which everything happens that can happen to a slot, with coaching beside."""
    chance, monday, coach = random.Random(5), date(2026, 8, 3), Coach(ws, clock)
    roles = ["ceo", "cfo", "cio", "rnd_head", "cso"]
    for n in range(320):
        day = monday + timedelta(days=n // 10)
        clock.go(ws, day)
        if n == 315:
            book = ws.coaching.commitments
            help_ = book.draft_help("bob", "mo", action="Come along", scope="stall:bob")
            book.add(replace(help_, due_on=day), confirmed=True)
        if n % 10 == 9:
            coach.on(day)
        account, role, roll = chance.choice(accounts), chance.choice(roles), chance.random()
        seen = {
            "verified_on": day - timedelta(days=chance.choice((0, 0, 3, 150, 160, 178, 190))),
            "verified_how": "call",
        }
        slots = ws.slots(as_of=None) if roll > 0.9 else None
        if roll < 0.5:
            ws.edit_slot(
                account,
                role,
                holder=chance.choice(("Ann Lee", "Bo Kim", "Cy Roh", f"P{n}")),
                **(seen if chance.random() < 0.7 else {}),
            )
        elif roll < 0.6:
            ws.edit_slot(
                account,
                role,
                holder=f"Q{n}",
                representative="su",
                can_meet=True,
                can_deliver=chance.random() < 0.8,
                disposition=chance.choice(("favorable", "neutral")),
                **seen,
            )
        elif roll < 0.7:
            ws.edit_slot(account, role, status="vacant", verified_on=day, verified_how="meeting")
        elif roll < 0.75:
            actor, ws.ledger.actor = ws.ledger.actor, "lee"
            ws.edit_slot(
                account,
                role,
                status="not_applicable",
                reason="covered elsewhere",
                review_on=day + timedelta(days=chance.choice((4, 90))),
            )
            ws.ledger.actor = actor
        elif roll < 0.85:
            ws.undo(ws.edit_slot(account, role, holder=f"U{n}").edit_id)
        elif roll < 0.9:
            ws.assign([account], chance.choice(REPS))
        else:
            held = slots.loc[slots["person"].notna() & ~slots["gone"]]
            if len(held):
                row = held.iloc[chance.randrange(len(held))]
                ws.end_employment(row["person"], row["account"], kind="left", ended_on=day)


def nearly_done(ws: Workspace, account: str, left: dict[str, dict[str, object]]) -> None:
    """An account where all is well but for a few slots, so that these come up in the hour."""
    well = {"representative": "su", "can_meet": True, "can_deliver": True, "disposition": "favorable"}
    slots = ws.slots()
    for role in slots.loc[slots["account"] == account, "role"]:
        seen = {"verified_on": date(2026, 9, 3), "verified_how": "meeting", **well}
        ws.edit_slot(account, role, holder=f"N {role}", **left.get(role, seen))


class Coach:
    """What is said and promised beside: a session with each rep on Mondays, something every other day.

    Ids are new in every run, so nothing is chosen by them: the story is the same.
    """

    def __init__(self, ws: Workspace, clock: Hands) -> None:
        self.ws, self.clock, self.chance = ws, clock, random.Random(7)
        self.book, self.people, self.voices = ws.coaching.commitments, ws.coaching.people, ws.coaching.voices
        self.value = ws.coaching.value
        #: Of their own, so that the rest of the story stays as it was.
        self.gifts = random.Random(90)
        self.reasons = [reason.value for reason in NotKeptReason] * 20

    def on(self, day: date) -> None:
        """What this day brings; sessions on Mondays, and bob's falls out in the last week."""
        self.day = day
        self.clock.go(self.ws, day)
        if day.weekday() == 0:
            for rep in REPS:
                if rep != "bob" or day < date(2026, 8, 31):
                    self.session(rep)
            return
        slots = self.ws.slots()
        there = slots.loc[slots["person"].notna() & ~slots["gone"], ["person", "account"]]
        self.there = list(there.itertuples(index=False, name=None))
        for act in (
            self.add_voice,
            self.add_voice,
            self.stage,
            self.stage,
            self.give,
            self.lead if day.day % 2 else self.settle,
        ):
            act()

    def session(self, rep: str) -> None:
        session = self.ws.coaching.sessions.start(rep, coach="lee")
        agrees = rep != "REP 1" or self.day < date(2026, 8, 31)
        if session.step == "claims":
            session.claim(share=self.chance.choice((0, 0.3, 0.995)))
            session.next()
        session.next()
        for n, account in enumerate(session.accounts()[:2]):
            claim_once(session, account, self.chance.randint(0, 14))
            opened = session.open_account(account)
            for gap in opened.gaps[: 2 - n]:
                draft = session.draft(account, gap.role)
                session.add(draft if agrees else replace(draft, owner="mo"), confirmed=True)
        if extra := session.accounts()[2:]:
            claim_once(session, extra[0], 1)
            session.open_account(extra[0])
            session.undo()
        owned = self.ws.slots(rep=rep).drop_duplicates("account")
        listed = list(owned.loc[owned["focus"], "account"])
        with contextlib.suppress(BadInput):
            session_id = session.id if self.chance.random() < 0.7 else None
            self.ws.coaching.focus.set(rep, [*listed[1:], *owned["account"][-1:]], session=session_id)
        if agrees:
            session.agree()
            session.close(minutes=False)

    def held(self) -> tuple[str, str] | None:
        """Somebody who sits somewhere, and where."""
        return self.chance.choice(self.there) if self.there else None

    def add_voice(self) -> None:
        if found := self.held():
            self.voices.add(*found, self.chance.choice(VOICES), "what was said", owner="su")
        waiting = sorted(self.voices.find(), key=lambda voice: (voice.days, voice.account, voice.holder, voice.kind))
        waiting = [voice for voice in waiting if voice.state == "open"]
        if waiting and self.chance.random() < 0.4:
            is_answered = self.chance.choice((True, True, False))
            voice = self.chance.choice(waiting).id
            self.voices.close(voice, "put right", answered=is_answered)
            self.voices.reopen(voice)
            self.voices.close(voice, "put right again", answered=is_answered)

    def give(self) -> None:
        """Each rep gives somebody something."""
        owners = {row.id: row.owner_id for row in self.ws.ledger.as_of(Account)}
        for rep in REPS:
            own = [pair for pair in self.there if owners[pair[1]] == rep]
            if not own:
                continue
            found = self.gifts.choice(own)
            kind = self.gifts.choice(("insight", "training", "problem_solved"))
            ago = self.gifts.choice((0, 0, 2, 80, 89, 90, 91))
            given = self.value.give(*found, kind, "what was given", need="a need", on=self.day - timedelta(days=ago))
            if self.gifts.random() < 0.5:
                self.value.receive(given, "what they said")

    def stage(self) -> None:
        if found := self.held():
            stage = self.chance.choice((*Stage, Stage.ATTENTION, None))
            self.people.set_stage(*found, self.chance.choice(("Alpha", "Beta")), stage)
            if len(self.ws.roles.offerings()) > 2:
                self.ws.roles.rename_offering("Alpha", en="Alpha plan")

    def settle(self) -> None:
        """Some of what is due is kept, some not for one of five reasons, some moved to next Sunday or taken back."""
        due = [one for one in self.open() if one.due_on <= self.day + timedelta(days=2)]
        for one in self.chance.sample(due, min(7, len(due))):
            roll = self.chance.random()
            if roll < 0.35:
                self.book.settle(one.id, "kept")
            elif roll < 0.75:
                self.book.settle(one.id, "not_kept", reason=self.reasons.pop())
            elif roll < 0.9:
                self.book.carry(one.id, self.day + timedelta(days=13 - self.day.weekday()))
            else:
                self.ws.undo(self.book.settle(one.id, "withdrawn").edit_id)

    def open(self) -> list[Commitment]:
        return sorted(self.book.find(), key=lambda one: (one.due_on, one.sentence, one.created_at))

    def lead(self) -> None:
        """Leaders are asked, answer, hand on and let wait; a rep takes something on in a colleague's account."""
        roll = self.chance.random()
        if roll < 0.3 and (drafts := self.book.draft_for_leaders()):
            self.book.add(self.chance.choice(drafts), confirmed=True)
        elif roll < 0.5:
            rep = self.chance.choice(REPS)
            help_ = self.book.draft_help(
                rep, self.chance.choice(("mo", "ed", rep)), action="Come along", scope=f"x:{rep}"
            )
            self.book.add(help_, confirmed=True)
        elif roll < 0.8 and (found := self.held()):
            with contextlib.suppress(NotFound):
                draft = self.book.draft_from_gap(found[1], self.people.slots(*found)[0])
                self.book.add(replace(draft, owner=self.chance.choice((*REPS, "su"))), confirmed=True)
        asked = [one for one in self.open() if one.needs_answer]
        if asked and self.chance.random() < 0.5:
            one = self.chance.choice(asked)
            answer = self.chance.choice(("accept", "decline", "hand_on"))
            if answer == "accept":
                self.book.accept(one.id, self.day + timedelta(days=self.chance.choice((0, 6))))
            elif answer == "decline":
                self.book.decline(one.id, "not this quarter")
            else:
                self.book.hand_on(one.id, "ed")
        if self.chance.random() < 0.2:
            self.book.climb()

"""Coaching of the made-up team: sessions, claims, commitments kept and not, voices, stages.

Its chance is its own, so that it changes nothing of what the story tells; each rep's Monday is one edit.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from coverage_kit.coaching.answers import HowAnswered
from coverage_kit.domain.coaching import (
    DUE_DAYS,
    EXPECTED_RUNG,
    Answer,
    CommitmentKind,
    NotKeptReason,
    Outcome,
    OwnerAnswer,
)
from coverage_kit.domain.playbooks import Playbooks, playbook_of
from coverage_kit.domain.vocabulary import FAVORABLE, Disposition, Level
from coverage_kit.domain.week import Week
from coverage_kit.sample.leaders import COACH, EXECUTIVE, MANAGER, SUPPORT, LeadersStory
from coverage_kit.sample.names import OFFERINGS
from coverage_kit.sample.paths import leave_path, set_paths
from coverage_kit.sample.team import Account, Slot, Team
from coverage_kit.store import Change

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_CLAIMS = (0.55, 0.7, 0.35, 0.2, 0.5, 0.1)
_KEPT = (0.7, 0.35, 0.6)
_REASONS = (*[NotKeptReason.PUSHED_ASIDE] * 6, *[NotKeptReason.NEED_HELP] * 2, *NotKeptReason)
#: How one acceptance after the other came: by mail, from the leader's own page, by phone.
_CAME = (HowAnswered.MAIL, None, HowAnswered.PHONE)
#: Between which stages people of a disposition are; the others are at the first.
_REACH = {Disposition.FAVORABLE: (2, 3), Disposition.NEUTRAL: (0, 1)}
_VOICES = (
    ("complaint", "부품 납기가 두 번 연속 늦어 생산 계획을 다시 짰다"),
    ("need", "내년 예산에 넣으려면 1월 안에 견적과 회수 기간이 필요하다"),
    ("suggestion", "점검 결과를 담당자별로 나눠 보내 주면 좋겠다"),
    ("advice", "Come with the plant manager next time; he decides"),
    ("complaint", "The portal signs us out in the middle of an order"),
    ("need", "A contact who answers within the day during the year-end close"),
)


@dataclass
class _Planned:
    id: str
    chain: str
    gap: tuple[str, str, str]
    owner: str
    due_on: date
    slot: Slot
    accepted: bool = False


class CoachingStory:
    """The coach's Mondays with a made-up team."""

    def __init__(self, team: Team, playbooks: Playbooks, *, focus_size: int) -> None:
        self._team = team
        self._leaders = LeadersStory(team, focus_size)
        self._books = playbooks.playbooks
        self._chance = random.Random(221)
        self._given_chance = random.Random(90)
        self._open: dict[str, list[_Planned]] = {}
        self._chains: dict[tuple[str, str, str], str] = {}
        self._voices: list[tuple[str, str, date]] = []
        self._staged: set[str] = set()
        self._n_accepted = 0
        self._pushed_aside: _Planned | None = None

    def monday(self, week: Week, *, n: int, last: int) -> None:
        """One Monday morning: each rep's hour, and what leaders answered since.

        Parameters
        ----------
        week : Week
        n, last : int
            The week's number in the story, and that of the last one.
        """
        self._leaders.monday(week)
        if n == 0:
            self._save(week, 0, COACH, [Change("staff", MANAGER, {"manager_id": EXECUTIVE})])
            set_paths(self._team, week)
        if n == last - 4:
            leave_path(self._team, week, self._leaders.must_win)
        self._save(week, 1, COACH, self._answered(week))
        held = n == last or not self._leaders.cancels(week, n)
        for i, rep in enumerate(self._team.reps if held else ()):
            # The second rep's hour falls out in the last three weeks: the immediate target comes in between.
            if i % 12 == 1 and n > last - 3:
                continue
            self._save(week, 2 + i, COACH, self._hour(rep, i, week, first=n == 0))
        if n == last - 1 and self._pushed_aside:
            self._leaders.decide(week, self._pushed_aside.id, self._pushed_aside.gap[0])
        if n == last:
            # Whatever is older is answered, so that nothing climbs when the first page or report is made.
            waiting = [p for own in self._open.values() for p in own if p.owner == MANAGER and not p.accepted]
            # One is declined and one handed on, so that a request stands in every state.
            declined, handed_on, accepted = waiting[:1], waiting[1:2], waiting[2:]
            answered = [change for work in accepted for change in self._accept(work)]
            answered += [change for work in declined for change in self._decline(work, week)]
            answered += [Change("commitment", work.id, {"owner_id": SUPPORT}) for work in handed_on]
            asked = [change for rep in self._team.reps[:3] for change in self._ask(rep, week)]
            self._save(week, 30, COACH, [*answered, *asked])
            due_on = (week.monday + timedelta(days=11)).isoformat()
            taken: dict[str, Any] = {"answer": Answer.ACCEPTED.value, "due_on": due_on}
            self._save(week, 31, SUPPORT, [Change("commitment", work.id, taken) for work in handed_on])

    def _hour(self, rep: str, i: int, week: Week, *, first: bool) -> list[Change]:
        key = self._id("se")
        focus = [a for a in self._team.accounts if a.rep == rep and a.focus]
        if not focus:
            return []
        walked = self._chance.sample(focus, min(3, len(focus)))
        body = {
            "reps": [rep],
            "steps": ["read_back"],
            "accounts": [a.id for a in walked],
            "opened": [a.id for a in walked],
        }
        session = {
            "kind": "first" if first else "one",
            "group_id": key,
            "rep_id": rep,
            "coach_id": COACH,
            "week": str(week),
            "step": "read_back",
            "body": json.dumps(body),
            "agreed": 1,
            "closed": 1,
        }
        changes = [Change("session", key, session, base=0)]
        changes += self._claims(key, rep, i, walked, first=first)
        changes += [
            Change(
                "event",
                self._id("ev"),
                {"kind": "walked", "account_id": a.id, "body": json.dumps({"session": key})},
                base=0,
            )
            for a in walked
        ]
        changes += self._settle(rep, i, week)
        for account in walked[: 2 if self._chance.random() < 0.6 else 3]:
            changes += self._promise(rep, account, week, key)
        return changes + self._heard(rep, walked, week) + self._stages(walked) + self._given(rep, walked, week)

    def _claims(self, session: str, rep: str, i: int, walked: list[Account], *, first: bool) -> list[Change]:
        own = {"session_id": session, "rep_id": rep}
        made: list[dict[str, Any]] = [{"share": _CLAIMS[i % len(_CLAIMS)]}] if first else []
        for account in walked[:2]:
            named = sum(slot.contact is not None for slot in account.slots)
            said = min(named + self._chance.randint(0, 4), len(account.slots))
            made.append({"account_id": account.id, "n": said})
        return [Change("claim", self._id("cl"), {**own, **claim}, base=0) for claim in made]

    def _answered(self, week: Week) -> list[Change]:
        """Requests to leaders: some are accepted; those that are not answered in time go to the next manager."""
        changes = []
        for work in (p for own in self._open.values() for p in own if p.owner not in self._team.reps):
            if work.accepted:
                continue
            if self._chance.random() < 0.35:
                changes += self._accept(work)
            elif work.due_on < week.monday and work.owner == MANAGER:
                work.owner, work.due_on = EXECUTIVE, week.monday + timedelta(days=4)
                fields = {"owner_id": work.owner, "due_on": work.due_on.isoformat()}
                changes.append(Change("commitment", work.id, fields))
        return changes

    def _accept(self, work: _Planned) -> list[Change]:
        """A leader accepts; an answer by mail or phone is written down by the coach."""
        work.accepted = True
        how = _CAME[self._n_accepted % len(_CAME)]
        self._n_accepted += 1
        accepted: Change = Change("commitment", work.id, {"answer": "accepted"})
        if how is None:
            return [accepted]
        answer = {
            "commitment_id": work.id,
            "answer": OwnerAnswer.ACCEPT.value,
            "by_id": work.owner,
            "written_by": COACH,
            "how": how.value,
        }
        return [Change("answer_in", f"ai_{work.id[3:]}", answer, base=0), accepted]

    def _decline(self, work: _Planned, week: Week) -> list[Change]:
        """The manager declines by mail, with a reason; the coach writes it down."""
        note = f"no_{work.id[3:]}"
        reason = {
            "account_id": work.gap[0],
            "kind": "outcome",
            "body": self._team.written["declined"],
            "owner_id": MANAGER,
        }
        answer = {
            "commitment_id": work.id,
            "answer": OwnerAnswer.DECLINE.value,
            "by_id": MANAGER,
            "written_by": COACH,
            "how": HowAnswered.MAIL.value,
        }
        fields = {
            "answer": Answer.DECLINED.value,
            "outcome": Outcome.WITHDRAWN.value,
            "done_on": week.monday.isoformat(),
            "outcome_note": note,
        }
        return [
            Change("note", note, reason, base=0),
            Change("answer_in", f"ai_{work.id[3:]}", answer, base=0),
            Change("commitment", work.id, fields),
        ]

    def _settle(self, rep: str, i: int, week: Week) -> list[Change]:
        """Commitments that fell due before this Monday, one key each; those of leaders are often still open."""
        kept_back, changes = [], []
        for work in self._open.get(rep, []):
            leader = work.owner not in self._team.reps
            if work.due_on >= week.monday or (leader and self._chance.random() < 0.6):
                kept_back.append(work)
                continue
            done_on = (week.monday - timedelta(days=3)).isoformat()
            moved = _kind(work.slot).value != work.gap[2]
            if moved or self._chance.random() < _KEPT[i % 3] / 4:
                changes.append(Change("commitment", work.id, {"outcome": "kept", "done_on": done_on}))
                self._chains.pop(work.gap, None)
            else:
                why = self._chance.choice(_REASONS).value
                fields = {"outcome": "not_kept", "not_kept_reason": why, "done_on": done_on}
                changes.append(Change("commitment", work.id, fields))
                if why == NotKeptReason.PUSHED_ASIDE:
                    self._pushed_aside = work
        self._open[rep] = kept_back
        return changes

    def _promise(self, rep: str, account: Account, week: Week, session: str) -> list[Change]:
        open_ = [slot for slot in account.slots if not slot.closed and slot.assessed not in FAVORABLE]
        if not open_:
            return []
        doors = [slot for slot in open_ if _is_door(slot)]
        # The doors of executives are asked of the manager; an hour that has one often takes it.
        slot = self._chance.choice(doors if doors and self._chance.random() < 0.6 else open_)
        return self._commit(rep, account, slot, week, session)

    def _ask(self, rep: str, week: Week) -> list[Change]:
        """The manager is asked to open one more door at a focus account of a rep; nobody has answered yet."""
        for account in (a for a in self._team.accounts if a.rep == rep and a.focus):
            for slot in account.slots:
                if not slot.closed and _is_door(slot) and (asked := self._commit(rep, account, slot, week, None)):
                    return asked
        return []

    def _commit(self, rep: str, account: Account, slot: Slot, week: Week, session: str | None) -> list[Change]:
        """A commitment on a position; none where one is open."""
        kind = _kind(slot)
        gap = (account.id, slot.role, kind.value)
        if any(work.gap == gap for work in self._open.get(rep, [])):
            return []
        leader = _is_door(slot)
        key, due_on = self._id("co"), week.monday + timedelta(days=DUE_DAYS[kind] - 3)
        chain = self._chains.setdefault(gap, key)
        owner = MANAGER if leader else rep
        expected = EXPECTED_RUNG[kind]
        moves = self._books[playbook_of(kind, slot.assessed)].levels[Level(slot.level)]
        move = self._chance.choice(moves)
        fields: dict[str, Any] = {
            "chain_id": chain,
            "account_id": account.id,
            "role": slot.role,
            "employment_id": slot.contact.employment if slot.contact else None,
            "kind": kind.value,
            "owner_id": owner,
            "rep_id": rep,
            "due_on": due_on.isoformat(),
            "route": move.route.value,
            "playbook": move.key,
            "expected_rung": None if expected is None else int(expected),
            "session_id": session,
        }
        changes = []
        if leader:
            fields["action_note"] = self._id("no")
            note = {"account_id": account.id, "kind": "action", "body": self._team.written["help"], "owner_id": owner}
            changes.append(Change("note", fields["action_note"], note, base=0))
        self._open.setdefault(rep, []).append(_Planned(key, chain, gap, owner, due_on, slot))
        return [*changes, Change("commitment", key, fields, base=0)]

    def _heard(self, rep: str, walked: list[Account], week: Week) -> list[Change]:
        """Something somebody said, most weeks; an answer to something older, some weeks."""
        changes = []
        for n, (note, owner, day) in enumerate(self._voices):
            if owner == rep and (week.monday - day).days >= 14 and self._chance.random() < 0.4:
                day_done = week.monday.isoformat()
                done = {
                    "done_note": self._team.written["done"],
                    "done_by": rep,
                    "done_on": day_done,
                    "answered_on": day_done,
                }
                changes.append(Change("note", note, done))
                del self._voices[n]
                break
        holding = [(a, s.contact) for a in walked for s in a.slots if s.contact and s.verified_on]
        if holding and self._chance.random() < 0.6:
            account, contact = self._chance.choice(holding)
            kind, said = self._chance.choice(_VOICES)
            key = self._id("no")
            fields = {
                "account_id": account.id,
                "person_id": contact.person,
                "kind": kind,
                "body": said,
                "owner_id": rep,
            }
            changes.append(Change("note", key, fields, base=0))
            self._voices.append((key, rep, week.monday))
        return changes

    def _given(self, rep: str, walked: list[Account], week: Week) -> list[Change]:
        """Something of use to somebody whose disposition is known, some weeks; about half of them said something about it."""
        chance, written = self._given_chance, self._team.written
        known = [(a, s.contact) for a in walked for s in a.slots if s.contact and s.assessed]
        if not known or chance.random() < 0.6:
            return []
        account, contact = chance.choice(known)
        kind = chance.choice(("insight", "saving", "problem_solved", "training"))
        fields = {
            "account_id": account.id,
            "employment_id": contact.employment,
            "person_id": contact.person,
            "kind": kind,
            "need": written["need"],
            "what": written[kind],
            "given_on": week.monday.isoformat(),
            "given_by": rep,
        }
        if chance.random() < 0.5:
            fields |= {"received": written["received"], "received_on": week.monday.isoformat()}
        key = "vg_" + "".join(chance.choices(_LETTERS, k=13))
        return [Change("value_given", key, fields, base=0)]

    def _stages(self, walked: list[Account]) -> list[Change]:
        """How far those whose disposition is known are with an offering; each is asked once."""
        changes = []
        for account in walked:
            for slot in account.slots:
                if not (slot.assessed and slot.contact) or slot.contact.employment in self._staged:
                    continue
                self._staged.add(slot.contact.employment)
                reach = _REACH.get(slot.assessed, (0, 0))
                stage = ("attention", "interest", "desire", "action")[self._chance.randint(*reach)]
                fields = {
                    "employment_id": slot.contact.employment,
                    "person_id": slot.contact.person,
                    "account_id": account.id,
                    "offering": self._chance.choice(OFFERINGS)[0],
                    "stage": stage,
                    "route": self._chance.choice(("in_person", "phone", "event")),
                }
                changes.append(Change("pursuit", self._id("pu"), fields, base=0))
        return changes

    def _save(self, week: Week, minute: int, actor: str, changes: list[Change]) -> None:
        moment = datetime.combine(week.monday, time(8, 0), self._team.zone) + timedelta(minutes=minute)
        self._team.clock.at = round(moment.timestamp() * 1000)
        self._team.ledger.actor = actor
        self._team.ledger.save(changes, edit_id=self._id("ed"))

    def _id(self, prefix: str) -> str:
        return f"{prefix}_{''.join(self._chance.choices(_LETTERS, k=13))}"


def _is_door(slot: Slot) -> bool:
    return _kind(slot) is CommitmentKind.OPEN_PATH and slot.level == Level.EXECUTIVE


def _kind(slot: Slot) -> CommitmentKind:
    if slot.contact is None:
        return CommitmentKind.IDENTIFY
    if slot.verified_on is None:
        return CommitmentKind.VERIFY
    if not slot.represented:
        return CommitmentKind.OPEN_PATH
    return CommitmentKind.PERSUADE if slot.assessed else CommitmentKind.ASSESS

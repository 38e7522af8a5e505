"""What the leaders of the made-up team decide: the agreement of each quarter, must-win accounts, a week without coaching."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, time

from coverage_kit.coaching import Terms
from coverage_kit.domain.coaching import Decision, NotKeptReason
from coverage_kit.domain.quarter import Quarter
from coverage_kit.domain.vocabulary import EventKind
from coverage_kit.domain.week import Week
from coverage_kit.sample.team import Team
from coverage_kit.store import Change

COACH, MANAGER, EXECUTIVE, SUPPORT = "coach.lee", "manager.han", "exec.yoon", "support.jang"
#: Accounts that the manager stars each quarter; one place stays free.
_N_STARRED = 4
#: Of every thirteen weeks, the one whose coaching is cancelled.
_CANCELLED, _CYCLE = 2, 13


class LeadersStory:
    """The leaders' part of the story; it takes no chance, so the rest of the story stays as it is.

    Parameters
    ----------
    team : Team
    focus_size : int
        How many accounts are agreed for each focus list.
    """

    def __init__(self, team: Team, focus_size: int) -> None:
        self._team = team
        self._terms = Terms(60, focus_size, 7, team.written["gives_way"])
        self._quarter = ""
        self.must_win: list[str] = []

    def monday(self, week: Week) -> None:
        """Agree on a new quarter before the first hour of it, and choose its must-win accounts."""
        quarter = str(Quarter.of(week.sunday))
        if quarter == self._quarter:
            return
        self._quarter = quarter
        key = f"{MANAGER}:{quarter}"
        terms = json.dumps(asdict(self._terms), ensure_ascii=False, sort_keys=True)
        fields = {"manager_id": MANAGER, "quarter": quarter, "terms": terms}
        # The manager proposes, coach and executive agree.
        signing = (MANAGER, COACH, EXECUTIVE)
        for n, who in enumerate(signing):
            signed = json.dumps(sorted(signing[: n + 1]))
            self._save(week, n, who, [Change("agreement", key, {**fields, "signed": signed}, base=n)])
        largest = sorted((a for a in self._team.accounts if a.focus), key=lambda a: (-a.value, a.id))
        self.must_win = [account.id for account in largest[:_N_STARRED]]
        starred = [
            Change(
                "must_win",
                f"{key}:{place}",
                {"account_id": account.id, "quarter": quarter, "manager_id": MANAGER},
                base=0,
            )
            for place, account in enumerate(largest[:_N_STARRED], 1)
        ]
        self._save(week, len(signing), MANAGER, starred)

    def cancels(self, week: Week, n: int) -> bool:
        """Whether the month's target takes the hour of the n-th week; then it is recorded."""
        if n % _CYCLE != _CANCELLED:
            return False
        body = json.dumps({"manager": MANAGER, "week": str(week), "reason": NotKeptReason.PUSHED_ASIDE.value})
        fields = {"kind": EventKind.COACHING_CANCELLED.value, "body": body}
        self._save(week, 0, COACH, [Change("event", f"cancelled:{MANAGER}:{week}", fields, base=0)])
        return True

    def decide(self, week: Week, commitment: str, account: str) -> None:
        """The manager protects an hour for work that had to wait."""
        body = json.dumps({"commitment": commitment, "decision": Decision.HOUR.value})
        fields = {"kind": EventKind.DECIDED.value, "account_id": account, "body": body}
        self._save(week, 70, MANAGER, [Change("event", f"decided:{commitment}", fields, base=0)])

    def _save(self, week: Week, minute: int, actor: str, changes: list[Change]) -> None:
        """Save an edit of a Monday, from half past seven on."""
        moment = datetime.combine(week.monday, time(7 + (30 + minute) // 60, (30 + minute) % 60), self._team.zone)
        self._team.clock.at = round(moment.timestamp() * 1000)
        self._team.ledger.actor = actor
        self._team.ledger.save(changes, edit_id=f"ed_lead{str(week).lower().replace('-', '')}{minute:02}")

"""Code that the fork server runs once before the first report, so that no report has to load it."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

from coverage_kit.config import CoachingSettings
from coverage_kit.domain.ladder import FRESHNESS_DAYS
from coverage_kit.domain.week import Week
from coverage_kit.i18n import LANGUAGES, texts
from coverage_kit.measures import History
from coverage_kit.reporting.pages import minutes  # noqa: F401  (the cells import it)
from coverage_kit.reporting.pages.rep import RepWeekly
from coverage_kit.reporting.pages.weekly import build_rep_weekly  # noqa: F401  (the cells import it)
from coverage_kit.store import Change, load_history, open_memory_store

_WEEK, _ZONE = Week(2026, 47), ZoneInfo("Asia/Seoul")
_ROLE = {"key": "ceo", "level": "executive", "function": "general", "title": {"ko": "대표", "en": "CEO"}}
_TEMPLATE = {"key": "t", "title": {"ko": "기본", "en": "General"}, "freshness_days": FRESHNESS_DAYS, "roles": [_ROLE]}
_EARLIER = (
    Change("template", "t", {"body": json.dumps(_TEMPLATE)}),
    Change("account", "a", {"name": "한빛", "owner_id": "r", "template_ids": '["t"]', "status": "active", "focus": 1}),
    Change("staff", "r", {"name": "Ann", "function": "rep"}),
    Change("person", "p", {"name": "김가온", "phone": "010-1234-5678"}),
    Change("employment", "e", {"person_id": "p", "account_id": "a", "title": "CEO"}),
    Change("slot", "a:ceo", {"account_id": "a", "role": "ceo", "status": "open", "employment_id": "e"}),
    Change("session", "s", {"kind": "rep", "rep_id": "r", "week": "2026-W46", "body": "{}"}),
    Change("claim", "c", {"session_id": "s", "rep_id": "r", "share": 0.7}),
)
_LATER = (
    Change("slot", "a:ceo", {"verified_on": "2026-11-18", "verified_how": "call"}),
    Change("note", "n", {"account_id": "a", "person_id": "p", "kind": "need"}),
    Change("pursuit", "u", {"employment_id": "e", "person_id": "p", "account_id": "a", "offering": "x", "stage": "interest"}),
    *(
        Change("commitment", key, {"chain_id": key, "account_id": "a", "role": "ceo", "kind": "verify", "owner_id": "r", "rep_id": "r", "due_on": "2026-11-20", "expected_rung": 2, **more})
        for key, more in (("m", {}), ("k", {"outcome": "not_kept", "not_kept_reason": "pushed_aside"}))
    ),
)  # fmt: skip


def warm_up() -> None:
    """Make every part of an invented rep's page in memory; leaves no connection and no thread."""
    ends = [week.as_of(_ZONE) for week in (_WEEK - 1, _WEEK)]
    instants = iter([end - 86_400_000 for end in ends])
    ledger = open_memory_store(clock=lambda: next(instants), actor="warm")
    for changes in (_EARLIER, _LATER):
        ledger.save(changes)
    history = History(load_history(ledger, until=ends[1], rep="r"), _ZONE)
    ledger.close()
    for lang in LANGUAGES:
        report = RepWeekly(
            t=texts(lang), week=_WEEK, at=ends[1], before_at=ends[0], rep="r", history=history,
            settings=CoachingSettings(),
        )  # fmt: skip
        for name in dir(RepWeekly):
            if isinstance(getattr(RepWeekly, name), property):
                getattr(report, name)

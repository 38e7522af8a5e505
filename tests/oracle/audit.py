"""The contact audit computed a second time, contact by contact, from the raw tables."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from typing import Any

from tests.oracle.history import Naive

COUNTS = (
    "contacts", "confirmed", "stale", "never_checked", "role_changed", "left", "retired", "moved", "no_role", "ghost_days",
)  # fmt: skip


def naive_audit(naive: Naive, at: int, rep: str | None = None) -> dict[str, dict[str, Any]]:
    """Counts and ages of each active account with contacts, of a rep or of all."""
    slots = naive.as_of("slot", at).values()
    required = {(slot["account"], slot["role"]) for slot in naive.slots(at)}
    holding = {
        slot["employment_id"] for slot in slots
        if slot["status"] == "open" and (slot["account_id"], slot["role"]) in required
    }  # fmt: skip
    checks = defaultdict(list)
    for slot in slots:
        if slot["employment_id"] and slot["verified_on"]:
            checks[slot["employment_id"]].append(slot["verified_on"])
    changes = defaultdict(list)
    for event in naive.as_of("event", at).values():
        if event["kind"] == "role_changed":
            changes[json.loads(event["body"])["employment"]].append(naive.day(event["at"]).isoformat())
    for job in sorted(naive.as_of("employment", at).values(), key=lambda job: job["at"]):
        before = job["continues"]
        while before:
            changes[job["id"]] += changes[before]
            before = next(row["continues"] for row in naive.tables["employment"] if row["id"] == before)
    found: dict[str, dict[str, Any]] = {}
    for job in naive.as_of("employment", at).values():
        account = naive.as_of("account", at).get(job["account_id"])
        if account is None or account["status"] != "active" or rep not in (None, account["owner_id"]):
            continue
        own = found.setdefault(account["id"], dict.fromkeys(COUNTS, 0))
        checked = max([*checks[job["id"]], *([job["verified_on"]] if job["verified_on"] else [])], default=None)
        is_gone = naive.gone(job, at)
        own["contacts"] += 1
        own[state(job, is_gone, checked, max(changes[job["id"]], default=None), naive.day(at))] += 1
        own["no_role"] += not is_gone and job["id"] not in holding
        recorded = naive.recorded_at(job["id"], at)
        if is_gone and job["ended_on"] and recorded:
            late = naive.day(recorded) - date.fromisoformat(job["ended_on"])
            own["ghost_days"] += max(late.days, 0)
    for account, own in found.items():
        dates = [row for row in naive.as_of("source_dates", at).values() if row["account_id"] == account]
        for name, column in (("days_since_update", "updated_on"), ("days_since_added", "added_on")):
            latest = max((row[column] for row in dates if row[column]), default=None)
            own[name] = None if latest is None else max((naive.day(at) - date.fromisoformat(latest)).days, 0)
    return found


def state(job: dict[str, Any], is_gone: bool, checked: str | None, changed: str | None, today: date) -> str:
    if is_gone:
        return str(job["end_kind"])
    if changed and not (checked and checked > changed):
        return "role_changed"
    if checked is None:
        return "never_checked"
    return "confirmed" if 0 <= (today - date.fromisoformat(checked)).days <= 180 else "stale"


def audit_words(own: dict[str, Any]) -> str:
    """The counts as a page says them."""
    gone = own["left"] + own["retired"] + own["moved"]
    said = [
        f"{own['contacts']:,} contacts", f"{own['confirmed']:,} confirmed", f"{own['stale']:,} to check again",
        f"{own['never_checked']:,} never checked", f"{gone:,} gone",
    ]  # fmt: skip
    said += [f"{own['role_changed']:,} in another role"] if own["role_changed"] else []
    ages = (("days_since_update", "last updated"), ("days_since_added", "last added to"))
    return " · ".join(
        said
        + [
            f"{words} {own[name]:,} {'day' if own[name] == 1 else 'days'} ago"
            for name, words in ages
            if own[name] is not None
        ]
    )


def naive_sample(naive: Naive, at: int) -> dict[str, Any]:
    """What the last random sample of contacts says: of how many, drawn, checked, gone, the interval, and how many more."""
    draws = [event for event in naive.as_of("event", at).values() if event["kind"] == "contacts_drawn"]
    draw = max(draws, key=lambda event: event["at"])
    body, since = json.loads(draw["body"]), draw["at"]
    then, now = naive.as_of("employment", since), naive.as_of("employment", at)
    changed = {
        json.loads(event["body"])["employment"]
        for event in naive.as_of("event", at).values()
        if event["kind"] == "role_changed" and event["at"] > since
    }
    states = []
    for key in body["drawn"]:
        if naive.gone(now[key], at) or key in changed:
            states.append("gone")
        elif now[key]["verified_on"] and now[key]["verified_on"] != then[key]["verified_on"]:
            states.append("still")
    of = 0
    for job in then.values():
        account = naive.as_of("account", since)[job["account_id"]]
        own = body["rep"] in (None, account["owner_id"]) and account["status"] == "active"
        checks = [
            slot["verified_on"] for slot in naive.as_of("slot", since).values() if slot["employment_id"] == job["id"]
        ]
        checked = max(filter(None, [*checks, job["verified_on"]]), default=None)
        age = None if checked is None else (naive.day(since) - date.fromisoformat(checked)).days
        of += own and not naive.gone(job, since) and not (age is not None and 0 <= age <= 180)
    checked, gone = len(states), states.count("gone")
    more, rate = 0, gone / checked if checked else 0.5
    while wide(round(rate * (checked + more)), checked + more) > 0.05:
        more += 1
    middle, half = (gone + Z * Z / 2) / (checked + Z * Z), wide(gone, checked)
    return {
        "of": of, "n": len(body["drawn"]), "checked": checked, "gone": gone,
        "low": max(middle - half, 0), "high": min(middle + half, 1), "more": more,
    }  # fmt: skip


#: The 97.5 % point of the normal distribution.
Z = 1.959963984540054


def wide(gone: int, checked: int) -> float:
    """Half of Wilson's interval, at 95 %."""
    spread = (gone * (checked - gone) / checked if checked else 0.0) + Z * Z / 4
    return Z / (checked + Z * Z) * float(spread**0.5)


def naive_waiting(naive: Naive, at: int) -> int:
    """Contacts at accounts that an import found and nobody has confirmed."""
    accounts = naive.as_of("account", at)
    return sum(accounts[job["account_id"]]["status"] == "unconfirmed" for job in naive.as_of("employment", at).values())

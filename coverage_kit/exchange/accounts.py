"""Accounts of a file against those we have."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import AccountStatus
from coverage_kit.exchange.plan import ImportPlan, Present, Row, account_id, template_ids
from coverage_kit.i18n import N_

_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d{1,18})(\.\d+)?", re.ASCII)


def plan_accounts(plan: ImportPlan, rows: list[tuple[int, dict[str, str]]], present: Present, default: str) -> None:
    """Add to a plan what a file of accounts changes.

    An account is known by its key; without one, or where it was met first without a key, by a name that only it has.
    """
    by_key = {row["id"]: row for row in present["account"]}
    by_name: dict[str, list[Row]] = {}
    for row in present["account"]:
        by_name.setdefault(row["name_key"], []).append(row)
    times = Counter(name_key(row.get("name", "")) for _, row in rows)
    seen: dict[str, int] = {}
    for number, row in rows:
        name, key = row.get("name", ""), row.get("key", "")
        if not name:
            plan.reject(number, "name", "account.name", "", N_("the account has no name"))
            continue
        named = by_name.get(name_key(name), [])
        if not key and len(named) > 1:
            plan.reject(
                number, "name", "account.several", name, N_("several accounts have this name; give the key of one")
            )
            continue
        before = by_key.get(key) if key else (named[0] if named else None)
        if before is None and len(named) == 1 and times[name_key(name)] == 1 and named[0]["id"].startswith("ac_"):
            # Met first without a key, in a contact list: it keeps the id it got there.
            before = named[0]
        entity_id = before["id"] if before else key or account_id(name)
        if entity_id in seen:
            plan.reject(number, "key", "account.twice", entity_id, N_("this account stands in the file twice"))
            continue
        fields = _fields(plan, number, row, present)
        if fields is None:
            continue
        seen[entity_id] = number
        if before is None:
            templates = template_ids(present, row.get("industry", ""), default)
            plan.add("account", entity_id, {**fields, "status": AccountStatus.ACTIVE.value, "focus": 0, "template_ids": templates})  # fmt: skip
            plan.count("added")
            continue
        if before["status"] == AccountStatus.UNCONFIRMED:
            fields["status"] = AccountStatus.ACTIVE.value
        plan.count("changed" if plan.merge("account", entity_id, fields, before) else "unchanged")
    plan.counts["missing"] = sum(
        row["id"] not in seen for row in present["account"] if row["status"] == AccountStatus.ACTIVE
    )


def _fields(plan: ImportPlan, number: int, row: dict[str, str], present: Present) -> dict[str, Any] | None:
    value = _number(row.get("value", ""))
    if value is None and row.get("value"):
        plan.reject(number, "value", "account.value", row["value"], N_("this is not a number"))
        return None
    fields: dict[str, Any] = {"name": row["name"], "name_key": name_key(row["name"]), "value": value}
    fields |= {column: row.get(column) or None for column in ("industry", "segment", "region")}
    owner = row.get("owner", "")
    if owner:
        staff = {key: one["id"] for one in present["staff"] for key in (one["name"], one["id"])}
        fields["owner_id"] = staff.get(owner)
        if owner not in staff:
            plan.notice(
                number,
                "owner",
                "owner.unknown",
                owner,
                N_("nobody of ours is called so; the account is taken without owner. Next: coverage-kit assign"),
            )
    return fields


def _number(text: str) -> float | None:
    # 1,23 and 1.234,56 can be read in two ways, so they are not read at all.
    return float(text.replace(",", "")) if _NUMBER.fullmatch(text) else None

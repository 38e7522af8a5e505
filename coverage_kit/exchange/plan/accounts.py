"""Accounts of a file against those we have."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import AccountStatus
from coverage_kit.exchange.plan.company_names import AccountFinder, company_core
from coverage_kit.exchange.plan.import_plan import (
    FileRow,
    ImportPlan,
    LastExport,
    Present,
    Row,
    account_id,
    is_newer_export,
    template_ids,
)
from coverage_kit.exchange.plan.owners import Owners
from coverage_kit.i18n import N_

_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d{1,18})(\.\d+)?(E[-+]?\d{1,2})?", re.ASCII)


def plan_accounts(plan: ImportPlan, rows: list[FileRow], present: Present, last: LastExport, default: str) -> None:
    """Add to a plan what a file of accounts changes.

    An account is known by its key; without one, or where it was met first without a key, by a name that only it has.
    """
    known = {row["id"]: row for row in present["account"]}
    finder = AccountFinder((row["id"], row["name"]) for row in present["account"])
    times = Counter(company_core(row.cells.get("name", ""))[0] for row in rows)
    owners = Owners(plan, present["staff"])
    seen: dict[str, int] = {}
    ext_ids = set()
    for row in rows:
        entity_id = _find(plan, row, known, finder, last, times) if _is_usable(plan, row) else None
        if entity_id is None:
            continue
        if entity_id in seen:
            plan.reject(
                row.number, "key", "account.twice", entity_id,
                N_("this account stands in the file twice, the first time in row {other}"), other=seen[entity_id],
            )  # fmt: skip
            continue
        seen[entity_id] = row.number
        ext_id = row.cells.get("key") or entity_id
        ext_ids.add(ext_id)
        before = known.get(entity_id)
        if before is not None and last.rows.get(ext_id) == row.kept and before["status"] != AccountStatus.UNCONFIRMED:
            plan.count("unchanged")
            continue
        plan.kept.append((ext_id, entity_id, row.kept))
        fields = {**_values(row.cells), "owner_id": owners.find(row.number, row.cells.get("owner", ""))}
        if before is None:
            _offer_near(plan, row, finder)
            templates = template_ids(present, row.cells.get("industry", ""), default)
            plan.add("account", entity_id, {**fields, "name_key": name_key(fields["name"]), "status": AccountStatus.ACTIVE.value, "focus": 0, "template_ids": templates})  # fmt: skip
            plan.count("added")
        else:
            said = last.said(ext_id)
            said = None if said is None else {**_values(said), "owner_id": owners.lookup(said.get("owner", ""))}
            if before["status"] == AccountStatus.UNCONFIRMED:
                fields["status"] = AccountStatus.ACTIVE.value
            changed = plan.merge("account", entity_id, fields, before, row=row.number, said=said)
            plan.count("changed" if changed else "unchanged")
    plan.returned = sorted(last.missing & ext_ids)
    if not plan.table.is_rejects:
        gone = [
            {"ext_id": ext_id, "id": key, "name": known[key]["name"], "account": key}
            for ext_id, key in last.entities.items()
            if ext_id not in ext_ids
            and key not in seen
            and key in known
            and known[key]["status"] == AccountStatus.ACTIVE
        ]
        plan.missing = gone if is_newer_export(len(gone), len(last.entities)) else []


def _find(
    plan: ImportPlan,
    row: FileRow,
    known: dict[str, dict[str, Any]],
    finder: AccountFinder,
    last: LastExport,
    times: Counter[str],
) -> str | None:
    """The account a row means, or the id of a new one; None where it could be several."""
    name, key = row.cells["name"], row.cells.get("key", "")
    if key:
        told = key if key in known else last.entities.get(key)
        if told in known:
            return told
    found = finder.find(name)
    if key:
        # Met first without a key, in a contact list: it keeps the id it got there.
        keyless = [each for each in found.ids if each.startswith("ac_")]
        alone = len(found.ids) == 1 and len(keyless) == 1 and times[company_core(name)[0]] == 1
        if not alone:
            return key
    elif len(found.ids) > 1:
        plan.reject(
            row.number, "name", "account.several", name,
            N_("several accounts have this name: {keys}; give the key of one"), keys=sorted(found.ids),
        )  # fmt: skip
        return None
    if found.by_sound:
        plan.notice(
            row.number, "name", "account.by_sound", name,
            N_("taken as {other}, which sounds the same; if it is another company, give it a key"),
            other=finder.names[found.ids[0]],
        )  # fmt: skip
    return found.ids[0] if found.ids else key or account_id(name)


def _offer_near(plan: ImportPlan, row: FileRow, finder: AccountFinder) -> None:
    near = next(iter(finder.find(row.cells["name"]).ids), None) or finder.near(row.cells["name"])
    if near is not None:
        plan.notice(
            row.number, "name", "account.near", row.cells["name"],
            N_("taken as a new account; it may be the same as {other} ({key})"), other=finder.names[near], key=near,
        )  # fmt: skip


def _is_usable(plan: ImportPlan, row: FileRow) -> bool:
    cells = row.cells
    if not cells.get("name"):
        plan.reject(row.number, "name", "account.name", "", N_("the account has no name"))
    elif cells.get("value") and _number(cells["value"]) is None:
        plan.reject(row.number, "value", "account.value", cells["value"], N_("this is not a number"))
    else:
        return True
    return False


def _values(cells: Row) -> dict[str, Any]:
    plain = {column: cells.get(column) or None for column in ("name", "industry", "segment", "region")}
    return {**plain, "value": _number(cells.get("value") or "")}


def _number(text: str) -> float | None:
    # 1,23 and 1.234,56 can be read in two ways, so they are not read at all.
    return float(text.replace(",", "")) if _NUMBER.fullmatch(text) else None

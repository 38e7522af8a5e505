"""Accounts of a file against those we have."""

from __future__ import annotations

from collections import Counter
from typing import Any

from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import AccountStatus
from coverage_kit.exchange.plan.account_keys import AccountKeys, is_usable_key
from coverage_kit.exchange.plan.cells import has_lost_letters, is_nothing, parse_amount
from coverage_kit.exchange.plan.company_names import AccountFinder, company_core
from coverage_kit.exchange.plan.departments import Departments
from coverage_kit.exchange.plan.import_plan import (
    FileRow,
    ImportPlan,
    LastExport,
    ListsByIndustry,
    Row,
    Unclear,
    account_id,
    is_newer_export,
)
from coverage_kit.exchange.plan.offerings import Offerings
from coverage_kit.exchange.plan.owners import Owners
from coverage_kit.exchange.plan.present import Present
from coverage_kit.exchange.plan.still_listed import StillListed
from coverage_kit.i18n import N_


def plan_accounts(plan: ImportPlan, rows: list[FileRow], present: Present, last: LastExport, default: str) -> None:
    """Add to a plan what a file of accounts changes.

    An account is known by its key; without one, or where it was met first without a key, by a name that only it has.
    """
    known = {row["id"]: row for row in present["account"]}
    merged = present.merged.accounts
    finder = AccountFinder(((row["id"], row["name"]) for row in present["account"]), merged)
    times = Counter(company_core(row.cells.get("name", ""))[0] for row in rows)
    owners = Owners(plan, present["staff"])
    offerings = Offerings(plan, present["offering"])
    lists = ListsByIndustry(present, default)
    keys = AccountKeys(known)
    new_keys = AccountKeys(())
    departments = Departments(plan, finder, "name")
    seen: dict[str, int] = {}
    ext_ids = set()
    for row in rows:
        entity_id = _find(plan, row, keys, finder, last, times) if _is_usable(plan, row) else None
        if entity_id is None:
            continue
        if entity_id in merged:
            _keep_merged(plan, row, entity_id, merged[entity_id])
            ext_ids.add(row.cells.get("key") or entity_id)
            continue
        if entity_id in seen:
            plan.reject(
                row.number, "key", "account.twice", entity_id,
                N_("this account is in the file twice, first in row {other}"), other=seen[entity_id],
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
        if row.cells.get("value") and parse_amount(row.cells["value"]) is None:
            plan.leave_out(
                row.number, "value", "account.value", row.cells["value"],
                N_("this amount cannot be read in one way only; the account is taken without it"),
            )  # fmt: skip
        waits = plan.table.is_ours and row.cells.get("status") == AccountStatus.UNCONFIRMED
        fields = {
            **_values(row.cells),
            "owner_id": owners.find(row.number, row.cells.get("owner", "")),
            "offerings": offerings.find(row.number, row.cells.get("offerings", "")),
        }
        if before is None:
            _offer_near(plan, row, finder)
            _offer_near_key(plan, row, new_keys, seen)
            departments.add(row.number, entity_id, fields["name"])
            templates = lists.find(row.cells.get("industry", ""))
            plan.add("account", entity_id, {**fields, "name_key": name_key(fields["name"]), "status": _status(waits), "focus": 0, "template_ids": templates})  # fmt: skip
            plan.count("added")
        else:
            said = last.said(ext_id)
            if said is not None:
                found = {
                    "owner_id": owners.lookup(said.get("owner", "")),
                    "offerings": offerings.lookup(said.get("offerings", "")),
                }
                said = {**_values(said), **found}
            if before["status"] == AccountStatus.UNCONFIRMED and not waits:
                fields["status"] = AccountStatus.ACTIVE.value
            changed = plan.merge("account", entity_id, fields, before, row=row.number, said=said)
            plan.count("changed" if changed else "unchanged")
            if name_key(str(changed.get("name", before["name"]))) != name_key(before["name"]):
                plan.notice(
                    row.number, "name", "account.renamed", fields["name"],
                    N_("the account of key {key} was called {before}"), key=entity_id, before=before["name"],
                )  # fmt: skip
    departments.note()
    plan.returned = sorted(last.missing & ext_ids)
    if not plan.table.is_rejects:
        rejected = StillListed(plan)
        gone = [
            {"ext_id": ext_id, "id": key, "name": known[key]["name"], "account": key}
            for ext_id, key in last.entities.items()
            if ext_id not in ext_ids
            and key not in seen
            and key in known
            and known[key]["status"] == AccountStatus.ACTIVE
            and not rejected.has(ext_id, known[key]["name"] or "")
        ]
        plan.missing = gone if is_newer_export(len(gone), len(last.entities)) else []


def _find(
    plan: ImportPlan,
    row: FileRow,
    keys: AccountKeys,
    finder: AccountFinder,
    last: LastExport,
    times: Counter[str],
) -> str | None:
    """The account a row means, or the id of a new one; None where it could be several."""
    name, key = row.cells["name"], row.cells.get("key", "")
    if key:
        same = keys.find(key) or keys.find(last.entities.get(key, ""))
        if same is not None:
            return same
        near = keys.near(key)
        if near is not None and plan.unclear is not Unclear.NEW:
            if plan.unclear is Unclear.SAME:
                return near
            plan.reject(
                row.number, "key", "account.key_near", key,
                N_("this key is nearly {other}; write it the same way if it is the same account"), other=near,
            )  # fmt: skip
            return None
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


def _keep_merged(plan: ImportPlan, row: FileRow, account: str, kept: str) -> None:
    """A row of an account that became part of another one: it changes nothing, and the file still has two."""
    plan.notice(
        row.number, "name", "account.merged", row.cells["name"],
        N_("this account became part of {kept} here; the row changes nothing"), kept=kept,
    )  # fmt: skip
    plan.kept.append((row.cells.get("key") or account, account, row.kept))
    plan.count("unchanged")


def _offer_near(plan: ImportPlan, row: FileRow, finder: AccountFinder) -> None:
    near = next(iter(finder.find(row.cells["name"]).ids), None) or finder.near(row.cells["name"])
    if near is not None:
        plan.notice(
            row.number, "name", "account.near", row.cells["name"],
            N_("taken as a new account; it may be the same as {other} ({key})"), other=finder.names[near], key=near,
        )  # fmt: skip


def _offer_near_key(plan: ImportPlan, row: FileRow, new_keys: AccountKeys, seen: dict[str, int]) -> None:
    """Name a new key that is nearly another new one of the file: a spreadsheet may have cut its zeros."""
    key = row.cells.get("key", "")
    near = new_keys.near(key) if key else None
    if near is not None:
        plan.notice(
            row.number, "key", "account.key_near_row", key,
            N_("taken as another account than row {other_row}, whose key is nearly the same: {other}"),
            other_row=seen[near], other=near,
        )  # fmt: skip
    if key:
        new_keys.add(key)


def _is_usable(plan: ImportPlan, row: FileRow) -> bool:
    cells = row.cells
    is_ours = plan.table.is_ours
    name = cells.get("name", "")
    if not is_ours and has_lost_letters(name):
        plan.reject(
            row.number, "name", "account.lost_letters", name,
            N_("letters of this name were lost; export the file again as UTF-8, or write the name"),
        )  # fmt: skip
    elif not name or (not is_ours and is_nothing(name)):
        plan.reject(row.number, "name", "account.name", name, N_("the account has no name"))
    else:
        return is_usable_key(plan, row, "key")
    return False


def _status(waits: bool) -> str:
    return (AccountStatus.UNCONFIRMED if waits else AccountStatus.ACTIVE).value


def _values(cells: Row) -> dict[str, Any]:
    plain = {column: cells.get(column) or None for column in ("name", "industry", "segment", "region")}
    return {**plain, "value": parse_amount(cells.get("value") or "")}

"""Our own people in a file against those we have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.exchange.plan.contact_rows import email_of
from coverage_kit.exchange.plan.import_plan import FileRow, ImportPlan
from coverage_kit.exchange.plan.present import Present
from coverage_kit.i18n import N_

_WORDS = {
    StaffFunction.REP: ("담당 영업", "영업", "영업 담당", "영업 담당자", "영업사원", "영업대표", "sales", "sales rep"),
    StaffFunction.MANAGER: ("팀장", "영업팀장", "관리자", "sales manager"),
    StaffFunction.EXECUTIVE: ("임원", "영업임원"),
    StaffFunction.SUPPORT: ("지원부서", "지원", "영업지원", "기술지원", "sales support", "technical support"),
    StaffFunction.SERVICE: ("서비스부서", "서비스", "서비스팀", "customer service"),
    StaffFunction.COACH: ("코치",),
}
#: A function as files write it, without blanks and capitals.
_FUNCTIONS = {name_key(word): function for function, words in _WORDS.items() for word in (function, *words)}


def plan_staff(plan: ImportPlan, rows: list[FileRow], present: Present) -> None:
    """Add to a plan what a file of colleagues changes; it also confirms those whom an export named."""
    known = {row["id"]: row for row in present["staff"]}
    names = _names(present)
    ids = {row.cells["key"]: _find(row, known, names) for row in rows if row.cells.get("key")}
    seen: set[str] = set()
    in_file = _once((row.cells.get("name", ""), ids[row.cells["key"]]) for row in rows if row.cells.get("key"))
    managers = {**{name: name for name in known}, **in_file, **names, **ids}
    for row in rows:
        fields = _fields(plan, row, managers)
        if fields is None:
            continue
        key, entity_id = row.cells["key"], ids[row.cells["key"]]
        if entity_id in seen:
            plan.reject(row.number, "key", "staff.twice", key, N_("this colleague is in the file twice"))
            continue
        seen.add(entity_id)
        before = known.get(entity_id)
        if before is None or before["function"] is None:
            fields["function"] = fields["function"] or StaffFunction.REP.value
        if before is None:
            plan.add("staff", entity_id, {**fields, "name": fields["name"] or key})
            plan.count("added")
        else:
            changed = plan.merge("staff", entity_id, fields, before, row=row.number)
            plan.count("changed" if changed else "unchanged")


def _names(present: Present) -> dict[str, str]:
    """Names and logins of which only one of ours has each."""
    return _once((name, row["id"]) for row in present["staff"] for name in (row["login"] or "", row["name"] or ""))


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Names that only one person has."""
    found: dict[str, set[str]] = {}
    for name, key in pairs:
        if name:
            found.setdefault(name, set()).add(key)
    return {name: next(iter(keys)) for name, keys in found.items() if len(keys) == 1}


def _find(row: FileRow, known: dict[str, dict[str, Any]], names: dict[str, str]) -> str:
    key, name = row.cells["key"], row.cells.get("name", "")
    if key in known:
        return key
    if key in names and known[names[key]]["login"] == key:
        return names[key]
    # Somebody whom an export named, waiting to be confirmed, keeps the id they got there.
    waiting = known.get(names.get(name, ""))
    return waiting["id"] if waiting and waiting["function"] is None else key


def _fields(plan: ImportPlan, row: FileRow, known: dict[str, str]) -> dict[str, Any] | None:
    key, written, manager = (row.cells.get(column, "") for column in ("key", "function", "manager"))
    function = _FUNCTIONS.get(name_key(written))
    if not key or (written and function is None):
        column = "function" if key else "key"
        plan.reject(
            row.number, column, f"staff.{column}", row.cells.get(column, ""),
            N_("a colleague needs a key, and a function: rep, manager, executive, support, service or coach"),
        )  # fmt: skip
        return None
    if manager and manager not in known:
        plan.leave_out(
            row.number, "manager", "staff.manager", manager,
            N_("no colleague has this name; imported without a manager"),
        )  # fmt: skip
    return {
        "name": row.cells.get("name") or None,
        "login": key,
        "function": function,
        "manager_id": known.get(manager),
        "email": email_of(row.cells),
    }

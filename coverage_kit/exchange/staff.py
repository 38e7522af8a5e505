"""Our own people in a file against those we have."""

from __future__ import annotations

from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.exchange.plan import ImportPlan, Present
from coverage_kit.i18n import N_

_FUNCTIONS = {word.value for word in StaffFunction}


def plan_staff(plan: ImportPlan, rows: list[tuple[int, dict[str, str]]], present: Present) -> None:
    """Add to a plan what a file of colleagues changes."""
    known = {row["id"]: row for row in present["staff"]}
    seen: dict[str, int] = {}
    for number, row in rows:
        key = row["key"]
        before = known.get(key)
        function = row.get("function") or (before or {}).get("function") or StaffFunction.REP.value
        if not key or function not in _FUNCTIONS:
            column = "key" if not key else "function"
            plan.reject(
                number, column, f"staff.{column}", row.get(column, ""),
                N_("a colleague needs a key, and a function: rep, manager, executive, support, service or coach"),
            )  # fmt: skip
            continue
        if key in seen:
            plan.reject(number, "key", "staff.twice", key, N_("this colleague stands in the file twice"))
            continue
        seen[key] = number
        fields = {
            "name": row.get("name") or (before or {}).get("name") or key,
            "login": key,
            "function": function,
            "manager_id": row.get("manager") or None,
        }
        if before is None:
            plan.add("staff", key, fields)
            plan.count("added")
        else:
            plan.count("changed" if plan.merge("staff", key, fields, before) else "unchanged")

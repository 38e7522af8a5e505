"""Our own people whom an export names: those we do not know yet become staff to be confirmed."""

from __future__ import annotations

from collections.abc import Iterable

from coverage_kit.exchange.plan.import_plan import ImportPlan, Row
from coverage_kit.i18n import N_


class Owners:
    """Finds one of our people by key, login or name; whoever is nobody's becomes staff without a function."""

    def __init__(self, plan: ImportPlan, staff: Iterable[Row]) -> None:
        self._plan = plan
        self._known: dict[str, set[str]] = {}
        self._keys: set[str] = set()
        for row in staff:
            self._keys.add(row["id"])
            for name in {row["id"], row["login"] or "", row["name"] or ""} - {""}:
                self._known.setdefault(name.casefold(), set()).add(row["id"])

    def find(self, number: int, name: str) -> str | None:
        """The id of an owner; None where nobody is named, or several are called so."""
        if not name:
            return None
        found = self._find(name)
        if len(found) > 1:
            self._plan.leave_out(
                number, "owner", "owner.several", name,
                N_("several of our people are called so; write the key of one: {keys}"), keys=sorted(found),
            )  # fmt: skip
            return None
        if not found:
            self._plan.add("staff", name, {"name": name, "login": name, "function": None})
            self._plan.notice(
                number, "owner", "owner.to_confirm", name,
                N_("nobody of ours is called so yet: taken as a colleague to be confirmed. Next: coverage-kit import staff"),
            )  # fmt: skip
            self._plan.count("staff_added")
            found = self._known[name.casefold()] = {name}
            self._keys.add(name)
        return next(iter(found))

    def lookup(self, name: str) -> str | None:
        """The id of the one of our people who is called so."""
        found = self._find(name)
        return next(iter(found)) if len(found) == 1 else None

    def _find(self, name: str) -> set[str]:
        return {name} if name in self._keys else self._known.get(name.casefold(), set())

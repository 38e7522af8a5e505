"""What a file says we sell to an account: offerings of the workspace; one that is not there yet becomes one."""

from __future__ import annotations

import json
from collections.abc import Iterable

from coverage_kit.exchange.plan.import_plan import ImportPlan, Row
from coverage_kit.i18n import N_
from coverage_kit.role_lists.offerings import OfferingNames, new_offering_names


class Offerings:
    """Finds offerings by key or name in either language."""

    def __init__(self, plan: ImportPlan, rows: Iterable[Row]) -> None:
        self._plan = plan
        self._names = OfferingNames((row["id"], row["name"]) for row in rows)

    def find(self, number: int, cell: str) -> str | None:
        """The offerings that a cell names, as an account keeps them; None for none."""
        keys: dict[str, None] = {}
        for text in self._names.split(cell):
            key = self._names.find(text)
            if key is None:
                key = text
                self._plan.add("offering", key, {"name": new_offering_names(key, key), "active": 1})
                self._plan.notice(
                    number, "offerings", "offering.new", text,
                    N_("this offering is not in the workspace yet: taken as a new one"),
                )  # fmt: skip
                self._names.add(key)
            keys[key] = None
        return json.dumps(list(keys), ensure_ascii=False) if keys else None

    def lookup(self, cell: str) -> str | None:
        """The same for what an earlier file said; what is not an offering counts as nothing."""
        keys = dict.fromkeys(key for key in map(self._names.find, self._names.split(cell)) if key is not None)
        return json.dumps(list(keys), ensure_ascii=False) if keys else None

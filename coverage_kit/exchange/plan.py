"""What importing a file would change: changes, counts and problems against what is there."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coverage_kit.domain.identifiers import name_key
from coverage_kit.exchange.table_files import Effect, Problem, TableFile
from coverage_kit.i18n import texts

Row = Mapping[str, Any]
Present = Mapping[str, list[dict[str, Any]]]


@dataclass
class ImportPlan:
    """What would be written, what was counted, and what cannot be used.

    Attributes
    ----------
    table : TableFile
    changes : list
        ``(entity, id, fields, is_new)``; only the fields that differ.
    problems : list of Problem
    counts : dict
        ``rows added changed unchanged rejected missing accounts_added encoding layout rejects_file``.
    """

    table: TableFile
    lang: str = "en"
    changes: list[tuple[str, str, dict[str, Any], bool]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, Any] = field(default_factory=dict)

    def count(self, what: str, n: int = 1) -> None:
        """Add to a count."""
        self.counts[what] = self.counts.get(what, 0) + n

    def reject(self, row: int, column: str, code: str, value: str, message: str, **values: object) -> None:
        """The row is not taken."""
        self._tell(Effect.ROW, row, column, code, value, message, values)

    def notice(self, row: int, column: str, code: str, value: str, message: str, **values: object) -> None:
        """The row is taken; somebody should know."""
        self._tell(Effect.NOTICE, row, column, code, value, message, values)

    def _tell(
        self, effect: Effect, row: int, column: str, code: str, value: str, message: str, values: Mapping[str, object]
    ) -> None:
        self.problems.append(Problem(row, column, code, value, texts(self.lang)(message, **values), effect))

    def add(self, entity: str, key: str, fields: Mapping[str, Any]) -> None:
        """Something new."""
        self.changes.append((entity, key, dict(fields), True))

    def merge(self, entity: str, key: str, fields: Mapping[str, Any], before: Row) -> bool:
        """Write what differs; an empty cell never blanks what is known."""
        changed = {name: value for name, value in fields.items() if value is not None and value != before.get(name)}
        if changed:
            self.changes.append((entity, key, changed, False))
        return bool(changed)


def account_id(name: str) -> str:
    """The key of an account that came without one: the same name always gets the same."""
    digest = hashlib.sha256(name_key(name).encode()).digest()
    return "ac_" + base64.b32encode(digest).decode().lower()[:13]


def template_ids(present: Present, industry: str, default: str) -> str:
    """The templates that claim an industry, else the default, as the account keeps them."""
    claimed = [
        row["id"]
        for row in present["template"]
        if industry
        and industry.casefold() in {i.casefold() for i in json.loads(row["body"])["applies_to"]["industries"]}
    ]
    return json.dumps(claimed or [default])

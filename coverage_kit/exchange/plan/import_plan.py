"""What importing a file would change: changes, counts and problems against what is there."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from coverage_kit.domain.identifiers import name_key
from coverage_kit.exchange.plan.cells import is_worse
from coverage_kit.exchange.plan.evidence import Evidence
from coverage_kit.exchange.plan.headers import TableFile
from coverage_kit.exchange.plan.left_out import LeftOut
from coverage_kit.exchange.plan.present import Present
from coverage_kit.exchange.problems import Effect, Problem
from coverage_kit.i18n import N_, texts

Row = Mapping[str, Any]
#: Is called with the step, the number of its items that are done, and their total.
Progress = Callable[[str, int, int], None]


#: Fields that people write: a damaged value never replaces a good one.
_WRITTEN = frozenset(("name", "email", "phone", "title", "department", "industry", "segment", "region"))


class Unclear(StrEnum):
    """What to do with a row whose account key and account name disagree."""

    ASK = "ask"
    SAME = "same"
    NEW = "new"


class FileRow(NamedTuple):
    """A row that can be read: its number, its cells in our columns, and all of it as it is kept (JSON in UTF-8).

    ``may_suggest`` is false where no cell can suggest that somebody has left or works elsewhere.
    """

    number: int
    cells: dict[str, str]
    kept: bytes
    may_suggest: bool


@dataclass(frozen=True)
class LastExport:
    """What the same program's last export said, row by row.

    Attributes
    ----------
    entities : dict
        Id in the export (the entity's own where it has none) to the entity's id.
    rows : dict
        The same to the row as it was kept (JSON in UTF-8); without rows whose import was taken back.
    missing : frozenset of str
        Ids that an export before had and the last one had not.
    undecided : frozenset of str
        Digests of rows that could be several people, or contradict another row, and that nobody has decided about.
    merged : dict
        Ids in the export whose job or account became part of another one here, to what they meant before.
    """

    entities: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, bytes] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    undecided: frozenset[str] = frozenset()
    merged: Mapping[str, str] = field(default_factory=dict)

    def said(self, ext_id: str) -> Row | None:
        """What the last export said in our columns, None where it said nothing."""
        row = self.rows.get(ext_id)
        return None if row is None else json.loads(row)


@dataclass(frozen=True)
class Difference:
    """One field that an import changes in something that is there already."""

    row: int
    what: str
    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class WhoQuestion:
    """A row that could be several people of one name.

    Attributes
    ----------
    row : int
    name, account : str
        The name, and the account's id.
    people : dict
        Whom it can be (an employment's id, or the number of another row) to what tells them apart.
    chosen : str
        One of these or ``new``; "" where nobody has decided.
    in_brackets : bool
        Whether their names differ by a part in brackets.
    """

    row: int
    name: str
    account: str
    people: Mapping[str, str]
    chosen: str = ""
    in_brackets: bool = False


@dataclass
class ImportPlan:
    """What would be written, what was counted, and what cannot be used.

    Attributes
    ----------
    kind : str
    table : TableFile
        Once planned, with those rows only that have a problem.
    today : str
        The day of the import, for leaving dates; "" takes all of them as ahead.
    unclear : Unclear
    owners : dict
        Names of owners that several colleagues have, to the key of the one who is meant.
    who : dict
        Which of several people of one name a row is: its number to an employment's id, another row's number, or ``new``.
    changes : list
        ``(entity, id, fields, is_new)``; only the fields that differ.
    differences : list of Difference
        The same for what is there already, with the value before.
    problems : list of Problem
    left_out : list of LeftOut
        Rows that are no accounts and no people.
    unread : list of str
        Their columns that hold something and are not read.
    people_columns : list of str
        Those of a file of accounts that hold people, the one with their names first.
    asked : list of WhoQuestion
        Rows that could be several people, also those that were decided.
    evidence : list of Evidence
        Known people who look different in this file.
    marked_gone : set of str
        Employments of people whom the file marks as gone, and whom nobody here has checked or put in a position.
    missing : list of dict
        ``ext_id id name account`` of what the same program's last export had and this one has not: evidence, no more.
    returned : list of str
        Ids in the export that were missing before and are there again.
    kept : list
        ``(id in the export, entity's id, the row)``: what is new or different of the export itself.
    undecided : list of str
        Digests of rows that wait for a decision; the rows themselves are not kept.
    samples : list of list of str
        A few rows by which a person sees whether the encoding is right.
    counts : dict
        ``rows added changed unchanged rejected missing accounts_added encoding layout rejects_file`` and more.
    """

    kind: str
    table: TableFile
    lang: str = "en"
    today: str = ""
    unclear: Unclear = Unclear.ASK
    owners: Mapping[str, str] = field(default_factory=dict)
    who: Mapping[int, str] = field(default_factory=dict)
    changes: list[tuple[str, str, dict[str, Any], bool]] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    people_columns: list[str] = field(default_factory=list)
    asked: list[WhoQuestion] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    marked_gone: set[str] = field(default_factory=set)
    missing: list[dict[str, Any]] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    kept: list[tuple[str, str, bytes]] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    samples: list[list[str]] = field(default_factory=list)
    counts: dict[str, Any] = field(default_factory=dict)

    def count(self, what: str, n: int = 1) -> None:
        """Add to a count."""
        self.counts[what] = self.counts.get(what, 0) + n

    def reject(self, row: int, column: str, code: str, value: str, message: str, **values: object) -> None:
        """The row is not taken."""
        self._tell(Effect.ROW, row, column, code, value, message, values)

    def leave_out(self, row: int, column: str, code: str, value: str, message: str, **values: object) -> None:
        """The row is taken without this cell."""
        self._tell(Effect.CELL, row, column, code, value, message, values)

    def notice(self, row: int, column: str, code: str, value: str, message: str, **values: object) -> None:
        """The row is taken; somebody should know."""
        self._tell(Effect.NOTICE, row, column, code, value, message, values)

    def _tell(
        self, effect: Effect, row: int, column: str, code: str, value: str, message: str, values: Mapping[str, object]
    ) -> None:
        # The file's own name of a column is what a person looks for in it.
        places = self.table.columns.get(column)
        theirs = self.table.header[places[0]] if places else column
        shown = texts(self.lang)(message, **values)
        self.problems.append(Problem(row, theirs, code, value, shown, effect, said=message, values=values))

    def add(self, entity: str, key: str, fields: Mapping[str, Any]) -> None:
        """Something new."""
        self.changes.append((entity, key, dict(fields), True))

    def merge(
        self,
        entity: str,
        key: str,
        fields: Mapping[str, Any],
        before: Row,
        *,
        row: int,
        said: Row | None = None,
        verified_on: str | None = None,
        what: str = "",
    ) -> dict[str, Any]:
        """Write what the file changes: an empty cell blanks nothing, and what was changed here stays.

        Parameters
        ----------
        entity, key : str
        fields : mapping
            What the row says.
        before : mapping
            What is there.
        row : int
        said : mapping, optional
            What the same program's last export said.
        verified_on : str, optional
            The day on which a person checked these fields, where the row is no newer.
        what : str
            Whom or what the fields are of, where they do not hold its name.

        Returns
        -------
        dict
            The fields that change.
        """
        changed: dict[str, Any] = {}
        for name, value in fields.items():
            now = before.get(name)
            if value is None or value == now or (said is not None and said.get(name) == value):
                continue
            if isinstance(now, str) and isinstance(value, str) and name in _WRITTEN and is_worse(name, value, now):
                self.leave_out(
                    row, name, "field.damaged", value,
                    N_("this value is damaged or cut short; kept {now}"), now=now,
                )  # fmt: skip
            elif now is not None and said is not None and said.get(name) != now:
                self.notice(
                    row, name, "field.changed_here", str(value),
                    N_("conflicts with an edit made here since the last import; kept ours"),
                )  # fmt: skip
            elif now is not None and verified_on:
                self.notice(
                    row, name, "field.verified", str(value),
                    N_("conflicts with the check of {day}; kept what was checked"),
                    day=verified_on,
                )  # fmt: skip
            else:
                changed[name] = value
                named = what or str(fields.get("name") or before.get("name") or "")
                self.differences.append(Difference(row, named, name, _as_written(name, now), _as_written(name, value)))
        if "name" in changed and "name_key" in before:
            changed["name_key"] = name_key(changed["name"])
        if changed:
            self.changes.append((entity, key, changed, False))
        return changed


def is_newer_export(n_gone: int, n_before: int) -> bool:
    """Whether a file is a newer export of the same list, and not another list of the same form: most is still there."""
    return 2 * n_gone <= n_before


def account_id(name: str) -> str:
    """The key of an account that came without one: the same name always gets the same."""
    digest = hashlib.sha256(name_key(name).encode()).digest()
    return "ac_" + base64.b32encode(digest[:10]).decode().lower()[:13]


class ListsByIndustry:
    """Finds the role lists that claim an industry, and keeps what it found: a file names few industries many times."""

    def __init__(self, present: Present, default: str) -> None:
        self._default = default
        self._claims = [
            (
                row["id"],
                {each.casefold() for each in json.loads(row["body"]).get("applies_to", {}).get("industries") or ()},
            )
            for row in present["template"]
        ]
        self._found: dict[str, str] = {}

    def find(self, industry: str) -> str:
        """The keys of the lists, or of the default, as the account keeps them."""
        found = self._found.get(industry)
        if found is None:
            claimed = [key for key, industries in self._claims if industry.casefold() in industries]
            found = self._found[industry] = json.dumps(claimed or [self._default])
        return found


def _as_written(field: str, value: Any) -> Any:
    """A field as files write it: several offerings with ``;`` between them."""
    return "; ".join(json.loads(value)) if field == "offerings" and value else value

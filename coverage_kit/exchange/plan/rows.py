"""The rows of a table in our columns: those that can be read, with a fast path for rows that need no cleaning."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain

from pydantic_core import to_json

from coverage_kit.domain.identifiers import clean_text, is_clean, name_key
from coverage_kit.errors import BadInput
from coverage_kit.exchange.plan.cells import (
    DITTO,
    PLACEHOLDERS,
    decode_entities,
    has_hangul,
    is_placeholder,
    without_unseen,
)
from coverage_kit.exchange.plan.gone_notes import status_with_day
from coverage_kit.exchange.plan.header_rows import is_any_header
from coverage_kit.exchange.plan.headers import TableFile
from coverage_kit.exchange.plan.import_plan import FileRow, ImportPlan, Progress
from coverage_kit.exchange.plan.left_out import LeftOut, RowFilter
from coverage_kit.exchange.plan.memos import cells_with_stems
from coverage_kit.exchange.plan.repeated_headers import plain_header
from coverage_kit.exchange.plan.row_shape import RowShape
from coverage_kit.i18n import N_

_STEP = 2_000
#: Rows that are looked at together for cells to clean; more of them would be longer than a cell may be.
_BLOCK = 20
#: Between the cells of a row while they are looked at together.
_BETWEEN = "|"
_TO_LOOK_AT = PLACEHOLDERS | DITTO
#: Our columns whose cells may suggest that somebody has left.
_MAY_SUGGEST = frozenset(("status", "title", "name", "first_name", "middle_name", "last_name", "suffix"))
#: Our columns that a person repeats with a sign.
_REPEATED = frozenset(("account", "account_key", "department", "industry", "segment", "region", "owner"))
#: Headers of a status that is a yes or a no, and the cells that say no.
_IS_ACTIVE = frozenset(
    map(
        name_key,
        ("재직", "재직여부", "재직 여부", "재직상태", "근무여부", "사용여부", "Active", "Is Active", "IsActive"),
    )
)
_NO = frozenset(("n", "no", "x", "0", "false", "아니오", "아니요"))
#: An apostrophe by which a spreadsheet marks text, as in '010-1234-5678; 't Hooft and 'quoted' keep theirs.
_MARKED_TEXT = re.compile(r"'(?=[+(\d가-힣])(?!.*')")

#: A code that is written as a formula, so that a spreadsheet keeps its zeros: ="005930".
_TEXT_FORMULA = re.compile(r'="([^"]*)"')


class _BadCell(Exception):
    """A cell that cannot be stored."""

    def __init__(self, column: str, reason: BadInput) -> None:
        self.column = column
        self.reason = reason


class RowReader:
    """Reads the rows of a plan's table; the others become problems of the plan, or are left out and named.

    Parameters
    ----------
    plan : ImportPlan
    """

    def __init__(self, plan: ImportPlan) -> None:
        table = plan.table
        self._plan = plan
        self._table = table
        self._places = [(ours, tuple(found)) for ours, found in table.columns.items()]
        #: The same, where no name of ours has several columns.
        self._single = (
            [(ours, found[0]) for ours, found in self._places]
            if all(len(found) == 1 for _, found in self._places)
            else []
        )
        self._as_is = table.is_ours
        used = {i for _, found in self._places for i in found}
        is_first_ours = table.is_rejects
        self._others = [
            (i, name)
            for i, name in enumerate(table.header)
            if i not in used and name and not (i == 0 and is_first_ours)
        ]
        self._filter = RowFilter([*map(plain_header, table.header)], sorted(used))
        self._shape = RowShape(table)
        self._is_our_kind = _kind_filter(table, plan.kind)
        self._odd = table.source.broken | table.source.suspect
        self._above: dict[str, str] = {}
        #: The row of another table's header; what stands below it is not of this one.
        self._other_header = 0
        self._has_yes_no = any(name_key(table.header[i]) in _IS_ACTIVE for i in table.columns.get("status", ()))
        self._is_simple = (
            self._is_our_kind is None
            and not table.layout.lists
            and not self._has_yes_no
            and not {"deleted", "left_on"} & table.columns.keys()
        )

    def read(self, progress: Progress) -> Iterator[FileRow]:
        """The rows that can be read, in the file's order.

        Parameters
        ----------
        progress : callable
        """
        rows, others = self._table.rows, self._others
        unseen = others
        is_plain = False
        for n, (number, cells) in enumerate(rows):
            if n % _STEP == 0:
                progress(N_("reading"), n, len(rows))
            if n % _BLOCK == 0:
                is_plain = self._is_simple and self._is_plain(
                    chain.from_iterable(row for _, row in rows[n : n + _BLOCK])
                )
            if self._other_header:
                if any(cell.strip() for cell in cells):
                    self._reject_below(number)
                continue
            may_suggest = True
            if (is_plain or (self._is_simple and self._is_plain(cells))) and self._is_tidy(number, cells):
                row = self._first_filled(cells)
                may_suggest = not self._suggesting.isdisjoint(cells)
            else:
                found = self._read_odd(number, cells)
                if found is None:
                    continue
                cells, row = found
            self._above = row
            rest = {name: cells[i] for i, name in others if cells[i]}
            if unseen and rest:
                unseen = [(i, name) for i, name in unseen if not cells[i].strip()]
            yield FileRow(number, row, to_json({**row, "other": rest} if rest else row), may_suggest)
        filled = {name for _, name in others} - {name for _, name in unseen}
        self._plan.unread = [name for name in self._table.header if name in filled]

    @cached_property
    def _suggesting(self) -> frozenset[str]:
        """The cells that may suggest that somebody has left: in the columns that are not ours, in titles, states and names."""
        if self._plan.kind != "contacts":
            return frozenset()
        places = {i for i, _ in self._others}
        places |= {i for ours, found in self._places if ours in _MAY_SUGGEST for i in found}
        found: set[str] = set()
        for i in places:
            found.update(cells[i] for _, cells in self._table.rows if i < len(cells))
        return cells_with_stems(found)

    def _is_plain(self, cells: Iterable[str]) -> bool:
        """Fast path: whether none of these cells needs to be cleaned or decoded."""
        whole = _BETWEEN.join(cells)
        return (
            is_clean(whole)
            # Of all blanks only the plain one is printable, so these find each cell that has one at an end.
            and " |" not in whole
            and "| " not in whole
            and not whole.startswith(" ")
            and not whole.endswith(" ")
            and (
                self._as_is
                or ("&" not in whole and '="' not in whole and "|'" not in whole and not whole.startswith("'"))
            )
        )

    def _is_tidy(self, number: int, cells: list[str]) -> bool:
        """Fast path: whether a row of plain cells has the usual width, and nothing is left out or rejected."""
        return (
            len(cells) == self._shape.width
            and number not in self._odd
            and (self._as_is or _TO_LOOK_AT.isdisjoint(cells))
            and self._filter.is_ordinary(cells)
            and not self._shape.is_shifted(cells)
        )

    def _first_filled(self, cells: list[str]) -> dict[str, str]:
        """The cells of a tidy row under our names; of several columns for one name the first that is filled."""
        if self._single:
            return {ours: cell for ours, i in self._single if (cell := cells[i])}
        row: dict[str, str] = {}
        for ours, found in self._places:
            for i in found:
                if cells[i]:
                    row[ours] = cells[i]
                    break
        return row

    def _read_odd(self, number: int, cells: list[str]) -> tuple[list[str], dict[str, str]] | None:
        """A row with all its cells, and those in our columns; None where it is left out or rejected."""
        plan, table = self._plan, self._table
        why = self._filter.why(cells) or ("" if self._is_our_kind is None or self._is_our_kind(cells) else "kind")
        if not why and is_any_header(cells):
            why = "header"
            if not self._is_same_header(cells):
                self._other_header = number
        if why:
            plan.left_out.append(LeftOut(number, why, shown_row(cells)))
            return None
        if not self._shape.check(plan, number, cells):
            return None
        if len(cells) < self._shape.width:
            cells = cells + [""] * (self._shape.width - len(cells))
        try:
            row = self._named_cells(cells)
        except _BadCell as bad:
            plan.reject(number, bad.column, bad.reason.code, "", bad.reason.message, **bad.reason.values)
            return None
        for ours in () if self._as_is else row.keys() & _REPEATED:
            if row[ours] in DITTO and ours in self._above:
                row[ours] = self._above[ours]
                plan.notice(number, ours, "row.ditto", row[ours], N_("taken from the row above, which the file repeats by a sign"))  # fmt: skip
        for ours in table.layout.lists:
            if ";" in row.get(ours, ""):
                row[ours] = row[ours].split(";")[0].strip()
        if self._has_yes_no and row.get("status", "").casefold() in _NO:
            row["status"] = "inactive"
        if "left_on" in row:
            self._mark_gone(row)
        if row.get("deleted", "").casefold() in ("true", "1", "yes"):
            plan.reject(number, "–", "row.deleted", "", N_("the export marks this row as deleted"))
            return None
        return cells, row

    def _mark_gone(self, row: dict[str, str]) -> None:
        """Say in the status of a row that the person is gone, if its leaving date is past."""
        header, status = self._table.header[self._table.columns["left_on"][0]], row.get("status", "")
        dated = status_with_day(status, row["left_on"], self._plan.today, is_korean=has_hangul(header))
        if dated != status:
            row["status"] = dated
            del row["left_on"]

    def _is_same_header(self, cells: list[str]) -> bool:
        """Whether a header between the rows has the columns that are read where they are: rows of joined files."""
        header = self._table.header
        return all(
            i < len(cells) and name_key(cells[i]) == name_key(plain_header(header[i]))
            for _, places in self._places
            for i in places
        )

    def _reject_below(self, number: int) -> None:
        self._plan.reject(
            number, "–", "row.other_table", "",
            N_("row {header} is the header of another table; put that table into a file or sheet of its own"),
            header=self._other_header,
        )  # fmt: skip

    def _named_cells(self, cells: list[str]) -> dict[str, str]:
        """The cells under our names, clean and not empty; of several columns for one name the first that says something.

        Our own exports keep their cells: a name may be written like an HTML entity or a placeholder.
        """
        row: dict[str, str] = {}
        as_is, whole = self._as_is, "".join(cells)
        # If the row is clean, so is each cell.
        is_plain = is_clean(whole) and (as_is or "&" not in whole)
        for ours, found in self._places:
            for i in found:
                text = cells[i].strip() if is_plain else _clean_cell(cells[i], self._table.header[i], as_is=as_is)
                if not as_is and text.startswith("'"):
                    text = _MARKED_TEXT.sub("", text, count=1)
                elif not as_is and (formula := _TEXT_FORMULA.fullmatch(text)):
                    text = formula[1].strip()
                if text and (as_is or text not in PLACEHOLDERS or not is_placeholder(text, ours)):
                    row[ours] = text
                    break
        return row


def shown_row(cells: Sequence[str]) -> str:
    """A row that is left out, as it is shown."""
    return " | ".join(cell.strip() for cell in cells if cell.strip())[:200]


def _kind_filter(table: TableFile, kind: str) -> Callable[[list[str]], bool] | None:
    """Of a file with people and companies: whether a row is of the kind that is imported."""
    key = name_key(table.layout.kind_column)
    place = next((i for i, name in enumerate(table.header) if key and name_key(name) == key), None)
    if place is None:
        return None
    words, wanted = table.layout.account_words, kind == "accounts"
    return lambda cells: (place < len(cells) and cells[place].strip().casefold() in words) is wanted


def _clean_cell(cell: str, name: str, *, as_is: bool) -> str:
    try:
        return clean_text(cell if as_is else without_unseen(decode_entities(cell)), name)
    except BadInput as exc:
        raise _BadCell(name, exc) from exc

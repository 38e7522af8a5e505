"""Which row of a file is its header, which program wrote it, and which of its columns is which of ours."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from coverage_kit.domain.identifiers import name_key
from coverage_kit.errors import BadInput
from coverage_kit.exchange.plan.columns import (
    COLUMNS,
    FAMILY_NAMES,
    GIVEN_NAME,
    KNOWN_NAMES,
    LAST,
    REQUIRED,
    SEVERAL,
)
from coverage_kit.exchange.plan.header_rows import is_header, with_groups
from coverage_kit.exchange.plan.hints import propose_columns
from coverage_kit.exchange.plan.kinds import looks_like, shown_by
from coverage_kit.exchange.plan.layouts import SPREADSHEET, Layout, find_layout, find_other_layout
from coverage_kit.exchange.plan.repeated_headers import (
    by_mobile,
    differing,
    further,
    number_headers,
    plain_header,
    repeats,
)
from coverage_kit.exchange.problems import PROBLEM
from coverage_kit.exchange.read.table_files import Rows
from coverage_kit.i18n import N_

_LOOKED_AT = 30
#: Rows by which a column shows whether it holds companies or people.
_SAMPLED = 200
#: Rows looked through for a column that is filled.
_FILLED_IN = 2_000

_NOTED = re.compile(r"\W*(?P<name>[^()\[\]]+?)\s*[(\[](?P<note>[^()\[\]]*)[)\]]\W*")
_NOTES = frozenset("선택 필수 선택사항 필수입력 optional required * 한글 국문 text 텍스트 숫자만 -포함 -없이".split())

#: Our column of a company's name by kind, and that of its key.
_COMPANY = {"accounts": "name", "contacts": "account", "staff": ""}
_ITS_KEY = {"accounts": "key", "contacts": "account_key"}
#: Companies are called 3M and 1004; a number with more digits is a code.
_CODE = 5

_SEXES = frozenset("남 여 男 女 남자 여자 남성 여성".split())

Lines = Sequence[tuple[int, list[str]]]


@dataclass(frozen=True)
class TableFile:
    """A file's table: header, the rows below it, and where our columns are.

    Attributes
    ----------
    source : Rows
        The file as it stands, down to the header.
    header : list of str
        A name that stands there again has a number: 전화, 전화 (2).
    rows : list
        ``(number as a spreadsheet shows it, cells)``.
    layout : Layout
        The program that wrote it.
    columns : dict
        Our column to the positions of theirs; the first that is filled counts.
    n_before : int
        Filled rows above the header.
    """

    source: Rows
    header: list[str]
    rows: list[tuple[int, list[str]]]
    layout: Layout = SPREADSHEET
    columns: dict[str, list[int]] = field(default_factory=dict)
    n_before: int = 0

    @property
    def origin(self) -> str:
        """Whose export this is: the program's; a spreadsheet's by its column of ids, which its later editions keep."""
        if self.layout is not SPREADSHEET:
            return self.layout.key
        places = self.columns.get("record") or self.columns.get("key")
        if places and "function" not in self.columns:
            return f"{self.layout.key}/{name_key(self.header[places[0]])}"
        return self.origin_by_columns

    @property
    def origin_by_columns(self) -> str:
        """The same for a spreadsheet without ids, and for one that version 0.1.0 read: all those with the same columns."""
        names = sorted({name_key(plain_header(name)) for name in self.header[self.is_rejects :]})
        return f"{self.layout.key}/{hashlib.sha256(chr(10).join(names).encode()).hexdigest()[:8]}"

    @property
    def is_ours(self) -> bool:
        """Whether it is an export of our own, whose cells are as they were written here."""
        return self.layout.key == "coverage-kit"

    @property
    def header_row(self) -> int:
        """The number of the header's row."""
        return self.source.rows[self.n_before][0]

    @property
    def twice(self) -> dict[str, list[str]]:
        """Our columns that are read from several columns of one name, to these in the order in which they count."""
        twice = {i for first, others in repeats(self.header).items() for i in (first, *others)}
        found = {ours: [self.header[i] for i in places if i in twice] for ours, places in self.columns.items()}
        return {ours: names for ours, names in found.items() if len(names) > 1}

    @property
    def is_rejects(self) -> bool:
        """Whether these are rows that an import wrote out to be mended: then they are not a whole export."""
        return self.header[0] == PROBLEM


def find_table(source: Rows, kind: str, file: str, mapping: Mapping[str, str], kept: Mapping[str, str]) -> TableFile:
    """Find the header and our columns in a file; lines above the header are left out.

    Parameters
    ----------
    source : Rows
    kind : str
        ``accounts``, ``contacts`` or ``staff``.
    file : str
        For messages.
    mapping : mapping
        Their column to ours, as the user says now, "" for one that is not to be read; all of it must fit.
    kept : mapping
        The same as said before; what fits of it is used.

    Raises
    ------
    BadInput
        No row has the columns that are needed, columns of one name differ, or the file holds other things.
    """
    wrong = next((ours for ours in mapping.values() if ours and ours not in COLUMNS[kind]), None)
    best: TableFile | None = None
    for i in range(min(len(source.rows), _LOOKED_AT)):
        header = _header_at(source.rows, i, kind)
        names = {name_key(name) for name in header}
        if wrong is not None or not all(name_key(theirs) in names for theirs in mapping):
            continue
        layout = find_layout(header, kind)
        columns = _columns(header, kind, layout, {**kept, **mapping}, source.rows[i + 1 :][:_FILLED_IN])
        found = TableFile(source, header, [], layout, columns, i)
        if _lacking(kind, columns):
            continue
        is_below = best is not None and best.n_before == i - 1 and is_header(source.rows[i][1], kind)
        if best is None or is_below or len(columns) > len(best.columns):
            best = found
    if best is None:
        raise _no_table(source, kind, file, mapping)
    _refuse_other_kind(best, kind, file, {**kept, **mapping})
    above = best.n_before + 1
    best = replace(best, rows=source.rows[above:], source=replace(source, rows=source.rows[:above]))
    _check_differing(best, file, {**kept, **mapping})
    return best


def _header_at(rows: Lines, i: int, kind: str) -> list[str]:
    """The header whose last row is this one; each name stands there once."""
    cells = rows[i][1]
    if i and is_header(cells, kind):
        cells = with_groups(rows[i - 1][1], cells)
    return number_headers([cell.strip() for cell in cells])


def guess_header(source: Rows) -> list[str]:
    """The row that most likely is the header where none is recognised: the first as wide as the widest near it."""
    return _guess_header(source)[1]


def _guess_header(source: Rows) -> tuple[int, list[str]]:
    first = [cells for _, cells in source.rows[:_LOOKED_AT]]
    filled = [sum(bool(cell.strip()) for cell in cells) for cells in first]
    at = filled.index(max(filled))
    return at, number_headers([cell.strip() for cell in first[at]])


def guess_kind(header: Sequence[str], mapped: Mapping[str, Mapping[str, str]], rows: Lines = ()) -> str:
    """What a file holds: contacts if their columns are there, else the kind with most columns; the cells may disagree.

    A job title beside a company means contacts too; their page then asks for the column with the names.
    """
    found = {kind: set(map_columns(header, kind, mapped.get(kind, {})).values()) for kind in COLUMNS}
    fitting = [kind for kind in found if all(found[kind].intersection(group) for group in REQUIRED[kind])]
    lists_people = "title" in found["contacts"] and found["contacts"].intersection(REQUIRED["contacts"][0])
    if "contacts" in fitting or lists_people or not fitting:
        kind = "contacts"
    else:
        kind = max(fitting, key=lambda kind: len(found[kind]))
    return _looks_like(kind, header, rows)[0] or kind


def map_columns(header: Sequence[str], kind: str, mapping: Mapping[str, str], rows: Lines = ()) -> dict[str, str]:
    """Their column to ours as it would be read, for a user to correct."""
    columns = _columns(header, kind, find_layout(header, kind), mapping, rows)
    return {header[i]: ours for ours, places in columns.items() for i in places}


def _columns(
    header: Sequence[str], kind: str, layout: Layout, mapping: Mapping[str, str], rows: Lines
) -> dict[str, list[int]]:
    places: dict[str, int] = {}
    for i, name in enumerate(header):
        places.setdefault(name_key(name), i)
    for i, name in enumerate(header):
        places.setdefault(name_key(_without_note(name)), i)
    said: dict[str, list[int]] = {}
    for theirs, ours in mapping.items():
        if name_key(theirs) in places and ours in COLUMNS[kind]:
            said.setdefault(ours, []).append(places[name_key(theirs)])
    unread = {places[name_key(theirs)] for theirs, ours in mapping.items() if not ours and name_key(theirs) in places}
    taken = {i for found in said.values() for i in found} | unread
    columns = dict(said)
    twice = repeats(header)
    has_given = kind == "contacts" and any(
        name_key(name) in places and _holds_families(places[name_key(name)], rows) for name in FAMILY_NAMES
    )
    for ours, names in COLUMNS[kind].items():
        if has_given and ours in ("name", "first_name"):
            names = (*(name for name in names if name != GIVEN_NAME), *([GIVEN_NAME] if ours == "first_name" else ()))
        usual = (*names, ours) if ours in LAST else (ours, *names)
        called: tuple[str, ...] = layout.columns.get(ours, usual)
        groups = [(at, *twice.get(at, ())) for n in called if (at := places.get(name_key(n))) is not None]
        free = [group for each in dict.fromkeys(groups) if (group := [i for i in each if i not in taken])]
        if ours in said:
            continue
        if ours == _COMPANY[kind]:
            numbers = [i for group in free for i in group if _holds_numbers(i, rows)]
            free = [left for group in free if (left := [i for i in group if i not in numbers])]
            if numbers and (key := _ITS_KEY[kind]) not in columns and key not in said:
                columns[key] = numbers[:1]
            taken.update(numbers)
        if ours in SEVERAL:
            ordered = [i for group in free for i in (by_mobile(group, rows) if ours == "phone" else group)]
            found = [i for i in dict.fromkeys((*ordered, *further(header, called))) if i not in taken]
        else:
            first = _first_filled([i for group in free for i in group], rows)
            # Of columns of one name each counts where it is filled.
            found = next(([first, *(i for i in group if i != first)] for group in free if first in group), [])
        if found:
            columns[ours] = found
            taken.update(found)
    return columns


def _without_note(name: str) -> str:
    """A header without a note in brackets that says nothing of the cells: 직책(선택), 회사 (고객사); a unit is no such note."""
    found = _NOTED.fullmatch(name)
    if found is None:
        return name
    note = found["note"].strip().casefold()
    return found["name"] if note in _NOTES or note in KNOWN_NAMES else name


def _holds_families(place: int, rows: Lines) -> bool:
    """Whether a column called 성 holds family names, and not 남 and 여 of 성별."""
    cells = {cells[place].strip() for _, cells in rows if place < len(cells)} - {""}
    return not cells or not cells <= _SEXES


def _holds_numbers(place: int, rows: Lines) -> bool:
    """Whether a column that may hold companies holds their numbers, as Customer of SAP does."""
    cells = [text for _, cells in rows if place < len(cells) and (text := cells[place].strip())]
    return bool(cells) and all(text.isdecimal() and len(text) >= _CODE for text in cells)


def _first_filled(found: list[int], rows: Lines) -> int:
    """The first of several columns of one meaning that holds anything; -1 of none."""
    if len(found) < 2:
        return found[0] if found else -1
    return next((i for i in found if any(i < len(cells) and cells[i].strip() for _, cells in rows)), found[0])


def _lacking(kind: str, columns: Mapping[str, object]) -> list[str]:
    return [group[0] for group in REQUIRED[kind] if not any(ours in columns for ours in group)]


def _refuse_other_kind(table: TableFile, kind: str, file: str, said: Mapping[str, str]) -> None:
    """Refuse a list of another kind, unless somebody said which column is the one that is needed."""
    needed = {ours for group in REQUIRED[kind] for ours in group}
    names = {name_key(name) for name in table.header}
    if table.layout is not SPREADSHEET or any(ours in needed and name_key(his) in names for his, ours in said.items()):
        return
    other = find_other_layout(table.header, kind)
    if other is not None and (kind == "staff" or (kind, other.kinds) == ("accounts", ("contacts",))):
        raise _other_kind(file, other, kind)
    holds, telling = _looks_like(kind, table.header, table.source.rows[table.n_before + 1 :])
    if holds:
        raise _other_list(file, kind, holds, telling, table.header[table.columns[REQUIRED[kind][-1][0]][0]])


def _looks_like(kind: str, header: Sequence[str], rows: Lines) -> tuple[str, list[str]]:
    """The kind of list that a file is instead, and the columns that show it; a header of two rows may differ by kind."""
    cells = {name: [row[i] for _, row in rows[:_SAMPLED] if i < len(row)] for i, name in enumerate(header)}
    return looks_like(kind, _read_as(header, rows), cells)


def _read_as(header: Sequence[str], rows: Lines) -> dict[str, dict[str, list[str]]]:
    """By kind, our columns to those of theirs from which they would be read, whatever the layout."""
    return {
        kind: {
            ours: [header[i] for i in places]
            for ours, places in _columns(header, kind, SPREADSHEET, {}, rows[:_FILLED_IN]).items()
        }
        for kind in COLUMNS
    }


def _other_list(file: str, kind: str, holds: str, telling: list[str], example: str) -> BadInput:
    return BadInput(
        "import.other_list",
        N_('{file} looks like a list of {holds}, not of {kind}: it has {columns}. Import it as {holds}, or say which column is the {ours}: --map "{example}={ours}"'),
        file=file, holds=holds, kind=kind, columns=telling, ours=REQUIRED[kind][-1][0], example=example,
    )  # fmt: skip


def _other_kind(file: str, layout: Layout, kind: str) -> BadInput:
    return BadInput(
        "import.other_kind",
        N_("{file} is a file of {layout}, which holds {holds}; import it as one of those, or export a list of {kind}."),
        file=file, layout=layout.key, holds=list(layout.kinds) or "–", kind=kind,
    )  # fmt: skip


def _no_table(source: Rows, kind: str, file: str, mapping: Mapping[str, str]) -> BadInput:
    at, header = _guess_header(source)
    names = {name_key(name) for name in header}
    for theirs, ours in mapping.items():
        if (ours and ours not in COLUMNS[kind]) or name_key(theirs) not in names:
            return BadInput(
                "import.map_unknown",
                N_('--map "{theirs}={ours}": the file has the columns {header}; ours are {ours_all}.'),
                theirs=theirs, ours=ours, header=header, ours_all=list(COLUMNS[kind]),
            )  # fmt: skip
    other = find_other_layout(header, kind)
    if other is not None and find_layout(header, kind) is SPREADSHEET:
        return _other_kind(file, other, kind)
    columns = _columns(header, kind, find_layout(header, kind), mapping, source.rows[at + 1 :])
    lacking = _lacking(kind, columns)
    while (found := differing(columns, SEVERAL, source.rows[at + 1 :])) is not None:
        # Columns of one name that differ may be two things, as the names of a company and of a person.
        columns.pop(found[0])
        lacking.append(found[0])
    proposed = propose_columns(header, source.rows[at + 1 :], kind, columns)
    wanted = {ours: theirs for ours, theirs in proposed.items() if ours in lacking}
    below = source.rows[at + 1 :]
    holds = guess_kind(header, {}, below)
    telling = shown_by(holds, _read_as(header, below)) if holds != kind else []
    if telling and (kind != "contacts" or not wanted):
        return _other_list(file, kind, holds, telling, "…")
    if wanted:
        return BadInput(
            "import.column_missing",
            N_("{file}: no column for {lacking}; the file has {header}. Judging by their cells: {proposal}"),
            file=file, lacking=lacking, header=header,
            proposal=" ".join(f'--map "{theirs}={ours}"' for ours, theirs in wanted.items()),
        )  # fmt: skip
    return BadInput(
        "import.column_missing",
        N_('{file}: no column for {lacking}; the file has {header}. Say which it is: --map "…={first}"'),
        file=file, lacking=lacking, header=header, first=lacking[0],
    )  # fmt: skip


def _check_differing(table: TableFile, file: str, mapping: Mapping[str, str]) -> None:
    """Refuse a file of which columns of one name hold different things: only a person can say which one is meant."""
    one_each = {ours: places for ours, places in table.columns.items() if ours not in mapping.values()}
    found = differing(one_each, SEVERAL, table.rows)
    if found is None:
        return
    ours, places = found
    cells = next(cells for _, cells in table.rows if len({cells[i] for i in places if i < len(cells)} - {""}) > 1)
    raise BadInput(
        "import.header_twice",
        N_("{file}: {n} columns are called {column}, and they differ: {cells}. Say which one is the {ours}: {proposal}"),
        file=file, n=len(places), column=table.header[places[0]], ours=ours,
        cells=[f"{table.header[i]}: {cells[i].strip()}" for i in places if i < len(cells)],
        proposal=" / ".join(f'--map "{table.header[i]}={ours}"' for i in places),
    )  # fmt: skip

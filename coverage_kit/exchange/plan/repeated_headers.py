"""Headers that stand in a file several times: each column gets a name of its own, and none is chosen in silence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from coverage_kit.domain.identifiers import name_key

#: 전화 (2), as this module writes it.
_OURS = re.compile(r"(?P<base>.*\S)\s*\(\d{1,2}\)")
#: As Excel's tables (전화2) and pandas (Phone.1) write it.
_THEIRS = re.compile(r"(?P<base>.*[^\d\s._-])[\s._-]?\d{1,2}")
#: A mobile number of Korea, whatever stands between its digits.
_MOBILE = re.compile(r"(?:\+?82\)?[\s.-]*\(?0?\)?|0?)1[016789][\s.)-]*\d{3,4}[\s.-]*\d{4}")
#: Rows looked through for mobile numbers.
_LOOKED_AT = 2_000

Lines = Sequence[tuple[int, list[str]]]


def number_headers(header: Sequence[str]) -> list[str]:
    """The header with a number behind each name that stands there before: 전화, 전화 (2)."""
    if len(set(header)) == len(header):
        return list(header)
    taken, times, numbered = set(header), Counter[str](), []
    for name in header:
        times[name] += 1
        own = name
        if name and times[name] > 1:
            while (own := f"{name} ({times[name]})") in taken:
                times[name] += 1
            taken.add(own)
        numbered.append(own)
    return numbered


def plain_header(name: str) -> str:
    """A header without the number that ``number_headers`` gave it."""
    found = _OURS.fullmatch(name)
    return found["base"] if found else name


def repeats(header: Sequence[str]) -> dict[int, list[int]]:
    """The position of each header that stands there several times, to the positions of the others, in their order."""
    first: dict[str, int] = {}
    found: dict[int, list[int]] = {}
    for i, name in enumerate(header):
        base = name_key(plain_header(name))
        if plain_header(name) != name and base in first:
            found.setdefault(first[base], []).append(i)
        else:
            first.setdefault(base, i)
    return found


def further(header: Sequence[str], names: Iterable[str]) -> list[int]:
    """The positions of columns that are called like one of these names with a number behind it: 전화2, Phone.1."""
    keys = {name_key(name) for name in names}
    found = [(i, _OURS.fullmatch(name) or _THEIRS.fullmatch(name)) for i, name in enumerate(header)]
    return [i for i, numbered in found if numbered and name_key(numbered["base"]) in keys]


def by_mobile(places: Sequence[int], rows: Lines) -> list[int]:
    """Columns of phones of one name, the one with most mobile numbers first: it reaches the person."""
    cells = [cells for _, cells in rows[:_LOOKED_AT]]
    n_mobile = {i: sum(bool(_MOBILE.match(row[i].strip())) for row in cells if i < len(row)) for i in places}
    return sorted(places, key=lambda i: -n_mobile[i])


def differing(
    columns: Mapping[str, Sequence[int]], several: Iterable[str], rows: Lines
) -> tuple[str, list[int]] | None:
    """Our column that is read from columns of one name that differ in a row, and those; None where all agree."""
    for ours, places in columns.items():
        if len(places) < 2 or ours in several:
            continue
        for _, cells in rows:
            filled = {cells[i].strip() for i in places if i < len(cells)} - {""}
            if len(filled) > 1:
                return ours, list(places)
    return None


def lasting(header: Sequence[str], columns: Mapping[str, str], mapping: Mapping[str, str]) -> dict[str, str]:
    """What a user said about columns, as it holds for other files too.

    That the first of several columns of one name is not read means that another one is; a file with one column of that
    name has it read.

    Parameters
    ----------
    header : sequence of str
    columns : mapping
        Their columns to ours, as they were read.
    mapping : mapping
        What the user said.
    """
    kept = dict(mapping)
    for first, others in repeats(header).items():
        if kept.get(header[first]) == "":
            del kept[header[first]]
            kept |= {header[i]: columns[header[i]] for i in others if header[i] in columns}
    return kept

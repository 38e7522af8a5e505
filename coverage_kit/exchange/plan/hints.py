"""Which column of an unknown file may be which of ours, by its header and by what it holds; nothing rather than nonsense."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from rapidfuzz import fuzz

from coverage_kit.domain.identifiers import name_key
from coverage_kit.exchange.plan.cells import PLACEHOLDERS, find_email, phone_digits
from coverage_kit.exchange.plan.columns import COLUMNS
from coverage_kit.exchange.plan.company_names import company_core
from coverage_kit.exchange.plan.person_names import read_person

_LOOKED_AT = 200
_ALIKE = 85
#: Name 1, 이름 2, Firmenname_1.
_PART = re.compile(r"(.*(?:name|이름|명|名称?))[\s._-]?(\d)", re.IGNORECASE)
_KOREAN_NAME = re.compile(r"[김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허남심노하곽성차주우구민나진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모][가-힣]{1,2}")  # fmt: skip
_LATIN_NAME = re.compile(r"[A-Z][a-z'’-]+( [A-Z]\.?)?( [A-Z][A-Za-z'’-]+){1,2}")
_TITLE = re.compile(r"(?i)\b(c[efitom]o|chief|director|manager|president|vp|head|officer|lead|buyer|engineer)\b|(팀장|부장|과장|차장|대리|이사|상무|전무|사장|대표|소장|실장|센터장|본부장|공장장)$")  # fmt: skip


def propose_columns(
    header: Sequence[str], rows: Sequence[tuple[int, list[str]]], kind: str, columns: Mapping[str, Sequence[int]]
) -> dict[str, str]:
    """Our columns that nothing is read as yet, and the column of theirs that both its name and its cells speak for.

    Parameters
    ----------
    header : sequence of str
    rows : sequence
        The rows below it.
    kind : str
    columns : mapping
        What is found already.
    """
    used = {i for places in columns.values() for i in places}
    free = {i: [cells[i].strip() for _, cells in rows[:_LOOKED_AT] if i < len(cells)] for i in range(len(header)) if i not in used and header[i]}  # fmt: skip
    parts = _parts_of_names(header)
    found: dict[str, str] = {}
    for ours, names in COLUMNS[kind].items():
        if ours in columns or ours not in _HOLDS:
            continue
        # Name 1 and Name 2 are the lines of a company's name: the first is what it is called, and neither is a person.
        left = [i for i in parts if parts[i] > 1 or _meaning(ours, kind) == "name"]
        scores = {i: 0.0 if i in left else _score(header[i], [cell for cell in cells if cell and cell not in PLACEHOLDERS], ours, names, kind) for i, cells in free.items()}  # fmt: skip
        best = sorted(scores, key=lambda i: -scores[i])[:2]
        if best and scores[best[0]] >= 1 and (len(best) == 1 or scores[best[0]] > scores[best[1]]):
            found[ours] = header[best[0]]
            del free[best[0]]
    return found


def _parts_of_names(header: Sequence[str]) -> dict[int, int]:
    """The positions of columns such as Name 1 and Name 2, where both are there, to their numbers."""
    found = {i: (name_key(part[1]), int(part[2])) for i, name in enumerate(header) if (part := _PART.fullmatch(name))}
    bases = {base for base, number in found.values() if number == 1}
    bases &= {base for base, number in found.values() if number > 1}
    return {i: number for i, (base, number) in found.items() if base in bases}


def people_columns(header: Sequence[str], rows: Sequence[tuple[int, list[str]]], unread: Sequence[str]) -> list[str]:
    """Which columns of a file of accounts hold people: the one with their names first; none where none has names.

    Parameters
    ----------
    header : sequence of str
    rows : sequence
        The rows below it.
    unread : sequence of str
        Columns that hold something and are nothing of an account.
    """
    found: dict[str, str] = {}
    for ours in ("name", "title", "department", "email", "phone"):
        usual = {name_key(name) for name in (*COLUMNS["contacts"][ours], ours)}
        named = [name for name in unread if name_key(name) in usual and name not in found.values()]
        if ours == "name":
            named = [name for name in named if holds_people(_cells(header.index(name), rows))]
        if named:
            found[ours] = named[0]
    return [*found.values()] if "name" in found else []


def _cells(i: int, rows: Sequence[tuple[int, list[str]]]) -> list[str]:
    return [cells[i].strip() for _, cells in rows[:_LOOKED_AT] if i < len(cells)]


def holds_people(cells: Sequence[str]) -> bool:
    """Whether at least half of the filled cells are names of people."""
    names = [read_person({"name": cell}).name for cell in cells if cell and cell not in PLACEHOLDERS]
    return bool(names) and 2 * sum(map(_is_person, names)) >= len(names)


def _score(header: str, cells: list[str], ours: str, names: Sequence[str], kind: str) -> float:
    """From 0 to 2: one for a name that is like ours, one for cells that are what ours holds."""
    if not cells:
        return 0.0
    alike = max((fuzz.ratio(name_key(header), name_key(name)) for name in (ours, *names)), default=0)
    word = any(len(name_key(name)) > 3 and name_key(name) in name_key(header) for name in names)
    holds = sum(_HOLDS[_meaning(ours, kind)](cell) for cell in cells) / len(cells)
    if holds < 0.2:
        return 0.0
    return holds + (1.0 if alike >= _ALIKE or word else 0.0) if holds >= 0.5 or alike >= _ALIKE else 0.0


def _meaning(ours: str, kind: str) -> str:
    return "account" if kind == "accounts" and ours == "name" else ours


def _is_company(text: str) -> bool:
    return bool(company_core(text)[1]) or bool(re.search(r"(전자|화학|산업|상사|건설|물산|은행|제약|테크|시스템|그룹|공사)$|(?i:group|holdings|traders|bank|industries|systems|technologies)\b", text))  # fmt: skip


def _is_person(text: str) -> bool:
    return bool(_KOREAN_NAME.fullmatch(text) or _LATIN_NAME.fullmatch(text)) and not _is_company(text)


_HOLDS: dict[str, Callable[[str], bool]] = {
    "account": lambda text: _is_company(text) and not text.isdigit(),
    "name": _is_person,
    "email": lambda text: "@" in text and find_email(text) is not None,
    "phone": lambda text: 8 <= len(phone_digits(text)) <= 13 and not re.search(r"[A-Za-z가-힣]", text),
    "title": lambda text: bool(_TITLE.search(text)),
}

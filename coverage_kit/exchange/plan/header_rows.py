"""Headers of two rows: groups above (고객사, 담당자), and the columns of each group below (이름, 전화)."""

from __future__ import annotations

from collections.abc import Sequence

from coverage_kit.domain.identifiers import name_key
from coverage_kit.exchange.plan.columns import COLUMNS

#: So many known names, and half of the filled cells, make a row a header.
_FEW = 2
#: A column of a group that holds the name of what the group is about.
_ITS_NAME = frozenset(map(name_key, ("이름", "명", "명칭", "성명", "성함", "상호", "Name", "名称", "名前", "氏名")))


def is_header(cells: Sequence[str], kind: str) -> bool:
    """Whether a row holds names of columns, and no account or person."""
    filled = [name_key(cell) for cell in cells if cell.strip()]
    n_known = sum(name in _KEYS[kind] for name in filled)
    return n_known >= _FEW and 2 * n_known >= len(filled)


def is_any_header(cells: Sequence[str]) -> bool:
    """Whether a row between others is the header of another table, of whatever kind."""
    return any(is_header(cells, kind) for kind in COLUMNS)


def with_groups(above: Sequence[str], cells: Sequence[str]) -> list[str]:
    """A header with the groups of the row above where its own names do not tell columns apart.

    Parameters
    ----------
    above : sequence of str
        A group reaches over the empty cells behind it.
    cells : sequence of str
    """
    names = [name_key(cell) for cell in cells]
    found, group = [], ""
    for i, cell in enumerate(cells):
        own = above[i].strip() if i < len(above) else ""
        group = own or group
        if not cell.strip():
            found.append(own)
        elif names.count(names[i]) == 1 or not group or name_key(group) == names[i]:
            found.append(cell.strip())
        elif names[i] in _ITS_NAME:
            found.append(group)
        elif name_key(group) in _PEOPLE:
            found.append(cell.strip())
        else:
            found.append(f"{group} {cell.strip()}")
    return found


#: Cells with which a header may begin.
HEADER_WORDS = frozenset(
    spelling
    for name in (
        *(n for columns in COLUMNS.values() for names in columns.values() for n in names),
        "No",
        "No.",
        "번호",
        "순번",
        "연번",
        "#",
    )
    for spelling in (name, name.upper())
)
_KEYS = {
    kind: frozenset(name_key(name) for ours, names in columns.items() for name in (ours, *names))
    for kind, columns in COLUMNS.items()
}
_PEOPLE = frozenset(map(name_key, (*COLUMNS["contacts"]["name"], "고객", "Contact", "Person", "name")))

"""Who stands in rows that could not be taken: a rejected row makes nobody look gone."""

from __future__ import annotations

import re

from coverage_kit.domain.identifiers import name_key
from coverage_kit.exchange.plan.cells import full_name, has_lost_letters, lost_letters_pattern
from coverage_kit.exchange.plan.import_plan import ImportPlan
from coverage_kit.exchange.problems import Effect

#: Problems of rows that do say that somebody is gone.
_SAY_GONE = frozenset(("row.deleted", "contact.nobody"))
#: Of names with lost letters, how many different ones are compared; a file with more is damaged as a whole.
_MOST_LOST = 500
#: Of rows that were torn apart, how much text is looked through.
_MOST_TEXT = 1_000_000


class StillListed:
    """The ids, names and texts of a file's rejected rows.

    Parameters
    ----------
    plan : ImportPlan
        After its rows were read.
    """

    def __init__(self, plan: ImportPlan) -> None:
        codes = {one.row: one.code for one in plan.problems if one.effect is Effect.ROW and one.code not in _SAY_GONE}
        rows = [(number, cells) for number, cells in plan.table.rows if number in codes] if codes else []
        self._cells = {cell.strip() for _, cells in rows for cell in cells}
        torn = "\n".join(" ".join(cells) for number, cells in rows if codes[number].startswith("row."))
        self._torn = torn[:_MOST_TEXT]
        parts = {ours: places[0] for ours, places in plan.table.columns.items()}
        names = {full_name({ours: cells[i] for ours, i in parts.items() if i < len(cells)}) for _, cells in rows}
        self._names = {name_key(text) for text in self._cells | names if text}
        lost = {text for text in self._cells | names if has_lost_letters(text)}
        self._is_damaged = len(lost) > _MOST_LOST
        self._lost = [] if self._is_damaged else [re.compile(lost_letters_pattern(text)) for text in sorted(lost)]

    def has(self, ext_id: str, name: str) -> bool:
        """Whether a rejected row may be the one with this id, or of this person or account.

        Parameters
        ----------
        ext_id : str
            In the export.
        name : str
            As it is written here.
        """
        if not self._cells:
            return False
        return (
            self._is_damaged
            or ext_id in self._cells
            or (name_key(name) in self._names if name else False)
            or (bool(name) and name in self._torn)
            or any(pattern.fullmatch(name) for pattern in self._lost)
        )

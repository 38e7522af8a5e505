"""Whether a row has the shape of the others: one with shifted cells is a problem, never a person."""

from __future__ import annotations

from collections import Counter

from coverage_kit.exchange.plan.cells import find_email, phone_digits
from coverage_kit.exchange.plan.headers import TableFile
from coverage_kit.exchange.plan.import_plan import ImportPlan
from coverage_kit.i18n import N_

#: Of the other rows, how many must have the header's width before a shorter row counts as shifted.
_AGREE, _OTHERS = 0.9, 3


class RowShape:
    """The usual width of a table's rows, and which rows do not fit it."""

    def __init__(self, table: TableFile) -> None:
        self._table = table
        self.width = len(table.header)
        self._ours = {i for found in table.columns.values() for i in found}
        self._widths: Counter[int] = Counter()
        if table.source.is_text:
            self._widths = Counter(len(cells) for _, cells in table.rows)

    def check(self, plan: ImportPlan, number: int, cells: list[str]) -> bool:
        """Whether a row can be read; else it becomes a problem."""
        source = self._table.source
        is_suspect = number in source.suspect
        if number in source.broken:
            plan.reject(
                number, "–", "row.quote", "",
                N_("a quote in this row is not closed, or stands in the middle of a cell; the rows below it are read on their own"),
            )  # fmt: skip
        elif len(cells) > self.width and self._is_longer(cells):
            plan.reject(number, "–", "row.too_long", "", N_("the row has more cells than the header; check its quotes"))
        elif (is_suspect and self._is_in_ours(cells)) or (len(cells) != self.width and any("\n" in cell for cell in cells)):  # fmt: skip
            plan.reject(
                number, "–", "row.quote", "",
                N_("a cell of this row holds lines that look like rows of their own; check its quotes"),
            )  # fmt: skip
        elif self.is_shifted(cells):
            plan.reject(
                number, "–", "row.too_short", "",
                N_("the row has fewer cells than the header, so they may be shifted; check its separators"),
            )  # fmt: skip
        else:
            if is_suspect:
                plan.notice(
                    number, "–", "row.quote_suspect", "",
                    N_("a cell of this row holds lines that look like rows of their own; check its quotes"),
                )  # fmt: skip
            return True
        return False

    def is_shifted(self, cells: list[str]) -> bool:
        """Whether a row lost a separator: it is short, or in a workbook an e-mail stands beside its column, which holds something else."""
        if self._table.source.is_text:
            return len(cells) < self.width and self._is_short(cells)
        own = [cells[i] for i in self._table.columns.get("email", ()) if i < len(cells) and cells[i]]
        return bool(own) and not any("@" in cell for cell in own) and self._is_elsewhere(cells, "email")

    def _is_in_ours(self, cells: list[str]) -> bool:
        return any("\n" in cells[i] for i in self._ours if i < len(cells))

    def _is_longer(self, cells: list[str]) -> bool:
        if any(cell.strip() for cell in cells[self.width :]):
            return True
        n_same = self._widths[len(cells)]
        return self._table.source.is_text and 2 * n_same <= self._widths.total()

    def _is_short(self, cells: list[str]) -> bool:
        if not any(i >= len(cells) for i in self._ours):
            return False
        others = self._widths.total() - 1
        none_fits = others > 0 and not self._widths[self.width]
        most_fit = others >= _OTHERS and self._widths[self.width] >= _AGREE * others
        return none_fits or most_fit or self._is_elsewhere(cells, "email") or self._is_elsewhere(cells, "phone")

    def _is_elsewhere(self, cells: list[str], ours: str) -> bool:
        """Whether an e-mail or a phone stands in a cell of another column, and none in its own."""
        fits = _is_email if ours == "email" else _is_phone
        own = self._table.columns.get(ours, [])
        inside = any(fits(cells[i]) for i in own if i < len(cells))
        outside = any(fits(cells[i]) for i in self._ours - set(own) if i < len(cells))
        return bool(own) and outside and not inside


def _is_email(text: str) -> bool:
    return "@" in text and find_email(text) is not None


def _is_phone(text: str) -> bool:
    return len(phone_digits(text)) >= 9 and not text.strip("+-() 0123456789.")

"""Excel workbooks as rows of text."""

from __future__ import annotations

from pathlib import Path

from coverage_kit.errors import BadInput
from coverage_kit.exchange.read.limited import Found, read_limited
from coverage_kit.exchange.read.xlsx_guard import check_workbook, protected, too_large
from coverage_kit.i18n import N_

#: The name of the stream in which Excel keeps how a workbook is encrypted.
_ENCRYPTED = "EncryptionInfo".encode("utf-16-le")
_XLS_BYTES = 64 << 20


def read_workbook(path: Path, sheet: str | None = None, *, is_old: bool) -> Found:
    """The rows of one sheet of a workbook, as text, with the numbers that Excel shows.

    Parameters
    ----------
    path : Path
    sheet : str, optional
        Its name; needed where more than one visible sheet has rows.
    is_old : bool
        Whether it is an .xls.

    Raises
    ------
    BadInput
        Damaged, protected by a password, several sheets and none named, or larger than a list is.
    """
    if not is_old:
        check_workbook(path)
    elif path.stat().st_size > _XLS_BYTES:
        raise too_large(path.name)
    elif _ENCRYPTED in path.read_bytes():
        # A new workbook with a password lies in the shell of an old one, whatever it is called.
        raise protected(path.name)
    found = read_limited("excel", path, sheet=sheet)
    if found.choose:
        names = [*found.choose]
        raise BadInput(
            "import.sheet",
            N_('{file} has several sheets: {names}. Say which one: --sheet "{first}"'),
            file=path.name,
            names=names,
            first=max(names, key=lambda name: _n_known(found.choose[name])),
        )
    return found


def _n_known(head: list[list[str]]) -> int:
    """How many usual column names the first rows of a sheet hold."""
    from coverage_kit.exchange.plan.columns import KNOWN_NAMES

    return max((sum(cell.strip().casefold() in KNOWN_NAMES for cell in row) for row in head), default=0)

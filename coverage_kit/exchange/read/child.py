"""Reads an old .xls file with little memory, and prints its sheets as JSON: run by ``read_xls`` as a process."""

from __future__ import annotations

import json
import sys

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from coverage_kit.exchange.read.xlsx import sheet_rows

_MEMORY = 480 << 20


def main(path: str) -> None:
    """Print ``{sheet: rows}``, or one word that says why not."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    except ImportError:
        pass  # Windows has no such limit; the time limit of the caller still holds.
    answer: object
    try:
        with CalamineWorkbook.from_path(path) as book:
            answer = {name: sheet_rows(book.get_sheet_by_name(name)) for name in book.sheet_names}
    except PasswordError:
        answer = "protected"
    except (CalamineError, OSError, ValueError):
        answer = "damaged"
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1])

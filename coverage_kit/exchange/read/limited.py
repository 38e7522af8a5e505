"""Runs the readers of foreign formats in a process with little memory and time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread, Timer

from pydantic_core import from_json

from coverage_kit.errors import BadInput
from coverage_kit.exchange.read.xlsx_guard import damaged, protected, too_large
from coverage_kit.i18n import N_

Rows = list[tuple[int, list[str]]]

_CHILD = Path(__file__).with_name("child.py")
_SECONDS = 180


@dataclass
class Found:
    """What the process read.

    Attributes
    ----------
    rows : list
        ``(number, cells)``; blank rows are left out but counted.
    choose : dict
        Of a workbook with several sheets and none chosen: each sheet's first rows.
    long : set
        ``(row number, column)`` of number cells with more digits than Excel keeps.
    """

    rows: Rows = field(default_factory=list)
    choose: dict[str, list[list[str]]] = field(default_factory=dict)
    long: frozenset[tuple[int, int]] = frozenset()


def read_limited(kind: str, file: Path, *, text: str = "", sheet: str | None = None) -> Found:
    """Read a file of a foreign format.

    Parameters
    ----------
    kind : str
        ``excel``, ``html``, ``vcard`` or ``eml``.
    file : Path
    text : str
        The decoded file; a workbook is read from its path.
    sheet : str, optional

    Raises
    ------
    BadInput
        Damaged, protected by a password, or larger than the limits.
    """
    command = [sys.executable, "-P", str(_CHILD), kind, str(file.absolute()), sheet or ""]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    assert process.stdin is not None
    assert process.stdout is not None
    timer = Timer(_SECONDS, process.kill)
    timer.start()
    feeder = Thread(target=_feed, args=(process.stdin, text), daemon=True)
    feeder.start()
    found, is_done, number = Found(), False, 0
    try:
        for line in process.stdout:
            said = from_json(line)
            if isinstance(said, list):
                for row in said:
                    number += 1
                    if "".join(row).strip():
                        found.rows.append((number, row))
                continue
            is_done = True
            if "error" in said:
                raise _ERRORS[said["error"]](file.name)
            found.choose = said.get("choose", found.choose)
            found.long = frozenset((row, column) for row, column in said.get("long", ()))
    except ValueError:
        is_done = False  # Cut off in the middle of a line.
    finally:
        timer.cancel()
        process.kill()
        process.stdout.close()
        feeder.join()
        process.wait()
    if not is_done:
        raise too_large(file.name)
    return found


def _cut_off(file: str) -> BadInput:
    return BadInput(
        "import.card_cut_off",
        N_("{file} was cut off: a contact card has no END:VCARD. Export it again."),
        file=file,
    )


_ERRORS = {"large": too_large, "protected": protected, "damaged": damaged, "cut_off": _cut_off}


def _feed(pipe, text: str) -> None:  # type: ignore[no-untyped-def]
    try:
        with pipe:
            for part in _parts(text):
                pipe.write(part.encode())
    except OSError:
        pass  # The process has ended.


def _parts(text: str, size: int = 1 << 20) -> Iterator[str]:
    for start in range(0, len(text), size):
        yield text[start : start + size]

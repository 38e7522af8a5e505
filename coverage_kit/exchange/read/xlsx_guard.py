"""What an Excel file must be before it is read: whole, and no larger than a list is."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_

_MAX_UNPACKED = 160 << 20
_MAX_CELLS = 3_000_000
_MAX_PARTS = 2_000
_CHUNK = 1 << 20
#: The parts that are read; what others hold, such as a data model, does not matter.
_READ = re.compile(r"xl/(_rels/)?(workbook|styles|sharedStrings)\.xml(\.rels)?|xl/worksheets/[^/]+\.xml|\[Content_Types\]\.xml", re.IGNORECASE)  # fmt: skip
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")


def check_workbook(path: Path) -> None:
    """Refuse an .xlsx file that would fill the memory: by what it unpacks to, declares, and where its cells lie.

    Every part is unpacked piece by piece and let go, so that what the file says of itself is not believed.

    Raises
    ------
    BadInput
        Damaged, a bomb, or with a cell far outside.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            if "xl/workbook.xml" not in packed.namelist():
                raise damaged(path.name)
            read = [part for part in parts if _READ.fullmatch(part.filename)]
            if len(parts) > _MAX_PARTS or sum(part.file_size for part in read) > _MAX_UNPACKED:
                raise too_large(path.name)
            area = sum(_area(packed, part, path.name) for part in read)
            if area > _MAX_CELLS:
                raise too_large(path.name)
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError, ValueError) as exc:
        raise damaged(path.name) from exc


def damaged(file: str) -> BadInput:
    """The error of a file that is no workbook, or not all of one."""
    return BadInput(
        "import.workbook",
        N_("{file} is not a whole Excel workbook; open it in Excel and save it as .xlsx or 'CSV UTF-8'."),
        file=file,
    )


def protected(file: str) -> BadInput:
    """The error of a workbook with a password."""
    return BadInput(
        "import.password",
        N_("{file} is protected by a password; open it in Excel and save a copy without one."),
        file=file,
    )


def too_large(file: str, cell: str = "–") -> BadInput:
    """The error of a workbook that reaches further than any list."""
    return BadInput(
        "import.workbook_size",
        N_("{file} reaches further than a list does (last cell: {cell}); delete what lies outside the list, or save the list as 'CSV UTF-8'."),
        file=file, cell=cell,
    )  # fmt: skip


def _area(packed: zipfile.ZipFile, part: zipfile.ZipInfo, file: str) -> int:
    """How many cells a part spans, from the first to the furthest; 0 where it has none."""
    width = height = 0
    rest = b""
    with packed.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            text = rest + chunk
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\0" in text[:64]:
                raise BadInput(
                    "import.workbook_entities",
                    N_("{file} declares XML entities, which no spreadsheet program writes; it is not read."),
                    file=file,
                )
            cut = text.rfind(b"<")
            rest = text[cut:][:_CHUNK] if cut > 0 else b""
            cells = _CELL.findall(text[:cut] if cut > 0 else text)
            if cells:
                letters = max({letters for letters, _ in cells}, key=lambda each: (len(each), each))
                width = max(width, _column(letters))
                height = max(height, *(int(row) for _, row in cells))
            if width * height > _MAX_CELLS:
                raise too_large(file, f"{letters.decode()}{height}")
    return width * height


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number

"""vCards 2.1, 3.0 and 4.0 as rows, one a card. ``child.py`` loads this file by its path, so it imports nothing of ours."""

from __future__ import annotations

import quopri
import re

HEADER = ["First Name", "Middle Name", "Last Name", "Suffix", "Full Name", "Company", "Department", "Job Title", "Email", "Phone", "Mobile Phone", "Notes", "Kind"]  # fmt: skip
_LINE = re.compile(r"(?:[\w-]+\.)?([A-Za-z-]+)((?:;(?:\"[^\"]*\"|[^:\";]+)*)*):(.*)", re.DOTALL)


def read(text: str) -> list[list[str]]:
    """The header, then one row for each card.

    Raises
    ------
    EOFError
        A card has no end: the file was cut off.
    """
    rows = [HEADER]
    card: dict[str, str] | None = None
    inner = 0
    before = ""
    for name, options, value in _properties(text):
        is_card = value.strip().upper() == "VCARD"
        if name == "BEGIN" and is_card and card is None:
            card = {}
        elif name == "BEGIN" and is_card and before == "AGENT":
            # The card of an assistant, inside that of their superior.
            inner += 1
        elif name == "BEGIN" and is_card:
            raise EOFError
        elif name == "END" and is_card and inner:
            inner -= 1
        elif name == "END" and is_card and card is not None:
            if (
                not card.get("Last Name")
                and not card.get("First Name")
                and card.get("Full Name") == card.get("Company")
            ):
                card["Kind"] = card.get("Kind") or "org"
            rows.append([card.get(column, "") for column in HEADER])
            card = None
        elif card is not None and not inner:
            _put(card, name, options, value)
        before = name
    if card is not None:
        raise EOFError
    return rows


def _put(card: dict[str, str], name: str, options: str, value: str) -> None:
    if name == "N":
        parts = [*_parts(value), "", "", "", "", ""]
        card |= {"Last Name": parts[0], "First Name": parts[1], "Middle Name": parts[2], "Suffix": parts[4]}
    elif name == "FN":
        card.setdefault("Full Name", _plain(value))
    elif name == "ORG":
        parts = _parts(value)
        card.setdefault("Company", parts[0])
        card.setdefault("Department", " ".join(filter(None, parts[1:])))
    elif name in ("TITLE", "ROLE") and value:
        card.setdefault("Job Title", _plain(value))
    elif name == "EMAIL":
        _add(card, "Email", _plain(value).removeprefix("mailto:"))
    elif name == "TEL" and "FAX" not in options:
        _add(
            card,
            "Mobile Phone" if "CELL" in options else "Phone",
            _plain(value).removeprefix("tel:").replace(";ext=", " ext. "),
        )
    elif name == "KIND" and value.strip().lower() != "individual":
        card["Kind"] = value.strip().lower()
    elif name == "X-ABSHOWAS" and value.strip().upper() == "COMPANY":
        card["Kind"] = "org"
    elif name == "NOTE":
        card.setdefault("Notes", _plain(value))


def _add(card: dict[str, str], column: str, value: str) -> None:
    card[column] = f"{card[column]} ::: {value}" if card.get(column) else value


def _properties(text: str) -> list[tuple[str, str, str]]:
    """The lines of all cards, unfolded and decoded: name, options in capitals, value."""
    found = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    i = 0
    while i < len(lines):
        parts = [lines[i]]
        i += 1
        is_quoted = "QUOTED-PRINTABLE" in parts[0].partition(":")[0].upper()
        while i < len(lines) and (lines[i][:1] in (" ", "\t") or (is_quoted and parts[-1].endswith("="))):
            parts[-1] = parts[-1].removesuffix("=") if is_quoted else parts[-1]
            parts.append(lines[i] if is_quoted and lines[i][:1] not in (" ", "\t") else lines[i][1:])
            i += 1
        match = _LINE.fullmatch("".join(parts))
        if match is None:
            continue
        options = match[2].upper()
        value = match[3]
        if is_quoted:
            charset = re.search(r"CHARSET=\"?([\w-]+)", options)
            value = _decode(quopri.decodestring(value.encode("latin-1", "replace")), charset[1] if charset else "utf-8")
        found.append((match[1].upper(), options, value))
    return found


def _decode(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return data.decode("utf-8", "replace")


def _parts(value: str) -> list[str]:
    return [_plain(part) for part in re.split(r"(?<!\\);", value)]


def _plain(value: str) -> str:
    return re.sub(r"\\([\\;,])", r"\1", re.sub(r"\s*\\[nN]\s*", " ", value)).strip()

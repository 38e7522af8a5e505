"""Short codes that name a commitment in a mail, so that a reply says what it is about.

A code holds the version that was mailed: ``CK-7Q2M-XK4P-3``. A reply to an older one is checked like an older page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

#: Without letters that look like digits.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: Korean may follow without a blank; phones make long dashes.
_CODE = re.compile(
    r"(?<![a-z\d])CK[-‐-—]([\da-hjkmnp-tv-z]{4})[-‐-—]?([\da-hjkmnp-tv-z]{4})[-‐-—](\d{1,6})(?![a-z\d])",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True)
class ItemCode:
    """A code as it was read: the part that names the commitment, and the version that was mailed."""

    name: str
    version: int

    def __str__(self) -> str:
        return f"CK-{self.name[:4]}-{self.name[4:]}-{self.version}"


def item_code(commitment: str, version: int) -> ItemCode:
    """The code of a commitment (id) as it is now."""
    number = int.from_bytes(hashlib.sha256(commitment.encode()).digest()[:5])
    return ItemCode("".join(_LETTERS[number >> shift & 31] for shift in range(35, -1, -5)), version)


def find_codes(text: str) -> list[ItemCode]:
    """The codes in a text, each commitment once, in their order."""
    found: dict[str, ItemCode] = {}
    for first, second, version in _CODE.findall(text):
        name = f"{first}{second}".upper()
        found.setdefault(name, ItemCode(name, int(version)))
    return list(found.values())


def commitment_of(code: ItemCode, commitments: Iterable[str]) -> str | None:
    """The id that a code names; None if it names none of these, or two."""
    found = [each for each in commitments if item_code(each, 0).name == code.name]
    return found[0] if len(found) == 1 else None

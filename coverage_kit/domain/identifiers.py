"""Names and keys as people type them: kept as text, made safe to store and to use as a file name."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_

_WINDOWS_RESERVED = {"con", "prn", "aux", "nul", *(f"com{i}" for i in range(10)), *(f"lpt{i}" for i in range(10))}
_OURS = {"index", "team", "manifest", "failed"}
_MAX_BYTES = 120
#: The longest text that is stored; a slip of the paste key is longer, a note never is.
MAX_TEXT = 4_000
_HASHED = re.compile(r".*-[0-9a-f]{8}")


def clean_text(text: str, field: str) -> str:
    """Text as it is stored: NFC, without blanks around it.

    Parameters
    ----------
    text : str
        What was typed or read.
    field : str
        The name of the field, for the message.

    Raises
    ------
    BadInput
        Not text, longer than ``MAX_TEXT``, or with control characters (NUL and the like) or lone surrogates, which no
        database keeps whole. Line breaks and tabs inside are turned to blanks.
    """
    if not isinstance(text, str):
        raise BadInput("text.type", N_("{field} must be text; got {value}."), field=field, value=repr(text)[:40])
    if len(text) > MAX_TEXT:
        raise BadInput(
            "text.long",
            N_("{field} has {n} characters; at most {most} can be stored. Shorten it."),
            field=field,
            n=f"{len(text):,}",
            most=f"{MAX_TEXT:,}",
        )
    if is_clean(text):
        return text.strip()
    flat = re.sub(r"[\t\r\n]+", " ", text)
    bad = next((c for c in flat if unicodedata.category(c) in ("Cc", "Cs")), None)
    if bad is not None:
        raise BadInput(
            "text.control",
            N_("{field} contains the character U+{hex}, which cannot be stored; remove it."),
            field=field,
            hex=f"{ord(bad):04X}",
        )
    return unicodedata.normalize("NFC", flat).strip()


def is_clean(text: str) -> bool:
    """Whether a text can be stored as it is, except for blanks around it. If a whole row is clean, so is each cell."""
    return len(text) <= MAX_TEXT and text.isprintable() and unicodedata.is_normalized("NFC", text)


def clean_key(text: str, field: str) -> str:
    """A key (rep, account) as it is stored: clean text that is not empty.

    Raises
    ------
    BadInput
        Empty, or not storable.
    """
    key = clean_text(text, field)
    if not key:
        raise BadInput("text.empty", N_("{field} is empty; give it a value."), field=field)
    return key


@lru_cache(maxsize=1024)
def name_key(name: str) -> str:
    """A key that is the same for two spellings of one name: case, width, blanks and punctuation do not count."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    if folded.isalnum():
        return folded
    # A name of signs alone is still a name, and not the same as any other.
    return "".join(c for c in folded if c.isalnum()) or "".join(folded.split())


def file_names(keys: Iterable[str]) -> dict[str, str]:
    """One file name (without ending) for each key, safe on any system and different from all others.

    A key that is already a plain name keeps it; anything else gets a short hash, and so do keys that differ only in
    case or that clash with the batch's own files.
    """
    keys = list(dict.fromkeys(keys))
    plain = {key: _plain(key) for key in keys}
    taken = Counter(name.casefold() for name in plain.values())
    return {
        key: name if name == key and taken[name.casefold()] == 1 and not _needs_hash(name) else f"{name}-{_digest(key)}"
        for key, name in plain.items()
    }


def _plain(key: str) -> str:
    kept = "".join(c if c.isalnum() or c in "_-." else "-" for c in key)
    name = re.sub(r"([-.])[-.]+", r"\1", kept).strip("-.") or "rep"
    while len(name.encode()) > _MAX_BYTES:
        name = name[:-1]
    return name


def _needs_hash(name: str) -> bool:
    """Whether a name is reserved, also with an ending (con.txt), or looks like one that got a hash."""
    stem = unicodedata.normalize("NFKC", name).casefold().partition(".")[0]
    return stem in _WINDOWS_RESERVED | _OURS or _HASHED.fullmatch(name) is not None


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:8]

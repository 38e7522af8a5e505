"""What the free text of an export suggests about a contact: left, moved, or mail that bounced. Never a verified fact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from coverage_kit.exchange.plan.person_names import INACTIVE, is_inactive, read_person

#: Longer cells are letters or reports, where such a word may be about anything.
_LONGEST = 200


class MemoKind(StrEnum):
    """What a memo suggests, the stronger grounds first."""

    LEFT = "left"
    MOVED = "moved"
    BOUNCED = "bounced"


_WORDS = {
    MemoKind.LEFT: r"퇴사|퇴직|은퇴|\bno longer (?:with|at|there|works?|employed)\b|\bhas left\b|\bleft (?:the )?company\b"
    r"|\bresigned\b|\bretired\b|^former\b",
    MemoKind.MOVED: r"부서\s*이동|부서\s*변경|\btransferred\b|\bmoved to\b|\bchanged (?:role|department)s?\b",
    MemoKind.BOUNCED: r"반송|수신\s*불가|\bbounced?\b|\bundeliverable\b|\bdelivery failed\b",
}
_PATTERNS = {kind: re.compile(words, re.IGNORECASE) for kind, words in _WORDS.items()}
#: For a whole row at once: most have no such word.
_ANY = re.compile(
    "|".join((*(words.replace("^", r'"') for words in _WORDS.values()), rf'["(\[]\s*(?:{INACTIVE})\s*["\])]')),
    re.IGNORECASE,
)
#: "퇴사 아님", "not retired": the memo says the opposite.
_DENIED = re.compile(r"아님|아니|취소|\bnot\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Memo:
    """What a cell suggests, and its text as the file has it."""

    kind: MemoKind
    text: str


def may_have_memo(row: str) -> bool:
    """Whether a row, as text, may suggest something: quick, for rows that are many."""
    return _ANY.search(row) is not None


def read_memo(cells: Mapping[str, object]) -> Memo | None:
    """The strongest suggestion of a row; None without one.

    A status that marks the person as gone counts first, also one beside the name. Names, companies and addresses
    themselves suggest nothing.

    Parameters
    ----------
    cells : mapping
        A row in our columns, with the columns that are not ours under ``other``.
    """
    status = read_person({name: text for name, text in cells.items() if isinstance(text, str)}).status
    if is_inactive(status):
        return Memo(MemoKind.LEFT, status)
    texts = [*_texts(cells)]
    for kind, pattern in _PATTERNS.items():
        for text in texts:
            if pattern.search(text) and not _DENIED.search(text):
                return Memo(kind, text)
    return None


def _texts(cells: Mapping[str, object]) -> Iterator[str]:
    other = cells.get("other")
    found = [cells.get("status"), cells.get("title"), *(other.values() if isinstance(other, Mapping) else ())]
    for text in found:
        if isinstance(text, str) and 0 < len(text) <= _LONGEST and "@" not in text:
            yield text.strip()

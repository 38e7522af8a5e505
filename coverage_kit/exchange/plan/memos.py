"""What an export suggests about a contact: left, moved, mail that bounced, no contact for a year. Never a verified fact."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from pydantic_core import from_json

from coverage_kit.exchange.plan.cells import day_of
from coverage_kit.exchange.plan.gone_notes import INACTIVE, is_inactive, is_moved
from coverage_kit.exchange.plan.person_names import read_person

#: Longer cells are letters or reports, where such a word may be about anything.
_LONGEST = 200


class MemoKind(StrEnum):
    """What a memo suggests, the stronger grounds first."""

    LEFT = "left"
    MOVED = "moved"
    BOUNCED = "bounced"
    QUIET = "quiet"


_WORDS = {
    MemoKind.LEFT: r"퇴사|퇴직|은퇴|이직|사망|별세|\bno longer (?:with|at|there|works?|employed)\b|\bhas left\b|\bleft (?:the )?company\b"
    r"|\bresigned\b|\bretired\b|\bpassed away\b|^former\b",
    MemoKind.MOVED: r"부서\s*이동|부서\s*변경|\btransferred\b|\bmoved to\b|\bchanged (?:role|department)s?\b",
    MemoKind.BOUNCED: r"반송|수신\s*불가|\bbounced?\b|\bundeliverable\b|\bdelivery failed\b",
}
_PATTERNS = {kind: re.compile(words, re.IGNORECASE) for kind, words in _WORDS.items()}
#: Columns of the day on which somebody last had to do with the contact.
_LAST_CONTACT = (
    r"(?:최근|최종|마지막|최후)\s*(?:접촉|접점|활동|연락|방문|통화|상담|미팅)\s*(?:일자?|일시|날짜)?"
    r"|last[\s_]*(?:activity|contact(?:ed)?|seen|interaction|meeting|call)(?:[\s_]*(?:date|on|time|at))*"
    r"|(?:最終|最近|最后)(?:接触|活動|活动|連絡|联系|訪問)(?:日期?|时间)?|letzte[rs]?\s*(?:aktivität|kontakt)|dernière\s*activité"
)
_LAST_CONTACT_COLUMN = re.compile(_LAST_CONTACT, re.IGNORECASE)
_HAS_LAST_CONTACT = re.compile(rf'"\s*(?:{_LAST_CONTACT})\s*":', re.IGNORECASE)
#: After so many days without a contact, the export suggests that nobody knows whether the person is still there.
_QUIET_DAYS = 365
#: Notes beside a name.
_NOTES = (
    r"이동|전출|전배|전보|발령|사망|별세|前|[(\[\"]\s*(?:전|구)\s*[)\]]|\"전[ )]|\bex\b|\bformer|\bleft\b|\bgone\b"
    r"|\bdeceased\b|\bdo not use\b|\bleaving\b|退職|離職|离职|異動|转岗|ausgeschieden"
)
#: For a whole row at once: most have no such word.
_ANY = re.compile("|".join((*_WORDS.values(), _NOTES, rf'["(\[]\s*(?:{INACTIVE})\s*["\])]')), re.IGNORECASE)
#: "퇴사 아님", "not retired": the memo says the opposite.
_DENIED = re.compile(r"아님|아니|취소|전임|\bnot\b|\bpredecessor\b|\breplaced\b", re.IGNORECASE)
#: One of these stands in each text with such a word; the first say that somebody left.
_LEFT_STEMS = tuple("퇴사 퇴직 은퇴 이직 사망 별세 longer left passed resigned retired former".split())
_STEMS = (*_LEFT_STEMS, *"부서 반송 수신 transferred moved changed bounce undeliverable failed".split())
_LEFT_BYTES = tuple(stem.encode() for stem in _LEFT_STEMS)
_ORDER = {kind: n for n, kind in enumerate(MemoKind)}


@dataclass(frozen=True, slots=True)
class Memo:
    """What a cell suggests, and its text as the file has it."""

    kind: MemoKind
    text: str


def may_have_memo(row: str) -> bool:
    """Whether a row, as text, may suggest something: quick, for rows that are many."""
    return _ANY.search(row) is not None


def cells_with_stems(cells: Collection[str]) -> frozenset[str]:
    """Those of the different cells of a file that may suggest something: a quick look at all of them together."""
    whole = "\n".join(cells).lower()
    stems = [stem for stem in _STEMS if stem in whole]
    return frozenset(cell for cell in cells if _has_one(cell.lower(), stems)) if stems else frozenset()


def find_memo(kept: bytes, status: str, *, may_suggest: bool, only_left: bool = False) -> Memo | None:
    """The strongest suggestion of a row of a file: quick, as most rows have none.

    Parameters
    ----------
    kept : bytes
        The row as it is kept (JSON in UTF-8).
    status : str
        Its status, also one that stands beside the name.
    may_suggest : bool
        Whether one of its cells may suggest something.
    only_left : bool
        Look only at rows that may say that somebody left.
    """
    if not may_suggest and not status:
        return None
    if may_suggest and only_left:
        lower = kept.lower()
        may_suggest = any(stem in lower for stem in _LEFT_BYTES)
    if not may_suggest and not is_inactive(status) and not is_moved(status):
        return None
    return read_memo({**from_json(kept), "status": status})


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
    if is_moved(status):
        return Memo(MemoKind.MOVED, status)
    memos = [Memo(kind, text) for text in _texts({**cells, "status": status}) if (kind := _suggested(text)) is not None]
    return min(memos, key=lambda memo: _ORDER[memo.kind], default=None)


def may_have_contact_day(row: str) -> bool:
    """Whether a row, as text, has a column for the day of the last contact."""
    return _HAS_LAST_CONTACT.search(row) is not None


def read_quiet(cells: Mapping[str, object], today: date) -> Memo | None:
    """That nobody has had to do with the person for a year, by the export's own day of the last contact.

    Parameters
    ----------
    cells : mapping
        A row in our columns, with the columns that are not ours under ``other``.
    today : date

    Returns
    -------
    Memo or None
        Its text is the day. None where the last contact is later, in the future, or not known.
    """
    other = cells.get("other")
    columns = other.items() if isinstance(other, Mapping) else ()
    days = [day_of(str(text)) for name, text in columns if _LAST_CONTACT_COLUMN.fullmatch(str(name).strip())]
    last = max(days, default="")
    is_quiet = last != "" and (today - date.fromisoformat(last)).days > _QUIET_DAYS
    return Memo(MemoKind.QUIET, last) if is_quiet else None


# A file has the same memos many times.
@lru_cache(maxsize=4096)
def _suggested(text: str) -> MemoKind | None:
    """What a text suggests."""
    if not _has_one(text.lower(), _STEMS) or _DENIED.search(text):
        return None
    return next((kind for kind, pattern in _PATTERNS.items() if pattern.search(text)), None)


def _has_one(text: str, stems: Sequence[str]) -> bool:
    return any(stem in text for stem in stems)


def _texts(cells: Mapping[str, object]) -> Iterator[str]:
    other = cells.get("other")
    found = [cells.get("status"), cells.get("title"), *(other.values() if isinstance(other, Mapping) else ())]
    for text in found:
        if isinstance(text, str) and 0 < len(text) <= _LONGEST and "@" not in text:
            yield text.strip()

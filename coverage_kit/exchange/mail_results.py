"""What came back from a mailing: a file of replies, bounces and opt-outs, one address a row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import EventKind
from coverage_kit.errors import BadInput
from coverage_kit.exchange.read.table_files import read_rows
from coverage_kit.i18n import N_

#: The columns, and the names under which mail programs export them.
_COLUMNS = {
    "address": ("email", "email address", "recipient", "address", "이메일", "메일", "메일주소", "수신자"),
    "result": ("result", "status", "event", "결과", "상태"),
    "day": ("day", "date", "time", "timestamp", "날짜", "일자", "일시"),
}
#: A soft bounce or "not bounced" is no bounce; an opt-out has no event, it is a fact about the person.
_RESULTS: tuple[tuple[re.Pattern[str], EventKind | None], ...] = (
    (re.compile(r"unsubscribe|opt.?out|수신\s*거부"), None),
    (re.compile(r"^(?!.*(?:soft|not )).*(?:bounce|undeliverable)|반송|수신\s*불가"), EventKind.MAIL_BOUNCED),
    (re.compile(r"^repl(?:y|ied)|^answered|회신|답장"), EventKind.MAIL_REPLIED),
)
_DAY = re.compile(r"\s*(\d{4})[-./년]\s*(\d{1,2})[-./월]\s*(\d{1,2})")


@dataclass(frozen=True, slots=True)
class MailResult:
    """One row: an address in small letters, what came back (None: an opt-out), and the day as text, if there is one."""

    row: int
    address: str
    result: EventKind | None
    on: str | None


def read_mail_results(path: Path) -> tuple[list[MailResult], list[int]]:
    """Read a file of results.

    Returns
    -------
    tuple
        The results, and the numbers of rows whose result is none of these (opened, delivered, soft bounces).

    Raises
    ------
    BadInput
        The file is no table, or lacks the column of addresses or results.
    """
    rows = read_rows(path).rows
    head = [name_key(cell) for cell in rows[0][1]] if rows else []
    places = {name: _place(head, names) for name, names in _COLUMNS.items()}
    at, what, day = places["address"], places["result"], places["day"]
    if at is None or what is None:
        raise BadInput(
            "results.columns",
            N_(
                "{file} needs a column 'email' and a column 'result' (reply, bounce, opt-out); a column 'date' is of use."
            ),
            file=path.name,
        )
    found, unread = [], []
    for number, cells in rows[1:]:
        address, text = _cell(cells, at).lower(), _cell(cells, what).lower()
        known = [kind for pattern, kind in _RESULTS if pattern.search(text)]
        if not address or not known:
            unread.append(number)
            continue
        found.append(MailResult(number, address, known[0], _day(_cell(cells, day))))
    return found, unread


def _place(head: list[str], names: tuple[str, ...]) -> int | None:
    keys = {name_key(name) for name in names}
    return next((i for i, name in enumerate(head) if name in keys), None)


def _cell(cells: list[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _day(text: str) -> str | None:
    found = _DAY.match(text)
    return None if found is None else "-".join((found[1], found[2].zfill(2), found[3].zfill(2)))

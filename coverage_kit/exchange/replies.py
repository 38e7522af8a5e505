"""Replies to our mails: read from ``.eml`` files, and what they say: the item, the answer, the day, the name, the reason.

Nothing is guessed. Where a reply says two things, or nothing that is known here, that is what is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from coverage_kit.domain.coaching import ANSWER_LABELS, ANSWER_LINES, OwnerAnswer
from coverage_kit.domain.item_codes import ItemCode, find_codes
from coverage_kit.errors import BadInput
from coverage_kit.exchange.read.limited import read_limited
from coverage_kit.exchange.read.whole import read_whole
from coverage_kit.i18n import LANGUAGES, N_, texts

#: A mail of a few lines with its quotation; attachments make it larger.
_MOST_MB = 20
_MOST_REASON = 300
#: What a receiving server writes about the sender of a mail.
_CHECKED = re.compile(r"(?:^|[;\s])(dmarc|spf|dkim)\s*=\s*(\w+)", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")
_SAID = {
    OwnerAnswer.ACCEPT: r"맡겠|맡을게|맡을께|맡도록 하|수락|(제가|직접|진행|해) ?(하|보)겠|까지 하겠|\baccept(ed)?\b|\bi(.ll| will) (do|take) (it|this)\b|\bwill do\b",
    OwnerAnswer.HAND_ON: r"다른 분|다른 사람|넘기|넘겨|넘깁|전달(하|해|드)|이관|[께게] (부탁|맡)|\bhand(ed|ing)? (it |this )?(on|over)\b|\bpass(ed|ing)? (it |this )?on\b",
    OwnerAnswer.DECLINE: r"어렵|어려울|힘들|못 ?(하|할|합|해)|불가|수 없|수가 없|거절|곤란|\bnot possible\b|\bcan(.?t|not| not)\b|\bwon.?t\b|\bunable\b|\bdeclin",
    OwnerAnswer.DONE: r"(?<![가-힣])했습니다|다 했|완료|마쳤|끝냈|처리했|\b(it is|it's|is|all) done\b|^done\b|\bcompleted\b|\bfinished\b",
}
#: It is open whether the answer holds, or by when.
_UNSURE = re.compile(
    r"아직|검토|고민|\bnot (yet|done|finished|completed)\b|\bmaybe\b|\bperhaps\b|생각해 ?보", re.IGNORECASE
)
_UNREAD_DAY = re.compile(
    r"내일|모레|글피|[월화수목금토일]요일|(이번|다음|담|다다음) ?(주|달)|월말|연말|말까지|초까지|중순|\btomorrow\b"
    r"|\b(mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(next|this) (week|month)\b|\bend of\b",
    re.IGNORECASE,
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = rf"(?P<name>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAYS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<y>\d{4}) ?[-./년] ?(?P<m>\d{1,2}) ?[-./월] ?(?P<d>\d{1,2})",
        r"(?P<m>\d{1,2})월 ?(?P<d>\d{1,2})일",
        r"(?<![\d/.-])(?P<m>\d{1,2})/(?P<d>\d{1,2})(?![\d/])",
        rf"\b(?P<d>\d{{1,2}})(st|nd|rd|th)? {_MONTH}( (?P<y>\d{{4}}))?",
        rf"\b{_MONTH} (?P<d>\d{{1,2}})(st|nd|rd|th)?\b(,? (?P<y>\d{{4}}))?",
    )
]


@dataclass
class ReplyMail:
    """One mail: its sender's address, what the receiving server found about it, and what its author wrote and quoted."""

    sender: str = ""
    subject: str = ""
    mailed_at: str = ""
    id: str = ""
    checked: str = ""
    text: str = ""
    quoted: str = ""

    @property
    def failed_check(self) -> str:
        """Why the server that received the mail holds its sender for forged (``dmarc=fail``); empty if it does not.

        DMARC decides where it was asked. Else a failed SPF or DKIM counts if no other one passed: mail that is passed on
        fails SPF and keeps its signature. Source: RFC 8601.
        """
        found = [(name.lower(), said.lower()) for name, said in _CHECKED.findall(_COMMENT.sub(" ", self.checked))]
        judged = [each for each in found if each[0] == "dmarc"] or found
        failed = [f"{name}={said}" for name, said in judged if said in ("fail", "hardfail")]
        return "" if any(said == "pass" for _, said in judged) or not failed else failed[0]

    def day(self, otherwise: date) -> date:
        """The day it was mailed."""
        try:
            return datetime.fromisoformat(self.mailed_at).date()
        except ValueError:
            return otherwise


@dataclass(frozen=True)
class Understood:
    """What a reply says.

    Attributes
    ----------
    codes : list of ItemCode
        The items it names; one, if it is clear.
    answers : list of OwnerAnswer
        The answers it gives; one, if it is clear.
    days : list of date
        The days it names.
    is_unsure : bool
        It leaves open whether the answer holds, or names a day in words that are not read here.
    to : str
        What it says about whom the item is handed on to.
    said : str
        The rest in one line: why not, or how it went.
    """

    codes: list[ItemCode] = field(default_factory=list)
    answers: list[OwnerAnswer] = field(default_factory=list)
    days: list[date] = field(default_factory=list)
    is_unsure: bool = False
    to: str = ""
    said: str = ""


def read_reply(path: Path) -> list[ReplyMail]:
    """The mail in a file, and the one that it forwards, if it does.

    Raises
    ------
    BadInput
        Not a saved mail, too large, or not readable.
    """
    try:
        if path.stat().st_size > _MOST_MB << 20:
            raise BadInput("reply.large", N_("{file} is larger than {n} MB; save the reply without attachments."), file=path.name, n=_MOST_MB)  # fmt: skip
        data = read_whole(path, most_mb=_MOST_MB)
    except OSError as exc:
        raise BadInput(
            "reply.file", N_("{file} cannot be read ({reason})."), file=path.name, reason=exc.strerror or ""
        ) from exc
    mails = [ReplyMail()]
    for _, (name, text) in read_limited("eml", path, text=data.decode("latin-1")).rows:
        match name:
            case "inside":
                mails.append(ReplyMail())
            case "from":
                mails[-1].sender = text
            case "date":
                mails[-1].mailed_at = text
            case "subject" | "id" | "checked" | "text" | "quoted":
                setattr(mails[-1], name, text)
    if not mails[0].sender:
        raise BadInput(
            "reply.format",
            N_("{file} is not a saved mail. In your mail program choose “Save as” and the type .eml."),
            file=path.name,
        )
    return mails


def understand(mail: ReplyMail, today: date) -> Understood:
    """What a reply says.

    Parameters
    ----------
    mail : ReplyMail
    today : date
        For a mail without a date: days without a year are those nearest to it.
    """
    near = mail.day(today)
    codes = find_codes(f"{mail.subject}\n{mail.text}") or find_codes(mail.quoted)
    given, free = _given_lines(mail.text.splitlines())
    text = "\n".join(free)
    answers = [each for each in OwnerAnswer if _says(each, mail.subject) or _says(each, text)]
    labelled = given.get(OwnerAnswer.ACCEPT, "")
    days = sorted({*_days(labelled, near), *_days(text, near)})
    to = given.get(OwnerAnswer.HAND_ON, "")
    unread = _UNREAD_DAY.search(f"{labelled}\n{text}") if OwnerAnswer.ACCEPT in answers else None
    said = given.get(OwnerAnswer.DECLINE) or _rest(free, answers)
    is_unsure = bool(_UNSURE.search(f"{mail.subject}\n{text}") or unread)
    return Understood(codes, answers, days, is_unsure, to or text, said[:_MOST_REASON])


def _given_lines(lines: Iterable[str]) -> tuple[dict[OwnerAnswer, str], list[str]]:
    """What was filled into the lines of the prepared reply, and all other lines."""
    given: dict[OwnerAnswer, str] = {}
    free = []
    for line in lines:
        for answer, label in _labels(ANSWER_LINES):
            found = re.fullmatch(rf"\s*{re.escape(label)}\s*[:：]\s*(.*)", line, re.IGNORECASE)
            if found:
                given[answer] = found[1].strip()
                break
        else:
            free.append(line)
    return given, free


def _labels(labels: dict[OwnerAnswer, str]) -> list[tuple[OwnerAnswer, str]]:
    return [(answer, texts(lang)(label)) for answer, label in labels.items() for lang in LANGUAGES]


def _says(answer: OwnerAnswer, text: str) -> bool:
    """Whether a text gives this answer, in a word of our mails or one of those people use."""
    own = (label for each, label in _labels(ANSWER_LABELS) if each is answer)
    words = "|".join(rf"(?<!\w){re.escape(label)}(?!\w)" for label in own)
    return re.search(f"{words}|{_SAID[answer]}", text, re.IGNORECASE | re.MULTILINE) is not None


def _rest(lines: list[str], answers: list[OwnerAnswer]) -> str:
    """The lines in one, without the word of the answer, and without its code."""
    text = " ".join(" ".join(lines).split())
    for answer, label in _labels(ANSWER_LABELS):
        if answer in answers:
            text = re.sub(rf"^{re.escape(label)}\s*[.,!:]?\s*", "", text, flags=re.IGNORECASE)
    return "" if find_codes(text) and len(text) < 25 else text


def _days(text: str, near: date) -> list[date]:
    """The days that a text names; one without a year is the one nearest to a day."""
    found = []
    for pattern in _DAYS:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            month = _MONTHS.index(parts["name"].lower()) + 1 if parts.get("name") else int(parts["m"])
            years = [int(parts["y"])] if parts.get("y") else [near.year - 1, near.year, near.year + 1]
            days = [day for year in years if (day := _day(year, month, int(parts["d"])))]
            if days:
                found.append(min(days, key=lambda day: abs((day - near).days)))
        text = pattern.sub(" ", text)
    return found


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None

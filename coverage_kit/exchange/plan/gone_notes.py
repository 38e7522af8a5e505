"""Notes that say that somebody has left or works elsewhere, in a cell of their own or beside a name."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from coverage_kit.domain.leads import TITLES, is_lead
from coverage_kit.exchange.plan.cells import day_of

#: A status that says that a person is not there any more.
INACTIVE = (
    "inactive|deactivated|disabled|left|left company|no longer with company|no longer there|former|retired|resigned|"
    "terminated|비활성|퇴사|퇴사자|퇴직|퇴직자|은퇴|휴면|사용 안 함|미사용|이직"
)
_INACTIVE = frozenset(INACTIVE.split("|"))

_DAY = r"[\s\d.,/년월일말경초중부로'’~()-]*"
_LEFT_KOREAN = r"(?:퇴사|퇴직|이직|은퇴)(?:자|함|했음|했습니다|처리)?|사망|별세"
_LEFT_LATIN = (
    r"(?:has\s+)?left(?:\s+(?:the\s+)?company)?|gone|former|formerly|resigned|retired|inactive|deceased|do\s+not\s+use"
    r"|no\s+longer\s+(?:with|at|there|here|works?|employed|active)\b[^()\[\]]*|ausgeschieden"
)
_LEFT_OTHER = "전|前|구|舊|旧|전임|ex|退職|退職者|離職|离职"
_MOVED = (
    r"[^()\[\]]{0,20}?(?:이동|전출|전배|전보|발령)(?:함|됨|했음)?|부서\s*변경(?:됨)?|transferred(?:\s+to\b[^()\[\]]*)?"
    r"|moved(?:\s+to\b[^()\[\]]*)?|異動|转岗"
)
_SOON = r"퇴사\s*예정|퇴직\s*예정|이동\s*예정|leaving(?:\s+soon)?"
_NOTE = rf"{_DAY}(?:{_LEFT_KOREAN}|{_LEFT_LATIN}|{_LEFT_OTHER}|{_MOVED}|{_SOON}){_DAY}"
_IS_LEFT = re.compile(rf"{_DAY}(?:{_LEFT_KOREAN}|{_LEFT_LATIN}|{_LEFT_OTHER}){_DAY}", re.IGNORECASE)

_IS_MOVED = re.compile(rf"{_DAY}(?:{_MOVED}){_DAY}", re.IGNORECASE)

_OPEN, _CLOSE = r"[(\[<{（［【★*]", r"[)\]>}）］】★*]"
#: 홍길동(퇴사), 홍길동 [24.3 퇴사]; 홍길동-퇴사, Ann Lee - left; 홍길동 퇴사.
_BEHIND = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<name>.*[^\s(\[<{{])\s*{_OPEN}(?P<note>{_NOTE}){_CLOSE}",
        rf"(?P<name>.*[^\s_*/:,–—-])\s*[-–—_*/:,]+\s*(?P<note>(?:{_LEFT_KOREAN}){_DAY})",
        rf"(?P<name>.*[^\s_*/:,–—-])(?:\s+[-–—]\s*|\s*[_*/:,]+\s*)(?P<note>(?:{_LEFT_LATIN}){_DAY})",
        rf"(?P<name>.*\S)\s+(?P<note>(?:{_LEFT_KOREAN}|has\s+left|no\s+longer\s+\w.*){_DAY})",
    )
)
#: (전)최하늘, [퇴사] 홍길동; 전)최하늘, 퇴사-홍길동; 前 최하늘; left: Ann Lee; Ex-Ann Lee, Former Ann Lee.
_BEFORE = tuple(
    re.compile(rf"{pattern}(?P<name>[^\W_].*)")
    for pattern in (
        rf"\s*{_OPEN}\s*(?P<note>(?i:{_NOTE}))\s*{_CLOSE}\s*[-–—:_]?\s*",
        r"\s*(?P<note>전|前|구|퇴사|퇴사자|퇴직|퇴직자)\s*[)\]:]\s*",
        r"\s*(?P<note>퇴사|퇴사자|퇴직|퇴직자|은퇴)(?:\s*[-–—_/]\s*|\s+)",
        r"\s*(?P<note>前)\s*(?=[가-힣])",
        rf"\s*(?P<note>(?i:ex|{_LEFT_LATIN}))\s*[-–—:_]\s*",
        r"\s*(?P<note>(?i:ex|former|formerly))\s+(?=[A-Z][\w.'’-]+ [A-Z])",
    )
)
_YEAR = re.compile(r"(?<!\d)(?:19[5-9]\d|20\d\d)(?!\d)", re.ASCII)
SURNAMES = "김이박최정강조윤장임한오서신권황안송류유홍고문양손배백허남심노하곽성차주우구민나진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국은편용"
#: A whole name with a usual family name, maybe with a title behind it.
_WHOLE = re.compile(
    rf"(?:[{SURNAMES}]\s?[가-힣]{{2}}|(?:남궁|황보|제갈|사공|선우|서문|독고)\s?[가-힣]{{1,2}})(?:\s+(?:{TITLES})님?)?"
)
_TITLE = re.compile(rf"(?:{TITLES})님?")
_FORMER = "전 "
#: Longer cells are no names.
_LONGEST = 100
#: Words of which one stands in a name of letters and blanks that has a note.
_WORDS = frozenset("전 前 퇴사 퇴사자 퇴사함 퇴직 퇴직자 은퇴 이직 사망 별세 ex former formerly left longer".split())


@lru_cache(maxsize=1024)
def is_inactive(status: str) -> bool:
    """Whether a status says that a person is not there any more."""
    return bool(status) and (status.casefold() in _INACTIVE or _IS_LEFT.fullmatch(status) is not None)


@lru_cache(maxsize=1024)
def is_moved(status: str) -> bool:
    """Whether a status says that a person works elsewhere in the same company."""
    return bool(status) and _IS_MOVED.fullmatch(status) is not None


def status_with_day(status: str, left_on: str, today: str, *, is_korean: bool) -> str:
    """The status of a person whose row has a leaving date: gone since then; as it is where the day is ahead or unclear.

    Parameters
    ----------
    status : str
    left_on : str
        The cell with the leaving date.
    today : str
        ``YYYY-MM-DD``.
    is_korean : bool
        Whether the column has a Korean name.
    """
    when = day_of(left_on) or _day_of_number(left_on)
    year = _YEAR.search(left_on)
    if when:
        is_past = when <= today
    else:
        when = year[0] if year else ""
        is_past = bool(when) and when < today[:4]
    if not is_past:
        return status
    dated = f"{status} {when}"
    return dated if is_inactive(status) and is_inactive(dated) else f"{'퇴사' if is_korean else 'left'} {when}"


def _day_of_number(cell: str) -> str:
    """The day of a date that a spreadsheet shows as a plain number: 46000 is 2025-12-09; "" of any other cell."""
    if not re.fullmatch(r"[2-6]\d{4}(\.\d+)?", cell, re.ASCII):
        return ""
    return (date(1899, 12, 30) + timedelta(days=int(float(cell)))).isoformat()


def split_note(name: str) -> tuple[str, str]:
    """A name without a note that says that somebody has left or works elsewhere, and the note; "" where it has none.

    Parameters
    ----------
    name : str
        As a cell has it: 홍길동(퇴사), (전)최하늘, 전 김철수, Ex-Ann Lee, Ann Lee - left.
    """
    if len(name) > _LONGEST or (
        name.replace(" ", "").isalpha() and "前" not in name and _WORDS.isdisjoint(name.casefold().split())
    ):
        return name, ""
    for pattern in (*_BEHIND, *_BEFORE):
        if found := pattern.fullmatch(name):
            return found["name"].strip(), found["note"].strip()
    rest = name.removeprefix(_FORMER).strip()
    # 전 김철수 and 전 구매팀장 have left; 전 지현 is 전지현, and 전 부장 somebody called 전.
    if rest != name and not _TITLE.fullmatch(rest) and (_WHOLE.fullmatch(rest) or (len(rest) > 2 and is_lead(rest))):
        return rest, _FORMER.strip()
    return name, ""

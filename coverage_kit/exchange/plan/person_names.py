"""The name of a row: without a title or a note such as (퇴사) in the same cell, and names that are nobody's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from unicodedata import normalize

from coverage_kit.domain.leads import TITLES
from coverage_kit.exchange.plan.cells import full_name, is_nothing, plain_word
from coverage_kit.exchange.plan.gone_notes import SURNAMES, split_note

#: "김철수 부장": a blank stands between, so that 김부장 stays what it is, a lead and not a name.
_WITH_TITLE = re.compile(rf"(?P<name>[가-힣]{{2,4}})\s+(?P<title>{TITLES})님?")
#: 김철수(대리), 김철수[구매팀 과장], 김철수/부장: a title behind the name.
_TITLE_BEHIND = re.compile(
    rf"(?P<name>[가-힣]{{2,4}})\s*(?:[(\[<（]\s*(?P<title>(?:[^()\[\]]*\s)?(?:{TITLES})님?)\s*[)\]>）]|[/,·]\s*(?P<bare>(?:{TITLES})님?))"
)
#: 대표이사 김철수: a title before a whole name with a usual family name.
_TITLE_BEFORE = re.compile(
    rf"(?P<title>{TITLES})\s+(?P<name>[{SURNAMES}][가-힣]{{2}}|(?:남궁|황보|제갈|선우)[가-힣]{{1,2}})"
)
#: 김철수(품질): a part in brackets, which may be a department or another spelling of the name.
_NOTED = re.compile(r"(?P<name>[^()\[\]<>]*[^\s()\[\]<>])\s*[(\[<][^()\[\]<>]+[)\]>]")
_ASIDE = r"(?:\s*\([^()]*\))?"
_LATIN_NAME = r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*)+"
#: Two names in one cell, or one and a number of others; "Example, Ann" is one.
_SEVERAL = re.compile(
    rf"[가-힣]{{2,4}}{_ASIDE}(\s*[,;/·&\n]\s*|\s+및\s+)[가-힣]{{2,4}}{_ASIDE}(\s*[,;/·&\n].*)?|.*\s외\s*\d+\s*(명|인|분)"
    rf"|{_LATIN_NAME}(\s*[;/&]\s*| (?:and|und|et) ){_LATIN_NAME}"
    r"|[\u3040-\u30ff\u3400-\u9fff]{2,6}\s*[、，;/]\s*[\u3040-\u30ff\u3400-\u9fff]{2,6}"
)
#: A number, a date, or an address.
_NUMBER = re.compile(r"[\d.,:/+-][\d.,:/+\s-]*|\S+@\S+\.\S+|https?://\S+|www\.\S+", re.IGNORECASE)
_NOBODY = frozenset(
    "공석 결원 공란 담당자 담당자없음 담당자미정 퇴사 퇴사자 퇴직 퇴직자 vacant vacancy nobody noname tbh "
    "true false 空席 欠員 空缺 担当者 担当者なし unbesetzt vakant "
    "신규담당자 담당자님 신규담당 추후통보 추후공지 추후안내 선임예정 선임중 ohne niemand "
    "담당 실무자 책임자 아무개 무명 익명 빈칸 기타 기타등등 대기 테스트 테스트용 임시 채용중 채용예정 충원중 충원예정 상동 "
    "anonymous blank empty dummy sample test testuser testcontact testtest asdf qwerty tobehired openposition "
    "generalenquiries generalinquiries notassigned unassigned 匿名 無名 テスト 测试 匿名者".split()
)
#: 담당자 확인중, 이름 없음, 담당자 2.
_NO_NAME = re.compile(
    r"(?:신규)?(?:담당자?|실무자|책임자|이름|성명|성함|고객명?)"
    r"(?:미정|없음|모름|미상|공석|부재|변경|변경중|변경예정|확인|확인중|확인필요|확인예정|미확인|미지정|미배정|미등록|\d+)"
    r"|(?:test|dummy|sample|테스트|담당)\d+|x+|(?P<one>[a-z○●])(?P=one){2,}"
)


class PersonCells(NamedTuple):
    """Whom a row names: the name, the title and the status, each from its own cell or from the cell of the name."""

    name: str
    title: str
    status: str


def read_person(cells: Mapping[str, str]) -> PersonCells:
    """Whom a row names.

    A title and a note that somebody has left or works elsewhere are taken out of the name, and count where their own
    cells are empty.

    Parameters
    ----------
    cells : mapping
        A row in our columns.
    """
    name, title, status = cells.get("name") or full_name(cells), cells.get("title", ""), cells.get("status", "")
    if name.isalpha() and not name.startswith("前"):
        return PersonCells(name, title, status)
    name, note = split_note(name)
    status = status or note
    for pattern in (_WITH_TITLE, _TITLE_BEFORE, _TITLE_BEHIND):
        if titled := pattern.fullmatch(name):
            found = titled.groupdict()
            name, title = titled["name"], title or found["title"] or found.get("bare") or ""
            break
    return PersonCells(name, title, status)


def without_note(name: str) -> str:
    """A name without a part in brackets at its end; the name itself where it has none."""
    noted = None if name.isalpha() else _NOTED.fullmatch(normalize("NFKC", name))
    return noted["name"] if noted else name


def is_several(name: str) -> bool:
    """Whether a cell names several people."""
    return not name.isalpha() and _SEVERAL.fullmatch(name) is not None


def is_nobody(name: str) -> bool:
    """Whether a name says that there is nobody, such as 공석 or (vacant), or is a number, a date, an address, or yes and no."""
    if is_nothing(name) or (not name.isalpha() and _NUMBER.fullmatch(name)):
        return True
    plain = plain_word(name)
    if plain in _NOBODY or _NO_NAME.fullmatch(plain):
        return True
    base = without_note(name)
    return base != name and is_nobody(base)

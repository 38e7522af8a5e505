"""Names of accounts that look like a department of another account: 가나상사 구매팀 where 가나상사 is there too."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from coverage_kit.exchange.plan.company_names import AccountFinder, company_core
from coverage_kit.exchange.plan.import_plan import ImportPlan
from coverage_kit.i18n import N_

_WORK = (
    "구매|자재|조달|영업|해외영업|국내영업|마케팅|기획|전략|경영|경영지원|경영기획|총무|인사|노무|재무|회계|경리|법무|홍보|감사|전산|정보|"
    "정보보안|정보시스템|생산|제조|품질|품질보증|품질관리|기술|기술지원|설비|시설|안전|환경|연구|개발|연구개발|설계|물류|고객지원|서비스|사업"
)
#: After a blank any word with such an end may be a department; places and groups are accounts of their own.
_APART = re.compile(
    r"(?:[가-힣A-Za-z0-9]{1,12}(?:팀|부서|사업부|본부|부문|파트)|[가-힣A-Za-z]{2,12}[부과실]"
    r"|[\u3040-\u30ff\u4e00-\u9fff]{1,12}(?:部|课|課|科|室)"
    r"|(?:[a-z&/-]+ ){1,4}(?:dept|department|team|division|abteilung)\.?|(?:dept|department|abteilung)\.? (?:of )?[a-z& /-]+"
    r"|[a-z]+abteilung)",
    re.IGNORECASE,
)
#: Directly behind a name only the name of a usual one is.
_JOINED = re.compile(
    rf"(?P<company>.*?\S)(?P<part>(?:{_WORK})(?:팀|부서|사업부|본부|부|과|실|파트)|(?:購買|調達|営業|総務|人事|経理|情報システム|采购|财务|销售|人事)[部课課])"
)
#: After a sign that parts them also the work alone: Acme - Purchasing, 가나상사(구매).
_ONLY_WORK = re.compile(
    rf"(?:{_WORK})|purchasing|procurement|sourcing|sales|finance|accounting|marketing|legal|human resources|hr|it|r&d|operations|logistics|"
    r"einkauf|vertrieb|finanzen|buchhaltung|personal|購買|調達|営業|采购|财务|销售",
    re.IGNORECASE,
)
#: A name without one of these ends, or such a beginning of its last part, is looked at no further.
_ENDS = tuple(
    "팀 부 부서 과 실 본부 부문 파트 部 课 課 科 室 dept department team division abteilung purchasing procurement sourcing sales finance "
    "accounting marketing legal resources hr it r&d operations logistics einkauf vertrieb finanzen buchhaltung personal "
    f"購買 調達 営業 采购 财务 销售 {_WORK.replace('|', ' ')}".split()
)
_BEGINS = ("dept of", "dept. of", "department of", "abteilung ")
_SIGN = re.compile(r"\s*[-–—/|_,:·(\[]+\s*")
_BLANK = re.compile(r"\s+")


class Departments:
    """Notes new accounts of a file that look like a department of another account, of the file or here.

    Parameters
    ----------
    plan : ImportPlan
        Added to.
    finder : AccountFinder
        The accounts that are here.
    column : str
        Our column of the account's name.
    """

    def __init__(self, plan: ImportPlan, finder: AccountFinder, column: str) -> None:
        self._plan = plan
        self._finder = finder
        self._column = column
        self._new: list[tuple[str, str]] = []
        self._waiting: list[tuple[int, str, str, list[tuple[str, str]]]] = []

    def add(self, number: int, account: str, name: str) -> None:
        """One new account of the file."""
        self._new.append((account, name))
        parts = [*split_department(name)]
        if parts:
            self._waiting.append((number, account, name, parts))

    def note(self) -> None:
        """Say which of them may be departments; nothing is decided."""
        wanted = {company_core(company)[0] for *_, parts in self._waiting for company, _ in parts}
        if not wanted:
            return
        in_file = AccountFinder(each for each in self._new if company_core(each[1])[0] in wanted)
        names = self._finder.names | in_file.names
        for number, account, name, parts in self._waiting:
            for company, department in parts:
                ids = self._finder.find(company).ids or in_file.find(company).ids
                if ids and ids[0] != account:
                    self._plan.notice(
                        number, self._column, "account.department", name,
                        N_("taken as a new account; it may be a department of {other} ({key}): if it is, write {other} as the account and {department} as the department"),
                        other=names[ids[0]], key=ids[0], department=department,
                    )  # fmt: skip
                    break


def split_department(name: str) -> Iterator[tuple[str, str]]:
    """Each way in which a name may be that of a company and that of a department behind it; usually none."""
    text = unicodedata.normalize("NFKC", name).strip()
    plain = text.casefold().rstrip(" )].")
    if not plain.endswith(_ENDS) and not any(begin in plain for begin in _BEGINS):
        return
    for gap in _SIGN.finditer(text):
        part = text[gap.end() :].rstrip(" )].")
        if gap.start() and (_APART.fullmatch(part) or _ONLY_WORK.fullmatch(part)):
            yield text[: gap.start()], part
    for gap in _BLANK.finditer(text):
        if _APART.fullmatch(part := text[gap.end() :]) or _is_chain(part):
            yield text[: gap.start()], part
    joined = _JOINED.fullmatch(text)
    if joined:
        yield joined["company"], joined["part"]


def _is_chain(part: str) -> bool:
    """Whether some words are departments one below another: 경영지원본부 구매팀."""
    words = part.split()
    return len(words) > 1 and all(map(_APART.fullmatch, words))

"""Rows that are no accounts and no people: totals, footers, print dates, repeated headers, rows without anything read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import normalize

from coverage_kit.exchange.plan.cells import NO_WIDTH
from coverage_kit.exchange.plan.header_rows import HEADER_WORDS

_THINGS = (
    "건|명|개사|개|곳|사|행|件|名|社|人|行|条(?:记录)?|个|家|rows?|records?|items?|entries|contacts?|accounts?|companies"
    "|datens(?:ä|ae)tze?|eintr(?:ä|ae)ge?|zeilen|kontakte?|lignes?|enregistrements?"
)
_COUNT = rf"(?:[총全共計计]\s*)?\(?\d[\d,.]*\s*(?:{_THINGS})\)?"
_TOTALS = (
    r"(?:전\s*체|페이지|부서|지역|팀|월|연|일)\s*(?:총\s*)?(?:합\s*계|소\s*계|계)|총\s*합(?:\s*계)?|합산|전체|총\s*건\s*수|(?:전체|조회|검색|데이터)\s*(?:건\s*수|결과)|총\s*합\s*계|합\s*계|총\s*계|소\s*계|누\s*계|중\s*계|평\s*균|최[대댓소솟]값|중앙값|표준\s*편차|비\s*율|비\s*중|구성비|증감[률율]?|전년\s*대?비|총\s*인?원|계|건\s*수|개\s*수"
    r"|[総总]?\s*[合総总小累共中]\s*[計计]|[計计]|平\s*均|件\s*[数數]|[総总]\s*[数數]"
    r"|(?:total\s+)?(?:number\s+of\s+)?(?:records?|rows?)(?:\s+count)?|total\s+(?:accounts?|contacts?|companies)"
    r"|grand\s+totals?|sub-?\s?totals?|totals?|averages?|sum|count|maximum|minimum|median"
    r"|(?:zwischen|gesamt)?summen?|(?:ins)?gesamt(?:betrag|zahl|anzahl)?|anzahl|durchschnitt"
    r"|total\s+g[ée]n[ée]ral|sous-?\s?tota(?:l|ux)|totaux|somme|moyenne|nombre"
)
_TOTAL = re.compile(rf"\W*(?:{_TOTALS})\s*(?:\([^()]*\))?\s*[:：]?\s*(?:{_COUNT}|[\d,.]+)?\W*", re.IGNORECASE)
_PARTS = r"소계|합계|총계|누계|小計|合計|小计|合计|sub-?totals?|zwischensumme|sous-total"
#: 서울 소계, 소계: 서울: a total of a part, which stands with numbers alone.
_OF_PART = re.compile(rf".*\S\s+(?:{_PARTS})\s*[:：]?|(?:{_PARTS})\s*[-:：\s]\s*\S.*", re.IGNORECASE)
_PART_WORDS = frozenset(_PARTS.replace("-?", "-").replace("s?", "s").split("|")) | {
    "subtotal",
    "subtotals",
    "sub-total",
}
_ONLY_COUNT = re.compile(
    rf"\W*{_COUNT}\W*|\(?\d[\d,]* rows?(?:\(s\))?(?: affected| selected| returned)?\.?\)?|showing \d.* of \d.*",
    re.IGNORECASE,
)
_DATE = r"\d{4}\s*[./년年-]\s*\d{1,2}\s*[./월月-]\s*\d{1,2}\s*[일日]?\.?"
_TIME = r"(?:(?:오전|오후|am|pm)\s*)?\d{1,2}:\d{2}(?::\d{2})?\s*(?:am|pm)?"
_PRINTED = re.compile(
    rf"{_DATE}\s*(?:출력|인쇄|작성|조회|현재|기준|現在|時点|出力|印刷|作成)"
    rf"|(?:(?:출력|인쇄|작성|조회|생성|발행|기준|出力|印刷|作成|打印|导出|生成)\s*(?:일시?|일자|시간|日時?|日期|时间)?\s*[:：]?\s*)?{_DATE}(?:[\sT]+{_TIME})?"
    rf"|(?:printed|generated|exported|report\s+generated|as\s+of|created)\b.*"
    rf"|(?:erstellt|gedruckt|exportiert|stand|imprimé|généré|exporté|édité)\b\D{{0,12}}\d.*"
    rf"|(?:page|페이지|seite|ページ|第|p\.)\s*[:：]?\s*\d+.*|\W?\s*\d+\s*(?:/|of|von|sur)\s*\d+\s*(?:pages?|페이지|쪽|면|页|ページ)?\s*\W?"
    r"|[-–—~]\s*\d+\s*[-–—~]|\d+\s*(?:페이지|쪽|页|ページ)",
    re.IGNORECASE,
)
_NOTES = (
    r"※|\W*끝\W*$|[-=_~]{3,}$|작성자\s*:|\(?\s*단위\s*:|\W*이하\s*여백|\*{1,3}\s|주\)|출처\s*:|비고\s*:"
    r"|copyright\b|©|confidential\b|source\s*:|note\s*:|end of (?:report|list|file)|--\s*end"
    r"|이상입니다|(?:\W*(?:대외비|사내한)\W*$)|자료(?:출처)?\s*:|주\s*\d*\s*[):]|\W*<?(?:eof|end)>?\W*$|all rights reserved|powered by\b"
    r"|\(c\)\s*\d{4}|ⓒ|(?:prepared|run|report run|filtered|sorted|grouped) by\b|last (?:updated|refreshed|modified)\b|최종\s*(?:업데이트|수정)"
    r"|(?:출력|조회|작성|인쇄|기준)\s*(?:일시|일자|일|자|자명|조건|기간|시간|시각)\s*(?:[:：].*)?$|작성자\s+\S+$|export date\b"
    r"|\W*以上\W*$|\(?\s*[単单]位\s*[:：]|(?:注|備考|备注|出典|出所|来源)\s*[:：]"
    r"|vertraulich\b|hinweis\s*:|quelle\s*:|ende (?:der|des)\b|confidentiel\b|remarque\s*:|fin (?:du|de la)\b"
)
_NOTE = re.compile(rf"(?:{_NOTES}).*", re.IGNORECASE)
#: The label of a footer whose value stands in the next cell.
_LABEL = re.compile(
    r"(?:(?:출력|조회|작성|인쇄|기준)\s*(?:일시|일자|일|자|자명|조건|기간|시간|시각)"
    r"|(?:generated|printed|exported|run|report run|prepared|filtered) (?:by|on|at)|as of|export date|last (?:updated|refreshed))\s*[:：]?",
    re.IGNORECASE,
)
#: The words of a box in which people sign; a row of them alone is no person.
_SIGNED = re.compile(
    r"\W*(?:결\s*재|승\s*인|검\s*토|기\s*안|합\s*의|전\s*결|참\s*조|작\s*성|확\s*인|담\s*당|팀\s*장|부\s*장|임\s*원|대\s*표(?:\s*이\s*사)?|사\s*장|본\s*부\s*장"
    r"|(?:결재|승인|검토|작성|확인)\s*(?:자|란|인)|서\s*명|\(?\s*인\s*\)|承\s*認|検\s*印|決\s*裁|approved|reviewed|prepared|checked|signature)(?:\s*by)?\W*",
    re.IGNORECASE,
)
_LONGEST_SIGNED = 16
#: A code as most exports begin a row with: no total and no box to sign begins with at most two letters and a digit.
_CODE = re.compile(r"[A-Za-z]{0,2}\d[\dA-Za-z]*", re.ASCII)
_NUMBER = re.compile(r"[-+(]?\s*(?:[$€£¥₩]\s*)?[\d.,]+\s*(?:원|%|억|만)?\)?")


def _plain(cell: str) -> str:
    """A cell as it is compared: composed, of usual width, without signs that have no width."""
    return cell.strip() if cell.isascii() else normalize("NFKC", NO_WIDTH.sub("", cell)).strip()


#: Footers may fill so many cells: a date on the left, a page number on the right.
_SHORT = 3


@dataclass(frozen=True)
class LeftOut:
    """A row that is not read as an account or a person, with the reason."""

    row: int
    why: str
    text: str


def _is_foot(text: str) -> bool:
    """Whether a text is a print date, a page number, a count or a note."""
    return any(one.fullmatch(text) for one in (_PRINTED, _NOTE, _ONLY_COUNT))


def _may_be_foot(first: str) -> bool:
    return _LABEL.fullmatch(first) is not None or _is_foot(first)


def _may_be_part(first: str) -> bool:
    words = first.casefold().split()
    return words[0].rstrip(":：-") in _PART_WORDS or words[-1].rstrip(":：") in _PART_WORDS


class RowFilter:
    """Says why a row is no account and no person.

    Parameters
    ----------
    header : sequence of str
        A row that repeats it is left out.
    read : sequence of int
        Positions of the columns that are read.
    """

    def __init__(self, header: Sequence[str], read: Sequence[int]) -> None:
        self._header = [name.strip().casefold() for name in header]
        self._first = next((name for name in self._header if name), "")
        self._read = read
        self._usual: dict[str, bool] = {}

    def is_ordinary(self, cells: list[str]) -> bool:
        """Fast path for a row whose cells have no blanks around them: it is surely one to read."""
        first = cells[0] or next(filter(None, cells), "")
        n_filled = len(cells) - cells.count("")
        return (
            n_filled > 1
            and (n_filled > _SHORT or not _may_be_foot(first))
            and any(map(cells.__getitem__, self._read))
            and first.casefold() != self._first
            and first not in HEADER_WORDS
            and (_CODE.fullmatch(first) is not None or self._is_usual(first))
        )

    def _is_usual(self, first: str) -> bool:
        """Whether a row that begins so is no total and no box to sign; a list has the same names many times."""
        is_usual = self._usual.get(first)
        if is_usual is None:
            is_usual = self._usual[first] = (
                _TOTAL.fullmatch(first) is None
                and (" " not in first or not _may_be_part(first))
                and (len(first) > _LONGEST_SIGNED or _SIGNED.fullmatch(first) is None)
            )
        return is_usual

    def why(self, cells: list[str]) -> str:
        """``total``, ``footer``, ``header``, ``empty``, or "" for a row to read."""
        filled = [text for cell in cells if (text := _plain(cell))]
        if not filled:
            return "empty"
        if len(filled) == 1 or _TOTAL.fullmatch(filled[0]):
            why = self._why_short(filled)
            if why:
                return why
        numbers = filled[1:]
        if numbers and _OF_PART.fullmatch(filled[0]) and all(map(_NUMBER.fullmatch, numbers)):
            return "total"
        if len(filled) == 2 and _LABEL.fullmatch(filled[0]):
            return "footer"
        if 1 < len(filled) <= _SHORT and all(map(_is_foot, filled)):
            return "footer"
        if all(map(_SIGNED.fullmatch, filled)):
            return "footer"
        if filled[0].casefold() == self._first and [cell.strip().casefold() for cell in cells] == self._header:
            return "header"
        if not any(i < len(cells) and cells[i].strip() for i in self._read):
            return "empty"
        return ""

    def _why_short(self, filled: list[str]) -> str:
        first, others = filled[0], filled[1:]
        if _TOTAL.fullmatch(first) and all(_NUMBER.fullmatch(text) or _ONLY_COUNT.fullmatch(text) for text in others):
            # A company may be called Total; a total stands with its numbers, or says that it is one.
            return "total" if others or len(self._header) > 1 else ""
        if others:
            return ""
        if _ONLY_COUNT.fullmatch(first):
            return "total"
        if _PRINTED.fullmatch(first) or _NOTE.fullmatch(first):
            return "footer"
        return ""

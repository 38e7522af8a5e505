"""Names of teams, departments and offices: nobody is called so, so they are no person and no rep."""

from __future__ import annotations

import re
from unicodedata import normalize

#: Korean departments, as they stand before 팀 or before a title.
DEPARTMENTS = (
    "구매|자재|조달|외주|영업|국내영업|해외영업|기술영업|영업지원|영업관리|영업기획|품질|품질관리|품질보증|생산|생산관리|생산기술|제조|공정|설비|"
    "공무|시설|안전|환경|안전환경|재무|회계|자금|경리|세무|인사|노무|총무|인사총무|교육|기획|경영기획|경영지원|경영관리|전략|전략기획|사업개발|"
    "개발|연구|연구개발|기술|기술지원|설계|마케팅|홍보|디자인|전산|정보|정보보안|보안|정보기술|시스템|데이터|디지털|물류|유통|수출|무역|법무|감사|"
    "고객|고객지원|고객관리|서비스|관리|운영|사업|지원|it|hr|rd|r&d|qc|qa|ehs|scm|esg|pr|cs|ir"
)
_DEPARTMENT = rf"(?:제?\d*\s*)?(?:(?:{DEPARTMENTS})\s*)+(?:제?\d+\s*)?"
_KOREAN = re.compile(
    rf"{_DEPARTMENT}(?:팀|부|실|과|본부|센터|그룹|파트|부문|사업부|담당부서|부서)(?:\s*공용)?"
    r"|(?:[a-z가-힣\d&]+\s*)?(?:팀|사업부|본사|영업소|사무소|대리점|담당부서)"
    r"|[a-z가-힣\d&]{2,}\s*(?:본부|센터|그룹|파트|지점|지사)"
)
_EASTERN = re.compile(
    r"(?:第?[一二三四五六七八九十\d]*)?(?:営業|総務|企画|開発|人事|経理|技術|購買|製造|品質|管理|海外|国内|法人|情報|法務|販売|销售|采购|市场|财务)"
    r"[\u3040-\u30ff\u3400-\u9fff\d]*(?:部|課|室|係|本部|组|科)"
    r"|[\u3040-\u30ff\u3400-\u9fff\d]*(?:本社|支店|支社|営業所|チーム|グループ|总部|分公司|团队)"
)
_UNITS = frozenset("team teams department dept dept. office hq ops operations division headquarters desk".split())
#: Words that name a team only together with others of their kind.
_WORDS = _UNITS | frozenset(
    "sales marketing support service services customer success inside outside account accounts key business development "
    "presales pre-sales channel partner partners enterprise smb emea apac amer global regional national head central "
    "finance hr it procurement purchasing crm revenue growth group the and & vertrieb innendienst außendienst einkauf zentrale "
    "vertriebsteam helpdesk".split()
)


def is_team(name: str) -> bool:
    """Whether a name is that of a team, a department or an office, and of no person.

    Parameters
    ----------
    name : str
    """
    plain = normalize("NFKC", name).strip().casefold()
    if not plain.isascii() and (_KOREAN.fullmatch(plain) or _EASTERN.fullmatch(plain)):
        return True
    words = plain.replace("/", " ").split()
    return bool(words) and (_WORDS.issuperset(words) or (len(words) > 1 and words[-1] in _UNITS))

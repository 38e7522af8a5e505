"""A name, or only a lead: a surname or a title alone ("김 과장", "Mr. Kim") does not say who somebody is.

Source: the method, section 5 (docs/reference/method.md).
"""

from __future__ import annotations

import re

from coverage_kit.domain.teams import DEPARTMENTS, is_team

#: Titles of people in Korean companies, as they stand after a name.
TITLES = (
    "회장|부회장|사장|부사장|대표|대표이사|이사|상무|상무이사|전무|전무이사|본부장|부문장|사업부장|공장장|연구소장|소장|"
    "센터장|실장|팀장|부장|부팀장|차장|과장|대리|주임|계장|사원|선임|책임|수석|매니저|파트장|그룹장|지점장|원장|교수|박사"
)
#: Words that say of somebody only that there is somebody.
_NOBODY = "담당|담당자|책임자|실무자|비서|직원|아무개|그분|씨|님|모"
#: Titles that are given names too: 김수석 may be a name, 김 수석 and 김수석님 are none.
_ALSO_NAMES = re.compile(r"[가-힣](?:수석|선임|책임)")
_SURNAME = "(?:[가-힣]|남궁|황보|제갈|사공|선우|서문|독고|동방)"
_KOREAN = re.compile(rf"{_SURNAME}?(?:{TITLES}|{_NOBODY})*")
#: 구매팀장, 구매 담당자: a department with its title.
_OF_DEPARTMENT = re.compile(rf"(?:{DEPARTMENTS})+(?:팀|부|실|과|본부|센터|그룹|파트|부문)?(?:장|{TITLES}|{_NOBODY})+")
_LONG_SURNAMES = "佐々木|長谷川|五十嵐|小笠原|大久保|佐久間|久保田|長谷部|欧阳|歐陽|司马|司馬|诸葛|諸葛|上官"
#: Surnames of one letter that begin no usual Japanese surname: 田中部長 is a lead, 王明部長 a whole name.
_SHORT_SURNAMES = (
    "王李張张陳陈劉刘黃吳吴趙赵鄭郑許许鄧邓馮冯曹彭蕭萧蔡潘袁蔣蒋蘇苏魏呂吕沈姚盧卢傅鍾钟姜崔譚谭廖汪郭羅罗宋董朴尹"
)
_EASTERN_SURNAME = rf"(?:(?![{_SHORT_SURNAMES}])[\u3400-\u9fff]{{2}}|[\u3400-\u9fff]|{_LONG_SURNAMES})"
#: 田中部長, 王经理; a Chinese name may be whole with two letters.
_EASTERN = re.compile(
    rf"{_EASTERN_SURNAME}?(?:本部長|部長|次長|課長|係長|主任|社長|会長|専務|常務|取締役|室長|所長|工場長|店長|支店長)(?:様|さん)?"
    rf"|(?:[\u3400-\u9fff]|{_LONG_SURNAMES})?(?:总经理|總經理|副总|经理|經理|总监|总|主管|厂长|董事长|先生|女士|小姐)"
    rf"|{_EASTERN_SURNAME}(?:様|さん)"
)
_HANGUL = re.compile(r"[가-힣]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_KOREAN_TITLE = re.compile(rf"(?:{TITLES})님?")
_HONORIFICS = frozenset("mr mrs ms miss mx dr prof sir madam".split())
_ENGLISH_TITLES = frozenset(
    "ceo cfo cto cio coo chief president vice vp svp evp director manager head lead officer buyer engineer assistant"
    " secretary senior general deputy executive contact person purchasing procurement sales marketing finance production"
    " plant quality research operations department team of the".split()
)
_ANYBODYS = _HONORIFICS | _ENGLISH_TITLES
_SURNAMES = frozenset("kim lee yi park pak choi choe jung jeong kang cho yoon yun jang chang lim".split())


def is_lead(name: str) -> bool:
    """Whether a text is a surname or a title alone, and no name yet."""
    words = [name] if _HANGUL.fullmatch(name) else _LETTERS.findall(name.casefold())
    joined = "".join(words)
    if not name.isascii() and (_OF_DEPARTMENT.fullmatch(joined) or _EASTERN.fullmatch(joined)):
        return True
    if is_team(name):
        return True
    if _HANGUL.fullmatch(joined):
        return _KOREAN.fullmatch(joined) is not None and not _ALSO_NAMES.fullmatch(name)
    left = [word for word in words if word not in _ANYBODYS and not _KOREAN_TITLE.fullmatch(word)]
    alone = len(left) == 1 and (left[0] in _SURNAMES or not _HONORIFICS.isdisjoint(words))
    return bool(words) and (not left or alone)

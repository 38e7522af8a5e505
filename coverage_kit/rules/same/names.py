"""When two names may be one person's: written alike, in Korean and in Latin letters, with a slip, or with initials.

Latin spellings of Korean names follow no one rule: the Revised Romanization writes 정 as jeong, people write Jung, Chung or
Joung. Both sides are folded to one rough sound, by which 정 and Jung are equal; so are some names that differ, which is
one more reason why a name alone is never enough.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from coverage_kit.domain.identifiers import name_key
from coverage_kit.exchange.plan.company_names import sound
from coverage_kit.rules.same.reasons import Reason

#: Korean family names and how they are written in Latin letters.
_FAMILY = """김 kim gim|이 lee yi rhee ri i yee rhie|박 park pak bak bark|최 choi choe chey|정 jung jeong chung cheong joung jeung
강 kang gang|조 cho jo joe|윤 yoon yun youn|장 jang chang|임 lim im rim yim|한 han hahn|오 oh o|서 seo suh so sur|신 shin sin
권 kwon gwon kweon|황 hwang whang|안 ahn an|송 song|류 ryu yoo yu ryoo you yoo|유 yoo yu you ryu|홍 hong|전 jeon chun jun jeun chon
고 ko go koh|문 moon mun|양 yang|손 son sohn|배 bae pae|백 baek paik baik back paek|허 heo hur huh her|남 nam|심 shim sim
노 noh roh no ro|하 ha|곽 kwak gwak|성 sung seong|차 cha|주 joo ju chu|우 woo u wu|구 koo gu ku goo|민 min|나 na ra rha|진 jin chin
지 ji chi jee|엄 eom um uhm|채 chae|원 won|천 cheon chun chon|방 bang pang|공 kong gong|현 hyun hyeon|함 ham|변 byun byeon|염 yeom yum
여 yeo yuh|추 choo chu|도 do doh|소 so soh|석 seok suk|선 sun seon|설 seol sul|마 ma|길 gil kil|연 yeon yun|위 wi|표 pyo|명 myung myeong
기 ki gi|반 ban pan|왕 wang|금 keum geum|옥 ok|육 yook yuk|인 in|맹 maeng|제 je|모 mo|탁 tak|국 kook guk|은 eun|용 yong|예 ye
남궁 namgung namkung namgoong|황보 hwangbo|제갈 jegal|선우 sunwoo seonu|독고 dokgo|사공 sagong|서문 seomun"""
_FAMILIES: dict[str, frozenset[str]] = {}
for _line in _FAMILY.replace("\n", "|").split("|"):
    _own, *_written = _line.split()
    for _spelling in _written:
        _FAMILIES[_spelling] = _FAMILIES.get(_spelling, frozenset()) | {_own}
_KNOWN = frozenset().union(*_FAMILIES.values())
#: Latin letters to one rough sound, in this order.
_FOLDS = [
    (re.compile(found), kept)
    for found, kept in (
        ("[^a-z]", ""), ("sh", "s"), ("wh", "hw"), ("ph", "p"), ("kk|gg|ck", "k"), ("tt|dd", "t"), ("pp|bb", "p"), ("ss", "s"),
        ("tch|jj|ch|c(?=[eiy])", "j"), ("yeo|you|yoo|yuh", "yu"), ("eui|ui|ee|yi", "i"), ("eou|oeu|eo|eu|ou|oo|uh|wu|woo", "u"),
        ("aeh|ae|ai|ay|eh", "e"), ("oe|oi|we|wae", "e"), ("ah", "a"), ("oh", "o"), ("ih", "i"), ("uh", "u"), ("g|c|q", "k"), ("b", "p"), ("d", "t"), ("r", "l"),
        ("z", "j"), ("v", "w"), (r"(.)\1+", r"\1"),
    )
]  # fmt: skip
#: In shorter words one other letter is another name, not a slip.
_SLIP_FROM = 4
_FORMS_OF_ADDRESS = frozenset("dr prof professor mr mrs ms miss sir herr frau phd md mba".split())
#: Short first names that are not the beginning of the long one.
_SHORT = {
    "bob": "robert", "bill": "william", "will": "william", "mike": "michael", "liz": "elizabeth", "beth": "elizabeth",
    "tony": "anthony", "dick": "richard", "rick": "richard", "jim": "james", "jack": "john", "ted": "edward", "ned": "edward",
    "kate": "katherine", "peggy": "margaret", "maggie": "margaret", "sandy": "alexander", "chuck": "charles", "hank": "henry",
    "harry": "henry", "betty": "elizabeth", "debbie": "deborah", "becky": "rebecca", "andy": "andrew", "joe": "joseph",
    "ken": "kenneth", "kenny": "kenneth", "mandy": "amanda", "cathy": "catherine", "sue": "susan", "patty": "patricia",
}  # fmt: skip


class NameForms(NamedTuple):
    """One name, ready to be compared.

    ``plain`` is its key; ``words`` its Latin words, sorted; ``korean`` (family name, rough sound of the given name), each
    way it can be read; ``is_hangul`` if it is written so.
    """

    plain: str
    words: tuple[str, ...]
    korean: frozenset[tuple[str, str]]
    is_hangul: bool


@lru_cache(maxsize=300_000)
def name_forms(name: str) -> NameForms:
    """The forms of a name by which it is compared."""
    plain = name_key(name)
    if plain and all("가" <= sign <= "힣" for sign in plain):
        return NameForms(plain, (), _hangul_forms(plain), True)
    text = unicodedata.normalize("NFKD", name).casefold()
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    found = re.findall(r"[a-z]+", text.replace("'", "").replace("’", ""))
    words = tuple(word for word in found if word not in _FORMS_OF_ADDRESS) or tuple(found)
    return NameForms(plain, tuple(sorted(words)), _latin_forms(words), False)


def block_keys(forms: NameForms) -> set[str]:
    """What two names that may be one person's share."""
    keys = {forms.plain}
    keys |= {f"{family}|{given}" for family, given in forms.korean}
    if len(forms.words) >= 2:
        keys.add(" ".join(forms.words))
    return keys


def compare_names(one: NameForms, other: NameForms) -> Reason | None:
    """How alike two names are: the same, the same in sound, nearly the same; None if they are two people's."""
    if one.plain == other.plain or (one.words and len(one.words) > 1 and one.words == other.words):
        return Reason.NAME
    if one.is_hangul and other.is_hangul:
        return Reason.NEAR_NAME if _is_hangul_slip(one.plain, other.plain) else None
    if one.korean & other.korean:
        return Reason.SOUND
    if one.words and other.words and any(test(one.words, other.words) for test in _NEAR):
        return Reason.NEAR_NAME
    return None


def fold(latin: str) -> str:
    """The rough sound of Latin letters."""
    for found, kept in _FOLDS:
        latin = found.sub(kept, latin)
    return latin


def _hangul_forms(plain: str) -> frozenset[tuple[str, str]]:
    double = plain[:2] in _KNOWN and len(plain) > 3
    n = 2 if double else 1
    return frozenset({(plain[:n], fold(sound(plain[n:])))}) if len(plain) > n else frozenset()


def _latin_forms(words: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    if not 2 <= len(words) <= 4:
        return frozenset()
    found = set()
    for family, given in ((words[0], words[1:]), (words[-1], words[:-1])):
        if family in _FAMILIES and len("".join(given)) > 2:
            found |= {(own, fold("".join(given))) for own in _FAMILIES[family]}
    return frozenset(found)


def _is_hangul_slip(one: str, other: str) -> bool:
    """One syllable of three differs, and only in one letter of it: 김민수 and 김민슈, not 김민수 and 김민호."""
    if len(one) != len(other) or len(one) < 3 or one[0] != other[0]:
        return False
    differ = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    if len(differ) != 1:
        return False
    letters = [unicodedata.normalize("NFD", sign) for sign in differ[0]]
    return OSA.distance(*letters) == 1


def _is_slip(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if len(one) != len(other) or len(one) < 2:
        return False
    differ = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    if len(differ) != 1:
        return False
    a, b = differ[0]
    return min(len(a), len(b)) >= _SLIP_FROM and a[0] == b[0] and OSA.distance(a, b) == 1


def _is_without_middle(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Barbara Wilson and Barbara A. Wilson; not Barbara B. and Barbara A. Wilson."""
    short, long = sorted((one, other), key=len)
    whole = tuple(word for word in long if len(word) > 1)
    return len(short) >= 2 and short == whole and len(long) > len(short)


def _is_short_form(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Bob Brown and Robert Brown, Jen Moore and Jennifer Moore."""
    if len(one) != 2 or len(other) != 2:
        return False
    differ = set(one) ^ set(other)
    if len(differ) != 2:
        return False
    short, long = sorted(differ, key=len)
    return _SHORT.get(short) == long or (len(short) >= 3 and len(long) - len(short) >= 2 and long.startswith(short))


def _has_initials(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """J. Smith and John Smith; not J. Smith and J. Miller."""
    short, long = sorted((one, other), key=lambda words: sum(map(len, words)))
    whole = [word for word in short if len(word) > 1]
    initials = [word for word in short if len(word) == 1]
    rest = [word for word in long if word not in whole]
    return bool(
        len(whole) == 1 and len(whole[0]) > 3 and initials and whole[0] in long
        and all(any(word.startswith(sign) for word in rest) for sign in initials)
    )  # fmt: skip


#: Ways in which Latin names are nearly the same.
_NEAR = (_is_slip, _has_initials, _is_without_middle, _is_short_form)

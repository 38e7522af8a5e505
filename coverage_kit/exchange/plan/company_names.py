"""When two spellings are one company: the legal form does not count, and a near miss is only offered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz

from coverage_kit.domain.identifiers import name_key

_STOCK = "주식회사 (주) 株式会社 co ltd limited inc incorporated corp corporation company plc kk"
_OTHER = (
    "유한회사 (유) 유한책임회사 합자회사 합명회사 재단법인 (재) 사단법인 (사) 학교법인 의료법인 "
    "llc llp lp gmbh ag se sa sas sarl spa srl bv nv kg kgaa oy oyj ab as pte pty bhd sdn"
)
_FORMS = dict.fromkeys(_STOCK.split(), "stock") | {form: form for form in _OTHER.split()}
_FORMS |= {"(유)": "유한회사", "(재)": "재단법인", "(사)": "사단법인"}
_KOREAN_FORMS = "|".join(re.escape(f) for f in sorted(_FORMS, key=len, reverse=True) if not f.isascii())
_KOREAN = re.compile(rf"^\s*({_KOREAN_FORMS})\s*|\s*({_KOREAN_FORMS})\s*$")
_LATIN = re.compile(r"[\s,.]+([a-z]+(?:\.[a-z]\b)*)\.?\s*$")
_NEAR = 75

_FIRST = "g kk n d tt r m b pp s ss _ j jj ch k t p h".replace("_", "").split(" ")
_MIDDLE = "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i".split(" ")
_LAST = " k k k n n n t l k m l l l p l m p p t t ng t t k t p t".split(" ")


@dataclass(frozen=True)
class Found:
    """The accounts a name can mean: one is a match, several are ambiguous, none is new.

    ``by_sound`` says that a Korean and a Latin spelling were held to be the same.
    """

    ids: tuple[str, ...] = ()
    by_sound: bool = False


class AccountFinder:
    """The accounts by the names under which they are met.

    Parameters
    ----------
    accounts : iterable
        ``(id, name)``.
    merged : mapping, optional
        Accounts that became part of another one: a name of theirs means that one.
    """

    def __init__(self, accounts: Iterable[tuple[str, str]], merged: Mapping[str, str] | None = None) -> None:
        self._merged = merged or {}
        self.names: dict[str, str] = {}
        self._by_name: dict[str, list[str]] = {}
        self._by_core: dict[str, list[tuple[str, str]]] = {}
        self._by_sound: dict[str, list[str]] = {}
        self._by_shape: dict[str, tuple[str, str]] = {}
        for account, name in accounts:
            self.add(account, name)

    def add(self, account: str, name: str) -> None:
        """One more account."""
        core, form = company_core(name)
        self.names[account] = name
        account = self._merged.get(account, account)
        for ids in (
            self._by_name.setdefault(name_key(name), []),
            self._by_sound.setdefault(_script(core) + sound(core), []),
        ):
            if account not in ids:
                ids.append(account)
        same = self._by_core.setdefault(core, [])
        if (account, form) not in same:
            same.append((account, form))
        for shape in _shapes(core):
            self._by_shape.setdefault(shape, (account, core))

    def find(self, name: str) -> Found:
        """The accounts a name means: written the same, else the same but for the legal form, else the same by sound."""
        exact = self._by_name.get(name_key(name))
        if exact:
            return Found(tuple(exact))
        core, form = company_core(name)
        alike_in_core = self._by_core.get(core, ())
        same = tuple(dict.fromkeys(one for one, other in alike_in_core if not (form and other and form != other)))
        if same:
            return Found(same)
        other_script = {"h": "l", "l": "h"}.get(_script(core), "-")
        alike = tuple(self._by_sound.get(other_script + sound(core), ()))
        return Found(alike, True) if len(alike) == 1 else Found()

    def near(self, name: str) -> str | None:
        """The account whose name is nearly this one: to be offered, never taken."""
        core, _ = company_core(name)
        met = (self._by_shape[shape] for shape in _shapes(core) if shape in self._by_shape)
        return next((account for account, other in met if _is_near(core, other)), None)


@lru_cache(maxsize=256)
def company_core(name: str) -> tuple[str, str]:
    """A company's name without its legal form, and the form ("" where none is written).

    (주)한빛, 주식회사 한빛 and 한빛 have one core; so have Hanbit Co., Ltd. and HANBIT.
    """
    text, form = unicodedata.normalize("NFKC", name).casefold().strip(), ""
    while True:
        korean = _KOREAN.search(text)
        latin = _LATIN.search(text)
        if korean:
            found, shorter = korean.group(1) or korean.group(2), _KOREAN.sub("", text, count=1)
        elif latin and latin.group(1).replace(".", "") in _FORMS:
            found, shorter = latin.group(1).replace(".", ""), text[: latin.start()]
        else:
            break
        if not name_key(shorter):
            break
        text, form = shorter, form or _FORMS[found]
    return name_key(text), form


@lru_cache(maxsize=256)
def _shapes(core: str) -> list[str]:
    """What near names share: a name with one letter left out, or the better part of its beginning."""
    without = [core[:i] + core[i + 1 :] for i in range(len(core))] if len(core) > 2 else []
    return [core, *without, *(core[:i] for i in range(max(4, 3 * len(core) // 4), len(core)))]


def _is_near(one: str, other: str) -> bool:
    return _digits(one) == _digits(other) and fuzz.ratio(one, other) >= _NEAR


def _digits(core: str) -> str:
    return "".join(filter(str.isdigit, core))


@lru_cache(maxsize=256)
def sound(core: str) -> str:
    """How a Korean name is written in Latin letters (the Revised Romanization, letter by letter); others stay."""
    return "".join(_syllable(sign) if "가" <= sign <= "힣" else sign for sign in core)


@cache
def _syllable(sign: str) -> str:
    code = ord(sign) - ord("가")
    return _FIRST[code // 588] + _MIDDLE[code % 588 // 28] + _LAST[code % 28]


def _script(core: str) -> str:
    """``h`` for Hangul, ``l`` for Latin letters, ``-`` for a mixture or anything else."""
    letters = [sign for sign in core if not sign.isdigit()]
    if letters and all("가" <= sign <= "힣" for sign in letters):
        return "h"
    return "l" if letters and all(sign.isascii() for sign in letters) else "-"

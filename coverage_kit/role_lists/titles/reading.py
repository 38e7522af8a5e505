"""Read a title as people write it: does the person still hold it, and which titles stand in it?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from coverage_kit.role_lists.titles import words

#: A longer text is no title.
MAX_TITLE = 200


class TitleState(StrEnum):
    """How a person stands to the title that is written for them."""

    PRESENT = "present"
    ACTING = "acting"
    FORMER = "former"
    FUTURE = "future"
    GATEKEEPER = "gatekeeper"


class Part(NamedTuple):
    """One title of those that stand in a text: the sign before it, its words, and whether any is in Hangul."""

    sign: str
    words: tuple[str, ...]
    is_korean: bool


class Reading(NamedTuple):
    """A title as read: the state, and the titles in it that may name a position now."""

    state: TitleState
    parts: tuple[Part, ...]


def _any_of(found: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(found, key=len, reverse=True)))


_PHRASES = {word for table in (words.CONCEPTS, words.SOFT) for word in table if "_" in word} | {"general_manager"}
_PHRASE = re.compile(
    r"\b("
    + "|".join(word.replace("_and_", "_(?:and|&)_").replace("_", "[ -]") for word in sorted(_PHRASES, key=len)[::-1])
    + r")\b"
)
_RND = re.compile(r"\br\s*(?:&|and)\s*d(?![a-z])")
_DOTS = re.compile(r"\b(?:[a-z]\.){2,}[a-z]?")
_VICE = re.compile(r"\bvice[ -]president\b|\b(?:senior|executive) vp\b")
_CHIEF = re.compile(r"\bchief exec(?:utive)?\b(?! officer)")
#: Years that are over: (2010-2015), ~2020.
_YEARS = re.compile(r"\(?\s*(?:(?:19|20)\d\d\s*[-–~]|~)\s*(?:19|20)\d\d\s*\)?$")
#: 구 alone is also a district: it means "former" only with a bracket.
_FORMER_SIGN = re.compile(r"(?:^|[(\[])\s*구\s*[)\]]")
_COMPANY = re.compile(r"\(주\)|\(유\)|주식회사|유한회사")
_SIGNS = re.compile(
    r"(\s-{1,2}\s|\s[–—~:]\s|[/|;,&+()\[\]{}<>·•ㆍ]|\band\b|(?<=\s)겸임?(?=\s)|(?<=\s)및(?=\s)|\bat\b|@)"
)
_APART = re.compile(r"[^\w]+")
_HANGUL = re.compile("[가-힣]")
_STATES = re.compile(
    rf"\b(?:{_any_of(words.FORMER | words.FUTURE | words.ACTING | words.CURRENT)})\b"
    rf"|{_any_of({*words.KOREAN_FORMER, *words.KOREAN_FUTURE, *words.KOREAN_ACTING})}|\bno longer\b"
)
_STANDS_IN = re.compile(f"(.*(?:장|대표|이사|총괄|책임자))(?:{_any_of(words.KOREAN_ACTING)})")
_LEFT = re.compile(_any_of(words.KOREAN_FORMER))
_TO_COME = re.compile(_any_of(words.KOREAN_FUTURE))
_GATEKEEPER = re.compile(
    rf"{_any_of(words.KOREAN_GATEKEEPERS)}|\b(?:{_any_of({*words.GATEKEEPERS, *words.GATEKEEPER_PHRASES})})\b"
)
_NO_GATEKEEPER = re.compile(_any_of(words.NO_GATEKEEPERS))
#: Signs between two titles of one person. After the others, a title goes on or a remark follows.
BETWEEN = frozenset(("/", "|", ";", "&", "+", "and", "겸", "겸임", "및", "·", "ㆍ", "•"))


def normalise(title: str) -> str:
    """A title in one spelling: full-width letters, case, dots inside short forms, and phrases that are one word."""
    text = unicodedata.normalize("NFKC", title.strip()).casefold()
    if text.isalpha():
        return text
    # Blanks first: the phrases below are found by single ones.
    text = " / ".join(" ".join(line.split()) for line in text.splitlines())
    if not text.isascii():
        text = _FORMER_SIGN.sub(" 전 ", _COMPANY.sub(" ", text))
        text = text.replace("’", "'")
    if _YEARS.search(text):
        text = _YEARS.sub(" (ex) ", text)
    if "." in text:
        text = _DOTS.sub(lambda found: found[0].replace(".", ""), text)
    if "r" in text or "chief" in text:
        text = _CHIEF.sub("ceo", _VICE.sub("vp", _RND.sub("rnd", text)))
    text = _PHRASE.sub(
        lambda found: _TO_ONE_WORD.sub("_", found[0].replace("&", "and")), text.replace("_", " ").replace("'s ", " of ")
    )
    return " ".join(text.split())


_TO_ONE_WORD = re.compile("[ -]")


def title_key(text: str) -> str:
    """A normalised title without blanks and signs: the key under which a name is found."""
    return text if text.isalnum() else "".join(filter(str.isalnum, text))


def read_title(text: str) -> Reading:
    """What does a normalised title say about a person now?

    Parameters
    ----------
    text : str
        From ``normalise``: (전) 대표이사, ceo & founder, 이사/공장장.

    Returns
    -------
    Reading
        No parts where the person does not hold any position now: former, not yet begun, or a gatekeeper.
    """
    if len(text) > MAX_TITLE:
        return Reading(TitleState.PRESENT, ())
    if _GATEKEEPER.search(text) and not _NO_GATEKEEPER.search(text):
        return Reading(TitleState.GATEKEEPER, ())
    parts = tuple(_parts(text))
    return _of_now(parts) if _STATES.search(text) else Reading(TitleState.PRESENT, parts)


def _of_now(parts: tuple[Part, ...]) -> Reading:
    """The titles that a person holds now.

    A state alone belongs to the titles before it: 대표이사(전). So does one at the end: 대표이사/사장 퇴임.
    """
    state, kept, is_past = TitleState.PRESENT, list[Part](), False
    for part in parts:
        own, rest = _state(part.words)
        if own is TitleState.PRESENT and not words.CURRENT.isdisjoint(part.words):
            is_past = False
        if own in (TitleState.FORMER, TitleState.FUTURE):
            is_at_end = part.words[-1] not in rest and (part.sign in BETWEEN or words.NEUTRAL.issuperset(rest))
            kept = [] if is_at_end or not rest else kept
            state, is_past = own, True
        elif own is TitleState.ACTING:
            state = own
        if rest and not is_past:
            kept.append(part._replace(words=rest))
    if kept and state in (TitleState.FORMER, TitleState.FUTURE):
        state = TitleState.PRESENT
    return Reading(state, tuple(kept))


def _parts(text: str) -> Iterator[Part]:
    sign = ""
    for n, piece in enumerate(_SIGNS.split(text)):
        if n % 2:
            # A closing bracket opens nothing: what follows it goes on with the title before.
            sign = piece.strip() if piece not in ")]}>" or not sign else sign
            continue
        found = tuple(_APART.sub(" ", piece).split())
        if sign in ("at", "@"):
            # A company follows; its name says nothing, and a state at its end belongs to the title.
            found = tuple(word for word in found if _STATES.search(word))
        if found:
            yield Part(sign, found, _HANGUL.search(piece) is not None)
            sign = ""


def _state(own: tuple[str, ...]) -> tuple[TitleState, tuple[str, ...]]:
    """The state that words say, and the words that say more than it."""
    state, rest = TitleState.PRESENT, []
    for word in own:
        if word in words.FORMER or _LEFT.search(word):
            state = TitleState.FORMER
        elif word in words.FUTURE or _TO_COME.search(word):
            state = TitleState.FUTURE
        elif word in words.ACTING:
            state = TitleState.ACTING if state is TitleState.PRESENT else state
        elif stands_in := _STANDS_IN.fullmatch(word):
            state = TitleState.ACTING if state is TitleState.PRESENT else state
            rest.append(stands_in[1])
        elif word not in words.CURRENT:
            rest.append(word)
    return state, tuple(rest)

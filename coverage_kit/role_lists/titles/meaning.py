"""What a title says about the work: the function, and the level in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from coverage_kit.domain.vocabulary import Level
from coverage_kit.role_lists.titles import words


class Meaning(NamedTuple):
    """The function and the level of one title.

    Attributes
    ----------
    hard, soft : frozenset of str
        What the person works on, and how (planning, operations).
    word : str
        The word of the level; empty where the title names none.
    levels : tuple of Level
        The levels it may stand for, to be tried in this order.
    is_narrow : bool
        Only a part of the function: a region, the second team.
    is_known : bool
        Every word of the function is in the dictionary.
    is_denied : bool
        A deputy or an outsider: no role of that function is meant.
    is_any_kind : bool
        The last function is purchasing; what stands before it says what is bought.
    """

    hard: frozenset[str]
    soft: frozenset[str]
    word: str
    levels: tuple[Level, ...]
    is_narrow: bool = False
    is_known: bool = True
    is_denied: bool = False
    is_any_kind: bool = False

    @property
    def function(self) -> frozenset[str]:
        """All that the title says about the work."""
        return self.hard | self.soft


# English ---------------------------------------------------------------------------------------------------------


def english_words(own: Iterable[str]) -> list[str]:
    """The words of an English title, with its short forms written out."""
    found: list[str] = []
    for word in own:
        long = words.ENGLISH_SHORT.get(word, word)
        found += words.ENGLISH_CHIEFS.get(long, long).split()
    return found


def english_meaning(own: Sequence[str]) -> Meaning | None:
    """Read an English title in any order of its words; None where it says neither a function nor a level."""
    hard, soft, levels, is_narrow, is_known = set[str](), set[str](), list[str](), False, True
    for word in own:
        if word in words.ENGLISH_LEVELS:
            levels.append(word)
        elif word in words.ENGLISH_NOUNS:
            function, level = words.ENGLISH_NOUNS[word]
            hard.add(function)
            levels.append(level)
        elif word in words.NARROW:
            is_narrow = True
        elif word in words.NEUTRAL or word in words.ENGLISH_DEPUTIES or word.isdigit():
            continue
        elif word in words.SOFT:
            soft.add(words.SOFT[word])
        else:
            is_known = is_known and word in words.CONCEPTS
            hard.add(words.CONCEPTS.get(word, word))
    word = min(levels, key=_ENGLISH_ORDER.__getitem__, default="")
    if not (hard or soft or word):
        return None
    word, is_denied = _english_level(word, own)
    found = words.ENGLISH_LEVELS.get(word, ())
    is_any_kind = next((one in words.ANY_KIND for one in reversed(own) if _is_function(one)), False)
    return Meaning(frozenset(hard), frozenset(soft), word, found, is_narrow, is_known, is_denied, is_any_kind)


def _is_function(word: str) -> bool:
    return not (word in words.ENGLISH_LEVELS or word in words.NEUTRAL or word in words.SOFT or word in words.NARROW)


_ENGLISH_ORDER = {word: n for n, word in enumerate(words.ENGLISH_LEVELS)}


def _english_level(word: str, own: Sequence[str]) -> tuple[str, bool]:
    """The level of a title with deputies in it: an assistant manager does the work, a deputy head is no head."""
    if not words.ENGLISH_DENIED.isdisjoint(own):
        return word, True
    if not word or words.ENGLISH_LEVELS[word] == words.PRACTITIONER or words.ENGLISH_DEPUTIES.isdisjoint(own):
        return word, False
    if word == "lead" and "associate" in own:
        return "associate", False
    if word == "manager" and "assistant" in own:
        return "assistant", False
    return word, True


# Korean ----------------------------------------------------------------------------------------------------------

_KOREAN_LEVELS = {**words.KOREAN_POSITIONS, **words.KOREAN_RANKS}
_LONGEST_LEVEL = max(map(len, _KOREAN_LEVELS))
_LONGEST_CONCEPT = max(len(word) for word in words.CONCEPTS if not word.isascii())
_NUMBER = re.compile(r"제?\d+")


def korean_meaning(own: Sequence[str]) -> Meaning | None:
    """Read a Korean title: its last position or rank, and the function before it; None where it says neither.

    Departments before the last one are left out: 구매본부 구매1팀 팀장 is a team leader in purchasing.
    """
    own = korean_words(own)
    split = [_split_level(word) for word in own]
    heads = [n for n, (_, level) in enumerate(split) if level]
    if not heads:
        return _korean("".join(own), "")
    head = heads[-1]
    stem, level = split[head]
    if stem in ("부", "전", "대표"):
        return Meaning(frozenset(), frozenset(), level, (), is_denied=True)
    if stem in words.SOFT and head and not split[head - 1][1]:
        stem = _without_units(own[head - 1]) + stem
    if not _without_units(stem):
        beside = [*reversed(own[:head]), *own[head + 1 :]]
        stem = next((word for word in beside if _without_units(word) and word not in words.NEUTRAL), "")
        if own.index(stem) in heads if stem else False:
            stem = split[own.index(stem)][0]
    elif head and split[head - 1][1] == "" and own[head - 1] in words.CONCEPTS and not _is_known(stem):
        stem = own[head - 1] + stem
    return _korean(stem, level)


def korean_words(own: Sequence[str]) -> tuple[str, ...]:
    """The words of a Korean title in one form: no 님, 재무본부 본부장 as 재무본부장, English levels in Korean."""
    last = own[-1].removesuffix("님") or "님"
    last = words.KOREAN_FOR.get(last, last)
    before = tuple(own[:-1])
    if last == "님" and before:
        return korean_words(before)
    unit = last.removesuffix("장")
    if before and unit and unit != last and before[-1].endswith(unit) and before[-1] != unit:
        return (*before[:-1], before[-1] + "장")
    return (*before, last)


def _split_level(word: str) -> tuple[str, str]:
    """A word without the level at its end, and the level; the whole word where it has none."""
    bare = word.removesuffix("님")
    for n in range(min(_LONGEST_LEVEL, len(bare)), 1, -1):
        if bare[-n:] in _KOREAN_LEVELS:
            return bare[:-n], bare[-n:]
    return word, ""


@lru_cache(maxsize=4096)
def _korean(stem: str, level: str) -> Meaning | None:
    is_top = stem.startswith("최고") and level in ("책임자", "임원")
    bare = _without_units(stem.removeprefix("최고") if is_top else stem)
    is_narrow = bare != stem and _NUMBER.search(stem) is not None
    hard, soft, is_known = set[str](), set[str](), True
    for piece in _pieces(bare):
        if piece in words.NARROW:
            is_narrow = True
        elif piece in words.SOFT:
            soft.add(words.SOFT[piece])
        elif piece not in words.NEUTRAL:
            is_known = is_known and piece in words.CONCEPTS
            hard.add(words.CONCEPTS.get(piece, piece))
    if not (hard or soft or level):
        return None
    levels = words.EXECUTIVE if is_top else _KOREAN_LEVELS.get(level, ())
    pieces = _pieces(bare)
    is_any_kind = bool(pieces) and pieces[-1] in words.ANY_KIND
    return Meaning(frozenset(hard), frozenset(soft), level, levels, is_narrow, is_known, is_any_kind=is_any_kind)


def _without_units(stem: str) -> str:
    """A function without its numbers and the kind of department: 구매1팀 is 구매."""
    bare = _NUMBER.sub("", stem)
    while True:
        unit = next((unit for unit in words.KOREAN_UNITS if bare.endswith(unit)), "")
        if not unit or (len(unit) == 1 and unit in "부과실" and not _is_known(bare[:-1]) and len(bare) < 3):
            return bare
        bare = bare[: -len(unit)]


def _is_known(stem: str) -> bool:
    return bool(stem) and all(piece in words.CONCEPTS or piece in words.SOFT for piece in _pieces(stem))


@lru_cache(maxsize=4096)
def _pieces(stem: str) -> tuple[str, ...]:
    """A Korean word cut into functions, the longest first; letters of no known function stay together."""
    found: list[str] = []
    unknown = ""
    at = 0
    while at < len(stem):
        end = next((end for end in range(min(len(stem), at + _LONGEST_CONCEPT), at, -1) if _is_word(stem[at:end])), 0)
        if end:
            found += [*([unknown] if unknown else []), stem[at:end]]
            unknown, at = "", end
        else:
            unknown += stem[at]
            at += 1
    return (*found, unknown) if unknown else tuple(found)


def _is_word(text: str) -> bool:
    if text.isascii() and len(text) < 2:
        return False
    return (
        text in words.CONCEPTS
        or text in words.SOFT
        or text in words.NARROW
        or (len(text) > 1 and text in words.NEUTRAL)
    )

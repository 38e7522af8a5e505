"""The names of required roles, ready to be found by title: in full, by their words, and by function and level."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA

from coverage_kit.domain.vocabulary import Level
from coverage_kit.role_lists.model import RoleBody, RoleListBody
from coverage_kit.role_lists.titles import words
from coverage_kit.role_lists.titles.meaning import Meaning, english_meaning, english_words, korean_meaning
from coverage_kit.role_lists.titles.reading import Part, normalise, read_title, title_key

#: Typing errors are looked for in words of so many letters, and in Korean names of so many sounds.
_LONG_WORD, _LONG_NAME = 6, 12
_LITTLE = frozenset("of the for in and a".split())
_SAME_VOWELS = str.maketrans("\u1162\u1164\u116b\u116c", "\u1166\u1168\u1170\u1170")

#: Roles by key, each with the name that was found.
Found = dict[str, str]


class RoleNames:
    """The titles and aliases of the roles of some lists.

    Parameters
    ----------
    lists : iterable of mapping
        Bodies of the role lists.
    """

    def __init__(self, lists: Iterable[RoleListBody]) -> None:
        self.levels: dict[str, Level] = {}
        self.aliases: dict[str, list[str]] = defaultdict(list)
        self.n_lists: dict[str, int] = defaultdict(int)
        self._whole: dict[str, Found] = defaultdict(dict)
        self._bags: dict[tuple[str, ...], Found] = defaultdict(dict)
        self._meanings: dict[tuple[Level, frozenset[str]], Found] = defaultdict(dict)
        self._worded: dict[tuple[str, frozenset[str]], Found] = defaultdict(dict)
        self._vocabulary = {*words.CONCEPTS, *words.SOFT, *words.ENGLISH_LEVELS, *words.ENGLISH_NOUNS}
        self._vocabulary |= words.NEUTRAL | words.NARROW
        self._mended: dict[str, str] = {}
        heads, others = set[str](), set[str]()
        for body in lists:
            (heads if _has_section_heads(body) else others).update(role["key"] for role in body["roles"])
            for role in body["roles"]:
                self._add(role)
        #: Roles of lists in which a 과장 heads a department, and of no other list.
        self.section_heads = heads - others
        self.has_companies = bool(others)

    def _add(self, role: RoleBody) -> None:
        key = role["key"]
        self.levels[key] = Level(role["level"])
        self.n_lists[key] += 1
        for alias in map(str, (*role["title"].values(), *role["aliases"]["ko"], *role["aliases"]["en"])):
            self.aliases[key].append(alias)
            text = normalise(alias)
            self._whole[title_key(text)].setdefault(key, alias)
            parts = read_title(text).parts
            self._vocabulary.update(word for part in parts if not part.is_korean for word in part.words)
            if not any(part.is_korean for part in parts):
                self._bags[_bag([word for part in parts for word in part.words])].setdefault(key, alias)
            # "Head of Department (clinical)" heads no other department: a name with a remark counts only in full.
            if len(parts) == 1:
                self._add_meaning(key, parts[0], alias)

    def _add_meaning(self, key: str, part: Part, alias: str) -> None:
        meaning = meaning_of(part)
        if meaning is None or not meaning.function or not words.GROUP.isdisjoint(part.words):
            return
        if meaning.word:
            self._worded[meaning.word, meaning.function].setdefault(key, alias)
        if meaning.levels or not meaning.word:
            self._meanings[self.levels[key], meaning.function].setdefault(key, alias)

    # In full ---------------------------------------------------------------------------------------------------------

    def find(self, key: str) -> Found:
        """Roles with a name of this key (``title_key``)."""
        return self._whole.get(key) or {}

    def find_words(self, own: Sequence[str]) -> Found:
        """Roles with an English name of these words, in any order."""
        return self._bags.get(_bag(own)) or {}

    # By function and level -------------------------------------------------------------------------------------------

    def at_level(self, level: Level, function: frozenset[str]) -> Found:
        """Roles of a level that are met under a function, or under each of several: 자재구매 as 자재 and as 구매."""
        found = self._meanings.get((level, function))
        if found or len(function) < 2:
            return found or {}
        each = [self._meanings.get((level, frozenset((one,))), {}) for one in function]
        return {role: name for role, name in each[0].items() if all(role in own for own in each[1:])}

    def worded(self, word: str, function: frozenset[str]) -> Found:
        """Roles with a name of this function and this very word of level."""
        return self._worded.get((word, function)) or {}

    # Misspelt --------------------------------------------------------------------------------------------------------

    def mend(self, word: str) -> str:
        """A long English word with a typing error, as the names spell it; any other word as it is."""
        if len(word) < _LONG_WORD or word in self._vocabulary:
            return word
        if word not in self._mended:
            most = 1 if len(word) < _LONG_WORD + 3 else 2
            near = self._long_words.get((word[0], word[-1]), ())
            found = process.extractOne(word, near, scorer=OSA.distance, score_cutoff=most)
            self._mended[word] = found[0] if found else word
        return self._mended[word]

    @cached_property
    def _long_words(self) -> dict[tuple[str, str], list[str]]:
        """The known words by their first and last letter, which people seldom get wrong."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for word in sorted(self._vocabulary):
            if len(word) >= _LONG_WORD and word.isascii():
                found[word[0], word[-1]].append(word)
        return found

    def find_sound(self, key: str) -> Found:
        """Roles with a Korean name that sounds the same (구메팀장), or a long one with one wrong sound."""
        sound = _sounds(key)
        found = self._by_sound.get(sound)
        if found is None and len(sound) >= _LONG_NAME:
            near = process.extractOne(sound, self._long_sounds, scorer=OSA.distance, score_cutoff=1)
            found = self._by_sound[near[0]] if near else None
        return found or {}

    @cached_property
    def _by_sound(self) -> dict[str, Found]:
        return {_sounds(name): roles for name, roles in self._whole.items() if not name.isascii()}

    @cached_property
    def _long_sounds(self) -> list[str]:
        return [sound for sound in self._by_sound if len(sound) >= _LONG_NAME]


def meaning_of(part: Part) -> Meaning | None:
    """The function and level of one title."""
    return korean_meaning(part.words) if part.is_korean else english_meaning(english_words(part.words))


def _bag(own: Sequence[str]) -> tuple[str, ...]:
    """The words of an English title in any order, each as its concept."""
    return tuple(sorted(words.CONCEPTS.get(word, word) for word in english_words(own) if word not in _LITTLE))


def _has_section_heads(body: RoleListBody) -> bool:
    """Whether a list has a manager who is called 과장."""
    managers = (role for role in body["roles"] if role["level"] == Level.MANAGER)
    return any(alias.endswith(words.SECTION_HEAD) for role in managers for alias in role["aliases"]["ko"])


def _sounds(text: str) -> str:
    """Korean as it sounds: vowels that people mix up are one."""
    return unicodedata.normalize("NFD", text).translate(_SAME_VOWELS)

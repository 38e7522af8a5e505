"""Which required role may a title mean? A suggestion for a person to decide, never a write.

A title that is one of a role's names means that role. Otherwise its function and its level decide: a title means a
role whose names say the same function at the same level. Nothing else is likely enough to be suggested.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from rapidfuzz import fuzz

from coverage_kit.domain.vocabulary import Level
from coverage_kit.i18n import N_, N_n, Texts
from coverage_kit.role_lists.model import RoleListBody
from coverage_kit.role_lists.titles import words
from coverage_kit.role_lists.titles.meaning import Meaning, english_meaning, english_words, korean_meaning, korean_words
from coverage_kit.role_lists.titles.names import Found, RoleNames, meaning_of
from coverage_kit.role_lists.titles.reading import BETWEEN, Part, TitleState, normalise, read_title, title_key

#: Titles that are kept with their roles, at the most.
_MOST_KEPT = 20_000
#: Suggestions a title at the most.
MOST = 3


#: By key of a title, how many people of that title hold each role here.
LearnedCounts = Mapping[str, Mapping[str, int]]


class Grounds(StrEnum):
    """Why a title may mean a role."""

    NAME = "name"
    CONFIRMED = "confirmed"
    MEANING = "meaning"
    SPELLING = "spelling"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A required role that a title may mean.

    Attributes
    ----------
    role : str
        Key of the role.
    confidence : float
        0 to 1; 1 where the title is one of the role's names.
    grounds : Grounds
        Why.
    name : str
        The name of the role that is nearest to the title.
    n : int
        How many people of that title hold the role in this workspace.
    """

    role: str
    confidence: float
    grounds: Grounds
    name: str
    n: int = 0


def title_key_of(title: str) -> str:
    """The key of a title: equal for every spelling of it in case, width, blanks and signs."""
    return title_key(normalise(title))


def learned_key(title: str) -> str:
    """The key under which a holder's title is learned; empty where it says no function, or is not held now."""
    text = normalise(title)
    reading = read_title(text)
    if reading.state is not TitleState.PRESENT or words.CURRENT & {*text.split()}:
        return ""
    meanings = [meaning_of(part) for part in reading.parts]
    return title_key(text) if any(one and one.function and not one.is_denied for one in meanings) else ""


def why(t: Texts, one: Suggestion) -> str:
    """Why a title may mean a role, in a user's language."""
    if one.grounds is Grounds.CONFIRMED:
        return t(N_n("{n} person of this title holds it here", "{n} people of this title hold it here"), n=one.n)
    return t(_WHY[one.grounds], name=one.name)


_WHY = {
    Grounds.NAME: N_("known as “{name}”"),
    Grounds.MEANING: N_("same work and level as “{name}”"),
    Grounds.SPELLING: N_("spelled almost like “{name}”"),
}


@dataclass(frozen=True, slots=True)
class TitleRoles:
    """A title, how its person stands to it, and the roles it may mean, the likeliest first."""

    title: str
    state: TitleState
    suggestions: tuple[Suggestion, ...]


class TitleMatcher:
    """Finds the roles that titles may mean, among the roles of some lists.

    Parameters
    ----------
    lists : iterable of mapping
        Bodies of the role lists to choose from.
    confirmed : mapping, optional
        Title key to the roles that people of that title hold here, and how many they are.
    """

    def __init__(self, lists: Iterable[RoleListBody], confirmed: LearnedCounts | None = None) -> None:
        self._names = RoleNames(lists)
        self._confirmed = confirmed or {}
        # Contacts share few titles, and a page asks for the same ones after each edit.
        self._read: dict[str, TitleRoles] = {}

    # One title ---------------------------------------------------------------------------------------------------

    def suggest(self, title: str) -> TitleRoles:
        """Which required roles may this title mean?"""
        if title not in self._read:
            if len(self._read) >= _MOST_KEPT:
                self._read.clear()
            self._read[title] = self._suggest(title)
        return self._read[title]

    def _suggest(self, title: str) -> TitleRoles:
        text = normalise(title)
        key = title_key(text)
        named = self._names.find(key)
        if named:
            return TitleRoles(title, TitleState.PRESENT, self._ordered(_named(named, 1.0), title))
        reading = read_title(text)
        found_here = [*self._from_confirmed(key, reading.parts), *self._from_parts(reading.parts)]
        if reading.state is TitleState.ACTING:
            found_here = [replace(one, confidence=round(one.confidence - 0.1, 2)) for one in found_here]
        return TitleRoles(title, reading.state, self._ordered(found_here, title))

    def _ordered(self, found: Sequence[Suggestion], title: str) -> tuple[Suggestion, ...]:
        """Each role once, the likeliest first; equal ones by how alike their names are to the title."""
        best: dict[str, Suggestion] = {}
        for one in found:
            if one.role not in best or best[one.role].confidence < one.confidence:
                best[one.role] = one
        if len(best) < 2:
            return tuple(best.values())
        alike = {role: max(fuzz.ratio(title, alias) for alias in self._names.aliases[role]) for role in best}
        order = sorted(
            best.values(), key=lambda one: (-one.confidence, -self._names.n_lists[one.role], -alike[one.role])
        )
        return tuple(order[:MOST])

    def _from_confirmed(self, key: str, parts: tuple[Part, ...]) -> Iterable[Suggestion]:
        if not parts:
            return
        counts = {role: n for role, n in self._confirmed.get(key, {}).items() if role in self._names.levels}
        total = sum(counts.values())
        for role, n in counts.items():
            yield Suggestion(role, round(0.97 * n / total, 2), Grounds.CONFIRMED, self._names.aliases[role][0], n)

    def _from_parts(self, parts: tuple[Part, ...]) -> list[Suggestion]:
        if not parts:
            return []
        if len(parts) == 1:
            return self._resolve(parts[0])
        whole = [word for part in parts for word in part.words]
        found = self._names.find("".join(whole))
        if not found and not parts[0].is_korean:
            found = self._names.find_words(whole)
        if found:
            return _named(found, 0.98)
        resolved = [self._resolve(part) for part in parts]
        meanings = [meaning_of(part) for part in parts]
        named: list[Suggestion] = []
        for n, (part, own) in enumerate(zip(parts, resolved, strict=True)):
            if own and not self._goes_on(n, part, parts, meanings):
                named += own
        return named + self._joined(parts, meanings)

    def _goes_on(self, n: int, part: Part, parts: tuple[Part, ...], meanings: Sequence[Meaning | None]) -> bool:
        """Whether a title that many hold goes on after a comma: Owner, Product; President - Sales."""
        if part.is_korean or not words.ENGLISH_GENERIC.issuperset(part.words) or n + 1 == len(parts):
            return False
        after = meanings[n + 1]
        return parts[n + 1].sign not in BETWEEN and after is not None and bool(after.function) and not after.word

    def _joined(self, parts: tuple[Part, ...], meanings: Sequence[Meaning | None]) -> list[Suggestion]:
        """Titles whose function and level stand apart: VP, Finance; 팀장(구매); Purchasing & Logistics Manager."""
        read = [one for one in meanings if one is not None and not one.is_denied]
        functions = [one for one in read if one.function and not one.word and one.is_known]
        if not functions:
            return []
        heads = [one for one in read if one.word and not one.function]
        if not heads:
            heads = [
                one._replace(hard=frozenset(), soft=frozenset())
                for n, one in enumerate(meanings)
                if one is not None and one.word and one.function and one.is_known
                and any(each.sign in BETWEEN or (each.sign == "," and each.is_korean) for each in parts[max(n, 1) : n + 2])
            ]  # fmt: skip
        if any(one.is_denied for one in meanings if one is not None):
            return []
        together = functions[0]
        for one in functions[1:]:
            together = together._replace(hard=together.hard | one.hard, soft=together.soft | one.soft)
        for head in heads:
            found = self._of_head(head, together)
            found = found or [one for function in functions for one in self._of_head(head, function)]
            if found:
                return found
        return []

    def _of_head(self, head: Meaning, function: Meaning) -> list[Suggestion]:
        is_narrow = head.is_narrow or function.is_narrow
        return self._by_meaning(head._replace(hard=function.hard, soft=function.soft, is_narrow=is_narrow))

    def _resolve(self, part: Part) -> list[Suggestion]:
        """The roles of one title, in full words or by its function and level."""
        return self._resolve_korean(part.words) if part.is_korean else self._resolve_english(part.words)

    def _resolve_english(self, own: tuple[str, ...]) -> list[Suggestion]:
        if not words.ENGLISH_DENIED.isdisjoint(own):
            return []
        found = self._names.find("".join(own)) or self._names.find_words(own)
        if found:
            return _named(found, 0.98)
        written = english_words(own)
        mended = [self._names.mend(word) for word in written]
        grounds = Grounds.MEANING if mended == written else Grounds.SPELLING
        kept = [word for word in mended if word not in words.NEUTRAL]
        found = self._names.find_words(kept)
        if found:
            return _named(found, 0.95, grounds if grounds is Grounds.SPELLING else Grounds.NAME)
        meaning = english_meaning(mended)
        return [replace(one, grounds=grounds) for one in self._by_meaning(meaning)] if meaning else []

    def _resolve_korean(self, own: tuple[str, ...]) -> list[Suggestion]:
        if any(denied in word for word in own for denied in words.KOREAN_DENIED):
            found = self._names.find("".join(own))
            return _named(found, 0.98) if found else []
        own = korean_words(own)
        for start in range(len(own)):
            found = self._names.find("".join(own[start:]))
            if found and self._may_stand_before(own[:start], own[start:], found):
                return _named(found, 1.0 if not start else 0.95)
        found_at_site = self._at_a_site(own[-1])
        if found_at_site:
            return found_at_site
        if len(own) > 1 and own[-1] in words.KOREAN_RANKS:
            # A rank after a position says how senior its holder is: 구매팀장 상무.
            inner = self._resolve_korean(own[:-1])
            if inner:
                # 구매팀장 대리 stands in for somebody: it may be anyone.
                return [] if own[-1] == "대리" else inner
        meaning = korean_meaning(own)
        found_by_meaning = self._by_meaning(meaning) if meaning else []
        is_understood = meaning is not None and meaning.is_known and bool(meaning.function)
        if found_by_meaning or is_understood or not own[-1].endswith(tuple(words.KOREAN_POSITIONS)):
            return found_by_meaning
        return _named(self._names.find_sound("".join(own)), 0.8, Grounds.SPELLING)

    def _may_stand_before(self, before: tuple[str, ...], name: tuple[str, ...], found: Found) -> bool:
        """Whether words before a full name leave it that position: a department, a place, a company."""
        if not before:
            return True
        rest = [word for word in before if word not in words.NEUTRAL]
        meaning = korean_meaning(name)
        if meaning is not None and meaning.soft and not meaning.hard:
            # 구매본부 기획팀장 plans purchasing.
            return all(word.endswith("실") or word in words.NARROW for word in rest)
        if found.keys() & self._names.find("".join(rest)).keys():
            return True
        if meaning is not None and meaning.word and meaning.hard and meaning.is_known:
            return not any(word in words.KOREAN_RANKS for word in rest)
        if all(word.endswith(words.KOREAN_COMPANIES) for word in rest):
            return True
        # 한빛 대표이사 is one; 영업 대표, 부문 대표 and 동아리 회장 are not.
        return "".join(name) == "대표이사" and not any(word in words.CONCEPTS for word in rest)

    def _at_a_site(self, word: str) -> list[Suggestion]:
        """The head of a site under its place: 평택공장장, 서울병원장."""
        for site in words.SITES:
            place = word.removesuffix(site)
            if place != word and place not in ("부", "전") and place not in words.CONCEPTS and place not in words.SOFT:
                return _named(self._names.find(site), 0.9)
        return []

    # By function and level ---------------------------------------------------------------------------------------

    def _by_meaning(self, meaning: Meaning) -> list[Suggestion]:
        """Roles of the same function and level, from the closest kind of agreement that finds one."""
        if (not meaning.hard and not meaning.soft) or meaning.is_denied:
            return []
        for function, confidence in _functions(meaning):
            for level in self._levels_to_try(meaning):
                found = self._at(meaning, level, function)
                if found:
                    return _named(found, confidence, Grounds.MEANING)
        return []

    def _levels_to_try(self, meaning: Meaning) -> list[Level | str]:
        if meaning.word == words.SECTION_HEAD:
            own = [Level.PRACTITIONER] if self._names.has_companies else []
            return [*own, Level.MANAGER]
        return [meaning.word, *meaning.levels]

    def _at(self, meaning: Meaning, level: Level | str, function: frozenset[str]) -> Found:
        if isinstance(level, Level):
            found = self._names.at_level(level, function)
        else:
            found = self._names.worded(level, function)
        # A part of a function has its managers, and not the head of the whole: IT purchasing, accounting in finance.
        is_part = meaning.is_narrow or not function <= meaning.function
        is_part = is_part or not words.AT_A_SITE.isdisjoint(meaning.hard - function)
        is_part = is_part or (meaning.is_any_kind and function != meaning.function)
        is_section_head = meaning.word == words.SECTION_HEAD and level == Level.MANAGER
        return {
            role: name
            for role, name in found.items()
            if not (is_part and self._names.levels[role] is Level.EXECUTIVE)
            and not (not meaning.hard and self._names.levels[role] is Level.PRACTITIONER)
            and not (is_section_head and role not in self._names.section_heads)
        }


def _functions(meaning: Meaning) -> Iterable[tuple[frozenset[str], float]]:
    """The functions to look for, the closest first, and how likely a role found by it is."""
    yield meaning.function, 0.9
    if not meaning.hard:
        return
    if meaning.soft:
        yield meaning.hard, 0.85
    at_a_site = meaning.hard - words.AT_A_SITE
    if at_a_site and at_a_site != meaning.hard:
        yield at_a_site, 0.8
    broader = frozenset(words.BROADER.get(one, one) for one in meaning.hard)
    if broader != meaning.hard:
        yield broader, 0.7
    if meaning.is_any_kind and len(meaning.hard) > 1:
        yield frozenset(("purchasing",)), 0.8


def _named(found: Mapping[str, str], confidence: float, grounds: Grounds = Grounds.NAME) -> list[Suggestion]:
    return [Suggestion(role, confidence, grounds, name) for role, name in found.items()]

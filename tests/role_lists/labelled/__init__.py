"""Titles labelled by hand: the role each means under a role list, or none. Half Korean; a tuning and a test half."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from coverage_kit.role_lists.titles import TitleMatcher

HERE = Path(__file__).parent


class Labelled(NamedTuple):
    """One title, the list it is looked up in, and the role it means; None where it means no role."""

    role_list: str
    title: str
    role: str | None


def read_labelled(*, is_test: bool) -> list[Labelled]:
    """One half of the set. Words and rules are tuned on the tuning half; the other only measures them."""
    return [one for one in read_all() if zlib.crc32(one.title.encode()) % 2 == is_test]


def read_all() -> list[Labelled]:
    """The whole set, as the files list it."""
    return [*_read("positive.txt"), *_read("negative.txt")]


def _read(name: str) -> Iterator[Labelled]:
    role_list = ""
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            role_list = line.strip("[]")
        elif line and not line.startswith("#"):
            title, _, role = line.partition(" = ")
            yield Labelled(role_list, title, role or None)


class Score(NamedTuple):
    """How a matcher did: of the first suggestion of each title."""

    right: int
    wrong_role: int
    missed: int
    n_negative: int
    false_positives: int

    @property
    def precision(self) -> float:
        """Of all titles that got a suggestion, those whose first one is right."""
        return self.right / (self.right + self.wrong_role + self.false_positives)

    @property
    def recall(self) -> float:
        """Of all titles that mean a role, those that got it first."""
        return self.right / (self.right + self.wrong_role + self.missed)


def score(titles: list[Labelled], matchers: dict[str, TitleMatcher]) -> Score:
    """Compare the first suggestion of each title with its label."""
    right = wrong = missed = negatives = false = 0
    for role_list, title, role in titles:
        found = matchers[role_list].suggest(title).suggestions
        first = found[0].role if found else None
        negatives += role is None
        false += role is None and first is not None
        right += role is not None and first == role
        wrong += role is not None and first not in (None, role)
        missed += role is not None and first is None
    return Score(right, wrong, missed, negatives, false)

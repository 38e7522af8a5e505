"""Titles as people write them, and the required roles they may mean."""

from coverage_kit.role_lists.titles.matching import (
    Grounds,
    LearnedCounts,
    Suggestion,
    TitleMatcher,
    TitleRoles,
    learned_key,
    title_key_of,
    why,
)
from coverage_kit.role_lists.titles.reading import TitleState

__all__ = [
    "Grounds",
    "LearnedCounts",
    "Suggestion",
    "TitleMatcher",
    "TitleRoles",
    "TitleState",
    "learned_key",
    "title_key_of",
    "why",
]

"""Who of our people works under whom."""

from __future__ import annotations

from collections.abc import Mapping


def everybody_under(leader: str, managers: Mapping[str, str | None]) -> list[str]:
    """The ids of all who report to a leader, directly or through others, nearest first.

    Parameters
    ----------
    leader : str
    managers : mapping
        Each colleague's id to their manager's. A circle ends where it closes.
    """
    found: dict[str, None] = {}
    level = [leader]
    while level:
        level = [who for who, above in managers.items() if above in level and who != leader and who not in found]
        found |= dict.fromkeys(level)
    return list(found)


def everybody_above(colleague: str, managers: Mapping[str, str | None]) -> list[str]:
    """The ids of a colleague's manager, that manager's, and so on, nearest first; a circle ends where it closes."""
    found: list[str] = []
    above = managers.get(colleague)
    while above is not None and above != colleague and above not in found:
        found.append(above)
        above = managers.get(above)
    return found

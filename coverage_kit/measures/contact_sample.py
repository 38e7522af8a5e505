"""Where nobody can check all contacts: a random sample of them, and what it says about the rest.

Source: the method, section 4 (ghost rate); E. B. Wilson (``measures.interval``).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from coverage_kit.measures.interval import Interval, wilson

#: Accounts with up to so many contacts are one stratum each; larger ones are the last.
SIZES = (4, 19, 99)
#: How near the rate should be known, on either side.
POINTS = 0.05
#: More would never be asked for: at a rate of a half, fewer are enough for one point on either side.
_MOST = 10_000


class GhostRate(NamedTuple):
    """What a sample says about the contacts that nobody has checked.

    Attributes
    ----------
    n : int
        Contacts drawn.
    checked, gone : int
        Those of them that somebody has checked since, and those of these who left, retired, moved or changed roles.
    rate : float or None
        ``gone`` of ``checked``, 0 to 1; None before the first check.
    interval : Interval
        Where the rate of all lies, with 95 % confidence.
    more : int
        How many more to check for the rate to be known within five points on either side.
    """

    n: int
    checked: int
    gone: int
    rate: float | None
    interval: Interval
    more: int


def draw_contacts(contacts: Mapping[str, Sequence[str]], n: int, seed: int) -> list[str]:
    """Which contacts should be checked, so that they stand for all?

    Small and large accounts are drawn in proportion to their contacts, each contact with the same chance.

    Parameters
    ----------
    contacts : mapping
        By account, the ids of its contacts that nobody has checked lately.
    n : int
        How many to draw; all where there are fewer.
    seed : int
        The same seed draws the same contacts.

    Returns
    -------
    list of str
        Ids, in random order.
    """
    strata: dict[int, list[str]] = {}
    for _, own in sorted(contacts.items()):
        size = sum(len(own) > most for most in SIZES)
        strata.setdefault(size, []).extend(sorted(own))
    total = sum(len(own) for own in strata.values())
    chance = random.Random(seed)
    wanted = min(n, total)
    shares = {size: wanted * len(own) / total for size, own in sorted(strata.items())}
    counts = {size: int(share) for size, share in shares.items()}
    # What is left over goes by chance in proportion to the fractions, so that no size is favoured.
    left = {size: shares[size] - counts[size] for size in shares}
    for _ in range(wanted - sum(counts.values())):
        size = chance.choices([*left], [*left.values()])[0]
        counts[size] += 1
        left[size] = 0.0
    drawn = [one for size, own in sorted(strata.items()) for one in chance.sample(own, counts[size])]
    chance.shuffle(drawn)
    return drawn


def ghost_rate(n: int, checked: int, gone: int) -> GhostRate:
    """What does a sample say about all contacts that nobody has checked?

    Parameters
    ----------
    n, checked, gone : int
        Drawn, checked since, and found gone; ``gone`` ≤ ``checked`` ≤ ``n``.
    """
    rate = gone / checked if checked else None
    return GhostRate(n, checked, gone, rate, wilson(gone, checked), more_to_check(checked, gone))


def more_to_check(checked: int, gone: int, points: float = POINTS) -> int:
    """How many more contacts must be checked for the rate to be known within so many points on either side?

    At the rate found so far; at a half, which needs most, before anything was checked.

    Parameters
    ----------
    checked, gone : int
    points : float
        0 to 1.
    """
    rate = gone / checked if checked else 0.5
    low, high = 1, _MOST
    while low < high:
        middle = (low + high) // 2
        found = wilson(round(rate * middle), middle)
        if (found.high - found.low) / 2 <= points:
            high = middle
        else:
            low = middle + 1
    return max(0, low - checked)

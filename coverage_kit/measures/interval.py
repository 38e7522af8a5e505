"""How far a rate found in a sample may be from the true one."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

#: Two-sided 95 % of the normal distribution.
Z95 = 1.959963984540054


class Interval(NamedTuple):
    """A range of rates, 0 to 1."""

    low: float
    high: float


def wilson(hits: int, n: int, z: float = Z95) -> Interval:
    """Between which rates does the true one lie, after so many hits in a random sample?

    Parameters
    ----------
    hits, n : int
        Hits among ``n`` draws; 0 ≤ hits ≤ n.
    z : float
        Quantile of the normal distribution; 95 % by default.

    Returns
    -------
    Interval
        Wilson score interval, each end 0 to 1. Everything is possible (0 to 1) where nothing was drawn.

    Notes
    -----
    Source: E. B. Wilson, Probable Inference, the Law of Succession, and Statistical Inference, JASA 22 (1927).
    """
    if not n:
        return Interval(0.0, 1.0)
    rate, spread = hits / n, z * z / n
    middle = (rate + spread / 2) / (1 + spread)
    half = z * sqrt(rate * (1 - rate) / n + spread / (4 * n)) / (1 + spread)
    return Interval(max(0.0, middle - half), min(1.0, middle + half))

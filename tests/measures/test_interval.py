"""The interval of a rate from a sample."""

from __future__ import annotations

import random

import pytest

from coverage_kit.measures.interval import wilson


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    # Figures of Brown, Cai and DasGupta (2001) and of R's prop.test(correct = FALSE).
    [(0, 10, 0.0, 0.2775), (1, 10, 0.0179, 0.4042), (5, 10, 0.2366, 0.7634), (30, 30, 0.8865, 1.0)],
)
def test_the_interval_has_the_figures_of_the_literature(hits: int, n: int, low: float, high: float) -> None:
    assert wilson(hits, n) == pytest.approx((low, high), abs=5e-4)


def test_nothing_drawn_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_interval_covers_the_true_rate_as_often_as_it_says() -> None:
    draw = random.Random(20)
    n, rate, runs = 200, 0.7, 4_000
    ranges = [wilson(sum(draw.random() < rate for _ in range(n)), n) for _ in range(runs)]
    covered = sum(low <= rate <= high for low, high in ranges) / runs
    assert 0.935 < covered < 0.965

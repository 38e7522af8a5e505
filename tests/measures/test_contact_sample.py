"""A random sample of contacts: how it is drawn, and how often its interval holds the truth."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from coverage_kit.measures.contact_sample import draw_contacts, ghost_rate, more_to_check
from coverage_kit.measures.interval import wilson

SMALL = {"a": ["a1", "a2"], "b": [f"b{n}" for n in range(10)], "c": [f"c{n:03d}" for n in range(108)]}


def test_the_same_seed_draws_the_same_contacts_and_another_seed_others() -> None:
    assert draw_contacts(SMALL, 30, 7) == draw_contacts(dict(reversed(SMALL.items())), 30, 7)
    assert draw_contacts(SMALL, 30, 7) != draw_contacts(SMALL, 30, 8)


def test_nobody_is_drawn_twice_and_a_small_database_is_drawn_whole() -> None:
    drawn = draw_contacts(SMALL, 500, 1)
    assert sorted(drawn) == sorted(one for own in SMALL.values() for one in own)
    assert draw_contacts({}, 30, 1) == []


def test_small_and_large_accounts_are_drawn_in_proportion() -> None:
    drawn = Counter(one[0] for one in draw_contacts(SMALL, 60, 3))
    assert drawn == {"a": 1, "b": 5, "c": 54}


def test_every_contact_has_the_same_chance() -> None:
    times = Counter(one for seed in range(2000) for one in draw_contacts(SMALL, 7, seed))
    expected = 2000 * 7 / 120
    assert all(abs(n - expected) < 5 * expected**0.5 for n in times.values())
    assert len(times) == 120


@pytest.mark.slow
def test_the_interval_holds_the_true_rate_in_94_to_96_of_100_samples_of_30() -> None:
    chance = random.Random(20)
    hits = 0
    for tenth in range(10):
        sizes = [chance.choice([1, 2, 3, 5, 8, 15, 40]) for _ in range(400)] + [268]
        database = {f"a{a}": [f"a{a}:{n}" for n in range(size)] for a, size in enumerate(sizes)}
        everybody = [one for own in database.values() for one in own]
        gone = {one for one in everybody if chance.random() < 0.05 + 0.1 * tenth}
        true = len(gone) / len(everybody)
        for seed in range(100 * tenth, 100 * tenth + 100):
            found = wilson(sum(one in gone for one in draw_contacts(database, 30, seed)), 30)
            hits += found.low <= true <= found.high
    assert 940 <= hits <= 960


def test_a_rate_says_nothing_before_the_first_check() -> None:
    assert ghost_rate(30, 0, 0)[3:5] == (None, (0.0, 1.0))
    assert ghost_rate(30, 20, 5).rate == 0.25


@pytest.mark.parametrize(("checked", "gone"), [(0, 0), (30, 15), (30, 3), (30, 30), (381, 190)])
def test_with_so_many_more_the_rate_is_known_within_five_points(checked: int, gone: int) -> None:
    all_checked = checked + more_to_check(checked, gone)
    rate = gone / checked if checked else 0.5
    low, high = wilson(round(rate * all_checked), all_checked)
    assert (high - low) / 2 <= 0.0501
    assert all_checked <= 385


def test_enough_was_checked_already() -> None:
    assert more_to_check(400, 200) == 0

"""The ladder by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from coverage_kit.domain.ladder import Employment, Representative, Slot, conditions
from coverage_kit.domain.vocabulary import Disposition, EndKind, Rung, SlotStatus

DAY = date(2026, 11, 22)
OURS = Representative(can_meet=True, can_deliver=True)


def rung(slot: Slot | None) -> Rung | None:
    found = conditions(slot, DAY, 180)
    return None if found is None else found.rung


@pytest.mark.parametrize(("age", "expected"), [(0, 2), (180, 2), (181, 1), (-1, 1)])
def test_a_verification_counts_for_180_days_and_never_ahead(age: int, expected: int) -> None:
    assert rung(Slot(holder=Employment(), verified_on=DAY - timedelta(days=age))) == expected


def test_each_condition_needs_those_below_it() -> None:
    full = Slot(holder=Employment(), verified_on=DAY, representative=OURS, disposition=Disposition.FAVORABLE)
    assert rung(full) == Rung.FAVORABLE
    assert rung(Slot(holder=Employment(), representative=OURS, disposition=Disposition.FAVORABLE)) == Rung.NAMED
    assert rung(Slot(holder=Employment(), verified_on=DAY, disposition=Disposition.FAVORABLE)) == Rung.KNOWN


@pytest.mark.parametrize(
    ("ended_on", "expected"), [(None, 0), (DAY, 0), (DAY - timedelta(1), 0), (DAY + timedelta(1), 2)]
)
def test_a_departed_holder_darkens_the_slot_from_the_first_day_gone(ended_on: date | None, expected: int) -> None:
    assert rung(Slot(holder=Employment(EndKind.LEFT, ended_on), verified_on=DAY)) == expected


def test_a_vacant_slot_reaches_known_at_the_most_and_only_while_fresh() -> None:
    assert rung(Slot(status=SlotStatus.VACANT, verified_on=DAY, disposition=Disposition.FAVORABLE)) == Rung.KNOWN
    assert rung(Slot(status=SlotStatus.VACANT, verified_on=DAY - timedelta(181))) == Rung.UNKNOWN


def test_not_applicable_leaves_the_count_until_its_review_is_due() -> None:
    assert rung(Slot(status=SlotStatus.NOT_APPLICABLE)) is None
    assert rung(Slot(status=SlotStatus.NOT_APPLICABLE, review_on=DAY + timedelta(1))) is None
    assert rung(Slot(status=SlotStatus.NOT_APPLICABLE, review_on=DAY)) == Rung.UNKNOWN


def test_a_colleague_who_left_us_or_cannot_deliver_represents_nobody() -> None:
    for ours in (Representative(True, True, ended_on=DAY), Representative(True, False), None):
        assert rung(Slot(holder=Employment(), verified_on=DAY, representative=ours)) == Rung.KNOWN


def test_a_slot_of_which_nothing_was_written_is_unknown() -> None:
    assert rung(None) == Rung.UNKNOWN

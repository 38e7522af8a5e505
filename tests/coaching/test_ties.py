"""Who reports to, influences or is at odds with whom, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from coverage_kit.coaching import Coaching
from coverage_kit.coaching.ties import Tie, Ties
from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.week import start_of_day
from coverage_kit.errors import BadInput, Conflict, NotFound
from coverage_kit.store import Change, Ledger
from tests.coaching.contexts import context

MONDAY = date(2026, 11, 23)


@pytest.fixture
def ties(ledger: Ledger, clock, zone, tmp_path: Path) -> Ties:
    """Five people at account A, one of whom is gone, and one at B."""
    clock.at = start_of_day(MONDAY, zone) + 36_000_000
    names = {key: f"Company {key}" for key in "AB"}
    ledger.save([Change("account", key, {"name": name, "name_key": name_key(name)}) for key, name in names.items()])
    for key, name, account in (("1", "Ann", "A"), ("2", "Bo", "A"), ("3", "Cy", "A"), ("4", "Di", "A"), ("5", "Ed", "B")):  # fmt: skip
        ledger.save(
            [
                Change("person", f"pe_{key}", {"name": name, "name_key": name_key(name)}),
                Change("employment", f"em_{key}", {"person_id": f"pe_{key}", "account_id": account}),
            ]
        )
    return Coaching(context(ledger, zone, tmp_path)).ties


def told(found: list[Tie]) -> list[tuple[str, str, str]]:
    return sorted((tie.source[-1], tie.kind.value, tie.target[-1]) for tie in found)


def test_a_tie_is_written_once_and_taken_back(ties: Ties) -> None:
    ties.add("Ann", "influences", "Bo", "A")
    assert ties.add("pe_1", "influences", "pe_2", "Company A").unchanged
    [tie] = ties.find("A")
    assert (tie.kind, tie.source, tie.target) == ("influences", "em_1", "em_2")
    ties.remove(tie.id, edit_id="ed_x")
    assert ties.find("A") == []
    assert not ties.remove(tie.id, edit_id="ed_x").unchanged, "sent again, it is the edit that was written"
    ties.add("Ann", "influences", "Bo", "A")
    assert told(ties.find("A")) == [("1", "influences", "2")]
    with pytest.raises(NotFound):
        ties.remove("em_9:reports_to")


def test_another_superior_replaces_the_one_before_and_undo_brings_that_one_back(ledger: Ledger, ties: Ties) -> None:
    ties.add("Ann", "reports_to", "Bo", "A")
    edit = ties.add("Ann", "reports_to", "Cy", "A")
    assert told(ties.find("A")) == [("1", "reports_to", "3")]
    ledger.undo(edit.edit_id)
    assert told(ties.find("A")) == [("1", "reports_to", "2")]


def test_being_at_odds_has_no_direction(ties: Ties) -> None:
    ties.add("Bo", "at_odds", "Ann", "A")
    assert ties.add("Ann", "at_odds", "Bo", "A").unchanged
    assert told(ties.find("A")) == [("1", "at_odds", "2")]


@pytest.mark.parametrize(("person", "other"), [("Bo", "Ann"), ("Cy", "Ann"), ("Di", "Ann")])
def test_nobody_ends_up_above_themselves(ties: Ties, person: str, other: str) -> None:
    for below, above in (("Ann", "Bo"), ("Bo", "Cy"), ("Cy", "Di")):
        ties.add(below, "reports_to", above, "A")
    with pytest.raises(BadInput, match="circle") as caught:
        ties.add(person, "reports_to", "Ann", "A")
    assert "Ann" not in str(caught.value)
    ties.add(person, "influences", other, "A")
    assert len(ties.find("A")) == 4


def test_what_cannot_be_a_tie_is_refused(ties: Ties) -> None:
    with pytest.raises(BadInput, match="two people"):
        ties.add("Ann", "reports_to", "pe_1", "A")
    with pytest.raises(NotFound):
        ties.add("Ann", "reports_to", "Ed", "A")
    with pytest.raises(BadInput, match="reports_to, influences, at_odds"):
        ties.add("Ann", "married_to", "Bo", "A")
    assert ties.find("A") == []


def test_who_left_is_in_no_tie_from_that_day_on(ledger: Ledger, clock, zone, ties: Ties) -> None:
    then = ties.add("Ann", "reports_to", "Bo", "A").at
    clock.at += 86_400_000
    ended = {"end_kind": "left", "ended_on": (MONDAY + timedelta(days=3)).isoformat()}
    gone = ledger.save([Change("employment", "em_2", ended)])
    assert len(ties.find("A")) == 1, "the day is still ahead"
    clock.at += 3 * 86_400_000
    assert ties.find("A") == []
    assert told(ties.find("A", then)) == [("1", "reports_to", "2")]
    with pytest.raises(NotFound):
        ties.add("Ann", "influences", "pe_2", "A")
    # Nobody stands in a circle with somebody who is gone.
    ties.add("Cy", "reports_to", "Ann", "A")
    ledger.undo(gone.edit_id)
    assert told(ties.find("A")) == [("1", "reports_to", "2"), ("3", "reports_to", "1")]


def test_the_past_keeps_its_picture(clock, ties: Ties) -> None:
    then = ties.add("Ann", "reports_to", "Bo", "A").at
    clock.at += 86_400_000
    ties.add("Ann", "reports_to", "Cy", "A")
    ties.add("Bo", "at_odds", "Di", "A")
    assert told(ties.find("A", then)) == [("1", "reports_to", "2")]
    assert told(ties.find("A")) == [("1", "reports_to", "3"), ("2", "at_odds", "4")]


def test_two_who_name_another_superior_at_once_are_asked(ledger: Ledger, ties: Ties) -> None:
    ties.add("Ann", "reports_to", "Bo", "A", base=0)
    ties.add("Ann", "reports_to", "Cy", "A", base=1)
    with pytest.raises(Conflict) as asked:
        ties.add("Ann", "reports_to", "Di", "A", base=1)
    assert asked.value.values["fields"] == {"to_employment": ("em_2", "em_4", "em_3")}
    assert drafts(ledger) == ["em_4"]
    assert told(ties.find("A")) == [("1", "reports_to", "3")]
    ties.add("Ann", "reports_to", "Di", "A", base=2)
    assert told(ties.find("A")) == [("1", "reports_to", "4")]


def test_two_who_name_the_first_superior_at_once_are_asked_too(ties: Ties) -> None:
    ties.add("Ann", "reports_to", "Bo", "A", base=0)
    with pytest.raises(Conflict):
        ties.add("Ann", "reports_to", "Cy", "A", base=0)
    assert ties.add("Ann", "reports_to", "Bo", "A", base=0).unchanged, "both mean the same"


def test_a_superior_named_meanwhile_is_not_taken_out_unseen(ledger: Ledger, ties: Ties) -> None:
    ties.add("Ann", "reports_to", "Bo", "A")
    ties.add("Ann", "reports_to", "Cy", "A")
    with pytest.raises(Conflict):
        ties.remove("em_1:reports_to", base=1)
    assert told(ties.find("A")) == [("1", "reports_to", "3")]
    ties.remove("em_1:reports_to", base=2)
    assert told(ties.find("A")) == []
    ties.add("Ann", "reports_to", "Bo", "A", base=0)  # removed and added again, it clashes with nobody
    assert told(ties.find("A")) == [("1", "reports_to", "2")]


def test_a_superior_who_is_gone_is_replaced_without_a_question(ledger: Ledger, ties: Ties) -> None:
    ties.add("Ann", "reports_to", "Bo", "A")
    ledger.save([Change("employment", "em_2", {"end_kind": "left", "ended_on": "2026-11-01"})])
    ties.add("Ann", "reports_to", "Cy", "A", base=0)
    assert told(ties.find("A")) == [("1", "reports_to", "3")]


def drafts(ledger: Ledger) -> list[str]:
    """The superiors whose names are kept as drafts."""
    return [str(lost.changes[0].fields["to_employment"]) for lost in ledger.losing("tie", "em_1:reports_to")]

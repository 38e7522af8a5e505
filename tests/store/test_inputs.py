"""Fingerprints of a report's inputs change when a row it reads changes, and only then."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from coverage_kit.store import Change, Ledger, load_fingerprints
from coverage_kit.store.entities import ENTITIES


def enter(ledger: Ledger, rep: str, account: str) -> None:
    """An account of a rep with one person in one slot."""
    ledger.save(
        [
            Change("account", account, {"name": account, "owner_id": rep, "status": "active"}),
            Change("person", f"p-{account}", {"name": f"N {account}", "name_key": account}),
            Change("employment", f"e-{account}", {"account_id": account, "person_id": f"p-{account}"}),
            Change("slot", f"{account}:ceo", {"account_id": account, "role": "ceo", "employment_id": f"e-{account}"}),
        ]
    )


CHANGES = {
    "a position": Change("slot", "A:ceo", {"verified_on": "2026-11-01"}),
    "a position never written before": Change("slot", "A:cto", {"account_id": "A", "role": "cto"}),
    "a person": Change("person", "p-A", {"phone": "1"}),
    "an employment": Change("employment", "e-A", {"end_kind": "left"}),
    "the account": Change("account", "A", {"name": "A new"}),
    "a note": Change("note", "n", {"account_id": "A", "kind": "need", "body": "x"}),
    "a change of hands": Change("account", "A", {"owner_id": "cid"}),
}
OURS = (Change("staff", "ann", {"name": "Ann"}), Change("template", "t", {"body": "{}"}))


@pytest.mark.slow
@pytest.mark.parametrize("what", CHANGES)
def test_what_is_written_for_one_rep_changes_that_rep_and_the_team(ledger: Ledger, what: str) -> None:
    enter(ledger, "ann", "A")
    enter(ledger, "ben", "B")
    before, team = load_fingerprints(ledger, until=ledger.now())
    assert load_fingerprints(ledger, until=ledger.now()) == (before, team)
    ledger.save([CHANGES[what]])
    after, team_after = load_fingerprints(ledger, until=ledger.now())
    assert after["ann"] != before["ann"]
    assert after["ben"] == before["ben"]
    assert team_after != team


def test_what_comes_later_changes_no_fingerprint_of_an_instant(ledger: Ledger) -> None:
    enter(ledger, "ann", "A")
    until = ledger.now()
    before = load_fingerprints(ledger, until=until)
    ledger.save([CHANGES["a position"], CHANGES["a person"], *OURS])
    assert load_fingerprints(ledger, until=until) == before


@pytest.mark.parametrize("change", OURS)
def test_our_own_people_and_the_standard_are_part_of_every_report(ledger: Ledger, change: Change) -> None:
    enter(ledger, "ann", "A")
    before = load_fingerprints(ledger, until=ledger.now())
    ledger.save([change])
    after = load_fingerprints(ledger, until=ledger.now())
    assert after[0]["ann"] != before[0]["ann"]
    assert after[1] != before[1]


def test_an_account_where_a_rep_promised_something_is_part_of_that_reps_report(ledger: Ledger) -> None:
    enter(ledger, "ann", "A")
    enter(ledger, "ben", "B")
    ledger.save([Change("commitment", "c", {"account_id": "B", "owner_id": "ann", "rep_id": "ben"})])
    before = load_fingerprints(ledger, until=ledger.now())
    ledger.save([Change("person", "p-B", {"name": "N new"})])
    after = load_fingerprints(ledger, until=ledger.now())
    assert (after[0]["ann"] != before[0]["ann"], after[0]["ben"] != before[0]["ben"]) == (True, True)


def test_an_erasure_changes_the_reports_that_show_the_person(ledger: Ledger) -> None:
    enter(ledger, "ann", "A")
    enter(ledger, "ben", "B")
    until = ledger.now()
    before, team = load_fingerprints(ledger, until=until)
    blank = ", ".join(f"{column} = NULL" for column in ENTITIES["person"].private)
    with ledger.engine.begin() as connection:
        connection.execute(text(f"UPDATE person SET {blank} WHERE id = 'p-A'"))
    after, team_after = load_fingerprints(ledger, until=until)
    assert (after["ann"] != before["ann"], after["ben"] == before["ben"], team_after != team) == (True, True, True)


def test_an_empty_store_has_a_fingerprint_of_its_team(ledger: Ledger) -> None:
    owners, team = load_fingerprints(ledger, until=ledger.now())
    assert owners == {}
    assert len(team) == 64

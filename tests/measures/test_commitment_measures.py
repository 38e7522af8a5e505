"""What was promised, said and claimed: frames a person can check by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_kit.measures import (
    by_age,
    by_function,
    carried,
    commitment_states,
    doors,
    move_outcomes,
    of_week,
    reasons,
    spread,
)
from coverage_kit.measures.commitments import with_movement
from tests.depth import depth

DAY = pd.Timestamp("2026-11-22")
FIELDS = "id version at is_void chain_id account_id role employment_id kind owner_id rep_id due_on route playbook expected_rung answer outcome not_kept_reason done_on session_id scope"  # fmt: skip


def versions(*rows: dict) -> pd.DataFrame:
    """Every version of commitments; what a row leaves out it takes from the version before."""
    last: dict[str, dict] = {}
    full = []
    for at, row in enumerate(rows, 1):
        blank = dict.fromkeys(FIELDS.split()) | {"version": 0, "is_void": 0, "chain_id": row["id"], "account_id": "A", "role": "ceo", "kind": "verify", "owner_id": "kim", "due_on": "2026-11-20", "expected_rung": 2.0}  # fmt: skip
        before = last.get(row["id"], blank)
        last[row["id"]] = {**before, **row, "at": row.get("at", at), "version": before["version"] + 1}
        full.append(last[row["id"]])
    return pd.DataFrame(full, columns=FIELDS.split()).sort_values(["id", "version"], ignore_index=True).astype({"expected_rung": float})  # fmt: skip


LOG = versions(
    {"id": "a"},
    {"id": "b", "due_on": "2026-11-30"},
    {"id": "a", "due_on": "2026-11-27"},
    {"id": "a", "outcome": "not_kept", "not_kept_reason": "pushed_aside"},
    {"id": "c", "chain_id": "a", "due_on": "2026-12-04"},
    {"id": "b", "outcome": "kept"},
)


def test_a_commitment_stands_as_its_last_version_by_the_instant_says() -> None:
    now = commitment_states(LOG, 99, DAY).set_index("commitment")
    assert now["state"].to_dict() == {"a": "not_kept", "b": "kept", "c": "open"}
    assert now["carried"].to_dict() == {"a": 2, "b": 0, "c": 2}
    early = commitment_states(LOG, 2, DAY).set_index("commitment")
    assert early["state"].to_dict() == {"a": "overdue", "b": "open"}
    assert early["days_late"].to_dict() == {"a": 2, "b": -8}
    assert commitment_states(LOG, 0, DAY).empty


def test_the_day_of_an_acceptance_is_a_promise_and_a_later_one_a_delay() -> None:
    log = versions(
        {"id": "a"},
        {"id": "a", "answer": "accepted", "due_on": "2026-11-30"},
        {"id": "a", "due_on": "2026-12-07"},
        {"id": "a", "due_on": "2026-12-01"},
    )
    assert carried(log).to_dict() == {"a": 1}


@pytest.mark.slow
@settings(max_examples=depth(10, 30, 60))
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.sampled_from(["x", "y"]),
            st.sampled_from(["2026-11-20", "2026-11-27", "2026-12-04"]),
            st.sampled_from([None, "kept", "not_kept"]),
            st.sampled_from([None, "accepted"]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_carry_over_never_falls_whatever_is_written(steps) -> None:
    chains: dict[str, str] = {}
    log = versions(
        *(
            {"id": key, "chain_id": chains.setdefault(key, chain), "due_on": due, "outcome": outcome, "answer": answer}
            for key, chain, due, outcome, answer in steps
        )
    )
    before: dict[str, int] = {}
    for at in range(1, len(steps) + 1):
        now = carried(log.loc[log["at"] <= at]).to_dict()
        assert all(now[chain] >= n for chain, n in before.items())
        before = now


def test_what_fell_due_or_was_settled_in_a_week_is_listed_and_reasons_are_summed() -> None:
    table = commitment_states(LOG, 99, DAY)
    assert of_week(table, 2, 6, "2026-11-22")["commitment"].tolist() == ["a", "b"]
    assert of_week(table, 5, 99, "2026-12-06")["commitment"].tolist() == ["b", "c"]
    assert reasons(table, 2, 6).to_dict()["pushed_aside"] == 1
    assert reasons(table, 4, 6).sum() == 0
    assert len(reasons(table.iloc[:0], 0, 9)) == 5


def slots(*entries: tuple[str, str, int, str]) -> pd.DataFrame:
    """Account, role, rung and level of slots on the focus list."""
    made = pd.DataFrame(entries, columns=["account", "role", "rung", "level"])
    value = made["account"].map({"A": 5.0, "B": 9.0, "C": 1.0})
    return made.assign(account_name=made["account"], counted=True, focus=True, value=value, role_order=0, known=made["rung"] >= 2, represented=made["rung"] >= 3, employment="em_" + made["account"])  # fmt: skip


def test_kept_with_and_without_movement_of_the_slot_and_which_moves_work() -> None:
    log = versions(
        {"id": "a", "playbook": "call", "outcome": "kept"},
        {"id": "b", "playbook": "call", "outcome": "kept", "account_id": "B"},
        {"id": "c", "playbook": "call", "outcome": "not_kept", "account_id": "B"},
        {"id": "d", "playbook": "mail", "expected_rung": None, "outcome": "kept"},
    )
    table = with_movement(
        commitment_states(log, 99, DAY), slots(("A", "ceo", 2, "executive"), ("B", "ceo", 1, "executive"))
    )
    assert table.set_index("commitment")["moved"].to_dict() == {"a": True, "b": False, "c": False, "d": None}
    assert move_outcomes(table).to_numpy().tolist() == [["call", 3, 2, 1], ["mail", 1, 1, 0]]


def test_the_work_is_counted_by_the_owners_function() -> None:
    staff = pd.DataFrame({"id": ["kim", "boss"], "function": ["rep", "manager"]})
    log = versions({"id": "a"}, {"id": "b", "owner_id": "boss"}, {"id": "c", "outcome": "kept"})
    table = by_function(commitment_states(log, 99, DAY), staff)
    assert table[["function", "n", "overdue", "kept"]].to_numpy().tolist() == [["rep", 2, 1, 1], ["manager", 1, 1, 0]]
    assert table["share"].tolist() == pytest.approx([2 / 3, 1 / 3])


def test_doors_are_three_at_most_help_that_was_asked_for_first() -> None:
    rows = slots(("A", "ceo", 2, "executive"), ("B", "ceo", 2, "executive"), ("C", "ceo", 3, "executive"), ("C", "cfo", 1, "manager"), ("A", "cfo", 2, "executive"))  # fmt: skip
    log = versions(
        {"id": "a", "account_id": "C", "role": "cfo", "outcome": "not_kept", "not_kept_reason": "need_help"},
        {"id": "b", "account_id": "A", "role": "cfo", "owner_id": "boss"},
    )
    table = commitment_states(log, 99, DAY).assign(function=lambda f: f["owner"].map({"kim": "rep", "boss": "manager"}))
    found = doors(table, rows)
    assert found[["account", "role", "asked"]].to_numpy().tolist() == [["C", "cfo", True], ["B", "ceo", False], ["A", "ceo", False]]  # fmt: skip


def test_there_is_no_door_where_nobody_is_out_of_reach_and_no_help_was_asked_for() -> None:
    rows = slots(("A", "ceo", 1, "executive"), ("A", "cfo", 1, "manager"), ("B", "ceo", 1, "executive"))
    table = commitment_states(versions({"id": "a", "outcome": "kept"}), 99, DAY).assign(function="rep")
    assert doors(table, rows).empty


def test_a_position_that_is_vacant_is_no_door_since_there_is_nobody_to_meet() -> None:
    rows = slots(("A", "ceo", 2, "executive"), ("B", "ceo", 2, "executive")).assign(employment=[None, "em_B"])
    table = commitment_states(versions({"id": "a", "outcome": "kept"}), 99, DAY).assign(function="rep")
    assert doors(table, rows)["account"].tolist() == ["B"]


def test_voices_are_counted_by_age_and_kind() -> None:
    waiting = pd.DataFrame({"kind": ["complaint", "need", "need", "need"], "days": [7, 8, 30, 31]})
    assert by_age(waiting).to_numpy().tolist() == [["need", 0, 2, 1, 3, 31], ["complaint", 1, 0, 0, 1, 7]]
    assert by_age(waiting.iloc[:0]).empty


def test_the_spread_points_at_nobody() -> None:
    table = pd.DataFrame({"rep": ["kim", "kim", "park"], "account": [None, None, None], "difference": [0.9, 0.4, -0.1]})
    assert spread(table) == (2, -0.1, pytest.approx(0.15), 0.4)
    assert spread(table.head(2)) is None

"""What the database says of any instant equals a replay by hand, whatever was edited."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_kit.store import Change, Ledger, clear_store
from coverage_kit.store.entities import Account
from tests.depth import depth

pytestmark = pytest.mark.slow

steps = st.lists(
    st.tuples(
        st.sampled_from(["save", "save", "save", "undo"]),
        st.sampled_from("AB"),
        st.dictionaries(
            st.sampled_from(["name", "owner_id", "region"]), st.sampled_from([None, "x", "y", "z"]), min_size=1
        ),
        st.integers(-3, 5),
    ),
    min_size=1,
    max_size=10,
)


@settings(max_examples=depth(3, 12, 25))
@given(steps=steps)
def test_as_of_equals_a_naive_replay(ledger: Ledger, clock, steps) -> None:
    clear_store(ledger)
    clock.at = 1_000
    log: list[tuple[int, str, dict[str, object]]] = []
    state: dict[str, dict[str, object]] = {}
    edits: list[tuple[str, str, dict[str, object], dict[str, object] | None]] = []
    for kind, key, fields, drift in steps:
        clock.at += drift
        if kind == "undo" and edits:
            edit_id, key, after, before = edits.pop()
            if state.get(key) != after:
                continue
            edit, state[key] = ledger.undo(edit_id), before
        else:
            before = state.get(key)
            blank = {"name": None, "owner_id": None, "region": None}
            after = {**(before or blank), **fields}
            edit = ledger.save([Change("account", key, fields)])
            if edit.unchanged:
                continue
            state[key] = after
            edits.append((edit.edit_id, key, after, before))
        log.append((edit.at, key, state[key]))
    assert [at for at, *_ in log] == sorted({at for at, *_ in log})
    for instant in {at + d for at, *_ in log for d in (-1, 0, 1)}:
        expected: dict[str, object] = {}
        for at, key, row in log:
            if at <= instant:
                expected[key] = row
        found = {
            r.id: {"name": r.name, "owner_id": r.owner_id, "region": r.region} for r in ledger.as_of(Account, instant)
        }
        assert found == {key: row for key, row in expected.items() if row is not None}

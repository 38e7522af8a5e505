"""The agenda by hand, and what holds of it for any territory."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_kit.config import AgendaWeights
from coverage_kit.measures import agenda, candidates, rotation
from tests.depth import depth

DAY, AT, MS = pd.Timestamp("2026-11-23"), 1_795_392_000_000, 86_400_000
#: A slot's state -> holder, age of the verification in days, gone, represented, assessed, favorable; and what closing leads to.
STATES = {
    "identify": ((None, None, 0, 0, 0, 0), "never"),
    "successor": (("Ann", 10, 1, 0, 0, 0), "never"),
    "never": (("Ann", None, 0, 0, 0, 0), "open_path"),
    "stale": (("Ann", 200, 0, 0, 0, 0), "open_path"),
    "due_soon": (("Ann", 170, 0, 0, 0, 0), "open_path"),
    "open_path": (("Ann", 0, 0, 0, 0, 0), "assess"),
    "assess": (("Ann", 0, 0, 1, 0, 0), "persuade"),
    "persuade": (("Ann", 0, 0, 1, 1, 0), "done"),
    "done": (("Ann", 0, 0, 1, 1, 1), "done"),
}
ROLES = ("ceo", "cfo", "it_manager", "it_staff")
LEVELS = {"ceo": "executive", "cfo": "executive", "it_manager": "manager", "it_staff": "practitioner"}


def slot_table(territory: dict[str, tuple[float | None, bool, list[tuple[str, int]]]]) -> pd.DataFrame:
    """Required slots: account -> value, focus, and for each role its state and how many days ago it was written."""
    records = []
    for account, (value, focus, states) in territory.items():
        for order, (role, (state, ago)) in enumerate(zip(ROLES, states, strict=False)):
            holder, age, gone, represented, assessed, favorable = STATES[state][0]
            records.append(
                {
                    "account": account,
                    "account_name": f"Company {account}",
                    "value": value,
                    "focus": focus,
                    "role": role,
                    "role_order": order,
                    "level": LEVELS[role],
                    "freshness_days": 180,
                    "status": "open",
                    "employment": holder and f"em_{account}_{role}",
                    "person": holder and f"pe_{account}_{role}",
                    "holder": holder,
                    "phone": None,
                    "title": None,
                    "verified_on": pd.NaT if age is None else DAY - pd.Timedelta(days=age),
                    "last_edit_at": 0 if state == "identify" and ago < 0 else AT - max(ago, 0) * MS,
                    "counted": True,
                    "gone": bool(gone),
                    "named": bool(holder) and not gone,
                    "known": bool(holder) and not gone and age is not None and age <= 180,
                    "represented": bool(represented),
                    "assessed": bool(assessed),
                    "favorable": bool(favorable),
                }
            )
    return pd.DataFrame(records).astype({"verified_on": "datetime64[s]", "value": "float64", "account": object})


def plan(territory, **more) -> pd.DataFrame:
    return agenda(slot_table(territory), DAY, AT, **more)


territories = st.dictionaries(
    st.sampled_from("ABCDEF"),
    st.tuples(
        st.sampled_from([None, 1.0, 5.0, 5.0, 90.0]),
        st.booleans(),
        st.lists(st.tuples(st.sampled_from([*STATES]), st.integers(-1, 400)), min_size=4, max_size=4),
    ),
    min_size=1,
)


def test_what_one_call_covers_is_one_entry_and_an_executives_name_is_looked_for_apart() -> None:
    made = plan({"A": (9.0, True, [("identify", -1), ("never", 20), ("due_soon", 170), ("identify", -1)])})
    found = made[["role", "reason", "minutes"]].to_numpy().tolist()
    assert found == [["it_manager", "due_soon", 10], ["ceo", "identify", 8]]
    assert made["roles"][0] == ["it_manager", "it_staff", "cfo"]
    assert [slot["reason"] for slot in made["slots"][0]] == ["due_soon", "identify", "never"]


def test_focus_accounts_and_value_come_first_and_a_slot_in_work_waits() -> None:
    quiet = [("done", 0), ("done", 0), ("stale", 200), ("done", 0)]
    busy = pd.DataFrame({"commitment": ["c"], "kind": ["verify"], "account": ["B"], "account_name": ["Company B"], "role": ["it_manager"], "due_on": ["2026-12-30"], "own": [True]})  # fmt: skip
    territory = {"A": (9.0, False, quiet), "B": (1.0, True, quiet), "C": (5.0, True, quiet)}
    assert plan(territory)["account"].tolist() == ["C", "B", "A"]
    assert plan(territory, commitments=busy)["account"].tolist() == ["C", "A", "B"]
    assert plan(territory, commitments=busy)["reason"].tolist()[-1] == "never_walked"


def test_own_promises_that_are_due_come_first_and_take_a_fifth_at_most() -> None:
    promised = pd.DataFrame(
        {
            "commitment": [f"c{n}" for n in range(20)],
            "kind": "verify",
            "account": "A",
            "account_name": "Company A",
            "role": "ceo",
            "due_on": ["2026-11-20"] * 10 + ["2026-11-30"] * 5 + ["2026-12-01"] * 5,
            "own": [False] + [True] * 19,
        }
    )
    made = plan({"A": (9.0, True, [("identify", -1)] * 4)}, commitments=promised)
    due = made.loc[made["commitment"].notna()]
    assert due["reason"].tolist() == ["overdue"] * 9 + ["commitment"] * 3
    assert due["days"].tolist()[:1] == [3]
    assert made.iloc[: len(due)].equals(due)


def test_a_voice_weighs_more_the_longer_it_waits() -> None:
    waiting = pd.DataFrame(
        {"note": ["n1", "n2"], "account": ["A", "B"], "person": None, "holder": ["Ann", "Bob"], "days": [1, 60]}
    )
    made = plan({name: (1.0, True, [("done", 0)] * 4) for name in "AB"}, voices=waiting)
    assert made.loc[made["reason"] == "voice", "holder"].tolist() == ["Bob", "Ann"]


def test_an_empty_territory_has_an_empty_agenda_with_all_columns() -> None:
    made = agenda(slot_table({"A": (1.0, True, [("done", 0)] * 4)}).iloc[:0], DAY, AT)
    assert made.empty
    assert {"account", "role", "minutes", "reason"} <= set(made.columns)


@pytest.mark.slow
@settings(max_examples=depth(10, 30, 60))
@given(territories, st.integers(1, 90))
def test_the_entries_never_take_longer_than_there_is(territory, minutes: int) -> None:
    assert plan(territory, minutes=minutes)["minutes"].sum() <= minutes


@pytest.mark.slow
@settings(max_examples=depth(10, 30, 60))
@given(territories, st.randoms(use_true_random=False))
def test_equal_input_gives_equal_order_however_the_rows_lie(territory, chance) -> None:
    frame = slot_table(territory)
    rows = list(frame.index)
    chance.shuffle(rows)
    first, second = (agenda(f, DAY, AT).drop(columns="slots") for f in (frame, frame.loc[rows]))
    pd.testing.assert_frame_equal(first, second)


@pytest.mark.slow
@settings(max_examples=depth(10, 40, 80))
@given(territories, st.data())
def test_closing_a_slot_today_never_raises_it(territory, data) -> None:
    account = data.draw(st.sampled_from(sorted(territory)))
    place = data.draw(st.integers(0, 3))
    value, focus, states = territory[account]
    closed = [*states]
    closed[place] = (STATES[states[place][0]][1], 0)
    after = {**territory, account: (value, focus, closed)}
    role = ROLES[place]

    def standing(now) -> tuple[float, int]:
        ranked = candidates(slot_table(now), DAY, AT, weights=AgendaWeights())
        own = ranked.loc[(ranked["account"] == account) & (ranked["role"] == role)]
        return (0.0, len(ranked) + 99) if own.empty else (float(own["score"].iloc[0]), int(own.index[0]))

    (score, rank), (score_after, rank_after) = standing(territory), standing(after)
    if states[place][0] != "done":
        assert score_after <= score
        assert rank_after >= rank


@pytest.mark.slow
@pytest.mark.parametrize("n_accounts", [1, 7, 40])
def test_every_focus_account_is_gone_through_within_the_weeks_set(n_accounts: int) -> None:
    gaps = [("identify", -1), ("never", 20), ("stale", 200), ("open_path", 3)]
    territory = {f"A{n:02d}": (float(n), True, gaps) for n in range(n_accounts)}
    walked = pd.Series(dtype=float)
    slots = slot_table(territory)
    for week in range(8):
        at = AT + week * 7 * MS
        for account in agenda(slots, DAY, at, walked=walked, rotation_weeks=8)["account"]:
            walked[account] = at
    assert set(walked.index) == set(territory)
    assert rotation(slots, walked, at)["days"].notna().all()


def test_the_rotation_says_which_were_never_walked() -> None:
    territory = {name: (1.0, name != "C", [("done", 0)] * 4) for name in "ABC"}
    table = rotation(slot_table(territory), pd.Series({"A": AT - 9 * MS}), AT)
    assert table["account"].tolist() == ["B", "A"]
    assert table["days"].isna().tolist() == [True, False]
    assert table["days"].iloc[1] == 9

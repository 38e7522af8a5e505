"""Whatever was edited, the measures of any instant equal a recomputation by hand, on both databases."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_kit.coaching import build_agenda
from coverage_kit.config import CoachingSettings
from coverage_kit.domain.vocabulary import Disposition
from coverage_kit.domain.week import start_of_day
from coverage_kit.errors import BadInput, Conflict
from coverage_kit.i18n import texts
from coverage_kit.measures import CONDITIONS, History, audit, coverage, movement, trend, waterfall
from coverage_kit.merge_acts import MergeActs
from coverage_kit.store import Change, Ledger, clear_store, load_history
from tests.depth import depth
from tests.oracle.agenda import NaiveAgenda
from tests.oracle.audit import COUNTS, naive_audit
from tests.oracle.history import Naive

pytestmark = pytest.mark.slow

START = date(2026, 3, 2)
ROLES = ("ceo", "cfo", "cio")
ACCOUNTS, REPS, JOBS = ("A", "B"), ("r1", "r2"), ("em_0", "em_1", "em_2")
PEOPLE = [("pe_0", "pe_1"), ("pe_1", "pe_0")]

days = st.one_of(st.none(), st.integers(-200, 40).map(lambda n: (START + timedelta(days=n)).isoformat()))
slots = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["open", "open", "open", "vacant", "not_applicable"]),
        "employment_id": st.sampled_from([None, *JOBS]),
        "verified_on": days,
        "representative_id": st.sampled_from([None, *REPS]),
        "can_meet": st.sampled_from([0, 1, 1]),
        "can_deliver": st.sampled_from([0, 1, 1]),
        "disposition": st.sampled_from([None, *(each.value for each in Disposition)]),
        "review_on": days,
        "proposed": st.sampled_from([None, "not_applicable"]),
        "proposed_by": st.sampled_from([None, *REPS]),
    },
)
accounts = st.fixed_dictionaries(
    {},
    optional={
        "owner_id": st.sampled_from([None, *REPS]),
        "status": st.sampled_from(["active", "active", "closed", "unconfirmed"]),
        "template_ids": st.sampled_from(['["t"]', '["u"]', '["t", "u"]', '["u", "t"]', "[]"]),
        "focus": st.sampled_from([0, 1]),
        "value": st.sampled_from([None, 1.0, 5.0, 5.0]),
    },
)
# What decides which role lists apply, once lists were applied.
facts = st.fixed_dictionaries(
    {},
    optional={
        "industry": st.sampled_from([None, "제조", "Manufacturing", "은행", "steel", "은행·제조", "Ｓteel 및 Bank"]),
        "segment": st.sampled_from([None, "Enterprise", "ＥＮＴＥＲＰＲＩＳＥ", "growth"]),
        "region": st.sampled_from([None, "서울"]),
        "team": st.sampled_from([None, "han"]),
        "offerings": st.sampled_from([None, "[]", '["erp"]', '["care", "ERP"]']),
        "pinned_lists": st.sampled_from([None, None, None, '["u"]', '["t", "o"]', '["away"]']),
    },
)
commitments = st.fixed_dictionaries(
    {
        "account_id": st.sampled_from([None, *ACCOUNTS]),
        "role": st.sampled_from(ROLES),
        "owner_id": st.sampled_from(REPS),
        "rep_id": st.sampled_from(REPS),
        "due_on": days.filter(bool),
        "outcome": st.sampled_from([None, None, "kept"]),
        "kind": st.just("verify"),
        "chain_id": st.just("c"),
    }
)
notes = st.fixed_dictionaries(
    {
        "account_id": st.sampled_from(ACCOUNTS),
        "person_id": st.sampled_from(["pe_0", "pe_1"]),
        "kind": st.sampled_from(["need", "advice", "value"]),
        "answered_on": days,
    }
)
ends = st.fixed_dictionaries({"end_kind": st.sampled_from([None, "left", "moved"]), "ended_on": days})
conditions = st.fixed_dictionaries(
    {},
    optional={
        "industries": st.sampled_from([[], ["manufacturing"], ["bank", "STEEL"], ["제조/은행"]]),
        "segments": st.sampled_from([[], ["enterprise"]]),
        "regions": st.sampled_from([[], ["서울", "부산"]]),
        "teams": st.sampled_from([[], ["han"]]),
        "offerings": st.sampled_from([[], ["erp"]]),
    },
)
templates = st.tuples(
    st.sampled_from([5, 90, 180]),
    st.permutations(ROLES),
    st.integers(1, 3),
    st.sampled_from([{}, {}, {"default": True}]),
    conditions,
)
full = {"employment_id": "em_0", "can_meet": 1, "can_deliver": 1, "disposition": "favorable", "representative_id": "r1"}
acts = st.one_of(
    st.tuples(st.just("slot"), st.sampled_from(ACCOUNTS), st.sampled_from(ROLES), slots),
    st.tuples(
        st.just("slot"),
        st.sampled_from(ACCOUNTS),
        st.sampled_from(ROLES),
        days.map(lambda d: full | {"verified_on": d}),
    ),
    st.tuples(st.just("account"), st.sampled_from(ACCOUNTS), accounts),
    st.tuples(st.just("employment"), st.sampled_from(JOBS), ends),
    st.tuples(st.just("employment"), st.sampled_from(JOBS), st.just({"is_void": 1})),
    st.tuples(st.just("staff"), st.sampled_from(REPS), days.map(lambda d: {"ended_on": d})),
    st.tuples(st.just("account"), st.sampled_from(ACCOUNTS), facts),
    st.tuples(st.just("template"), st.sampled_from("tuo"), templates),
    st.tuples(st.just("event"), st.just("ev_lists_applied"), st.just({"kind": "lists_applied"})),
    st.tuples(st.just("commitment"), st.sampled_from(["c1", "c2"]), commitments),
    st.tuples(st.just("note"), st.sampled_from(["n1", "n2"]), notes),
    st.tuples(st.just("event"), st.just("e1"), st.just({"kind": "walked", "account_id": "A"})),
    st.tuples(st.just("merge"), st.just("person"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("merge"), st.just("account"), st.sampled_from([ACCOUNTS, ACCOUNTS[::-1]])),
    st.tuples(st.just("undo")),
)
# Mostly forward; sometimes the clock stands still, or is set back.
drifts = st.one_of(st.sampled_from([0, 1, -5, -3_600_000]), st.integers(0, 60 * 86_400_000))


def body(window: int, roles: list[str], **more: object) -> str:
    levels = {"ceo": "executive"}
    made = [{"key": r, "level": levels.get(r, "manager"), "function": "x", "title": {"ko": r, "en": r}} for r in roles]
    return json.dumps({"roles": made, "freshness_days": window, "applies_to": {}, **more})


def write(ledger: Ledger, act: tuple, edits: list[str]) -> None:
    kind, *rest = act
    if kind == "undo":
        if edits:
            with contextlib.suppress(Conflict):
                ledger.undo(edits.pop())
        return
    if kind == "merge":
        merge(ledger, *rest, edits)
        return
    if kind == "slot":
        account, role, fields = rest
        change = Change("slot", f"{account}:{role}", {"account_id": account, "role": role, "status": "open", **fields})
    elif kind == "template":
        key, (window, roles, n, default, applies_to) = rest
        kind = {"kind": "offering"} if key == "o" else default
        text = body(window, list(roles)[:n], applies_to=applies_to, **kind)
        change = Change("template", key, {"body": text})
    else:
        key, fields = rest
        whole = person_of(key) if kind == "employment" and "is_void" not in fields else {}
        change = Change(kind, key, whole | fields)
    edit = ledger.save([change])
    if not edit.unchanged:
        edits.append(edit.edit_id)


def merge(ledger: Ledger, kind: str, two: tuple[str, str], edits: list[str]) -> None:
    """Make one of two, unless one was merged before; where both have something, the one that stays keeps it."""
    acts = MergeActs(ledger, ZoneInfo("Asia/Seoul"))
    with contextlib.suppress(BadInput):
        chosen = {each.id: "keep" for each in acts.preview(kind, *two).questions}
        edits.append(acts.save(kind, *two, choices=chosen).edit_id)


def person_of(job: str) -> dict[str, object]:
    """Two of the three jobs are one person's."""
    return {"person_id": f"pe_{int(job[-1]) // 2}", "account_id": "A"}


def begin(ledger: Ledger) -> None:
    own = {"status": "active", "template_ids": '["t"]', "focus": 0, "owner_id": "r1"}
    ledger.save(
        [
            Change("template", "t", {"body": body(180, list(ROLES))}),
            Change("template", "u", {"body": body(90, ["cio"], applies_to={"industries": ["제조"]})}),
            Change("template", "o", {"body": body(30, ["cfo"], kind="offering", applies_to={"offerings": ["erp"]})}),
            *(Change("staff", key, {"name": key, "function": "rep"}) for key in REPS),
            *(Change("account", key, {"name": key, **own}) for key in ACCOUNTS),
            *(Change("person", f"pe_{n // 2}", {"name": "x"}) for n in range(3)),
            *(Change("employment", key, person_of(key)) for key in JOBS),
        ]
    )


@settings(max_examples=depth(3, 15, 40))
@given(story=st.lists(st.tuples(drifts, acts), min_size=4, max_size=24), data=st.data())
def test_ladder_counts_movement_and_agenda_equal_a_recomputation_by_hand(
    ledger: Ledger, clock, zone, story, data
) -> None:
    clear_store(ledger)
    clock.at = start_of_day(START, zone)
    begin(ledger)
    instants, edits = [clock.at, ledger.last_at()], []
    for drift, act in story:
        clock.at += drift
        write(ledger, act, edits)
        instants += [ledger.last_at() - 1, ledger.last_at(), clock.at]
    history, naive = History(load_history(ledger, until=10**15), zone), Naive(ledger.engine, zone)
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(instants), st.sampled_from(instants)), min_size=1, max_size=4))
    for start, end in (sorted(pair) for pair in pairs):
        agree(history, naive, start)
        agree(history, naive, end)
        closes(history, naive, start, end)
    weeks = [(n, at) for n, at in enumerate(sorted({at for pair in pairs for at in pair}))]
    for rep in (None, *REPS):
        expected = [naive.counts(s for s in naive.slots(at) if rep in (None, s["rep"])) for _, at in weeks]
        found = trend(history, weeks, rep=rep)
        for name in ("required", *CONDITIONS):
            assert found[name].tolist() == [row[name] for row in expected], (rep, name)


def source_dates_of(naive: Naive, at: int) -> pd.DataFrame:
    columns = ["account_id", "updated_on", "added_on"]
    rows = [[row[name] for name in columns] for row in naive.as_of("source_dates", at).values()]
    return pd.DataFrame(rows, columns=columns, dtype=object)


def agree(history: History, naive: Naive, at: int) -> None:
    for rep in (None, *REPS):
        table = audit(history, at, source_dates_of(naive, at), rep=rep).set_index("account")
        assert table[list(COUNTS)].to_dict("index") == {
            account: {name: own[name] for name in COUNTS} for account, own in naive_audit(naive, at, rep).items()
        }
    found = history.slots(at)
    rungs = [rung if counted else None for rung, counted in zip(found["rung"], found["counted"], strict=True)]
    mine = dict(
        zip(
            zip(found["account"], found["role"], strict=True),
            zip(rungs, found["freshness_days"], found["gone"], strict=True),
            strict=True,
        )
    )
    slots = naive.slots(at)
    assert mine == {(s["account"], s["role"]): (s["rung"], s["window"], s["gone"]) for s in slots}
    for rep in REPS:
        row = coverage(found.loc[found["rep"] == rep]).iloc[0]
        expected = naive.counts(s for s in slots if s["rep"] == rep)
        assert {name: int(row[name]) for name in expected} == expected
        assert hour(history, at, rep) == hour_on_paper(naive, at, rep)


def hour(history: History, at: int, rep: str) -> list[tuple[object, ...]]:
    made = build_agenda(history, at, rep, minutes=40, settings=CoachingSettings(), t=texts("en"))
    return [(e.account, e.role, e.roles, e.reason, e.minutes, e.holder, e.focus) for e in made]


def hour_on_paper(naive: Naive, at: int, rep: str) -> list[tuple[object, ...]]:
    made = NaiveAgenda(naive, at, rep, minutes=40)
    return [
        (
            entry["account"] or "",
            entry["role"],
            tuple(s["role"] for s in entry["slots"]) or ((entry["role"],) if entry["role"] else ()),
            entry["reason"],
            entry["minutes"],
            entry["holder"],
            entry["account"] in made.focus,
        )
        for entry in made.entries()
    ]


def closes(history: History, naive: Naive, start: int, end: int) -> None:
    moves = movement(history, start, end)
    mine = Counter(moves.astype(object).where(moves.notna(), None).itertuples(index=False, name=None))
    assert mine == Counter(naive.moves(start, end))
    totals = [history.slots(at) for at in (start, end)]
    for rep in (None, *REPS):
        own = movement(history, start, end, rep=rep)
        for rung in range(6):
            before, after = (
                int((f["counted"] & (f["rung"] >= rung) & ((f["rep"] == rep) if rep else True)).sum()) for f in totals
            )
            assert before + waterfall(own, rung)["net"].sum() == after

"""The measures over histories that were really written: each cause by hand, and closing for any history."""

from __future__ import annotations

import json
import random
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from coverage_kit.domain import ladder
from coverage_kit.domain.vocabulary import Disposition, EndKind, SlotStatus
from coverage_kit.domain.week import start_of_day
from coverage_kit.measures import (
    History,
    capacity,
    cleaned,
    contacts,
    coverage,
    freshness,
    movement,
    pace,
    stall,
    waterfall,
)
from coverage_kit.store import Change, Ledger, load_history
from coverage_kit.store.entities import Account, Employment, Slot
from tests.depth import depth

CONTACTS = ("contacts", "left", "retired", "moved", "never_verified", "unidentified")
ROLES = ("ceo", "cfo", "cio")
START = date(2026, 11, 9)


def body(window: int = 180, roles: tuple[str, ...] = ROLES) -> str:
    made = [{"key": r, "level": "executive", "function": "x", "title": {"ko": r, "en": r}} for r in roles]
    return json.dumps({"roles": made, "freshness_days": window})


class Desk:
    """Writes into a ledger on a given day, and looks."""

    def __init__(self, ledger: Ledger, clock, zone) -> None:
        self.ledger, self.clock, self.zone = ledger, clock, zone
        self.on(START)
        own = {"status": "active", "template_ids": '["t"]', "focus": 0}
        self.save(
            Change("template", "t", {"body": body()}),
            *(Change("staff", key, {"name": key, "function": "rep"}) for key in ("r1", "r2")),
            *(Change("account", key, {"name": key, "owner_id": rep, **own}) for key, rep in (("A", "r1"), ("B", "r2"))),
            *(Change("employment", f"em_{n}", {"person_id": f"pe_{n}", "account_id": "A"}) for n in range(3)),
            *(Change("person", f"pe_{n}", {"name": f"P{n}"}) for n in range(3)),
        )

    def on(self, day: date) -> None:
        self.clock.at = start_of_day(day, self.zone) + 10 * 3600 * 1000

    def save(self, *changes: Change) -> None:
        self.ledger.save(changes)

    def slot(self, role: str = "ceo", account: str = "A", **fields: object) -> None:
        self.save(
            Change("slot", f"{account}:{role}", {"account_id": account, "role": role, "status": "open", **fields})
        )

    def history(self) -> History:
        return History(load_history(self.ledger, until=self.clock.at + 10**12), self.zone)

    def end(self, day: date) -> int:
        return start_of_day(day + timedelta(days=1), self.zone) - 1


@pytest.fixture
def desk(sqlite_ledger: Ledger, clock, zone) -> Desk:
    return Desk(sqlite_ledger, clock, zone)


FULL = {
    "employment_id": "em_0", "verified_on": "2026-11-08", "representative_id": "r2",
    "can_meet": 1, "can_deliver": 1, "disposition": "favorable",
}  # fmt: skip
GAINS = [
    ({"employment_id": "em_0"}, "identified"),
    ({"employment_id": "em_0", "verified_on": "2026-11-16"}, "verified"),
    ({**FULL, "disposition": None}, "path_opened"),
    ({**FULL, "disposition": "neutral"}, "assessed"),
    (FULL, "persuaded"),
]
LOSSES = [
    (Change("employment", "em_0", {"end_kind": "left"}), "departed"),
    (Change("employment", "em_0", {"is_void": 1}), "corrected"),
    (Change("slot", "A:ceo", {"employment_id": None}), "replaced"),
    (Change("slot", "A:ceo", {"status": "vacant", "employment_id": None}), "replaced"),
    (Change("slot", "A:ceo", {"verified_on": None}), "corrected"),
    (Change("template", "t", {"body": body(window=5)}), "template_changed"),
    (Change("staff", "r2", {"ended_on": "2026-11-10"}), "representative_lost"),
    (Change("slot", "A:ceo", {"disposition": "neutral"}), "disposition_fell"),
    (Change("slot", "A:ceo", {"status": "not_applicable"}), "not_applicable"),
    (Change("account", "A", {"status": "closed"}), "account_changed"),
]


@pytest.mark.parametrize(("fields", "cause"), GAINS)
def test_a_gain_is_named_after_the_highest_condition_newly_met(desk: Desk, fields: dict, cause: str) -> None:
    desk.on(START + timedelta(days=7))
    desk.slot(**fields)
    moves = movement(desk.history(), desk.end(START), desk.clock.at + 10)
    assert moves[["account", "role", "rep", "cause"]].to_numpy().tolist() == [["A", "ceo", "r1", cause]]


@pytest.mark.slow
@pytest.mark.parametrize(("change", "cause"), LOSSES)
def test_a_loss_is_named_after_what_was_lost(desk: Desk, change: Change, cause: str) -> None:
    desk.slot(**FULL)
    desk.on(START + timedelta(days=7))
    desk.save(change)
    moves = movement(desk.history(), desk.end(START), desk.clock.at + 10)
    assert moves.query("role == 'ceo' and account == 'A'")["cause"].tolist() == [cause]


def test_time_alone_lets_a_verification_lapse(desk: Desk) -> None:
    desk.slot(employment_id="em_0", verified_on=(START - timedelta(days=180)).isoformat())
    history = desk.history()
    moves = movement(history, desk.end(START), desk.end(START + timedelta(days=1)))
    assert moves[["cause", "from_rung", "to_rung"]].to_numpy().tolist() == [["lapsed", 2, 1]]


@pytest.mark.slow
def test_a_handover_moves_opening_rungs_and_leaves_the_work_to_the_new_owner(desk: Desk) -> None:
    desk.slot(employment_id="em_0", verified_on="2026-11-08")
    desk.on(START + timedelta(days=7))
    desk.save(Change("account", "A", {"owner_id": "r2"}))
    desk.slot("cfo", employment_id="em_1")
    history, end = desk.history(), desk.clock.at + 10
    moves = movement(history, desk.end(START), end)
    assert moves.query("rep == 'r1'")["to_rung"].eq(-1).all()
    worked = moves.query("cause == 'identified'")
    assert worked[["rep", "role", "from_rung", "to_rung"]].to_numpy().tolist() == [["r2", "cfo", 0, 1]]
    changed = moves.query("cause == 'account_changed'")
    assert waterfall(changed, 2)["net"].sum() == 0
    assert waterfall(changed.query("rep == 'r2'"), 2)["net"].tolist() == [1]


def test_a_departure_found_is_counted_as_cleaned(desk: Desk) -> None:
    desk.on(START + timedelta(days=7))
    desk.save(Change("employment", "em_0", {"end_kind": "retired"}))
    found = cleaned(desk.history(), desk.end(START), desk.clock.at + 10)
    assert found[["account", "rep", "end_kind"]].to_numpy().tolist() == [["A", "r1", "retired"]]


@pytest.mark.slow
@pytest.mark.deep
@pytest.mark.parametrize("seed", range(depth(1, 3, 6)))
def test_whole_territories_climb_the_same_ladder_as_single_slots(desk: Desk, seed: int) -> None:
    chance = random.Random(100 + seed)
    days = [None, START, START - timedelta(days=180), START - timedelta(days=181), START + timedelta(days=1)]
    written: dict[tuple[str, str], ladder.Slot] = {}
    ends = {f"em_{n}": (chance.choice((None, EndKind.LEFT)), chance.choice(days)) for n in range(3)}
    for key, (kind, day) in ends.items():
        desk.save(Change("employment", key, {"end_kind": kind and kind.value, "ended_on": day and day.isoformat()}))
    for account in "AB":
        for role in ROLES:
            if chance.random() < 0.2:
                continue
            status = chance.choice((SlotStatus.OPEN, SlotStatus.OPEN, SlotStatus.VACANT, SlotStatus.NOT_APPLICABLE))
            holder, disposition = chance.choice((None, *ends)), chance.choice((None, *Disposition))
            verified, review = chance.choice(days), chance.choice(days)
            meet, deliver = chance.random() < 0.8, chance.random() < 0.8
            desk.slot(role, account, status=status.value, employment_id=holder, verified_on=verified and verified.isoformat(), review_on=review and review.isoformat(), representative_id="r1", can_meet=meet, can_deliver=deliver, disposition=disposition and disposition.value)  # fmt: skip
            written[account, role] = ladder.Slot(status, holder and ladder.Employment(*ends[holder]), verified, ladder.Representative(meet, deliver), disposition, review)  # fmt: skip
    found = (
        desk.history().slots(desk.end(START)).astype({"account": object, "role": object}).set_index(["account", "role"])
    )
    for key in found.index:
        expected = ladder.conditions(written.get(key), START, 180)
        assert bool(found.loc[key, "counted"]) == (expected is not None)
        if expected is not None:
            assert int(found.loc[key, "rung"]) == expected.rung, key


@pytest.mark.slow
def test_counts_fall_from_rung_to_rung_and_persons_are_counted_once(desk: Desk) -> None:
    desk.slot("ceo", **FULL)
    desk.slot("cfo", employment_id="em_0", verified_on="2026-11-08")
    desk.slot("cio", status="vacant", verified_on="2026-11-08")
    row = coverage(desk.history().slots(desk.clock.at + 10)).iloc[0]
    assert [int(row[c]) for c in ("required", "named", "known", "represented", "favorable")] == [6, 3, 3, 1, 1]
    assert (row["persons"], row["vacant"], row["accounts"]) == (1, 1, 2)
    assert row["success_index"] == pytest.approx(50 * 3 / 6 + 25 / 6 + 25 / 6)


@pytest.mark.slow
def test_whoever_sat_there_before_a_slot_was_found_vacant_is_no_longer_counted(desk: Desk) -> None:
    desk.slot("ceo", **FULL)
    desk.slot("ceo", status="vacant", verified_on="2026-11-08")
    slots = desk.history().slots(desk.clock.at + 10)
    assert coverage(slots).iloc[0]["persons"] == 0
    assert slots["holder"].isna().all()


def test_an_empty_territory_has_no_rate_rather_than_zero(desk: Desk) -> None:
    slots = desk.history().slots(desk.clock.at + 10)
    row = coverage(slots.iloc[:0]).iloc[0]
    assert row["required"] == 0
    assert pd.isna(row["known_rate"])
    assert freshness(slots.iloc[:0], pd.Timestamp(START)).sum() == 0


def test_eight_hundred_accounts_cost_373_verifications_a_week_and_forty_cost_19() -> None:
    assert (capacity(800 * 12, 180), capacity(40 * 12, 180)) == (373, 19)


def test_the_pace_is_a_median_and_never_promises_more_than_there_is() -> None:
    weeks = pd.DataFrame({"required": 100, "known": [10, 20, 30, 90], "gain": [None, 10.0, 10.0, 60.0]})
    assert pace(weeks).gain == 10
    assert pace(weeks).projected == 100
    assert pace(weeks.head(2)).gain is None


@pytest.mark.slow
def test_an_import_is_no_effort_and_a_written_line_is(desk: Desk) -> None:
    later = START + timedelta(days=28)
    desk.on(later)
    event = Change("event", "ev_1", {"kind": "imported"})
    desk.save(Change("employment", "em_9", {"person_id": "pe_0", "account_id": "A"}), event)
    idle = stall(desk.history(), desk.clock.at + 10).set_index("rep")
    assert bool(idle.loc["r1", "stalled"])
    desk.save(Change("commitment", "co_1", {"account_id": "A", "kind": "verify", "due_on": later.isoformat()}))
    assert bool(stall(desk.history(), desk.clock.at + 10).set_index("rep").loc["r1", "stalled"])
    desk.save(Change("commitment", "co_1", {"outcome": "kept"}))
    assert not bool(stall(desk.history(), desk.clock.at + 10).set_index("rep").loc["r1", "stalled"])
    desk.save(Change("commitment", "co_1", {"is_void": 1}))
    desk.on(later + timedelta(days=28))
    assert bool(stall(desk.history(), desk.clock.at + 10).set_index("rep").loc["r1", "stalled"])
    desk.save(Change("event", "ev_2", {"kind": "tried", "account_id": "A", "body": '{"employment": "em_9"}'}))
    assert not bool(stall(desk.history(), desk.clock.at + 10).set_index("rep").loc["r1", "stalled"])
    desk.save(Change("event", "ev_2", {"is_void": 1}))
    assert bool(stall(desk.history(), desk.clock.at + 10).set_index("rep").loc["r1", "stalled"])
    desk.save(Change("employment", "em_1", {"title": "CFO"}))
    assert not bool(stall(desk.history(), desk.clock.at + 10).set_index("rep").loc["r1", "stalled"])
    desk.on(later + timedelta(days=56))
    assert bool(stall(desk.history(), desk.clock.at + 10).set_index("rep").loc["r1", "stalled"])
    desk.slot(employment_id="em_0")
    idle = stall(desk.history(), desk.clock.at + 10).set_index("rep")
    assert not bool(idle.loc["r1", "stalled"])


@pytest.mark.slow
def test_a_reps_own_history_gives_the_same_numbers_as_the_teams(desk: Desk, tmp_path: Path) -> None:
    desk.slot(**FULL)
    desk.slot(account="B", employment_id="em_1")
    own = History(load_history(desk.ledger, until=desk.clock.at + 10, rep="r1"), desk.zone)
    assert set(own.slots(desk.clock.at)["account"]) == {"A"}
    whole = desk.history().slots(desk.clock.at)
    assert own.slots(desk.clock.at)["rung"].tolist() == whole.loc[whole["rep"] == "r1", "rung"].tolist()


def counted_by_hand(ledger: Ledger, at: int, rep: str | None) -> dict[str, list[int]]:
    """What ``contacts`` counts of each account, from the rows themselves."""
    accounts = {a.id for a in ledger.as_of(Account, at) if rep in (None, a.owner_id)}
    holding = {s.employment_id for s in ledger.as_of(Slot, at) if s.status == "open"}
    found: dict[str, list[int]] = {}
    for job in ledger.as_of(Employment, at):
        if job.account_id in accounts:
            counts = found.setdefault(job.account_id, [0] * 6)
            here = job.end_kind is None
            marks = [job.end_kind == kind for kind in ("left", "retired", "moved")]
            more = [here and job.verified_on is None, here and job.id not in holding]
            for place, mark in enumerate([True, *marks, *more]):
                counts[place] += mark
    return found


@pytest.mark.slow
@pytest.mark.deep
@pytest.mark.parametrize("seed", range(depth(1, 3, 6)))
def test_contacts_are_counted_alike_whether_or_not_anybody_touched_them(desk: Desk, seed: int) -> None:
    rng = random.Random(seed)
    instants = [desk.clock.at]
    for _ in range(40):
        desk.clock.at += 3_600_000
        which = rng.randrange(3, 17)
        key, home = f"em_{which}", {"person_id": f"pe_{which}", "account_id": "AB"[which % 2]}
        edit = rng.choice(
            [
                Change("employment", key, home),
                Change("employment", key, home | {"end_kind": rng.choice(["left", "retired", "moved"])}),
                Change("employment", key, home | {"verified_on": "2026-11-10"}),
                Change("slot", f"{home['account_id']}:ceo", {
                    "account_id": home["account_id"], "role": "ceo", "employment_id": key,
                    "status": rng.choice(["open", "vacant"]),
                }),
            ]
        )  # fmt: skip
        before, made = desk.ledger.last_at(), desk.ledger.save([edit])
        if desk.ledger.last_at() > before and rng.random() < 0.2:
            desk.ledger.undo(made.edit_id)
        instants.append(desk.clock.at)
    for rep in (None, "r1", "r2"):
        until = instants[-1] + 10
        frames = load_history(desk.ledger, until=until, rep=rep)
        # Whoever was written once and never again is counted, not brought along.
        versions = frames["employment"].groupby("id").size()
        assert frames["untouched"]["n"].gt(0).all()
        history = History(frames, desk.zone)
        for at in (until, *rng.sample(instants, 8)):
            table = contacts(history, at, rep=rep).set_index("account")
            found = {key: [int(row[c]) for c in CONTACTS] for key, row in table.iterrows()}
            assert found == counted_by_hand(desk.ledger, at, rep), (rep, at)
    assert len(versions) < 17

"""Check 30 of your 7,000: whom a draw takes, and what marks since then say."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from coverage_kit import init_workspace
from coverage_kit.cli import cli
from coverage_kit.domain.identifiers import name_key
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.measures.interval import wilson
from coverage_kit.store import Change
from coverage_kit.store.entities import Employment, Event
from coverage_kit.workspace import Workspace
from tests.oracle.audit import naive_sample
from tests.oracle.history import Naive


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    """Two accounts of two reps with 40 and 10 contacts, and a closed one."""
    with init_workspace(tmp_path / "ws", lang="en", actor="ann") as made:
        changes = [Change("staff", key, {"name": key, "function": "rep"}, base=0) for key in ("ann", "bob")]
        for account, owner, n, status in (
            ("A1", "ann", 40, "active"),
            ("B1", "bob", 10, "active"),
            ("C1", "bob", 9, "closed"),
        ):
            own = {"name": account, "name_key": name_key(account), "owner_id": owner, "status": status}
            changes.append(Change("account", account, {**own, "template_ids": '["general"]'}, base=0))
            for i in range(n):
                who = f"{account}_{i:02d}"
                changes.append(Change("person", f"pe_{who}", {"name": who, "name_key": name_key(who)}, base=0))
                changes.append(
                    Change("employment", f"em_{who}", {"person_id": f"pe_{who}", "account_id": account}, base=0)
                )
        made.ledger.save(changes)
        yield made


def test_nobody_is_drawn_who_left_was_checked_or_is_at_a_closed_account(ws: Workspace) -> None:
    ws.coaching.contacts.mark("A1", {f"pe_A1_{n:02d}": None for n in range(10)}, "left")
    ws.coaching.contacts.mark("A1", {f"pe_A1_{n:02d}": None for n in range(10, 15)}, "still", how="call")
    sample = ws.coaching.contact_samples.draw(1000, seed=1)
    assert sample.of == len(sample.contacts) == 35
    assert {one.account for one in sample.contacts} == {"A1", "B1"}


def test_a_sample_of_one_rep_is_of_their_accounts(ws: Workspace) -> None:
    assert {one.account for one in ws.coaching.contact_samples.draw(5, rep="bob").contacts} == {"B1"}


def test_marks_since_the_draw_are_the_result_and_undone_ones_are_not(ws: Workspace) -> None:
    drawn = ws.coaching.contact_samples.draw(20, seed=3).contacts
    edits = {}
    for one, state in zip(drawn, ["left", "retired", "role_changed", "still", "still", "tried"], strict=False):
        edits[state] = ws.coaching.contacts.mark(one.account, {one.person: None}, state, how="call")
    found = ws.coaching.contact_samples.last()
    assert [one.state for one in found.contacts][:7] == [
        "left",
        "retired",
        "role_changed",
        "still",
        "still",
        None,
        None,
    ]
    assert (found.rate.n, found.rate.checked, found.rate.gone) == (20, 5, 3)
    assert found.rate.interval == wilson(3, 5)
    ws.undo(edits["left"].edit_id)
    assert ws.coaching.contact_samples.last().rate[1:3] == (4, 2)


def test_a_draw_is_remembered_without_anybodys_name(ws: Workspace) -> None:
    ws.coaching.contact_samples.draw(2, seed=9, edit_id="ed_draw")
    ws.coaching.contact_samples.draw(2, seed=9, edit_id="ed_draw")
    (event,) = (row for row in ws.ledger.as_of(Event) if row.kind == "contacts_drawn")
    body = json.loads(event.body or "")
    assert (body["seed"], body["of"], len(body["drawn"])) == (9, 50, 2)


def test_what_cannot_be_drawn_is_said(ws: Workspace) -> None:
    samples = ws.coaching.contact_samples
    with pytest.raises(NotFound, match="sample-contacts"):
        samples.last()
    with pytest.raises(BadInput):
        samples.draw(0)
    ws.coaching.contacts.mark("B1", {f"pe_B1_{n:02d}": None for n in range(10)}, "left")
    with pytest.raises(BadInput):
        samples.draw(5, rep="bob")


def test_the_command_draws_writes_a_sheet_and_shows_the_rate(ws: Workspace, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.html"

    def run(*args: str) -> str:
        done = CliRunner().invoke(cli, ["--workspace", str(ws.path), "sample-contacts", *args], catch_exceptions=False)
        assert done.exit_code == 0
        return done.output

    drawn = json.loads(run("12", "--seed", "4", "--sheet", str(sheet), "--json"))
    assert (drawn["n"], drawn["of"], drawn["rate"], drawn["low"], drawn["high"]) == (12, 50, None, 0.0, 1.0)
    assert sheet.read_text(encoding="utf-8").count("☐ Still there") == 12
    for one in drawn["contacts"][:4]:
        ws.coaching.contacts.mark(one["account"], {one["person"]: None}, "left")
    again = json.loads(run("--result", "--json"))
    assert (again["checked"], again["gone"], again["rate"]) == (4, 4, 1.0)
    assert "4 of 4 checked are gone" in run("--result")


@pytest.mark.parametrize("seed", range(4))
def test_what_a_sample_says_equals_a_recomputation_by_hand(ws: Workspace, seed: int) -> None:
    chance = random.Random(seed)
    everybody = [f"pe_{account}_{i:02d}" for account, n in (("A1", 40), ("B1", 10)) for i in range(n)]
    states = ("left", "retired", "role_changed", "still", "tried")
    for who in chance.sample(everybody, 8):  # some are known before the draw
        ws.coaching.contacts.mark(who.split("_")[1], {who: None}, chance.choice(states), how="call")
    ws.coaching.contact_samples.draw(25, seed=seed, rep=chance.choice([None, "ann"]))
    for who in chance.sample(everybody, 20):
        job = next(row for row in ws.ledger.as_of(Employment) if row.person_id == who)
        if job.end_kind is None:
            ws.coaching.contacts.mark(who.split("_")[1], {who: None}, chance.choice(states), how="call")
    found = ws.coaching.contact_samples.last()
    expected = naive_sample(Naive(ws.ledger.engine, ws.zone), ws.ledger.last_at())
    rate = found.rate
    assert (found.of, rate.n, rate.checked, rate.gone, rate.more) == tuple(
        expected[name] for name in ("of", "n", "checked", "gone", "more")
    )
    assert rate.interval == pytest.approx((expected["low"], expected["high"]))
    assert rate.checked > 0

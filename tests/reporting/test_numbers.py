"""Every number and every line on the weekly pages equals one worked out from the raw tables by hand."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from itertools import chain
from pathlib import Path

import pytest

from coverage_kit import init_workspace, open_workspace, report
from coverage_kit.store import Change
from tests.oracle.agenda import MINUTES
from tests.oracle.coaching_page import REASONS
from tests.reporting.acts import REPS, STAFF, Hands, nearly_done, work
from tests.reporting.reading import EMPTY, READ, check_beyond, check_hours, check_week

pytestmark = pytest.mark.slow

WEEK, SUNDAY = "2026-W36", date(2026, 9, 6)
#: What has to stand on some page, so that the rules behind it were compared.
SHOWN = (
    "kept", "kept; the position has not moved yet", "withdrawn", "days ago. Done?", "open", "carried over 2×", "waits for a reply",
    "find out who follows", "help Bob Song on", "help a rep on", "One call covers 4 positions", "has waited", "Never gone through",
    "help was asked for", "Cleaned on the focus lists", "not this week", "of 4 reps",
    "accounts are only in a contact list", "more line", *REASONS.values(),
)  # fmt: skip


def test_the_samples_pages_match_the_oracle(tmp_path: Path) -> None:
    from coverage_kit.sample import fill_workspace

    with init_workspace(tmp_path / "ws", lang="en", actor="ann") as ws:
        fill_workspace(ws)
        for week in ("2026-W45", "2026-W47"):
            assert not report(ws, week=week).failed
            said = check_week(tmp_path / "ws", week, ws.reps())
        seen = check_hours(tmp_path / "ws", ws.reps(), date(2026, 11, 22))
    assert seen >= {"walk", "successor", "never", "open_path", "identify", "due_soon", "stale", "overdue", "voice"}
    # The control: no part of one rep's page passes for another's.
    one, other = said["jihye.kim"], said["sarah.lee"]
    assert {part for part in one if one[part] == other[part]} == set()


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Path:
    """Real accounts of four reps, five weeks of work and coaching, and the pages of the last week."""
    path, clock = tmp_path_factory.mktemp("real") / "ws", Hands()
    stocks = shared_data / "accounts/sp500_constituents_2026-06-20.csv"
    northwind = shared_data / "crm/northwind_customers_contacttitle.csv"
    staff = path.with_name("staff.csv")
    staff.write_text(STAFF)
    with init_workspace(path, lang="en", actor="ann", clock=clock) as ws:
        clock.go(ws, date(2026, 8, 3))
        assert ws.import_file("accounts", stocks).counts["added"] == 503
        assert ws.import_file("contacts", northwind).counts["accounts_added"] == 91
        ws.import_file("staff", staff)
        with stocks.open(encoding="utf-8") as file:
            symbols = [row["Symbol"] for row in csv.DictReader(file)]
        for n, rep in enumerate(REPS):
            ws.assign(symbols[n::4], rep)
            ws.assign(symbols[n : 40 + n : 4], rep, focus=True)
        with northwind.open(encoding="utf-8") as file:
            companies = [row["companyName"] for row in csv.DictReader(file)]
        ws.assign(companies[:5], "ann")
        ws.roles.pin([*symbols, *companies[:5]], ["general"], "the roles that the story is about")
        for offering in ("Alpha", "Beta"):
            ws.roles.add_offering(offering, ko=offering, en=offering)
        ws.roles.set_offerings(symbols[:40], ["Alpha"])
        ws.coaching.routes.set("general", "Alpha", [("ceo", "in_person", "attention"), ("cfo", "phone", "interest")])
        work(ws, clock, symbols[:60] + companies[:5])
        met = {"verified_on": date(2026, 9, 3), "verified_how": "call", "representative": "su"}
        met |= {"can_meet": True, "can_deliver": True}
        nearly_done(ws, symbols[80], {"ceo": met, "cfo": met | {"disposition": "negative"}})
        nearly_done(ws, symbols[81], {"ceo": {}, "cfo": {"verified_on": date(2026, 9, 3), "verified_how": "call"}})
        book = ws.coaching.commitments
        asked = book.add(book.draft_from_gap(symbols[0], "cio"), confirmed=True)
        book.settle(asked.id, "not_kept", reason="need_help")
        clock.go(ws, date(2026, 9, 7))
        result = report(ws, week=WEEK)
    assert not result.failed
    assert len(result.made) == 5
    return path


def test_real_accounts_of_four_reps_match_the_oracle(real: Path) -> None:
    said = check_week(real, WEEK, REPS)
    # A comparison of nothing proves nothing: every section is there, none is empty, every kind of line occurs.
    assert set(chain(*said.values())) == {*READ, "header", "headline"}
    lines = [line for page in said.values() for line in chain(*page.values())]
    assert not EMPTY.intersection(lines)
    assert [words for words in SHOWN if not any(words in line for line in lines)] == []


def test_agendas_of_any_length_and_what_the_pages_cut_off_match_the_oracle(real: Path) -> None:
    seen = check_hours(real, REPS, SUNDAY)
    assert seen >= MINUTES.keys() - {"walk", "successor"}
    assert check_beyond(real, WEEK, REPS) == {True, False}


def test_pages_of_a_past_week_are_the_same_when_they_are_made_again_later(real: Path, tmp_path: Path) -> None:
    with open_workspace(real, actor="ann") as ws:
        slots = ws.slots(rep="bob")
        held = slots.loc[slots["person"].notna() & ~slots["gone"]].astype(object).iloc[0]
        confirmed = ws.unconfirmed()[0].id
        ws.assign([confirmed, held["account"]], "ann", focus=True)
        ws.end_employment(held["person"], held["account"], kind="retired", ended_on=SUNDAY - timedelta(days=2))
        renamed = [Change("staff", key, {"name": f"New {key}", "function": "manager"}) for key in ("bob", "ed", "mo")]
        ws.ledger.save([*renamed, Change("person", held["person"], {"name": "Somebody Else", "phone": "1"})])
        ws.ledger.save([Change("account", held["account"], {"name": "Renamed", "status": "closed"})])
        assert not report(ws, week=WEEK, out=tmp_path, force=True).failed
    first, again = (sorted((home / WEEK).glob("*.html")) for home in (real / "reports", tmp_path))
    pages = {file.name: file.read_bytes() for file in again}
    assert len(first) == 6
    assert [file.name for file in first if pages[file.name] != file.read_bytes()] == []

"""Every number on the weekly pages equals one worked out from the raw tables by hand."""

from __future__ import annotations

import csv
import random
from datetime import date, datetime, timedelta
from pathlib import Path

from coverage_kit import init_workspace
from coverage_kit.workspace import Workspace
from tests.reporting.reading import check_week

REPS = ("ann", "bob", "REP 1", "../../x")
STAFF = "key,function\nann,rep\nbob,rep\nREP 1,rep\n../../x,rep\nlee,coach\nsu,support\n"


def test_the_samples_pages_say_what_paper_says(tmp_path: Path) -> None:
    from coverage_kit.sample import fill_workspace

    with init_workspace(tmp_path / "ws", lang="en", actor="ann") as ws:
        fill_workspace(ws)
        for week in ("2026-W45", "2026-W47"):
            assert not ws.report(week=week).failed
            said = check_week(tmp_path / "ws", week, ws.reps())
    # The control: no part of one rep's page passes for another's.
    one, other = said["jihye.kim"], said["sarah.lee"]
    assert all(one[part] != other[part] for part in one)


def test_real_accounts_of_four_reps_say_what_paper_says(tmp_path: Path, shared_data: Path) -> None:
    path, clock = tmp_path / "ws", Hands()
    stocks = shared_data / "accounts/sp500_constituents_2026-06-20.csv"
    northwind = shared_data / "crm/northwind_customers_contacttitle.csv"
    (tmp_path / "staff.csv").write_text(STAFF)
    with init_workspace(path, lang="en", actor="ann", clock=clock) as ws:
        clock.go(ws, date(2026, 8, 3))
        assert ws.import_file("accounts", stocks).counts["added"] == 503
        assert ws.import_file("contacts", northwind).counts["accounts_added"] == 91
        ws.import_file("staff", tmp_path / "staff.csv")
        with stocks.open(encoding="utf-8") as file:
            symbols = [row["Symbol"] for row in csv.DictReader(file)]
        for n, rep in enumerate(REPS):
            ws.assign(symbols[n::4], rep)
            ws.assign(symbols[n : 40 + n : 4], rep, focus=True)
        with northwind.open(encoding="utf-8") as file:
            companies = [row["companyName"] for row in csv.DictReader(file)]
        ws.assign(companies[:5], "ann")
        work(ws, clock, symbols[:60] + companies[:5])
        week = "2026-W36"
        clock.go(ws, date(2026, 9, 7))
        result = ws.report(week=week)
    assert not result.failed
    assert len(result.made) == 5
    check_week(path, week, REPS)


class Hands:
    """A clock that the test sets."""

    at = 0

    def __call__(self) -> int:
        return self.at

    def go(self, ws: Workspace, day: date) -> None:
        self.at = round(datetime(day.year, day.month, day.day, 10, tzinfo=ws.zone).timestamp() * 1000)


def work(ws: Workspace, clock: Hands, accounts: list[str]) -> None:
    """Five weeks in which everything happens that can happen to a seat."""
    chance, monday = random.Random(5), date(2026, 8, 3)
    roles = ["ceo", "cfo", "cio", "rnd_head", "plant_head"]
    for n in range(320):
        day = monday + timedelta(days=n // 10)
        clock.go(ws, day)
        account, role, roll = chance.choice(accounts), chance.choice(roles), chance.random()
        seen = {
            "verified_on": day - timedelta(days=chance.choice((0, 0, 3, 150, 160, 178, 190))),
            "verified_how": "call",
        }
        slots = ws.slots(as_of=None) if roll > 0.9 else None
        if roll < 0.5:
            ws.edit_slot(
                account,
                role,
                holder=chance.choice(("Ann Lee", "Bo Kim", "Cy Roh", f"P{n}")),
                **(seen if chance.random() < 0.7 else {}),
            )
        elif roll < 0.6:
            ws.edit_slot(
                account,
                role,
                holder=f"Q{n}",
                representative="su",
                can_meet=True,
                can_deliver=chance.random() < 0.8,
                disposition=chance.choice(("favorable", "neutral")),
                **seen,
            )
        elif roll < 0.7:
            ws.edit_slot(account, role, status="vacant", verified_on=day, verified_how="meeting")
        elif roll < 0.75:
            ws.edit_slot(
                account,
                role,
                status="not_applicable",
                reason="covered elsewhere",
                agreed_by="lee",
                review_on=day + timedelta(days=chance.choice((4, 90))),
            )
        elif roll < 0.85:
            ws.undo(ws.edit_slot(account, role, holder=f"U{n}").edit_id)
        elif roll < 0.9:
            ws.assign([account], chance.choice(REPS))
        else:
            held = slots.loc[slots["person"].notna() & ~slots["gone"]]
            if len(held):
                row = held.iloc[chance.randrange(len(held))]
                ws.end_employment(row["person"], row["account"], kind="left", ended_on=day)

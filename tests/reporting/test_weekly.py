"""The reports of a team, end to end: through the command line, on real files where they are, looked at in a browser."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from datetime import timedelta
from pathlib import Path

import click
import pytest
from playwright.sync_api import Browser

from coverage_kit import open_workspace
from coverage_kit.cli import cli
from coverage_kit.domain.identifiers import file_names
from coverage_kit.errors import BadInput
from coverage_kit.rules.lookup import get_account, role_lists
from tests.commands import run

pytestmark = pytest.mark.slow

HOSTILE = ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[a](javascript:alert(1))", "$\\frac{1}{0}$", "=cmd|' /C calc'!A0"]  # fmt: skip


def test_every_command_has_a_help_that_ends_in_an_example_of_it() -> None:
    def walk(command: click.Command, path: str) -> None:
        text = command.get_help(click.Context(command, info_name=path))
        assert "Example:" in text, path
        examples = [
            line.strip()
            for line in text.partition("Example:")[2].splitlines()
            if line.strip().startswith("coverage-kit")
        ]
        assert examples, path
        if isinstance(command, click.Group):
            for name, sub in command.commands.items():
                walk(sub, f"{path} {name}")
        else:
            assert examples[0].startswith(path), path

    walk(cli, "coverage-kit")


def test_mistakes_get_one_line_and_the_right_exit_code(tmp_path: Path, team: Path) -> None:
    for arguments in (
        ["-w", tmp_path, "status"],
        ["-w", team, "status", "--week", "next week"],
        ["-w", team, "report", "--week", "2027-W01"],
        ["-w", team, "report", "--rep", "nobody"],
        ["-w", team, "assign", "nowhere", "--rep", "jihye.kim"],
        ["-w", team, "sample"],
    ):
        assert len(run(*arguments, code=2).strip().splitlines()) == 1
    broken = tmp_path / "ws"
    run("init", broken)
    (broken / "store.db").write_bytes(b"")
    assert "store.db" in run("-w", broken, "status", code=3)


def test_status_adds_up_and_answers_for_the_past(team: Path) -> None:
    now = json.loads(run("-w", team, "status", "--json"))
    assert now["week"] == "2026-W47"
    for count in ("accounts", "required", "named", "known", "represented", "assessed", "favorable", "vacant", "not_applicable"):  # fmt: skip
        assert sum(rep[count] for rep in now["reps"]) + now["unowned"][count] == now["team"][count]
    falling = [now["team"][c] for c in ("required", "named", "known", "represented", "assessed", "favorable")]
    assert falling == sorted(falling, reverse=True)
    before = json.loads(run("-w", team, "status", "--week", "2026-W44", "--json"))
    assert before["team"]["known"] < now["team"]["known"]
    assert json.loads(run("-w", team, "status", "--as-of", "2001-01-01", "--json"))["team"]["required"] == 0


def test_the_week_has_a_page_for_everyone_and_a_second_run_makes_nothing(team: Path) -> None:
    result = json.loads(run("-w", team, "report", "--json"))
    assert result["made"] == []
    assert len(result["skipped"]) == 4
    folder = team / "reports" / "2026-W47"
    assert {p.name for p in folder.glob("*.html")} == {"index.html", "team.html", "jihye.kim.html", "minsoo.park.html", "sarah.lee.html"}  # fmt: skip
    for path in folder.iterdir():
        if path.suffix in (".html", ".ipynb"):
            text = path.read_text(encoding="utf-8")
            assert str(team) not in text
            assert "/site-packages/" not in text


def test_a_rep_reads_of_no_other_reps_people(team: Path) -> None:
    with open_workspace(team) as ws:
        slots = ws.slots().dropna(subset=["phone"])
    page = (team / "reports/2026-W47/jihye.kim.html").read_text(encoding="utf-8")
    own = set(slots.loc[slots["rep"] == "jihye.kim", "phone"])
    foreign = set(slots.loc[slots["rep"] != "jihye.kim", "phone"]) - own
    found = set(re.findall(r"010-0000-\d{4}", page))
    assert found & own
    assert not found & foreign


def test_undo_a_departure_and_not_applicable_through_the_face(tmp_path: Path) -> None:
    run("init", tmp_path / "ws")
    (tmp_path / "a.csv").write_text("key,name\nA,Alpha\n")
    (tmp_path / "s.csv").write_text("key,function\nkim,rep\nlee,coach\n")
    run("-w", tmp_path / "ws", "import", "accounts", tmp_path / "a.csv")
    run("-w", tmp_path / "ws", "import", "staff", tmp_path / "s.csv")
    run("-w", tmp_path / "ws", "assign", "A", "--rep", "kim")
    with open_workspace(tmp_path / "ws") as ws:
        day = ws.today() - timedelta(days=3)
        for role in ("ceo", "cfo"):
            ws.edit_slot("A", role, holder="Ann", verified_on=day, verified_how="call")
        assert ws.status()["team"]["persons"] == 1
        gone = ws.end_employment("Ann", "A", kind="left", ended_on=day)
        assert ws.status()["team"]["named"] == 0
        ws.undo(gone.edit_id)
        assert ws.status()["team"]["known"] == 2
        ws.edit_slot("A", "cfo", holder="Bob")
        assert ws.status()["team"]["known"] == 1
        ws.ledger.actor = "lee"
        ws.edit_slot("A", "cio", status="not_applicable", reason="none here", agreed_by="lee")
        assert (ws.status()["team"]["required"], ws.status()["team"]["not_applicable"]) == (11, 1)
        for wrong in ({"agreed_by": "kim", "reason": "x"}, {"agreed_by": "lee"}):
            with pytest.raises(BadInput):
                ws.edit_slot("A", "ceo", status="not_applicable", **wrong)
        with pytest.raises(Exception, match="after today"):
            ws.edit_slot("A", "ceo", verified_on=ws.today() + timedelta(days=2))


def test_real_lists_for_four_reps_and_every_number_recomputed_by_hand(tmp_path: Path, shared_data: Path) -> None:
    ws_path = tmp_path / "ws"
    stocks, northwind = (shared_data / "accounts/sp500_constituents_2026-06-20.csv", shared_data / "crm/northwind_customers_contacttitle.csv")  # fmt: skip
    run("init", ws_path, "--lang", "en")
    run("-w", ws_path, "import", "accounts", stocks)
    run("-w", ws_path, "import", "contacts", northwind)
    with stocks.open(encoding="utf-8") as file:
        symbols = [row["Symbol"] for row in csv.DictReader(file)]
    with northwind.open(encoding="utf-8") as file:
        companies = [row["companyName"] for row in csv.DictReader(file)]
    reps = ["ann", "REP 1", "rep 1", "../../x"]
    owned = {rep: symbols[i::4] for i, rep in enumerate(reps)}
    written: dict[tuple[str, str], bool] = {}
    with open_workspace(ws_path) as ws:
        day = ws.today()
        for rep, accounts in owned.items():
            if rep == "rep 1":
                ws.ledger.save([])
                from coverage_kit.store import Change

                ws.ledger.save([Change("staff", rep, {"name": rep, "function": "rep"})])
            ws.assign(accounts, rep)
        ws.assign(companies[:3], "ann")
        lists = role_lists(ws.ledger)
        for n, account in enumerate([*symbols[:40], *companies[:3]]):
            for role in [each.key for each in lists.required(get_account(ws.ledger, account))][: 1 + n % 2]:
                checked = n % 3 == 0
                name = HOSTILE[n] if n < len(HOSTILE) else f"Pat {n}"
                ws.edit_slot(
                    account, role, holder=name, **({"verified_on": day, "verified_how": "call"} if checked else {})
                )
                written[account, role] = checked
    week = f"{day.isocalendar().year}-W{day.isocalendar().week:02d}"
    result = json.loads(run("-w", ws_path, "report", "--week", week, "--json"))
    assert len(result["made"]) == 5
    assert {Path(p).parent for p in result["made"]} == {ws_path / "reports" / week}
    manifest = json.loads(Path(result["manifest"]).read_text())["reports"]
    owned["ann"] = owned["ann"] + companies[:3]
    names = file_names(owned)
    for rep, accounts in owned.items():
        own = {key: checked for key, checked in written.items() if key[0] in set(accounts)}
        facts = manifest[names[rep]]["facts"]
        assert (facts["accounts"], facts["required"]) == (len(accounts), 12 * len(accounts))
        assert (facts["named"], facts["known"]) == (len(own), sum(own.values()))
        assert facts["persons"] == len({key[0] for key in own})
        assert facts["net"] == facts["known"] - facts["known_before"]
        page = (ws_path / "reports" / week / f"{names[rep]}.html").read_text(encoding="utf-8")
        assert f"{sum(own.values())} of {12 * len(accounts):,} positions" in page
        assert "<script" not in page
    assert manifest["team"]["facts"]["required"] == 12 * (503 + 3)


@pytest.mark.browser
def test_the_pages_hold_in_a_real_browser(team: Path, plain_browser: Browser, tmp_path: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    folder = team / "reports" / "2026-W47"
    page = plain_browser.new_page()
    noises: list[str] = []
    page.on("console", lambda message: noises.append(message.text))
    page.on("request", lambda request: noises.append(request.url) if request.url.startswith("http") else None)
    for name in ("minsoo.park", "team", "index", "jihye.kim"):
        for width in (1440, 1024, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto((folder / f"{name}.html").as_uri())
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, (name, width)
            narrow = "cells => cells.filter(cell => cell.offsetWidth < 70).map(cell => cell.textContent)"
            assert page.locator("td:first-child").evaluate_all(narrow) == [], (name, width)
        assert page.evaluate("document.fonts.check('16px \"Coverage Kit Gothic\"')")
    page.goto((folder / "jihye.kim.html").as_uri())
    assert page.locator("a[href^='tel:']").count() > 0
    pdf = tmp_path / "page.pdf"
    page.pdf(path=str(pdf), format="A4", prefer_css_page_size=True)
    assert noises == []
    assert Axe().run(page).response["violations"] == []
    page.close()
    printed = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    assert "고객 파악률" in printed.replace("\n", " ")
    fonts = subprocess.run(["pdffonts", str(pdf)], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert fonts
    assert all(" yes yes " in re.sub(r" +", " ", line) for line in fonts)


def test_a_workspace_without_reps_says_what_to_do_next(tmp_path: Path) -> None:
    run("init", tmp_path / "ws", "--lang", "en")
    assert "assign" in run("-w", tmp_path / "ws", "report", code=2)
    assert "import accounts" in run("-w", tmp_path / "ws", "status")

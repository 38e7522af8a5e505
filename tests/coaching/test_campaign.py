"""A campaign list: verified people who consented, an opt-out above all, and what came back as evidence."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from coverage_kit.cli import cli
from coverage_kit.coaching import Lack
from coverage_kit.domain.consent import reminder_due_on
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.store import Change
from coverage_kit.store.entities import Person
from coverage_kit.workbook.model.cards import next_cards
from coverage_kit.workbook.model.territory import Territory

PEOPLE = {"ceo": "Ann Lee", "cfo": "Bob Stone", "cio": "Carla Diaz"}


@pytest.fixture
def ws(team):
    """Three verified people at A, each with an address; the last one without."""
    for role, name in PEOPLE.items():
        team.ws.edit_slot("A", role, holder=name, verified_on=team.day, verified_how="call")
    addresses = {"Ann Lee": "ann@a.example", "Bob Stone": "Bob@a.example"}
    rows = [row for row in team.ws.ledger.as_of(Person) if row.name in addresses]
    team.ws.ledger.save([Change("person", row.id, {"email": addresses[row.name]}, row.version) for row in rows])
    return team.ws


def names(people) -> list[str]:
    return [one.name for one in people]


def lack_of(ws, name: str) -> Lack | None:
    return next(one.lack for one in ws.coaching.campaigns.find().lacking if one.name == name)


def test_only_verified_people_who_consented_are_on_the_list(ws) -> None:
    campaigns = ws.coaching.campaigns
    assert campaigns.find().ready == []
    assert {one.lack for one in campaigns.find().lacking} == {Lack.NO_CONSENT}
    for name in PEOPLE.values():
        campaigns.consent(name, "A", "email", "form at the fair")
    ws.edit_slot("A", "cso", holder="Dan Wood")
    campaigns.consent("Dan Wood", "A", "email", "form at the fair")
    found = campaigns.find()
    assert names(found.ready) == ["Ann Lee", "Bob Stone"]
    assert (lack_of(ws, "Carla Diaz"), found.n_unverified) == (Lack.NO_ADDRESS, 1)
    assert names(campaigns.find(roles=["cfo"]).ready) == ["Bob Stone"]
    assert names(campaigns.find(scope="phone").ready) == []


def test_an_opt_out_stands_above_every_consent_until_it_is_lifted(ws) -> None:
    campaigns = ws.coaching.campaigns
    campaigns.consent("Ann Lee", "A", "email", "form at the fair")
    campaigns.opt_out("Ann Lee", "A")
    assert lack_of(ws, "Ann Lee") is Lack.OPTED_OUT
    with pytest.raises(BadInput, match="opted out"):
        campaigns.consent("Ann Lee", "A", "email", "by phone")
    campaigns.opt_out("Ann Lee", "A", is_lifted=True)
    assert names(campaigns.find().ready) == ["Ann Lee"]


def test_a_consent_that_was_taken_back_or_has_ended_is_none(ws, team) -> None:
    campaigns = ws.coaching.campaigns
    campaigns.consent("Ann Lee", "A", "email", "form at the fair")
    campaigns.withdraw("Ann Lee", "A", "email")
    assert lack_of(ws, "Ann Lee") is Lack.WITHDRAWN
    campaigns.consent("Bob Stone", "A", "email", "contract", on="2020-01-02", until="2020-12-31")
    assert lack_of(ws, "Bob Stone") is Lack.ENDED
    with pytest.raises(NotFound):
        campaigns.remind("Carla Diaz", "A", "email")
    with pytest.raises(BadInput, match="where"):
        campaigns.consent("Carla Diaz", "A", "email", " ")


def test_a_person_is_reminded_two_years_after_the_consent_or_the_last_reminder(ws) -> None:
    campaigns = ws.coaching.campaigns
    campaigns.consent("Ann Lee", "A", "email", "form at the fair", on="2024-03-01")
    assert campaigns.find().ready[0].reminder_on == "2026-03-01"
    campaigns.remind("Ann Lee", "A", "email", on="2026-02-20")
    assert campaigns.find().ready[0].reminder_on == "2028-02-20"
    assert reminder_due_on("2024-02-29", None) == "2026-02-28"


def results(tmp_path: Path, *rows: str) -> Path:
    file = tmp_path / "mailing.csv"
    file.write_text("이메일,결과,날짜\n" + "".join(f"{row}\n" for row in rows), encoding="cp949")
    return file


def cards(ws) -> dict[str, tuple[str, str | None]]:
    return {card["name"]: (card["mail"], card["mail_on"]) for card in next_cards(Territory(ws, "kim"))}


def test_what_comes_back_is_evidence_in_the_next_five_and_confirms_nobody(ws, team, tmp_path: Path) -> None:
    team.later(10)
    before, day = ws.status()["team"], team.day.isoformat()
    assert cards(ws) == {}
    rows = (
        f"ann@a.example,반송,{day}",
        f"BOB@a.example,회신,{day}",
        f"x@y.example,반송,{day}",
        "ann@a.example,opened,",
    )
    file = results(tmp_path, *rows)
    found = ws.coaching.campaigns.read_results(file)
    assert (found.replied, found.bounced, found.unknown, found.unread) == (1, 1, [4], [5])
    assert ws.status()["team"] == before
    assert cards(ws) == {"Ann Lee": ("mail_bounced", day), "Bob Stone": ("mail_replied", day)}
    again = ws.coaching.campaigns.read_results(file)
    assert (again.replied, again.bounced, again.known_already, again.edit_id) == (0, 0, 2, "")
    team.later(1)
    ws.coaching.people.confirm("Ann Lee", "A", how="call")
    assert cards(ws) == {"Bob Stone": ("mail_replied", day)}


def test_a_mail_before_the_last_check_asks_for_nobody(ws, team, tmp_path: Path) -> None:
    ws.coaching.campaigns.read_results(results(tmp_path, f"ann@a.example,반송,{team.day}"))
    assert cards(ws) == {}


def test_an_opt_out_in_the_file_is_recorded_once(ws, tmp_path: Path) -> None:
    ws.coaching.campaigns.consent("Ann Lee", "A", "email", "form at the fair")
    file = results(tmp_path, "ann@a.example,수신거부,")
    assert ws.coaching.campaigns.read_results(file).opted_out == 1
    assert lack_of(ws, "Ann Lee") is Lack.OPTED_OUT
    assert ws.coaching.campaigns.read_results(file).opted_out == 0


def test_the_commands_write_the_list_and_whom_to_ask(ws, tmp_path: Path) -> None:
    home = ["-w", str(ws.path)]
    run = CliRunner()
    consent = ["campaign", "consent", "Ann Lee", "--account", "A", "--source", "=cmd()"]
    assert run.invoke(cli, [*home, *consent]).exit_code == 0
    files = tmp_path / "list.csv", tmp_path / "ask.csv"
    said = run.invoke(cli, [*home, "campaign", "list", "--out", str(files[0]), "--ask", str(files[1])])
    assert said.exit_code == 0, said.output
    assert "(광고)" in said.output
    rows, asked = (list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines())) for file in files)
    assert [row[1] for row in rows[1:]] == ["Ann Lee"]
    assert rows[1][5] == "'=cmd()"
    assert [row[1] for row in asked[1:]] == ["Bob Stone", "Carla Diaz"]
    found = json.loads(run.invoke(cli, [*home, "campaign", "list", "--json"]).output)
    assert [one["address"] for one in found["people"]] == ["ann@a.example"]

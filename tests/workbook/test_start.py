"""The start page: how far the first four steps are, this week, links and reports; and assigning accounts in bulk."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from coverage_kit import init_workspace, open_workspace
from coverage_kit.assets import copies
from coverage_kit.links import keep_server, personal_links, sign
from coverage_kit.reporting.batch.model import BatchResult
from coverage_kit.store import Change
from coverage_kit.store.entities import Account, Employment, Person, Session, Staff
from coverage_kit.workbook.model.importing import ImportBook
from coverage_kit.workbook.model.start import StartBook
from coverage_kit.workbook.model.start_figures import coached_reps, count_tiles, left_since, this_week
from coverage_kit.workspace import Workspace

from .conftest import DAY, Clock

ACCOUNTS = "고객사,업종,지역\n가온물산,은행,서울\n나래상사,화학,부산\n다온,건설,서울\n"
LEADERS = [
    Change("staff", "han", {"name": "한팀장", "function": "manager"}),
    Change("staff", "top", {"name": "윤전무", "function": "executive"}),
]
CONTACTS = "회사,이름,직책\n가온물산,김가온,부장\n나래상사,이나래,과장\n새벽,박새벽,팀장\n"


@pytest.fixture
def new(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    """A workspace that nobody has put anything into."""
    with init_workspace(tmp_path / "new", lang="ko", actor="coach", clock=clock) as made:
        yield made


def bring(ws: Workspace, kind: str, text: str) -> None:
    file = ws.path / f"{kind}.csv"
    file.write_text(text, encoding="utf-8")
    ws.import_file(kind, file)


def ask(book: StartBook, kind: str, **body: Any) -> dict[str, Any]:
    response: Any = book.handle({"kind": kind, "seq": 1, **body})
    return dict(response)


def versions(ws: Workspace, *names: str) -> dict[str, int]:
    return {each.id: each.version for each in ws.ledger.as_of(Account) if each.name in names}


# The four steps ---------------------------------------------------------------------------------------------------------


def test_the_steps_stand_one_after_the_other_until_the_first_session_is_held(new: Workspace) -> None:
    def state() -> tuple[list[str], str]:
        tiles = count_tiles(new)
        return tiles["done"], tiles["next"]

    assert state() == ([], "lists")
    bring(new, "accounts", ACCOUNTS)
    assert state() == (["lists"], "accounts")
    bring(new, "contacts", CONTACTS)
    assert state() == (["lists", "accounts"], "owners")
    new.assign(["가온물산", "나래상사", "다온"], "김지혜")
    # The company that only the contact list names may wait.
    assert state() == (["lists", "accounts", "owners"], "sessions")
    session = new.coaching.sessions.start("김지혜", kind="first")
    assert state()[1] == "sessions"
    assert count_tiles(new)["sessions"] == {"coached": 0, "reps": 1, "open": 1}
    session.close(minutes=False)
    assert state() == (["lists", "accounts", "owners", "sessions"], "")


def test_the_counts_of_the_steps_are_those_of_the_files(new: Workspace) -> None:
    bring(new, "accounts", ACCOUNTS)
    bring(new, "contacts", CONTACTS)
    tiles = count_tiles(new)
    assert tiles["owners"] == {"assigned": 0, "unassigned": 4, "unconfirmed": 1, "reps": 0, "moved": 0}
    assert tiles["accounts"] == {"accounts": 4, "contacts": 3, "checked": 0, "days": 180}
    assert tiles["lists"]["accounts"] == 3
    assert tiles["lists"]["required"] == len(new.slots())


def test_the_tile_of_contacts_counts_as_the_audit_does(new: Workspace) -> None:
    """A check written in a position counts, one dated ahead does not, nor does a departure dated ahead."""
    bring(new, "accounts", ACCOUNTS)
    bring(new, "contacts", CONTACTS)
    rows = new.ledger.as_of(Employment)
    names = {row.id: row.name for row in new.ledger.as_of(Person)}
    job = {names[row.person_id]: row for row in rows}
    today, next_week = new.today().isoformat(), (new.today() + timedelta(days=7)).isoformat()
    first, ahead = job["김가온"], job["이나래"]
    in_position = {"account_id": first.account_id, "role": "ceo", "employment_id": first.id, "verified_on": today}
    new.ledger.save(
        [
            Change("slot", f"{first.account_id}:ceo", in_position, base=0),
            Change("employment", first.id, {"end_kind": "left", "ended_on": next_week}),
            Change("employment", ahead.id, {"verified_on": next_week}),
        ]
    )
    new.ledger.save([Change("account", row.id, {"status": "active"}) for row in new.ledger.as_of(Account)])
    counts = new.audit()["team"]
    tile = count_tiles(new)["accounts"]
    assert (tile["contacts"], tile["checked"]) == (3, 1)
    assert (counts["contacts"] - counts["left"], counts["confirmed"]) == (3, 1)
    # Only contacts that nobody confirmed are drawn for a check.
    assert {each.employment for each in new.coaching.contact_samples.draw(n=9).contacts} == {
        row.id for row in rows if row.id != first.id
    }


def test_an_account_whose_owner_has_left_needs_a_new_one(ws: Workspace) -> None:
    assert count_tiles(ws)["owners"]["unassigned"] == 0
    ws.ledger.save([Change("staff", "bob", {"ended_on": "2026-11-01"})])
    assert count_tiles(ws)["owners"] == {"assigned": 2, "unassigned": 1, "unconfirmed": 0, "reps": 1, "moved": 0}
    ws.ledger.save([Change("staff", "bob", {"ended_on": "2026-12-31"})])
    assert count_tiles(ws)["owners"]["unassigned"] == 0


def test_the_import_page_counts_accounts_without_an_owner_as_not_assigned(new: Workspace) -> None:
    bring(new, "accounts", ACCOUNTS)
    assert ImportBook(new).facts() == {"accounts": 3, "unassigned": 3}


# Assigning --------------------------------------------------------------------------------------------------------------


def test_accounts_are_assigned_in_one_edit_which_is_written_once_and_undone(new: Workspace) -> None:
    bring(new, "accounts", ACCOUNTS)
    bring(new, "staff", "사번,이름,역할\nK1,김지혜,rep\n")
    book = StartBook(new)
    listed = ask(book, "accounts")
    assert {each["name"]: each["is_free"] for each in listed["accounts"]} == dict.fromkeys(
        ("가온물산", "나래상사", "다온"), True
    )
    rep = listed["colleagues"][0]["id"]
    seen = {each["id"]: each["version"] for each in listed["accounts"] if each["region"] == "서울"}
    for _ in range(2):  # the response got lost, and the page sends the act again
        done = ask(book, "assign", accounts=seen, to=rep, edit_id="ed_once")
        assert (done["kind"], done["edit_id"], done["n"]) == ("accounts", "ed_once", 2)
    assert sorted(each["name"] for each in done["accounts"] if each["owner"] == rep) == ["가온물산", "다온"]
    assert max(each.version for each in new.ledger.as_of(Account)) == 2
    undone = ask(book, "undo", undoes="ed_once", edit_id="ed_back")
    assert (undone["n"], undone["tiles"]["owners"]["unassigned"]) == (2, 3)


def test_a_colleagues_change_of_team_moves_accounts_only_once_somebody_says_so(new: Workspace) -> None:
    bring(new, "accounts", ACCOUNTS)
    bring(new, "staff", "사번,이름,역할,팀장\nhan,한팀장,manager,\nlim,임팀장,manager,\nK1,김지혜,rep,han\n")
    book = StartBook(new)
    done = ask(book, "assign", accounts=versions(new, "다온", "가온물산"), to="K1", edit_id="ed_given")
    assert done["tiles"]["owners"]["moved"] == 0
    bring(new, "staff", "사번,이름,역할,팀장\nK1,김지혜,rep,lim\n")
    assert ask(book, "hello")["tiles"]["owners"]["moved"] == 2
    assert {each.team for each in new.ledger.as_of(Account) if each.owner_id} == {"han"}
    for _ in range(2):  # the response got lost, and the page sends the act again
        done = ask(book, "move_teams", edit_id="ed_moved")
        assert (done["edit_id"], done["n"], done["tiles"]["owners"]["moved"]) == ("ed_moved", 2, 0)
    assert {each.team for each in new.ledger.as_of(Account) if each.owner_id} == {"lim"}
    undone = ask(book, "undo", undoes="ed_moved", edit_id="ed_back")
    assert (undone["n"], undone["tiles"]["owners"]["moved"]) == (2, 2)


def test_a_new_colleague_is_added_by_name_and_goes_with_the_undo(new: Workspace) -> None:
    bring(new, "accounts", ACCOUNTS)
    done = ask(StartBook(new), "assign", accounts=versions(new, "다온"), to="박민수")
    assert [(each["name"], each["function"]) for each in done["colleagues"]] == [("박민수", "rep")]
    ask(StartBook(new), "undo", undoes=done["edit_id"])
    assert new.ledger.as_of(Staff) == []


def test_a_name_that_is_nearly_a_colleagues_is_refused(ws: Workspace) -> None:
    refused = ask(StartBook(ws), "assign", accounts=versions(ws, "다온"), to="A n n")
    assert (refused["kind"], refused["code"]) == ("refused", "staff.close")


def test_accounts_that_somebody_else_assigned_in_between_are_not_taken(ws: Workspace) -> None:
    seen = versions(ws, "다온", "가온물산")
    with open_workspace(ws.path, actor="lee", clock=ws.ledger.clock) as other:
        other.assign(["다온"], "sue")
    refused = ask(StartBook(ws), "assign", accounts=seen, to="ann")
    assert (refused["kind"], refused["code"]) == ("refused", "assign.changed")
    assert "다온" in refused["text"]["ko"]
    assert "가온물산" not in refused["text"]["ko"]
    assert {each.name: each.owner_id for each in ws.ledger.as_of(Account)}["다온"] == "sue"


def test_a_version_that_nobody_can_have_seen_assigns_nothing(ws: Workspace) -> None:
    seen = dict.fromkeys(versions(ws, "다온"), 9)
    refused = ask(StartBook(ws), "assign", accounts=seen, to="ann")
    assert (refused["kind"], refused["code"]) == ("refused", "edit.base_ahead")


def test_another_change_in_between_does_not_stop_assigning(ws: Workspace) -> None:
    seen = versions(ws, "다온")
    ws.ledger.save([Change("account", "C", {"region": "부산"})])
    done = ask(StartBook(ws), "assign", accounts=seen, to="ann")
    assert [(each["region"], each["owner"]) for each in done["accounts"] if each["id"] == "C"] == [("부산", "ann")]


@pytest.mark.parametrize(
    "body", [{"accounts": {}, "to": "ann"}, {"accounts": {"C": 1}, "to": ""}, {"accounts": ["C"], "to": "ann"}]
)
def test_an_assignment_without_accounts_or_colleague_is_refused(ws: Workspace, body: dict[str, Any]) -> None:
    assert ask(StartBook(ws), "assign", **body)["kind"] == "refused"


# This week --------------------------------------------------------------------------------------------------------------


def test_coaching_is_due_open_or_held_and_the_longest_wait_comes_first() -> None:
    def held(rep: str, week: str, closed: int = 1) -> Session:
        row: dict[str, Any] = dict.fromkeys(Session.__dataclass_fields__)
        return Session(**{**row, "id": f"{rep}{week}", "rep_id": rep, "week": week, "closed": closed})

    sessions = [held("a", "2026-W48"), held("b", "2026-W48", 0), held("b", "2026-W46"), held("c", "2026-W45")]
    lines = coached_reps(sessions, {rep: rep.upper() for rep in "abcd"}, "2026-W48")
    assert [(each["id"], each["state"], each["last"]) for each in lines] == [
        ("d", "due", ""),
        ("c", "due", "2026-W45"),
        ("b", "open", "2026-W46"),
        ("a", "held", "2026-W48"),
    ]


def test_who_left_is_who_was_recorded_this_week_with_the_positions_it_touches(ws: Workspace, clock: Clock) -> None:
    ws.edit_slot("A", "ceo", holder="홍길동")
    ws.end_employment("김하나", "A", kind="retired")
    clock.at += 7 * DAY
    monday = clock.at
    assert this_week(ws)["left"] == []
    ws.end_employment("홍길동", "A", kind="left")
    clock.at += 1000
    # A correction this week of what was recorded last week is no new departure.
    ws.ledger.save([Change("employment", "em_2", {"ended_on": "2026-11-20"})])
    gone = left_since(ws, monday)
    assert [(each["name"], each["account_name"], each["end_kind"]) for each in gone] == [("홍길동", "가온물산", "left")]
    assert [role["en"] for role in gone[0]["roles"]] == ["CEO"]


def test_answers_are_awaited_from_those_who_have_not_answered(ws: Workspace) -> None:
    ws.ledger.save([Change("staff", "han", {"name": "한동석", "function": "manager"})])
    draft = ws.coaching.commitments.draft_from_gap("A", "ceo")
    made = ws.coaching.commitments.add(replace(draft, owner="han"))
    week = this_week(ws)
    assert [(each["name"], each["n"]) for each in week["awaited"]] == [("한동석", 1)]
    assert (week["open"], week["today"]) == (1, "2026-11-25")
    start = ask(StartBook(ws), "hello")
    assert {each["id"]: each["awaited"] for each in start["links"]}["han"] == 1
    ws.coaching.commitments.accept(made.id)
    assert this_week(ws)["awaited"] == []


# Links and reports ------------------------------------------------------------------------------------------------------


def test_the_links_are_those_of_the_command_line_without_people_who_left(ws: Workspace) -> None:
    assert {each["url"] for each in ask(StartBook(ws), "hello")["links"]} == {""}
    server = keep_server(ws.path)
    ws.ledger.save([Change("staff", "bob", {"ended_on": "2026-11-01"})])
    shown = {each["id"]: each["url"] for each in ask(StartBook(ws), "hello")["links"]}
    assert shown == {each.person: each.url for each in personal_links(ws, server)}
    assert "bob" not in shown
    assert "/start.ipynb?" in shown["lee"]


@pytest.mark.parametrize(
    ("person", "may_share"), [("lee", True), ("han", True), ("ann", False), ("sue", False), ("top", False)]
)
def test_coaches_and_managers_hand_out_links(ws: Workspace, person: str, may_share: bool) -> None:
    ws.ledger.save(LEADERS)
    link = {"person": person, "signature": sign(keep_server(ws.path).secret, person)}
    start = ask(StartBook(ws), "hello", link=link)
    assert (start["may_share"], bool(start["links"])) == (may_share, may_share)


def test_proposals_that_wait_for_a_yes_are_shown_until_somebody_answers(ws: Workspace) -> None:
    assert ask(StartBook(ws), "hello")["proposals"] == []
    account = ws.ledger.as_of(Account)[0]
    ws.edit_slot(account.id, "ceo", proposed="not_applicable", proposed_why="a branch")
    [line] = ask(StartBook(ws), "hello")["proposals"]
    assert (line["account"], line["role"], line["why"]) == (account.id, "ceo", "a branch")
    ws.edit_slot(account.id, "ceo", proposed=None)
    assert ask(StartBook(ws), "hello")["proposals"] == []


def test_copies_of_an_earlier_version_are_counted(new: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(StartBook(new), "hello")["n_older_copies"] == 0
    hashes = {"templates/playbooks.yml": frozenset({hashlib.sha256(b"as shipped").hexdigest()})}
    monkeypatch.setattr(copies, "earlier_hashes", lambda: hashes)
    (new.path / "templates/playbooks.yml").write_bytes(b"as shipped")
    (new.path / "templates/roles/general.yml").write_bytes(b"changed by us")
    assert ask(StartBook(new), "hello")["n_older_copies"] == 1


def test_reports_are_listed_the_newest_week_first_and_shown_only_by_their_names(ws: Workspace) -> None:
    for week in ("2026-W46", "2026-W47"):
        folder = ws.path / "reports" / week
        folder.mkdir(parents=True)
        entry = '{"title": "%s", "as_of": "", "files": {}, "facts": {}, "identity": {"week": "", "lang": "", "version": "", "template": "", "inputs": "", "name": "", "title": ""}}'
        reports = f'"ann": {entry % "앤"}, "team": {entry % "팀"}'
        (folder / "manifest.json").write_text(f'{{"reports": {{{reports}}}}}', encoding="utf-8")
        (folder / "team.html").write_text(f"<p>{week}</p>", encoding="utf-8")
    book = StartBook(ws)
    reports = ask(book, "hello")["reports"]
    assert [each["week"]["week"] for each in reports] == ["2026-W47", "2026-W46"]
    assert [page["title"] for page in reports[0]["pages"]] == ["팀", "앤"]
    assert ask(book, "report", week="2026-W46", name="team")["text"] == "<p>2026-W46</p>"
    for week, name in (("2026-W46", "../../coverage-kit"), ("2026-W46", "ann"), ("2026-W46", "bob"), ("..", "team")):
        assert ask(book, "report", week=week, name=name)["kind"] == "refused"


def test_the_due_weeks_reports_are_made_with_progress_and_then_listed(ws: Workspace) -> None:
    book = StartBook(ws)
    pushed: list[tuple[int, int]] = []
    book.push = lambda progress: pushed.append((progress["done"], progress["total"]))
    assert ask(book, "hello")["due"]["week"] == "2026-W48", "a team's first week"
    made = ask(book, "make_reports")
    assert (made["kind"], pushed) == ("start", [(0, 3), (1, 3), (2, 3), (3, 3)])
    assert [len(each["pages"]) for each in made["reports"]] == [3]
    assert "<html" in ask(book, "report", week="2026-W48", name="team")["text"]


def test_a_report_that_fails_is_named(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> BatchResult:
        return BatchResult(made=["team.html"], failed=[{"rep": "bob", "reason": "x"}])

    monkeypatch.setattr("coverage_kit.workbook.model.start.report_week", fail)
    refused = ask(StartBook(ws), "make_reports")
    assert refused["text"]["en"].startswith("1 of 2 reports could not be made: bob.")


def test_before_there_is_a_rep_no_report_is_due(new: Workspace) -> None:
    assert ask(StartBook(new), "hello")["due"] is None
    assert ask(StartBook(new), "make_reports")["code"] == "report.no_reps"

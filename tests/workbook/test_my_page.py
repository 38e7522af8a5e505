"""A colleague's own page: what is asked, owed and decided there; the sample's leaders, and people of support."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from coverage_kit import init_workspace, open_workspace
from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.sample import fill_workspace
from coverage_kit.store import Change
from coverage_kit.store.entities import Person, Staff
from coverage_kit.workbook.model.my_page import MyBook
from coverage_kit.workbook.model.rep import RepBook
from coverage_kit.workspace import Workspace


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up team of three reps, made once."""
    path = tmp_path_factory.mktemp("mine") / "team"
    with init_workspace(path, lang="ko", actor="coach") as made:
        fill_workspace(made, n_reps=3, n_accounts=45, n_weeks=8)
    return path


@pytest.fixture
def sample(filled: Path, tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(shutil.copytree(filled, tmp_path / "ws"), actor="coach") as ws:
        yield ws


def one_of(ws: Workspace, function: StaffFunction) -> str:
    return next(row.id for row in ws.ledger.as_of(Staff) if row.function == function)


def page_of(ws: Workspace, who: str) -> MyBook:
    ws.ledger.actor = who
    return MyBook(ws, who)


def ask(book: MyBook, kind: str, **body: Any) -> dict[str, Any]:
    response: Any = book.handle({"kind": kind, "seq": 1, **body})
    return dict(response)


def asked_of(ws: Workspace, who: str, account: str) -> str:
    """A request to a colleague, made by the coach."""
    work = ws.coaching.commitments
    draft = work.draft_help(
        ws.reps()[0], who, action="연구소장께 함께 인사드리기", scope=f"test:{account}", account=account
    )
    return work.add(draft, confirmed=True).id


def an_account(ws: Workspace) -> str:
    return str(ws.slots()["account"].astype(object).iloc[0])


def test_each_function_gets_the_page_that_belongs_to_it(sample: Workspace) -> None:
    views = {}
    for function in StaffFunction:
        sample.ledger.save([Change("staff", f"x.{function}", {"name": function.title(), "function": function.value})])
        shown = ask(page_of(sample, f"x.{function}"), "hello")
        views[function.value] = (shown["view"], shown["must_win"] is not None, shown["pushed"] is not None)
    leader, helper = (True, True), (False, False)
    assert views == {
        "rep": ("helper", *helper), "manager": ("leader", *leader), "executive": ("executive", *leader),
        "support": ("helper", *helper), "service": ("helper", *helper), "coach": ("helper", *helper),
    }  # fmt: skip


def test_a_manager_accepts_hands_on_declines_settles_and_moves(sample: Workspace) -> None:
    manager, executive = one_of(sample, StaffFunction.MANAGER), one_of(sample, StaffFunction.EXECUTIVE)
    account = an_account(sample)
    ids = [
        asked_of(sample, manager, account)
        for account in list(dict.fromkeys(sample.slots()["account"].astype(object)))[:3]
    ]
    book = page_of(sample, manager)

    def mine(part: str) -> dict[str, dict[str, Any]]:
        return {each["id"]: each for each in ask(book, "hello")[part]}

    first, second, third = ids
    assert set(ids) <= set(mine("asked"))
    assert mine("asked")[first]["climbs_to"]
    assert "연구소장께" in mine("asked")[first]["task"]["ko"]
    day = sample.today().isoformat()
    assert ask(book, "accept", commitment=first, version=1, due_on=day, edit_id="ed_a")["kind"] == "mine"
    assert ask(book, "accept", commitment=first, version=1, due_on=day, edit_id="ed_a")["kind"] == "mine"
    assert mine("open")[first]["due_on"] == day
    assert ask(book, "hand_on", commitment=second, version=1, to=executive, edit_id="ed_b")["kind"] == "mine"
    assert second in {each["id"] for each in ask(page_of(sample, executive), "hello")["asked"]}
    book = page_of(sample, manager)
    assert ask(book, "decline", commitment=third, version=1, reason=" ", edit_id="ed_c")["code"] == "commitment.decline"
    assert ask(book, "decline", commitment=third, version=1, reason="출장 중", edit_id="ed_c")["kind"] == "mine"
    assert not {second, third} & set(mine("asked"))
    done = ask(book, "settle", commitment=first, version=2, outcome="kept", edit_id="ed_d")
    assert first not in {each["id"] for each in done["open"]}
    assert ask(book, "undo", undoes=done["edit_id"], edit_id="ed_e")["kind"] == "mine"
    assert first in mine("open")
    assert sample.ledger.history(type(sample.coaching.commitments._row(first)), first)[-1].actor == manager
    assert account


def test_an_answer_to_a_request_that_changed_meanwhile_is_refused(sample: Workspace) -> None:
    manager, executive = one_of(sample, StaffFunction.MANAGER), one_of(sample, StaffFunction.EXECUTIVE)
    one = asked_of(sample, manager, an_account(sample))
    sample.coaching.commitments.hand_on(one, executive)
    refused = ask(page_of(sample, manager), "hand_on", commitment=one, version=1, to=sample.reps()[0], edit_id="ed_x")
    assert refused["kind"] == "refused"
    assert sample.coaching.commitments.get(one).owner == executive


def test_a_request_without_an_answer_climbs_when_a_page_opens_and_both_pages_say_so(sample: Workspace) -> None:
    manager, executive = one_of(sample, StaffFunction.MANAGER), one_of(sample, StaffFunction.EXECUTIVE)
    work = sample.coaching.commitments
    work.climb()
    draft = work.draft_help(sample.reps()[0], manager, action="함께 인사드리기", scope="test:climbs")
    one = work.add(draft, confirmed=True).id
    days = (draft.due_on - sample.today()).days + 2
    clock = sample.ledger.clock
    sample.ledger.clock = lambda: clock() + days * 86_400_000
    before = ask(page_of(sample, manager), "hello")
    assert one not in {each["id"] for each in before["asked"]}
    gone = next(each for each in before["climbed"] if each["commitment"] == one)
    names = {row.id: row.name for row in sample.ledger.as_of(Staff)}
    assert (gone["to"], gone["on"]) == (names[executive], sample.today().isoformat())
    came = next(each for each in ask(page_of(sample, executive), "hello")["asked"] if each["id"] == one)
    assert (came["came"]["kind"], came["came"]["before"]) == ("climbed", names[manager])
    assert sample.coaching.commitments.get(one).version == 2


def test_no_request_names_a_rep(sample: Workspace) -> None:
    names = {row.name for row in sample.ledger.as_of(Staff) if row.function == StaffFunction.REP}
    for function in (StaffFunction.MANAGER, StaffFunction.EXECUTIVE):
        shown = ask(page_of(sample, one_of(sample, function)), "hello")
        said = json.dumps([shown[part] for part in ("overdue", "asked", "open", "doors", "pushed")], ensure_ascii=False)
        assert not [name for name in names if name and name in said]


def test_an_executive_sees_teams_and_no_rep_by_name_nor_what_anybody_thinks(sample: Workspace) -> None:
    shown = ask(page_of(sample, one_of(sample, StaffFunction.EXECUTIVE)), "hello")
    assert len(shown["doors"]) <= 1 >= len(shown["pushed"]["waiting"])
    managers = {row.id for row in sample.ledger.as_of(Staff) if row.function == StaffFunction.MANAGER}
    assert {each["id"] for each in shown["focus"]} <= managers
    assert shown["thin"]
    # Which accounts must be won is for the managers to choose.
    assert shown["must_win"] is None
    text = json.dumps(shown, ensure_ascii=False)
    reps = [row.name for row in sample.ledger.as_of(Staff) if row.function == StaffFunction.REP]
    assert not [name for name in reps if name and name in text]
    # The same search finds the reps on their manager's page.
    managers_page = ask(page_of(sample, one_of(sample, StaffFunction.MANAGER)), "hello")
    assert [name for name in reps if name and name in json.dumps(managers_page["focus"], ensure_ascii=False)]
    assert "negative" not in text
    assert "favorable" not in text


def test_the_focus_of_a_team_is_the_sum_of_its_reps(sample: Workspace) -> None:
    manager = one_of(sample, StaffFunction.MANAGER)
    by_rep = ask(page_of(sample, manager), "hello")["focus"]
    slots = sample.slots()
    own = slots.loc[slots["focus"] & slots["counted"]]
    assert sum(each["required"] for each in by_rep) == len(own)
    assert sum(each["known"] for each in by_rep) == int(own["known"].sum())
    team = ask(page_of(sample, one_of(sample, StaffFunction.EXECUTIVE)), "hello")["focus"]
    assert sum(each["known"] for each in team) == int(own["known"].sum())


def test_an_account_is_starred_from_a_search_and_shows_whom_we_do_not_know(sample: Workspace) -> None:
    book = page_of(sample, one_of(sample, StaffFunction.MANAGER))
    before = ask(book, "hello")["must_win"]["accounts"]
    chosen = {each["account"] for each in before}
    slots = sample.slots()
    name = slots.loc[~slots["account"].isin(chosen), "account_name"].iloc[0]
    found = ask(book, "find_mine", text=name[:2])["accounts"]
    assert name in {each["name"] for each in found}
    one = next(each for each in found if each["name"] == name)
    shown = ask(book, "star", account=one["id"], on=True, edit_id="ed_s")["must_win"]["accounts"]
    [added] = [each for each in shown if each["account"] not in chosen]
    assert (added["account_name"], len(shown)) == (name, len(before) + 1)
    assert added["unknown"]
    assert ask(book, "find_mine", text=name)["accounts"][0]["chosen"]
    left = ask(book, "star", account=one["id"], on=False, edit_id="ed_t")["must_win"]["accounts"]
    assert [each["account"] for each in left] == [each["account"] for each in before]


def test_a_page_that_stays_open_shows_what_a_fresh_one_does(sample: Workspace) -> None:
    """It keeps the history between presses, and reads only what was recorded since."""
    manager, executive = one_of(sample, StaffFunction.MANAGER), one_of(sample, StaffFunction.EXECUTIVE)
    books = {who: page_of(sample, who) for who in (manager, executive)}
    slots = sample.slots()
    held = slots.loc[slots["employment"].notna() & ~slots["gone"] & slots["counted"]].astype(object).iloc[0]
    account, role = str(held["account"]), str(held["role"])
    acts: list[Callable[[], object]] = [
        lambda: asked_of(sample, manager, account),
        lambda: ask(books[manager], "star", account=account, on=True, edit_id="ed_star"),
        lambda: sample.edit_slot(account, role, disposition="negative"),
        lambda: sample.end_employment(str(held["person"]), account, kind="left"),
        lambda: sample.roles.apply([], removed=["pharma"], why="a test"),
    ]
    for act in acts:
        act()
        for who, book in books.items():
            assert ask(book, "hello") == ask(page_of(sample, who), "hello")


def test_an_hour_is_protected_in_a_calendar_entry_of_one_hour_on_a_working_day(
    sample: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager = one_of(sample, StaffFunction.MANAGER)
    work = sample.coaching.commitments
    rep = sample.coaching.leaders.reps_of(manager)[0]
    account = sample.slots(rep=rep)["account"].astype(object).iloc[0]
    role = next(iter(sample.slots(rep=rep).loc[lambda f: f["account"] == account, "role"].astype(object)))
    made = work.add(work.draft_from_gap(account, role), confirmed=True)
    work.settle(made.id, "not_kept", reason="pushed_aside")
    shown = ask(page_of(sample, manager), "decide", commitment=made.id, decision="hour", edit_id="ed_h")
    entry = next(iter(Calendar.from_ical(shown["file"]["text"]).walk("VEVENT")))
    begins = entry.decoded("dtstart").astimezone(sample.zone)
    assert entry.decoded("duration").total_seconds() == 3600
    assert (begins.weekday() < 5, begins.hour, begins.date() > sample.today()) == (True, 10, True)
    # It stands in the manager's name.
    name = next(row.name for row in sample.ledger.as_of(Staff) if row.id == manager)
    assert name in entry["summary"]
    assert "organizer" not in entry
    # The rep's page says so, and has the same entry, with an organizer once the config knows the manager's address.
    addressed = sample.config.mail.model_copy(update={"addresses": {manager: "han@ours.example"}})
    with monkeypatch.context() as patch:
        patch.setattr(sample, "config", sample.config.model_copy(update={"mail": addressed}))
        decided = ask(RepBook(sample, rep), "commitments")["decided"]
    [one] = [each for each in decided if each["commitment"] == made.id]
    assert (one["decision"], one["by"], one["on"]) == ("hour", name, sample.today().isoformat())
    kept = next(iter(Calendar.from_ical(one["file"]["text"]).walk("VEVENT")))
    assert (kept["uid"], kept["dtstart"].dt) == (entry["uid"], entry["dtstart"].dt)
    assert (str(kept["organizer"]), kept["organizer"].params["CN"]) == ("mailto:han@ours.example", name)
    assert (
        ask(page_of(sample, manager), "decide", commitment=made.id, decision="drop", edit_id="ed_i")["kind"]
        == "refused"
    )


def test_support_is_asked_about_the_people_it_meets_and_answers_with_one_press(sample: Workspace) -> None:
    sample.ledger.save([Change("staff", "help", {"name": "Help", "function": "support"})])
    slots = sample.slots()
    held = slots.loc[slots["employment"].notna() & ~slots["gone"] & slots["counted"]].drop_duplicates("person").head(7)
    for account, role in zip(held["account"].astype(object), held["role"].astype(object), strict=True):
        sample.edit_slot(account, role, representative="help", can_meet=True, can_deliver=True, verified_on=None)
    book = page_of(sample, "help")
    people = ask(book, "hello")["people"]
    assert len(people) == 5
    one, two = people[:2]
    there = {"person": one["person"], "on": sample.today().isoformat(), "how": "meeting", "roles": one["roles"]}
    shown = ask(book, "edit", field="verified", account=one["account"], role="", value=there, edit_id="ed_1")
    assert one["person"] not in {each["person"] for each in shown["people"]}
    gone = {"person": two["person"], "kind": "left", "version": two["version"]}
    shown = ask(book, "edit", field="ended", account=two["account"], role="", value=gone, edit_id="ed_2")
    assert two["person"] not in {each["person"] for each in shown["people"]}
    three = shown["people"][0]
    heard = {"person": three["person"], "kind": "need", "text": "도면을 미리 받고 싶다"}
    assert (
        ask(book, "edit", field="voice", account=three["account"], role="", value=heard, edit_id="ed_3")["kind"]
        == "mine"
    )
    next_one = {"person": three["person"], "kind": "left", "version": three["version"], "successor": "문가람"}
    shown = ask(book, "edit", field="ended", account=three["account"], role="", value=next_one, edit_id="ed_4")
    assert shown["kind"] == "mine"
    now = sample.slots().set_index(["account", "role"]).loc[[(three["account"], role) for role in three["roles"]]]
    assert set(now["holder"]) == {"문가람"}
    searches = [each.scope for each in sample.coaching.commitments.find(account=three["account"])]
    assert not [scope for scope in searches if scope and three["person"] in scope]
    voices = sample.coaching.voices.find(account=three["account"])
    assert "도면을 미리 받고 싶다" in [each.body for each in voices]
    assert sample.ledger.find(Person, one["person"])


def test_support_is_asked_about_the_oldest_checks_where_none_is_due_and_not_about_recent_ones(
    sample: Workspace,
) -> None:
    sample.ledger.save([Change("staff", "help", {"name": "Help", "function": "support"})])
    slots = sample.slots()
    held = slots.loc[slots["employment"].notna() & ~slots["gone"] & slots["counted"]].drop_duplicates("person").head(3)
    places = zip(held["account"].astype(object), held["role"].astype(object), (40, 27, 60), strict=True)
    for account, role, days in places:
        day = sample.today() - timedelta(days=days)
        sample.edit_slot(account, role, representative="help", can_meet=True, can_deliver=True, verified_on=day)
    people = ask(page_of(sample, "help"), "hello")["people"]
    assert [each["age_days"] for each in people] == [60, 40]


def test_a_line_about_how_work_went_reaches_the_commitment(sample: Workspace) -> None:
    manager = one_of(sample, StaffFunction.MANAGER)
    kept, not_kept = (asked_of(sample, manager, account) for account in sample.slots()["account"].unique()[:2])
    book = page_of(sample, manager)
    ask(book, "settle", commitment=kept, version=1, outcome="kept", note="10일에 함께 뵈었다", edit_id="ed_k")
    why = {"outcome": "not_kept", "reason": "not_there", "note": "출장 중이셨다"}
    ask(book, "settle", commitment=not_kept, version=1, **why, edit_id="ed_n")
    work = sample.coaching.commitments
    assert (work.get(kept).outcome_note, work.get(not_kept).outcome_note) == ("10일에 함께 뵈었다", "출장 중이셨다")


def test_a_workspace_without_colleagues_says_what_to_do(tmp_path: Path) -> None:
    with init_workspace(tmp_path / "new", lang="en", actor="coach") as ws:
        assert "import them" in ask(MyBook(ws), "hello")["text"]["en"]

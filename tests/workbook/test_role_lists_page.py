"""A coach says who must be known: what the page asks of its model, and what that writes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from coverage_kit import init_workspace, open_workspace
from coverage_kit.cli import cli
from coverage_kit.errors import BadInput
from coverage_kit.store.entities import Account, Offering, Template
from coverage_kit.workbook.model.role_lists import RoleListBook
from coverage_kit.workspace import Workspace

HOUR = 3_600_000
ACCOUNTS = "key,name,industry,segment,region,value,owner\nA,Alpha,제조,대기업,서울,,ann\nB,Beta,Banking,,부산,,ann\n"


class Clock:
    """An hour later at each look."""

    def __init__(self) -> None:
        self.at = 1_790_000_000_000

    def __call__(self) -> int:
        self.at += HOUR
        return self.at


def with_two_accounts(folder: Path) -> Workspace:
    made = init_workspace(folder / "ws", lang="ko", clock=Clock(), actor="coach.lee")
    path = folder / "accounts.csv"
    path.write_text(ACCOUNTS, encoding="utf-8")
    made.import_file("accounts", path)
    return made


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with with_two_accounts(tmp_path) as made:
        yield made


@pytest.fixture
def ask(ws: Workspace) -> Callable[..., dict[str, Any]]:
    """Send one message as the page does."""
    book = RoleListBook(ws)

    def send(kind: str, **body: Any) -> dict[str, Any]:
        return dict(book.handle({"kind": kind, "seq": 1, **body}))

    return send


Ask = Callable[..., dict[str, Any]]


def a_list(ask: Ask, key: str = "general") -> dict[str, Any]:
    """A list in force, as the page takes it up to change it."""
    found: dict[str, Any] = next(each for each in ask("hello")["lists"] if each["key"] == key)
    return found


def a_role(key: str, title: str = "", **more: Any) -> dict[str, Any]:
    words = {"ko": title or key, "en": ""}
    return {"key": key, "title": words, "level": "manager", "function": "other", "value": words, **more}


def new_list(**more: Any) -> dict[str, Any]:
    made = {"key": "yards", "version": 0, "title": {"ko": "조선", "en": ""}, "kind": "base", "freshness_days": 180}
    return {**made, "roles": [a_role("yard_head", "야드장")], "applies_to": {"industries": ["manufacturing"]}, **more}


def test_the_page_shows_the_lists_whom_they_apply_to_and_what_accounts_hold(ask: Ask) -> None:
    shown = ask("hello")
    assert shown["kind"] == "role_lists"
    assert (shown["seq"], shown["n_accounts"]) == (1, 2)
    assert shown["under"]["manufacturing_equipment"] == {"n": 1, "names": ["Alpha"]}
    assert shown["under"]["bank_insurance"]["n"] == 1
    assert shown["values"]["industries"] == ["Banking", "제조"]
    assert [each["key"] for each in shown["lists"] if each["default"]] == ["general"]
    assert {each["key"] for each in shown["library"]} >= {each["key"] for each in shown["lists"]}
    assert {each["is_draft"] for each in shown["lists"]} == {True}


def test_a_changed_list_is_no_draft_of_the_library_any_more(ask: Ask) -> None:
    one = a_list(ask)
    saved = ask("apply", lists=[{**one, "roles": one["roles"][:3]}], why="few are enough", unused=True)
    assert not next(each for each in saved["lists"]["lists"] if each["key"] == "general")["is_draft"]


def test_accounts_are_counted_while_conditions_are_typed_and_nothing_is_written(ws: Workspace, ask: Ask) -> None:
    last = ws.ledger.last_at()
    under = ask("match", lists=[new_list(title={"ko": "", "en": ""}, roles=[])])["under"]
    assert (under["yards"], under["manufacturing_equipment"]["n"]) == ({"n": 1, "names": ["Alpha"]}, 1)
    assert ask("match", lists=[new_list(applies_to={"regions": ["부산", "대구"]})])["under"]["yards"]["names"] == [
        "Beta"
    ]
    without = ask("match", removed=[{"key": "bank_insurance", "version": 1}])["under"]
    assert "bank_insurance" not in without
    assert without["general"]["names"] == ["Beta"]
    assert ws.ledger.last_at() == last


def test_a_preview_says_what_apply_then_does(ws: Workspace, ask: Ask) -> None:
    one = a_list(ask, "bank_insurance")
    role = one["roles"][0]
    ws.edit_slot("B", role["key"], holder="김은행", verified_on=ws.today(), verified_how="call")
    last = ws.ledger.last_at()
    shorter = {**one, "roles": one["roles"][1:]}
    shown = ask("preview", lists=[shorter])
    assert (shown["problems"], shown["changed"], shown["n_accounts"]) == ([], ["bank_insurance"], 1)
    assert (shown["before"]["required"], shown["after"]["required"]) == (12, 11)
    assert (shown["before"]["known"], shown["after"]["known"]) == (1, 0)
    assert shown["leaving"] == [{"account": "Beta", "role": role["title"]}]
    assert ws.ledger.last_at() == last
    saved = ask("apply", lists=[shorter], why="the head office decides", edit_id="ed_one")
    assert (saved["kind"], saved["edit_id"]) == ("saved", "ed_one")
    assert ws.status()["team"]["required"] == 12 + 11


def test_an_apply_is_one_edit_with_author_and_reason_and_is_taken_back(ws: Workspace, ask: Ask) -> None:
    one = a_list(ask, "bank_insurance")
    gone, kept = one["roles"][0], one["roles"][1:]
    saved = ask("apply", lists=[{**one, "roles": [*kept, a_role("esg", "ESG팀장")]}], why="new law", edit_id="ed_one")
    entry = saved["lists"]["history"][0]
    assert (entry["edit_id"], entry["actor"], entry["why"]) == ("ed_one", "coach.lee", "new law")
    assert entry["changes"] == [
        {
            "title": one["title"],
            "act": "changed",
            "roles_added": [{"ko": "ESG팀장", "en": "ESG팀장"}],
            "roles_removed": [gone["title"]],
            "parts": [],
        }
    ]
    undone = ask("undo", undoes="ed_one", edit_id="ed_two")
    assert a_list(ask, "bank_insurance")["roles"] == one["roles"]
    assert "ed_one" not in {each["edit_id"] for each in undone["lists"]["history"]}
    again = ask("undo", undoes="ed_two", edit_id="ed_three")
    assert again["lists"]["history"][0]["edit_id"] == "ed_one"


def test_an_act_that_the_page_sends_again_is_written_once(ws: Workspace, ask: Ask) -> None:
    acts = [
        ("apply", {"lists": [new_list()], "why": "we build ships", "edit_id": "ed_a"}),
        ("apply", {"removed": [{"key": "yards", "version": 1}], "why": "no more", "edit_id": "ed_b"}),
        ("pin", {"account": "B", "lists": ["general"], "why": "a holding", "version": 1, "edit_id": "ed_c"}),
        ("add_offering", {"ko": "원격 점검", "en": "Remote check", "edit_id": "ed_d"}),
    ]
    for kind, body in acts:
        assert ask(kind, **body)["kind"] == "saved", kind
        last = ws.ledger.last_at()
        assert ask(kind, **body)["kind"] == "saved", kind
        assert ws.ledger.last_at() == last, kind


def test_a_removed_list_leaves_its_accounts_to_the_default(ws: Workspace, ask: Ask) -> None:
    version = a_list(ask, "bank_insurance")["version"]
    removed = [{"key": "bank_insurance", "version": version}]
    shown = ask("preview", removed=removed)
    assert shown["n_accounts"] == 1
    saved = ask("apply", removed=removed, why="we left that market", edit_id="ed_one")
    assert saved["lists"]["under"]["general"]["names"] == ["Beta"]
    assert saved["lists"]["history"][0]["changes"][0]["act"] == "removed"
    ask("undo", undoes="ed_one", edit_id="ed_two")
    assert ask("hello")["under"]["bank_insurance"]["names"] == ["Beta"]


def test_a_list_that_somebody_changed_since_is_not_overwritten(ws: Workspace, ask: Ask) -> None:
    one = a_list(ask, "bank_insurance")
    ask("apply", lists=[{**one, "roles": one["roles"][:5]}], why="theirs")
    last = ws.ledger.last_at()
    refused = ask("apply", lists=[{**one, "roles": one["roles"][5:]}], why="mine")
    assert (refused["kind"], refused["code"]) == ("refused", "edit.conflict")
    refused = ask("apply", removed=[{"key": one["key"], "version": one["version"]}], why="mine")
    assert (refused["kind"], refused["code"]) == ("refused", "roles.changed")
    assert ws.ledger.last_at() == last


def test_an_apply_is_taken_back_though_another_list_was_applied_since(ws: Workspace, ask: Ask) -> None:
    bank, general = a_list(ask, "bank_insurance"), a_list(ask)
    ask("apply", lists=[{**bank, "freshness_days": 90}], why="theirs", edit_id="ed_bank")
    ask("apply", lists=[{**general, "freshness_days": 120}], why="mine", edit_id="ed_general")
    assert ask("undo", undoes="ed_bank", edit_id="ed_back")["kind"] == "saved"
    assert [a_list(ask, key)["freshness_days"] for key in ("bank_insurance", "general")] == [180, 120]
    assert next((each.edit_id, each.why) for each in ws.roles.history()) == ("ed_general", "mine")
    assert "ed_bank" not in {each.edit_id for each in ws.roles.history()}
    assert ask("undo", undoes="ed_back", edit_id="ed_again")["kind"] == "saved"
    assert a_list(ask, "bank_insurance")["freshness_days"] == 90
    assert {each.edit_id for each in ws.roles.history()} >= {"ed_bank", "ed_general"}


def test_an_apply_of_which_something_was_changed_since_stays_and_says_so_without_names_of_columns(
    ws: Workspace, ask: Ask
) -> None:
    one = a_list(ask, "bank_insurance")
    ask("apply", lists=[{**one, "freshness_days": 90}], why="first", edit_id="ed_one")
    ask("apply", lists=[{**a_list(ask, "bank_insurance"), "freshness_days": 60}], why="then", edit_id="ed_two")
    last = ws.ledger.last_at()
    for refused in (ask("undo", undoes="ed_one"), ask("apply", lists=[one], why="too late")):
        assert (refused["kind"], refused["code"]) == ("refused", "edit.conflict")
        assert refused["text"]["en"].startswith("This was changed by somebody else.")
        assert refused["text"]["ko"].startswith("그사이 다른 사람이 바꿨습니다.")
    assert ws.ledger.last_at() == last


def test_the_lists_that_a_workspace_begins_with_are_not_taken_back_as_a_whole(ws: Workspace, ask: Ask) -> None:
    first = ask("hello")["history"][-1]["edit_id"]
    last = ws.ledger.last_at()
    refused = ask("undo", undoes=first)
    assert (refused["kind"], refused["code"]) == ("refused", "roles.no_default_left")
    with pytest.raises(BadInput, match="default"):
        ws.roles.undo(first)
    with pytest.raises(BadInput, match="default"):
        ws.undo(first)
    assert ws.ledger.last_at() == last


SAME = a_role("yard_head", "야드장")


@pytest.mark.parametrize(
    ("changed", "where", "said"),
    [
        ({"roles": []}, "roles", "needs at least one role"),
        ({"roles": [SAME, SAME]}, "roles.1.title", "in the list twice"),
        ({"roles": [SAME, {**SAME, "key": "other"}]}, "roles.1.title", "in the list twice"),
        (
            {
                "roles": [
                    a_role("a", "가", aliases={"ko": ["소장"], "en": []}),
                    a_role("b", "나", aliases={"ko": ["소 장"], "en": []}),
                ]
            },
            "roles.1.aliases",
            "'소 장' is a title of two roles here: 가 and 나",
        ),
        ({"roles": [a_role("a", "가", value={"ko": " ", "en": ""})]}, "roles.0.value", "what this role needs from us"),
        ({"roles": [a_role("a", "가" * 201)]}, "roles.0.title", "longer than 200"),
        ({"title": {"ko": "", "en": ""}}, "title", "Write a title"),
        ({"freshness_days": 0}, "freshness_days", "from 1 to 3650"),
        ({"applies_to": {"industries": ["no such industry"]}}, "applies_to", "applies to no account"),
        ({"applies_to": {}}, "applies_to", "applies to no account"),
        ({"default": True}, "default", "Two role lists are marked as the default"),
        ({"kind": "offering"}, "applies_to.offerings", "names the offerings"),
        (
            {
                "kind": "offering",
                "applies_to": {"offerings": ["enterprise_it"]},
                "roles": [a_role(f"r{n}", f"직책{n}") for n in range(5)],
            },
            "roles",
            "at most 4 roles",
        ),
    ],
)
def test_what_cannot_be_meant_is_said_beside_its_field_and_nothing_is_written(
    ws: Workspace, ask: Ask, changed: dict[str, Any], where: str, said: str
) -> None:
    last = ws.ledger.last_at()
    wrong = new_list(**changed)
    problems = ask("preview", lists=[wrong])["problems"]
    assert ("yards", where) in {(each["list"], each["where"]) for each in problems}
    (text,) = [each["text"] for each in problems if each["where"] == where]
    assert said in text["en"]
    assert text["ko"] != text["en"]
    assert ask("apply", lists=[wrong], why="a slip")["kind"] == "refused"
    assert ws.ledger.last_at() == last


def test_a_list_may_wait_for_its_accounts_if_the_coach_says_so(ask: Ask) -> None:
    waiting = new_list(applies_to={"industries": ["shipbuilding"]})
    assert ask("preview", lists=[waiting], unused=True)["problems"] == []
    assert ask("apply", lists=[waiting], unused=True, why="next year")["kind"] == "saved"


def test_the_default_is_changed_though_no_account_is_under_it_now(ask: Ask) -> None:
    assert ask("hello")["under"]["general"]["n"] == 0
    changed = [{**a_list(ask), "freshness_days": 120}]
    assert ask("preview", lists=changed)["problems"] == []
    assert ask("apply", lists=changed, why="four months")["kind"] == "saved"


def test_the_default_is_not_removed_before_another_list_takes_its_place(ask: Ask) -> None:
    removed = [{"key": "general", "version": a_list(ask)["version"]}]
    assert ask("preview", removed=removed)["problems"][0]["where"] == "default"
    other = {**a_list(ask, "small_business"), "default": True}
    assert ask("preview", removed=removed, lists=[other], unused=True)["problems"] == []


def test_an_apply_without_a_reason_is_refused(ws: Workspace, ask: Ask) -> None:
    last = ws.ledger.last_at()
    refused = ask("apply", lists=[new_list()], why=" ")
    assert (refused["kind"], refused["code"]) == ("refused", "roles.no_why")
    assert ws.ledger.last_at() == last


def test_a_title_in_one_language_stands_for_both(ask: Ask) -> None:
    ask("apply", lists=[new_list()], why="we build ships")
    assert a_list(ask, "yards")["title"] == {"ko": "조선", "en": "조선"}


def test_lists_leave_as_files_and_come_back_without_loss(ask: Ask) -> None:
    files = ask("files")["files"]
    assert {each["name"] for each in files} >= {"general.yml", "enterprise_it.yml"}
    for file in files:
        key = file["name"].removesuffix(".yml")
        read = ask("read_file", name=file["name"], text=file["text"])["list"]
        in_force = a_list(ask, key)
        assert {**read, "version": 0} == {
            **{name: value for name, value in in_force.items() if name != "is_draft"},
            "version": 0,
        }
    (only,) = ask("files", lists=[new_list()])["files"]
    assert only["name"] == "yards.yml"


def fewer_and_new_roles(one: dict[str, Any]) -> None:
    one["roles"] = [
        *one["roles"][2:],
        a_role("esg", "ESG팀장", aliases={"ko": ["지속가능경영팀장"], "en": ["ESG lead"]}),
    ]
    for role in one["roles"]:
        role["title"]["en"] = role["title"]["en"] or role["title"]["ko"]
        role["value"]["en"] = role["value"]["en"] or role["value"]["ko"]


def other_words_and_window(one: dict[str, Any]) -> None:
    one["title"] = {"ko": "은행·보험 2027", "en": 'Banks 2027: "core"'}
    one["freshness_days"] = 90
    one["roles"][0]["value"] = {"ko": "'예: 아니오' #1", "en": "no: yes"}
    one["roles"].reverse()


def other_accounts(one: dict[str, Any]) -> None:
    one["applies_to"] = {"industries": ["제조", "Banking"], "regions": ["부산", "서울"]}


def an_offering(one: dict[str, Any]) -> None:
    one["kind"], one["roles"] = "offering", one["roles"][:4]
    one["applies_to"] = {"offerings": ["enterprise_it", "New care plan"]}


@pytest.mark.parametrize("change", [fewer_and_new_roles, other_words_and_window, other_accounts, an_offering])
def test_a_file_applies_what_the_page_applies(
    ws: Workspace, ask: Ask, tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    one = a_list(ask, "bank_insurance")
    change(one)
    shown = ask("preview", lists=[one])
    assert ask("apply", lists=[one], why="our new standard", unused=True)["kind"] == "saved", shown

    (tmp_path / "files").mkdir()
    with with_two_accounts(tmp_path / "files") as other:
        home, file = other.path, tmp_path / "files/lists/bank_insurance.yml"

    def run(*words: str | Path) -> dict[str, Any]:
        result = CliRunner().invoke(cli, ["-w", str(home), "roles", *map(str, words), "--json"])
        assert result.exit_code == 0, result.output
        return dict(json.loads(result.output))

    run("export", file.parent)
    written = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(written)
    # JSON is YAML; it has no anchors for a value that stands twice.
    file.write_text(json.dumps(written, ensure_ascii=False, indent=1), encoding="utf-8")
    dry = run("apply", file, "--dry-run")
    assert {name: dry[name] for name in ("accounts", "required_before", "required_after", "checks_a_week")} == {
        "accounts": shown["n_accounts"],
        "required_before": shown["before"]["required"],
        "required_after": shown["after"]["required"],
        "checks_a_week": shown["after"]["checks_a_week"],
    }
    assert dry["changed"] == shown["changed"] == ["bank_insurance"]
    assert run("apply", file, "--why", "our new standard", "--unused") == dry
    with open_workspace(home) as other:
        for entity, names in ((Template, ("id", "body", "source_hash")), (Offering, ("id", "name", "active"))):
            assert other.ledger.columns(entity, names) == ws.ledger.columns(entity, names)
        assert other.slots().equals(ws.slots())
        assert other.status()["team"] == ws.status()["team"]
        (theirs, ours) = (each.roles.history()[0] for each in (other, ws))
        assert (theirs.why, theirs.changes) == (ours.why, ours.changes)


def test_a_file_that_is_no_list_is_refused_with_its_line(ask: Ask) -> None:
    refused = ask("read_file", name="../표.yml", text='key: "a"\ntitle: {ko: "가", en: "A"}\nkey: "b"\n')
    assert refused["kind"] == "refused"
    assert "표.yml, line 3" in refused["text"]["en"]


def test_lists_are_pinned_to_one_account_with_a_reason(ws: Workspace, ask: Ask) -> None:
    (found,) = ask("accounts", text="bet")["accounts"]
    assert (found["account"], found["lists"], found["pinned"]) == ("B", ["bank_insurance"], [])
    pinned = {"account": "B", "lists": ["manufacturing_equipment"], "version": found["version"]}
    assert ask("pin", **pinned, why=" ")["code"] == "roles.why"
    saved = ask("pin", **pinned, why="a bank's factory")
    (pin,) = saved["lists"]["pins"]
    assert (pin["lists"], pin["why"]) == (["manufacturing_equipment"], "a bank's factory")
    assert ask("pin", **{**pinned, "lists": ["general"]}, why="another")["code"] == "edit.conflict"
    saved = ask("pin", account="B", lists=[], version=pin["version"], edit_id="ed_off")
    assert saved["lists"]["pins"] == []
    ask("undo", undoes="ed_off")
    assert ws.ledger.find(Account, "B").pinned_lists == '["manufacturing_equipment"]'


def test_offerings_are_added_renamed_and_retired(ws: Workspace, ask: Ask) -> None:
    ask("add_offering", ko="원격 점검", en="Remote check")
    offering = next(each for each in ask("hello")["offerings"] if each["ko"] == "원격 점검")
    assert ask("add_offering", ko="원격점검", en="")["code"] == "offering.taken"
    assert ask("add_offering", ko=" ", en="")["kind"] == "refused"
    seen = {"key": offering["key"], "version": offering["version"]}
    ask("rename_offering", **seen, ko="원격 진단", en="Remote check")
    assert ask("rename_offering", **seen, ko="원격 관리", en="Remote check")["code"] == "edit.conflict"
    ask("retire_offering", **seen, active=False)
    row = ws.ledger.find(Offering, offering["key"])
    assert ("원격 진단" in row.name, row.active) == (True, 0)


def test_odd_messages_are_refused_and_write_nothing(ws: Workspace, ask: Ask) -> None:
    last = ws.ledger.last_at()
    odd = [
        {"kind": "apply", "lists": "all", "why": "x"},
        {"kind": "apply", "lists": [{"key": 5}], "why": "x"},
        {"kind": "preview", "lists": [{"roles": [{"title": {"ko": "\ud800"}}]}]},
        {"kind": "pin", "account": {}, "lists": None},
        {"kind": "retire_offering", "key": "enterprise_it", "active": "no"},
        {"kind": "read_file", "name": "a.yml", "text": "x" * 2_000_000},
        {"kind": "forget"},
    ]
    for message in odd:
        kind = message.pop("kind")
        assert ask(kind, **message)["kind"] == "refused", kind
    assert ws.ledger.last_at() == last

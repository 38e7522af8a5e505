"""A coach previews, applies and pins role lists, and keeps the list of offerings; each act is one edit."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_kit import init_workspace, open_workspace
from coverage_kit.cli import cli
from coverage_kit.domain.bilingual import Bilingual
from coverage_kit.domain.vocabulary import Level
from coverage_kit.errors import BadInput, Conflict, NotFound
from coverage_kit.exchange import read_role_list, write_role_lists
from coverage_kit.exchange.plan.import_plan import ImportPlan
from coverage_kit.exchange.role_list_files import role_list_yaml
from coverage_kit.measures import movement
from coverage_kit.role_list_acts import RoleListActs
from coverage_kit.role_lists.changes import (
    LIST_ACT_LABELS,
    LIST_PART_LABELS,
    OFFERING_ACT_LABELS,
    ListAct,
    ListPart,
    OfferingAct,
)
from coverage_kit.role_lists.model import CONDITION_LABELS, CONDITIONS, Aliases, Role, RoleList
from coverage_kit.store import Change
from coverage_kit.store.entities import Account
from coverage_kit.workspace import Workspace
from tests.depth import depth

pytestmark = pytest.mark.slow

HOUR = 3_600_000
HEADER = "key,name,industry,segment,region,value,owner,offerings\n"


class Clock:
    """An hour later at each look, so that any instant between two edits can be looked at."""

    def __init__(self) -> None:
        self.at = 1_790_000_000_000

    def __call__(self) -> int:
        self.at += HOUR
        return self.at


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    made = init_workspace(tmp_path / "ws", lang="en", clock=Clock(), actor="coach.lee")
    yield made
    made.close()


def role(key: str, level: str = "manager") -> Role:
    words = {"ko": key, "en": key}
    return Role.model_validate({"key": key, "title": words, "level": level, "function": "x", "value": words})


def made(key: str, *roles: str, **more: object) -> RoleList:
    words = {"ko": key, "en": key}
    return RoleList.model_validate({"key": key, "title": words, "roles": [role(each) for each in roles], **more})


BASE = made("plain", "ceo", "cfo", default=True)
STEEL = made("steel", "ceo", "plant_head", "cio", applies_to={"industries": ["철강"]})
ERP = made("erp_list", "cfo", "it_manager", kind="offering", freshness_days=90, applies_to={"offerings": ["erp"]})


@pytest.fixture
def team(ws: Workspace, tmp_path: Path) -> Workspace:
    """Two accounts, under three lists of our own and none of those that ship."""
    with_others = [each.model_copy(update={"default": False}) for each in ws.roles.in_force()]
    cleared = [
        each.model_copy(update={"applies_to": type(each.applies_to)()}) for each in with_others if each.kind == "base"
    ]
    ws.roles.apply([*cleared, BASE, STEEL, ERP], why="our standard", unused=True)
    bring_in(ws, tmp_path, "A,Alpha,Steel,,,,ann,\nB,Beta,Banking,,,,ann,\n")
    return ws


def test_a_check_that_lapses_at_midnight_is_no_loss_of_the_list_that_is_previewed(team: Workspace) -> None:
    def stand(at: pd.Timestamp) -> None:
        team.ledger.clock = lambda: int(at.timestamp() * 1000)

    last = pd.Timestamp("2026-11-22 23:59:59.999", tz=team.zone)
    stand(pd.Timestamp("2026-10-20", tz=team.zone))
    day = last.date() - pd.Timedelta(days=180)
    team.edit_slot("A", "ceo", holder="Ann", verified_on=day, verified_how="call")
    stand(last)
    team.edit_slot("A", "cio", holder="Bo")
    _, found = team.roles.preview([STEEL.model_copy(update={"roles": [*STEEL.roles, role("cso")]})])
    # It would be written on the Monday: the check has lapsed before and after.
    assert (found.before.known, found.after.known) == (0, 0)


def bring_in(ws: Workspace, folder: Path, rows: str, kind: str = "accounts", header: str = HEADER) -> ImportPlan:
    path = folder / f"{kind}.csv"
    path.write_text(header + rows, encoding="utf-8")
    return ws.import_file(kind, path)


def exported(ws: Workspace, folder: Path) -> pd.DataFrame:
    path = folder / "out.csv"
    ws.export_file("accounts", path)
    return pd.read_csv(path, dtype=str, keep_default_na=False).set_index("key")


def roles_of(ws: Workspace, account: str, at: int | None = None) -> list[str]:
    slots = ws.slots(as_of=at)
    return slots.loc[slots["account"] == account, "role"].tolist()


def test_contacts_first_then_accounts_with_industries_gives_the_right_lists(ws: Workspace, tmp_path: Path) -> None:
    bring_in(ws, tmp_path, "Alpha,Kim,CEO\n", "contacts", "account,name,title\n")
    bring_in(ws, tmp_path, "A,Alpha,제조,,,,ann,\nB,Beta,Unheard of,,,,ann,\n")
    found = exported(ws, tmp_path)
    (alpha,) = found.index[found["name"] == "Alpha"]
    assert found.loc[alpha, "lists"] == found.loc[alpha, "templates"] == "manufacturing_equipment"
    assert found.loc["B", "lists"] == "general"
    assert (found["pinned"] == "").all()


def test_an_offering_adds_its_list_and_counts_a_shared_role_once(team: Workspace, tmp_path: Path) -> None:
    team.roles.set_offerings(["A"], ["erp"])
    found = exported(team, tmp_path)
    assert found.loc["A", ["lists", "offerings"]].tolist() == ["steel erp_list", "erp"]
    assert roles_of(team, "A") == ["ceo", "plant_head", "cio", "cfo", "it_manager"]
    assert roles_of(team, "B") == ["ceo", "cfo"]
    bring_in(team, tmp_path, "B,Beta,Banking,,,,ann,ERP\n")
    assert roles_of(team, "B") == ["ceo", "cfo", "it_manager"]


def test_our_own_export_of_accounts_changes_nothing_when_read_again(team: Workspace, tmp_path: Path) -> None:
    team.roles.set_offerings(["A"], ["erp"])
    team.roles.pin(["B"], ["steel"], "same plant")
    path = tmp_path / "again.csv"
    team.export_file("accounts", path)
    plan = team.import_file("accounts", path)
    assert (plan.counts["changed"], plan.counts["added"], plan.problems) == (0, 0, [])
    assert team.ledger.find(Account, "B").pinned_lists == '["steel"]'


def test_an_offering_of_a_file_that_is_not_there_yet_is_entered_and_named(team: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text(HEADER + "A,Alpha,Steel,,,,ann,Remote check; erp\n", encoding="utf-8")
    plan = team.import_file("accounts", path)
    assert [problem.code for problem in plan.problems] == ["offering.new"]
    assert [each.key for each in team.roles.offerings()] == ["Remote check", "enterprise_it", "erp"]


@pytest.mark.parametrize("column", ["상품", "판매 상품", "상품·서비스", "Offering"])
def test_a_list_as_teams_keep_it_names_the_offering_of_an_account(team: Workspace, tmp_path: Path, column: str) -> None:
    plan = bring_in(team, tmp_path, "Beta,ERP; enterprise_it\n", "accounts", f"고객사,{column}\n")
    assert [(each.field, each.before, each.after) for each in plan.differences] == [
        ("offerings", None, "erp; enterprise_it")
    ]
    (beta,) = [each for each in team.ledger.as_of(Account) if each.name == "Beta"]
    assert beta.offerings == '["erp", "enterprise_it"]'
    assert {"ceo", "cfo", "it_manager"} <= set(roles_of(team, beta.id))


def test_a_changed_account_and_a_changed_list_are_different_causes(team: Workspace, tmp_path: Path) -> None:
    def causes(act: object) -> set[tuple[str, str]]:
        start = team.ledger.last_at()
        act()
        moves = movement(team.history(), start, team.ledger.last_at())
        return set(zip(moves["role"], moves["cause"], strict=True))

    changed = causes(lambda: bring_in(team, tmp_path, "B,Beta,STEEL,,,,ann,\n"))
    assert changed == {("cfo", "account_changed"), ("plant_head", "account_changed"), ("cio", "account_changed")}
    grown = STEEL.model_copy(update={"roles": [*STEEL.roles, role("quality_manager")]})
    assert causes(lambda: team.roles.apply([grown])) == {("quality_manager", "template_changed")}
    assert {cause for _, cause in causes(lambda: team.roles.pin(["B"], ["plain"], "a holding"))} == {"template_changed"}
    assert causes(lambda: team.roles.set_offerings(["A"], ["erp"])) == {
        ("cfo", "account_changed"),
        ("it_manager", "account_changed"),
    }


def test_an_instant_of_the_past_has_the_lists_of_then(team: Workspace, tmp_path: Path) -> None:
    before = team.ledger.last_at()
    team.roles.apply([STEEL.model_copy(update={"roles": STEEL.roles[:2]})])
    bring_in(team, tmp_path, "A,Alpha,Banking,,,,ann,\n")
    assert roles_of(team, "A") == ["ceo", "cfo"]
    assert roles_of(team, "A", before) == ["ceo", "plant_head", "cio"]


def test_lists_pinned_by_hand_hold_until_the_pin_is_taken_off(team: Workspace, tmp_path: Path) -> None:
    team.roles.pin(["B"], ["steel"], "a plant of a bank")
    assert exported(team, tmp_path).loc["B", ["lists", "pinned"]].tolist() == ["steel", "steel"]
    assert team.ledger.find(Account, "B").pinned_why == "a plant of a bank"
    team.roles.unpin(["B"])
    assert exported(team, tmp_path).loc["B", ["lists", "pinned"]].tolist() == ["plain", ""]
    for lists, why, error in ((["steel"], " ", BadInput), (["no_such"], "x", NotFound)):
        with pytest.raises(error):
            team.roles.pin(["B"], lists, why)


def test_a_preview_writes_nothing_and_says_what_apply_then_does(team: Workspace) -> None:
    team.edit_slot("A", "cio", holder="Kim Minsu", verified_on=team.today(), verified_how="call")
    smaller = STEEL.model_copy(
        update={"roles": [STEEL.roles[0], role("quality_manager"), role("it_manager"), role("x")]}
    )
    last = team.ledger.last_at()
    applied, preview = team.roles.preview([smaller])
    assert team.ledger.last_at() == last
    assert preview.accounts == ("A",)
    assert (preview.before.required, preview.after.required) == (3, 4)
    assert (preview.before.known, preview.after.known) == (1, 0)
    assert preview.leaving == (("A", "cio"),)
    assert applied.changed == ("steel",)
    team.roles.apply([smaller])
    assert len(roles_of(team, "A")) == 4
    assert team.status()["team"]["required"] == 6


def test_more_than_fourteen_roles_an_account_are_named(team: Workspace) -> None:
    many = made("steel", *(f"r{n}" for n in range(15)), applies_to={"industries": ["철강"]})
    assert team.roles.preview([many])[1].crowded == (("A", 15),)


def test_an_account_under_two_base_lists_is_named_with_what_to_do(team: Workspace, tmp_path: Path) -> None:
    large = made("steel", *(f"r{n}" for n in range(8)), applies_to={"industries": ["철강"]})
    other = made("area", *(f"s{n}" for n in range(8)), applies_to={"industries": ["steel", "철강"]})
    files = write_role_lists(tmp_path / "lists", [large, other])
    shown = run("-w", team.path, "roles", "apply", *files, "--dry-run")
    assert "A (16)" in shown
    assert "narrow the conditions of one list" in shown


def test_an_apply_is_one_edit_with_its_reason_and_can_be_taken_back(team: Workspace) -> None:
    team.roles.apply([made("steel", "ceo", applies_to={"industries": ["철강"]})], why="fewer is enough")
    first = team.roles.history()[0]
    assert (first.why, first.lists, first.actor) == ("fewer is enough", ("steel",), "coach.lee")
    assert roles_of(team, "A") == ["ceo"]
    team.undo(first.edit_id)
    assert roles_of(team, "A") == ["ceo", "plant_head", "cio"]
    assert team.roles.history()[0].why == "our standard"


def test_applying_the_same_lists_again_writes_nothing(team: Workspace) -> None:
    last = team.ledger.last_at()
    assert team.roles.apply([BASE, STEEL, ERP]).changes == []
    assert team.ledger.last_at() == last


@pytest.mark.parametrize(
    ("lists", "message"),
    [
        ([made("lost", "ceo", applies_to={"industries": ["no such industry"]})], "applies to no account"),
        ([made("lost", "ceo")], "applies to no account"),
        ([STEEL, STEEL], "given twice"),
        ([made("second", "ceo", default=True)], "default"),
    ],
)
def test_lists_that_cannot_be_meant_are_refused_and_nothing_is_written(team: Workspace, lists, message: str) -> None:
    last = team.ledger.last_at()
    with pytest.raises(BadInput, match=message):
        team.roles.apply(lists)
    assert team.ledger.last_at() == last


def test_an_account_has_the_team_of_its_owner_from_the_act_that_assigns(team: Workspace, tmp_path: Path) -> None:
    bring_in(
        team, tmp_path, "bo,Bo,rep,han\nhan,Han,manager,\nlim,Lim,manager,\n", "staff", "key,name,function,manager\n"
    )
    team.assign(["A"], "bo")
    assert team.ledger.find(Account, "A").team == "han"
    team.ledger.save([Change("staff", "bo", {"manager_id": "lim"})])
    assert team.ledger.find(Account, "A").team == "han"
    assert [change.id for change in team.roles.moved_teams()] == ["A"]
    team.roles.rewrite_teams()
    assert team.ledger.find(Account, "A").team == "lim"
    bring_in(team, tmp_path, "C,Gamma,,,,,bo,\n")
    assert team.ledger.find(Account, "C").team == "lim"


def test_offerings_are_added_renamed_and_retired(team: Workspace) -> None:
    team.roles.add_offering("care", ko="유지보수", en="Maintenance")
    team.roles.rename_offering("유지보수", en="Care plan")
    found = {each.key: each for each in team.roles.offerings()}
    assert (found["care"].ko, found["care"].en, found["care"].active) == ("유지보수", "Care plan", True)
    team.roles.set_offerings(["A"], ["Care Plan"])
    assert team.ledger.find(Account, "A").offerings == '["care"]'
    team.roles.retire_offering("care")
    team.roles.set_offerings(["A"], ["care", "erp"])
    with pytest.raises(BadInput, match="retired"):
        team.roles.set_offerings(["B"], ["care"])
    with pytest.raises(BadInput, match="already"):
        team.roles.add_offering("other", ko="유지보수", en="x")
    with pytest.raises(NotFound):
        team.roles.set_offerings(["B"], ["no such"])


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=12)


@settings(max_examples=depth(10, 60, 300))
@given(
    titles=st.lists(texts, min_size=4, max_size=4), level=st.sampled_from([*Level]), values=st.lists(texts, max_size=3)
)
def test_whatever_a_list_says_comes_back_from_its_file(tmp_path_factory, titles, level, values) -> None:
    words = {"ko": titles[0], "en": titles[1]}
    alias = {"ko": list(dict.fromkeys(values)), "en": []}
    one = {
        "key": "a",
        "title": words,
        "level": level.value,
        "function": "x",
        "aliases": alias,
        "value": {"ko": titles[2], "en": titles[3]},
    }
    each = RoleList.model_validate({"key": "b", "title": words, "roles": [one], "default": True, "freshness_days": 90, "applies_to": {"regions": values, "teams": values}})  # fmt: skip
    path = tmp_path_factory.mktemp("list") / "b.yml"
    path.write_bytes(role_list_yaml(each).encode())
    assert read_role_list(path) == each


def test_the_lists_in_force_are_exported_and_read_back_without_loss(team: Workspace, tmp_path: Path) -> None:
    paths = team.roles.export(tmp_path / "lists")
    assert team.roles.read(paths) == team.roles.in_force()
    assert team.roles.apply(team.roles.read(paths), unused=True).changes == []


def run(*words: str | Path) -> str:
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.output


def refusal(*words: str | Path) -> str:
    result = CliRunner().invoke(cli, [str(word) for word in words])
    assert isinstance(result.exception, BadInput | NotFound)
    return str(result.exception)


def test_the_command_previews_applies_and_exports(team: Workspace, tmp_path: Path) -> None:
    home, folder = team.path, tmp_path / "lists"
    files = json.loads(run("-w", home, "roles", "export", folder, "--json"))["files"]
    assert {Path(file).stem for file in files} >= {"plain", "steel", "erp_list"}
    steel = folder / "steel.yml"
    text = steel.read_text(encoding="utf-8")
    steel.write_text(
        text.replace('applies_to:\n  industries: ["철강"]', 'applies_to:\n  industries: ["철강", "bank"]'),
        encoding="utf-8",
    )
    dry = json.loads(run("-w", home, "roles", "apply", steel, "--dry-run", "--json"))
    assert {name: dry[name] for name in ("accounts", "required_before", "required_after")} == {
        "accounts": 2,
        "required_before": 5,
        "required_after": 6,
    }
    assert roles_of(team, "B") == ["ceo", "cfo"]
    done = json.loads(run("-w", home, "roles", "apply", steel, "--json", "--why", "banks too"))
    assert done == dry
    with open_workspace(home) as again:
        assert roles_of(again, "B") == ["ceo", "plant_head", "cio"]
        assert again.roles.history()[0].why == "banks too"
    assert "Applies to: Industry = 철강, bank" in run("-w", home, "roles", "list")


def both(text: str) -> dict[str, str]:
    return {"ko": text, "en": text}


def test_the_commands_write_an_edit_id_once(team: Workspace, tmp_path: Path) -> None:
    home, rep = team.path, ["--rep", "new.rep"]
    run("-w", home, "assign", "B", *rep, "--edit-id", "ed_given")
    run("-w", home, "assign", "B", "--rep", "other.rep")
    run("-w", home, "assign", "B", *rep, "--edit-id", "ed_given")
    steel = tmp_path / "steel.yml"
    for titles in ("하나", "둘", "하나"):
        steel.write_text(role_list_yaml(made("steel", "ceo", title=both(titles))), encoding="utf-8")
        run("-w", home, "roles", "apply", steel, "--unused", "--edit-id", "ed_two" if titles == "둘" else "ed_one")
    with open_workspace(home) as ws:
        (account,) = ws.ledger.as_of(Account, id="B")
        assert account.owner_id == "other.rep"
        assert next(each for each in ws.roles.in_force() if each.key == "steel").title.ko == "둘"


def test_the_command_writes_over_no_list_that_was_changed_since_it_was_read(
    team: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steel, preview = tmp_path / "steel.yml", RoleListActs.preview

    def preview_and_another(self: RoleListActs, lists: list[RoleList], **more: object) -> object:
        with open_workspace(team.path) as other:
            other.roles.apply([made("steel", "ceo", "cfo", title=both("다른 사람의 것"))], unused=True)
        return preview(self, lists)

    steel.write_text(role_list_yaml(made("steel", "ceo", title=both("하나"))), encoding="utf-8")
    monkeypatch.setattr(RoleListActs, "preview", preview_and_another)
    result = CliRunner().invoke(cli, ["-w", str(team.path), "roles", "apply", str(steel), "--unused"])
    assert isinstance(result.exception, Conflict), result.output
    with open_workspace(team.path) as ws:
        assert next(each for each in ws.roles.in_force() if each.key == "steel").title.ko == "다른 사람의 것"


def test_the_command_removes_lists_with_a_reason_and_takes_it_back(team: Workspace) -> None:
    home = team.path
    dry = json.loads(run("-w", home, "roles", "remove", "steel", "--dry-run", "--json"))
    assert (dry["removed"], dry["required_before"], dry["required_after"]) == (["steel"], 3, 2)
    assert "Say in one line why" in refusal("-w", home, "roles", "remove", "steel")
    assert roles_of(team, "A") == ["ceo", "plant_head", "cio"]
    for _ in range(2):
        run("-w", home, "roles", "remove", "steel", "--why", "too long", "--edit-id", "ed_gone")
    assert roles_of(team, "A") == ["ceo", "cfo"]
    history = json.loads(run("-w", home, "roles", "history", "--json"))
    assert (history[0]["edit_id"], history[0]["why"], history[0]["changes"][0]["act"]) == (
        "ed_gone", "too long", "removed",
    )  # fmt: skip
    shown = run("-w", home, "roles", "history")
    assert "too long" in shown
    assert "list removed" in shown
    for _ in range(2):
        run("-w", home, "roles", "undo", "ed_gone", "--edit-id", "ed_back")
    assert roles_of(team, "A") == ["ceo", "plant_head", "cio"]
    assert "holds no act 'ed_gone'" in refusal("-w", home, "roles", "undo", "ed_gone")


@pytest.mark.parametrize(
    ("keys", "message"),
    [(["general"], "The default list applies wherever"), (["nonsense"], "No role list 'nonsense' is in force")],
)
def test_a_list_that_must_stay_or_is_not_there_is_not_removed(ws: Workspace, keys: list[str], message: str) -> None:
    last = ws.ledger.last_at()
    assert message in refusal("-w", ws.path, "roles", "remove", *keys, "--why", "no need")
    assert ws.ledger.last_at() == last


def test_the_history_names_pins_offerings_and_the_default_too(team: Workspace) -> None:
    steel = made("steel", "ceo", "plant_head", "cio", default=True, freshness_days=90, title=both("Works"))
    team.roles.apply([steel, BASE.model_copy(update={"default": False})], why="works first", unused=True)
    pin = team.roles.pin(["B"], ["plain"], "a holding company")
    team.roles.add_offering("care", ko="유지보수", en="Care")
    team.roles.rename_offering("care", en="Maintenance")
    team.roles.retire_offering("care")
    team.roles.retire_offering("care", active=True)
    team.roles.unpin(["B"])
    unpinned, *offered, pinned, applied = team.roles.history()[:7]
    assert [each.offerings[0].act for each in offered] == ["restored", "retired", "renamed", "added"]
    assert offered[0].offerings[0].names == {"ko": "유지보수", "en": "Maintenance"}
    assert [(each.account, each.name, each.lists) for each in (*pinned.pins, *unpinned.pins)] == [
        ("B", "Beta", ("plain",)), ("B", "Beta", ()),
    ]  # fmt: skip
    assert pinned.why == "a holding company"
    parts = {each.key: set(each.parts) for each in applied.changes}
    assert parts == {"plain": {"no_default"}, "steel": {"default", "window", "title", "whom"}}
    team.undo(unpinned.edit_id)
    assert team.roles.history()[0].edit_id == offered[0].edit_id
    assert roles_of(team, "B") == ["ceo", "cfo"]
    team.undo(pin.edit_id)
    assert not any(each.pins for each in team.roles.history())


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ('key: "ceo", title: {ko: "나", en: "B"}', "line 5: roles.2: the role ceo appears twice"),
        (
            'key: "cfo", title: {ko: "나", en: "B"}, aliases: {ko: [" 사 장"]}',
            "line 5: roles.2: the alias ' 사 장' belongs",
        ),
        ('key: "cfo", title: {ko: "가", en: "B"}', "'가' is a title of two roles, ceo and cfo"),
        ('key: "cfo", title: {ko: "나", en: "B"}, aliases: {en: ["a"]}', "'a' is a title of two roles, ceo and cfo"),
        ('key: "cfo", title: {ko: "나", en: "B"}', "'x' applies to no account"),
    ],
)
def test_a_bad_list_is_refused_with_a_clear_message_and_nothing_is_written(
    team: Workspace, tmp_path: Path, second: str, message: str
) -> None:
    value = 'level: "executive", function: "x", value: {ko: "가", en: "A"}'
    (tmp_path / "x.yml").write_text(
        'key: "x"\ntitle: {ko: "가", en: "A"}\nroles:\n'
        f'  - {{key: "ceo", title: {{ko: "가", en: "A"}}, aliases: {{ko: ["사장"]}}, {value}}}\n'
        f"  - {{{second}, {value}}}\n",
        encoding="utf-8",
    )
    last = team.ledger.last_at()
    assert message in refusal("-w", team.path, "roles", "apply", tmp_path / "x.yml", "--why", "a try")
    assert team.ledger.last_at() == last


def named(key: str, title: str, *aliases: str) -> Role:
    return role(key).model_copy(update={"title": Bilingual(ko=title, en=title), "aliases": Aliases(ko=[*aliases])})


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        ([role("ceo"), role("ceo")], "'steel' cannot be used; roles.2: the role ceo appears twice"),
        (
            [named("ceo", "대표", "사장"), named("cfo", "재무", "사 장")],
            "roles.2: the alias '사 장' belongs to two roles",
        ),
        ([named("ceo", "대표", "사장"), named("cfo", "사장")], "steel: '사장' is a title of two roles, ceo and cfo"),
        ([named("ceo", "대표"), named("cfo", "대 표")], "steel: '대 표' is a title of two roles, ceo and cfo"),
        ([], "'steel' cannot be used; roles: "),
    ],
)
def test_a_bad_list_from_python_is_refused_and_nothing_is_written(
    team: Workspace, roles: list[Role], message: str
) -> None:
    last = team.ledger.last_at()
    # A copy with other values is not checked by the model.
    bad = STEEL.model_copy(update={"roles": roles})
    for act in (team.roles.preview, team.roles.apply):
        with pytest.raises(BadInput, match=re.escape(message)):
            act([bad])
    assert team.ledger.last_at() == last


def test_a_title_of_two_roles_that_stood_before_does_not_stop_other_changes(team: Workspace) -> None:
    old = STEEL.model_copy(update={"roles": [named("ceo", "대표", "사장"), named("cfo", "사장")]})
    team.ledger.save([Change("template", "steel", {"body": json.dumps(old.body()), "source_hash": old.source_hash})])
    team.roles.apply([old.model_copy(update={"freshness_days": 90})])
    assert next(each for each in team.roles.in_force() if each.key == "steel").freshness_days == 90
    with pytest.raises(BadInput, match="title of two roles"):
        team.roles.apply([old.model_copy(update={"roles": [*old.roles, role("cio")]})])


def test_whatever_an_act_did_has_words() -> None:
    assert (LIST_ACT_LABELS.keys(), LIST_PART_LABELS.keys()) == ({*ListAct}, {*ListPart})
    assert OFFERING_ACT_LABELS.keys() == {*OfferingAct}
    assert CONDITION_LABELS.keys() == {*CONDITIONS}

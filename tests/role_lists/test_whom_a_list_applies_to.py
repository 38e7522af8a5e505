"""A list applies to whom its conditions describe; the union asks for a shared role once, with the strictest window."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from coverage_kit.role_lists.applying import COLUMNS, Applying, facts_of
from coverage_kit.role_lists.industries import industry_key
from coverage_kit.role_lists.merging import RoleLists
from coverage_kit.role_lists.model import RoleList
from coverage_kit.store.entities import Account
from tests.oracle.history import holds

WORDS = ("제조", "Manufacturing", "manufacturing", "은행", "banking", "Steel", "철강", "", "Cosmetics")
WIDTHS = st.sampled_from(["Key", "key", "ＫＥＹ", "Key+", "other"])
values = st.sampled_from(WORDS)
few = st.lists(values.filter(bool), max_size=2)
accounts = st.fixed_dictionaries(
    {},
    optional={
        "industry": values,
        "segment": values,
        "region": values,
        "team": values,
        "offerings": st.lists(values, max_size=3).map(json.dumps),
        "pinned_lists": st.sampled_from([None, '["l0"]', '["gone"]', '["l2", "l1"]']),
    },
)
lists = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["base", "base", "offering"]),
            "default": st.booleans(),
            "freshness_days": st.sampled_from([30, 90, 180]),
            "applies_to": st.fixed_dictionaries({}, optional=dict.fromkeys(COLUMNS, few)),
            "roles": st.lists(st.sampled_from(["ceo", "cfo", "cio", "cto"]), min_size=1, max_size=4, unique=True),
        }
    ),
    max_size=5,
)


def account(**given: object) -> Account:
    head = {"id": "A", "version": 1, "at": 1, "made_at": 1, "actor": "a", "edit_id": "e", "undoes": None, "is_void": 0}
    own = dict.fromkeys(each.name for each in fields(Account))
    return Account(**{**own, **head, "name": "A", "name_key": "a", "status": "active", "focus": 0, **given})


def role_lists(*made: dict, is_applied: bool = True) -> RoleLists:
    bodies = [{**each, "roles": [{"key": key} for key in each["roles"]]} for each in made]
    return RoleLists([(f"l{n}", json.dumps(body)) for n, body in enumerate(bodies)], is_applied=is_applied)


def base(*roles: str, days: int = 180, **more: object) -> dict:
    return {"roles": roles, "freshness_days": days, "applies_to": {}, **more}


def test_an_industry_is_matched_by_either_language_and_any_case() -> None:
    found = role_lists(base("ceo", applies_to={"industries": ["manufacturing"]}), base("cfo", default=True))
    for written in ("제조", "제조업", "MANUFACTURING", "Manufacturing"):
        assert found.keys_of(account(industry=written)) == ("l0",), written
    assert found.keys_of(account(industry="은행")) == ("l1",)


@pytest.mark.parametrize(
    "written",
    ["에너지·화학", "Energy & Chemicals", "화학 및 에너지", "에너지ㆍ화학", "Ｃｈｅｍｉｃａｌｓ／해운", "Oil & Gas"],
)
def test_an_account_of_several_industries_is_in_each_of_them(written: str) -> None:
    found = role_lists(base("ceo", applies_to={"industries": ["에너지", "chemicals"]}), base("cfo", default=True))
    assert found.keys_of(account(industry=written)) == ("l0",)


def test_a_condition_with_two_industries_in_one_value_needs_both_in_any_order_and_language() -> None:
    found = role_lists(base("ceo", applies_to={"industries": ["에너지·화학"]}), base("cfo", default=True))
    assert found.keys_of(account(industry="Chemicals and energy")) == ("l0",)
    assert found.keys_of(account(industry="화학")) == ("l1",)


@pytest.mark.parametrize(("condition", "column"), [("segments", "segment"), ("regions", "region"), ("teams", "team")])
def test_case_width_and_blanks_make_no_other_value_but_signs_do(condition: str, column: str) -> None:
    found = role_lists(base("ceo", applies_to={condition: ["Key A"]}), base("cfo", default=True))
    for written in ("key a", "  KEY   A ", "Ｋｅｙ　Ａ"):
        assert found.keys_of(account(**{column: written})) == ("l0",), written
    assert found.keys_of(account(**{column: "Key A+"})) == ("l1",)


NAMED = st.lists(
    st.sampled_from(["제조", "Manufacturing", "은행", "BANK", "steel", "Ｓteel", "금융·보험"]), min_size=1, max_size=3
)


@given(
    own=st.tuples(NAMED, st.sampled_from(["·", "/", " 및 ", " and ", " & "])),
    asked=st.lists(NAMED, min_size=1, max_size=2),
)
def test_industries_are_compared_as_the_oracle_does(own: tuple[list[str], str], asked: list[list[str]]) -> None:
    written, wanted = own[1].join(own[0]), ["·".join(each) for each in asked]
    found = role_lists(base("ceo", applies_to={"industries": wanted}), base("cfo", default=True))
    keys = found.keys_of(account(industry=written))
    assert keys == (("l0",) if holds(written, "industries", wanted) else ("l1",))


@given(own=WIDTHS, asked=st.lists(WIDTHS, min_size=1, max_size=2))
def test_other_values_are_compared_as_the_oracle_does(own: str, asked: list[str]) -> None:
    found = role_lists(base("ceo", applies_to={"segments": asked}), base("cfo", default=True))
    assert found.keys_of(account(segment=own)) == (("l0",) if holds(own, "segments", asked) else ("l1",))


def test_all_conditions_must_hold_each_by_any_of_its_values() -> None:
    asked = {"industries": ["제조", "화학"], "regions": ["서울", "부산"]}
    found = role_lists(base("ceo", applies_to=asked), base("cfo", default=True))
    assert found.keys_of(account(industry="Chemicals", region="부산")) == ("l0",)
    assert found.keys_of(account(industry="Chemicals", region="대구")) == ("l1",)
    assert found.keys_of(account(region="부산")) == ("l1",)


def test_a_list_without_conditions_applies_only_as_the_default() -> None:
    found = role_lists(base("ceo"), base("cfo", applies_to={"segments": ["x"]}))
    assert found.keys_of(account()) == ()
    found = role_lists(base("ceo"), base("cfo", default=True))
    assert found.keys_of(account(industry="제조")) == ("l1",)


def test_an_offering_list_adds_its_roles_to_the_base_list_and_a_shared_role_counts_once() -> None:
    erp = {"kind": "offering", "applies_to": {"offerings": ["erp"]}}
    found = role_lists(base("ceo", "cfo", default=True), base("cfo", "cio", days=90, **erp))
    own = account(offerings='["ERP", "care"]')
    assert [(each.key, each.freshness_days, each.role_list) for each in found.required(own)] == [
        ("ceo", 180, "l0"),
        ("cfo", 90, "l0"),
        ("cio", 90, "l1"),
    ]
    assert [each.key for each in found.required(account(offerings='["care"]'))] == ["ceo", "cfo"]


def test_lists_pinned_by_hand_replace_those_whose_conditions_hold() -> None:
    found = role_lists(base("ceo", default=True), base("cfo", applies_to={"industries": ["제조"]}), base("cio"))
    own = account(industry="제조", pinned_lists='["l2", "l0"]')
    assert [each.key for each in found.required(own)] == ["cio", "ceo"]
    assert found.keys_of(account(industry="제조", pinned_lists='["gone"]')) == ("l1",)


def test_before_the_first_apply_an_account_is_under_the_lists_that_its_row_keeps() -> None:
    made = base("ceo", default=True), base("cfo", applies_to={"industries": ["제조"]})
    own = account(industry="제조", template_ids='["l0", "gone"]')
    assert role_lists(*made, is_applied=False).keys_of(own) == ("l0",)
    assert role_lists(*made).keys_of(own) == ("l1",)


@given(made=lists, fields=accounts)
def test_whatever_is_asked_each_role_counts_once_with_the_strictest_window(made, fields) -> None:
    found, own = role_lists(*made), account(**fields)
    keys = found.keys_of(own)
    required = {each.key: each.freshness_days for each in found.required(own)}
    assert len(required) == len(found.required(own))
    windows = {}
    for key in keys:
        for role in found.bodies[key]["roles"]:
            windows.setdefault(role["key"], []).append(found.bodies[key]["freshness_days"])
    assert required == {role: min(days) for role, days in windows.items()}


@given(made=lists, fields=accounts)
def test_only_what_some_list_asks_for_decides(made, fields) -> None:
    found, own = role_lists(*made), account(**{**fields, "pinned_lists": None})
    applying = Applying(found.bodies)
    facts = facts_of(own)
    asked = type(facts)(**{name: getattr(facts, name) & applying.asked[name] for name in COLUMNS})
    assert applying.find(facts) == applying.find(asked)
    bases = [key for key in applying.find(facts) if found.bodies[key]["kind"] == "base"]
    if any(found.bodies[key]["default"] and not any(found.bodies[key]["applies_to"].values()) for key in bases):
        assert all(found.bodies[key]["default"] for key in bases)


@given(
    st.sampled_from(["소프트웨어", "Software", "금융·보험", "Finance & Insurance", "xyz"]),
    st.sampled_from(["", " ", "."]),
)
def test_blanks_and_signs_do_not_make_another_industry(name: str, sign: str) -> None:
    assert industry_key(f"{sign}{name.upper()} ") == industry_key(name)


def made_list(**fields: object) -> RoleList:
    words = {"ko": "가", "en": "A"}
    role = {"key": "ceo", "title": words, "level": "executive", "function": "x", "value": words}
    return RoleList.model_validate({"key": "a", "title": words, "roles": [role], **fields})


def test_a_list_of_version_0_1_0_keeps_its_hash() -> None:
    body = made_list().body()
    assert sorted(body) == ["applies_to", "freshness_days", "roles", "title"]
    assert body["applies_to"] == {"industries": []}


def test_what_a_list_says_comes_back_from_its_stored_body() -> None:
    fields = {"kind": "offering", "applies_to": {"offerings": ["erp"], "teams": ["han"], "segments": ["a"]}}
    one = made_list(**fields)
    assert RoleList.model_validate({"key": "a", **json.loads(json.dumps(one.body()))}) == one
    one = made_list(default=True, applies_to={"industries": ["제조"], "regions": ["서울"]})
    assert RoleList.model_validate({"key": "a", **one.body()}) == one


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "offering"}, "names its offerings"),
        ({"kind": "offering", "default": True, "applies_to": {"offerings": ["erp"]}}, "only a base list"),
        ({"kind": "other"}, "use one of: base, offering"),
    ],
)
def test_a_list_that_contradicts_itself_is_refused(fields, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        made_list(**fields)


def test_an_offering_list_of_five_roles_is_refused() -> None:
    words = {"ko": "가", "en": "A"}
    roles = [{"key": f"r{n}", "title": words, "level": "manager", "function": "x", "value": words} for n in range(5)]
    with pytest.raises(ValidationError, match="at most 4 roles"):
        made_list(kind="offering", applies_to={"offerings": ["erp"]}, roles=roles)

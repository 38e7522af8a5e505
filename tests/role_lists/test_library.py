"""The lists that ship: one key for one job, titles and aliases as people write them, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from coverage_kit.domain.identifiers import name_key
from coverage_kit.exchange import read_role_lists
from coverage_kit.role_lists.merging import RoleLists
from coverage_kit.role_lists.model import MAX_OFFERING_ROLES, ListKind, RoleList

FOLDER = Path(__file__).parents[2] / "templates" / "roles"
LISTS = read_role_lists(FOLDER)
#: Words for a rank, which say nothing about the position somebody holds.
RANKS = ("사원", "대리", "차장", "주임연구원", "선임연구원", "책임연구원")


@pytest.mark.parametrize("one", LISTS, ids=lambda one: one.key)
def test_a_list_is_short_and_says_that_it_is_a_draft(one: RoleList) -> None:
    most = MAX_OFFERING_ROLES if one.kind == ListKind.OFFERING else 12
    assert len(one.roles) <= most
    assert "draft" in (FOLDER / f"{one.key}.yml").read_text(encoding="utf-8").splitlines()[1]


def test_one_job_has_one_key_one_level_and_one_function() -> None:
    facts: dict[str, set[tuple[str, str]]] = {}
    for one in LISTS:
        for role in one.roles:
            facts.setdefault(role.key, set()).add((role.level, role.function))
    assert {key: found for key, found in facts.items() if len(found) > 1} == {}


def test_no_alias_belongs_to_two_roles() -> None:
    owners: dict[str, set[str]] = {}
    for one in LISTS:
        for role in one.roles:
            for alias in (*role.aliases.ko, *role.aliases.en):
                owners.setdefault(name_key(alias), set()).add(role.key)
    assert {alias: keys for alias, keys in owners.items() if len(keys) > 1} == {}


def test_no_alias_is_a_rank_and_who_does_the_work_is_a_person() -> None:
    for one in LISTS:
        for role in one.roles:
            for title in (role.title.ko, *role.aliases.ko):
                assert not title.endswith(RANKS), title
                assert not (role.level == "practitioner" and title.endswith("담당")), title


def test_no_title_of_a_role_has_a_comma_since_pages_list_several() -> None:
    assert [role.title for one in LISTS for role in one.roles if "," in role.title.ko + role.title.en] == []


def test_exactly_one_list_is_the_default_and_every_other_can_apply() -> None:
    assert [one.key for one in LISTS if one.default] == ["general"]
    assert all(one.default or any(values for _, values in one.applies_to) for one in LISTS)


@pytest.mark.parametrize(
    ("industry", "key"),
    [
        ("은행", "bank_insurance"), ("Insurance", "bank_insurance"), ("금융·보험", "bank_insurance"),
        ("공공기관", "public_sector"), ("지방자치단체", "public_sector"), ("석유화학", "energy_chemicals"),
        ("Utilities", "energy_chemicals"), ("제조업", "manufacturing_equipment"), ("물류", "general"), ("", "general"),
    ],
)  # fmt: skip
def test_an_industry_has_one_base_list(industry: str, key: str) -> None:
    from tests.role_lists.test_whom_a_list_applies_to import account

    lists = RoleLists([(one.key, one.model_dump_json(exclude={"key"})) for one in LISTS], is_applied=True)
    assert lists.keys_of(account(industry=industry)) == (key,)

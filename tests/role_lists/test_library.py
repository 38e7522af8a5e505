"""The lists that ship: one key for one job, titles and aliases as people write them, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from coverage_kit.domain.identifiers import name_key
from coverage_kit.exchange import read_role_lists
from coverage_kit.role_lists.merging import RoleLists
from coverage_kit.role_lists.model import MAX_OFFERING_ROLES, ListKind, RoleList
from coverage_kit.role_lists.titles import TitleMatcher

FOLDER = Path(__file__).parents[2] / "templates" / "roles"
LISTS = read_role_lists(FOLDER)
#: Words for a rank, which say nothing about the position somebody holds.
RANKS = ("사원", "대리", "차장", "주임연구원", "선임연구원", "책임연구원")


@pytest.mark.parametrize("one", LISTS, ids=lambda one: one.key)
def test_a_list_is_short_and_says_that_it_is_a_draft(one: RoleList) -> None:
    most = MAX_OFFERING_ROLES if one.kind == ListKind.OFFERING else 12
    assert one.kind == ListKind.OFFERING or len(one.roles) >= 10
    assert len(one.roles) <= most
    assert "draft" in (FOLDER / f"{one.key}.yml").read_text(encoding="utf-8").splitlines()[1]


def test_one_job_has_one_key_one_level_and_one_function() -> None:
    facts: dict[str, set[tuple[str, str]]] = {}
    for one in LISTS:
        for role in one.roles:
            facts.setdefault(role.key, set()).add((role.level, role.function))
    assert {key: found for key, found in facts.items() if len(found) > 1} == {}


def test_no_title_or_alias_belongs_to_two_roles() -> None:
    owners: dict[str, set[str]] = {}
    for one in LISTS:
        for role in one.roles:
            for name in (role.title.ko, role.title.en, *role.aliases.ko, *role.aliases.en):
                owners.setdefault(name_key(name), set()).add(role.key)
    assert {name: keys for name, keys in owners.items() if len(keys) > 1} == {}


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("회장", "chairman"), ("대표이사", "ceo"), ("재무팀장", "finance_manager"), ("총무팀장", "general_affairs_manager"),
        ("기획팀장", "management_manager"), ("안전환경본부장", "cso"), ("구매담당", "purchasing_head"),
        ("구매 담당자", "purchasing_staff"), ("병원장", "ceo"), ("수간호사", "head_nurse"), ("QC팀장", "qc_manager"),
        ("현장소장", "site_manager"), ("담당 MD", "merchandiser"), ("배차팀장", "transport_manager"),
    ],
)  # fmt: skip
def test_a_title_as_people_write_it_finds_its_role(title: str, role: str) -> None:
    [found] = TitleMatcher(one.model_dump() for one in LISTS).suggest(title).suggestions
    assert (found.role, found.confidence) == (role, 1)


def test_a_rank_alone_says_no_position() -> None:
    matcher = TitleMatcher(one.model_dump() for one in LISTS)
    assert [matcher.suggest(title).suggestions for title in ("부장", "과장", "차장")] == [(), (), ()]


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
    "one", [one for one in LISTS if one.kind == ListKind.BASE and not one.default], ids=lambda one: one.key
)
def test_an_account_described_by_the_title_of_a_list_is_under_it(one: RoleList) -> None:
    from tests.role_lists.test_whom_a_list_applies_to import account

    lists = RoleLists([(each.key, each.model_dump_json(exclude={"key"})) for each in LISTS], is_applied=True)
    column = "industry" if one.applies_to.industries else "segment"
    for title in (one.title.ko, one.title.en):
        assert lists.keys_of(account(**{column: title})) == (one.key,), title


@pytest.mark.parametrize(
    ("industry", "key"),
    [
        ("은행", "bank_insurance"), ("Insurance", "bank_insurance"), ("금융·보험", "bank_insurance"),
        ("공공기관", "public_sector"), ("지방자치단체", "public_sector"), ("석유화학", "energy_chemicals"),
        ("Utilities", "energy_chemicals"), ("제조업", "manufacturing_equipment"), ("반도체", "manufacturing_equipment"), ("병원", "hospital"),
        ("Pharma", "pharma"), ("바이오", "pharma"), ("도소매", "retail_consumer"), ("소비재", "retail_consumer"),
        ("건설업", "construction_plant"), ("물류", "logistics"), ("Transportation", "logistics"), ("통신", "general"), ("", "general"),
    ],
)  # fmt: skip
def test_an_industry_has_one_base_list(industry: str, key: str) -> None:
    from tests.role_lists.test_whom_a_list_applies_to import account

    lists = RoleLists([(one.key, one.model_dump_json(exclude={"key"})) for one in LISTS], is_applied=True)
    assert lists.keys_of(account(industry=industry)) == (key,)

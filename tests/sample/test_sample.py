"""The made-up team: one seed gives one team, in the language of its workspace."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from coverage_kit.rules.lookup import role_lists
from coverage_kit.sample import fill_workspace
from coverage_kit.store.entities import Account, Commitment, Offering, Pursuit, Slot
from coverage_kit.workspace import init_workspace


def made(path: Path, lang: str) -> list[dict[str, Any]]:
    with init_workspace(path, lang=lang) as ws:
        fill_workspace(ws, n_reps=2, n_accounts=40, n_weeks=1)
        return [asdict(row) for row in ws.ledger.as_of(Account)]


def test_what_is_said_of_a_company_is_in_the_language_of_the_workspace(tmp_path: Path) -> None:
    korean, english = made(tmp_path / "ko", "ko"), made(tmp_path / "en", "en")
    facts = ("industry", "segment", "region")
    pairs = {(ko[name], en[name]) for ko, en in zip(korean, english, strict=True) for name in facts}
    assert {("제조", "Manufacturing"), ("물류", "Logistics"), ("중견기업", "Mid-market"), ("호남", "Honam")} <= pairs
    assert not any(letter.isascii() and letter.isalpha() for ko, _ in pairs for letter in ko)
    assert not any("_" in en for _, en in pairs)
    beside = [{key: value for key, value in row.items() if key not in facts} for row in korean]
    assert beside == [{key: value for key, value in row.items() if key not in facts} for row in english]


@pytest.mark.parametrize(
    ("industry", "template"),
    [
        ("금융·보험", "bank_insurance"),
        ("제조", "manufacturing_equipment"),
        ("물류", "logistics"),
        ("정보기술", "general"),
        ("제약·바이오", "pharma"),
    ],
)
def test_the_required_roles_of_a_company_go_by_its_industry(tmp_path: Path, industry: str, template: str) -> None:
    own = [row for row in made(tmp_path / "ko", "ko") if row["industry"] == industry]
    assert own
    assert {row["template_ids"] for row in own} == {f'["{template}"]'}


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_everything_is_written_about_positions_that_the_lists_in_force_require(tmp_path: Path, lang: str) -> None:
    with init_workspace(tmp_path / "ws", lang=lang) as ws:
        fill_workspace(ws, n_reps=2, n_accounts=40, n_weeks=4)
        lists = role_lists(ws.ledger)
        required = {row.id: {each.key for each in lists.required(row)} for row in ws.ledger.as_of(Account)}
        written = [*ws.ledger.as_of(Slot), *ws.ledger.as_of(Commitment)]
        about = {(row.account_id, row.role) for row in written if row.account_id and row.role}
        assert len(about) > 50
        assert [each for each in about if each[1] not in required[each[0]]] == []


def test_one_list_has_no_path_and_one_must_win_account_has_its_own(tmp_path: Path) -> None:
    with init_workspace(tmp_path / "ws", lang="en") as ws:
        fill_workspace(ws)
        routes, lists = ws.coaching.routes, role_lists(ws.ledger)
        accounts = ws.ledger.as_of(Account)
        assert {key for row in accounts for key in lists.keys_of(row)} - {
            each.role_list for each in routes.paths()
        } == {"logistics"}
        own = [row.id for row in accounts if any(path.is_own for path in routes.of(row.id))]
        assert len(own) == 1
        assert own[0] in ws.coaching.must_win.of()
        still = routes.standing()["stands_still"]
        assert 0 < still.sum() < len(still)


def test_stages_name_offerings_of_the_workspace(tmp_path: Path) -> None:
    with init_workspace(tmp_path / "ws", lang="en") as ws:
        fill_workspace(ws, n_reps=2, n_accounts=40, n_weeks=4)
        known = {row.id for row in ws.ledger.as_of(Offering)}
        staged = {row.offering for row in ws.ledger.as_of(Pursuit)}
        assert staged
        assert staged <= known

"""Two role lists may word the same role differently: each account has the words of its own list, everywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coverage_kit import init_workspace
from coverage_kit.role_lists.merging import RoleLists
from coverage_kit.rules.lookup import role_lists
from coverage_kit.store import Change
from coverage_kit.store.entities import Account
from coverage_kit.transfer.exports import slots_table
from coverage_kit.workbook.model.page import read_page, role_views
from coverage_kit.workbook.model.rep import RepBook
from coverage_kit.workspace import Workspace

pytestmark = pytest.mark.slow

#: The shipped list for banks comes before the general one by name, and words its CEO differently.
WORDS = {"bank": "President or CEO", "works": "CEO"}


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    with init_workspace(tmp_path / "ws", lang="en", actor="lee") as made:
        made.ledger.save(
            [
                Change("staff", "kim", {"name": "Kim", "function": "rep"}),
                Change("staff", "lee", {"name": "Lee", "login": "lee", "function": "coach"}),
                account("bank", "은행"),
                account("works", None),
            ]
        )
        yield made


def account(key: str, industry: str | None) -> Change:
    own = {"name": key.title(), "name_key": key, "owner_id": "kim", "status": "active", "focus": 1, "value": 1.0}
    return Change("account", key, {**own, "industry": industry})


def test_the_accounts_own_list_words_a_role_and_the_default_list_elsewhere(ws: Workspace) -> None:
    bodies = {
        "a_offer": body("a_offer", "Buyer", kind="offering", applies_to={"offerings": ["erp"]}),
        "b_bank": body("b_bank", "Bank president", applies_to={"industries": ["bank"]}),
        "plain": body("plain", "CEO", default=True),
    }
    lists = RoleLists(bodies.items(), is_applied=True)
    rows = {row.id: row for row in ws.ledger.as_of(Account)}
    assert lists.role_of(rows["works"], "ceo")["title"]["en"] == "CEO"
    assert lists.role_of(rows["bank"], "ceo")["title"]["en"] == "Bank president"
    assert lists.role_of(None, "ceo")["title"]["en"] == "CEO"
    assert lists.role_of(rows["bank"], "cio") is None
    del bodies["plain"]
    assert RoleLists(bodies.items(), is_applied=True).roles()["ceo"]["title"]["en"] == "Bank president"


def test_without_a_default_list_a_role_is_called_as_most_lists_call_it() -> None:
    bodies = {
        "a_power": body("a_power", "Plant or power station head"),
        "b_pharma": body("b_pharma", "Plant head"),
        "c_small": body("c_small", "Plant head"),
        "d_offer": body("d_offer", "Works manager", kind="offering"),
    }
    assert RoleLists(bodies.items()).roles()["ceo"]["title"]["en"] == "Plant head"
    assert RoleLists(list(bodies.items())[:2]).roles()["ceo"]["title"]["en"] == "Plant or power station head"


def body(key: str, title: str, **more: object) -> str:
    words = {"ko": title, "en": title}
    role = {"key": "ceo", "title": words, "level": "executive", "function": "top", "value": words}
    return json.dumps({"key": key, "title": words, "freshness_days": 180, "roles": [role], **more})


def test_an_export_and_a_report_use_the_accounts_own_words(ws: Workspace) -> None:
    table = slots_table(ws.slots(), ws.ledger, "en")
    titles = table.loc[table["role"] == "ceo"].set_index("account")["role_title"].to_dict()
    assert titles == WORDS
    named = ws.history().role_titles(ws.now(), "en", "kim")
    assert {key: named.of("ceo", key) for key in WORDS} == WORDS
    assert (named.of("ceo"), named.of("no_such_role", "bank")) == ("CEO", "no_such_role")
    for entry in ws.coaching.agenda("kim", minutes=600):
        assert entry.role_title == named.of(entry.role, entry.account)


def test_a_page_gets_the_words_of_its_account_where_they_differ(ws: Workspace) -> None:
    lists = role_lists(ws.ledger)
    assert role_views(lists)["ceo"]["title"]["en"] == "CEO"
    for key, title in WORDS.items():
        [slot] = [slot for slot in read_page(ws, key).slots if slot["role"] == "ceo"]
        words = slot.get("words") or role_views(lists)["ceo"]
        assert words["title"]["en"] == title


def test_the_workbook_knows_the_words_of_every_account_at_once(ws: Workspace) -> None:
    hello = RepBook(ws, "kim").handle({"kind": "hello"})
    for line in hello["lines"]:
        words = hello["words"][line["set"]].get("ceo") or hello["roles"]["ceo"]
        assert words["title"]["en"] == WORDS[line["id"]]
    assert len(hello["words"]) == len(hello["sets"]) == 2


@pytest.mark.parametrize("key", list(WORDS))
def test_commitments_gaps_and_proposals_use_the_accounts_own_words(ws: Workspace, key: str) -> None:
    book = ws.coaching.commitments
    draft = book.draft_from_gap(key, "ceo")
    made = book.add(draft)
    assert WORDS[key] in book.sentence(draft)
    assert book.find()[0].role_title == WORDS[key]
    assert made.role_title == WORDS[key]
    ws.edit_slot(key, "ceo", proposed="not_applicable", proposed_why="a branch")
    assert [each.role_title for each in ws.coaching.proposals()] == [WORDS[key]]

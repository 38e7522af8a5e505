"""Single pages made by papermill: the agreement, and the deal review of a manager's must-win accounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from coverage_kit import BadInput, Workspace
from coverage_kit.coaching import Terms
from coverage_kit.reporting.single import agreement_page, deal_review_page, print_to
from tests.coaching.conftest import TeamDay


def known(ws: Workspace, day: object, account: str, *roles: str, holder: str) -> None:
    for role in roles:
        ws.edit_slot(account, role, holder=holder, verified_on=day, verified_how="call", disposition="negative")


def test_the_agreement_is_one_page_with_four_answers_and_who_agreed(team: TeamDay) -> None:
    team.ws.ledger.actor = "boss"
    team.ws.coaching.agreement.propose("boss", Terms(45, 25, 3, "The <b>Friday</b> list"))
    team.ws.coaching.agreement.cancel("boss", "pushed_aside")
    page = agreement_page(team.ws, "boss")
    text = page.read_text(encoding="utf-8")
    assert page.relative_to(team.ws.path).as_posix() == "reports/agreements/2026-Q4-boss.html"
    for said in ("45 minutes", "25 accounts", "3 days", "The &lt;b&gt;Friday&lt;/b&gt; list", "Boss", "not agreed yet", "held 0 of 1 week"):  # fmt: skip
        assert said in text, said
    target = team.ws.path / "wall.html"
    print_to(page, target)
    assert target.read_text(encoding="utf-8") == text
    with pytest.raises(BadInput, match="neither"):
        print_to(page, Path("wall.docx"))


def test_the_deal_review_names_whom_we_do_not_know_and_who_hangs_on_one_person(team: TeamDay) -> None:
    ws = team.ws
    known(ws, team.day, "A", "cfo", "ceo", holder="Ann Lee")
    known(ws, team.day, "B", "it_manager", holder="Bo Kim")
    ws.end_employment("Bo Kim", "B", kind="left")
    known(ws, team.day, "C", "cfo", holder="Cho Park")
    ws.ledger.actor = "boss"
    with pytest.raises(BadInput, match="No must-win account"):
        deal_review_page(ws, "boss")
    for account in ("A", "B"):
        ws.coaching.must_win.star(account)
    text = deal_review_page(ws, "boss").read_text(encoding="utf-8")
    assert text.count('class="deal"') == 2
    assert "Ann Lee" in text
    assert "(left)" in text
    assert "no executive known" in text
    assert "(1 of 5 edits)" in text
    # Nobody's opinion, and no account outside the five.
    for canary in ("Cho Park", "negative", "Negative"):
        assert canary not in text

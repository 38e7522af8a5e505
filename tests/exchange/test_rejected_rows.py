"""A rejected row makes nobody look gone; a row that says that somebody is gone does."""

from __future__ import annotations

import pytest
from exchange_helpers import codes

from coverage_kit.exchange.plan import still_listed
from coverage_kit.workspace import Workspace

IDS = "연락처ID,회사,이름,직책,이메일\n"


def _before(ws: Workspace, write, *rows: str) -> None:
    """Import people, so that a later file can lack them."""
    ws.import_file("contacts", write(IDS + "".join(f"{row}\n" for row in rows), "before.csv"))


REJECTED = {
    "k1": "k1,가나상사,박?비,부장,",
    "without an id": ",가나상사,박?비,부장,",
    "by its name": ",,박솔비,부장,",
    "two people": "k1,가나상사,박솔비/정다온,부장,",
}


@pytest.mark.parametrize("row", REJECTED.values(), ids=REJECTED.keys())
def test_a_rejected_row_makes_nobody_look_gone(ws: Workspace, write, row: str) -> None:
    others = ["k2,가나상사,최하늘,과장,", "k3,가나상사,정다온,차장,"]
    _before(ws, write, "k1,가나상사,박솔비,부장,", *others)
    plan = ws.import_file("contacts", write(IDS + "\n".join([row, *others]) + "\n", "after.csv"))
    assert plan.counts["rejected"] == 1
    assert plan.missing == []
    plan = ws.import_file("contacts", write(IDS + "\n".join(others) + "\n", "later.csv"))
    assert [one["name"] for one in plan.missing] == ["박솔비"]


def test_a_row_that_says_that_somebody_is_gone_keeps_nobody(ws: Workspace, write) -> None:
    others = ["k2,가나상사,최하늘,과장,", "k3,가나상사,정다온,차장,"]
    _before(ws, write, "k1,가나상사,박솔비,부장,", *others)
    plan = ws.import_file("contacts", write(IDS + "\n".join(["k1,가나상사,공석,부장,", *others]) + "\n", "after.csv"))
    assert [one["name"] for one in plan.missing] == ["박솔비"]


def test_a_rejected_account_is_not_missing(ws: Workspace, write) -> None:
    head, others = "id,name\n", "A2,다라산업\nA3,마바전자\n"
    ws.import_file("accounts", write(f"{head}A1,가나상사\n{others}", "before.csv"))
    assert ws.import_file("accounts", write(f"{head}A1,가?상사\n{others}", "after.csv")).missing == []
    assert [one["id"] for one in ws.import_file("accounts", write(head + others, "later.csv")).missing] == ["A1"]


#: Each sign of somebody of the last export in a rejected row, alone: the code of the problem, and the row.
ALONE = {
    "its id": ("contact.name", "k1,가나상사,,부장,"),
    "the cell of the name": ("contact.account", ",,박솔비,부장,"),
    "a name in parts of the row": ("row.too_long", ",가나상사,담당 박솔비 외,부장,,x,y"),
    "a name with lost letters": ("contact.lost_letters", ",가나상사,박?비,부장,"),
    "a name with a lost sign": ("contact.lost_letters", ",가나상사,박솔\ufffd,부장,"),
}
OTHERS = ["k2,가나상사,최하늘,과장,", "k3,가나상사,정다온,차장,"]


@pytest.mark.parametrize(("code", "row"), ALONE.values(), ids=ALONE.keys())
def test_each_way_to_know_a_rejected_row_is_enough_alone(ws: Workspace, write, code: str, row: str) -> None:
    _before(ws, write, "k1,가나상사,박솔비,부장,", *OTHERS)
    plan = ws.import_file("contacts", write(IDS + "\n".join([row, *OTHERS]) + "\n", "after.csv"))
    assert codes(plan) == [(2, code)]
    assert plan.missing == []


@pytest.mark.parametrize("row", ["k9,가나상사,박?미,부장,", ",,박솔미,부장,", "k9,,,부장,"])
def test_a_rejected_row_of_somebody_else_keeps_nobody(ws: Workspace, write, row: str) -> None:
    _before(ws, write, "k1,가나상사,박솔비,부장,", *OTHERS)
    plan = ws.import_file("contacts", write(IDS + "\n".join([row, *OTHERS]) + "\n", "after.csv"))
    assert [one["name"] for one in plan.missing] == ["박솔비"]


@pytest.mark.parametrize(("last", "first"), [("박", "솔?"), ("박", "솔비")])
def test_a_name_in_two_columns_is_known_too(ws: Workspace, write, last: str, first: str) -> None:
    head = "회사,성,이름,직책\n"
    others = "가나상사,최,하늘,과장\n가나상사,정,다온,차장\n"
    ws.import_file("contacts", write(f"{head}가나상사,박,솔비,부장\n{others}", "before.csv"))
    account = "" if first == "솔비" else "가나상사"
    plan = ws.import_file("contacts", write(f"{head}{account},{last},{first},부장\n{others}", "after.csv"))
    assert plan.counts["rejected"] == 1
    assert plan.missing == []


def test_rows_that_the_export_deleted_say_that_somebody_is_gone(ws: Workspace, write) -> None:
    head = "연락처ID,회사,이름,IsDeleted\n"
    others = "k2,가나상사,최하늘,false\nk3,가나상사,정다온,false\n"
    ws.import_file("contacts", write(f"{head}k1,가나상사,박솔비,false\n{others}", "before.csv"))
    plan = ws.import_file("contacts", write(f"{head}k1,가나상사,박솔비,true\n{others}", "after.csv"))
    assert codes(plan) == [(2, "row.deleted")]
    assert [one["name"] for one in plan.missing] == ["박솔비"]


def test_a_file_that_is_damaged_as_a_whole_makes_nobody_look_gone(ws: Workspace, write, monkeypatch) -> None:
    _before(ws, write, "k1,가나상사,박솔비,부장,", *OTHERS)
    monkeypatch.setattr(still_listed, "_MOST_LOST", 1)
    text = IDS + "k8,다라산업,?나,부장,\nk9,다라산업,?다,부장,\n" + "\n".join(OTHERS) + "\n"
    assert ws.import_file("contacts", write(text, "after.csv")).missing == []


def test_rejected_rows_that_lost_no_letters_leave_a_file_whole(ws: Workspace, write, monkeypatch) -> None:
    _before(ws, write, "k1,가나상사,박솔비,부장,", *OTHERS)
    monkeypatch.setattr(still_listed, "_MOST_LOST", 1)
    text = IDS + "k8,,나다라,부장,\nk9,,마바사,부장,\n" + "\n".join(OTHERS) + "\n"
    plan = ws.import_file("contacts", write(text, "after.csv"))
    assert plan.counts["rejected"] == 2
    assert [one["name"] for one in plan.missing] == ["박솔비"]

"""A coach brings in a file without a terminal: the steps, and what the screen is told of them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coverage_kit import BadInput, StoreError, init_workspace, open_workspace
from coverage_kit.store import Change
from coverage_kit.store import ledger as ledger_module
from coverage_kit.store.entities import Account, Employment, Person
from coverage_kit.workbook.model.import_draft import ImportModel
from coverage_kit.workbook.model.importing import ImportBook
from coverage_kit.workbook.widget.import_view import ImportView
from coverage_kit.workspace import Workspace

OURS = "회사,이름,직책\n한빛,김가온,과장\n새벽,,부장\n".encode("cp949")
THEIRS = "업체,누구\n한빛,<b>김가온</b>\n".encode()


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with init_workspace(tmp_path / "ws", lang="ko", actor="coach") as made:
        yield made


def read_as(model: ImportModel) -> dict[str, str]:
    return {column.theirs: column.ours for column in model.preview().columns}


def test_a_file_is_looked_at_tried_out_and_imported(ws: Workspace) -> None:
    model = ImportModel(ws)
    preview = model.take("고객.csv", OURS)
    assert (preview.encoding, preview.is_guess, preview.n_rows) == ("cp949", True, 2)
    assert read_as(model) == {"회사": "account", "이름": "name", "직책": "title"}
    assert preview.columns[0].samples == ["한빛", "새벽"]
    assert model.try_out().counts["added"] == 1
    assert (model.is_done, ws.ledger.as_of(Person)) == (False, [])
    assert model.run().counts["added"] == 1
    assert ws.people("한빛")["name"].tolist() == ["김가온"]


def test_columns_that_nobody_knows_are_mapped_and_remembered(ws: Workspace) -> None:
    model = ImportModel(ws)
    assert "account" in str(model.take("a.csv", THEIRS).lacking)
    model.mapping = {"업체": "account", "누구": "name"}
    assert model.preview().lacking is None
    model.run()
    again = ImportModel(ws)
    again.take("b.csv", THEIRS)
    assert read_as(again) == {"업체": "account", "누구": "name"}


def test_a_column_that_is_put_aside_is_not_read_and_stays_so(ws: Workspace) -> None:
    model = ImportModel(ws)
    model.take("a.csv", OURS)
    model.mapping["직책"] = ""
    assert read_as(model) == {"회사": "account", "이름": "name", "직책": ""}
    model.run()
    assert ws.people("한빛")["title"].isna().all()
    again = ImportModel(ws)
    again.take("b.csv", OURS)
    assert read_as(again)["직책"] == ""
    again.mapping["직책"] = "title"
    assert read_as(again)["직책"] == "title"


def test_a_name_of_an_upload_stays_in_its_folder_and_no_file_is_said(ws: Workspace, tmp_path: Path) -> None:
    model = ImportModel(ws)
    with pytest.raises(BadInput, match="No file"):
        model.run()
    model.take("../../../evil.csv", OURS)
    assert not list(tmp_path.rglob("evil.csv"))


def send(book: ImportBook, name: str, content: bytes, part: int = 1 << 20) -> dict[str, Any]:
    """Send a file as the screen does, in parts."""
    told: dict[str, Any] = {}
    for at in range(0, max(len(content), 1), part):
        body = {"name": name, "size": len(content), "at": at, "content": content[at : at + part]}
        told = book.handle({"kind": "part", "seq": at, **body})
    return told


def test_the_screen_is_told_each_step_in_both_languages(ws: Workspace) -> None:
    book = ImportBook(ws)
    pushed: list[dict[str, Any]] = []
    book.push = pushed.append
    assert book.handle({"kind": "hello", "seq": 1})["facts"] == {"accounts": 0, "unassigned": 0}
    told = send(book, "a.csv", OURS, part=7)
    assert (told["file"], told["size"], told["preview"]["lacking"]) == ("a.csv", len(OURS), None)
    tried = book.handle({"kind": "try_out", "seq": 2})
    assert (tried["done"], tried["plan"]["counts"]["rejected"], tried["seq"]) == (False, 1, 2)
    [problem] = tried["plan"]["problems"]
    assert (problem["row"], problem["column"], problem["effect"]) == (3, "이름", "row")
    assert problem["text"]["ko"] != problem["text"]["en"]
    assert ws.ledger.as_of(Person) == []
    done = book.handle({"kind": "run", "seq": 3})
    assert (done["done"], done["facts"]) == (True, {"accounts": 1, "unassigned": 1})
    assert {each["step"] for each in pushed} == {"reading", "writing"}
    rejects = book.handle({"kind": "file", "which": "rejects", "seq": 4})
    assert (rejects["name"], "새벽" in rejects["text"]) == ("a.csv", True)
    send(book, "b.csv", OURS.replace("과장".encode("cp949"), "부장".encode("cp949")))
    [change] = book.handle({"kind": "try_out"})["plan"]["differences"]
    assert (change["what"], change["field"], change["before"], change["after"]) == ("김가온", "title", "과장", "부장")


@pytest.mark.parametrize("step", ["reading", "writing"])
def test_an_import_that_is_stopped_leaves_nothing_and_can_be_done_again(ws: Workspace, step: str) -> None:
    book = ImportBook(ws)
    send(book, "a.csv", OURS)
    book.handle({"kind": "try_out"})
    meanwhile: list[dict[str, Any]] = []

    def stop(told: dict[str, Any]) -> None:
        if told["step"] == step:
            meanwhile.append(book.handle({"kind": "drop"}))
            book.handle({"kind": "stop"})

    book.push = stop
    last = ws.ledger.last_at()
    told = book.handle({"kind": "run", "seq": 5})
    assert (told["ended"], told["done"], told["problem"], told["seq"]) == ("stopped", False, None, 5)
    assert "Stop it" in meanwhile[0]["problem"]["en"], "nothing else is begun meanwhile"
    assert (ws.ledger.as_of(Person), ws.ledger.as_of(Account), ws.ledger.last_at()) == ([], [], last)
    assert not (ws.path / "rejects" / "a.csv").exists()
    book.push = lambda _: None
    assert book.handle({"kind": "run"})["done"] is True
    assert (ws.path / "rejects" / "a.csv").exists()


def test_an_import_is_taken_back_whole_unless_somebody_worked_with_it(ws: Workspace) -> None:
    book = ImportBook(ws)
    send(book, "a.csv", OURS)
    assert book.handle({"kind": "undo"})["problem"] is not None
    assert book.handle({"kind": "run"})["can_undo"] is True
    told = book.handle({"kind": "undo"})
    assert (told["ended"], told["done"], told["plan"], told["file"]) == ("undone", False, None, "a.csv")
    assert told["facts"] == {"accounts": 0, "unassigned": 0}
    assert (ws.ledger.as_of(Person), ws.ledger.as_of(Employment)) == ([], [])
    again = book.handle({"kind": "run"})
    assert (again["ended"], again["plan"]["counts"]["added"]) == ("", 1)
    ws.edit_person("김가온", "한빛", phone="010-1")
    refused = book.handle({"kind": "undo"})
    assert (refused["ended"], refused["done"]) == ("", True)
    assert refused["problem"]["en"].startswith("Somebody has worked with 1 of the entries that this file brought in")
    assert "Undo that work first" in refused["problem"]["en"]
    assert [row.phone for row in ws.ledger.as_of(Person)] == ["010-1"]


def test_an_import_is_taken_back_also_from_a_page_opened_later(ws: Workspace) -> None:
    send(first := ImportBook(ws), "a.csv", OURS)
    first.handle({"kind": "run"})
    later = ImportBook(ws)
    [done] = later.handle({"kind": "hello"})["recent"]
    assert {key: done[key] for key in ("kind", "rows", "added", "changed")} == {
        "kind": "contacts", "rows": 2, "added": 1, "changed": 0,
    }  # fmt: skip
    other = ws.edit_slot("한빛", "ceo", status="vacant", verified_on="2026-11-20", verified_how="call")
    refused = later.handle({"kind": "undo", "undoes": other.edit_id})
    assert refused["problem"]["en"] == "There is no import here that could be taken back."
    ws.undo(other.edit_id)
    act = {"kind": "undo", "undoes": done["edit_id"], "edit_id": "ed_page_1"}
    response = later.handle(act)
    assert (response["ended"], response["recent"], response["facts"]["accounts"]) == ("undone", [], 0)
    last = ws.ledger.last_at()
    again = later.handle(act)
    assert (again["ended"], again["problem"], ws.ledger.last_at()) == ("undone", None, last), "sent twice, done once"


def test_an_import_can_be_taken_back_after_the_work_with_it_was_undone(ws: Workspace) -> None:
    send(book := ImportBook(ws), "a.csv", OURS)
    book.handle({"kind": "run"})
    for edit in (
        ws.assign(["한빛"], "kim"),
        ws.edit_slot("한빛", "ceo", holder="김가온"),
        ws.edit_person("김가온", "한빛", phone="010-1"),
        ws.end_employment("김가온", "한빛", kind="left"),
    ):
        assert "worked with" in book.handle({"kind": "undo"})["problem"]["en"]
        ws.undo(edit.edit_id)
    assert book.handle({"kind": "undo"})["ended"] == "undone"
    assert (ws.ledger.as_of(Account), ws.ledger.as_of(Person), ws.ledger.as_of(Employment)) == ([], [], [])


def test_what_names_something_of_an_import_made_again_is_not_taken_back(ws: Workspace) -> None:
    send(book := ImportBook(ws), "a.csv", OURS)
    for kind in ("run", "undo", "run"):
        book.handle({"kind": kind})
    [account] = ws.ledger.as_of(Account)
    assert account.version > 1
    ws.ledger.save([Change("claim", "cl_1", {"account_id": account.id, "rep_id": "ann"})])
    assert "worked with" in book.handle({"kind": "undo"})["problem"]["en"]


def test_work_that_begins_while_an_import_is_taken_back_is_seen(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    send(book := ImportBook(ws), "a.csv", OURS)
    book.handle({"kind": "run"})
    [account] = ws.ledger.as_of(Account)
    late = [Change("claim", "cl_1", {"account_id": account.id, "rep_id": "ann"})]
    begin = ledger_module.merge_changes

    def somebody_works_first(changes: Any) -> Any:
        if late:
            with open_workspace(ws.path, actor="bob", clock=ws.ledger.clock) as other:
                other.ledger.save([late.pop()])
        return begin(changes)

    monkeypatch.setattr(ledger_module, "merge_changes", somebody_works_first)
    assert "worked with" in book.handle({"kind": "undo"})["problem"]["en"]
    assert len(ws.ledger.as_of(Account)) == 1


@pytest.mark.parametrize("how", ["promise", "voice", "file", "claim"])
def test_what_anything_else_names_is_not_taken_back(ws: Workspace, how: str, tmp_path: Path) -> None:
    send(book := ImportBook(ws), "a.csv", OURS)
    book.handle({"kind": "run"})
    [account], [job] = ws.ledger.as_of(Account), ws.ledger.as_of(Employment)
    acts: dict[str, Change] = {
        "promise": Change("commitment", "co_1", {"employment_id": job.id, "kind": "find_out"}),
        "voice": Change("note", "no_1", {"person_id": job.person_id, "kind": "voice"}),
        "claim": Change("claim", "cl_1", {"account_id": account.id, "rep_id": "ann"}),
    }
    if how == "file":  # a later export with one more person at the same company
        more = tmp_path / "more.csv"
        more.write_bytes(OURS + OURS.splitlines()[1].replace("김가온".encode("cp949"), "이새봄".encode("cp949")))
        ws.import_file("contacts", more)
    else:
        ws.ledger.save([acts[how]])
    assert "worked with" in book.handle({"kind": "undo"})["problem"]["en"]


def test_whoever_sits_in_a_slot_is_not_taken_back_with_the_file(ws: Workspace) -> None:
    book = ImportBook(ws)
    send(book, "a.csv", OURS)
    book.handle({"kind": "run"})
    ws.edit_slot("한빛", "ceo", holder="김가온")
    assert "worked with" in book.handle({"kind": "undo"})["problem"]["en"]
    same = ImportBook(ws)
    send(same, "a.csv", OURS)
    assert same.handle({"kind": "run"})["can_undo"] is False, "the same file again changed nothing"


def test_what_cannot_be_read_is_said_in_the_words_of_the_screen(ws: Workspace) -> None:
    book = ImportBook(ws)
    empty = send(book, "empty.csv", b"")
    assert (empty["file"], empty["preview"]) == ("", None)
    assert "empty.csv" in empty["problem"]["en"]
    lacking = send(book, "a.csv", THEIRS)["preview"]["lacking"]
    assert "고객사, 이름" in lacking["ko"]
    assert "--map" not in lacking["en"]
    book.handle({"kind": "column", "theirs": "업체", "ours": "account"})
    assert book.handle({"kind": "column", "theirs": "누구", "ours": "name"})["preview"]["lacking"] is None
    send(book, "b.csv", OURS)
    wrong = book.handle({"kind": "set", "encoding": "utf-8"})
    assert (wrong["file"], wrong["preview"]["columns"]) == ("b.csv", [])
    assert "--encoding" not in wrong["preview"]["lacking"]["en"]
    assert book.handle({"kind": "set", "encoding": None})["preview"]["lacking"] is None
    torn = book.handle({"kind": "part", "name": "c.csv", "size": 9, "at": 5, "content": b"1234"})
    assert (torn["file"], torn["preview"]) == ("", None)
    assert book.handle({"kind": "nonsense"})["text"]["en"].startswith("The page is from another version")


def test_an_empty_file_of_each_kind_can_be_kept_and_is_taken_again(ws: Workspace) -> None:
    book = ImportBook(ws)
    for kind in ("accounts", "contacts", "staff"):
        book.handle({"kind": "set", "kind_of_file": kind})
        blank = book.handle({"kind": "file", "which": "blank"})
        assert blank["name"] == f"{kind}.csv"
        told = send(book, blank["name"], (blank["text"] + ",".join("x" * len(blank["text"].split(",")))).encode())
        assert told["preview"]["lacking"] is None
        assert all(column["ours"] for column in told["preview"]["columns"])


def test_no_row_of_the_file_is_in_the_widgets_state(ws: Workspace) -> None:
    view = ImportView(ImportBook(ws), lang="ko")
    sent: list[Any] = []
    view.send = sent.append  # type: ignore[method-assign,assignment]
    view._receive(view, {"kind": "part", "name": "a.csv", "size": len(OURS), "at": 0}, [memoryview(OURS)])
    assert sent[-1]["preview"]["columns"][1]["samples"] == ["김가온", ""]
    assert "김가온" not in str(view.get_state())
    view.close()


@pytest.mark.parametrize("kind", ["hello", "drop"])
def test_a_store_out_of_reach_is_said(ws: Workspace, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    def fail(*_: object) -> list[Account]:
        raise StoreError("store.locked", "The store is busy; try again.")

    book = ImportBook(ws)
    with monkeypatch.context() as broken:
        broken.setattr("coverage_kit.workbook.model.importing.unassigned_accounts", fail)
        told = book.handle({"kind": kind, "seq": 9})
    assert (told["kind"], told["seq"], told["text"]["en"]) == ("unavailable", 9, "The store is busy; try again.")
    assert book.handle({"kind": "hello"})["kind"] == "import"


def test_rows_that_were_not_taken_are_told_to_be_gone_where_their_file_is(ws: Workspace) -> None:
    book = ImportBook(ws)
    send(book, "a.csv", OURS)
    book.handle({"kind": "try_out"})
    tried = book.handle({"kind": "file", "which": "rejects", "seq": 1})
    assert (tried["kind"], tried["seq"]) == ("refused", 1), "a trial writes none"
    book.handle({"kind": "run"})
    (ws.path / "rejects" / "a.csv").unlink()
    gone = book.handle({"kind": "file", "which": "rejects", "seq": 2})
    assert (gone["kind"], gone["code"], gone["seq"]) == ("refused", "import.rejects_gone", 2)
    assert "a.csv" in gone["text"]["ko"]
    assert str(ws.path) not in gone["text"]["en"]


@pytest.mark.parametrize("kind", ["try_out", "run", "set", "back", "drop", "part"])
def test_a_file_that_vanishes_between_steps_is_told_and_can_be_chosen_again(ws: Workspace, kind: str) -> None:
    book = ImportBook(ws)
    send(book, "a.csv", OURS)
    shutil.rmtree(book.model._folder)
    told = book.handle(
        {"kind": kind, "kind_of_file": "contacts", "at": len(OURS), "size": 99, "content": b"x", "seq": 3}
    )
    assert (told["kind"], told["seq"]) == ("import", 3)
    assert kind == "drop" or set(told["problem"]) == {"ko", "en"}
    assert ws.ledger.as_of(Person) == []
    assert send(book, "a.csv", OURS)["preview"]["n_rows"] == 2
    assert book.handle({"kind": "run"})["done"]


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "part"},
        {"kind": "part", "name": 7, "at": 0, "size": 1, "content": b"x"},
        {"kind": "part", "name": "a.csv", "at": "x", "size": 1, "content": b"x"},
        {"kind": "part", "name": "a\x00.csv", "at": 0, "size": 1, "content": b"x"},
        {"kind": "column"},
        {"kind": "column", "theirs": ["회사"], "ours": 7},
        {"kind": "set", "encoding": ["utf-8"]},
        {"kind": "set", "encoding": "\ud800"},
        {"kind": "set", "kind_of_file": []},
        {"kind": "undo", "undoes": {}},
        {"kind": []},
    ],
)
def test_an_odd_message_of_the_import_page_is_answered_in_both_languages(
    ws: Workspace, message: dict[str, Any]
) -> None:
    book = ImportBook(ws)
    if message["kind"] != "part":
        send(book, "a.csv", OURS)
    before = ws.ledger.last_at()
    told = book.handle({"seq": 1, **message})
    assert set(told["text"] if told["kind"] == "refused" else told["problem"]) == {"ko", "en"}
    assert (told["seq"], ws.ledger.last_at()) == (1, before)
    json.dumps(told, ensure_ascii=False).encode()


def test_a_file_with_a_long_name_is_brought_in(ws: Workspace) -> None:
    book = ImportBook(ws)
    told = send(book, f"{'가' * 200}.csv", OURS)
    assert (told["problem"], told["preview"]["n_rows"], told["file"].endswith("가.csv")) == (None, 2, True)
    assert book.handle({"kind": "run"})["plan"]["counts"]["added"] == 1
    assert "새벽" in book.handle({"kind": "file", "which": "rejects"})["text"]


NAMESAKES = "회사,이름,직책,이메일\n한빛,김가온,부장,a@x.com\n한빛,김가온,과장,b@x.com\n".encode()


def test_a_row_that_could_be_several_people_is_asked_on_the_page_until_it_is_decided(ws: Workspace) -> None:
    book = ImportBook(ws)
    send(book, "first.csv", NAMESAKES)
    book.handle({"kind": "run"})
    send(book, "second.csv", "회사,이름,직책,부서\n한빛,김가온,,구매팀\n".encode())
    plan = book.handle({"kind": "try_out"})["plan"]
    [asked] = plan["who"]
    assert (asked["row"], asked["account"], asked["chosen"], plan["n_who"]) == (2, "한빛", "", 1)
    people = {one["name"]: one["id"] for one in asked["people"]}
    assert people.keys() == {"부장, a@x.com", "과장, b@x.com"}
    assert "--who" not in json.dumps(plan["problems"])
    chosen = people["과장, b@x.com"]
    plan = book.handle({"kind": "try_out", "who": {"2": chosen}})["plan"]
    assert (plan["who"][0]["chosen"], plan["problems"]) == (chosen, [])
    plan = book.handle({"kind": "try_out", "who": {"2": ""}})["plan"]
    assert plan["who"][0]["chosen"] == ""
    book.handle({"kind": "try_out", "who": {"2": chosen}})
    book.handle({"kind": "run"})
    assert {str(job.title): job.department for job in ws.ledger.as_of(Employment)} == {"부장": None, "과장": "구매팀"}


def test_the_people_of_a_list_of_accounts_come_in_with_the_same_file(ws: Workspace) -> None:
    book = ImportBook(ws)
    book.handle({"kind": "set", "kind_of_file": "accounts"})
    send(book, "업체.csv", "업체명,업종,담당자\n한빛,전자,김가온\n새벽,기계,이하늘\n".encode())
    plan = book.handle({"kind": "try_out"})["plan"]
    assert (plan["people_columns"], plan["may_be_owner"]) == (["담당자"], True)
    book.handle({"kind": "run"})
    shown = book.handle({"kind": "set", "kind_of_file": "contacts"})
    assert (shown["file"], shown["kind_of_file"]) == ("업체.csv", "contacts")
    assert book.handle({"kind": "run"})["plan"]["counts"]["added"] == 2


def test_the_only_column_of_people_can_be_read_as_our_owner(ws: Workspace) -> None:
    book = ImportBook(ws)
    book.handle({"kind": "set", "kind_of_file": "accounts"})
    send(book, "업체.csv", "업체명,담당자\n한빛,김가온\n".encode())
    plan = book.handle({"kind": "try_out", "columns": {"담당자": "owner"}})["plan"]
    assert plan["people_columns"] == []
    book.handle({"kind": "run"})
    assert [account.owner_id for account in ws.ledger.as_of(Account)] == ["김가온"]


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("Account ID,Account Name,Industry,Region,Annual Revenue,Sales rep", "accounts"),
        ("고객사,업종,지역,담당", "accounts"),
        ("Account,Industry,Segment,Region", "accounts"),
        ("고객사,업종,지역,담당,이름,직책", "contacts"),
        ("회사,이름", "contacts"),
        ("회사명,성함,부서,직함,휴대폰", "contacts"),
        ("고객사,부르는 말,직함", "contacts"),
        ("key,name,function,manager", "staff"),
        ("사번,이름,역할,팀장", "staff"),
        ("하나,둘,셋", "contacts"),
    ],
)
def test_the_columns_say_what_a_file_holds_until_a_user_does(ws: Workspace, header: str, kind: str) -> None:
    book, content = ImportBook(ws), f"{header}\n{header.replace(',', 'x,')}\n".encode()
    assert send(book, "a.csv", content)["kind_of_file"] == kind
    assert send(book, "b.csv", "회사,이름\n가,나\n".encode())["kind_of_file"] == "contacts"
    book.handle({"kind": "set", "kind_of_file": "accounts"})
    assert send(book, "c.csv", content)["kind_of_file"] == "accounts"


def test_rows_are_counted_without_the_header_also_where_a_column_is_lacking(ws: Workspace) -> None:
    shown = send(ImportBook(ws), "a.csv", "하나,둘\n가,나\n다,라\n".encode())
    assert (shown["preview"]["lacking"] is None, shown["preview"]["n_rows"]) == (False, 2)


def test_accounts_that_a_contact_list_brings_along_are_named(ws: Workspace) -> None:
    book = ImportBook(ws)
    send(book, "a.csv", "회사,이름\n새로운상사,김가온\n새로운상사,이나래\n다른상사,박다온\n".encode())
    plan = book.handle({"kind": "try_out"})["plan"]
    assert (plan["counts"]["accounts_added"], plan["accounts_added"]) == (2, ["새로운상사", "다른상사"])


def test_a_file_of_another_kind_than_chosen_is_named_and_one_message_reads_it_so(ws: Workspace) -> None:
    book = ImportBook(ws)
    book.handle({"kind": "set", "kind_of_file": "staff"})
    shown = send(book, "a.csv", "key,name,industry\nA1,한빛,금속\n".encode())["preview"]
    assert (shown["holds"], [column["theirs"] for column in shown["columns"]]) == (
        "accounts",
        ["key", "name", "industry"],
    )
    assert "--map" not in str(shown["lacking"])
    shown = book.handle({"kind": "set", "kind_of_file": shown["holds"]})["preview"]
    assert (shown["holds"], shown["lacking"], [column["ours"] for column in shown["columns"]]) == (
        "",
        None,
        ["key", "name", "industry"],
    )


def test_a_question_about_brackets_says_so_with_the_names_and_the_new_account(ws: Workspace) -> None:
    book = ImportBook(ws)
    send(book, "a.csv", "회사,이름,직책\n한빛,김가온,과장\n한빛,김가온(품질),부장\n".encode())
    (asked,) = book.handle({"kind": "try_out"})["plan"]["who"]
    assert (asked["in_brackets"], asked["account"]) == (True, "한빛")
    assert asked["people"] == [{"id": "2", "name": "김가온, 과장"}]

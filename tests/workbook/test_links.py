"""Personal links: who writes through a page is recorded; a link that is not right writes nothing."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import text
from tornado.ioloop import IOLoop
from voila.app import Voila

from coverage_kit import links
from coverage_kit.assets.shipped import write_new_pages
from coverage_kit.cli.setup import _first_page, _kept_text, _page_arguments, _pages_kept_ready
from coverage_kit.errors import BadInput
from coverage_kit.store import Change
from coverage_kit.workbook import RepBook
from coverage_kit.workbook.model.audit_page import AuditBook
from coverage_kit.workbook.model.coach import CoachBook
from coverage_kit.workbook.model.contacts import ContactsBook
from coverage_kit.workbook.model.my_page import MyBook
from coverage_kit.workbook.model.start import StartBook
from coverage_kit.workbook.server import FIRST_PAGE, PRINT, PageServer
from coverage_kit.workspace import Workspace, init_workspace, open_workspace

EDIT = {"kind": "edit", "account": "A", "role": "ceo", "field": "holder", "value": "홍길동", "edit_id": "ed_links"}


def link(ws: Workspace, person: str) -> dict[str, str]:
    server = links.keep_server(ws.path)
    return {"person": person, "signature": links.sign(server.secret, person)}


def authors(ws: Workspace, edit_id: str) -> list[tuple[str, str]]:
    with ws.ledger.engine.connect() as connection:
        found = connection.execute(text("SELECT actor, login FROM edit WHERE edit_id = :e"), {"e": edit_id})
        return [tuple(row) for row in found]


def last_at(ws: Workspace) -> int:
    return ws.ledger.last_at()


def open_as(ws: Workspace, actor: str, clock: Callable[[], int]) -> Workspace:
    """The workspace as another kernel opens it."""
    return open_workspace(ws.path, actor=actor, clock=clock)


def test_two_links_write_two_authors_beside_the_login_of_the_computer(ws: Workspace, clock: Callable[[], int]) -> None:
    for person, edit_id, value in (("ann", "ed_by_ann", "홍길동"), ("sue", "ed_by_sue", "김하나")):
        with open_as(ws, "login", clock) as kernel:
            book = RepBook(kernel, "ann", follows_link=True)
            hello = book.handle({"kind": "hello", "seq": 1, "rep": "ann", "link": link(ws, person)})
            assert (hello["kind"], hello["actor"]) == ("hello", person)
            assert book.handle({**EDIT, "seq": 2, "value": value, "edit_id": edit_id})["kind"] == "saved"
            login = kernel.ledger.login
    assert authors(ws, "ed_by_ann") == [("ann", login)]
    assert authors(ws, "ed_by_sue") == [("sue", login)]


def test_a_page_without_a_link_writes_as_the_login(ws: Workspace, clock: Callable[[], int]) -> None:
    with open_as(ws, "login", clock) as kernel:
        book = RepBook(kernel, "ann")
        book.handle({"kind": "hello", "seq": 1})
        assert book.handle({**EDIT, "seq": 2})["kind"] == "saved"
    assert authors(ws, "ed_links")[0][0] == "login"


def other_workspace(ws: Workspace) -> dict[str, str]:
    other = ws.path.parent / "other"
    other.mkdir()
    return {"person": "ann", "signature": links.sign(links.keep_server(other).secret, "ann")}


def changed_letter(ws: Workspace) -> dict[str, str]:
    right = link(ws, "ann")
    first = "0" if right["signature"][0] != "0" else "1"
    return {**right, "signature": first + right["signature"][1:]}


FORGED: dict[str, Callable[[Workspace], dict[str, str]]] = {
    "a changed letter": changed_letter,
    "another person's name": lambda ws: {**link(ws, "ann"), "person": "bob"},
    "another workspace": other_workspace,
    "no signature": lambda ws: {**link(ws, "ann"), "signature": ""},
    "nobody of that name": lambda ws: link(ws, "nobody"),
    "letters outside ASCII": lambda ws: {"person": "ann", "signature": "서명"},
}


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("kind", ["rep", "coach", "start"])
def test_a_forged_link_is_refused_and_nothing_is_written_after_it(ws: Workspace, forged: str, kind: str) -> None:
    book: Any = {"rep": lambda: RepBook(ws, "ann"), "coach": lambda: CoachBook(ws), "start": lambda: StartBook(ws)}[
        kind
    ]()
    acts: dict[str, dict[str, Any]] = {
        "rep": EDIT,
        "coach": {**EDIT, "rep": "ann"},
        "start": {"kind": "assign", "accounts": {"C": 1}, "to": "ann"},
    }
    sent = FORGED[forged](ws)
    before = last_at(ws)
    refused = book.handle({"kind": "desk" if kind == "coach" else "hello", "seq": 1, "link": sent})
    assert (refused["kind"], refused["code"].split(".")[0]) == ("refused", "link")
    assert "코치에게" in refused["text"]["ko"]
    assert "coverage-kit" not in refused["text"]["ko"]
    after = book.handle({**acts[kind], "seq": 2})
    assert (after["kind"], after["code"]) == ("refused", refused["code"])
    assert last_at(ws) == before
    # The control: the right link lets the same act through.
    assert book.handle({**acts[kind], "seq": 3, "link": link(ws, "ann")})["kind"] in ("saved", "accounts")
    assert last_at(ws) > before


def test_the_link_of_a_person_who_left_is_refused(ws: Workspace) -> None:
    ws.ledger.save([Change("staff", "bob", {"ended_on": "2026-11-25"})])
    before = last_at(ws)
    refused = RepBook(ws, "ann").handle({**EDIT, "seq": 1, "link": link(ws, "bob")})
    assert (refused["kind"], refused["code"]) == ("refused", "link.left")
    assert last_at(ws) == before


def test_a_page_that_stays_open_writes_nothing_after_its_person_left(ws: Workspace, clock: Callable[[], int]) -> None:
    with open_as(ws, "login", clock) as kernel:
        book = RepBook(kernel, "ann")
        assert book.handle({"kind": "hello", "seq": 1, "link": link(ws, "bob")})["kind"] == "hello"
        ws.ledger.save([Change("staff", "bob", {"ended_on": "2026-11-25"})])
        before = last_at(ws)
        assert book.handle({**EDIT, "seq": 2})["code"] == "link.left"
    assert last_at(ws) == before


def test_a_page_belongs_to_one_person(ws: Workspace) -> None:
    book = RepBook(ws, "ann")
    book.handle({"kind": "hello", "seq": 1, "link": link(ws, "ann")})
    assert book.handle({"kind": "hello", "seq": 2, "link": link(ws, "bob")})["code"] == "link.other"
    book.handle({"kind": "hello", "seq": 3, "link": link(ws, "ann")})
    book.handle({**EDIT, "seq": 4})
    assert authors(ws, "ed_links")[0][0] == "ann"


def test_renewed_links_refuse_the_earlier_ones_and_keep_the_address(ws: Workspace) -> None:
    before = links.keep_server(ws.path)
    earlier = link(ws, "ann")
    after = links.renew_links(ws.path)
    assert (after.port, after.token) == (before.port, before.token)
    assert RepBook(ws, "ann").handle({"kind": "hello", "seq": 1, "link": earlier})["code"] == "link.refused"
    assert RepBook(ws, "ann").handle({"kind": "hello", "seq": 1, "link": link(ws, "ann")})["kind"] == "hello"


def test_the_star_of_the_focus_list_works_through_a_link(ws: Workspace, clock: Callable[[], int]) -> None:
    star = {"kind": "edit", "account": "B", "field": "focus", "value": True, "edit_id": "ed_star", "seq": 2}
    with open_as(ws, "login", clock) as kernel:
        assert RepBook(kernel, "ann").handle(star)["code"] == "focus.who"
        book = RepBook(kernel, "ann")
        book.handle({"kind": "hello", "seq": 1, "link": link(ws, "ann")})
        assert book.handle(star)["kind"] == "saved"
    assert authors(ws, "ed_star")[0][0] == "ann"


def test_a_link_opens_the_workbook_of_its_person(ws: Workspace) -> None:
    hello = RepBook(ws, "ann", follows_link=True).handle({"kind": "hello", "seq": 1, "link": link(ws, "bob")})
    assert hello["rep"]["id"] == "bob"


# The command line ------------------------------------------------------------------------------------------------


def app(home: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """``coverage-kit app``, as users type it."""
    command = [sys.executable, "-m", "coverage_kit", "-w", str(home), "app", *options]
    env = {**os.environ, "COVERAGE_KIT_LANG": "en", "COVERAGE_KIT_CONFIRM_CLOCK": "1"}
    return subprocess.run(command, capture_output=True, text=True, env=env, timeout=60, check=False)


def app_links(home: Path, *options: str) -> list[dict[str, str]]:
    done = app(home, "--links", "--json", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


@pytest.fixture
def home(team: Path, tmp_path: Path) -> Path:
    return shutil.copytree(team, tmp_path / "home")


def test_links_are_printed_for_everybody_and_stay_the_same(home: Path) -> None:
    found = app_links(home)
    assert [(each["person"], each["function"]) for each in found] == [
        ("ann", "rep"),
        ("bob", "rep"),
        ("lee", "coach"),
        ("sue", "support"),
    ]
    assert all(each.keys() == {"person", "function", "url"} for each in found)
    pages = {each["person"]: urlsplit(each["url"]) for each in found}
    assert pages["lee"].path.endswith("/start.ipynb")
    assert {pages[key].path.rsplit("/", 1)[1] for key in ("ann", "bob")} == {"rep_workbook.ipynb"}
    assert pages["sue"].path.endswith("/my_page.ipynb")
    server = links.read_server(home)
    assert server is not None
    for person, url in pages.items():
        assert parse_qs(url.query)["person"] == [person]
        # The signature stands in the fragment only, which browsers send to no server.
        signature = parse_qs(url.fragment)["signature"][0]
        assert signature == links.sign(server.secret, person)
        assert signature not in url.query
    assert app_links(home) == found
    assert stat.S_IMODE((home / links.FILE_NAME).stat().st_mode) == 0o600
    assert server.secret not in "".join(each["url"] for each in found)


def test_people_print_the_links_and_read_that_they_are_no_lock(home: Path) -> None:
    shown = app(home, "--links").stdout
    assert all(each["url"] in shown for each in app_links(home))
    assert "작성자를 남길 뿐, 잠금은 아닙니다" in shown


def test_renewing_changes_every_link(home: Path) -> None:
    before = {each["url"] for each in app_links(home)}
    assert app(home, "--renew-links").returncode == 0
    assert before.isdisjoint(each["url"] for each in app_links(home))


def test_a_busy_port_is_named_with_the_command_to_choose_another(home: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        links.keep_server(home, port=port)
        refused = app(home, "--no-browser")
        assert refused.returncode == 2
        assert str(port) in refused.stderr
        assert " app --port" in refused.stderr
        assert refused.stdout == ""
        # Another workspace does not take it either, and keeps its own.
        assert app(home, "--no-browser", "--port", str(port)).returncode == 2
    assert links.keep_server(home).port == port


def test_another_port_is_kept_from_then_on(home: Path) -> None:
    port = links.free_port()
    assert all(f":{port}/" in each["url"] for each in app_links(home, "--port", str(port)))
    assert all(f":{port}/" in each["url"] for each in app_links(home))


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"secret": "short", "token": "x", "port": 1}', "\xff"])
def test_a_damaged_file_is_named_with_the_command_that_mends_it(home: Path, content: str) -> None:
    (home / links.FILE_NAME).write_text(content, encoding="latin-1")
    refused = app(home, "--links")
    assert refused.returncode == 2
    assert links.FILE_NAME in refused.stderr
    assert "--renew-links" in refused.stderr
    with open_workspace(home) as ws, pytest.raises(BadInput):
        links.author_of_link(ws, "ann", "x")
    assert app(home, "--renew-links").returncode == 0
    assert len(app_links(home)) == 4


def test_nobody_who_left_gets_a_link(ws: Workspace) -> None:
    ws.ledger.save([Change("staff", "bob", {"ended_on": "2026-11-25"})])
    assert [each.person for each in links.personal_links(ws, links.keep_server(ws.path))] == ["ann", "lee", "sue"]


def test_a_rep_proposes_and_the_coach_agrees_through_their_own_link(ws: Workspace, clock: Callable[[], int]) -> None:
    act = {"kind": "edit", "account": "A", "role": "cfo"}
    with open_as(ws, "login", clock) as kernel:
        rep = RepBook(kernel, "ann")
        hello = rep.handle({"kind": "hello", "seq": 1, "link": link(ws, "ann")})
        assert not hello["may_agree"]
        refused = rep.handle({**act, "field": "not_applicable", "value": {"reason": "본사 겸임"}, "seq": 2})
        assert refused["code"] == "slot.agreed_by"
        saved = rep.handle({**act, "field": "proposed", "value": {"reason": "본사 겸임"}, "seq": 3})
        shown = next(each for each in saved["page"]["slots"] if each["role"] == "cfo")
        assert (shown["status"], shown["proposed_by"], shown["proposed_why"]) == ("open", "ann", "본사 겸임")
    with open_as(ws, "login", clock) as kernel:
        coach = CoachBook(kernel)
        (waiting,) = coach.handle({"kind": "desk", "seq": 1, "link": link(ws, "lee")})["proposals"]
        assert (waiting["account_name"], waiting["by"], waiting["why"]) == ("가온물산", "앤", "본사 겸임")
        assert coach.handle({"kind": "hello", "seq": 2, "rep": "ann"})["may_agree"]
        yes = {**act, "field": "not_applicable", "value": {}, "base": waiting["version"], "edit_id": "ed_yes"}
        agreed = coach.handle({**yes, "rep": "ann", "seq": 3})
        assert agreed["kind"] == "saved"
        assert coach.handle({"kind": "desk", "seq": 4})["proposals"] == []
    (shown,) = [each for each in agreed["page"]["slots"] if each["role"] == "cfo"]
    assert (shown["status"], shown["agreed_by"], shown["reason"]) == ("not_applicable", "lee", "본사 겸임")
    assert authors(ws, "ed_yes")[0][0] == "lee"


def test_the_browser_opens_the_start_page_or_the_link_of_who_is_working(
    ws: Workspace, clock: Callable[[], int]
) -> None:
    server = links.keep_server(ws.path)
    personal = links.personal_links(ws, server)
    urls = {each.person: each.url for each in personal}
    with open_as(ws, "lee", clock) as coach, open_as(ws, "some.login", clock) as nobody:
        assert _first_page(coach, server, personal, only=False) == urls["lee"]
        assert _first_page(nobody, server, personal, only=False) == links.page_url(server, "start")
        assert _first_page(nobody, server, personal[:1], only=True) == urls["ann"]


def test_only_pages_that_people_here_open_are_kept_ready(ws: Workspace) -> None:
    server = links.keep_server(ws.path)
    ann, bob, lee, sue = links.personal_links(ws, server)
    assert _pages_kept_ready([ann, bob, lee, sue]) == {"start", "coach_session", "rep_workbook", "my_page"}
    assert _pages_kept_ready([ann]) == {"start", "rep_workbook"}
    assert _pages_kept_ready([]) == {"start"}
    arguments = _page_arguments(ws, server, [ann], no_browser=True)
    denied = {text.partition("=")[2] for text in arguments if "preheat_denylist" in text}
    pages = {each.stem for each in (ws.path / "notebooks").glob("*.ipynb")}
    assert pages - denied == {"start", "rep_workbook"}


def test_the_token_of_the_first_page_is_on_no_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    done = Event()
    monkeypatch.setattr("webbrowser.open", lambda url: (opened.append(url), done.set()))
    monkeypatch.setenv(FIRST_PAGE, "http://127.0.0.1:1/start.ipynb?person=a&token=secret")
    PageServer.launch_browser(PageServer.__new__(PageServer))
    assert done.wait(10)
    path = Path(urlsplit(opened[0]).path)
    assert "secret" not in opened[0]
    assert "url=http://127.0.0.1:1/start.ipynb?person=a&amp;token=secret" in path.read_text(encoding="utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert FIRST_PAGE not in os.environ
    path.unlink()


def test_links_are_printed_only_once_the_server_listens(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(PRINT, kept := _kept_text("ann http://127.0.0.1:1/"))
    assert stat.S_IMODE(Path(kept).stat().st_mode) == 0o600
    seen: list[str] = []

    def listening(_server: PageServer) -> None:
        seen.append(capsys.readouterr().out)
        IOLoop.current().add_callback(IOLoop.current().stop)
        IOLoop.current().start()

    def listen() -> None:
        with closing(asyncio.new_event_loop()) as loop:
            asyncio.set_event_loop(loop)
            PageServer.listen(PageServer.__new__(PageServer))

    monkeypatch.setattr(Voila, "listen", listening)
    # In a thread of its own: the browser's tests leave a loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(listen).result()
    assert seen == [""]
    assert capsys.readouterr().out == "ann http://127.0.0.1:1/\n"
    assert not Path(kept).exists()
    assert PRINT not in os.environ


def test_a_workspace_without_the_newer_pages_gets_them_and_keeps_its_own(tmp_path: Path) -> None:
    with init_workspace(tmp_path / "old", lang="ko"):
        pass
    folder = tmp_path / "old" / "notebooks"
    (folder / "start.ipynb").unlink()
    (folder / "first_look.ipynb").unlink()
    (folder / "coach_session.ipynb").write_text("ours", encoding="utf-8")
    write_new_pages(tmp_path / "old")
    assert stat.S_IMODE((folder / "start.ipynb").stat().st_mode) == 0o600
    assert not (folder / "first_look.ipynb").exists()
    assert (folder / "coach_session.ipynb").read_text(encoding="utf-8") == "ours"


def test_an_owner_whom_only_an_accounts_file_names_opens_the_workbook_as_a_rep(tmp_path: Path) -> None:
    (tmp_path / "accounts.csv").write_text("key,name,owner\nA,Alpha,Dana Pruitt\n", encoding="utf-8")
    with init_workspace(tmp_path / "new", lang="en", actor="coach") as ws:
        ws.import_file("accounts", tmp_path / "accounts.csv")
        (own,) = links.personal_links(ws, links.keep_server(ws.path))
        assert (own.person, own.function, own.page) == ("Dana Pruitt", "rep", "rep_workbook")
        assert dict(MyBook(ws).handle({"kind": "hello", "seq": 1, **link(ws, own.person)}))["view"] == "helper"
        work = ws.coaching.commitments
        made = work.add(work.draft_from_gap("A", "ceo"), confirmed=True)
        assert (made.owner, made.owner_function) == ("Dana Pruitt", "rep")


#: A page on which people undo what they did themselves, and what else its message of an undo holds.
UNDOING: dict[str, tuple[Callable[[Workspace], Any], dict[str, Any]]] = {
    "rep": (lambda ws: RepBook(ws, "ann", follows_link=True), {"kind": "undo", "account": "A"}),
    "coach": (CoachBook, {"kind": "undo", "account": "A", "rep": "ann"}),
    "of an ask": (CoachBook, {"kind": "undo_ask", "reps": []}),
    "of the desk": (CoachBook, {"kind": "undo_desk", "rep": "ann"}),
    "my page": (lambda ws: MyBook(ws, ""), {"kind": "undo"}),
    "start": (StartBook, {"kind": "undo"}),
    "contacts": (ContactsBook, {"kind": "undo", "account": "A"}),
    "audit": (AuditBook, {"kind": "undo"}),
}


@pytest.mark.parametrize("page", UNDOING)
def test_a_forged_undo_takes_nothing_of_somebody_else_back(ws: Workspace, page: str) -> None:
    make, body = UNDOING[page]
    ws.ledger.actor = "sue"
    ws.edit_slot("A", "ceo", grounds="Met at the fair", edit_id="ed_of_sue")
    before = last_at(ws)
    forged = {**body, "undoes": "ed_of_sue", "edit_id": "ed_forged", "link": link(ws, "ann")}
    answer = make(ws).handle(forged)
    assert (answer["kind"], answer.get("code"), last_at(ws)) == ("refused", "undo.not_yours", before), answer


def test_people_undo_their_own_acts_by_their_link(ws: Workspace) -> None:
    ws.ledger.actor = "ann"
    ws.edit_slot("A", "ceo", grounds="Met at the fair", edit_id="ed_of_ann")
    undo = {"kind": "undo", "account": "A", "undoes": "ed_of_ann", "edit_id": "ed_back", "link": link(ws, "ann")}
    for _ in range(2):
        answer = RepBook(ws, "ann", follows_link=True).handle(undo)
        assert (answer["kind"], authors(ws, "ed_back")) == ("saved", [("ann", authors(ws, "ed_of_ann")[0][1])])

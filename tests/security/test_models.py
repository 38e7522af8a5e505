"""Every page gets hostile texts as they were written, and every file that a page makes shows or holds them as text.

The pages themselves never make markup of a text (``tests/workbook/test_screen.py``); here it is seen that no model answers
with markup instead, and that files, which other programs open, are harmless.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from coverage_kit import init_workspace, open_workspace
from coverage_kit.domain.identifiers import name_key
from coverage_kit.exchange import outputs
from coverage_kit.reporting.pages.page import page_of_parts, sanitise
from coverage_kit.reporting.pages.section import environment
from coverage_kit.store import Change
from coverage_kit.workbook import RepBook
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.audit_page import AuditBook
from coverage_kit.workbook.model.coach import CoachBook
from coverage_kit.workbook.model.contacts import ContactsBook
from coverage_kit.workbook.model.duplicates import DuplicatesBook
from coverage_kit.workbook.model.my_page import MyBook
from coverage_kit.workbook.model.role_lists import RoleListBook
from coverage_kit.workbook.model.start import StartBook
from coverage_kit.workbook.widget.bundle import STATIC
from coverage_kit.workspace import Workspace
from tests.conftest import Prepare
from tests.security.payloads import FORMULAS
from tests.security.team_of_payloads import NOON, PAYLOADS, build, give_a_leader

ROOT = Path(__file__).parents[2]
MODELS: dict[str, Callable[[Workspace], Any]] = {
    "my": lambda ws: MyBook(ws, "boss"),
    "rep": lambda ws: RepBook(ws, "ann"),
    "coach": CoachBook,
    "contacts": ContactsBook,
    "duplicates": DuplicatesBook,
    "audit": AuditBook,
    "roles": RoleListBook,
    "start": StartBook,
}
#: Each notebook: its model, what its page asks, and how many payloads the response shows at least.
PAGES: dict[str, list[tuple[str, dict[str, Any], int]]] = {
    "my_page": [("my", {"kind": "hello"}, 100), ("my", {"kind": "find_mine", "text": "a"}, 8)],
    "rep_workbook": [
        ("rep", {"kind": "hello"}, 8),
        ("rep", {"kind": "open", "account": "a0"}, 12),
        ("rep", {"kind": "cards"}, 4),
    ],
    "coach_session": [("coach", {"kind": "desk"}, 100), ("coach", {"kind": "prepare", "rep": "ann"}, 15)],
    "contacts": [("contacts", {"kind": "hello"}, 100), ("contacts", {"kind": "contacts", "account": "a0"}, 12)],
    "duplicates": [
        ("duplicates", {"kind": "hello"}, 5),
        ("duplicates", {"kind": "preview_merge", "what": "person", "keep": "p1", "gone": "q1"}, 1),
    ],
    "contact_audit": [("audit", {"kind": "hello"}, 100), ("audit", {"kind": "campaign"}, 5)],
    "role_lists": [("roles", {"kind": "hello"}, 100)],
    "start": [("start", {"kind": "hello"}, 100), ("start", {"kind": "accounts"}, 100)],
}
#: Notebooks whose texts are tried elsewhere: the file of an import in a browser, and tables that pandas shows.
ELSEWHERE = {"import_accounts": "tests/security/test_import_screen.py", "first_look": "tests/notebooks"}
QUESTIONS = [(page, *question) for page, questions in PAGES.items() for question in questions]


@pytest.fixture(scope="module")
def ws(prepared: Prepare, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    path = shutil.copytree(prepared("payloads", build), tmp_path_factory.mktemp("models") / "team")
    with open_workspace(path, actor="boss", clock=lambda: NOON + 1000) as made:
        give_a_leader(made)
        yield made


def test_every_page_is_listed_here() -> None:
    assert {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")} == PAGES.keys() | ELSEWHERE.keys()
    assert all((ROOT / place).exists() for place in ELSEWHERE.values())


def texts_of(value: Any) -> Iterator[str]:
    """Every text in a response."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts_of(each)


@pytest.mark.parametrize(("page", "model", "question", "least"), QUESTIONS)
def test_a_response_holds_each_text_as_it_was_written(
    ws: Workspace, page: str, model: str, question: dict[str, Any], least: int
) -> None:
    response = MODELS[model](ws).handle(question)
    assert response["kind"] != "refused", response
    shown = set(texts_of(json.loads(json.dumps(response))))
    assert sum(any(payload in text for text in shown) for payload in PAYLOADS) >= least
    # Nothing is escaped by the model: the page shows it as text, and would show the signs of escaping too.
    escaped = {payload.replace("<", "&lt;").replace(">", "&gt;") for payload in PAYLOADS if "<" in payload}
    assert [text for text in shown if any(each in text for each in escaped)] == []


# Files that a page makes ----------------------------------------------------------------------------------------------


FETCHING = {"src", "href", "xlink:href", "srcset", "data", "action", "poster", "ping", "background", "style", "content"}


class Live(HTMLParser):
    """Collects what runs or fetches in a file of markup."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._in = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in = tag
        values = {name: (value or "").strip().lower() for name, value in attrs}
        if tag in ("script", "iframe", "object", "embed", "base", "form", "link") or (
            tag == "meta" and values.get("http-equiv") == "refresh"
        ):
            self.found.append(tag)
        for name, value in values.items():
            fetches = name in FETCHING and "outside.invalid" in value
            if name.startswith("on") or fetches or re.match(r"(java|vb)script:|data:text", value):
                self.found.append(f"{tag} {name}={value[:60]}")

    def handle_data(self, data: str) -> None:
        if self._in == "style" and "outside.invalid" in data:
            self.found.append("style")

    def handle_endtag(self, tag: str) -> None:
        self._in = ""


def live(text: str) -> list[str]:
    seen = Live()
    seen.feed(text)
    seen.close()
    return seen.found


def test_markup_of_the_corpus_is_seen() -> None:
    """The control: the corpus without escaping."""
    assert sum(bool(live(payload)) for payload in PAYLOADS) >= 50


def test_a_report_page_drops_markup_that_was_not_escaped() -> None:
    """The second guard of reports, alone: the page of parts that hold the corpus as it is."""
    assert [payload for payload in PAYLOADS if live(sanitise(payload)) or live(sanitise(payload, links=True))] == []
    body = page_of_parts(PAYLOADS, lang="en", title="x").partition("<body")[2]
    assert live(body) == []


#: Each question that makes a file to print, and how it is asked.
PRINTED: dict[str, tuple[str, dict[str, Any]]] = {
    "PrintReview": ("my", {"kind": "print_review"}),
    "PrintAudit": ("audit", {"kind": "print_audit"}),
    "PrintSheet": ("audit", {"kind": "print_sheet"}),
}
#: Tables and lists as files; tried below, or where it says.
TABLES = {
    "GetCampaignFiles": "below",
    "GetCorrections": "below",
    "GetListFiles": "tests/workbook/test_role_lists_page.py",
    "GetFile": "tests/exchange/test_outputs.py",
    "GetReport": "tests/security/test_reports.py",
    "PrintAgreement": "tests/replies/test_canaries.py",
}


def test_every_question_that_makes_a_file_is_listed_here() -> None:
    made = {name for name in vars(ask) if re.match(r"(Get|Print)[A-Z]", name)}
    assert made == PRINTED.keys() | TABLES.keys()
    assert [place for place in TABLES.values() if place != "below" and not (ROOT / place).is_file()] == []


@pytest.mark.parametrize("name", PRINTED)
def test_a_page_to_print_runs_nothing(ws: Workspace, name: str) -> None:
    model, question = PRINTED[name]
    book = MODELS[model](ws)
    if name == "PrintSheet":
        assert book.handle({"kind": "draw_sample", "edit_id": "ed_sample"})["kind"] != "refused"
    made = book.handle(question)
    assert made["kind"] == "file", made
    assert "ran(" in made["text"], "no payload is on the page, so nothing was tried"
    assert live(made["text"]) == []
    assert [
        link for link in re.findall(r'href="(tel:[^"]*)"', made["text"]) if not re.fullmatch(r"tel:[+0-9]*", link)
    ] == []


def test_a_link_that_calls_holds_a_number_only() -> None:
    """Numbers come from files; each link goes through the one function that leaves what a phone dials."""
    package = ROOT / "coverage_kit"
    scripts = {path for path in (package / "workbook/static").rglob("*.js") if "`tel:" in path.read_text("utf-8")}
    assert {path.name for path in scripts} == {"dom.js"}
    pages = [path.read_text(encoding="utf-8") for path in (package / "reporting").rglob("*.j2")]
    links = [link for text in pages for link in re.findall(r"tel:\{\{(.*?)\}\}", text)]
    assert len(links) >= 2
    assert [link for link in links if not link.strip().endswith("| dialled")] == []


@pytest.mark.parametrize(
    ("typed", "report", "screen"),
    [
        ("02-555-0100", "025550100", "tel:025550100"),
        ("+82 2 555 0100", "+8225550100", "tel:+8225550100"),
        ("02-555-0100 내선 12", "025550100", "tel:025550100,12"),
        ("02-555-0100 (내선: 12)", "025550100", "tel:025550100,12"),
        ("02-555-0100 ext. 12", "025550100", "tel:025550100,12"),
        ("02-555-0100 extension 12", "025550100", "tel:025550100,12"),
        ("02-555-0100 x12", "025550100", "tel:025550100,12"),
        ("02-555-0100,12", "025550100", "tel:025550100,12"),
    ],
)
def test_an_extension_is_never_joined_to_the_number(typed: str, report: str, screen: str) -> None:
    """A screen's link dials it after a pause, a page's leaves it out."""
    assert environment().filters["dialled"](typed) == report
    node = shutil.which("node")
    if node:
        script = f"import {{ callOf }} from {json.dumps((STATIC / 'core/dom.js').as_uri())};"
        script += f"process.stdout.write(callOf({json.dumps(typed)}));"
        run = [node, "--input-type=module", "--eval", script]
        assert subprocess.run(run, check=True, capture_output=True, text=True).stdout == screen


# Tables ---------------------------------------------------------------------------------------------------------------

#: What a spreadsheet reads as a formula, also after blanks and invisible characters.
FORMULA = re.compile(r"[\s\u200b\u2060\ufeff;,]*[=+\-@|＝＋－＠｜\ufe66\ufe62\ufe6b\u2212]")


def formulas(text: str) -> list[str]:
    """The cells of a file that a spreadsheet would calculate."""
    return [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for cell in row if FORMULA.match(cell)]


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Workspace]:
    """Contacts of a file, whose names, titles and sources of consent are formulas later."""
    cells = [
        text.strip() for text in FORMULAS if text.strip() and text.strip().isprintable() and FORMULA.match(text.strip())
    ]
    with init_workspace(tmp_path / "ws", actor="ann", clock=lambda: NOON, lang="en") as made:
        made.ledger.save([Change("staff", "ann", {"name": "Ann", "login": "ann", "function": "rep"})])
        file = tmp_path / "contacts.csv"
        rows = "".join(f"C{n},Kim Person{n},Alpha,c{n}@alpha.example\n" for n, _ in enumerate(cells))
        file.write_text(f"Contact ID,Full Name,Account Name,Email\n{rows}", encoding="utf-8")
        made.import_file("contacts", file)
        made.assign(["Alpha"], "ann")
        people = made.people("Alpha").set_index("name")["person"]
        roles = list(dict.fromkeys(made.slots()["role"]))
        for n, text in enumerate(cells):
            person = people[f"Kim Person{n}"]
            made.edit_person(person, "Alpha", title=text, department=text)
            made.ledger.save([Change("person", person, {"name": text, "name_key": name_key(text), "phone": text})])
            if n < len(roles):
                made.edit_slot("Alpha", roles[n], holder=person, verified_on="2026-11-17", verified_how="call")
            if n % 2:
                made.coaching.campaigns.consent(person, "Alpha", "email", text)
        yield made


def files_of(ws: Workspace) -> dict[str, str]:
    """Every table that the pages make."""
    corrections = DuplicatesBook(ws)
    (source,) = corrections.handle({"kind": "hello"})["sources"]  # type: ignore[typeddict-item]
    campaign: Any = AuditBook(ws).handle({"kind": "campaign_files", "off_focus": True})
    sent: Any = corrections.handle({"kind": "corrections", "source": source})
    assert (len(campaign["files"]), len(sent["files"])) == (2, 2)
    return {each["name"]: each["text"] for each in (*campaign["files"], *sent["files"])}


def test_no_cell_of_a_pages_files_is_a_formula(team: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert {name: formulas(text) for name, text in files_of(team).items() if formulas(text)} == {}
    # The control: without the mark each file holds some.
    monkeypatch.setattr(outputs, "harmless", lambda cell: cell)
    assert all(formulas(text) for text in files_of(team).values())


def test_one_module_writes_tables() -> None:
    """Cells are made harmless where tables are written; a second writer would have to do it again."""
    writers = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "coverage_kit").rglob("*.py")
        if re.search(r"csv\.(Dict)?[wW]riter|xlsxwriter|to_csv|to_excel", path.read_text(encoding="utf-8"))
    }
    assert writers == {"coverage_kit/exchange/outputs.py"}

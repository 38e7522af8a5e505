"""No text in a name, title or commitment ever runs in a report page, its PDF or its mail, or fetches anything."""

from __future__ import annotations

import contextlib
import email
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page

from coverage_kit import init_workspace, open_workspace
from coverage_kit.config import CONFIG_NAME, MailSettings, read_config, write_config
from coverage_kit.domain.week import Week
from coverage_kit.i18n import texts
from coverage_kit.reporting import build_team_weekly
from coverage_kit.reporting.batch.manifest import Manifest
from coverage_kit.reporting.deliver.mail import Letter, mail_reports, weekly
from coverage_kit.reporting.pages.page import IndexEntry, index_page, page_from_notebook
from coverage_kit.reporting.run import report_week
from coverage_kit.store import Change
from coverage_kit.store.entities import Staff
from tests.depth import depth
from tests.security.payloads import payloads

PAYLOADS = payloads()
WEEK = Week(2026, 47)
WEDNESDAY = round(datetime(2026, 11, 18, 3, tzinfo=UTC).timestamp() * 1000)
TUESDAY = datetime(2026, 11, 24, 3, tzinfo=UTC)
ROLE = {"key": "ceo", "level": "executive", "function": "general"}

WATCH = """
window.ran = (n) => console.log("RAN " + n);
for (const name of ["alert", "confirm", "prompt"]) window[name] = () => console.log("RAN " + name);
document.addEventListener("securitypolicyviolation", (e) => console.log("VIOLATION " + e.violatedDirective + " " + e.blockedURI));
"""


@dataclass
class Watched:
    """A page, and all that its content did: calls, violations of its policy, and requests to an outside address."""

    page: Page
    calls: set[str] = field(default_factory=set)
    violations: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    @property
    def deeds(self) -> tuple[set[str], list[str], list[str]]:
        return self.calls, self.violations, self.requests

    def show(self, file: Path) -> None:
        """Open a file, look at it on screen and on paper, and touch what can be touched."""
        self.page.goto(file.as_uri())
        self.page.emulate_media(media="print")
        self.page.emulate_media(media="screen")
        self.page.evaluate("for (const e of document.querySelectorAll('body *')) for (const k of ['mouseover', 'focus', 'click']) e.matches('a[href]') && k === 'click' || e.dispatchEvent(new Event(k, {bubbles: true}))")  # fmt: skip
        self.page.wait_for_timeout(100)


@pytest.fixture
def watched(plain_browser: Browser) -> Iterator[Watched]:
    made = Watched(plain_browser.new_page())
    made.page.add_init_script(WATCH)

    def hear(text: str) -> None:
        if text.startswith("RAN "):
            made.calls.add(text.removeprefix("RAN "))
        elif text.startswith("VIOLATION") or "Content Security Policy" in text:
            made.violations.append(text)

    def refuse(route: object, request: object) -> None:
        made.requests.append(request.url)  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    made.page.on("console", lambda message: hear(message.text))
    made.page.on("dialog", lambda dialog: (made.calls.add("dialog"), dialog.dismiss()))
    made.page.route(re.compile("^https?:"), refuse)
    yield made
    made.page.close()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which every name is a payload: accounts, people, titles, roles, colleagues."""
    path = tmp_path_factory.mktemp("hostile") / "ws"
    ws = init_workspace(path, lang="en", clock=lambda: WEDNESDAY)
    role = ROLE | {"title": {"ko": PAYLOADS[0], "en": PAYLOADS[0]}}
    body = {"key": "t", "title": {"ko": PAYLOADS[1], "en": PAYLOADS[1]}, "freshness_days": 180, "roles": [role]}
    ws.ledger.save([Change("template", "t", {"body": json.dumps(body)}), Change("staff", "ann", {"name": PAYLOADS[2], "function": "rep", "login": "ann@example.com"})])  # fmt: skip
    for n, text in enumerate(PAYLOADS):
        ws.ledger.save([
            Change("staff", f"s{n}", {"name": text, "function": "rep"}),
            # The rep of the pages owns these; each colleague owns one more, so that the team's page names all of them.
            *(
                Change("account", f"{owner}{n}", {"name": text, "owner_id": owner, "template_ids": '["t"]', "status": "active", "focus": 1, "segment": text})
                for owner in ("ann", f"s{n}")
            ),
            Change("account", f"u{n}", {"name": text, "status": "unconfirmed", "template_ids": "[]"}),
            Change("person", f"p{n}", {"name": text, "phone": text}),
            Change("employment", f"e{n}", {"person_id": f"p{n}", "account_id": f"ann{n}", "title": text}),
            Change("slot", f"ann{n}:ceo", {"account_id": f"ann{n}", "role": "ceo", "status": "open", "employment_id": f"e{n}"}),
            Change("commitment", f"c{n}", {"chain_id": f"c{n}", "account_id": f"ann{n}", "role": "ceo", "employment_id": f"e{n}", "kind": "verify", "owner_id": f"s{n}", "rep_id": "ann", "due_on": "2026-11-20"}),
            Change("pursuit", f"u{n}", {"employment_id": f"e{n}", "person_id": f"p{n}", "account_id": f"ann{n}", "offering": text, "stage": "interest"}),
            Change("note", f"n{n}", {"account_id": f"ann{n}", "person_id": f"p{n}", "kind": "complaint", "body": text}),
        ])  # fmt: skip
    ws.close()
    config = read_config(path / CONFIG_NAME)
    mail = MailSettings(sender="coach@example.com", domain="example.com")
    write_config(path / CONFIG_NAME, config.model_copy(update={"clock": TUESDAY, "mail": mail}))
    return path


@pytest.fixture(scope="module")
def folder(hostile: Path, chromium: Path) -> Path:
    """The week of one rep, made as always: page, PDF and mail."""
    with open_workspace(hostile) as ws:
        result = report_week(ws, week=WEEK, reps=["ann"], formats=("html", "pdf"), mail=True)
    assert (result.failed, len(result.made), len(result.pdf), len(result.mailed)) == ([], 1, 1, 1)
    return Path(result.manifest).parent


def test_the_corpus_is_large_and_runs_where_nothing_is_escaped(watched: Watched, tmp_path: Path) -> None:
    """The control: the same watch, a page without escaping and without a policy."""
    assert len(PAYLOADS) >= 80
    page = tmp_path / "page.html"
    for text in PAYLOADS:
        page.write_text(f"<p>{text}</p>")
        # Some payloads navigate away, which ends the visit.
        with contextlib.suppress(Error):
            watched.page.goto(page.as_uri())
            watched.page.wait_for_timeout(10)
    assert len(watched.calls) >= 25, watched.calls
    assert len({url for url in watched.requests if "outside.invalid" in url}) >= 8, watched.requests


def test_a_policy_violation_is_noticed(watched: Watched, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\"><img src=http://outside.invalid/x>")  # fmt: skip
    watched.show(page)
    assert watched.violations


def test_a_reps_page_shows_every_payload_as_text(folder: Path, watched: Watched) -> None:
    watched.show(folder / "ann.html")
    assert watched.deeds == (set(), [], [])
    text = watched.page.locator("body").text_content() or ""
    shown = [n for n, payload in enumerate(PAYLOADS) if " ".join(payload.split()) in " ".join(text.split())]
    assert len(shown) == len(PAYLOADS)
    links = watched.page.eval_on_selector_all("a", "all => all.map(a => a.getAttribute('href'))")
    assert [link for link in links if not re.fullmatch(r"tel:[+0-9]*", link or "")] == []


def test_the_teams_page_and_the_index_run_nothing(hostile: Path, watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setenv("COVERAGE_KIT_WORKSPACE", str(hostile))
    report = build_team_weekly(week=str(WEEK))
    parts = [value for name in dir(report) if hasattr(value := getattr(report, name), "_repr_mimebundle_")]
    assert len(parts) > 10
    page = tmp_path / "team.html"
    page.write_text(page_from_notebook(_executed([part.html for part in parts]), lang="en", title=PAYLOADS[3]))
    watched.show(page)
    assert watched.deeds == (set(), [], [])
    text = " ".join((watched.page.locator("body").text_content() or "").split())
    assert sum(" ".join(payload.split()) in text for payload in PAYLOADS) == len(PAYLOADS)
    index = tmp_path / "index.html"
    index.write_text(index_page(WEEK, [IndexEntry(text, "a.html", "a.ipynb", text, text, text) for text in PAYLOADS], lang="en"))  # fmt: skip
    watched.show(index)
    assert watched.deeds == (set(), [], [])


def test_cells_that_show_raw_payloads_are_cleaned_once_more(watched: Watched, tmp_path: Path) -> None:
    """A template of a workspace's own may forget to escape."""
    page = tmp_path / "raw.html"
    for text in PAYLOADS[:: depth(4, 1, 1)]:
        page.write_text(page_from_notebook(_executed([f"<p>{text}</p>", text]), lang="ko", title=text))
        watched.page.goto(page.as_uri())
        watched.page.wait_for_timeout(5)
    assert watched.deeds == (set(), [], [])


def test_the_pdf_holds_no_action_and_no_address(folder: Path) -> None:
    raw = (folder / "ann.pdf").read_bytes()
    assert re.findall(rb"/(?:JavaScript|JS|Launch|OpenAction|SubmitForm|EmbeddedFile)\b", raw) == []
    assert [uri for uri in re.findall(rb"/URI \((.*?)\)", raw) if not re.fullmatch(rb"tel:[+0-9]*", uri)] == []


def _colleague(key: str, name: str) -> Staff:
    stamp = {"id": key, "version": 1, "at": 0, "made_at": 0, "actor": "x", "edit_id": "e", "undoes": None, "is_void": 0}
    more = {"name": name, "login": None, "function": "rep", "manager_id": None, "ended_on": None, "email": None}
    return Staff(**stamp, **more)


def test_a_mails_body_runs_nothing_and_reaches_one_person(folder: Path, watched: Watched, tmp_path: Path) -> None:
    manifest = Manifest.read(folder)
    (tmp_path / "ann.html").write_bytes((folder / "ann.html").read_bytes())
    copy = Manifest(tmp_path, manifest.head, manifest.reports)
    wanted = [Letter(_colleague(f"s{n}", text), "ann", f"s{n}") for n, text in enumerate(PAYLOADS)]
    settings = MailSettings(sender="coach@example.com", domain="example.com")
    result = mail_reports(wanted, copy, settings, weekly(WEEK, texts("en")), texts("en"))
    assert result.failed == []
    page = tmp_path / "body.html"
    for n in range(0, len(PAYLOADS), depth(4, 1, 1)):
        message = email.message_from_bytes((tmp_path / "mail" / f"s{n}.eml").read_bytes(), policy=default)
        assert isinstance(message, EmailMessage)
        assert [one.addr_spec for one in message["To"].addresses] == [f"s{n}@example.com"]
        body = message.get_body(("html",))
        assert body is not None
        page.write_text(body.get_content())
        watched.page.goto(page.as_uri())
        watched.page.wait_for_timeout(5)
    assert watched.deeds == (set(), [], [])


def _executed(parts: list[str]) -> object:
    import nbformat

    new = nbformat.v4
    outputs = [new.new_output("display_data", {"text/html": part}) for part in parts]
    return new.new_notebook(cells=[new.new_code_cell("", outputs=outputs)])

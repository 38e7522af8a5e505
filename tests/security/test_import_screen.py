"""No text of an imported file ever runs on the import page, or fetches anything."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from coverage_kit import init_workspace
from tests.browser.places import Voila
from tests.browser.servers import START_MS
from tests.security.payloads import payloads
from tests.security.test_reports import WATCH

pytestmark = pytest.mark.slow

PAYLOADS = payloads()


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Voila]:
    with init_workspace(tmp_path / "team", lang="en", actor="coach"):
        pass
    served = Voila.start(tmp_path / "team", tmp_path, actor="coach")
    yield served
    served.close()


def write_file(path: Path) -> None:
    """Every payload as a name, a title, an account, and a cell that is not read; and in rows that are not taken."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["Account Name", "Full Name", "Title", "E-mail", PAYLOADS[0]])
        for n, text in enumerate(PAYLOADS):
            rows.writerow([text, f"Ann {text}", text, f"a{n}@example.com", text])
            rows.writerow([text, "", text, text, text])
        rows.writerow(["Total", "", "", "", "3"])


def deeds(page: Page) -> dict[str, list[str]]:
    """What the page did: calls and violations by the console, requests to an outside address."""
    done: dict[str, list[str]] = {"RAN": [], "VIOLATION": [], "outside": []}

    def hear(text: str) -> None:
        for sign in ("RAN", "VIOLATION"):
            if text.startswith(sign):
                done[sign].append(text)

    page.add_init_script(WATCH)
    page.on("console", lambda message: hear(message.text))
    page.on(
        "request", lambda request: done["outside"].append(request.url) if "outside.invalid" in request.url else None
    )
    page.on("dialog", lambda dialog: (done["RAN"].append("dialog"), dialog.dismiss()))
    return done


def _pages_of_accounts(page: Page) -> Iterator[str]:
    """The text of the list for assigning, page by page."""
    table, after = page.locator(".assign-table"), page.locator(".turn button").last
    yield table.text_content() or ""
    while after.count() and after.is_enabled():
        after.click()
        yield table.text_content() or ""


def test_the_import_page_shows_every_payload_as_text(plain_browser: Browser, app: Voila, tmp_path: Path) -> None:
    write_file(tmp_path / "<img src=x onerror=ran(1)>.csv")
    page = plain_browser.new_page()
    done = deeds(page)
    app.open(page, "import_accounts")
    page.locator("[data-key=file]").set_input_files(tmp_path / "<img src=x onerror=ran(1)>.csv")
    page.locator("[data-key=try]").click()
    page.locator("[data-key=run]").wait_for()
    page.locator("[data-key=left-out]").click()
    page.locator("[data-key=unread]").click()
    page.evaluate("for (const e of document.querySelectorAll('.import *')) for (const kind of ['mouseover', 'focus']) e.dispatchEvent(new Event(kind, {bubbles: true}))")  # fmt: skip
    page.locator("[data-key=run]").click()
    expect(page.get_by_text("Imported.")).to_be_visible()
    with page.expect_download() as kept:
        page.locator("[data-key=rejects]").click()
    assert "onerror" in kept.value.path().read_text(encoding="utf-8-sig")
    page.locator("[data-key=assign]").click()
    expect(page.locator(".assign-table tbody tr").first).to_be_visible(timeout=START_MS)
    shown = " ".join("".join(_pages_of_accounts(page)).split())
    assert sum(" ".join(text.split()) in shown for text in PAYLOADS) >= 80
    page.wait_for_timeout(100)
    assert done == {"RAN": [], "VIOLATION": [], "outside": []}
    # The control: the same page and the same watch, without escaping.
    page.evaluate("text => { document.querySelector('.front').innerHTML = text; }", "<img src=x onerror=ran(1)>")
    page.wait_for_timeout(300)
    assert done["RAN"] or done["VIOLATION"]
    page.close()

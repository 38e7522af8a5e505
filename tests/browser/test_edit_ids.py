"""Every message that writes carries an edit id, so that sending it again writes nothing twice."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, get_args

import pytest
from playwright.sync_api import Page, expect

from coverage_kit.workbook.model import requests
from coverage_kit.workbook.model.requests import ActRequest

from .conftest import BLANK, only_voila, open_account, saved
from .places import Place
from .test_coach import open_claimed_account, step_on
from .test_rep import row, write_name

pytestmark = [pytest.mark.browser, pytest.mark.slow, only_voila]
Open = Callable[..., Page]


def content_of(frame: str | bytes) -> dict[str, Any]:
    """The content of one message to the kernel: JSON, or parts behind a table of offsets."""
    if isinstance(frame, str):
        content: dict[str, Any] = json.loads(frame).get("content", {})
        return content
    n = int.from_bytes(frame[:8], "little")
    offsets = [int.from_bytes(frame[8 * i : 8 * i + 8], "little") for i in range(1, n + 1)]
    content = json.loads(frame[offsets[4] : offsets[5]])
    assert isinstance(content, dict)
    return content


def recorded(page: Page) -> list[dict[str, Any]]:
    """The requests that the page sends from now on."""
    sent: list[dict[str, Any]] = []

    def keep(frame: str | bytes) -> None:
        data = content_of(frame).get("data")
        if isinstance(data, dict) and data.get("method") == "custom":
            sent.append(data["content"])

    page.on("websocket", lambda socket: socket.on("framesent", keep))
    return sent


def kinds_that_write() -> set[str]:
    """The kinds of the requests that are acts, from the models themselves."""
    acts = [each for each in vars(requests).values() if isinstance(each, type) and issubclass(each, ActRequest)]
    kinds = [each.model_fields["kind"] for each in acts if "kind" in each.model_fields]
    return {kind for each in kinds for kind in get_args(each.annotation)}


def check(sent: list[dict[str, Any]], expected: set[tuple[str, str]]) -> None:
    writing = [message for message in sent if message["kind"] in kinds_that_write()]
    done = {(message["kind"], message.get("field") or message.get("act") or "") for message in writing}
    assert expected <= done, expected - done
    assert [message for message in writing if not re.fullmatch(r"ed_[a-z2-7]{13}", message.get("edit_id") or "")] == []
    # A message that is sent again keeps its id; two acts never share one.
    acts = {
        json.dumps({key: message[key] for key in message if key not in ("seq", "clock", "link")}, sort_keys=True)
        for message in writing
    }
    assert len({message["edit_id"] for message in writing}) == len(acts)


def test_the_reps_page_sends_an_edit_id_with_every_act(workbook: Open, place: Place) -> None:
    page = workbook()
    sent = recorded(page)
    place.reload(page)
    open_account(page, BLANK[12])
    write_name(page, "ceo", "새 가온")
    saved(page)
    line = row(page, "ceo")
    line.get_by_role("button", name="중립").click()
    saved(page)
    line.locator(".check").press("Enter")
    page.get_by_role("dialog").locator("button.primary").press("Enter")
    saved(page)
    row(page, "cfo").locator(".more").press("Enter")
    page.get_by_role("menuitem", name="공석").press("Enter")
    page.get_by_role("dialog").locator("button.primary").press("Enter")
    saved(page)
    line.locator(".more").press("Enter")
    page.get_by_role("menuitem", name="퇴사").press("Enter")
    page.get_by_role("dialog").locator("button.primary").press("Enter")
    saved(page)
    page.locator("[data-key=undo]").click()
    saved(page)
    page.locator(".focus-star").first.click()
    saved(page)
    fields = {"holder", "disposition", "verified", "vacant", "ended", "focus"}
    check(sent, {("edit", each) for each in fields} | {("undo", "")})


def test_the_coachs_page_sends_an_edit_id_with_every_act(session: Open, place: Place) -> None:
    page = session()
    sent = recorded(page)
    place.reload(page)
    open_claimed_account(page)
    for is_last in (False, True):
        page.locator("tr[data-role] .more").first.click()
        page.get_by_role("menuitem").first.click()
        page.locator("dialog[data-ready]").wait_for()
        page.locator("dialog .primary").click()
        expect(page.locator("[data-key=undo]")).to_contain_text("실행 약속")
        if not is_last:
            page.locator("[data-key=undo]").click()
            expect(page.locator("[data-key=undo]")).not_to_contain_text("실행 약속")
            saved(page)
    step_on(page, "commitments")
    expect(page.locator(".sentences li")).to_have_count(1)
    step_on(page, "read_back")
    page.locator("[data-key^=agree]").click()
    page.locator("[data-key=end]:enabled").click()
    expect(page.locator(".coverage-kit")).to_have_attribute("data-step", "closed")
    acts = {"next", "claim", "commit", "agree", "close"}
    check(sent, {("act", each) for each in acts} | {("start", ""), ("account", ""), ("undo", "")})

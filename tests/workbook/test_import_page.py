"""A coach brings in a file without a terminal: driven by the model, by the widgets, and once in a browser."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from coverage_kit import BadInput, init_workspace
from coverage_kit.workbook.import_model import ImportModel
from coverage_kit.workbook.import_view import ImportView
from coverage_kit.workspace import Workspace

OURS = "회사,이름,직책\n한빛,김가온,과장\n새벽,,부장\n".encode("cp949")
THEIRS = "업체,누구\n한빛,<b>김가온</b>\n".encode()


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with init_workspace(tmp_path / "ws", lang="ko", actor="coach") as made:
        yield made


def test_a_file_is_looked_at_tried_out_and_imported(ws: Workspace) -> None:
    model = ImportModel(ws)
    preview = model.take("고객.csv", OURS)
    assert (preview.encoding, preview.is_guess, preview.n_rows) == ("cp949", True, 2)
    assert preview.columns == {"회사": "account", "이름": "name", "직책": "title"}
    assert model.try_out().counts["added"] == 1
    assert (model.is_done, ws.ledger.as_of("person")) == (False, [])
    assert model.problems()[["row", "effect"]].to_numpy().tolist() == [[3, "row"]]
    assert model.run().counts["added"] == 1
    assert ws.people("한빛")["name"].tolist() == ["김가온"]


def test_columns_that_nobody_knows_are_mapped_and_remembered(ws: Workspace) -> None:
    model = ImportModel(ws)
    assert "account" in model.take("a.csv", THEIRS).lacking
    model.mapping = {"업체": "account", "누구": "name"}
    assert model.preview().lacking == ""
    model.run()
    assert ImportModel(ws).take("b.csv", THEIRS).columns == {"업체": "account", "누구": "name"}


def test_a_name_of_an_upload_stays_in_its_folder_and_no_file_is_said(ws: Workspace, tmp_path: Path) -> None:
    model = ImportModel(ws)
    with pytest.raises(BadInput, match="No file"):
        model.run()
    model.take("../../../evil.csv", OURS)
    assert not list(tmp_path.rglob("evil.csv"))


def test_the_controls_do_what_a_person_does_and_show_names_as_text(ws: Workspace) -> None:
    view = ImportView(ImportModel(ws))
    assert view.run.disabled
    view.take("a.csv", THEIRS)
    assert view.run.disabled
    view.fields["업체"].value = "account"
    view.fields["누구"].value = "name"
    assert not view.run.disabled
    assert "&lt;b&gt;김가온" in view.shown.value
    assert "<b>" not in view.shown.value
    view.try_out.click()
    assert "아직" in view.told.value
    view.run.click()
    assert [row["name"] for row in ws.ledger.as_of("person")] == ["<b>김가온</b>"]
    view.take("b.csv", OURS)
    view.encoding.value = "utf-8"
    assert "UTF-8" in view.told.value
    view.encoding.value = None
    view.run.click()
    assert "problem" not in view.tables.value
    assert view.tables.value.count("<tr>") == 2


@pytest.fixture
def page_url(ws: Workspace, tmp_path: Path) -> Iterator[str]:
    """The notebook in Voilà, on loopback, ended with the test."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "COVERAGE_KIT_WORKSPACE": str(ws.path), "JUPYTER_PLATFORM_DIRS": "1"}
    command = [sys.executable, "-m", "voila", str(ws.path / "notebooks/import_accounts.ipynb"), "--no-browser", f"--port={port}", "--Voila.ip=127.0.0.1"]  # fmt: skip
    with (tmp_path / "voila.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=tmp_path)
        try:
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/static/", timeout=1)
                except urllib.error.HTTPError:
                    break
                except OSError:
                    time.sleep(0.2)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


@pytest.mark.browser
def test_a_coach_imports_a_file_in_the_browser(
    ws: Workspace, page_url: str, plain_browser: Browser, tmp_path: Path
) -> None:
    picture = os.environ.get("COVERAGE_KIT_PICTURES")
    (tmp_path / "고객.csv").write_bytes(OURS)
    page = plain_browser.new_page(viewport={"width": 1440, "height": 1000})
    page.set_default_timeout(90_000)
    page.goto(page_url)
    page.get_by_role("button", name=re.compile("파일 고르기")).wait_for()
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name=re.compile("파일 고르기")).click()
    chosen.value.set_files(tmp_path / "고객.csv")
    page.get_by_text("인코딩은 추정입니다").wait_for()
    assert page.get_by_label("직책").input_value()
    page.get_by_role("button", name="미리 해 보기").click()
    page.get_by_text("아직 아무것도 저장하지").wait_for()
    if picture:
        for width in (1440, 1024):
            page.set_viewport_size({"width": width, "height": 1000})
            page.screenshot(path=f"{picture}/import-{width}.png", full_page=True)
    assert ws.ledger.as_of("person") == []
    page.get_by_role("button", name="가져오기", exact=True).click()
    page.get_by_text("가져왔습니다").wait_for()
    page.close()
    assert ws.people("한빛")["name"].tolist() == ["김가온"]

"""Somebody who may only read the store makes reports too, into a folder of their own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event

import coverage_kit
from coverage_kit import BadInput, StoreError, init_workspace, open_workspace
from coverage_kit.store import Change

ACCOUNT = {"name": "Alpha", "name_key": "alpha", "status": "active", "template_ids": '["general"]', "owner_id": "ann"}


def test_reports_are_made_of_a_store_that_cannot_be_written(tmp_path: Path) -> None:
    with init_workspace(tmp_path / "ws", actor="ann") as ws:
        ws.ledger.save([Change("account", "A1", ACCOUNT), Change("staff", "ann", {"name": "Ann", "function": "rep"})])
    store = tmp_path / "ws" / "store.db"
    before = store.read_bytes()
    with open_workspace(tmp_path / "ws", actor="bob") as ws:
        # File modes do not stop root; SQLite itself does.
        event.listen(ws.ledger.engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only=ON"))
        ws.ledger.close()
        with pytest.raises(StoreError) as caught:
            ws.ledger.save([Change("account", "A1", {"industry": "steel"})])
        assert caught.value.code == "store.read_only"
        done = coverage_kit.report(ws, out=tmp_path / "own")
    assert (sorted(Path(page).name for page in done.made), done.failed) == (["ann.html", "team.html"], [])
    assert all(Path(page).is_relative_to(tmp_path / "own") for page in done.made)
    assert store.read_bytes() == before


def as_reader(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command whom file modes stop: root too, without its powers over other people's files."""
    powers = "-dac_override,-dac_read_search"
    plain = ["setpriv", f"--bounding-set={powers}", f"--inh-caps={powers}", "--"] if os.geteuid() == 0 else []
    command = [*plain, sys.executable, "-m", "coverage_kit", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.skipif(
    os.geteuid() == 0 and not shutil.which("setpriv"), reason="root, and no setpriv to give up its powers"
)
def test_modes_that_forbid_writing_stop_no_report_in_a_folder_of_ones_own(tmp_path: Path) -> None:
    team, own = tmp_path / "ws", tmp_path / "own"
    with init_workspace(team, actor="ann") as ws:
        ws.ledger.save([Change("account", "A1", ACCOUNT), Change("staff", "ann", {"name": "Ann", "function": "rep"})])
    (team / "store.db").chmod(0o400)
    team.chmod(0o500)
    (team / "reports").chmod(0o500)
    try:
        made = as_reader("-w", str(team), "report", "--out", str(own))
        assert (made.returncode, made.stderr) == (0, "")
        assert {page.name for page in own.glob("*/*.html")} == {"ann.html", "team.html", "index.html"}
        refused = as_reader("-w", str(team), "report")
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
        assert "reports/" in refused.stderr
        assert "name another one" in refused.stderr
        edit = as_reader("-w", str(team), "assign", "A1", "--rep", "ann", "--focus")
        assert (edit.returncode, edit.stderr.count("\n")) == (3, 1)
        assert "cannot be written" in edit.stderr
        next(own.iterdir()).chmod(0o500)
        refused = as_reader("-w", str(team), "report", "--out", str(own), "--force")
        assert (refused.returncode != 0, refused.stderr.count("\n")) == (True, 1)
        assert "permissions" in refused.stderr
    finally:
        for folder in (team, team / "reports", *own.iterdir()):
            folder.chmod(0o700)


@pytest.mark.postgresql
def test_a_login_that_may_only_read_makes_reports(
    tmp_path: Path, copy_of_empty_postgresql: Callable[[], AbstractContextManager[str]]
) -> None:
    with copy_of_empty_postgresql() as url:
        with init_workspace(tmp_path / "ws", store=url, actor="ann") as ws:
            people = [Change("account", "A1", ACCOUNT), Change("staff", "ann", {"name": "Ann", "function": "rep"})]
            ws.ledger.save(people)
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as owner:
            owner.execute("CREATE ROLE reads LOGIN PASSWORD 'only-reads'")
            owner.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reads")
        try:
            config = tmp_path / "ws" / "coverage-kit.yml"
            reader = f"postgresql+psycopg://reads:only-reads@{url.rpartition('@')[2]}"
            config.write_text(config.read_text().replace(url, reader))
            with open_workspace(tmp_path / "ws", actor="bob") as ws:
                with pytest.raises(StoreError) as caught:
                    ws.ledger.save([Change("account", "A1", {"industry": "steel"})])
                assert caught.value.code == "store.read_only"
                done = coverage_kit.report(ws, out=tmp_path / "own")
            assert (sorted(Path(page).name for page in done.made), done.failed) == (["ann.html", "team.html"], [])
        finally:
            with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as owner:
                owner.execute("DROP OWNED BY reads")
                owner.execute("DROP ROLE reads")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with init_workspace(tmp_path / "ws", actor="ann") as ws:
        ws.ledger.save([Change("account", "A1", ACCOUNT), Change("staff", "ann", {"name": "Ann", "function": "rep"})])
        with pytest.raises(BadInput, match=r"file/\d{4}-W\d\d cannot be written"):
            coverage_kit.report(ws, out=tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"

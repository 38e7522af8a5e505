"""A small team whose every slot a person can check by hand, and its workbook."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from coverage_kit.domain.identifiers import name_key
from coverage_kit.store import Change
from coverage_kit.workbook import RepBook
from coverage_kit.workspace import Workspace, init_workspace, open_workspace

NOON = 1_795_575_600_000  # 2026-11-25 12:00 in Seoul, a Wednesday
DAY = 86_400_000


class Clock:
    """A clock that tests set by hand."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> int:
        return self.at


@pytest.fixture(autouse=True)
def no_fault(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The page gets a response also where the program fails; a test fails."""
    yield
    for phase in ("setup", "call"):
        assert [record.exc_text for record in caplog.get_records(phase) if record.exc_info] == []  # type: ignore[arg-type]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two accounts of 12 roles under ann, one under bob; two contacts at A. Copied for each test."""
    path = tmp_path_factory.mktemp("team") / "ws"
    # From the first line by that clock: what the computer's wrote could lie after it.
    with init_workspace(path, lang="ko", actor="ann", clock=Clock()) as made:
        made.ledger.save(_team())
    return path


def _team() -> list[Change]:
    staff = [("ann", "앤", "rep"), ("bob", "밥", "rep"), ("sue", "수", "support"), ("lee", "이코치", "coach")]
    changes = [Change("staff", key, {"name": name, "login": key, "function": what}) for key, name, what in staff]
    for key, name, owner, focus in (
        ("A", "가온물산", "ann", 1),
        ("B", "Beta Steel", "ann", 0),
        ("C", "다온", "bob", 0),
    ):
        fields = {"name": name, "name_key": name_key(name), "owner_id": owner, "status": "active", "focus": focus}
        changes.append(
            Change(
                "account",
                key,
                {**fields, "template_ids": '["general"]', "industry": "consulting", "value": 9.0 if focus else 1.0},
            )
        )
    for key, name in (("pe_1", "홍길동"), ("pe_2", "김하나")):
        changes.append(Change("person", key, {"name": name, "name_key": name_key(name), "phone": "02-000-0001"}))
        changes.append(
            Change("employment", key.replace("pe", "em"), {"person_id": key, "account_id": "A", "title": "부장"})
        )
    return changes


@pytest.fixture
def ws(team: Path, tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    shutil.copytree(team, tmp_path / "ws")
    with open_workspace(tmp_path / "ws", actor="ann", clock=clock) as opened:
        yield opened


@pytest.fixture
def book(ws: Workspace) -> RepBook:
    return RepBook(ws, "ann")


@pytest.fixture
def edit(book: RepBook) -> Callable[..., dict[str, Any]]:
    """Send one edit as the screen does."""

    def send(field: str, value: Any, role: str = "ceo", account: str = "A", **more: Any) -> dict[str, Any]:
        return book.handle(
            {"kind": "edit", "seq": 1, "account": account, "role": role, "field": field, "value": value, **more}
        )

    return send


def slot(answer: dict[str, Any], role: str = "ceo") -> dict[str, Any]:
    """One slot of the page in an answer."""
    found: dict[str, Any] = next(each for each in answer["page"]["slots"] if each["role"] == role)
    return found

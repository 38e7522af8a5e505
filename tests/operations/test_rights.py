"""A login of PostgreSQL that may not do everything is told so in one line, and with what to do."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import click
import psycopg
import pytest
from sqlalchemy.exc import ProgrammingError

from coverage_kit import StoreError, init_workspace, open_workspace
from coverage_kit.cli import cli
from coverage_kit.operations.doctor import examine
from coverage_kit.store import Change
from coverage_kit.store.engines import store_errors
from tests.commands import call

ACCOUNT = {"name": "Alpha", "name_key": "alpha", "status": "active", "template_ids": '["general"]', "owner_id": "ann"}
#: They start a server or leave this store alone.
_OTHERS = {"app", "lab", "init", "restore"}

pytestmark = pytest.mark.postgresql


class Server:
    """A store of PostgreSQL, and a login that may read it."""

    def __init__(self, url: str, home: Path) -> None:
        self.url, self.home = url, home
        self.reader = f"postgresql+psycopg://rights_reader:only-reads@{url.rpartition('@')[2]}"

    def run(self, *statements: str) -> None:
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as owner:
            for statement in statements:
                owner.execute(statement.encode())

    def use(self, url: str) -> None:
        config = self.home / "coverage-kit.yml"
        kept = [line for line in config.read_text().splitlines() if not line.startswith("store:")]
        config.write_text("\n".join([*kept, f"store: {url}", ""]))


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, copy_of_empty_postgresql: Callable[[], AbstractContextManager[str]]
) -> Iterator[Server]:
    with copy_of_empty_postgresql() as url:
        made = Server(url, tmp_path_factory.mktemp("rights") / "ws")
        with init_workspace(made.home, store=url, actor="ann") as ws:
            ws.ledger.save(
                [Change("account", "A1", ACCOUNT), Change("staff", "ann", {"name": "Ann", "function": "rep"})]
            )
        made.run(
            "CREATE ROLE rights_reader LOGIN PASSWORD 'only-reads'",
            "GRANT SELECT ON ALL TABLES IN SCHEMA public TO rights_reader",
        )
        yield made
        made.run("DROP OWNED BY rights_reader", "DROP ROLE rights_reader")


def rights(server: Server, url: str) -> tuple[bool, str, str]:
    server.use(url)
    with open_workspace(server.home) as ws:
        (found,) = [finding for finding in examine(ws) if finding.check == "rights"]
    return found.ok, found.what, found.do


def test_the_doctor_says_which_rights_a_login_lacks_and_what_gives_them(server: Server) -> None:
    assert rights(server, server.url) == (True, "Your login has every right that commands need.", "")
    ok, what, do = rights(server, server.reader)
    assert (ok, "only read" in what, "may write" in do) == (True, True, True)
    server.run(
        "GRANT INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO rights_reader",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO rights_reader",
    )
    try:
        ok, what, do = rights(server, server.reader)
        assert ("make tables" in what, "no schema" in what) == (True, True)
        for grant in (
            do.removeprefix("Let the owner of the database run: ").removesuffix("; then look again.").split("; ")
        ):
            server.run(grant)
        assert rights(server, server.reader)[2] == ""
    finally:
        server.run(
            "DROP OWNED BY rights_reader",
            "GRANT SELECT ON ALL TABLES IN SCHEMA public TO rights_reader",
        )


def test_a_new_store_that_a_login_may_not_make_is_refused_in_one_line(server: Server, tmp_path: Path) -> None:
    server.run("CREATE DATABASE rights_none")
    url = server.reader.rpartition("/")[0] + "/rights_none"
    try:
        made = call("init", tmp_path / "new", "--store", url)
        moved = tmp_path / "moved"
        init_workspace(moved, actor="ann").close()
        there = call("-w", moved, "move", "--to", url)
    finally:
        server.run("DROP DATABASE rights_none WITH (FORCE)")
    for done in (made, there):
        assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr
        assert "rights_reader may not make or change tables" in done.stderr
        assert "only-reads" not in done.stderr
    assert not (tmp_path / "new").exists()
    # The old store is still the one in use, and takes edits.
    with open_workspace(moved, actor="ann") as ws:
        ws.ledger.save([Change("account", "A1", ACCOUNT)])


def examples() -> Iterator[tuple[str, ...]]:
    """The words of the example of each command."""

    def walk(command: click.Command, *path: str) -> Iterator[tuple[str, ...]]:
        if isinstance(command, click.Group):
            for name, each in command.commands.items():
                yield from walk(each, *path, name)
        elif path[0] not in _OTHERS:
            lines = (command.help or "").split("Example:")[1].strip().splitlines()
            yield tuple(lines[0].strip().replace('"', "").split()[1:])

    return walk(cli)


#: What writes at once in this small team, with words that fit it.
WRITES = {
    ("assign", "A1", "--rep", "ann", "--focus"),
    ("proposals", "propose", "A1", "ceo", "--why", "None"),
    ("routes", "set", "general", "enterprise_it", "ceo:in_person:attention"),
    ("roles", "remove", "small_business", "--why", "x"),
    ("import", "accounts", "{home}/accounts.csv"),
    ("import", "contacts", "{home}/contacts.csv"),
    ("import", "staff", "{home}/staff.csv"),
}


@pytest.mark.parametrize("words", [*examples(), *sorted(WRITES)], ids=" ".join)
def test_no_command_of_a_login_that_may_only_read_ends_in_a_traceback(
    server: Server, tmp_path: Path, words: tuple[str, ...]
) -> None:
    server.use(server.reader)
    (server.home / "accounts.csv").write_text("key,name\nB1,Beta\n")
    (server.home / "contacts.csv").write_text("account,name\nAlpha,Ann Example\n")
    (server.home / "staff.csv").write_text("id,name,function\nbob,Bob,rep\n")
    done: subprocess.CompletedProcess[str] = call(
        "-w", server.home, *(word.format(home=server.home) for word in words), cwd=tmp_path
    )
    assert done.returncode in (0, 1, 2, 3)
    assert "Traceback" not in done.stderr + done.stdout
    if done.returncode == 3 or words in WRITES:
        assert (done.returncode, done.stderr.count("\n")) == (3, 1), done.stderr
    if words in WRITES:
        assert "Your login may not" in done.stderr


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (psycopg.errors.InsufficientPrivilege("account 테이블에 대한 접근 권한이 없음"), "store.read_only"),
        (psycopg.errors.ReadOnlySqlTransaction("읽기 전용 트랜잭션"), "store.read_only"),
        (psycopg.errors.LockNotAvailable("잠금 시간 초과"), "store.locked"),
        (psycopg.errors.DiskFull("장치에 남은 공간 없음"), "store.full"),
    ],
)
def test_a_server_that_speaks_another_language_is_understood(error: psycopg.Error, code: str) -> None:
    with pytest.raises(StoreError) as caught, store_errors("PostgreSQL"):
        raise ProgrammingError("", {}, error)
    assert caught.value.code == code

"""A workspace goes from SQLite to PostgreSQL and back: every row, every number, every author."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, create_engine, select, text

from coverage_kit import BadInput, StoreError, init_workspace, open_workspace
from coverage_kit.cli import cli
from coverage_kit.measures import coverage
from coverage_kit.operations.doctor import examine
from coverage_kit.operations.move import move_workspace
from coverage_kit.sample import fill_workspace
from coverage_kit.store import check_edits, move
from coverage_kit.store.changes import RowDict
from coverage_kit.store.engines import reading
from coverage_kit.store.entities import Account, metadata
from coverage_kit.workspace import Workspace
from tests.needs import Prepare

Database = Callable[[], str]


@pytest.fixture
def database(postgresql_url: str) -> Iterator[Database]:
    """Makes empty databases, and drops them afterwards."""
    engine = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def make() -> str:
        made.append(f"moved_{len(made)}")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {made[-1]}"))
        return f"{postgresql_url.rpartition('/')[0]}/{made[-1]}"

    yield make
    with engine.connect() as connection:
        for name in made:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def build_team(path: Path) -> None:
    with init_workspace(path, lang="ko", actor="coach") as ws:
        fill_workspace(ws, n_reps=2, n_accounts=12, n_weeks=4)


@pytest.fixture
def team(prepared: Prepare, tmp_path: Path) -> Path:
    """The sample team, with the kept rows of an import."""
    home = tmp_path / "team"
    shutil.copytree(prepared("moved", build_team), home)
    with open_workspace(home) as ws:
        (tmp_path / "contacts.csv").write_text("회사,이름,직책\n새로운상사,김가온,팀장\n", encoding="utf-8")
        ws.import_file("contacts", tmp_path / "contacts.csv")
    return home


def rows_of(ws: Workspace) -> dict[str, list[str]]:
    with reading(ws.ledger.engine) as connection:
        return {
            name: sorted(str(tuple(row)) for row in connection.execute(select(table)))
            for name, table in metadata.tables.items()
            if name != "meta"
        }


def numbers_of(ws: Workspace) -> list[str]:
    """Coverage by rep and level as of each week; paths, voices, value and the rhythm as of now."""
    last, coaching = ws.last_week(), ws.coaching
    paths, accounts = coaching.routes.standing(), [row.id for row in ws.ledger.as_of(Account)]
    assert len(paths)
    said = [*coaching.voices.find(everything=True), *coaching.value.find(), *coaching.rhythm.find()]
    return [
        *(coverage(ws.slots(as_of=last - n), by=["rep", "level"]).to_csv() for n in range(4)),
        paths.to_csv(),
        *(repr(coaching.routes.of(account)) for account in accounts),
        *map(repr, said),
    ]


@pytest.mark.postgresql
def test_every_row_and_every_number_is_the_same_there_and_back(team: Path, database: Database) -> None:
    with open_workspace(team) as ws:
        rows, numbers = rows_of(ws), numbers_of(ws)
        assert rows["source_row"]
        done = move_workspace(ws, database())
    assert (done.edits, sum(done.rows.values())) == (len(rows["edit"]), sum(map(len, rows.values())) + 4)
    with open_workspace(team) as ws:
        assert "postgresql" in ws.config.store
        assert (rows_of(ws), numbers_of(ws)) == (rows, numbers)
        assert check_edits(ws.ledger) == []
        ws.edit_slot(ws.slots().account_name.iloc[0], "ceo", reason="no contact yet")
        later = rows_of(ws)
        move_workspace(ws, "again.db")
    with open_workspace(team) as ws:
        assert ws.config.store == "again.db"
        assert rows_of(ws) == later
        assert len(later["edit"]) == len(rows["edit"]) + 1
        assert [finding.what for finding in examine(ws) if not finding.ok and "store" in finding.what.lower()] == []


@pytest.mark.postgresql
def test_a_page_that_is_still_open_writes_nothing_into_the_old_store(team: Path, database: Database) -> None:
    with open_workspace(team) as still_open:
        account = still_open.slots().account_name.iloc[0]
        with open_workspace(team) as ws:
            move_workspace(ws, database())
        with pytest.raises(StoreError, match="has moved to another database"):
            still_open.edit_slot(account, "ceo", reason="no contact yet")
        with pytest.raises(StoreError, match="has moved to another database"):
            move_workspace(still_open, "other.db")
        assert not (team / "other.db").exists()
    with open_workspace(team) as ws:
        ws.edit_slot(account, "ceo", reason="no contact yet")
        move_workspace(ws, "back.db")
        with pytest.raises(StoreError, match="has moved to another database"):
            ws.edit_slot(account, "ceo", reason="still none")


def test_a_move_within_sqlite_keeps_the_old_file_and_names_the_new_one(team: Path) -> None:
    settings = (team / "coverage-kit.yml").read_text(encoding="utf-8")
    with open_workspace(team) as ws:
        rows = rows_of(ws)
    shown = CliRunner().invoke(cli, ["--workspace", str(team), "move", "--to", "team2.db", "--json"])
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.stdout)["edits"] == len(rows["edit"])
    assert (team / "store.db").is_file()
    after = (team / "coverage-kit.yml").read_text(encoding="utf-8")
    assert after == settings.replace('"store.db"', '"team2.db"')
    with open_workspace(team) as ws:
        assert rows_of(ws) == rows


@pytest.mark.parametrize("name", ["", "../out.db", "sub/new.db", "store.db"])
def test_a_name_that_cannot_be_a_new_file_is_refused(team: Path, name: str) -> None:
    before = (team / "store.db").read_bytes()
    with open_workspace(team) as ws, pytest.raises(BadInput):
        move_workspace(ws, name)
    assert (team / "store.db").read_bytes() == before
    assert not (team.parent / "out.db").exists()


@pytest.mark.postgresql
def test_a_database_with_tables_is_refused(team: Path, database: Database) -> None:
    url = database()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (n int)"))
    engine.dispose()
    with open_workspace(team) as ws, pytest.raises(StoreError, match="has tables already"):
        move_workspace(ws, url)


@pytest.mark.postgresql
@pytest.mark.parametrize("place", ["file", "database"])
def test_a_move_that_fails_half_way_changes_nothing_and_can_be_done_again(
    team: Path, database: Database, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    target = "new.db" if place == "file" else database()

    def fail(*_: object, **__: object) -> None:
        raise StoreError("store.full", "The disk is full.")

    with open_workspace(team) as ws:
        rows = rows_of(ws)
        with monkeypatch.context() as broken:
            broken.setattr(move, "copy_facts", fail)
            with pytest.raises(StoreError, match="disk is full"):
                move_workspace(ws, target)
        assert not (team / "new.db").exists()
    with open_workspace(team) as ws:
        assert ws.config.store == "store.db"
        ws.edit_slot(ws.slots().account_name.iloc[0], "ceo", reason="no contact yet")
        move_workspace(ws, target)
    with open_workspace(team) as ws:
        assert len(rows_of(ws)["edit"]) == len(rows["edit"]) + 1


def test_a_row_that_differs_stops_the_move(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    insert = move._insert

    def alter(new: Connection, name: str, rows: list[RowDict]) -> None:
        insert(new, name, [{**row, "actor": "somebody"} if name == "slot" else row for row in rows])

    monkeypatch.setattr(move, "_insert", alter)
    with open_workspace(team) as ws:
        with pytest.raises(StoreError, match="differs from the old one"):
            move_workspace(ws, "new.db")
        assert ws.config.store == "store.db"
    assert not (team / "new.db").exists()


def test_a_damaged_store_is_not_moved(team: Path) -> None:
    engine = create_engine(f"sqlite:///{team / 'store.db'}")
    with engine.begin() as connection:
        for name in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'slot'")).scalars().all():  # fmt: skip
            connection.execute(text(f"DROP TRIGGER {name}"))
        connection.execute(text("UPDATE slot SET role = 'cfo' WHERE rowid = (SELECT min(rowid) FROM slot)"))
    engine.dispose()
    with open_workspace(team) as ws, pytest.raises(StoreError, match="differ from what was written"):
        move_workspace(ws, "new.db")
    assert not (team / "new.db").exists()

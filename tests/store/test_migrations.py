"""Migrations: each stands on its own, and each new column of an old store is history too."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.types import TypeEngine

from coverage_kit.errors import StoreError
from coverage_kit.store import Change, Ledger, clear_store, schema
from coverage_kit.store.engines import store_errors
from coverage_kit.store.entities import ENTITIES
from coverage_kit.store.migrations import history

VERSIONS = Path(schema.__file__).parent / "migrations" / "versions"
ADDS_A_COLUMN = """
import sqlalchemy as sa
from alembic import op
from coverage_kit.store.migrations.history import freeze_history
revision, down_revision, branch_labels, depends_on = "9999", "{newest}", None, None
def upgrade():
    op.add_column("account", sa.Column("nickname", sa.Text))
    freeze_history("account")
"""


@pytest.fixture
def one_more_migration(ledger: Ledger, tmp_path: Path) -> Iterator[None]:
    """The migrations of this version and one that adds a column to a table."""
    folder = tmp_path / "migrations"
    newest = schema.revisions()[-1]
    shutil.copytree(VERSIONS.parent, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "r9999_nickname.py").write_text(ADDS_A_COLUMN.format(newest=newest))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "_MIGRATIONS", folder)
        yield
    clear_store(ledger)


def set_nickname(ledger: Ledger) -> None:
    with store_errors("it"), ledger.engine.connect() as connection:
        connection.execute(text("UPDATE account SET nickname = 'x'"))
        connection.commit()


@pytest.mark.parametrize("guard", [history.guard_meta, history.guard_edits])
def test_a_third_database_does_not_get_the_triggers_of_postgresql(
    guard: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history.op, "get_bind", lambda: SimpleNamespace(dialect=SimpleNamespace(name="mysql")))
    monkeypatch.setattr(history.op, "execute", lambda statement: pytest.fail(str(statement)))
    with pytest.raises(NotImplementedError, match="mysql"):
        guard()


@pytest.mark.slow
def test_a_new_column_of_an_existing_store_is_frozen_too(ledger: Ledger, one_more_migration: None) -> None:
    ledger.save([Change("account", "A", {"name": "Alpha"})])
    schema.upgrade(ledger.engine)
    with pytest.raises(StoreError, match="keeps its history"):
        set_nickname(ledger)


@pytest.mark.slow
def test_a_fresh_store_runs_all_migrations_with_a_new_column(ledger: Ledger, one_more_migration: None) -> None:
    clear_store(ledger)
    ledger.save([Change("account", "A", {"name": "Alpha"})])
    with pytest.raises(StoreError, match="keeps its history"):
        set_nickname(ledger)


def test_the_revisions_are_those_of_the_files_one_after_the_other() -> None:
    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    scripts = list(ScriptDirectory.from_config(config).walk_revisions())
    assert tuple(script.revision for script in reversed(scripts)) == schema.revisions()
    assert [script.down_revision for script in scripts] == [*reversed(schema.revisions()[:-1]), None]


@pytest.mark.parametrize("path", sorted(VERSIONS.glob("r*.py")), ids=lambda path: path.stem)
def test_a_migration_reads_nothing_from_the_declarations_of_today(path: Path) -> None:
    tree = ast.parse((path.read_text(encoding="utf-8")) + (VERSIONS.parent / "history.py").read_text(encoding="utf-8"))
    imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    ours = {name for name in imported if name.startswith("coverage_kit")}
    assert ours <= {"coverage_kit.store.migrations.history", "coverage_kit.store.chain_format"}


@pytest.mark.parametrize("name", ENTITIES)
def test_what_may_be_blanked_is_what_the_declaration_says(ledger: Ledger, name: str) -> None:
    one = ENTITIES[name]
    with ledger.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            query = f"SELECT sql FROM sqlite_master WHERE name = '{name}_no_update'"
        else:
            query = f"SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = '{name}_no_update'"
        definition = str(connection.execute(text(query)).scalar()).lower().replace('"', "").replace("(", "")
    for column in one.table.columns:
        assert (f"new.{column.name} is not null" in definition) == (column.name in one.private), column.name
        is_compared = re.search(rf"old\.{column.name}\b", definition) is not None
        assert is_compared == (column.name not in one.private), column.name


@pytest.mark.parametrize("name", ENTITIES)
def test_a_migrated_table_is_what_the_declaration_says(ledger: Ledger, name: str) -> None:
    """Columns, their types, and indexes: a migration that forgets one works, and is slow or wrong later."""
    engine, declared = ledger.engine, ENTITIES[name].table
    found = inspect(engine)

    def written(kind: TypeEngine[object]) -> str:
        # PostgreSQL calls its only float of eight bytes by two names.
        return str(kind.compile(engine.dialect)).replace("DOUBLE PRECISION", "FLOAT")

    columns = {each["name"]: written(each["type"]) for each in found.get_columns(name)}
    assert columns == {each.name: written(each.type) for each in declared.columns}
    indexed = {tuple(each["column_names"]) for each in found.get_indexes(name)}
    assert {tuple(each.columns.keys()) for each in declared.indexes} <= indexed


@pytest.mark.parametrize("name", ENTITIES)
def test_the_database_guards_every_table_of_history(ledger: Ledger, name: str) -> None:
    with ledger.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            query = f"SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = '{name}'"
        else:
            query = f"SELECT tgname FROM pg_trigger WHERE tgrelid = '{name}'::regclass AND NOT tgisinternal"
        triggers = set(connection.execute(text(query)).scalars())
    wanted = {f"{name}_no_forgery", f"{name}_no_update", f"{name}_no_delete"}
    assert wanted <= triggers


def test_every_function_of_ours_reads_the_tables_of_the_store_only(postgresql_ledger: Ledger) -> None:
    """A migration that makes one and does not call ``read_own_tables`` leaves a way around history."""
    query = (
        "SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname = current_schema() AND NOT coalesce('search_path=public, pg_temp' = ANY(p.proconfig), false)"
    )
    guarded = (
        "SELECT p.proname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE pg_get_triggerdef(t.oid) LIKE '%WHEN ((current_setting(''search_path''::text) = ''public, pg_temp''::text))%'"
    )
    with postgresql_ledger.engine.connect() as connection:
        free = set(connection.execute(text(query)).scalars())
        assert free == set(connection.execute(text(guarded)).scalars())
    # One for each table with a guard against forged rows: the other functions are not called for each row.
    assert free == {f"check_{name}_here" for name in (*ENTITIES, "edit")}

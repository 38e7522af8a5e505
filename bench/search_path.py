"""A large import on PostgreSQL: how rows are checked now, beside a changed search path for each row, and none; the limit is 1.1 x.

Each round saves the same rows into new stores, one of each kind, in turn; the medians count. PostgreSQL's programs must be
installed. Run: python -m bench.search_path [ROWS [ROUNDS]]
"""

from __future__ import annotations

import statistics
import sys
import time
from unittest.mock import patch

import psycopg

from coverage_kit.store import Change, open_store, postgresql
from tests.postgresql import Cluster, programs

#: Only the functions of triggers run once a row.
_FREE = (
    "DO $$ DECLARE one regprocedure; BEGIN FOR one IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    " AND proname ~ '^(refuse_|check_)' LOOP EXECUTE format('ALTER FUNCTION %s RESET search_path', one); END LOOP; END $$"
)
_NO_PATH = "SELECT set_config('application_name', 'bench', true)"


def save(address: str, changes: list[Change], *, has_path: bool) -> float:
    """Save everything as one edit; returns the seconds."""
    ledger = open_store(address, clock=lambda: 1, actor="a")
    with patch.object(postgresql, "_OWN_PATH", postgresql._OWN_PATH if has_path else _NO_PATH):
        start = time.perf_counter()
        ledger.save(changes)
        seconds = time.perf_counter() - start
    ledger.close()
    return seconds


def main(rows: int = 50_000, rounds: int = 5) -> None:
    """Print one line."""
    found = programs()
    if found is None:
        raise SystemExit("PostgreSQL is not installed.")
    changes = [Change("person", f"p{n}", {"name": f"Name {n}", "email": f"u{n}@example.com"}) for n in range(rows)]
    times: dict[str, list[float]] = {"ours": [], "each": [], "free": []}
    with Cluster(found, fsync=False) as cluster, psycopg.connect(cluster.url.replace("+psycopg", "")) as admin:
        admin.autocommit = True
        server = cluster.url.rpartition("/")[0]
        for kind in times:
            admin.execute(f"CREATE DATABASE {kind}".encode())
            open_store(f"{server}/{kind}", clock=lambda: 1, actor="a", create=True).close()
        with psycopg.connect(f"{server}/free".replace("+psycopg", ""), autocommit=True) as owner:
            owner.execute(_FREE.encode())
        for turn in range(rounds):
            for kind in sorted(times, reverse=turn % 2 == 1):
                admin.execute(f"CREATE DATABASE one TEMPLATE {kind}".encode())
                times[kind].append(save(f"{server}/one", changes, has_path=kind == "ours"))
                admin.execute(b"DROP DATABASE one WITH (FORCE)")
    ours, each, free = (statistics.median(times[kind]) for kind in ("ours", "each", "free"))
    print(f"{rows:,} rows: {ours:.2f} s; path changed for each row {each:.2f} s ({each / free:.2f} x);", end=" ")
    print(f"never {free:.2f} s ({ours / free:.2f} x)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

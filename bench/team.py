"""What row security costs one rep of a team on PostgreSQL, beside the same store without it; and whether the team's size matters.

Run: python bench/team.py [reps], as somebody who may start PostgreSQL's programs
"""

from __future__ import annotations

import getpass
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

import psycopg
from sqlalchemy import URL, make_url

from coverage_kit.domain.clock import system_clock
from coverage_kit.store import Change, Ledger, load_history, open_store
from coverage_kit.store.entities import Slot
from coverage_kit.store.row_security import REP, secure
from tests.postgresql import Cluster, programs

N_ACCOUNTS, ROLES = 600, [f"role_{n:02d}" for n in range(12)]
LOGIN = getpass.getuser()


def changes(reps: range) -> Iterator[Change]:
    """Accounts of 12 required roles, a third of them written, with six contacts each."""
    for rep in reps:
        yield Change("staff", f"r{rep}", {"name": f"R{rep}", "login": LOGIN if rep == 0 else f"r{rep}", "function": "rep"}, 0)  # fmt: skip
        for n in range(N_ACCOUNTS):
            key = f"A{rep:04d}x{n:03d}"
            yield Change("account", key, {"name": key, "name_key": key.lower(), "owner_id": f"r{rep}", "status": "active", "focus": 0}, 0)  # fmt: skip
            for one in range(6):
                yield Change("person", f"p{key}{one}", {"name": f"Person {one}"}, 0)
                yield Change("employment", f"e{key}{one}", {"person_id": f"p{key}{one}", "account_id": key}, 0)
            for one, role in enumerate(ROLES[:4]):
                yield Change("slot", f"{key}:{role}", {"account_id": key, "role": role, "status": "required", "employment_id": f"e{key}{one}"}, 0)  # fmt: skip


def acts(ledger: Ledger) -> dict[str, Callable[[], object]]:
    """What a rep's pages do."""
    turns = iter(range(10**6))

    def save() -> None:
        n = next(turns)
        ledger.save([Change("slot", f"A0000x{n % N_ACCOUNTS:03d}:role_00", {"can_meet": n // N_ACCOUNTS % 2})])

    return {
        "one rep's whole history": lambda: load_history(ledger, until=ledger.last_at(), rep="r0"),
        "one account's slots": lambda: ledger.as_of(Slot, account_id="A0000x001"),
        "an edit": save,
    }


def timed(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def main(n_reps: int) -> None:
    """Make a store, copy it, secure the copy, and let the same rep work in both by turns."""
    binaries = programs()
    if binaries is None:
        raise SystemExit("PostgreSQL's programs are not installed.")
    with Cluster(binaries, fsync=True) as cluster, ExitStack() as stack:
        above = make_url(cluster.url)
        address = partial(above.set, database="plain")
        run(above, "CREATE DATABASE plain")
        first = open_store(address().render_as_string(False), clock=system_clock, actor=LOGIN, create=True)
        start = time.perf_counter()
        for reps in (range(n, min(n + 10, n_reps)) for n in range(0, n_reps, 10)):
            first.save(changes(reps))
        first.close()
        print(f"{n_reps} reps x {N_ACCOUNTS} accounts x {len(ROLES)} roles, written in {time.perf_counter() - start:.0f} s")  # fmt: skip
        run(above, "CREATE DATABASE secured TEMPLATE plain")
        secured = open_store(address(database="secured").render_as_string(False), clock=system_clock, actor=LOGIN)
        with secured.engine.begin() as connection:
            secure(connection)
            connection.exec_driver_sql(f"CREATE ROLE {LOGIN} LOGIN PASSWORD '{above.password}' IN ROLE {REP}")
        secured.close()
        # Without row security the same login reads the same rows, with the compiler of statements off as well.
        run(above, "ALTER DATABASE plain SET jit = off")
        run(address(), f"GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO {LOGIN}")
        for name in ("plain", "secured"):
            run(address(database=name), "VACUUM ANALYZE")
        ledgers = {}
        for name in ("plain", "secured"):
            own = address(database=name, username=LOGIN).render_as_string(False)
            ledgers[name] = open_store(own, clock=system_clock, actor="r0")
            stack.callback(ledgers[name].close)
        work = {name: acts(ledger) for name, ledger in ledgers.items()}
        for act in work["plain"]:
            rounds = 9 if "history" in act else 101
            took: dict[str, list[float]] = {name: [] for name in work}
            for _ in range(rounds):
                for name, own_acts in work.items():
                    took[name].append(timed(own_acts[act]))
            plain, own_time = (statistics.median(took[name][1:]) * 1000 for name in ("plain", "secured"))
            print(f"{act}: {plain:.1f} ms without row security, {own_time:.1f} ms with it ({own_time / plain:.2f} x)")


def run(url: URL, statement: str) -> None:
    """One statement outside a transaction."""
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(False), autocommit=True) as connection:
        connection.execute(statement.encode())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 12)

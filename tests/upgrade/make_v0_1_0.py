"""How the fixture in ``v0_1_0`` was made. It needs version 0.1.0 of the package, so it is kept as a record.

    git worktree add ../v0.1.0 41db1ba
    PYTHONPATH=../v0.1.0 python tests/upgrade/make_v0_1_0.py OUT [postgresql+psycopg://…]

With a database URL it fills that database (then dump it with ``pg_dump --inserts --rows-per-insert=200 --no-owner
--no-privileges``); without one it writes the workspace and what 0.1.0 said about it.
"""

from __future__ import annotations

import csv
import json
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from bs4 import BeautifulSoup

import coverage_kit
from coverage_kit.errors import Conflict
from coverage_kit.sample import fill_workspace
from coverage_kit.store import Change

REP = "jihye.kim"
WEEKS = [f"2026-W{n}" for n in (39, 40, 41, 42, 43, 44, 45, 46, 47)]


def main(out: Path, store: str = "store.db") -> None:
    """Fill a workspace with the sample, then add what the sample lacks: an import, an undo, a conflict draft."""
    home = out / "workspace"
    with coverage_kit.init_workspace(home, lang="ko", store=store, actor="admin") as ws:
        fill_workspace(ws, n_accounts=45)
    contacts = out / "contacts.csv"
    with contacts.open("w", encoding="utf-8", newline="") as file:
        rows = [("key", "account", "name", "title", "department", "email", "phone")]
        rows += [
            (f"C{n}", f"새봄상사 {n % 3}", f"이새봄{n}", "구매팀장", "구매팀", f"c{n}@example.com", "02-555-0100")
            for n in range(6)
        ]
        csv.writer(file).writerows(rows)
    with coverage_kit.open_workspace(home, actor=REP) as ws:
        ws.import_file("contacts", contacts)
        slots = ws.slots(rep=REP)
        account, role = slots.loc[slots["holder"].isna(), ["account", "role"]].iloc[0]
        ws.undo(ws.edit_slot(account, role, holder="Void Person").edit_id)
        edit = ws.edit_slot(account, role, holder="Kept Person", verified_on="2026-11-20", verified_how="call")
        slot = f"{account}:{role}"
        base = edit.versions["slot"][slot]
        ws.edit_slot(account, role, disposition="favorable")
        with suppress(Conflict):
            ws.ledger.save([Change("slot", slot, {"disposition": "negative"}, base)])
        if store != "store.db":
            return
        statuses = {week: ws.status(as_of=week) for week in WEEKS} | {"now": ws.status()}
        (out / "status.json").write_text(json.dumps(statuses, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        ws.report(week="2026-W47", out=out / "reports")
    for name in (REP, "team"):
        (out / f"{name}.txt").write_text(page_text(out / "reports" / "2026-W47" / f"{name}.html"), encoding="utf-8")
    shutil.rmtree(home / "reports")
    shutil.make_archive(str(out / "workspace"), "zip", home)


def page_text(path: Path) -> str:
    """The text of a page, a line for each piece; headings start with ``# ``."""
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    for hidden in page(["style", "svg", "script", "title"]):
        hidden.decompose()
    for heading in page(["h1", "h2", "h3"]):
        heading.string = f"# {heading.get_text(' ', strip=True)}"
    return "\n".join(page.stripped_strings) + "\n"


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])

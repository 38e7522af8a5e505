"""What a press costs on a manager's and an executive's page among 7,000 accounts, beside a page that reads everything again.

Run: python bench/my_page.py
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from coverage_kit import init_workspace
from coverage_kit.sample import fill_workspace
from coverage_kit.workbook.model.my_page import MyBook
from coverage_kit.workspace import Workspace

N_PRESSES = 7


def press(ws: Workspace, who: str, account: str, book: Callable[[], MyBook]) -> float:
    """The median CPU seconds of starring an account, or taking its star off, with the page that follows."""
    spent = []
    for n in range(N_PRESSES):
        page = book()
        start = time.process_time()
        request = {
            "kind": "star",
            "seq": n,
            "account": account,
            "on": n % 2 == 0,
            "edit_id": f"ed_{time.time_ns()}",
        }
        response = page.handle(request)
        assert response["kind"] == "mine", response
        spent.append(time.process_time() - start)
    # The first press reads the history.
    return statistics.median(spent[1:])


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        init_workspace(Path(folder) / "ws", lang="ko", actor="coach.lee") as ws,
    ):
        fill_workspace(ws, size="case")
        account = str(ws.slots()["account"].iloc[-1])
        for who in ("manager.han", "exec.yoon"):
            ws.ledger.actor = who
            open_page = MyBook(ws, who)
            kept = press(ws, who, account, lambda page=open_page: page)
            anew = press(ws, who, account, lambda who=who: MyBook(ws, who))
            print(f"{who}: a press {kept:.2f} s CPU; reading everything again {anew:.2f} s ({kept / anew:.2f} x)")


if __name__ == "__main__":
    main()

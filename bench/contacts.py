"""Match 1,000 contacts to positions by keyboard in the browser: one press each, until it is saved.

Run: python bench/contacts.py [--contacts 1000]; needs Chromium at /usr/bin/chromium.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

from coverage_kit.domain.identifiers import name_key
from coverage_kit.store import Change
from coverage_kit.workspace import Workspace, init_workspace
from tests.browser.places import Voila, ready, visit
from tests.browser.servers import CHROMIUM, FLAGS

#: Each is one position of the general role list, so that every contact of an account has a place.
TITLES = ("대표이사", "구매팀장", "연구소장", "재무팀장", "전산실장")
#: One press; done when the line has gone, another line has the keys, and the act is saved.
PRESS = """async ([checked]) => {
  const root = document.querySelector('.coverage-kit');
  const line = document.querySelector('.contact-line[tabindex="0"]');
  line.focus();
  const start = performance.now();
  line.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', shiftKey: checked, bubbles: true, cancelable: true }));
  while (line.isConnected || root.dataset.saved !== 'saved') await new Promise(requestAnimationFrame);
  return performance.now() - start;
}"""


def fill(ws: Workspace, n: int) -> None:
    """Accounts with five contacts each."""
    changes = [Change("staff", "rep", {"name": "rep", "function": "rep"}, base=0)]
    for i in range(n):
        account = f"A{i // len(TITLES):04d}"
        if i % len(TITLES) == 0:
            own = {"name": account, "name_key": name_key(account), "owner_id": "rep", "status": "active"}
            changes.append(Change("account", account, {**own, "template_ids": '["general"]'}, base=0))
        person = {"name": f"사람{i}", "name_key": f"사람{i}"}
        changes.append(Change("person", f"pe_{i:05d}", person, base=0))
        job = {"person_id": f"pe_{i:05d}", "account_id": account, "title": TITLES[i % len(TITLES)]}
        changes.append(Change("employment", f"em_{i:05d}", job, base=0))
    ws.ledger.save(changes)


def main() -> None:
    """Print how long a press takes, and how many a minute that is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contacts", type=int, default=1000)
    n = parser.parse_args().contacts
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        home = Path(name)
        with init_workspace(home / "team", lang="ko", actor="rep") as ws:
            fill(ws, n)
        place = Voila.start(home / "team", home, actor="rep")
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.set_default_timeout(120_000)
            visit(page, place.url("contacts"))
            ready(page)
            took, start = [], time.perf_counter()
            while page.locator(".contact-line").count():
                took.append(float(page.evaluate(PRESS, [len(took) % 2 == 1])))
            whole = time.perf_counter() - start
        finally:
            place.close()
    took.sort()
    p95 = took[int(0.95 * len(took))]
    print(f"{len(took)} of {n} contacts in {whole:.0f} s: {60 * len(took) / whole:.0f} a minute")
    print(
        f"a press until it is saved: median {statistics.median(took):.0f} ms, p95 {p95:.0f} ms, longest {took[-1]:.0f}"
    )


if __name__ == "__main__":
    main()

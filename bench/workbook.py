"""The workbook beside a plain grid of ipywidgets and an empty notebook, in one run: opening, switching, saving, bytes.

Run: python bench/workbook.py [--rounds 5] [--accounts 1000 10000]; needs Chromium at /usr/bin/chromium.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, Page, sync_playwright

from coverage_kit.sample import fill_workspace
from coverage_kit.workspace import init_workspace

HERE = Path(__file__).parent
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
PAGES = {
    "empty": (
        "import ipywidgets\n\nlabel = ipywidgets.Label('ready')\nlabel.add_class('bench-told')\nlabel",
        ".bench-told",
    ),
    "grid": (
        f"import sys\n\nsys.path.insert(0, {str(HERE)!r})\nimport plain_grid\n\nplain_grid.build()",
        ".bench-told",
    ),
    "rep_workbook": (None, ".pane[data-state=ready]"),
}
REFILL_S = 8
#: So many accounts a page reads ahead at the most.
AHEAD = 1500
#: How long a person looks at least before going to another account.
THINK_MS = 400
#: To the account that stands at a place in the list; scrolling there is not counted.
SWITCH_OURS = """async ([at, looked]) => {
  const list = document.querySelector('.list');
  list.scrollTop = Math.max(0, at * 52 - 200);
  await new Promise((resolve) => setTimeout(resolve, 30 + looked));
  let line;
  while (!(line = document.querySelector(`.line[aria-posinset="${at + 1}"]`))) await new Promise(requestAnimationFrame);
  const key = line.dataset.account;
  const start = performance.now();
  line.click();
  const pane = document.querySelector('.pane');
  while (!(pane.dataset.state === 'ready' && pane.dataset.account === key)) await new Promise(requestAnimationFrame);
  return performance.now() - start;
}"""
SWITCH_GRID = """async ([at, looked]) => {
  await new Promise((resolve) => setTimeout(resolve, 30 + looked));
  const list = document.querySelector('.bench-choose select');
  const start = performance.now();
  list.selectedIndex = at;
  list.dispatchEvent(new Event('change', { bubbles: true }));
  const before = document.querySelector('.bench-told').textContent;
  while (document.querySelector('.bench-told').textContent === before) await new Promise(requestAnimationFrame);
  return performance.now() - start;
}"""
#: An edit is about as long as a frame of the screen: told as soon as the page changes, not at the next frame.
UNTIL = """const until = (node, is) => new Promise((done) => {
  if (is()) { done(); return; }
  const look = new MutationObserver(() => { if (is()) { look.disconnect(); done(); } });
  look.observe(node, { attributes: true, childList: true, subtree: true, characterData: true });
});"""
EDIT_OURS = f"""async (i) => {{
  {UNTIL}
  const root = document.querySelector('.coverage-kit');
  const start = performance.now();
  document.querySelectorAll('.moods:not([hidden])')[0].children[i % 3].click();
  await until(root, () => root.dataset.saved === 'saved');
  return performance.now() - start;
}}"""
EDIT_GRID = f"""async (i) => {{
  {UNTIL}
  const told = document.querySelector('.bench-told');
  const before = told.textContent;
  const start = performance.now();
  document.querySelectorAll('.widget-toggle-buttons')[0].querySelectorAll('button')[1 + i % 3].click();
  await until(told, () => told.textContent !== before);
  return performance.now() - start;
}}"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--accounts", type=int, nargs="+", default=[1000])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        for n_accounts in options.accounts:
            workspace = Path(folder) / str(n_accounts)
            make_workspace(workspace, n_accounts)
            process, base, token = serve(workspace)
            try:
                measure(browser, base, token, n_accounts, options.rounds)
            finally:
                process.terminate()
                process.wait(20)
        browser.close()


def make_workspace(path: Path, n_accounts: int) -> None:
    with init_workspace(path, lang="ko", actor="bench") as ws:
        fill_workspace(ws, n_reps=1, n_accounts=n_accounts, n_weeks=3)
    for name, (source, _) in PAGES.items():
        if source:
            nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
            nb.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
            nbformat.write(nb, path / "notebooks" / f"{name}.ipynb")


def serve(workspace: Path) -> tuple[subprocess.Popen[bytes], str, str]:
    log = workspace / "app.log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "coverage_kit", "-w", str(workspace), "app", "--no-browser"]
        process = subprocess.Popen(
            command, stdout=out, stderr=out, env={**os.environ, "COVERAGE_KIT_ACTOR": "jihye.kim"}
        )
    for _ in range(600):
        told = log.read_text()
        if "running at" in told:
            found = re.search(r"(http://127\.0\.0\.1:\d+)/\S*token=([\w-]+)", told)
            assert found
            return process, found[1], found[2]
        time.sleep(0.1)
    raise SystemExit(log.read_text())


def measure(browser: Browser, base: str, token: str, n_accounts: int, rounds: int) -> None:
    opened: dict[str, list[float]] = {name: [] for name in PAGES}
    for _ in range(rounds):
        for name, (_, ready) in PAGES.items():
            page = open_page(browser, base, token, name)
            start = time.perf_counter()
            page.goto(page_url(base, token, name), timeout=90_000)
            page.wait_for_selector(ready, timeout=90_000, state="attached")
            opened[name].append(time.perf_counter() - start)
            page.context.close()
            time.sleep(REFILL_S)  # the server makes the next page ready meanwhile
    print(f"{n_accounts:,} accounts × 12 slots, {rounds} rounds; medians")
    base_s = statistics.median(opened["empty"])
    for name, values in opened.items():
        middle = statistics.median(values)
        print(f"  open {name:<14} {middle:6.2f} s   {middle / base_s:5.2f} × empty")
    figures = {name: acts(browser, base, token, name) for name in ("grid", "rep_workbook")}
    jumped, seconds, n_bytes = jumps(browser, base, token, n_accounts)
    for name, values in jumped.items():
        figures[name]["jump"] = values
    print(f"  read ahead: done {seconds:.1f} s after the page can be used, {n_bytes / 1e6:.1f} MB")
    for what in ("cold", "jump", "switch", "back", "step", "edit"):
        plain, ours = figures["grid"][what], figures["rep_workbook"][what]
        middle = [statistics.median(values) for values in (plain, ours)]
        late = [sorted(values)[int(0.95 * len(values))] for values in (plain, ours)]
        line = [f"{each[0]:6.0f} / {each[1]:5.0f}" for each in zip(middle, late, strict=True)]
        ratios = f"{middle[1] / middle[0]:5.2f} × / {late[1] / late[0]:5.2f} ×"
        print(f"  {what:<6} median / p95 ms: grid {line[0]}, workbook {line[1]}   {ratios}")
    print(
        f"  bytes an edit: grid {figures['grid']['bytes'][0]:,.0f}, workbook {figures['rep_workbook']['bytes'][0]:,.0f}"
    )


def jumps(
    browser: Browser, base: str, token: str, n_accounts: int, n: int = 40
) -> tuple[dict[str, list[float]], float, int]:
    """To accounts never looked at, clicked as soon as they are in sight, on a page that has read ahead; by turns."""
    pages = {name: open_page(browser, base, token, name) for name in ("grid", "rep_workbook")}
    sizes: list[int] = []
    pages["rep_workbook"].on(
        "websocket", lambda socket: socket.on("framereceived", lambda payload: sizes.append(len(payload)))
    )
    for name, page in pages.items():
        page.goto(page_url(base, token, name), timeout=90_000)
        page.wait_for_selector(PAGES[name][1], timeout=90_000, state="attached")
    start = time.perf_counter()
    sizes.clear()
    pages["rep_workbook"].wait_for_selector(".coverage-kit[data-ahead=done]", timeout=90_000)
    seconds, n_bytes = time.perf_counter() - start, sum(sizes)
    told: dict[str, list[float]] = {name: [] for name in pages}
    for i in range(n):
        place = (37 * i) % min(n_accounts - 1, AHEAD) + 1
        for name, page in pages.items():
            page.bring_to_front()
            told[name].append(page.evaluate(SWITCH_OURS if name == "rep_workbook" else SWITCH_GRID, [place, 0]))
    for page in pages.values():
        page.context.close()
    return told, seconds, n_bytes


def open_page(browser: Browser, base: str, token: str, name: str) -> Page:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script("try { localStorage.setItem('coverage-kit:hints', '3') } catch {}")
    return page


def page_url(base: str, token: str, name: str) -> str:
    return f"{base}/voila/render/{name}.ipynb?token={token}"


def acts(browser: Browser, base: str, token: str, name: str, n: int = 40) -> dict[str, list[float]]:
    """Switching and editing, by the clock of the page; bytes both ways by the frames of its socket."""
    page = open_page(browser, base, token, name)
    sizes: list[int] = []

    def count(payload: str | bytes) -> None:
        sizes.append(len(payload))

    page.on("websocket", lambda socket: (socket.on("framesent", count), socket.on("framereceived", count)))
    page.goto(page_url(base, token, name), timeout=90_000)
    page.wait_for_selector(PAGES[name][1], timeout=90_000, state="attached")
    ours = name == "rep_workbook"
    if ours:
        page.get_by_label("정렬").select_option("value")
    switch, edit = (SWITCH_OURS, EDIT_OURS) if ours else (SWITCH_GRID, EDIT_GRID)
    places = [(7 * i) % 200 + 1 for i in range(2 * n)]
    told = {
        # Never looked at before, and clicked as soon as it is in sight.
        "cold": [page.evaluate(switch, [place, 0]) for place in places[:n]],
        # As a person does it: found in the list, then clicked.
        "switch": [page.evaluate(switch, [place, THINK_MS]) for place in places[n:]],
        "back": [page.evaluate(switch, [place, 0]) for place in places[n:]],
        "step": [page.evaluate(switch, [300 + i, THINK_MS]) for i in range(n // 2)],
    }
    if ours:  # an account where somebody is known, whose disposition can be set
        page.get_by_label("단계", exact=True).select_option("2")
        page.evaluate(switch, [0, 0])
    page.evaluate(edit, 0)
    if ours:  # what is read ahead of the list as it is filtered now is no part of an edit
        page.wait_for_selector(".coverage-kit[data-ahead=done]", timeout=90_000)
    sizes.clear()
    edits = [page.evaluate(edit, i + 1) for i in range(n)]
    page.wait_for_timeout(300)
    told |= {"edit": edits, "bytes": [sum(sizes) / n]}
    page.context.close()
    return told


if __name__ == "__main__":
    main()

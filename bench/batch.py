"""The weekly batch beside plain papermill and beside a floor without notebooks: the same reps, template and figures.

Run: python bench/batch.py [WORKSPACE]            all designs in rounds, interleaved (a team of 100 reps with 600
                                                  accounts each is made under build/ where none is named)
     python bench/batch.py [WORKSPACE] --long     1,000 reports: is the time linear and the memory flat?
                                                  (--tiny: of the batch alone, with reports that cost nothing)
     python bench/batch.py SMALL LARGE --sizes    one report of a rep in each of two workspaces
     python bench/batch.py WORKSPACE… --driver    the run around the reports, a workspace after the other: jobs, folder,
                                                  manifest, end by force and resumption, index, mails as files

Wall time and CPU time of the whole process tree, start-up included. Plain papermill has no start-up worth sharing, so
its designs run on a part of the reps and are scaled; the table says on how many.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import dataclasses
import gc
import json
import os
import pickle
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any

import psutil

from coverage_kit import open_workspace
from coverage_kit.reporting.batch.files import write_whole
from coverage_kit.reporting.batch.jobs import list_jobs, run_context
from coverage_kit.reporting.batch.model import Outcome, ReportJob, RunContext
from coverage_kit.reporting.batch.pool import run_pool
from coverage_kit.reporting.batch.worker import Draft, put_report
from coverage_kit.reporting.pages.page import page_from_notebook

ROOT = Path(__file__).parents[1]
WORKERS, SUBREAPER = 2, 36


def work_list(workspace: Path, n: int, out: Path) -> tuple[list[ReportJob], RunContext]:
    with open_workspace(workspace) as ws:
        week = ws.last_week()
        jobs = [job for job in list_jobs(ws, week, week.as_of(ws.zone)) if job.template == "rep_weekly"]
        jobs = [jobs[i % len(jobs)] for i in range(n)]
        context = run_context(ws, out)
    os.environ["COVERAGE_KIT_WORKSPACE"] = context.workspace
    named = [ReportJob(f"{i:04d}", j.title, j.template, j.parameters) for i, j in enumerate(jobs)]
    return named, context


# The designs ----------------------------------------------------------------------------------------------------------


def ours(jobs: list[ReportJob], context: RunContext) -> None:
    for outcome in run_pool(jobs, context, WORKERS):
        assert not outcome.reason, outcome


@cache
def exporter() -> Any:
    from nbconvert import HTMLExporter

    return HTMLExporter(sanitize_html=True)


def by_plain_papermill(job: ReportJob, context: RunContext) -> None:
    import papermill

    folder = Path(context.folder)
    template = folder / f"{job.name}-in.ipynb"
    template.write_bytes(dict(context.bodies)[job.template])
    out = folder / f"{job.name}.ipynb"
    nb = papermill.execute_notebook(str(template), str(out), parameters=dict(job.parameters), progress_bar=False)
    write_whole(folder / f"{job.name}.html", exporter().from_notebook_node(nb)[0])


def plain(jobs: list[ReportJob], context: RunContext) -> None:
    for job in jobs:
        by_plain_papermill(job, context)


def plain_pool(jobs: list[ReportJob], context: RunContext) -> None:
    with ProcessPoolExecutor(WORKERS) as pool:
        list(pool.map(partial(by_plain_papermill, context=context), jobs))


def without_notebook(job: ReportJob, context: RunContext) -> None:
    """The same parts and the same page, by calls instead of cells."""
    import nbformat

    from coverage_kit.reporting.pages.weekly import build_rep_weekly

    cells = nbformat.reads(dict(context.bodies)[job.template].decode(), 4).cells
    report = build_rep_weekly(**dict(job.parameters))
    names = [line.split(".")[1].split(")")[0] for c in cells for line in c.source.splitlines() if "report." in line]
    parts = [getattr(report, name) for name in names]
    data = [{"output_type": "display_data", "data": {"text/html": p.html}} for p in parts if hasattr(p, "html")]
    shown = nbformat.from_dict({"cells": [{"cell_type": "code", "outputs": data}]})
    write_whole(
        Path(context.folder) / f"{job.name}.html", page_from_notebook(shown, lang=context.lang, title=job.title)
    )
    write_whole(Path(context.folder) / f"{job.name}.json", json.dumps([str(p) for p in parts]))


def in_forks(jobs: list[ReportJob], context: RunContext, *, pristine: bool) -> None:
    """Warm up once and fork: a worker each that makes its share, or (pristine) a process for every report."""
    import nbformat  # noqa: F401

    from coverage_kit.reporting.batch.warm import warm_up

    warm_up()
    gc.collect()
    gc.freeze()
    shares = [[job] for job in jobs] if pristine else [jobs[i::WORKERS] for i in range(WORKERS)]
    running = 0
    for share in shares:
        if running == WORKERS:
            assert os.waitstatus_to_exitcode(os.wait()[1]) == 0
            running -= 1
        if os.fork() == 0:
            for job in share:
                without_notebook(job, context)
            os._exit(0)
        running += 1
    while running:
        assert os.waitstatus_to_exitcode(os.wait()[1]) == 0
        running -= 1


DESIGNS: dict[str, tuple[str, Callable[[list[ReportJob], RunContext], None]]] = {
    "ours": ("the batch, 2 workers", ours),
    "floor": ("floor: 2 forked workers, no notebook, nothing apart", partial(in_forks, pristine=False)),
    "floor-apart": ("floor: no notebook, a fork for every report", partial(in_forks, pristine=True)),
    "plain": ("plain papermill + nbconvert, one process", plain),
    "plain-pool": ("plain papermill + nbconvert, pool of 2", plain_pool),
}


# Measuring ------------------------------------------------------------------------------------------------------------


def usage(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def measured(design: str, listed: Path, count: int, n: int) -> tuple[float, float]:
    """Wall and CPU seconds of a design in a process of its own, with all that it starts; scaled from count to n."""
    before, begun = usage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, __file__, "--design", design, "--listed", str(listed), "--reports", str(count)]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    wall = time.perf_counter() - begun
    # What its workers left to us when they ended (we are its subreaper): their time counts too.
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    cpu = usage(resource.RUSAGE_CHILDREN) - before
    # Starting the process is not scaled, making the reports is.
    more = n / count - 1
    inside = json.loads(told.stdout)
    return wall + more * inside["wall"], cpu + more * inside["cpu"]


def run_design(design: str, listed: Path, count: int) -> None:
    """One design, in a process of its own; says what making the reports took, apart from starting."""
    jobs, context = pickle.loads(listed.read_bytes())
    os.environ["COVERAGE_KIT_WORKSPACE"] = context.workspace
    with tempfile.TemporaryDirectory() as home:
        wall, cpu = time.perf_counter(), usage(resource.RUSAGE_SELF) + usage(resource.RUSAGE_CHILDREN)
        DESIGNS[design][1](jobs[:count], dataclasses.replace(context, folder=home))
        spent = usage(resource.RUSAGE_SELF) + usage(resource.RUSAGE_CHILDREN) - cpu
        print(json.dumps({"wall": time.perf_counter() - wall, "cpu": spent}))


@contextlib.contextmanager
def listed_jobs(workspace: Path, n: int) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile() as file:
        path = Path(file.name)
        path.write_bytes(pickle.dumps(work_list(workspace, n, path.parent)))
        yield path


def run_rounds(workspace: Path, n: int, n_plain: int, rounds: int) -> None:
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in DESIGNS}
    with listed_jobs(workspace, n) as listed:
        for name in DESIGNS:
            # Once unmeasured: files are read, and Python keeps what it compiled, as on anybody's machine.
            measured(name, listed, 2, 2)
        for number in range(rounds):
            # Each round in another order: what else the machine does hits all alike.
            for name in list(DESIGNS)[number:] + list(DESIGNS)[:number]:
                count = n_plain if name.startswith("plain") else n
                times[name].append(measured(name, listed, count, n))
                print(f"  round {number + 1}: {name} {times[name][-1]}", file=sys.stderr, flush=True)
    base = [statistics.median(column) for column in zip(*times["ours"], strict=True)]
    print(f"{n} reports, {rounds} rounds, medians; plain papermill measured on {n_plain} and scaled")
    for name, (title, _) in DESIGNS.items():
        wall, cpu = (statistics.median(column) for column in zip(*times[name], strict=True))
        print(f"{title:<52} {wall:7.1f} s  CPU {cpu:7.1f} s  {1000 * cpu / n:6.0f} ms each  wall / ours {wall / base[0]:5.2f}  CPU / ours {cpu / base[1]:5.2f}")  # fmt: skip


def tiny_template() -> bytes:
    """A report that costs nothing itself: what is left is the batch's own."""
    import nbformat

    new = nbformat.v4
    sources = {
        "rep = ''\nweek = ''\nlang = ''": "parameters",
        "rep": "x",
        "print('coverage-kit: end of report')": "end-marker",
    }
    cells = [new.new_code_cell(source, metadata={"tags": [tag]}) for source, tag in sources.items()]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.writes(new.new_notebook(cells=cells, metadata=kernel)).encode()


def run_long(workspace: Path, n: int, *, tiny: bool) -> None:
    """Time and memory of each tenth of a long batch."""
    with tempfile.TemporaryDirectory() as home:
        jobs, context = work_list(workspace, n, Path(home))
        if tiny:
            context = dataclasses.replace(context, bodies=(("rep_weekly", tiny_template()),))
        peak: dict[str, float] = {}
        stop = threading.Event()
        threading.Thread(target=_watch_memory, args=(peak, stop), daemon=True).start()
        begun = time.perf_counter()
        for done, outcome in enumerate(run_pool(jobs, context, WORKERS), 1):
            assert not outcome.reason, outcome
            if done % (n // 10) == 0:
                now = time.perf_counter()
                memory = "  ".join(f"{name} {mb:5.0f} MB" for name, mb in sorted(peak.items()))
                print(f"{done:>6} reports  {now - begun:6.1f} s for the last {n // 10}  peak {memory}", flush=True)
                begun = now
                peak.clear()
        stop.set()


def _watch_memory(peak: dict[str, float], stop: threading.Event) -> None:
    own = psutil.Process()
    while not stop.wait(0.2):
        with contextlib.suppress(psutil.Error):
            found = {"driver": own.memory_info().rss}
            for worker in own.children():
                found[f"worker {worker.pid}"] = worker.memory_info().rss
            for process in own.children(recursive=True):
                if "engine.server" in " ".join(process.cmdline()):
                    found["largest report"] = max(found.get("largest report", 0), process.memory_full_info().uss)
            for name, rss in found.items():
                peak[name] = max(peak.get(name, 0), rss / 2**20)


def run_sizes(workspaces: Sequence[Path]) -> None:
    """CPU of one report, by the size of a rep's territory; the batch of eleven less that of one, divided by ten."""
    spent = {}
    for workspace in workspaces:
        with listed_jobs(workspace, 11) as listed:
            rounds = [(measured("ours", listed, 11, 11)[1] - measured("ours", listed, 1, 1)[1]) / 10 for _ in range(3)]
        with open_workspace(workspace) as ws:
            rep = ws.reps()[0]
            accounts = int(ws.slots(rep=rep)["account"].nunique())
        spent[accounts] = statistics.median(rounds)
        print(f"{accounts:>6} accounts: {1000 * spent[accounts]:.0f} ms of CPU a report", flush=True)
    first, last = min(spent), max(spent)
    print(f"{last / first:.0f} x the accounts: {spent[last] / spent[first]:.2f} x, {spent[last] - spent[first]:+.2f} s")


def run_driver(workspaces: Sequence[Path]) -> None:
    """CPU and memory of all that a weekly run does around its reports, which stand here as two small files each."""
    for workspace in workspaces:
        with tempfile.TemporaryDirectory() as out:
            for name in ("a run that ends half way", "the rest of it", "again, nothing to do", "mails", "mails again"):
                command = [sys.executable, __file__, str(workspace), "--driver-step", name, "--out", out]
                done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
                print(f"{workspace.name} {name}: {done.stdout.decode().strip()}", flush=True)


def run_driver_step(workspace: Path, name: str, out: str) -> None:
    """One weekly run in a process of its own; the first one is ended by force when half of its reports are made."""
    from coverage_kit.reporting import run

    made = 0
    begun = usage(resource.RUSAGE_SELF)

    def stand_in(jobs: Sequence[ReportJob], context: RunContext, n_workers: int) -> Iterator[Outcome]:
        nonlocal made
        for job in jobs:
            if name == "a run that ends half way" and made * 2 >= len(jobs):
                say(made)
                os.kill(os.getpid(), signal.SIGKILL)
            texts = ((".ipynb", "{}"), (".html", job.name))
            yield put_report(Draft(job.name, texts, (("known", 1), ("required", 2))), job, Path(context.folder))
            made += 1

    def say(count: int) -> None:
        spent = usage(resource.RUSAGE_SELF) - begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{count} made, {spent:.2f} s CPU, {peak:.0f} MB", flush=True)

    run.run_pool = stand_in
    with open_workspace(workspace) as ws:
        result = run.report_week(ws, out=out, mail=name.startswith("mails"))
    assert not result.failed, result.failed[:3]
    say(len(result.made) + len(result.mailed))


def default_workspace() -> Path:
    made = ROOT / "build" / "bench-team"
    if not (made / "coverage-kit.yml").exists():
        run = [sys.executable, "-m", "coverage_kit"]
        subprocess.run([*run, "init", str(made), "--lang", "ko"], check=True)
        size = ["--size", "case", "--reps", "100", "--accounts", "60000", "--weeks", "8"]
        subprocess.run([*run, "-w", str(made), "sample", *size], check=True)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspaces", type=Path, nargs="*")
    parser.add_argument("--design", choices=DESIGNS)
    parser.add_argument("--listed", type=Path)
    parser.add_argument("--reports", type=int)
    parser.add_argument("--plain", type=int, default=6, help="how many reports plain papermill makes")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--tiny", action="store_true", help="with --long: reports that cost nothing themselves")
    parser.add_argument("--sizes", action="store_true")
    parser.add_argument("--driver", action="store_true")
    parser.add_argument("--driver-step")
    parser.add_argument("--out")
    given = parser.parse_args()
    if given.design:
        run_design(given.design, given.listed, given.reports)
        return
    if given.driver_step:
        run_driver_step(given.workspaces[0], given.driver_step, given.out)
        return
    workspaces = given.workspaces or [default_workspace()]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    if given.long:
        run_long(workspaces[0], given.reports or 1000, tiny=given.tiny)
    elif given.sizes:
        run_sizes(workspaces)
    elif given.driver:
        run_driver(workspaces)
    else:
        run_rounds(workspaces[0], given.reports or 100, given.plain, given.rounds)


if __name__ == "__main__":
    main()

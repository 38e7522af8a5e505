"""The worker process: makes one report after another until its driver hangs up.

It is started by a separate command and imports nothing of the driver's ``__main__``, so the script, notebook or
session that asked for the reports runs its own lines once, whatever the number of workers. Jobs arrive on stdin,
outcomes leave on what was stdout; both are pickles of ``reporting.batch.model``.
"""

from __future__ import annotations

import os
import pickle
import signal
import socket
import threading
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO

from coverage_kit.engine import ForkServer
from coverage_kit.engine.quick_start import skip_iri_grammar
from coverage_kit.reporting.batch.model import ReportJob, RunContext
from coverage_kit.reporting.batch.worker import make_report, put_report


def main(control: int | None) -> None:
    """Serve the driver.

    Parameters
    ----------
    control : int or None
        Descriptor of the control socket of the driver's fork server, where there is one.
    """
    # Ctrl-C is for the driver to handle.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.umask(0o077)
    requests, responses = _take_over_pipes()
    context: RunContext = pickle.load(requests)
    if control is not None:
        ForkServer.adopt(socket.socket(fileno=control), context.preload)
    jobs: SimpleQueue[ReportJob] = SimpleQueue()
    threading.Thread(target=_read_jobs, args=(requests, jobs), daemon=True).start()
    skip_iri_grammar()
    import papermill  # noqa: F401

    while True:
        job = jobs.get()
        draft = make_report(job, context, context.folder)
        pickle.dump(put_report(draft, job, Path(context.folder)), responses)
        responses.flush()


def _take_over_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep stdin and stdout for the driver alone; what a library prints goes to stderr."""
    requests, responses = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return requests, responses


def _read_jobs(requests: BinaryIO, jobs: SimpleQueue[ReportJob]) -> None:
    """Pass on jobs; end the process as soon as the driver closes the pipe or dies, also in the middle of a report."""
    while True:
        try:
            jobs.put(pickle.load(requests))
        except (EOFError, OSError, pickle.UnpicklingError):
            os._exit(1)

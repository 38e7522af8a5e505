"""A batch on several machines: a dask cluster makes the reports, and only this process writes them.

A worker returns the texts of a report and writes nothing. So a task that runs twice (its worker seemed lost) still gives
one report, with its hash in the manifest.
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterable, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from coverage_kit import __version__
from coverage_kit.config import SchedulerSettings
from coverage_kit.errors import BadInput, ReportError
from coverage_kit.i18n import N_
from coverage_kit.reporting.batch.model import Draft, Outcome, ReportJob, RunContext
from coverage_kit.reporting.batch.pool import TRIES
from coverage_kit.reporting.batch.worker import make_report, put_report

_CONNECT_S = 20
#: Papermill changes the working directory of its process, so each process makes one report at a time.
_one_at_a_time = threading.Lock()


def run_distributed(
    jobs: Sequence[ReportJob], context: RunContext, *, address: str, settings: SchedulerSettings
) -> Generator[Outcome]:
    """Make reports on a dask cluster; yield their outcomes as they arrive.

    Parameters
    ----------
    jobs : sequence of ReportJob
    context : RunContext
        Every machine of the cluster has the workspace under the same path and can reach its store.
    address : str
        Of the scheduler: ``tls://host:port``; ``tcp://`` on this machine only, since anybody who can reach an open
        scheduler can run code on it.
    settings : SchedulerSettings
        The certificates.

    Yields
    ------
    Outcome
        One a job. If a worker is lost, another makes its job; jobs lost with the scheduler fail, and the same command
        makes them.

    Raises
    ------
    BadInput
        The address or a certificate cannot be used.
    ReportError
        The scheduler cannot be reached.
    """
    check_address(address)
    if not jobs:
        return
    folder = Path(context.folder)
    with _connected(address, settings) as client:
        # The number counts the tries.
        running = {_submit(client, job, context): (job, 1) for job in jobs}
        finished = _as_completed(client, running)
        for future in finished:
            job, tried = running.pop(future)
            draft = _draft(future, job)
            future.release()
            if draft.lost and tried < TRIES and client.status == "running":
                again = _submit(client, job, context)
                running[again] = (job, tried + 1)
                finished.add(again)
                continue
            yield put_report(draft, job, folder)


def make_remote(job: ReportJob, context: RunContext, wanted: str) -> Draft:
    """Make a report on a worker and return it.

    Parameters
    ----------
    job : ReportJob
    context : RunContext
    wanted : str
        The version of this package that started the batch.
    """
    if wanted != __version__:
        return Draft(job.name, reason=f"the worker has coverage-kit {__version__}, the batch {wanted}")
    with _one_at_a_time:
        return make_report(job, context)


def check_address(address: str) -> None:
    """Refuse a scheduler that is open to everybody.

    Raises
    ------
    BadInput
    """
    parts = urlsplit(address)
    if parts.scheme == "tls" and parts.hostname:
        return
    if parts.scheme == "tcp" and _is_loopback(parts.hostname or ""):
        return
    raise BadInput(
        "scheduler.open",
        N_(
            "The scheduler's address must be tls://host:port; plain tcp:// works on this machine only, since anybody who can reach it can run code."
        ),
    )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _connected(address: str, settings: SchedulerSettings) -> Any:
    try:
        import distributed
    except ImportError as exc:
        raise BadInput(
            "scheduler.extra", N_("--scheduler needs dask: pip install 'coverage-kit[distributed]'")
        ) from exc
    dask = cast(Any, distributed)
    try:
        security = (
            dask.Security()
            if address.startswith("tcp:")
            else dask.Security(
                tls_ca_file=settings.ca_file or None,
                tls_client_cert=settings.cert_file or None,
                tls_client_key=settings.key_file or None,
                require_encryption=True,
            )
        )
        return dask.Client(address, security=security, timeout=_CONNECT_S, set_as_default=False)
    except FileNotFoundError as exc:
        raise BadInput(
            "scheduler.certificate", N_("A certificate file is missing; correct scheduler: in the config.")
        ) from exc
    except (OSError, TypeError, ValueError) as exc:
        raise ReportError(
            "scheduler.unreachable",
            N_(
                "The scheduler cannot be reached, or refuses our certificates; check its address and scheduler: in the config."
            ),
        ) from exc


def _submit(client: Any, job: ReportJob, context: RunContext) -> Any:
    return client.submit(make_remote, job, context, __version__, pure=False)


def _as_completed(client: Any, futures: Iterable[Any]) -> Any:
    import distributed

    # Untyped.
    return cast(Any, distributed).as_completed(futures, loop=client.loop)


def _draft(future: Any, job: ReportJob) -> Draft:
    from distributed import CancelledError, KilledWorker
    from distributed.comm.core import CommClosedError

    lost = Draft(job.name, reason="the scheduler was lost")
    if future.cancelled():
        return lost
    try:
        draft: Draft = future.result()
    except (CommClosedError, CancelledError):  # It was made, and nobody can be asked for it any more.
        return lost
    except KilledWorker:
        return Draft(job.name, reason="every worker that tried it was lost")
    except Exception as exc:
        return Draft(job.name, reason=f"{type(exc).__name__} on the worker")
    return draft

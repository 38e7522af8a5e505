"""A batch beyond one machine: a dask cluster makes the reports, this process alone puts them in place.

A worker sends back the texts of a report and writes nothing, so a task that runs twice (its worker was thought lost)
still gives one report: the one whose result came, in its place, with its hash in the manifest.
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
from coverage_kit.reporting.batch.pool import TRIES
from coverage_kit.reporting.batch.worker import Draft, Outcome, ReportJob, Surroundings, make_report, put_report

_CONNECT_S = 20
#: Papermill changes the working directory of its process: one report at a time in each.
_one_at_a_time = threading.Lock()


def run_distributed(
    jobs: Sequence[ReportJob], around: Surroundings, *, address: str, settings: SchedulerSettings
) -> Generator[Outcome]:
    """Make reports on a dask cluster; their outcomes as they come.

    Parameters
    ----------
    jobs : sequence of ReportJob
    around : Surroundings
        Its workspace lies under the same path on every machine of the cluster, and its store is reached from there.
    address : str
        Of the scheduler: ``tls://host:port``; ``tcp://`` on this machine only, since whoever reaches an open
        scheduler runs code on it.
    settings : SchedulerSettings
        The certificates.

    Yields
    ------
    Outcome
        One a job. A job whose worker was lost is made by another worker; what a lost scheduler takes along is named,
        and the same command makes it.

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
    folder = Path(around.folder)
    with _connected(address, settings) as client:
        # Each with how often it was tried.
        running = {_submit(client, job, around): (job, 1) for job in jobs}
        finished = _as_completed(client, running)
        for future in finished:
            job, tried = running.pop(future)
            draft = _draft(future, job)
            future.release()
            if draft.lost and tried < TRIES and client.status == "running":
                again = _submit(client, job, around)
                running[again] = (job, tried + 1)
                finished.add(again)
                continue
            yield put_report(draft, job, folder)


def make_remote(job: ReportJob, around: Surroundings, wanted: str) -> Draft:
    """On a worker: make a report and send it back.

    Parameters
    ----------
    job : ReportJob
    around : Surroundings
    wanted : str
        The version of this package that started the batch.
    """
    if wanted != __version__:
        return Draft(job.name, reason=f"the worker has coverage-kit {__version__}, the batch {wanted}")
    with _one_at_a_time:
        return make_report(job, around)


def check_address(address: str) -> None:
    """Refuse a scheduler that everybody could talk to.

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
            "The scheduler's address must be tls://host:port; plain tcp:// is for this machine alone, since whoever reaches it runs code."
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
            "scheduler.certificate", N_("A certificate file is missing; mend scheduler: in the config.")
        ) from exc
    except (OSError, TypeError, ValueError) as exc:
        raise ReportError(
            "scheduler.unreachable",
            N_(
                "The scheduler cannot be reached, or refuses our certificates; check its address and scheduler: in the config."
            ),
        ) from exc


def _submit(client: Any, job: ReportJob, around: Surroundings) -> Any:
    return client.submit(make_remote, job, around, __version__, pure=False)


def _as_completed(client: Any, futures: Iterable[Any]) -> Any:
    import distributed

    # Untyped.
    return cast(Any, distributed).as_completed(futures, loop=client.loop)


def _draft(future: Any, job: ReportJob) -> Draft:
    from distributed import KilledWorker

    if future.cancelled():
        return Draft(job.name, reason="the scheduler was lost")
    try:
        draft: Draft = future.result()
    except KilledWorker:
        return Draft(job.name, reason="every worker that tried it was lost")
    except Exception as exc:
        return Draft(job.name, reason=f"{type(exc).__name__} on the worker")
    return draft

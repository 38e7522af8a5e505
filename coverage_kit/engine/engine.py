"""The engine that papermill finds by its entry point."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from functools import cache
from typing import Any

from papermill.engines import Engine, NBClientEngine, NotebookExecutionManager
from papermill.log import logger

from .handle import SUPPORTED, starts_this_python

NAME = "warmfork"
#: Environment variable with the modules to preload, separated by commas; used if the caller names none.
PRELOAD = "WARMFORK_PRELOAD"
#: Options of nbclient that mean the same here; with any other option plain papermill runs the notebook.
_KNOWN = {
    "allow_errors",
    "force_raise_errors",
    "allow_error_names",
    "record_timing",
    "skip_cells_with_tag",
    "store_widget_state",
    "timeout_func",
    "interrupt_on_timeout",
    "input_path",
    "timeout",
    "startup_timeout",
}
log = logging.getLogger("warmfork")


class SaveFailed(NotebookExecutionManager):  # type: ignore[misc]
    """Papermill's book-keeping, but the notebook is written here only if its run was cut short.

    Papermill itself writes a notebook that ran to its end or to an error of a cell.
    """

    broken = False

    def save(self, **_: Any) -> None:
        """Write the notebook if its run was cut short."""
        if self.broken:
            super().save()


class WarmForkEngine(Engine):  # type: ignore[misc]
    """Runs each notebook in a process forked from a warm one."""

    @classmethod
    def execute_notebook(
        cls,
        nb: Any,
        kernel_name: str,
        output_path: str | None = None,
        progress_bar: Any = True,
        log_output: bool = False,
        autosave_cell_every: int = 30,
        *,
        save_failed: bool = False,
        **options: Any,
    ) -> Any:
        """Run a notebook; the arguments are papermill's.

        Parameters
        ----------
        save_failed : bool
            Write the notebook once, when it ends, instead of twice for every cell.
        **options
            Of papermill and nbclient, and those of ``execute_managed_notebook``.
        """
        if not save_failed:
            return super().execute_notebook(
                nb, kernel_name, output_path, progress_bar, log_output, autosave_cell_every, **options
            )
        manager = SaveFailed(nb, output_path, log_output, progress_bar, autosave_cell_every=0)
        manager.notebook_start()
        try:
            cls.execute_managed_notebook(manager, kernel_name, log_output=log_output, **options)
        except BaseException:
            manager.broken = True
            raise
        finally:
            manager.cleanup_pbar()
            manager.notebook_complete()
        return manager.nb

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        *,
        preload: Sequence[str] | None = None,
        max_output_bytes: int | None = None,
        max_memory_bytes: int | None = None,
        plain: bool = False,
        **options: Any,
    ) -> None:
        """Run the cells; the first arguments are those of papermill's own engine.

        Parameters
        ----------
        preload : sequence of str, optional
            What the fork server loads: modules, and functions as ``module:function``; by default the list in the
            environment variable ``WARMFORK_PRELOAD``.
        max_output_bytes, max_memory_bytes : int, optional
            Limits of a notebook; none by default, and none under plain papermill.
        plain : bool
            Start a kernel, as plain papermill does.
        """
        common = {"stdout_file": stdout_file, "stderr_file": stderr_file, "log_output": log_output}
        if plain or not _can_fork(kernel_name, frozenset(options)):
            from .sockets import NotebookKernel

            NBClientEngine.execute_managed_notebook(
                nb_man,
                kernel_name,
                start_timeout=start_timeout,
                execution_timeout=execution_timeout,
                **common,
                **{"kernel_manager_class": NotebookKernel, **options},
            )
            return
        from .client import ForkClient

        own = {key: value for key, value in options.items() if key not in ("input_path", "timeout", "startup_timeout")}
        ForkClient(
            nb_man,
            preload=_named() if preload is None else tuple(preload),
            max_output_bytes=max_output_bytes,
            max_memory_bytes=max_memory_bytes,
            timeout=execution_timeout or options.get("timeout"),
            startup_timeout=start_timeout,
            kernel_name=kernel_name,
            log=logger,
            **common,
            **own,
        ).execute()


def _named() -> tuple[str, ...]:
    return tuple(filter(None, (name.strip() for name in os.environ.get(PRELOAD, "").split(","))))


def _can_fork(kernel_name: str, options: frozenset[str]) -> bool:
    unknown = options - _KNOWN
    if unknown:
        log.info("plain papermill, because of the options %s", ", ".join(sorted(unknown)))
    return SUPPORTED and not unknown and _is_this_python(kernel_name)


@cache
def _is_this_python(kernel_name: str) -> bool:
    """Whether a kernelspec starts an ipykernel of the interpreter that runs us."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        spec = KernelSpecManager().get_kernel_spec(kernel_name)
    except NoSuchKernel:
        return False
    return starts_this_python(spec.argv) and not spec.env

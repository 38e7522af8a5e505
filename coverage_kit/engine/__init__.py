"""A papermill engine that runs each notebook in a process forked from a warm one.

Plain papermill starts a new kernel for every notebook: a Python, its imports, an ipykernel with its sockets. Here one
process, the *zygote*, imports everything once and makes an IPython kernel ready; every notebook gets a fresh fork of
it, which talks over one socket pair and is gone afterwards. So notebooks share what is expensive and nothing else:
whatever one changes (settings, patches, working directory, environment, random state) the next never sees.

    papermill --engine warmfork in.ipynb out.ipynb
    papermill.execute_notebook(..., engine_name="warmfork", preload=("pandas", "my_package:warm_up"))

The executed notebook is the one plain papermill gives. Where forking cannot serve (another system than Linux, another
interpreter or language in the kernelspec, an option of nbclient that is not known here) plain papermill is used.

==============  ======================================================================================================
``engine.py``   the engine that papermill finds by its entry point; the choice between fork and plain
``client.py``   nbclient's client, with a forked process in the place of a kernel manager and its sockets
``zygote.py``   the handle on a zygote and on one fork of it, held by the process that runs papermill
``mother.py``   the zygote itself: warms up, forks, watches, reaps
``kernel.py``   the fork: an ipykernel without sockets, and the cells it serves
==============  ======================================================================================================

This package knows nothing of the rest of the project and imports nothing of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .client import KernelDied, OutputTooLarge
    from .engine import NAME, WarmForkEngine
    from .zygote import SUPPORTED, Zygote, ZygoteError

__all__ = ["NAME", "SUPPORTED", "KernelDied", "OutputTooLarge", "WarmForkEngine", "Zygote", "ZygoteError"]

_WHERE = {
    "NAME": "engine",
    "WarmForkEngine": "engine",
    "KernelDied": "client",
    "OutputTooLarge": "client",
    "SUPPORTED": "zygote",
    "Zygote": "zygote",
    "ZygoteError": "zygote",
}


def __getattr__(name: str) -> object:
    # The zygote's own process needs neither papermill nor nbclient.
    if name in _WHERE:
        if _WHERE[name] != "zygote":
            # Papermill loads this package's engine while it is loaded itself; the other way round would be a circle.
            import_module("papermill.engines")
        return getattr(import_module(f".{_WHERE[name]}", __name__), name)
    raise AttributeError(name)

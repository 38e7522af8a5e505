"""A papermill engine that runs each notebook in a process forked from a warm one.

Plain papermill starts a new kernel for every notebook: a Python, its imports, an ipykernel with its sockets. Here one
process, the *fork server*, imports everything once and prepares an IPython kernel. Every notebook runs in a fresh fork
of it, which talks over one socket pair and ends with the notebook. So notebooks share the expensive start and nothing
else: a change of one (settings, patches, working directory, environment, random state) never reaches the next.

    papermill --engine warmfork in.ipynb out.ipynb
    papermill.execute_notebook(..., engine_name="warmfork", preload=("pandas", "my_package:warm_up"))

The executed notebook is the same as plain papermill's. Where a fork will not do (another system than Linux, another
interpreter or language in the kernelspec, an option of nbclient that is not known here) plain papermill runs it.

==============  ======================================================================================================
``engine.py``   the engine that papermill finds by its entry point; the choice between fork and plain
``client.py``   nbclient's client, with a forked process in the place of a kernel manager and its sockets
``handle.py``   in the process that runs papermill: the handle on the fork server and on one fork
``server.py``   the fork server process: warms up, forks, watches, reaps
``kernel.py``   the fork: an ipykernel without sockets, and the cells it serves
==============  ======================================================================================================

The pages of a Jupyter server start from such a process too:

==================  ==================================================================================================
``provisioner.py``  jupyter_client's way to start a kernel, by a fork
``whole_kernel.py`` the fork: ipykernel's own program, with its sockets
==================  ==================================================================================================

This package knows nothing of the rest of the project and imports nothing of it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .client import KernelDied, OutputTooLarge
    from .engine import NAME, WarmForkEngine
    from .handle import SUPPORTED, ForkServer, ForkServerError

__all__ = ["NAME", "SUPPORTED", "ForkServer", "ForkServerError", "KernelDied", "OutputTooLarge", "WarmForkEngine"]

_WHERE = {
    "NAME": "engine",
    "WarmForkEngine": "engine",
    "KernelDied": "client",
    "OutputTooLarge": "client",
    "SUPPORTED": "handle",
    "ForkServer": "handle",
    "ForkServerError": "handle",
}


def __getattr__(name: str) -> object:
    # The fork server's process needs neither papermill nor nbclient.
    if name in _WHERE:
        if _WHERE[name] != "handle":
            # Papermill imports our engine while it is itself being imported; importing it first avoids a circle.
            import_module("papermill.engines")
        return getattr(import_module(f".{_WHERE[name]}", __name__), name)
    raise AttributeError(name)

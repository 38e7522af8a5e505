"""``coverage-kit`` and ``python -m coverage_kit``: Ctrl-C ends a command in one line, also while the program is still loading."""

from __future__ import annotations

import os
import signal
from typing import NoReturn

#: What Ctrl-C prints.
_line = "\n"


def main() -> None:
    """Load the command line and run it."""
    usual = signal.getsignal(signal.SIGINT)
    # A command that was started with Ctrl-C ignored (nohup, a job in the background) keeps ignoring it.
    if usual is signal.default_int_handler:
        # A handler, not an except: nothing is open yet, and half-loaded code may catch the exception or add to it.
        signal.signal(signal.SIGINT, _stop)
    _prepare_line()
    from coverage_kit.cli import main as run

    if usual is signal.default_int_handler:
        signal.signal(signal.SIGINT, usual)
    run()


def _prepare_line() -> None:
    """Look the words up before the program loads: a handler that loads code may meet half of it."""
    from coverage_kit.i18n import STOPPED, terminal_language, texts

    global _line
    _line = f"\ncoverage-kit: {texts(terminal_language())(STOPPED)}\n"


def _stop(*_: object) -> NoReturn:
    os.write(2, _line.encode())
    os._exit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()

"""The command line: parse, one call into the library, print.

One file a concern; importing a file adds its commands to the group.
"""

from __future__ import annotations

import io
import os
import re
import signal
import sys

import click

from coverage_kit.cli import (
    agreement,
    audit,
    campaign,
    coaching,
    contact_sample,
    files,
    look,
    merging,
    operations,
    prepare,
    reports,
    routes,
    setup,
    standard,
    titles,
    voices,
)
from coverage_kit.cli.base import Invocation, cli, print_json
from coverage_kit.errors import ClockAhead, CoverageKitError, StoreError
from coverage_kit.i18n import N_, STOPPED, terminal_language, texts

__all__ = [
    "agreement",
    "audit",
    "campaign",
    "cli",
    "coaching",
    "contact_sample",
    "files",
    "look",
    "main",
    "merging",
    "operations",
    "prepare",
    "reports",
    "routes",
    "setup",
    "standard",
    "titles",
    "voices",
]

#: A word of a message that is longer than this is cut.
_SHOWN = 200
_LONG_WORD = re.compile(rf"\S{{{_SHOWN + 1},}}")


def main() -> None:
    """Run the command line; our own errors become one line on stderr, or one JSON document, and an exit code."""
    invocation = Invocation()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A letter that this terminal cannot show is written as its code.
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(invocation)
        sys.stdout.flush()
    except CoverageKitError as exc:
        code = _print_error(exc, invocation)
    except BrokenPipeError:
        # The reader of the output has stopped, like `head`. Python would complain again when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as exc:
        text = N_("{path} cannot be used: {reason}. Look at this file or folder, then run the command again.")
        path = exc.filename or exc.filename2 or "?"
        code = _print_error(StoreError("files", text, path=path, reason=exc.strerror or exc), invocation)
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo(f"coverage-kit: {texts(invocation.lang or terminal_language())(STOPPED)}", err=True)
        code = 128 + signal.SIGINT
    except click.ClickException as exc:
        shown = io.StringIO()
        exc.show(shown)
        if not _print_json_error("usage", _short(exc.format_message())):
            click.echo(_short(shown.getvalue()), err=True, nl=False)
        code = exc.exit_code
    sys.exit(code if isinstance(code, int) else 0)


def _run(invocation: Invocation) -> int | None:
    """Run the command; in a terminal, a clock far beyond the last edit is asked about and the command run again."""
    try:
        code: int | None = cli.main(standalone_mode=False, obj=invocation)
    except ClockAhead as exc:
        if not sys.stdin.isatty() or "--json" in sys.argv[1:]:
            raise
        lang = invocation.lang or terminal_language()
        click.echo(f"coverage-kit: {exc.text(lang, invocation.home)}", err=True)
        click.confirm(texts(lang)(N_("Is this computer's clock right?")), abort=True)
        os.environ["COVERAGE_KIT_CONFIRM_CLOCK"] = "1"
        code = cli.main(standalone_mode=False, obj=invocation)
    return code


def _short(message: str) -> str:
    """A message that repeats what was typed or pasted, without most of a very long word."""
    return _LONG_WORD.sub(lambda found: found[0][:_SHOWN] + "…", message)


def _print_error(error: CoverageKitError, invocation: Invocation) -> int:
    """Print an error in one line, or as JSON; returns the exit code."""
    message = error.text(invocation.lang or terminal_language(), invocation.home)
    if not _print_json_error(error.code, message):
        click.echo(f"coverage-kit: {message}", err=True)
    return error.exit_code


def _print_json_error(code: str, message: str) -> bool:
    """Print an error as JSON if the command was asked for JSON; returns whether it was."""
    # Looked up in the words as typed: an option that cannot be parsed is an error too.
    asked = "--json" in sys.argv[1:]
    if asked:
        print_json({"error": {"code": code, "message": message}})
    return asked

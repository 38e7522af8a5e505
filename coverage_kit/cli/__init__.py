"""The command line: parse, one call into the library, print.

One file a concern; importing a file adds its commands to the group.
"""

from __future__ import annotations

import os
import sys

import click

from coverage_kit.cli import coaching, files, look, operations, reports, setup, standard
from coverage_kit.cli.base import cli
from coverage_kit.errors import CoverageKitError

__all__ = ["cli", "coaching", "files", "look", "main", "operations", "reports", "setup", "standard"]

EXIT_INTERRUPTED = 130


def main() -> None:
    """Run the command line; our own errors become one line on stderr and an exit code."""
    try:
        code = cli.main(standalone_mode=False)
    except CoverageKitError as exc:
        click.echo(f"coverage-kit: {exc.text(_lang())}", err=True)
        code = exc.exit_code
    except click.exceptions.Abort:
        code = EXIT_INTERRUPTED
    except KeyboardInterrupt:
        code = EXIT_INTERRUPTED
    except click.ClickException as exc:
        exc.show()
        code = exc.exit_code
    sys.exit(code if isinstance(code, int) else 0)


def _lang() -> str:
    """The language for an error: the environment's, since the workspace may be what is wrong."""
    return "ko" if os.environ.get("COVERAGE_KIT_LANG", os.environ.get("LANG", "")).startswith("ko") else "en"

"""Writes docs/reference/commands.md and python.md from the program itself: ``python -m tests.docs.reference``."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import click

import coverage_kit
from coverage_kit.cli import cli

FOLDER = Path(__file__).parents[2] / "docs" / "reference"


def commands(group: click.Command = cli, path: tuple[str, ...] = ("coverage-kit",)) -> Iterator[tuple[str, str]]:
    """Every command with its help, groups first, by name."""
    context = click.Context(group, info_name=path[-1], terminal_width=100, **cli.context_settings)
    if len(path) > 1:
        usage = "Usage: " + " ".join(path)
        text = re.sub(r"^Usage: \S+", usage, group.get_help(context))
        yield " ".join(path), "\n".join(line.rstrip() for line in text.splitlines())
    if isinstance(group, click.Group):
        for name in sorted(group.commands):
            yield from commands(group.commands[name], (*path, name))


def commands_page() -> str:
    """The page on the command line."""
    parts = [
        "# Commands",
        "Made from the program's own help by `make reference`. Every command prints the same with `--help`.",
    ]
    for name, text in commands():
        parts += [f"## {name}", f"```text\n{text}\n```"]
    return "\n\n".join(parts) + "\n"


def python_page() -> str:
    """The page on the Python face: what ``coverage_kit`` exports, and the public methods of ``Workspace``."""
    parts = ["# Python", "Made from the docstrings by `make reference`. A test pins these names."]
    for name in sorted(coverage_kit.__all__):
        thing = getattr(coverage_kit, name)
        if inspect.isfunction(thing):
            parts += _entry(f"coverage_kit.{name}", thing)
    parts += ["## Workspace"]
    for name, thing in inspect.getmembers(coverage_kit.Workspace, inspect.isfunction):
        if not name.startswith("_"):
            parts += _entry(f"Workspace.{name}", thing, level=3)
    parts += ["## Errors"]
    for name in sorted(coverage_kit.__all__):
        thing = getattr(coverage_kit, name)
        if inspect.isclass(thing) and issubclass(thing, Exception):
            parts.append(f"- `{name}` (exit code {thing.exit_code}): {_doc(thing).splitlines()[0]}")
    return "\n\n".join(parts) + "\n"


def _entry(name: str, thing: Callable[..., object], level: int = 2) -> list[str]:
    head = f"{'#' * level} {name}"
    # A default that is a function shows its name, not where it lies in memory.
    signature = re.sub(r"<function (\w+) at 0x\w+>", r"\1", str(inspect.signature(thing)))
    return [head, f"```text\n{name.rpartition('.')[2]}{signature}\n\n{_doc(thing)}\n```"]


def _doc(thing: object) -> str:
    return inspect.getdoc(thing) or ""


PAGES = {"commands.md": commands_page, "python.md": python_page}

if __name__ == "__main__":
    for name, made in PAGES.items():
        (FOLDER / name).write_text(made(), encoding="utf-8")

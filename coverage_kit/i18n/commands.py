"""Commands that a message names: they can be typed as they stand, from the folder where the reader is."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

#: From the program's name to the end of the sentence; what is in parentheses explains it.
_COMMAND = re.compile(r"coverage-kit (?:(?!\.(?: |$))[^(;:])*")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
#: A command that works on a workspace and does not name it yet; these two make a new one.
_UNNAMED = re.compile(r"coverage-kit (?=[a-z])(?!(?:restore|init)\b)")


#: What commands need to find the workspace whose page is being made; empty where none is.
_on_page: ContextVar[str] = ContextVar("_on_page", default="")


@contextmanager
def on_page_of(home: Path | None) -> Iterator[None]:
    """Commands of all messages made inside name this workspace: the reader of a page has a terminal in any folder."""
    token = _on_page.set(_option(home) if home is not None else "")
    try:
        yield
    finally:
        _on_page.reset(token)


def named_commands(message: str) -> list[str]:
    """The commands in a message, each with what follows in its sentence."""
    return [found for found in _COMMAND.findall(message) if found.split()[1:]]


def quoted(message: str, values: Mapping[str, object]) -> dict[str, object]:
    """The values of a message, those inside a command written as a shell reads them."""
    inside = {name for command in named_commands(message) for name in _PLACEHOLDER.findall(command)}
    return {key: shlex.quote(str(value)) if key in inside else value for key, value in values.items()}


def naming_option(home: Path | None) -> str:
    """What a command needs to find the workspace; in a terminal in the workspace's own folder nothing."""
    if home is None:
        return _on_page.get()
    return "" if home.resolve() == Path.cwd() else _option(home)


def _option(home: Path) -> str:
    return f"--workspace {shlex.quote(str(home.absolute()))} "


def name_workspace(message: str, option: str) -> str:
    """The message with the workspace's option in each command that needs it."""
    return _UNNAMED.sub(lambda _: f"coverage-kit {option}", message)

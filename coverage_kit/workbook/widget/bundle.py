"""Joins the screens' ES modules and stylesheets into the two texts that a widget sends to the page."""

from __future__ import annotations

import posixpath
import re
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parents[1] / "static"
#: Later files may refine earlier ones.
_STYLES = (
    "base",
    "frame",
    "account",
    "slots",
    "people",
    "cards",
    "forms",
    "session",
    "import",
    "start",
    "roles",
    "my",
    "agree",
    "prepare",
    "contacts",
    "duplicates",
    "audit",
)
_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (default |(?:async )?(?:function|class|const|let)\*? (\w+))", re.MULTILINE)
#: Comments on lines of their own: they are for readers of the files, and a quarter of what a page would load.
_COMMENT = re.compile(r"^[ \t]*(?:/\*\*(?:(?!\*/).)*\*/|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
_EXPORT_LIST = re.compile(r"export ?\{([^}]*)\};?\s*$")


@cache
def joined_modules(entry: str) -> str:
    """One ES module made of an entry and all that it imports, so that users need no build step.

    Each file becomes a function that returns its exports; imports become constants taken from those. Names stay private
    to their file, as they are for an editor.

    Parameters
    ----------
    entry : str
        A file below ``static/`` without its ending, such as ``rep/main``.
    """
    done: dict[str, str] = {}
    _add(entry, done, ())
    return "\n".join([*done.values(), f"export default {_variable(entry)}.default;\n"])


def joined_styles() -> str:
    """The stylesheet of the screens."""
    return "\n".join((STATIC / "css" / f"{name}.css").read_text(encoding="utf-8") for name in _STYLES)


def _add(name: str, done: dict[str, str], importers: tuple[str, ...]) -> None:
    """Add a module after those it imports."""
    if name in importers:
        raise ValueError(f"import cycle: {' → '.join([*importers, name])}")
    if name in done:
        return
    source = _COMMENT.sub("", (STATIC / f"{name}.js").read_text(encoding="utf-8"))
    for _, path in _IMPORT.findall(source):
        _add(_resolve(name, path), done, (*importers, name))
    done[name] = _wrapped(name, source)


def _wrapped(name: str, source: str) -> str:
    exports: list[str] = []

    def imported(match: re.Match[str]) -> str:
        return f"const {{{match[1].replace(' as ', ': ')}}} = {_variable(_resolve(name, match[2]))};\n"

    def exported(match: re.Match[str]) -> str:
        if match[1] == "default ":
            exports.append("default: entry")
            return "const entry = "
        exports.append(match[2])
        return match[1]

    def listed(match: re.Match[str]) -> str:
        for each in match[1].split(","):
            local, _, outer = each.strip().partition(" as ")
            exports.append(f"{outer or local}: {local}")
        return ""

    body = _EXPORT_LIST.sub(listed, _EXPORT.sub(exported, _IMPORT.sub(imported, source)))
    return f"const {_variable(name)} = (() => {{\n{body}\nreturn {{ {', '.join(exports)} }};\n}})();"


def _resolve(importer: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), path))


def _variable(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name)

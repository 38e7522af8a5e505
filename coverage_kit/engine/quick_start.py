"""Start our own programs without what takes long to load and is never used."""

from __future__ import annotations

import sys


def skip_iri_grammar() -> None:
    """Leave out a grammar that takes two seconds to build in each process that imports nbformat.

    jsonschema loads it, where it is installed, to check international addresses (IRIs). No schema of Jupyter's names that
    format. Call this first in a program of ours, never in a process that runs code of a user.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

"""Everything that can go wrong, as one tree.

CoverageKitError                 has a code, the values of its message, and an exit code for the command line
├── BadInput            exit 2   what was given cannot be used: it says where (file, row, column) and what to do
│   └── NotFound        exit 2   a name that matches nothing, or more than one thing
├── Conflict            exit 2   somebody saved the same field first; what was typed is kept as a draft
├── StoreError          exit 3   the store cannot be reached, read or written
│   └── ClockAhead      exit 3   the clock is far beyond the last edit; somebody must confirm it
└── ReportError         exit 1   a report could not be made
"""

from __future__ import annotations

from pathlib import Path

from coverage_kit.i18n import texts

#: Characters of a value that a message shows.
_LONGEST = 500


class CoverageKitError(Exception):
    """Base of all errors this package raises on purpose.

    Parameters
    ----------
    code : str
        Stable name of the situation, e.g. ``"week.format"``.
    message : str
        English sentence with ``{placeholders}``, marked with ``N_`` where it is written; it is also the key under
        which the translation is found. It says what happened, where, and what to do next.
    **values
        What fills the placeholders. Never a secret, never the content of somebody's personal data.
    """

    exit_code = 1

    def __init__(self, code: str, message: str, /, **values: object) -> None:
        super().__init__(code, message, values)
        self.code = code
        self.message = message
        self.values = values

    def text(self, lang: str, home: Path | None = None) -> str:
        """The message in the given language (``ko`` or ``en``); for a terminal, its commands name the workspace."""
        values = {
            key: value.text(lang, home) if isinstance(value, CoverageKitError) else _shortened(value)
            for key, value in self.values.items()
        }
        # What a user typed may hold characters that no terminal, page or log can show; they are named instead.
        return texts(lang).at(home)(self.message, **values).encode("utf-8", "backslashreplace").decode("utf-8")

    def __str__(self) -> str:
        return self.text("en")

    def __reduce__(self) -> tuple[object, ...]:
        # Keyword arguments do not survive the default pickling, and errors cross process borders in the batch.
        return _rebuild, (type(self), self.code, self.message, self.values)


def _shortened(value: object) -> object:
    """A text that would drown its message is cut."""
    return f"{value[:_LONGEST]}…" if isinstance(value, str) and len(value) > _LONGEST else value


def _rebuild(kind: type[CoverageKitError], code: str, message: str, values: dict[str, object]) -> CoverageKitError:
    return kind(code, message, **values)


class BadInput(CoverageKitError):
    """The input cannot be used."""

    exit_code = 2


class NotFound(BadInput):
    """A name that matches nothing here, or several things."""


class Conflict(CoverageKitError):
    """Somebody saved the same field first.

    ``values["fields"]`` is ``{field: (before, mine, theirs)}`` and ``values["draft_id"]`` names the kept draft.
    """

    exit_code = 2


class StoreError(CoverageKitError):
    """The store cannot be reached, read or written."""

    exit_code = 3


class ClockAhead(StoreError):
    """The clock is far beyond the last edit; nothing was written, since later edits could never be dated before it."""


class ReportError(CoverageKitError):
    """A report could not be made."""

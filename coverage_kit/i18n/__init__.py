"""Korean and English text, numbers and dates, from one catalogue.

Source strings are English; ``locale/ko/LC_MESSAGES/coverage_kit.po`` holds the Korean. Mark strings with ``N_`` where
they are declared and translate them with ``texts(lang)(string, **values)`` where they are shown.
"""

from __future__ import annotations

import copy
import gettext
import os
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

from coverage_kit.i18n.commands import name_workspace, naming_option, quoted
from coverage_kit.i18n.languages import LANGUAGES as LANGUAGES

_LOCALE = Path(__file__).parent / "locale"


class Plural(NamedTuple):
    """A text that counts something: how it reads of one and of any other number; ``by`` is the value it counts."""

    one: str
    other: str
    by: str


def N_(message: str) -> str:
    """Mark a string for translation and leave it as it is."""
    return message


def N_n(one: str, other: str, *, by: str = "n") -> Plural:
    """Mark a string that counts something; ``by`` names the placeholder with the count."""
    return Plural(one, other, by)


#: What a command says last when Ctrl-C or an answer ends it.
STOPPED = N_("Stopped.")


def terminal_language() -> str:
    """The language of the terminal, for commands and errors without a workspace."""
    wanted = os.environ.get("COVERAGE_KIT_LANG", os.environ.get("LANG", ""))[:2]
    return wanted if wanted in LANGUAGES else "en"


class Texts:
    """The words, numbers and dates of one language.

    Parameters
    ----------
    lang : str
        One of ``LANGUAGES``; anything else reads as English.
    """

    def __init__(self, lang: str) -> None:
        self.lang = lang if lang in LANGUAGES else "en"
        self._home: Path | None = None
        self._catalogue = gettext.translation("coverage_kit", _LOCALE, [self.lang], fallback=True)

    def at(self, home: Path | None) -> Texts:
        """The same words for a terminal, where each command that a message names also names this workspace."""
        made = copy.copy(self)
        made._home = home
        return made

    def __call__(self, message: str | Plural, /, **values: object) -> str:
        """The message in this language with its ``{placeholders}`` filled; a list value is joined with commas."""
        if isinstance(message, Plural):
            translated = self.counted(message, 1 if str(values[message.by]) == "1" else 2)
        else:
            translated = self._catalogue.gettext(message) if message else ""
        if "coverage-kit " in translated:
            translated, values = self._with_commands(translated, values)
        if not values:
            return translated
        shown = {key: ", ".join(map(str, v)) if isinstance(v, list | tuple) else v for key, v in values.items()}
        return translated.format(**shown)

    def _with_commands(self, translated: str, values: dict[str, object]) -> tuple[str, dict[str, object]]:
        """Commands that a reader can type as they stand."""
        values = quoted(translated, values)
        option = naming_option(self._home)
        # A brace in a folder's name is no placeholder.
        return name_workspace(translated, option.replace("{", "{{").replace("}", "}}") if values else option), values

    def counted(self, message: Plural, n: int) -> str:
        """How a text that counts something reads of ``n``, its placeholders still open."""
        return self._catalogue.ngettext(message.one, message.other, n)

    def open(self, message: str | Plural) -> str | dict[str, str]:
        """A message as a page gets it, which fills its placeholders; of what is counted, both forms and the name of the number."""
        if isinstance(message, str):
            return self(message)
        forms = {"one": self.counted(message, 1), "other": self.counted(message, 2)}
        return {
            "by": message.by,
            **{form: name_workspace(text, naming_option(self._home)) for form, text in forms.items()},
        }

    def number(self, value: float, digits: int = 0) -> str:
        """A number with thousands separators: ``84,000``."""
        return f"{value:,.{digits}f}"

    def percent(self, numerator: float, denominator: float) -> str:
        """A rate as whole percent, ``13%``; an empty denominator is ``–``, never 0 or 100.

        One decimal where rounding would claim nothing (0 %) or everything (100 %) that is not so.
        """
        if not denominator:
            return "–"
        share = 100 * numerator / denominator
        if (0 < share < 0.5) or (99.5 <= share < 100):
            return f"{min(max(share, 0.1), 99.9):.1f}%"
        return f"{share:.0f}%"

    def rate(self, numerator: int, denominator: int) -> str:
        """A rate with what it is made of: ``13% (94/720)``."""
        return f"{self.percent(numerator, denominator)} ({numerator:,}/{denominator:,})"

    def day(self, value: date) -> str:
        """A day of the year in words: ``11월 22일`` or ``22 Nov``."""
        return LANGUAGES[self.lang].day(value)

    def week(self, year: int, number: int, monday: date) -> str:
        """A week in words: ``2026년 47주차 (11.16~22)`` or ``Week 47, 2026 (16–22 Nov)``."""
        return LANGUAGES[self.lang].week(year, number, monday)


@cache
def texts(lang: str) -> Texts:
    """The words of one language; made once."""
    return Texts(lang)

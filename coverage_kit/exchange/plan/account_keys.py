"""Which account a key means: the same key, Salesforce's short form of it, or one that is nearly the same."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from coverage_kit.exchange.plan.cells import is_lost_number
from coverage_kit.exchange.plan.import_plan import FileRow, ImportPlan
from coverage_kit.i18n import N_

_SALESFORCE = re.compile(r"[a-zA-Z0-9]{15}([A-Z0-5]{3})?")
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


class AccountKeys:
    """The keys of the accounts that are here."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._exact: set[str] = set()
        self._short: dict[str, str] = {}
        self._folded: dict[str, set[str]] = {}
        for key in keys:
            self.add(key)

    def add(self, key: str) -> None:
        """One more key."""
        self._exact.add(key)
        self._short.setdefault(short_id(key), key)
        self._folded.setdefault(_fold(key), set()).add(key)

    def find(self, key: str) -> str | None:
        """The account of this key, also in Salesforce's other length."""
        return key if key in self._exact else self._short.get(short_id(key))

    def near(self, key: str) -> str | None:
        """The one key that differs only in case, width, leading zeros, or a .0 behind it."""
        found = self._folded.get(_fold(key), set())
        return next(iter(found)) if len(found) == 1 else None


def short_id(key: str) -> str:
    """Salesforce's id of 15 letters where a key is the one of 18; any other key as it is."""
    if len(key) != 18 or not _SALESFORCE.fullmatch(key):
        return key
    parts = (key[i : i + 5] for i in (0, 5, 10))
    check = "".join(_CHECK[sum(1 << i for i, sign in enumerate(part) if sign.isupper())] for part in parts)
    return key[:15] if check == key[15:] else key


def is_usable_key(plan: ImportPlan, row: FileRow, column: str) -> bool:
    """Whether a key is whole; one that a spreadsheet has spoilt makes the row a problem."""
    key = row.cells.get(column, "")
    if not key:
        return True
    places = plan.table.columns.get(column, [])
    if is_lost_number(key) or any((row.number, place) in plan.table.source.long for place in places):
        plan.reject(
            row.number, column, "key.damaged", key,
            N_("a spreadsheet has cut this key short (it keeps 15 digits of a number); export it as text"),
        )  # fmt: skip
        return False
    return True


def _fold(key: str) -> str:
    folded = re.sub(r"(?<=\d)\.0+$", "", unicodedata.normalize("NFKC", key).casefold().strip())
    return folded.lstrip("0") or folded if folded.isdigit() else folded

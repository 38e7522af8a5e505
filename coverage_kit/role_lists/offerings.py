"""Find an offering by what people write: its key, or its name in either language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from coverage_kit.domain.identifiers import name_key


class OfferingNames:
    """The names of the workspace's offerings.

    Parameters
    ----------
    rows : iterable of (str, str)
        Key and stored names (JSON, one text in each language) of each.
    """

    def __init__(self, rows: Iterable[tuple[str, str]]) -> None:
        found = list(rows)
        self.keys = {key for key, _ in found}
        self._by_name = {name_key(name): key for key, names in found for name in json.loads(names).values()}
        self._by_name |= {name_key(key): key for key in self.keys}

    def find(self, text: str) -> str | None:
        """The key of an offering; None if no offering has that key or name."""
        return text if text in self.keys else self._by_name.get(name_key(text))

    def add(self, key: str) -> None:
        """Take in one more, named by its key."""
        self.keys.add(key)
        self._by_name[name_key(key)] = key

    def split(self, cell: str) -> list[str]:
        """The offerings that a cell names, as they are written: one, or several with ``;`` or ``,`` between them."""
        if self.find(cell) is not None:
            return [cell]
        return [part.strip() for part in re.split(r"[;,]", cell) if part.strip()]


def new_offering_names(ko: str, en: str) -> str:
    """The names of an offering as its row keeps them."""
    return json.dumps({"ko": ko, "en": en}, ensure_ascii=False)

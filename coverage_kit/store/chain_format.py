"""What the hash of an edit is made of. Stored hashes depend on every character here: never change these functions.

The hash of an edit covers the hash before it, who wrote it when, and every row it wrote. Personal data is covered by a
digest with a random salt. An erasure removes the data and the salt; the digest stays, so the chain still closes, and
without the salt nobody can test a guess against the digest. Columns that are NULL are left out, so that a column added
later changes no hash.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from pydantic_core import to_json


def private_digests(
    names: Sequence[str], rows: Sequence[tuple[object, ...]], salts: Sequence[str | None]
) -> list[str | None]:
    """The digests of personal data: 32 hexadecimal characters, or None where there is none.

    Parameters
    ----------
    names : sequence of str
        The private columns but the salt, in the order of their names; all of them hold text.
    rows : sequence of tuple
        Their values in each row.
    salts : sequence of str or None
        The salt of each row.
    """
    if not rows:
        return []
    # Encoding all rows at once is what makes this fast. Each row begins and ends with a string, and inside a string a
    # quotation mark follows a backslash, so these five characters occur between two rows only.
    texts = _without_nulls(names, rows)[3:-3].split(b'"],["')
    empty, sha256 = (None,) * len(names), hashlib.sha256
    return [
        None if row == empty else sha256((salt or "").encode() + text).hexdigest()[:32]
        for row, salt, text in zip(rows, salts, texts, strict=True)
    ]


def row_lines(names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> bytes:
    """Rows as the chain sees them; two calls with parts of the rows give the same bytes as one with all.

    Parameters
    ----------
    names : sequence of str
        The columns, in the order of their names: all but those with personal data and the salt.
    rows : sequence of tuple
        Their values in each row.
    """
    return _without_nulls(names, rows)[1:-1] + b"," if rows else b""


def _encode(values: Sequence[object]) -> bytes:
    """Compact JSON in UTF-8. No column holds bytes; where damage left some, they must not pass for the text they were."""
    return to_json(values, bytes_mode="base64")


def _without_nulls(names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> bytes:
    """The values of each row that are not NULL, after the names of their columns, as JSON."""
    whole = ",".join(names)
    encoded = _encode([(whole, *row) for row in rows])
    # To look for NULL in the text of all rows is much faster than to look for None in each of them.
    if b"null" not in encoded:
        return encoded
    return _encode([(whole, *row) if None not in row else _set_values(names, row) for row in rows])


def _set_values(names: Sequence[str], row: tuple[object, ...]) -> tuple[object, ...]:
    pairs = [(name, value) for name, value in zip(names, row, strict=True) if value is not None]
    return ",".join([name for name, _ in pairs]), *[value for _, value in pairs]


def edit_hash(before: str, edit_id: str, at: int, actor: str, login: str, rows: Mapping[str, str]) -> str:
    """The hash of an edit.

    Parameters
    ----------
    before : str
        The hash of the edit before; empty for the first.
    edit_id, at, actor, login
        The edit's own columns.
    rows : mapping
        By entity, the SHA-256 of its rows (``row_lines``) in the order of ``at``, then ``id``.
    """
    return hashlib.sha256(_encode([before, edit_id, at, actor, login, sorted(rows.items())])).hexdigest()

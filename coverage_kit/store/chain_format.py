"""What the hash of an edit is made of. Stored hashes depend on every character here: never change these functions.

The hash of an edit covers the hash before it, who wrote it when, and every row it wrote. Personal data is covered by a
digest with a random salt. An erasure removes the data and the salt; the digest stays, so the chain still closes, and
without the salt nobody can test a guess against the digest. Columns that are NULL are left out, so that a column added
later changes no hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), check_circular=False).encode


def private_digest(salt: str, values: Mapping[str, object]) -> str:
    """The digest of a row's personal data: 32 hexadecimal characters; ``values`` are in the order of their names."""
    text = "".join([f"{name}:{len(str(value))}:{value}" for name, value in values.items()])
    return hashlib.sha256(f"{salt}{text}".encode(errors="surrogatepass")).hexdigest()[:32]


def row_lines(rows: list[list[object]]) -> bytes:
    """Rows as the chain sees them; two calls with parts of the rows give the same bytes as one with all.

    Parameters
    ----------
    rows : list
        Each ``[id, version, at, made_at, actor, edit_id, undoes, is_void, digest, {column: value}]``, where the last holds
        the other public columns that are not NULL, in the order of their names.
    """
    return f"{_encode(rows)[1:-1]},".encode() if rows else b""


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
    return hashlib.sha256(_encode([before, edit_id, at, actor, login, sorted(rows.items())]).encode()).hexdigest()

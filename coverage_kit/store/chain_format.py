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
from typing import Any

_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), check_circular=False).encode


def private_digest(salt: str, values: Mapping[str, Any]) -> str:
    """The digest of a row's personal data: 32 hexadecimal characters; ``values`` are in the order of their names."""
    return hashlib.sha256(f"{salt}{_encode(values)}".encode()).hexdigest()[:32]


def row_line(head: list[Any], public: Mapping[str, Any]) -> bytes:
    """One row as the chain sees it.

    Parameters
    ----------
    head : list
        ``[id, version, at, made_at, actor, edit_id, undoes, is_void, digest]``.
    public : mapping
        The other columns that are not NULL, in the order of their names.
    """
    return f"{_encode([head, public])}\n".encode()


def edit_hash(before: str, edit_id: str, at: int, actor: str, login: str, rows: Mapping[str, str]) -> str:
    """The hash of an edit.

    Parameters
    ----------
    before : str
        The hash of the edit before; empty for the first.
    edit_id, at, actor, login
        The edit's own columns.
    rows : mapping
        By entity, the SHA-256 of its lines (``row_line``) in the order of ``at``, then ``id``.
    """
    return hashlib.sha256(_encode([before, edit_id, at, actor, login, sorted(rows.items())]).encode()).hexdigest()

"""What the free text of the last exports suggests about contacts whom nobody has checked since."""

from __future__ import annotations

from pydantic_core import from_json

from coverage_kit.exchange.plan.memos import Memo, may_have_memo, read_memo
from coverage_kit.store import Ledger, load_kept_rows


def contact_memos(ledger: Ledger) -> dict[str, Memo]:
    """By employment, what the last export suggests about the contact: shown beside them, never counted.

    Parameters
    ----------
    ledger : Ledger
    """
    found: dict[str, tuple[int, Memo]] = {}
    for kept in load_kept_rows(ledger, "contacts"):
        if kept.row is None or kept.missing_since is not None or not may_have_memo(kept.row):
            continue
        memo = read_memo(from_json(kept.row))
        # Of two programs that export the same person, the later one counts.
        if memo is not None and kept.at >= found.get(kept.entity_id, (0, memo))[0]:
            found[kept.entity_id] = kept.at, memo
    return {employment: memo for employment, (_, memo) in found.items()}

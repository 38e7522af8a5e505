"""What the last exports suggest about contacts whom nobody has checked since."""

from __future__ import annotations

from datetime import date

from pydantic_core import from_json

from coverage_kit.exchange.plan.memos import Memo, may_have_contact_day, may_have_memo, read_memo, read_quiet
from coverage_kit.store import Ledger, load_kept_rows


def contact_memos(ledger: Ledger, today: date) -> dict[str, Memo]:
    """By employment, what the last export suggests about the contact: shown with them, never counted.

    Parameters
    ----------
    ledger : Ledger
    today : date
        By which a last contact is long ago.
    """
    found: dict[str, tuple[int, Memo]] = {}
    for kept in load_kept_rows(ledger, "contacts"):
        if kept.row is None or kept.missing_since is not None:
            continue
        memo = read_memo(from_json(kept.row)) if may_have_memo(kept.row) else None
        if memo is None and may_have_contact_day(kept.row):
            memo = read_quiet(from_json(kept.row), today)
        # Of two programs that export the same person, the later one counts.
        if memo is not None and kept.at >= found.get(kept.entity_id, (0, memo))[0]:
            found[kept.entity_id] = kept.at, memo
    return {employment: memo for employment, (_, memo) in found.items()}

"""Positions proposed as not applicable, as the pages show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coverage_kit.workbook.model.page import role_titles
from coverage_kit.workbook.model.responses import ProposalView

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


def proposal_views(ws: Workspace) -> list[ProposalView]:
    """What waits for a coach's or manager's yes, oldest first."""
    waiting = ws.coaching.proposals()
    if not waiting:
        return []
    title = role_titles(ws.ledger, (each.account for each in waiting))
    return [
        {
            "account": each.account,
            "account_name": each.account_name,
            "role": each.role,
            "role_title": title(each.account, each.role),
            "by": each.by,
            "why": each.why,
            "version": each.version,
        }
        for each in waiting
    ]

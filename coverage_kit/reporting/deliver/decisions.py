"""What leaders decided about work of a rep that had to wait, as the rep's mail says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from coverage_kit.coaching.commitments.load import staff_name
from coverage_kit.domain.coaching import DECISION_LINES, DECISION_WEEKS
from coverage_kit.i18n import texts
from coverage_kit.workspace import Workspace


@dataclass(frozen=True)
class MailDecision:
    """One decision: the work it is about, and one line that says who decided what, and when."""

    task: str
    line: str


def decisions_by_rep(ws: Workspace, reps: Iterable[str]) -> dict[str, tuple[MailDecision, ...]]:
    """The decisions of the last weeks by rep (id), the last first; reps without any are left out."""
    t, coaching, since = texts(ws.lang), ws.coaching, ws.today() - timedelta(weeks=DECISION_WEEKS)
    staff = coaching.commitments.staff()
    found = {rep: coaching.leaders.decided(rep, since=since) for rep in reps}
    tasks = coaching.commitments.tasks(each.commitment for own in found.values() for each in own)
    return {
        rep: tuple(
            MailDecision(
                tasks[each.commitment],
                t(DECISION_LINES[each.decision], by=staff_name(staff, each.by), day=t.day(each.on)),
            )
            for each in own
        )
        for rep, own in found.items()
        if own
    }

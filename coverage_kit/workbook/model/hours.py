"""The hour that a leader protects for work that had to wait, and what leaders decided, as a rep sees it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from coverage_kit.coaching import Coaching
from coverage_kit.coaching.calendar import protected_hour
from coverage_kit.domain.coaching import DECISION_WEEKS, Decision
from coverage_kit.domain.week import local_day
from coverage_kit.i18n import N_, texts
from coverage_kit.reporting.deliver.addresses import find_address, named
from coverage_kit.store.entities import Staff
from coverage_kit.workbook.model.responses import DecidedView, ListFile

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


def hour_file(ws: Workspace, commitment: str, leader: Staff, at: int) -> ListFile:
    """The calendar entry of the hour, in the leader's name; the same for leader and rep, so that a calendar has it once.

    Parameters
    ----------
    ws : Workspace
    commitment : str
        Id of the work that had to wait.
    leader : Staff
    at : int
        When it was decided (UTC milliseconds).
    """
    one, t, name = ws.coaching.commitments.get(commitment), texts(ws.lang), leader.name or leader.id
    address = find_address(leader, ws.config.mail)
    text = protected_hour(
        f"hour-{one.id}",
        t(N_("{name} protects this hour for knowing customers"), name=name),
        one.task,
        by=named(name, address) if address else None,
        today=local_day(at, ws.zone),
        zone=ws.zone,
        made_at=at,
    )
    return {"name": "protected-hour.ics", "text": text}


def decided_views(ws: Workspace, coaching: dict[str, Coaching], rep: str) -> list[DecidedView]:
    """What leaders decided in the last weeks about work of a rep that had to wait, the last first."""
    decided = next(iter(coaching.values())).leaders.decided(rep, since=ws.today() - timedelta(weeks=DECISION_WEEKS))
    staff = {row.id: row for row in ws.ledger.as_of(Staff)}
    keys = [each.commitment for each in decided]
    tasks = {lang: one.commitments.tasks(keys) for lang, one in coaching.items()}
    return [
        {
            "commitment": each.commitment,
            "task": {lang: said[each.commitment] for lang, said in tasks.items()},
            "decision": each.decision.value,
            "on": each.on.isoformat(),
            "by": staff[each.by].name or each.by,
            "file": hour_file(ws, each.commitment, staff[each.by], each.at) if each.decision is Decision.HOUR else None,
        }
        for each in decided
        if each.by in staff
    ]

"""The coach's first page: sessions, the agreement, requests to leaders, and what colleagues answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coverage_kit.domain.week import Week
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.agreements import act_on_agreement, agreement_views, printed_agreement
from coverage_kit.workbook.model.asks import send_ask, show_asks
from coverage_kit.workbook.model.assigning import colleagues
from coverage_kit.workbook.model.coach_answers import asked_views, minutes_response, read_mail_files, record_answer
from coverage_kit.workbook.model.commitments import coaching_by_language
from coverage_kit.workbook.model.preparing import answer_preparing
from coverage_kit.workbook.model.proposals import proposal_views
from coverage_kit.workbook.model.responses import CoachResponse, DeskResponse
from coverage_kit.workbook.model.weeks import week_view

if TYPE_CHECKING:
    from coverage_kit.store import Edit
    from coverage_kit.workspace import Workspace


class Desk:
    """What a coach sees and does before and after the hour.

    Attributes
    ----------
    current : str or None
        The session that is open on this page.
    """

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._coaching = coaching_by_language(ws)
        self.current: str | None = None

    def answer(self, request: ask.DeskRequest) -> CoachResponse:
        """Respond to a request that was checked."""
        ws = self._ws
        match request:
            case ask.ShowDesk():
                return self._show()
            case ask.ProposeTerms() | ask.SignTerms() | ask.CancelCoaching():
                return self._show(act_on_agreement(ws, request))
            case ask.PrintAgreement():
                return printed_agreement(ws, request)
            case ask.ShowAsks(reps=reps):
                return show_asks(ws, reps)
            case ask.SendAsk():
                return send_ask(ws, request)
            case ask.UndoAsk(undoes=undoes, reps=reps, edit_id=edit_id):
                return show_asks(ws, reps, ws.undo(undoes, as_id=edit_id).edit_id)
            case ask.RecordAnswer():
                return self._show(record_answer(ws, request))
            case ask.ReadReplies(files=files):
                return {"replies": read_mail_files(ws, files), **self._show()}
            case ask.UndoDesk(undoes=undoes, edit_id=edit_id):
                return self._show(ws.undo(undoes, as_id=edit_id))
            case ask.ShowPreparation() | ask.SetPrivateNote() | ask.PlanHour() | ask.UndoPreparing():
                return answer_preparing(ws, request)
            case ask.MakeMinutes(session=session, mail=mail):
                return minutes_response(ws, session, mail=mail)

    def _show(self, edit: Edit | None = None) -> DeskResponse:
        """Whom to coach, which sessions are open, and the agreements."""
        ws = self._ws
        staff = colleagues(ws)
        names = {each["id"]: each["name"] for each in staff}
        return {
            "kind": "desk",
            "reps": [{"id": rep, "name": names.get(rep, rep)} for rep in ws.reps()],
            "sessions": [
                {
                    "id": each.id,
                    "kind": each.kind.value,
                    "reps": each.reps,
                    "step": each.step,
                    "week": week_view(Week.parse(each.week)),
                }
                for each in ws.coaching.sessions.open()
            ],
            "current": self.current,
            "proposals": proposal_views(ws),
            "asked": asked_views(self._coaching),
            "colleagues": [each for each in staff if not each["gone"]],
            "today": ws.today().isoformat(),
            "agreements": agreement_views(ws),
            "edit_id": edit.edit_id if edit else "",
        }

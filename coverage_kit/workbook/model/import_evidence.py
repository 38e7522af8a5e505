"""People who look different in a file, on the import page: the list, what is recorded of it, and the undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coverage_kit.domain.identifiers import clean_key
from coverage_kit.errors import BadInput
from coverage_kit.exchange.plan.evidence import Evidence
from coverage_kit.exchange.plan.import_plan import Progress
from coverage_kit.i18n import N_
from coverage_kit.rules.inputs import as_word
from coverage_kit.store.entities import Account, Employment
from coverage_kit.transfer.evidence import evidence_of, find_evidence
from coverage_kit.transfer.records import SUGGESTED, Finding, Truth, record_findings, truths_of
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.import_draft import ImportModel
from coverage_kit.workbook.model.import_views import LISTED
from coverage_kit.workbook.model.page import role_titles
from coverage_kit.workbook.model.responses import EvidenceLine, EvidenceResponse, Recorded, RoleHeld

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


class EvidenceList:
    """The known people who look different: in the file that is here, else in the last exports."""

    def __init__(self, ws: Workspace, model: ImportModel, progress: Progress) -> None:
        self._ws = ws
        self._model = model
        self._progress = progress
        self._recorded: Recorded | None = None

    def answer(self, request: ask.EvidenceRequest) -> EvidenceResponse:
        """Respond to a request about the list.

        Raises
        ------
        BadInput, Conflict, StoreError
        """
        match request:
            case ask.RecordEvidence():
                self._record(request)
            case ask.UndoEvidence(undoes=edit_id):
                self._ws.undo(clean_key(edit_id, "undoes"), as_id=request.edit_id)
                self._recorded = None
        return self._view()

    def _find(self) -> list[Evidence]:
        ledger, model = self._ws.ledger, self._model
        if model.plan is None:
            return find_evidence(ledger, self._progress)
        return evidence_of(
            ledger, model.plan, planned_at=model.planned_at, is_done=model.is_done, progress=self._progress
        )

    def _record(self, request: ask.RecordEvidence) -> None:
        if request.edit_id is not None and self._ws.ledger.has_edit(request.edit_id):
            return
        shown = {one.employment: one for one in self._find()}
        findings = []
        for each in request.people:
            if each.employment not in shown:
                text = N_("Somebody has recorded this person already. Look at the list again.")
                raise BadInput("evidence.closed", text)
            truth = as_word(Truth, each.truth, "truth")
            findings.append(Finding(shown[each.employment], truth, each.version))
        edit = record_findings(
            self._ws.ledger, findings, today=self._ws.today(), how=request.how, edit_id=request.edit_id
        )
        self._recorded = {"edit_id": edit.edit_id, "n": len(findings)}

    def _view(self) -> EvidenceResponse:
        found = sorted(self._find(), key=lambda one: (not one.roles, one.account, one.person))
        listed, ledger = found[:LISTED], self._ws.ledger
        ids = [one.employment for one in listed]
        versions = dict(ledger.columns(Employment, ("id", "version"), id=ids)) if ids else {}
        accounts = {row.id: row for row in ledger.as_of(Account, id=[one.account for one in listed])} if ids else {}
        title = role_titles(ledger, accounts)

        def line(one: Evidence) -> EvidenceLine:
            account = accounts.get(one.account)
            held: list[RoleHeld] = [{"key": role, "title": title(one.account, role)} for role in one.roles]
            suggested = SUGGESTED.get(one.kind)
            truths = truths_of(ledger, one)
            return {
                "employment": one.employment,
                "version": versions.get(one.employment, 0),
                "row": one.row,
                "person": one.person,
                "account": one.account,
                "account_name": account.name if account else one.account,
                "kind": one.kind.value,
                "was": one.was,
                "now": one.now,
                "title": one.title,
                "moved_to": one.moved_to,
                "roles": held,
                "truths": [truth.value for truth in truths],
                "suggested": suggested.value if suggested in truths else "",
            }

        return {
            "kind": "evidence",
            "of_file": self._model.plan is not None,
            "n": len(found),
            "lines": [line(one) for one in listed],
            "recorded": self._recorded,
        }

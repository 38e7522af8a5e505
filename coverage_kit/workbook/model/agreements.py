"""The agreement on coaching as my page and the coach's page show it, and the acts on it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, cast

from coverage_kit.coaching import Terms
from coverage_kit.coaching.commitments.load import staff_name
from coverage_kit.domain.coaching import TERM_RANGES
from coverage_kit.domain.quarter import Quarter
from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.reporting.single import agreement_page
from coverage_kit.store.entities import Staff
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.responses import AgreementView, FileResponse, TermsView

if TYPE_CHECKING:
    from coverage_kit.coaching.agreement import Signed
    from coverage_kit.store import Edit
    from coverage_kit.workspace import Workspace


def agreement_views(ws: Workspace, colleague: str | None = None) -> list[AgreementView]:
    """The agreements that a colleague (id) sees: the own team and those below; of all teams without a colleague."""
    agreement = ws.coaching.agreement
    staff = {row.id: row for row in ws.ledger.as_of(Staff)}
    return [
        _view(ws, agreement.of(manager, quarter), staff)
        for manager in agreement.teams_of(colleague)
        for quarter in agreement.due()
    ]


def act_on_agreement(ws: Workspace, request: ask.AgreementAct) -> Edit:
    """Write one act."""
    agreement = ws.coaching.agreement
    match request:
        case ask.ProposeTerms(manager=manager, quarter=quarter, version=base, edit_id=edit_id):
            terms = Terms(request.minutes, request.focus_size, request.answer_days, request.gives_way)
            return agreement.propose(manager, terms, quarter=quarter, base=base, edit_id=edit_id)
        case ask.SignTerms(manager=manager, quarter=quarter, version=base, edit_id=edit_id):
            return agreement.sign(manager, quarter=quarter, base=base, edit_id=edit_id)
        case ask.CancelCoaching(manager=manager, reason=reason, edit_id=edit_id):
            return agreement.cancel(manager, reason, edit_id=edit_id)


def printed_agreement(ws: Workspace, request: ask.PrintAgreement) -> FileResponse:
    """The page of an agreement, made now."""
    return page_file(ws, agreement_page(ws, request.manager, request.quarter))


def page_file(ws: Workspace, page: Path) -> FileResponse:
    """A page of the workspace as a file to show."""
    place = page.relative_to(ws.path).as_posix()
    return {"kind": "file", "name": page.name, "text": page.read_text(encoding="utf-8"), "place": place}


def _view(ws: Workspace, signed: Signed, staff: dict[str, Staff]) -> AgreementView:
    agreement, quarter = ws.coaching.agreement, Quarter.parse(signed.quarter)
    kept = agreement.kept(signed.manager, signed.quarter)
    return {
        "manager": signed.manager,
        "name": staff_name(staff, signed.manager),
        "quarter": signed.quarter,
        "until": quarter.last_day.isoformat(),
        "version": signed.version,
        "terms": _terms(signed.terms) if signed.terms else None,
        "offered": _terms(agreement.offered(signed.manager, signed.quarter)),
        "signed": [
            {
                "name": staff_name(staff, who),
                "function": StaffFunction.MANAGER if who == signed.manager else staff[who].function,
            }
            for who in signed.signed
            if who in staff
        ],
        "missing": [each.value for each in signed.missing],
        "ranges": {name: [*each] for name, each in TERM_RANGES.items()},
        "stands": signed.stands,
        "may_sign": agreement.may_sign(signed.manager),
        "has_signed": agreement.has_signed(signed),
        "has_begun": quarter.first_day <= ws.today(),
        "held": kept.held,
        "weeks": kept.weeks,
        "cancelled": {reason.value: n for reason, n in kept.cancelled.items()},
        "this_week": kept.this_week,
    }


def _terms(terms: Terms) -> TermsView:
    return cast(TermsView, asdict(terms))

"""Not applicable: anybody proposes it; only a coach's or manager's own yes takes the position out of the count."""

from __future__ import annotations

from datetime import date

from coverage_kit.domain.identifiers import clean_text
from coverage_kit.domain.vocabulary import NoteKind, SlotStatus, StaffFunction
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.rules.lookup import find_author, get_staff
from coverage_kit.store import Change, Ledger, new_id
from coverage_kit.store.entities import Account, Slot, Value

#: Who may agree that a required role does not exist at an account.
MAY_AGREE = {StaffFunction.COACH, StaffFunction.MANAGER}
_NO_PROPOSAL: dict[str, Value] = dict.fromkeys(("proposed", "proposed_by", "proposed_why"))


def may_agree(ledger: Ledger, today: date) -> bool:
    """Whether the author may agree to *not applicable*."""
    author = find_author(ledger, today)
    return author is not None and author.function in MAY_AGREE


def agreement_fields(
    ledger: Ledger, before: Slot | None, reason: str | None, agreed_by: str | None, today: date
) -> dict[str, Value]:
    """What the author's own yes writes; without a reason, that of the proposal holds.

    Raises
    ------
    BadInput
        No reason, an author who may not agree, or somebody else named.
    """
    proposed_why = before.proposed_why if before and before.proposed == SlotStatus.NOT_APPLICABLE else None
    if not (isinstance(reason, str) and reason.strip()) and (reason is not None or proposed_why is None):
        raise BadInput("slot.not_applicable", N_("Not applicable needs a reason; give it in one line."))
    author = find_author(ledger, today)
    if author is None or author.function not in MAY_AGREE:
        raise BadInput(
            "slot.agreed_by",
            N_("'{name}' cannot agree to not applicable; propose it, and a coach or manager agrees."),
            name=author.id if author else ledger.actor,
        )
    if agreed_by is not None and get_staff(ledger, agreed_by).id != author.id:
        raise BadInput(
            "slot.agreed_for",
            N_("{name} must agree in their own name, through their own link; leave agreed_by out."),
            name=agreed_by,
        )
    fields: dict[str, Value] = {"status": SlotStatus.NOT_APPLICABLE.value, "agreed_by": author.id}
    return fields if reason is not None else {**fields, "reason_note": proposed_why}


def proposal_changes(
    ledger: Ledger, account: Account, before: Slot | None, proposed: str | None, why: str | None, today: date
) -> tuple[dict[str, Value], list[Change]]:
    """The fields and the note of a proposal; None withdraws or declines it.

    Raises
    ------
    BadInput
        Another status than *not applicable*, no reason, or the position is not applicable already.
    """
    if proposed is None:
        return dict(_NO_PROPOSAL), []
    if proposed != SlotStatus.NOT_APPLICABLE:
        raise BadInput("slot.proposed", N_("Only not_applicable can be proposed, not {value}."), value=proposed)
    if before is not None and before.status == SlotStatus.NOT_APPLICABLE:
        raise BadInput("slot.proposed_late", N_("This position is recorded as not applicable already."))
    if not (isinstance(why, str) and why.strip()):
        raise BadInput("slot.not_applicable", N_("Not applicable needs a reason; give it in one line."))
    author = find_author(ledger, today)
    note = new_id("no")
    body: dict[str, Value] = {
        "account_id": account.id,
        "kind": NoteKind.REASON.value,
        "body": clean_text(why, "proposed_why"),
    }
    fields: dict[str, Value] = {
        "proposed": SlotStatus.NOT_APPLICABLE.value,
        "proposed_by": author.id if author else ledger.actor,
        "proposed_why": note,
    }
    return fields, [Change("note", note, body, base=0)]


def settled_proposal(before: Slot | None, fields: dict[str, Value]) -> dict[str, Value]:
    """A status or a holder that is written settles an open proposal."""
    return dict(_NO_PROPOSAL) if before is not None and before.proposed and "status" in fields else {}

"""What one message of the screen does: a field and its value become one edit of the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coverage_kit.domain.vocabulary import SlotStatus
from coverage_kit.edits import one_employment
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.store import Edit, new_id

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

#: Fields of a seat that are set as they come.
_PLAIN = {"holder", "representative", "can_meet", "can_deliver", "disposition", "grounds"}
#: After these the screen needs the account's people anew.
OF_PEOPLE = {"holder", "verified", "vacant", "not_applicable", "open", "ended", "detail"}
ROLE_CHANGED = "role_changed"


@dataclass(frozen=True)
class Act:
    """One act of a user: a field of a seat or of a person, its value, the version seen, and the id of the edit."""

    account: str
    role: str
    field: str
    value: Any
    base: int | None
    edit_id: str | None

    @classmethod
    def read(cls, message: Mapping[str, Any]) -> Act:
        """The act in a message; fields that are missing are empty."""
        base = message.get("base")
        return cls(
            str(message.get("account") or ""),
            str(message.get("role") or ""),
            str(message.get("field") or ""),
            message.get("value"),
            base if isinstance(base, int) else None,
            str(message["edit_id"]) if message.get("edit_id") else None,
        )


def save_act(ws: Workspace, act: Act) -> Edit:
    """Write down one act.

    Raises
    ------
    BadInput, NotFound, Conflict, StoreError
    """
    if act.field in _PLAIN:
        return ws.edit_slot(act.account, act.role, base=act.base, edit_id=act.edit_id, **{act.field: act.value})
    if act.field in {"verified", "vacant", "not_applicable", "open"}:
        return _save_status(ws, act)
    value = act.value if isinstance(act.value, Mapping) else {}
    person = str(value.get("person") or "")
    if act.field == "ended":
        return _save_departure(ws, act, person, value)
    if act.field == "tried":
        return ws.coaching.people.could_not_check(person, act.account, edit_id=act.edit_id)
    if act.field == "settled":
        commitment, outcome = str(value.get("commitment") or ""), str(value.get("outcome") or "")
        return ws.coaching.commitments.settle(commitment, outcome, reason=value.get("reason") or None)
    if act.field == "stage":
        offering, stage = str(value.get("offering") or ""), value.get("stage") or None
        return ws.coaching.people.set_stage(person, act.account, offering, stage)
    if act.field == "voice":
        kind, text = str(value.get("kind") or ""), str(value.get("text") or "")
        edit_id = act.edit_id or new_id("ed")
        ws.coaching.people.hear(person, act.account, kind, text, edit_id=edit_id)
        return Edit(edit_id, ws.now())
    if act.field == "detail":
        details = {key: each for key, each in value.items() if key != "person"}
        return ws.edit_person(person, act.account, edit_id=act.edit_id, **details)
    raise BadInput("act.field", N_("The screen sent something this version does not know ({field})."), field=act.field)


def _save_status(ws: Workspace, act: Act) -> Edit:
    value = act.value if isinstance(act.value, Mapping) else {}
    on, how = str(value.get("on") or ""), str(value.get("how") or "")
    if act.field == "verified" and value.get("person"):
        roles = value.get("roles")
        people = ws.coaching.people
        return people.confirm(str(value["person"]), act.account, how=how, on=on, roles=roles, edit_id=act.edit_id)
    set_: dict[str, Any] = {}
    if act.field == "verified":
        set_ = {"verified_on": None}
    elif act.field == "vacant":
        set_ = {"status": SlotStatus.VACANT.value, "verified_on": on or None, "verified_how": how or None}
    elif act.field == "not_applicable":
        set_ = {"status": SlotStatus.NOT_APPLICABLE.value}
        set_ |= {key: value.get(key) or None for key in ("reason", "agreed_by", "review_on")}
    else:
        set_ = {"status": SlotStatus.OPEN.value}
    return ws.edit_slot(act.account, act.role, base=act.base, edit_id=act.edit_id, **set_)


def _save_departure(ws: Workspace, act: Act, person: str, value: Mapping[str, Any]) -> Edit:
    kind, on = str(value.get("kind") or ""), value.get("on") or None
    if kind == ROLE_CHANGED:
        present = one_employment(ws.ledger, act.account, person) or {}
        told = {"title": value.get("title") or present.get("title"), "department": present.get("department")}
        return ws.coaching.people.change_role(person, act.account, on=on, edit_id=act.edit_id, **told)
    moved_to = value.get("moved_to") or None
    return ws.end_employment(person, act.account, kind=kind, ended_on=on, moved_to=moved_to, edit_id=act.edit_id)

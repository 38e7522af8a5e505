"""What one message of the screen does: a field and its value become one edit of the workspace."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coverage_kit.domain.vocabulary import SlotStatus
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.rules.slots import one_employment
from coverage_kit.store import Edit, new_id
from coverage_kit.workbook.model.messages import edit_id_in, is_texts, text_in, version_in, wrong_form

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

#: Fields of a slot that are set as they come.
_FLAGS = {"can_meet", "can_deliver"}
_PLAIN = {"holder", "representative", "disposition", "grounds", *_FLAGS}
_STATUSES = {"verified", "vacant", "not_applicable", "open"}
#: After these the screen needs the account's people anew.
OF_PEOPLE = {"holder", "verified", "vacant", "not_applicable", "open", "ended", "detail", "tie", "untie"}
ROLE_CHANGED = "role_changed"


@dataclass(frozen=True)
class Act:
    """One act of a user: a field of an account, slot or person, its value, the version seen, the session it is done in."""

    account: str
    role: str
    field: str
    value: Any
    base: int | None
    edit_id: str | None
    session: str | None = None

    @classmethod
    def read(cls, message: Mapping[str, Any]) -> Act:
        """The act in a message; fields that are missing are empty.

        Raises
        ------
        BadInput
            Something in it is not of the kind it should be.
        """
        field, value = text_in(message, "field"), message.get("value")
        if not _fits(field, value):
            raise wrong_form(field)
        return cls(
            text_in(message, "account"),
            text_in(message, "role"),
            field,
            value,
            version_in(message, "base"),
            edit_id_in(message),
            text_in(message, "session") or None,
        )


def _fits(field: str, value: Any) -> bool:
    """Whether a field can have such a value at all."""
    if field == "focus":
        return isinstance(value, bool)
    if field in _FLAGS:
        return value is None or isinstance(value, bool)
    if field in _PLAIN:
        return value is None or isinstance(value, str)
    if value is None or field not in _STATUSES | _OF_PERSON.keys():
        return True
    return isinstance(value, Mapping) and all(_fits_in(key, part) for key, part in value.items())


def _fits_in(key: str, part: Any) -> bool:
    """Whether a part of a value can be that."""
    if key == "seen" and isinstance(part, Mapping):
        return all(isinstance(version, int) for version in part.values())
    if key == "roles" and isinstance(part, list):
        return is_texts(part)
    return part is None or isinstance(part, str)


def save_act(ws: Workspace, act: Act) -> Edit:
    """Write down one act.

    Raises
    ------
    BadInput, NotFound, Conflict, StoreError
    """
    if act.field in _PLAIN:
        return ws.edit_slot(act.account, act.role, base=act.base, edit_id=act.edit_id, **{act.field: act.value})
    if act.field in _STATUSES:
        return _save_status(ws, act)
    if act.field == "focus":
        return ws.coaching.focus.put(act.account, on=bool(act.value), session=act.session, edit_id=act.edit_id)
    save = _OF_PERSON.get(act.field)
    if save is None:
        text = N_("The screen sent something this version does not know ({field}).")
        raise BadInput("act.field", text, field=act.field)
    value = act.value if isinstance(act.value, Mapping) else {}
    return save(ws, act, str(value.get("person") or ""), value)


def _save_status(ws: Workspace, act: Act) -> Edit:
    value = act.value if isinstance(act.value, Mapping) else {}
    on, how = str(value.get("on") or ""), str(value.get("how") or "")
    if act.field == "verified" and act.value is not None:
        person, roles = str(value.get("person") or ""), value.get("roles")
        people = ws.coaching.people
        people.check_there(person, act.account)
        return people.confirm(person, act.account, how=how, on=on or None, roles=roles, edit_id=act.edit_id)
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
    ws.coaching.people.check_there(person, act.account)
    kind, on = str(value.get("kind") or ""), value.get("on") or None
    if kind == ROLE_CHANGED:
        present = one_employment(ws.ledger, act.account, person) or {}
        told = {"title": value.get("title") or present.get("title"), "department": present.get("department")}
        return ws.coaching.people.change_role(person, act.account, on=on, edit_id=act.edit_id, **told)
    moved_to = value.get("moved_to") or None
    return ws.end_employment(person, act.account, kind=kind, ended_on=on, moved_to=moved_to, edit_id=act.edit_id)


def _save_try(ws: Workspace, act: Act, person: str, _: Mapping[str, Any]) -> Edit:
    ws.coaching.people.check_there(person, act.account)
    return ws.coaching.people.could_not_check(person, act.account, edit_id=act.edit_id)


def _save_details(ws: Workspace, act: Act, person: str, value: Mapping[str, Any]) -> Edit:
    details = {key: each for key, each in value.items() if key not in ("person", "seen")}
    seen = value.get("seen")
    bases = seen if isinstance(seen, Mapping) else {}
    return ws.edit_person(person, act.account, bases=bases, edit_id=act.edit_id, **details)


def _save_tie(ws: Workspace, act: Act, person: str, value: Mapping[str, Any]) -> Edit:
    kind, other = str(value.get("kind") or ""), str(value.get("other") or "")
    return ws.coaching.ties.add(person, kind, other, act.account, base=act.base, edit_id=act.edit_id)


def _remove_tie(ws: Workspace, act: Act, _: str, value: Mapping[str, Any]) -> Edit:
    tie = str(value.get("tie") or "")
    return ws.coaching.ties.remove(tie, account=act.account, base=act.base, edit_id=act.edit_id)


def _save_settled(ws: Workspace, act: Act, _: str, value: Mapping[str, Any]) -> Edit:
    commitment, outcome = str(value.get("commitment") or ""), str(value.get("outcome") or "")
    reason = value.get("reason") or None
    return ws.coaching.commitments.settle(commitment, outcome, reason=reason, base=act.base, edit_id=act.edit_id)


def _save_stage(ws: Workspace, act: Act, person: str, value: Mapping[str, Any]) -> Edit:
    offering, stage = str(value.get("offering") or ""), value.get("stage") or None
    return ws.coaching.people.set_stage(person, act.account, offering, stage, edit_id=act.edit_id)


def _save_voice(ws: Workspace, act: Act, person: str, value: Mapping[str, Any]) -> Edit:
    kind, text = str(value.get("kind") or ""), str(value.get("text") or "")
    edit_id = act.edit_id or new_id("ed")
    ws.coaching.people.add_voice(person, act.account, kind, text, edit_id=edit_id)
    return Edit(edit_id, ws.now())


#: Acts that concern a person, whatever slots they hold.
_OF_PERSON: dict[str, Callable[[Workspace, Act, str, Mapping[str, Any]], Edit]] = {
    "ended": _save_departure,
    "tried": _save_try,
    "detail": _save_details,
    "tie": _save_tie,
    "untie": _remove_tie,
    "settled": _save_settled,
    "stage": _save_stage,
    "voice": _save_voice,
}

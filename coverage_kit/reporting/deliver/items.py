"""What our people owe or were asked, as their mail shows it: each item with its code and its answers as mail links.

A link opens a reply to the coach that says the answer, so that a colleague needs nothing but their mail.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from coverage_kit.coaching import Commitment
from coverage_kit.domain.coaching import ANSWER_LABELS, ANSWER_LINES, OwnerAnswer
from coverage_kit.domain.item_codes import ItemCode, item_code
from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.domain.week import working_day
from coverage_kit.i18n import N_, N_n, Texts, texts
from coverage_kit.reporting.deliver.addresses import find_address, sender_of
from coverage_kit.store.entities import Session, Staff
from coverage_kit.workspace import Workspace

#: A reply starts with this line under the answer; what follows is read as a quotation.
RULE = "-" * 10
_ASKED: tuple[OwnerAnswer, ...] = (OwnerAnswer.ACCEPT, OwnerAnswer.HAND_ON, OwnerAnswer.DECLINE)
_OWN: tuple[OwnerAnswer, ...] = (OwnerAnswer.DONE, OwnerAnswer.HAND_ON, OwnerAnswer.DECLINE)
#: Some mail programs cut a link after about 2,000 characters, and a Korean letter takes nine.
_TASK_LETTERS = 60
_DAYS = 7


@dataclass(frozen=True)
class AnswerLink:
    """One answer: its word, the link that opens the reply, and a shorter one for a mail's plain text."""

    label: str
    url: str
    short: str


@dataclass(frozen=True)
class MailItem:
    """One item of a mail: what is to be done, ``state`` as one line (day, days late, carried over), its code and answers.

    ``is_asked`` if it waits to be accepted; ``reply_to`` is the address that answers go to.
    """

    task: str
    state: str
    code: str
    links: tuple[AnswerLink, ...]
    is_asked: bool
    reply_to: str = ""


def items_by_owner(ws: Workspace, made: Iterable[Commitment]) -> dict[str, tuple[MailItem, ...]]:
    """The items of each owner (id), by due day; those of a session to which the rep has not agreed yet are left out."""
    t, today = texts(ws.lang), ws.today()
    sender = sender_of(ws.config.mail).addr_spec
    coaches = _coaches(ws)
    found: dict[str, list[MailItem]] = defaultdict(list)
    for one in made:
        if one.visible and one.state in ("open", "overdue"):
            found[one.owner].append(_item(one, coaches.get(one.session or "", sender), today, t))
    return {owner: tuple(items) for owner, items in found.items()}


def _coaches(ws: Workspace) -> dict[str, str]:
    """The coach's address by session, where one is known."""
    staff = {each.id: each for each in ws.ledger.as_of(Staff)}
    found = {}
    for session in ws.ledger.as_of(Session):
        coach = staff.get(session.coach_id or "")
        address = find_address(coach, ws.config.mail) if coach and not coach.ended_on else None
        if address is not None:
            found[session.id] = address
    return found


def _item(one: Commitment, reply_to: str, today: date, t: Texts) -> MailItem:
    code = item_code(one.id, one.version)
    due_on = one.due_on if one.due_on >= today else working_day(today + timedelta(days=_DAYS))
    links = (_link(each, one.task, code, reply_to, due_on, t) for each in _answers(one))
    return MailItem(one.task, _state(one, t), str(code), tuple(links), one.needs_answer, reply_to)


def _answers(one: Commitment) -> tuple[OwnerAnswer, ...]:
    """The answers that a mail offers. How a rep's own work went is the first question of the coaching hour."""
    if one.needs_answer:
        return _ASKED
    return (OwnerAnswer.DONE,) if one.owner_function is StaffFunction.REP else _OWN


def _state(one: Commitment, t: Texts) -> str:
    said = [t(N_("by {day}"), day=t.day(one.due_on))]
    if one.days_late:
        said.append(t(N_n("{n} day overdue", "{n} days overdue"), n=one.days_late))
    if one.carried:
        said.append(t(N_("carried over {n}×"), n=one.carried))
    return " · ".join(said)


def _link(answer: OwnerAnswer, task: str, code: ItemCode, reply_to: str, due_on: date, t: Texts) -> AnswerLink:
    """A link that opens the reply, with a line to fill in and, under a rule, what it is about."""
    label = t(ANSWER_LABELS[answer])
    lines = [f"{label}."]
    if answer in ANSWER_LINES:
        given = due_on.isoformat() if answer is OwnerAnswer.ACCEPT else ""
        lines.append(f"{t(ANSWER_LINES[answer])}: {given}")
    about = task if len(task) <= _TASK_LETTERS else f"{task[: _TASK_LETTERS - 1]}…"
    lines += ["", RULE, about, str(code)]
    body = quote("\r\n".join(lines), safe="")
    short = f"mailto:{quote(reply_to, safe='@')}?subject={quote(f'{label} [{code}]', safe='')}"
    return AnswerLink(label, f"{short}&body={body}", short)

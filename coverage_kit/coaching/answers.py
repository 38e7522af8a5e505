"""Answers of colleagues that came by mail or phone: the colleague answered, somebody else wrote it down.

The acts are those of the colleague's own page; beside them stays who answered, who wrote, and how it came.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from coverage_kit.coaching.commitments.commitments import Commitments
from coverage_kit.coaching.commitments.draft import Commitment
from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.coaching import Answer, Outcome, OwnerAnswer
from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.rules.inputs import as_word
from coverage_kit.rules.lookup import find_author
from coverage_kit.store import Change, Edit, new_id
from coverage_kit.store.entities import AnswerIn


class HowAnswered(StrEnum):
    """How an answer reached the person who wrote it down."""

    MAIL = "mail"
    PHONE = "phone"


@dataclass(frozen=True)
class Answered:
    """One answer as it was written down: whose, by whom, and how it came."""

    commitment: str
    answer: OwnerAnswer
    by: str
    written_by: str
    how: HowAnswered
    at: int
    edit: str


class Answers:
    """Writes down what owners answered."""

    def __init__(self, context: CoachingContext, commitments: Commitments) -> None:
        self._context = context
        self._commitments = commitments

    def record(
        self,
        commitment: str,
        answer: str,
        *,
        due_on: date | None = None,
        to: str | None = None,
        reason: str | None = None,
        how: str = HowAnswered.PHONE,
        base: int | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """Write down what the owner of a commitment answered.

        Parameters
        ----------
        commitment : str
            Its id.
        answer : str
            ``accept``, ``hand_on``, ``decline`` or ``done``.
        due_on : date, optional
            Until when, with ``accept``; the day it is due by default.
        to : str, optional
            Id or name of the colleague, with ``hand_on``.
        reason : str, optional
            Why not, with ``decline``; with ``done`` a line on how it went.
        how : str
            ``phone`` or ``mail``.
        base : int, optional
            The version that was seen or mailed; the present one by default.
        edit_id : str, optional
            The same one again writes nothing.

        Raises
        ------
        BadInput
            A rep writes, something that the answer needs is missing, or it was answered already.
        Conflict
            Somebody changed it first.
        """
        word, ledger = as_word(OwnerAnswer, answer, "answer"), self._context.ledger
        if edit_id and (written := ledger.find_edit(edit_id)):
            return written
        author = find_author(ledger, self._context.today())
        if author is not None and author.function == StaffFunction.REP:
            raise BadInput("answer.author", N_("A coach writes down what colleagues answered; open the coach's page."))
        one = self._commitments.get(commitment)
        self._check(one, word, due_on, to, reason)
        row: Change = Change(
            "answer_in",
            new_id("ai"),
            {
                "commitment_id": one.id,
                "answer": word.value,
                "by_id": one.owner,
                "written_by": self._context.me(),
                "how": as_word(HowAnswered, how, "how").value,
            },
            base=0,
        )
        work = self._commitments
        match word:
            case OwnerAnswer.ACCEPT:
                return work.accept(one.id, due_on, base=base, edit_id=edit_id, also=[row])
            case OwnerAnswer.HAND_ON:
                return work.hand_on(one.id, to or "", base=base, edit_id=edit_id, also=[row])
            case OwnerAnswer.DECLINE:
                return work.decline(one.id, reason or "", base=base, edit_id=edit_id, also=[row])
            case OwnerAnswer.DONE:
                return work.settle(one.id, Outcome.KEPT, note=reason, base=base, edit_id=edit_id, also=[row])

    def of(self, commitment: str) -> list[Answered]:
        """What was written down about a commitment (id), oldest first."""
        rows = self._context.ledger.as_of(AnswerIn, commitment_id=commitment)
        return [
            Answered(
                row.commitment_id,
                OwnerAnswer(row.answer),
                row.by_id,
                row.written_by,
                HowAnswered(row.how),
                row.at,
                row.edit_id,
            )
            for row in sorted(rows, key=lambda row: row.at)
        ]

    def _check(
        self, one: Commitment, answer: OwnerAnswer, due_on: date | None, to: str | None, reason: str | None
    ) -> None:
        """Refuse an answer that is late, double, or lacks what it needs."""
        t = self._context.t
        if one.outcome is not None:
            raise BadInput("commitment.settled", N_("This commitment is settled already; make a new one."))
        if answer is OwnerAnswer.ACCEPT and one.answer is Answer.ACCEPTED:
            raise BadInput(
                "answer.again",
                N_("{name} has accepted this already, until {day}. Move the day on the page if it changed."),
                name=one.owner_name,
                day=t.day(one.due_on),
            )
        if answer is OwnerAnswer.ACCEPT and due_on is None and one.due_on < self._context.today():
            raise BadInput("answer.day", N_("The day has passed; an answer needs a new one."))
        if answer is OwnerAnswer.HAND_ON and not (to or "").strip():
            raise BadInput("answer.to", N_("To whom is it handed on? The answer names nobody."))
        if answer is OwnerAnswer.HAND_ON and self._context.get_staff_id(to or "") == one.owner:
            raise BadInput("answer.self", N_("{name} has it already; name another colleague."), name=one.owner_name)
        if answer is OwnerAnswer.DECLINE and not (reason or "").strip():
            raise BadInput("commitment.decline", N_("Declining needs a reason, in one line."))

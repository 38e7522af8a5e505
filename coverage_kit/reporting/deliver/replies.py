"""Read replies to our mails back in: each answer is written by the act of the colleague's own page, or refused with a reason.

A reply counts only if its sender owns the item. One that the coach forwards counts as the mail inside it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from coverage_kit.coaching import Commitment, HowAnswered
from coverage_kit.coaching.commitments.conflicts import commitment_conflict
from coverage_kit.domain.coaching import ANSWER_LABELS, OwnerAnswer
from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.item_codes import ItemCode, commitment_of
from coverage_kit.errors import BadInput, Conflict, CoverageKitError
from coverage_kit.exchange.replies import ReplyMail, Understood, read_reply, understand
from coverage_kit.i18n import N_, texts
from coverage_kit.reporting.deliver.addresses import find_address, sender_of
from coverage_kit.rules.lookup import find_author
from coverage_kit.store import entities
from coverage_kit.store.entities import Staff
from coverage_kit.workspace import Workspace

#: Letters of a mail that are shown beside its answer.
_SHOWN = 80


class ReplyState(StrEnum):
    """What became of a reply: written down, known already, or refused."""

    WRITTEN = "written"
    KNOWN = "known"
    REFUSED = "refused"


@dataclass(frozen=True)
class ReplyResult:
    """What became of one file: the item (``task``, of colleague ``by``), the answer, and of a refused one why.

    ``sender`` and ``said`` are the address and the first words of the mail, to be looked at: an address can be forged.
    """

    file: str
    state: ReplyState
    commitment: str = ""
    task: str = ""
    by: str = ""
    name: str = ""
    answer: OwnerAnswer | None = None
    due_on: str = ""
    to: str = ""
    reason: str = ""
    edit_id: str = ""
    sender: str = ""
    said: str = ""
    refusal: CoverageKitError | None = None

    def text(self, lang: str) -> str:
        """The same in one line; of a refused one what to do."""
        t = texts(lang)
        if self.refusal is not None:
            return self.refusal.text(lang)
        if self.state is ReplyState.KNOWN or self.answer is None:
            return t(N_("Written down already: {task}"), task=self.task)
        said = t(N_("{name}: {answer} – {task}"), name=self.name, answer=t(ANSWER_LABELS[self.answer]), task=self.task)
        return t(N_("{said} (mail from {sender}: “{text}”)"), said=said, sender=self.sender, text=self.said)

    def as_json(self, lang: str) -> dict[str, str]:
        """The document that ``answers --json`` prints for each reply."""
        kept = {"file", "state", "commitment", "by", "answer", "due_on", "to", "reason", "edit_id", "sender"}
        shown = {name: str(value or "") for name, value in vars(self).items() if name in kept}
        return {**shown, "error": self.refusal.code if self.refusal else "", "message": self.text(lang)}


@dataclass
class RepliesResult:
    """What became of all files, in their order."""

    replies: list[ReplyResult] = field(default_factory=list)

    def of(self, state: ReplyState) -> list[ReplyResult]:
        """The replies of one state."""
        return [each for each in self.replies if each.state is state]

    def as_json(self, lang: str) -> dict[str, object]:
        """The document that ``answers --json`` prints."""
        return {
            **{state.value: len(self.of(state)) for state in ReplyState},
            "replies": [each.as_json(lang) for each in self.replies],
        }


@dataclass(frozen=True)
class _Read:
    """A reply that is clear: the item as it is now, the version that was mailed, and what is answered."""

    file: str
    edit_id: str
    item: Commitment
    base: int
    answer: OwnerAnswer
    due_on: date | None = None
    to: str = ""
    reason: str = ""
    sender: str = ""
    text: str = ""

    @property
    def content(self) -> tuple[OwnerAnswer, date | None, str]:
        """What two replies have to say alike; reasons may differ in words."""
        return self.answer, self.due_on, self.to


def reply_files(paths: Iterable[Path]) -> list[Path]:
    """The files named, and every ``.eml`` file of the folders named."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = sorted(each for each in path.rglob("*") if each.suffix.lower() == ".eml") if path.is_dir() else [path]
        found |= dict.fromkeys(inside)
    return list(found)


def read_answers(ws: Workspace, files: Sequence[Path]) -> RepliesResult:
    """Write down what replies say.

    Parameters
    ----------
    ws : Workspace
    files : sequence of Path
        Saved mails. The same one again writes nothing.

    Returns
    -------
    RepliesResult
        Each file was written down, known already, or refused with what to do.
    """
    desk = _Desk(ws)
    found: list[_Read | ReplyResult] = [desk.read(path) for path in files]
    desk.refuse_contradictions(found)
    return RepliesResult([each if isinstance(each, ReplyResult) else desk.write(each) for each in found])


class _Desk:
    """What replies are checked against."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._staff = {each.id: each for each in ws.ledger.as_of(Staff)}
        self._items = {each.id: each for each in ws.coaching.commitments.find(state=None)}
        author = find_author(ws.ledger, ws.today())
        own = find_address(author, ws.config.mail) if author else None
        #: Those who may forward a colleague's reply.
        self._writers = {(own or "").lower()} - {""}
        if ws.config.mail.sender:
            self._writers.add(sender_of(ws.config.mail).addr_spec.lower())

    # Reading --------------------------------------------------------------------------------------------------------

    def read(self, path: Path) -> _Read | ReplyResult:
        """What one file says, or why it cannot be taken."""
        try:
            mails = read_reply(path)
            mail = mails[0]
            _refuse_forged(mail)
            if len(mails) > 1 and mail.sender in self._writers:
                mail = mails[1]
                _refuse_forged(mail)
            return self._clear(path.name, mail)
        except (BadInput, Conflict) as exc:
            return self._refused(path.name, exc)

    def _clear(self, file: str, mail: ReplyMail) -> _Read | ReplyResult:
        said = understand(mail, self._ws.today())
        code, item = self._item(said)
        edit_id = _edit_id(mail, item.id)
        if self._ws.ledger.has_edit(edit_id):
            return self._known(file, item)
        self._check_sender(mail, item)
        if len(said.answers) != 1 or said.is_unsure:
            raise BadInput("reply.answer", _unclear(said))
        (answer,) = said.answers
        read = _Read(file, edit_id, item, code.version, answer, sender=mail.sender, text=mail.text)
        match answer:
            case OwnerAnswer.ACCEPT:
                return replace(read, due_on=_one_day(said.days) or self._mailed_day(item.id, code.version))
            case OwnerAnswer.HAND_ON:
                return replace(read, to=self._named(said.to, item))
            case _:
                return replace(read, reason=said.said)

    def _item(self, said: Understood) -> tuple[ItemCode, Commitment]:
        """The one item that a reply is about."""
        if not said.codes:
            raise BadInput(
                "reply.no_code",
                N_("No item's code (CK-…) is in it. Ask which item is meant, then use “answered by phone”."),
            )
        if len(said.codes) > 1:
            raise BadInput(
                "reply.codes",
                N_("It names several items ({codes}). Write each answer down by “answered by phone”."),
                codes=[str(each) for each in said.codes],
            )
        (code,) = said.codes
        key = commitment_of(code, self._items)
        if key is None:
            raise BadInput(
                "reply.unknown", N_("There is no item {code} here. Is it a reply to another team's mail?"), code=code
            )
        return code, self._items[key]

    def _check_sender(self, mail: ReplyMail, item: Commitment) -> None:
        """Only the owner answers for an item."""
        owner = self._staff.get(item.owner)
        address = find_address(owner, self._ws.config.mail) if owner else None
        if address is None:
            raise BadInput(
                "reply.no_address",
                N_("No address of {name} is known, so nobody can say whether they wrote it; give one in the config."),
                name=item.owner_name,
            )
        if mail.sender != address.lower():
            raise BadInput(
                "reply.sender",
                N_("The item is {name}'s, and the reply came from {sender}. Ask {name}, then use “answered by phone”."),
                name=item.owner_name,
                sender=mail.sender or "–",
            )

    def _mailed_day(self, commitment: str, version: int) -> date | None:
        """The day that the mail proposed: an answer without a day means that one, whatever it is by now."""
        mailed = (row for row in self._ws.ledger.history(entities.Commitment, commitment) if row.version == version)
        day = next((date.fromisoformat(row.due_on) for row in mailed), None)
        return day if day and day >= self._ws.today() else None

    def _named(self, text: str, item: Commitment) -> str:
        """The id of the one colleague whom a text names."""
        key, words = name_key(text), text.casefold()
        found = {
            each.id
            for each in self._staff.values()
            if each.id != item.owner
            and ((each.name and name_key(each.name) in key) or each.id.casefold() in words.split())
        }
        here = [who for who in sorted(found) if not self._is_gone(who)]
        if len(here) == 1:
            return here[0]
        if found and not here:
            raise BadInput("reply.gone", N_("{name} has left; ask who takes it."), name=sorted(found))
        raise BadInput(
            "reply.to",
            N_("It does not name one colleague to hand on to. Ask who, then use “answered by phone”."),
        )

    def _is_gone(self, who: str) -> bool:
        ended_on = self._staff[who].ended_on
        return bool(ended_on and ended_on <= self._ws.today().isoformat())

    # Writing --------------------------------------------------------------------------------------------------------

    def refuse_contradictions(self, found: list[_Read | ReplyResult]) -> None:
        """Of several replies about one item that say different things, take none; of equal ones, the first."""
        by_item: dict[str, list[int]] = defaultdict(list)
        for n, each in enumerate(found):
            if isinstance(each, _Read):
                by_item[each.item.id].append(n)
        for places in by_item.values():
            reads = [each for n in places if isinstance(each := found[n], _Read)]
            if len({each.content for each in reads}) > 1:
                error = BadInput(
                    "reply.twice",
                    N_("{name} answered this twice, and differently ({files}). Ask, then use “answered by phone”."),
                    name=reads[0].item.owner_name,
                    files=[each.file for each in reads],
                )
                for n, each in zip(places, reads, strict=True):
                    found[n] = self._refused(each.file, error, each)
            else:
                for n, each in list(zip(places, reads, strict=True))[1:]:
                    found[n] = self._known(each.file, each.item, each)

    def write(self, read: _Read) -> ReplyResult:
        """Write one answer down."""
        ws, item = self._ws, read.item
        if self._is_same(read):
            return self._known(read.file, item, read)
        try:
            edit = ws.coaching.answers.record(
                item.id,
                read.answer,
                due_on=read.due_on,
                to=read.to or None,
                reason=read.reason or None,
                how=HowAnswered.MAIL,
                base=read.base,
                edit_id=read.edit_id,
            )
        except Conflict as exc:
            return self._refused(read.file, commitment_conflict(ws.ledger, exc), read)
        except BadInput as exc:
            return self._refused(read.file, exc, read)
        return replace(self._about(read), state=ReplyState.WRITTEN, edit_id=edit.edit_id)

    def _is_same(self, read: _Read) -> bool:
        """Whether the last thing written about the item is this answer of this colleague."""
        written = self._ws.coaching.answers.of(read.item.id)
        if not written or written[-1].answer is not read.answer or written[-1].by != read.item.owner:
            return False
        return read.answer is not OwnerAnswer.ACCEPT or read.due_on in (None, read.item.due_on)

    @staticmethod
    def _about(read: _Read) -> ReplyResult:
        return ReplyResult(
            read.file,
            ReplyState.REFUSED,
            commitment=read.item.id,
            task=read.item.task,
            by=read.item.owner,
            name=read.item.owner_name,
            answer=read.answer,
            due_on=read.due_on.isoformat() if read.due_on else "",
            to=read.to,
            reason=read.reason,
            sender=read.sender,
            said=" ".join(read.text.split())[:_SHOWN],
        )

    def _known(self, file: str, item: Commitment, read: _Read | None = None) -> ReplyResult:
        about = self._about(read) if read else ReplyResult(file, ReplyState.KNOWN, item.id, item.task)
        return replace(about, state=ReplyState.KNOWN)

    def _refused(self, file: str, exc: CoverageKitError, read: _Read | None = None) -> ReplyResult:
        about = self._about(read) if read else ReplyResult(file, ReplyState.REFUSED)
        return replace(about, refusal=exc)


def _edit_id(mail: ReplyMail, commitment: str) -> str:
    """The same mail about the same item always gives the same edit, so that it is written once."""
    parts = (mail.id,) if mail.id else (mail.sender, mail.subject, mail.mailed_at, mail.text)
    return f"ed_mail_{hashlib.sha256(chr(0).join((*parts, commitment)).encode()).hexdigest()[:24]}"


def _refuse_forged(mail: ReplyMail) -> None:
    """Refuse a mail whose sender the receiving server could not confirm."""
    if mail.failed_check:
        raise BadInput(
            "reply.forged",
            N_(
                "The mail server could not confirm that {sender} sent it ({check}). Ask them, then use “answered by phone”."
            ),
            sender=mail.sender or "–",
            check=mail.failed_check,
        )


def _unclear(said: Understood) -> str:
    """Why the answer is not clear, and what to do."""
    if len(said.answers) > 1:
        return N_("It gives more than one answer. Ask what is meant, then use “answered by phone”.")
    if said.answers:
        return N_("It leaves something open. Read it, ask, then use “answered by phone”.")
    return N_("It gives no answer that is known here. Read it, then use “answered by phone”.")


def _one_day(days: list[date]) -> date | None:
    if len(days) > 1:
        raise BadInput(
            "reply.days",
            N_("It names several days ({days}). Ask which one, then use “answered by phone”."),
            days=[each.isoformat() for each in days],
        )
    return days[0] if days else None

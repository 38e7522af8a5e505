"""The coach's session as a model without a screen: one message in, one answer out.

It holds no rule of its own: the session's steps, claims and promises are those of ``coverage_kit.coaching``, and the
slots of the accounts that are gone through are those of the rep's workbook.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from coverage_kit.coaching import Draft, Due, Session
from coverage_kit.domain.coaching import Route, SessionKind
from coverage_kit.errors import BadInput, Conflict, CoverageKitError
from coverage_kit.i18n import N_
from coverage_kit.rules.slots import as_day
from coverage_kit.workbook.model.commitments import in_words, promise_met, tongues
from coverage_kit.workbook.model.messages import (
    Message,
    check_message,
    edit_id_in,
    seq_of,
    text_in,
    texts_in,
    version_in,
)
from coverage_kit.workbook.model.rep import Answer, RepBook, problem

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

#: So many found slots of a blind role are shown; the rest says no more.
_FOUND_SHOWN = 24


class CoachBook:
    """Weekly coaching: with one rep, with a group, or the first time.

    Parameters
    ----------
    ws : Workspace
    """

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.session: Session | None = None
        self._books: dict[str, RepBook] = {}
        self._tongues = tongues(ws)
        self._kinds: dict[str, Callable[[Message], Answer]] = {
            "desk": self._desk,
            "start": self._start,
            "resume": self._resume,
            "act": self._act,
            "account": self._account,
            "draft": self._draft,
        }

    def handle(self, message: Message) -> Answer:
        """Answer one message of the screen; what concerns accounts and slots goes to the workbook of ``rep``."""
        seq = seq_of(message)
        try:
            check_message(message)
            kind = self._kinds.get(text_in(message, "kind"))
            if kind is None:
                session = self.session.id if self.session else None
                return self._book(text_in(message, "rep")).handle({**message, "session": session})
            return kind(message) | seq
        except CoverageKitError as exc:
            return self._problem(exc) | seq

    def _problem(self, exc: CoverageKitError) -> Answer:
        is_met = isinstance(exc, Conflict) and exc.values["entity"] == "commitment"
        return problem(promise_met(self.ws, exc) if isinstance(exc, Conflict) and is_met else exc)

    def facts(self) -> dict[str, Any]:
        """What there is to coach, in a few numbers."""
        return {"reps": len(self.ws.reps()), "open_sessions": len(self.ws.coaching.sessions.open())}

    # Beginning -----------------------------------------------------------------------------------------------------

    def _desk(self, _: Message) -> Answer:
        """Whom to coach, and which sessions were left half-way."""
        staff = {row["id"]: row["name"] or row["id"] for row in self.ws.ledger.as_of("staff")}
        open_ = [
            {"id": s.id, "kind": s.kind.value, "reps": s.reps, "step": s.step, "week": s.week}
            for s in self.ws.coaching.sessions.open()
        ]
        reps = [{"id": rep, "name": staff.get(rep, rep)} for rep in self.ws.reps()]
        return {"kind": "desk", "reps": reps, "sessions": open_, "current": self.session.id if self.session else None}

    def _start(self, message: Message) -> Answer:
        reps, kind = texts_in(message, "reps"), text_in(message, "session_kind") or SessionKind.ONE
        self.session = self.ws.coaching.sessions.start(reps, kind=kind)
        return self._told()

    def _resume(self, message: Message) -> Answer:
        asked = text_in(message, "session")
        if self.session is None or self.session.id != asked:
            self.session = self.ws.coaching.sessions.resume(asked)
        self.session.refresh()
        return self._told()

    # Going through it ----------------------------------------------------------------------------------------------

    def _act(self, message: Message) -> Answer:
        """One act in the session; the answer shows the session as it is then."""
        session, rep = self._session(), _text(message, "rep")
        do = text_in(message, "act")
        if do in ("undo", "close"):
            getattr(session, do)()
        elif do in ("next", "back"):
            getattr(session, do)(_text(message, "step"))
        elif do == "claim":
            self._claim(session, message, rep)
        elif do == "settle":
            reason, note = _text(message, "reason"), _text(message, "note")
            about, seen = text_in(message, "commitment"), version_in(message, "version")
            session.settle(about, text_in(message, "outcome"), reason=reason, note=note, base=seen)
        elif do == "note":
            about, seen = text_in(message, "commitment"), version_in(message, "version")
            session.note(about, _text(message, "note") or "", base=seen)
        elif do == "tell":
            session.add_round(str(rep), done=_text(message, "done"), stuck=_text(message, "stuck"))
        elif do == "mark":
            session.mark(text_in(message, "person"), text_in(message, "state"), rep)
        elif do == "check":
            self._check(session, message, str(rep))
        elif do == "take_back":
            session.take_back(text_in(message, "edit"))
        elif do == "agree":
            session.agree(rep)
        elif do == "commit":
            self._commit(session, message, rep)
        else:
            raise BadInput("message.kind", N_("The screen is of another version; load the page again."))
        return self._told()

    def _claim(self, session: Session, message: Message, rep: str | None) -> None:
        value = message.get("value")
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadInput("claim.number", N_("A claim is a number; type it in figures."))
        account = _text(message, "account")
        if account is None:
            session.claim(share=value / 100, rep=rep)
        else:
            session.claim(n=int(value), account=account, rep=rep)

    @staticmethod
    def _check(session: Session, message: Message, rep: str) -> None:
        more = {key: _text(message, key) for key in ("on", "title", "moved_to")}
        account, person, state = (text_in(message, key) for key in ("account", "person", "state"))
        session.check(rep, account, person, state, how=_text(message, "how") or "call", **more)

    def _account(self, message: Message) -> Answer:
        """One account of the session: the claim beside what is known, and the slots with a next move."""
        session, rep = self._session(), _text(message, "rep")
        account = text_in(message, "account")
        opened = session.open_account(account, rep)
        page = self._book(session.reps[0] if rep is None else rep).handle({"kind": "open", "account": opened.account})
        if "page" not in page:
            return page
        return {
            "kind": "account",
            "page": page["page"],
            "claimed": opened.claimed,
            "known": opened.known,
            "required": opened.required,
            "gaps": [gap.role for gap in opened.gaps],
        }

    # Commitments ---------------------------------------------------------------------------------------------------

    def _draft(self, message: Message) -> Answer:
        """A commitment for a slot with everything filled in, and how it reads with what was changed."""
        draft = self._changed(self._session(), message, _text(message, "rep"))
        sentence = {lang: each.commitments.sentence(draft) for lang, each in self._tongues.items()}
        return {
            "kind": "draft",
            "owner": draft.owner,
            "due_on": draft.due_on.isoformat(),
            "route": draft.route,
            "action": draft.action or "",
            "sentence": sentence,
            "move": {lang: each.playbooks.text(draft.playbook) for lang, each in self._tongues.items()},
        }

    def _commit(self, session: Session, message: Message, rep: str | None) -> None:
        """Take on a commitment; the same ``edit_id`` again adds nothing."""
        draft = self._changed(session, message, rep)
        edit_id = edit_id_in(message)
        session.add(draft, confirmed=bool(message.get("confirmed")), edit_id=edit_id)

    @staticmethod
    def _changed(session: Session, message: Message, rep: str | None) -> Draft:
        draft = session.draft(text_in(message, "account"), text_in(message, "role"), rep)
        changes: dict[str, Any] = {}
        if message.get("owner"):
            changes["owner"] = text_in(message, "owner")
        if message.get("due_on"):
            changes["due_on"] = date.fromisoformat(as_day(text_in(message, "due_on"), "due_on") or "")
        if "route" in message:
            changes["route"] = Route(message["route"]) if message["route"] in list(Route) else None
        if "action" in message:
            changes["action"] = _text(message, "action")
        return replace(draft, **changes)

    # What is told --------------------------------------------------------------------------------------------------

    def _told(self) -> Answer:
        session = self._session()
        step = "closed" if session.closed else session.step
        told: dict[str, Any] = {
            "id": session.id,
            "kind": session.kind.value,
            "step": step,
            "steps": list(session.steps),
            "reps": session.reps,
            "coach": session.coach,
            "week": session.week,
        }
        build: dict[str, Callable[[Session], dict[str, Any]]] = {
            "claims": self._claims,
            "promises": self._promises,
            "accounts": self._accounts,
            "commitments": self._made,
            "read_back": self._made,
            "closed": self._made,
            "round": lambda s: {"told": s.round_notes()},
            "blind_role": self._blind_role,
            "sweep": self._sweep,
            "contacts": self._contacts,
        }
        return {"kind": "session", "session": {**told, **build[step](session)}}

    def _claims(self, session: Session) -> dict[str, Any]:
        """Sealed until all have answered; then claim and measure beside each other, without a verdict."""
        told: dict[str, Any] = {"claimed": session.claimed(), "revealed": session.revealed}
        if session.revealed:
            whole = {rep: self._book(rep).territory.summary()["all"] for rep in session.reps}
            told["measured"] = {rep: [each["known"], each["required"]] for rep, each in whole.items()}
            told["claims"] = session.claims()
        return told

    def _promises(self, session: Session) -> dict[str, Any]:
        return {
            "promises": [
                promise for rep in session.reps for promise in in_words(self._tongues, session.earlier_commitments(rep))
            ]
        }

    def _accounts(self, session: Session) -> dict[str, Any]:
        rep = session.reps[0]
        lines = self._book(rep).territory.lines
        chosen = list(dict.fromkeys([*session.accounts(), *session.opened()]))
        return {
            "accounts": [self._line(lines[key]) for key in chosen if key in lines],
            "opened": session.opened(),
            "others": [self._line(line) for line in lines.values() if line["id"] not in chosen],
        }

    @staticmethod
    def _line(line: Mapping[str, Any]) -> dict[str, Any]:
        return {"id": line["id"], "name": line["name"], "required": sum(mark != "x" for mark in line["rungs"])}

    def _made(self, session: Session) -> dict[str, Any]:
        made = {rep: in_words(self._tongues, session.read_back(rep)) for rep in session.reps}
        return {"made": made, "agreed": [rep for rep in session.reps if session.agreed(rep)], **self._gaps(session)}

    def _gaps(self, session: Session) -> dict[str, Any]:
        """Slots to promise something about: those of the accounts gone through, else what the agenda says first."""
        if session.step != "commitments" or session.closed:
            return {}
        gaps = {}
        for rep in session.reps:
            entries = session.agenda(rep)
            opened = session.opened(rep)
            chosen = [e for e in entries if e.role and (not opened or e.account in opened)][:12]
            titles = self._book(rep).territory.standard.roles()
            gaps[rep] = [
                {"account": e.account, "account_name": e.account_name, "role": role, "title": titles[role]["title"]}
                for e in chosen
                for role in e.roles
                if role in titles
            ]
        return {"gaps": gaps}

    def _blind_role(self, session: Session) -> dict[str, Any]:
        blind = session.blind_role()
        if blind is None:
            return {"blind": None}
        role, _, found = blind
        rows = [
            {
                "rep": row["rep"],
                "account_name": row["account_name"],
                "verified_on": str(row["verified_on"])[:10],
                "verified_how": row["verified_how"],
            }
            for row in found[:_FOUND_SHOWN]
        ]
        title = self._book(session.reps[0]).territory.standard.roles()[role]["title"]
        return {"blind": {"role": role, "title": title, "found": rows}}

    def _sweep(self, session: Session) -> dict[str, Any]:
        return {"sweep": {rep: [_due_line(each) for each in session.sweep(rep)] for rep in session.reps}}

    def _contacts(self, session: Session) -> dict[str, Any]:
        listed = session.contacts()
        counts = {name: getattr(listed, name) for name in ("total", "still", "gone", "changed", "unsure", "left")}
        names = {"account": listed.account, "account_name": listed.account_name}
        return {"contacts": {**names, **counts, "people": list(listed.people)}}

    # Inside --------------------------------------------------------------------------------------------------------

    def _session(self) -> Session:
        if self.session is None:
            raise BadInput("session.none", N_("No session is open; choose whom to coach first."))
        return self.session

    def _book(self, rep: str) -> RepBook:
        """The workbook of one rep, opened when it is first needed."""
        if rep not in self._books:
            self._books[rep] = RepBook(self.ws, rep)
        return self._books[rep]


def _due_line(due: Due) -> dict[str, Any]:
    """One line of the sweep."""
    return {**asdict(due), "verified_on": due.verified_on.isoformat() if due.verified_on else None}


def _text(message: Message, key: str) -> str | None:
    return text_in(message, key).strip() or None

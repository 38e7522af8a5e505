"""The coach's session as a model without a screen: one request in, one response out.

It holds no rules: steps, claims and commitments are those of ``coverage_kit.coaching``, and the slots of the
accounts in a session are those of the rep's workbook. Long because it is one list: every request of the session.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from coverage_kit.coaching import Draft, Due, Session
from coverage_kit.coaching.commitments.conflicts import commitment_conflict
from coverage_kit.domain.coaching import Route, SessionKind
from coverage_kit.domain.week import Week
from coverage_kit.errors import BadInput, Conflict
from coverage_kit.i18n import N_
from coverage_kit.reporting.minutes import made_minutes
from coverage_kit.rules.inputs import as_day
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.coach_answers import minutes_names
from coverage_kit.workbook.model.commitments import coaching_by_language, commitment_views
from coverage_kit.workbook.model.desk import Desk
from coverage_kit.workbook.model.messages import Book, problem
from coverage_kit.workbook.model.page import role_titles
from coverage_kit.workbook.model.preparing import check_views, choice_view
from coverage_kit.workbook.model.rep import RepBook
from coverage_kit.workbook.model.responses import (
    Bilingual,
    CoachResponse,
    DraftResponse,
    DrawnCheckView,
    GapView,
    Line,
    Problem,
    SessionAccount,
    SessionAccountResponse,
    SessionResponse,
    SessionView,
    StepView,
    SweepLine,
)
from coverage_kit.workbook.model.weeks import week_view

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

#: The most holders of a blind role that are shown.
_FOUND_SHOWN = 24


class CoachBook(Book[ask.CoachRequest]):
    """Weekly coaching: with one rep, with a group, or the first time."""

    requests = TypeAdapter(ask.CoachRequest, config=ask.WHEN_USED)

    def __init__(self, ws: Workspace) -> None:
        super().__init__(ws)
        self.session: Session | None = None
        self._books: dict[str, RepBook] = {}
        #: The rep whose contact list a first session shows.
        self._contacts_of = ""
        self._coaching = coaching_by_language(ws)
        self._desk = Desk(ws)

    def answer(self, request: ask.CoachRequest) -> CoachResponse:
        """Respond to a request that was checked."""
        if isinstance(request, ask.DeskRequest):
            self._desk.current = self.session.id if self.session else None
            return self._desk.answer(request)
        match request:
            case ask.StartSession(reps=reps, session_kind=kind, edit_id=edit_id):
                self.session = self.ws.coaching.sessions.start(reps, kind=kind or SessionKind.ONE, edit_id=edit_id)
                return self._show()
            case ask.ResumeSession(session=asked):
                if self.session is None or self.session.id != asked:
                    self.session = self.ws.coaching.sessions.resume(asked)
                self.session.refresh()
                return self._show()
            case ask.ClaimAccount():
                return self._open_account(request)
            case ask.ShowBlindRole(role=role):
                return {"kind": "blind", "blind": self._blind_role(self._session(), role).get("blind")}
            case ask.DraftCommitment():
                return self._draft(request)
            case ask.SessionRequest():
                return self._act(request)
            case ask.EditRequest():
                session = self.session.id if self.session else None
                return self._book(request.rep or "").answer(request.model_copy(update={"session": session}))
            case _:
                return self._book(request.rep or "").answer(request)

    def facts(self) -> dict[str, int]:
        """What there is to coach, in a few numbers."""
        return {"reps": len(self.ws.reps()), "open_sessions": len(self.ws.coaching.sessions.open())}

    # Acts -----------------------------------------------------------------------------------------------------------

    def _act(self, request: ask.Act) -> SessionResponse | Problem:
        """One act in the session; the response shows the session as it is then."""
        session = self._session()
        try:
            self._do(session, request)
        except (BadInput, Conflict) as exc:
            # Sent again because its response got lost, and something else has happened since.
            if request.edit_id is None or not self.ws.ledger.has_edit(request.edit_id):
                return problem(commitment_conflict(self.ws.ledger, exc) if isinstance(exc, Conflict) else exc)
            session.refresh()
            session.edits.append(request.edit_id)
        response = self._show()
        if request.edit_id in session.edits:
            response["edit_id"] = str(request.edit_id)
        return response

    def _do(self, session: Session, request: ask.Act) -> None:
        rep, edit_id = request.rep, request.edit_id
        match request:
            case ask.Step(act="next", step=seen):
                session.next(seen, edit_id=edit_id)
            case ask.Step(step=seen):
                session.back(seen, edit_id=edit_id)
            case ask.Close():
                session.close(edit_id=edit_id)
            case ask.Claim(value=percent, account=None):
                session.claim(share=percent / 100, rep=rep, edit_id=edit_id)
            case ask.Claim(value=n, account=account):
                session.claim(n=int(n), account=account, rep=rep, edit_id=edit_id)
            case ask.Settle():
                session.settle(
                    request.commitment,
                    request.outcome,
                    reason=request.reason,
                    note=request.note,
                    base=request.version,
                    edit_id=edit_id,
                )
            case ask.AddNote():
                session.note(request.commitment, request.note or "", base=request.version, edit_id=edit_id)
            case ask.ReportRound(done=done, stuck=stuck):
                session.add_round(rep or "", done=done, stuck=stuck, edit_id=edit_id)
            case ask.MarkContact(person=person, state=state, version=seen):
                session.mark(person, state, rep, seen=seen, edit_id=edit_id)
            case ask.ChooseAccount(account=account):
                session.choose_account(account, rep, edit_id=edit_id)
                self._contacts_of = rep or session.reps[0]
            case ask.CheckLine():
                self._check(session, request)
            case ask.Agree():
                session.agree(rep, edit_id=edit_id)
            case ask.Commit():
                draft = self._changed(session, request)
                if request.employment not in (None, draft.employment):
                    raise BadInput("commitment.holder", N_("Somebody else holds this position now. Open it again."))
                session.add(draft, confirmed=request.confirmed, edit_id=edit_id)

    @staticmethod
    def _check(session: Session, request: ask.CheckLine) -> None:
        session.check(
            request.rep or "",
            request.account,
            request.person,
            request.state,
            how=request.how or "call",
            on=request.on,
            title=request.title,
            moved_to=request.moved_to,
            seen=request.version,
            edit_id=request.edit_id,
        )

    # Accounts and commitments ---------------------------------------------------------------------------------------

    def _open_account(self, request: ask.ClaimAccount) -> CoachResponse:
        """One account of the session: the claim, what is known, and the slots with a next move."""
        session, rep = self._session(), request.rep
        opened = session.open_account(request.account, rep, edit_id=request.edit_id)
        book = self._book(session.reps[0] if rep is None else rep)
        response: SessionAccountResponse = {
            "kind": "account",
            "page": book.open_page(opened.account),
            "claimed": opened.claimed,
            "known": opened.known,
            "required": opened.required,
            "gaps": [gap.role for gap in opened.gaps],
        }
        return response

    def _draft(self, request: ask.DraftCommitment) -> DraftResponse:
        draft = self._changed(self._session(), request)
        return {
            "kind": "draft",
            "owner": draft.owner,
            "employment": draft.employment,
            "due_on": draft.due_on.isoformat(),
            "route": draft.route,
            "action": draft.action or "",
            "sentence": {lang: each.commitments.sentence(draft) for lang, each in self._coaching.items()},
            "move": {lang: each.playbooks.text(draft.playbook) for lang, each in self._coaching.items()},
        }

    @staticmethod
    def _changed(session: Session, request: ask.DraftFields) -> Draft:
        """The draft that the session proposes for a slot, with what the coach changed in it."""
        draft = session.draft(request.account, request.role, request.rep)
        changes: dict[str, Any] = {}
        if request.owner:
            changes["owner"] = request.owner
        if request.due_on:
            changes["due_on"] = date.fromisoformat(as_day(request.due_on, "due_on") or "")
        if "route" in request.model_fields_set:
            changes["route"] = Route(request.route) if request.route in list(Route) else None
        if "action" in request.model_fields_set:
            changes["action"] = request.action
        return replace(draft, **changes)

    # The session on the screen --------------------------------------------------------------------------------------

    def _show(self) -> SessionResponse:
        session = self._session()
        step = "closed" if session.closed else session.step
        view: SessionView = {
            "id": session.id,
            "kind": session.kind.value,
            "step": step,
            "steps": list(session.steps),
            "reps": session.reps,
            "coach": session.coach,
            "week": week_view(Week.parse(session.week)),
        }
        build: dict[str, Callable[[Session], StepView]] = {
            "claims": self._claims,
            "promises": self._last_commitments,
            "accounts": self._accounts,
            "commitments": self._made,
            "read_back": self._made,
            "closed": self._made,
            "round": lambda session: {"round": session.round_notes(), "checks": self._checks(session)},
            "blind_role": self._blind_role,
            "sweep": self._sweep,
            "contacts": self._contacts,
        }
        return {"kind": "session", "session": {**view, **build[step](session)}}

    def _claims(self, session: Session) -> StepView:
        """Sealed until everybody has claimed; then claim and measure, without a verdict."""
        if not session.revealed:
            return {"claimed": session.claimed(), "revealed": False}
        whole = {rep: self._book(rep).territory.summary()["all"] for rep in session.reps}
        return {
            "claimed": session.claimed(),
            "revealed": True,
            "measured": {rep: [each["known"], each["required"]] for rep, each in whole.items()},
            "claims": session.claims(),
        }

    def _last_commitments(self, session: Session) -> StepView:
        shown = [
            view for rep in session.reps for view in commitment_views(self._coaching, session.earlier_commitments(rep))
        ]
        return {"last_commitments": shown, "checks": self._checks(session)}

    def _checks(self, session: Session) -> list[DrawnCheckView]:
        """Two of each rep's checks of last week, to ask what was said."""
        drawn = (
            check_views(
                rep,
                {lang: each.preparation.checks(rep, session.id, session.week) for lang, each in self._coaching.items()},
            )
            for rep in session.reps
        )
        return [view for own in drawn for view in own]

    def _accounts(self, session: Session) -> StepView:
        lines = self._book(session.reps[0]).territory.lines
        chosen = list(dict.fromkeys([*session.accounts(), *session.opened()]))
        return {
            "accounts": [_session_account(lines[key]) for key in chosen if key in lines],
            "opened": session.opened(),
            "others": [_session_account(line) for line in lines.values() if line["id"] not in chosen],
        }

    def _made(self, session: Session) -> StepView:
        view: StepView = {
            "made": {rep: commitment_views(self._coaching, session.read_back(rep)) for rep in session.reps},
            "agreed": [rep for rep in session.reps if session.agreed(rep)],
        }
        if session.closed:
            view["minutes"] = minutes_names(self.ws, made_minutes(self.ws, session.id))
        if session.step == "commitments" and not session.closed:
            view["gaps"] = {rep: self._gaps(session, rep) for rep in session.reps}
        return view

    def _gaps(self, session: Session, rep: str) -> list[GapView]:
        """Slots to make a commitment about: of the accounts gone through, or those that the agenda names first."""
        opened = session.opened(rep)
        chosen = [each for each in session.agenda(rep) if each.role and (not opened or each.account in opened)][:12]
        title = role_titles(self.ws.ledger, (each.account for each in chosen))
        # A commitment may be about a role that the account's lists no longer ask for.
        pairs = ((each.account, role) for each in chosen for role in each.roles)
        gaps = self.ws.coaching.commitments.gaps(pairs)
        return [
            {"account": e.account, "account_name": e.account_name, "role": role, "title": title(e.account, role)}
            for e in chosen
            for role in e.roles
            if (e.account, role) in gaps
        ]

    def _blind_role(self, session: Session, role: str | None = None) -> StepView:
        blind = session.blind_role(role)
        if blind is None:
            return {"blind": None}
        role = blind.role
        title = role_titles(self.ws.ledger, ())("", role)
        return {
            "made": {rep: commitment_views(self._coaching, session.read_back(rep)) for rep in session.reps},
            "blind": {
                "role": role,
                "title": title,
                "found": [
                    {
                        "rep": each.rep,
                        "account_name": each.account_name,
                        "verified_on": each.verified_on,
                        "verified_how": each.verified_how,
                    }
                    for each in blind.found[:_FOUND_SHOWN]
                ],
                "missing": [
                    {"rep": each.rep, "account": each.account, "account_name": each.account_name}
                    for each in blind.missing
                ],
            },
        }

    def _sweep(self, session: Session) -> StepView:
        due = {rep: session.sweep(rep) for rep in session.reps}
        title = role_titles(self.ws.ledger, (each.account for own in due.values() for each in own))
        return {"sweep": {rep: [_sweep_line(each, title) for each in own] for rep, own in due.items()}}

    def _contacts(self, session: Session) -> StepView:
        rep = self._contacts_of if self._contacts_of in session.reps else session.reps[0]
        listed = session.contacts(rep)
        return {
            "choices": {each: [choice_view(one) for one in session.account_choices(each)] for each in session.reps},
            "contacts": {
                "rep": rep,
                "account": listed.account,
                "account_name": listed.account_name,
                "total": listed.total,
                "still": listed.still,
                "gone": listed.gone,
                "changed": listed.changed,
                "unsure": listed.unsure,
                "left": listed.left,
                "people": [
                    {
                        "person": each.person,
                        "version": each.version,
                        "name": each.name,
                        "title": each.title,
                        "department": each.department,
                        "end_kind": each.end_kind,
                        "mark": each.mark,
                    }
                    for each in listed.people
                ],
            },
        }

    def _session(self) -> Session:
        if self.session is None:
            raise BadInput("session.none", N_("No session is open; choose whom to coach first."))
        return self.session

    def _book(self, rep: str) -> RepBook:
        """The workbook of one rep, opened when it is first needed."""
        if rep not in self._books:
            self._books[rep] = RepBook(self.ws, rep)
        return self._books[rep]


def _session_account(line: Line) -> SessionAccount:
    return {"id": line["id"], "name": line["name"], "required": sum(mark != "x" for mark in line["rungs"])}


def _sweep_line(due: Due, title: Callable[[str, str], Bilingual]) -> SweepLine:
    return {
        "account": due.account,
        "account_name": due.account_name,
        "person": due.person,
        "version": due.version,
        "holder": due.holder,
        "title": due.title,
        "phone": due.phone,
        "roles": [title(due.account, role) for role in due.roles],
        "verified_on": due.verified_on.isoformat() if due.verified_on else None,
        "state": due.state,
        "edit": due.edit,
    }

"""The rep's workbook as a model without a screen: one message in, one answer out.

The screen holds no truth: it asks, shows what it is told, and says "saved" only when the answer says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from coverage_kit.domain.week import Week, local_day
from coverage_kit.errors import BadInput, Conflict, CoverageKitError, StoreError
from coverage_kit.i18n import LANGUAGES, N_
from coverage_kit.rules.slots import get_account, get_staff
from coverage_kit.workbook.model.acts import OF_PEOPLE, Act, save_act
from coverage_kit.workbook.model.cards import next_cards
from coverage_kit.workbook.model.commitments import in_words, tongues
from coverage_kit.workbook.model.history import conflict_told, person_card, slot_history
from coverage_kit.workbook.model.messages import Message, check_message, edit_id_in, seq_of, text_in, texts_in
from coverage_kit.workbook.model.page import Page, read_page, read_pages
from coverage_kit.workbook.model.territory import Territory, present_mark

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

Answer = dict[str, Any]
#: A message asks for so many accounts ahead at the most, so that nobody's act waits long behind it.
_MOST_AHEAD = 50


class RepBook:
    """One rep's accounts, ready to be looked through and filled in.

    Parameters
    ----------
    ws : Workspace
    rep : str
        Key or name of the rep.
    follows_link : bool
        Whether the page's link may name another rep; a server that keeps a page ready learns only then whose it is.

    Raises
    ------
    NotFound
        Nobody of ours is called so.
    """

    def __init__(self, ws: Workspace, rep: str, *, follows_link: bool = False) -> None:
        self.ws = ws
        self.rep = get_staff(ws.ledger, rep)
        self._follows = follows_link
        #: The rep's accounts, as last read; now, where a page is made ready before anybody asks for it.
        self.territory = Territory(ws, self.rep["id"])
        #: The page that the screen shows, as it was last told.
        self._told: Page | None = None
        self._kinds: dict[str, Callable[[Message], Answer]] = {
            "hello": self._hello,
            "open": self._open,
            "ahead": self._ahead,
            "edit": self._edit,
            "undo": self._undo,
            "find": self._find,
            "cards": self._cards,
            "promises": self._promises,
            "trail": self._trail,
            "person": self._person,
        }

    def handle(self, message: Message) -> Answer:
        """Answer one message of the screen.

        Parameters
        ----------
        message : mapping
            ``kind`` and what belongs to it; ``seq`` comes back in the answer.

        Returns
        -------
        dict
            ``kind`` is the question's own, or ``saved``, or for what could not be done ``refused`` (it will not do
            as it is), ``conflict`` (three values) or ``unavailable`` (send it again later), with ``text`` in both
            languages.
        """
        seq = seq_of(message)
        try:
            return self._answer(message) | seq
        except CoverageKitError as exc:
            return problem(exc) | seq

    def _answer(self, message: Message) -> Answer:
        check_message(message)
        kind = self._kinds.get(text_in(message, "kind"))
        if kind is None:
            raise BadInput("message.kind", N_("The screen is of another version; load the page again."))
        try:
            return kind(message)
        except Conflict as exc:
            return self._conflict(exc, self._home(message))

    def _home(self, message: Message) -> str:
        """Id of the account a message is about, "" where it is about none; asked before anything is written for it."""
        account = text_in(message, "account")
        return str(get_account(self.ws.ledger, account)["id"]) if account else ""

    def facts(self) -> dict[str, Any]:
        """What the workbook holds, in a few numbers."""
        return {"rep": self.rep["id"], **self.territory.summary()["all"]}

    def _hello(self, message: Message) -> Answer:
        """Everything the screen needs to begin, as it is now: what was read before is used only if nothing was written since."""
        if self._follows and message.get("rep"):
            self.rep = get_staff(self.ws.ledger, text_in(message, "rep"))
        if self.territory.rep != self.rep["id"] or self.territory.mark != present_mark(self.ws):
            self.territory = Territory(self.ws, self.rep["id"])
        self._told = None
        standard, first = self.territory.standard, self.territory.first()
        now, zone = self.ws.now(), self.ws.zone
        return {
            "kind": "hello",
            "rep": {"id": self.rep["id"], "name": self.rep["name"] or self.rep["id"]},
            "actor": self.ws.ledger.actor,
            "place": hashlib.sha256(str(self.ws.path.absolute()).encode()).hexdigest()[:12],
            "today": local_day(now, zone).isoformat(),
            "week": str(Week.containing(now, zone)),
            "weeks": [
                {"week": str(each), "from": each.monday.isoformat(), "to": each.sunday.isoformat()}
                for each in self._past_weeks()
            ],
            "roles": standard.roles(),
            "sets": [[each.role for each in standard.required(key)] for key in self.territory.sets],
            "staff": [_colleague(row, local_day(now, zone).isoformat()) for row in self.territory.staff],
            "lines": list(self.territory.lines.values()),
            "summary": self.territory.summary(),
            "first": self._open({"account": first}) if first else None,
        }

    def _past_weeks(self) -> Iterator[Week]:
        """The weeks that have ended since anything was written, the last one first."""
        first = self.ws.ledger.first_at("account")
        week = self.ws.last_week()
        while first is not None and week >= Week.containing(first, self.ws.zone):
            yield week
            week -= 1

    def _open(self, message: Message) -> Answer:
        week, account = text_in(message, "week"), text_in(message, "account")
        if week:
            self._told = None
            page = read_page(self.ws, account, at=Week.parse(week).as_of(self.ws.zone))
            return {"kind": "page", "week": week, "page": page.as_json()}
        known = present_mark(self.ws)
        self._told = page = read_page(self.ws, account, standard=self.territory.standard)
        told = {"same": True} if message.get("known") == known else {"page": page.as_json()}
        return {"kind": "page", "week": None, "known": known, **told}

    def _ahead(self, message: Message) -> Answer:
        """Several accounts before anybody opens them; one that is not there any more is left out."""
        known = present_mark(self.ws)
        accounts = texts_in(message, "accounts")[:_MOST_AHEAD]
        pages = read_pages(self.ws, accounts, standard=self.territory.standard)
        return {"kind": "ahead", "known": known, "pages": [page.as_json() for page in pages.values()]}

    def _edit(self, message: Message) -> Answer:
        act = replace(Act.read(message), account=self._home(message))
        try:
            edit_id = save_act(self.ws, act).edit_id
        except (BadInput, Conflict):
            # Its answer got lost, and what has happened since stands against it.
            if act.edit_id is None or not self.ws.ledger.has_edit(act.edit_id):
                raise
            edit_id = act.edit_id
        return self._saved(act.account, edit_id, people=act.field in OF_PEOPLE)

    def _undo(self, message: Message) -> Answer:
        account = self._home(message)
        edit = self.ws.undo(text_in(message, "undoes"), as_id=edit_id_in(message))
        return self._saved(account, edit.edit_id, people=True)

    def _saved(self, account: str, edit_id: str, *, people: bool) -> Answer:
        # By the wall, since it tells the reader that it is done; the sample's own clock stands still.
        at = datetime.now(self.ws.zone).strftime("%H:%M")
        answer: Answer = {"kind": "saved", "edit_id": edit_id, "at": at}
        if account:  # a commitment may be about no single account
            page = read_page(self.ws, account, standard=self.territory.standard)
            told = page.as_json(people=people, before=self._told)
            self._told = page if self._told and self._told.account["id"] == account else self._told
            line = self.territory.replace(page)
            answer |= {"page": told, "line": line} | ({} if line else {"owner": page.account["owner_id"]})
        return answer | {"summary": self.territory.summary()}

    def _conflict(self, exc: Conflict, account: str) -> Answer:
        answer: Answer = {
            "kind": "conflict",
            **conflict_told(self.ws, account, exc),
            "text": {lang: exc.text(lang) for lang in LANGUAGES},
        }
        if account:
            page = read_page(self.ws, account, standard=self.territory.standard)
            self._told = page if self._told and self._told.account["id"] == account else self._told
            answer["page"] = page.as_json()
        return answer

    def _find(self, message: Message) -> Answer:
        text = text_in(message, "text")
        return {"kind": "find", "text": text, "accounts": self.territory.find_people(text)}

    def _cards(self, _: Message) -> Answer:
        return {"kind": "cards", "cards": next_cards(self.territory)}

    def _promises(self, _: Message) -> Answer:
        """What is promised in this territory and still open, by the day it is due."""
        listed = self.ws.coaching.commitments.find(rep=self.rep["id"])
        return {"kind": "promises", "promises": in_words(tongues(self.ws), listed)}

    def _trail(self, message: Message) -> Answer:
        account, role = text_in(message, "account"), text_in(message, "role")
        return {"kind": "trail", "entries": slot_history(self.ws, account, role)}

    def _person(self, message: Message) -> Answer:
        person, account = text_in(message, "person"), text_in(message, "account")
        return {"kind": "person", "card": person_card(self.ws, person, account)}


class EmptyBook:
    """The workbook before anybody of ours has accounts: it says what comes first."""

    def handle(self, message: Message) -> Answer:
        """Answer every message with what to do first."""
        told = BadInput(
            "workbook.no_rep",
            N_("There is no rep yet. Next: bring in a file, then coverage-kit assign ACCOUNT --rep REP"),
        )
        return problem(told) | seq_of(message)

    def facts(self) -> dict[str, Any]:
        """Nothing yet."""
        return {}


def problem(exc: CoverageKitError) -> Answer:
    """What the screen is told of an error: it will not do as it is, or send it again later."""
    kind = "unavailable" if isinstance(exc, StoreError) else "refused"
    return {"kind": kind, "code": exc.code, "text": {lang: exc.text(lang) for lang in LANGUAGES}}


def _colleague(row: Mapping[str, Any], today: str) -> dict[str, Any]:
    gone = bool(row["ended_on"] and row["ended_on"] <= today)
    return {"id": row["id"], "name": row["name"] or row["id"], "function": row["function"], "gone": gone}

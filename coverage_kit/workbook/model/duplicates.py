"""The page of duplicates as a model without a screen: make one of two records, and corrections for the CRM."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from coverage_kit.exchange import table_text
from coverage_kit.i18n import LANGUAGES, texts
from coverage_kit.merge_acts import ACCOUNT, PERSON
from coverage_kit.role_lists.model import in_language
from coverage_kit.rules.lookup import get_account, role_lists
from coverage_kit.rules.merging import MergePlan, MergeQuestion
from coverage_kit.rules.same import Candidate
from coverage_kit.store import new_id
from coverage_kit.store.entities import Account
from coverage_kit.transfer.corrections import note_sent, sources_of, summary_table
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.messages import Book
from coverage_kit.workbook.model.responses import (
    Bilingual,
    CorrectionsResponse,
    DuplicatesResponse,
    DuplicatesSaved,
    DuplicatesState,
    ListFile,
    MergePreview,
    SamePair,
)

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

_IsSettled = Callable[[Candidate], bool]
#: Pairs of each kind that the page shows.
_SHOWN = 100


class DuplicatesBook(Book[ask.DuplicatesRequest]):
    """Records of a workspace that may be the same, merges, and corrections for the CRM.

    Parameters
    ----------
    ws : Workspace
    account : str
        Key or name: the page begins with the pairs at this account.
    """

    requests = TypeAdapter(ask.DuplicatesRequest)
    undoes_others = True
    _found: Mapping[str, list[Candidate]] | None = None

    def __init__(self, ws: Workspace, account: str = "") -> None:
        super().__init__(ws)
        self._text = get_account(ws.ledger, account).name if account else ""

    def facts(self) -> dict[str, int]:
        """How many pairs of people and of accounts may be the same."""
        found = self._candidates()
        return {"people": len(found[PERSON]), "accounts": len(found[ACCOUNT])}

    def answer(self, request: ask.DuplicatesRequest) -> DuplicatesResponse:
        """Respond to a request that was checked."""
        match request:
            case ask.Hello():
                self._found = None
                return self._state()
            case ask.FindPairs(text=text):
                self._text = text.strip()
                return self._state()
            case ask.PreviewMerge(what=what, keep=keep, gone=gone, choices=choices):
                return self._preview(what, keep, gone, choices)
            case ask.GetCorrections(source=source):
                return self._corrections(source)
            case _:
                edit_id = request.edit_id or new_id("ed")
                self._act(request, edit_id)
                return self._saved(edit_id)

    def _act(self, request: ask.DuplicatesAct, edit_id: str) -> None:
        """One act of the page is one call."""
        merging = self.ws.merging
        match request:
            case ask.MergeTwo(what=what, keep=keep, gone=gone, choices=choices, versions=versions):
                merging.save(what, keep, gone, choices=choices, seen=versions, edit_id=edit_id)
                self._drop(what, lambda pair: gone in (pair.one, pair.other))
            case ask.KeepApart(what=what, one=one, other=other):
                merging.not_same(what, one, other, edit_id=edit_id)
                self._drop(what, lambda pair: {one, other} == {pair.one, pair.other})
            case ask.NoteSent(source=source, until=until):
                note_sent(self.ws.ledger, source, until, edit_id=edit_id)
            case ask.Undo(undoes=undone):
                self.ws.undo(undone, as_id=edit_id)
                self._found = None

    # Showing ------------------------------------------------------------------------------------------------------

    def _candidates(self) -> Mapping[str, list[Candidate]]:
        """The pairs, found once a page: among very many contacts that takes seconds."""
        if self._found is None:
            self._found = {kind: self.ws.merging.candidates(kind) for kind in (PERSON, ACCOUNT)}
        return self._found

    def _drop(self, kind: str, is_settled: _IsSettled) -> None:
        found = self._candidates()
        self._found = {**found, kind: [pair for pair in found.get(kind, []) if not is_settled(pair)]}

    def _state(self) -> DuplicatesState:
        found = self._candidates()
        people, accounts = self._pairs(PERSON), self._pairs(ACCOUNT)
        return {
            "kind": "duplicates",
            "text": self._text,
            "people": people[:_SHOWN],
            "accounts": accounts[:_SHOWN],
            "found_people": len(people) if self._text else len(found[PERSON]),
            "found_accounts": len(accounts) if self._text else len(found[ACCOUNT]),
            "n_people": len(found[PERSON]),
            "n_accounts": len(found[ACCOUNT]),
            "merges": [
                {
                    "edit_id": done.edit_id,
                    "on": datetime.fromtimestamp(done.at / 1000, self.ws.zone).strftime("%Y-%m-%d"),
                    "what": done.kind,
                    "keep": done.keep_name,
                    "gone": done.gone_name,
                }
                for done in self.ws.merging.recent()
            ],
            "sources": sources_of(self.ws.ledger),
        }

    def _pairs(self, kind: str) -> list[SamePair]:
        """The pairs that hold what is searched for; without a search only those that are shown."""
        shown = self._candidates()[kind][: None if self._text else _SHOWN]
        names = self.ws.merging.names(kind, [key for pair in shown for key in (pair.one, pair.other)])
        text = self._text.casefold()
        return [
            {
                "one": pair.one,
                "other": pair.other,
                "one_name": names.get(pair.one, "–"),
                "other_name": names.get(pair.other, "–"),
                "reasons": [reason.value for reason in pair.reasons],
            }
            for pair in shown
            if any(text in names.get(key, "").casefold() for key in (pair.one, pair.other))
        ]

    def _preview(self, what: str, keep: str, gone: str, choices: dict[str, str]) -> MergePreview:
        plan = self.ws.merging.preview(what, keep, gone, choices=choices)
        return {
            "kind": "merge_preview",
            "what": plan.kind,
            "keep": plan.keep,
            "gone": plan.gone,
            "keep_name": plan.keep_name,
            "gone_name": plan.gone_name,
            "jobs": len(plan.jobs),
            "moved": plan.moved,
            "differences": [{"field": name, "keep": ours, "gone": theirs} for name, ours, theirs in plan.differences],
            "questions": [
                {"id": one.id, "what": one.what, "about": self._about(plan, one), "keep": one.keep, "take": one.take, "chosen": one.chosen}
                for one in plan.questions
            ],
            "versions": plan.seen,
        }  # fmt: skip

    def _about(self, plan: MergePlan, question: MergeQuestion) -> Bilingual:
        """The position or the account that a question is about, by language."""
        ledger = self.ws.ledger
        account = ledger.find(Account, plan.keep if question.what == "role" else question.about)
        role = None if question.what != "role" else role_lists(ledger).role_of(account, question.about)
        name = question.about if account is None or question.what == "role" else account.name
        return {lang: in_language(role["title"], lang) if role else name for lang in LANGUAGES}

    def _corrections(self, source: str) -> CorrectionsResponse:
        found = self.ws.corrections(layout=source or None)
        header, rows = summary_table(found, texts(self.ws.lang))
        name = found.source.partition("/")[0]
        files: list[ListFile] = (
            [{"name": f"{name}-corrections.csv", "text": table_text(found.header, found.rows)}] if found.rows else []
        )
        if found.corrections:
            files.append({"name": f"{name}-corrections-summary.csv", "text": table_text(header, rows)})
        return {
            "kind": "corrections",
            "source": found.source,
            "records": len(found.rows),
            "by_hand": len(found.by_hand),
            "until": found.until,
            "files": files,
        }

    def _saved(self, edit_id: str) -> DuplicatesSaved:
        at = datetime.now(self.ws.zone).strftime("%H:%M")
        return {"kind": "saved", "edit_id": edit_id, "at": at, "state": self._state()}

"""The start page as a model without a screen: one request in, one response out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from coverage_kit.assets.copies import compare_copies
from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.domain.week import Week
from coverage_kit.errors import BadInput, ReportError
from coverage_kit.i18n import N_
from coverage_kit.links import personal_links, read_server
from coverage_kit.reporting.batch.jobs import week_and_instant
from coverage_kit.reporting.batch.manifest import MANIFEST, Manifest
from coverage_kit.reporting.run import report_week
from coverage_kit.store.entities import Staff
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.assigning import assignable_accounts, colleagues
from coverage_kit.workbook.model.messages import Book
from coverage_kit.workbook.model.proposals import proposal_views
from coverage_kit.workbook.model.responses import (
    AccountsResponse,
    FileResponse,
    LinkOf,
    Progress,
    ReportPage,
    ReportWeek,
    StartPageResponse,
    StartResponse,
)
from coverage_kit.workbook.model.start_figures import count_tiles, this_week
from coverage_kit.workbook.model.weeks import week_view

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

#: They hand out everybody's links. The others have a link of their own.
_HAND_OUT_LINKS = (StaffFunction.COACH, StaffFunction.MANAGER)
#: Weeks whose reports are listed.
_WEEKS = 4
#: These take a while, and run in a thread.
LONG = frozenset({"make_reports"})


class StartBook(Book[ask.StartRequest]):
    """The first four steps of a team, this week, everybody's links, and the weekly reports.

    Attributes
    ----------
    push : callable
        Sends a message to the page while reports are made.
    """

    requests = TypeAdapter(ask.StartRequest, config=ask.WHEN_USED)

    def __init__(self, ws: Workspace) -> None:
        super().__init__(ws)
        self.push: Callable[[Progress], None] = lambda _: None

    def answer(self, request: ask.StartRequest) -> StartPageResponse:
        """Respond to a request that was checked."""
        match request:
            case ask.ShowAccounts():
                return self._accounts()
            case ask.AssignAccounts(accounts=accounts, to=to, edit_id=edit_id):
                edit = self.ws.assign([*accounts], to, seen=accounts, edit_id=edit_id)
                return self._accounts(edit.edit_id, len(accounts))
            case ask.MoveTeams(edit_id=edit_id):
                edit = self.ws.roles.rewrite_teams(edit_id=edit_id)
                return self._accounts(edit.edit_id, len(edit.versions.get("account", ())))
            case ask.Undo(undoes=undoes, edit_id=edit_id):
                edit = self.ws.undo(undoes, as_id=edit_id)
                return self._accounts(edit.edit_id, len(edit.versions.get("account", ())))
            case ask.MakeReports():
                self._make_reports()
                return self._start()
            case ask.GetReport(week=week, name=name):
                return self._report(week, name)
            case _:
                return self._start()

    def facts(self) -> dict[str, int]:
        """How far the team is, in a few numbers."""
        tiles = count_tiles(self.ws)
        return {
            "lists": tiles["lists"]["lists"],
            "accounts": tiles["accounts"]["accounts"],
            "unassigned": tiles["owners"]["unassigned"],
            "coached": tiles["sessions"]["coached"],
        }

    def _start(self) -> StartResponse:
        week = this_week(self.ws)
        awaited = {each["id"]: each["n"] for each in week["awaited"]}
        return {
            "kind": "start",
            "tiles": count_tiles(self.ws),
            "this_week": week,
            "proposals": proposal_views(self.ws),
            "n_older_copies": len(compare_copies(self.ws.path).older),
            "may_share": self._may_share(),
            "links": self._links(awaited) if self._may_share() else [],
            "reports": self._reports(),
            "due": week_view(week_and_instant(self.ws, None)[0]) if self.ws.reps() else None,
        }

    def _accounts(self, edit_id: str = "", n: int = 0) -> AccountsResponse:
        return {
            "kind": "accounts",
            "accounts": assignable_accounts(self.ws),
            "colleagues": colleagues(self.ws),
            "tiles": count_tiles(self.ws),
            "edit_id": edit_id,
            "n": n,
        }

    def _may_share(self) -> bool:
        """Whether this page shows everybody's links: a coach or manager opened it, or it was opened without a link."""
        row = self.ws.ledger.find(Staff, self._author.person)
        return row is None or row.function in _HAND_OUT_LINKS

    def _links(self, awaited: Mapping[str, int]) -> list[LinkOf]:
        server = read_server(self.ws.path)
        urls = {each.person: each.url for each in personal_links(self.ws, server)} if server else {}
        return [
            {**each, "url": urls.get(each["id"], ""), "awaited": awaited.get(each["id"], 0)}
            for each in colleagues(self.ws)
            if not each["gone"]
        ]

    # Reports --------------------------------------------------------------------------------------------------------

    def _reports(self) -> list[ReportWeek]:
        """The weeks that have reports, the newest first."""
        folders = sorted((each.parent for each in (self.ws.path / "reports").glob(f"*/{MANIFEST}")), reverse=True)
        found: list[ReportWeek] = []
        for folder in folders:
            try:
                week = Week.parse(folder.name)
            except BadInput:
                continue
            reports = Manifest.read(folder).reports
            names = sorted(reports, key=lambda name: (name != "team", reports[name].title))
            if names and len(found) < _WEEKS:
                pages: list[ReportPage] = [{"name": name, "title": reports[name].title} for name in names]
                found.append({"week": week_view(week), "pages": pages})
        return found

    def _make_reports(self) -> None:
        """Make what is missing or has changed.

        Raises
        ------
        BadInput, StoreError
            Nothing was made.
        ReportError
            Some could not be made; the others are complete.
        """
        result = report_week(self.ws, progress=self._tell_progress)
        if result.failed:
            text = N_("{n} of {all} reports could not be made: {names}. The others are complete. Try again.")
            n_all = len(result.failed) + len(result.made) + len(result.skipped)
            names = [failure["rep"] for failure in result.failed]
            raise ReportError("start.reports", text, n=len(names), all=n_all, names=names)

    def _tell_progress(self, done: int, total: int) -> None:
        self.push({"kind": "progress", "step": "reports", "done": done, "total": total})

    def _report(self, week: str, name: str) -> FileResponse:
        """A page of a finished report; its name must be one that the week's manifest lists."""
        folder = self.ws.path / "reports" / str(Week.parse(week))
        file = f"{name}.html"
        try:
            if name not in Manifest.read(folder).reports:
                raise FileNotFoundError(file)
            return {"kind": "file", "name": file, "text": (folder / file).read_text(encoding="utf-8")}
        except OSError as exc:
            text = N_("The report {file} of {week} is gone. Make the reports of that week again.")
            raise BadInput("report.gone", text, file=name[:80], week=week) from exc

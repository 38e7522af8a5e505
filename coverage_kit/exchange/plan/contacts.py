"""Contacts of a file against the people we know: people and employments, never a slot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from pydantic_core import from_json

from coverage_kit.exchange.plan.contact_accounts import ContactAccounts
from coverage_kit.exchange.plan.contact_changes import ContactChanges, Unchanged
from coverage_kit.exchange.plan.contact_people import ContactPeople
from coverage_kit.exchange.plan.contact_rows import ContactRows, read_named
from coverage_kit.exchange.plan.evidence import KnownPeople
from coverage_kit.exchange.plan.import_plan import FileRow, ImportPlan, LastExport, is_newer_export
from coverage_kit.exchange.plan.memos import find_memo
from coverage_kit.exchange.plan.owners import Owners
from coverage_kit.exchange.plan.present import Present
from coverage_kit.exchange.plan.still_listed import StillListed


class ContactPlan:
    """What a file of contacts changes.

    Parameters
    ----------
    plan : ImportPlan
        Added to.
    present : Present
    last : LastExport
    default : str
        Role list of new accounts.
    new_id : callable
    """

    def __init__(
        self, plan: ImportPlan, present: Present, last: LastExport, default: str, new_id: Callable[[str], str]
    ) -> None:
        self._plan = plan
        self._last = last
        self._present = present
        self._accounts = ContactAccounts(plan, present, last, default)
        self._rows = ContactRows(plan, self._accounts, Owners(plan, present["staff"]))
        self._known = KnownPeople(present)
        self._who = ContactPeople(plan, present, last, new_id)
        self._changes = ContactChanges(plan, last, self._who, self._known)
        self._same = {row: ext_id for ext_id, row in last.rows.items()}

    def build(self, rows: Iterable[FileRow]) -> None:
        """Fill the plan."""
        unchanged: list[Unchanged] = []
        others = self._without_same(rows, unchanged) if self._same else [*rows]
        self._changes.named.update(ext_id for _, _, ext_id in unchanged)
        self._plan.count("unchanged", len(unchanged))
        self._accounts.look_at(others)
        contacts = [contact for row in others if (contact := self._rows.read(row)) is not None]
        self._accounts.note_departments()
        same = {employment for employment, _, _ in unchanged}
        self._who.match(contacts, set(same))
        self._changes.apply(contacts, unchanged)
        self._plan.returned = sorted(self._last.missing & self._changes.named)
        if not self._plan.table.is_rejects:
            listed = {contact.employment for contact in contacts} | same
            self._plan.missing = self._missing(listed)
            for one in self._plan.missing:
                self._known.note_gone(self._plan, one["id"])

    def _without_same(self, rows: Iterable[FileRow], unchanged: list[Unchanged]) -> list[FileRow]:
        """The rows that say something else than the last export did; the others change nothing, and are noted."""
        others: list[FileRow] = []
        employed = self._present.jobs_of_people
        has_keys = "account_key" in self._plan.table.columns
        for row in rows:
            ext_id = self._find_same(row.kept)
            employment = "" if ext_id is None else self._last.entities[ext_id]
            if ext_id is not None and employment in employed:
                unchanged.append((employment, row.number, ext_id))
                status = read_named(self._plan, row.cells).status
                memo = find_memo(row.kept, status, may_suggest=row.may_suggest, only_left=True)
                if memo is not None:
                    self._known.note_mark(self._plan, employment, memo)
                if has_keys or employment in self._known:
                    self._look_at_unchanged(row, employment)
            else:
                others.append(row)
        return others

    def _find_same(self, kept: bytes) -> str | None:
        """The id under which the last export had the very same row; each of several equal rows once."""
        again = self._equal.get(kept)
        return again.pop() if again else self._same.get(kept)

    @cached_property
    def _equal(self) -> dict[bytes, list[str]]:
        """The rows of the last export that stand there several times, to their ids."""
        rows = self._last.rows
        if len(self._same) == len(rows):
            return {}
        times = Counter(rows.values())
        found: dict[bytes, list[str]] = {}
        for ext_id, row in rows.items():
            if times[row] > 1:
                found.setdefault(row, []).append(ext_id)
        return found

    def _look_at_unchanged(self, row: FileRow, employment: str) -> None:
        key = row.cells.get("account_key", "")
        if key or employment in self._known:
            account = self._accounts.peek(key, row.cells.get("account", ""))
            cells = from_json(row.kept) if employment in self._known else row.cells
            self._known.look_at(self._plan, row.number, employment, cells, account)

    def _missing(self, listed: set[str]) -> list[dict[str, Any]]:
        """People of the last export who are not in this file; if it is another list, only those at its own accounts."""
        missing = []
        rejected = StillListed(self._plan)
        for ext_id, entity_id in self._last.entities.items():
            if ext_id in self._changes.named or entity_id in listed:
                continue
            job = self._who.jobs.get(entity_id)
            if job is not None and job.get("end_kind") is None:
                name = self._who.people[job["person_id"]]["name"]
                if rejected.has(ext_id, name or ""):
                    continue
                missing.append({"ext_id": ext_id, "id": entity_id, "name": name, "account": job["account_id"]})
        if is_newer_export(len(missing), len(self._last.entities)):
            return missing
        here = {job["account_id"] for one in listed if (job := self._who.jobs.get(one)) is not None}
        return [one for one in missing if one["account"] in here]

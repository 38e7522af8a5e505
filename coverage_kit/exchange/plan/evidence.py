"""Evidence: a known person looks different in a file. It is shown, graded, and never a verified fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from coverage_kit.domain.identifiers import name_key
from coverage_kit.exchange.plan.cells import is_worse_text
from coverage_kit.exchange.plan.gone_notes import is_inactive
from coverage_kit.exchange.plan.memos import Memo, MemoKind, read_memo
from coverage_kit.exchange.plan.person_names import read_person

if TYPE_CHECKING:
    from coverage_kit.exchange.plan.import_plan import ImportPlan
    from coverage_kit.exchange.plan.present import Present


class EvidenceKind(StrEnum):
    """How a person looks different."""

    MOVED = "moved"
    TITLE = "title"
    INACTIVE = "inactive"
    NOTED = "noted"
    GONE = "gone"


@dataclass(frozen=True)
class Evidence:
    """One person who looks different, with the required roles that it touches.

    Attributes
    ----------
    row : int
        Of the file; 0 for somebody who is not in it any more.
    person, account : str
        The person's name; the account where we have them.
    was, now : str
        What is written here, and what the file says.
    roles : list of str
        Required roles that the person holds at the account.
    kind : EvidenceKind
    employment, moved_to : str
        Ids: the job here, and the account in the file, where we have it.
    title : str
        What the file says they do there.
    """

    row: int
    person: str
    account: str
    was: str
    now: str
    roles: list[str] = field(default_factory=list)
    kind: EvidenceKind = EvidenceKind.MOVED
    employment: str = ""
    moved_to: str = ""
    title: str = ""


class KnownPeople:
    """Compares the people whom somebody has checked, or who hold a required role, with what a file says of them.

    Parameters
    ----------
    present : mapping
        The present rows of ``account person employment slot``.
    """

    def __init__(self, present: Present) -> None:
        self._roles: dict[str, list[str]] = {}
        for slot in present.get("slot", ()):
            if slot["employment_id"] is not None:
                self._roles.setdefault(slot["employment_id"], []).append(slot["role"])
        self._present = present
        self._people: dict[str, str] = {}
        self._accounts = {row["id"]: row["name"] or "" for row in present["account"]}
        #: The account of each employment that has not ended.
        self._open = {job: account for job, _, account, ended, _ in present.jobs if ended is None}
        self._known = {
            job for job, _, _, _, checked in present.jobs
            if job in self._open and (checked is not None or job in self._roles)
        }  # fmt: skip

    @cached_property
    def _known_jobs(self) -> dict[str, Mapping[str, Any]]:
        return {job["id"]: job for job in self._present.some("employment", self._known)}

    @cached_property
    def _all_jobs(self) -> dict[str, Mapping[str, Any]]:
        return {job["id"]: job for job in self._present["employment"]}

    def _job(self, employment: str) -> Mapping[str, Any] | None:
        return (self._known_jobs if employment in self._known else self._all_jobs).get(employment)

    def _name(self, person: str) -> str:
        if person not in self._people:
            self.add_names((row["id"], row["name"]) for row in self._present["person"])
        return self._people.get(person, "")

    def add_names(self, people: Iterable[tuple[str, str | None]]) -> None:
        """The names of people whose rows were not given, by id."""
        self._people |= {person: name or "" for person, name in people}

    def __contains__(self, employment: str) -> bool:
        return employment in self._known

    def look_at(
        self, plan: ImportPlan, row: int, employment: str, cells: Mapping[str, Any], account: str | None = None
    ) -> None:
        """Note what a row says of the person of an employment; ``account`` where it is another one."""
        own = self._open.get(employment)
        has_moved = own is not None and account is not None and account != own
        if employment in self._known or has_moved:
            found = self.compare(row, employment, cells, account, has_titles="title" in plan.table.columns)
            if found is not None:
                plan.evidence.append(found)

    def note_mark(self, plan: ImportPlan, employment: str, memo: Memo) -> None:
        """Note a person of whom the file says that they left, whom nobody here has checked and who holds no position."""
        if memo.kind is MemoKind.LEFT and employment in self._open and employment not in self._known:
            plan.marked_gone.add(employment)

    def note_gone(self, plan: ImportPlan, employment: str) -> None:
        """Note that a person is not in the newer file of a list that had them."""
        found = self.gone(employment)
        if found is not None:
            plan.evidence.append(found)

    def compare(
        self, row: int, employment: str, cells: Mapping[str, Any], account: str | None, *, has_titles: bool
    ) -> Evidence | None:
        """How a person looks different in a row; None where they do not."""
        job = self._job(employment) if employment in self._open else None
        if job is None:
            return None
        _, title, status = read_person(cells)
        ours = job["title"] or ""
        if account is not None and account != job["account_id"]:
            was, now = self._named(job["account_id"]), self._named(account)
            return self._evidence(row, job, EvidenceKind.MOVED, was, now, account, title)
        memo = read_memo(cells)
        # A word alone marks the person; what else a sentence says is for somebody to read.
        for text in (status, memo.text if memo is not None else ""):
            if is_inactive(text):
                return self._evidence(row, job, EvidenceKind.INACTIVE, "", text)
        if has_titles and ours and name_key(title) != name_key(ours) and not is_worse_text(title, ours):
            return self._evidence(row, job, EvidenceKind.TITLE, ours, title)
        return None if memo is None else self._evidence(row, job, EvidenceKind.NOTED, "", memo.text)

    def gone(self, employment: str) -> Evidence | None:
        """Evidence that a person is not listed any more."""
        job = self._job(employment) if employment in self._known else None
        return None if job is None else self._evidence(0, job, EvidenceKind.GONE, "", "")

    def _evidence(
        self,
        row: int,
        job: Mapping[str, Any],
        kind: EvidenceKind,
        was: str,
        now: str,
        moved_to: str = "",
        title: str = "",
    ) -> Evidence:
        employment = job["id"]
        roles = sorted(self._roles.get(employment, ()))
        name, account = self._name(job["person_id"]), job["account_id"]
        return Evidence(row, name, account, was, now, roles, kind, employment, moved_to, title)

    def _named(self, account: str) -> str:
        name = self._accounts.get(account, account)
        return name if name == account else f"{name} ({account})"

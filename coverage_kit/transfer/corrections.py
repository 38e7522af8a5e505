"""Corrections for the CRM: what we know better than its last export, in its own columns, under its own record ids.

A file holds only fields that differ, so that loading it changes nothing else. What was sent is noted; the next file holds
what is new. After the CRM has loaded a file, importing its next export gives no difference.

Long because each program's columns and what we know stand side by side.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from coverage_kit.domain.vocabulary import EndKind, EventKind
from coverage_kit.errors import BadInput
from coverage_kit.exchange import write_table
from coverage_kit.exchange.plan.cells import phone_digits
from coverage_kit.exchange.plan.columns import COLUMNS
from coverage_kit.exchange.plan.contact_rows import email_of
from coverage_kit.exchange.plan.gone_notes import is_inactive
from coverage_kit.exchange.plan.layouts import LAYOUTS
from coverage_kit.exchange.plan.person_names import read_person
from coverage_kit.i18n import N_, Texts
from coverage_kit.rules.events import event_change
from coverage_kit.rules.merging import follow_jobs
from coverage_kit.store import Ledger, load_kept_rows
from coverage_kit.store.entities import Account, Employment, Event, Person
from coverage_kit.store.source_rows import KeptRow

_DayOf = Callable[[int], str]
#: The kind of an export, as its event says it.
CORRECTIONS = "corrections"
_OF_PERSON = ("name", "email", "phone")
_OF_JOB = ("title", "department")
#: What a status column says of somebody who left, where it is written in Hangul and where not.
_GONE = {True: "퇴사", False: "Inactive"}
#: What a field is called in the summary.
FIELD_LABELS = {
    "name": N_("name"),
    "email": N_("e-mail"),
    "phone": N_("phone"),
    "title": N_("title"),
    "department": N_("department"),
    "account": N_("account"),
    "status": N_("status"),
    "duplicate": N_("duplicate of"),
}


@dataclass(frozen=True, slots=True)
class Correction:
    """One field of one record that differs here.

    Attributes
    ----------
    record : str
        The CRM's id; "" where its export has none.
    name, account : str
        Whose record it is, and at which account.
    field : str
        ``name email phone title department account status``, or ``duplicate``.
    was, now : str
    cells : dict
        Their columns to what they get; empty where somebody has to do it in the CRM by hand.
    changed_on : str
        The local day on which it was recorded here.
    """

    record: str
    name: str
    account: str
    field: str
    was: str
    now: str
    cells: dict[str, str]
    changed_on: str


@dataclass(frozen=True)
class CorrectionFile:
    """The corrections of one source, recorded ``until`` an instant: ``header`` and ``rows`` as its program loads them."""

    source: str
    header: list[str]
    rows: list[list[str]]
    corrections: list[Correction]
    until: int

    @property
    def by_hand(self) -> list[Correction]:
        """What the file cannot say."""
        return [each for each in self.corrections if not each.cells]


@dataclass(frozen=True)
class _State:
    """People, jobs and accounts of one instant."""

    people: Mapping[str, Person]
    jobs: Mapping[str, Employment]

    @classmethod
    def of(cls, ledger: Ledger, at: int | None, jobs: Iterable[str]) -> _State:
        own = {row.id: row for row in ledger.as_of(Employment, at, id=sorted(set(jobs)))}
        people = sorted({row.person_id for row in own.values()})
        own |= {row.id: row for row in ledger.as_of(Employment, at, person_id=people)}
        return cls({row.id: row for row in ledger.as_of(Person, at, id=people)}, own)


def sources_of(ledger: Ledger) -> list[str]:
    """The programs whose contacts were imported, by name; our own exports are none."""
    kept = {row.source for row in load_kept_rows(ledger, "contacts") if row.row is not None}
    return sorted(each for each in kept if not each.startswith("coverage-kit"))


def find_corrections(ledger: Ledger, layout: str | None, *, since: int | None, day_of: _DayOf) -> CorrectionFile:
    """What do we know better than a program's last export?

    Parameters
    ----------
    ledger : Ledger
    layout : str, optional
        The beginning of the program's name, such as ``salesforce``; needed only if several were imported.
    since : int, optional
        Only what was recorded after this instant, also if it was sent; by default what was not sent yet.
    day_of : callable
        The local day of an instant.

    Raises
    ------
    BadInput
        Nothing was imported from such a program, or several were and none is named.
    """
    with ledger.one_state():
        until = ledger.now()
        source = _choose_source(ledger, layout)
        kept = [row for row in load_kept_rows(ledger, "contacts") if row.source == source and row.row is not None]
        went = follow_jobs(ledger)
        live = [went.get(row.entity_id, row.entity_id) for row in kept]
        sent_at = _sent_at(ledger, source) if since is None else since
        finder = _Finder(
            ledger, _columns_of(ledger, source), _State.of(ledger, None, live),
            None if sent_at is None else _State.of(ledger, sent_at, live), day_of,
        )  # fmt: skip
        finder.learn_accounts(zip(kept, live, strict=True))
        found: list[Correction] = []
        for row, job in zip(kept, live, strict=True):
            if row.entity_id in went:
                found += finder.duplicate(row, job, kept, live)
            else:
                is_newer = sent_at is not None and since is None and row.at > sent_at
                found += finder.compare(row, job, is_newer)
    header, rows = _table(finder.columns["record"], found)
    return CorrectionFile(source, header, rows, found, until)


def write_corrections(
    ledger: Ledger, file: CorrectionFile, path: Path, *, encoding: str, t: Texts, edit_id: str | None = None
) -> Path:
    """Write the file and its summary, and note that it was sent; returns the summary's path."""
    write_table(path, file.header, file.rows, encoding=encoding)
    summary = path.with_name(f"{path.stem}-summary{path.suffix}")
    write_table(summary, *summary_table(file, t), encoding=encoding)
    note_sent(ledger, file.source, file.until, edit_id=edit_id)
    return summary


def note_sent(ledger: Ledger, source: str, until: int, *, edit_id: str | None = None) -> None:
    """Note that what was recorded until an instant was sent to a program."""
    body = {"kind": CORRECTIONS, "source": source, "until": until}
    ledger.save([event_change(EventKind.EXPORTED, body)], edit_id=edit_id)


def summary_table(file: CorrectionFile, t: Texts) -> tuple[list[str], list[list[str]]]:
    """Every correction in words: header and rows."""
    header = [t(word) for word in (N_("record"), N_("name"), N_("account"), N_("field"), N_("was"), N_("is now"), N_("recorded on"), N_("in the file"))]  # fmt: skip
    rows = [
        [
            each.record, each.name, each.account, t(FIELD_LABELS[each.field]), each.was, each.now, each.changed_on,
            t(N_("yes")) if each.cells else t(N_("no; change it in the CRM")),
        ]
        for each in file.corrections
    ]  # fmt: skip
    return header, rows


# Where it comes from -----------------------------------------------------------------------------------------------


def _choose_source(ledger: Ledger, layout: str | None) -> str:
    known = sources_of(ledger)
    found = [each for each in known if layout is None or each.startswith(layout)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise BadInput(
            "corrections.none",
            N_("No contacts were imported from {layout}; imported were: {known}. Import the CRM's export first."),
            layout=layout or "a CRM",
            known=known or "–",
        )
    raise BadInput(
        "corrections.several",
        N_("Contacts were imported from several programs; name one with --layout: {known}."),
        known=found,
    )


def _sent_at(ledger: Ledger, source: str) -> int | None:
    """When corrections were last sent to a program; None if never."""
    bodies = [json.loads(row.body or "{}") for row in ledger.as_of(Event) if row.kind == EventKind.EXPORTED]
    return max(
        (body["until"] for body in bodies if body.get("kind") == CORRECTIONS and body["source"] == source), default=None
    )


def _columns_of(ledger: Ledger, source: str) -> dict[str, str]:
    """Our column to theirs, as the last import of the program had them; of an older import, as the program names them."""
    events = sorted((row for row in ledger.as_of(Event) if row.kind == EventKind.IMPORTED), key=lambda row: -row.at)
    for row in events:
        body = json.loads(row.body or "{}")
        if body.get("source") == source and body.get("columns"):
            return {"record": "record", **body["columns"]}
    layout = next((each for each in LAYOUTS if each.key == source and "contacts" in each.kinds), None)
    special = {} if layout is None else {ours: names[0] for ours, names in layout.columns.items() if names}
    usual = ("record", "name", *_OF_JOB, "email", "phone", "account", "account_key", "status")
    return {ours: COLUMNS["contacts"][ours][0] for ours in usual if ours in COLUMNS["contacts"]} | special


def _table(record: str, found: Iterable[Correction]) -> tuple[list[str], list[list[str]]]:
    """One row a record, with the changed fields alone."""
    rows: dict[str, dict[str, str]] = defaultdict(dict)
    for each in found:
        if each.cells:
            rows[each.record] |= each.cells
    header = [record, *dict.fromkeys(column for cells in rows.values() for column in cells)]
    return header, [[key, *(cells.get(column, "") for column in header[1:])] for key, cells in rows.items()]


# What differs ------------------------------------------------------------------------------------------------------


class _Finder:
    """Compares kept rows with what is here now, and with what was here when corrections were last sent."""

    def __init__(
        self, ledger: Ledger, columns: dict[str, str], now: _State, then: _State | None, day_of: _DayOf
    ) -> None:
        self.columns = columns
        self._now = now
        self._then = then
        self._day_of = day_of
        self._names = dict(ledger.columns(Account, ("id", "name")))
        self._theirs: dict[str, dict[str, str]] = {}

    def learn_accounts(self, rows: Iterable[tuple[KeptRow, str]]) -> None:
        """How the program calls the accounts: its key and name of each."""
        for row, key in rows:
            job, cells = self._now.jobs.get(key), json.loads(row.row or "{}")
            if job is not None and job.end_kind is None:
                named = {name: cells[name] for name in ("account", "account_key") if cells.get(name)}
                self._theirs.setdefault(job.account_id, named)

    def compare(self, row: KeptRow, key: str, is_newer: bool) -> list[Correction]:
        """The corrections of one record; ``is_newer`` if its row changed since the last file was sent."""
        job = self._now.jobs.get(key)
        person = None if job is None else self._now.people.get(job.person_id)
        if job is None or person is None or person.erased_on:
            return []
        cells = json.loads(row.row or "{}")
        there = self._went_to(job)
        said = _said(cells)
        before = self._then_of(key) if not is_newer else {}
        values = _values(person, there or job)
        found = [
            self._correction(cells, job, person, field, said[field], value)
            for field, value in values.items()
            if not _is_same(field, said[field], value)
            and before.get(field, ...) != value
            and self._is_ours(field, value, person, job)
        ]
        if there is not None and before.get("account", ...) != there.account_id:
            found += self._moved(cells, job, person, there)
        elif there is None and job.end_kind is not None and before.get("end_kind", ...) != job.end_kind:
            found += self._left(cells, job, person)
        return found

    def duplicate(self, row: KeptRow, key: str, kept: list[KeptRow], live: list[str]) -> list[Correction]:
        """A record that was merged here: the CRM has no column for that, so the summary names both."""
        job = self._now.jobs.get(key)
        person = None if job is None else self._now.people.get(job.person_id)
        if job is None or person is None:
            return []
        if self._then is not None and row.entity_id not in self._then.jobs and key in self._then.jobs:
            return []
        stays = next((a.ext_id for a, b in zip(kept, live, strict=True) if b == key and a.entity_id == key), "")
        name = self._names.get(job.account_id, job.account_id)
        day = self._day_of(job.at)
        return [Correction(row.ext_id, person.name or "", name, "duplicate", "", stays or (person.name or ""), {}, day)]

    def _then_of(self, key: str) -> dict[str, str | None]:
        job = None if self._then is None else self._then.jobs.get(key)
        person = None if job is None or self._then is None else self._then.people.get(job.person_id)
        if job is None or person is None:
            return {}
        there = self._went_to(job, self._then)
        account = None if there is None else there.account_id
        return {**_values(person, there or job), "account": account, "end_kind": job.end_kind}

    def _went_to(self, job: Employment, state: _State | None = None) -> Employment | None:
        """The job of the person at the account they moved to."""
        if job.end_kind != EndKind.MOVED or job.moved_to is None:
            return None
        jobs = (state or self._now).jobs.values()
        return next(
            (each for each in jobs if each.person_id == job.person_id and each.account_id == job.moved_to), None
        )

    @staticmethod
    def _is_ours(field: str, value: str | None, person: Person, job: Employment) -> bool:
        """A field that is empty here was cleared by somebody, unless nobody ever touched it."""
        return value is not None or (person if field in _OF_PERSON else job).version > 1

    def _correction(
        self, cells: Mapping[str, str], job: Employment, person: Person, field: str, was: str, now: str | None
    ) -> Correction:
        record = cells.get("record", "")
        written = self._cells(field, now) if now is not None and record else {}
        row = person if field in _OF_PERSON else job
        return self._named(cells, job, person, field, was, now or "", written, row.at)

    def _cells(self, field: str, now: str) -> dict[str, str]:
        if field in self.columns:
            return {self.columns[field]: now}
        if field == "name" and {"first_name", "last_name"} & self.columns.keys():
            first, last = _parts(now)
            parts = {"first_name": first, "last_name": last}
            return {self.columns[part]: text for part, text in parts.items() if part in self.columns}
        return {}

    def _moved(self, cells: Mapping[str, str], job: Employment, person: Person, there: Employment) -> list[Correction]:
        name = self._names.get(there.account_id, there.account_id)
        theirs = self._theirs.get(there.account_id) or {"account": name, "account_key": there.account_id}
        if all(cells.get(column) == word for column, word in theirs.items()):
            return []
        written = {self.columns[column]: word for column, word in theirs.items() if column in self.columns}
        was = cells.get("account") or cells.get("account_key") or ""
        return [self._named(cells, job, person, "account", was, name, written if cells.get("record") else {}, job.at)]

    def _left(self, cells: Mapping[str, str], job: Employment, person: Person) -> list[Correction]:
        status = read_person(cells).status
        if is_inactive(status):
            return []
        column = self.columns.get("status", "")
        word = _GONE[any("가" <= sign <= "힣" for sign in column)]
        written = {column: word} if column and cells.get("record") else {}
        return [self._named(cells, job, person, "status", status, word, written, job.at)]

    def _named(
        self,
        cells: Mapping[str, str],
        job: Employment,
        person: Person,
        field: str,
        was: str,
        now: str,
        written: dict[str, str],
        at: int,
    ) -> Correction:
        account = self._names.get(job.account_id, job.account_id)
        return Correction(
            cells.get("record", ""), person.name or "", account, field, was, now, written, self._day_of(at)
        )


def _values(person: Person, job: Employment) -> dict[str, str | None]:
    return {
        **{name: getattr(person, name) for name in _OF_PERSON},
        **{name: getattr(job, name) for name in _OF_JOB},
    }


def _said(cells: Mapping[str, str]) -> dict[str, str]:
    """What a row says, as an import takes it."""
    person = read_person(cells)
    return {
        "name": person.name,
        "title": person.title,
        "email": email_of(dict(cells)) or "",
        **{name: cells.get(name, "") for name in ("phone", "department")},
    }


def _is_same(field: str, said: str, now: str | None) -> bool:
    one, other = (" ".join((text or "").split()) for text in (said, now))
    if field == "phone":
        return one == other or (phone_digits(one) == phone_digits(other) != "")
    return one.casefold() == other.casefold() if field == "email" else one == other


def _parts(name: str) -> tuple[str, str]:
    """First and last name; of a Korean name the first syllable is the family's."""
    if name and all("가" <= sign <= "힣" for sign in name):
        return name[1:], name[:1]
    first, _, last = name.rpartition(" ")
    return first, last

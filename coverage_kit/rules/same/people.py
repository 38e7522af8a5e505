"""Records that may be one person: a name alone is never enough, since Korean names are short and common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from coverage_kit.domain.identifiers import name_key
from coverage_kit.exchange.plan.cells import phone_digits
from coverage_kit.exchange.plan.person_names import read_person
from coverage_kit.rules.same.names import NameForms, block_keys, compare_names, name_forms
from coverage_kit.rules.same.reasons import Candidate, Reason

#: From this many records on, an e-mail or a number is nobody's own: a shared mailbox, a switchboard.
_SHARED = 4
#: Records of one name at one account beyond which nothing is compared but what they share exactly.
_CROWD = 30
_MAILBOXES = frozenset(
    "info sales contact office admin support help service webmaster mail email hello hr recruit master marketing"
    " purchase purchasing procurement account accounting finance reception secretary noreply cs team".split()
)


@dataclass(frozen=True, slots=True)
class Job:
    """A person at an account; ``company`` is the same for accounts that are one company."""

    account: str
    company: str
    title: str | None = None
    department: str | None = None
    started_on: str | None = None
    ended_on: str | None = None
    end_kind: str | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What is recorded of a person."""

    id: str
    name: str
    email: str | None
    phone: str | None
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class _Ready:
    record: PersonRecord
    forms: NameForms
    email: str
    phone: str


def find_same_people(
    records: Iterable[PersonRecord], not_same: frozenset[tuple[str, str]] = frozenset()
) -> list[Candidate]:
    """Which records may be one person, with the reasons; the surest first.

    Parameters
    ----------
    records : iterable of PersonRecord
    not_same : frozenset
        Pairs of ids, in alphabetical order, of whom somebody said that they are not the same.
    """
    people = [_ready(record) for record in records if record.name]
    _leave_out_shared(people)
    found: dict[tuple[str, str], Candidate] = {}
    for one, other in _pairs(people):
        key = (one.record.id, other.record.id) if one.record.id < other.record.id else (other.record.id, one.record.id)
        if key in found or key in not_same or key[0] == key[1]:
            continue
        reasons = _compare(one, other)
        if reasons:
            found[key] = Candidate("person", *key, reasons)
    order = list(Reason)
    return sorted(found.values(), key=lambda each: ([order.index(one) for one in each.reasons], each.one, each.other))


def _ready(record: PersonRecord) -> _Ready:
    name = record.name if record.name.isalpha() else read_person({"name": record.name}).name
    email = (record.email or "").casefold().strip()
    if email.partition("@")[0] in _MAILBOXES:
        email = ""
    phone = phone_digits(record.phone) if record.phone else ""
    return _Ready(record, name_forms(name), email, phone if len(phone) >= 7 else "")


def _leave_out_shared(people: list[_Ready]) -> None:
    """Blank e-mails and numbers that so many different names have that they are nobody's own."""
    for field in ("email", "phone"):
        names: dict[str, set[str]] = defaultdict(set)
        for one in people:
            if value := getattr(one, field):
                names[value].add(one.forms.plain)
        shared = {value for value, own in names.items() if len(own) >= _SHARED}
        if shared:
            for n, one in enumerate(people):
                if getattr(one, field) in shared:
                    email, phone = ("", one.phone) if field == "email" else (one.email, "")
                    people[n] = _Ready(one.record, one.forms, email, phone)


def _pairs(people: Sequence[_Ready]) -> Iterator[tuple[_Ready, _Ready]]:
    """Pairs worth a comparison: one e-mail, one number, or one name at one company, or where somebody moved to."""
    blocks: dict[tuple[str, str], list[_Ready]] = defaultdict(list)
    for one in people:
        if one.email:
            blocks["e", one.email].append(one)
        if one.phone:
            blocks["p", one.phone].append(one)
        companies = {job.company for job in one.record.jobs}
        companies |= {job.moved_to for job in one.record.jobs if job.moved_to}
        for key in block_keys(one.forms):
            for company in companies:
                blocks[key, company].append(one)
    for (kind, _), own in blocks.items():
        if 1 < len(own) <= _CROWD:
            yield from combinations(own, 2)
        elif len(own) > _CROWD and kind not in ("e", "p"):
            yield from _same_title(own)


def _same_title(own: Sequence[_Ready]) -> Iterator[tuple[_Ready, _Ready]]:
    titles: dict[str, list[_Ready]] = defaultdict(list)
    for one in own:
        for job in one.record.jobs:
            titles[name_key(job.title or "")].append(one)
    for title, those in titles.items():
        if title and len(those) <= _CROWD:
            yield from combinations(those, 2)


def _compare(one: _Ready, other: _Ready) -> tuple[Reason, ...]:
    """The reasons why two records may be one person; none if a name is all they share, or something speaks against it."""
    alike = compare_names(one.forms, other.forms)
    if alike is None:
        return ()
    reasons = []
    if one.email and one.email == other.email:
        reasons.append(Reason.EMAIL)
    if one.phone and one.phone == other.phone:
        reasons.append(Reason.PHONE)
    is_clear = not _has_other_email(one, other) and not _has_other_phone(one, other)
    if Reason.EMAIL not in reasons and not is_clear and _has_other_email(one, other):
        return ()
    together = {job.company for job in one.record.jobs} & {job.company for job in other.record.jobs}
    if together:
        reasons.append(Reason.ACCOUNT)
    if together and _same_work(one, other, together):
        reasons.append(Reason.TITLE)
    moved = _has_moved(one.record, other.record) or _has_moved(other.record, one.record)
    if moved:
        reasons.append(Reason.MOVED)
    is_reached = bool({Reason.EMAIL, Reason.PHONE} & set(reasons))
    by_work = is_clear and alike is not Reason.NEAR_NAME and (Reason.TITLE in reasons or moved)
    if not is_reached and not by_work:
        return ()
    return (*reasons, alike)


def _has_other_email(one: _Ready, other: _Ready) -> bool:
    """Two addresses of one domain are two people's; at two domains, somebody may have moved."""
    if not one.email or not other.email or one.email == other.email:
        return False
    return one.email.rpartition("@")[2] == other.email.rpartition("@")[2]


def _has_other_phone(one: _Ready, other: _Ready) -> bool:
    """Two mobile numbers."""
    return bool(
        one.phone and other.phone and one.phone != other.phone and _is_mobile(one.phone) and _is_mobile(other.phone)
    )


def _is_mobile(digits: str) -> bool:
    return digits.lstrip("0").startswith(("10", "11", "16", "17", "18", "19", "8210")) and len(digits) >= 9


def _same_work(one: _Ready, other: _Ready, together: set[str]) -> bool:
    """The same title at one company, and no other department; a title that is only a rank needs the department too."""
    return any(
        a.company == b.company and a.company in together and _is_one_position(a, b)
        for a in one.record.jobs
        for b in other.record.jobs
    )


def _is_one_position(one: Job, other: Job) -> bool:
    titles = [name_key(job.title or "") for job in (one, other)]
    departments = [name_key(job.department or "") for job in (one, other)]
    if not titles[0] or titles[0] != titles[1]:
        return False
    if all(departments):
        return departments[0] == departments[1]
    return titles[0] not in _RANKS


#: Titles that many people of a company have.
_RANKS = frozenset(
    "사원 주임 대리 과장 차장 부장 팀장 이사 상무 전무 매니저 책임 선임 수석 프로 manager seniormanager director engineer consultant"
    " assistant associate staff analyst specialist vicepresident vp supervisor".split()
)


def _has_moved(gone: PersonRecord, new: PersonRecord) -> bool:
    """One record says that the person moved to an account, and the other begins there, not before the first one ended."""
    return any(
        old.moved_to is not None and old.moved_to == job.account and (job.started_on or "9") >= (old.ended_on or "")
        for old in gone.jobs
        for job in new.jobs
    )

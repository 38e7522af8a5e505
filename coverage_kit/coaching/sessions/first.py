"""The first session, of one rep or several: the contact list of an account of their choice, and who is still there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.coaching.sessions.base import SessionBase
from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import AccountStatus, EndKind
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.rules.findings import ROLE_CHANGED, STILL, check_there, finding_changes
from coverage_kit.rules.lookup import get_account, get_employment, no_person
from coverage_kit.store.entities import Account, Employment, Person, SourceDates

_GONE = tuple(kind.value for kind in EndKind)
_UNSURE = "unsure"
#: Accounts offered by value, and as many by contacts.
_CHOICES = 5
_MARKS = (STILL, *_GONE, ROLE_CHANGED, _UNSURE)


@dataclass(frozen=True)
class Contact:
    """One person of the contact list; ``mark`` is what the rep said about them, if anything.

    ``version`` is the version of the employment.
    """

    person: str
    version: int
    name: str | None
    title: str | None
    department: str | None
    end_kind: str | None
    mark: str | None


@dataclass(frozen=True)
class ContactList:
    """The contact list of the chosen account, and how far the rep is through it."""

    account: str
    account_name: str
    total: int
    still: int
    gone: int
    changed: int
    unsure: int
    people: tuple[Contact, ...]

    @property
    def left(self) -> int:
        """How many are not marked yet."""
        return self.total - self.still - self.gone - self.changed - self.unsure


@dataclass(frozen=True)
class AccountChoice:
    """An account whose contact list may be gone through.

    ``updated_days`` and ``added_days`` say how long ago its contacts were last updated and added to, by the CRM's own dates.
    ``by_value`` and ``by_contacts`` say why it is offered.
    """

    account: str
    account_name: str
    value: float | None
    contacts: int
    updated_days: int | None
    added_days: int | None
    by_value: bool
    by_contacts: bool
    chosen: bool


def accounts_of(context: CoachingContext, rep: str) -> list[Account]:
    """The active accounts of a rep (id)."""
    return [row for row in context.ledger.as_of(Account) if row.owner_id == rep and row.status == AccountStatus.ACTIVE]


class FirstSteps(SessionBase):
    """The steps of a first session."""

    def contacts(self, rep: str | None = None) -> ContactList:
        """The contact list of the rep's chosen account, and the counter that falls.

        Raises
        ------
        BadInput
            The claim comes first, or there is no account.
        """
        owner = self._rep(rep)
        if self._claim(owner, None) is None:
            raise BadInput("session.claim_first", N_("First the claim: how many of these do you know?"))
        account = self._body[owner].contacts
        if account is None:
            raise BadInput("session.no_account", N_("{rep} has no account yet; assign one first."), rep=owner)
        people = self._contacts(account, self._body[owner].marks or {})
        marks = [each.mark or ("left" if each.end_kind else None) for each in people]
        return ContactList(
            account=account,
            account_name=get_account(self._context.ledger, account).name,
            total=len(people),
            still=marks.count(STILL),
            gone=sum(mark in _GONE for mark in marks),
            changed=marks.count(ROLE_CHANGED),
            unsure=marks.count(_UNSURE),
            people=people,
        )

    def account_choices(self, rep: str | None = None) -> list[AccountChoice]:
        """The accounts to begin with: the five largest by value, the five with the most contacts, and the chosen one."""
        owner = self._rep(rep)
        own, chosen = accounts_of(self._context, owner), self._body[owner].contacts
        ids = {row.id for row in own}
        ledger, today = self._context.ledger, self._context.today()
        counts = Counter(job.account_id for job in ledger.as_of(Employment) if job.account_id in ids)
        by_value = sorted(own, key=lambda row: (-(row.value or 0), row.id))[:_CHOICES]
        by_contacts = sorted(own, key=lambda row: (-counts[row.id], row.id))[:_CHOICES]
        offered = {row.id: row for row in [*by_value, *by_contacts, *(row for row in own if row.id == chosen)]}
        dates = ledger.as_of(SourceDates, account_id=list(offered)) if offered else []
        return [
            AccountChoice(
                account=row.id,
                account_name=row.name,
                value=row.value,
                contacts=counts[row.id],
                updated_days=_days_since((d.updated_on for d in dates if d.account_id == row.id), today),
                added_days=_days_since((d.added_on for d in dates if d.account_id == row.id), today),
                by_value=row in by_value,
                by_contacts=row in by_contacts,
                chosen=row.id == chosen,
            )
            for row in offered.values()
        ]

    def choose_account(self, account: str, rep: str | None = None, *, edit_id: str | None = None) -> None:
        """Go through the contact list of any account of the rep; what was marked stays.

        Parameters
        ----------
        account : str
            Key or name; a part of the name will do if no other account of the rep has it.
        rep : str, optional
        edit_id : str, optional

        Raises
        ------
        BadInput, NotFound
            The account is not one of this rep's, or several are meant.
        """
        self._check_open()
        owner = self._rep(rep)
        changed = replace(self._body[owner], contacts=self._own_account(owner, account).id)
        self._save([self._change(owner, changed)], edit_id=edit_id)

    def _own_account(self, owner: str, text: str) -> Account:
        """The account of a rep that a key, a name or a part of a name means."""
        try:
            row = get_account(self._context.ledger, text)
        except NotFound:
            key = name_key(text)
            near = [each for each in accounts_of(self._context, owner) if key and key in each.name_key]
            if not near:
                raise
            if len(near) > 1:
                names = [each.name for each in near]
                raise BadInput(
                    "session.several",
                    N_("'{text}' may be any of these accounts: {names}. Write more of the name."),
                    text=text[:40],
                    names=names[:_CHOICES] + (["…"] if len(names) > _CHOICES else []),
                ) from None
            [row] = near
        if row.owner_id != owner:
            raise BadInput(
                "session.foreign", N_("{account} is not one of {rep}'s accounts."), account=row.name, rep=owner
            )
        return row

    def _contacts(self, account: str, marks: dict[str, str]) -> tuple[Contact, ...]:
        jobs = self._context.ledger.as_of(Employment, account_id=account)
        people = self._context.rows(Person, (job.person_id for job in jobs))
        named = [(people[job.person_id].name if job.person_id in people else None, job) for job in jobs]
        return tuple(
            Contact(job.person_id, job.version, name, job.title, job.department, job.end_kind, marks.get(job.person_id))
            for name, job in sorted(named, key=lambda each: (each[0] or "", each[1].id))
        )

    def mark(
        self,
        person: str,
        state: str,
        rep: str | None = None,
        *,
        how: str | None = None,
        seen: int | None = None,
        edit_id: str | None = None,
    ) -> None:
        """Mark one contact: ``still`` there, ``left``, ``retired``, ``moved``, ``role_changed`` or ``unsure``.

        Each mark is one edit. A departure darkens the person's slots at once. A rep's memory is no check: ``still``
        verifies the slots only if ``how`` says how it was checked (``call``, ``meeting``, …). ``seen`` is the version of
        the employment that the user saw.
        """
        self._check_open()
        owner = self._rep(rep)
        if state not in _MARKS:
            raise BadInput(
                "field.word",
                N_("'{value}' is not a {field}; use one of: {words}."),
                value=state[:40],
                field="mark",
                words=list(_MARKS),
            )
        listed = self.contacts(owner)
        if person not in {each.person for each in listed.people}:
            raise no_person(listed.account)
        body = self._body[owner]
        noted = self._change(owner, replace(body, marks={**(body.marks or {}), person: state}))
        if state == _UNSURE or (state == STILL and how is None):
            self._save([noted], edit_id=edit_id)
            return
        ledger, today = self._context.ledger, self._context.today()
        if person not in (body.marks or {}):  # a mark made here can be corrected
            check_there(get_employment(ledger, listed.account, person), today)
        home = get_account(ledger, listed.account)
        changes = finding_changes(ledger, person, home, state, today=today, how=how, seen=seen)
        self._save([*changes, noted], edit_id=edit_id)


def _days_since(days: Iterable[str | None], today: date) -> int | None:
    last = max((day for day in days if day), default=None)
    return None if last is None else (today - date.fromisoformat(last)).days

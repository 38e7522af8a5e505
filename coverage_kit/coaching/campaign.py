"""A campaign list by consent: for accounts that nobody can visit, this is their plan.

Only people whom somebody verified and who consented are on it; an opt-out stands above all. What comes back, replies and
bounces, is evidence for the next five people to ask after, never a verification.
Long because the list, what is recorded when people call, and what comes back read the same consents.
Source: the method, section 1, the long tail (docs/reference/method.md).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.coaching.events import mail_change, mail_events
from coverage_kit.domain.consent import Scope, reminder_due_on
from coverage_kit.domain.vocabulary import EventKind
from coverage_kit.exchange.mail_results import MailResult, read_mail_results
from coverage_kit.i18n import N_
from coverage_kit.role_lists.slot_state import is_gone
from coverage_kit.rules.consent import consent_change, get_consent, opt_out_change, reminded_change, withdrawn_change
from coverage_kit.rules.inputs import as_word, past_day
from coverage_kit.rules.lookup import get_account, get_accounts, get_employment
from coverage_kit.store import Change, Edit
from coverage_kit.store.entities import Account, Consent, Employment, Person


class Lack(StrEnum):
    """Why a verified person is not on the list."""

    OPTED_OUT = "opted_out"
    NO_CONSENT = "no_consent"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    NO_ADDRESS = "no_address"


LACK_LABELS = {
    Lack.OPTED_OUT: N_("opted out of all messages"),
    Lack.NO_CONSENT: N_("no consent is recorded"),
    Lack.WITHDRAWN: N_("took the consent back"),
    Lack.ENDED: N_("the consent has ended"),
    Lack.NO_ADDRESS: N_("no address is recorded"),
}


@dataclass(frozen=True, slots=True)
class CampaignPerson:
    """A verified person of a campaign.

    Attributes
    ----------
    person, account, account_name : str
    name, title : str or None
    roles : tuple of str
        Keys of the required roles that the person holds at the account.
    address : str or None
        E-mail or phone number, as the scope asks.
    phone : str or None
        For asking.
    consent : Consent or None
    reminder_on : str or None
        The day by which the person must be reminded of the consent.
    lack : Lack or None
        Why the person is not on the list; None if they are.
    """

    person: str
    account: str
    account_name: str
    name: str | None
    title: str | None
    roles: tuple[str, ...]
    address: str | None
    phone: str | None
    consent: Consent | None
    reminder_on: str | None
    lack: Lack | None


@dataclass(frozen=True, slots=True)
class Campaign:
    """People who may be written to, and those who may not yet.

    Attributes
    ----------
    scope : Scope
    ready : list of CampaignPerson
        Verified, and consented.
    lacking : list of CampaignPerson
        Verified, and not on the list; ``lack`` says why.
    n_unverified : int
        People named in these positions whom nobody has verified in time; they are in neither list.
    """

    scope: Scope
    ready: list[CampaignPerson]
    lacking: list[CampaignPerson]
    n_unverified: int

    @property
    def lacks(self) -> Counter[Lack]:
        """How many people lack what."""
        return Counter(one.lack for one in self.lacking if one.lack is not None)


@dataclass(slots=True)
class ReadResults:
    """What a file of replies and bounces held; ``unknown`` are its rows whose address nobody here has."""

    replied: int = 0
    bounced: int = 0
    opted_out: int = 0
    known_already: int = 0
    unknown: list[int] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    edit_id: str = ""


@dataclass(frozen=True, slots=True)
class _Held:
    """The positions that a person holds at an account."""

    account_name: str
    title: str | None
    roles: list[str] = field(default_factory=list)


class Campaigns:
    """Consents of people, the list of those who may be written to, and what came back."""

    def __init__(self, context: CoachingContext) -> None:
        self._context = context

    def find(
        self,
        *,
        accounts: Sequence[str] | None = None,
        roles: Sequence[str] | None = None,
        scope: str = Scope.EMAIL,
        off_focus: bool = False,
    ) -> Campaign:
        """Who may be written to, and who lacks consent?

        Parameters
        ----------
        accounts : sequence of str, optional
            Keys or names; all by default.
        roles : sequence of str, optional
            Keys of required roles; all by default.
        scope : str
            ``email text phone``.
        off_focus : bool
            Only accounts that are on no focus list: those that nobody can visit.
        """
        context, kind = self._context, as_word(Scope, scope, "scope")
        now = context.now()
        slots = context.load(until=now).slots(now)
        slots = slots.loc[slots["counted"] & slots["named"] & slots["person"].notna()]
        if accounts is not None:
            slots = slots.loc[slots["account"].isin([each.id for each in get_accounts(context.ledger, accounts)])]
        if roles is not None:
            slots = slots.loc[slots["role"].isin(list(roles))]
        if off_focus:
            slots = slots.loc[~slots["focus"]]
        verified = slots.loc[slots["rung"] >= 2]
        held: dict[tuple[str, str], _Held] = {}
        columns = (verified[name] for name in ("account", "person", "account_name", "title", "role"))
        for account, person, name, title, role in zip(*columns, strict=True):
            held.setdefault((account, person), _Held(name, title if isinstance(title, str) else None)).roles.append(
                role
            )
        found = self._people(held, kind)
        met = {person for _, person in held}
        return Campaign(
            kind,
            [one for one in found if one.lack is None],
            [one for one in found if one.lack is not None],
            len(set(slots["person"]) - met),
        )

    def search(
        self, text: str, *, accounts: Sequence[str] | None = None, scope: str = Scope.EMAIL
    ) -> list[CampaignPerson]:
        """Contacts whose name holds a text, whether somebody verified them or not: anybody may opt out.

        Parameters
        ----------
        text : str
            Part of a name, in any case; nobody is found by nothing.
        accounts : sequence of str, optional
            Keys or names; all by default.
        scope : str
            ``email text phone``.
        """
        context, today, part = self._context, self._context.today(), text.strip().casefold()
        if not part:
            return []
        ledger = context.ledger
        names = ledger.columns(Person, ("id", "name", "merged_into"))
        people = [key for key, name, merged in names if merged is None and part in (name or "").casefold()]
        where = set() if accounts is None else {each.id for each in get_accounts(ledger, accounts)}
        jobs = [
            job
            for job in (ledger.as_of(Employment, person_id=people) if people else [])
            if (accounts is None or job.account_id in where) and not is_gone(job, today)
        ]
        homes = context.rows(Account, (job.account_id for job in jobs))
        held = {(job.account_id, job.person_id): _Held(homes[job.account_id].name, job.title) for job in jobs}
        return self._people(held, as_word(Scope, scope, "scope"))

    def _people(
        self,
        held: dict[tuple[str, str], _Held],
        scope: Scope,
    ) -> list[CampaignPerson]:
        context, today = self._context, self._context.today().isoformat()
        people = context.rows(Person, (person for _, person in held))
        consents = context.rows(Consent, (f"{person}:{scope}" for person in people))
        found = []
        for (account, key), own in held.items():
            person, consent = people[key], consents.get(f"{key}:{scope}")
            address = person.email if scope is Scope.EMAIL else person.phone
            lack = _lack(person, consent, address, today)
            found.append(
                CampaignPerson(
                    person=key,
                    account=account,
                    account_name=own.account_name,
                    name=person.name,
                    title=own.title,
                    roles=tuple(own.roles),
                    address=address,
                    phone=person.phone,
                    consent=consent,
                    reminder_on=reminder_due_on(consent.given_on, consent.reminded_on)
                    if consent is not None and consent.given_on is not None
                    else None,
                    lack=lack,
                )
            )
        return sorted(found, key=lambda one: (one.account_name, one.name or "", one.person))

    # Acts ----------------------------------------------------------------------------------------------------------

    def consent(
        self,
        person: str,
        account: str,
        scope: str,
        source: str,
        *,
        on: str | date | None = None,
        until: str | date | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """Record that a person consented to messages.

        Parameters
        ----------
        person, account : str
            Id or name.
        scope : str
            ``email text phone``.
        source : str
            Where it was given, such as "form at the fair".
        on, until : str or date, optional
            The day, today by default; the last day on which it holds, if it has one.
        edit_id : str, optional
            Send the same one again when a response got lost; it is written once.

        Raises
        ------
        BadInput, NotFound
        """
        kind, today = as_word(Scope, scope, "scope"), self._context.today()

        def changes() -> list[Change]:
            own = self._person(person, account)
            return [consent_change(self._context.ledger, own, kind, source, on=on, until=until, today=today)]

        return self._save_once(changes, edit_id)

    def withdraw(
        self, person: str, account: str, scope: str, *, on: str | date | None = None, edit_id: str | None = None
    ) -> Edit:
        """Record that a person took a consent back; today by default."""
        kind, today = as_word(Scope, scope, "scope"), self._context.today()

        def changes() -> list[Change]:
            row = get_consent(self._context.ledger, self._person(person, account), kind)
            return [withdrawn_change(row, on, today)]

        return self._save_once(changes, edit_id)

    def remind(
        self, person: str, account: str, scope: str, *, on: str | date | None = None, edit_id: str | None = None
    ) -> Edit:
        """Record that a person was reminded of a consent, as the law asks every two years; today by default."""
        kind, today = as_word(Scope, scope, "scope"), self._context.today()

        def changes() -> list[Change]:
            row = get_consent(self._context.ledger, self._person(person, account), kind)
            return [reminded_change(row, on, today)]

        return self._save_once(changes, edit_id)

    def opt_out(
        self,
        person: str,
        account: str,
        *,
        on: str | date | None = None,
        is_lifted: bool = False,
        edit_id: str | None = None,
    ) -> Edit:
        """Record that a person wants no messages at all, whatever they consented to; or, lifted, that they ask for them again."""
        today = self._context.today()

        def changes() -> list[Change]:
            return [opt_out_change(self._person(person, account), on, today, is_lifted=is_lifted)]

        return self._save_once(changes, edit_id)

    def read_results(self, file: str | Path, *, edit_id: str | None = None) -> ReadResults:
        """Read replies, bounces and opt-outs back from a file with columns e-mail, result and day.

        A reply or a bounce is evidence about the person; an opt-out is recorded. Reading the same file again changes
        nothing.

        Parameters
        ----------
        file : str or Path
            CSV or XLSX, as the mail program exports it.
        edit_id : str, optional

        Raises
        ------
        BadInput
            A column is missing, or a day lies ahead.
        """
        found = ReadResults()
        results, found.unread = read_mail_results(Path(file))
        changes = self._result_changes(results, found)
        found.edit_id = self._context.ledger.save(changes, edit_id=edit_id).edit_id if changes else ""
        return found

    def _result_changes(self, results: Iterable[MailResult], found: ReadResults) -> list[Change]:
        context, today = self._context, self._context.today()
        jobs = self._jobs_by_address()
        there = {(each.employment, each.kind, each.on) for each in mail_events(context.ledger)}
        opted_out: dict[str, str] = {}
        changes: list[Change] = []
        for one in results:
            day = date.fromisoformat(past_day(one.on, "day", today) or today.isoformat())
            own = jobs.get(one.address, [])
            if not own:
                found.unknown.append(one.row)
                continue
            if one.result is None:
                opted_out |= {job.person_id: day.isoformat() for job in own}
                continue
            fresh = [job for job in own if (job.id, one.result, day) not in there]
            there |= {(job.id, one.result, day) for job in fresh}
            changes += [mail_change(one.result, job.id, job.account_id, day) for job in fresh]
            found.known_already += not fresh
            found.replied += bool(fresh) and one.result is EventKind.MAIL_REPLIED
            found.bounced += bool(fresh) and one.result is EventKind.MAIL_BOUNCED
        for person in context.rows(Person, opted_out).values():
            if person.opted_out_on is None:
                changes.append(opt_out_change(person, opted_out[person.id], today))
                found.opted_out += 1
            else:
                found.known_already += 1
        return changes

    def _jobs_by_address(self) -> dict[str, list[Employment]]:
        """The jobs of people who are there, by e-mail in small letters."""
        ledger, today = self._context.ledger, self._context.today()
        addresses = {
            key: email.strip().lower()
            for key, email, merged in ledger.columns(Person, ("id", "email", "merged_into"))
            if email and merged is None
        }
        found: dict[str, list[Employment]] = defaultdict(list)
        for job in ledger.as_of(Employment):
            if job.person_id in addresses and not is_gone(job, today):
                found[addresses[job.person_id]].append(job)
        return found

    def _person(self, person: str, account: str) -> Person:
        ledger = self._context.ledger
        home: Account = get_account(ledger, account)
        job = get_employment(ledger, home.id, person)
        return next(iter(ledger.as_of(Person, id=[job.person_id])))

    def _save_once(self, changes: Callable[[], list[Change]], edit_id: str | None) -> Edit:
        """Save what an act writes; one that was sent before writes nothing, and is not checked again."""
        ledger = self._context.ledger
        with ledger.one_state():
            new = [] if edit_id is not None and ledger.has_edit(edit_id) else changes()
        return ledger.save(new, edit_id=edit_id)


def _lack(person: Person, consent: Consent | None, address: str | None, today: str) -> Lack | None:
    """Why a person is not on the list; the opt-out counts before all."""
    given_on = None if consent is None else consent.given_on
    if person.opted_out_on is not None:
        return Lack.OPTED_OUT
    if consent is None or given_on is None or given_on > today:
        return Lack.NO_CONSENT
    if consent.withdrawn_on is not None:
        return Lack.WITHDRAWN
    if consent.until is not None and consent.until < today:
        return Lack.ENDED
    return None if address else Lack.NO_ADDRESS

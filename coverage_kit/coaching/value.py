"""Value given to people, against a need, and what they said about it.

Source: the method, sections 3 and 4 (docs/reference/method.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.value import VALUE_LABELS
from coverage_kit.i18n import LANGUAGES, texts
from coverage_kit.measures import Balance, balances, value_balance
from coverage_kit.measures.value import Check, Given, Work
from coverage_kit.rules.lookup import get_account, get_employment
from coverage_kit.rules.value import get_value, given_change, words_change
from coverage_kit.store import Edit, entities, new_id
from coverage_kit.store.entities import Account, Commitment, Person, Slot


@dataclass(frozen=True)
class ValueGiven:
    """Something of use that a person got from us; ``received`` is what they said about it, None until they did."""

    id: str
    version: int
    kind: str
    what: str
    need: str
    voice: str | None
    account: str
    account_name: str
    person: str
    holder: str | None
    given_on: date
    given_by: str
    received: str | None
    received_on: date | None


class ValuesGiven:
    """What our people gave to people at customers."""

    def __init__(self, context: CoachingContext) -> None:
        self._context = context

    def kinds(self) -> dict[str, dict[str, str]]:
        """What the team counts as value, by key, in each language: its own list (config), or ours."""
        own = self._context.settings.values
        if own:
            return dict(own)
        return {key: {lang: texts(lang)(label) for lang in LANGUAGES} for key, label in VALUE_LABELS.items()}

    def give(
        self,
        person: str,
        account: str,
        kind: str,
        what: str,
        *,
        need: str | None = None,
        on: str | date | None = None,
        by: str | None = None,
        edit_id: str | None = None,
    ) -> str:
        """Record that a person got something of use from us.

        Parameters
        ----------
        person, account : str
            Id or name.
        kind : str
            A key of ``kinds``.
        what : str
            In one line. A meal, a gift, golf or a family occasion is refused.
        need : str, optional
            The need it answers: the id of what the person said, or the need in words. By default the line on what they need.
        on : str or date, optional
            Today by default.
        by : str, optional
            The colleague who gave it; the author by default.
        edit_id : str, optional

        Returns
        -------
        str
            The id of the value.

        Raises
        ------
        BadInput, NotFound
        """
        context = self._context
        job = get_employment(context.ledger, get_account(context.ledger, account).id, person)
        key = f"vg_{edit_id[3:]}" if edit_id else new_id("vg")
        change = given_change(
            context.ledger,
            key,
            job,
            kind,
            what,
            kinds=self.kinds(),
            need=need,
            on=on,
            by=context.staff_id(by) or context.me(),
            today=context.today(),
        )
        context.ledger.save([change], edit_id=edit_id)
        return key

    def receive(self, value: str, words: str, *, base: int | None = None, edit_id: str | None = None) -> Edit:
        """Write what the customer said about a value, in their own words: from then on it is received."""
        context = self._context
        change = words_change(get_value(context.ledger, value), words, context.today(), base=base)
        return context.ledger.save([change], edit_id=edit_id)

    def find(
        self, *, rep: str | None = None, account: str | None = None, person: str | None = None
    ) -> list[ValueGiven]:
        """Values given, the latest first: in a rep's accounts, at an account, to a person (id)."""
        context = self._context
        rep_id, ledger = context.staff_id(rep), context.ledger
        home = None if account is None else get_account(ledger, account).id
        rows = ledger.as_of(entities.ValueGiven) if home is None else ledger.as_of(entities.ValueGiven, account_id=home)
        accounts = context.rows(Account, (row.account_id for row in rows))
        people = context.rows(Person, (row.person_id for row in rows))
        found = [
            ValueGiven(
                id=row.id,
                version=row.version,
                kind=row.kind,
                what=row.what or "",
                need=row.need or "",
                voice=row.voice_id,
                account=row.account_id,
                account_name=accounts[row.account_id].name if row.account_id in accounts else row.account_id,
                person=row.person_id,
                holder=people[row.person_id].name if row.person_id in people else None,
                given_on=date.fromisoformat(row.given_on),
                given_by=row.given_by,
                received=row.received,
                received_on=date.fromisoformat(row.received_on) if row.received_on else None,
            )
            for row in rows
            if person in (None, row.person_id)
            and (rep_id is None or (row.account_id in accounts and accounts[row.account_id].owner_id == rep_id))
        ]
        return sorted(found, key=lambda value: (value.given_on, value.id), reverse=True)

    def balance(self, person: str, account: str) -> Balance:
        """How often did we ask something of this person in the last 90 days, and what did we give?"""
        ledger = self._context.ledger
        home = get_account(ledger, account).id
        job = get_employment(ledger, home, person).id
        return self.balances(home).get(job, Balance(0, 0, 0))

    def balances(self, account: str) -> dict[str, Balance]:
        """The same for each person of an account (id), by employment; people without anything are left out."""
        ledger = self._context.ledger
        slots = ledger.histories(Slot, account_id=account)
        work = ledger.as_of(Commitment, account_id=account)
        given = ledger.as_of(entities.ValueGiven, account_id=account)
        found = balances(
            [Check(row.id, row.employment_id, row.verified_on, row.verified_how) for row in slots],
            [Work(each.employment_id, each.kind, each.outcome, each.done_on) for each in work],
            [Given(row.employment_id, row.given_on, row.received_on) for row in given],
            self._context.today(),
        )
        return dict(found)

    def people(self, *, rep: str | None = None) -> pd.DataFrame:
        """People whom one of ours can meet, with what was asked and given in 90 days; those with nothing given first."""
        now = self._context.now()
        rep_id = self._context.staff_id(rep)
        return value_balance(self._context.load(rep=rep_id, until=now), now, rep=rep_id)

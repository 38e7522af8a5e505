"""Offerings: a list of the workspace. What an account buys, a role list asks for and a stage is about names one of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from coverage_kit.domain.identifiers import clean_key
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.role_lists.offerings import OfferingNames, new_offering_names
from coverage_kit.store import Change, Ledger
from coverage_kit.store.entities import Account, Offering


def get_offering(ledger: Ledger, text: str) -> Offering:
    """One offering by key or name.

    Raises
    ------
    NotFound
    """
    rows = {row.id: row for row in ledger.as_of(Offering)}
    key = _names_of(rows.values()).find(clean_key(text, "offering"))
    if key is None:
        raise NotFound(
            "offering.unknown",
            N_("No offering '{name}' here; known are: {known}."),
            name=text,
            known=sorted(rows)[:12] or "–",
        )
    return rows[key]


def offering_keys(
    ledger: Ledger, texts: Iterable[str], titles: Mapping[str, tuple[str, str]] | None = None
) -> tuple[list[str], list[Change]]:
    """Keys of offerings by what people wrote, each once; and the rows that enter those that are new.

    Parameters
    ----------
    ledger : Ledger
    texts : iterable of str
        Keys or names.
    titles : mapping, optional
        Names in Korean and English of new ones, by key; the key by default.
    """
    names = _names_of(ledger.as_of(Offering))
    keys: dict[str, None] = {}
    new = []
    for text in texts:
        key = names.find(text)
        if key is None:
            key = clean_key(text, "offering")
            names.add(key)
            new.append(_entered(key, *(titles or {}).get(key, (key, key))))
        keys[key] = None
    return list(keys), new


def added_offering(ledger: Ledger, key: str, *, ko: str, en: str) -> list[Change]:
    """The row that enters an offering.

    Raises
    ------
    BadInput
        Its key or a name of it is taken.
    """
    names = _names_of(ledger.as_of(Offering))
    for text in (key, ko, en):
        if names.find(clean_key(text, "offering")) is not None:
            raise BadInput("offering.taken", N_("There is an offering '{name}' already; rename it instead."), name=text)
    return [_entered(clean_key(key, "offering"), ko, en)._replace(base=0)]


def renamed_offering(ledger: Ledger, offering: str, *, ko: str | None = None, en: str | None = None) -> list[Change]:
    """The row that gives an offering other names; its key, and what names it, stay.

    Raises
    ------
    BadInput, NotFound
        Another offering has the name; there is no such offering.
    """
    names, row = _names_of(ledger.as_of(Offering)), get_offering(ledger, offering)
    before = json.loads(row.name)
    after = [clean_key(given or before[lang], "offering") for lang, given in (("ko", ko), ("en", en))]
    for name in after:
        if names.find(name) not in (None, row.id):
            raise BadInput("offering.taken", N_("There is an offering '{name}' already; rename it instead."), name=name)
    return [Change("offering", row.id, {"name": new_offering_names(*after)})]


def retired_offering(ledger: Ledger, offering: str, *, active: bool = False) -> list[Change]:
    """The row that takes an offering off the list of what can be chosen, or puts it back; what names it stays."""
    return [Change("offering", get_offering(ledger, offering).id, {"active": int(active)})]


def account_offerings(ledger: Ledger, accounts: Sequence[Account], offerings: Sequence[str]) -> list[Change]:
    """The rows that say what we sell at some accounts.

    Raises
    ------
    NotFound
        There is no such offering.
    BadInput
        It was retired, and the account does not have it.
    """
    rows = [get_offering(ledger, each) for each in offerings]
    keys = list(dict.fromkeys(row.id for row in rows))
    for account in accounts:
        gone = [row.id for row in rows if not row.active and row.id not in json.loads(account.offerings or "[]")]
        if gone:
            raise BadInput("offering.retired", N_("The offering '{name}' was retired; choose another."), name=gone[0])
    stored = json.dumps(keys, ensure_ascii=False) if keys else None
    return [Change("account", account.id, {"offerings": stored}, account.version) for account in accounts]


def _entered(key: str, ko: str, en: str) -> Change:
    named = new_offering_names(clean_key(ko, "ko"), clean_key(en, "en"))
    return Change("offering", key, {"name": named, "active": 1})


def _names_of(rows: Iterable[Offering]) -> OfferingNames:
    return OfferingNames((row.id, row.name) for row in rows)

"""Accounts that may be one company: by name without the legal form, sound, e-mail domain, place and people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz

from coverage_kit.domain.identifiers import name_key
from coverage_kit.exchange.plan.company_names import company_core, sound
from coverage_kit.rules.same.names import fold
from coverage_kit.rules.same.reasons import Candidate, Reason

_NEAR = 88
_CROWD = 40
#: Domains that say nothing of a company.
_FREE = frozenset(
    "gmail.com naver.com daum.net hanmail.net kakao.com nate.com outlook.com hotmail.com yahoo.com icloud.com"
    " example.com example.org korea.com live.com".split()
)


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """What is recorded of an account; ``domains`` are those of its people's e-mails, ``people`` keys of who is there."""

    id: str
    name: str
    industry: str | None
    region: str | None
    domains: frozenset[str]
    people: frozenset[str]


def find_same_accounts(
    records: Iterable[AccountRecord], not_same: frozenset[tuple[str, str]] = frozenset()
) -> list[Candidate]:
    """Which accounts may be one company, with the reasons; the surest first.

    Parameters
    ----------
    records : iterable of AccountRecord
    not_same : frozenset
        Pairs of ids, in alphabetical order, of which somebody said that they are not the same.
    """
    blocks: dict[str, dict[str, AccountRecord]] = defaultdict(dict)
    for one in records:
        core, _ = company_core(one.name)
        for key in (core, f"~{fold(sound(core))}", *(f"@{domain}" for domain in one.domains - _FREE)):
            blocks[key][one.id] = one
    found: dict[tuple[str, str], Candidate] = {}
    for own in blocks.values():
        if not 1 < len(own) <= _CROWD:
            continue
        for pair in combinations(sorted(own), 2):
            if pair not in found and pair not in not_same:
                reasons = _compare(own[pair[0]], own[pair[1]])
                if reasons:
                    found[pair] = Candidate("account", *pair, reasons)
    order = list(Reason)
    return sorted(found.values(), key=lambda each: ([order.index(one) for one in each.reasons], each.one, each.other))


def _compare(one: AccountRecord, other: AccountRecord) -> tuple[Reason, ...]:
    alike = _names(one.name, other.name)
    if alike is None:
        return ()
    reasons = []
    if (one.domains & other.domains) - _FREE:
        reasons.append(Reason.DOMAIN)
    places = [(name_key(each.region or ""), name_key(each.industry or "")) for each in (one, other)]
    if places[0] == places[1] and any(places[0]):
        reasons.append(Reason.PLACE)
    if len(one.people & other.people) >= 2:
        reasons.append(Reason.PEOPLE)
    is_sure = bool({Reason.DOMAIN, Reason.PEOPLE} & set(reasons))
    enough = is_sure or (alike is Reason.NAME and Reason.PLACE in reasons)
    return (*reasons, alike) if enough else ()


def _names(one: str, other: str) -> Reason | None:
    (core, form), (core_2, form_2) = company_core(one), company_core(other)
    if core == core_2:
        return None if form and form_2 and form != form_2 else Reason.NAME
    if fold(sound(core)) == fold(sound(core_2)) and core.isascii() != core_2.isascii():
        return Reason.SOUND
    digits = [[sign for sign in each if sign.isdigit()] for each in (core, core_2)]
    is_near = digits[0] == digits[1] and min(len(core), len(core_2)) >= 4 and fuzz.ratio(core, core_2) >= _NEAR
    return Reason.NEAR_NAME if is_near else None

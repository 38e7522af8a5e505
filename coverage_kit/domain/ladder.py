"""The ladder of one slot: which conditions hold on a day, and the rung they make.

This is the definition; ``measures.History`` computes the same for whole territories at once, and a property test keeps
the two equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coverage_kit.domain.vocabulary import Disposition, EndKind, Rung, SlotStatus

#: A verification counts for so many days, unless a role list says otherwise.
FRESHNESS_DAYS = 180
#: A verification that runs out within so many days is due soon.
DUE_DAYS = 30


@dataclass(frozen=True)
class Employment:
    """A person's job at an account, as the ladder needs it: whether and when it ended."""

    end_kind: EndKind | None = None
    ended_on: date | None = None


@dataclass(frozen=True)
class Representative:
    """Our one person for a slot; ``ended_on`` is the first day that colleague was no longer with us."""

    can_meet: bool = False
    can_deliver: bool = False
    ended_on: date | None = None


@dataclass(frozen=True)
class Slot:
    """The facts recorded about one account x one required role."""

    status: SlotStatus = SlotStatus.OPEN
    holder: Employment | None = None
    verified_on: date | None = None
    representative: Representative | None = None
    disposition: Disposition | None = None
    review_on: date | None = None


@dataclass(frozen=True)
class Conditions:
    """The five conditions of the ladder, lowest first."""

    named: bool = False
    known: bool = False
    represented: bool = False
    assessed: bool = False
    favorable: bool = False

    @property
    def rung(self) -> Rung:
        """The number of leading conditions that hold."""
        flags = (self.named, self.known, self.represented, self.assessed, self.favorable)
        return Rung(flags.index(False) if False in flags else len(flags))


def fresh(verified_on: date | None, day: date, window_days: int) -> bool:
    """Whether a verification still counts on a day: on the last day of its window yes, a day later no, from the future no."""
    return verified_on is not None and 0 <= (day - verified_on).days <= window_days


def gone(employment: Employment | None, day: date) -> bool:
    """Whether the person is no longer there on a day; an end without a date counts as past."""
    if employment is None:
        return True
    return employment.end_kind is not None and (employment.ended_on is None or employment.ended_on <= day)


def conditions(slot: Slot | None, day: date, window_days: int) -> Conditions | None:
    """Which conditions does a slot meet on a day?

    Parameters
    ----------
    slot : Slot or None
        None for a slot of which nothing was ever recorded.
    day : date
        The local day of the as-of instant.
    window_days : int
        The freshness window of the role list in force, in days.

    Returns
    -------
    Conditions or None
        None where the slot is out of the denominator (not applicable, and its review not yet due).
    """
    if slot is None:
        return Conditions()
    if slot.status is SlotStatus.NOT_APPLICABLE:
        due = slot.review_on is not None and slot.review_on <= day
        return Conditions() if due else None
    verified = fresh(slot.verified_on, day, window_days)
    if slot.status is SlotStatus.VACANT:
        return Conditions(named=verified, known=verified)
    if gone(slot.holder, day):
        return Conditions()
    ours = slot.representative
    with_us = ours is not None and (ours.ended_on is None or ours.ended_on > day)
    return Conditions(
        named=True,
        known=verified,
        represented=ours is not None and with_us and ours.can_meet and ours.can_deliver,
        assessed=slot.disposition is not None,
        favorable=bool(slot.disposition and slot.disposition.is_favorable),
    )

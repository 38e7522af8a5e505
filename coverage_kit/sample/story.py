"""The two samples: a small team whose story one can follow, and the case of the source at full size."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from coverage_kit.domain.ladder import FRESHNESS_DAYS
from coverage_kit.domain.playbooks import Playbooks
from coverage_kit.domain.week import Week, start_of_day
from coverage_kit.sample.clock import MovableClock
from coverage_kit.sample.coaching import CoachingStory
from coverage_kit.sample.crowd import crowd
from coverage_kit.sample.team import Team
from coverage_kit.sample.ties import draw_pictures
from coverage_kit.store import Ledger

LAST_WEEK = Week(2026, 47)
#: What a diligent, a slow and a steady rep do in a week; with a thousand accounts one call asks after several slots.
_ACTS, _CASE_ACTS = (17, 9, 13), (46, 22, 34)
#: Accounts of each rep of the case, 500 to nearly 1,000 as the source tells; for another total the same proportions.
_SHARES = (502, 545, 520, 506, 563, 511, 610, 528, 554, 660, 537, 964)


def tell(
    team: Team,
    *,
    size: str,
    n_reps: int,
    n_accounts: int,
    n_weeks: int,
    playbooks: Playbooks,
    progress: Any = iter,
) -> dict[str, int]:
    """Let the team work for some weeks, the last of which is 2026-W47.

    Parameters
    ----------
    team : Team
    size : str
        ``small`` or ``case``.
    n_reps, n_accounts, n_weeks : int
    playbooks : Playbooks
        The moves that the team's commitments name.
    progress : callable
        Wraps the weeks, for a progress bar.

    Returns
    -------
    dict
        ``reps accounts weeks``.
    """
    first = LAST_WEEK - (n_weeks - 1)
    case = size == "case"
    team.go_to(first.monday - timedelta(days=3))
    team.hire(n_reps)
    n_focus = 40 if case else 7
    team.open_accounts(
        _sizes(n_accounts, n_reps, uneven=case),
        n_focus=n_focus,
        n_contacts=(1, 8) if case else (3, 9),
        gone_share=0.35,
    )
    crowd(team, max((a for a in team.accounts if a.focus), key=lambda a: a.value), 268)
    coached = CoachingStory(team, playbooks, focus_size=n_focus)
    coached.monday(first, n=0, last=n_weeks - 1)
    _first_session(team, first)
    for n, week in enumerate(progress([first + i for i in range(n_weeks)])):
        if n:
            coached.monday(week, n=n, last=n_weeks - 1)
        if n == n_weeks - 2:
            draw_pictures(team, week)
        for i, rep in enumerate(team.reps):
            stalled = i == 1 and n_weeks - n <= 3
            n_acts = 0 if stalled else (_CASE_ACTS if case else _ACTS)[i % 3]
            team.week_of_work(rep, week, n_acts, at_once=4 if case else 1)
        _turns(team, week, n_weeks, excuses=not case)
    return {"reps": n_reps, "accounts": n_accounts, "weeks": n_weeks}


def end_of_story(team: Team) -> int:
    """The last instant of the sample: Sunday's last millisecond; nothing lands before it from here on."""
    at = LAST_WEEK.as_of(team.zone)
    team.clock.at = at
    team.ledger.reserve(at)
    return at


def _sizes(n_accounts: int, n_reps: int, *, uneven: bool) -> list[int]:
    """How many accounts each rep has: equal shares, or in the case from 500 to nearly 1,000 as the source tells."""
    share = [_SHARES[i % len(_SHARES)] if uneven else 1 for i in range(n_reps)]
    sizes = [n_accounts * part // sum(share) for part in share]
    return [size + (i < n_accounts - sum(sizes)) for i, size in enumerate(sizes)]


def _first_session(team: Team, week: Week) -> None:
    """Names from the old database that reps believe they know; hardly any of them are checked."""
    team.go_to(week.monday)
    for account in team.accounts:
        if not account.focus:
            continue
        for slot in account.slots[:5]:
            held = Counter(s.contact.person for s in account.slots if s.contact)
            fitting = [c for c in account.contacts if c.level == slot.level and not c.recorded_gone]
            contact = next((c for c in fitting if held[c.person] < 2), None)
            if contact is None or team.random.random() < 0.25:
                continue
            # Checked half a year ago, some just so long ago that it runs out while the story goes on.
            old = LAST_WEEK.sunday - timedelta(days=FRESHNESS_DAYS + team.random.choice((-40, 0, 3, 20, 60)))
            checked = old if team.random.random() < 0.5 and old < week.monday else None
            team.identify(account, [slot], week.monday, verified_on=checked, contact=contact)


def _turns(team: Team, week: Week, n_weeks: int, *, excuses: bool) -> None:
    """Events that the team does not cause."""
    first, last = LAST_WEEK - (n_weeks - 1), LAST_WEEK
    own = {rep: [a for a in team.accounts if a.rep == rep and a.focus] for rep in team.reps}
    team.go_to(week.monday + timedelta(days=4))
    team._moment += timedelta(hours=6)
    if week == first + 4:
        general = team.templates["general"]
        team.apply([general.model_copy(update={"freshness_days": 170})])
    if week == first + 5 and len(team.reps) > 2:
        others = [a for a in team.accounts if a.rep == team.reps[1] and not a.focus]
        team.hand_over(others[:3], team.reps[2])
    if week == last - 1 and own[team.reps[-1]]:
        account = own[team.reps[-1]][0]
        slots = [s for s in account.slots if s.contact is None and not s.closed]
        for slot in slots[:2]:
            team.vacate(account, slot, week.monday)
        for slot in slots[2:3] if excuses else ():
            team.excuse(account, slot, last.sunday + timedelta(days=120))
    if week == last:
        _last_week(team, own, week)


def _last_week(team: Team, own: dict[str, list[Any]], week: Week) -> None:
    """Something to read for everyone: a departure found, a mind changed, a colleague gone."""
    for i, rep in enumerate(team.reps):
        for account in own[rep]:
            slot = next((s for s in account.slots if s.contact and s.verified_on and s.assessed), None)
            if slot is None or i == 1:
                continue
            elsewhere = own[team.reps[0]][-1]
            team.depart(account, slot.contact, week.monday, "moved", elsewhere if elsewhere is not account else None)
            break
    for account in own[team.reps[0]]:
        slot = next((s for s in account.slots if s.contact and s.assessed == "negative"), None)
        if slot is not None:
            team.assess(account, slot, "neutral")
            break
    team.dismiss("service.moon", week.monday + timedelta(days=3))


def start_clock(ledger_zone: Any, n_weeks: int) -> MovableClock:
    """A clock that stands before the story begins."""
    first = LAST_WEEK - (n_weeks - 1)
    return MovableClock(start_of_day(first.monday - timedelta(days=4), ledger_zone))


__all__ = ["LAST_WEEK", "Ledger", "end_of_story", "start_clock", "tell"]

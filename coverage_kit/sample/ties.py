"""Reporting lines and some influences at the made-up accounts; with a separate random generator."""

from __future__ import annotations

import random
from datetime import datetime, time
from itertools import pairwise

from coverage_kit.coaching import tie_change
from coverage_kit.domain.vocabulary import Level, TieKind
from coverage_kit.domain.week import Week
from coverage_kit.sample.team import Account, Slot, Team
from coverage_kit.store import Change

_UP = {Level.PRACTITIONER: Level.MANAGER, Level.MANAGER: Level.EXECUTIVE}


def draw_pictures(team: Team, week: Week) -> None:
    """On a Monday the reps write down what they know of who stands how to whom at their focus accounts.

    The second rep, whose work has stopped by then, writes none.
    """
    chance = random.Random(41)
    functions = {role.key: role.function for template in team.templates.values() for role in template.roles}
    moment = datetime.combine(week.monday, time(8, 45), team.zone)
    for i, rep in enumerate(team.reps):
        own = [account for account in team.accounts if account.rep == rep and account.focus]
        changes = [change for account in own for change in _ties(account, functions, chance)]
        if i == 1 or not changes:
            continue
        team.clock.at = round(moment.timestamp() * 1000) + i
        team.ledger.actor = rep
        team.ledger.save(changes, edit_id=f"ed_ties{i:09d}")


def _ties(account: Account, functions: dict[str, str], chance: random.Random) -> list[Change]:
    holding: dict[str, Slot] = {}
    for slot in account.slots:
        if slot.contact and not slot.contact.recorded_gone:
            holding.setdefault(slot.contact.employment, slot)
    found = []
    for job, slot in holding.items():
        above = [
            (functions[other.role] != functions[slot.role], key)
            for key, other in holding.items()
            if other.level == _UP.get(Level(slot.level)) and key != job
        ]
        if above and chance.random() < 0.75:
            found.append((TieKind.REPORTS_TO, job, min(above)[1]))
    for first, second in pairwise(key for key, slot in holding.items() if slot.level != Level.PRACTITIONER):
        roll = chance.random()
        if roll < 0.35:
            found.append((TieKind.INFLUENCES, second, first))
        elif roll < 0.45:
            found.append((TieKind.AT_ODDS, second, first))
    return [tie_change(account.id, *tie) for tie in found]

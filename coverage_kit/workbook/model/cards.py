"""The next five people to ask after: whose last check runs out first, focus accounts before others.

Who was tried today and not reached stands behind the others.
"""

from __future__ import annotations

from datetime import date

from coverage_kit.coaching import person_events, tries_since
from coverage_kit.domain.week import local_day
from coverage_kit.workbook.model.page import read_page
from coverage_kit.workbook.model.responses import CardView, Line, PersonView, SlotView
from coverage_kit.workbook.model.territory import Territory

#: The most urgent first: runs out soon, run out, never checked.
_URGENCY = "dsn"
_STATES = {"due_soon": 0, "stale": 1, "never": 2}
_PER_ACCOUNT = 2


def next_cards(territory: Territory, *, limit: int = 5) -> list[CardView]:
    """Whom should the rep ask after next?

    Returns
    -------
    list of dict
        One card a person; ``tries`` and ``tried_on`` say how often somebody tried in vain since the last verification,
        and when last.
    """
    today = local_day(territory.ws.now(), territory.ws.zone).isoformat()
    cards: list[CardView] = []
    tried_today: list[CardView] = []
    for line in sorted(filter(_due, territory.lines.values()), key=_rank):
        own = _cards_of(territory, line)
        cards += [card for card in own if card["tried_on"] != today][:_PER_ACCOUNT]
        tried_today += [card for card in own if card["tried_on"] == today]
        if len(cards) >= limit:
            break
    return [*cards, *tried_today][:limit]


def _cards_of(territory: Territory, line: Line) -> list[CardView]:
    """A card for each person of one account whose check is due, the most urgent first."""
    ws = territory.ws
    happened = person_events(ws.ledger, line["id"])
    page = read_page(ws, line["id"], lists=territory.lists)
    own: dict[str, CardView] = {}
    balances = ws.coaching.value.balances(line["id"])
    for slot in sorted(page.slots, key=lambda slot: _STATES.get(slot["state"], 9)):
        holder = slot["holder"]
        if slot["state"] not in _STATES or holder is None:
            continue
        if holder["person"] not in own:
            tries = tries_since(happened, holder["employment"], holder["verified_on"], ws.zone)
            own[holder["person"]] = card_view(line["id"], line["name"], slot, holder, tries)
            balance = balances.get(holder["employment"])
            if balance is not None:
                own[holder["person"]] |= {"asked": balance.asked, "given": balance.given}
        own[holder["person"]]["roles"].append(slot["role"])
    return list(own.values())


def _due(line: Line) -> bool:
    return any(state in line["states"] for state in _URGENCY)


def _rank(line: Line) -> tuple[bool, int, float, str]:
    urgency = min(_URGENCY.index(state) for state in line["states"] if state in _URGENCY)
    return not line["focus"], urgency, -line["value"], line["id"]


def card_view(account: str, name: str, slot: SlotView, holder: PersonView, tries: list[date]) -> CardView:
    """The card of a person at an account (id and name), as one of the person's slots has it; the roles are added."""
    return {
        "account": account,
        "account_name": name,
        "person": holder["person"],
        "version": holder["version"],
        "name": holder["name"],
        "title": holder["title"],
        "department": holder["department"],
        "phone": holder["phone"],
        "need": holder["need"],
        "state": slot["state"],
        "verified_on": slot["verified_on"],
        "age_days": slot["age_days"],
        "tries": len(tries),
        "tried_on": tries[-1].isoformat() if tries else None,
        "roles": [],
        "asked": 0,
        "given": 0,
    }

"""The next five people to ask after: whose last check runs out first, focus accounts before others.

People from whom a mail came back, answered or not, stand before the others; those tried today and not reached behind.
"""

from __future__ import annotations

from datetime import date

from coverage_kit.coaching import PersonEvent, mail_events, mail_since, person_events, tries_since
from coverage_kit.domain.week import local_day
from coverage_kit.role_lists.slot_state import DUE, is_gone, urgency
from coverage_kit.store.entities import Employment
from coverage_kit.workbook.model.page import read_page
from coverage_kit.workbook.model.responses import CardView, Line, PersonView, SlotView
from coverage_kit.workbook.model.territory import Territory

#: The letters of ``DUE``, as the lines of a territory have them.
_URGENCY = "".join(each.letter for each in DUE)
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
    mailed = _mailed_accounts(territory)
    cards: list[CardView] = []
    tried_today: list[CardView] = []
    waiting = [line for line in territory.lines.values() if _due(line) or line["id"] in mailed]
    for line in sorted(waiting, key=lambda line: (line["id"] not in mailed, *_rank(line))):
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
    held = [(slot, slot["holder"]) for slot in page.slots if slot["holder"] is not None]
    mails = {one["employment"]: mail_since(happened, one["employment"], one["verified_on"]) for _, one in held if one}
    for slot, holder in sorted(held, key=lambda each: urgency(each[0]["state"])):
        if holder is None or (slot["state"] not in DUE and mails[holder["employment"]] is None):
            continue
        if holder["person"] not in own:
            tries = tries_since(happened, holder["employment"], holder["verified_on"], ws.zone)
            mail = mails[holder["employment"]]
            own[holder["person"]] = card_view(line["id"], line["name"], slot, holder, tries, mail)
            balance = balances.get(holder["employment"])
            if balance is not None:
                own[holder["person"]] |= {"asked": balance.asked, "given": balance.given}
        own[holder["person"]]["roles"].append(slot["role"])
    return sorted(own.values(), key=lambda card: card["mail_on"] is None)


def _mailed_accounts(territory: Territory) -> set[str]:
    """The accounts (ids) of people from whom a mail came back after their last verification."""
    ws = territory.ws
    events = mail_events(ws.ledger)
    jobs = ws.ledger.as_of(Employment, id=sorted({each.employment for each in events})) if events else []
    new = (job for job in jobs if mail_since(events, job.id, job.verified_on) and not is_gone(job, ws.today()))
    return {job.account_id for job in new}


def _due(line: Line) -> bool:
    return any(state in line["states"] for state in _URGENCY)


def _rank(line: Line) -> tuple[bool, int, float, str]:
    due = (_URGENCY.index(state) for state in line["states"] if state in _URGENCY)
    urgency = min(due, default=len(_URGENCY))
    return not line["focus"], urgency, -line["value"], line["id"]


def card_view(
    account: str, name: str, slot: SlotView, holder: PersonView, tries: list[date], mail: PersonEvent | None = None
) -> CardView:
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
        "mail": mail.kind.value if mail else "",
        "mail_on": mail.on.isoformat() if mail and mail.on else None,
        "roles": [],
        "asked": 0,
        "given": 0,
    }

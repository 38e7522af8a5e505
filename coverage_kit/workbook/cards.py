"""The next five people to ask after: whose last check runs out first, focus accounts before others."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from coverage_kit.workbook.page import read_page
from coverage_kit.workbook.territory import Line, Territory

#: The most urgent first: runs out soon, run out, never checked.
_URGENCY = "dsn"
_STATES = {"due_soon": 0, "stale": 1, "never": 2}
_PER_ACCOUNT = 2


def next_cards(territory: Territory, *, skip: Collection[str] = (), limit: int = 5) -> list[dict[str, Any]]:
    """Whom should the rep ask after next?

    Parameters
    ----------
    territory : Territory
    skip : collection of str
        People the rep could not reach in this sitting.
    limit : int

    Returns
    -------
    list of dict
        One card a person: ``account account_name person name title phone need roles state verified_on age_days``.
    """
    cards: list[dict[str, Any]] = []
    for line in sorted(filter(_due, territory.lines.values()), key=_rank):
        page = read_page(territory.ws, line["id"], standard=territory.standard)
        own: dict[str, dict[str, Any]] = {}
        for seat in sorted(page.seats, key=lambda seat: _STATES.get(seat["state"], 9)):
            holder = seat["holder"]
            if seat["state"] not in _STATES or holder is None or holder["person"] in skip:
                continue
            card = own.setdefault(holder["person"], {**_card(line, seat), "roles": []})
            card["roles"].append(seat["role"])
        cards += list(own.values())[:_PER_ACCOUNT]
        if len(cards) >= limit:
            break
    return cards[:limit]


def _due(line: Line) -> bool:
    return any(state in line["states"] for state in _URGENCY)


def _rank(line: Line) -> tuple[bool, int, float, str]:
    urgency = min(_URGENCY.index(state) for state in line["states"] if state in _URGENCY)
    return not line["focus"], urgency, -line["value"], line["id"]


def _card(line: Line, seat: dict[str, Any]) -> dict[str, Any]:
    holder = seat["holder"]
    told = {key: holder[key] for key in ("person", "name", "title", "department", "phone", "need")}
    dates = {key: seat[key] for key in ("state", "verified_on", "age_days")}
    return {"account": line["id"], "account_name": line["name"], **told, **dates}

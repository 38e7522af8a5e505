"""The measures: pure functions of a history as of an instant; frame in, frame out."""

from coverage_kit.measures.agenda import REASONS, next_things
from coverage_kit.measures.contacts import FRESHNESS, contacts, freshness, several_roles
from coverage_kit.measures.coverage import blind_roles, coverage, open_seats
from coverage_kit.measures.history import History
from coverage_kit.measures.movement import cleaned, movement, waterfall
from coverage_kit.measures.pace import Pace, capacity, pace, stall, trend, verifications
from coverage_kit.measures.snapshot import CONDITIONS

__all__ = [
    "CONDITIONS",
    "FRESHNESS",
    "REASONS",
    "History",
    "Pace",
    "blind_roles",
    "capacity",
    "cleaned",
    "contacts",
    "coverage",
    "freshness",
    "movement",
    "next_things",
    "open_seats",
    "pace",
    "several_roles",
    "stall",
    "trend",
    "verifications",
    "waterfall",
]

"""The measures: pure functions of a history as of an instant; frame in, frame out."""

from coverage_kit.measures.agenda import REASONS, agenda, rotation
from coverage_kit.measures.audit import audit
from coverage_kit.measures.calibration import calibration, spread
from coverage_kit.measures.candidates import candidates
from coverage_kit.measures.commitments import (
    by_function,
    carried,
    commitment_states,
    commitments,
    doors,
    move_outcomes,
    of_week,
    reasons,
    with_movement,
)
from coverage_kit.measures.contacts import FRESHNESS, contacts, freshness, several_roles
from coverage_kit.measures.coverage import blind_roles, coverage, open_slots
from coverage_kit.measures.history import History
from coverage_kit.measures.movement import cleaned, movement, waterfall
from coverage_kit.measures.must_win import depth, effort_elsewhere, must_win, pillars, thin_accounts, unknown_positions
from coverage_kit.measures.pace import Pace, began, capacity, efforts, pace, stall, trend, verifications
from coverage_kit.measures.patterns import QUESTIONS, patterns
from coverage_kit.measures.rounds import (
    coached,
    dark_without_colleague,
    dark_without_person,
    focus_proposal,
    found_in_role,
    shared_blind_role,
    walked,
)
from coverage_kit.measures.routes import path_steps, paths
from coverage_kit.measures.snapshot import CONDITIONS
from coverage_kit.measures.value import Balance, balances, value_balance, value_by_kind
from coverage_kit.measures.voices import answered, by_age, reach, voices

#: Deprecated: notebooks of version 0.1.0 import this name; use ``open_slots``.
open_seats = open_slots

__all__ = [
    "CONDITIONS",
    "FRESHNESS",
    "QUESTIONS",
    "REASONS",
    "Balance",
    "History",
    "Pace",
    "agenda",
    "answered",
    "audit",
    "balances",
    "began",
    "blind_roles",
    "by_age",
    "by_function",
    "calibration",
    "candidates",
    "capacity",
    "carried",
    "cleaned",
    "coached",
    "commitment_states",
    "commitments",
    "contacts",
    "coverage",
    "dark_without_colleague",
    "dark_without_person",
    "depth",
    "doors",
    "effort_elsewhere",
    "efforts",
    "focus_proposal",
    "found_in_role",
    "freshness",
    "move_outcomes",
    "movement",
    "must_win",
    "of_week",
    "open_seats",
    "open_slots",
    "pace",
    "path_steps",
    "paths",
    "patterns",
    "pillars",
    "reach",
    "reasons",
    "rotation",
    "several_roles",
    "shared_blind_role",
    "spread",
    "stall",
    "thin_accounts",
    "trend",
    "unknown_positions",
    "value_balance",
    "value_by_kind",
    "verifications",
    "voices",
    "walked",
    "waterfall",
    "with_movement",
]

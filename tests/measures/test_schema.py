"""Every frame that a measure returns has the columns and dtypes that are written down, also if there is nothing to show."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import coverage_kit.measures as m
from coverage_kit import init_workspace
from coverage_kit.config import AgendaWeights
from coverage_kit.domain.week import Week
from coverage_kit.measures import schema
from coverage_kit.measures.checks import checks_made
from coverage_kit.measures.schema import FrameSchema
from coverage_kit.store.load import load_versions
from coverage_kit.workspace import Workspace


def frames(ws: Workspace, rep: str) -> Iterator[tuple[FrameSchema, pd.DataFrame]]:
    at = ws.now()
    start, history = at - 14 * 86_400_000, ws.history(until=at)
    slots, own = history.slots(at), history.slots(at, rep)
    commitments, voices, moves = m.commitments(history, at), m.voices(history, at), m.movement(history, start, at)
    yield schema.SLOTS, slots
    yield schema.ROLES, history.roles(at)
    yield schema.COVERAGE, m.coverage(slots)
    yield schema.BLIND_ROLES, m.blind_roles(slots)
    yield schema.OPEN_SLOTS, m.open_slots(slots)
    yield schema.SEVERAL_ROLES, m.several_roles(slots)
    yield schema.CONTACTS, m.contacts(history, at)
    yield schema.MOVES, moves
    yield schema.WATERFALL, m.waterfall(moves)
    yield schema.CLEANED, m.cleaned(history, start, at)
    yield schema.TREND, m.trend(history, [(Week(2026, 45), start), (Week(2026, 46), at)])
    yield schema.STALL, m.stall(history, at)
    yield schema.STATES, m.commitment_states(history.frames["commitment"], at, history.day(at))
    yield schema.COMMITMENTS, commitments
    yield schema.BY_FUNCTION, m.by_function(commitments, history.as_of("staff", at))
    yield schema.MOVE_OUTCOMES, m.move_outcomes(commitments)
    yield schema.DOORS, m.doors(commitments, slots)
    yield schema.CALIBRATION, m.calibration(history, at)
    yield schema.VOICES, voices
    yield schema.BY_AGE, m.by_age(voices)
    yield schema.ANSWERED, m.answered(history, at, start)
    yield schema.VALUE_BALANCE, m.value_balance(history, at)
    yield schema.VALUE_BY_KIND, m.value_by_kind(history, at)
    yield schema.REACH, m.reach(history, at)
    yield schema.PATTERNS, m.patterns(history, start, at, rep)
    yield schema.COACHED, m.coached(history, start, at)
    yield schema.FOUND_IN_ROLE, m.found_in_role(slots, "cfo")
    yield schema.GOING_DARK, m.dark_without_person(slots, "nobody")
    yield schema.GOING_DARK, m.dark_without_colleague(slots, rep)
    yield schema.FOCUS_PROPOSAL, m.focus_proposal(own, 5)
    yield schema.DEPTH, m.thin_accounts(history, at, [rep])
    yield schema.AUDIT, m.audit(history, at, load_versions(ws.ledger, "source_dates", until=at))
    yield schema.UNKNOWN_POSITIONS, m.unknown_positions(history, at, [])
    yield schema.PILLARS, m.pillars(history, at, [])
    yield schema.PATH_STEPS, m.path_steps(history, at)
    yield schema.PATHS, m.paths(history, at)
    yield schema.MUST_WIN, m.must_win(history, at, "2026-Q4")
    yield schema.AGENDA, m.agenda(own, history.day(at), at)
    yield schema.CANDIDATES, m.candidates(own, history.day(at), at, weights=AgendaWeights())
    yield schema.CHECKS_MADE, checks_made(history, start, at, rep)
    yield schema.ROTATION, m.rotation(own, m.walked(history, at), at)


@pytest.mark.slow
@pytest.mark.parametrize("is_filled", [False, True], ids=["empty", "sample"])
def test_every_measure_gives_the_frame_that_its_schema_names(tmp_path: Path, is_filled: bool) -> None:
    from coverage_kit.sample import fill_workspace

    with init_workspace(tmp_path / "ws", lang="en", actor="ann") as ws:
        if is_filled:
            fill_workspace(ws)
        seen = list(frames(ws, ws.reps()[0] if is_filled else "nobody"))
    assert [(own.names, faults) for own, frame in seen if (faults := own.faults(frame))] == []
    assert {id(own) for own, _ in seen} == {id(each) for each in vars(schema).values() if isinstance(each, FrameSchema)}
    assert any(len(frame) for _, frame in seen) or not is_filled


def test_a_frame_that_differs_from_its_schema_is_told_apart() -> None:
    frame = pd.DataFrame({"cause": ["left"], "gained": [1], "lost": [0], "net": [1]})
    assert schema.WATERFALL.faults(frame) == []
    assert schema.WATERFALL.faults(frame.astype({"net": float})) == ["net is float64, no count"]
    assert schema.WATERFALL.faults(frame[["cause"]]) == ["columns are cause; expected cause, gained, lost, net"]

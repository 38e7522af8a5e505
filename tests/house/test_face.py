"""The Python face: other people's scripts and notebooks rely on these names."""

from __future__ import annotations

import ast
import inspect
import json
from pathlib import Path

import pytest

import coverage_kit
from coverage_kit import measures, reporting, workbook

ROOT = Path(__file__).parents[2]

FACE = [
    "BadInput", "Conflict", "CoverageKitError", "NotFound", "ReportError", "StoreError", "Week", "Workspace",
    "__version__", "init_workspace", "make_minutes", "open_workspace", "report",
]  # fmt: skip
WORKSPACE = [
    "apply_roles", "assign", "audit", "close", "coaching", "corrections", "edit_person", "edit_slot", "end_employment", "export_corrections", "export_file", "history",
    "import_file", "instant", "lang", "last_week", "merging", "now", "people", "read_roles", "reps", "roles", "slots", "status",
    "suggest_roles", "today", "unconfirmed", "undo", "zone",
]  # fmt: skip
MEASURES = [
    "Balance", "CONDITIONS", "FRESHNESS", "History", "Pace", "QUESTIONS", "REASONS", "agenda", "answered", "audit", "balances",
    "began", "blind_roles", "by_age", "by_function", "calibration", "candidates", "capacity", "carried", "cleaned",
    "coached", "commitment_states", "commitments", "contacts", "coverage", "dark_without_colleague",
    "dark_without_person", "depth", "doors", "effort_elsewhere", "efforts", "focus_proposal", "found_in_role",
    "freshness", "move_outcomes", "movement", "must_win", "of_week", "open_seats", "open_slots", "pace", "path_steps", "paths", "patterns",
    "pillars", "reach", "reasons", "rotation", "several_roles", "shared_blind_role", "spread", "stall",
    "thin_accounts", "trend", "unknown_positions", "value_balance", "value_by_kind", "verifications",
    "voices", "walked", "waterfall", "with_movement",
]  # fmt: skip
SCREENS = [
    "RepBook", "open_coach_session", "open_contact_audit", "open_contacts", "open_duplicates", "open_import", "open_my_page", "open_rep_workbook", "open_role_lists",
    "open_start",
]  # fmt: skip
REPORTS = [
    "build_agreement",
    "build_contact_audit",
    "build_deal_review",
    "build_minutes",
    "build_rep_weekly",
    "build_team_weekly",
]
PINNED = {
    "coverage_kit": FACE, "coverage_kit.measures": MEASURES, "coverage_kit.workbook": SCREENS,
    "coverage_kit.reporting": REPORTS,
}  # fmt: skip


def test_the_face_is_these_names() -> None:
    assert sorted(coverage_kit.__all__) == sorted(FACE)
    assert all(hasattr(coverage_kit, name) for name in FACE)


@pytest.mark.parametrize(("room", "names"), [(measures, MEASURES), (workbook, SCREENS), (reporting, REPORTS)])
def test_a_room_that_notebooks_import_from_offers_these_names(room: object, names: list[str]) -> None:
    assert sorted(room.__all__) == names
    assert all(hasattr(room, name) for name in names)


@pytest.mark.parametrize("path", sorted(ROOT.glob("[nt]*/**/*.ipynb")), ids=lambda path: path.name)
def test_a_notebook_imports_pinned_names_only(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    nodes = [node for source in sources for node in ast.walk(ast.parse(source))]
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named = {(node.module, alias.name) for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert modules <= {"coverage_kit"}
    assert named <= {(room, name) for room, names in PINNED.items() for name in names}


def test_a_workspace_has_these_methods() -> None:
    assert [name for name in dir(coverage_kit.Workspace) if not name.startswith("_")] == WORKSPACE


def test_report_has_every_option_of_the_command() -> None:
    from coverage_kit.cli.reports import report as command

    options = {option.name for option in command.params} - {"folder", "as_json"}
    assert options <= set(inspect.signature(coverage_kit.report).parameters)


def test_notebooks_of_version_0_1_0_find_what_they_import() -> None:
    from coverage_kit.measures import blind_roles, coverage, movement, open_seats, waterfall
    from coverage_kit.reporting import build_rep_weekly, build_team_weekly
    from coverage_kit.workbook import open_coach_session, open_rep_workbook
    from coverage_kit.workbook.import_view import open_import

    measures = (blind_roles, coverage, movement, open_seats, waterfall)
    screens = (open_coach_session, open_rep_workbook, open_import)
    assert all(callable(each) for each in (*measures, *screens, build_rep_weekly, build_team_weekly))

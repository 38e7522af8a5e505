"""The Python face: other people's scripts and notebooks rely on these names."""

from __future__ import annotations

import inspect

import coverage_kit

FACE = [
    "BadInput", "Conflict", "CoverageKitError", "NotFound", "ReportError", "StoreError", "Week", "Workspace",
    "__version__", "init_workspace", "open_workspace", "report",
]  # fmt: skip
WORKSPACE = [
    "apply_roles", "assign", "close", "coaching", "edit_person", "edit_slot", "end_employment", "export_file", "history",
    "import_file", "instant", "lang", "last_week", "now", "people", "read_roles", "reps", "roles", "slots", "status",
    "suggest_roles", "today", "unconfirmed", "undo", "zone",
]  # fmt: skip


def test_the_face_is_these_names() -> None:
    assert sorted(coverage_kit.__all__) == sorted(FACE)
    assert all(hasattr(coverage_kit, name) for name in FACE)


def test_a_workspace_has_these_methods() -> None:
    assert [name for name in sorted(vars(coverage_kit.Workspace)) if not name.startswith("_")] == WORKSPACE


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

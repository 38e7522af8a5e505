"""Which tests wait for a deep run: those that do in another place, or once more, what one of their kind shows already.

``make test`` keeps one act for each screen, one place, one database beside the store's own tests, and the first cases of a
test that writes files. ``make deep`` runs the others, and CI runs everything. A file or test named on the command line runs
whole, but for its cases in JupyterLab.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.depth import depth

ROOT = Path(__file__).parents[1]
BROWSER, STORE = "tests/browser/", "tests/store/"
#: The acts of tests/browser of every run: the usual way through each screen, and the acts that prove a promise.
USUAL = {
    "test_agreement.py": {"test_a_manager_settles_the_agreement_on_a_phone"},
    "test_audit.py": {"test_a_coach_audits_draws_a_sample_and_records_a_consent"},
    "test_coach.py": {"test_an_hour_with_one_rep_from_claim_to_closed"},
    "test_coach_answers.py": {"test_an_answer_by_phone_is_written_by_keyboard_and_taken_back"},
    "test_contacts.py": {"test_a_rep_matches_contacts_by_keyboard_and_takes_one_back"},
    "test_edit_ids.py": {"test_the_reps_page_sends_an_edit_id_with_every_act"},
    "test_first_use.py": {"test_an_empty_workspace_says_what_comes_first_and_a_dead_program_that_it_is_gone"},
    "test_focus.py": {"test_each_dialog_of_a_slot_gives_the_focus_back"},
    "test_import.py": {"test_a_file_goes_in_step_by_step"},
    "test_late.py": {"test_text_for_an_account_that_was_handed_over_is_shown_to_be_copied_or_discarded"},
    "test_letters.py": {"test_korean_is_shown_where_the_machine_has_no_korean_font"},
    "test_links.py": {"test_a_forged_link_shows_the_next_step_and_writes_nothing"},
    "test_made_up_kernel.py": {"test_a_refused_part_of_a_file_ends_the_upload"},
    "test_my_page.py": {"test_a_manager_answers_protects_an_hour_and_stars_an_account_on_a_phone"},
    "test_paths.py": {"test_a_path_is_set_followed_and_left_by_a_must_win_account"},
    "test_people.py": {"test_ties_are_drawn_and_written_on_a_card_by_keys_alone"},
    "test_questions.py": {"test_two_people_of_one_name_are_asked_about_with_what_tells_them_apart"},
    "test_rep.py": {
        "test_the_usual_acts_of_a_rep",
        "test_names_that_are_markup_are_text",
        "test_two_people_at_one_slot_see_three_values",
        "test_a_killed_kernel_loses_nothing_typed",
        "test_axe_finds_nothing_serious",
    },
    "test_role_lists.py": {"test_a_list_is_changed_previewed_applied_and_taken_back_by_keyboard"},
    "test_said.py": {"test_a_voice_from_a_position_is_closed_told_and_opened_again_by_keys"},
    "test_start.py": {"test_own_files_lead_to_the_first_session_without_a_command"},
    "test_switch.py": {"test_an_account_seen_before_shows_without_the_kernel_and_as_it_is_now"},
}
#: Acts of both places that every run does in JupyterLab too.
IN_LAB = {"test_the_usual_acts_of_a_rep"}


def is_whole_suite(config: pytest.Config) -> bool:
    """Whether no file or test is named on the command line."""
    return all((config.invocation_params.dir / name).resolve() in (ROOT, ROOT / "tests") for name in config.args)


def waiting(items: Iterable[pytest.Item], *, whole: bool) -> list[pytest.Item]:
    """The tests that wait for a deep run, of the whole suite or of files that somebody named."""
    items = list(items)
    on_first_database = {_test(item) for item in items if not _marked(item, "postgresql")}
    seen: Counter[tuple[str, bool]] = Counter()
    left = []
    for item in items:
        seen[_test(item), _marked(item, "postgresql")] += not _is_in_lab(item)
        if _repeats_in_lab(item) or (
            whole
            and (
                _is_no_usual_act(item)
                or _repeats_on_second_database(item, on_first_database)
                or seen[_test(item), _marked(item, "postgresql")] > _cases(item)
            )
        ):
            left.append(item)
    return left


def _test(item: pytest.Item) -> str:
    return f"{item.path.relative_to(ROOT)}::{getattr(item, 'originalname', item.name)}"


def _marked(item: pytest.Item, name: str) -> bool:
    return item.get_closest_marker(name) is not None


def _in_browser_folder(item: pytest.Item) -> bool:
    return _test(item).startswith(BROWSER)


def _is_in_lab(item: pytest.Item) -> bool:
    call = getattr(item, "callspec", None)
    return call is not None and not {"lab", "lab_server"}.isdisjoint(str(each) for each in call.params.values())


def _repeats_in_lab(item: pytest.Item) -> bool:
    if not _in_browser_folder(item) or item.path.name == "test_lab.py":
        return False
    return _is_in_lab(item) and getattr(item, "originalname", "") not in IN_LAB


def _is_no_usual_act(item: pytest.Item) -> bool:
    if not _in_browser_folder(item):
        return False
    return getattr(item, "originalname", item.name) not in USUAL.get(item.path.name, set())


def _repeats_on_second_database(item: pytest.Item, on_first_database: set[str]) -> bool:
    if _test(item).startswith(STORE) or not _marked(item, "postgresql"):
        return False
    return _test(item) in on_first_database


def _cases(item: pytest.Item) -> float:
    """How many cases of one test a run keeps: all where they cost nothing."""
    if any(_marked(item, name) for name in ("browser", "slow", "postgresql")):
        return 1
    if "tmp_path" in getattr(item, "fixturenames", ()):
        return depth(1, 3, 3)
    return float("inf")

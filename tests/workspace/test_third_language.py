"""Another language is one entry of ``LANGUAGES``: what it lacks is shown in English, and nothing fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from coverage_kit.cli import cli
from coverage_kit.errors import BadInput
from coverage_kit.i18n import LANGUAGES, texts
from coverage_kit.measures import required
from coverage_kit.measures.schema import TEXT, FrameSchema
from coverage_kit.opening import init_workspace, open_workspace
from coverage_kit.reporting.pages.section import Section
from coverage_kit.reporting.pages.weekly import build_rep_weekly, build_team_weekly
from coverage_kit.workbook.model.coach import CoachBook
from coverage_kit.workbook.model.rep import RepBook
from coverage_kit.workbook.model.words import words
from coverage_kit.workspace import Workspace


@pytest.fixture
def japanese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A workspace of a made-up team in a language that has its own dates and no texts."""
    own = LANGUAGES["en"]._replace(day=lambda day: f"{day.month}月{day.day}日")
    monkeypatch.setitem(LANGUAGES, "ja", own)
    # The columns of a frame are made from the languages when the program starts.
    added = dict.fromkeys(("template_ja", "title_ja", "value_ja"), TEXT)
    monkeypatch.setattr(required, "ROLES", FrameSchema({**required.ROLES.kinds, **added}))
    texts.cache_clear()
    init_workspace(tmp_path / "ws", lang="ja").close()
    monkeypatch.setenv("COVERAGE_KIT_WORKSPACE", str(tmp_path / "ws"))
    assert CliRunner().invoke(cli, ["sample", "--accounts", "12", "--weeks", "4"]).exit_code == 0
    with open_workspace() as ws:
        yield ws
    texts.cache_clear()


def test_commands_speak_it_and_fall_back_to_english(japanese: Workspace) -> None:
    rep = japanese.reps()[0]
    for command in (["status"], ["roles", "list"], ["agenda", "--rep", rep], ["suggest-role", "CEO"]):
        done = CliRunner().invoke(cli, command)
        assert (done.exit_code, done.exception) == (0, None), command
        assert done.output
    assert "月" in CliRunner().invoke(cli, ["commitments", "list"]).output
    japanese.export_file("slots", japanese.path / "slots.csv")
    assert "CEO" in (japanese.path / "slots.csv").read_text(encoding="utf-8-sig")


def test_report_pages_show_its_dates(japanese: Workspace) -> None:
    for page in (build_rep_weekly(japanese.reps()[0]), build_team_weekly()):
        parts = [getattr(page, name) for name in dir(type(page)) if not name.startswith("_")]
        shown = "".join(str(part._repr_mimebundle_()) for part in parts if isinstance(part, Section))
        assert "月" in shown


def test_screens_offer_it_beside_the_others(japanese: Workspace) -> None:
    hello = RepBook(japanese, japanese.reps()[0]).handle({"kind": "hello"})
    assert hello["kind"] == "hello"
    assert all(role["title"]["ja"] == role["title"]["en"] for role in hello["roles"].values())
    refused = CoachBook(japanese).handle({"kind": "start", "reps": ["nobody"]})
    assert refused["text"]["ja"] == refused["text"]["en"]
    assert words()["ja"]["save_check"] == words()["en"]["save_check"]


def test_a_language_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"lang.*ko, en"):
        init_workspace(tmp_path / "ws", lang="fr")

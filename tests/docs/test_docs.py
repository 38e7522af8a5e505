"""The docs are true: generated pages are fresh, links and pictures are there, both languages say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from .reference import FOLDER, PAGES, commands

ROOT = Path(__file__).parents[2]
GUIDES = ("coach", "rep", "manager", "operator")


@pytest.mark.parametrize("name", PAGES)
def test_the_generated_page_is_fresh(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), "run: make reference"


def test_every_command_has_an_example_that_names_it() -> None:
    found = dict(commands())
    assert len(found) > 15
    for name, text in found.items():
        assert f"{name.split()[0]} {name.split()[1]}" in text.split("Example:")[1], name


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_site_builds_and_every_link_in_it_leads_somewhere(tmp_path: Path) -> None:
    # In strict mode a broken link, a missing anchor or a page outside the menu ends the build.
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(tmp_path), strict=True)
    build(config)
    assert (tmp_path / "guide/ko/coach.html").is_file()


@pytest.mark.slow
def test_the_site_asks_nothing_of_any_other_server(tmp_path: Path) -> None:
    build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(tmp_path)))
    for page in tmp_path.rglob("*.html"):
        loaded = re.findall(r'<(?:script|img|link)[^>]*(?:src|href)="(https?:[^"]+)"', page.read_text(encoding="utf-8"))
        assert [each for each in loaded if "canonical" not in each] == [], page.name


@pytest.mark.parametrize("guide", GUIDES)
def test_both_languages_of_a_guide_have_the_same_parts(guide: str) -> None:
    def shape(lang: str) -> tuple[int, list[str], int]:
        text = (ROOT / f"docs/guide/{lang}/{guide}.md").read_text(encoding="utf-8")
        pictures = [re.sub(r"-(ko|en)\b", "", each) for each in re.findall(r"!\[[^]]*\]\(([^)]+)\)", text)]
        return len(re.findall(r"^## ", text, re.M)), pictures, len(re.findall(r"^```", text, re.M))

    assert shape("ko") == shape("en")

"""The docs are true: generated pages are fresh, links and pictures are there, both languages say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from mkdocs.commands.build import build
from mkdocs.config import load_config

from coverage_kit.i18n import LANGUAGES

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


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("guide", GUIDES)
def test_a_label_that_a_guide_names_is_on_the_screen_in_just_these_words(guide: str, lang: str) -> None:
    with (ROOT / "coverage_kit/i18n/locale/ko/LC_MESSAGES/coverage_kit.po").open("rb") as file:
        catalogue = [each for each in read_po(file) if each.id]
    found = [each.id if lang == "en" else each.string for each in catalogue]
    texts = {text for each in found for text in ((each,) if isinstance(each, str) else each)}
    page = re.sub(
        r"```.*?```|`[^`]*`", "", (ROOT / f"docs/guide/{lang}/{guide}.md").read_text(encoding="utf-8"), flags=re.S
    )
    labels = {" ".join(each.split()) for each in re.findall(r"(?<!\*)\*(?![\s*])([^*]+?)(?<![\s*])\*(?!\*)", page)}
    assert labels
    # Dots stand for what the screen fills in.
    wanted = {each: re.compile(re.escape(each).replace("…", ".+"), re.IGNORECASE) for each in labels}
    assert [label for label, words in wanted.items() if not any(map(words.fullmatch, texts))] == []

"""What can be said of the screen without a browser: its words, its one module, and what it must never do."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

import coverage_kit.workbook
from coverage_kit.assets.letters import WEIGHTS
from coverage_kit.domain.vocabulary import Disposition
from coverage_kit.exchange.plan.columns import COLUMNS
from coverage_kit.exchange.problems import Effect
from coverage_kit.role_lists.slot_state import DUE, Freshness
from coverage_kit.workbook.model.answer_words import ANSWER_WORDS
from coverage_kit.workbook.model.audit_words import AUDIT_WORDS
from coverage_kit.workbook.model.contact_words import CONTACT_WORDS
from coverage_kit.workbook.model.duplicate_words import DUPLICATE_WORDS
from coverage_kit.workbook.model.import_draft import KINDS
from coverage_kit.workbook.model.import_words import IMPORT_WORDS
from coverage_kit.workbook.model.my_words import MY_WORDS
from coverage_kit.workbook.model.prepare_words import PREPARE_WORDS
from coverage_kit.workbook.model.role_list_words import ROLE_LIST_WORDS
from coverage_kit.workbook.model.start_words import START_WORDS
from coverage_kit.workbook.model.vocabulary import CHOICES
from coverage_kit.workbook.model.words import WORDS, words
from coverage_kit.workbook.widget.bundle import joined_modules, joined_styles
from coverage_kit.workbook.widget.view import CoachView, WorkbookView

from .web_fonts import FILES, FOLDER

FONTS = Path(coverage_kit.__file__).parent / "assets/fonts"
STATIC = Path(coverage_kit.workbook.__file__).parent / "static"
ENTRIES = ("rep/main", "coach/main", "import/main", "start/main", "roles/main")
#: Words whose key is put together on the screen: every member must be there.
FAMILIES = {
    **{choices.prefix: choices.values for choices in CHOICES.values() if choices.prefix},
    "rung_": "012345",
    "swept_": ("still", "left", "retired", "moved", "role_changed", "tried"),
    "says_": ("reports_to", "influences", "at_odds"),
    "legend_": ("reports_to", "influences", "at_odds"),
    "history_": ("tried", "role_changed"),
    "session_": ("one", "group", "first"),
    "view_": ("cards", "accounts", "commitments"),
    "tab_": ("slots", "picture", "contacts"),
    "function_of_": ("rep", "manager", "executive", "support", "service", "coach"),
    "import_step_": ("file", "columns", "trial", "done"),
    "import_kind_": KINDS,
    "import_lead_": KINDS,
    "import_effect_": [effect.value for effect in Effect],
    "import_": (
        "added",
        "changed",
        "unchanged",
        "rejected",
        "problems",
        "differences",
        "missing",
        "reading",
        "writing",
    ),
    "field_": [field for fields in COLUMNS.values() for field in fields],
    "step_name_": (
        "claims",
        "promises",
        "accounts",
        "commitments",
        "read_back",
        "round",
        "blind_role",
        "sweep",
        "contacts",
    ),
}


def sources() -> dict[str, str]:
    return {
        path.relative_to(STATIC).as_posix(): path.read_text(encoding="utf-8")
        for path in STATIC.rglob("*.js")
        if path.parent.name != "vendor"
    }


def test_every_word_the_screen_says_is_there() -> None:
    said = {key for text in sources().values() for key in re.findall(r'\bt\(\s*"(\w+)"', text)}
    said |= {prefix + member for prefix, members in FAMILIES.items() for member in members}
    said |= {value for choices in CHOICES.values() if not choices.prefix for value in choices.values}
    said |= {key for text in sources().values() for key in re.findall(r'\bhelp: "(\w+)"', text)}
    assert len(said) > 150
    known = (WORDS | IMPORT_WORDS | ROLE_LIST_WORDS | START_WORDS | MY_WORDS | ANSWER_WORDS).keys()
    known |= (PREPARE_WORDS | CONTACT_WORDS | DUPLICATE_WORDS | AUDIT_WORDS).keys()
    assert sorted(said - known) == []


def test_each_shortcut_is_one_key_of_a_screen() -> None:
    listed = re.findall(r'(?:screen: "(\w+)", )?key: "([^"]+)"', sources()["core/keyboard.js"])
    keys = [(screen, key) for screen, key in listed]
    assert len(keys) == len(set(keys)) > 10


def test_each_disposition_has_a_sign_of_its_own() -> None:
    assert sources()["core/dispositions.js"].count("sign: ") == len(Disposition)


def test_the_letters_of_a_positions_states_are_all_different() -> None:
    assert len({each.letter for each in Freshness}) == len(Freshness)


def test_the_page_lists_no_states_that_call_for_a_check() -> None:
    """The kernel sends them (``choices.due``); "stale" is also the name of a filter, so the first one is looked for."""
    assert [name for name, text in sources().items() if f'"{DUE[0]}"' in text] == []


def test_both_languages_have_every_word_with_the_same_placeholders() -> None:
    both = words()
    assert both["ko"].keys() == both["en"].keys() == WORDS.keys()
    for key, english in both["en"].items():
        korean = both["ko"][key]
        assert type(english) is type(korean), key
        for one, other in zip(each_reading(english), each_reading(korean), strict=True):
            assert sorted(re.findall(r"\{\w+\}", one)) == sorted(re.findall(r"\{\w+\}", other)), key


def each_reading(word: str | dict[str, str]) -> list[str]:
    """How a word of the screen reads; of what is counted, of one and of many."""
    return [word] if isinstance(word, str) else [word["one"], word["other"]]


def test_korean_words_carry_no_verdict() -> None:
    verdicts = re.compile("부족|미흡|실패|과대평가|직위")
    assert [key for key, text in words()["ko"].items() if verdicts.search(" ".join(each_reading(text)))] == []


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_files_join_to_one_module(entry: str, tmp_path: Path) -> None:
    joined = joined_modules(entry)
    assert joined.count("export default") == 1
    assert not re.search(r"^(import|export (?!default)) ", joined, re.MULTILINE)
    assert not re.search(r"^\s*(/\*\*|//)", joined, re.MULTILINE), "the page needs no comments"
    node = shutil.which("node")
    if node:
        (tmp_path / "joined.mjs").write_text(joined, encoding="utf-8")
        subprocess.run([node, "--check", str(tmp_path / "joined.mjs")], check=True)


def test_text_never_becomes_markup_and_nothing_comes_from_outside() -> None:
    for name, text in sources().items():
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|dangerouslySet", text
        ), name
        addresses = [each for each in re.findall(r"https?://[^\"'` ]+", text) if "www.w3.org/2000/svg" not in each]
        assert addresses == [], name
    assert not re.search(r"url\(|@import", joined_styles())


def test_every_stylesheet_is_among_those_joined() -> None:
    joined = joined_styles()
    files = sorted(STATIC.rglob("*.css"))
    assert files
    assert [file.name for file in files if file.read_text(encoding="utf-8") not in joined] == []


@pytest.mark.parametrize("view", [WorkbookView, CoachView])
def test_no_customer_is_in_the_widgets_state(view: type[WorkbookView]) -> None:
    class Model:
        def handle(self, message: object) -> dict[str, object]:
            return {"kind": "hello", "lines": [{"name": "비밀 고객사"}]}

        def facts(self) -> dict[str, object]:
            return {}

    widget = view(Model(), lang="ko")
    sent: list[object] = []
    widget.send = sent.append  # type: ignore[method-assign,assignment]
    widget._receive(widget, {"kind": "hello"}, [])
    assert sent == [{"kind": "hello", "lines": [{"name": "비밀 고객사"}]}]
    assert "비밀" not in str(widget.get_state())
    widget.close()


def test_the_letters_the_screens_bring_are_those_of_the_font() -> None:
    """Made by web_fonts.py; every letter the whole font has, and no name its licence keeps."""
    whole = {400: TTFont(FONTS / WEIGHTS[400]), 700: TTFont(FONTS / WEIGHTS[700])}
    for name, (weight, codepoints) in FILES.items():
        part, font = TTFont(FOLDER / name), whole[weight]
        assert set(part.getBestCmap()) == set(font.getBestCmap()) & set(codepoints), name
        assert {record.nameID for record in part["name"].names} <= {0, 13, 14}, name
        for letter in part.getBestCmap().keys() & map(ord, "가뵤펲힣金"):
            wide, same = font["hmtx"][font.getBestCmap()[letter]][0], part["hmtx"][part.getBestCmap()[letter]][0]
            assert wide == same, chr(letter)


def test_the_letters_have_one_address_wherever_they_are_named() -> None:
    """A browser would fetch them twice, or keep old ones, if one place told another."""
    made = re.search(r"MADE = (\d+)", (STATIC / "core/fonts.js").read_text(encoding="utf-8"))
    assert made
    named = ("voila/templates/coverage-kit/index.html.j2", "lab/custom/custom.css")
    for name in named:
        told = re.findall(
            r"static/([\w-]+\.woff2)\?v=(\d+)", (STATIC.parent / "share" / name).read_text(encoding="utf-8")
        )
        assert told, name
        assert {file for file, _ in told} <= set(FILES), name
        assert {number for _, number in told} == {made[1]}, name

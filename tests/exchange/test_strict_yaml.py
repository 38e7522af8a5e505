"""The fast reader of YAML and the slow one, which is there everywhere, read the same; neither is ended by a deep file."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import RootModel

from coverage_kit.errors import BadInput
from coverage_kit.exchange.read import strict_yaml

LOADERS = [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)]
PIECES = [
    "a: b\n", "  - c\n", "- d: 'e'\n", 'f: "\\u0041 g"\n', "h: [1, 2]\n", "i: {j: true, k: null}\n", "l: |\n  m\n  n\n", "o: >-\n  p\n",
    "# q\n", "r: 가 나\n", "s: no\n", "t: 012\n", "u: -1.5\n", "v:\n", "  w: x\n", "\ty: z\n", "&a b\n", "*a\n", "!t c\n", "? d\n", ": e\n",
    "---\n", "...\n", "f: 'g\n  h'\n", "<<: {i: j}\n", "\ufeff", "[", "]", "{", "}", "'", '"',
]  # fmt: skip


def read(text: str, loader: type, monkeypatch: pytest.MonkeyPatch) -> tuple[str, object]:
    monkeypatch.setattr(strict_yaml, "_LOADER", loader)
    strict_yaml._document.cache_clear()
    try:
        return "read", strict_yaml.parse_strict_yaml(Path("t.yml"), text.encode(), RootModel[object]).root
    except BadInput as exc:
        return "refused", exc.code


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
@example("a: ''\nb: \"no\"\nc: no\n")
def test_both_readers_give_the_same(text: str) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        slow, fast = (read(text, loader, monkeypatch) for loader in LOADERS)
    strict_yaml._document.cache_clear()
    assert slow == fast


@pytest.mark.parametrize(
    "text", ["[" * 29_000, "{a: " * 29_000, "- " * 29_000, "? " * 29_000, "a: " + "[" * 60 + "]" * 60]
)
@pytest.mark.parametrize("loader", LOADERS)
def test_parts_within_parts_are_refused(text: str, loader: type, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(text, loader, monkeypatch)[0] == "refused"
    strict_yaml._document.cache_clear()


@pytest.mark.parametrize("text", ['a: "\\ud800"\n', '"\\udfff": 1\n', 'a: ["x\\udc80y"]\n'])
@pytest.mark.parametrize("loader", LOADERS)
def test_half_a_character_is_refused(text: str, loader: type, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(text, loader, monkeypatch) == ("refused", "yaml.refused")
    strict_yaml._document.cache_clear()

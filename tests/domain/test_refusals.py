"""Whatever somebody writes into a file of ours: why it is refused is said in the language of the workspace."""

from __future__ import annotations

import copy
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from coverage_kit.config import Config
from coverage_kit.domain.playbooks import Playbooks
from coverage_kit.domain.refusals import REASONS, reason_of
from coverage_kit.errors import BadInput
from coverage_kit.exchange.read.role_files import parse_role_list
from coverage_kit.role_lists.model import RoleList

TEMPLATES = Path(__file__).parents[2] / "templates"
CONFIG = {
    "lang": "ko",
    "timezone": "Asia/Seoul",
    "clock": "2026-11-22T23:59:59+09:00",
    "templates": [{"path": "own.ipynb", "sha256": "a" * 64}],
    "columns": {"contacts": {"이름": "name"}},
    "report": {"timeout_seconds": 60, "memory_mb": 2048, "engine": "plain"},
    "coaching": {"agenda": {"focus": 2.0}, "rotation_weeks": 4, "values": {"cost": {"ko": "비용", "en": "Cost"}}},
    "mail": {"port": 25, "security": "none", "addresses": {"kim": "kim@example.com"}, "link": ""},
}
JUNK = [
    None, True, 0, -1, 10**9, 10**30, 1.5, float("nan"), "", "x", "X y", "x" * 5000, "점심 골프", "\ud800", [], [1], ["x"] * 70,
    {}, {"x": 1}, {1: 2}, "none", "practitioner", {"ko": "골프", "en": "golf"}, "2026-11-22T23:59:59", "a_key",
]  # fmt: skip


@cache
def example(model: type[BaseModel]) -> Any:
    """A document of which every part is used."""
    if model is Config:
        return CONFIG
    if model is RoleList:
        one = yaml.safe_load((TEMPLATES / "roles/general.yml").read_text(encoding="utf-8"))
        return one | {
            "kind": "offering",
            "default": False,
            "roles": one["roles"][:4],
            "applies_to": {"offerings": ["A"]},
        }
    return yaml.safe_load(next(TEMPLATES.rglob("playbooks*.yml")).read_text(encoding="utf-8"))


def places(part: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to each part of a document."""
    own = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [at, *(found for key, child in own for found in places(child, (*at, key)))]


def broken_in_one_place(draw: st.DrawFn, document: Any) -> Any:
    """The document with a part that is something else, is missing, stands twice, or has another beside it."""
    document = copy.deepcopy(document)
    *above, last = draw(st.sampled_from(places(document)[1:]))
    parent = document
    for key in above:
        parent = parent[key]
    act = draw(st.sampled_from(["other", "gone", "twice", "more"]))
    if act == "other":
        parent[last] = draw(st.sampled_from(JUNK))
    elif act == "gone":
        del parent[last]
    elif isinstance(parent, list):
        parent.append(copy.deepcopy(parent[last]) if act == "twice" else draw(st.sampled_from(JUNK)))
    else:
        parent[draw(st.sampled_from(["x", "X y", "ko"]))] = draw(st.sampled_from(JUNK))
    return document


@pytest.mark.slow
@pytest.mark.parametrize("model", [RoleList, Playbooks, Config])
@given(data=st.data())
def test_each_reason_is_ours_and_said_in_both_languages(model: type[BaseModel], data: st.DataObject) -> None:
    document = data.draw(st.composite(broken_in_one_place)(example(model)))
    try:
        model.model_validate(document)
    except ValidationError as exc:
        for problem in exc.errors(include_url=False):
            assert problem["type"] in REASONS, problem
            reason = reason_of(problem)
            korean = reason.text("ko")
            assert korean != reason.text("en")
            assert any("가" <= sign <= "힣" for sign in korean)
            assert not re.search(r"\{[a-z_]+\}", korean)


@pytest.mark.parametrize("model", [RoleList, Playbooks, Config])
def test_the_examples_themselves_are_sound(model: type[BaseModel]) -> None:
    model.model_validate(example(model))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"freshness_days": "x"}, "freshness_days: 여기에는 숫자를 적습니다."),
        ({"freshness_days": 0}, "freshness_days: 1보다 작을 수 없습니다."),
        ({"default": "ja"}, "default: 여기에는 true 또는 false를 적습니다."),
        ({"kind": "other"}, "kind: 다음 중 하나를 쓰세요: base, offering."),
        ({"roles": []}, "roles: 적어도 1개가 있어야 합니다."),
        ({"applies_to": {"industries": "x"}}, "여기에는 목록을 적습니다."),
    ],
)
def test_a_file_is_refused_in_korean_with_its_line(change: dict[str, object], said: str) -> None:
    body = yaml.safe_load((TEMPLATES / "roles/general.yml").read_text(encoding="utf-8"))
    with pytest.raises(BadInput) as refused:
        parse_role_list("general.yml", json.dumps({**body, **change}))
    text = refused.value.text("ko")
    assert text.startswith("general.yml 1번째 줄")
    assert said in text

"""Teams, departments and offices are nobody; people and their surnames are never taken for one."""

from __future__ import annotations

import pytest

from coverage_kit.domain.teams import is_team


@pytest.mark.parametrize(
    "name",
    ["영업팀", "영업1팀", "영업 2팀", "국내영업부", "총무과", "기획실", "본사", "서울지점", "고객센터", "R&D센터", "営業部", "第二営業部", "東京支店", "本社", "Sales Ops", "Inside Sales", "Sales Team", "North Team", "HQ", "Customer Success"],
)  # fmt: skip
def test_a_team_is_a_team(name: str) -> None:
    assert is_team(name)


@pytest.mark.parametrize(
    "name",
    ["김영업", "박지사", "이관리", "조기획", "한부", "조실", "남궁본", "정보영", "服部", "阿部", "渡部", "長谷部", "Ann Field", "Lee Group", "Ann Pool", "Bo Sales", "Max Office Lee", ""],
)  # fmt: skip
def test_a_person_is_no_team(name: str) -> None:
    assert not is_team(name)

"""A surname or a title alone is a lead; anything that could be a whole name is a name."""

from __future__ import annotations

import pytest

from coverage_kit.domain.leads import is_lead


@pytest.mark.parametrize(
    "text",
    ["김 과장", "김과장", "김과장님", "김", "과장", "김씨", "김 모 과장", "담당자", "남궁 부장", "이 이사", "김 수석", "Mr. Kim", "Kim", "Kim 과장", "CEO", "Dr. Smith", "Purchasing Manager", "구매팀장", "구매 담당자", "IT팀장", "영업부장님", "구매팀", "田中部長", "佐々木課長", "王经理", "王部長", "王本部長", "張本部長", "林田部長", "王様", "田中さん", "部長", "李先生", "Sales Ops"],
)  # fmt: skip
def test_a_surname_or_a_title_alone_is_a_lead(text: str) -> None:
    assert is_lead(text)


@pytest.mark.parametrize(
    "text", ["김철수", "김철수 과장", "김원", "남궁민", "이사라", "김은행", "김수석", "하양", "Ann", "Bo Kim", "Ms Ann Lee", "王伟", "王明部長", "李娜課長", "朴明社長", "王明さん", "王小明", "山田太郎", "服部", "阿部", "조기획", "이관리", "정보영", "한부", "Ann Field", "Bo Office Lee", "", "123"]
)  # fmt: skip
def test_a_whole_name_is_none(text: str) -> None:
    assert not is_lead(text)

"""A person in a sentence, with the title."""

from __future__ import annotations

import pytest

from coverage_kit.coaching.context import person_label
from coverage_kit.i18n import texts


@pytest.mark.parametrize(
    ("lang", "title", "shown"),
    [
        ("ko", "상무", "안새벽 상무님"),
        ("ko", "Engineer", "안새벽님 (Engineer)"),
        ("ko", None, "안새벽님"),
        ("en", "상무", "안새벽 (상무)"),
        ("en", "Engineer", "안새벽 (Engineer)"),
        ("en", None, "안새벽"),
    ],
)
def test_only_a_korean_title_takes_a_korean_form_of_address(lang: str, title: str | None, shown: str) -> None:
    assert person_label(texts(lang), "안새벽", title) == shown

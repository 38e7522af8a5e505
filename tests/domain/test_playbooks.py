"""The playbooks that the program brings along: each gap finds its own."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from coverage_kit.domain.coaching import CommitmentKind
from coverage_kit.domain.playbooks import Playbooks, playbook_of
from coverage_kit.domain.vocabulary import Disposition

SHIPPED = Path(__file__).parents[2] / "templates" / "playbooks.yml"


@pytest.fixture(scope="module")
def books() -> Playbooks:
    return Playbooks.model_validate(yaml.safe_load(SHIPPED.read_text(encoding="utf-8")))


@pytest.mark.parametrize("disposition", [each for each in Disposition if not each.is_favorable])
def test_there_are_moves_to_persuade_people_of_each_disposition(books: Playbooks, disposition: Disposition) -> None:
    assert books.playbooks[playbook_of(CommitmentKind.PERSUADE, disposition)].levels


def test_every_other_gap_has_a_playbook_whatever_the_disposition(books: Playbooks) -> None:
    for kind in set(CommitmentKind) - {CommitmentKind.PERSUADE}:
        assert {playbook_of(kind, each) for each in (None, *Disposition)} == {kind.value}
        assert kind.value in books.playbooks

"""What coaching writes is part of what a report is made of: the rep's page is made again, others' are not."""

from __future__ import annotations

import pytest

from coverage_kit.coaching import Draft
from coverage_kit.domain.coaching import CommitmentKind
from coverage_kit.store import load_fingerprints


def help_without_account(team) -> None:
    book = team.ws.coaching.commitments
    book.add(book.draft_help("kim", "boss", action="Come along once", scope="stall:kim"))


def promise(team) -> None:
    book = team.ws.coaching.commitments
    book.add(book.draft_from_gap("A", "cfo"))


def owed_by_somebody_elses_rep(team) -> None:
    team.ws.coaching.commitments.add(
        Draft(CommitmentKind.IDENTIFY, "kim", team.day, account="C", role="ceo", rep="park")
    )


def claim(team) -> None:
    team.ws.coaching.sessions.start("kim").claim(share=0.5)


def voice(team) -> None:
    team.ws.coaching.voices.add("Ann", "A", "need", "a quote by Friday")


@pytest.mark.parametrize("act", [help_without_account, promise, owed_by_somebody_elses_rep, claim, voice])
def test_a_rep_whose_coaching_moved_on_gets_a_new_page_and_others_keep_theirs(team, act) -> None:
    team.ws.edit_slot("A", "ceo", holder="Ann")
    before, team_before = load_fingerprints(team.ws.ledger, until=team.ws.now())
    act(team)
    after, team_after = load_fingerprints(team.ws.ledger, until=team.ws.now())
    assert before["kim"] != after["kim"]
    assert (before["park"] == after["park"]) == (act is not owed_by_somebody_elses_rep)
    assert team_before != team_after

"""An import reads of the store only what its file needs."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from coverage_kit.exchange.plan.evidence import EvidenceKind, KnownPeople
from coverage_kit.exchange.plan.present import FIELDS, Present

STORED: dict[str, list[dict[str, Any]]] = {
    "account": [{"id": "A", "name": "Alpha"}, {"id": "B", "name": "Beta"}],
    "person": [{"id": "p1", "name": "Ann"}, {"id": "p2", "name": "Bo"}],
    "employment": [
        {"id": "e1", "person_id": "p1", "account_id": "A", "title": "CFO", "verified_on": "2026-11-01"},
        {"id": "e2", "person_id": "p2", "account_id": "A", "title": "CEO"},
        {"id": "e3", "person_id": "taken back", "account_id": "A"},
        {"id": "e4", "person_id": "p2", "account_id": "B", "end_kind": "left", "verified_on": "2026-11-01"},
    ],
}


def store() -> tuple[Present, list[tuple[str, int]]]:
    """What is stored, and a list that grows by the entity and the number of its rows with each read."""
    reads: list[tuple[str, int]] = []

    def read(entity: str, fields: tuple[str, ...], ids: Collection[str] | None = None) -> list[tuple[Any, ...]]:
        found = [row for row in STORED.get(entity, ()) if ids is None or row["id"] in ids]
        if fields == FIELDS[entity]:
            reads.append((entity, len(found)))
        return [tuple(row.get(name) for name in fields) for row in found]

    return Present(read), reads


def test_an_entity_is_read_once_and_only_when_it_is_asked_for() -> None:
    present, reads = store()
    assert reads == []
    assert [row["name"] for row in present["account"]] == ["Alpha", "Beta"]
    assert [row["id"] for row in present["account"]] == ["A", "B"]
    assert reads == [("account", 2)]


def test_an_employment_whose_person_was_taken_back_does_not_count() -> None:
    assert store()[0].jobs_of_people == {"e1", "e2", "e4"}


def test_the_rows_of_some_ids_are_read_alone_unless_all_are_here_already() -> None:
    present, reads = store()
    assert [row["title"] for row in present.some("employment", {"e1"})] == ["CFO"]
    assert reads == [("employment", 1)]
    assert present.some("employment", ()) == []
    assert len(present["employment"]) == 4
    assert [row["title"] for row in present.some("employment", {"e2"})] == ["CEO"]
    assert reads == [("employment", 1), ("employment", 4)]


def test_of_a_team_with_one_known_person_one_employment_is_read_whole() -> None:
    present, reads = store()
    known = KnownPeople(present)
    assert [job in known for job in ("e1", "e2", "e3", "e4")] == [True, False, False, False]
    found = known.compare(1, "e1", {"title": "CEO"}, None, has_titles=True)
    assert found is not None
    assert (found.kind, found.person, found.was, found.now) == (EvidenceKind.TITLE, "Ann", "CFO", "CEO")
    assert [read for read in reads if read[0] == "employment"] == [("employment", 1)]


def test_somebody_unknown_who_moved_is_evidence_too() -> None:
    known = KnownPeople(store()[0])
    found = known.compare(1, "e2", {}, "B", has_titles=True)
    assert found is not None
    assert (found.kind, found.was, found.now) == (EvidenceKind.MOVED, "Alpha (A)", "Beta (B)")
    assert known.compare(1, "e4", {}, "A", has_titles=True) is None
    assert known.gone("e2") is None

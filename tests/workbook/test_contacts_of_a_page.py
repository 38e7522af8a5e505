"""The contacts of an account's page: what is known of each, and which positions their titles suit."""

from __future__ import annotations

from pathlib import Path

from coverage_kit import init_workspace
from coverage_kit.store import Change
from coverage_kit.workbook.model.page import read_page

TITLES = {"p0": "재무담당 상무", "p1": "대표이사 비서", "p2": "전 CFO", "p3": "구매팀 과장", "p4": None}


def test_a_contact_is_there_only_once_somebody_checked(tmp_path: Path) -> None:
    with init_workspace(tmp_path / "ws", actor="kim") as ws:
        own = {"name": "A", "name_key": "a", "owner_id": "kim", "status": "active", "focus": 0}
        changes = [Change("staff", "kim", {"name": "Kim", "function": "rep"}), Change("account", "A", own)]
        for key, title in TITLES.items():
            changes.append(Change("person", key, {"name": key, "name_key": key}))
            changes.append(Change("employment", f"em_{key}", {"person_id": key, "account_id": "A", "title": title}))
        ws.ledger.save(changes)
        found = {one["person"]: one for one in read_page(ws, "A").people}
        assert {one["check"] for one in found.values()} == {"never_checked"}
        assert {key: (one["suits"], one["title_state"]) for key, one in found.items()} == {
            "p0": (["cfo"], "present"), "p1": ([], "gatekeeper"), "p2": ([], "former"),
            "p3": (["purchasing_staff"], "present"), "p4": ([], "present"),
        }  # fmt: skip
        ws.coaching.people.confirm("p0", "A", how="call")
        ws.end_employment("p1", "A", kind="left")
        ws.ledger.save([Change("employment", "em_p2", {"verified_on": "2020-01-01"})])
        checks = {one["person"]: one["check"] for one in read_page(ws, "A").people}
        assert checks == {
            "p0": "confirmed", "p1": "gone", "p2": "stale", "p3": "never_checked", "p4": "never_checked",
        }  # fmt: skip

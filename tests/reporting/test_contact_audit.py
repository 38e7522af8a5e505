"""The audit of contacts on a page: the numbers of the audit, hints of the file beside them, and the last sample."""

from __future__ import annotations

from pathlib import Path

import pytest

from coverage_kit import init_workspace
from coverage_kit.domain.identifiers import name_key
from coverage_kit.reporting import build_contact_audit
from coverage_kit.store import Change

MEMOS = {"1": "퇴사", "2": "부서이동", "3": "반송됨", "4": "퇴사", "5": ""}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An account with five contacts from a file with memos; the first one was checked since."""
    with init_workspace(tmp_path / "ws", lang="en", actor="ann") as ws:
        own = {"name": "Alder", "name_key": name_key("Alder"), "owner_id": "ann", "status": "active"}
        ws.ledger.save([Change("account", "A1", {**own, "template_ids": '["general"]'}, base=0)])
        path = tmp_path / "crm.csv"
        rows = "".join(f"{key},Person {chr(64 + int(key))},Alder,Manager,{memo}\n" for key, memo in MEMOS.items())
        path.write_text(f"ID,Name,Company,Title,Memo\n{rows}", encoding="utf-8")
        ws.import_file("contacts", path)
        first = next(row for row in ws.people("A1").to_dict("records") if row["name"] == "Person A")
        ws.coaching.contacts.mark("A1", {first["person"]: None}, "still", how="call")
        ws.coaching.contact_samples.draw(3, seed=1)
    monkeypatch.setenv("COVERAGE_KIT_WORKSPACE", str(tmp_path / "ws"))
    return tmp_path / "ws"


def test_the_page_says_what_the_audit_counts(home: Path) -> None:
    audit = build_contact_audit()
    assert "5 contacts · 1 confirmed · 0 to check again · 4 never checked · 0 gone" in str(audit.header)
    assert "contacts 5\nconfirmed 1\nstale 0\nnever_checked 4" in audit.facts
    assert "<bdi>Alder</bdi>" in audit.accounts.html
    assert 'src="data:image/svg+xml;base64,' in audit.worst.html


def test_memos_of_a_file_are_hints_about_those_whom_nobody_checked(home: Path) -> None:
    audit = build_contact_audit()
    assert str(audit.evidence).splitlines() == [
        "a memo says that the person left · 1",
        "a memo says that the person changed departments · 1",
        "mail bounced, by a memo · 1",
    ]
    assert audit.counts["team"]["left"] == 0


def test_the_last_sample_stands_on_the_page_in_both_languages(home: Path) -> None:
    assert "3 of 4 contacts drawn" in str(build_contact_audit().sampled)
    assert "3명을 뽑았습니다" in str(build_contact_audit(lang="ko").sampled)


def test_a_workspace_without_contacts_says_what_to_do_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    init_workspace(tmp_path / "empty", lang="en", actor="ann").close()
    monkeypatch.setenv("COVERAGE_KIT_WORKSPACE", str(tmp_path / "empty"))
    audit = build_contact_audit()
    assert "coverage-kit import contacts" in audit.worst.html
    assert "None yet." in audit.accounts.html

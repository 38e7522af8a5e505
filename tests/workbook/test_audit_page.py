"""The contact audit as a page: what it counts, the sample it draws, and campaigns by consent."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coverage_kit import Workspace, init_workspace
from coverage_kit.links import keep_server, sign
from coverage_kit.store import Change
from coverage_kit.store.entities import Consent, Employment, Person
from coverage_kit.workbook.model.audit_page import AuditBook
from tests.conftest import HandClock

NOON = 1_795_575_600_000  # 2026-11-25 12:00 in Seoul
PEOPLE = ("Ann Lee", "Bob Stone", "Carla Diaz", "Dan Wood")


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    """Two accounts; four contacts of a file at the first, the first two in positions, the first one verified."""
    own = {"status": "active", "template_ids": '["general"]', "focus": 0}
    with init_workspace(tmp_path / "ws", actor="kim", clock=HandClock(NOON), lang="en") as made:
        made.ledger.save(
            [
                *(Change("staff", key, {"name": key, "login": key, "function": "rep"}) for key in ("kim", "lee")),
                Change("account", "A", {"name": "Hanbit", "name_key": "hanbit", "owner_id": "kim", **own}),
                Change("account", "B", {"name": "Saesol", "name_key": "saesol", "owner_id": "lee", **own}),
            ]
        )
        file = tmp_path / "contacts.csv"
        rows = "".join(f"C{n},{name},Hanbit,c{n}@hanbit.kr,{'퇴사' if n else ''}\n" for n, name in enumerate(PEOPLE))
        file.write_text(f"Contact ID,Full Name,Account Name,Email,Memo\n{rows}", encoding="utf-8")
        made.import_file("contacts", file)
        made.edit_slot("A", "ceo", holder="Ann Lee", verified_on="2026-11-20", verified_how="call")
        made.edit_slot("A", "cfo", holder="Bob Stone")
        yield made


def ask(book: AuditBook, kind: str, **body: object) -> Any:
    return book.handle({"kind": kind, "seq": 1, **body})


def test_the_page_shows_what_the_audit_counts_and_hints_apart(ws: Workspace) -> None:
    shown = ask(AuditBook(ws), "hello")
    (line,) = shown["accounts"]
    assert (line["name"], line["contacts"], line["confirmed"], line["never_checked"], line["gone"]) == (
        "Hanbit",
        4,
        1,
        3,
        0,
    )
    assert shown["hints"] == [{"kind": "left", "n": 3}]
    assert (shown["team"]["contacts"], shown["team"]["ghost_days"], shown["sample"]) == (4, 0, None)
    assert "Hanbit" in ask(AuditBook(ws), "print_audit")["text"]
    assert ask(AuditBook(ws, rep="lee"), "hello")["accounts"] == []


def test_a_sample_is_drawn_once_however_often_it_is_sent(ws: Workspace) -> None:
    book = AuditBook(ws)
    for _ in range(2):
        saved = ask(book, "draw_sample", edit_id="ed_draw")
    sample = saved["state"]["sample"]
    assert (sample["of"], sample["n"], sample["checked"]) == (3, 3, 0)
    ws.end_employment("Bob Stone", "A", kind="left")
    sample = ask(book, "hello")["sample"]
    assert (sample["checked"], sample["gone"]) == (1, 1)
    assert "Carla Diaz" in ask(book, "print_sheet")["text"]


def test_a_campaign_goes_to_those_who_consented_and_an_opt_out_leaves_it(ws: Workspace) -> None:
    book = AuditBook(ws)
    before = ask(book, "campaign", off_focus=True)
    (one,) = before["ask"]
    assert (before["ready"], before["unverified"], one["name"], one["lack"]) == (0, 1, "Ann Lee", "no_consent")
    who = {"person": one["person"], "account": one["account"]}
    assert ask(book, "consent", **who, scope="email", source="", edit_id="ed_a")["code"] == "consent.source"
    ask(book, "consent", **who, scope="email", source="form at the fair", on="2026-11-24", edit_id="ed_b")
    assert ask(book, "campaign")["ready"] == 1
    assert ask(book, "campaign", role="cfo")["ready"] == 0
    files = {each["name"]: each["text"] for each in ask(book, "campaign_files")["files"]}
    assert "c0@hanbit.kr" in files["campaign-list.csv"]
    ask(book, "opt_out", **who, edit_id="ed_c")
    after = ask(book, "campaign")
    assert (after["ready"], after["lacks"], after["ask"]) == (0, [{"lack": "opted_out", "n": 1}], [])
    ask(book, "undo", undoes="ed_c", edit_id="ed_d")
    assert ask(book, "campaign")["ready"] == 1


def test_who_is_due_stands_first_and_a_reminder_makes_them_wait_two_years(ws: Workspace) -> None:
    book = AuditBook(ws)
    ws.edit_slot("A", "cfo", holder="Bob Stone", verified_on="2026-11-21", verified_how="call")
    ws.coaching.campaigns.consent("Ann Lee", "A", "email", "form at the fair", on="2026-11-01")
    ws.coaching.campaigns.consent("Bob Stone", "A", "email", "contract", on="2024-10-01")
    first, second = ask(book, "campaign")["listed"]
    assert (first["name"], first["is_due"], first["since"], first["source"]) == (
        "Bob Stone",
        True,
        "2024-10-01",
        "contract",
    )
    assert (second["name"], second["is_due"]) == ("Ann Lee", False)
    who = {"person": first["person"], "account": "A", "scope": "email"}
    for _ in range(2):
        assert ask(book, "remind", **who, edit_id="ed_a")["kind"] == "saved"
    assert [row.reminded_on for row in ws.ledger.history(Consent, f"{first['person']}:email")] == [None, "2026-11-25"]
    after = ask(book, "campaign")
    assert (after["reminders"], [each["is_due"] for each in after["listed"]]) == (0, [False, False])


def test_a_consent_is_taken_back_and_an_opt_out_lifted_on_the_page(ws: Workspace) -> None:
    book = AuditBook(ws)
    ws.coaching.campaigns.consent("Ann Lee", "A", "email", "form at the fair")
    (one,) = ask(book, "campaign")["listed"]
    who = {"person": one["person"], "account": one["account"]}
    ask(book, "withdraw", **who, scope="email", edit_id="ed_a")
    taken = ask(book, "campaign")
    assert (taken["ready"], taken["listed"], taken["ask"][0]["lack"]) == (0, [], "withdrawn")
    ask(book, "undo", undoes="ed_a", edit_id="ed_b")
    ask(book, "opt_out", **who, edit_id="ed_c")
    (out,) = ask(book, "campaign")["listed"]
    assert (out["is_opted_out"], out["is_due"], out["since"]) == (True, False, "")
    for _ in range(2):
        ask(book, "lift_opt_out", **who, edit_id="ed_d")
    back = ask(book, "campaign")
    assert (back["ready"], back["listed"][0]["is_opted_out"]) == (1, False)
    assert ask(book, "withdraw", **who, scope="text", edit_id="ed_e")["code"] == "consent.none"


def test_a_search_finds_people_by_name_title_and_account_whatever_they_lack(ws: Workspace) -> None:
    book = AuditBook(ws)
    ws.edit_slot("A", "cfo", holder="Bob Stone", verified_on="2026-11-21", verified_how="call")
    ws.coaching.campaigns.consent("Ann Lee", "A", "email", "form at the fair")

    def found(text: str) -> tuple[list[str], list[str]]:
        shown = ask(book, "campaign", text=text)
        return [each["name"] for each in shown["listed"]], [each["name"] for each in shown["ask"]]

    assert found("") == found(" hanbit ") == (["Ann Lee"], ["Bob Stone"])
    assert found("ANN") == (["Ann Lee"], [])
    assert found("stone") == ([], ["Bob Stone"])
    assert found("nobody") == ([], [])
    assert ask(book, "campaign", text="nobody")["ready"] == 1


def test_a_file_of_results_is_read_and_a_broken_one_is_refused(ws: Workspace) -> None:
    book = AuditBook(ws)
    rows = "email,result,date\nc0@hanbit.kr,bounced,2026-11-25\nc1@hanbit.kr,unsubscribed,2026-11-25\n"
    file = {"name": "mailing.csv", "content": base64.b64encode(rows.encode()).decode()}
    found = ask(book, "mail_results", file=file, edit_id="ed_r")["results"]
    assert found == {"replied": 0, "bounced": 1, "opted_out": 1, "known_already": 0, "unknown": 0, "unread": 0}
    assert [row.name for row in ws.ledger.as_of(Person) if row.opted_out_on] == ["Bob Stone"]
    assert ask(book, "mail_results", file={"name": "x.csv", "content": "?"}, edit_id="ed_s")["code"] == "results.file"


def test_the_campaign_is_about_the_same_accounts_as_the_audit(ws: Workspace) -> None:
    for rep, n in (("kim", 1), ("lee", 0), ("", 1)):
        shown = ask(AuditBook(ws, rep=rep), "campaign")
        assert (shown["n_ask"], shown["unverified"]) == (n, n), rep
        files = ask(AuditBook(ws, rep=rep), "campaign_files")["files"]
        assert ("Ann Lee" in files[1]["text"]) is bool(n)
    link = {"person": "lee", "signature": sign(keep_server(ws.path).secret, "lee")}
    assert ask(AuditBook(ws), "campaign", link=link)["n_ask"] == 0


def test_a_contact_on_no_list_is_found_by_name_and_can_opt_out_and_come_back(ws: Workspace) -> None:
    book = AuditBook(ws, rep="kim")
    assert ask(book, "campaign")["others"] == []
    found = ask(book, "campaign", text="carla")
    (one,) = found["others"]
    assert (one["name"], one["is_opted_out"], one["since"]) == ("Carla Diaz", False, "")
    assert (found["n_others"], found["n_listed"], found["n_ask"]) == (1, 0, 0)
    who = {"person": one["person"], "account": one["account"]}
    for act, is_out in (("opt_out", True), ("lift_opt_out", False)):
        ask(book, act, **who, edit_id=f"ed_{act}")
        (one,) = ask(book, "campaign", text=" DIAZ ")["others"]
        assert one["is_opted_out"] is is_out, act
    # Those on a list are not found a second time, and nobody else's contacts are.
    assert ask(book, "campaign", text="ann")["others"] == []
    # A list of another role does not hide who calls.
    assert [each["name"] for each in ask(book, "campaign", text="ann", role="cio")["others"]] == ["Ann Lee"]
    assert ask(AuditBook(ws, rep="lee"), "campaign", text="carla")["others"] == []
    (job,) = (row for row in ws.ledger.as_of(Employment) if row.person_id == one["person"])
    ws.ledger.save([Change("employment", job.id, {"end_kind": "left", "ended_on": "2026-11-20"}, job.version)])
    assert ask(book, "campaign", text="carla")["others"] == []

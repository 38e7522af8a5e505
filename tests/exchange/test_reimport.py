"""A newer export against what is here: what it changes is taken, what was changed or verified here stays."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from exchange_helpers import codes, counts

from coverage_kit import BadInput
from coverage_kit.exchange.plan.company_names import AccountFinder, company_core
from coverage_kit.store import Change
from coverage_kit.store.entities import Account, Employment, Event, Person, Staff
from coverage_kit.workspace import Workspace

HEADER = "Record ID - Contact,First Name,Last Name,Email,Phone Number,Contact owner,Job Title,Record ID - Company,Company name\n"  # fmt: skip


def hubspot(*rows: str) -> str:
    return HEADER + "".join(f"{row}\n" for row in rows)


ANN = "1,Ann,Lee,ann@x.com,010-1,Jo Rep,CFO,900,Alpha Inc."


def test_a_newer_export_updates_what_changed_keeps_ids_and_lists_who_is_missing(ws: Workspace, write) -> None:
    ws.import_file("contacts", write(hubspot(ANN, "2,Bob,Kim,bob@x.com,,,CTO,900,Alpha Inc.")))
    ids = sorted(row.id for row in ws.ledger.as_of(Employment))
    plan = ws.import_file(
        "contacts", write(hubspot(ANN.replace("CFO", "CEO"), "3,Cy,Oh,,,,,900,Alpha Inc."), "new.csv")
    )
    assert counts(plan, "added", "changed", "missing") == [1, 1, 1]
    assert [(d.what, d.field, d.before, d.after) for d in plan.differences] == [("Ann Lee", "title", "CFO", "CEO")]
    assert [one["name"] for one in plan.missing] == ["Bob Kim"]
    assert set(ids) < {row.id for row in ws.ledger.as_of(Employment)}
    assert sorted(ws.people("900")["name"]) == ["Ann Lee", "Bob Kim", "Cy Oh"]
    back = ws.import_file("contacts", write(hubspot(ANN.replace("CFO", "CEO"), "2,Bob,Kim,bob@x.com,,,CTO,900,Alpha Inc.", "3,Cy,Oh,,,,,900,Alpha Inc."), "back.csv"))  # fmt: skip
    assert counts(back, "added", "changed", "unchanged", "missing") == [0, 0, 3, 0]


def test_the_export_s_own_id_says_who_it_is_even_when_name_or_address_changes(ws: Workspace, write) -> None:
    ws.import_file("contacts", write(hubspot(ANN)))
    plan = ws.import_file("contacts", write(hubspot(ANN.replace("Lee", "Lee-Park")), "b.csv"))
    assert counts(plan, "added", "changed") == [0, 1]
    plan = ws.import_file("contacts", write(hubspot(ANN.replace("Lee", "Lee-Park").replace("ann@x.com", "ap@x.com").replace("010-1", "010-2")), "c.csv"))  # fmt: skip
    assert counts(plan, "added", "changed") == [0, 1]
    assert ws.people("900")[["name", "email", "phone"]].to_numpy().tolist() == [["Ann Lee-Park", "ap@x.com", "010-2"]]


def test_an_id_that_suddenly_means_somebody_else_is_not_believed(ws: Workspace, write) -> None:
    ws.import_file("contacts", write(hubspot(ANN)))
    plan = ws.import_file("contacts", write(hubspot("1,Zoe,Choi,zoe@x.com,,,COO,900,Alpha Inc."), "b.csv"))
    assert codes(plan)[0] == (2, "contact.record_reused")
    assert sorted(ws.people("900")["name"]) == ["Ann Lee", "Zoe Choi"]


def test_what_was_changed_here_stays_when_the_export_did_not_change_it_or_both_did(ws: Workspace, write) -> None:
    ws.import_file("contacts", write(hubspot(ANN)))
    job = ws.ledger.as_of(Employment)[0]
    ws.ledger.save([Change("employment", job.id, {"title": "Chief of Finance"})])
    plan = ws.import_file("contacts", write(hubspot(ANN.replace("010-1", "010-9")), "b.csv"))
    assert [(d.field, d.after) for d in plan.differences] == [("phone", "010-9")]
    plan = ws.import_file("contacts", write(hubspot(ANN.replace("010-1", "010-9").replace("CFO", "COO")), "c.csv"))
    assert codes(plan) == [(2, "field.changed_here")]
    assert ws.people("900")["title"].tolist() == ["Chief of Finance"]
    assert codes(ws.import_file("contacts", tmp_same(write, "c.csv"))) == []


def tmp_same(write, name: str) -> Path:
    return write(hubspot(ANN.replace("010-1", "010-9").replace("CFO", "COO")), name)


def test_two_lists_that_say_otherwise_do_not_flip_flop(ws: Workspace, write) -> None:
    one = write("account,name,title\nA,Ann,CFO\n", "one.csv")
    other = write("고객사,이름,직책,메모\nA,Ann,COO,x\n", "other.csv")
    for path in (one, other):
        ws.import_file("contacts", path)
    at = ws.ledger.last_at()
    for path in (one, other, one):
        assert ws.import_file("contacts", path).changes == []
    assert ws.ledger.last_at() == at
    assert ws.people("A")["title"].tolist() == ["COO"]


@pytest.mark.slow
def test_a_verified_fact_is_not_overwritten_by_an_older_unverified_one(ws: Workspace, write) -> None:
    ws.import_file("accounts", write("key,name\nA,Alpha\n", "a.csv"))
    ws.import_file("contacts", write("account,name,title\nA,Ann,CFO\n"))
    ws.edit_slot("A", "cfo", holder="Ann", verified_on="2026-11-01", verified_how="call")
    header = "account,name,title,수정일\n"
    plan = ws.import_file("contacts", write(header + "A,Ann,Manager,2026.10.01\n", "old.csv"))
    assert codes(plan) == [(2, "field.verified")]
    assert ws.people("A")["title"].tolist() == ["CFO"]
    plan = ws.import_file("contacts", write(header + "A,Ann,COO,2026-11-20\n", "new.csv"))
    assert codes(plan) == []
    assert ws.people("A")["title"].tolist() == ["COO"]


def test_who_was_recorded_as_gone_stays_gone_and_the_file_is_named(ws: Workspace, write) -> None:
    path = write("account,name,title\nA,Ann,CFO\n")
    ws.import_file("contacts", path)
    ws.end_employment("Ann", "A", kind="left", ended_on="2026-03-03")
    plan = ws.import_file("contacts", write("account,name,title\nA,Ann,COO\n", "b.csv"))
    assert codes(plan) == [(2, "contact.left")]
    assert ws.people("A")["end_kind"].tolist() == ["left"]


@pytest.mark.slow
def test_an_import_that_was_taken_back_comes_in_again_field_by_field(ws: Workspace, write) -> None:
    ws.import_file("contacts", write("account,name,title\nA,Ann,CFO\n"))
    newer = write("account,name,title\nA,Ann,COO\n", "b.csv")
    ws.undo(ws.import_file("contacts", newer).counts["edit_id"])
    assert ws.people("A")["title"].tolist() == ["CFO"]
    assert ws.import_file("contacts", newer).counts["changed"] == 1
    assert ws.people("A")["title"].tolist() == ["COO"]


def test_mended_rejects_do_not_make_everybody_else_missing(ws: Workspace, write) -> None:
    plan = ws.import_file("contacts", write("account,name\nA,Ann\nA,Bob\nA,\n"))
    rejects = Path(plan.counts["rejects_file"])
    mended = rejects.read_text(encoding="utf-8-sig").replace("A,", "A,Cy")
    plan = ws.import_file("contacts", write(mended, "m.csv"))
    assert counts(plan, "added", "missing") == [1, 0]


def test_another_list_of_the_same_form_does_not_make_the_first_one_s_people_missing(ws: Workspace, write) -> None:
    ws.import_file("contacts", write("account,name\n" + "".join(f"A{i},Ann\n" for i in range(6))))
    plan = ws.import_file("contacts", write("account,name\nB,Bob\nA0,Zoe\n", "b.csv"))
    assert [one["account"] for one in plan.missing] == [ws.people("A0")["account"].iloc[0]]


@pytest.mark.parametrize("names", [("(주)한빛", "주식회사 한빛", "㈜ 한빛", "한빛(주)", "한빛", "Hanbit Co., Ltd."), ("Acme", "ACME, Inc.", "Acme Corporation"), ("BASF SE", "basf")])  # fmt: skip
def test_spellings_of_one_company_are_one_account(ws: Workspace, write, names) -> None:
    rows = "".join(f'"{name}",P{i}\n' for i, name in enumerate(names))
    plan = ws.import_file("contacts", write("account,name\n" + rows))
    assert plan.counts["accounts_added"] == 1
    assert ws.ledger.as_of(Account)[0].name == names[0]


def test_a_match_by_sound_is_said(ws: Workspace, write) -> None:
    ws.import_file("contacts", write("account,name\n한빛,Ann\n"))
    plan = ws.import_file("contacts", write('account,name\n"Hanbit Co., Ltd.",Bob\n', "b.csv"))
    assert codes(plan) == [(2, "account.by_sound")]


@pytest.mark.parametrize(("known", "met"), [("삼성전자", "삼성전기"), ("Acme Inc.", "Acme GmbH"), ("United Oil & Gas Corp.", "United Oil & Gas, UK"), ("한빛전자", "한빗전자")])  # fmt: skip
def test_near_misses_are_offered_and_never_merged(ws: Workspace, write, known: str, met: str) -> None:
    ws.import_file("accounts", write(f'key,name\nA1,"{known}"\n', "a.csv"))
    plan = ws.import_file("contacts", write(f'account,name\n"{met}",Ann\n'))
    assert plan.counts["accounts_added"] == 1
    assert codes(plan) == [(2, "account.near")]


def test_names_that_differ_in_a_number_or_altogether_are_not_offered() -> None:
    finder = AccountFinder([("1", "한빛2공장"), ("2", "가나"), ("3", "Delta Air Lines")])
    for name in ("한빛3공장", "다라", "Delta Electronics"):
        assert finder.near(name) is None
        assert finder.find(name).ids == ()


def test_the_legal_form_is_told_apart_from_the_name() -> None:
    assert company_core("㈜한빛") == ("한빛", "stock")
    assert company_core("유한회사 한빛") == ("한빛", "유한회사")
    assert company_core("Company") == ("company", "")
    assert company_core("") == ("", "")


def test_a_person_at_two_companies_is_one_only_on_evidence(ws: Workspace, write) -> None:
    text = "account,name,email,phone\nA,Ann,a@x.com,\nB,Ann,A@X.com,\nC,Ann,,\nD,Bob,,010-1234-5678\nE,Bob,,+82 10-1234-5678\nF,Bob,,000-0000-0000\n"  # fmt: skip
    ws.import_file("contacts", write(text))
    jobs = ws.ledger.as_of(Employment)
    assert len(jobs) == 6
    assert len({job.person_id for job in jobs}) == 4


def test_an_account_file_with_other_keys_does_not_merge_what_only_shares_a_name(ws: Workspace, write) -> None:
    ws.import_file("accounts", write("key,name\nSATS,EchoStar\n"))
    plan = ws.import_file("accounts", write("key,name\nECHO,EchoStar\n", "b.csv"))
    assert (plan.counts["added"], codes(plan)) == (1, [(2, "account.near")])


def test_a_key_stays_known_after_the_account_got_its_id_from_a_contact_list_and_a_new_name(
    ws: Workspace, write
) -> None:
    ws.import_file("contacts", write("account,name\nAlpha,Ann\n"))
    for i, name in enumerate(["Alpha", "Omega"]):
        ws.import_file("accounts", write(f"key,name\nA1,{name}\n", f"{i}.csv"))
    assert [row.name for row in ws.ledger.as_of(Account)] == ["Omega"]
    assert ws.import_file("contacts", write("account,name\nAlpha,Bob\n", "c.csv")).counts["accounts_added"] == 0


def test_owners_named_in_an_export_become_colleagues_to_be_confirmed_by_the_staff_list(ws: Workspace, write) -> None:
    plan = ws.import_file("accounts", write("key,name,owner\nA1,Alpha,김영희\nA2,Beta,김영희\n"))
    assert codes(plan) == [(2, "owner.to_confirm")]
    assert [(row.id, row.function) for row in ws.ledger.as_of(Staff)] == [("김영희", None)]
    staff = write(
        "key,name,function,manager\nyh.kim,김영희,담당 영업,boss\nboss,박팀장,관리자,\nx,X,rep,nobody\n", "s.csv"
    )
    for added in (2, 0):
        plan = ws.import_file("staff", staff)
        assert (plan.counts["added"], codes(plan)) == (added, [(4, "staff.manager")])
    kim = next(row for row in ws.ledger.as_of(Staff) if row.name == "김영희")
    assert (kim.id, kim.login, kim.function, kim.manager_id) == ("김영희", "yh.kim", "rep", "boss")
    assert {row.owner_id for row in ws.ledger.as_of(Account)} == {"김영희"}


def test_an_owner_assigned_here_is_not_taken_back_by_the_next_export(ws: Workspace, write) -> None:
    ws.import_file("accounts", write("key,name,owner,region\nA1,Alpha,kim,\n"))
    ws.assign(["A1"], "lee.sora")
    ws.import_file("accounts", write("key,name,owner,region\nA1,Alpha,kim,Seoul\n", "b.csv"))
    row = ws.ledger.as_of(Account)[0]
    assert (row.owner_id, row.region) == ("lee.sora", "Seoul")


def test_rows_that_the_export_marks_as_deleted_are_named_and_not_taken(ws: Workspace, write) -> None:
    text = "Id,AccountId,FirstName,LastName,Email,SystemModstamp,IsDeleted\n1,A1,Ann,Lee,,2026,false\n2,A1,Bob,Kim,,2026,true\n"  # fmt: skip
    plan = ws.import_file("contacts", write(text))
    assert (plan.counts["layout"], codes(plan)) == ("salesforce", [(3, "row.deleted")])
    assert ws.people("A1")["name"].tolist() == ["Ann Lee"]


def test_another_export_of_a_program_is_not_taken_for_contacts(ws: Workspace, write) -> None:
    with pytest.raises(BadInput, match="dynamics365-emails"):
        ws.import_file("contacts", write("Subject,From,To,Regarding\nHi,a,b,c\n"))


def test_the_export_is_kept_row_by_row_with_columns_nobody_reads(ws: Workspace, write) -> None:
    plan = ws.import_file("accounts", write("key,name,CIK\nA1,Alpha,42\n"))
    assert [json.loads(row) for _, _, row in plan.kept] == [{"key": "A1", "name": "Alpha", "other": {"CIK": "42"}}]
    plan = ws.import_file("accounts", write("key,name,CIK\nA1,Alpha,43\n", "b.csv"))
    assert counts(plan, "changed", "unchanged") == [0, 1]
    assert ws.import_file("accounts", write("key,name,CIK\nA1,Alpha,43\n", "b.csv")).kept == []


def test_strict_minds_cells_and_rows_and_not_notices(ws: Workspace, write) -> None:
    with pytest.raises(BadInput, match="e-mail"):
        ws.import_file("contacts", write("account,name,email\nA,Ann,a@b&c\n"), strict=True)
    assert ws.ledger.as_of(Person) == []
    plan = ws.import_file("accounts", write("key,name,owner\nA,Alpha,new\n", "a.csv"), strict=True)
    assert plan.counts["added"] == 1


@pytest.mark.slow
def test_ctrl_c_while_it_writes_ends_with_130_and_leaves_the_store_as_it_was(ws: Workspace, write) -> None:
    path = write("account,name\n" + "".join(f"A{i // 10},P{i}\n" for i in range(40_000)))
    at = ws.ledger.last_at()
    ws.close()
    # Interrupted from within, at the moment that counts: some rows are inserted, none is committed.
    program = (
        "import os, signal, sys\n"
        "from coverage_kit.cli import base, main\n"
        "base.Bar.__call__ = lambda self, step, done, total: os.kill(os.getpid(), signal.SIGINT) if step == 'writing' and done > 9000 else None\n"
        "main()\n"
    )
    command = [sys.executable, "-c", program, "-w", str(ws.path), "import", "contacts", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (130, False)
    assert ws.ledger.last_at() == at
    assert ws.ledger.as_of(Person) == []


def test_an_interrupted_import_leaves_the_store_as_it_was(ws: Workspace, write) -> None:
    def stop(step: str, done: int, total: int) -> None:
        if step == "writing":
            raise KeyboardInterrupt

    path = write("account,name\nA,Ann\n")

    def everything() -> list[object]:
        return [ws.ledger.last_at(), *(ws.ledger.as_of(entity) for entity in (Account, Person, Employment, Event))]

    before = everything()
    with pytest.raises(KeyboardInterrupt):
        ws.import_file("contacts", path, progress=stop)
    assert everything() == before
    assert ws.import_file("contacts", path).counts["added"] == 1


def test_an_account_written_exactly_so_is_meant_though_another_differs_only_in_its_legal_form() -> None:
    finder = AccountFinder([("1", "Alpha"), ("2", "Alpha Inc.")])
    assert (finder.find("Alpha").ids, finder.find("Alpha Inc.").ids) == (("1",), ("2",))


def test_somebody_who_is_gone_from_a_newer_export_is_missing_though_nobody_of_the_account_is_listed(
    ws: Workspace, write
) -> None:
    other = "3,Cy,Oh,,,,,901,Beta Inc."
    ws.import_file("contacts", write(hubspot(ANN, "2,Bob,Kim,bob@x.com,,,CTO,900,Alpha Inc.", other)))
    plan = ws.import_file("contacts", write(hubspot(ANN, "2,Bob,Kim,bob@x.com,,,CTO,900,Alpha Inc."), "new.csv"))
    assert [one["name"] for one in plan.missing] == ["Cy Oh"]


@pytest.mark.parametrize("turned", [False, True])
def test_a_row_that_contradicts_an_unchanged_row_of_the_same_person_changes_nothing(
    ws: Workspace, write, turned: bool
) -> None:
    ws.import_file("contacts", write(hubspot(ANN)))
    rows = [ANN, ANN.replace("CFO", "CEO")]
    plan = ws.import_file("contacts", write(hubspot(*(rows[::-1] if turned else rows)), "twice.csv"))
    assert codes(plan) == [(2 if turned else 3, "contact.contradicts")]
    assert ws.people("900")["title"].tolist() == ["CFO"]

"""Faults that people reported: each kind of file gives the right value, or a problem that names it."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from exchange_helpers import codes, counts

from coverage_kit import BadInput
from coverage_kit.cli import cli
from coverage_kit.domain.identifiers import name_key
from coverage_kit.errors import NotFound
from coverage_kit.exchange.plan import layouts
from coverage_kit.exchange.plan.columns import COLUMNS
from coverage_kit.store.entities import Account, Employment, Person, Staff
from coverage_kit.transfer.evidence import find_evidence
from coverage_kit.workspace import Workspace


def accounts(ws: Workspace) -> dict[str, str]:
    return {row.id: row.name for row in ws.ledger.as_of(Account)}


def jobs(ws: Workspace) -> list[tuple[Any, ...]]:
    """Name, account, title, e-mail and phone of everybody."""
    people = {row.id: row for row in ws.ledger.as_of(Person)}
    names = accounts(ws)
    found = [(people[job.person_id], job) for job in ws.ledger.as_of(Employment)]
    return sorted((one.name, names[job.account_id], job.title, one.email, one.phone) for one, job in found)


# Reading ------------------------------------------------------------------------------------------------------------


def test_line_breaks_in_cells_of_a_valid_file_tear_no_row_apart(ws: Workspace, write) -> None:
    text = 'Name,Company,Job Title,Notes\nAnn,Acme,CFO,"Met in May, liked it\nasked, for, prices, twice\nwill call, in June"\nBob,Beta,CEO,"x\ny"\n'
    plan = ws.import_file("contacts", write(text))
    assert counts(plan, "rows", "added", "rejected") == [2, 2, 0]
    assert [job[:3] for job in jobs(ws)] == [("Ann", "Acme", "CFO"), ("Bob", "Beta", "CEO")]


def test_a_two_line_street_comes_before_the_columns_that_are_read(ws: Workspace, write) -> None:
    text = (
        'Company Name,Address,Country,Owner\nAcme,"1 Main Street\nSuite 500",USA,\nBeta,"2 Oak Avenue\nFloor 3",USA,\n'
    )
    plan = ws.import_file("accounts", write(text))
    assert sorted(accounts(ws).values()) == ["Acme", "Beta"]
    assert (plan.problems, plan.unread) == ([], ["Address", "Country"])


def test_a_broken_row_is_kept_whole_and_costs_no_other(ws: Workspace, write) -> None:
    text = 'account,name,title,memo\nA,"5" disk","note\nline 2",x\nB,Bob,CEO,y\n'
    plan = ws.import_file("contacts", write(text))
    assert codes(plan) == [(2, "row.quote")]
    assert jobs(ws) == [("Bob", "B", "CEO", None, None)]
    assert "line 2" in Path(plan.counts["rejects_file"]).read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    "text",
    [
        "Name,Company,Job Title,City,Notes\nAnn,Acme, Inc.,CFO,Springfield,\nBob,Beta,CEO,Shelbyville,\n",
        "Name,Company,Job Title,Email,Phone Number\nAnn;Acme,CFO,ann@x.com,010-0000-0001\nAnn,BetaCEO,Sales,bob@x.com\nBob,Beta,CEO,b@x.com,\n",
        "Name,Company,Job Title\nAnn;Acme,CFO\nBob,Beta,CEO\nCy,Beta,CEO\nDi,Beta,CEO\n",
    ],
)
def test_a_row_of_another_width_is_a_problem(ws: Workspace, write, text: str) -> None:
    plan = ws.import_file("contacts", write(text))
    assert (2, "row.too_long") in codes(plan) or (2, "row.too_short") in codes(plan)
    assert ("Ann", "Acme", "Inc.", None, None) not in jobs(ws)
    assert any(job[0] == "Bob" and job[2] == "CEO" for job in jobs(ws))


@pytest.mark.parametrize(
    "text",
    [
        'Name, Company, Job Title\n"Ann", "Acme, Inc.", "CFO"\n"Bob", "Beta", "CEO"\n',
        "Name,Company,Job Title\n'Ann','Acme, Inc.','CFO'\n'Bob','Beta','CEO'\n",
        "sep=;\nCompany;Name;Job Title\nAcme, Inc.;Ann;CFO\nBeta;Bob;CEO\n",
        "Name|Company|Job Title\nAnn|Acme, Inc.|CFO\nBob|Beta|CEO\n",
    ],
)
def test_both_ways_of_quoting_and_every_separator_are_read_by_evidence(ws: Workspace, write, text: str) -> None:
    ws.import_file("contacts", write(text))
    assert [job[:3] for job in jobs(ws)] == [("Ann", "Acme, Inc.", "CFO"), ("Bob", "Beta", "CEO")]


def test_totals_footers_and_repeated_headers_are_left_out_and_named(ws: Workspace, write) -> None:
    text = "회사명 : 우리회사,,\n거래처코드,거래처명,대표자명\n00101,한빛전자,홍대표\n거래처코드,거래처명,대표자명\n00102,대한상사,이대표\n2026/11/27  오후 3:12:45,,\n합계,2건,\n"
    plan = ws.import_file("accounts", write(text))
    assert accounts(ws) == {"00101": "한빛전자", "00102": "대한상사"}
    assert [(one.row, one.why) for one in plan.left_out] == [(1, "preamble"), (4, "header"), (6, "footer"), (7, "total")]  # fmt: skip
    assert counts(plan, "rows", "added") == [2, 2]


@pytest.mark.parametrize(
    "last",
    [
        "合計,2,", "総計,,", "小計,2,", "2件,,", "合計 2件,,", "出力日: 2026/11/28,,", "合计,,", "总计,2,", "共2条,,",
        "Summe,,", "Gesamt,2,", "Zwischensumme,2,", "Gesamtsumme,,", "Anzahl: 2,,", "2 Datensätze,,",
        "Erstellt am 28.11.2026,,", "Seite 1 von 1,,", "Total général,2,", "Sous-total,2,",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["accounts", "contacts"])
def test_totals_and_footers_of_other_languages_are_left_out_and_named(
    ws: Workspace, write, kind: str, last: str
) -> None:
    header = "name,company,title" if kind == "contacts" else "company,industry,region"
    plan = ws.import_file(kind, write(f"{header}\nAlpha,Beta,CFO\nGamma,Delta,CIO\n{last}\n"))
    assert (plan.counts["added"], [one.row for one in plan.left_out]) == (2, [4])


@pytest.mark.parametrize("name", ["Summer AG", "Gesamtverband Metall", "計測技研", "Standard Chartered", "総合商社", "Seiten 24", "第一生命", "小计科技"])  # fmt: skip
def test_a_company_whose_name_begins_like_a_total_or_a_footer_is_a_company(ws: Workspace, write, name: str) -> None:
    ws.import_file("accounts", write(f"name,industry,region\n{name},,\nAlpha,,\n"))
    assert sorted(accounts(ws).values()) == sorted([name, "Alpha"])


@pytest.mark.parametrize("code", ['="005930"', '"=""005930"""'])
def test_a_code_written_as_a_formula_keeps_its_zeros(ws: Workspace, write, code: str) -> None:
    ws.import_file("accounts", write(f"key,name\n{code},Alpha\n000660,Beta\n"))
    assert accounts(ws) == {"005930": "Alpha", "000660": "Beta"}


def test_files_that_were_joined_with_their_marks_are_read_as_one(ws: Workspace, write) -> None:
    mark = "\ufeff"
    plan = ws.import_file("contacts", write(f"{mark}name,company\nAnn,Acme\n{mark}name,company\n{mark}Bob,Beta\n"))
    assert [job[:2] for job in jobs(ws)] == [("Ann", "Acme"), ("Bob", "Beta")]
    assert [(one.row, one.why) for one in plan.left_out] == [(3, "header")]


@pytest.mark.parametrize("name", ["空席", "欠員", "unbesetzt", "vakant", "N.N.", "ann@acme.example", "山田太郎、鈴木花子", "Anna Schmidt und Karl Meier"])  # fmt: skip
def test_what_is_nobodys_name_in_another_language_is_rejected(ws: Workspace, write, name: str) -> None:
    plan = ws.import_file("contacts", write(f'name,company\n"{name}",Acme\nBob,Beta\n'))
    assert ([job[:2] for job in jobs(ws)], plan.counts["rejected"]) == ([("Bob", "Beta")], 1)


@pytest.mark.parametrize(
    "owner", ["admin", "Deactivated user (Kim)", "Nicht zugewiesen", "未割当", "担当なし", "API User"]
)
def test_an_owner_who_is_nobody_in_another_program_makes_no_colleague(ws: Workspace, write, owner: str) -> None:
    plan = ws.import_file("accounts", write(f"name,owner\nAlpha,{owner}\n"))
    assert (accounts(ws) != {}, plan.counts["staff_added"]) == (True, 0)


def test_a_company_called_total_is_a_company(ws: Workspace, write) -> None:
    ws.import_file("accounts", write("name,industry,region\nTotal,Energy,Paris\nAlpha,,\n"))
    assert sorted(accounts(ws).values()) == ["Alpha", "Total"]


@pytest.mark.parametrize("nothing", ["-", "N/A", "n/a", "NULL", "#N/A", "#REF!", "없음", "미정", "미상", "(blank)", "未定", "なし", "不明", "k.A.", "keine", "unbekannt", "无"])  # fmt: skip
def test_a_placeholder_is_nobody_and_no_company(ws: Workspace, write, nothing: str) -> None:
    plan = ws.import_file(
        "contacts", write(f"회사,이름,직책\n{nothing},김갑돌,팀장\n한빛,{nothing},팀장\n한빛,박솔,{nothing}\n")
    )
    assert jobs(ws) == [("박솔", "한빛", None, None, None)]
    assert plan.counts["rejected"] == 2


# Keys ---------------------------------------------------------------------------------------------------------------


def test_one_key_with_two_names_puts_nobody_anywhere(ws: Workspace, write) -> None:
    plan = ws.import_file("contacts", write("Account ID,Account Name,Name\nA1,Northwind,Ann\nA1,Contoso,Bo\n"))
    assert codes(plan) == [(2, "contact.key_two_names"), (3, "contact.key_two_names")]
    assert all("Northwind" in one.message and "Contoso" in one.message for one in plan.problems)
    assert (accounts(ws), jobs(ws)) == ({}, [])


def test_a_key_whose_name_here_is_another_company_is_a_problem_in_contacts_and_a_rename_in_accounts(ws: Workspace, write) -> None:  # fmt: skip
    ws.import_file("accounts", write("key,name\nA1,Northwind\n", "a.csv"))
    plan = ws.import_file("contacts", write("Account ID,Account Name,Name\nA1,Contoso,Ann\n"))
    assert codes(plan) == [(2, "contact.key_name")]
    plan = ws.import_file("accounts", write("key,name\nA1,Contoso\n", "b.csv"))
    assert (codes(plan), accounts(ws)) == ([(2, "account.renamed")], {"A1": "Contoso"})


@pytest.mark.parametrize(("unclear", "account"), [("ask", None), ("same", "001230"), ("new", "460860")])
def test_an_unknown_key_of_a_known_name_is_asked(ws: Workspace, write, unclear: str, account: str | None) -> None:
    ws.import_file("accounts", write("종목코드,회사명\n001230,동국제강\n", "a.csv"))
    plan = ws.import_file("contacts", write("종목코드,회사명,이름\n460860,동국제강,홍길동\n"), unclear=unclear)
    assert [job.account_id for job in ws.ledger.as_of(Employment)] == ([account] if account else [])
    if account is None:
        assert codes(plan) == [(2, "contact.key_unknown")]
        assert "001230" in plan.problems[0].message


def test_a_nearly_equal_key_is_asked_and_a_damaged_one_matches_nothing(ws: Workspace, write) -> None:
    ws.import_file("accounts", write("key,name\nA100,Northwind\n17179869201,Contoso\n", "a.csv"))
    plan = ws.import_file("contacts", write("Account ID,Full Name\na100,Ann\nＡ１００,Cy\n1.71799E+10,Bo\n"))
    assert codes(plan) == [(2, "account.key_near"), (3, "account.key_near"), (4, "key.damaged")]
    assert len(accounts(ws)) == 2


def test_both_lengths_of_a_salesforce_id_are_one_account(ws: Workspace, write) -> None:
    ws.import_file("accounts", write("ID,NAME\n0015g00000AbCdEAAV,Northwind\n0015g00000AbCdFAAV,Contoso\n", "a.csv"))
    ws.import_file("accounts", write("Account ID,Account Name\n0015g00000AbCdE,Northwind\n0015g00000AbCdF,Contoso\n", "b.csv"))  # fmt: skip
    ws.import_file("contacts", write("First Name,Last Name,Account ID\nAnn,Example,0015g00000AbCdE\n", "c.csv"))
    assert accounts(ws) == {"0015g00000AbCdEAAV": "Northwind", "0015g00000AbCdFAAV": "Contoso"}
    assert [job.account_id for job in ws.ledger.as_of(Employment)] == ["0015g00000AbCdEAAV"]


# Values -------------------------------------------------------------------------------------------------------------


def test_a_damaged_phone_never_replaces_a_good_one(ws: Workspace, write) -> None:
    ws.import_file(
        "contacts", write("회사,이름,휴대폰\n가나,홍길동,010-1234-5678\n가나,김철수,010-2234-5678\n", "a.csv")
    )
    plan = ws.import_file("contacts", write("회사,이름,휴대폰\n가나,홍길동,1012345678\n가나,김철수,1.02235E+09\n"))
    assert codes(plan) == [(2, "field.damaged"), (3, "field.damaged")]
    assert [job[4] for job in jobs(ws)] == ["010-2234-5678", "010-1234-5678"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("$1,100.04 ", 1100.04), ("USD 1,200,000", 1.2e6), ("₩1,000,000", 1e6), ("12억", 1.2e9), ("3,500만", 3.5e7), ("1.234,56", 1234.56), ("1,5", None), ("12,34,567", None)],
)  # fmt: skip
def test_an_amount_never_costs_the_account(ws: Workspace, write, text: str, value: float | None) -> None:
    plan = ws.import_file("accounts", write(f'Account Name,Annual Revenue\nAlpha,"{text}"\n'))
    assert [row.value for row in ws.ledger.as_of(Account)] == [value]
    assert codes(plan) == ([(2, "account.value")] if value is None else [])


@pytest.mark.parametrize(
    ("cell", "email"),
    [("a@x.com; b@x.com", "a@x.com"), ("mailto:a@x.com", "a@x.com"), ("Ann <a@x.com>", "a@x.com"), ("a@x.com\u200b", "a@x.com"), ("a@x.com.,", "a@x.com"), ("a@x.com ::: b@x.com", "a@x.com"), ("nobody", None)],
)  # fmt: skip
def test_the_first_usable_address_of_a_cell_counts(ws: Workspace, write, cell: str, email: str | None) -> None:
    ws.import_file("contacts", write(f'Company,Full Name,Email\nAcme,Ann,"{cell}"\n'))
    assert [job[3] for job in jobs(ws)] == [email]


@pytest.mark.parametrize(
    ("parts", "name"),
    [("太郎,,山田,", "山田 太郎"), ("小明,,王,", "王小明"), ("길동,,홍,", "홍길동"), ("John,Q.,Smith,Jr.", "John Q. Smith Jr.")],
)  # fmt: skip
def test_a_name_keeps_all_its_parts_in_the_order_of_its_script(ws: Workspace, write, parts: str, name: str) -> None:
    ws.import_file("contacts", write(f"Company,First Name,Middle Name,Last Name,Suffix\nAcme,{parts}\n"))
    assert [job[0] for job in jobs(ws)] == [name]


def test_two_people_in_one_cell_are_asked_and_entities_are_decoded(ws: Workspace, write) -> None:
    plan = ws.import_file("contacts", write('회사,이름\n한빛,"김준, 김담"\nDr&amp;auml;xl &amp; Sons,"O&#039;Neil"\n'))
    assert codes(plan) == [(2, "contact.two_people")]
    assert [job[:2] for job in jobs(ws)] == [("O'Neil", "Dräxl & Sons")]


def test_owners_are_found_however_they_are_written_and_nobody_is_nobody(ws: Workspace, write) -> None:
    ws.import_file("staff", write("login,name,function\njane@ours.example,Jane Rep,rep\n", "s.csv"))
    owners = ["Jane Rep (jane@ours.example)", '"Rep, Jane"', "jane", "No owner", "Deactivated user (old@ours.example)", "-", "New Person (new@ours.example)"]  # fmt: skip
    text = "key,name,owner\n" + "".join(f"{i},Account {i},{owner}\n" for i, owner in enumerate(owners))
    plan = ws.import_file("accounts", write(text))
    found = [row.owner_id for row in sorted(ws.ledger.as_of(Account), key=lambda row: row.id)]
    assert found == ["jane@ours.example"] * 3 + [None] * 3 + ["new@ours.example"]
    assert codes(plan) == [(8, "owner.to_confirm")]


def test_a_manager_is_found_by_name_in_the_same_file(ws: Workspace, write) -> None:
    plan = ws.import_file("staff", write("사번,성명,직무,팀장\n12,김지혜,영업,한매니저\n1,한매니저,팀장,\n"))
    assert plan.problems == []
    assert {row.id: row.manager_id for row in ws.ledger.as_of(Staff)} == {"12": "1", "1": None}


@pytest.mark.parametrize(
    ("written", "function"),
    [
        ("담당 영업", "rep"), ("영업대표", "rep"), ("Sales Rep", "rep"), ("영업팀장", "manager"), ("임원", "executive"),
        ("지원", "support"), ("기술 지원", "support"), ("서비스", "service"), ("서비스부서", "service"), ("COACH", "coach"),
    ],
)  # fmt: skip
def test_a_function_is_read_as_teams_write_it(ws: Workspace, write, written: str, function: str) -> None:
    plan = ws.import_file("staff", write(f"사번,성함,역할\n12,김지혜,{written}\n"))
    assert plan.problems == []
    assert [(row.name, row.function) for row in ws.ledger.as_of(Staff)] == [("김지혜", function)]


def test_a_rep_written_another_way_is_asked_and_not_made_a_second_time(ws: Workspace, write) -> None:
    ws.import_file("accounts", write("key,name\nA1,Alpha\n"))
    ws.assign(["A1"], "Ann Rep")
    with pytest.raises(NotFound, match="Ann Rep"):
        ws.assign(["A1"], "ann.rep")


# Layouts ------------------------------------------------------------------------------------------------------------

LAYOUTS = {
    "outlook": "Title,First Name,Last Name,Company,Job Title,Mobile Phone,Account,E-mail Address\nMr.,Ann,Example,Acme,CFO,010-1,,a@x.com\n",
    "google-contacts": "First Name,Last Name,Organization Name,Organization Title,E-mail 1 - Value,Phone 1 - Value\nAnn,Example,Acme,CFO,a@x.com ::: b@x.com,010-1 ::: 010-2\n",
    "linkedin": "Notes:\n\"any, text\"\n\nFirst Name,Last Name,URL,Email Address,Company,Position,Connected On\nAnn,Example,u,a@x.com,Acme,CFO,12 Mar 2025\n",
    "pipedrive": "Person - Name,Person - Organization,Person - Email - Work,Person - Phone - Mobile,Person - Job title,Person - ID\nAnn Example,Acme,a@x.com,010-1,CFO,7\n",
    "zoho": "Record Id,Contact Owner,First Name,Last Name,Account Name.id,Account Name,Email,Title,Mobile\nz1,,Ann,Example,z9,Acme,a@x.com,CFO,010-1\n",
    "odoo": "id,name,is_company,parent_id/name,function,email,mobile\n1,Acme,True,,,,\n2,Ann Example,False,Acme,CFO,a@x.com,010-1\n",
    "suitecrm": "First Name,Last Name,ID,Title,Account Name,Account ID,Email Address,Mobile,Assigned User Name,Deleted\nAnn,Example,s1,CFO,Acme,s9,a@x.com,010-1,,0\n",
    "hubspot": "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Job Title,Primary Associated Company ID,Associated Company\n51,Ann,Example,a@x.com,010-1,,CFO,17,Acme;Beta\n",
    "dynamics365": "(Do Not Modify) Contact,(Do Not Modify) Row Checksum,First Name,Last Name,Company Name,Job Title,Email,Mobile Phone\nx-1,c,Ann,Example,Acme,CFO,a@x.com,010-1\n",
    "vcard": "BEGIN:VCARD\nVERSION:3.0\nFN:Ann Example\nN:Example;Ann;;;\nORG:Acme\nTITLE:CFO\nTEL;TYPE=CELL:010-1\nEMAIL:a@x.com\nEND:VCARD\n",
}  # fmt: skip


@pytest.mark.parametrize("layout", layouts.LAYOUTS, ids=lambda layout: f"{layout.key} {' '.join(layout.kinds)}")
def test_a_layout_names_only_columns_that_we_have(layout: layouts.Layout) -> None:
    ours = {name for kind in layout.kinds or COLUMNS for name in COLUMNS[kind]}
    assert {*layout.columns, *layout.lists} <= ours


def test_no_layout_stands_behind_one_that_takes_its_files() -> None:
    behind = [
        (first.key, later.key, later.marks)
        for first, later in itertools.combinations(layouts.LAYOUTS, 2)
        if {*first.marks} <= {*later.marks} and {*first.kinds} & {*later.kinds}
    ]
    assert behind == []


def test_the_reference_names_every_layout() -> None:
    page = (Path(__file__).parents[2] / "docs/reference/files.md").read_text(encoding="utf-8")
    table = name_key(page.split("| layout | exported from |")[1].split("\n\n")[0])
    named = {"krx": "kind", "coverage-kit": "our own exports", "dynamics365": "dynamics 365"}
    missing = {
        each.key
        for each in layouts.LAYOUTS
        if each.kinds and name_key(named.get(each.key, each.key.replace("-", " "))) not in table
    }
    assert missing == set()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_gives_the_same_person(ws: Workspace, write, layout: str) -> None:
    path = write(LAYOUTS[layout])
    plan = ws.import_file("contacts", path)
    assert plan.counts["layout"] == layout
    phone = None if layout == "linkedin" else "010-1"
    assert jobs(ws) == [("Ann Example", "Acme", "CFO", "a@x.com", phone)]
    assert ws.import_file("contacts", path).changes == []


@pytest.mark.slow
def test_vcard_2_1_with_quoted_printable_is_read(ws: Workspace, write) -> None:
    name = "=ED=99=8D;=EA=B8=B8=EB=8F=99;;;"
    text = f"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{name}\r\nORG:Acme\r\nTEL;CELL:010-1\r\nEND:VCARD\r\n"
    ws.import_file("contacts", write(text))
    assert jobs(ws) == [("홍길동", "Acme", None, None, "010-1")]


@pytest.mark.slow
def test_the_extension_of_a_vcard_4_number_stays_with_it(ws: Workspace, write) -> None:
    number = 'TEL;VALUE=uri;TYPE="voice,work":tel:+82-2-555-0100;ext=12'
    ws.import_file("contacts", write(f"BEGIN:VCARD\nVERSION:4.0\nFN:Ann Example\nORG:Acme\n{number}\nEND:VCARD\n"))
    assert jobs(ws) == [("Ann Example", "Acme", None, None, "+82-2-555-0100 ext. 12")]


CARD = "BEGIN:VCARD\nVERSION:2.1\nFN:{name}\nN:{family};{given};;;\nORG:Acme\nTITLE:{title}\n{more}END:VCARD\n"


@pytest.mark.parametrize("n_lines", range(1, 15))
def test_a_vcard_that_was_cut_off_is_refused_whole(ws: Workspace, write, n_lines: int) -> None:
    people = [("Ann Example", "Example", "Ann", "CFO"), ("Ben Sample", "Sample", "Ben", "CIO")]
    cards = [CARD.format(name=name, family=family, given=given, title=title, more="") for name, family, given, title in people]  # fmt: skip
    lines = "".join(cards).splitlines(keepends=True)
    cut = "".join(lines[:n_lines])
    if n_lines in (7, 14):
        ws.import_file("contacts", write(cut))
        assert len(jobs(ws)) == n_lines // 7
        return
    with pytest.raises(BadInput) as caught:
        ws.import_file("contacts", write(cut))
    assert caught.value.code == "import.card_cut_off"
    assert jobs(ws) == []


def test_a_vcard_without_the_end_of_one_card_is_refused(ws: Workspace, write) -> None:
    text = CARD.format(name="Ann Example", family="Example", given="Ann", title="CFO", more="")
    with pytest.raises(BadInput, match="cut off"):
        ws.import_file("contacts", write(text.replace("END:VCARD\n", "") + text))


@pytest.mark.slow
def test_the_card_of_an_assistant_inside_another_changes_neither(ws: Workspace, write) -> None:
    inner = CARD.format(name="Cho Helper", family="Helper", given="Cho", title="Assistant", more="")
    outer = CARD.format(
        name="Ann Example", family="Example", given="Ann", title="CFO", more=f"AGENT:\n{inner}TEL:010-1\n"
    )
    ws.import_file("contacts", write(outer))
    assert jobs(ws) == [("Ann Example", "Acme", "CFO", None, "010-1")]


def test_an_odoo_file_gives_its_companies_to_accounts_and_its_people_to_contacts(ws: Workspace, write) -> None:
    path = write(LAYOUTS["odoo"])
    ws.import_file("accounts", path)
    ws.import_file("contacts", path)
    assert accounts(ws) == {"1": "Acme"}
    assert [job[0] for job in jobs(ws)] == ["Ann Example"]


def test_both_editions_of_the_exchange_list_show_who_is_gone(ws: Workspace, write) -> None:
    ws.import_file("accounts", write("회사명,종목코드\n한빛,000020\n두빛,000040\n세빛,000050\n", "old.csv"))
    plan = ws.import_file(
        "accounts", write("회사명,시장구분,종목코드\n한빛,유가,000020\n두빛,유가,000040\n", "new.csv")
    )
    assert [one["id"] for one in plan.missing] == ["000050"]


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("accounts", "First Name,Last Name,Company,Job Title\nAnn,Example,Acme,CFO\n", "Import it as contacts"),
        ("contacts", '[{"firstName":"Ann"}]', "JSON"),
        ("contacts", "MIME-Version: 1.0\nContent-Type: multipart/related\n\n<html><table>", "MHTML"),
        ("contacts", '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "XML Spreadsheet"),
    ],
)  # fmt: skip
def test_another_kind_of_file_is_named_with_the_remedy(ws: Workspace, write, kind: str, text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        ws.import_file(kind, write(text))


def test_a_proposed_mapping_goes_by_what_the_columns_hold_or_is_not_made(ws: Workspace, write) -> None:
    people = "rank,firm,who\n1,한빛전자(주),김가온\n2,(주)새벽,이하늘\n3,두빛화학,박솔\n"
    with pytest.raises(BadInput, match=r'"firm=account".*"who=name"'):
        ws.import_file("contacts", write(people))
    with pytest.raises(BadInput) as caught:
        ws.import_file("accounts", write("rank,sector\n1,Retail\n2,Energy\n"))
    assert "rank=" not in str(caught.value)


# Evidence -----------------------------------------------------------------------------------------------------------

BEFORE = "Contact ID,Account ID,Account Name,Full Name,Title,Email,Status\nk1,B1,Beta Steel,Bo,CFO,bo@beta.example,Active\nk2,A1,Alpha,Ann,CEO,ann@a.example,Active\nk3,A1,Alpha,Cy,COO,,Active\n"


@pytest.fixture
def known(ws: Workspace, write) -> Workspace:
    ws.import_file("accounts", write("Account ID,Account Name,Owner\nA1,Alpha,kim\nB1,Beta Steel,kim\n", "a.csv"))
    ws.import_file("contacts", write(BEFORE, "before.csv"))
    ws.edit_slot("B1", "cfo", holder="Bo", verified_on="2026-11-01", verified_how="call")
    ws.edit_slot("A1", "ceo", holder="Ann", verified_on="2026-11-01", verified_how="call")
    return ws


MOVED = BEFORE.replace("k1,B1,Beta Steel,Bo,CFO,bo@beta.example", "k1,A1,Alpha,Bo,CFO,bo@alpha.example")


@pytest.mark.slow
def test_a_known_person_at_another_account_is_evidence_and_nothing_is_overwritten(known: Workspace, write) -> None:
    path = write(MOVED, "after.csv")
    for _ in range(2):
        plan = known.import_file("contacts", path)
        (one,) = plan.evidence
        assert (one.person, one.account, one.was, one.now, one.roles) == ("Bo", "B1", "Beta Steel (B1)", "Alpha (A1)", ["cfo"])  # fmt: skip
        assert known.people("B1")[["name", "email", "end_kind"]].to_numpy().tolist() == [["Bo", "bo@beta.example", None]]  # fmt: skip
        assert len(jobs(known)) == 3
    assert [(each.person, each.moved_to) for each in find_evidence(known.ledger)] == [("Bo", "A1")]


@pytest.mark.slow
def test_recording_the_moves_ends_the_old_job_and_closes_the_evidence(known: Workspace, write) -> None:
    path = write(MOVED, "after.csv")
    known.import_file("contacts", path)
    plan = known.import_file("contacts", path, record_moves=True)
    assert known.people("B1")["end_kind"].tolist() == ["moved"]
    assert "Bo" in known.people("A1")["name"].tolist()
    assert (find_evidence(known.ledger), known.import_file("contacts", path).evidence) == ([], [])
    known.undo(plan.counts["edit_id"])
    assert known.people("B1")["end_kind"].tolist() == [None]


@pytest.mark.parametrize(
    ("change", "now"),
    [(("Ann,CEO", "Ann,"), ""), (("ann@a.example,Active", "ann@a.example,퇴사"), "퇴사"), (("k2,A1,Alpha,Ann,CEO,ann@a.example,Active\n", ""), "")],
)  # fmt: skip
def test_a_lost_title_an_inactive_mark_and_a_gone_row_are_evidence(known: Workspace, write, change, now: str) -> None:
    plan = known.import_file("contacts", write(BEFORE.replace(*change), "after.csv"))
    assert [(one.person, one.now, one.roles) for one in plan.evidence] == [("Ann", now, ["ceo"])]
    assert [(one.person, one.roles) for one in find_evidence(known.ledger)] == [("Ann", ["ceo"])]
    assert known.people("A1").query("name == 'Ann'")["title"].tolist() == ["CEO"]


def test_the_json_of_an_import_names_what_was_left_out_unread_and_evident(known: Workspace, write) -> None:
    path = write(
        MOVED.replace("Status\n", "Status,Memo\n").replace("Active\n", "Active,x\n") + "합계,,,,,,,3\n", "after.csv"
    )
    command = ["--workspace", str(known.path), "import", "contacts", str(path), "--json"]
    said = json.loads(CliRunner().invoke(cli, command, catch_exceptions=False).output)
    assert said["left_out"] == [{"row": 5, "why": "total", "text": "합계 | 3"}]
    assert said["unread_columns"] == ["Memo"]
    assert {"row", "person", "account", "was", "now", "roles"} == set().union(*said["evidence"])


def test_our_own_export_of_an_unconfirmed_account_leaves_it_unconfirmed(ws: Workspace, write, tmp_path: Path) -> None:
    ws.import_file("contacts", write("회사,이름\n한빛,김가온\n"))
    ws.export_file("accounts", tmp_path / "out.csv")
    assert ws.import_file("accounts", tmp_path / "out.csv").changes == []
    assert [row.status for row in ws.ledger.as_of(Account)] == ["unconfirmed"]


# The files themselves -----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.parametrize("name", ["L_H1_stray_lower.xlsx", "L_H2_noref_farrow.xlsx", "L_H6_bomb150.xlsx"])
def test_a_small_workbook_that_would_fill_the_memory_is_refused(ws: Workspace, shared_data: Path, name: str) -> None:
    with pytest.raises(BadInput) as caught:
        ws.import_file("contacts", shared_data / "reported" / name)
    assert caught.value.code == "import.workbook_size"


@pytest.mark.slow
@pytest.mark.shared_data
@pytest.mark.parametrize(
    "name", ["L_X1_customxml_utf16.xlsx", "L_X2_hidden_sheet.xlsx", "B6_dynamics_hiddenSheet.xlsx"]
)
def test_parts_and_sheets_that_are_not_read_do_not_matter(ws: Workspace, shared_data: Path, name: str) -> None:
    assert counts(ws.import_file("contacts", shared_data / "reported" / name), "rows", "added") == [2, 2]


@pytest.mark.slow
@pytest.mark.shared_data
def test_numbers_of_a_workbook_read_as_it_shows_them(ws: Workspace, shared_data: Path) -> None:
    folder = shared_data / "reported"
    ws.import_file("accounts", folder / "B7_number_format_codes.xlsx")
    plan = ws.import_file("accounts", folder / "B7_codes.csv")
    assert sorted(accounts(ws)) == ["000660", "005930"]
    assert plan.counts["unchanged"] == 2
    for name in ("F1_long_ids.xlsx", "F1_long_ids19.xlsx"):
        assert codes(ws.import_file("contacts", folder / name)) == [(2, "key.damaged"), (3, "key.damaged")]


@pytest.mark.slow
@pytest.mark.shared_data
def test_every_reported_file_changes_nothing_the_second_time(ws: Workspace, shared_data: Path) -> None:
    for path in sorted((shared_data / "reported").glob("[A-FL]*.csv")):
        kind = "staff" if "staff" in path.name else "accounts" if "acc" in path.name.lower() else "contacts"
        try:
            ws.import_file(kind, path)
        except BadInput:
            continue
        assert ws.import_file(kind, path).changes == [], path.name

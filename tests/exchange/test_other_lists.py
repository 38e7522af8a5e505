"""A list that is read as another kind is refused or read sensibly: no company becomes a colleague, no person an account."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_kit import BadInput
from coverage_kit.cli import cli
from coverage_kit.exchange.plan.columns import COLUMNS, STAFF_KEYS
from coverage_kit.exchange.plan.headers import TableFile, guess_kind
from coverage_kit.exchange.plan.imports import read_import
from coverage_kit.store.entities import Account, Person, Staff
from coverage_kit.workspace import Workspace

KINDS = ("accounts", "contacts", "staff")
COMPANIES = ["한빛전자", "(주)새벽", "Acme Inc.", "Blue Traders", "가온화학"]
PEOPLE = ["김가온", "이나래", "Ann Example", "박다솜", "Bo Sample"]
#: Small lists as programs and people write them, to what they hold.
LISTS = {
    "key,name,industry,segment,region,value,owner\nA1,한빛전자,Metal,,,,\n": "accounts",
    "ID,NAME,INDUSTRY\n1,Blue Traders,Metal\n": "accounts",
    "id,name,region\n1,Blue Traders,Seoul\n": "accounts",
    "id,name\n1,Acme Inc.\n2,(주)새벽\n": "accounts",
    "Account Name\nBlue Traders\n": "accounts",
    "종목코드,회사명,업종\n000010,한빛전자,전자\n": "accounts",
    "Name,Company ID,Industry\nBlue Traders,1,Metal\n": "accounts",
    "Company ID,Name\n1,Acme Inc.\n2,(주)새벽\n": "accounts",
    "account,name,title,department,email,phone\n한빛전자,김가온,과장,구매팀,,\n": "contacts",
    "Company,Name,Phone\nBlue Traders,Ann Example,010-1000-2000\n": "contacts",
    "Id,AccountId,FirstName,LastName,Title\n1,2,Ann,Example,CFO\n": "contacts",
    "id,First Name,Last Name,Company,Email\n1,Ann,Example,Blue Traders,a@b.example\n": "contacts",
    "Name,Job Title\nAnn Example,CFO\n": "contacts",
    "key,name,function,manager,email\nann.rep,Ann Example,rep,,\n": "staff",
    "login,name\nann.rep,Ann Example\n": "staff",
    "사번,이름,직책,부서,역할,팀장\n100,김가온,과장,1팀,rep,\n": "staff",
    "사번,성명,회사,부서,직무,팀장\n100,김가온,한빛전자,1팀,rep,\n": "staff",
}  # fmt: skip


@pytest.mark.parametrize(("text", "holds"), LISTS.items())
@pytest.mark.parametrize("kind", KINDS)
def test_a_list_is_taken_as_what_it_holds_and_refused_as_anything_else(
    ws: Workspace, write, text: str, holds: str, kind: str
) -> None:
    if kind == holds:
        if holds != "contacts" or "ompany" in text or "ccount" in text:
            assert ws.import_file(kind, write(text)).counts["added"] > 0
        return
    with pytest.raises(BadInput) as refused:
        ws.import_file(kind, write(text))
    found = refused.value.values.get("holds")
    assert found in (holds, [holds])
    assert not [*ws.ledger.as_of(Account), *ws.ledger.as_of(Person)]
    assert {row.id for row in ws.ledger.as_of(Staff)} <= {"ann"}


@pytest.mark.parametrize(("text", "holds"), LISTS.items())
def test_a_list_is_proposed_as_what_it_holds(text: str, holds: str) -> None:
    header, *rows = csv.reader(io.StringIO(text))
    assert guess_kind(header, {}, list(enumerate(rows, 2))) == holds


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("accounts", "업체명,담당자,이메일,전화번호\n한빛전자,김가온,,\n"),
        ("contacts", "account,name\n㈜새벽,㈜가온\n"),
        ("contacts", "종목코드,회사명,대표자명\n000010,한빛전자,김가온\n"),
        ("accounts", "Organization Id,Name,Country\nO1,Blue Traders,Korea\n"),
        ("accounts", "Name,Phone\n한빛전자,02-100-2000\n가온화학,02-100-2001\n"),
        ("staff", "id,name,email\nann.rep,Ann Example,a@b.example\n"),
        ("staff", "사번,이름,지역,직급\n100,김가온,Seoul,과장\n"),
    ],
)
def test_a_list_that_may_be_of_two_kinds_is_read_as_the_one_that_was_said(
    ws: Workspace, write, kind: str, text: str
) -> None:
    assert ws.import_file(kind, write(text)).counts["added"] == text.count("\n") - 1


def test_names_of_people_with_their_phones_are_no_accounts(ws: Workspace, write) -> None:
    with pytest.raises(BadInput, match="looks like a list of contacts"):
        ws.import_file("accounts", write("Name,Mobile Phone\n김가온,010-1000-2000\n이나래,010-1000-2001\n"))


def test_a_column_that_somebody_names_decides_also_the_next_time(ws: Workspace, write) -> None:
    path = write("Company,Name,Phone\nBlue Traders,Harbor Office,02-100-2000\n")
    with pytest.raises(BadInput, match='--map "Name=name"'):
        ws.import_file("accounts", path)
    assert ws.import_file("accounts", path, mapping={"Name": "name"}).counts["added"] == 1
    assert ws.import_file("accounts", path).counts["unchanged"] == 1


def test_the_command_names_the_kind_to_import(ws: Workspace, write) -> None:
    path = write("key,name,industry\nA1,한빛전자,Metal\n")
    done = CliRunner().invoke(cli, ["--workspace", str(ws.path), "import", "staff", str(path)])
    assert "looks like a list of accounts, not of staff: it has name, industry" in str(done.exception)


@st.composite
def made_up_lists(draw: st.DrawFn) -> tuple[str, dict[str, str], str]:
    """A file with usual columns in any order, what each of them holds, and the kind of the list."""
    kind = draw(st.sampled_from(KINDS))

    def one_of(of: str, ours: str) -> str:
        return draw(st.sampled_from(COLUMNS[of][ours]))

    if kind == "accounts":
        holds = {one_of("accounts", "name"): "company"}
        more = [each for each in ("industry", "segment", "value") if draw(st.booleans())]
    elif kind == "contacts":
        holds = {
            draw(st.sampled_from(["Company", "회사", "고객사명", "Account Name", "Organization"])): "company",
            draw(st.sampled_from(["Name", "이름", "Full Name", "성명"])): "person",
        }
        more = ["title", *(each for each in ("email", "phone", "department") if draw(st.booleans()))]
    else:
        holds = {draw(st.sampled_from(STAFF_KEYS)): "login", draw(st.sampled_from(["name", "이름", "성명"])): "person"}
        more = ["function", *(each for each in ("manager", "email") if draw(st.booleans()))]
    holds |= {one_of(kind, ours): ours for ours in more}
    order = draw(st.permutations([*holds]))
    texts = {"company": COMPANIES, "person": PEOPLE, "login": ["a1", "a2", "a3"], "function": ["rep"], "email": ["a@b.example"], "phone": ["010-1000-2000"], "value": ["1000"]}  # fmt: skip
    rows = [[draw(st.sampled_from(texts.get(holds[name], ["x"]))) for name in order] for _ in range(3)]
    file = io.StringIO()
    csv.writer(file).writerows([order, *rows])
    return file.getvalue(), holds, kind


@given(made_up_lists(), st.sampled_from(KINDS))
@settings(deadline=None)
def test_no_column_is_read_as_what_it_does_not_hold(made: tuple[str, dict[str, str], str], kind: str) -> None:
    text, holds, real = made
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        path.write_text(text, encoding="utf-8")
        try:
            table = read_import(kind, path)
        except BadInput:
            assert kind != real
            return

    def held(ours: str) -> str:
        return holds[table.header[table.columns[ours][0]]] if ours in table.columns else ""

    _look_at(table, kind, held("key" if kind == "staff" else "name"), held("account"))


def _look_at(table: TableFile, kind: str, main: str, account: str) -> None:
    if kind == "accounts":
        assert main == "company"
    elif kind == "contacts":
        assert (main or "person", account or "company") == ("person", "company")
    else:
        assert main == "login", table.header

"""Files in: what is good is taken, what is not is named, and nothing is guessed."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from exchange_helpers import counts

from coverage_kit import BadInput, init_workspace, open_workspace
from coverage_kit.config import Config, ReportTemplate, read_config, write_config
from coverage_kit.exchange import read_role_list
from coverage_kit.store.entities import Account, Employment, Person, Slot
from coverage_kit.workspace import Workspace


def file(tmp_path: Path, text: str | bytes, name: str = "file.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_the_same_file_again_changes_nothing_and_a_newer_one_what_differs(ws: Workspace, tmp_path: Path) -> None:
    path = file(tmp_path, "key,name,region\n0123,Alpha,Seoul\n1E5,Beta,\n")
    assert counts(ws.import_file("accounts", path), "added", "changed", "unchanged") == [2, 0, 0]
    at = ws.ledger.last_at()
    assert counts(ws.import_file("accounts", path), "added", "changed", "unchanged") == [0, 0, 2]
    assert ws.ledger.last_at() == at
    newer = file(tmp_path, "key,name,region\n0123,Alpha,\n1E5,Gamma,Busan\n")
    assert counts(ws.import_file("accounts", newer), "added", "changed", "unchanged") == [0, 1, 1]
    assert [(r.id, r.name, r.region) for r in ws.ledger.as_of(Account)] == [("0123", "Alpha", "Seoul"), ("1E5", "Gamma", "Busan")]  # fmt: skip


def test_an_account_met_first_in_a_contact_list_is_not_doubled_by_its_key(ws: Workspace, tmp_path: Path) -> None:
    ws.import_file("contacts", file(tmp_path, "account,name\nAlpha,Ann\n"))
    keyed = file(tmp_path, "key,name\nA1,Alpha\n", "keyed.csv")
    for _ in range(2):
        ws.import_file("accounts", keyed)
    assert [row.name for row in ws.ledger.as_of(Account)] == ["Alpha"]


@pytest.mark.parametrize(("text", "value"), [("1,234.5", 1234.5), ("12", 12.0), ("1,23", None), ("1.234,56", 1234.56), ("1e999", None)])  # fmt: skip
def test_an_amount_that_can_be_read_in_two_ways_is_left_out_and_the_account_comes_in(
    ws: Workspace, tmp_path: Path, text: str, value
) -> None:
    plan = ws.import_file("accounts", file(tmp_path, f'key,name,value\nA,Alpha,"{text}"\n'))
    assert [problem.effect for problem in plan.problems] == (["cell"] if value is None else [])
    assert [row.value for row in ws.ledger.as_of(Account)] == [value]


@pytest.mark.slow
def test_contacts_fill_people_and_never_a_slot_and_a_found_account_waits(ws: Workspace, tmp_path: Path) -> None:
    path = file(tmp_path, "회사,이름,직책\n한빛,김가온,상무\n한빛,김가온,상무\n")
    plan = ws.import_file("contacts", path)
    assert counts(plan, "rows", "added", "unchanged", "accounts_added") == [2, 1, 1, 1]
    assert ws.ledger.as_of(Slot) == []
    assert ws.status()["team"]["accounts"] == 0
    ws.assign(["한빛"], "kim")
    assert ws.status()["team"]["required"] == 12
    assert ws.people("한빛")["title"].tolist() == ["상무"]
    assert ws.import_file("contacts", path).changes == []


def test_same_name_with_another_email_is_another_person_and_the_same_email_elsewhere_the_same(ws: Workspace, tmp_path: Path) -> None:  # fmt: skip
    text = "account,name,email\nA,Ann,a@x.com\nA,Ann,b@x.com\nB,Ann,a@x.com\n"
    ws.import_file("contacts", file(tmp_path, text))
    assert len(ws.ledger.as_of(Person)) == 2
    assert len(ws.ledger.as_of(Employment)) == 3


def test_bad_rows_are_written_out_to_be_mended_and_good_ones_taken(ws: Workspace, tmp_path: Path) -> None:
    text = "account,name,title\nA,Ann,=1+1\nA,,@SUM(1)\nA,Bob\nA,C\x1bD,x\nA,Eve,x,y\n"
    plan = ws.import_file("contacts", file(tmp_path, text))
    assert counts(plan, "rows", "added", "rejected") == [5, 2, 3]
    assert [(p.row, p.code) for p in plan.problems] == [(3, "contact.name"), (5, "text.control"), (6, "row.too_long")]
    rejects = Path(plan.counts["rejects_file"])
    assert "'@SUM(1)" in rejects.read_text(encoding="utf-8-sig")
    assert rejects.stat().st_mode & 0o777 == 0o600


@pytest.mark.slow
@pytest.mark.parametrize("cell", ["x" * 200_000, '"' + "x\n" * 100_000 + '"', '"' + "x" * 200_000])
def test_a_cell_longer_than_any_name_is_one_bad_row(ws: Workspace, tmp_path: Path, cell: str) -> None:
    path = tmp_path / "long.csv"
    path.write_text(f"account,name\nAlpha,Ann Lee\nAlpha,{cell}\n", encoding="utf-8")
    plan = ws.import_file("contacts", path)
    assert [row.name for row in ws.ledger.as_of(Person)] == ["Ann Lee"]
    assert plan.counts["rejected"] >= 1


def test_strict_takes_nothing_and_dry_run_writes_nothing(ws: Workspace, tmp_path: Path) -> None:
    path = file(tmp_path, "account,name\nA,Ann\nA,\n")
    with pytest.raises(BadInput, match="row 3"):
        ws.import_file("contacts", path, strict=True)
    assert ws.import_file("contacts", path, dry_run=True).counts["added"] == 1
    assert ws.ledger.as_of(Person) == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        ("name,name\nA,B\n", r"name, name \(2\)"),
        ("firm,who\nA,B\n", "--map"),
        (b"PK\x03\x04\x00\x00", "Excel"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\b", "not a text file"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_next_step(ws: Workspace, tmp_path: Path, data, message: str) -> None:  # fmt: skip
    with pytest.raises(BadInput, match=message):
        ws.import_file("contacts", file(tmp_path, data))


@pytest.mark.parametrize(
    "data", ["﻿회사;이름\r\n한빛;김가온\r\n", "회사\t이름\r한빛\t김가온\r", '회사,이름\n"한빛","김가온"\n\n']
)
def test_separators_line_ends_and_a_byte_order_mark_do_not_matter(ws: Workspace, tmp_path: Path, data: str) -> None:
    assert counts(ws.import_file("contacts", file(tmp_path, data)), "rows", "added") == [1, 1]


def test_an_own_header_is_mapped_by_hand(ws: Workspace, tmp_path: Path) -> None:
    plan = ws.import_file("accounts", file(tmp_path, "firm\nAlpha\n"), mapping={"firm": "name"})
    assert plan.counts["added"] == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "before",
    [
        'columns: {"accounts": {"old": "name"}}\n\n# mine\nreport:\n  memory_mb: 2048  # enough\n',
        "columns:\n  accounts:\n    old: name\n\n# mine\nreport:\n  memory_mb: 2048  # enough\n",
        "# mine\nreport:\n  memory_mb: 2048  # enough\n",
    ],
)
def test_a_mapping_is_kept_in_the_settings_beside_what_a_person_wrote_there(tmp_path: Path, before: str) -> None:
    init_workspace(tmp_path / "w", lang="en").close()
    settings = tmp_path / "w/coverage-kit.yml"
    settings.write_text("# hello\nlang: en\n" + before)
    with open_workspace(tmp_path / "w") as ws:
        ws.import_file("accounts", file(tmp_path, "firm\nAlpha\n"), mapping={"firm": "name"})
    old = {"old": "name"} if "old" in before else {}
    assert read_config(settings).columns == {"accounts": old | {"firm": "name"}}
    told = settings.read_text()
    assert all(line in told for line in ("# hello\n", "# mine\n", "  memory_mb: 2048  # enough\n"))
    assert settings.stat().st_mode & 0o777 == 0o600
    with open_workspace(tmp_path / "w") as ws:
        assert ws.import_file("accounts", file(tmp_path, "firm\nBeta\n")).counts["added"] == 1


@pytest.mark.slow
def test_the_real_lists_come_in_whole(ws: Workspace, shared_data: Path) -> None:
    stocks = shared_data / "accounts/sp500_constituents_2026-06-20.csv"
    assert counts(ws.import_file("accounts", stocks), "rows", "added", "rejected") == [503, 503, 0]
    northwind = shared_data / "crm/northwind_customers_contacttitle.csv"
    plan = ws.import_file("contacts", northwind)
    assert counts(plan, "rows", "added", "accounts_added", "rejected") == [91, 91, 91, 0]
    assert len(ws.unconfirmed()) == 91


ROLE = "key: t\ntitle: {ko: a, en: b}\nroles:\n  - {key: ceo, title: {ko: a, en: b}, level: executive, function: x, value: {ko: a, en: b}%s}\n"  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("key: !!python/name:os.system t\n", 1, "tags"),
        ("a: &x 1\nb: *x\n", 1, "anchors"),
        (ROLE % "" + "key: u\n", 5, "twice"),
        ("key: no\n", 1, "two ways"),
        ("key: t\ntitle: {ko: 0123, en: b}\n", 2, "two ways"),
        ("key: t\n\ttitle: x\n", 2, "YAML"),
        (ROLE % "" + "colour: red\n", 5, "not known"),
        (ROLE % ", level2: x", 4, "not known"),
        (ROLE.replace("executive", "boss") % "", 4, "roles.1.level: use one of: executive"),
        ("- a\n- b\n", 1, "line 1: keys with values"),
    ],
)
def test_a_role_file_is_refused_with_its_line(tmp_path: Path, text: str, line: int, message: str) -> None:
    with pytest.raises(BadInput, match=message) as caught:
        read_role_list(file(tmp_path, text, "t.yml"))
    assert f"t.yml, line {line}:" in str(caught.value)


@pytest.mark.parametrize("text", ["a: [" + "x," * 450_000 + "x]", "a:\n" + "- x\n" * 200_000, "[" * 100_000])
def test_a_yaml_file_with_far_too_many_parts_is_refused_at_once(tmp_path: Path, text: str) -> None:
    start = time.process_time()
    with pytest.raises(BadInput, match="written by hand"):
        read_role_list(file(tmp_path, text, "t.yml"))
    assert time.process_time() - start < 1


def test_settings_survive_writing_and_never_show_a_password(tmp_path: Path) -> None:
    secret = 'postgresql+psycopg://u:p"w\\d@h/db'
    config = Config(store=secret, templates=[ReportTemplate(path="a.ipynb", sha256="0" * 64)])
    write_config(tmp_path / "c.yml", config)
    assert read_config(tmp_path / "c.yml") == config
    assert 'p"w' not in repr(config)
    with pytest.raises(BadInput, match="timezone"):
        init_workspace(tmp_path / "new", timezone="Mars/Base")
    assert not (tmp_path / "new").exists()


def test_settings_are_refused_with_their_line_and_private(ws: Workspace, tmp_path: Path) -> None:
    assert (ws.path / "coverage-kit.yml").stat().st_mode & 0o777 == 0o600
    with pytest.raises(BadInput, match=r"c\.yml, line 2: .*time zone"):
        read_config(file(tmp_path, "lang: ko\ntimezone: Mars/Base\n", "c.yml"))

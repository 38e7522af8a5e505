"""A staff file names the mail addresses of our people; mails go there unless the config names another one."""

from __future__ import annotations

import pytest

from coverage_kit import Workspace
from coverage_kit.config import MailSettings
from coverage_kit.reporting.deliver.addresses import find_address
from coverage_kit.store.entities import Staff

SETTINGS = MailSettings(sender="coach@example.com", domain="example.com", addresses={"bo": "bo@config.example"})


def address(ws: Workspace, key: str) -> str | None:
    [row] = ws.ledger.as_of(Staff, id=key)
    return find_address(row, SETTINGS)


@pytest.mark.parametrize("column", ["email", "E-mail", "E-Mail", "이메일", "메일", "메일주소", "Email Address"])
def test_an_address_of_a_staff_file_is_used_in_any_usual_column(ws: Workspace, write, column: str) -> None:
    before = ws.import_file("staff", write("login,이름,역할\nan,안,영업\nbo,보,팀장\n", "old.csv"))
    assert (before.counts["added"], address(ws, "an")) == (2, "an@example.com")
    text = f"login,이름,역할,{column}\nan,안,영업,An.Kim@firm.example\nbo,보,팀장,bo@firm.example\ncy,시,임원,\n"
    ws.import_file("staff", write(text, "new.csv"))
    assert [address(ws, key) for key in ("an", "bo", "cy")] == ["An.Kim@firm.example", "bo@config.example", "cy@example.com"]  # fmt: skip
    # The same file again changes nothing, and a file without the column takes nothing away.
    assert ws.import_file("staff", write(text, "new.csv")).counts.get("changed", 0) == 0
    ws.import_file("staff", write("login,이름,역할\nan,안,영업\n", "old.csv"))
    assert address(ws, "an") == "An.Kim@firm.example"


def test_a_cell_of_several_addresses_gives_the_first_and_one_that_is_none_gives_none(ws: Workspace, write) -> None:
    ws.import_file(
        "staff", write('login,이메일\nan,"안 <an@firm.example>; b@firm.example"\nbo,없음\ncy,cy@\n', "s.csv")
    )
    assert [address(ws, key) for key in ("an", "cy")] == ["an@firm.example", "cy@example.com"]


def test_an_address_is_in_no_history_that_reports_read(ws: Workspace, write) -> None:
    ws.import_file("staff", write("login,이메일\nan,an@firm.example\n", "s.csv"))
    assert "email" not in ws.history().frames["staff"]

"""Everybody who owns something gets it by mail, once, with answers that need nothing but the mail."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup

from coverage_kit.config import CONFIG_NAME, MailSettings, read_config, write_config
from coverage_kit.domain.item_codes import ItemCode, commitment_of, find_codes, item_code
from coverage_kit.reporting.batch.manifest import Manifest
from coverage_kit.reporting.deliver.items import items_by_owner
from coverage_kit.reporting.deliver.mail import ITEMS, letters
from coverage_kit.store import Change
from coverage_kit.store.entities import Staff
from tests.coaching.conftest import TeamDay
from tests.replies.asking import ask, mail_items, read_mail, text_of


def links(path: Path) -> list[tuple[str, str, dict[str, list[str]]]]:
    """The answers in a mail's HTML: label, address, and subject and body of the reply."""
    page = BeautifulSoup(text_of(read_mail(path), "html"), "html.parser")
    found = []
    for anchor in page.find_all("a"):
        parts = urlsplit(str(anchor["href"]))
        assert parts.scheme == "mailto"
        found.append((anchor.get_text(), parts.path, parse_qs(parts.query)))
    return found


def test_every_owner_of_something_gets_one_mail_and_nobody_else(team: TeamDay, tmp_path: Path) -> None:
    team.ws.ledger.save(
        [Change("staff", key, {"name": key.title(), "login": key, "function": key}) for key in ("support", "service")]
    )
    for owner, role in (("kim", "cfo"), ("chief", "ceo"), ("support", "cio"), ("service", "cso"), ("lee", "it_manager")):  # fmt: skip
        ask(team, owner, role=role)
    assert mail_items(team, tmp_path).mailed == ["chief", "kim", "lee", "service", "support"]
    files = sorted(path.name for path in (tmp_path / "mail").iterdir())
    assert files == [f"{who}+items.eml" for who in ("chief", "kim", "lee", "service", "support")]


def test_an_executive_long_overdue_gets_a_mail_that_says_so(team: TeamDay, tmp_path: Path) -> None:
    one = ask(team, "chief", due_on=team.day)
    team.later(23)
    assert mail_items(team, tmp_path).mailed == ["chief"]
    for kind in ("plain", "html"):
        said = text_of(read_mail(tmp_path / "mail" / "chief+items.eml"), kind)
        assert "23 days overdue" in said
        assert one.task in said
        assert str(item_code(one.id, one.version)) in said


def test_a_mail_goes_once_however_often_the_command_runs(team: TeamDay, tmp_path: Path) -> None:
    ask(team, "chief")
    assert mail_items(team, tmp_path).mailed == ["chief"]
    assert mail_items(team, tmp_path).mailed == []
    # An item more does not make it another mail: it comes with the next week's.
    ask(team, "chief", role="ceo")
    assert mail_items(team, tmp_path).mailed == []


def test_items_are_in_the_mail_with_the_report_where_there_is_one(team: TeamDay) -> None:
    ask(team, "boss")
    ask(team, "chief", role="ceo")
    ask(team, "kim", role="cio")
    items = items_by_owner(team.ws, team.ws.coaching.commitments.find())
    made = letters(team.ws.ledger.as_of(Staff), {"kim": "kim", "boss": "boss"}, "team", items)
    assert [(one.to, one.report, len(one.items)) for one in made] == [
        ("boss", "boss", 1), ("kim", "kim", 1), ("boss", "team", 0), ("chief", ITEMS, 1),
    ]  # fmt: skip
    # A run for one rep mails nobody else.
    assert [one.to for one in letters(team.ws.ledger.as_of(Staff), {"kim": "kim"}, None, items)] == ["kim"]


def test_a_request_has_three_answers_that_reply_to_the_coach_of_its_session(team: TeamDay, tmp_path: Path) -> None:
    session = team.ws.coaching.sessions.start("kim", coach="lee")
    work = team.ws.coaching.commitments
    one = ask(team, "chief", role="ceo")
    work._context.ledger.save([Change("commitment", one.id, {"session_id": session.id})])
    # Until the rep has agreed, nobody is asked.
    assert mail_items(team, tmp_path / "before").mailed == []
    team.ws.ledger.save([Change("session", session.id, {"agreed": 1})])
    mail_items(team, tmp_path)
    code = str(item_code(one.id, one.version + 1))
    found = links(tmp_path / "mail" / "chief+items.eml")
    assert [(label, to, reply["subject"]) for label, to, reply in found] == [
        (label, "lee@example.com", [f"{label} [{code}]"]) for label in ("Accept", "Hand on", "Not possible")
    ]
    accept, hand_on, decline = (reply["body"][0] for _, _, reply in found)
    assert accept.startswith(f"Accept.\r\nBy which day: {one.due_on}\r\n")
    assert hand_on.startswith("Hand on.\r\nTo whom: \r\n")
    assert decline.startswith("Not possible.\r\nWhy not, in one line: \r\n")


def test_without_a_session_the_reply_goes_to_the_sender_and_accepted_work_can_be_called_done(team: TeamDay, tmp_path: Path) -> None:  # fmt: skip
    one = ask(team, "chief")
    team.ws.coaching.commitments.accept(one.id)
    ask(team, "kim", role="ceo")
    mail_items(team, tmp_path)
    leader, rep = (links(tmp_path / "mail" / name) for name in ("chief+items.eml", "kim+items.eml"))
    assert [label for label, _, _ in leader] == ["It is done", "Hand on", "Not possible"]
    assert [label for label, _, _ in rep] == ["It is done"]
    assert {to for _, to, _ in [*leader, *rep]} == {"coaching@example.com"}


def test_an_overdue_request_proposes_a_day_to_come(team: TeamDay, tmp_path: Path) -> None:
    ask(team, "chief", due_on=team.day)
    team.later(9)
    mail_items(team, tmp_path)
    (_, _, reply), *_ = links(tmp_path / "mail" / "chief+items.eml")
    assert f"By which day: {team.day + timedelta(days=7)}" in reply["body"][0]


def test_a_mail_names_no_server_unless_the_config_does(team: TeamDay, tmp_path: Path) -> None:
    ask(team, "chief")
    mail_items(team, tmp_path)
    plain = read_mail(tmp_path / "mail" / "chief+items.eml")
    assert "http" not in plain.as_string()
    path = team.ws.path / CONFIG_NAME
    linked = team.ws.config.mail.model_copy(update={"link": "https://sales.example.com/hub"})
    write_config(path, read_config(path).model_copy(update={"mail": linked}))
    team.ws.config = read_config(path)
    mail_items(team, tmp_path / "linked")
    for kind in ("plain", "html"):
        assert "https://sales.example.com/hub" in text_of(read_mail(tmp_path / "linked/mail/chief+items.eml"), kind)


@pytest.mark.parametrize("wrong", ["sales.example.com", "javascript:alert(1)", "https://a b", 'https://x"y'])
def test_a_link_that_is_no_address_of_a_server_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="link"):
        MailSettings(link=wrong)


def test_korean_mails_say_the_answers_in_korean(korean: TeamDay, tmp_path: Path) -> None:
    ask(korean, "chief")
    mail_items(korean, tmp_path)
    found = links(tmp_path / "mail" / "chief+items.eml")
    assert [label for label, _, _ in found] == ["맡겠습니다", "다른 분께", "어렵습니다"]
    assert all(len(f"{reply}") < 2_000 for _, _, reply in found)
    assert read_mail(tmp_path / "mail" / "chief+items.eml")["Subject"].startswith("부탁드린 일 1건")
    assert "맡겠습니다: <mailto:" in text_of(read_mail(tmp_path / "mail" / "chief+items.eml"), "plain")


def test_accepted_work_is_called_theirs_and_a_request_a_request(team: TeamDay, tmp_path: Path) -> None:
    one = ask(team, "chief")
    mail_items(team, tmp_path / "asked")
    team.ws.coaching.commitments.accept(one.id)
    mail_items(team, tmp_path / "taken")
    subjects = [read_mail(tmp_path / each / "mail/chief+items.eml")["Subject"] for each in ("asked", "taken")]
    assert [each.split(" · ")[0] for each in subjects] == ["1 request for you", "1 item is yours"]


def test_links_stay_shorter_than_mail_programs_cut(korean: TeamDay, tmp_path: Path) -> None:
    work = korean.ws.coaching.commitments
    one = ask(korean, "chief")
    korean.ws.ledger.save([Change("note", "no_long", {"kind": "action", "body": "긴 설명입니다 " * 200})])
    korean.ws.ledger.save([Change("commitment", one.id, {"action_note": "no_long"})])
    assert len(work.get(one.id).task) > 1_000
    mail_items(korean, tmp_path)
    page = BeautifulSoup(text_of(read_mail(tmp_path / "mail" / "chief+items.eml"), "html"), "html.parser")
    assert max(len(str(anchor["href"])) for anchor in page.find_all("a")) < 1_900


# Codes ----------------------------------------------------------------------------------------------------------------


def test_a_code_names_its_commitment_and_version_however_it_was_typed() -> None:
    code = item_code("co_abcdefghijklm", 12)
    assert commitment_of(code, ["co_other", "co_abcdefghijklm"]) == "co_abcdefghijklm"
    assert commitment_of(code, ["co_other"]) is None
    text = str(code)
    for typed in (text.lower(), text.replace("-", "–"), f"[{text}]입니다", f"번호는{text}입니다", f"{text}, {text}"):
        assert find_codes(typed) == [code], typed
    for wrong in (f"X{text}", text[:-3], text.replace("CK", "CX"), f"{text}x"):
        assert find_codes(wrong) != [code], wrong
    assert find_codes(f"{text} {ItemCode('AAAABBBB', 1)}") == [code, ItemCode("AAAABBBB", 1)]


def test_a_mail_noted_in_the_manifest_is_known_to_another_process(team: TeamDay, tmp_path: Path) -> None:
    ask(team, "chief")
    mail_items(team, tmp_path)
    (noted,) = Manifest.read(tmp_path).mailed
    assert (noted.to, noted.report) == ("chief", ITEMS)


def test_names_that_are_markup_are_text_in_a_mail(team: TeamDay, tmp_path: Path) -> None:
    one = ask(team, "chief")
    words = "<script>ran()</script><img src=https://x.example/a.png> \" onclick='ran()' &amp; %0d%0aBcc: x@y.z"
    team.ws.ledger.save([Change("note", "no_markup", {"kind": "action", "body": words})])
    team.ws.ledger.save([Change("commitment", one.id, {"action_note": "no_markup"})])
    mail_items(team, tmp_path)
    message = read_mail(tmp_path / "mail" / "chief+items.eml")
    page = BeautifulSoup(text_of(message, "html"), "html.parser")
    assert page.find_all(["script", "img"]) == []
    assert [anchor.attrs.keys() for anchor in page.find_all("a")] == [{"href": "", "style": ""}.keys()] * 3
    assert words in page.get_text()
    # In a link they are part of the reply's body, never a header of it.
    assert {frozenset(reply) for _, _, reply in links(tmp_path / "mail" / "chief+items.eml")} == {frozenset({"subject", "body"})}  # fmt: skip

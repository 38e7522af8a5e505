"""Nothing private is in a mail or in minutes: canaries are written everywhere, and looked for in every part of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote

import pytest

from coverage_kit import report
from coverage_kit.reporting.minutes import make_minutes
from coverage_kit.store import Change
from coverage_kit.store.entities import Person
from coverage_kit.workbook import RepBook
from coverage_kit.workbook.model.audit_page import AuditBook
from coverage_kit.workbook.model.coach import CoachBook
from coverage_kit.workbook.model.contacts import ContactsBook
from coverage_kit.workbook.model.duplicates import DuplicatesBook
from coverage_kit.workbook.model.my_page import MyBook
from coverage_kit.workbook.model.start import StartBook
from tests.coaching.conftest import TeamDay
from tests.replies.asking import ask, mail_items, read_mail

#: What may be in no mail's text and in no minutes.
PRIVATE = {
    "grounds": "CanaryGrounds", "need": "CanaryNeed", "voice": "CanaryVoice", "done": "CanaryDone", "stuck": "CanaryStuck",
    "outcome": "CanaryOutcome", "why_then": "CanaryWhyThen", "reason": "CanaryReason",
    "closed": "CanaryClosed", "what": "CanaryWhat", "against": "CanaryAgainst", "received": "CanaryReceived", "prepared": "CanaryPrepared",
}  # fmt: skip
#: A share and a number that are nothing else's.
CLAIM, CLAIMED = 0.8642, 97531
OTHER_TEAM = ("CanaryZed", "CanaryBoss", "CanaryCompany")


def tell_secrets(team: TeamDay) -> str:
    """Write canaries into everything private, and hold a session about it; returns the session."""
    ws = team.ws
    ws.edit_slot("A", "ceo", holder="Ann Holder", verified_on=team.day, verified_how="call")
    ws.edit_slot("A", "ceo", representative="kim", can_meet=True, can_deliver=True)
    ws.edit_slot("A", "ceo", disposition="negative", grounds=PRIVATE["grounds"])
    person = ws.ledger.as_of(Person)[0].id
    ws.ledger.save(
        [
            Change("person", person, {"need": PRIVATE["need"]}),
            Change("note", "no_voice", {"account_id": "A", "person_id": person, "kind": "complaint", "body": PRIVATE["voice"], "owner_id": "boss"}),
            Change("note", "no_reason", {"account_id": "A", "kind": "reason", "body": PRIVATE["reason"], "owner_id": "kim"}),
            Change("staff", "zed", {"name": OTHER_TEAM[0], "login": "zed", "function": "rep", "manager_id": "other"}),
            Change("staff", "other", {"name": OTHER_TEAM[1], "login": "other", "function": "manager"}),
            Change("account", "Z", {"name": OTHER_TEAM[2], "name_key": "z", "owner_id": "zed", "value": 1.0, "status": "active", "template_ids": '["general"]', "focus": 1}),
        ]
    )  # fmt: skip
    ws.coaching.voices.close("no_voice", PRIVATE["closed"])
    given = ws.coaching.value.give("Ann Holder", "A", "insight", PRIVATE["what"], need=PRIVATE["against"])
    ws.coaching.value.receive(given, PRIVATE["received"])
    ws.coaching.preparation.set_note("kim", PRIVATE["prepared"])
    ask(team, "other", account="Z")
    earlier = ask(team, "kim", role="cio")
    team.later(1)
    session = ws.coaching.sessions.start("kim", coach="lee")
    session.claim(share=CLAIM)
    session.claim(n=CLAIMED, account="A")
    session.open_account("A")
    session.settle(earlier.id, "not_kept", reason="pushed_aside", note=PRIVATE["outcome"])
    session.add(replace(session.draft("A", "ceo"), why_then=PRIVATE["why_then"]))
    session.add(replace(session.draft("A", "cfo"), owner="boss"))
    session.add(replace(session.draft("A", "cso"), owner="chief"))
    session.add_round("kim", done=PRIVATE["done"], stuck=PRIVATE["stuck"])
    session.agree()
    session.close(minutes=False)
    return session.id


def parts(message: EmailMessage, *, attached: bool = True) -> Iterator[str]:
    """Everything a mail says: its head, its texts, and what is attached."""
    yield "\n".join(f"{name}: {value}" for name, value in message.items())
    for part in message.walk():
        if part.get_content_maintype() == "text" and (attached or not part.get_filename()):
            yield str(part.get_content())  # type: ignore[attr-defined]


def found(text: str, *, also: tuple[str, ...] = ()) -> list[str]:
    """The canaries in a text."""
    shares = (f"{CLAIM:.4f}", f"{CLAIM:.0%}", f"{CLAIM * 100:.0f} %", str(CLAIMED))
    text = unquote(text)
    words = ("negative", "disposition", "부정", "성향:")
    return [each for each in (*PRIVATE.values(), *shares, *words, *also) if each in text]


@pytest.fixture(params=["team", "korean"])
def secretive(request: pytest.FixtureRequest) -> TeamDay:
    made: TeamDay = request.getfixturevalue(request.param)
    return made


def test_the_canaries_are_shown_where_they_belong(team: TeamDay) -> None:
    """The control: a person's own page and the coach's preparation hold what nothing else may."""
    tell_secrets(team)
    book = RepBook(team.ws, "kim")
    person = team.ws.ledger.as_of(Person)[0].id
    pages = [
        book.handle({"kind": "said", "seq": 1, "account": "A"}),
        CoachBook(team.ws).handle({"kind": "prepare", "seq": 2, "rep": "kim"}),
        book.handle({"kind": "person", "seq": 3, "account": "A", "person": person}),
    ]
    shown = json.dumps(pages, ensure_ascii=False)
    belong = ("grounds", "need", "voice", "closed", "what", "against", "received", "prepared")
    assert [name for name in belong if PRIVATE[name] not in shown] == []


def test_no_canary_is_in_an_export_or_in_corrections(secretive: TeamDay, tmp_path: Path) -> None:
    tell_secrets(secretive)
    for kind in ("people", "slots", "accounts"):
        secretive.ws.export_file(kind, tmp_path / f"{kind}.csv")
    crm = tmp_path / "crm" / "contacts.csv"
    crm.parent.mkdir()
    crm.write_text(
        "Contact ID,First Name,Last Name,Account ID,Account Name,Title,Email,Phone\n0031,Ann,Holder,A,Company A,CEO,a@x.kr,1\n",
        encoding="utf-8",
    )
    secretive.ws.import_file("contacts", crm)
    secretive.ws.end_employment("Ann Holder", "A", kind="left")
    secretive.ws.export_corrections(tmp_path / "corrections.csv")
    (tmp_path / "contacts.ics").write_text(secretive.ws.coaching.rhythm.calendar(), encoding="utf-8")
    files = sorted(tmp_path.glob("*.*"))
    assert {"people.csv", "slots.csv", "accounts.csv", "corrections.csv", "contacts.ics"} <= {f.name for f in files}
    for path in files:
        assert found(path.read_text(encoding="utf-8-sig")) == [], path.name


@pytest.mark.parametrize("who", ["boss", "chief"])
def test_no_page_of_a_leader_shows_what_the_coach_noted_or_a_rep_claimed(team: TeamDay, who: str) -> None:
    tell_secrets(team)
    team.ws.ledger.actor = who
    books = (
        MyBook(team.ws, who),
        StartBook(team.ws),
        ContactsBook(team.ws, "A"),
        DuplicatesBook(team.ws),
        AuditBook(team.ws),
    )
    for book in books:
        response = book.handle({"kind": "hello", "seq": 1})
        assert response["kind"] not in ("refused", "unavailable"), type(book).__name__
        shown = json.dumps(response, ensure_ascii=False)
        assert [each for each in (PRIVATE["prepared"], str(CLAIMED), str(CLAIM)) if each in shown] == []


def executives_page(team: TeamDay) -> list[str]:
    """The canaries on the page of the executive; the people to hand a request on to are all of the company's but reps."""
    team.ws.ledger.actor = "chief"
    page: dict[str, object] = dict(MyBook(team.ws, "chief").handle({"kind": "hello", "seq": 1}))
    assert (page["kind"], page["view"]) == ("mine", "executive")
    colleagues = json.dumps(page.pop("colleagues"), ensure_ascii=False)
    assert found(colleagues, also=("Kim", "Park", OTHER_TEAM[0])) == []
    return found(json.dumps(page, ensure_ascii=False), also=("Kim", "Park", *OTHER_TEAM))


def test_no_canary_is_on_the_page_of_an_executive(secretive: TeamDay) -> None:
    tell_secrets(secretive)
    secretive.ws.ledger.save([Change("staff", "choi", {"name": "Choi", "function": "rep", "manager_id": "boss"})])
    assert executives_page(secretive) == []
    secretive.ws.ledger.actor = "boss"
    managers = json.dumps(MyBook(secretive.ws, "boss").handle({"kind": "hello", "seq": 1}), ensure_ascii=False)
    # The control: who looks after a voice reads it, and a manager sees the own reps.
    assert PRIVATE["voice"] in managers
    assert "Kim" in managers


def test_the_search_finds_every_canary_on_the_page_of_an_executive(team: TeamDay) -> None:
    """The control: the same words in a request to the executive are found."""
    tell_secrets(team)
    words = " ".join([*PRIVATE.values(), *OTHER_TEAM, f"{CLAIM:.0%}", str(CLAIMED), "negative", "Kim", "Park"])
    one = team.ws.coaching.commitments.find(owner="chief")[0]
    team.ws.ledger.save(
        [
            Change("note", "no_loud", {"kind": "value", "body": words, "owner_id": "chief"}),
            Change("commitment", one.id, {"value_note": "no_loud"}),
        ]
    )
    wanted = {*PRIVATE.values(), *OTHER_TEAM, f"{CLAIM:.0%}", str(CLAIMED), "negative", "Kim", "Park"}
    assert {*executives_page(team)} >= wanted


def test_no_weekly_report_shows_what_the_coach_noted(team: TeamDay) -> None:
    tell_secrets(team)
    team.later(7)
    result = report(team.ws, n_workers=1)
    files = [path for path in Path(result.manifest).parent.rglob("*") if path.suffix in (".html", ".ipynb", ".json")]
    assert len(files) > 8
    for path in files:
        assert PRIVATE["prepared"] not in path.read_text(encoding="utf-8"), path.name


def test_no_canary_is_in_minutes_nor_in_their_mails(secretive: TeamDay) -> None:
    result = make_minutes(secretive.ws, tell_secrets(secretive), mail=True)
    assert result.mailed == ["kim", "boss", "chief"]
    folder = Path(result.made[0]).parent
    files = [path for path in folder.glob("*.*") if path.suffix in (".html", ".ipynb")]
    assert len(files) == 2
    for path in files:
        assert found(_without_style(path.read_text(encoding="utf-8")), also=(*OTHER_TEAM, "Park")) == [], path.name
    for path in (folder / "mail").iterdir():
        also = (*OTHER_TEAM, "Park") if path.name.startswith("kim") else (*OTHER_TEAM, "Park", "Kim")
        for text in parts(read_mail(path)):
            assert found(_without_style(text), also=also) == [], path.name


def test_no_canary_is_in_a_mail_of_items(secretive: TeamDay, tmp_path: Path) -> None:
    tell_secrets(secretive)
    assert mail_items(secretive, tmp_path).mailed == ["chief", "kim"]
    mails = {path.name: read_mail(path) for path in (tmp_path / "mail").iterdir()}
    assert mails.keys() == {"chief+items.eml", "kim+items.eml"}
    for name, message in mails.items():
        also = (*OTHER_TEAM, "Park") if name.startswith("kim") else (*OTHER_TEAM, "Park", "Kim")
        for text in parts(message):
            assert found(text, also=also) == [], name


def test_no_canary_is_in_the_text_of_a_weekly_mail(team: TeamDay) -> None:
    tell_secrets(team)
    team.later(7)
    result = report(team.ws, mail=True, n_workers=1)
    assert result.failed == []
    assert set(result.mailed) == {"kim", "park", "zed", "boss", "other", "chief"}
    folder = Path(result.manifest).parent / "mail"
    own = {"other+team.eml": OTHER_TEAM, "zed.eml": OTHER_TEAM, "kim.eml": ("Kim",), "park.eml": ("Park",)}
    for path in folder.iterdir():
        names = {*OTHER_TEAM, "Kim", "Park"} - set(own.get(path.name, ()))
        for text in parts(read_mail(path), attached=False):
            assert found(text, also=tuple(names)) == [], path.name
    # The manager of a team gets the team's items alone.
    said = "\n".join(parts(read_mail(folder / "boss+team.eml"), attached=False))
    assert "CFO" in said


def test_the_search_finds_every_canary_where_it_is(team: TeamDay, tmp_path: Path) -> None:
    """The control: what is written into an item's own words is found in its mail."""
    tell_secrets(team)
    words = " ".join([*PRIVATE.values(), *OTHER_TEAM, f"{CLAIM:.0%}", "negative", "Park"])
    team.ws.ledger.save([Change("note", "no_loud", {"kind": "action", "body": words, "owner_id": "chief"})])
    one = team.ws.coaching.commitments.find(owner="chief")[0]
    team.ws.ledger.save([Change("commitment", one.id, {"action_note": "no_loud"})])
    mail_items(team, tmp_path)
    said = "\n".join(parts(read_mail(tmp_path / "mail" / "chief+items.eml")))
    assert {*found(said, also=(*OTHER_TEAM, "Park"))} >= {*PRIVATE.values(), *OTHER_TEAM, "86%", "negative", "Park"}


def _without_style(text: str) -> str:
    """A page without its fonts and styles, whose letters may spell a number by chance."""
    return re.sub(r"<style.*?</style>|base64,[A-Za-z0-9+/=\\n\"]+|sha256[^,]*", "", text, flags=re.DOTALL)

"""Replies are read as mail programs write them, and what is not clear is asked, not guessed."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from coverage_kit.domain.coaching import OwnerAnswer
from coverage_kit.domain.item_codes import item_code
from coverage_kit.errors import BadInput
from coverage_kit.exchange.replies import ReplyMail, read_reply, understand
from tests.replies.reply_mails import forwarded, reply, save

TODAY = date(2026, 11, 23)
CODE = str(item_code("co_abcdefghijklm", 3))
OTHER = str(item_code("co_nopqrstuvwxyz", 1))
QUOTED = f"1. 임원 인사 (A사, CFO) · 완료 어렵습니다 2026-01-01 · {CODE}"


def read(message, tmp_path: Path) -> ReplyMail:
    return read_reply(save(message, tmp_path / "reply.eml"))[0]


#: Below the answer, the mail that is replied to, as mail programs put it there.
QUOTATIONS = {
    "gmail_ko": f"\n\n2026년 11월 23일 (월) 오전 9:10, 영업 코칭 <coaching@example.com>님이 작성:\n\n> {QUOTED}\n> 다른 분께\n",
    "gmail_en_wrapped": f"\n\nOn Mon, Nov 23, 2026 at 9:10 AM Sales Coaching <\ncoaching@example.com> wrote:\n\n> {QUOTED}\n",
    "outlook_ko": f"\n\n________________________________\n보낸 사람: 영업 코칭 <coaching@example.com>\n보낸 날짜: 2026년 11월 23일 월요일 오전 9:10\n받는 사람: 윤미경\n제목: 맡으신 일\n\n{QUOTED}",
    "outlook_en": f"\n\nFrom: Coaching <coaching@example.com>\nSent: Monday, November 23, 2026 9:10 AM\nTo: Chief\nSubject: 1 item is yours\n\n{QUOTED}",
    "naver": f"\n\n-----Original Message-----\nFrom: \"영업 코칭\" <coaching@example.com>\nTo: <chief@example.com>\nSent: 2026-11-23 (월) 09:10:00 (GMT+09:00)\nSubject: 맡으신 일\n\n{QUOTED}",
    "daum": f"\n\n--------- 원본 메일 ---------\n보낸사람: 영업 코칭 <coaching@example.com>\n받는사람: 윤미경\n날짜: 2026년 11월 23일\n제목: 맡으신 일\n\n{QUOTED}",
    "iphone": f"\n\n나의 iPhone에서 보냄\n\n2026. 11. 23. 오전 9:10, 영업 코칭 <coaching@example.com> 작성:\n\n> {QUOTED}",
    "signature": f"\n\n-- \n윤미경 전무 · 완료했습니다 주식회사\n\n> {QUOTED}",
    "our_rule": f"\n\n----------\n{QUOTED}",
}  # fmt: skip


@pytest.mark.parametrize("program", QUOTATIONS)
def test_what_is_quoted_below_is_no_part_of_the_answer(program: str, tmp_path: Path) -> None:
    mail = read(reply("chief@example.com", "Re: 맡으신 일 1건", f"맡겠습니다. 12/4까지 하겠습니다.{QUOTATIONS[program]}"), tmp_path)  # fmt: skip
    assert mail.text == "맡겠습니다. 12/4까지 하겠습니다."
    said = understand(mail, TODAY)
    assert (said.answers, said.days, said.is_unsure) == ([OwnerAnswer.ACCEPT], [date(2026, 12, 4)], False)
    assert [str(code) for code in said.codes] == [CODE]


def test_an_answer_below_the_quotation_is_found(tmp_path: Path) -> None:
    text = f"On Mon, 23 Nov 2026, Coaching <coaching@example.com> wrote:\n> {QUOTED}\n>\nNot possible. The account is being sold.\n"
    mail = read(reply("chief@example.com", "Re: 1 item is yours", text), tmp_path)
    said = understand(mail, TODAY)
    assert (said.answers, said.said) == ([OwnerAnswer.DECLINE], "The account is being sold.")


HTML = {
    "gmail": f'<div dir="ltr">맡겠습니다.<br>12월 4일까지요.</div><br><div class="gmail_quote"><div class="gmail_attr">2026년 11월 23일, 코칭 &lt;c@e.com&gt;님이 작성:</div><blockquote>{QUOTED}<div>어렵습니다</div></blockquote></div>',
    "outlook": f'<html><head><style>p{{color:red}}</style><title>어렵습니다</title></head><body><p class="MsoNormal">맡겠습니다.</p><p>12월 4일까지요.&nbsp;</p><hr><div id="divRplyFwdMsg"><b>보낸 사람:</b> 코칭 &lt;c@e.com&gt;<br><b>보낸 날짜:</b> 2026<br></div><div>{QUOTED}</div></body></html>',
    "naver": f'<p>맡겠습니다.</p><p>12월 4일까지요.</p><blockquote>{QUOTED}</blockquote>',
    "unclosed": f"<div><p>맡겠습니다.<p>12월 4일까지요.<blockquote>{QUOTED}",
}  # fmt: skip


@pytest.mark.parametrize("program", HTML)
@pytest.mark.parametrize(("charset", "cte"), [("utf-8", "base64"), ("utf-8", "quoted-printable"), ("euc-kr", "base64"), ("euc-kr", "8bit")])  # fmt: skip
def test_a_reply_of_html_alone_is_read_in_any_charset(program: str, charset: str, cte: str, tmp_path: Path) -> None:
    mail = read(reply("윤미경 <chief@example.com>", "RE: 맡으신 일", "", html=HTML[program], charset=charset, cte=cte), tmp_path)  # fmt: skip
    assert mail.sender == "chief@example.com"
    assert mail.subject == "RE: 맡으신 일"
    assert mail.text.split() == ["맡겠습니다.", "12월", "4일까지요."]
    assert CODE in mail.quoted


def test_a_charset_that_lies_or_is_unknown_is_read_as_what_it_is(tmp_path: Path) -> None:
    body = "맡겠습니다".encode("cp949")
    for charset in ("ks_c_5601-1987", "utf-8", "x-unknown", "us-ascii"):
        head = f"From: chief@example.com\r\nSubject: =?euc-kr?B?{'uMOw2r3AtM+02Q=='}?= {CODE}\r\nContent-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        file = tmp_path / "reply.eml"
        file.write_bytes(head.encode() + body)
        assert read_reply(file)[0].text == "맡겠습니다", charset


def test_the_codes_of_subject_and_answer_come_before_those_of_the_quotation() -> None:
    assert [str(code) for code in understand(ReplyMail(subject=f"맡겠습니다 [{CODE}]", quoted=OTHER), TODAY).codes] == [CODE]  # fmt: skip
    both = understand(ReplyMail(subject=f"Accept {CODE}", text=f"and {OTHER}"), TODAY)
    assert len(both.codes) == 2


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("맡겠습니다", "accept"), ("제가 하겠습니다.", "accept"), ("Accept", "accept"), ("I'll take it", "accept"),
        ("다른 분께", "hand_on"), ("윤 전무님께 부탁드립니다", "hand_on"), ("Please hand it on to Lee", "hand_on"),
        ("어렵습니다", "decline"), ("이번에는 힘들 것 같습니다", "decline"), ("맡을 수 없습니다", "decline"), ("I can't", "decline"),
        ("못 하겠습니다", "decline"), ("했습니다", "done"), ("지난주에 완료했습니다", "done"), ("It is done", "done"),
    ],
)  # fmt: skip
def test_an_answer_in_ones_own_words_is_understood(text: str, answer: str) -> None:
    said = understand(ReplyMail(text=text), TODAY)
    assert ([each.value for each in said.answers], said.is_unsure) == ([answer], False)


@pytest.mark.parametrize("text", ["", "확인했습니다.", "검토하겠습니다", "Thanks!", "알겠습니다", "ok", "감사합니다. 연락드렸습니다."])  # fmt: skip
def test_a_reply_without_an_answer_gives_none(text: str) -> None:
    assert understand(ReplyMail(text=text), TODAY).answers == []


@pytest.mark.parametrize("text", ["맡겠습니다만 어렵습니다", "맡겠습니다. 아니, 다른 분께 부탁드립니다"])
def test_two_answers_in_one_reply_are_both_found(text: str) -> None:
    assert len(understand(ReplyMail(text=text), TODAY).answers) == 2


@pytest.mark.parametrize("text", ["아직 못 정했습니다. 맡겠습니다", "맡겠습니다. 다음 주 금요일까지요", "Accept, by Friday", "Accept by end of month", "It is not yet done"])  # fmt: skip
def test_what_is_left_open_is_noticed(text: str) -> None:
    assert understand(ReplyMail(text=text), TODAY).is_unsure


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2026-12-04", ["2026-12-04"]), ("2026년 12월 4일", ["2026-12-04"]), ("2026. 12. 4.", ["2026-12-04"]),
        ("12월 4일", ["2026-12-04"]), ("12/4", ["2026-12-04"]), ("1/8", ["2027-01-08"]), ("11/20", ["2026-11-20"]),
        ("4 December", ["2026-12-04"]), ("Dec 4, 2026", ["2026-12-04"]), ("4th Dec", ["2026-12-04"]), ("2/30", []), ("3/4/5", []),
        ("12/4 아니면 12/11", ["2026-12-04", "2026-12-11"]),
    ],
)  # fmt: skip
def test_a_day_is_read_and_without_a_year_it_is_the_nearest(text: str, days: list[str]) -> None:
    said = understand(ReplyMail(text=f"맡겠습니다. {text}", mailed_at="2026-11-23T11:00:00+09:00"), TODAY)
    assert [each.isoformat() for each in said.days] == days


def test_the_prepared_line_and_the_text_may_name_two_days() -> None:
    said = understand(ReplyMail(text="맡겠습니다.\n언제까지: 2026-11-27\n12/4까지 하겠습니다"), TODAY)
    assert len(said.days) == 2


def test_a_forwarded_reply_holds_the_mail_inside(tmp_path: Path) -> None:
    inner = reply("chief@example.com", f"맡겠습니다 [{CODE}]", "맡겠습니다.")
    for message in (
        forwarded(inner, "lee@example.com"),
        reply("lee@example.com", "FW: 답장", f"전달합니다.\n\n---------- Forwarded message ---------\n보낸사람: 윤미경 <chief@example.com>\nDate: 2026년 11월 23일\nSubject: 맡겠습니다 [{CODE}]\nTo: 코칭 <coaching@example.com>\n\n\n맡겠습니다.\n"),
        reply("lee@example.com", "FW: 답장", f"\n________________________________\n보낸 사람: 윤미경 <chief@example.com>\n보낸 날짜: 2026년\n제목: 맡겠습니다 [{CODE}]\n\n맡겠습니다.\n"),
    ):  # fmt: skip
        outer, inside = read_reply(save(message, tmp_path / "reply.eml"))
        assert outer.sender == "lee@example.com"
        assert (inside.sender, inside.subject, inside.text) == (
            "chief@example.com",
            f"맡겠습니다 [{CODE}]",
            "맡겠습니다.",
        )


def test_an_attached_mail_is_not_what_its_sender_wrote(tmp_path: Path) -> None:
    inner = reply("chief@example.com", f"Accept [{CODE}]", "Accept.")
    outer = forwarded(inner, "other@example.com")
    outer.get_payload()[0].set_payload("")
    assert read(outer, tmp_path).text == ""


@pytest.mark.parametrize("data", [b"", b"\x00\xff\xfe", b"MZ" + bytes(300), b"%PDF-1.7", "이름,메일\n김지혜,a\n".encode()])  # fmt: skip
def test_what_is_no_mail_is_refused_and_named(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "reply.eml"
    file.write_bytes(data)
    with pytest.raises(BadInput, match=r"reply\.eml is not a saved mail"):
        read_reply(file)


def test_hostile_mails_harm_only_themselves(tmp_path: Path) -> None:
    deep = "".join(f'Content-Type: multipart/mixed; boundary="b{n}"\r\n\r\n--b{n}\r\n' for n in range(3_000))
    nested = "<div>" * 50_000 + "맡겠습니다"
    many = "".join(f"From: a{n}@b.c\r\n" for n in range(20_000))
    hostile = {
        "deep": f"From: a@b.c\r\n{deep}text",
        "nested": f"From: a@b.c\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{nested}",
        "headers": f"{many}\r\ntext",
        "words": "From: a@b.c\r\n\r\n" + "On " * 200_000 + "wrote:",
        "address": "From: " + "<" * 100_000 + "\r\n\r\ntext",
        "broken": "From: a@b.c\r\nSubject: =?utf-8?B?!!!?= =?x?Q?=ff?=\r\nDate: nonsense\r\nContent-Type: ; ;;\r\n\r\n\udcff",
    }
    for name, text in hostile.items():
        file = tmp_path / f"{name}.eml"
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
        with suppress(BadInput):
            assert understand(read_reply(file)[0], TODAY).codes == []
    # The next one is read as if nothing had been.
    assert read(reply("a@b.c", "x", "맡겠습니다"), tmp_path).text == "맡겠습니다"

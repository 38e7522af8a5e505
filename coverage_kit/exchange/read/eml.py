"""A saved mail (``.eml``) as rows of names and texts. ``child.py`` loads this file by its path, so it imports nothing of ours.

Each mail gives ``from``, ``subject``, ``date``, ``id``, ``checked`` (what the server that received it found about its
sender), ``text`` (what its author wrote) and ``quoted`` (the rest). A
mail that was forwarded gives the same once more for the mail inside.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from email.message import Message
from email.policy import default
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser

_MOST_LETTERS = 200_000
_BLOCKS = set("p div br tr li ul ol table blockquote h1 h2 h3 h4 hr pre".split())
_VOID = set("br hr img input meta link col area base embed source track wbr".split())
#: Where mail programs put the mail that is replied to.
_QUOTES = re.compile(r"gmail_quote|yahoo_quoted|moz-cite-prefix|divRplyFwdMsg|OutlookMessageHeader|protonmail_quote")
#: The line above a quotation, which follows with or without ``>``.
_ATTRIBUTION = re.compile(
    r"(On\s.{4,200}\swrote:|.{4,200}<[^<>\s]+@[^<>\s]+>\s*(님이 작성|님이 씀)?\s*:|.{4,200}(님이 작성|작성|님의 말|님이 쓴 글)\s*:)\s*",
    re.IGNORECASE,
)
#: How such a line begins where it may be wrapped.
_WRAPPED = re.compile(r"\s*(On\s|\d{4}\s?[-./년])", re.IGNORECASE)
#: A rule or heading under which the mail that is replied to stands whole.
_RULE = re.compile(
    r"\s*(-{2,}\s*(original message|원본 메[일시]지?|원문 메일|원문|보낸 메일)\s*-{2,}|[-_─]{8,})\s*", re.IGNORECASE
)
_FORWARD = re.compile(
    r"\s*(-{2,}\s*(forwarded message|전달된 메[일시]지?|전달 메일)\s*-{2,}|begin forwarded message:|전달된 메시지:)\s*",
    re.IGNORECASE,
)
_FORWARDED_SUBJECT = re.compile(r"\s*(fwd?|전달|tr)\s*[:：]", re.IGNORECASE)
_HEADER = re.compile(
    r"\s*[>*\s]*(?P<name>from|보낸\s?사람|보낸이|발신|sent|date|보낸\s?날짜|날짜|일시|to|받는\s?사람|받는이|수신|cc|참조|subject|제목)\*?\s*[:：]\*?\s*(?P<value>.*)",
    re.IGNORECASE,
)
_FROM, _SUBJECT = ("from", "보낸사람", "보낸이", "발신"), ("subject", "제목")
_SIGNATURE = re.compile(r"\s*(--\s*|sent from my .{2,40}|나의 .{2,20}에서 보냄|.{2,20}에서 보냈습니다\.?|get outlook for .*)", re.IGNORECASE)  # fmt: skip
_ADDRESS = re.compile(r"[^\s<>\"(),;:\[\]]+@[^\s<>\"(),;:\[\]]+")
_ANGLED = re.compile(r"[<\[](?:mailto:)?([^\s<>\"(),;:\[\]]+@[^\s<>\"(),;:\[\]]+)[>\]]")


def read(text: str) -> Iterator[list[str]]:
    """The rows of a mail; its bytes come as the characters of the same numbers."""
    message = email.message_from_bytes(text.encode("latin-1", "replace"), policy=default)
    yield from _mail(message)
    for part in _parts(message):
        if _is_whole_mail(part) and part.is_multipart():
            yield ["inside", "1"]
            yield from _mail(part.get_payload(0))  # type: ignore[arg-type]
            return


def _mail(message: Message) -> Iterator[list[str]]:
    subject = _header(message, "Subject")
    fresh, quoted, forwarded = _split(_body(message).splitlines(), is_forward=bool(_FORWARDED_SUBJECT.match(subject)))
    yield ["from", _sender(message)]
    yield ["subject", subject]
    yield ["date", _date(_header(message, "Date"))]
    yield ["id", _header(message, "Message-ID")]
    yield ["checked", _header(message, "Authentication-Results")[:5_000]]
    yield ["text", fresh]
    yield ["quoted", quoted]
    if forwarded:
        yield ["inside", "1"]
        yield from _forwarded(forwarded)


def _forwarded(lines: list[str]) -> Iterator[list[str]]:
    """The mail that stands in the text of another one: its head, then its text."""
    head: dict[str, str] = {}
    n = _next_filled(lines, 0)
    while n < len(lines) and (found := _HEADER.fullmatch(lines[n])):
        head["".join(found["name"].lower().split())] = found["value"].strip()
        n += 1
    fresh, quoted, _ = _split(lines[n:], is_forward=False)
    yield ["from", _address(next((head[name] for name in _FROM if name in head), ""))]
    yield ["subject", next((head[name] for name in _SUBJECT if name in head), "")]
    yield ["text", fresh]
    yield ["quoted", quoted]


def _split(lines: list[str], *, is_forward: bool) -> tuple[str, str, list[str]]:
    """What the author wrote, what they quote, and the lines of a mail that they forward."""
    fresh: list[str] = []
    quoted: list[str] = []
    n = 0
    while n < len(lines):
        line = lines[n]
        if _FORWARD.fullmatch(line):
            return _joined(fresh), _joined(quoted), lines[n + 1 :]
        if _begins_head(lines, n):
            rest = lines[n:]
            return (
                (_joined(fresh), _joined(quoted), rest) if is_forward else (_joined(fresh), _joined(quoted + rest), [])
            )
        if _SIGNATURE.fullmatch(line):
            n = _after_signature(lines, n)
            continue
        if line.lstrip().startswith((">", "＞")):
            quoted.append(line.lstrip(" >＞"))
            n += 1
            continue
        above = _attribution(lines, n)
        if above:
            after = next((each for each in lines[n + above :] if each.strip()), "")
            if after.lstrip().startswith((">", "＞")):
                n += above
                continue
            return _joined(fresh), _joined(quoted + lines[n + above :]), []
        if _RULE.fullmatch(line):
            if is_forward and _begins_head(lines, _next_filled(lines, n + 1)):
                n += 1
                continue
            return _joined(fresh), _joined(quoted + lines[n + 1 :]), []
        fresh.append(line)
        n += 1
    return _joined(fresh), _joined(quoted), []


def _next_filled(lines: list[str], n: int) -> int:
    while n < len(lines) and not lines[n].strip():
        n += 1
    return n


def _begins_head(lines: list[str], n: int) -> bool:
    """Whether the head of another mail begins here: who it is from, and at least one line more of its kind."""
    if n >= len(lines):
        return False
    found = _HEADER.fullmatch(lines[n])
    if not found or "".join(found["name"].lower().split()) not in _FROM:
        return False
    return any(_HEADER.fullmatch(line) for line in lines[n + 1 : n + 4])


def _attribution(lines: list[str], n: int) -> int:
    """How many lines say who wrote what is quoted below; 0 if this is none."""
    most = 3 if _WRAPPED.match(lines[n]) else 1
    return next((k for k in range(1, most + 1) if _ATTRIBUTION.fullmatch(" ".join(lines[n : n + k]).strip())), 0)


def _after_signature(lines: list[str], n: int) -> int:
    """The first line after a signature that belongs to a quotation."""
    for k in range(n + 1, len(lines)):
        line = lines[k]
        if line.lstrip().startswith(">") or _RULE.fullmatch(line) or _FORWARD.fullmatch(line):
            return k
        if _begins_head(lines, k) or _attribution(lines, k):
            return k
    return len(lines)


def _joined(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip()[:_MOST_LETTERS]


def _header(message: Message, name: str) -> str:
    """A header as text, in one line; one that cannot be read as it came."""
    try:
        value = message.get(name)
    except Exception:
        value = next((text for key, text in message.raw_items() if key.lower() == name.lower()), "")
    return " ".join(_clean(str(value or "")).split())


def _clean(text: str) -> str:
    """Text without halves of characters, which cannot be printed."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _sender(message: Message) -> str:
    """The address of the one who wrote it; all of them where a mail names several, so that none is taken for the author.

    An address in a comment or in the name beside the address is nobody's.
    """
    found: dict[str, None] = {}
    try:
        for header in message.get_all("From", [])[:3]:
            found |= dict.fromkeys(
                _clean(each.addr_spec).lower() for each in getattr(header, "addresses", ()) if each.domain
            )
    except Exception:
        found = {}
    return ", ".join(found) or _address(_header(message, "From"))


def _address(text: str) -> str:
    """The address in a text; all of them where there are several outside of angle brackets."""
    found = _ANGLED.findall(text) or _ADDRESS.findall(text)
    return ", ".join(dict.fromkeys(each.strip(".").removeprefix("mailto:").lower() for each in found))


def _date(text: str) -> str:
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _body(message: Message) -> str:
    """The text of a mail: its plain part, else its HTML without what it quotes."""
    parts: dict[str, str] = {}
    for part in _parts(message):
        kind = part.get_content_type()
        if kind in ("text/plain", "text/html") and not part.get_filename() and kind not in parts:
            parts[kind] = _decoded(part)
    plain = parts.get("text/plain", "").replace("\r\n", "\n").replace("\xa0", " ")
    return plain if plain.strip() else _text_of_html(parts.get("text/html", ""))


def _parts(message: Message) -> Iterator[Message]:
    """The parts of a mail, without those of a mail that is attached to it."""
    waiting: list[Message] = [message]
    while waiting:
        part = waiting.pop(0)
        yield part
        if part.is_multipart() and not _is_whole_mail(part):
            waiting[:0] = [each for each in part.get_payload() if isinstance(each, Message)]


def _is_whole_mail(message: Message) -> bool:
    return message.get_content_type() == "message/rfc822"


def _decoded(part: Message) -> str:
    """The text of a part in its charset, or in one of those that Korean mail programs use."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    named = str(part.get_content_charset() or "")
    for charset in (named.replace("ks_c_5601-1987", "cp949"), "utf-8", "cp949"):
        try:
            return _clean(data.decode(charset))
        except (LookupError, UnicodeDecodeError):
            continue
    return _clean(data.decode("latin-1"))


class _Lines(HTMLParser):
    """The text of a page by lines; what it quotes is marked with ``>``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self._open: list[tuple[str, bool]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        marks = " ".join(value or "" for name, value in attrs if name in ("class", "id"))
        if tag == "hr":
            self.lines += ["-" * 10, ""]
        elif tag in _BLOCKS:
            self.lines.append("")
        if tag in ("script", "style", "head", "title"):
            self._silent += 1
        if tag not in _VOID:
            self._open.append((tag, tag == "blockquote" or bool(_QUOTES.search(marks))))
        if "divRplyFwdMsg" in marks or "OutlookMessageHeader" in marks:
            self.lines += ["-" * 10, ""]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "head", "title"):
            self._silent = max(self._silent - 1, 0)
        for n in range(len(self._open) - 1, max(len(self._open) - 60, -1), -1):
            if self._open[n][0] == tag:
                del self._open[n:]
                break
        if tag in _BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        mark = "> " if any(is_quote for _, is_quote in self._open[-200:]) else ""
        for n, piece in enumerate(data.split("\n")):
            line = " ".join(piece.split()) if not piece.isspace() else " "
            if n and line.strip():
                line = f" {line}"
            if not self.lines[-1] and line.strip():
                self.lines[-1] = mark
            self.lines[-1] += line if self.lines[-1] else line.lstrip()


def _text_of_html(page: str) -> str:
    reader = _Lines()
    reader.feed(page)
    reader.close()
    return "\n".join(reader.lines)

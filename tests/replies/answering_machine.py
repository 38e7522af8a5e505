"""A second computer that has nothing but the mail: it reads a mail, taps the answers, and leaves the replies as files.

Run as a program, so that it can run where no other computer can be reached. It knows nothing of coverage-kit.
"""

import email
import json
import socket
import sys
from email.message import EmailMessage
from email.policy import SMTP, default
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit


class Links(HTMLParser):
    """The links of a page, and any address on it that a browser would load."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if tag == "a" and name == "href":
                self.links.append(value or "")
            elif name in ("src", "href", "action", "srcset"):
                self.loads.append(value or "")


def main(mail: str, out: str, filled: str) -> None:
    """Answer each item of a mail with the answer, and the words, that ``filled`` gives for it."""
    message = email.message_from_bytes(Path(mail).read_bytes(), policy=default)
    page = Links()
    page.feed(message.get_body(("html",)).get_content())
    answers = json.loads(filled)
    taps = [link for link in page.links if link.startswith("mailto:")]
    for n, (label, words) in enumerate(answers):
        links = [each for each in taps if parse_qs(urlsplit(each).query)["subject"][0].startswith(label)]
        parts = urlsplit(links[n])
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        lines = asked["body"].splitlines()
        if words:
            lines[1] = f"{lines[1].split(':')[0]}: {words}"
        reply = EmailMessage(policy=SMTP)
        reply["From"], reply["To"], reply["Subject"] = message["To"], parts.path, asked["subject"]
        reply["Message-ID"] = f"<{n}@second.example.com>"
        reply["Date"] = "Mon, 23 Nov 2026 12:00:00 +0900"
        reply.set_content("\n".join(lines))
        Path(out, f"{n}.eml").write_bytes(reply.as_bytes())
    print(
        json.dumps(
            {"loads": page.loads, "others": [each for each in page.links if each not in taps], "reached": reached()}
        )
    )


def reached() -> bool:
    """Whether the loopback interface, through which the first computer would be reached here, is there at all."""
    try:
        with socket.create_connection(("127.0.0.1", int(sys.argv[4])), timeout=2):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    main(*sys.argv[1:4])

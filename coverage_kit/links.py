"""Personal links: the person of a link is recorded as the author. Links record who wrote; they are no lock.

A link names a person in its query and carries, in its fragment, a signature made with a secret of the workspace. Browsers keep
a fragment to themselves; the page sends it to its kernel with the first message.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coverage_kit.assets.private import write_file
from coverage_kit.domain.identifiers import clean_key
from coverage_kit.domain.vocabulary import StaffFunction, staff_function
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.store.entities import Staff
from coverage_kit.workspace import Workspace

#: In the workspace's folder, for its owner only.
FILE_NAME = "links.json"
#: The page a link opens.
_PAGES: dict[str, str] = {StaffFunction.COACH: "start", StaffFunction.REP: "rep_workbook"}
_MY_PAGE = "my_page"


class Server(BaseModel):
    """What links depend on: kept for each workspace, so that they stay valid when the server starts again.

    Attributes
    ----------
    secret : str
        Signs the links.
    token : str
        Opens the server's pages.
    port : int
        Where the server listens; what a browser keeps belongs to it.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    secret: str = Field(min_length=32, repr=False)
    token: str = Field(min_length=24, pattern=r"^[\w-]+$", repr=False)
    port: int = Field(ge=1024, le=65535)


@dataclass(frozen=True)
class Link:
    """One colleague's link, and the notebook it opens."""

    person: str
    function: str
    page: str
    url: str


def read_server(home: Path) -> Server | None:
    """What the links of a workspace depend on; None before its first link.

    Raises
    ------
    BadInput
        The file is damaged.
    """
    try:
        return Server.model_validate_json((home / FILE_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, ValidationError) as exc:
        raise BadInput(
            "links.file",
            N_("{file} in the workspace cannot be read. Make new links with: coverage-kit app --renew-links"),
            file=FILE_NAME,
        ) from exc


def keep_server(home: Path, *, port: int | None = None) -> Server:
    """Secret and port of a workspace's links; made if missing. A new port is kept from now on."""
    server = read_server(home)
    if server is None:
        server = _write(home, Server(secret=_secret(), token=secrets.token_urlsafe(24), port=port or free_port()))
    elif port not in (None, server.port):
        server = _write(home, server.model_copy(update={"port": port}))
    return server


def renew_links(home: Path) -> Server:
    """Sign all links with a new secret from now on; those handed out before are refused."""
    try:
        server = read_server(home)
    except BadInput:
        server = None
    if server is None:
        (home / FILE_NAME).unlink(missing_ok=True)
        return keep_server(home)
    return _write(home, server.model_copy(update={"secret": _secret()}))


def personal_links(ws: Workspace, server: Server) -> list[Link]:
    """A link for each colleague who is still with us, in the order of their ids."""
    today = ws.today().isoformat()
    staff = sorted(ws.ledger.as_of(Staff), key=lambda each: each.id)
    return [_link(each, server) for each in staff if not _has_left(each, today)]


def page_url(server: Server, page: str, person: str | None = None) -> str:
    """The address of a page; with a person, signed for them."""
    query = {"person": person} if person else {}
    url = f"http://127.0.0.1:{server.port}/voila/render/{page}.ipynb?{urlencode({**query, 'token': server.token})}"
    return f"{url}#{urlencode({'signature': sign(server.secret, person)})}" if person else url


def sign(secret: str, person: str) -> str:
    """The signature of a person's link."""
    return hmac.new(secret.encode(), f"coverage-kit link {person}".encode(), hashlib.sha256).hexdigest()[:32]


def author_of_link(ws: Workspace, person: str, signature: str) -> Staff:
    """The colleague whose link this is.

    Raises
    ------
    BadInput
        The signature is not of this person and this workspace, or the person has left.
    """
    clean_key(person, "person")
    server = read_server(ws.path)
    if server is None or not hmac.compare_digest(sign(server.secret, person).encode(), signature.encode()):
        raise BadInput(
            "link.refused",
            N_(
                "This link is not valid: it is incomplete, of another workspace, or it was replaced. Nothing was written. Ask your coach for a new link."
            ),
        )
    return present_colleague(ws, person)


def present_colleague(ws: Workspace, person: str) -> Staff:
    """A colleague who is still with us.

    Raises
    ------
    BadInput
        The person has left, or is not known here.
    """
    row = ws.ledger.find(Staff, person)
    if row is None or _has_left(row, ws.today().isoformat()):
        raise BadInput(
            "link.left",
            N_(
                "This link belongs to {person}, who is no longer with us. Nothing was written. Open your own link; if you have none, ask your coach for it."
            ),
            person=row.name or person if row else person,
        )
    return row


def check_port(port: int) -> None:
    """Refuse a port that another program uses.

    Raises
    ------
    BadInput
    """
    with socket.socket() as probe:
        # A server that has just ended leaves connections behind that are no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as exc:
            raise BadInput(
                "links.port",
                N_(
                    "Port {port} is in use, perhaps by this workspace's own server. Use that one, or choose another port: coverage-kit app --port {other} (all links change)."
                ),
                port=port,
                other=free_port(),
            ) from exc


def free_port() -> int:
    """A port that no program uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _link(row: Staff, server: Server) -> Link:
    function = staff_function(row.function)
    page = _PAGES.get(function, _MY_PAGE)
    return Link(row.id, function, page, page_url(server, page, row.id))


def _has_left(row: Staff, today: str) -> bool:
    return bool(row.ended_on and row.ended_on <= today)


def _secret() -> str:
    return secrets.token_hex(32)


def _write(home: Path, server: Server) -> Server:
    write_file(home / FILE_NAME, server.model_dump_json(indent=2) + "\n")
    return server

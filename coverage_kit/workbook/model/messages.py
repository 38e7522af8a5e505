"""The door between a page and its model: requests are checked here, and every one of them gets a response."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from coverage_kit.errors import BadInput, CoverageKitError, StoreError
from coverage_kit.i18n import LANGUAGES, N_, texts
from coverage_kit.i18n.commands import on_page_of
from coverage_kit.workbook.model.author import PageAuthor
from coverage_kit.workbook.model.requests import Hello, Request, ShowDesk, as_seq
from coverage_kit.workbook.model.responses import Bilingual, Problem, Response

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

_log = logging.getLogger(__name__)
RequestT = TypeVar("RequestT", bound=Request)
#: What a page says where the command line would name one of its options.
_ON_PAGE = {
    "roles.unused": N_(
        "This list applies to no account. Check whom it applies to, or tick that it may wait for accounts to come."
    ),
    "store.clock": N_(
        "An edit saved now would be dated {now}, but the last edit here is of {before}."
        " If the date of this computer is wrong, the weeks of all later edits will be wrong too."
    ),
}

_FAULT = N_(
    "The program failed here; its log says why. What you typed stays on this page. Try again, or reload the page."
)


class Book(ABC, Generic[RequestT]):
    """A page as a model without a screen: one request in, one response out."""

    #: The requests that this page may send.
    requests: TypeAdapter[RequestT]
    #: A page that shows what anybody did takes that back too; on the others people undo what they did themselves.
    undoes_others = False
    #: A page of one colleague's own work lets a link write to the work of its person only.
    is_own_work = False

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self._author = PageAuthor(ws)

    def handle(self, message: Mapping[str, object]) -> Response:
        """Check one message as the page sent it, and respond to it whatever it holds.

        The ledger takes an edit far beyond the last one if the message says that the clock is right.

        Returns
        -------
        dict
            What ``answer`` returned; ``refused`` if the request cannot be carried out as it is, or the page's link is not
            valid; ``unavailable`` if the page should send it again later. ``seq`` is the request's.
        """
        with on_page_of(self.ws.path):
            response = self._respond(message)
        response["seq"] = as_seq(message.get("seq"))
        return response

    def _respond(self, message: Mapping[str, object]) -> Response:
        ledger = self.ws.ledger
        was_confirmed = ledger.clock_confirmed
        try:
            ledger.clock_confirmed = was_confirmed or message.get("clock") == "confirmed"
            request = _read(message, self.requests)
            self._author.admit(request)
            if not self.undoes_others:
                self._author.check_undo(request)
            if self.is_own_work:
                self._author.check_whose(request)
            if isinstance(request, Hello | ShowDesk):
                # A page opens: what waited too long for an answer goes on, so that nobody has to ask for it.
                self.ws.coaching.commitments.climb_quietly()
            response = self.answer(request)
        except CoverageKitError as exc:
            response = problem(exc)
        except Exception:
            # A fault of the program. Without a response the page would wait without end.
            _log.exception("A request of a page failed.")
            response = problem(StoreError("message.fault", _FAULT))
        finally:
            ledger.clock_confirmed = was_confirmed
        return response

    @abstractmethod
    def answer(self, request: RequestT) -> Response:
        """Respond to a request that was checked.

        Raises
        ------
        BadInput, NotFound, Conflict, StoreError
        """

    @abstractmethod
    def facts(self) -> Mapping[str, object]:
        """The contents of the page, in a few numbers."""


def problem(exc: CoverageKitError) -> Problem:
    """The response to a request that could not be carried out."""
    return {
        "kind": "unavailable" if isinstance(exc, StoreError) else "refused",
        "code": exc.code,
        "text": in_all_languages(exc),
    }


def in_all_languages(exc: CoverageKitError) -> Bilingual:
    """The message of an error, by language; where the command line would name an option, in words of the page."""
    said = _ON_PAGE.get(exc.code)
    return {lang: exc.text(lang) if said is None else texts(lang)(said, **exc.values) for lang in LANGUAGES}


def _read(message: Mapping[str, object], requests: TypeAdapter[RequestT]) -> RequestT:
    try:
        return requests.validate_python(message)
    except ValidationError as exc:
        raise _refusal(exc) from exc


def _refusal(exc: ValidationError) -> BadInput:
    """The first thing that is wrong with a message, in words for the user; what the page sent is not repeated."""
    first = exc.errors(include_url=False, include_input=False)[0]
    if first["type"] in ("union_tag_invalid", "union_tag_not_found"):
        if first["ctx"]["discriminator"] == "'field'":
            text = N_("The page sent a kind of edit that this version does not know. Load the page again.")
            return BadInput("act.field", text)
        return BadInput("message.kind", N_("The page is from another version. Load it again."))
    if first["type"] == "string_too_long" and first["loc"][-1] == "content":
        return BadInput("file.too_long", N_("A file is larger than {n} MB. Save the mail without attachments, then try again."), n=first["ctx"]["max_length"] * 3 // 4 >> 20)  # fmt: skip
    if first["type"] in ("string_too_long", "too_long"):
        return BadInput("message.too_long", N_("This is more than the page can send at once: at most {n}. Send less at a time."), n=first["ctx"]["max_length"])  # fmt: skip
    named = [part for part in first["loc"] if isinstance(part, str)]
    text = N_("The page sent {field} in a form that cannot be used. Load the page again.")
    return BadInput("message.form", text, field=named[-1] if named else "message")

"""The one widget: it carries messages between the screen and a model, and holds no customer data."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import copy_context
from threading import Thread
from typing import Any, Protocol

import anywidget
import traitlets
from ipywidgets import register_comm_target

from coverage_kit.i18n.commands import on_page_of
from coverage_kit.opening import open_workspace
from coverage_kit.workbook.model.agreement_words import AGREEMENT_WORDS
from coverage_kit.workbook.model.answer_words import ANSWER_WORDS
from coverage_kit.workbook.model.coach import CoachBook
from coverage_kit.workbook.model.prepare_words import PREPARE_WORDS
from coverage_kit.workbook.model.rep import EmptyBook, RepBook
from coverage_kit.workbook.model.responses import Response
from coverage_kit.workbook.model.vocabulary import vocabulary
from coverage_kit.workbook.model.words import WORDS, words
from coverage_kit.workbook.widget.bundle import joined_modules, joined_styles


class Model(Protocol):
    """What a view shows: one message in, one response out, and a few facts as text."""

    def handle(self, message: Mapping[str, object]) -> Response:
        """Respond to one message of the page."""

    def facts(self) -> Mapping[str, object]:
        """What it holds, in a few numbers."""


class WorkbookView(anywidget.AnyWidget):
    """Shows a model of the workbook in JupyterLab and in Voilà.

    Nothing about customers is in the widget's state, so nothing of it gets into a saved notebook.

    Parameters
    ----------
    model : Model
    lang : str
        The language to begin with.
    """

    #: The texts of this screen.
    texts = WORDS
    #: Kinds of requests that take a while. They run in a thread, so that the page can still ask and stop.
    long: frozenset[str] = frozenset()

    words = traitlets.Dict().tag(sync=True)
    vocabulary = traitlets.Dict().tag(sync=True)
    lang = traitlets.Unicode("en").tag(sync=True)

    def __init__(self, model: Model, *, lang: str) -> None:
        self.model = model
        # ipywidgets does this when it is loaded, which for a forked kernel was before there was one.
        register_comm_target()
        ws = getattr(model, "ws", None)
        with on_page_of(ws and ws.path):
            super().__init__(words=words(self.texts), vocabulary=vocabulary(), lang=lang)
        self.on_msg(self._receive)

    def _receive(self, _widget: object, message: Any, _buffers: object) -> None:
        if message.get("kind") in self.long:
            # In this message's context, so that the response goes back to its page.
            Thread(target=copy_context().run, args=(self._respond, message)).start()
        else:
            self._respond(message)

    def _respond(self, message: dict[str, Any]) -> None:
        self.send(self.model.handle(message))


def open_rep_workbook(rep: str = "", *, lang: str = "") -> WorkbookView:
    """Open a rep's workbook.

    Parameters
    ----------
    rep : str, optional
        Key or name; by default whom the page's link names (``?rep=…``, read by the page itself, since a server may have made it
        before anybody asked for it), else who is working, else the first rep.
    lang : str, optional
        ``ko`` or ``en``; the link's (``?lang=…``), what was chosen last, or the workspace's by default.
    """
    ws = open_workspace()
    reps = ws.reps()
    working = ws.ledger.actor if ws.ledger.actor in reps else ""
    chosen = rep or working or next(iter(reps), "")
    model = RepBook(ws, chosen, follows_link=not rep) if chosen else EmptyBook()
    return WorkbookView(model, lang=lang or ws.lang)


WorkbookView._esm = joined_modules("rep/main")
WorkbookView._css = joined_styles()


class CoachView(WorkbookView):
    """Shows a coaching session."""

    _esm = joined_modules("coach/main")
    texts = WORDS | AGREEMENT_WORDS | ANSWER_WORDS | PREPARE_WORDS


def open_coach_session(*, lang: str = "") -> CoachView:
    """Open the coach's screen: choose whom to coach, or take up a session that was left.

    Parameters
    ----------
    lang : str, optional
        ``ko`` or ``en``; the workspace's by default.
    """
    ws = open_workspace()
    return CoachView(CoachBook(ws), lang=lang or ws.lang)

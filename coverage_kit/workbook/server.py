"""The server behind ``coverage-kit app``: Voilà, closed where Voilà is open."""

from __future__ import annotations

import os
import tempfile
import webbrowser
from html import escape
from pathlib import Path
from threading import Thread

from tornado.ioloop import IOLoop
from tornado.web import ErrorHandler

from coverage_kit.engine.quick_start import skip_iri_grammar

skip_iri_grammar()

from voila.app import Voila  # noqa: E402
from voila.request_info_handler import RequestInfoSocketHandler  # noqa: E402

from coverage_kit.engine.provisioner import prepare  # noqa: E402
from coverage_kit.workbook.widget.connection import PageKernel  # noqa: E402

#: Names the address that the browser opens first, token included.
FIRST_PAGE = "COVERAGE_KIT_FIRST_PAGE"
#: Names the file whose text is printed once the server listens, and then removed.
PRINT = "COVERAGE_KIT_PRINT"
#: Names of this machine: another name in a request means that a foreign page reached us through its own DNS.
_FOREIGN = r"^(?!(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$).*$"
#: Voilà's page starts from scripts in the page, compiles the checks of its settings, and loads widgets from blobs.
_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        # Safari and older browsers do not count a websocket as 'self'.
        "connect-src 'self' data: blob: ws://localhost:* ws://127.0.0.1:*",
        "worker-src 'self' blob:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ]
)


class PageServer(Voila):  # type: ignore[misc]
    """Voilà with a content policy on its pages, for requests to this machine only."""

    def initialize(self, argv: list[str] | None = None) -> None:
        """Read the settings; kernels of pages are forked from a process that loads our screens in the meantime."""
        prepare(PageKernel.preload)
        super().initialize(argv)

    def init_settings(self) -> dict[str, object]:
        """Voilà's settings, with headers of ours."""
        headers = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "no-referrer"}
        return {**super().init_settings(), "headers": headers}

    def init_handlers(self) -> list[tuple[object, ...]]:
        """Voilà's addresses, without the one that gives a page's query, token included, to anybody."""
        self.app.add_handlers(_FOREIGN, [(r".*", ErrorHandler, {"status_code": 403})])
        return [
            (each[0], ErrorHandler, {"status_code": 403}) if each[1] is RequestInfoSocketHandler else each
            for each in super().init_handlers()
        ]

    def listen(self) -> None:
        """Listen; the links are printed once they can be opened."""
        IOLoop.current().add_callback(print_links)
        super().listen()

    def launch_browser(self) -> None:
        """Open the page that the command line chose; Voilà's own list of notebooks asks for the token.

        A file leads there, readable by its owner only: a browser's command line is seen by everybody on the machine.
        """
        url = os.environ.pop(FIRST_PAGE, "")
        descriptor, name = tempfile.mkstemp(prefix="coverage-kit-", suffix=".html")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f'<!doctype html><meta http-equiv="refresh" content="0;url={escape(url)}">')
        Thread(target=webbrowser.open, args=(Path(name).as_uri(),), daemon=True).start()


def print_links() -> None:
    """Print what the command line prepared, and remove the file."""
    path = os.environ.pop(PRINT, "")
    if path:
        print(Path(path).read_text(encoding="utf-8"), flush=True)
        Path(path).unlink()


if __name__ == "__main__":
    PageServer.launch_instance()

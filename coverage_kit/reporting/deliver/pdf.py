"""Print pages as PDF with the system's Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_TIMEOUT_S = 90
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page loads nothing from outside, so the browser needs no address.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
)


def find_chromium() -> str:
    """Path of the browser that prints.

    Raises
    ------
    BadInput
        No browser was found.
    """
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return found
    raise BadInput("pdf.browser", N_("PDF needs Chromium on this machine; install it, or leave --format pdf out."))


def print_pages(pages: Sequence[Path], n_workers: int) -> Iterator[tuple[Path, str]]:
    """Print pages, several at a time; each is whole or absent.

    Parameters
    ----------
    pages : sequence of Path
        HTML files.
    n_workers : int

    Yields
    ------
    tuple of Path and str
        A page, and why it could not be printed; empty if it was.
    """
    if not pages:
        return
    browser = find_chromium()
    with ThreadPoolExecutor(n_workers) as pool:
        yield from zip(pages, pool.map(lambda page: _print(browser, page), pages), strict=True)


def _print(browser: str, page: Path) -> str:
    target = page.with_suffix(".pdf")
    with tempfile.TemporaryDirectory(prefix=".making-", dir=page.parent, ignore_cleanup_errors=True) as home:
        made = Path(home) / "page.pdf"
        # Chromium's own sandbox does not start for root.
        own = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command = [
            browser,
            *_FLAGS,
            *own,
            f"--user-data-dir={home}/profile",
            f"--print-to-pdf={made}",
            page.resolve().as_uri(),
        ]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_TIMEOUT_S, stdin=subprocess.DEVNULL)
            if not made.read_bytes().rstrip().endswith(b"%%EOF"):
                return "the browser made no complete PDF"
            made.chmod(0o600)
            with made.open("rb") as file:
                os.fsync(file.fileno())
            made.replace(target)
        except subprocess.TimeoutExpired:
            return f"the browser took longer than {_TIMEOUT_S} seconds"
        except (subprocess.CalledProcessError, OSError):
            return "the browser failed"
    return ""

"""The servers as users start them, and the flags of the browser."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil

CHROMIUM = "/usr/bin/chromium"
#: Chromium makes two pages of its own for its address bar with every window, at 1.3 seconds of processor time. The switch
#: takes the place of Playwright's own, so what of that one matters here is said again: plain HTTP, and no late first frame.
_FEATURES_OFF = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,AimEnabled,HttpsUpgrades,PaintHolding,DestroyProfileOnBrowserClose"
)
FLAGS = [
    *"--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking".split(),
    *"--disable-component-update --disable-sync".split(),
    f"--disable-features={_FEATURES_OFF}",
]
# Limits for what hangs; a busy machine is slow and right.
WAIT_MS = 30_000
START_MS = 180_000
ROOT = Path(__file__).parents[2]
TOKEN = re.compile(r"token=([\w-]+)")


def start(workspace: Path, command: list[str], folder: Path, **extra: str) -> tuple[subprocess.Popen[bytes], int]:
    """Start ``coverage-kit`` with a server; its output goes to ``folder/log``."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return _start(workspace, command, folder, port, ["--port", str(port)], extra), port


def start_again(workspace: Path, folder: Path, port: int, **extra: str) -> subprocess.Popen[bytes]:
    """Start ``coverage-kit app`` on the port that the workspace keeps."""
    return _start(workspace, ["app"], folder, port, [], extra)


def _start(
    workspace: Path, command: list[str], folder: Path, port: int, options: list[str], extra: dict[str, str]
) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "COVERAGE_KIT_ACTOR": "jihye.kim", "JUPYTER_CONFIG_DIR": str(folder), **extra}
    arguments = ["-w", str(workspace), *command, "--no-browser", *options]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "coverage_kit", *arguments], stdout=log, stderr=subprocess.STDOUT, env=environment
        )
    listens = TOKEN if command == ["app"] else re.compile("token=")
    deadline = time.monotonic() + START_MS / 1000
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            # The links are printed once the server listens; Voilà prints "token=..." before, JupyterLab nothing else.
            said = (folder / "log").read_text(errors="replace")
            if probe.connect_ex(("127.0.0.1", port)) == 0 and listens.search(said):
                return process
        time.sleep(0.1)
    process.kill()
    process.wait()
    raise RuntimeError((folder / "log").read_text(errors="replace"))


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server and the kernels it started."""
    children = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for child in children:
        if child.is_running():
            child.kill()


def prepare_no_pages(folder: Path) -> None:
    """A server with this folder's settings starts a kernel when a page is opened, and none before."""
    none = {"VoilaKernelManager": {"kernel_pools_config": {"default": {"pool_size": 0}}}}
    (folder / "voila.json").write_text(json.dumps(none))


def font_config(folder: Path) -> Path:
    """A machine without a Korean font still shows the Korean: Chromium is told of ours."""
    config = folder / "fonts.conf"
    dirs = "".join(f"<dir>{each}</dir>" for each in (ROOT / "coverage_kit/assets/fonts", "/usr/share/fonts"))
    config.write_text(f"<?xml version='1.0'?><fontconfig>{dirs}<cachedir>{folder}</cachedir></fontconfig>")
    return config

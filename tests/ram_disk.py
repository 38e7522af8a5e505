"""Temporary files of the tests lie in memory where there is room: a store waits for the disk at every commit."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

RAM_DISK = Path("/dev/shm")
#: A whole run leaves about 0.6 GB until it ends.
ROOM = 4 * 2**30


def use_ram_disk() -> None:
    """Put temporary files of this process and of its children there, unless ``TMPDIR`` says where they go."""
    if "TMPDIR" in os.environ or not os.access(RAM_DISK, os.W_OK) or shutil.disk_usage(RAM_DISK).free < ROOM:
        return
    os.environ["TMPDIR"] = str(RAM_DISK)
    tempfile.tempdir = None

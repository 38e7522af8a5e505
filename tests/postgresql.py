"""A private PostgreSQL for tests: its own folder, a password, loopback only."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Literal


def programs() -> Path | None:
    """The folder of the newest PostgreSQL on this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Cluster:
    """A server that runs inside its ``with`` block.

    Parameters
    ----------
    binaries : Path
        The folder of initdb and pg_ctl.
    fsync : bool
        Whether commits survive a crash of the machine. Without it the server is faster.
    **settings : str
        Other settings of the server.
    """

    def __init__(self, binaries: Path, *, fsync: bool, **settings: str) -> None:
        self._binaries = binaries
        self._settings = {"fsync": "on" if fsync else "off", **settings}
        self._home = Path(tempfile.mkdtemp(prefix="coverage-kit-pg-"))
        self._data, self._port, self._password = self._home / "data", free_port(), secrets.token_urlsafe(12)

    @property
    def url(self) -> str:
        """The address of its database, for the owner of everything in it."""
        return f"postgresql+psycopg://owner:{self._password}@127.0.0.1:{self._port}/postgres"

    def __enter__(self) -> Cluster:
        self._home.chmod(0o711)
        self._data.mkdir(mode=0o700)
        password = self._home / "pw"
        password.touch(mode=0o600)
        password.write_text(self._password)
        if os.geteuid() == 0:
            shutil.chown(self._data, "postgres", "postgres")
            shutil.chown(password, "postgres")
        who = ["-U", "owner", f"--pwfile={password}", "-A", "scram-sha-256"]
        self._run("initdb", *who, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        self._run("pg_ctl", "-w", "-l", str(self._data / "log"), "-o", self._options, "start")
        return self

    def restart(self, mode: Literal["fast", "immediate"]) -> None:
        """Stop it, politely or as a crash would, and start it again."""
        self._run("pg_ctl", "-w", "-m", mode, "-l", str(self._data / "log"), "-o", self._options, "restart")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(self._home, ignore_errors=True)

    @property
    def _options(self) -> str:
        settings = " ".join(f"-c {name}={value}" for name, value in self._settings.items())
        return f"-p {self._port} -h 127.0.0.1 -k {self._data} {settings}"

    def _run(self, program: str, *arguments: str) -> None:
        as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*as_postgres, str(self._binaries / program), "-D", str(self._data), *arguments]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

"""The team's playbooks as one YAML file that people edit."""

from __future__ import annotations

from pathlib import Path

from coverage_kit.domain.playbooks import Playbooks
from coverage_kit.exchange.read.strict_yaml import read_strict_yaml


def read_playbooks(path: Path) -> Playbooks:
    """Read the playbooks.

    Raises
    ------
    BadInput
        With file and line.
    """
    return read_strict_yaml(path, Playbooks)

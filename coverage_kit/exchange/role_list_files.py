"""Role lists out of the store as YAML files that a person can edit, and that are read back without loss."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import yaml

from coverage_kit.assets.private import make_folder, write_file
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.role_lists.model import Role, RoleList


def write_role_lists(folder: Path, lists: Iterable[RoleList]) -> list[Path]:
    """Write each list to a file named by its key; a file of that name is replaced.

    Raises
    ------
    BadInput
        The folder cannot be written.
    """
    try:
        make_folder(folder)
        paths = []
        for each in lists:
            path = folder / f"{each.key}.yml"
            write_file(path, role_list_yaml(each))
            paths.append(path)
    except OSError as exc:
        raise BadInput(
            "roles.folder", N_("{folder} cannot be written: {reason}."), folder=folder.name, reason=exc.strerror
        ) from exc
    return paths


def role_list_yaml(one: RoleList) -> str:
    """A role list as YAML in the form of the lists that ship with the program."""
    conditions = {name: values for name, values in one.applies_to if values}
    lines = [
        f"# Role list {one.key}: who must be known in every account under it.",
        "# Change it to your organisation's standard, then: coverage-kit roles apply",
        f"key: {_flow(one.key)}",
        f"title: {_flow(one.title.model_dump())}",
        f"kind: {_flow(one.kind)}",
        *(["default: true"] if one.default else []),
        f"freshness_days: {one.freshness_days}",
        "applies_to:" if conditions else "applies_to: {}",
        *(f"  {name}: {_flow(values)}" for name, values in conditions.items()),
        "roles:",
        *(line for role in one.roles for line in _role(role)),
    ]
    return "\n".join(lines) + "\n"


def _role(role: Role) -> list[str]:
    return [
        f"  - key: {_flow(role.key)}",
        f"    title: {_flow(role.title.model_dump())}",
        f"    level: {_flow(role.level)}",
        f"    function: {_flow(role.function)}",
        "    aliases:",
        *(f"      {lang}: {_flow(own)}" for lang, own in role.aliases),
        f"    value: {_flow(role.value.model_dump())}",
    ]


def _flow(value: str | list[str] | dict[str, str]) -> str:
    """Text, a list or a mapping on one line, every text in quotes."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(text)}' for key, text in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    written = yaml.dump(value, default_style='"', allow_unicode=True, width=10_000)
    return str(written).rstrip("\n")

"""Role lists as YAML files, one list a file."""

from __future__ import annotations

from pathlib import Path

from coverage_kit.errors import BadInput
from coverage_kit.exchange.read.strict_yaml import parse_strict_yaml, read_strict_yaml
from coverage_kit.i18n import N_
from coverage_kit.role_lists.checking import checked_names
from coverage_kit.role_lists.model import RoleList


def read_role_list(path: Path) -> RoleList:
    """Read one role list.

    Raises
    ------
    BadInput
        With file and line.
    """
    return checked_names(read_strict_yaml(path, RoleList), path.name)


def parse_role_list(name: str, text: str) -> RoleList:
    """Read one role list from the text of a file.

    Raises
    ------
    BadInput
        With file and line.
    """
    data = text.encode("utf-8", "surrogatepass")
    return checked_names(parse_strict_yaml(Path(name), data, RoleList), name)


def read_role_lists(folder: Path) -> list[RoleList]:
    """Read all role lists of a folder, in the order of their file names.

    Raises
    ------
    BadInput
        One cannot be used, two have the same key, or there is none.
    """
    lists: dict[str, RoleList] = {}
    for path in sorted(folder.glob("*.yml")):
        one = read_role_list(path)
        if one.key in lists:
            raise BadInput(
                "roles.twice",
                N_("{file}: the role list '{key}' is in another file too; keep one."),
                file=path.name,
                key=one.key,
            )
        lists[one.key] = one
    if not lists:
        raise BadInput("roles.none", N_("No role list (*.yml) in {folder}."), folder=folder.name)
    return list(lists.values())

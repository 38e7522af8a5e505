"""Role templates as YAML files, one template a file."""

from __future__ import annotations

from pathlib import Path

from coverage_kit.errors import BadInput
from coverage_kit.exchange.read.strict_yaml import read_strict_yaml
from coverage_kit.i18n import N_
from coverage_kit.role_lists.model import RoleList


def read_role_template(path: Path) -> RoleList:
    """Read one role template.

    Raises
    ------
    BadInput
        With file and line.
    """
    return read_strict_yaml(path, RoleList)


def read_role_templates(folder: Path) -> list[RoleList]:
    """Read all role templates of a folder, in the order of their file names.

    Raises
    ------
    BadInput
        One cannot be used, two have the same key, or there is none.
    """
    templates: dict[str, RoleList] = {}
    for path in sorted(folder.glob("*.yml")):
        template = read_role_template(path)
        if template.key in templates:
            raise BadInput(
                "roles.twice",
                N_("{file}: the template '{key}' is in another file too; keep one."),
                file=path.name,
                key=template.key,
            )
        templates[template.key] = template
    if not templates:
        raise BadInput("roles.none", N_("No role template (*.yml) in {folder}."), folder=folder.name)
    return list(templates.values())

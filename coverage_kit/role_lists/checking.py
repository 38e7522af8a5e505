"""Role lists are checked once more before they are written: a copy of a list can hold what no file and no form lets in."""

from __future__ import annotations

from pydantic import ValidationError

from coverage_kit.domain.refusals import first_problem, place_in_words, reason_of
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.role_lists.model import RoleList


def checked_body(one: RoleList) -> RoleList:
    """The list, if it keeps the rules of its model.

    Raises
    ------
    BadInput
        With the first rule that it breaks.
    """
    try:
        return RoleList.model_validate(one.model_dump(warnings=False))
    except ValidationError as exc:
        problem = first_problem(exc)
        raise BadInput(
            "roles.bad_list",
            N_("The role list '{key}' cannot be used; {where}: {reason}."),
            key=str(one.key),
            where=place_in_words(problem) or "–",
            reason=reason_of(problem),
        ) from exc


def checked_names(one: RoleList, source: str) -> RoleList:
    """The list, if each title means one role.

    Parameters
    ----------
    one : RoleList
    source : str
        What a message calls the list: its file or its key.

    Raises
    ------
    BadInput
    """
    found = one.name_of_two()
    if found is not None:
        raise BadInput(
            "roles.same_name",
            N_("{file}: '{name}' is a title of two roles, {first} and {second}. Keep it with one of them."),
            file=source,
            name=found.name,
            first=found.first,
            second=found.second,
        )
    return one

"""Why a value does not fit the model of a file, in the user's language: pydantic says it in English alone."""

from __future__ import annotations

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_

_TEXT = N_("a text belongs here; put it in quotes")
_NUMBER = N_("a number belongs here")
_YES_OR_NO = N_("true or false belongs here")
_LIST = N_("a list belongs here, each item on a line that begins with '- '")
_KEYS = N_("keys with values belong here, each on a line, like 'key: value'")
_INSTANT = N_("a day and time belong here, in quotes, like '2026-11-22T23:59:59+09:00'")
_ONE_OF = N_("use one of: {expected}")

#: By the kind of an error: pydantic's own kinds, then those of our models.
REASONS = {
    "missing": N_("this is missing"),
    "extra_forbidden": N_("this is not known here; check its spelling"),
    "string_type": _TEXT,
    "string_too_short": N_("the text is empty or too short"),
    "string_too_long": N_("the text has more than {max_length} characters"),
    "string_pattern_mismatch": N_("the text has another form than it needs ({pattern})"),
    "string_unicode": N_("the text holds characters that are none"),
    "int_type": _NUMBER,
    "int_parsing": _NUMBER,
    "int_parsing_size": _NUMBER,
    "int_from_float": N_("a whole number belongs here"),
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "greater_than_equal": N_("the smallest number is {ge}"),
    "less_than_equal": N_("the largest number is {le}"),
    "bool_type": _YES_OR_NO,
    "bool_parsing": _YES_OR_NO,
    "list_type": _LIST,
    "dict_type": _KEYS,
    "model_type": _KEYS,
    "model_attributes_type": _KEYS,
    "invalid_key": _KEYS,
    "too_short": N_("at least {min_length} of them belong here"),
    "too_long": N_("at most {max_length} of them belong here"),
    "literal_error": _ONE_OF,
    "enum": _ONE_OF,
    "datetime_type": _INSTANT,
    "datetime_parsing": _INSTANT,
    "datetime_from_date_parsing": _INSTANT,
    "one_of": _ONE_OF,
    "key_form": N_("a key has small letters, digits and _ only, and begins with a letter"),
    "offering_missing": N_("an offering list names its offerings (applies_to: offerings)"),
    "offering_default": N_("only a base list can be the default"),
    "offering_roles": N_("an offering list adds at most {most} roles"),
    "role_twice": N_("the role {role} appears twice"),
    "alias_twice": N_("the alias '{alias}' belongs to two roles, {first} and {second}"),
    "move_twice": N_("the move {move} appears twice"),
    "names": N_("{key}: write a name in each language: {expected}"),
    "courtesy": N_("{key}: '{courtesy}' is a courtesy; meals, gifts, golf and family occasions are no value"),
    "kind_of_file": N_("'{kind}' is no kind of file; use one of: {expected}"),
    "column": N_("{kind}: '{theirs}' is read as '{ours}'; use one of: {expected}"),
    "zone": N_("this is not a time zone; write it like Asia/Seoul"),
    "instant_zone": N_("write the time with its zone, like 2026-11-22T23:59:59.999+09:00"),
}


def broken(kind: str, /, **values: object) -> PydanticCustomError:
    """The error that a rule of our own models raises.

    Parameters
    ----------
    kind : str
        One of ``REASONS``.
    **values
        What fills its placeholders; ``place`` is where the broken part lies, if it is not the whole that was checked.
    """
    # Half a character, as an escape in a file can give, would make the error itself fail.
    shown = {
        key: value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value
        for key, value in values.items()
    }
    return PydanticCustomError(kind, REASONS[kind], shown)


def first_problem(exc: ValidationError) -> ErrorDetails:
    """The first thing that is wrong; what was given is not repeated."""
    return exc.errors(include_url=False, include_input=False)[0]


def place_of(problem: ErrorDetails) -> tuple[str | int, ...]:
    """Where the problem lies, as keys and positions; a rule of a whole model says in its error which part breaks it."""
    return tuple(problem.get("ctx", {}).get("place", problem["loc"]))


def place_in_words(problem: ErrorDetails) -> str:
    """The place as a message shows it, ``roles.2.title``; people count the parts of a list from one. "" for the whole."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in place_of(problem))


def reason_of(problem: ErrorDetails) -> BadInput:
    """Why the value cannot be used."""
    text = REASONS.get(problem["type"], N_("this value cannot be used here"))
    return BadInput(f"model.{problem['type']}", text, **problem.get("ctx", {}))

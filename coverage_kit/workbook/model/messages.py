"""What a message of a screen may hold: JSON from a browser is not what it should be until it was looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coverage_kit.domain.identifiers import clean_text
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_

Message = Mapping[str, Any]
#: Beyond it a browser counts no more one by one.
_GREATEST = 2**53
_EDIT_ID = re.compile(r"ed_\w{1,40}", re.ASCII)


def seq_of(message: Message) -> dict[str, int | None]:
    """By what the screen finds the question to an answer; None where it is no number."""
    seq = message.get("seq")
    return {"seq": seq if isinstance(seq, int) and abs(seq) <= _GREATEST else None}


def check_message(message: Message) -> None:
    """See to it that all of a message can be stored, compared and looked up.

    Raises
    ------
    BadInput
        A character that no database keeps, or a number that is none.
    """
    for name, value in _leaves(message):
        if isinstance(value, str):
            clean_text(value, name)
        elif isinstance(value, int | float) and not abs(value) <= _GREATEST:
            raise wrong_form(name)


def wrong_form(name: str) -> BadInput:
    """The error for a part of a message that is not of the kind it should be."""
    text = N_("The screen sent {field} in a form that cannot be used; load the page again.")
    return BadInput("message.form", text, field=name)


def text_in(message: Message, key: str) -> str:
    """A text of a message; "" where it is missing."""
    value = message.get(key)
    if value is not None and not isinstance(value, str):
        raise wrong_form(key)
    return value or ""


def texts_in(message: Message, key: str) -> list[str]:
    """The texts of a list in a message; none where it is missing."""
    value = message.get(key)
    if value is not None and not is_texts(value):
        raise wrong_form(key)
    return list(value or ())


def is_texts(value: Any) -> bool:
    """Whether it is a list of texts."""
    return isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(each, str) for each in value)


def version_in(message: Message, key: str) -> int | None:
    """The version that was seen; None where none was."""
    value = message.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise wrong_form(key)
    return value


def edit_id_in(message: Message) -> str | None:
    """The id under which an act is sent again; other ids are made of it, so that it has to be one of the screen's."""
    value = text_in(message, "edit_id")
    if value and not _EDIT_ID.fullmatch(value):
        raise wrong_form("edit_id")
    return value or None


def _leaves(message: Message) -> Iterator[tuple[str, Any]]:
    """Every key and every value that holds no others, and what the value is called; however deep it lies."""
    todo: list[tuple[str, Any]] = [("message", message)]
    while todo:
        name, value = todo.pop()
        if isinstance(value, Mapping):
            todo += [("message", key) for key in value]
            todo += [(str(key), each) for key, each in value.items()]
        elif isinstance(value, list | tuple):
            todo += [(name, each) for each in value]
        else:
            yield name, value

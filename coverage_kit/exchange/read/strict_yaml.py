"""YAML that people write by hand, read without guessing: every refusal names file and line.

Plain YAML turns ``no`` into false and ``0123`` into 83, lets a key appear twice, and expands a short file into
gigabytes. Here text is text, numbers are plain decimal numbers, and anything else is refused.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from coverage_kit.domain.refusals import first_problem, place_in_words, place_of, reason_of
from coverage_kit.errors import BadInput
from coverage_kit.exchange.read.whole import read_whole
from coverage_kit.i18n import N_

_MAX_BYTES, _MOST_MB = 1_000_000, 2
#: Signs that part one thing from the next: the slow reader of YAML takes about 30,000 of them a second.
_MAX_PARTS = 30_000
#: Parts within parts: a file of ours has six.
_MAX_DEEP = 50
#: Ten times as fast, where PyYAML was built with it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BEGINS = (
    yaml.BlockSequenceStartToken, yaml.BlockMappingStartToken, yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken,
)  # fmt: skip
_ENDS = (yaml.BlockEndToken, yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,15})(\.\d+)?")
_WORDS = {"true": True, "false": False, "null": None, "": None}
_AMBIGUOUS = re.compile(
    r"(?i)(y|n|yes|no|on|off|~|0\d+|0[xob]\w+|\d+[_:]\d[\d_:]*|\d{4}-\d\d?-\d\d?.*|[-+]?\.?(inf|nan)|.*\de[-+]?\d+)"
)

ModelT = TypeVar("ModelT", bound=BaseModel)
_Path = tuple[str | int, ...]


def read_strict_yaml(path: Path, model: type[ModelT]) -> ModelT:
    """Read a YAML file into a model.

    Parameters
    ----------
    path : Path
    model : type of BaseModel
        Says which keys there are and what they hold.

    Raises
    ------
    BadInput
        The file is missing, not UTF-8, too big, not plain YAML, or does not fit the model; with file and line.
    """
    return parse_strict_yaml(path, _read(path), model)


def parse_strict_yaml(path: Path, data: bytes, model: type[ModelT]) -> ModelT:
    """The same of a file's bytes; ``path`` only names the file in messages."""
    document, lines = _document(path.name, data)
    try:
        return model.model_validate(document)
    except ValidationError as exc:
        raise _from_model(path, exc, lines) from exc


@lru_cache(maxsize=64)
def _document(name: str, data: bytes) -> tuple[Any, dict[_Path, int]]:
    """What a file holds, and the line of each part; nobody changes them, so the same bytes are read once."""
    path = Path(name)
    text = _decode(path, data)
    lines: dict[_Path, int] = {}
    try:
        _refuse_what_is_not_used(path, text)
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        raise _refuse(
            path,
            mark.line + 1 if mark else 1,
            N_("this is not valid YAML; check indentation (blanks, no tabs) and quotes"),
        ) from exc
    except (yaml.YAMLError, RecursionError) as exc:
        raise _refuse(path, 1, N_("this is not valid YAML; check indentation (blanks, no tabs) and quotes")) from exc
    return ({} if node is None else _plain(path, node, (), lines)), lines


def replace_value(text: str, key: str, written: str) -> str:
    """A YAML text with another value under one of its first keys; all else in it, comments too, stays.

    Parameters
    ----------
    text : str
        Of a mapping.
    key : str
        Added at the end where it is not there.
    written : str
        The value on one line, as YAML or JSON writes it.
    """
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    value = next((value for name, value in pairs if name.value == key), None)
    if value is None:
        return f"{text.rstrip()}\n\n{key}: {written}\n"
    last = value
    # What is written line by line ends where its last line does; comments after it are not part of it.
    while isinstance(last, yaml.CollectionNode) and not last.flow_style and last.value:
        last = last.value[-1][1] if isinstance(last, yaml.MappingNode) else last.value[-1]
    return text[: value.start_mark.index] + written + text[last.end_mark.index :]


def _read(path: Path) -> bytes:
    try:
        return read_whole(path, most_mb=_MOST_MB)
    except OSError as exc:
        raise BadInput(
            "file.missing", N_("The file {file} cannot be read; check its name and permissions."), file=path.name
        ) from exc


def _decode(path: Path, data: bytes) -> str:
    if len(data) > _MAX_BYTES or sum(map(data.count, (b",", b"\n", b"[", b"{", b"\r"))) > _MAX_PARTS:
        raise _refuse(path, 1, N_("the file is larger than a file written by hand can be"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = data[: exc.start].count(b"\n") + 1
        raise _refuse(path, line, N_("this is not UTF-8 text; save the file as UTF-8")) from exc


def _refuse_what_is_not_used(path: Path, text: str) -> None:
    """Refuse tags, anchors and aliases, and parts within parts so deep that reading them would end the process."""
    deep = 0
    for token in yaml.scan(text, Loader=_LOADER):
        deep += isinstance(token, _BEGINS) - isinstance(token, _ENDS)
        line = token.start_mark.line + 1
        if isinstance(token, yaml.AliasToken | yaml.AnchorToken | yaml.TagToken):
            raise _refuse(
                path, line, N_("tags, anchors and aliases (! & *) are not used here; write the text in quotes")
            )
        if deep > _MAX_DEEP:
            raise _refuse(path, line, N_("this is not valid YAML; check indentation (blanks, no tabs) and quotes"))


def _plain(path: Path, node: yaml.Node, where: _Path, lines: dict[_Path, int]) -> Any:
    lines[where] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return _mapping(path, node, where, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(path, child, (*where, i), lines) for i, child in enumerate(node.value)]
    text = _whole_text(path, node)
    if not isinstance(node, yaml.ScalarNode) or node.style:
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    if _AMBIGUOUS.fullmatch(text):
        raise _refuse(path, lines[where], N_("'{value}' can be read in two ways; put it in quotes"), value=text[:40])
    return text


def _whole_text(path: Path, node: yaml.Node) -> str:
    """The text of a scalar; an escape such as ``"\\ud800"`` gives half a character, which can be kept nowhere."""
    text = str(node.value)
    if any("\ud800" <= sign <= "\udfff" for sign in text):
        raise _refuse(path, node.start_mark.line + 1, N_("the text holds characters that are none"))
    return text


def _mapping(path: Path, node: yaml.MappingNode, where: _Path, lines: dict[_Path, int]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode) or key_node.value == "<<":
            raise _refuse(path, line, N_("a key must be a plain word"))
        key = _whole_text(path, key_node)
        if key in result:
            raise _refuse(path, line, N_("the key '{value}' appears twice; keep one"), value=key[:40])
        result[key] = _plain(path, value_node, (*where, key), lines)
        lines[*where, key] = line
    return result


def _from_model(path: Path, exc: ValidationError, lines: dict[_Path, int]) -> BadInput:
    """The first problem the model found, at the line it lies on."""
    problem = first_problem(exc)
    where: _Path = place_of(problem)
    known = next((lines[where[:n]] for n in range(len(where), -1, -1) if where[:n] in lines), 1)
    key = place_in_words(problem)
    if problem["type"] == "extra_forbidden":
        return _refuse(path, known, N_("the key '{value}' is not known here; check its spelling"), value=key)
    if problem["type"] == "missing":
        return _refuse(path, known, N_("the key '{value}' is missing"), value=key)
    if not key:
        return _at_line(path, known, reason_of(problem))
    return _refuse(path, known, N_("{value}: {reason}"), value=key, reason=reason_of(problem))


def _refuse(path: Path, line: int, what: str, **values: object) -> BadInput:
    return _at_line(path, line, BadInput("yaml.cause", what, **values))


def _at_line(path: Path, line: int, cause: BadInput) -> BadInput:
    return BadInput("yaml.refused", N_("{file}, line {line}: {cause}."), file=path.name, line=line, cause=cause)

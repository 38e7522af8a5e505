"""Role templates: a named list of required roles, the organisation's standard."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field, field_validator, model_validator

from coverage_kit.domain.bilingual import Bilingual, Strict, Text
from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import Level

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Aliases(Strict):
    """Titles under which the position is met."""

    ko: list[Text] = Field(default=[])
    en: list[Text] = Field(default=[])


class Role(Strict):
    """A position that must be known."""

    key: str
    title: Bilingual
    level: str
    function: Text
    aliases: Aliases = Aliases()
    value: Bilingual

    @field_validator("key", "function")
    @classmethod
    def _is_key(cls, key: str) -> str:
        if not _KEY.fullmatch(key):
            raise ValueError("a key has small letters, digits and _ only, and begins with a letter")
        return key

    @field_validator("level")
    @classmethod
    def _is_level(cls, level: str) -> str:
        if level not in {each.value for each in Level}:
            raise ValueError(f"use one of: {', '.join(Level)}")
        return level


class AppliesTo(Strict):
    """Which accounts fall under a template when they are created; none named means by default only."""

    industries: list[Text] = Field(default=[])


class RoleTemplate(Strict):
    """A list of required roles, with the window within which a verification counts."""

    key: str
    title: Bilingual
    freshness_days: int = Field(180, ge=1, le=3650)
    applies_to: AppliesTo = AppliesTo()
    roles: list[Role] = Field(min_length=1, max_length=60)

    @field_validator("key")
    @classmethod
    def _is_key(cls, key: str) -> str:
        if not _KEY.fullmatch(key):
            raise ValueError("a key has small letters, digits and _ only, and begins with a letter")
        return key

    @model_validator(mode="after")
    def _is_unique(self) -> RoleTemplate:
        keys = [role.key for role in self.roles]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise ValueError(f"the role {twice[0]} appears twice")
        owners: dict[str, str] = {}
        for role in self.roles:
            for alias in (*role.aliases.ko, *role.aliases.en):
                owner = owners.setdefault(name_key(alias), role.key)
                if owner != role.key:
                    raise ValueError(f"the alias '{alias}' belongs to two roles, {owner} and {role.key}")
        return self

    def body(self) -> dict[str, Any]:
        """What the ledger keeps of it."""
        return self.model_dump(mode="json", exclude={"key"})

    @property
    def source_hash(self) -> str:
        """Tells one content from another."""
        return hashlib.sha256(json.dumps(self.body(), sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def merge_roles(templates: Iterable[tuple[str, Mapping[str, Any]]]) -> list[tuple[Mapping[str, Any], str, int]]:
    """The union of several templates' roles: each once, under its first template, with the strictest window.

    Parameters
    ----------
    templates : iterable of (str, mapping)
        Key and body (``RoleTemplate.body``) of each template an account falls under.

    Returns
    -------
    list of (mapping, str, int)
        The role, its template's key and its freshness window in days.
    """
    merged: dict[str, tuple[Mapping[str, Any], str, int]] = {}
    for key, body in templates:
        for role in body["roles"]:
            first, owner, window = merged.get(role["key"], (role, key, body["freshness_days"]))
            merged[role["key"]] = (first, owner, min(window, body["freshness_days"]))
    return list(merged.values())

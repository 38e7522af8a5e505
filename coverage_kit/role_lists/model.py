"""A role list: a named list of required roles, the organisation's standard for an industry or a team."""

from __future__ import annotations

import hashlib
import json
import re
from typing import NotRequired, TypedDict

from pydantic import Field, field_validator, model_validator

from coverage_kit.domain.bilingual import Bilingual, Strict, Text
from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.ladder import FRESHNESS_DAYS
from coverage_kit.domain.vocabulary import Level

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Words(TypedDict):
    """One text in both languages, as the ledger keeps it."""

    ko: str
    en: str


class AliasBody(TypedDict):
    """Titles under which a position is met, as the ledger keeps them."""

    ko: list[str]
    en: list[str]


class RoleBody(TypedDict):
    """A required role, as the ledger keeps it."""

    key: str
    title: Words
    level: str
    function: str
    aliases: AliasBody
    value: Words


class AppliesToBody(TypedDict):
    """Which accounts fall under a list when they are created, as the ledger keeps it."""

    industries: list[str]


class RoleListBody(TypedDict):
    """A role list without its key, as the ledger keeps it (JSON in ``template.body``)."""

    title: NotRequired[Words]
    freshness_days: int
    applies_to: AppliesToBody
    roles: list[RoleBody]


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
        return _checked_key(key)

    @field_validator("level")
    @classmethod
    def _is_level(cls, level: str) -> str:
        if level not in {each.value for each in Level}:
            raise ValueError(f"use one of: {', '.join(Level)}")
        return level


class AppliesTo(Strict):
    """Which accounts fall under a list when they are created; a list that names none is only used as the default."""

    industries: list[Text] = Field(default=[])


class RoleList(Strict):
    """A list of required roles, with the number of days for which a check of a holder counts."""

    key: str
    title: Bilingual
    freshness_days: int = Field(FRESHNESS_DAYS, ge=1, le=3650)
    applies_to: AppliesTo = AppliesTo()
    roles: list[Role] = Field(min_length=1, max_length=60)

    @field_validator("key")
    @classmethod
    def _is_key(cls, key: str) -> str:
        return _checked_key(key)

    @model_validator(mode="after")
    def _is_unique(self) -> RoleList:
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

    def body(self) -> RoleListBody:
        """The form that the ledger keeps."""
        body: RoleListBody = json.loads(self.model_dump_json(exclude={"key"}))
        return body

    @property
    def source_hash(self) -> str:
        """A short hash of the content; it differs when the content does."""
        return hashlib.sha256(json.dumps(self.body(), sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def _checked_key(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError("a key has small letters, digits and _ only, and begins with a letter")
    return key

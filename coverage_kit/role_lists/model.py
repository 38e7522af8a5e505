"""A role list: a named list of required roles, the organisation's standard for an industry, an offering or a team."""

from __future__ import annotations

import hashlib
import json
import re
from enum import StrEnum
from typing import NamedTuple, NotRequired, TypedDict

from pydantic import Field, field_validator, model_validator

from coverage_kit.domain.bilingual import Bilingual, Strict, Text
from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.ladder import FRESHNESS_DAYS
from coverage_kit.domain.refusals import broken
from coverage_kit.domain.vocabulary import Level
from coverage_kit.errors import StoreError
from coverage_kit.i18n import N_

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: An offering list adds at most so many roles to the base list.
MAX_OFFERING_ROLES = 4
#: What a list may ask of an account, in the order in which it is written.
CONDITIONS = ("industries", "segments", "regions", "offerings", "teams")
CONDITION_LABELS = {
    "industries": N_("Industry"),
    "segments": N_("Segment"),
    "regions": N_("Region"),
    "offerings": N_("Offerings"),
    "teams": N_("Team"),
}


class ListKind(StrEnum):
    """What a list says: who they are (base), or what we sell (offering)."""

    BASE = "base"
    OFFERING = "offering"


class Words(TypedDict):
    """One text by language, as the ledger keeps it."""

    ko: str
    en: str


def in_language(words: Words, lang: str) -> str:
    """A text in a language; in English where a role list has none in it."""
    return str(words.get(lang) or words["en"])


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
    """The conditions of a list, as the ledger keeps them; those that ask nothing are left out, except industries."""

    industries: list[str]
    segments: NotRequired[list[str]]
    regions: NotRequired[list[str]]
    offerings: NotRequired[list[str]]
    teams: NotRequired[list[str]]


class RoleListBody(TypedDict):
    """A role list without its key, as the ledger keeps it (JSON in ``template.body``)."""

    title: NotRequired[Words]
    kind: NotRequired[str]
    default: NotRequired[bool]
    freshness_days: int
    applies_to: AppliesToBody
    roles: list[RoleBody]


def read_body(stored: str) -> RoleListBody:
    """A role list as the ledger keeps it.

    Raises
    ------
    StoreError
        Its JSON is damaged.
    """
    try:
        body: RoleListBody = json.loads(stored)
        is_list = all(isinstance(role["key"], str) for role in body["roles"])
    except (ValueError, TypeError, KeyError):
        is_list = False
    if not is_list:
        raise StoreError(
            "store.role_list",
            N_("A role list in the store cannot be read. To see which one, and what to do, run coverage-kit doctor"),
        )
    return body


class SharedName(NamedTuple):
    """A name of two roles of one list; ``at`` is the place of the second."""

    name: str
    first: str
    second: str
    at: int


class Aliases(Strict):
    """Titles under which the position is met."""

    ko: list[Text] = Field(default=[])
    en: list[Text] = Field(default=[])

    def all(self) -> list[str]:
        """The titles in every language."""
        return [alias for _, own in self for alias in own]


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
            raise broken("one_of", expected=", ".join(Level))
        return level


class AppliesTo(Strict):
    """Whom a list applies to: all conditions that name values must hold, each by any of its values."""

    industries: list[Text] = Field(default=[])
    segments: list[Text] = Field(default=[])
    regions: list[Text] = Field(default=[])
    offerings: list[Text] = Field(default=[])
    teams: list[Text] = Field(default=[])


class RoleList(Strict):
    """A list of required roles, with the number of days for which a check of a holder counts."""

    key: str
    title: Bilingual
    kind: str = ListKind.BASE.value
    default: bool = False
    freshness_days: int = Field(FRESHNESS_DAYS, ge=1, le=3650)
    applies_to: AppliesTo = AppliesTo()
    roles: list[Role] = Field(min_length=1, max_length=60)

    @field_validator("key")
    @classmethod
    def _is_key(cls, key: str) -> str:
        return _checked_key(key)

    @field_validator("kind")
    @classmethod
    def _is_kind(cls, kind: str) -> str:
        if kind not in set(ListKind):
            raise broken("one_of", expected=", ".join(ListKind))
        return kind

    @model_validator(mode="after")
    def _fits_its_kind(self) -> RoleList:
        if self.kind == ListKind.OFFERING:
            if not self.applies_to.offerings:
                raise broken("offering_missing")
            if self.default:
                raise broken("offering_default")
            if len(self.roles) > MAX_OFFERING_ROLES:
                raise broken("offering_roles", most=MAX_OFFERING_ROLES)
        return self

    @model_validator(mode="after")
    def _is_unique(self) -> RoleList:
        keys: set[str] = set()
        owners: dict[str, str] = {}
        for at, role in enumerate(self.roles):
            if role.key in keys:
                raise broken("role_twice", role=role.key, at=at, place=("roles", at))
            keys.add(role.key)
            for alias in role.aliases.all():
                owner = owners.setdefault(name_key(alias), role.key)
                if owner != role.key:
                    two = {"first": owner, "second": role.key}
                    raise broken("alias_twice", alias=alias, at=at, place=("roles", at), **two)
        return self

    def name_of_two(self) -> SharedName | None:
        """A title that is a title or an alias of another role, too. Lists in force may have some; new ones are refused."""
        owners: dict[str, str] = {}
        for at, role in enumerate(self.roles):
            for name in (role.title.ko, role.title.en, *role.aliases.ko, *role.aliases.en):
                owner = owners.setdefault(name_key(name), role.key)
                if owner != role.key:
                    return SharedName(name, owner, role.key, at)
        return None

    def body(self) -> RoleListBody:
        """The form that the ledger keeps.

        What came after version 0.1.0 is left out where it says nothing, so that an unchanged list keeps its hash.
        """
        body: RoleListBody = json.loads(self.model_dump_json(exclude={"key", "kind", "default", "applies_to"}))
        conditions: AppliesToBody = {"industries": list(self.applies_to.industries)}
        conditions.update({name: own for name, own in self.applies_to if own})  # type: ignore[typeddict-item]
        if self.kind != ListKind.BASE:
            body["kind"] = self.kind
        if self.default:
            body["default"] = True
        return {**body, "applies_to": conditions}

    @property
    def source_hash(self) -> str:
        """A short hash of the content; it differs when the content does."""
        return hashlib.sha256(json.dumps(self.body(), sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def _checked_key(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise broken("key_form")
    return key

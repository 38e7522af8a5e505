"""The workspace's settings, in one file that a person can read and edit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from coverage_kit.assets.private import write_file
from coverage_kit.domain.refusals import broken
from coverage_kit.domain.value import favour_in
from coverage_kit.exchange.plan.columns import COLUMNS
from coverage_kit.exchange.read.strict_yaml import read_strict_yaml, replace_value
from coverage_kit.i18n import LANGUAGES

CONFIG_NAME = "coverage-kit.yml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReportTemplate(_Strict):
    """A report template of your own: its file, and the sha256 of the version you trust."""

    path: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class ReportSettings(_Strict):
    """How the batch makes reports."""

    timeout_seconds: Annotated[int, Field(ge=5, le=3600)] = 120
    memory_mb: Annotated[int, Field(ge=1024, le=1_000_000)] = 4096
    engine: Literal["warmfork", "plain"] = "warmfork"


class AgendaWeights(_Strict):
    """The worth of closing a gap times how likely it closes; gaps further up the ladder weigh less."""

    successor: Annotated[float, Field(ge=0, le=100)] = 1.5
    identify: Annotated[float, Field(ge=0, le=100)] = 1.2
    never: Annotated[float, Field(ge=0, le=100)] = 1.2
    due_soon: Annotated[float, Field(ge=0, le=100)] = 4.0
    stale: Annotated[float, Field(ge=0, le=100)] = 1.3
    voice: Annotated[float, Field(ge=0, le=100)] = 1.8
    open_path: Annotated[float, Field(ge=0, le=100)] = 0.7
    assess: Annotated[float, Field(ge=0, le=100)] = 0.5
    persuade: Annotated[float, Field(ge=0, le=100)] = 0.3
    focus: Annotated[float, Field(ge=1, le=100)] = 3.0


class CoachingSettings(_Strict):
    """How the agenda of a coaching hour is made."""

    agenda: AgendaWeights = AgendaWeights()
    rotation_weeks: Annotated[int, Field(ge=1, le=52)] = 8
    commitments_a_week: Annotated[int, Field(ge=1, le=50)] = 5
    values: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")], dict[str, str]] = {}

    @field_validator("values")
    @classmethod
    def _are_values(cls, values: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        for key, names in values.items():
            if set(names) != set(LANGUAGES) or not all(name.strip() for name in names.values()):
                raise broken("names", key=key, expected=", ".join(LANGUAGES))
            courtesy = next(filter(None, map(favour_in, names.values())), None)
            if courtesy:
                raise broken("courtesy", key=key, courtesy=courtesy)
        return values


class MailSettings(_Strict):
    """How reports are mailed; the password is read from COVERAGE_KIT_SMTP_PASSWORD, never from here."""

    sender: str = ""
    domain: str = ""
    addresses: dict[str, str] = {}
    host: str = ""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    ca_file: str = ""
    #: Where colleagues find their pages, if a server shows them; mails hold no other link.
    link: Annotated[str, Field(pattern=r"^(https?://[^\s<>\"]+)?$")] = ""


class SchedulerSettings(_Strict):
    """The certificates for a batch that runs on other machines."""

    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""


class Config(_Strict):
    """The settings of a workspace."""

    lang: str = "en"
    timezone: str = "Asia/Seoul"
    # Not shown when the settings are printed: the address may hold a password.
    store: str = Field("store.db", repr=False)
    clock: datetime | None = None
    default_template: str = "general"
    templates: list[ReportTemplate] = []
    columns: dict[str, dict[str, str]] = {}
    report: ReportSettings = ReportSettings()
    coaching: CoachingSettings = CoachingSettings()
    mail: MailSettings = MailSettings()
    scheduler: SchedulerSettings = SchedulerSettings()

    @field_validator("lang")
    @classmethod
    def _is_language(cls, lang: str) -> str:
        if lang not in LANGUAGES:
            raise broken("one_of", expected=", ".join(LANGUAGES))
        return lang

    @field_validator("columns")
    @classmethod
    def _are_ours(cls, columns: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        for kind, mapping in columns.items():
            if kind not in COLUMNS:
                raise broken("kind_of_file", kind=kind, expected=", ".join(COLUMNS))
            wrong = next((item for item in mapping.items() if item[1] and item[1] not in COLUMNS[kind]), None)
            if wrong is not None:
                theirs, ours = wrong
                raise broken("column", kind=kind, theirs=theirs, ours=ours, expected=", ".join(COLUMNS[kind]))
        return columns

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ValueError, OSError, KeyError) as exc:
            raise broken("zone") from exc
        return name

    @field_validator("clock")
    @classmethod
    def _has_zone(cls, clock: datetime | None) -> datetime | None:
        if clock is not None and clock.tzinfo is None:
            raise broken("instant_zone")
        return clock


def read_config(path: Path) -> Config:
    """Read a workspace's settings.

    Raises
    ------
    BadInput
        With file and line.
    """
    return read_strict_yaml(path, Config)


def write_config(path: Path, config: Config) -> None:
    """Write a workspace's settings, readable by its owner alone, since a store's address may hold a password."""
    clock = "null" if config.clock is None else f'"{config.clock.isoformat(timespec="milliseconds")}"'
    templates = [template.model_dump() for template in config.templates]
    text = f"""\
# Language of screens and reports: {" or ".join(LANGUAGES)}
lang: "{config.lang}"

# Weeks end on Sunday at midnight in this zone. Do not change it once you have started.
timezone: "{config.timezone}"

# A SQLite file in this folder, or the address of a PostgreSQL database
store: {json.dumps(config.store, ensure_ascii=False)}

# null: the computer's clock. A sample stands still at a fixed time.
clock: {clock}

# The role list of accounts that no other list claims by its industries
default_template: "{config.default_template}"

# Report templates of your own, each with the sha256 of the file you looked at and trust
templates: {json.dumps(templates, ensure_ascii=False)}

# Which columns of imported files are which of ours, as you named them with --map
columns: {json.dumps(config.columns, ensure_ascii=False)}

report:
  # How long a cell may take, and how much memory a report
  timeout_seconds: {config.report.timeout_seconds}
  memory_mb: {config.report.memory_mb}
  # warmfork: fast, on Linux only; plain: a separate kernel for each report
  engine: "{config.report.engine}"

coaching:
  # Every account of a focus list comes up within so many weeks
  rotation_weeks: {config.coaching.rotation_weeks}
  # More new commitments of a rep in one week have to be confirmed
  commitments_a_week: {config.coaching.commitments_a_week}
  # What your team counts as value given, such as {{"audit": {{"ko": "진단", "en": "an audit"}}}}; {{}} is our own list.
  # Meals, gifts, golf and family occasions are none.
  values: {json.dumps(config.coaching.values, ensure_ascii=False)}
  # Weights of the agenda that differ from ours: {", ".join(AgendaWeights.model_fields)}
  agenda: {json.dumps(config.coaching.agenda.model_dump(exclude_defaults=True))}

# report --mail: without a host it writes .eml files. An address is one of addresses, that of a staff
# file, a login that is one, or login@domain. The password for username is read from COVERAGE_KIT_SMTP_PASSWORD. Mails hold a link only if link
# names your server.
mail: {json.dumps(config.mail.model_dump(), ensure_ascii=False)}

# report --scheduler tls://…: the certificates of your dask cluster
scheduler: {json.dumps(config.scheduler.model_dump(), ensure_ascii=False)}
"""
    write_file(path, text)


def store_url(home: Path, store: str) -> str:
    """The database URL of a workspace's store; a plain name is a SQLite file in the workspace's folder."""
    return store if "://" in store else f"sqlite:///{(home / store).absolute()}"


def keep_mapping(path: Path, config: Config, kind: str, mapping: Mapping[str, str]) -> Config:
    """Keep a column mapping for the next file of a kind; returns the settings as they are from now on."""
    kept = config.columns.get(kind, {})
    if mapping.items() <= kept.items():
        return config
    columns = {**config.columns, kind: {**kept, **mapping}}
    write_columns(path, columns)
    return config.model_copy(update={"columns": columns})


def write_columns(path: Path, columns: Mapping[str, Mapping[str, str]]) -> None:
    """Write which columns are which of ours into the settings; everything else in the file stays as it is."""
    text = path.read_text(encoding="utf-8-sig")
    write_file(path, replace_value(text, "columns", json.dumps(columns, ensure_ascii=False)))

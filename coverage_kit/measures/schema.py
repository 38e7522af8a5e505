"""The columns and dtypes of every frame that a measure returns; tests check them, also for empty input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from coverage_kit.i18n import LANGUAGES

#: Kinds of columns, with the dtypes that fit; the first is the one an empty column gets. A text may be missing, and
#: ``TEXT`` also holds lists. A rung is a float where some are missing.
KINDS: dict[str, tuple[str, ...]] = {
    "text": ("object", "str"),
    "code": ("category",),
    "count": ("int64",),
    "number": ("float64",),
    "flag": ("bool",),
    "day": ("datetime64[s]",),
    "rung": ("int8", "float64"),
}
TEXT, CODE, COUNT, NUMBER, FLAG, DAY, RUNG = KINDS


@dataclass(frozen=True)
class FrameSchema:
    """The columns of a frame in their order, each with its kind (a key of ``KINDS``)."""

    kinds: Mapping[str, str]

    @property
    def names(self) -> list[str]:
        """The columns in their order."""
        return list(self.kinds)

    def conform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The columns of the schema in its order; a column whose dtype does not fit is converted."""
        own = frame[self.names]
        wrong = {name: KINDS[kind][0] for name, kind in self.kinds.items() if str(own[name].dtype) not in KINDS[kind]}
        return own.astype(wrong) if wrong else own

    def faults(self, frame: pd.DataFrame) -> list[str]:
        """How a frame differs from the schema, in words; empty if it does not."""
        found = {str(name): str(dtype) for name, dtype in frame.dtypes.items()}
        if list(found) != self.names:
            return [f"columns are {', '.join(found)}; expected {', '.join(self.names)}"]
        return [
            f"{name} is {found[name]}, no {kind}" for name, kind in self.kinds.items() if found[name] not in KINDS[kind]
        ]


def _schema(*columns: tuple[str, str]) -> FrameSchema:
    """A schema from pairs of columns (separated by blanks) and their kind."""
    return FrameSchema({name: kind for names, kind in columns for name in names.split()})


def _by_language(name: str) -> str:
    return " ".join(f"{name}_{lang}" for lang in LANGUAGES)


_CONDITIONS = "named known represented assessed favorable"
#: ``History.slots``: one row a required slot.
SLOTS = _schema(
    ("account", CODE), ("account_name industry segment region rep", TEXT), ("value", NUMBER), ("focus", FLAG),
    ("role", CODE), ("role_order", COUNT), ("level function template", TEXT), ("freshness_days", COUNT),
    ("status employment person holder phone title department", TEXT), ("verified_on", DAY),
    ("verified_how representative", TEXT), ("can_meet can_deliver", FLAG), ("disposition", TEXT),
    ("last_edit_at", COUNT), (f"gone {_CONDITIONS}", FLAG), ("rung", RUNG), ("counted", FLAG),
)  # fmt: skip
#: ``History.roles``: one row a role list in force and role.
ROLES = _schema(
    ("template", TEXT), ("template_version", COUNT), (f"{_by_language('template')} role", TEXT), ("order", COUNT),
    (f"level function {_by_language('title')} {_by_language('value')}", TEXT), ("freshness_days", COUNT),
)  # fmt: skip
COVERAGE = _schema(
    (f"accounts required {_CONDITIONS} vacant not_applicable persons", COUNT),
    ("named_rate known_rate represented_rate assessed_rate favorable_rate success_index", NUMBER),
)
BLIND_ROLES = _schema(
    ("role", CODE), ("level", TEXT), ("order required known rung_0 rung_1 rung_2 rung_3 rung_4 rung_5", COUNT)
)
OPEN_SLOTS = _schema(("account account_name", TEXT), ("focus", FLAG), ("value", NUMBER), ("required known open", COUNT))
MOVES = _schema(("account role rep cause", TEXT), ("from_rung to_rung", COUNT))
WATERFALL = _schema(("cause", TEXT), ("gained lost net", COUNT))
CLEANED = _schema(("account rep employment end_kind", TEXT))
TREND = _schema(("week", TEXT), (f"at required {_CONDITIONS}", COUNT), ("gain", NUMBER))
STALL = _schema(("rep", TEXT), ("open", COUNT), ("idle_weeks", NUMBER), ("stalled", FLAG))
SEVERAL_ROLES = _schema(("person account holder title account_name roles", TEXT), ("n", COUNT))
CONTACTS = _schema(
    ("account", TEXT), ("contacts left retired moved never_verified unidentified", COUNT), ("account_name rep", TEXT)
)
AUDIT = _schema(
    ("account account_name rep", TEXT),
    ("contacts confirmed stale never_checked role_changed left retired moved no_role", COUNT),
    ("days_since_update days_since_added", NUMBER), ("ghost_days", COUNT),
)  # fmt: skip
#: ``commitment_states``; ``commitments`` adds the owner's function and the movement of the slot.
STATES = _schema(
    ("commitment chain account role employment kind owner rep due_on route playbook", TEXT), ("expected_rung", NUMBER),
    ("answer outcome reason done_on session scope", TEXT), ("created_at asked_at", COUNT), ("settled_at", NUMBER),
    ("state", TEXT), ("days_late", NUMBER), ("carried", COUNT),
)  # fmt: skip
COMMITMENTS = FrameSchema({**STATES.kinds, "function": TEXT, "rung": RUNG, "account_name": TEXT, "moved": TEXT})
BY_FUNCTION = _schema(("function", TEXT), ("n open overdue kept not_kept", COUNT), ("share", NUMBER))
MOVE_OUTCOMES = _schema(("playbook", TEXT), ("tried kept moved", COUNT))
DOORS = _schema(("account account_name role", TEXT), ("carried", COUNT), ("asked", FLAG))
CALIBRATION = _schema(
    ("claim rep account account_name", TEXT), ("at", COUNT), ("claimed", NUMBER), ("known required", COUNT),
    ("difference", NUMBER),
)  # fmt: skip
VOICES = _schema(("note account account_name rep person holder kind owner", TEXT), ("days", COUNT))
BY_AGE = _schema(("kind", TEXT), ("week month older n oldest", COUNT))
ANSWERED = _schema(("kind", TEXT), ("answered", COUNT), ("days", NUMBER))
VALUE_BY_KIND = _schema(("kind", TEXT), ("given received", COUNT))
VALUE_BALANCE = _schema(
    ("account account_name rep employment person holder title", TEXT), ("asked given received", COUNT)
)
REACH = _schema(("offering role level", TEXT), ("attention interest desire action", COUNT))
PATTERNS = _schema(("pattern", TEXT), ("n", COUNT), ("holder", TEXT))
COACHED = _schema(("rep", TEXT), ("coached agreed", FLAG))
FOUND_IN_ROLE = _schema(("rep account account_name", TEXT), ("verified_on", DAY), ("verified_how", TEXT))
CHECKS_MADE = _schema(
    ("employment account account_name person holder title", TEXT), ("verified_on", DAY), ("verified_how", TEXT)
)
GOING_DARK = _schema(("account account_name rep role", TEXT), ("rung", RUNG), ("after", COUNT))
FOCUS_PROPOSAL = _schema(
    ("account account_name", TEXT), ("on_list", FLAG), ("value", NUMBER), ("required known open", COUNT),
    ("proposed", FLAG),
)  # fmt: skip
CANDIDATES = _schema(
    ("account", TEXT), ("account_name", TEXT), ("focus", FLAG), ("role", TEXT), ("role_order", COUNT),
    ("level holder title phone person reason", TEXT), ("days score", NUMBER),
)  # fmt: skip
AGENDA = _schema(
    ("account account_name", TEXT), ("focus must_win", FLAG), ("role roles reason", TEXT), ("minutes", COUNT), ("days", NUMBER),
    ("due holder title phone slots commitment kind note", TEXT), ("score", NUMBER),
)  # fmt: skip
ROTATION = _schema(("account account_name", TEXT), ("days", NUMBER))
DEPTH = _schema(
    ("account account_name rep", TEXT), ("value", NUMBER), ("required known executives people one_person", COUNT)
)
MUST_WIN = FrameSchema({**DEPTH.kinds, "manager": TEXT})
PATH_STEPS = _schema(
    ("account account_name rep", TEXT), ("value", NUMBER), ("offering role_list", TEXT), ("is_own", FLAG), ("step", COUNT),
    ("role route stage employment reached", TEXT), ("taken other_route", FLAG), ("planned_on last_on", TEXT),
)  # fmt: skip
PATHS = _schema(
    ("account account_name rep", TEXT), ("value", NUMBER), ("offering role_list", TEXT), ("is_own", FLAG),
    ("steps taken by_other_route", COUNT), ("role route stage planned_on last_on", TEXT), ("idle_weeks", COUNT),
    ("stands_still", FLAG),
)  # fmt: skip
UNKNOWN_POSITIONS = _schema(("account role lacks", TEXT))
PILLARS = _schema(("account person holder title roles", TEXT))

"""The agenda of a session in plain language: what, how long, and why.

Source: the method, section 6 (docs/reference/method.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import isnan
from typing import cast

from coverage_kit.coaching.context import person_label
from coverage_kit.config import CoachingSettings
from coverage_kit.domain.coaching import KIND_LABELS, CommitmentKind
from coverage_kit.domain.quarter import Quarter
from coverage_kit.i18n import N_, Texts
from coverage_kit.measures import REASONS, History, agenda, commitments, must_win, voices, walked
from coverage_kit.measures.agenda import AgendaItem, SlotItem
from coverage_kit.measures.titles import RoleTitles

#: What ``coverage-kit agenda --json`` prints of an entry.
_PRINTED = (
    "account", "role", "minutes", "why", "account_name", "roles", "reason", "focus", "must_win", "commitment", "voice",
)  # fmt: skip


@dataclass(frozen=True)
class AgendaSlot:
    """One slot that an entry covers."""

    role: str
    role_title: str
    reason: str
    why: str
    holder: str | None
    phone: str | None


@dataclass(frozen=True)
class AgendaEntry:
    """One thing to go through in the session.

    ``reason`` is a key of ``measures.REASONS``; ``phone`` is the first number to call. ``role`` is the first of ``roles``, None for a whole
    account. ``commitment`` and ``voice`` are ids, if the entry is one of these.
    """

    account: str
    account_name: str
    role: str | None
    role_title: str | None
    roles: tuple[str, ...]
    minutes: int
    reason: str
    why: str
    focus: bool
    must_win: bool = False
    holder: str | None = None
    phone: str | None = None
    slots: tuple[AgendaSlot, ...] = ()
    commitment: str | None = None
    voice: str | None = None

    def as_json(self) -> dict[str, object]:
        """The entry as ``coverage-kit agenda --json`` prints it."""
        return {name: getattr(self, name) for name in _PRINTED}


def build_agenda(
    history: History, at: int, rep: str, *, minutes: int, settings: CoachingSettings, t: Texts
) -> list[AgendaEntry]:
    """The agenda of one rep from a history.

    Parameters
    ----------
    history : History
    at : int
        UTC milliseconds.
    rep : str
        Id of the rep.
    minutes : int
        How long there is.
    settings : CoachingSettings
        The weights, and within how many weeks every focus account comes up.
    t : Texts
    """
    table = commitments(history, at)
    open_ = table.loc[table["state"].isin(["open", "overdue"])]
    entries = agenda(
        history.slots(at, rep),
        history.day(at),
        at,
        minutes=minutes,
        weights=settings.agenda,
        rotation_weeks=settings.rotation_weeks,
        commitments=open_.assign(own=open_["owner"] == rep),
        voices=voices(history, at, rep=rep),
        walked=walked(history, at),
        must_win=must_win(history, at, str(Quarter.of(history.day(at).date())))["account"].tolist(),
    )
    titles = history.role_titles(at, t.lang, rep)
    items = cast(list[AgendaItem], entries.to_dict("records"))
    return [_entry(t, item, titles) for item in items]


def _entry(t: Texts, row: AgendaItem, titles: RoleTitles) -> AgendaEntry:
    role = _text(row["role"])
    slots = tuple(
        AgendaSlot(
            role=slot["role"],
            role_title=titles.of(slot["role"], row["account"]),
            reason=slot["reason"],
            why=_why(t, slot),
            holder=_text(slot["holder"]),
            phone=None if slot["reason"] in ("successor", "identify") else _text(slot["phone"]),
        )
        for slot in row["slots"]
    )
    why = _why(t, row, due=_text(row["due"]), kind=_text(row["kind"]))
    if len(slots) > 1:
        why += " " + t(N_("One call covers {n} positions: {roles}."), n=len(slots), roles=[s.role_title for s in slots])
    if row["must_win"]:
        why = t(N_("Must-win account this quarter.")) + " " + why
    return AgendaEntry(
        account=row["account"],
        account_name=row["account_name"],
        role=role,
        role_title=titles.of(role, row["account"]) if role else None,
        roles=tuple(row["roles"]),
        minutes=row["minutes"],
        reason=row["reason"],
        why=why,
        focus=bool(row["focus"]),
        must_win=bool(row["must_win"]),
        holder=_text(row["holder"]),
        phone=next((slot.phone for slot in slots if slot.phone), None) if slots else _text(row["phone"]),
        slots=slots,
        commitment=_text(row["commitment"]),
        voice=_text(row["note"]),
    )


def _why(t: Texts, row: AgendaItem | SlotItem, *, due: str | None = None, kind: str | None = None) -> str:
    return t(
        REASONS[row["reason"]],
        holder=person_label(t, _text(row["holder"]), _text(row["title"])),
        days="–" if row["days"] is None or isnan(row["days"]) else int(row["days"]),
        due=t.day(date.fromisoformat(due)) if due else "–",
        what=t(KIND_LABELS[CommitmentKind(kind)]) if kind else "–",
    )


def _text(value: object) -> str | None:
    """A text of a frame; None if it is missing."""
    return value if isinstance(value, str) and value else None

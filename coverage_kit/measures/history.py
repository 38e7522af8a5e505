"""The history of a team in memory, and the required slots as of any instant.

Everything is prepared once as integer codes and day numbers, so that a snapshot of 84,000 slots costs milliseconds and
half a year of weeks can be compared.  Source: the data model, sections 3 to 5 (docs/architecture.md).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from coverage_kit.domain.roles import merge_roles
from coverage_kit.domain.vocabulary import AccountStatus, Disposition, SlotStatus
from coverage_kit.domain.week import local_day

CONDITIONS = ("named", "known", "represented", "assessed", "favorable")
_NEVER = np.iinfo(np.int64).min
_AHEAD = np.iinfo(np.int64).max


class _Log:
    """One entity's versions with its ids as codes."""

    def __init__(self, frame: pd.DataFrame, ids: pd.Index | None = None) -> None:
        self.frame = frame.reset_index(drop=True)
        self.ids = pd.Index(frame["id"].unique()) if ids is None else ids
        self.code = _codes(self.ids, frame["id"])
        self.at = frame["at"].to_numpy(np.int64)
        self.void = frame["is_void"].to_numpy(np.int64).astype(bool)
        self._same = np.append(self.code[1:] == self.code[:-1], False) if len(frame) else np.zeros(0, bool)

    def rows(self, at: int, *, void: bool = False) -> np.ndarray:
        """Positions of the last version of each thing at an instant."""
        seen = self.at <= at
        newer = self._same & np.append(seen[1:], False) if len(seen) else seen
        keep = seen & ~newer
        return np.flatnonzero(keep if void else keep & ~self.void)

    def lookup(self, at: int) -> np.ndarray:
        """For each code the position of its last version at an instant, −1 where there is none."""
        table = np.full(len(self.ids) + 1, -1)
        rows = self.rows(at)
        table[self.code[rows]] = rows
        return table

    def column(self, name: str) -> np.ndarray:
        return self.frame[name].to_numpy(object)


@dataclass(frozen=True)
class _Grid:
    """The required slots of one instant: for each its account's row, role, template and freshness window."""

    account: np.ndarray
    role: np.ndarray
    order: np.ndarray
    template: np.ndarray
    window: np.ndarray


class History:
    """What was recorded, ready to be asked about any instant.

    Parameters
    ----------
    frames : dict of DataFrame
        One frame an entity with every version as a row, sorted by id and version (``store.load_history``).
    zone : ZoneInfo
        The workspace's time zone: an instant's day is its local day.
    """

    def __init__(self, frames: dict[str, pd.DataFrame], zone: ZoneInfo) -> None:
        self.frames = frames
        self.zone = zone
        self._account = _Log(frames["account"])
        self._employment = _Log(frames["employment"])
        self._person = _Log(frames["person"])
        self._staff = _Log(frames["staff"])
        self._template = _Log(frames["template"])
        self._slot = _Log(frames["slot"])
        self._roles = pd.Index(_role_keys(frames["template"]))
        slot, employment = frames["slot"], frames["employment"]
        account = _codes(self._account.ids, slot["account_id"])
        role = _codes(self._roles, slot["role"])
        self._slot_key = np.where((account < 0) | (role < 0), -1, account * len(self._roles) + role)
        self._slot_employment = _codes(self._employment.ids, slot["employment_id"])
        self._slot_staff = _codes(self._staff.ids, slot["representative_id"])
        self._slot_verified = _days(slot["verified_on"], _NEVER)
        self._slot_review = _days(slot["review_on"], _AHEAD)
        self._employment_person = _codes(self._person.ids, employment["person_id"])
        self._employment_ended = _days(employment["ended_on"], _NEVER)
        self._staff_ended = _days(frames["staff"]["ended_on"], _AHEAD)
        self._cached: dict[int, pd.DataFrame] = {}

    def day(self, at: int) -> pd.Timestamp:
        """The local day of an instant."""
        return pd.Timestamp(local_day(at, self.zone))

    def as_of(self, entity: str, at: int) -> pd.DataFrame:
        """The last version of each thing at an instant, without what was taken back."""
        log = _Log(self.frames[entity])
        return log.frame.iloc[log.rows(at)].reset_index(drop=True)

    def roles(self, at: int) -> pd.DataFrame:
        """Which roles are required, by the templates in force at an instant?

        Returns
        -------
        DataFrame
            One row a template and role: ``template template_version role order level function title_ko title_en
            value_ko value_en freshness_days``.
        """
        rows = self._template.rows(at)
        records = [
            {
                "template": key,
                "template_version": version,
                "role": role["key"],
                "order": order,
                "level": role["level"],
                "function": role["function"],
                **{f"title_{lang}": role["title"][lang] for lang in ("ko", "en")},
                **{f"value_{lang}": role.get("value", {}).get(lang, "") for lang in ("ko", "en")},
                "freshness_days": body["freshness_days"],
            }
            for key, version, body in (
                (
                    self._template.column("id")[i],
                    self._template.column("version")[i],
                    json.loads(self._template.column("body")[i]),
                )
                for i in rows
            )
            for order, role in enumerate(body["roles"])
        ]
        columns = (
            "template template_version role order level function title_ko title_en value_ko value_en freshness_days"
        )
        return pd.DataFrame(records, columns=columns.split())

    def gone(self, at: int) -> tuple[np.ndarray, np.ndarray]:
        """For each employment code whether it has ended at an instant, and whether it was taken back."""
        table = self._employment.lookup(at)[:-1]
        day = self.day(at).toordinal()
        kind = self._employment.column("end_kind")
        ended = np.array([k is not None and k == k for k in kind], bool)
        over = ended & ((self._employment_ended == _NEVER) | (self._employment_ended <= day))
        void = table < 0
        return np.where(void, True, over[table] if len(over) else True), void

    def employment_codes(self, ids: pd.Series) -> np.ndarray:
        """The codes of employments, −1 where there is none."""
        return _codes(self._employment.ids, ids)

    def slots(self, at: int) -> pd.DataFrame:
        """Who is known in every required role, as of an instant?

        Parameters
        ----------
        at : int
            UTC milliseconds.

        Returns
        -------
        DataFrame
            One row a required slot: active accounts × the roles of their templates (a role of several templates
            once). ``counted`` is False for slots agreed to be not applicable. ``named`` … ``favorable`` are the
            conditions of the ladder, ``rung`` the number of leading ones that hold. The index is the same for the
            same account and role at any instant of this history.
        """
        if at in self._cached:
            return self._cached[at]
        grid = self._grid(at)
        slot_at = self._slot_rows(at, grid)
        flags, counted, holder_row, gone = self._conditions(at, slot_at, grid.window)
        frame = self._frame(grid, slot_at, holder_row)
        frame["gone"] = gone
        for name, flag in zip(CONDITIONS, flags, strict=True):
            frame[name] = flag
        frame["rung"] = np.logical_and.accumulate(np.vstack(flags)).sum(axis=0).astype(np.int8)
        frame["counted"] = counted
        # Two are kept: a week is compared with the one before.
        self._cached = {**dict(list(self._cached.items())[-1:]), at: frame}
        return frame

    def _grid(self, at: int) -> _Grid:
        accounts = self._account.rows(at)
        accounts = accounts[self._account.column("status")[accounts] == AccountStatus.ACTIVE.value]
        bodies = {
            self._template.column("id")[i]: json.loads(self._template.column("body")[i])
            for i in self._template.rows(at)
        }
        texts = self._account.column("template_ids")[accounts]
        codes, kinds = pd.factorize(pd.Series(texts, dtype=object).fillna("[]"))
        parts = []
        for code, text in enumerate(kinds):
            own = accounts[codes == code]
            merged = merge_roles((key, bodies[key]) for key in json.loads(text) if key in bodies)
            n = len(merged)
            role = _codes(self._roles, [role["key"] for role, _, _ in merged])
            parts.append(
                (
                    np.repeat(own, n),
                    np.tile(role, len(own)),
                    np.tile(np.arange(n), len(own)),
                    np.tile(np.array([template for _, template, _ in merged], object), len(own)),
                    np.tile(np.array([window for _, _, window in merged], np.int64), len(own)),
                )
            )
        if not parts:
            none = np.zeros(0, np.int64)
            return _Grid(none, none, none, none.astype(object), none)
        return _Grid(*(np.concatenate(column) for column in zip(*parts, strict=True)))

    def _slot_rows(self, at: int, grid: _Grid) -> np.ndarray:
        """For each required slot the position of what is written about it, −1 where nothing is."""
        table = np.full(len(self._account.ids) * max(len(self._roles), 1) + 1, -1)
        rows = self._slot.rows(at)
        rows = rows[self._slot_key[rows] >= 0]
        table[self._slot_key[rows]] = rows
        return np.asarray(table[self._keys(grid)])

    def _keys(self, grid: _Grid) -> np.ndarray:
        return self._account.code[grid.account] * len(self._roles) + grid.role if len(grid.account) else grid.account

    def _conditions(
        self, at: int, slot_at: np.ndarray, window: np.ndarray
    ) -> tuple[list[np.ndarray], np.ndarray, np.ndarray, np.ndarray]:
        """The five conditions, whether the slot counts, its holder's employment row, and whether that person is gone."""
        day = self.day(at).toordinal()
        written = slot_at >= 0

        def of_slot(values: np.ndarray, missing: Any) -> np.ndarray:
            out = np.full(len(slot_at), missing, dtype=values.dtype if values.dtype != object else object)
            out[written] = values[slot_at[written]]
            return out

        status = of_slot(self._slot.column("status"), None)
        # Whoever was written before the seat was found vacant is its holder no more.
        is_open = status == SlotStatus.OPEN.value
        employment = np.where(is_open, of_slot(self._slot_employment, -1), -1)
        over, _ = self.gone(at)
        is_gone = np.append(over, True)[employment]
        holder_row = np.where(employment >= 0, self._employment.lookup(at)[employment], -1)
        verified = of_slot(self._slot_verified, _NEVER)
        fresh = (verified != _NEVER) & (verified <= day) & (verified >= day - window)
        vacant = status == SlotStatus.VACANT.value
        excused = status == SlotStatus.NOT_APPLICABLE.value
        counted = ~(excused & (of_slot(self._slot_review, _AHEAD) > day))
        held = written & ~vacant & ~excused & (employment >= 0) & ~is_gone
        staff = of_slot(self._slot_staff, -1)
        staff_row = np.where(staff >= 0, self._staff.lookup(at)[staff], -1)
        with_us = (staff_row >= 0) & (np.append(self._staff_ended, _NEVER)[staff_row] > day)
        can = [of_slot(self._slot.frame[f].to_numpy(np.float64), 0.0) == 1 for f in ("can_meet", "can_deliver")]
        disposition = of_slot(self._slot.column("disposition"), None)
        set_ = np.isin(disposition.astype(str), [d.value for d in Disposition])
        known_vacant = vacant & fresh
        flags = [
            held | known_vacant,
            (held & fresh) | known_vacant,
            held & with_us & can[0] & can[1],
            held & set_,
            held & (disposition == Disposition.FAVORABLE.value),
        ]
        return flags, counted, holder_row, (employment >= 0) & is_gone & ~vacant & ~excused

    def _frame(self, grid: _Grid, slot_at: np.ndarray, holder_row: np.ndarray) -> pd.DataFrame:
        account, slot, employment = self._account, self._slot, self._employment

        def pick(log: _Log, column: str, rows: np.ndarray) -> np.ndarray:
            return np.asarray(np.append(log.column(column), np.array([None], object))[rows])

        person = np.where(holder_row >= 0, np.append(self._employment_person, -1)[holder_row], -1)
        # The name as last recorded: a person's row, not the holder's, carries it.
        person_row = np.where(person >= 0, self._person.lookup(_AHEAD)[person], -1)
        roles = _role_facts(self.frames["template"])
        data = {
            "account": pd.Categorical.from_codes(account.code[grid.account], account.ids),
            **{name: pick(account, column, grid.account) for name, column in _ACCOUNT_COLUMNS.items()},
            "value": account.frame["value"].to_numpy(np.float64)[grid.account],
            "focus": account.frame["focus"].to_numpy(np.float64)[grid.account] == 1,
            "role": pd.Categorical.from_codes(grid.role, self._roles),
            "role_order": grid.order,
            **{fact: roles[fact].reindex(self._roles).to_numpy(object)[grid.role] for fact in ("level", "function")},
            "template": grid.template,
            "freshness_days": grid.window,
            "status": np.where(slot_at >= 0, pick(slot, "status", slot_at), SlotStatus.OPEN.value),
            "employment": pick(employment, "id", holder_row),
            "person": pick(employment, "person_id", holder_row),
            "holder": pick(self._person, "name", person_row),
            "phone": pick(self._person, "phone", person_row),
            **{name: pick(employment, name, holder_row) for name in ("title", "department")},
            "verified_on": pd.to_datetime(pd.Series(pick(slot, "verified_on", slot_at), dtype=object)).to_numpy(
                "datetime64[s]"
            ),
            "verified_how": pick(slot, "verified_how", slot_at),
            "representative": pick(slot, "representative_id", slot_at),
            **{
                name: np.append(slot.frame[name].to_numpy(np.float64), np.nan)[slot_at] == 1
                for name in ("can_meet", "can_deliver")
            },
            "disposition": pick(slot, "disposition", slot_at),
            "last_edit_at": np.append(slot.at, 0)[slot_at],
        }
        return pd.DataFrame(data, index=self._keys(grid))


_ACCOUNT_COLUMNS = {
    "account_name": "name",
    "industry": "industry",
    "segment": "segment",
    "region": "region",
    "rep": "owner_id",
}


def _codes(ids: pd.Index, values: Any) -> np.ndarray:
    """For each value its position among the ids, −1 where it is none of them."""
    return np.asarray(ids.get_indexer(pd.Index(values)))


def _days(column: pd.Series, missing: int) -> np.ndarray:
    """ISO days as ordinal numbers; each distinct day is parsed once."""
    codes, days = pd.factorize(column)
    numbers = [pd.Timestamp(day).toordinal() for day in days]
    return np.array([*numbers, missing], np.int64)[codes]


def _role_keys(templates: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(role["key"] for body in templates["body"] for role in json.loads(body)["roles"]))


def _role_facts(templates: pd.DataFrame) -> pd.DataFrame:
    facts = {
        role["key"]: (role["level"], role["function"])
        for body in templates["body"]
        for role in json.loads(body)["roles"]
    }
    return pd.DataFrame.from_dict(facts, orient="index", columns=["level", "function"], dtype=object)

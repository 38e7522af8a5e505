"""The history of a team in memory, and the required slots as of any instant.

Everything is prepared once as integer codes and day numbers; a snapshot is arrays, a frame is made only to be looked at.
Source: the data model, sections 3 to 5 (docs/architecture.md).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from copy import copy
from functools import cache, cached_property, wraps
from typing import Concatenate, ParamSpec
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from coverage_kit.domain.vocabulary import FAVORABLE, AccountStatus, Disposition, EventKind, SlotStatus
from coverage_kit.domain.week import local_day, start_of_day
from coverage_kit.measures.log import AHEAD, NEVER, Array, Log, S, pick
from coverage_kit.measures.required import RequiredRoles
from coverage_kit.measures.snapshot import CONDITIONS, OUTSIDE, Snapshot, leading
from coverage_kit.measures.titles import RoleTitles
from coverage_kit.role_lists.applying import LISTS_APPLIED

_STATUS = [status.value for status in SlotStatus]
_DISPOSITIONS = [disposition.value for disposition in Disposition]
_OPEN, _VACANT, _EXCUSED = range(len(_STATUS))
_FAVORABLE = [_DISPOSITIONS.index(each) for each in sorted(FAVORABLE)]
_ACCOUNT_COLUMNS = {"account_name": "name", "industry": "industry", "segment": "segment", "region": "region"}
#: A week is compared with the one before, so two instants are kept.
_KEPT = 2
_TABLES_KEPT = 12
#: Slots are the same as long as nothing of these is recorded, no role list is applied, and no day has passed.
SLOTS_DEPEND_ON = ("account", "employment", "person", "slot", "staff", "template")
Of = ParamSpec("Of")


def computed_once(
    measure: Callable[Concatenate[History, int, Of], pd.DataFrame],
) -> Callable[Concatenate[History, int, Of], pd.DataFrame]:
    """Compute a measure of a history and an instant once, since several parts of a page ask for it; never write to it."""

    @wraps(measure)
    def result(history: History, at: int, /, *args: Of.args, **kwargs: Of.kwargs) -> pd.DataFrame:
        key = (measure.__name__, at, *args, *sorted(kwargs.items()))
        if key not in history.results:
            history.results[key] = measure(history, at, *args, **kwargs)
        return history.results[key]

    return result


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
        self.log = cache(lambda entity: Log(frames[entity]))
        self.required_roles = RequiredRoles(self.log("template"), self.log("account"), self.log("event"))
        self._prepare_accounts()
        self._prepare_people()
        self._prepare_slots()
        logs = [self.required_roles.applied, *(self.log(name) for name in SLOTS_DEPEND_ON)]
        self._recorded_at = np.unique(np.concatenate([log.at for log in logs]))
        self._of_slots: dict[tuple[int, Hashable], pd.DataFrame] = {}
        self._snapshots: dict[int, Snapshot] = {}
        self._frames: dict[tuple[int, str | None], pd.DataFrame] = {}
        self.results: dict[tuple[object, ...], pd.DataFrame] = {}

    def with_rows(self, rows: dict[str, pd.DataFrame]) -> History | None:
        """The same history with later rows, for which no slot has to be worked out again; None where one may differ.

        Parameters
        ----------
        rows : dict of DataFrame
            The entities with later rows, each whole (``store.load_since``).
        """
        n_applied = len(self.required_roles.applied.at)
        if rows.keys() & {*SLOTS_DEPEND_ON} or (
            "event" in rows and (rows["event"]["id"] == LISTS_APPLIED).sum() != n_applied
        ):
            return None
        grown = copy(self)
        grown.frames = {**self.frames, **rows}
        before = self.log
        grown.log = cache(lambda entity: Log(rows[entity]) if entity in rows else before(entity))
        grown.results = {}
        grown.__dict__.pop("merge_edits", None)
        return grown

    def _prepare_accounts(self) -> None:
        log = self.log("account")
        self._active = log.texts("status") == AccountStatus.ACTIVE.value
        owners, reps = pd.factorize(log.frame["owner_id"])
        self.owner_code, self.reps = owners, pd.Index(reps, dtype=object)

    def _prepare_people(self) -> None:
        log = self.log("employment")
        self._employment_ended = log.frame["end_kind"].notna().to_numpy()
        self._ended_on = log.days("ended_on", NEVER)
        self._employment_person = log.references("person_id", self.log("person").ids)
        self._staff_ended_on = self.log("staff").days("ended_on", AHEAD)

    def _prepare_slots(self) -> None:
        log = self.log("slot")
        account = log.references("account_id", self.log("account").ids)
        role = log.references("role", self.required_roles.roles)
        self.slot_key = np.where((account < 0) | (role < 0), -1, account * len(self.required_roles.roles) + role)
        self.status = log.words("status", _STATUS)
        self._employment = log.references("employment_id", self.log("employment").ids)
        self._staff = log.references("representative_id", self.log("staff").ids)
        self._disposition = log.words("disposition", _DISPOSITIONS)
        self.verified_on = log.days("verified_on", NEVER)
        self._review_on = log.days("review_on", AHEAD)
        self._can = (log.frame["can_meet"] == 1).to_numpy() & (log.frame["can_deliver"] == 1).to_numpy()

    def day(self, at: int) -> pd.Timestamp:
        """The local day of an instant."""
        return pd.Timestamp(local_day(at, self.zone))

    def as_of(self, entity: str, at: int) -> pd.DataFrame:
        """The last version of each thing at an instant, without what was taken back."""
        return self.log(entity).as_of(at)

    def roles(self, at: int) -> pd.DataFrame:
        """Which roles are required, by the role lists in force at an instant?

        Returns
        -------
        DataFrame
            One row a list and role: ``template template_version template_ko template_en role order level function
            title_ko title_en value_ko value_en freshness_days``; one column for each of ``LANGUAGES``.
        """
        return self.required_roles.table(at)

    def role_titles(self, at: int, lang: str, rep: str | None = None) -> RoleTitles:
        """Titles of the roles required at an instant, in the accounts of a rep or of all."""
        return RoleTitles(self.required_roles.lists(at), self.slots(at, rep), lang)

    def of_slots(self, at: int, what: Hashable, measure: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """A table that depends on slots and accounts alone: kept as long as they are the same; never write to it.

        Parameters
        ----------
        at : int
            UTC milliseconds.
        what : hashable
            Names the table.
        measure : callable
            Works it out.
        """
        key = (self._settled(at), what)
        if key not in self._of_slots:
            while len(self._of_slots) >= _TABLES_KEPT:
                self._of_slots.pop(next(iter(self._of_slots)))
            self._of_slots[key] = measure()
        return self._of_slots[key]

    def rep_code(self, rep: str) -> int:
        """The code of a rep in snapshots; one that no account names is −2, which matches nothing."""
        code = int(self.reps.get_indexer(pd.Index([rep], dtype=object))[0])
        return code if code >= 0 else -2

    def gone(self, at: int) -> tuple[Array[np.bool], Array[np.bool]]:
        """For each employment's code whether it has ended at an instant, and whether it was taken back."""
        table = self.log("employment").lookup(at)[:-1]
        day = self.day(at).toordinal()
        # A date that is unknown lies before all days: an end without a date counts as past.
        over = self._employment_ended & (self._ended_on <= day)
        return pick(over, table, True), table < 0

    @cached_property
    def merge_edits(self) -> frozenset[str]:
        """The edits that merged two people or accounts, or took that back: they move what is known, and find out nothing."""
        events = self.frames["event"]
        return frozenset(events.loc[events["kind"] == EventKind.MERGED.value, "edit_id"])

    # Snapshots -----------------------------------------------------------------------------------------------------

    def snapshot(self, at: int) -> Snapshot:
        """All slots at an instant, as arrays.

        Parameters
        ----------
        at : int
            UTC milliseconds.
        """
        at = self._settled(at)
        if at not in self._snapshots:
            self._snapshots = {**dict(list(self._snapshots.items())[1 - _KEPT :]), at: self._snapshot(at)}
        return self._snapshots[at]

    def _settled(self, at: int) -> int:
        """The first instant of the same day since which slots have been as they are at an instant."""
        recorded = int(np.searchsorted(self._recorded_at, at, side="right"))
        last = int(self._recorded_at[recorded - 1]) if recorded else 0
        return min(max(last, start_of_day(local_day(at, self.zone), self.zone)), at)

    def _snapshot(self, at: int) -> Snapshot:
        day = self.day(at).toordinal()
        accounts, owner = self._accounts(at)
        window = self.required_roles.requirements(at).windows(accounts).ravel()
        rows = self.log("slot").rows(at)
        rows = rows[self.slot_key[rows] >= 0]
        rows = rows[window[self.slot_key[rows]] > 0]
        key = self.slot_key[rows]
        is_open = self.status[rows] == _OPEN
        # A slot that was found vacant no longer has the holder written before.
        code = np.where(is_open, self._employment[rows], -1)
        over, void = self.gone(at)
        gone = (code >= 0) & pick(over, code, True)
        met = self._met(at, day, rows, code, gone, window[key])
        excused = (self.status[rows] == _EXCUSED) & (self._review_on[rows] > day)
        present = pick(~void, code, False)

        def dense(values: Array[S], missing: int) -> Array[S]:
            out = np.full(len(window), missing, values.dtype)
            out[key] = values
            return out

        rung = np.where(window > 0, 0, OUTSIDE).astype(np.int8)
        rung[key] = np.where(excused, OUTSIDE, leading(met))
        employment = np.where(code >= 0, self.log("employment").lookup(at)[code], -1)
        return Snapshot(
            day=day,
            account=accounts,
            owner=owner,
            window=window,
            row=dense(rows, -1),
            met=dense(met, 0),
            rung=rung,
            employment=dense(employment, -1),
            holder=dense(np.where(present, code, -1), -1),
            gone=dense(gone, 0),
        )

    def windows_by_lists(self, start: Snapshot, end: Snapshot, end_at: int) -> Array[np.int32]:
        """For each slot the window at the end if only lists and pins had changed since the start."""
        required = self.required_roles.requirements(end_at)
        both = np.flatnonzero((start.account >= 0) & (end.account >= 0))
        before, after = start.account[both], end.account[both]
        differ = required.facts[before] != required.facts[after]
        if not differ.any():
            return end.window
        window = end.window.reshape(-1, end.n_roles).copy()
        window[both[differ]] = required.windows_by_lists(before[differ], after[differ])
        return window.ravel()

    def _accounts(self, at: int) -> tuple[Array[np.int64], Array[np.int64]]:
        """For each account's code its row where it counts, and its owner's code."""
        log = self.log("account")
        rows = log.rows(at)
        rows = rows[self._active[rows]]
        accounts, owner = np.full(len(log.ids), -1), np.full(len(log.ids), -1)
        accounts[log.code[rows]] = rows
        owner[log.code[rows]] = self.owner_code[rows]
        return accounts, owner

    def _met(
        self,
        at: int,
        day: int,
        rows: Array[np.int64],
        code: Array[np.int64],
        gone: Array[np.bool],
        window: Array[np.int32],
    ) -> Array[np.uint8]:
        """The conditions that hold for what is written in some rows, as bits (``domain.ladder.conditions``)."""
        verified = self.verified_on[rows]
        fresh = (verified <= day) & (verified >= day - window)
        held = (code >= 0) & ~gone
        vacant = (self.status[rows] == _VACANT) & fresh
        staff = np.where(self._staff[rows] >= 0, self.log("staff").lookup(at)[self._staff[rows]], -1)
        with_us = pick(self._staff_ended_on, staff, NEVER) > day
        disposition = self._disposition[rows]
        conditions = [
            held | vacant,
            (held & fresh) | vacant,
            held & with_us & self._can[rows],
            held & (disposition >= 0),
            held & np.isin(disposition, _FAVORABLE),
        ]
        return np.asarray(np.packbits(np.vstack(conditions), axis=0, bitorder="little")[0])

    # Frames --------------------------------------------------------------------------------------------------------

    def slots(self, at: int, rep: str | None = None) -> pd.DataFrame:
        """Who is known in every required role, as of an instant?

        Parameters
        ----------
        at : int
            UTC milliseconds.
        rep : str, optional
            Only the accounts this rep owns at that instant.

        Returns
        -------
        DataFrame
            One row a required slot: active accounts × the roles of their role lists (a role of several lists once). ``counted`` is False for slots agreed to be not applicable. ``named`` … ``favorable`` are the
            conditions of the ladder, ``rung`` the number of leading ones that hold. The index is the slot's key, the
            same for the same account and role at any instant of this history.
        """
        at = self._settled(at)
        if (at, rep) not in self._frames:
            now = self.snapshot(at)
            own = None if rep is None else now.owner == self.rep_code(rep)
            kept = dict(list(self._frames.items())[1 - _KEPT :])
            self._frames = {**kept, (at, rep): self._frame(at, now, own)}
        return self._frames[at, rep]

    def slots_of(self, at: int, accounts: Iterable[str]) -> pd.DataFrame:
        """The required slots of a few accounts, as ``slots`` gives them."""
        now = self.snapshot(at)
        few = np.zeros(len(now.account), bool)
        codes = self.log("account").ids.get_indexer(pd.Index(list(accounts), dtype=object))
        few[codes[codes >= 0]] = True
        return self._frame(at, now, few)

    def _frame(self, at: int, now: Snapshot, among: Array[np.bool] | None) -> pd.DataFrame:
        code, order, role, facts = self._grid(at, now, among)
        key = code * len(self.required_roles.roles) + role
        slot, employment = self.log("slot"), self.log("employment")
        row, job, account = now.row[key], now.employment[key], now.account[code]
        met = now.met[key]
        data = {
            "account": pd.Categorical.from_codes(code, self.log("account").ids),
            **{ours: self.log("account").texts(name)[account] for ours, name in _ACCOUNT_COLUMNS.items()},
            "rep": self.log("account").texts("owner_id")[account],
            "value": self.log("account").frame["value"].to_numpy(np.float64)[account],
            "focus": (self.log("account").frame["focus"] == 1).to_numpy()[account],
            "role": pd.Categorical.from_codes(role, self.required_roles.roles),
            "role_order": order,
            **facts,
            "freshness_days": now.window[key].astype(np.int64),
            "status": np.array(_STATUS, object)[pick(self.status, row, _OPEN)],
            "employment": pick(employment.texts("id"), job),
            **self._person_columns(job),
            **{name: pick(employment.texts(name), job) for name in ("title", "department")},
            "verified_on": pd.to_datetime(pd.Series(pick(slot.texts("verified_on"), row), dtype=object)).to_numpy(
                "datetime64[s]"
            ),
            "verified_how": pick(slot.texts("verified_how"), row),
            "representative": pick(slot.texts("representative_id"), row),
            **{name: pick((slot.frame[name] == 1).to_numpy(), row, False) for name in ("can_meet", "can_deliver")},
            "disposition": pick(slot.texts("disposition"), row),
            "last_edit_at": pick(slot.at, row, 0),
            "gone": now.gone[key],
            **{name: (met >> bit & 1).astype(bool) for bit, name in enumerate(CONDITIONS)},
            "rung": leading(met),
            "counted": now.rung[key] > OUTSIDE,
        }
        return pd.DataFrame({name: _column(values) for name, values in data.items()}, index=key, copy=False)

    def _grid(
        self, at: int, now: Snapshot, among: Array[np.bool] | None
    ) -> tuple[Array[np.int64], Array[np.int64], Array[np.int64], dict[str, Array[np.object_]]]:
        """The required slots in their order: account's code, place in its lists, role's code, and its facts."""
        accounts = now.account if among is None else np.where(among, now.account, -1)
        required = self.required_roles.requirements(at)
        codes = np.flatnonzero(accounts >= 0)
        sets = required.set_of[accounts[codes]]
        order = np.argsort(sets, kind="stable")
        codes, sets = codes[order], sets[order]
        length = required.length[sets]
        place = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        each = np.repeat(required.first[sets], length) + place
        facts = {name: getattr(required, name)[each] for name in ("level", "function", "template")}
        return np.repeat(codes, length), place, required.role[each], facts

    def _person_columns(self, job: Array[np.int64]) -> dict[str, Array[np.object_]]:
        person = pick(self._employment_person, job, -1)
        # The name as last recorded: a person's row, not the holder's, carries it.
        row = np.where(person >= 0, self.log("person").lookup(AHEAD)[person], -1)
        return {
            "person": pick(self.log("employment").texts("person_id"), job),
            "holder": pick(self.log("person").texts("name"), row),
            "phone": pick(self.log("person").texts("phone"), row),
        }


def _column(values: Array[np.object_] | pd.Categorical) -> pd.Index[str] | Array[np.object_] | pd.Categorical:
    """Texts as objects: if pandas infers that they are texts, it takes longer than the rest of the frame."""
    if isinstance(values, np.ndarray) and values.dtype == np.dtype(object):
        return pd.Index(values, dtype=object, copy=False)
    return values

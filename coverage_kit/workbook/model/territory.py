"""The accounts of one rep in memory: a line each for the list, and the counts of the whole.

Read once; after an edit only the line of that account is made again, so that an edit costs the same with ten accounts
and with ten thousand.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.quarter import Quarter
from coverage_kit.domain.vocabulary import AccountStatus, Rung, SlotStatus
from coverage_kit.domain.week import local_day
from coverage_kit.role_lists.slot_state import SlotState, slot_state
from coverage_kit.rules.lookup import role_lists
from coverage_kit.rules.titles import learned_counts
from coverage_kit.store.entities import Account, Employment, MustWin, Person, Slot, Staff
from coverage_kit.workbook.model.page import Page
from coverage_kit.workbook.model.responses import Line, Summary

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

_COUNTS = ("required", *(rung.name.lower() for rung in Rung if rung))


def store_mark(ws: Workspace) -> str:
    """A mark of the store's present state: it changes with every edit by anybody, and with every day."""
    return f"{ws.ledger.last_at()} {local_day(ws.now(), ws.zone)}"


class Territory:
    """The accounts a rep owns now.

    Parameters
    ----------
    ws : Workspace
    rep : str
        Id of the rep.

    Attributes
    ----------
    mark : str
        The store's state when all of this was read.
    lines : dict
        One line an account: name, industry, the rung and the state of each slot as a character, when last touched.
    lists : RoleLists
        The role lists in force.
    sets : dict
        The sets of lists that accounts are under, each with its number.
    staff : list of Staff
    """

    def __init__(self, ws: Workspace, rep: str) -> None:
        self.ws = ws
        self.rep = rep
        self.sets: dict[tuple[str, ...], int] = {}
        self.lines: dict[str, Line] = {}
        self._must_win: set[str] = set()
        self._names: dict[str, list[str]] | None = None
        self._totals: dict[str, Counter[str]] = {"all": Counter(), "focus": Counter()}
        self._load()

    def replace(self, page: Page) -> Line | None:
        """Take in one account after an edit; returns its new line, None if the account is not (or no longer) the rep's."""
        row = page.account
        if row.owner_id != self.rep or row.status != AccountStatus.ACTIVE:
            self._put(None, row.id)
            return None
        line = self._line(row, page.states, page.touched)
        self._put(line, line["id"])
        if self._names is not None:
            self._names[row.id] = [name_key(person["name"] or "") for person in page.people]
        return line

    def summary(self) -> Summary:
        """Slots on each rung or above, for all accounts and for the focus list."""
        return {scope: {name: count[name] for name in ("accounts", *_COUNTS)} for scope, count in self._totals.items()}

    def first(self) -> str | None:
        """Id of the account at the top of the list: most slots that are not known, then greatest value."""
        lines = self.lines.values()
        return max(lines, key=lambda line: (_open_slots(line), line["value"]))["id"] if lines else None

    def find_people(self, text: str) -> list[str]:
        """Ids of the accounts where somebody's name contains this text."""
        key = name_key(text)
        if self._names is None:
            self._names = self._read_names()
        return [account for account, names in self._names.items() if any(key in name for name in names)] if key else []

    def _load(self) -> None:
        ledger = self.ws.ledger
        # Only the reading is inside: writers wait for it.
        with ledger.one_state():
            self.mark = store_mark(self.ws)
            self.lists = role_lists(ledger).with_learned(learned_counts(ledger))
            self.staff = ledger.as_of(Staff)
            quarter = str(Quarter.of(self.ws.today()))
            self._must_win = {row.account_id for row in ledger.as_of(MustWin) if row.quarter == quarter}
            own = [
                row for row in ledger.as_of(Account) if row.owner_id == self.rep and row.status == AccountStatus.ACTIVE
            ]
            slots = ledger.as_of(Slot, account_id=[row.id for row in own]) if own else []
            held = {each.employment_id for each in slots if each.employment_id}
            jobs = {row.id: row for row in ledger.as_of(Employment, id=held)} if held else {}
        by_account: dict[str, dict[str, Slot]] = {}
        for each in slots:
            by_account.setdefault(each.account_id, {})[each.role] = each
        staff = {row.id: row for row in self.staff}
        for row in own:
            of_account = by_account.get(row.id, {})
            states = self._states(row, of_account, jobs, staff)
            touched = max((slot.at for slot in of_account.values()), default=0)
            self._put(self._line(row, states, touched), row.id)

    def _states(
        self, account: Account, slots: dict[str, Slot], jobs: dict[str, Employment], staff: dict[str, Staff]
    ) -> list[SlotState]:
        day = local_day(self.ws.now(), self.ws.zone)
        states = []
        for required in self.lists.required(account):
            slot = slots.get(required.key)
            holder = jobs.get(slot.employment_id or "") if slot and slot.status == SlotStatus.OPEN else None
            ours = staff.get(slot.representative_id or "") if slot else None
            states.append(slot_state(slot, holder, ours, day, required.freshness_days))
        return states

    def _line(self, row: Account, states: list[SlotState], touched: int) -> Line:
        return {
            "id": row.id,
            "name": row.name,
            "industry": row.industry or "",
            "region": row.region or "",
            "value": row.value or 0,
            "focus": bool(row.focus),
            "must_win": row.id in self._must_win,
            "set": self.sets.setdefault(self.lists.keys_of(row), len(self.sets)),
            "rungs": "".join(each.mark for each in states),
            "states": "".join(each.freshness.letter for each in states),
            "touched": touched,
        }

    def _put(self, line: Line | None, account: str) -> None:
        before = self.lines.pop(account, None) if line is None else self.lines.get(account)
        for sign, each in ((-1, before), (1, line)):
            if each is None:
                continue
            for scope in ("all", "focus") if each["focus"] else ("all",):
                for name, n in _counts(each["rungs"]).items():
                    self._totals[scope][name] += sign * n
        if line is not None:
            self.lines[account] = line

    def _read_names(self) -> dict[str, list[str]]:
        ledger = self.ws.ledger
        jobs = (
            ledger.columns(Employment, ("account_id", "person_id"), account_id=list(self.lines)) if self.lines else []
        )
        keys = dict(ledger.columns(Person, ("id", "name_key"), id={person for _, person in jobs}))
        names: dict[str, list[str]] = {}
        for account, person in jobs:
            if person in keys:
                names.setdefault(account, []).append(keys[person] or "")
        return names


def _open_slots(line: Line) -> int:
    count = _counts(line["rungs"])
    return count["required"] - count["known"]


@lru_cache(maxsize=4096)
def _counts(rungs: str) -> dict[str, int]:
    """The counts of one line; many lines are alike."""
    on = [rungs.count(str(int(rung))) for rung in sorted(Rung)]
    return {"accounts": 1} | {name: sum(on[least:]) for least, name in enumerate(_COUNTS)}

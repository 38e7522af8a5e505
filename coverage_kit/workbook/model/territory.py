"""The accounts of one rep in memory: a line each for the navigator, and the counts of the whole.

Read once; after an edit only the line of the account that was edited is made anew, so that an edit costs the same
with ten accounts and with ten thousand.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import AccountStatus, Rung, SlotStatus
from coverage_kit.domain.week import local_day
from coverage_kit.workbook.model.page import Page
from coverage_kit.workbook.model.responses import Line
from coverage_kit.workbook.model.standing import Row, Standard, Standing, standing

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
        What all of this is so as of.
    lines : dict
        One line an account: name, industry, the rung and the state of each slot as a character, when last touched.
    standard : Standard
    staff : list of mapping
    """

    def __init__(self, ws: Workspace, rep: str) -> None:
        self.ws = ws
        self.rep = rep
        self.sets: list[str] = []
        self.lines: dict[str, Line] = {}
        self._names: dict[str, list[str]] | None = None
        self._totals: dict[str, Counter[str]] = {"all": Counter(), "focus": Counter()}
        self._load()

    def replace(self, page: Page) -> Line | None:
        """Take in what an edit made of one account; returns its new line, None where it is not the rep's (any more)."""
        row = page.account
        if row["owner_id"] != self.rep or row["status"] != AccountStatus.ACTIVE:
            self._put(None, row["id"])
            return None
        line = self._line(row, page.standings, page.touched)
        self._put(line, line["id"])
        if self._names is not None:
            self._names[row["id"]] = [name_key(person["name"] or "") for person in page.people]
        return line

    def summary(self) -> dict[str, dict[str, int]]:
        """Slots on each rung or above, for all accounts and for the focus list."""
        return {scope: {name: count[name] for name in ("accounts", *_COUNTS)} for scope, count in self._totals.items()}

    def first(self) -> str | None:
        """Id of the account that the list begins with: most slots that are not known, then greatest value."""
        lines = self.lines.values()
        return max(lines, key=lambda line: (_open_slots(line), line["value"]))["id"] if lines else None

    def find_people(self, text: str) -> list[str]:
        """Ids of the accounts where somebody's name has this text in it."""
        key = name_key(text)
        if self._names is None:
            self._names = self._read_names()
        return [account for account, names in self._names.items() if any(key in name for name in names)] if key else []

    def _load(self) -> None:
        ledger = self.ws.ledger
        # What is made of it comes afterwards: whoever writes meanwhile waits for the reading only.
        with ledger.one_state():
            self.mark = store_mark(self.ws)
            self.standard = Standard(ledger.as_of("template"))
            self.staff = ledger.as_of("staff")
            own = [
                row
                for row in ledger.as_of("account")
                if row["owner_id"] == self.rep and row["status"] == AccountStatus.ACTIVE
            ]
            written = ledger.as_of("slot", account_id=[row["id"] for row in own]) if own else []
            held = {each["employment_id"] for each in written if each["employment_id"]}
            employments = {row["id"]: row for row in ledger.as_of("employment", id=held)} if held else {}
        slots: dict[str, dict[str, Row]] = {}
        for each in written:
            slots.setdefault(each["account_id"], {})[each["role"]] = each
        staff = {row["id"]: row for row in self.staff}
        day = local_day(self.ws.now(), self.ws.zone)
        for row in own:
            of_account = slots.get(row["id"], {})
            standings = []
            for required in self.standard.required(row["template_ids"]):
                slot = of_account.get(required.role)
                is_open = slot is not None and slot["status"] == SlotStatus.OPEN
                holder = employments.get(slot["employment_id"]) if slot and is_open else None
                representative = staff.get(slot["representative_id"]) if slot else None
                standings.append(standing(required, slot, holder, representative, day))
            line = self._line(row, standings, max((slot["at"] for slot in of_account.values()), default=0))
            self._put(line, row["id"])

    def _line(self, row: Row, standings: list[Standing], touched: int) -> Line:
        key = row["template_ids"] or "[]"
        if key not in self.sets:
            self.sets.append(key)
        return {
            "id": row["id"],
            "name": row["name"],
            "industry": row["industry"] or "",
            "region": row["region"] or "",
            "value": row["value"] or 0,
            "focus": bool(row["focus"]),
            "set": self.sets.index(key),
            "rungs": "".join(each.mark for each in standings),
            "states": "".join(each.state[0] for each in standings),
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
        employments = ledger.as_of("employment", account_id=list(self.lines)) if self.lines else []
        people = {row["id"]: row for row in ledger.as_of("person", id={e["person_id"] for e in employments})}
        names: dict[str, list[str]] = {}
        for each in employments:
            person = people.get(each["person_id"])
            if person:
                names.setdefault(each["account_id"], []).append(person["name_key"] or "")
        return names


def _open_slots(line: Line) -> int:
    count = _counts(line["rungs"])
    return count["required"] - count["known"]


@lru_cache(maxsize=4096)
def _counts(rungs: str) -> dict[str, int]:
    """What a line counts for; many lines are alike."""
    on = [rungs.count(str(int(rung))) for rung in sorted(Rung)]
    return {"accounts": 1} | {name: sum(on[least:]) for least, name in enumerate(_COUNTS)}

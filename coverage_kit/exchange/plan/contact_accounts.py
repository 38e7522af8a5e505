"""The accounts that a file of contacts names: by key or name, one that nobody has yet waiting to be confirmed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cached_property

from rapidfuzz import fuzz

from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import AccountStatus
from coverage_kit.exchange.plan.account_keys import AccountKeys, is_usable_key
from coverage_kit.exchange.plan.company_names import AccountFinder, company_core
from coverage_kit.exchange.plan.departments import Departments
from coverage_kit.exchange.plan.import_plan import (
    FileRow,
    ImportPlan,
    LastExport,
    ListsByIndustry,
    Unclear,
    account_id,
)
from coverage_kit.exchange.plan.present import Present
from coverage_kit.i18n import N_

#: From here on two names of one key may be an old and a new name of one company.
_RENAMED = 60


class ContactAccounts:
    """Finds the account of each row; what is new is added to the plan.

    Where the key and the name of a row disagree with what is here, or with another row of the file, neither wins.

    Parameters
    ----------
    plan : ImportPlan
    present : mapping
    last : LastExport
    default : str
        Template of accounts that nobody has yet.
    """

    def __init__(self, plan: ImportPlan, present: Present, last: LastExport, default: str) -> None:
        self._plan = plan
        self._last = last
        self._templates = ListsByIndustry(present, default).find("")
        self._merged = present.merged.accounts
        self._accounts = {row["id"]: row["name"] for row in present["account"]}
        self._here = frozenset(self._accounts)
        self._found: dict[tuple[str, str], str] = {}
        self._names_of: dict[str, dict[str, tuple[int, str]]] = {}
        self._departments: Departments | None = None
        self._said: set[tuple[str, str]] | None = None

    @classmethod
    def for_peeking(cls, present: Present) -> ContactAccounts:
        """Only to look accounts up."""
        return cls(None, present, LastExport(), "")  # type: ignore[arg-type]

    # Both are made when a row first needs them: the same file again often needs neither.

    @cached_property
    def _keys(self) -> AccountKeys:
        return AccountKeys(self._accounts)

    @cached_property
    def _finder(self) -> AccountFinder:
        return AccountFinder(self._accounts.items(), self._merged)

    def look_at(self, rows: Iterable[FileRow]) -> None:
        """Note which names the file gives each key, before any row is taken."""
        seen = set()
        for row in rows:
            key, name = row.cells.get("account_key", ""), row.cells.get("account", "")
            if key and name and (key, name) not in seen:
                seen.add((key, name))
                self._names_of.setdefault(key, {}).setdefault(company_core(name)[0], (row.number, name))

    def find(self, row: FileRow) -> str | None:
        """The account that a row names by key or name; one that nobody has yet is added, to be confirmed."""
        key, name = row.cells.get("account_key", ""), row.cells.get("account", "")
        known = self._found.get((key, name))
        if known is not None:
            return known
        if not is_usable_key(self._plan, row, "account_key"):
            return None
        known = self._find_by_key(row, key, name) if key else self._find_by_name(row, name)
        if known is None:
            return None
        # An account that became part of another one leads to that one.
        kept = self._found[key, name] = self._merged.get(known, known)
        return kept

    def note_departments(self) -> None:
        """Say which new accounts may be departments of others; all rows are taken by then."""
        if self._departments is not None:
            self._departments.note()

    def peek(self, key: str, name: str) -> str | None:
        """The account that a key or a name means, if it is here; nothing is added or said."""
        if key:
            known = self._keys.find(key)
            return self._merged.get(known, known) if known else None
        if name in self._accounts:
            return self._merged.get(name, name)
        ids = self._finder.find(name).ids if name else ()
        return ids[0] if len(ids) == 1 else None

    def _find_by_key(self, row: FileRow, key: str, name: str) -> str | None:
        other = self._other_name(row, key, name)
        if other is not None and self._plan.unclear is Unclear.ASK:
            self._plan.reject(
                row.number, "account_key", "contact.key_two_names", key,
                N_("this key is called {name} here and {other} in row {other_row}; it can only be one account"),
                name=name, other=other[1], other_row=other[0],
            )  # fmt: skip
            return None
        known = self._keys.find(key)
        if known is not None:
            return known if not name or self._is_same(row, known, name) else None
        near = self._keys.near(key)
        if near is not None and self._plan.unclear is Unclear.ASK:
            self._plan.reject(
                row.number, "account_key", "account.key_near", key,
                N_("this key is nearly {other}; write it the same way if it is the same account"), other=near,
            )  # fmt: skip
            return None
        if near is not None and self._plan.unclear is Unclear.SAME:
            return near
        found = self._finder.find(name) if name else None
        ids = [each for each in found.ids if each in self._here] if found is not None else []
        if len(ids) == 1 and ids[0].startswith("ac_"):
            return ids[0]  # Met first without a key, in a contact list: it keeps the id it got there.
        if ids and self._plan.unclear is Unclear.ASK:
            self._plan.reject(
                row.number, "account_key", "contact.key_unknown", key,
                N_("{name} is here under the key {other}, not {key}; import it with --unclear same or --unclear new"),
                name=name, other=ids[0], key=key,
            )  # fmt: skip
            return None
        if ids and self._plan.unclear is Unclear.SAME:
            return ids[0]
        self._add_account(row.number, key, name or key)
        return key

    def _find_by_name(self, row: FileRow, name: str) -> str | None:
        if name in self._accounts:
            return name
        found = self._finder.find(name)
        if len(found.ids) > 1:
            self._plan.reject(
                row.number, "account", "contact.account_several", name,
                N_("several accounts have this name: {keys}; give the key of one"), keys=sorted(found.ids),
            )  # fmt: skip
            return None
        if found.ids:
            if found.by_sound:
                self._plan.notice(
                    row.number, "account", "account.by_sound", name,
                    N_("taken as {other}, which sounds the same; if it is another company, give it a key"),
                    other=self._finder.names[found.ids[0]],
                )  # fmt: skip
            return found.ids[0]
        # An account renamed since it was found keeps the id its first name gave it.
        new = account_id(name)
        if new not in self._accounts:
            self._add_account(row.number, new, name)
        return new

    def _other_name(self, row: FileRow, key: str, name: str) -> tuple[int, str] | None:
        """Another row of the file that calls this key another company."""
        names = self._names_of.get(key, {})
        if not name or len(names) < 2:
            return None
        core = company_core(name)[0]
        return next((other for known, other in names.items() if known != core and not _may_be_one(known, core)), None)

    def _is_same(self, row: FileRow, known: str, name: str) -> bool:
        """Whether the name of a row can be that of the account which its key means."""
        ours = self._accounts[known]
        core, other = company_core(name)[0], company_core(ours)[0]
        if (
            core == other
            or self._merged.get(known, known) in self._finder.find(name).ids
            or self._plan.unclear is not Unclear.ASK
        ):
            return True
        if name == known or (row.cells["account_key"], name) in self._pairs_said():
            return True
        if _may_be_one(core, other):
            self._plan.notice(
                row.number, "account", "contact.account_renamed", name,
                N_("the account of key {key} is called {ours} here; taken as its new name"), key=known, ours=ours,
            )  # fmt: skip
            return True
        self._plan.reject(
            row.number, "account", "contact.key_name", name,
            N_("the key {key} is {ours} here, and the file calls it {name}; neither is taken"),
            key=known, ours=ours, name=name,
        )  # fmt: skip
        return False

    def _pairs_said(self) -> set[tuple[str, str]]:
        """Keys with their names as the last export had them; the account was renamed here since."""
        if self._said is None:
            rows = map(json.loads, self._last.rows.values())
            self._said = {(row.get("account_key", ""), row.get("account", "")) for row in rows}
        return self._said

    def _add_account(self, number: int, account: str, name: str) -> None:
        near = self._finder.near(name)
        if near is not None:
            self._plan.notice(
                number, "account", "account.near", name,
                N_("taken as a new account; it may be the same as {other} ({key})"),
                other=self._finder.names[near], key=near,
            )  # fmt: skip
        fields = {"name": name, "name_key": name_key(name), "status": AccountStatus.UNCONFIRMED.value, "focus": 0}
        self._plan.add("account", account, {**fields, "template_ids": self._templates})
        self._plan.count("accounts_added")
        self._departments = self._departments or Departments(self._plan, self._finder, "account")
        self._departments.add(number, account, name)
        self._keys.add(account)
        self._finder.add(account, name)
        self._accounts[account] = name


def _may_be_one(one: str, other: str) -> bool:
    """Whether two names may be an old and a new name of one company."""
    digits = [re.sub(r"\D", "", name) for name in (one, other)]
    return digits[0] == digits[1] and fuzz.ratio(one, other) >= _RENAMED

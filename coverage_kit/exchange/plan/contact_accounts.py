"""The accounts that a file of contacts names: by key or name, one that nobody has yet waiting to be confirmed."""

from __future__ import annotations

from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import AccountStatus
from coverage_kit.exchange.plan.company_names import AccountFinder
from coverage_kit.exchange.plan.import_plan import FileRow, ImportPlan, Present, account_id, template_ids
from coverage_kit.i18n import N_


class ContactAccounts:
    """Finds the account of each row; what is new is added to the plan.

    Parameters
    ----------
    plan : ImportPlan
    present : mapping
    default : str
        Template of accounts that nobody has yet.
    """

    def __init__(self, plan: ImportPlan, present: Present, default: str) -> None:
        self._plan = plan
        self._templates = template_ids(present, "", default)
        self._accounts = {row["id"]: row["name"] for row in present["account"]}
        self._finder = AccountFinder(self._accounts.items())
        self._found: dict[tuple[str, str], str | None] = {}

    def find(self, row: FileRow) -> str | None:
        """The account that a row names by key or name; one that nobody has yet is added, to be confirmed."""
        key, name = row.cells.get("account_key", ""), row.cells.get("account", "")
        known = self._found.get((key, name))
        if known is None:
            known = self._found[key, name] = self._find_account(row, key, name)
        return known

    def _find_account(self, row: FileRow, key: str, name: str) -> str | None:
        for each in (key, name):
            if each in self._accounts:
                return each
        found = self._finder.find(name) if name else None
        if found is not None and len(found.ids) > 1:
            self._plan.reject(
                row.number, "account", "contact.account_several", name,
                N_("several accounts have this name: {keys}; give the key of one"), keys=sorted(found.ids),
            )  # fmt: skip
            return None
        if found is not None and found.ids:
            if found.by_sound:
                self._plan.notice(
                    row.number, "account", "account.by_sound", name,
                    N_("taken as {other}, which sounds the same; if it is another company, give it a key"),
                    other=self._finder.names[found.ids[0]],
                )  # fmt: skip
            return found.ids[0]
        # An account renamed since it was found keeps the id its first name gave it.
        new = key or account_id(name)
        if new not in self._accounts:
            self._add_account(row.number, new, name or key)
        return new

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
        self._accounts[account] = name
        self._finder.add(account, name)

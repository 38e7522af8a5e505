"""What the role lists page shows of the workspace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from coverage_kit.domain.ladder import FRESHNESS_DAYS
from coverage_kit.domain.week import local_minute
from coverage_kit.measures.list_preview import MANY_ROLES, ListPreview, Requirement
from coverage_kit.role_lists.applying import read_keys
from coverage_kit.role_lists.changes import ListChange, PastAct
from coverage_kit.role_lists.model import MAX_OFFERING_ROLES, RoleList, Words
from coverage_kit.rules.lookup import role_lists
from coverage_kit.rules.role_lists import Applied
from coverage_kit.store.entities import Account, Staff, Template
from coverage_kit.workbook.model.responses import (
    Bilingual,
    ConditionsView,
    Cost,
    ListChangeView,
    ListForm,
    ListInForce,
    ListProblem,
    PastActView,
    PinView,
    PreviewResponse,
    RoleListsState,
    UnderList,
)
from coverage_kit.workbook.model.role_list_forms import list_form
from coverage_kit.workbook.model.routes import set_paths

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

#: Names shown of the accounts of a list, lines of a preview, entries of the history, values of a condition.
_NAMES, _LINES, _ENTRIES, _VALUES = 8, 30, 40, 200


def read_state(ws: Workspace, library: Sequence[tuple[str, ListForm]]) -> RoleListsState:
    """Everything that the page shows.

    Parameters
    ----------
    ws : Workspace
    library : sequence of (str, ListForm)
        The lists that ship, each with the hash of its content.
    """
    with ws.ledger.one_state():
        accounts = ws.ledger.as_of(Account)
        return {
            "kind": "role_lists",
            "lists": _in_force(ws, {own for own, _ in library}),
            "library": [each for _, each in library],
            "under": under_view(ws.roles.accounts_under()),
            "offerings": [
                {"key": each.key, "ko": each.ko, "en": each.en, "active": each.active, "version": each.version}
                for each in ws.roles.offerings()
            ],
            "paths": set_paths(ws, accounts),
            "values": _values(accounts),
            "pins": pin_views(ws, [row for row in accounts if row.pinned_lists]),
            "history": _history(ws, ws.roles.history()[:_ENTRIES]),
            "n_accounts": len(accounts),
            "freshness_days": FRESHNESS_DAYS,
            "many_roles": MANY_ROLES,
            "offering_roles": MAX_OFFERING_ROLES,
        }


def under_view(under: Mapping[str, Sequence[Account]]) -> dict[str, UnderList]:
    """How many accounts are under each list, and the first of their names."""
    return {key: {"n": len(rows), "names": sorted(row.name for row in rows)[:_NAMES]} for key, rows in under.items()}


def pin_views(ws: Workspace, rows: Sequence[Account]) -> list[PinView]:
    """Accounts, the lists that each is under, and those pinned by hand."""
    lists = role_lists(ws.ledger)
    return [
        {
            "account": row.id,
            "name": row.name,
            "lists": list(lists.keys_of(row)),
            "pinned": list(read_keys(row.pinned_lists)),
            "why": row.pinned_why or "",
            "version": row.version,
        }
        for row in sorted(rows, key=lambda row: row.name)
    ]


def preview_view(
    ws: Workspace, problems: list[ListProblem], found: tuple[Applied, ListPreview] | None
) -> PreviewResponse:
    """What would change, or why nothing can."""
    if problems or found is None:
        return {
            "kind": "preview",
            "problems": problems,
            "changed": [],
            "n_accounts": 0,
            "before": None,
            "after": None,
            "n_leaving": 0,
            "leaving": [],
            "n_crowded": 0,
            "crowded": [],
        }
    applied, preview = found
    leaving, crowded = preview.leaving[:_LINES], preview.crowded[:_LINES]
    ids = [account for account, _ in (*leaving, *crowded)]
    rows = {row.id: row for row in ws.ledger.as_of(Account, id=ids)} if ids else {}
    lists = role_lists(ws.ledger)
    # Each position in the words of the account's own list.
    titles = {(key, role.key): role.body["title"] for key, row in rows.items() for role in lists.required(row)}
    return {
        "kind": "preview",
        "problems": [],
        "changed": list(applied.changed),
        "n_accounts": len(preview.accounts),
        "before": _cost(preview.before),
        "after": _cost(preview.after),
        "n_leaving": len(preview.leaving),
        "leaving": [
            {"account": rows[account].name, "role": _words(titles[account, role])} for account, role in leaving
        ],
        "n_crowded": len(preview.crowded),
        "crowded": [{"account": rows[account].name, "n": n} for account, n in crowded],
    }


def _in_force(ws: Workspace, shipped: set[str]) -> list[ListInForce]:
    versions = dict(ws.ledger.columns(Template, ("id", "version")))

    def shown(one: RoleList) -> ListInForce:
        return {**list_form(one, versions[one.key]), "is_draft": one.source_hash in shipped}

    return [shown(one) for one in ws.roles.in_force()]


def _values(accounts: Iterable[Account]) -> ConditionsView:
    """What accounts hold, by condition; the offerings are a list of the workspace."""
    rows = list(accounts)

    def held(column: str) -> list[str]:
        return sorted({value for row in rows if (value := getattr(row, column))})[:_VALUES]

    return {
        "industries": held("industry"),
        "segments": held("segment"),
        "regions": held("region"),
        "offerings": [],
        "teams": held("team"),
    }


def _history(ws: Workspace, acts: Sequence[PastAct]) -> list[PastActView]:
    names = dict(ws.ledger.columns(Staff, ("id", "name")))
    titles = {each.key: {"ko": each.title.ko, "en": each.title.en} for each in ws.roles.in_force()}
    return [
        {
            "edit_id": act.edit_id,
            "at": local_minute(act.at, ws.zone),
            "actor": names.get(act.actor) or act.actor,
            "why": act.why,
            "changes": [_change(each) for each in act.changes],
            "pins": [
                {"name": pin.name, "lists": [titles.get(key, {"ko": key, "en": key}) for key in pin.lists]}
                for pin in act.pins[:_NAMES]
            ],
            "n_pins": len(act.pins),
            "offerings": [{"title": _words(each.names), "act": each.act.value} for each in act.offerings],
        }
        for act in acts
    ]


def _change(change: ListChange) -> ListChangeView:
    return {
        "title": _words(change.title),
        "act": change.act.value,
        "roles_added": [_words(title) for title in change.roles_added],
        "roles_removed": [_words(title) for title in change.roles_removed],
        "parts": [part.value for part in change.parts],
    }


def _cost(own: Requirement) -> Cost:
    return {
        "required": own.required,
        "known": own.known,
        "checks_a_week": own.checks_a_week,
        "focus_checks_a_week": own.focus_checks_a_week,
    }


def _words(title: Words) -> Bilingual:
    return {"ko": title["ko"], "en": title["en"]}

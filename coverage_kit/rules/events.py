"""Events: something that happened once, recorded without personal data."""

from __future__ import annotations

import json
from collections.abc import Mapping

from coverage_kit.domain.vocabulary import EventKind
from coverage_kit.store import Change, Ledger, new_id
from coverage_kit.store.entities import Event, Value


def event_change(kind: EventKind, body: Mapping[str, object], *, account: str | None = None) -> Change:
    """The row of one event.

    Parameters
    ----------
    kind : EventKind
    body : mapping
        What JSON can hold, and nobody's name.
    account : str, optional
        Id of the account it happened at.
    """
    fields: dict[str, Value] = {"kind": kind.value, "body": json.dumps(dict(body), ensure_ascii=False)}
    if account is not None:
        fields["account_id"] = account
    return Change("event", new_id("ev"), fields, base=0)


def events_of(ledger: Ledger, edit_id: str) -> list[Event]:
    """The events that an edit recorded, unless they were taken back."""
    edit = ledger.find_edit(edit_id)
    ids = [] if edit is None else list(edit.versions.get("event", ()))
    return ledger.as_of(Event, id=ids) if ids else []

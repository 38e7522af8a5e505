"""The store: the only place that speaks SQL."""

from coverage_kit.store.ledger import Change, Edit, Ledger, new_id
from coverage_kit.store.load import load_history, load_versions
from coverage_kit.store.schema import clear_store, open_store

__all__ = ["Change", "Edit", "Ledger", "clear_store", "load_history", "load_versions", "new_id", "open_store"]

"""The store: the only place that speaks SQL."""

from coverage_kit.store.chain import check_edits
from coverage_kit.store.changes import Change, Edit, Losing, new_id, new_ids
from coverage_kit.store.copies import copy_store, restore_dump, sqlite_facts, store_facts
from coverage_kit.store.facts import StoreFacts
from coverage_kit.store.inputs import load_fingerprints, load_owners
from coverage_kit.store.ledger import Ledger
from coverage_kit.store.load import load_history, load_since, load_versions
from coverage_kit.store.schema import clear_store, open_memory_store, open_store, revisions
from coverage_kit.store.source_rows import load_kept_rows, load_source_rows, source_row_writer
from coverage_kit.store.writing import check_seen

__all__ = [
    "Change",
    "Edit",
    "Ledger",
    "Losing",
    "StoreFacts",
    "check_edits",
    "check_seen",
    "clear_store",
    "copy_store",
    "load_fingerprints",
    "load_history",
    "load_kept_rows",
    "load_owners",
    "load_since",
    "load_source_rows",
    "load_versions",
    "new_id",
    "new_ids",
    "open_memory_store",
    "open_store",
    "restore_dump",
    "revisions",
    "source_row_writer",
    "sqlite_facts",
    "store_facts",
]

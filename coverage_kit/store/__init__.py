"""The store: the only place that speaks SQL."""

from coverage_kit.store.changes import Change, Edit, Losing, new_id, new_ids
from coverage_kit.store.inputs import load_fingerprints, load_owners
from coverage_kit.store.ledger import Ledger
from coverage_kit.store.load import load_history, load_versions
from coverage_kit.store.schema import clear_store, open_memory_store, open_store
from coverage_kit.store.source_rows import SourceRows, load_source_rows, source_row_writer

__all__ = [
    "Change",
    "Edit",
    "Ledger",
    "Losing",
    "SourceRows",
    "clear_store",
    "load_fingerprints",
    "load_history",
    "load_owners",
    "load_source_rows",
    "load_versions",
    "new_id",
    "new_ids",
    "open_memory_store",
    "open_store",
    "source_row_writer",
]

"""Deprecated: notebooks of version 0.1.0 import from here; use ``coverage_kit.workbook.open_import``."""

from coverage_kit.workbook.widget.import_view import open_import

__all__ = ["open_import"]

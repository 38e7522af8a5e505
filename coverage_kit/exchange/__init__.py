"""Files in: readers return frames, problems and plans; the caller saves."""

from coverage_kit.exchange.role_files import read_role_template, read_role_templates

__all__ = ["read_role_template", "read_role_templates"]

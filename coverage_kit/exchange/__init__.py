"""Files in: readers return frames, problems and plans; the caller saves."""

from coverage_kit.exchange.imports import ImportPlan, plan_import
from coverage_kit.exchange.playbook_files import read_playbooks
from coverage_kit.exchange.role_files import read_role_template, read_role_templates
from coverage_kit.exchange.table_files import write_rejects

__all__ = ["ImportPlan", "plan_import", "read_playbooks", "read_role_template", "read_role_templates", "write_rejects"]

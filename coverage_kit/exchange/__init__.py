"""Files in and out: readers return tables, problems and plans; the caller saves."""

from coverage_kit.exchange.outputs import table_text, write_table
from coverage_kit.exchange.plan.headers import TableFile
from coverage_kit.exchange.plan.import_plan import ImportPlan, LastExport
from coverage_kit.exchange.plan.imports import plan_import, read_import, sample_rows
from coverage_kit.exchange.problems import Effect, Problem
from coverage_kit.exchange.read.playbook_files import read_playbooks
from coverage_kit.exchange.read.role_files import parse_role_list, read_role_list, read_role_lists
from coverage_kit.exchange.rejects import write_rejects
from coverage_kit.exchange.role_list_files import role_list_yaml, write_role_lists

__all__ = [
    "Effect",
    "ImportPlan",
    "LastExport",
    "Problem",
    "TableFile",
    "parse_role_list",
    "plan_import",
    "read_import",
    "read_playbooks",
    "read_role_list",
    "read_role_lists",
    "role_list_yaml",
    "sample_rows",
    "table_text",
    "write_rejects",
    "write_role_lists",
    "write_table",
]

"""Two records of one person, or two accounts that are one company, become one."""

from __future__ import annotations

from coverage_kit.rules.merging.accounts import merge_accounts
from coverage_kit.rules.merging.follow import follow_jobs, kept_id, merged_ids
from coverage_kit.rules.merging.people import merge_people
from coverage_kit.rules.merging.plan import KEEP, MOVED_LABELS, TAKE, MergePlan, MergeQuestion, MovedJob

__all__ = ["KEEP", "MOVED_LABELS", "TAKE", "MergePlan", "MergeQuestion", "MovedJob", "follow_jobs", "kept_id", "merge_accounts", "merge_people", "merged_ids"]  # fmt: skip

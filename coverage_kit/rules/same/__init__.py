"""Which records may be one person, and which accounts one company: candidates with reasons, for a person to decide."""

from __future__ import annotations

from coverage_kit.rules.same.accounts import AccountRecord, find_same_accounts
from coverage_kit.rules.same.people import Job, PersonRecord, find_same_people
from coverage_kit.rules.same.reasons import REASON_LABELS, Candidate, Reason

__all__ = ["REASON_LABELS", "AccountRecord", "Candidate", "Job", "PersonRecord", "Reason", "find_same_accounts", "find_same_people"]  # fmt: skip

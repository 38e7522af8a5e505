"""One coaching session: the order of its steps is fixed, going back is allowed, and what was done stays done.

Source: the method, section 6 (docs/reference/method.md).
"""

from __future__ import annotations

from coverage_kit.coaching.sessions.first import FirstSteps
from coverage_kit.coaching.sessions.group import GroupSteps
from coverage_kit.coaching.sessions.one import OneRepSteps


class Session(OneRepSteps, GroupSteps, FirstSteps):
    """A session of any kind; ``steps`` says which of the acts it goes through."""

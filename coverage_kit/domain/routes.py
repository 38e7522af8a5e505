"""The steps of a path to a customer: whom we reach, how, and how far that person should come.

Source: the method, section 1 (docs/reference/method.md): selling goes over many routes, each planned down to the stage.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from coverage_kit.domain.coaching import Route, Stage

#: A path that a coach can say in one breath, and a team can keep in mind.
MOST_STEPS = 3
#: The stages in their order.
STAGES = tuple(Stage)


class Step(NamedTuple):
    """One step: the key of the required role, how we reach its holder, and the stage that this should bring about."""

    role: str
    route: Route
    stage: Stage


def read_steps(stored: str) -> tuple[Step, ...]:
    """The steps as a row keeps them (JSON)."""
    return tuple(Step(each["role"], Route(each["route"]), Stage(each["stage"])) for each in json.loads(stored))


def write_steps(steps: Sequence[Step]) -> str:
    """The steps in the form that a row keeps."""
    return json.dumps([each._asdict() for each in steps])

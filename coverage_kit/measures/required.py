"""What is required: the roles of the templates in force at an instant, for each set of templates an account is under.

Source: the data model, section 3 (docs/architecture.md).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from coverage_kit.measures.log import Log
from coverage_kit.measures.schema import ROLES
from coverage_kit.role_lists.merging import RoleLists
from coverage_kit.role_lists.model import RoleListBody


@dataclass(frozen=True)
class Required:
    """The required roles of one set of templates: each role once, under its first template, in their order.

    ``role`` holds codes; ``window`` is in days, the strictest where several templates share the role.
    """

    role: np.ndarray
    template: np.ndarray
    window: np.ndarray
    level: np.ndarray
    function: np.ndarray


class RequiredRoles:
    """The role templates of a history.

    Parameters
    ----------
    log : Log
        Of the entity ``template``.
    """

    def __init__(self, log: Log) -> None:
        self._log = log
        self._bodies: list[RoleListBody] = [json.loads(body) for body in log.frame["body"]]
        keys = (role["key"] for body in self._bodies for role in body["roles"])
        #: Every role that ever was required; a role's code is its position here.
        self.roles = pd.Index(list(dict.fromkeys(keys)), dtype=object)
        self._required = cache(self._merge)
        self._tables = cache(self._list_roles)

    def in_force(self, at: int) -> tuple[int, ...]:
        """The versions in force at an instant, as positions in the log; the same ones mean the same standard."""
        return tuple(int(row) for row in self._log.rows(at))

    def required(self, in_force: tuple[int, ...], template_ids: str) -> Required:
        """The roles of one set of templates (JSON list of their keys)."""
        return self._required(in_force, template_ids)

    def table(self, at: int) -> pd.DataFrame:
        """One row a template in force and role, in the templates' order; ``schema.ROLES``."""
        return self._tables(self.in_force(at))

    def _list_roles(self, in_force: tuple[int, ...]) -> pd.DataFrame:
        ids, versions = self._log.frame["id"].tolist(), self._log.frame["version"].tolist()
        records = [
            {
                "template": ids[row],
                "template_version": versions[row],
                **{f"template_{lang}": self._bodies[row].get("title", {}).get(lang, "") for lang in ("ko", "en")},
                "role": role["key"],
                "order": order,
                "level": role["level"],
                "function": role["function"],
                **{f"title_{lang}": role["title"][lang] for lang in ("ko", "en")},
                **{f"value_{lang}": role.get("value", {}).get(lang, "") for lang in ("ko", "en")},
                "freshness_days": self._bodies[row]["freshness_days"],
            }
            for row in in_force
            for order, role in enumerate(self._bodies[row]["roles"])
        ]
        return ROLES.conform(pd.DataFrame(records, columns=ROLES.names))

    def _merge(self, in_force: tuple[int, ...], template_ids: str) -> Required:
        ids, bodies = self._log.frame["id"], self._log.frame["body"]
        merged = RoleLists((ids.iloc[row], bodies.iloc[row]) for row in in_force).required(template_ids)
        return Required(
            role=np.asarray(self.roles.get_indexer(pd.Index([each.key for each in merged], dtype=object)), np.int64),
            template=np.array([each.role_list for each in merged], object),
            window=np.array([each.freshness_days for each in merged], np.int64),
            level=np.array([each.body["level"] for each in merged], object),
            function=np.array([each.body["function"] for each in merged], object),
        )

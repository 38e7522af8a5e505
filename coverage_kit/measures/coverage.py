"""How much of what must be known is known.

Source: the method, section 4 (docs/reference/method.md).
"""

from __future__ import annotations

import pandas as pd

from coverage_kit.domain.vocabulary import Rung, SlotStatus
from coverage_kit.measures.snapshot import CONDITIONS

COUNTS = ("accounts", "required", *CONDITIONS, "vacant", "not_applicable", "persons")


def coverage(slots: pd.DataFrame, by: list[str] | None = None) -> pd.DataFrame:
    """How many of the required slots are on each rung or above?

    Parameters
    ----------
    slots : DataFrame
        Required slots (``History.slots``).
    by : list of str, optional
        Columns to group by, e.g. ``["rep"]``, ``["role"]``, ``["level"]``, ``["segment"]``, ``["template"]``.

    Returns
    -------
    DataFrame
        One row a group, or one row: ``accounts required named known represented assessed favorable vacant
        not_applicable persons`` (counts; persons are distinct present holders), ``named_rate`` … ``favorable_rate``
        (0–1, NaN where nothing is required) and ``success_index`` (0–100).
    """
    counted = slots["counted"]
    marks = {
        "required": counted,
        **{name: counted & (slots["rung"] >= rung) for rung, name in enumerate(CONDITIONS, 1)},
        "vacant": counted & (slots["status"] == SlotStatus.VACANT.value),
        "not_applicable": ~counted,
    }
    here = marks["named"] & ~slots["gone"]
    if not by:
        # All of it is no group: parting it into one would take longer than counting it.
        counts = {name: int(mark.sum()) for name, mark in marks.items()}
        counts |= {"accounts": slots["account"].nunique(), "persons": slots.loc[here, "person"].nunique()}
        table = pd.DataFrame([counts])
    else:
        account, person = slots["account"].astype(object), slots["person"].where(here)
        parts = pd.DataFrame({**marks, "account": account, "person": person}, index=slots.index).groupby(
            [slots[column] for column in by], observed=True, sort=True
        )
        distinct = {"accounts": parts["account"].nunique(), "persons": parts["person"].nunique()}
        table = parts[list(marks)].sum().assign(**distinct)
    return _with_rates(table[list(COUNTS)]).reset_index(drop=not by)


def _with_rates(table: pd.DataFrame) -> pd.DataFrame:
    required = table["required"].where(table["required"] > 0)
    rates = {f"{name}_rate": table[name] / required for name in CONDITIONS}
    index = 100 * (0.5 * rates["named_rate"] + 0.25 * rates["represented_rate"] + 0.25 * rates["favorable_rate"])
    return table.assign(**rates, success_index=index)


def blind_roles(slots: pd.DataFrame) -> pd.DataFrame:
    """Which required roles do we know nobody in?

    Returns
    -------
    DataFrame
        One row a role, in the template's order: ``role level required known`` and the number of slots exactly on each
        rung, ``rung_0`` … ``rung_5``.
    """
    counted = slots.loc[slots["counted"]]
    exact = {f"rung_{r}": (counted["rung"] == r).astype(int) for r in range(6)}
    frame = counted[["role", "level", "role_order"]].assign(
        required=1, known=(counted["rung"] >= Rung.KNOWN).astype(int), **exact
    )
    named = {"level": ("level", "first"), "order": ("role_order", "min")}
    sums = {name: (name, "sum") for name in ("required", "known", *exact)}
    table = frame.groupby("role", observed=True).agg(**named, **sums).reset_index()
    level = table["level"].map({"executive": 0, "manager": 1, "practitioner": 2})
    return (
        table.assign(_level=level)
        .sort_values(["_level", "order", "role"])
        .drop(columns="_level")
        .reset_index(drop=True)
    )


def open_slots(slots: pd.DataFrame) -> pd.DataFrame:
    """Which accounts have the most slots still open?

    Returns
    -------
    DataFrame
        One row an account: ``account account_name focus value required known open``; focus accounts first, then by
        open slots, value and key.
    """
    counted = slots.loc[slots["counted"]].assign(known=lambda f: (f["rung"] >= Rung.KNOWN).astype(int), required=1)
    table = (
        counted.groupby("account", observed=True)
        .agg(
            account_name=("account_name", "first"),
            focus=("focus", "first"),
            value=("value", "first"),
            required=("required", "sum"),
            known=("known", "sum"),
        )
        .reset_index()
        .astype({"account": object})
    )
    table["open"] = table["required"] - table["known"]
    order = ["focus", "open", "value", "account"]
    return table.sort_values(order, ascending=[False, False, False, True]).reset_index(drop=True)

"""The baseline of bench/workbook.py: the same rows as a plain grid of ipywidgets, saved through the same face."""

from __future__ import annotations

import ipywidgets as w

import coverage_kit
from coverage_kit.store.entities import Account, Staff

DISPOSITIONS = [("–", None), ("favorable", "favorable"), ("neutral", "neutral"), ("negative", "negative")]


def build() -> w.Widget:
    ws = coverage_kit.open_workspace()
    accounts = [row for row in ws.ledger.as_of(Account) if row.owner_id]
    staff = [("–", None), *((row.name, row.id) for row in ws.ledger.as_of(Staff))]
    state = {"filling": False, "saved": 0}
    told = w.Label("ready")
    told.add_class("bench-told")
    choose = w.Select(options=[(row.name, row.id) for row in accounts], layout={"width": "260px", "height": "600px"})
    choose.add_class("bench-choose")
    rows = [
        (
            w.Label(),
            w.Text(continuous_update=False),
            w.Dropdown(options=staff),
            w.Checkbox(indent=False),
            w.Checkbox(indent=False),
            w.ToggleButtons(options=DISPOSITIONS),
            w.Text(placeholder="YYYY-MM-DD", continuous_update=False),
        )
        for _ in range(12)
    ]
    roles = [""] * 12

    def fill(_: object = None) -> None:
        state["filling"] = True
        from coverage_kit.workbook.model.page import read_page

        page = read_page(ws, choose.value)
        for i, (slot, (role, name, ours, meet, deliver, mood, seen)) in enumerate(zip(page.slots, rows, strict=False)):
            roles[i] = slot["role"]
            role.value = slot["role"]
            name.value = (slot["holder"] or {}).get("name") or ""
            ours.value = slot["representative"]
            meet.value, deliver.value = bool(slot["can_meet"]), bool(slot["can_deliver"])
            mood.value = slot["disposition"]
            seen.value = slot["verified_on"] or ""
        state["filling"] = False
        told.value = f"shown {choose.value}"

    def save(i: int, change: dict[str, object]) -> None:
        if not state["filling"]:
            ws.edit_slot(choose.value, roles[i], disposition=change["new"])
            state["saved"] += 1
            told.value = f"saved {state['saved']}"

    for i, row in enumerate(rows):
        row[5].observe(lambda change, i=i: save(i, change), "value")
    choose.observe(fill, "value")
    fill()
    return w.HBox([choose, w.VBox([told, *(w.HBox(list(row)) for row in rows)])])

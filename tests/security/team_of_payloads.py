"""A team in which every text that a screen shows is a payload, so that ten accounts show the whole corpus."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from coverage_kit import init_workspace
from coverage_kit.domain.identifiers import name_key
from coverage_kit.store import Change
from coverage_kit.workspace import Workspace
from tests.security.payloads import payloads

PAYLOADS = payloads()
NOON = round(datetime(2026, 11, 18, 3, tzinfo=UTC).timestamp() * 1000)
N_ROLES = 12
N_ACCOUNTS = -(-len(PAYLOADS) // N_ROLES)


def build(path: Path) -> None:
    """Write the team: role lists, accounts, people with cards, ties and voices, commitments, and colleagues."""
    with init_workspace(path, lang="en", actor="ann", clock=lambda: NOON) as ws:
        ws.ledger.save([Change("staff", rep, _colleague(PAYLOADS[n])) for n, rep in enumerate(("ann", "bob"))])
        ws.ledger.save([Change("staff", f"s{n}", _colleague(text, "support")) for n, text in enumerate(PAYLOADS)])
        offering = json.dumps(dict.fromkeys(("ko", "en"), PAYLOADS[2]))
        ws.ledger.save([Change("offering", "o", {"name": offering, "active": 1})])
        for k in range(N_ACCOUNTS):
            mine = range(k * N_ROLES, min((k + 1) * N_ROLES, len(PAYLOADS)))
            ws.ledger.save(_account(k, list(mine)))


def _colleague(name: str, function: str = "rep") -> dict[str, object]:
    return {"name": name, "function": function}


def _account(k: int, mine: list[int]) -> list[Change]:
    key, first = f"a{k}", PAYLOADS[mine[0]]
    industry, segment, region = (PAYLOADS[(mine[0] + n) % len(PAYLOADS)] for n in (1, 2, 3))
    roles = [_role(n) for n in mine]
    body = {"key": f"t{k}", "title": dict.fromkeys(("ko", "en"), first), "freshness_days": 180, "roles": roles}
    account: dict[str, object] = {
        "name": first,
        "name_key": name_key(first),
        "industry": industry,
        "segment": segment,
        "region": region,
        "owner_id": "bob" if k % 4 == 3 else "ann",
        "pinned_lists": f'["t{k}"]',
        "status": "active",
        "value": float(N_ACCOUNTS - k),
        "focus": 1,
    }
    changes = [Change("template", f"t{k}", {"body": json.dumps(body)}), Change("account", key, account)]
    for n in mine:
        changes += _person(key, n, first=mine[0])
    return changes


def _role(n: int) -> dict[str, object]:
    in_both = dict.fromkeys(("ko", "en"), PAYLOADS[n])
    words = {"title": in_both, "value": in_both, "aliases": {"ko": [PAYLOADS[n]], "en": []}}
    return {"key": f"r{n}", "level": "manager", "function": "general", **words}


def _person(account: str, n: int, first: int) -> list[Change]:
    """One holder with all that is known of a person; every third position is open."""
    text = PAYLOADS[n]
    rep = "bob" if account in ("a3", "a7") else "ann"
    employment: dict[str, object] = {"person_id": f"p{n}", "account_id": account, "title": text, "department": text}
    about = {"account_id": account, "person_id": f"p{n}", "body": text}
    slot: dict[str, object] = {"account_id": account, "role": f"r{n}", "status": "open"}
    if n % 3:
        slot |= {"employment_id": f"e{n}", "representative_id": f"s{n}", "disposition": "negative"}
        slot |= {"can_meet": 1, "grounds_note": f"g{n}"}
    commitment = {"chain_id": f"c{n}", "account_id": account, "role": f"r{n}", "employment_id": f"e{n}"}
    commitment |= {"kind": "verify", "owner_id": f"s{n}", "rep_id": rep, "due_on": "2026-11-20", "action_note": f"d{n}"}
    changes = [
        Change("person", f"p{n}", {"name": text, "name_key": name_key(text), "phone": text, "email": text}),
        Change("employment", f"e{n}", employment),
        Change("note", f"g{n}", {**about, "kind": "grounds"}),
        Change("note", f"d{n}", {**about, "kind": "action"}),
        Change("note", f"v{n}", {**about, "kind": "complaint"}),
        Change("slot", f"{account}:r{n}", slot),
        Change("commitment", f"c{n}", commitment),
    ]
    if n > first:
        tie = {"account_id": account, "from_employment": f"e{n}", "to_employment": f"e{first}", "kind": "influences"}
        changes.append(Change("tie", f"x{n}", tie))
    return changes


def give_a_leader(ws: Workspace) -> None:
    """Add a manager, a must-win account, work that was pushed aside, people who may be the same, and verified positions."""
    boss: dict[str, object] = {"name": PAYLOADS[3], "login": "boss", "function": "manager"}
    led = [Change("staff", rep, {"manager_id": "boss"}) for rep in ("ann", "bob")]
    ws.ledger.save([Change("staff", "boss", boss), *led, *(each for n in range(1, 12) for each in _twin(n))])
    ws.coaching.must_win.star("a0")
    work = ws.coaching.commitments
    work.settle("c1", "not_kept", reason="pushed_aside")
    for n in (4, 5):
        work.add(work.draft_help("ann", "boss", action=PAYLOADS[n], scope=f"payload:{n}", account="a0"), confirmed=True)


def _twin(n: int) -> list[Change]:
    """Somebody of the same name at the same account, and a check of the first one."""
    text = PAYLOADS[n]
    job = {"person_id": f"q{n}", "account_id": "a0", "title": text, "department": text}
    check = {"verified_on": "2026-11-17", "verified_how": "call", "verified_by": "ann"}
    changes = [
        Change("person", f"q{n}", {"name": text, "name_key": name_key(text), "email": text}),
        Change("employment", f"f{n}", job),
    ]
    return [*changes, Change("slot", f"a0:r{n}", check)] if n % 3 else changes


def contacts_file() -> bytes:
    """A list of contacts with a payload in every cell that takes text, and in a heading."""
    import csv
    import io

    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(["Company", "Department", "Name", "Title", "Mobile", "E-mail", PAYLOADS[0]])
    for n, text in enumerate(PAYLOADS):
        lines.writerow([text, text, "" if n % 7 == 0 else text, text, text if n % 5 == 0 else "", "", text])
    return out.getvalue().encode("utf-8-sig")

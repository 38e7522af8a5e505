"""Contacts of a file against the people we know: people and employments, never a slot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import AccountStatus
from coverage_kit.exchange.namesakes import Reach, match_namesakes
from coverage_kit.exchange.plan import ImportPlan, Present, Row, account_id, template_ids
from coverage_kit.i18n import N_


@dataclass
class _Contact:
    """A row that can be used, and what it was found to be."""

    number: int
    account: str
    own: dict[str, Any]
    work: dict[str, Any]
    reach: Reach
    employment: str = ""
    is_new: bool = False


def plan_contacts(
    plan: ImportPlan,
    rows: list[tuple[int, dict[str, str]]],
    present: Present,
    default: str,
    new_id: Callable[[str], str],
) -> None:
    """Add to a plan what a file of contacts changes.

    A contact is the person of that name at that account whom nothing contradicts; where several could be meant, the
    row is not taken. The same person at another account needs evidence: the same e-mail or phone.
    """
    contacts = _usable(plan, rows, present, default)
    people: dict[str, Row] = {row["id"]: row for row in present["person"]}
    jobs = {row["id"]: row for row in present["employment"] if row["person_id"] in people}
    _match(plan, contacts, people, jobs, new_id)
    _apply(plan, contacts, people, jobs)
    seen = {contact.employment for contact in contacts}
    plan.counts["missing"] = sum(row["id"] not in seen and row["end_kind"] is None for row in present["employment"])


def _usable(plan: ImportPlan, rows: list[tuple[int, dict[str, str]]], present: Present, default: str) -> list[_Contact]:
    """The rows that name a person and one account; accounts that nobody has yet are added, to be confirmed."""
    accounts: dict[str, set[str]] = {}
    for row in present["account"]:
        accounts.setdefault(row["name_key"], set()).add(row["id"])
    keys = {row["id"] for row in present["account"]}
    contacts = []
    for number, row in rows:
        name, company = row.get("name") or _full_name(row), row.get("account", "")
        if not name or not company:
            missing = "name" if not name else "account"
            plan.reject(number, missing, f"contact.{missing}", "", N_("this cell is empty, and a contact needs it"))
            continue
        found = {company} if company in keys else accounts.get(name_key(company), set())
        if len(found) > 1:
            plan.reject(
                number, "account", "contact.account_several", company,
                N_("several accounts have this name: {keys}; give the key of one"), keys=sorted(found),
            )  # fmt: skip
            continue
        if not found:
            found = accounts[name_key(company)] = {account_id(company)}
            fields = {"name": company, "name_key": name_key(company), "status": AccountStatus.UNCONFIRMED.value}
            templates = template_ids(present, "", default)
            plan.add("account", account_id(company), {**fields, "focus": 0, "template_ids": templates})
            plan.count("accounts_added")
        email, phone = row.get("email") or None, row.get("phone") or None
        own = {"name": name, "name_key": name_key(name), "email": email, "phone": phone}
        work = {"title": row.get("title") or None, "department": row.get("department") or None}
        contacts.append(_Contact(number, next(iter(found)), own, work, Reach.of(email, phone)))
    return contacts


def _match(
    plan: ImportPlan,
    contacts: list[_Contact],
    people: dict[str, Row],
    jobs: dict[str, dict[str, Any]],
    new_id: Callable[[str], str],
) -> None:
    """Find the employment of every contact, or make one; those that could be several people are rejected."""
    groups: dict[tuple[str, str], list[_Contact]] = {}
    for contact in contacts:
        groups.setdefault((contact.account, contact.own["name_key"]), []).append(contact)
    known: dict[tuple[str, str], list[str]] = {}
    elsewhere: dict[tuple[str, str], str] = {}
    for job in jobs.values():
        known.setdefault((job["account_id"], people[job["person_id"]]["name_key"] or ""), []).append(job["id"])
    for person in people.values():
        _remember(elsewhere, person["id"], person["name_key"] or "", Reach.of(person["email"], person["phone"]))
    for key, group in groups.items():
        here = known.get(key, [])
        reaches = [Reach.of(*(people[jobs[job]["person_id"]][f] for f in ("email", "phone"))) for job in here]
        made: dict[int, str] = {}
        for contact, which in zip(group, match_namesakes([c.reach for c in group], reaches), strict=True):
            if which is None:
                plan.reject(
                    contact.number, "name", "contact.several", contact.own["name"],
                    N_("several people of this name are at this account; an e-mail or phone number says which"),
                )  # fmt: skip
            elif which < len(here):
                contact.employment = here[which]
            elif which in made:
                contact.employment = made[which]
            else:
                contact.is_new = True
                contact.employment = made[which] = new_id("em")
                person_id = _find_elsewhere(elsewhere, key[1], contact.reach)
                if person_id is None:
                    person_id = new_id("pe")
                    people[person_id] = {"id": person_id, **contact.own}
                    plan.add("person", person_id, contact.own)
                    _remember(elsewhere, person_id, key[1], contact.reach)
                job = {"person_id": person_id, "account_id": contact.account, **contact.work}
                jobs[contact.employment] = {"id": contact.employment, **job}
                plan.add("employment", contact.employment, job)


def _apply(plan: ImportPlan, contacts: list[_Contact], people: dict[str, Row], jobs: dict[str, dict[str, Any]]) -> None:
    """Write what each contact changes, in the file's order; a row that says otherwise than one before is rejected."""
    said: dict[str, dict[str, tuple[int, str]]] = {}
    # A new person's first row is the one that made it, wherever it stands.
    for contact in sorted(contacts, key=lambda c: (not c.is_new, c.number)):
        if not contact.employment:
            continue
        before = said.setdefault(contact.employment, {})
        told = {**contact.work, "email": contact.own["email"], "phone": contact.own["phone"]}
        told = {name: value for name, value in told.items() if value}
        other = next(
            (n for n, value in told.items() if n in before and name_key(before[n][1]) != name_key(value)), None
        )
        if other is not None:
            plan.reject(
                contact.number, other, "contact.contradicts", told[other],
                N_("row {other} says otherwise of the same person; keep the one that is right"),
                other=before[other][0],
            )  # fmt: skip
            continue
        # What a row before has said, this one only repeats, if in another spelling.
        fields = {**contact.own, **contact.work}
        fields = {name: value for name, value in fields.items() if name not in before and value}
        if before:
            fields = {name: value for name, value in fields.items() if name not in ("name", "name_key")}
        job = jobs[contact.employment]
        person = people[job["person_id"]]
        own = {name: fields[name] for name in contact.own if name in fields}
        work = {name: fields[name] for name in contact.work if name in fields}
        changed = plan.merge("person", job["person_id"], own, person)
        changed |= plan.merge("employment", job["id"], work, job)
        plan.count("added" if contact.is_new else "changed" if changed else "unchanged")
        before |= {name: (contact.number, value) for name, value in told.items() if name not in before}
        people[job["person_id"]] = {**person, **own}
        job |= work


def _remember(elsewhere: dict[tuple[str, str], str], person_id: str, name: str, reach: Reach) -> None:
    for way in (reach.email, reach.phone):
        if way:
            elsewhere.setdefault((name, way), person_id)


def _find_elsewhere(elsewhere: dict[tuple[str, str], str], name: str, reach: Reach) -> str | None:
    return elsewhere.get((name, reach.email)) or elsewhere.get((name, reach.phone))


def _full_name(row: dict[str, str]) -> str:
    first, last = row.get("first_name", ""), row.get("last_name", "")
    # A Korean name is written family name first, without a blank.
    return f"{last}{first}" if any("가" <= c <= "힣" for c in last) else f"{first} {last}".strip()

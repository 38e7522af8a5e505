"""What importing a file would change: a plan against what is there, which the caller saves or only shows.

A plan never deletes, never blanks a field, never touches a slot: who is known is for a person to say.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coverage_kit.domain.identifiers import clean_text, name_key
from coverage_kit.domain.vocabulary import AccountStatus, StaffFunction
from coverage_kit.errors import BadInput
from coverage_kit.exchange.table_files import Problem, TableFile, map_header, read_table
from coverage_kit.i18n import N_, texts

Row = Mapping[str, Any]
_NUMBER = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d{1,18})(\.\d+)?", re.ASCII)
Present = Mapping[str, list[dict[str, Any]]]

#: Our columns and the names under which they are met in files.
COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "accounts": {
        "key": ("Symbol", "Account ID", "customerID", "고객사 코드", "거래처코드", "종목코드", "코드", "id"),
        "name": ("Security", "Account Name", "Company name", "companyName", "고객사", "회사명", "거래처명", "회사"),
        "industry": ("GICS Sector", "업종", "산업"),
        "segment": ("GICS Sub-Industry", "세그먼트", "구분"),
        "region": ("Headquarters Location", "Address 1: City", "지역", "소재지"),
        "value": ("Annual Revenue", "매출", "가치", "연매출"),
        "owner": ("Owner", "담당", "담당 영업", "담당자", "영업담당", "Account Owner", "rep"),
    },
    "contacts": {
        "account": (
            "companyName",
            "Company name",
            "Account Name",
            "ACCOUNT.NAME",
            "Company",
            "회사",
            "회사명",
            "고객사",
            "거래처명",
        ),
        "name": ("contactName", "Full Name", "이름", "성명", "고객 이름", "고객명"),
        "first_name": ("First Name", "FIRST_NAME", "FirstName"),
        "last_name": ("Last Name", "LAST_NAME", "LastName"),
        "title": ("contactTitle", "Job Title", "직책", "직위", "직함"),
        "department": ("부서", "소속"),
        "email": ("이메일", "메일", "E-mail", "Email Address"),
        "phone": ("휴대폰", "휴대전화", "전화", "Mobile Phone", "Phone Number", "연락처", "유선전화"),
    },
    "staff": {
        "key": ("login", "사번", "아이디", "id"),
        "name": ("이름", "성명"),
        "function": ("역할", "직무"),
        "manager": ("관리자", "팀장", "manager_id"),
    },
}
_REQUIRED = {"accounts": ("name",), "contacts": ("account",), "staff": ("key",)}


@dataclass
class ImportPlan:
    """What would be written, what was counted, and what cannot be used."""

    table: TableFile
    changes: list[tuple[str, str, dict[str, Any], bool]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, Any] = field(default_factory=dict)

    def count(self, what: str, n: int = 1) -> None:
        """Add to a count."""
        self.counts[what] = self.counts.get(what, 0) + n


def plan_import(
    kind: str,
    path: Path,
    present: Present,
    *,
    mapping: Mapping[str, str],
    default_template: str,
    new_id: Callable[[str], str],
    lang: str = "en",
) -> ImportPlan:
    """What would importing this file change?

    Parameters
    ----------
    kind : str
        ``accounts``, ``contacts`` or ``staff``.
    path : Path
    present : mapping
        The present rows of ``account person employment template staff``.
    mapping : mapping
        Their column to ours.
    default_template : str
        For accounts that no template claims by its industries.
    new_id : callable
        Makes an id from a prefix.
    lang : str
        Language of the problems' messages.

    Returns
    -------
    ImportPlan
        ``changes`` are ``(entity, id, fields, is_new)``.
    """
    table = read_table(path)
    plan = ImportPlan(table)
    found = map_header(table, COLUMNS[kind], _REQUIRED[kind], mapping, path.name)
    if kind == "contacts" and "name" not in found and "last_name" not in found:
        raise BadInput(
            "import.column_missing",
            N_('{file}: no column for {lacking}; the file has {header}. Say which it is: --map "{example}={first}"'),
            file=path.name, lacking=["name"], header=table.header, example=table.header[0], first="name",
        )  # fmt: skip
    rows = list(_rows(plan, found, lang))
    for name in ("added", "changed", "unchanged", "accounts_added", "missing"):
        plan.counts[name] = 0
    {"accounts": _plan_accounts, "contacts": _plan_contacts, "staff": _plan_staff}[kind](
        plan, rows, present, default_template, new_id, lang
    )
    plan.counts |= {
        "rows": len(table.rows),
        "rejected": len({problem.row for problem in plan.problems if problem.code != "owner.unknown"}),
        "encoding": "utf-8",
        "layout": kind,
        "rejects_file": None,
    }
    return plan


def _rows(plan: ImportPlan, found: Mapping[str, int], lang: str) -> Iterable[tuple[int, dict[str, str]]]:
    """The rows that can be read, in our columns; the others become problems."""
    header = plan.table.header
    for number, cells in plan.table.rows:
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            _reject(
                plan,
                number,
                "–",
                "row.too_long",
                "",
                N_("the row has more cells than the header; check its quotes"),
                lang,
            )
            continue
        row = {}
        for ours, i in found.items():
            try:
                row[ours] = clean_text(cells[i], header[i]) if i < len(cells) else ""
            except BadInput as exc:
                plan.problems.append(Problem(number, header[i], exc.code, "", exc.text(lang)))
                break
        else:
            yield number, row


def _plan_accounts(
    plan: ImportPlan, rows: list[tuple[int, dict[str, str]]], present: Present, default: str, new_id: Any, lang: str
) -> None:
    by_key = {row["id"]: row for row in present["account"]}
    by_name = {row["name_key"]: row for row in present["account"]}
    staff = {key: row["id"] for row in present["staff"] for key in (row["id"], row["name"])}
    seen: set[str] = set()
    for number, row in rows:
        name, key = row.get("name", ""), row.get("key", "")
        if not name:
            _reject(plan, number, "name", "account.name", "", N_("the account has no name"), lang)
            continue
        value = _number(row.get("value", ""))
        if value is None and row.get("value"):
            _reject(plan, number, "value", "account.value", row["value"], N_("this is not a number"), lang)
            continue
        before = by_key.get(key) if key else by_name.get(name_key(name))
        found_only = by_name.get(name_key(name))
        if before is None and found_only is not None and found_only["id"] == account_id(found_only["name"]):
            # Met first without a key, in a contact list: it keeps the id it got there.
            before = found_only
        entity_id = before["id"] if before else key or account_id(name)
        if entity_id in seen:
            _reject(plan, number, "key", "account.twice", entity_id, N_("this account stands in the file twice"), lang)
            continue
        seen.add(entity_id)
        fields: dict[str, Any] = {"name": name, "name_key": name_key(name), "value": value}
        fields |= {column: row.get(column) or None for column in ("industry", "segment", "region")}
        owner = row.get("owner", "")
        if owner:
            fields["owner_id"] = staff.get(owner)
            if owner not in staff:
                _reject(
                    plan,
                    number,
                    "owner",
                    "owner.unknown",
                    owner,
                    N_("nobody of ours is called so; the account is taken without owner. Next: coverage-kit assign"),
                    lang,
                )
        if before is None:
            fields |= {
                "status": AccountStatus.ACTIVE.value,
                "focus": 0,
                "template_ids": _templates(present, row.get("industry", ""), default),
            }
        elif before["status"] == AccountStatus.UNCONFIRMED:
            fields["status"] = AccountStatus.ACTIVE.value
        _set(plan, "account", entity_id, fields, before)
    plan.counts["missing"] = sum(
        row["id"] not in seen for row in present["account"] if row["status"] == AccountStatus.ACTIVE
    )


def _plan_contacts(
    plan: ImportPlan, rows: list[tuple[int, dict[str, str]]], present: Present, default: str, new_id: Any, lang: str
) -> None:
    accounts = {key: row["id"] for row in present["account"] for key in (row["name_key"], row["id"])}
    people = {row["id"]: dict(row) for row in present["person"]}
    jobs: dict[tuple[str, str], list[dict[str, Any]]] = {}
    by_reach: dict[str, str] = {}
    for person in people.values():
        _remember_reach(by_reach, person)
    for row_ in present["employment"]:
        holder = people.get(row_["person_id"], {})
        jobs.setdefault((row_["account_id"], holder.get("name_key") or ""), []).append(dict(row_))
    seen: set[str] = set()
    for number, row in rows:
        name = row.get("name") or _full_name(row)
        company = row.get("account", "")
        if not name or not company:
            missing = "name" if not name else "account"
            _reject(
                plan, number, missing, f"contact.{missing}", "", N_("this cell is empty, and a contact needs it"), lang
            )
            continue
        account = accounts.get(company) or accounts.get(name_key(company))
        if account is None:
            account = accounts[name_key(company)] = account_id(company)
            fields = {
                "name": company,
                "name_key": name_key(company),
                "status": AccountStatus.UNCONFIRMED.value,
                "focus": 0,
            }
            plan.changes.append(
                ("account", account, {**fields, "template_ids": _templates(present, "", default)}, True)
            )
            plan.count("accounts_added")
        own = {
            "name": name,
            "name_key": name_key(name),
            "email": row.get("email") or None,
            "phone": row.get("phone") or None,
        }
        work = {"title": row.get("title") or None, "department": row.get("department") or None}
        job = next((j for j in jobs.get((account, name_key(name)), []) if _same(people[j["person_id"]], own)), None)
        if job is not None:
            seen.add(job["id"])
            person_id = job["person_id"]
            changed = _merge(plan, "person", person_id, own, people[person_id])
            changed |= _merge(plan, "employment", job["id"], work, job)
            # A second row of the same person in this file is compared with what the first one brought.
            people[person_id] |= {f: v for f, v in own.items() if v is not None}
            job |= {f: v for f, v in work.items() if v is not None}
            plan.count("changed" if changed else "unchanged")
            continue
        known = next(
            (
                by_reach[r]
                for r in _reaches(own)
                if r in by_reach and people[by_reach[r]]["name_key"] == own["name_key"]
            ),
            None,
        )
        person_id = known or new_id("pe")
        if known is None:
            people[person_id] = {"id": person_id, **own}
            plan.changes.append(("person", person_id, dict(own), True))
            _remember_reach(by_reach, people[person_id])
        made = {"id": new_id("em"), "person_id": person_id, "account_id": account, **work}
        jobs.setdefault((account, name_key(name)), []).append(made)
        seen.add(made["id"])
        plan.changes.append(("employment", made["id"], {k: v for k, v in made.items() if k != "id"}, True))
        plan.count("added")
    plan.counts["missing"] = sum(job["id"] not in seen for job in present["employment"] if job["end_kind"] is None)


def _plan_staff(
    plan: ImportPlan, rows: list[tuple[int, dict[str, str]]], present: Present, default: str, new_id: Any, lang: str
) -> None:
    before = {row["id"]: row for row in present["staff"]}
    words = {word.value for word in StaffFunction}
    for number, row in rows:
        function = row.get("function") or (before.get(row["key"], {}).get("function") or StaffFunction.REP.value)
        if not row["key"] or function not in words:
            column = "key" if not row["key"] else "function"
            _reject(
                plan,
                number,
                column,
                f"staff.{column}",
                row.get(column, ""),
                N_("a colleague needs a key, and a function: rep, manager, executive, support, service or coach"),
                lang,
            )
            continue
        fields = {
            "name": row.get("name") or row["key"],
            "login": row["key"],
            "function": function,
            "manager_id": row.get("manager") or None,
        }
        _set(plan, "staff", row["key"], fields, before.get(row["key"]))


def account_id(name: str) -> str:
    """The key of an account that came without one: the same name always gets the same."""
    digest = hashlib.sha256(name_key(name).encode()).digest()
    return "ac_" + base64.b32encode(digest).decode().lower()[:13]


def _set(plan: ImportPlan, entity: str, key: str, fields: dict[str, Any], before: Row | None) -> None:
    if before is None:
        plan.changes.append((entity, key, fields, True))
        plan.count("added")
    else:
        plan.count("changed" if _merge(plan, entity, key, fields, before) else "unchanged")


def _merge(plan: ImportPlan, entity: str, key: str, fields: Mapping[str, Any], before: Row) -> bool:
    """Write what differs; an empty cell never blanks what is known."""
    changed = {name: value for name, value in fields.items() if value is not None and value != before.get(name)}
    if changed:
        plan.changes.append((entity, key, changed, False))
    return bool(changed)


def _same(person: Row, own: Mapping[str, Any]) -> bool:
    """Whether a contact of the same name is the same person: nothing that both have contradicts it."""
    return all(not person.get(f) or not own[f] or _reach(person[f]) == _reach(own[f]) for f in ("email",)) and (
        bool(person.get("email")) == bool(own["email"])
        or not (person.get("phone") and own["phone"])
        or _reach(person["phone"]) == _reach(own["phone"])
    )


def _reach(text: str) -> str:
    return text.casefold() if "@" in text else "".join(c for c in text if c.isdigit())


def _reaches(person: Row) -> list[str]:
    return [_reach(person[f]) for f in ("email", "phone") if person.get(f) and _reach(person[f])]


def _remember_reach(by_reach: dict[str, str], person: Row) -> None:
    for reach in _reaches(person):
        by_reach.setdefault(reach, person["id"])


def _full_name(row: Mapping[str, str]) -> str:
    first, last = row.get("first_name", ""), row.get("last_name", "")
    # A Korean name is written family name first, without a blank.
    return f"{last}{first}" if any("가" <= c <= "힣" for c in last) else f"{first} {last}".strip()


def _templates(present: Present, industry: str, default: str) -> str:
    claimed = [
        row["id"]
        for row in present["template"]
        if industry
        and industry.casefold() in {i.casefold() for i in json.loads(row["body"])["applies_to"]["industries"]}
    ]
    return json.dumps(claimed or [default])


def _number(text: str) -> float | None:
    # 1,23 and 1.234,56 can be read in two ways, so they are not read at all.
    return float(text.replace(",", "")) if _NUMBER.fullmatch(text) else None


def _reject(plan: ImportPlan, row: int, column: str, code: str, value: str, message: str, lang: str) -> None:
    plan.problems.append(Problem(row, column, code, value, texts(lang)(message)))

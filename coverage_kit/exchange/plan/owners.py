"""Our own people whom an export names: those we do not know yet become staff to be confirmed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from coverage_kit.domain.teams import is_team
from coverage_kit.exchange.plan.cells import PLACEHOLDERS, is_nothing, plain_word
from coverage_kit.exchange.plan.import_plan import ImportPlan, Row
from coverage_kit.exchange.plan.person_names import is_several
from coverage_kit.i18n import N_

#: Names of owners that are nobody's, without blanks and signs.
_NOBODY = frozenset(
    "noowner unassigned notassigned unowned nobody none deactivateduser formeruser inactiveuser system systemadministrator "
    "vacant tbd x 담당자없음 담당없음 담당자미정 미배정 미할당 미지정 미정 없음 공석 결원 공란 퇴사 퇴사자 퇴직 퇴직자 "
    "admin administrator integrationuser apiuser automatedprocess nichtzugewiesen keine nonassigné aucun "
    "담당영업없음 영업담당없음 담당영업미정 관리자 시스템 시스템관리자 공용 공통 대기 임시 테스트 하우스 noone root bot owner default "
    "houseaccount house web website api queue test guest chatterexpert dataloader sysadmin "
    "未割当 未割り当て 担当なし 担当者なし 未定 未分配 未分配负责人 无".split()
)
#: Users that programs make for themselves, and queues: Site Guest User, Salesforce Admin, Support Queue.
_PROGRAM = re.compile(
    r"(?:system|sys|api|integration|guest|site|default|test|marketing|security|insights|analytics|cloud|platform|data|"
    r"migration|crm|salesforce|sfdc|hubspot|dynamics|web|super|service|automated)+"
    r"(?:user|admin|administrator|owner|integration|migration|account|process)\d*|.+queue"
)
#: A user of the other program who has been switched off: Deactivated user (Kim).
_SWITCHED_OFF = re.compile(r"(?:deactivated|inactive|former|deleted) user\b.*", re.IGNORECASE)
#: A colleague who has left, as a list marks it: 김영업(퇴사).
_HAS_LEFT = re.compile(r".*[(\[]\s*(?:퇴사자?|퇴직자?|former|inactive|deactivated|left)\s*[)\]]\s*", re.IGNORECASE)
_BRACKETED = re.compile(r"(.*?)\s*[(<\[]\s*([^()<>\[\]\s]+@[^()<>\[\]\s]+)\s*[)>\]]\s*")


class Owners:
    """Finds one of our people by key, login, address or name; somebody unknown becomes staff without a function."""

    def __init__(self, plan: ImportPlan, staff: Iterable[Row]) -> None:
        self._plan = plan
        self._known: dict[str, set[str]] = {}
        self._first: dict[str, set[str]] = {}
        self._keys: set[str] = set()
        for row in staff:
            self._add(row["id"], row["id"], row["login"] or "", row["name"] or "")

    def find(self, number: int, name: str) -> str | None:
        """The id of an owner; None where nobody is named, or several have this name."""
        if not name or name in PLACEHOLDERS:
            return None
        name = self._plan.owners.get(name, name)
        found = self._find(name)
        if len(found) > 1:
            self._plan.leave_out(
                number, "owner", "owner.several", name,
                N_("several colleagues have this name; write the key of one: {keys}"), keys=sorted(found),
            )  # fmt: skip
            return None
        if not found and is_nobodys(_without_address(name)):
            return None
        if not found and is_team(_without_address(name)):
            self._plan.notice(
                number, "owner", "owner.team", name,
                N_("this owner is a team and no colleague; the account is taken without an owner"),
            )  # fmt: skip
            return None
        if not found and is_several(name):
            self._plan.leave_out(
                number, "owner", "owner.two_people", name,
                N_("this cell names several owners, and an account has one; write whose account it is"),
            )  # fmt: skip
            return None
        if not found and _HAS_LEFT.fullmatch(name):
            self._plan.notice(
                number, "owner", "owner.left", name,
                N_("the file marks this owner as gone; the account is taken without an owner"),
            )  # fmt: skip
            return None
        if not found:
            shown, address = _without_address(name), _address(name)
            key = address or shown
            self._plan.add("staff", key, {"name": shown or key, "login": key, "function": None})
            self._plan.notice(
                number, "owner", "owner.to_confirm", name,
                N_("no colleague has this name yet; added as one to be confirmed. Next: import the list of your own people"),
            )  # fmt: skip
            self._plan.count("staff_added")
            self._add(key, key, shown)
            found = {key}
        return next(iter(found))

    def lookup(self, name: str) -> str | None:
        """The id of the colleague who has this name."""
        found = self._find(name) if name else set()
        return next(iter(found)) if len(found) == 1 else None

    def _add(self, key: str, *names: str) -> None:
        self._keys.add(key)
        for name in {*names} - {""}:
            self._known.setdefault(name.casefold(), set()).add(key)
            self._first.setdefault(re.split(r"[\s@.]", name.casefold())[0], set()).add(key)

    def _find(self, name: str) -> set[str]:
        if name in self._keys:
            return {name}
        for spelling in _spellings(name):
            if found := self._known.get(spelling.casefold()):
                return found
        first = self._first.get(name.casefold(), set())
        return first if len(first) == 1 else set()


def is_nobodys(name: str) -> bool:
    """Whether an owner is nobody: none assigned, a user that a program made, or one who was switched off."""
    plain = plain_word(name)
    return (
        is_nothing(name)
        or plain in _NOBODY
        or _PROGRAM.fullmatch(plain) is not None
        or _SWITCHED_OFF.fullmatch(name) is not None
    )


def _spellings(name: str) -> Iterator[str]:
    """The ways one name is written: with an address in brackets, or the family name first."""
    yield name
    if address := _address(name):
        yield address
    plain = _without_address(name)
    yield plain
    last, comma, first = plain.partition(",")
    if comma:
        yield f"{first.strip()} {last.strip()}"
        yield f"{last.strip()}{first.strip()}"


def _address(name: str) -> str:
    found = _BRACKETED.fullmatch(name)
    return found[2] if found else ""


def _without_address(name: str) -> str:
    found = _BRACKETED.fullmatch(name)
    return found[1].strip() if found else name

"""The figures of one colleague's page; each is a function of the workspace as it is now, and nothing is written."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from coverage_kit.coaching import Coaching, Commitment, Draft, person_events, tries_since
from coverage_kit.coaching.commitments.load import staff_name
from coverage_kit.coaching.commitments.steps import RequestStep, StepKind
from coverage_kit.coaching.context import LoadHistory
from coverage_kit.domain.quarter import MUST_WIN_PLACES
from coverage_kit.domain.reporting_line import everybody_under
from coverage_kit.domain.vocabulary import Rung, StaffFunction
from coverage_kit.i18n import LANGUAGES
from coverage_kit.role_lists.merging import RoleLists
from coverage_kit.role_lists.model import in_language
from coverage_kit.role_lists.slot_state import DUE, Freshness, urgency
from coverage_kit.rules.lookup import role_lists
from coverage_kit.store.entities import Account, Slot, Staff
from coverage_kit.workbook.model.cards import card_view
from coverage_kit.workbook.model.commitments import coaching_by_language, history_once, step_view
from coverage_kit.workbook.model.page import read_pages, role_titles
from coverage_kit.workbook.model.responses import (
    Bilingual,
    ClimbedView,
    DepthView,
    DoorView,
    FocusView,
    MustWinView,
    MyCommitment,
    MyPerson,
    PushedView,
    RequestStepView,
    SlotView,
)

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

#: Titles of unknown positions that are named for an account, and people whom a helper is asked about.
_UNKNOWN, _PEOPLE = 4, 5
#: For how long a request is named that went on without an answer.
_WEEKS_SHOWN = 4
#: For how long nobody is asked about a person who was confirmed.
_RESTS_DAYS = 28


class MyFigures:
    """What one colleague's page shows.

    Parameters
    ----------
    ws : Workspace
    who : str
        Id of the colleague.
    most : int
        How many doors, and how much work to decide about, is shown.
    load : LoadHistory, optional
        Reads the history; once for this page by default.
    """

    def __init__(self, ws: Workspace, who: str, *, most: int, load: LoadHistory | None = None) -> None:
        self._ws = ws
        self._who = who
        self._most = most
        self._coaching: dict[str, Coaching] = coaching_by_language(ws, load=load or history_once(ws))
        #: For what reads the same in every language.
        self._any = next(iter(self._coaching.values()))

    # Commitments --------------------------------------------------------------------------------------------------

    def commitments(self) -> dict[str, list[MyCommitment]]:
        """One's own open commitments: ``overdue``, ``asked`` of one and not answered, and ``open`` ones."""
        own = {lang: one.commitments.find(owner=self._who) for lang, one in self._coaching.items()}
        listed = next(iter(own.values()))
        steps = self._any.commitments.steps([each.id for each in listed])
        parts: dict[str, list[MyCommitment]] = {"overdue": [], "asked": [], "open": []}
        for n, each in enumerate(listed):
            state = "asked" if each.needs_answer else "overdue" if each.state == "overdue" else "open"
            task = {lang: said[n].task for lang, said in own.items()}
            parts[state].append(self._commitment(each, task, self._came(steps[each.id])))
        return parts

    def climbed(self) -> list[ClimbedView]:
        """What went on to a superior in the last weeks because this colleague had not answered; the last one first."""
        commitments = self._any.commitments
        since = self._ws.today() - timedelta(weeks=_WEEKS_SHOWN)
        found: list[ClimbedView] = []
        for key, steps in commitments.steps(commitments.owned_before(self._who)).items():
            last = next((each for each in reversed(steps) if each.before == self._who), None)
            if last is None or last.kind is not StepKind.CLIMBED or last.on < since:
                continue
            to = staff_name(self._staff, last.owner)
            found.append({"commitment": key, "task": {}, "on": last.on.isoformat(), "to": to})
        tasks = self._tasks(each["commitment"] for each in found)
        for each in found:
            each["task"] = tasks[each["commitment"]]
        return sorted(found, key=lambda each: (each["on"], each["commitment"]), reverse=True)

    def _came(self, steps: Sequence[RequestStep]) -> RequestStepView | None:
        """How it came here, where a colleague other than a rep had it before."""
        last = next((step for step in reversed(steps) if step.owner == self._who and step.before), None)
        before = self._staff.get(last.before or "") if last else None
        if last is None or before is None or before.function == StaffFunction.REP:
            return None
        return step_view(last, self._staff)

    def _commitment(self, each: Commitment, task: Bilingual, came: RequestStepView | None) -> MyCommitment:
        return {
            "id": each.id,
            "version": each.version,
            "task": task,
            "account_name": each.account_name,
            "value": self._value(each),
            "due_on": each.due_on.isoformat(),
            "days_late": each.days_late,
            "carried": each.carried,
            "note": each.value,
            "reply_by": each.reply_by.isoformat() if each.reply_by else None,
            "climbs_to": each.climbs_to_name,
            "came": came,
        }

    def _tasks(self, commitments: Iterable[str]) -> dict[str, Bilingual]:
        """What each commitment (id) is to bring about, by language."""
        keys = list(commitments)
        by_language = {lang: one.commitments.tasks(keys) for lang, one in self._coaching.items()}
        return {key: {lang: tasks[key] for lang, tasks in by_language.items()} for key in keys}

    def _value(self, each: Commitment) -> Bilingual | None:
        """What the role usually cares about."""
        account = self._ws.ledger.find(Account, each.account)
        body = self._lists.role_of(account, each.role) if each.role else None
        return {lang: in_language(body["value"], lang) for lang in LANGUAGES} if body and body["value"] else None

    @cached_property
    def _lists(self) -> RoleLists:
        return role_lists(self._ws.ledger)

    # What a leader decides ------------------------------------------------------------------------------------------

    def doors(self) -> list[DoorView]:
        """The places that only this colleague can move."""
        one = self._any
        found = one.leaders.doors(self._who, limit=self._most)
        title = role_titles(self._ws.ledger, [each.draft.account or "" for each in found])
        gaps = [one.commitments.gap(each.draft.account or "", each.draft.role or "") for each in found]
        return [
            {
                "account": gap.account,
                "role": gap.role,
                "task": self._task_of(each.draft),
                "account_name": gap.account_name,
                "role_title": title(gap.account, gap.role),
                "is_known": gap.holder is not None,
                "asked": each.asked,
                "carried": each.carried,
            }
            for each, gap in zip(found, gaps, strict=True)
        ]

    def pushed(self) -> PushedView:
        """What kept the team from its commitments, and what waits for a decision."""
        found = self._any.leaders.pushed_aside(self._who, most=self._most)
        waiting = found.waiting
        tasks = self._tasks(each.id for each in waiting)
        return {
            "reps": found.reps,
            "reasons": {reason.value: n for reason, n in found.reasons.items()},
            "waiting": [
                {
                    "commitment": each.id,
                    "task": tasks[each.id],
                    "carried": each.carried,
                }
                for each in waiting
            ],
        }

    def stars_accounts(self) -> bool:
        """Whether must-win accounts are this colleague's to choose; an executive leaves them to the managers."""
        leads_teams = self._team_leaders() != [self._who]
        is_executive = self._staff[self._who].function == StaffFunction.EXECUTIVE
        return not (is_executive and leads_teams) or bool(self._any.must_win.of(self._who))

    def must_win(self) -> MustWinView:
        """The must-win accounts of the leader, and how much work goes elsewhere."""
        must_win = self._any.must_win
        elsewhere, effort = must_win.effort_elsewhere(self._who)
        return {
            "quarter": str(must_win.quarter()),
            "most": MUST_WIN_PLACES,
            "accounts": self._depths(must_win.picture(self._who)),
            "elsewhere": elsewhere,
            "effort": effort,
        }

    def thin(self) -> list[DepthView]:
        """The largest accounts where no executive is known, or one person only."""
        return self._depths(self._any.leaders.thin_accounts(self._who))

    def focus(self) -> list[FocusView]:
        """The focus list of each rep."""
        table = self._any.leaders.focus(self._who)
        return [_focus_view(str(row["rep"]), self._staff, row) for row in table.to_dict("records")]

    def teams(self) -> list[FocusView]:
        """The focus lists of each team under an executive, added up: teams, and no rep by name."""
        return [
            _focus_view(team, self._staff, table[_COUNTS].sum().to_dict())
            for team, table in self._team_tables()
            if len(table)
        ]

    @cached_property
    def _staff(self) -> dict[str, Staff]:
        return {row.id: row for row in self._ws.ledger.as_of(Staff)}

    def _team_leaders(self) -> list[str]:
        """The nearest managers under this colleague; without one, the colleague."""
        managers = {key: row.manager_id for key, row in self._staff.items()}
        under = everybody_under(self._who, managers)
        found = [who for who in under if self._staff[who].function == StaffFunction.MANAGER]
        return found or [self._who]

    def _team_tables(self) -> Iterable[tuple[str, pd.DataFrame]]:
        leaders = self._any.leaders
        whole = leaders.focus(self._who)
        for team in self._team_leaders():
            yield team, whole.loc[whole["rep"].isin(leaders.reps_of(team))]

    def _task_of(self, draft: Draft) -> Bilingual:
        return {lang: one.commitments.task(draft) for lang, one in self._coaching.items()}

    def _depths(self, table: pd.DataFrame) -> list[DepthView]:
        accounts = table["account"].tolist()
        pages = read_pages(self._ws, accounts, lists=self._lists) if accounts else {}
        title = role_titles(self._ws.ledger, accounts)
        shown: list[DepthView] = []
        for row in table.to_dict("records"):
            slots = pages[row["account"]].slots
            unknown = [slot["role"] for slot in slots if slot["rung"] is not None and slot["rung"] < Rung.KNOWN]
            shown.append(
                {
                    "account": row["account"],
                    "account_name": row["account_name"],
                    "value": None if pd.isna(row["value"]) else float(row["value"]),
                    "required": row["required"],
                    "known": row["known"],
                    "executives": row["executives"],
                    "people": row["people"],
                    "one_person": row["one_person"],
                    "unknown": [title(row["account"], role) for role in unknown[:_UNKNOWN]],
                }
            )
        return shown

    # Whom a helper meets ------------------------------------------------------------------------------------------

    def people(self) -> list[MyPerson]:
        """Up to five people whom this colleague meets anyway, as our representative: due checks first, then the oldest."""
        ledger = self._ws.ledger
        mine = [slot for slot in ledger.as_of(Slot) if self._who == slot.representative_id]
        accounts = list(dict.fromkeys(slot.account_id for slot in mine))
        pages = read_pages(self._ws, accounts, lists=self._lists) if accounts else {}
        title = role_titles(ledger, accounts)
        found: dict[tuple[str, str], MyPerson] = {}
        for key, page in pages.items():
            happened = person_events(ledger, key)
            for slot in page.slots:
                holder = slot["holder"]
                if holder is None or slot["representative"] != self._who or not _may_be_asked(slot):
                    continue
                tries = tries_since(happened, holder["employment"], holder["verified_on"], self._ws.zone)
                card = card_view(key, page.account.name, slot, holder, tries)
                one = found.setdefault((key, holder["person"]), MyPerson(**card, titles=[]))
                one["roles"].append(slot["role"])
                one["titles"].append(title(key, slot["role"]))
        today = self._ws.today().isoformat()
        ranked = sorted(
            found.values(),
            key=lambda card: (
                card["tried_on"] == today,
                urgency(card["state"]),
                card["verified_on"] or "",
                card["person"],
            ),
        )
        return ranked[:_PEOPLE]


def _may_be_asked(slot: SlotView) -> bool:
    """Whether the check is due, or is some weeks old."""
    is_older = slot["state"] == Freshness.FRESH and (slot["age_days"] or 0) >= _RESTS_DAYS
    return slot["state"] in DUE or is_older


_COUNTS = ["accounts", "required", "known", "required_before", "known_before"]


def _focus_view(who: str, staff: dict[str, Staff], row: Mapping[Hashable, object]) -> FocusView:
    return {
        "id": who,
        "name": staff[who].name or who,
        "accounts": int(str(row["accounts"])),
        "required": int(str(row["required"])),
        "known": int(str(row["known"])),
        "required_before": int(str(row["required_before"])),
        "known_before": int(str(row["known_before"])),
    }

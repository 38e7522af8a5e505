"""The parts of both pages that come from coaching: why commitments were not kept, open voices, how far people are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from coverage_kit.coaching.commitments.draft import say, say_task
from coverage_kit.domain.coaching import (
    OUTCOME_LABELS,
    REASON_LABELS,
    ROUTE_LABELS,
    STAGE_LABELS,
    VOICE_LABELS,
    VOICES,
    CommitmentKind,
    NotKeptReason,
    Outcome,
    Route,
    Stage,
)
from coverage_kit.domain.value import VALUE_LABELS
from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.i18n import N_, N_n
from coverage_kit.measures import (
    answered,
    by_age,
    by_function,
    commitments,
    paths,
    reach,
    reasons,
    value_balance,
    value_by_kind,
    voices,
)
from coverage_kit.measures.routes import STILL_WEEKS
from coverage_kit.reporting.pages.section import Section
from coverage_kit.reporting.pages.sections import WeeklyReport
from coverage_kit.role_lists.model import in_language

_WEEKS = 8
_MOST = 8


@dataclass(frozen=True)
class CoachingWeekly(WeeklyReport):
    """One week with its commitments and voices."""

    @cached_property
    def committed(self) -> pd.DataFrame:
        """Commitments at the report's instant; on a rep's page those of the territory and those the rep owns."""
        table = commitments(self.history, self.at)
        if self.rep is None:
            return table
        return table.loc[(table["rep"] == self.rep) | (table["owner"] == self.rep)].reset_index(drop=True)

    @property
    def pushed_aside(self) -> Section:
        """Why commitments were not kept, and who carries the work."""
        t = self.t
        week = reasons(self.committed, self.before_at, self.at)
        span = reasons(self.committed, (self.week - _WEEKS).as_of(self.history.zone), self.at)
        rows = [
            [t(REASON_LABELS[NotKeptReason(key)]), t.number(week[key]), t.number(span[key])]
            for key in span.index
            if span[key]
        ]
        functions = by_function(self.committed, self.history.as_of("staff", self.at))
        others = functions.loc[functions["function"] != StaffFunction.REP.value, "n"].sum() if len(functions) else 0
        note = t(
            N_("Commitments owned by others than the reps: {rate} of all."),
            rate=t.rate(int(others), int(functions["n"].sum()) if len(functions) else 0),
        )
        return self._part(
            "small_table",
            f"{int(week.sum())} / {int(span.sum())}",
            t(N_("What came in between")),
            t(N_("Commitments that were not kept, by reason.")),
            [t(N_("Reason")), t(N_("This week")), t(N_("8 weeks"))],
            rows,
            t(N_("No commitment was missed in these 8 weeks.")),
            [note] if len(functions) else [],
        )

    @property
    def heard(self) -> Section:
        """Voices that wait for an answer, by age, and how long the answers took; the page does not quote them."""
        t = self.t
        waiting = voices(self.history, self.at, rep=self.rep)
        start = (self.week - _WEEKS).as_of(self.history.zone)
        open_ = by_age(waiting).set_index("kind").to_dict("index")
        closed = answered(self.history, self.at, start, rep=self.rep).set_index("kind").to_dict("index")
        rows = []
        for kind in [each for each in VOICES if each in open_ or each in closed]:
            own, done = open_.get(kind, {}), closed.get(kind)
            ages = [t.number(own.get(age, 0)) for age in ("week", "month", "older")]
            longest = t(N_n("{n} day", "{n} days"), n=int(own["oldest"])) if own else "–"
            took = (
                t(
                    N_n("{answered} in {n} day", "{answered} in {n} days"),
                    answered=int(done["answered"]),
                    n=round(float(done["days"])),
                )
                if done
                else "–"
            )
            rows.append([t(VOICE_LABELS[kind]), *ages, longest, took])
        notes = []
        if len(waiting):
            oldest = waiting.iloc[0]
            account = oldest["account_name"]
            notes.append(
                t(
                    N_n("The oldest waits {n} day: {account}.", "The oldest waits {n} days: {account}."),
                    n=int(oldest["days"]),
                    account=account,
                )
            )
        return self._part(
            "small_table",
            f"{len(waiting)}",
            t(N_("Voices that wait for an answer")),
            t(
                N_(
                    "Needs, complaints, suggestions and advice, by age. Answered: how many people heard in 8 weeks what was done, and the median time from hearing to telling."
                )
            ),
            [
                t(m)
                for m in (
                    N_("Voice"),
                    N_("a week at most"),
                    N_("a month at most"),
                    N_("longer"),
                    N_("the oldest"),
                    N_("Answered"),
                )
            ],
            rows,
            t(N_("Every voice has an answer.")),
            notes,
        )

    @property
    def valued(self) -> Section:
        """What people whom we can meet were given in 90 days; given and received stand apart."""
        t = self.t
        people = value_balance(self.history, self.at, rep=self.rep)
        without = people.loc[people["given"] == 0]
        rows = [
            [self.value_name(r["kind"]), t.number(r["given"]), t.number(r["received"])]
            for r in value_by_kind(self.history, self.at, rep=self.rep).to_dict("records")
        ]
        nothing = t.rate(len(without), len(people))
        notes: list[str] = [
            t(N_("People whom one of ours can meet, and who were given nothing in 90 days: {rate}."), rate=nothing)
        ]
        if self.rep is not None and len(without):
            named = [f"{self._person(r)} · {r['account_name']}" for r in without.head(_MOST).to_dict("records")]
            more = [t(N_("… and {n} more."), n=len(without) - _MOST)] if len(without) > _MOST else []
            notes.append(" / ".join([*named, *more]))
        return self._part(
            "small_table",
            nothing,
            t(N_("Value given")),
            t(N_("What people got from us in 90 days, and how much of it stands in their own words.")),
            [t(N_("Value")), t(N_("Given")), t(N_("In their own words"))],
            rows,
            t(N_("No value given is recorded in these 90 days.")),
            notes,
        )

    def value_name(self, kind: str) -> str:
        """A kind of value in the page's language: the team's own name, or ours."""
        own = self.settings.values.get(kind)
        if own:
            return own[self.t.lang]
        return self.t(VALUE_LABELS[kind]) if kind in VALUE_LABELS else kind

    @property
    def reached(self) -> Section:
        """How far the people in the required roles are with each offering."""
        t = self.t
        table = reach(self.history, self.at, rep=self.rep)
        rows = [
            [
                f"{self._offering(r['offering'])} · {self._titles.of(r['role'])}",
                *(t.number(r[s.value]) for s in Stage),
            ]
            for r in table.head(_MOST).to_dict("records")
        ]
        return self._part(
            "small_table",
            f"{len(table)}",
            t(N_("How far people are")),
            t(N_("People in required roles by offering and stage.")),
            [t(N_("Offering and role")), *(t(STAGE_LABELS[stage]) for stage in Stage)],
            rows,
            t(N_("No stage is recorded yet.")),
            [t(N_n("… and {n} more line.", "… and {n} more lines."), n=len(table) - _MOST)]
            if len(table) > _MOST
            else [],
        )

    @property
    def paths(self) -> Section:
        """Where paths to customers stand still; the team's page counts accounts and names none."""
        t = self.t
        table = paths(self.history, self.at, rep=self.rep)
        still = table.loc[table["stands_still"]]
        heads, rows = self._still_here(still) if self.rep is not None else self._still_in_team(table)
        n_taken = t.rate(int(table["taken"].sum()), int(table["steps"].sum()))
        notes = [
            t(
                N_("Paths: {n}, of these at a standstill {still}, completed {done}."),
                n=len(table),
                still=len(still),
                done=int(table["role"].isna().sum()),
            ),
            t(
                N_("Steps taken: {rate}, of these by another route than planned {other}."),
                rate=n_taken,
                other=int(table["by_other_route"].sum()),
            ),
        ]
        more = (
            [t(N_n("… and {n} more line.", "… and {n} more lines."), n=len(rows) - _MOST)] if len(rows) > _MOST else []
        )
        return self._part(
            "small_table",
            f"{len(still)} / {len(table)}",
            t(N_("Where paths stand still")),
            t(
                N_("A step is left, and for {n} weeks nothing was kept on the path: no talk, no value, no word."),
                n=STILL_WEEKS,
            ),
            heads,
            rows[:_MOST],
            t(N_("No path stands still.")) if len(table) else t(N_("No path is set yet.")),
            [*more, *notes] if len(table) else [],
        )

    def _still_here(self, still: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
        """A rep's accounts at a standstill, each with its next step."""
        t = self.t
        rows = [
            [
                f"{r['account_name']} · {self._offering(r['offering'])} → {self._step(r, r['account'])}",
                f"{r['taken']} / {r['steps']}",
                t(N_n("{n} week", "{n} weeks"), n=r["idle_weeks"]),
            ]
            for r in still.to_dict("records")
        ]
        return [t(m) for m in (N_("Account, offering and next step"), N_("Steps taken"), N_("Nothing kept for"))], rows

    def _still_in_team(self, table: pd.DataFrame) -> tuple[list[str], list[list[str]]]:
        """The steps at which accounts stand still, those with most first."""
        t = self.t
        steps = (
            table.groupby(["offering", "role", "route", "stage"])["stands_still"]
            .agg(n="size", still="sum")
            .reset_index()
        )
        left = steps.loc[steps["still"] > 0].sort_values(
            ["still", "n", "offering", "role", "stage"], ascending=[False, False, True, True, True]
        )
        rows = [
            [f"{self._offering(r['offering'])} · {self._step(r)}", t.number(r["n"]), t.number(r["still"])]
            for r in left.to_dict("records")
        ]
        return [t(m) for m in (N_("Offering and next step"), N_("Accounts there"), N_("At a standstill"))], rows

    def _step(self, row: dict[Any, Any], account: str | None = None) -> str:
        t = self.t
        route, stage = t(ROUTE_LABELS[Route(row["route"])]), t(STAGE_LABELS[Stage(row["stage"])])
        role = self._titles.of(row["role"], account) if account else self._titles.of(row["role"])
        return t(N_("{role}: {stage}, {route}"), role=role, stage=stage, route=route)

    def _offering(self, key: str) -> str:
        """The name of an offering in the page's language."""
        return self._offerings.get(key, key)

    @cached_property
    def _offerings(self) -> dict[str, str]:
        rows = self.history.as_of("offering", self.at)
        named = zip(rows["id"], rows["name"], strict=True)
        return {key: in_language(json.loads(text), self.t.lang) for key, text in named}

    def _say(self, row: dict[Any, Any], *, names: bool) -> str:
        """A commitment in one sentence; a shared page leaves out the names of customers and reps."""
        owner = self.staff.get(row["owner"], row["owner"])
        return say(self.t, date.fromisoformat(row["due_on"]), owner=owner, task=self._task(row, names=names))

    def _task(self, row: dict[Any, Any], *, names: bool) -> str:
        """What a commitment is to bring about, without owner and day."""
        holder = self._holders.get(row["employment"]) if names else None
        return say_task(
            self.t,
            CommitmentKind(row["kind"]),
            rep=self.staff.get(row["rep"], row["rep"]) if names else None,
            account=row["account_name"] if isinstance(row["account_name"], str) else row["account"],
            role=self._titles.of(row["role"], row["account"]) if isinstance(row["role"], str) else None,
            holder=holder,
            scope=row["scope"],
        )

    @cached_property
    def _holders(self) -> dict[str, str]:
        jobs = self.history.as_of("employment", self.at)
        people = self.history.as_of("person", self.at).set_index("id")
        named = jobs.assign(holder=jobs["person_id"].map(people["name"]), person=jobs["person_id"])
        wanted = named.loc[named["id"].isin(set(self.committed["employment"].dropna()))]
        return {row["id"]: self._person(row) for row in wanted.to_dict("records")}

    def _standing(self, row: dict[Any, Any]) -> str:
        """How a commitment stands, in a few words without a verdict."""
        t = self.t
        if row["outcome"] == Outcome.KEPT.value and row["moved"] is False:
            words = t(N_("kept; the position has not moved yet"))
        elif isinstance(row["reason"], str):
            words = t(REASON_LABELS[NotKeptReason(row["reason"])])
        elif isinstance(row["outcome"], str):
            words = t(OUTCOME_LABELS[Outcome(row["outcome"])])
        elif row["state"] == "overdue":
            words = t(N_n("{n} day past", "{n} days past"), n=int(row["days_late"]))
        else:
            words = t(N_("open"))
        carried = t(N_("carried over {n}×"), n=row["carried"]) if row["carried"] else ""
        return f"{words}, {carried}" if carried else words

"""The pages of a quarter: the agreement of a team, and a manager's must-win accounts for the deal review."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from coverage_kit import measures
from coverage_kit.coaching.agreement import Agreements, Kept, Signed
from coverage_kit.coaching.context import person_label
from coverage_kit.domain.coaching import REASON_LABELS
from coverage_kit.domain.quarter import Quarter
from coverage_kit.domain.vocabulary import FUNCTION_LABELS, StaffFunction, staff_function
from coverage_kit.i18n import N_, N_n, Texts, texts
from coverage_kit.measures import History
from coverage_kit.measures.titles import RoleTitles
from coverage_kit.opening import open_workspace
from coverage_kit.reporting.pages.section import Section, environment
from coverage_kit.reporting.pages.sections import END
from coverage_kit.store.entities import Staff

_WEEKS = 4
#: What a position lacks that we do not know.
_LACKS = {"nobody": N_("no name"), "gone": N_("left"), "check": N_("check again")}


@dataclass(frozen=True)
class QuarterPage:
    """A page about one manager's team in one quarter; every property from ``header`` on is a part of it."""

    t: Texts
    manager: str
    quarter: Quarter
    staff: dict[str, Staff]

    title = ""

    def _part(self, macro: str, text: str, *args: object) -> Section:
        module = environment().get_template("quarterly.html.j2").make_module({"_": self.t, "t": self.t})
        return Section(str(getattr(module, macro)(*args)).strip(), text)

    def _name(self, who: str) -> str:
        row = self.staff.get(who)
        return (row.name if row else None) or who

    @property
    def header(self) -> Section:
        """Title, whose team, and the quarter with its days."""
        t, last = self.t, self.quarter.last_day
        title = t(self.title)
        period = t(
            N_("Quarter {n} of {year} ({first} to {last})"),
            n=self.quarter.number,
            year=self.quarter.year,
            first=t.day(self.quarter.first_day),
            last=t.day(last),
        )
        return self._part("header", f"{title} · {period}", title, self._name(self.manager), period)

    @property
    def facts(self) -> str:
        """The main numbers, one a line."""
        return f"quarter {self.quarter}"

    @property
    def end(self) -> str:
        """The line that says that the notebook ran to its end."""
        return END


@dataclass(frozen=True)
class AgreementPage(QuarterPage):
    """What executive, manager and coach agreed on, who has agreed, and how it was kept so far."""

    signed: Signed
    kept: Kept

    title = N_("Agreement on coaching")

    @property
    def facts(self) -> str:
        """The quarter, and weeks of coaching held of those begun."""
        return f"{super().facts}\nsigned {len(self.signed.signed)}\nheld {self.kept.held}\nweeks {self.kept.weeks}"

    @property
    def terms(self) -> Section:
        """The four answers; blank lines to fill in by hand where nothing is agreed yet."""
        t, terms = self.t, self.signed.terms
        answers = (
            (N_("Coaching a week"), terms and t(N_n("{n} minute", "{n} minutes"), n=terms.minutes)),
            (
                N_("Accounts on each focus list"),
                terms and t(N_n("{n} account", "{n} accounts"), n=terms.focus_size),
            ),
            (N_("Days to answer a request"), terms and t(N_n("{n} day", "{n} days"), n=terms.answer_days)),
            (N_("What gives way when the month’s target presses"), terms and terms.gives_way),
        )
        rows = [(t(question), answer or "") for question, answer in answers]
        return self._part("terms", "; ".join(f"{question}: {answer}" for question, answer in rows), rows)

    @property
    def signatures(self) -> Section:
        """A line for each who agreed, and for each function of which nobody has agreed yet."""
        t = self.t
        order = {self.manager: StaffFunction.MANAGER}
        lines = [
            (self._name(who), t(FUNCTION_LABELS[order.get(who, staff_function(self.staff[who].function))]), True)
            for who in self.signed.signed
            if who in self.staff
        ]
        lines += [("", t(FUNCTION_LABELS[each]), False) for each in self.signed.missing]
        return self._part("signatures", ", ".join(name or "–" for name, _, _ in lines), lines)

    @property
    def held(self) -> Section:
        """Was the hour held? Weeks held of those that have begun, and why others were cancelled."""
        t, kept = self.t, self.kept
        said = t(N_n("held {held} of {n} week", "held {held} of {n} weeks"), held=kept.held, n=kept.weeks)
        why = [(t(REASON_LABELS[reason]), n) for reason, n in kept.cancelled.items()]
        return self._part("held", said, said, why)


@dataclass(frozen=True)
class DealReviewPage(QuarterPage):
    """The must-win accounts of a quarter: whom we do not know where it matters, and who hangs on one person."""

    history: History
    at: int
    accounts: tuple[str, ...]
    elsewhere: tuple[int, int]

    title = N_("Deal review")

    @cached_property
    def _depth(self) -> pd.DataFrame:
        return measures.depth(self.history, self.at, self.accounts)

    @cached_property
    def _titles(self) -> RoleTitles:
        return self.history.role_titles(self.at, self.t.lang)

    @property
    def facts(self) -> str:
        """The quarter, the number of accounts, and where the work went."""
        elsewhere, effort = self.elsewhere
        return f"{super().facts}\naccounts {len(self.accounts)}\nelsewhere {elsewhere}\neffort {effort}"

    @property
    def review(self) -> Section:
        """One card an account: unknown positions, the person on whom most hangs, and a line for the next step."""
        t = self.t
        unknown = measures.unknown_positions(self.history, self.at, self.accounts)
        pillars = measures.pillars(self.history, self.at, self.accounts)
        cards = [
            {
                "name": row["account_name"],
                "rep": self._name(row["rep"]) if isinstance(row["rep"], str) else "–",
                "known": t.rate(row["known"], row["required"]),
                "no_executive": row["executives"] == 0,
                "unknown": self._unknown(unknown.loc[unknown["account"] == row["account"]]),
                "pillars": self._pillars(pillars.loc[pillars["account"] == row["account"]]),
            }
            for row in self._depth.to_dict("records")
        ]
        said = ", ".join(f"{card['name']} {card['known']}" for card in cards)
        return self._part("review", said, cards)

    @property
    def effort(self) -> Section:
        """How much of the last weeks' work went to other accounts?"""
        elsewhere, effort = self.elsewhere
        said = (
            self.t(
                N_(
                    "In the last four weeks {share} of the work went to other accounts ({elsewhere} of {effort} edits)."
                ),
                share=self.t.percent(elsewhere, effort),
                elsewhere=elsewhere,
                effort=effort,
            )
            if effort
            else self.t(N_("Nothing was written about the team’s accounts in the last four weeks."))
        )
        return self._part("line", said, said)

    def _unknown(self, rows: pd.DataFrame) -> list[tuple[str, str]]:
        columns = zip(rows["account"], rows["role"], rows["lacks"], strict=True)
        return [(self._titles.of(role, account), self.t(_LACKS[lacks])) for account, role, lacks in columns]

    def _pillars(self, rows: pd.DataFrame) -> list[tuple[str, list[str]]]:
        columns = zip(rows["account"], rows["holder"], rows["title"], rows["roles"], strict=True)
        return [
            (
                person_label(self.t, _text(name), _text(title)),
                [self._titles.of(role, account) for role in roles.split(", ")],
            )
            for account, name, title, roles in columns
        ]


def build_agreement(manager: str = "", quarter: str = "", lang: str = "") -> AgreementPage:
    """What did executive, manager and coach agree on for a team, and is it kept?

    Parameters
    ----------
    manager : str
        Who leads the team; the first manager by default.
    quarter : str
        Like ``2026-Q4``; the present one by default.
    lang : str
        ``ko`` or ``en``; the workspace's by default.
    """
    with open_workspace() as ws:
        staff = {row.id: row for row in ws.ledger.as_of(Staff)}
        who = manager or _first_manager(staff)
        agreement: Agreements = ws.coaching.agreement
        wanted = Quarter.parse(quarter) if quarter else Quarter.of(ws.today())
        signed, kept = agreement.of(who, str(wanted)), agreement.kept(who, str(wanted))
        return AgreementPage(texts(lang or ws.lang), signed.manager, wanted, staff, signed, kept)


def build_deal_review(manager: str = "", quarter: str = "", lang: str = "") -> DealReviewPage:
    """Whom do we not know at the must-win accounts, who hangs on one person, and where did the work go?

    Parameters are those of ``build_agreement``.
    """
    with open_workspace() as ws:
        staff = {row.id: row for row in ws.ledger.as_of(Staff)}
        who = manager or _first_manager(staff)
        must_win, now = ws.coaching.must_win, ws.now()
        wanted = Quarter.parse(quarter) if quarter else must_win.quarter()
        return DealReviewPage(
            texts(lang or ws.lang),
            who,
            wanted,
            staff,
            ws.history(until=now),
            now,
            tuple(must_win.of(who, str(wanted))),
            must_win.effort_elsewhere(who, weeks=_WEEKS),
        )


def _first_manager(staff: dict[str, Staff]) -> str:
    return min((key for key, row in staff.items() if row.function == StaffFunction.MANAGER), default="")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None

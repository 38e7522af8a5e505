"""The truth about a contact database on one page: who was confirmed, who is gone, and whom nobody ever checked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from coverage_kit.charts import draw, plot_contacts
from coverage_kit.coaching import ContactSample
from coverage_kit.errors import NotFound
from coverage_kit.exchange.plan.memos import MemoKind
from coverage_kit.i18n import N_, Texts, texts
from coverage_kit.opening import open_workspace
from coverage_kit.overview import WAITING, Audit, audit_line
from coverage_kit.reporting.pages.contact_sheet import sample_line
from coverage_kit.reporting.pages.section import Section, draw_section, render
from coverage_kit.reporting.pages.sections import END
from coverage_kit.store.entities import Employment
from coverage_kit.transfer.memos import contact_memos
from coverage_kit.workspace import Workspace

#: Accounts in the picture, and in the table.
_DRAWN, _LISTED = 12, 40
MEMO_LABELS = {
    MemoKind.LEFT: N_("a memo says that the person left"),
    MemoKind.MOVED: N_("a memo says that the person changed departments"),
    MemoKind.BOUNCED: N_("mail bounced, by a memo"),
    MemoKind.QUIET: N_("no contact for a year, by the export's own dates"),
}


@dataclass(frozen=True)
class ContactAudit:
    """An audit of the contacts; every property from ``header`` on is a part of the page.

    Attributes
    ----------
    t : Texts
    when : str
        As of when.
    counts : Audit
        Of the team or a rep, and of each account, the worst first.
    memos : Counter
        By kind, contacts of whom a memo of the last export suggests something, and whom nobody has checked.
    sample : ContactSample or None
        The random sample that was drawn last.
    """

    t: Texts
    when: str
    counts: Audit
    memos: Counter[MemoKind]
    sample: ContactSample | None

    @property
    def header(self) -> Section:
        """Title, instant, and the counts in one line."""
        t, title = self.t, self.t(N_("What our contacts are worth"))
        line = audit_line(t, self.counts["team"])
        said = t(N_("as of {when}"), when=self.when)
        html = render("minutes_head.html.j2", t, title=title, said=f"{said} · {line}")
        return Section(html, f"{title}\n{line}")

    @property
    def worst(self) -> Section:
        """The accounts with most contacts that nobody confirmed, as a picture."""
        t = self.t
        first = pd.DataFrame(self.counts["accounts"][:_DRAWN])
        chart = None
        if len(first):
            first = first.rename(columns={"name": "account_name"})
            height = 0.5 + 0.24 * len(first)
            source = draw(lambda ax: plot_contacts(first, ax=ax, lang=t.lang), width=5.2, height=height)
            chart = {"src": source, "alt": "; ".join(self._lines()[:_DRAWN])}
        return draw_section(
            self.t,
            "chart_section",
            "\n".join(self._lines()[:_DRAWN]),
            t(N_("Where most contacts are unconfirmed")),
            t(N_("Contacts nobody has checked are neither there nor gone: we do not know.")),
            chart,
            self._notes(has_contacts=chart is not None),
        )

    @property
    def accounts(self) -> Section:
        """Each account in numbers, those with most unconfirmed contacts first."""
        t = self.t
        head = [
            N_("Account"), N_("Contacts"), N_("Confirmed"), N_("To check again"), N_("Never checked"), N_("Gone"),
            N_("In another role"), N_("In no position"), N_("Days since update"), N_("Ghost-days"),
        ]  # fmt: skip
        rows = []
        for one in self.counts["accounts"][:_LISTED]:
            gone = one["left"] + one["retired"] + one["moved"]
            numbers = [
                one["contacts"], one["confirmed"], one["stale"], one["never_checked"], gone, one["role_changed"],
                one["no_role"], one["days_since_update"], one["ghost_days"],
            ]  # fmt: skip
            rows.append([one["name"], *("–" if n is None else t.number(n) for n in numbers)])
        return draw_section(
            self.t,
            "table",
            f"{len(self.counts['accounts'])}",
            t(N_("By account")),
            t(N_("Ghost-days: from leaving to our recording it, where the day is known.")),
            [t(each) for each in head],
            rows,
            t(N_("None yet.")),
        )

    @property
    def evidence(self) -> Section:
        """What the last exports suggest; none of it is counted."""
        t = self.t
        rows = [[t(text), t.number(self.memos[kind])] for kind, text in MEMO_LABELS.items() if self.memos[kind]]
        return draw_section(
            self.t,
            "small_table",
            "\n".join(" · ".join(row) for row in rows),
            t(N_("What the last export suggests")),
            t(N_("Of contacts whom nobody has checked. A hint for whom to call first, never a verified fact.")),
            [t(N_("Hint")), t(N_("Contacts"))],
            rows,
            t(N_("Its texts say nothing about anybody who was not checked.")),
            [],
        )

    @property
    def sampled(self) -> Section:
        """What a random sample says about all contacts that nobody has checked."""
        t = self.t
        empty = t(N_("No sample of contacts was drawn yet. Next: coverage-kit sample-contacts"))
        said = empty if self.sample is None else sample_line(self.sample, t)
        title = t(N_("Check 30, learn about all"))
        return draw_section(self.t, "chart_section", said, title, said, None, [])

    @property
    def facts(self) -> str:
        """The page in numbers, one a line."""
        return "\n".join(f"{name} {value}" for name, value in self.counts["team"].items())

    @property
    def end(self) -> str:
        """The line that says that the page is whole."""
        return END

    def _notes(self, *, has_contacts: bool) -> list[str]:
        waiting = self.counts["waiting"]
        if waiting:
            return [self.t(WAITING, n=self.t.number(waiting))]
        return [] if has_contacts else [self.t(N_("No contacts yet. Next: coverage-kit import contacts FILE.csv"))]

    def _lines(self) -> list[str]:
        return [f"{one['name']}: {audit_line(self.t, one)}" for one in self.counts["accounts"]]


def build_contact_audit(rep: str = "", account: str = "", as_of: str = "", lang: str = "") -> ContactAudit:
    """What is true of our contacts?

    Parameters
    ----------
    rep : str
        Key or name: only the accounts of one rep. All by default.
    account : str
        Key or name: only one account.
    as_of : str
        A week, day or time; now by default. Hints of exports and the sample are always those of now.
    lang : str
        ``ko`` or ``en``; the workspace's by default.

    Returns
    -------
    ContactAudit
        Its attributes are the parts of the page.
    """
    with open_workspace() as ws:
        return load_contact_audit(ws, rep, account, as_of, lang)


def load_contact_audit(ws: Workspace, rep: str, account: str, as_of: str, lang: str) -> ContactAudit:
    """The same of an open workspace."""
    at = as_of or None
    counts = ws.audit(rep=rep or None, account=account or None, as_of=at)
    chosen = {one["account"] for one in counts["accounts"]}
    return ContactAudit(
        t=texts(lang or ws.lang),
        when=as_of or ws.today().isoformat(),
        counts=counts,
        memos=_memos(ws, chosen),
        sample=_sample(ws),
    )


def _memos(ws: Workspace, accounts: set[str]) -> Counter[MemoKind]:
    memos = contact_memos(ws.ledger, ws.today())
    fields = ("id", "account_id", "end_kind", "verified_on")
    open_jobs = ws.ledger.columns(Employment, fields, id=[*memos]) if memos else []
    return Counter(
        memos[job].kind
        for job, account, end, checked in open_jobs
        if account in accounts and end is None and checked is None
    )


def _sample(ws: Workspace) -> ContactSample | None:
    try:
        return ws.coaching.contact_samples.last()
    except NotFound:
        return None

"""The minutes of a coaching session: what a rep and the coach agreed on, on one page.

Claims, dispositions, the lines of the round and notes stay out: the page may be read over anybody's shoulder.
"""

from __future__ import annotations

from dataclasses import dataclass

from coverage_kit.coaching import Coaching, CoachingContext, Commitment
from coverage_kit.domain.coaching import OUTCOME_LABELS, REASON_LABELS
from coverage_kit.domain.week import Week, local_minute
from coverage_kit.errors import NotFound
from coverage_kit.i18n import N_, N_n, Texts, texts
from coverage_kit.opening import open_workspace
from coverage_kit.reporting.pages.section import Section, draw_section, render
from coverage_kit.reporting.pages.sections import END
from coverage_kit.store.entities import Account, Session, Staff
from coverage_kit.workspace import Workspace


@dataclass(frozen=True)
class Minutes:
    """The minutes of one rep; every property is a part of the page.

    Attributes
    ----------
    t : Texts
    rep : str
        Id of the rep.
    name, coach : str
        As they are called; ``coach`` may be empty.
    week : Week
    closed : str
        When the session was closed.
    made, earlier : tuple of Commitment
        Those made in the session, and how those before it stand.
    accounts : tuple of str
        The accounts gone through.
    """

    t: Texts
    rep: str
    name: str
    coach: str
    week: Week
    closed: str
    made: tuple[Commitment, ...]
    earlier: tuple[Commitment, ...]
    accounts: tuple[str, ...]

    @property
    def title(self) -> str:
        """The title of the page."""
        return self.t(N_("{name}: coaching minutes"), name=self.name)

    @property
    def header(self) -> Section:
        """Whose minutes they are, of which week, with whom, and when they were closed."""
        t = self.t
        said = [t.week(self.week.year, self.week.number, self.week.monday)]
        said += [t(N_("with {name}"), name=self.coach)] if self.coach else []
        said.append(t(N_("closed {when}"), when=self.closed))
        html = render("minutes_head.html.j2", t, title=self.title, said=" · ".join(said))
        return Section(html, f"{self.title}\n{' · '.join(said)}")

    @property
    def agreed(self) -> Section:
        """What the rep took on."""
        own = [each for each in self.made if each.owner == self.rep]
        return self._table(
            N_("Agreed"), N_("What {name} does, and by when."), own, N_("Nothing was agreed."), by_owner=False
        )

    @property
    def asked(self) -> Section:
        """What colleagues were asked, so that the rep does not have to."""
        others = [each for each in self.made if each.owner != self.rep]
        return self._table(
            N_("Asked of colleagues"),
            N_("Weekly coaching asks them; {name} does not have to."),
            others,
            N_("Nobody else was asked."),
            by_owner=True,
        )

    @property
    def before(self) -> Section:
        """How the commitments before this session stand."""
        rows = [[each.task, _standing(self.t, each)] for each in self.earlier]
        return self._small(
            N_("Earlier commitments"), "", [N_("Commitment"), N_("How it stands")], rows, N_("There were none.")
        )

    @property
    def walked(self) -> Section:
        """The accounts gone through."""
        return self._small(
            N_("Accounts gone through"), "", [N_("Account")], [[each] for each in self.accounts], N_("None.")
        )

    @property
    def facts(self) -> str:
        """The page in numbers, one a line."""
        asked = sum(each.owner != self.rep for each in self.made)
        return f"agreed {len(self.made) - asked}\nasked {asked}\nearlier {len(self.earlier)}"

    @property
    def end(self) -> str:
        """The line by which the batch knows that the page is whole."""
        return END

    def _table(self, title: str, lead: str, made: list[Commitment], empty: str, *, by_owner: bool) -> Section:
        head = [N_("Commitment"), *([N_("Owner")] if by_owner else []), N_("By which day")]
        rows = [[each.task, *([each.owner_name] if by_owner else []), self.t.day(each.due_on)] for each in made]
        return self._small(title, lead, head, rows, empty)

    def _small(self, title: str, lead: str, head: list[str], rows: list[list[str]], empty: str) -> Section:
        t = self.t
        said = t(lead, name=self.name) if lead else ""
        text = "\n".join(" · ".join(row) for row in rows) or t(empty)
        return draw_section(t, "small_table", text, t(title), said, [t(each) for each in head], rows, t(empty), [])


def build_minutes(session: str = "", lang: str = "") -> Minutes:
    """What did a rep and the coach agree on in this session?

    Parameters
    ----------
    session : str
        Id of the rep's part of a session; the last one that was closed by default.
    lang : str
        ``ko`` or ``en``; the workspace's by default.

    Raises
    ------
    NotFound
        No such session, or none is closed.
    """
    with open_workspace() as ws:
        return _minutes(ws, closed_session(ws, session), lang or ws.lang)


def closed_session(ws: Workspace, session: str = "") -> Session:
    """A closed session's row by its id; the last one that was closed by default.

    Raises
    ------
    NotFound
        No such session, or it is not closed.
    """
    rows = [row for row in ws.ledger.as_of(Session) if row.closed and session in ("", row.id)]
    if not rows:
        raise NotFound(
            "minutes.session", N_("There is no closed session '{id}'; close it on the coach's page first."), id=session
        )
    return max(rows, key=lambda row: (row.at, row.id))


def _minutes(ws: Workspace, row: Session, lang: str) -> Minutes:
    coaching = Coaching(CoachingContext(ws.ledger, ws.zone, lang, ws.config.coaching, ws.path, ws.history))
    session = coaching.sessions.resume(row.id)
    staff = {each.id: each.name or each.id for each in ws.ledger.as_of(Staff)}
    opened = {each.id: each.name for each in ws.ledger.as_of(Account, id=session.opened(row.rep_id) or [""])}
    earlier = [
        each
        for each in session.earlier_commitments(row.rep_id)
        if each.owner == row.rep_id and (each.settled_at is None or each.settled_at <= row.at)
    ]
    return Minutes(
        t=texts(lang),
        rep=row.rep_id,
        name=staff.get(row.rep_id, row.rep_id),
        coach=staff.get(row.coach_id or "", ""),
        week=Week.parse(row.week),
        closed=local_minute(row.at, ws.zone),
        made=tuple(session.read_back(row.rep_id)),
        earlier=tuple(earlier),
        accounts=tuple(opened[key] for key in session.opened(row.rep_id) if key in opened),
    )


def _standing(t: Texts, one: Commitment) -> str:
    """How a commitment stands, in a few words without a verdict."""
    if one.reason:
        return t(REASON_LABELS[one.reason])
    if one.outcome:
        return t(OUTCOME_LABELS[one.outcome])
    if one.days_late:
        return t(N_n("{n} day past", "{n} days past"), n=one.days_late)
    return t(N_("by {day}"), day=t.day(one.due_on))

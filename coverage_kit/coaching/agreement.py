"""The agreement on coaching that executive, manager and coach make for a team each quarter, and how it is kept.

Source: the method, section 1, why the coaching failed (docs/reference/method.md).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.coaching.terms import Terms, may_sign, missing_signatures
from coverage_kit.domain.coaching import TERM_RANGES, NotKeptReason
from coverage_kit.domain.identifiers import clean_text
from coverage_kit.domain.quarter import Quarter
from coverage_kit.domain.vocabulary import EventKind, StaffFunction
from coverage_kit.domain.week import Week
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.rules.inputs import as_word
from coverage_kit.rules.lookup import find_author
from coverage_kit.store import Change, Edit, entities
from coverage_kit.store.entities import Event, Session, Staff

#: How long before the end of a quarter the next agreement comes up.
_RENEWED_BEFORE = timedelta(days=21)


@dataclass(frozen=True)
class Signed:
    """An agreement as it stands.

    Attributes
    ----------
    manager, quarter : str
        Whose team, and for when.
    terms : Terms or None
        None where nobody has proposed any yet.
    signed : tuple of str
        Ids of those who agreed to these very terms.
    missing : tuple of StaffFunction
        Functions of which nobody has agreed yet.
    version : int
        0 where there is none.
    """

    manager: str
    quarter: str
    terms: Terms | None
    signed: tuple[str, ...]
    missing: tuple[StaffFunction, ...]
    version: int

    @property
    def stands(self) -> bool:
        """Whether executive, manager and coach have agreed."""
        return self.terms is not None and not self.missing


@dataclass(frozen=True)
class Kept:
    """How the coaching of a team was kept in a quarter so far: weeks ``held`` of ``weeks``, and why others were cancelled.

    ``this_week`` is "held", "cancelled" or, as long as neither is, empty.
    """

    held: int
    weeks: int
    cancelled: Mapping[NotKeptReason, int]
    this_week: str = ""


class Agreements:
    """The agreements of all teams."""

    def __init__(self, context: CoachingContext) -> None:
        self._context = context

    def of(self, manager: str, quarter: str | None = None) -> Signed:
        """The agreement for a manager's team; of the present quarter by default."""
        who, wanted = self._context.get_staff_id(manager), self._quarter(quarter)
        row = self._context.ledger.find(entities.Agreement, _key(who, wanted))
        signed = tuple(json.loads(row.signed)) if row else ()
        return Signed(
            who,
            str(wanted),
            Terms(**json.loads(row.terms)) if row else None,
            signed,
            missing_signatures(who, signed, self._context.staff()),
            row.version if row else 0,
        )

    def offered(self, manager: str, quarter: str | None = None) -> Terms:
        """The terms to begin with: those of the quarter, else the last ones, else the usual ones."""
        who, wanted = self._context.get_staff_id(manager), self._quarter(quarter)
        rows = [row for row in self._context.ledger.as_of(entities.Agreement) if row.manager_id == who]
        before = [row for row in rows if row.quarter <= str(wanted)]
        return Terms(**json.loads(max(before, key=lambda row: row.quarter).terms)) if before else Terms()

    def due(self) -> list[str]:
        """The quarters whose agreement is to be shown: the present one, and in its last weeks the next one too."""
        now = Quarter.of(self._context.today())
        is_ending = now.last_day - self._context.today() < _RENEWED_BEFORE
        return [str(now), str(now + 1)] if is_ending else [str(now)]

    def teams_of(self, colleague: str | None = None) -> list[str]:
        """The managers (ids) whose agreements a colleague sees: the own one and those below; all without a colleague."""
        context, staff = self._context, self._context.staff()
        today = context.today().isoformat()
        seen = staff if colleague is None else [colleague, *context.people_of(colleague)]
        leading = {row.manager_id for row in staff.values() if row.function == StaffFunction.REP}
        here = [who for who in seen if who in leading and not (staff[who].ended_on or "9") <= today]
        return sorted(here, key=lambda who: (staff[who].name or who, who))

    def may_sign(self, manager: str) -> bool:
        """Whether the author is one of those who make the agreement for this team."""
        author = find_author(self._context.ledger, self._context.today())
        return author is not None and may_sign(author, manager, self._context.staff())

    def has_signed(self, signed: Signed) -> bool:
        """Whether the author has agreed to these terms."""
        author = find_author(self._context.ledger, self._context.today())
        return author is not None and author.id in signed.signed

    def propose(
        self,
        manager: str,
        terms: Terms,
        *,
        quarter: str | None = None,
        base: int | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """Write the terms, and agree to them; other terms than before take away the signatures they had.

        Parameters
        ----------
        manager : str
            Whose team it is for.
        terms : Terms
        quarter : str, optional
        base : int, optional
            The version the author saw, 0 for none; the present one by default.
        edit_id : str, optional

        Raises
        ------
        BadInput
            The author may not sign, a term is out of range, or the quarter is over.
        Conflict
            Somebody has changed the terms since.
        """
        who, wanted = self._context.get_staff_id(manager), self._open_quarter(quarter)
        author = self._signer(who)
        written = _checked(terms)
        row = self._context.ledger.find(entities.Agreement, _key(who, wanted))
        kept = row is not None and json.loads(row.terms) == asdict(written)
        signed = {*(json.loads(row.signed) if row is not None and kept else ()), author.id}
        fields = {
            "manager_id": who,
            "quarter": str(wanted),
            "terms": json.dumps(asdict(written), ensure_ascii=False, sort_keys=True),
            "signed": json.dumps(sorted(signed)),
        }
        seen = (row.version if row else 0) if base is None else base
        return self._context.ledger.save([Change("agreement", _key(who, wanted), fields, base=seen)], edit_id=edit_id)

    def sign(
        self, manager: str, *, quarter: str | None = None, base: int | None = None, edit_id: str | None = None
    ) -> Edit:
        """Agree to the terms as they stand.

        Raises
        ------
        BadInput
            There are none, or they are others than in the version the author saw.
        """
        present, ledger = self.of(manager, quarter), self._context.ledger
        if present.terms is None:
            raise BadInput("agreement.none", N_("There are no terms to agree to yet; propose them first."))
        versions = ledger.history(entities.Agreement, f"{present.manager}:{present.quarter}")
        seen = next((row.terms for row in versions if row.version == base), None)
        if base is not None and seen != versions[-1].terms and not (edit_id and ledger.has_edit(edit_id)):
            raise BadInput(
                "agreement.changed", N_("The terms were changed after you opened them. Read them, then agree.")
            )
        return self.propose(manager, present.terms, quarter=quarter, base=present.version, edit_id=edit_id)

    def cancel(self, manager: str, reason: str, *, week: str | None = None, edit_id: str | None = None) -> Edit:
        """Record that a team's coaching was cancelled in a week, and why; the present week by default.

        Parameters
        ----------
        manager : str
        reason : str
            One of ``NotKeptReason``.
        week : str, optional
        edit_id : str, optional
        """
        who, why = self._context.get_staff_id(manager), as_word(NotKeptReason, reason, "reason")
        wanted = Week.parse(week) if week else self._context.week()
        if wanted > self._context.week():
            raise BadInput("agreement.week", N_("{week} has not begun yet."), week=str(wanted))
        body = json.dumps({"manager": who, "week": str(wanted), "reason": why.value})
        key = f"cancelled:{who}:{wanted}"
        kind = EventKind.COACHING_CANCELLED.value
        return self._context.ledger.save([Change("event", key, {"kind": kind, "body": body})], edit_id=edit_id)

    def kept(self, manager: str, quarter: str | None = None) -> Kept:
        """Was the agreed hour held? Of the quarter's weeks that have begun; a week counts once anybody was coached.

        Weeks before the manager was known here are not counted.
        """
        who, wanted = self._context.get_staff_id(manager), self._quarter(quarter)
        first = Week.containing(self._context.ledger.history(Staff, who)[0].at, self._context.zone)
        weeks = {str(each) for each in wanted.weeks() if first <= each <= self._context.week()}
        people = set(self._context.people_of(who))
        sessions = self._context.ledger.as_of(Session)
        held = {each.week for each in sessions if each.closed and each.rep_id in people and each.week in weeks}
        cancelled: dict[str, NotKeptReason] = {}
        for row in self._context.ledger.as_of(Event, kind=EventKind.COACHING_CANCELLED.value):
            body = json.loads(row.body or "{}")
            if body["manager"] == who and body["week"] in weeks - held:
                cancelled[body["week"]] = NotKeptReason(body["reason"])
        now = str(self._context.week())
        state = "held" if now in held else "cancelled" if now in cancelled else ""
        return Kept(len(held), len(weeks), dict(Counter(cancelled.values()).most_common()), state)

    def _signer(self, manager: str) -> Staff:
        author = find_author(self._context.ledger, self._context.today())
        if author is None or not may_sign(author, manager, self._context.staff()):
            raise BadInput(
                "agreement.author",
                N_(
                    "The manager of this team, the executive above and the coach make the agreement; open your own link."
                ),
            )
        return author

    def _quarter(self, text: str | None) -> Quarter:
        return Quarter.of(self._context.today()) if text is None else Quarter.parse(text)

    def _open_quarter(self, text: str | None) -> Quarter:
        wanted = self._quarter(text)
        if wanted.last_day < self._context.today():
            raise BadInput(
                "agreement.over", N_("{quarter} is over; its agreement stays as it is."), quarter=str(wanted)
            )
        return wanted


def _key(manager: str, quarter: Quarter) -> str:
    return f"{manager}:{quarter}"


def _checked(terms: Terms) -> Terms:
    for name, (least, most) in TERM_RANGES.items():
        value = getattr(terms, name)
        if not least <= value <= most:
            raise BadInput(
                "agreement.range",
                N_("{field} {value} is out of range; {least} to {most} can be used."),
                field=name,
                value=value,
                least=least,
                most=most,
            )
    text = clean_text(terms.gives_way, "gives_way") if terms.gives_way.strip() else ""
    return Terms(terms.minutes, terms.focus_size, terms.answer_days, text)

"""One coaching session as a state that can be left and taken up again.

The order of steps is fixed, going back is allowed, what was done stays done.  Source: the method, section 6 (docs/method.md).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coverage_kit.coaching.agenda import AgendaEntry
from coverage_kit.coaching.commitments.draft import Commitment, Draft
from coverage_kit.coaching.commitments.gaps import Gap, gaps_of, roles_of
from coverage_kit.coaching.context import CoachingContext
from coverage_kit.coaching.sessions.sweep import STILL, Due, due_lines, found_out, learned_changes
from coverage_kit.domain.coaching import SessionKind
from coverage_kit.domain.identifiers import clean_key
from coverage_kit.domain.vocabulary import EventKind, Rung
from coverage_kit.errors import BadInput, NotFound, StoreError
from coverage_kit.i18n import N_
from coverage_kit.measures import found_in_role, shared_blind_role
from coverage_kit.rules.slots import get_account, no_person
from coverage_kit.store import Change, Edit, new_id

if TYPE_CHECKING:
    from coverage_kit.coaching import Coaching

#: The step in which everybody claims; nothing that shows numbers comes before it.
CLAIMS = "claims"
_MARKS = ("still", "left", "retired", "moved", "role_changed")


@dataclass(frozen=True)
class Opened:
    """An account that is gone through: what was claimed, what is known, and the slots with a next move."""

    account: str
    account_name: str
    claimed: int
    known: int
    required: int
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class ContactList:
    """The contact list of the biggest account, and how far the rep is through it."""

    account: str
    account_name: str
    total: int
    still: int
    gone: int
    changed: int
    unsure: int
    people: tuple[dict[str, Any], ...]

    @property
    def left(self) -> int:
        """How many are not marked yet."""
        return self.total - self.still - self.gone - self.changed - self.unsure


class Session:
    """One session; every act is saved at once, so that it can be left and taken up again at any moment.

    Attributes
    ----------
    id : str
    kind : SessionKind
    coach : str
    week : str
    reps : list of str
    steps : tuple of str
        In their order; the last is ``read_back``.
    """

    def __init__(self, context: CoachingContext, coaching: Coaching, group: str) -> None:
        self._context = context
        self._coaching = coaching
        self.id = group
        self._edits: list[str] = []
        self._read()

    def refresh(self) -> None:
        """See what another page has told meanwhile; what was done here can still be undone."""
        self._read()

    def _read(self) -> None:
        rows = [row for row in self._context.ledger.as_of("session") if row["group_id"] == self.id]
        if not rows:
            raise NotFound("session.unknown", N_("There is no session '{id}' here."), id=self.id)
        self._rows = {row["rep_id"]: row for row in rows}
        self._body = {rep: json.loads(row["body"]) for rep, row in self._rows.items()}
        first = self._rows[next(iter(self._body.values()))["reps"][0]]
        self.kind = SessionKind(first["kind"])
        self.coach = first["coach_id"]
        self.week = first["week"]
        self.step = str(first["step"])
        self.closed = bool(first["closed"])
        self.reps: list[str] = self._body[first["rep_id"]]["reps"]
        self.steps: tuple[str, ...] = tuple(self._body[first["rep_id"]]["steps"])

    # Going through it ----------------------------------------------------------------------------------------------

    def next(self, seen: str | None = None) -> str:
        """Go to the next step; the claims come before anything that shows numbers.

        Parameters
        ----------
        seen : str, optional
            The step that was seen; where the session has left it already, it stays where it is.
        """
        self._check_open()
        if seen not in (None, self.step):
            return self.step
        if self.step == CLAIMS and not self.revealed:
            raise BadInput("session.claim_first", N_("First the claim: how many of these do you know?"))
        return self._go(1)

    def back(self, seen: str | None = None) -> str:
        """Go back one step; ``seen`` as for ``next``."""
        self._check_open()
        return self._go(-1) if seen in (None, self.step) else self.step

    def _go(self, by: int) -> str:
        step = self.steps[min(max(self.steps.index(self.step) + by, 0), len(self.steps) - 1)]
        self._save([self._change(rep, step=step, **self._fixed(rep, step)) for rep in self._rows])
        return self.step

    def _fixed(self, rep: str, step: str) -> dict[str, Any]:
        """What a step is about, fixed when it is first come to."""
        if step != "sweep" or "sweep" in self._body[rep]:
            return {}
        fixed = {"sweep": due_lines(self._context, rep), "sweep_at": self._context.now()}
        return {"body": json.dumps({**self._body[rep], **fixed})}

    def undo(self) -> Edit | None:
        """Take the last act of this sitting back; None where there is none."""
        if not self._edits:
            return None
        last = self._edits.pop()
        try:
            edit = self._context.ledger.undo(last)
        except StoreError:
            self._edits.append(last)  # out of reach for now: it can be taken back later
            raise
        self._read()
        return edit

    # Claims --------------------------------------------------------------------------------------------------------

    def claim(
        self, *, share: float | None = None, n: int | None = None, account: str | None = None, rep: str | None = None
    ) -> None:
        """The rep's own answer, before any number is shown.

        Parameters
        ----------
        share : float, optional
            Of the whole territory, 0–1.
        n : int, optional
            Of one account's slots.
        account : str, optional
            The account ``n`` is about.
        rep : str, optional
            Needed in a group.
        """
        self._check_open()
        owner = self._rep(rep)
        if (share is None) == (n is None) or (n is None) != (account is None):
            raise BadInput(
                "claim.what", N_("A claim is a share of the whole, or a number of positions of one account.")
            )
        if (share is not None and not 0 <= share <= 1) or (n is not None and n < 0):
            raise BadInput("claim.range", N_("A share lies between 0 and 100 %, a number is not negative."))
        account_id = None if account is None else get_account(self._context.ledger, account)["id"]
        if self._claim(owner, account_id) is not None:
            raise BadInput("claim.again", N_("The claim is made already; it stays as it was said."))
        row = self._rows[owner]
        fields = {"session_id": row["id"], "rep_id": owner, "account_id": account_id, "share": share, "n": n}
        self._save([Change("claim", new_id("cl"), fields, base=0)])

    @property
    def revealed(self) -> bool:
        """Whether all have answered: sealed claims are opened together."""
        return all(self._claim(rep, None) is not None for rep in self.reps)

    def claims(self) -> dict[str, float | None]:
        """What each claimed of the whole territory; all None until the last one has answered."""
        shown = self.revealed
        return {rep: self._claim(rep, None) if shown else None for rep in self.reps}

    def claimed(self) -> list[str]:
        """Who has answered so far, without saying what."""
        return [rep for rep in self.reps if self._claim(rep, None) is not None]

    def _claim(self, rep: str, account: str | None) -> float | None:
        for row in self._context.ledger.as_of("claim", rep_id=rep):
            if row["session_id"] == self._rows[rep]["id"] and row["account_id"] == account:
                return row["share"] if account is None else row["n"]  # type: ignore[no-any-return]
        return None

    # One rep -------------------------------------------------------------------------------------------------------

    def earlier_commitments(self, rep: str | None = None) -> list[Commitment]:
        """Last time's promises that are still open or were settled in this session; one key each."""
        owner = self._rep(rep)
        began = self._began(owner)
        listed = self._coaching.commitments.find(rep=owner, state=None)
        return [c for c in listed if c.created_at < began and (c.settled_at is None or c.settled_at >= began)]

    def settle(
        self,
        commitment: str,
        outcome: str,
        *,
        reason: str | None = None,
        note: str | None = None,
        base: int | None = None,
    ) -> None:
        """Say how a promise ended; ``base`` is the version of it that was seen."""
        self._check_open()
        self._note_edit(self._coaching.commitments.settle(commitment, outcome, reason=reason, note=note, base=base))

    def note(self, commitment: str, text: str, *, base: int | None = None) -> None:
        """Write one line beside a promise: how it went, or what it is to bring; nothing takes it out; ``base`` as for ``settle``."""
        self._check_open()
        self._note_edit(self._coaching.commitments.note(commitment, text, base=base))

    def accounts(self, rep: str | None = None) -> list[str]:
        """The accounts to go through, chosen from the agenda when the session began."""
        return list(self._body[self._rep(rep)].get("accounts", []))

    def agenda(self, rep: str | None = None, minutes: int = 60) -> list[AgendaEntry]:
        """The whole agenda of the rep, for choosing another account."""
        return self._coaching.agenda(self._rep(rep), minutes=minutes)

    def open_account(self, account: str, rep: str | None = None) -> Opened:
        """Go through one account: only slots with a next move; the claim for this account comes first.

        Raises
        ------
        BadInput
            No claim yet ("how many of these slots do you know?").
        """
        self._check_open()
        owner = self._rep(rep)
        row = get_account(self._context.ledger, account)
        claimed = self._claim(owner, row["id"])
        if claimed is None:
            raise BadInput(
                "session.claim_account",
                N_("First the claim: of the {n} positions at {account}, how many do you know?"),
                n=len(roles_of(self._context, row)),
                account=row["name"],
            )
        opened = self._body[owner].get("opened", [])
        if row["id"] not in opened:
            body = {**self._body[owner], "opened": [*opened, row["id"]]}
            event = {"kind": EventKind.WALKED.value, "account_id": row["id"], "body": json.dumps({"session": self.id})}
            self._save(
                [
                    self._change(owner, body=json.dumps(body)),
                    Change("event", new_id("ev"), event, base=0),
                ]
            )
        gaps = gaps_of(self._context, [(row["id"], role) for role in roles_of(self._context, row)])
        known = sum(gap.rung >= Rung.KNOWN for gap in gaps.values())
        open_ = tuple(g for g in gaps.values() if g.rung < Rung.FAVORABLE and not (g.vacant and g.rung >= Rung.KNOWN))
        return Opened(row["id"], row["name"], int(claimed), known, len(gaps), open_)

    def opened(self, rep: str | None = None) -> list[str]:
        """Which accounts were gone through so far."""
        return list(self._body[self._rep(rep)].get("opened", []))

    # A group -------------------------------------------------------------------------------------------------------

    def add_round(self, rep: str, *, done: str | None = None, stuck: str | None = None) -> None:
        """Each one thing done and one stuck, in a line; kept as notes."""
        self._check_open()
        owner = self._rep(rep)
        body, notes = dict(self._body[owner]), []
        for name, kind, text in (("done", "outcome", done), ("stuck", "reason", stuck)):
            if text:
                body[name] = new_id("no")
                fields = {"kind": kind, "body": clean_key(text, name), "owner_id": owner}
                notes.append(Change("note", body[name], fields, base=0))
        self._save([*notes, self._change(owner, body=json.dumps(body))])

    def round_notes(self) -> dict[str, dict[str, str]]:
        """What each has told: ``done`` and ``stuck``."""
        ids = [body.get(name) for body in self._body.values() for name in ("done", "stuck")]
        notes = self._context.rows("note", ids)
        return {
            rep: {
                name: notes[self._body[rep][name]]["body"] or ""
                for name in ("done", "stuck")
                if self._body[rep].get(name) in notes
            }
            for rep in self.reps
        }

    def blind_role(self) -> tuple[str, str, list[dict[str, Any]]] | None:
        """The one role most territories of this group are blind in, what it is called, and who found theirs, how.

        No order but the alphabet; None where nobody is blind in any.
        """
        now = self._context.now()
        slots = self._context.load(until=now).slots(now)
        own = slots.loc[slots["rep"].isin(self.reps)]
        role = shared_blind_role(own)
        if role is None:
            return None
        found = found_in_role(own, role).to_dict("records")
        return (
            role,
            self._context.roles()[role]["title"][self._context.lang],
            [{str(k): v for k, v in r.items()} for r in found],
        )

    def sweep(self, rep: str) -> list[Due]:
        """People whose check was due when the sweep began, for each rep on their own, and what was found out since."""
        body = self._body[self._rep(rep)]
        return found_out(self._context, body.get("sweep", []), body.get("sweep_at", 0))

    def check(
        self,
        rep: str,
        account: str,
        person: str,
        state: str,
        *,
        how: str = "call",
        on: str | None = None,
        title: str | None = None,
        moved_to: str | None = None,
    ) -> None:
        """Say what came of one line of the sweep; one edit.

        Parameters
        ----------
        rep, account, person : str
            Whose line, and about whom where.
        state : str
            ``still`` (verified in every slot held), ``left``, ``retired``, ``moved``, ``role_changed``, or ``tried``: nobody was reached.
        how : str
            How a ``still`` was checked: ``call``, ``meeting``, ``reply``, ``public_source``, ``third_party``.
        on : str, optional
            Since when the person is gone or in another role.
        title, moved_to : str, optional
            The new title; the account the person moved to.
        """
        self._check_open()
        self._rep(rep)
        home = get_account(self._context.ledger, account)
        self._coaching.people.check_there(person, home["id"])
        told = {"on": on, "title": title, "moved_to": moved_to}
        self._save(learned_changes(self._context, self._coaching.people, person, home, state, how=how, **told))

    def take_back(self, edit: str) -> None:
        """Take one edit of this session back, also when others came after it."""
        self._check_open()
        self._edits = [each for each in self._edits if each != edit]
        self._note_edit(self._context.ledger.undo(edit))

    # The first session ---------------------------------------------------------------------------------------------

    def contacts(self, rep: str | None = None) -> ContactList:
        """The contact list of the rep's biggest account, and the counter that falls.

        Raises
        ------
        BadInput
            The claim comes first, or there is no account.
        """
        owner = self._rep(rep)
        if self._claim(owner, None) is None:
            raise BadInput("session.claim_first", N_("First the claim: how many of these do you know?"))
        account = self._body[owner].get("contacts")
        if account is None:
            raise BadInput("session.no_account", N_("{rep} has no account yet; assign one first."), rep=owner)
        row = get_account(self._context.ledger, account)
        jobs = self._context.ledger.as_of("employment", account_id=account)
        people = self._context.rows("person", (job["person_id"] for job in jobs))
        marks = self._body[owner].get("marks", {})
        shown = tuple(
            {
                "person": job["person_id"],
                "name": (people.get(job["person_id"]) or {}).get("name"),
                "title": job["title"],
                "department": job["department"],
                "end_kind": job["end_kind"],
                "mark": marks.get(job["person_id"]),
            }
            for job in sorted(jobs, key=lambda job: ((people.get(job["person_id"]) or {}).get("name") or "", job["id"]))
        )
        n = [person["mark"] or ("left" if person["end_kind"] else None) for person in shown]
        gone = sum(mark in ("left", "retired", "moved") for mark in n)
        return ContactList(
            account, row["name"], len(shown), n.count("still"), gone, n.count("role_changed"), n.count("unsure"), shown
        )

    def mark(self, person: str, state: str, rep: str | None = None, *, how: str | None = None) -> None:
        """Say of one contact: ``still`` there, ``left``, ``retired``, ``moved``, ``role_changed`` or ``unsure``.

        Each mark is one edit. A departure darkens the person's slots at once. What the rep remembers is no check: a "still"
        verifies the slots only where ``how`` says how it was checked (``call``, ``meeting``, …).
        """
        self._check_open()
        owner = self._rep(rep)
        if state not in (*_MARKS, "unsure"):
            raise BadInput(
                "field.word",
                N_("'{value}' is not a {field}; use one of: {words}."),
                value=state[:40],
                field="mark",
                words=[*_MARKS, "unsure"],
            )
        listed = self.contacts(owner)
        account = listed.account
        if person not in {each["person"] for each in listed.people}:
            raise no_person(account)
        body = dict(self._body[owner])
        body["marks"] = {**body.get("marks", {}), person: state}
        noted = self._change(owner, body=json.dumps(body))
        home = get_account(self._context.ledger, account)
        remembered = state == "unsure" or (state == STILL and how is None)
        context, people = self._context, self._coaching.people
        self._save([noted] if remembered else [*learned_changes(context, people, person, home, state, how=how), noted])

    # Closing it ----------------------------------------------------------------------------------------------------

    def draft(self, account: str, role: str, rep: str | None = None) -> Draft:
        """A commitment for this slot with its defaults, made in this session."""
        own = self._rows[self._rep(rep)]["id"]
        return self._coaching.commitments.draft_from_gap(account, role, session=own)

    def add(self, draft: Draft, *, confirmed: bool = False, edit_id: str | None = None) -> Commitment:
        """Take on a commitment; more than the week's number of new ones has to be confirmed; ``edit_id`` again adds nothing."""
        self._check_open()
        made = self._coaching.commitments.add(draft, confirmed=confirmed, edit_id=edit_id)
        edit = self._context.ledger.history("commitment", made.id)[0]["edit_id"]
        self._edits += [edit] if edit not in self._edits else []
        return made

    def read_back(self, rep: str | None = None) -> list[Commitment]:
        """The commitments this session made for the rep, to be read aloud: ``sentence`` says each."""
        own = self._rows[self._rep(rep)]["id"]
        return self._coaching.commitments.find(session=own, state=None)

    def agree(self, rep: str | None = None) -> None:
        """The rep agrees to what was read back; from here on the items of managers are visible to them."""
        self._check_open()
        self._save([self._change(self._rep(rep), agreed=1)])

    def agreed(self, rep: str | None = None) -> bool:
        """Whether the rep has agreed."""
        return bool(self._rows[self._rep(rep)]["agreed"])

    def close(self) -> None:
        """End the session.

        Raises
        ------
        BadInput
            Somebody for whom a commitment was made has not agreed yet.
        """
        self._check_open()
        waiting = [rep for rep in self.reps if self.read_back(rep) and not self.agreed(rep)]
        if waiting:
            raise BadInput("session.not_agreed", N_("Read back first: {reps} has to agree."), reps=waiting)
        self._save([self._change(rep, closed=1) for rep in self._rows])

    # Inside --------------------------------------------------------------------------------------------------------

    def _rep(self, rep: str | None) -> str:
        if rep is None and len(self.reps) == 1:
            return self.reps[0]
        owner = self._context.staff_id(rep)
        if owner not in self._rows:
            raise BadInput("session.rep", N_("Say for which rep of this group: {reps}."), reps=self.reps)
        return str(owner)

    def _began(self, rep: str) -> int:
        return int(self._context.ledger.history("session", self._rows[rep]["id"])[0]["at"])

    def _change(self, rep: str, **fields: Any) -> Change:
        """On what is known of the session, so that nothing another page has told is written over."""
        row = self._rows[rep]
        return Change("session", row["id"], fields, base=row["version"])

    def _check_open(self) -> None:
        self._read()  # another page may have gone on with it
        if self.closed:
            raise BadInput("session.closed", N_("This session is closed; start a new one."))

    def _save(self, changes: list[Change]) -> None:
        self._note_edit(self._context.ledger.save(changes))

    def _note_edit(self, edit: Edit) -> None:
        if not edit.unchanged:
            self._edits.append(edit.edit_id)
        self._read()

"""Commitments: from a gap in one sentence, settled with one key, answered by those above.

Source: the method, sections 4 and 6, and the data model, section 7 (docs/method.md, docs/architecture.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from coverage_kit.coaching.commitments.draft import Commitment, Draft, say
from coverage_kit.coaching.commitments.gaps import Gap, gaps_of, roles_of
from coverage_kit.coaching.commitments.load import NOTES, load_commitments, staff_name
from coverage_kit.coaching.commitments.playbooks import PlaybookShelf
from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.coaching import (
    DUE_DAYS,
    EXPECTED_RUNG,
    Answer,
    CommitmentKind,
    NotKeptReason,
    Outcome,
)
from coverage_kit.domain.identifiers import clean_text
from coverage_kit.domain.vocabulary import Level
from coverage_kit.domain.week import Week, working_day
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.measures import commitment_states, commitments, doors, stall
from coverage_kit.rules.commitments import SUCCESSOR
from coverage_kit.rules.slots import as_word, find_row, get_account
from coverage_kit.store import Change, Edit, load_versions, new_id

#: What an unanswered commitment gets when it climbs, in days.
CLIMB_DAYS = 7


class Commitments:
    """The commitments of a team."""

    def __init__(self, context: CoachingContext, shelf: PlaybookShelf) -> None:
        self._context = context
        self._shelf = shelf

    # Drafts --------------------------------------------------------------------------------------------------------

    def gap(self, account: str, role: str) -> Gap:
        """What does this slot lack next?

        Raises
        ------
        NotFound
            No such account, or the role is not required there or not applicable.
        """
        row = get_account(self._context.ledger, account)
        found = gaps_of(self._context, [(row["id"], role)]).get((row["id"], role))
        if found is None:
            raise NotFound(
                "gap.role",
                N_("'{role}' is not a position to work on at this account; required are: {roles}."),
                role=role,
                roles=roles_of(self._context, row) or "–",
            )
        return found

    def draft_from_gap(self, account: str, role: str, *, kind: str | None = None, session: str | None = None) -> Draft:
        """A commitment for this slot with everything filled in: who, by when, to whom, what.

        Parameters
        ----------
        account, role : str
            Key or name of the account, key of the required role.
        kind : str, optional
            Something else than what the gap calls for.
        session : str, optional
            Id of the session it is made in.

        Returns
        -------
        Draft
            ``dataclasses.replace`` changes any of it; ``sentence`` says it; ``add`` saves it.
        """
        gap = self.gap(account, role)
        chosen = gap.kind if kind is None else as_word(CommitmentKind, kind, "kind")
        moves = self._shelf.moves(gap) if chosen is gap.kind else []
        return Draft(
            kind=chosen,
            owner=self._default_owner(gap, chosen),
            due_on=working_day(self._context.today() + timedelta(days=DUE_DAYS[chosen])),
            account=gap.account,
            role=role,
            rep=gap.rep,
            employment=None if chosen is CommitmentKind.IDENTIFY else gap.employment,
            route=moves[0].route if moves else None,
            playbook=moves[0].key if moves else None,
            expected_rung=EXPECTED_RUNG[chosen],
            session=session,
        )

    def draft_help(self, rep: str, to: str, *, action: str, scope: str, account: str | None = None) -> Draft:
        """A commitment of somebody above for what a rep cannot do alone: a stall, a closed door.

        Parameters
        ----------
        rep, to : str
            Who is helped, and who helps.
        action : str
            What is asked for, in one line.
        scope : str
            Names what is meant, so that asking again joins the same chain, e.g. ``stall:jihye.kim``.
        account : str, optional
        """
        own = None if account is None else get_account(self._context.ledger, account)["id"]
        due = working_day(self._context.today() + timedelta(days=CLIMB_DAYS))
        return Draft(
            kind=CommitmentKind.OPEN_PATH,
            owner=str(self._context.staff_id(to)),
            due_on=due,
            account=own,
            rep=self._context.staff_id(rep),
            action=action,
            scope=scope,
        )

    def draft_for_leaders(self) -> list[Draft]:
        """What should somebody above be asked for now? A stall of each rep who has one, and up to three doors.

        Returns
        -------
        list of Draft
            Of owners who are the reps' managers; nothing that is asked for already. ``add`` saves one.
        """
        now = self._context.now()
        history = self._context.load(until=now)
        staff, open_ = self._context.staff(), {c.scope for c in self.find()}
        idle = stall(history, now)
        stalled = [rep for rep in idle.loc[idle["stalled"], "rep"] if (staff.get(rep) or {}).get("manager_id")]
        action = self._context.t(N_("free an hour for the focus list, and see together what comes in between"))
        drafts = [
            self.draft_help(rep, staff[rep]["manager_id"], action=action, scope=f"stall:{rep}")
            for rep in stalled
            if f"stall:{rep}" not in open_
        ]
        slots = history.slots(now)
        for door in doors(commitments(history, now), slots).to_dict("records"):
            draft = self.draft_from_gap(door["account"], door["role"])
            above = (staff.get(draft.rep or "") or {}).get("manager_id")
            drafts += [replace(draft, owner=above)] if above else []
        return drafts

    def sentence(self, draft: Draft) -> str:
        """The draft in one sentence, to be read back."""
        gap = self._gap_of(draft)
        staff = self._context.staff()
        account = self._context.rows("account", [draft.account]).get(draft.account or "")
        return say(
            self._context.t,
            draft.kind,
            draft.due_on,
            owner=staff_name(staff, draft.owner),
            rep=staff_name(staff, draft.rep),
            account=account["name"] if account else None,
            role=gap.role_title if gap else draft.role,
            holder=self._context.person_label(gap.holder, gap.title) if gap and gap.holder else None,
            scope=draft.scope,
            action=draft.action,
        )

    # Acts ----------------------------------------------------------------------------------------------------------

    def add(self, draft: Draft, *, confirmed: bool = False, edit_id: str | None = None) -> Commitment:
        """Save a commitment.

        Parameters
        ----------
        draft : Draft
        confirmed : bool
            Take more than the usual number of new ones of a rep in one week.
        edit_id : str, optional
            The same one again adds nothing.

        Raises
        ------
        BadInput
            More than the week's number and not confirmed, or due before today.
        """
        key = f"co_{edit_id[3:]}" if edit_id else new_id("co")
        if edit_id and find_row(self._context.ledger, "commitment", key):
            return self.get(key)
        owner = str(self._context.staff_id(draft.owner))
        rep = self._context.staff_id(draft.rep)
        if draft.due_on < self._context.today():
            raise BadInput(
                "commitment.due",
                N_("{day} has passed; give a day from today on."),
                day=draft.due_on.isoformat(),
            )
        if not confirmed:
            self._check_number(rep)
        texts = {"action_note": draft.action, "value_note": draft.value}
        fields, notes = self._notes(texts, draft.account, owner)
        fields |= {
            "chain_id": self._chain(draft) or key,
            "account_id": draft.account,
            "role": draft.role,
            "employment_id": draft.employment,
            "kind": draft.kind.value,
            "owner_id": owner,
            "rep_id": rep,
            "due_on": draft.due_on.isoformat(),
            "why_then": draft.why_then and clean_text(draft.why_then, "why_then"),
            "route": draft.route and draft.route.value,
            "playbook": draft.playbook,
            "expected_rung": None if draft.expected_rung is None else int(draft.expected_rung),
            "session_id": draft.session,
            "scope": draft.scope,
        }
        self._context.ledger.save([*notes, Change("commitment", key, fields, base=0)], edit_id=edit_id)
        return self.get(key)

    def settle(
        self,
        commitment: str,
        outcome: str,
        *,
        reason: str | None = None,
        note: str | None = None,
        base: int | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """Say how a commitment ended: kept, or not kept for one of five reasons.

        Parameters
        ----------
        commitment : str
            Its id.
        outcome : str
            ``kept``, ``not_kept`` or ``withdrawn``.
        reason : str, optional
            Needed where it was not kept: ``pushed_aside dont_know_how not_there need_help priority_changed``.
        note : str, optional
            One line.
        base : int, optional
            The version the user saw.
        edit_id : str, optional
            The same one again writes nothing.
        """
        row = self._row(commitment)
        ended = as_word(Outcome, outcome, "outcome")
        if ended is Outcome.NOT_KEPT and reason is None:
            raise BadInput(
                "commitment.reason",
                N_("Not kept needs one of the reasons: {words}."),
                words=[word.value for word in NotKeptReason],
            )
        why = as_word(NotKeptReason, reason, "reason").value if reason and ended is Outcome.NOT_KEPT else None
        fields, notes = self._notes({"outcome_note": note}, row["account_id"], row["owner_id"])
        done_on = self._context.today().isoformat()
        fields |= {"outcome": ended.value, "not_kept_reason": why, "done_on": done_on}
        return self._context.ledger.save([*notes, Change("commitment", commitment, fields, base=base)], edit_id=edit_id)

    def note(self, commitment: str, text: str, *, base: int | None = None) -> Edit:
        """Write one line beside a commitment: how it went where it has ended, before that what it is to bring.

        Parameters
        ----------
        commitment : str
            Its id.
        text : str
            Empty takes the line out; the same again writes nothing.
        base : int, optional
            The version the user saw.
        """
        row = self._row(commitment)
        name = "outcome_note" if row["outcome"] else "value_note"
        present = find_row(self._context.ledger, "note", row[name]) if row[name] else None
        fields, notes = self._notes({name: text.strip()}, row["account_id"], row["owner_id"])
        if present and notes and present["body"] == notes[0].fields["body"]:
            fields, notes = {}, []
        elif not notes:
            fields = {name: None}
        return self._context.ledger.save([*notes, Change("commitment", commitment, fields, base=base)])

    def carry(self, commitment: str, due_on: date, *, base: int | None = None) -> Edit:
        """Move a commitment to a later day; that it was carried over stays in the count."""
        self._open_row(commitment)
        return self._context.ledger.save([Change("commitment", commitment, {"due_on": due_on.isoformat()}, base=base)])

    def accept(self, commitment: str, due_on: date | None = None, *, base: int | None = None) -> Edit:
        """Take on what others asked of one, with a day of one's own."""
        row = self._open_row(commitment)
        day = due_on.isoformat() if due_on else row["due_on"]
        if day < self._context.today().isoformat():
            raise BadInput("commitment.due", N_("{day} has passed; give a day from today on."), day=day)
        fields = {"answer": Answer.ACCEPTED.value, "due_on": day}
        return self._context.ledger.save([Change("commitment", commitment, fields, base=base)])

    def hand_on(self, commitment: str, to: str, *, base: int | None = None) -> Edit:
        """Give a commitment to somebody who can do more about it; they have to answer in their turn."""
        self._open_row(commitment)
        fields = {"owner_id": self._context.staff_id(to), "answer": None}
        return self._context.ledger.save([Change("commitment", commitment, fields, base=base)])

    def decline(self, commitment: str, reason: str, *, base: int | None = None) -> Edit:
        """Say no to what was asked, and why."""
        row = self._open_row(commitment)
        if not reason.strip():
            raise BadInput("commitment.decline", N_("Declining needs a reason, in one line."))
        fields, notes = self._notes({"outcome_note": reason}, row["account_id"], row["owner_id"])
        fields |= {
            "answer": Answer.DECLINED.value,
            "outcome": Outcome.WITHDRAWN.value,
            "done_on": self._context.today().isoformat(),
        }
        return self._context.ledger.save([*notes, Change("commitment", commitment, fields, base=base)])

    def climb(self) -> list[Commitment]:
        """Let what was asked, not answered and is past due go to the owner's manager; nobody has to ask again.

        Returns
        -------
        list of Commitment
            Those that climbed, as they stand now.
        """
        today = self._context.today()
        due = [c for c in self.find() if c.climbs_on and c.climbs_to and c.climbs_on <= today]
        later = working_day(today + timedelta(days=CLIMB_DAYS)).isoformat()
        self._context.ledger.save(
            Change("commitment", c.id, {"owner_id": c.climbs_to, "due_on": later}, base=c.version) for c in due
        )
        climbed = {c.id for c in due}
        return [c for c in self.find() if c.id in climbed]

    # Reading -------------------------------------------------------------------------------------------------------

    def current_staff_id(self) -> str | None:
        """Who of ours is at work; None where the login is nobody of the staff."""
        me = self._context.me()
        return me if me in self._context.staff() else None

    def get(self, commitment: str) -> Commitment:
        """One commitment as it stands."""
        self._row(commitment)
        return next(c for c in self.find(state=None) if c.id == commitment)

    def find(
        self,
        *,
        owner: str | None = None,
        rep: str | None = None,
        account: str | None = None,
        session: str | None = None,
        due_by: date | Week | None = None,
        state: str | None = "open",
    ) -> list[Commitment]:
        """Which commitments are there?

        Parameters
        ----------
        owner : str, optional
            Only those of this one of ours; what a session made and the rep has not agreed to yet is left out.
        rep : str, optional
            Only those in this rep's territory: of the accounts the rep owns now, or of the rep without an account.
        account, session : str, optional
        due_by : date or Week, optional
            Only those due by this day, or by the end of this week.
        state : str or None
            ``open`` (overdue ones too), ``kept``, ``not_kept``, ``withdrawn``, ``settled``; None for all.

        Returns
        -------
        list of Commitment
            By due day.
        """
        now = self._context.now()
        table = commitment_states(
            load_versions(self._context.ledger, "commitment", until=now), now, pd.Timestamp(self._context.today())
        )
        owner_id, rep_id = self._context.staff_id(owner), self._context.staff_id(rep)
        if owner_id is not None:
            table = table.loc[table["owner"] == owner_id]
        if account is not None:
            table = table.loc[table["account"] == get_account(self._context.ledger, account)["id"]]
        if session is not None:
            table = table.loc[table["session"] == session]
        if due_by is not None:
            last = due_by.sunday if isinstance(due_by, Week) else due_by
            table = table.loc[table["due_on"] <= last.isoformat()]
        if state is not None:
            states = {"open": ("open", "overdue"), "settled": ("kept", "not_kept", "withdrawn")}.get(state, (state,))
            table = table.loc[table["state"].isin(states)]
        views = load_commitments(self._context, table)
        return [c for c in views if (rep_id is None or c.rep == rep_id) and (owner_id is None or c.visible)]

    def _row(self, commitment: str) -> dict[str, Any]:
        row = find_row(self._context.ledger, "commitment", commitment)
        if row is None:
            raise NotFound(
                "commitment.unknown",
                N_("There is no commitment '{id}'; see: coverage-kit commitments list"),
                id=commitment[:40],
            )
        return row

    def _open_row(self, commitment: str) -> dict[str, Any]:
        row = self._row(commitment)
        if row["outcome"]:
            raise BadInput("commitment.settled", N_("This commitment is settled already; make a new one."))
        return row

    def _gap_of(self, draft: Draft) -> Gap | None:
        slot = (draft.account or "", draft.role or "")
        return gaps_of(self._context, [slot]).get(slot)

    def _default_owner(self, gap: Gap, kind: CommitmentKind) -> str:
        """The rep; for the door of an executive the rep's manager, where there is one."""
        rep = gap.rep or self._context.me()
        above = (self._context.staff().get(rep) or {}).get("manager_id")
        return str(above) if above and kind is CommitmentKind.OPEN_PATH and gap.level is Level.EXECUTIVE else rep

    def _check_number(self, rep: str | None) -> None:
        most, week = self._context.settings.commitments_a_week, self._context.week()
        new = [
            c
            for c in self.find(rep=rep, state=None)
            if Week.containing(c.created_at, self._context.zone) == week and not (c.scope or "").startswith(SUCCESSOR)
        ]
        if len(new) >= most:
            raise BadInput(
                "commitment.many",
                N_("{n} new commitments this week already; few are kept better than many. Confirm to add one more."),
                n=len(new),
            )

    def _chain(self, draft: Draft) -> str | None:
        """The chain a new commitment joins: the last one on the same gap, unless that was kept and the slot got there."""
        where: dict[str, Any] = {"account_id": draft.account} if draft.account else {}
        rows = self._context.ledger.as_of("commitment", **where)
        same = [row for row in rows if _same_gap(row, draft)]
        if not same:
            return None
        last = max(same, key=lambda row: (row["at"], row["id"]))
        if last["outcome"] != Outcome.KEPT:
            return str(last["chain_id"])
        gap = self._gap_of(draft)
        reached = last["expected_rung"] is None or (gap is not None and gap.rung >= last["expected_rung"])
        return None if reached else str(last["chain_id"])

    def _notes(
        self, texts: Mapping[str, str | None], account: str | None, owner: str
    ) -> tuple[dict[str, Any], list[Change]]:
        """Free text lies in notes, so that it can be erased; the commitment keeps their ids."""
        fields: dict[str, Any] = {}
        changes = []
        for name, text in texts.items():
            if not text:
                continue
            fields[name] = new_id("no")
            body = {"account_id": account, "kind": NOTES[name].value, "owner_id": owner}
            changes.append(Change("note", fields[name], {**body, "body": clean_text(text, name)}, base=0))
        return fields, changes


def _same_gap(row: Mapping[str, Any], draft: Draft) -> bool:
    if draft.scope or row["scope"]:
        return bool(row["scope"] == draft.scope)
    return (row["account_id"], row["role"], row["kind"]) == (draft.account, draft.role, draft.kind.value)

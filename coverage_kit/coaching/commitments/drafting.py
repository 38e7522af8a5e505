"""Draft commitments: from a gap with every field filled in, and for managers who can help.

Source: the method, sections 4 and 6 (docs/reference/method.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from coverage_kit.coaching.commitments.draft import Draft, say, say_task
from coverage_kit.coaching.commitments.find import FindCommitments
from coverage_kit.coaching.commitments.gaps import Gap, gaps_of, required_keys
from coverage_kit.coaching.commitments.load import staff_name
from coverage_kit.coaching.commitments.playbooks import PlaybookShelf
from coverage_kit.coaching.context import CoachingContext
from coverage_kit.coaching.terms import Terms
from coverage_kit.domain.coaching import DUE_DAYS, EXPECTED_RUNG, CommitmentKind
from coverage_kit.domain.vocabulary import Level
from coverage_kit.domain.week import working_day
from coverage_kit.errors import NotFound
from coverage_kit.i18n import N_
from coverage_kit.measures import commitments, doors, stall
from coverage_kit.rules.inputs import as_word
from coverage_kit.rules.lookup import get_account
from coverage_kit.store.entities import Account


class DraftCommitments(FindCommitments):
    """Drafts commitments; nothing is saved."""

    def __init__(self, context: CoachingContext, playbooks: PlaybookShelf) -> None:
        super().__init__(context)
        self._playbooks = playbooks

    def gaps(self, slots: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Gap]:
        """What do these slots (ids of accounts, keys of roles) lack next? Those to do nothing about are left out."""
        return gaps_of(self._context, slots)

    def gap(self, account: str, role: str) -> Gap:
        """What does this slot lack next?

        Raises
        ------
        NotFound
            No such account, or the role is not required there or not applicable.
        """
        row = get_account(self._context.ledger, account)
        found = self.gaps([(row.id, role)]).get((row.id, role))
        if found is None:
            raise NotFound(
                "gap.role",
                N_("'{role}' is not a position to work on at this account; required are: {roles}."),
                role=role,
                roles=required_keys(self._context, row) or "–",
            )
        return found

    def draft_from_gap(self, account: str, role: str, *, kind: str | None = None, session: str | None = None) -> Draft:
        """A commitment for this slot with everything filled in: who, by when, to whom, what.

        Parameters
        ----------
        account, role : str
            Key or name of the account, key of the required role.
        kind : str, optional
            Another kind than the gap calls for.
        session : str, optional
            Id of the session it is made in.

        Returns
        -------
        Draft
            ``dataclasses.replace`` changes any of it; ``sentence`` says it; ``add`` saves it.
        """
        gap = self.gap(account, role)
        chosen = gap.kind if kind is None else as_word(CommitmentKind, kind, "kind")
        moves = self._playbooks.moves(gap) if chosen is gap.kind else []
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
        """A commitment of a manager or executive for what a rep cannot do alone: a stall, a closed door.

        Parameters
        ----------
        rep, to : str
            The rep to help, and the colleague who helps.
        action : str
            The request, in one line.
        scope : str
            Names the subject, so that asking again joins the same chain, e.g. ``stall:jihye.kim``.
        account : str, optional
        """
        return Draft(
            kind=CommitmentKind.OPEN_PATH,
            owner=self._context.get_staff_id(to),
            due_on=self._answer_day(self._context.staff_id(rep)),
            account=None if account is None else get_account(self._context.ledger, account).id,
            rep=self._context.staff_id(rep),
            action=action,
            scope=scope,
        )

    def _answer_day(self, rep: str | None, *, after: date = date.min) -> date:
        """A working day by which a request for a rep is to be answered, as agreed for the team."""
        days = (self._context.terms_in_force().agreed(rep) or Terms()).answer_days
        return working_day(max(self._context.today() + timedelta(days=days), after + timedelta(days=1)))

    def draft_for_leaders(self, rep: str | None = None) -> list[Draft]:
        """What should managers be asked for now? The stall of each rep who has one, and up to three doors.

        Parameters
        ----------
        rep : str, optional
            Only for this rep.

        Returns
        -------
        list of Draft
            Owned by the reps' managers, without what is asked for already. ``add`` saves one.
        """
        now, rep_id = self._context.now(), self._context.staff_id(rep)
        history = self._context.load(rep=rep_id, until=now)
        asked = {c.scope for c in self.find()}
        idle = stall(history, now)
        stalled = [str(who) for who in idle.loc[idle["stalled"], "rep"] if f"stall:{who}" not in asked]
        action = self._context.t(N_("free an hour for the focus list, and look together at what gets in the way"))
        drafts = [
            self.draft_help(who, manager, action=action, scope=f"stall:{who}")
            for who in stalled
            if rep_id in (None, who) and (manager := self._context.manager_of(who))
        ]
        closed = doors(commitments(history, now), history.slots(now, rep_id))
        for account, role in zip(closed["account"], closed["role"], strict=True):
            draft = self.draft_from_gap(account, role)
            manager = self._context.manager_of(draft.rep)
            drafts += [replace(draft, owner=manager)] if manager else []
        return drafts

    def sentence(self, draft: Draft) -> str:
        """The draft in one sentence, to be read back."""
        staff = self._context.staff()
        task = self.task(draft, rep=staff_name(staff, draft.rep))
        return say(self._context.t, draft.due_on, owner=staff_name(staff, draft.owner), task=task)

    def task(self, draft: Draft, *, rep: str | None = None) -> str:
        """What the draft would bring about; it names no rep unless one is given."""
        gap = self._gap_of(draft)
        account = self._context.ledger.find(Account, draft.account)
        return say_task(
            self._context.t,
            draft.kind,
            rep=rep,
            account=account.name if account else None,
            role=gap.role_title if gap else draft.role,
            holder=self._context.person_label(gap.holder, gap.title) if gap and gap.holder else None,
            scope=draft.scope,
            action=draft.action,
        )

    def _gap_of(self, draft: Draft) -> Gap | None:
        slot = (draft.account or "", draft.role or "")
        return gaps_of(self._context, [slot]).get(slot)

    def _default_owner(self, gap: Gap, kind: CommitmentKind) -> str:
        """The rep; for the door of an executive the rep's manager, if there is one."""
        rep = gap.rep or self._context.me()
        is_door = kind is CommitmentKind.OPEN_PATH and gap.level is Level.EXECUTIVE
        return (self._context.manager_of(rep) if is_door else None) or rep

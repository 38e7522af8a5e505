"""Responses: what a model sends back to its page, as typed dictionaries of plain JSON.

Long because it is one list.

The page's TypeScript types are generated from these (``make messages``). Dates are ``YYYY-MM-DD``, instants are local
time as text, texts for the user come by language.

Long because it is one list: every message that a page may get.
"""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypeAliasType, TypedDict

#: A text for the user, by language.
Bilingual = TypeAliasType("Bilingual", dict[str, str])
#: A value of a field as people read it: names instead of ids.
Shown = TypeAliasType("Shown", str | int | float | None)


class _Response(TypedDict):
    #: The sequence number of the request.
    seq: NotRequired[int | None]


class Problem(_Response):
    """The request was not carried out: refused as it is, or to be sent again later."""

    kind: Literal["refused", "unavailable"]
    code: str
    text: Bilingual


# One account ----------------------------------------------------------------------------------------------------------


class PersonView(TypedDict):
    """A person at an account; ``version`` is the version of the employment."""

    person: str
    employment: str
    version: int
    name: str | None
    phone: str | None
    email: str | None
    need: str | None
    erased_on: str | None
    title: str | None
    department: str | None
    verified_on: str | None
    end_kind: str | None
    ended_on: str | None


class ContactView(PersonView):
    """A contact, with the required roles that this person holds.

    ``suits`` are the account's roles that the title may mean, the likeliest first; ``title_state`` says whether the
    person still holds the title (``present acting former future``) or is a ``gatekeeper``. ``check`` says what somebody
    found out: ``confirmed`` (within 180 days), ``stale``, ``never_checked`` or ``gone``.
    """

    roles: list[str]
    check: Literal["confirmed", "stale", "never_checked", "gone"]
    suits: list[str]
    title_state: str


class RoleView(TypedDict):
    """A required role; title and value by language."""

    title: Bilingual
    level: str
    function: str
    value: Bilingual | None


class SlotView(TypedDict):
    """One slot.

    ``rung`` is None if the slot is out of the count; ``state`` says how old its verification is; ``words`` are those of
    the account's own role list, where they differ from the first message's.
    """

    role: str
    words: NotRequired[RoleView]
    version: int
    status: str
    rung: int | None
    state: str
    holder: PersonView | None
    representative: str | None
    grounds: str
    reason: str
    age_days: int | None
    verified_on: str | None
    verified_how: str | None
    verified_by: str | None
    can_meet: int | None
    can_deliver: int | None
    disposition: str | None
    agreed_by: str | None
    review_on: str | None
    proposed: str | None
    proposed_by: str | None
    proposed_why: str


class TieView(TypedDict):
    """A tie between two employments."""

    id: str
    kind: str
    source: str
    target: str
    version: int


class AccountView(TypedDict):
    """The company itself; ``facts`` are whatever the workspace keeps about it."""

    id: str
    name: str
    industry: str | None
    segment: str | None
    region: str | None
    value: float | None
    focus: int | None
    facts: dict[str, str | int | float | bool | None]


class PageView(TypedDict):
    """One account; if ``partly``, only the slots that differ from the page that was sent before."""

    account: AccountView
    slots: list[SlotView]
    partly: NotRequired[bool]
    people: NotRequired[list[ContactView]]
    ties: NotRequired[list[TieView]]


# The rep's workbook ---------------------------------------------------------------------------------------------------


class Line(TypedDict):
    """One account in the list.

    ``rungs`` and ``states`` have one character a slot; ``set`` says which list of roles they belong to.
    """

    id: str
    name: str
    industry: str
    region: str
    value: float
    focus: bool
    must_win: bool
    set: int
    rungs: str
    states: str
    touched: int


#: A week that has ended: its name, its Monday and its Sunday.
WeekView = TypedDict("WeekView", {"week": str, "from": str, "to": str})


class Named(TypedDict):
    """Somebody of ours."""

    id: str
    name: str


class Colleague(Named):
    """Somebody of ours, with their function."""

    function: str
    gone: bool


#: Numbers of slots by scope (``all``, ``focus``) and rung, and of accounts.
Summary = TypeAliasType("Summary", dict[str, dict[str, int]])


class PageResponse(_Response):
    """One account; only ``same`` if the page's own copy is still right. ``known`` is the mark of this copy."""

    kind: Literal["page"]
    week: str | None
    known: NotRequired[str]
    same: NotRequired[bool]
    page: NotRequired[PageView]


class HelloResponse(_Response):
    """Everything the rep's workbook needs to begin; ``words`` has for each of ``sets`` the roles it calls otherwise.

    Where no path is set, the page does not ask for those of an account (``has_paths``).
    """

    kind: Literal["hello"]
    rep: Named
    actor: str
    may_agree: bool
    place: str
    today: str
    week: str
    weeks: list[WeekView]
    roles: dict[str, RoleView]
    sets: list[list[str]]
    words: list[dict[str, RoleView]]
    staff: list[Colleague]
    lines: list[Line]
    summary: Summary
    has_paths: bool
    first: PageResponse | None


class PrefetchResponse(_Response):
    """Several accounts, as of the mark ``known``."""

    kind: Literal["ahead"]
    known: str
    pages: list[PageView]


class SavedResponse(_Response):
    """The edit is written. ``owner`` is sent only if the account is no longer this rep's."""

    kind: Literal["saved"]
    edit_id: str
    at: str
    summary: Summary
    page: NotRequired[PageView]
    line: NotRequired[Line | None]
    owner: NotRequired[str | None]


class FieldConflict(TypedDict):
    """One field that two people changed."""

    field: str
    before: Shown
    mine: Shown
    theirs: Shown


class ConflictDetails(TypedDict):
    """The fields that somebody else changed, and the present version."""

    entity: str
    version: int
    by: str
    fields: list[FieldConflict]


class ConflictResponse(_Response, ConflictDetails):
    """Somebody changed the same fields first; nothing was written."""

    kind: Literal["conflict"]
    text: Bilingual
    page: NotRequired[PageView]


class FindResponse(_Response):
    """Ids of the accounts where somebody's name contains the text."""

    kind: Literal["find"]
    text: str
    accounts: list[str]


class CardView(TypedDict):
    """One of the next people to ask after.

    ``mail`` is ``mail_replied`` or ``mail_bounced`` where a mail since the last verification came back so, else "".
    """

    account: str
    account_name: str
    person: str
    version: int
    name: str | None
    title: str | None
    department: str | None
    phone: str | None
    need: str | None
    state: str
    verified_on: str | None
    age_days: int | None
    tries: int
    tried_on: str | None
    mail: str
    mail_on: str | None
    roles: list[str]
    asked: int
    given: int


class CardsResponse(_Response):
    """The next people to ask after."""

    kind: Literal["cards"]
    cards: list[CardView]


class RequestStepView(TypedDict):
    """What happened to a request: ``kind`` is asked, accepted, handed_on, climbed or declined; the others are names."""

    kind: str
    on: str
    owner: str
    before: str | None


class CommitmentView(TypedDict):
    """A commitment; ``note`` is the line about it, ``before`` the last line about the one before it on the same gap.

    ``steps`` say how a request to somebody other than a rep went so far.
    """

    id: str
    version: int
    account: str | None
    rep: str | None
    sentence: Bilingual
    state: str
    reason: str | None
    due_on: str
    carried: int
    owner: str
    function: str | None
    note: str | None
    before: str | None
    steps: list[RequestStepView]


class ListFile(TypedDict):
    """One file to keep."""

    name: str
    text: str


class DecidedView(TypedDict):
    """What a leader (``by``, a name) decided about work that had to wait; ``file`` is the hour that was protected."""

    commitment: str
    task: Bilingual
    decision: str
    on: str
    by: str
    file: ListFile | None


class CommitmentsResponse(_Response):
    """The rep's open commitments, requests for the rep that were declined lately, and what leaders decided."""

    kind: Literal["commitments"]
    commitments: list[CommitmentView]
    declined: list[CommitmentView]
    decided: list[DecidedView]


class FieldChange(TypedDict):
    """One field before and after; ``on`` is the day since when it was true."""

    field: str
    before: Shown
    after: Shown
    on: NotRequired[str | None]


class HistoryEntry(TypedDict):
    """One edit; ``undone`` if it takes another one back, ``lost`` if it met another change and was not written."""

    at: str
    actor: str | None
    undone: bool
    lost: bool
    changes: list[FieldChange]


class HistoryResponse(_Response):
    """Every edit of one slot, newest first."""

    kind: Literal["history"]
    entries: list[HistoryEntry]


class EmploymentView(TypedDict):
    """One employment of a person."""

    account: str
    account_name: str
    title: str | None
    department: str | None
    started_on: str | None
    ended_on: str | None
    end_kind: str | None
    verified_on: str | None
    verified_how: str | None
    role_since: str | None


class CheckView(TypedDict):
    """One verification."""

    on: str
    by: str | None
    how: str | None


class DispositionView(TypedDict):
    """A disposition and when it was recorded."""

    at: str
    role: str
    disposition: str
    grounds: str | None


class TieEntry(TypedDict):
    """One edit of a tie."""

    at: str
    actor: str | None
    undone: bool
    tie: str
    a: str | None
    b: str | None
    taken_out: bool


class StageView(TypedDict):
    """How far a person is with one offering."""

    offering: str
    stage: str
    version: int


class SeenVersionsView(TypedDict):
    """The versions of a person's rows that are shown."""

    person: int
    employment: NotRequired[int]


class RhythmView(TypedDict):
    """The last real contact with a person, the next one, the planned day and the version of the plan; ``file`` has the plan."""

    last: str | None
    next: str | None
    planned: str | None
    version: int
    file: ListFile | None


class ContactDays(TypedDict):
    """The last real contact with a person, and the next one."""

    last: str | None
    next: str | None


class RhythmResponse(_Response):
    """Contacts with the people of an account, by person; ``file`` has those that are planned."""

    kind: Literal["rhythm"]
    account: str
    people: dict[str, ContactDays]
    file: ListFile | None


class PathStepView(TypedDict):
    """One step of a path, as it is planned."""

    role: str
    route: str
    stage: str


class StepTakenView(PathStepView):
    """A step of an account: the stage that the person has reached, and whether the step is taken, by which route."""

    reached: str | None
    taken: bool
    other_route: bool


class AccountPathView(TypedDict):
    """The path of an account to one offering; ``version`` is that of its own steps, 0 where it follows its list."""

    offering: str
    title: Bilingual
    own: bool
    version: int
    steps: list[StepTakenView]
    idle_weeks: int
    still: bool


class PathsResponse(_Response):
    """The paths of an account; ``may_depart`` if it is a must-win account, which may have steps of its own."""

    kind: Literal["paths"]
    account: str
    may_depart: bool
    paths: list[AccountPathView]


class PersonCardView(TypedDict):
    """All we know of one person."""

    person: str
    seen: SeenVersionsView
    name: str | None
    email: str | None
    phone: str | None
    need: str | None
    opted_out_on: str | None
    erased_on: str | None
    employments: list[EmploymentView]
    roles: list[str]
    checks: list[CheckView]
    tries: list[str]
    dispositions: list[DispositionView]
    tie_history: list[TieEntry]
    stages: list[StageView]
    rhythm: RhythmView | None


class VoiceView(TypedDict):
    """A statement of a person; ``state`` is open, done, answered or noted."""

    id: str
    version: int
    kind: str
    body: str
    account: str
    account_name: str
    person: str
    name: str | None
    title: str | None
    owner: str | None
    days: int
    heard_on: str
    state: str
    done: str | None
    done_by: str | None
    answered_on: str | None


class ValueView(TypedDict):
    """A value given; ``received`` is what the customer said about it."""

    id: str
    version: int
    kind: str
    what: str
    need: str
    person: str
    name: str | None
    given_on: str
    given_by: str
    received: str | None


class BalanceView(TypedDict):
    """Of a person in the last 90 days: days on which we asked something, values given, and those received.

    ``can_meet`` says whether one of ours can meet the person and deliver value.
    """

    person: str
    name: str | None
    title: str | None
    need: str | None
    can_meet: bool
    asked: int
    given: int
    received: int


class ValueKind(TypedDict):
    """An entry of the team's list of values."""

    key: str
    title: Bilingual


class SaidResponse(_Response):
    """What the people of an account, or one of them, said and were given; ``kinds`` is the team's list of values."""

    kind: Literal["said"]
    account: str
    person: str | None
    voices: list[VoiceView]
    values: list[ValueView]
    people: list[BalanceView]
    kinds: list[ValueKind]


class PersonResponse(_Response):
    """All we know of one person."""

    kind: Literal["person"]
    card: PersonCardView


# The coach's screen ---------------------------------------------------------------------------------------------------


class OpenSession(TypedDict):
    """A session that was left before its end."""

    id: str
    kind: str
    reps: list[str]
    step: str
    week: WeekView


class ProposalView(TypedDict):
    """A position that somebody proposed as not applicable."""

    account: str
    account_name: str
    role: str
    role_title: Bilingual
    by: str
    why: str
    version: int


class AskedView(TypedDict):
    """What a colleague owes or was asked; ``is_asked`` if it waits for an answer. ``owner`` is a name."""

    commitment: str
    version: int
    task: Bilingual
    owner: str
    owner_id: str
    function: str
    due_on: str
    days_late: int
    is_asked: bool


class ReplyView(TypedDict):
    """What became of a reply: ``written``, ``known`` or ``refused``; ``edit_id`` takes a written one back."""

    file: str
    state: str
    text: Bilingual
    edit_id: str


class MinutesResponse(_Response):
    """The pages of a session's minutes, who got them by mail, and why some could not be made or mailed."""

    kind: Literal["minutes"]
    session: str
    files: list[str]
    mailed: list[str]
    failed: list[str]


class TermsView(TypedDict):
    """The four answers of an agreement."""

    minutes: int
    focus_size: int
    answer_days: int
    gives_way: str


class SignedBy(TypedDict):
    """Somebody who agreed."""

    name: str
    function: str


class AgreementView(TypedDict):
    """The agreement on coaching of a team in a quarter, and how it was kept so far.

    ``terms`` are None until somebody has written them; ``offered`` are those to begin with, and ``ranges`` the least and
    the most that each number may be. ``missing`` are functions of which nobody has agreed yet. ``held`` of ``weeks``
    begun; ``cancelled`` counts the others by reason, and ``this_week`` is "held", "cancelled" or "".
    """

    manager: str
    name: str
    quarter: str
    until: str
    version: int
    terms: TermsView | None
    offered: TermsView
    ranges: dict[str, list[int]]
    signed: list[SignedBy]
    missing: list[str]
    stands: bool
    may_sign: bool
    has_signed: bool
    has_begun: bool
    held: int
    weeks: int
    cancelled: dict[str, int]
    this_week: str


class DeskResponse(_Response):
    """Whom to coach, which sessions are open, what colleagues were asked, and the agreements of the teams.

    ``edit_id`` is the edit just written, ``replies`` what became of the mails just read.
    """

    kind: Literal["desk"]
    reps: list[Named]
    sessions: list[OpenSession]
    current: str | None
    proposals: list[ProposalView]
    asked: list[AskedView]
    colleagues: list[Colleague]
    today: str
    replies: NotRequired[list[ReplyView]]
    agreements: list[AgreementView]
    edit_id: str


class DrawnCheckView(TypedDict):
    """A check of last week that the hour comes back to; ``question`` asks what the person said."""

    rep: str
    account: str
    account_name: str
    person: str
    question: Bilingual
    verified_on: str
    verified_how: str | None


class AgendaView(TypedDict):
    """One thing to go through in the hour, how long, and why."""

    account: str
    account_name: str
    role_title: Bilingual | None
    minutes: int
    why: Bilingual
    must_win: bool


class HeldView(TypedDict):
    """A session that a rep had, and what became of the commitments made in it."""

    id: str
    kind: str
    week: str
    day: str
    closed: bool
    made: int
    kept: int
    not_kept: int


class PreparedResponse(_Response):
    """What a coach looks at before the hour with one rep.

    ``note`` is the coach's own; ``version`` that of note and plan. ``file`` is the calendar entry of the planned hour;
    ``edit_id`` the edit just written.
    """

    kind: Literal["prepared"]
    rep: str
    name: str
    today: str
    since: str | None
    changes: dict[str, int]
    cleaned: int
    agreed: list[CommitmentView]
    decided: list[DecidedView]
    agenda: list[AgendaView]
    minutes: int
    quiet_questions: list[Bilingual]
    checks: list[DrawnCheckView]
    history: list[HeldView]
    note: str
    planned_for: str | None
    version: int
    file: ListFile | None
    edit_id: str


class AskView(TypedDict):
    """A request to a leader that may be sent: to whom (a name), for which rep, about what, by when.

    Without ``account_name`` it is about a rep whose work has stopped; ``is_known`` if we know who holds the position.
    """

    key: str
    to: str
    rep: str
    account_name: str | None
    role_title: Bilingual | None
    is_known: bool
    due_on: str
    task: Bilingual


class AsksResponse(_Response):
    """What leaders may be asked for now; ``edit_id`` is the edit just written."""

    kind: Literal["asks"]
    asks: list[AskView]
    edit_id: str


class SessionAccount(TypedDict):
    """An account in a session, and how many slots it has."""

    id: str
    name: str
    required: int


class GapView(TypedDict):
    """A slot with a next move."""

    account: str
    account_name: str
    role: str
    title: Bilingual


class FoundHolder(TypedDict):
    """Somebody who was found in the blind role."""

    rep: str
    account_name: str
    verified_on: str
    verified_how: str | None


class MissingHolder(TypedDict):
    """A rep who knows nobody in the blind role, and the account where to begin."""

    rep: str
    account: str
    account_name: str


class BlindRole(TypedDict):
    """The role that most territories are blind in, who found theirs, and who did not."""

    role: str
    title: Bilingual
    found: list[FoundHolder]
    missing: list[MissingHolder]


class SweepLine(TypedDict):
    """Somebody whose check is due, and what was found out."""

    account: str
    account_name: str
    person: str
    version: int
    holder: str | None
    title: str | None
    phone: str | None
    roles: list[Bilingual]
    verified_on: str | None
    state: str | None
    edit: str | None


class MarkedContact(TypedDict):
    """One contact of the first session's list."""

    person: str
    version: int
    name: str | None
    title: str | None
    department: str | None
    end_kind: str | None
    mark: str | None


class AccountChoiceView(TypedDict):
    """An account whose contact list may be gone through; the days say how old its contacts are by the CRM's dates."""

    id: str
    name: str
    value: float | None
    contacts: int
    updated_days: int | None
    added_days: int | None
    by_value: bool
    by_contacts: bool
    chosen: bool


class ContactListView(TypedDict):
    """The contact list of the account that a rep chose, and its counter."""

    rep: str
    account: str
    account_name: str
    total: int
    still: int
    gone: int
    changed: int
    unsure: int
    left: int
    people: list[MarkedContact]


class StepView(TypedDict, total=False):
    """Contents of the present step."""

    claimed: list[str]
    revealed: bool
    measured: dict[str, list[int]]
    claims: dict[str, float | None]
    last_commitments: list[CommitmentView]
    accounts: list[SessionAccount]
    opened: list[str]
    others: list[SessionAccount]
    made: dict[str, list[CommitmentView]]
    agreed: list[str]
    gaps: dict[str, list[GapView]]
    round: dict[str, dict[str, str]]
    blind: BlindRole | None
    sweep: dict[str, list[SweepLine]]
    contacts: ContactListView
    choices: dict[str, list[AccountChoiceView]]
    minutes: list[str]
    checks: list[DrawnCheckView]


class BlindResponse(_Response):
    """Who found theirs in a role that the group chose."""

    kind: Literal["blind"]
    blind: BlindRole | None


class SessionView(StepView):
    """A session and its present step."""

    id: str
    kind: str
    step: str
    steps: list[str]
    reps: list[str]
    coach: str | None
    week: WeekView


class SessionResponse(_Response):
    """The session as it is now; ``edit_id`` is the edit that the act wrote, if it wrote anything."""

    kind: Literal["session"]
    session: SessionView
    edit_id: NotRequired[str]


class SessionAccountResponse(_Response):
    """One account of the session: the claim, what is known, and the roles with a next move."""

    kind: Literal["account"]
    page: PageView
    claimed: int
    known: int
    required: int
    gaps: list[str]


class DraftResponse(_Response):
    """A commitment with everything filled in; ``move`` says how."""

    kind: Literal["draft"]
    owner: str
    employment: str | None
    due_on: str
    route: str | None
    action: str
    sentence: Bilingual
    move: Bilingual


# The import page ------------------------------------------------------------------------------------------------------


class ColumnView(TypedDict):
    """A column of a file, which of ours it is read as, a few of its cells, and what an unread one may be."""

    theirs: str
    ours: str
    samples: list[str]
    guess: str


class PreviewView(TypedDict):
    """A file before anything is done with it; ``lacking`` says why it cannot be imported yet.

    ``holds`` is the kind of list that it looks like instead, "" if it may be the one chosen.
    """

    columns: list[ColumnView]
    layout: str
    encoding: str
    is_guess: bool
    n_rows: int
    sheets: list[str]
    lacking: Bilingual | None
    holds: str


class FoundProblem(TypedDict):
    """A problem in one cell or row."""

    row: int
    column: str
    value: str
    effect: str
    text: Bilingual


class DifferenceView(TypedDict):
    """One field that the import changes."""

    row: int
    what: str
    field: str
    before: Shown
    after: Shown


class MissingView(TypedDict):
    """Something that the last export had and this one has not."""

    name: str | None
    account: str


class LeftOutView(TypedDict):
    """A row that is no account and no person, and why."""

    row: int
    why: str
    text: str


class OwnerQuestion(TypedDict):
    """An owner's name that several colleagues have: in how many rows, and who was chosen."""

    name: str
    n: int
    colleagues: list[Named]
    chosen: str


class PersonQuestion(TypedDict):
    """A row that could be several people of one name: whom, and who was chosen.

    The id of a person is that of the employment, the number of another row of the file, or ``new``. ``in_brackets`` says
    that the names differ by a part in brackets.
    """

    row: int
    name: str
    account: str
    people: list[Named]
    chosen: str
    in_brackets: bool


class PlanView(TypedDict):
    """What an import does, or would do; of each table only the first lines.

    ``unread`` are their columns that hold something and are not read. ``n_unclear`` rows wait for a decision on accounts
    whose key and name disagree; ``unclear`` is the decision that stands. ``people_columns`` are those of a file of accounts
    that hold people; ``may_be_owner`` says that the only one of them may name our own people. ``accounts_added`` names the
    accounts that a contact list brings along.
    """

    counts: dict[str, int]
    accounts_added: list[str]
    unread: list[str]
    n_left_out: int
    left_out: list[LeftOutView]
    left_out_by: dict[str, int]
    unclear: str
    n_unclear: int
    owners: list[OwnerQuestion]
    n_who: int
    who: list[PersonQuestion]
    people_columns: list[str]
    may_be_owner: bool
    rejects: str
    n_problems: int
    problems: list[FoundProblem]
    n_differences: int
    differences: list[DifferenceView]
    n_missing: int
    missing: list[MissingView]


class RecentImport(TypedDict):
    """An import that can be taken back."""

    edit_id: str
    at: str
    actor: str
    kind: str
    rows: int
    added: int
    changed: int


class Facts(TypedDict):
    """How many accounts there are, and how many of them nobody owns yet."""

    accounts: int
    unassigned: int


class ImportState(_Response):
    """Everything the import page shows. ``ended`` says how the last job ended, if it was stopped or taken back."""

    kind: Literal["import"]
    kinds: list[str]
    kind_of_file: str
    choices: list[str]
    file: str
    size: int
    encoding: str | None
    sheet: str | None
    preview: PreviewView | None
    plan: PlanView | None
    done: bool
    can_undo: bool
    recent: list[RecentImport]
    ended: str
    problem: Bilingual | None
    facts: NotRequired[Facts]


class RoleHeld(TypedDict):
    """A required role that a person holds."""

    key: str
    title: Bilingual


class EvidenceLine(TypedDict):
    """A known person who looks different in a file, the positions that this touches, and what can be recorded.

    ``row`` is 0 if the file is not here any more. ``truths`` start with what the file suggests, if it suggests anything
    (``suggested``).
    """

    employment: str
    version: int
    row: int
    person: str
    account: str
    account_name: str
    kind: str
    was: str
    now: str
    title: str
    moved_to: str
    roles: list[RoleHeld]
    truths: list[str]
    suggested: str


class Recorded(TypedDict):
    """The last edit that recorded evidence, and its number of people."""

    edit_id: str
    n: int


class EvidenceResponse(_Response):
    """The known people who look different; ``of_file`` if only those in the file that is here."""

    kind: Literal["evidence"]
    of_file: bool
    n: int
    lines: list[EvidenceLine]
    recorded: Recorded | None


class FileResponse(_Response):
    """A file to keep, or to show; ``place`` is where it lies in the workspace's folder, if it does."""

    kind: Literal["file"]
    name: str
    text: str
    place: NotRequired[str]


class Progress(_Response):
    """How far a job is; sent without a request."""

    kind: Literal["progress"]
    step: str
    done: int
    total: int


# The start page -------------------------------------------------------------------------------------------------------


class ListsTile(TypedDict):
    """How many role lists are in force, and what they require: of how many accounts, how many positions."""

    lists: int
    accounts: int
    required: int


class AccountsTile(TypedDict):
    """How many accounts there are, how many contacts, and how many of those were checked in the last ``days``."""

    accounts: int
    contacts: int
    checked: int
    days: int


class OwnersTile(TypedDict):
    """How many accounts a colleague looks after, how many nobody does, and how many of these only a contact list names.

    ``moved`` counts accounts that are still under the team their rep had before.
    """

    assigned: int
    unassigned: int
    unconfirmed: int
    reps: int
    moved: int


class SessionsTile(TypedDict):
    """How many reps have had a session, of how many; and how many sessions are open."""

    coached: int
    reps: int
    open: int


class Tiles(TypedDict):
    """The four steps; ``done`` names those that stand, ``next`` the first that does not ("" if all do)."""

    lists: ListsTile
    accounts: AccountsTile
    owners: OwnersTile
    sessions: SessionsTile
    done: list[str]
    next: str


class CoachedRep(Named):
    """A rep's coaching this week: ``held``, ``open`` or ``due``; and the last week in which it was held."""

    state: str
    last: str


class AwaitedFrom(Named):
    """A colleague who has not answered yet: how many commitments, how many of them overdue, the first due day."""

    n: int
    overdue: int
    due_on: str


class LeftPerson(Named):
    """A person recorded this week as having left, where, and the positions that this touches."""

    account: str
    account_name: str
    title: str
    end_kind: str
    roles: list[Bilingual]


class ThisWeek(TypedDict):
    """What happens in the present week: coaching, answers awaited, who left; ``open`` commitments, of which ``overdue`` are past their day."""

    week: WeekView
    today: str
    coaching: list[CoachedRep]
    awaited: list[AwaitedFrom]
    open: int
    overdue: int
    left: list[LeftPerson]


class LinkOf(Colleague):
    """A colleague's personal link, and how many answers are awaited from them; "" if there is none yet."""

    url: str
    awaited: int


class ReportPage(TypedDict):
    """One page of a week's reports."""

    name: str
    title: str


class ReportWeek(TypedDict):
    """The reports of one week, the team's first."""

    week: WeekView
    pages: list[ReportPage]


class StartResponse(_Response):
    """Everything the start page shows; no links for those who do not hand them out (``may_share``).

    ``n_older_copies`` counts the workspace's notebooks and templates that an earlier version put there and nobody changed.
    ``due`` is the week whose reports can be made now, None before there is a rep.
    """

    kind: Literal["start"]
    tiles: Tiles
    this_week: ThisWeek
    proposals: list[ProposalView]
    n_older_copies: int
    may_share: bool
    links: list[LinkOf]
    reports: list[ReportWeek]
    due: WeekView | None


class AssignableAccount(TypedDict):
    """An account as the list for assigning shows it; ``is_free`` if nobody looks after it."""

    id: str
    version: int
    name: str
    industry: str
    segment: str
    region: str
    value: float | None
    people: int
    owner: str
    is_free: bool


class AccountsResponse(_Response):
    """All accounts, the colleagues who can get them, and the names of all owners.

    After an act: its ``edit_id``, and how many accounts it concerned.
    """

    kind: Literal["accounts"]
    accounts: list[AssignableAccount]
    colleagues: list[Colleague]
    tiles: Tiles
    edit_id: str
    n: int


# The role lists page --------------------------------------------------------------------------------------------------


class AliasesView(TypedDict):
    """Other titles of a role, by language."""

    ko: list[str]
    en: list[str]


class RoleForm(TypedDict):
    """A role of a list."""

    key: str
    title: Bilingual
    level: str
    function: str
    aliases: AliasesView
    value: Bilingual


class ConditionsView(TypedDict):
    """Whom a list applies to."""

    industries: list[str]
    segments: list[str]
    regions: list[str]
    offerings: list[str]
    teams: list[str]


class ListForm(TypedDict):
    """A role list; ``version`` is 0 if it is not in force."""

    key: str
    version: int
    title: Bilingual
    kind: str
    default: bool
    freshness_days: int
    applies_to: ConditionsView
    roles: list[RoleForm]


class ListInForce(ListForm):
    """A list in force; ``is_draft`` if it is still as it ships."""

    is_draft: bool


class OfferingForm(TypedDict):
    """An offering of ours."""

    key: str
    ko: str
    en: str
    active: bool
    version: int


class PinView(TypedDict):
    """An account, the lists it is under, and those chosen by hand with the reason."""

    account: str
    name: str
    lists: list[str]
    pinned: list[str]
    why: str
    version: int


class ListChangeView(TypedDict):
    """What an act did to one list (``added``, ``changed``, ``removed``): titles of roles, and what else (``ListPart``)."""

    title: Bilingual
    act: str
    roles_added: list[Bilingual]
    roles_removed: list[Bilingual]
    parts: list[str]


class PinChangeView(TypedDict):
    """Lists chosen by hand for an account; none where conditions decide again."""

    name: str
    lists: list[Bilingual]


class OfferingChangeView(TypedDict):
    """What an act did to an offering: ``added``, ``renamed``, ``retired`` or ``restored``."""

    title: Bilingual
    act: str


class PastActView(TypedDict):
    """One act of the past: when, by whom, why, and what it changed."""

    edit_id: str
    at: str
    actor: str
    why: str
    changes: list[ListChangeView]
    pins: list[PinChangeView]
    n_pins: int
    offerings: list[OfferingChangeView]


class UnderList(TypedDict):
    """How many accounts are under a list, and the first of their names."""

    n: int
    names: list[str]


class SetPathView(TypedDict):
    """The path of a base list for an offering, and how many accounts follow it."""

    role_list: str
    offering: str
    steps: list[PathStepView]
    version: int
    n: int


class RoleListsState(_Response):
    """Everything the role lists page shows.

    ``values`` are what accounts hold, by condition; ``freshness_days`` is what a new list begins with.
    """

    kind: Literal["role_lists"]
    lists: list[ListInForce]
    library: list[ListForm]
    under: dict[str, UnderList]
    offerings: list[OfferingForm]
    paths: list[SetPathView]
    values: ConditionsView
    pins: list[PinView]
    history: list[PastActView]
    n_accounts: int
    freshness_days: int
    many_roles: int
    offering_roles: int


class ListProblem(TypedDict):
    """Why a list cannot be applied: ``where`` names the field, such as ``roles.2.title``; "" for the list as a whole."""

    list: str
    where: str
    text: Bilingual


class Cost(TypedDict):
    """What the accounts concerned require."""

    required: int
    known: int
    checks_a_week: int
    focus_checks_a_week: int


class LeavingSlot(TypedDict):
    """A known slot that would leave the count."""

    account: str
    role: Bilingual


class CrowdedAccount(TypedDict):
    """An account with many roles."""

    account: str
    n: int


class MatchResponse(_Response):
    """How many accounts would be under each list."""

    kind: Literal["match"]
    under: dict[str, UnderList]


class PreviewResponse(_Response):
    """What would change, or why nothing can; of long lists only the first lines."""

    kind: Literal["preview"]
    problems: list[ListProblem]
    changed: list[str]
    n_accounts: int
    before: Cost | None
    after: Cost | None
    n_leaving: int
    leaving: list[LeavingSlot]
    n_crowded: int
    crowded: list[CrowdedAccount]


class ListsSaved(_Response):
    """The act is written; ``lists`` is the page after it."""

    kind: Literal["saved"]
    edit_id: str
    at: str
    lists: RoleListsState


class ListRead(_Response):
    """A list that a file holds, as a draft."""

    kind: Literal["list"]
    list: ListForm


class ListFiles(_Response):
    """Role lists as files."""

    kind: Literal["files"]
    files: list[ListFile]


class AccountsFound(_Response):
    """Accounts that a search found."""

    kind: Literal["accounts"]
    accounts: list[PinView]


# My page ----------------------------------------------------------------------------------------------------------------


class ClimbedView(TypedDict):
    """A request that went on to a superior (a name), because this colleague had not answered."""

    commitment: str
    task: Bilingual
    on: str
    to: str


class MyCommitment(TypedDict):
    """A commitment as its owner sees it; ``value`` is what the role usually cares about.

    ``reply_by`` is the last day for a reply; after it the request goes to ``climbs_to`` (a name).
    ``came`` is how it came here, where a colleague handed it on or did not answer.
    """

    id: str
    version: int
    task: Bilingual
    account_name: str | None
    value: Bilingual | None
    due_on: str
    days_late: int
    carried: int
    note: str | None
    reply_by: str | None
    climbs_to: str | None
    came: RequestStepView | None


class DoorView(TypedDict):
    """A position that only this leader can reach; ``asked`` if help was asked for, ``is_known`` if we know who holds it."""

    account: str
    role: str
    task: Bilingual
    account_name: str
    role_title: Bilingual
    is_known: bool
    asked: bool
    carried: int


class WaitingView(TypedDict):
    """Work that was pushed aside and waits for a decision."""

    commitment: str
    task: Bilingual
    carried: int


class PushedView(TypedDict):
    """Why commitments of the team were not kept; without ``reasons`` where fewer than three reps would be behind them."""

    reps: int
    reasons: dict[str, int]
    waiting: list[WaitingView]


class DepthView(TypedDict):
    """How well an account is known; ``one_person`` positions hang on one person. ``unknown`` are titles, the most senior first."""

    account: str
    account_name: str
    value: float | None
    required: int
    known: int
    executives: int
    people: int
    one_person: int
    unknown: list[Bilingual]


class MustWinView(TypedDict):
    """The must-win accounts of a quarter; ``elsewhere`` of ``effort`` edits of four weeks went to other accounts."""

    quarter: str
    most: int
    accounts: list[DepthView]
    elsewhere: int
    effort: int


class FocusView(TypedDict):
    """A focus list of a rep, or those of a team, now and four weeks ago."""

    id: str
    name: str
    accounts: int
    required: int
    known: int
    required_before: int
    known_before: int


class MyPerson(CardView):
    """A person whom the colleague meets anyway, with the titles of the positions held."""

    titles: list[Bilingual]


class MyResponse(_Response):
    """Everything one colleague is asked, owes, and can decide.

    ``edit_id`` is the edit just written; ``file`` a calendar entry that belongs to it. ``view`` says which page the
    colleague's function has: leader, executive or helper.
    """

    kind: Literal["mine"]
    who: Colleague
    view: str
    week: WeekView
    today: str
    edit_id: str
    file: ListFile | None
    colleagues: list[Colleague]
    overdue: list[MyCommitment]
    asked: list[MyCommitment]
    open: list[MyCommitment]
    climbed: list[ClimbedView]
    must_win: MustWinView | None
    doors: list[DoorView]
    pushed: PushedView | None
    focus: list[FocusView]
    thin: list[DepthView]
    agreements: list[AgreementView]
    people: list[MyPerson]
    voices: list[VoiceView]


class FoundMine(TypedDict):
    """An account that a search found."""

    id: str
    name: str
    value: float | None
    chosen: bool


class FoundMineResponse(_Response):
    """Accounts of the leader's people."""

    kind: Literal["found_mine"]
    text: str
    accounts: list[FoundMine]


# The contacts page ----------------------------------------------------------------------------------------------------


class MemoView(TypedDict):
    """What free text of an export suggests: ``left``, ``moved``, ``bounced`` or ``quiet``, and the text (the day of ``quiet``)."""

    kind: str
    text: str


class ContactLine(ContactView):
    """A contact on the page of contacts; ``account`` is an id, ``memo`` what the last export suggests about them."""

    account: str
    memo: MemoView | None


class PositionView(TypedDict):
    """A required role of an account; ``version`` and ``status`` are the slot's, ``person`` and ``holder`` its holder's."""

    role: str
    status: str
    version: int
    person: str | None
    holder: str | None


class ContactCounts(TypedDict):
    """How many contacts of an account are confirmed, to check again, never checked, or gone."""

    contacts: int
    confirmed: int
    stale: int
    never_checked: int
    gone: int


class ContactsOf(TypedDict):
    """An account with its positions; ``words`` are those of its own role list where they differ from the first message's."""

    id: str
    name: str
    rep: str | None
    positions: list[PositionView]
    words: dict[str, Bilingual]
    counts: ContactCounts


class ContactsState(_Response):
    """Contacts to match or to check. ``account`` is "" for those of all accounts; of ``n``, the first ones are in ``lines``."""

    kind: Literal["contacts"]
    today: str
    place: str
    account: str
    text: str
    roles: dict[str, Bilingual]
    accounts: list[ContactsOf]
    lines: list[ContactLine]
    n: int


class ContactsSaved(_Response):
    """An act was written; ``lines`` are the contacts of the account that look different now."""

    kind: Literal["saved"]
    edit_id: str
    at: str
    account: ContactsOf
    lines: list[ContactLine]


ContactsResponse = ContactsState | ContactsSaved | Problem

# The duplicates page --------------------------------------------------------------------------------------------------


class SamePair(TypedDict):
    """Two records that may be the same; names carry title and account, ``reasons`` are words of the vocabulary."""

    one: str
    other: str
    one_name: str
    other_name: str
    reasons: list[str]


class DoneMergeView(TypedDict):
    """A merge that stands."""

    edit_id: str
    on: str
    what: str
    keep: str
    gone: str


class DuplicatesState(_Response):
    """Pairs that may be the same and hold the ``text``; merges; programs to correct.

    Of ``found_people`` and ``found_accounts`` pairs the first are here; ``n_people`` and ``n_accounts`` are those without
    a search.
    """

    kind: Literal["duplicates"]
    text: str
    people: list[SamePair]
    accounts: list[SamePair]
    found_people: int
    found_accounts: int
    n_people: int
    n_accounts: int
    merges: list[DoneMergeView]
    sources: list[str]


class MergeDifference(TypedDict):
    """A field that both have, and differently."""

    field: str
    keep: str
    gone: str


class MergeQuestionView(TypedDict):
    """Something that only one can keep; ``chosen`` is ``keep``, ``take`` or ""."""

    id: str
    what: str
    about: Bilingual
    keep: str
    take: str
    chosen: str


class MergePreview(_Response):
    """What a merge would do; ``moved`` counts what goes over, by entity."""

    kind: Literal["merge_preview"]
    what: str
    keep: str
    gone: str
    keep_name: str
    gone_name: str
    jobs: int
    moved: dict[str, int]
    differences: list[MergeDifference]
    questions: list[MergeQuestionView]
    versions: dict[str, int]


class CorrectionsResponse(_Response):
    """Corrections for a program: files to download, none if nothing is new."""

    kind: Literal["corrections"]
    source: str
    records: int
    by_hand: int
    until: int
    files: list[ListFile]


class DuplicatesSaved(_Response):
    """An act was written; the page as it is now."""

    kind: Literal["saved"]
    edit_id: str
    at: str
    state: DuplicatesState


# The contact audit ----------------------------------------------------------------------------------------------------


class AuditLine(TypedDict):
    """The contacts of an account, or of all; days are missing where no source has any, and ghost-days for a rep."""

    account: str
    name: str
    contacts: int
    confirmed: int
    stale: int
    never_checked: int
    gone: int
    role_changed: int
    no_role: int
    days_since_update: int | None
    days_since_added: int | None
    ghost_days: int | None


class HintCount(TypedDict):
    """Contacts whom nobody has checked, and of whom a memo of the last export suggests something."""

    kind: str
    n: int


class SampledContact(TypedDict):
    """A contact of the sample; ``state`` is what was found out, None as long as nobody knows."""

    account: str
    account_name: str
    employment: str
    name: str | None
    title: str | None
    phone: str | None
    state: str | None


class SampleView(TypedDict):
    """The last sample: how many of ``of`` contacts were drawn, checked and gone, and between which shares of all that lies."""

    on: str
    of: int
    n: int
    checked: int
    gone: int
    low: float
    high: float
    more: int | None
    contacts: list[SampledContact]


class AuditState(_Response):
    """The audit: all contacts, the accounts with most that nobody confirmed, hints, the last sample, the roles in force."""

    kind: Literal["audit"]
    when: str
    team: AuditLine
    accounts: list[AuditLine]
    n_accounts: int
    waiting: int
    hints: list[HintCount]
    sample: SampleView | None
    roles: dict[str, Bilingual]


class LackCount(TypedDict):
    """How many verified people are not on the list for one reason."""

    lack: str
    n: int


class ToAsk(TypedDict):
    """A verified person who lacks consent; ``how`` is ``call``, ``meeting`` or ``address``."""

    person: str
    account: str
    account_name: str
    name: str | None
    title: str | None
    phone: str | None
    lack: str
    how: str


class ListedPerson(TypedDict):
    """A person who consented, or who opted out of everything; ``since`` and ``source`` are those of the consent."""

    person: str
    account: str
    account_name: str
    name: str | None
    title: str | None
    is_opted_out: bool
    is_due: bool
    since: str
    source: str


class CampaignState(_Response):
    """Who may be written to: how many, the first of them, whom to ask first, and why the others are not on the list."""

    kind: Literal["campaign"]
    scope: str
    role: str
    off_focus: bool
    ready: int
    reminders: int
    unverified: int
    lacks: list[LackCount]
    listed: list[ListedPerson]
    n_listed: int
    ask: list[ToAsk]
    n_ask: int
    others: list[ListedPerson]
    n_others: int


class MailResultsView(TypedDict):
    """What a file of results held."""

    replied: int
    bounced: int
    opted_out: int
    known_already: int
    unknown: int
    unread: int


class AuditSaved(_Response):
    """An act was written; the page as it is now, and what a file held, if one was read."""

    kind: Literal["saved"]
    edit_id: str
    at: str
    state: AuditState
    results: MailResultsView | None


AuditResponse = AuditState | CampaignState | FileResponse | ListFiles | AuditSaved | Problem
DuplicatesResponse = DuplicatesState | MergePreview | CorrectionsResponse | DuplicatesSaved | Problem
MyPageResponse = MyResponse | FoundMineResponse | FileResponse | Problem
RoleListsResponse = (
    RoleListsState | MatchResponse | PreviewResponse | ListsSaved | ListRead | ListFiles | AccountsFound | Problem
)
RepResponse = (
    HelloResponse
    | PageResponse
    | PrefetchResponse
    | SavedResponse
    | ConflictResponse
    | FindResponse
    | CardsResponse
    | CommitmentsResponse
    | HistoryResponse
    | PersonResponse
    | SaidResponse
    | PathsResponse
    | RhythmResponse
    | Problem
)
CoachResponse = (
    RepResponse
    | PreparedResponse
    | DeskResponse
    | MinutesResponse
    | SessionResponse
    | SessionAccountResponse
    | DraftResponse
    | BlindResponse
    | FileResponse
    | AsksResponse
)
ImportResponse = ImportState | EvidenceResponse | FileResponse | Progress | Problem
StartPageResponse = StartResponse | AccountsResponse | FileResponse | Progress | Problem
Response = (
    CoachResponse
    | ImportResponse
    | StartPageResponse
    | RoleListsResponse
    | MyPageResponse
    | ContactsResponse
    | DuplicatesResponse
    | AuditResponse
)

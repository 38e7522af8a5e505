"""Requests: every message a page may send, as a model that is checked before any of it is used.

Long because it is one list.

A page sends JSON, and JSON from a browser can hold anything. ``read_request`` turns one message into one of these
models, or refuses it with a message for the user. The page's TypeScript types are generated from the same models
(``make messages``), so that both sides agree.

Long because it is one list: every message that a page may send.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.json_schema import SkipJsonSchema

from coverage_kit.coaching.terms import Terms
from coverage_kit.domain.identifiers import clean_text
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_

#: Browsers count in steps of one only up to here.
_GREATEST = 2**53


def as_seq(value: object) -> int | None:
    """The sequence number that matches a response to its request; None if the page sent something else."""
    return value if isinstance(value, int) and abs(value) <= _GREATEST else None


def _empty(value: object) -> object:
    return "" if value is None else value


def _empty_list(value: object) -> object:
    return [] if value is None else value


def _none_if_blank(value: object) -> object:
    return (value.strip() or None) if isinstance(value, str) else value


def _storable(value: str | None, info: ValidationInfo) -> str | None:
    """Refuse characters that no database keeps."""
    if value is not None:
        clean_text(value, info.field_name or "message")
    return value


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput("claim.number", N_("A claim is a number; type it in figures."))
    return value


_TEXT_OR_NULL = WithJsonSchema({"type": ["string", "null"]})
#: A text; "" if it is missing or null.
Text = Annotated[str, BeforeValidator(_empty), AfterValidator(_storable), _TEXT_OR_NULL]
#: A text without blanks around it; None if there is nothing in it.
OptionalText = Annotated[str | None, BeforeValidator(_none_if_blank), AfterValidator(_storable)]
#: A text that is null to clear the field.
Clearable = Annotated[str | None, AfterValidator(_storable)]
_Item = Annotated[str, AfterValidator(_storable)]
Texts = Annotated[list[_Item], BeforeValidator(_empty_list)]
Version = Annotated[StrictInt, Field(ge=-_GREATEST, le=_GREATEST)]
#: The id under which the page sends an act again; other ids are derived from it.
EditId = Annotated[Annotated[str, Field(pattern=r"^ed_[A-Za-z0-9_]{1,40}$")] | None, BeforeValidator(_none_if_blank)]


#: A page checks a few of all these models, so each is made ready when it is first used, not while the file is imported.
WHEN_USED = ConfigDict(defer_build=True)


class _Model(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", **WHEN_USED)


class PageLink(_Model):
    """The personal link a page was opened with."""

    person: Text = ""
    signature: Text = ""


class Request(_Model):
    """What every request has: its sequence number, and the rep whose accounts it is about (on the coach's screen).

    ``link`` comes with a page's first request, and binds the kernel to that person.
    ``clock`` is ``confirmed`` if the user said that the computer's date is right, although the last edit is long ago.
    """

    seq: Annotated[int | None, BeforeValidator(as_seq)] = None
    clock: Text = ""
    rep: OptionalText = None
    link: PageLink | None = None


class ActRequest(Request):
    """A request that writes; ``edit_id`` stays the same when the page sends it again, so that it is written once."""

    edit_id: EditId = None


# The rep's workbook: questions ----------------------------------------------------------------------------------------


class Hello(Request):
    """The page has loaded; ``rep`` may come from its link."""

    kind: Literal["hello"]


class OpenAccount(Request):
    """Show one account, now or as of the end of a week; ``known`` is the mark of the copy that the page has."""

    kind: Literal["open"]
    account: Text = ""
    week: Text = ""
    known: Text = ""


class Prefetch(Request):
    """Send several accounts before anybody opens them."""

    kind: Literal["ahead"]
    accounts: Texts = []


class FindPeople(Request):
    """Which accounts have somebody whose name contains this text?"""

    kind: Literal["find"]
    text: Text = ""


class NextCards(Request):
    """Whom should the rep ask after next?"""

    kind: Literal["cards"]


class OpenCommitments(Request):
    """The rep's open commitments."""

    kind: Literal["commitments"]


class SlotHistory(Request):
    """What happened to one slot?"""

    kind: Literal["history"]
    account: Text = ""
    role: Text = ""


class PersonCard(Request):
    """All we know of one person."""

    kind: Literal["person"]
    account: Text = ""
    person: Text = ""


class ShowSaid(Request):
    """What the people of an account said and were given; of one person, or of all."""

    kind: Literal["said"]
    account: Text = ""
    person: OptionalText = None


class ShowPaths(Request):
    """The paths to an account, and the steps that are taken."""

    kind: Literal["paths"]
    account: Text = ""


class ShowRhythm(Request):
    """The last and the next contact with each person of an account."""

    kind: Literal["rhythm"]
    account: Text = ""


class Undo(ActRequest):
    """Take an edit back."""

    kind: Literal["undo"]
    account: Text = ""
    undoes: Text = ""


# The rep's workbook: edits --------------------------------------------------------------------------------------------


class EditRequest(ActRequest):
    """One act of a user.

    ``base`` is the version that was on the screen. ``session`` is filled in by the coach's screen, never by the page.
    """

    kind: Literal["edit"]
    account: Text = ""
    role: Text = ""
    base: Version | None = None
    session: SkipJsonSchema[OptionalText] = None


class SetText(EditRequest):
    """Set one field of a slot to a text, or clear it."""

    field: Literal["holder", "representative", "disposition", "grounds"]
    value: Clearable


class SetNewHolder(EditRequest):
    """A holder who is none of the contacts, even if one of them has the same name."""

    field: Literal["new_holder"]
    value: Text


class SetFlag(EditRequest):
    """Say whether the representative can meet the person, or can deliver value."""

    field: Literal["can_meet", "can_deliver"]
    value: StrictBool | None


class SetFocus(EditRequest):
    """Put the account on the focus list, or take it off."""

    field: Literal["focus"]
    value: StrictBool


class Someone(_Model):
    """A person at the account."""

    person: Text = ""


class Check(Someone):
    """A person is still there: in all roles held, or in these."""

    on: OptionalText = None
    how: Text = ""
    roles: list[_Item] | None = None


class Vacancy(_Model):
    """Nobody holds the position; when and how it was checked."""

    on: OptionalText = None
    how: OptionalText = None


class Exemption(_Model):
    """The position does not exist there: why, who agreed, and when to look again."""

    reason: OptionalText = None
    agreed_by: OptionalText = None
    review_on: OptionalText = None


class Proposal(_Model):
    """Why the position does not exist there."""

    reason: Text = ""


class Departure(Someone):
    """What happened to a person: left, retired, moved, or another role at the same account.

    ``version`` is the version of the employment that was on the screen, ``successor`` the name of the person who holds
    the positions now.
    """

    kind: Text = ""
    version: Version | None = None
    on: OptionalText = None
    title: OptionalText = None
    moved_to: OptionalText = None
    successor: OptionalText = None


class SeenVersions(_Model):
    """The versions of a person's rows that were on the screen."""

    person: Version | None = None
    employment: Version | None = None


class Details(Someone):
    """A person's details; those that are not named stay as they are."""

    model_config = ConfigDict(extra="forbid")

    seen: SeenVersions = SeenVersions()
    name: Text = ""
    title: Text = ""
    department: Text = ""
    phone: Text = ""
    email: Text = ""
    need: Text = ""


class NewTie(Someone):
    """How a person stands to another one of the account."""

    kind: Text = ""
    other: Text = ""


class OldTie(_Model):
    """A tie to take out."""

    tie: Text = ""


class Settlement(_Model):
    """How a commitment ended."""

    commitment: Text = ""
    outcome: Text = ""
    reason: OptionalText = None


class StageReached(Someone):
    """How far a person is with one offering; no stage takes it back."""

    offering: Text = ""
    stage: OptionalText = None


class NextContact(Someone):
    """The day of the next planned contact; none takes the plan back."""

    on: OptionalText = None


class PathStep(_Model):
    """One step of a path: a required role, the route to its holder, the stage it should bring about."""

    role: Text = ""
    route: Text = ""
    stage: Text = ""

    def parts(self) -> tuple[str, str, str]:
        """Role, route and stage."""
        return self.role, self.route, self.stage


class OwnSteps(_Model):
    """The steps of an account that departs from the path of its list; none lets it follow that path again."""

    offering: Text = ""
    steps: list[PathStep] = []


class NewVoice(Someone):
    """A statement of a person."""

    kind: Text = ""
    text: Text = ""


class ClosedVoice(_Model):
    """What was done about a voice, and whether the person knows; what was done may be written already."""

    voice: Text = ""
    done: OptionalText = None
    answered: StrictBool = False


class OldVoice(_Model):
    """A voice that waits again."""

    voice: Text = ""


class NewValue(Someone):
    """Something of use that a person got from us; ``need`` is the id of a voice, or the need in words."""

    kind: Text = ""
    what: Text = ""
    need: OptionalText = None


class ReceivedValue(_Model):
    """The words of the customer on a value given."""

    given: Text = ""
    words: Text = ""


class SetVerified(EditRequest):
    """Record a check of the holder; null takes the slot's check back."""

    field: Literal["verified"]
    value: Check | None


class SetVacant(EditRequest):
    """Record that nobody holds the position."""

    field: Literal["vacant"]
    value: Vacancy


class SetNotApplicable(EditRequest):
    """A coach or manager says in their own name that the position does not exist there."""

    field: Literal["not_applicable"]
    value: Exemption


class SetProposed(EditRequest):
    """Propose that the position does not exist there; null withdraws or declines it."""

    field: Literal["proposed"]
    value: Proposal | None


class SetOpen(EditRequest):
    """Record that the position exists after all."""

    field: Literal["open"]
    value: None = None


class EndEmployment(EditRequest):
    """Record a departure or a change of role."""

    field: Literal["ended"]
    value: Departure


class RecordTry(EditRequest):
    """Record that somebody tried to check a person and could not."""

    field: Literal["tried"]
    value: Someone


class SetDetails(EditRequest):
    """Change a person's details."""

    field: Literal["detail"]
    value: Details


class AddTie(EditRequest):
    """Record a tie between two people."""

    field: Literal["tie"]
    value: NewTie


class RemoveTie(EditRequest):
    """Take a tie out."""

    field: Literal["untie"]
    value: OldTie


class SettleCommitment(EditRequest):
    """Say how a commitment ended."""

    field: Literal["settled"]
    value: Settlement


class SetStage(EditRequest):
    """Record how far a person is with an offering."""

    field: Literal["stage"]
    value: StageReached


class PlanContact(EditRequest):
    """Plan the next contact with a person."""

    field: Literal["next_contact"]
    value: NextContact


class SetRoute(EditRequest):
    """Give a must-win account steps of its own for an offering, or take them back."""

    field: Literal["own_route"]
    value: OwnSteps


class AddVoice(EditRequest):
    """Record what a person said."""

    field: Literal["voice"]
    value: NewVoice


class CloseVoice(EditRequest):
    """Say what was done about a voice."""

    field: Literal["voice_closed"]
    value: ClosedVoice


class ReopenVoice(EditRequest):
    """Let a voice wait again."""

    field: Literal["voice_reopened"]
    value: OldVoice


class GiveValue(EditRequest):
    """Record value given to a person."""

    field: Literal["value_given"]
    value: NewValue


class ReceiveValue(EditRequest):
    """Record what the customer said about a value given."""

    field: Literal["value_received"]
    value: ReceivedValue


SlotEdit = SetText | SetNewHolder | SetFlag | SetVerified | SetVacant | SetNotApplicable | SetProposed | SetOpen
PersonEdit = EndEmployment | RecordTry | SetDetails | AddTie | RemoveTie | SetStage | PlanContact | AddVoice
SaidEdit = CloseVoice | ReopenVoice | GiveValue | ReceiveValue
AccountEdit = SetFocus | SetRoute
Edit = Annotated[SlotEdit | PersonEdit | SaidEdit | AccountEdit | SettleCommitment, Field(discriminator="field")]
RepQuestion = (
    Hello
    | OpenAccount
    | Prefetch
    | FindPeople
    | NextCards
    | OpenCommitments
    | SlotHistory
    | PersonCard
    | ShowSaid
    | ShowPaths
    | ShowRhythm
)
RepRequest = Annotated[RepQuestion | Undo | Edit, Field(discriminator="kind")]


# The coach's screen ---------------------------------------------------------------------------------------------------


class ShowDesk(Request):
    """Whom to coach, and which sessions are open?"""

    kind: Literal["desk"]


class StartSession(ActRequest):
    """Begin a session."""

    kind: Literal["start"]
    reps: Texts = []
    session_kind: Text = ""


class ResumeSession(Request):
    """Take up a session again."""

    kind: Literal["resume"]
    session: Text = ""


class ClaimAccount(ActRequest):
    """Go through one account of the session; it is noted as gone through."""

    kind: Literal["account"]
    account: Text = ""


class DraftFields(Request):
    """A slot, and what the coach changed in the commitment that is proposed for it."""

    account: Text = ""
    role: Text = ""
    owner: OptionalText = None
    due_on: OptionalText = None
    route: OptionalText = None
    action: OptionalText = None


class ShowBlindRole(Request):
    """Who found theirs in a role that the group chose."""

    kind: Literal["blind"]
    role: Text = ""


class DraftCommitment(DraftFields):
    """A commitment for a slot with everything filled in, and how it reads with what was changed."""

    kind: Literal["draft"]


class SessionRequest(ActRequest):
    """One act in the session that is open."""

    kind: Literal["act"]


class Step(SessionRequest):
    """Go to the next step or back; ``step`` is the one that is on the screen."""

    act: Literal["next", "back"]
    step: OptionalText = None


class Close(SessionRequest):
    """End the session."""

    act: Literal["close"]


class Claim(SessionRequest):
    """The rep's own answer: percent of the whole, or a number of slots of one account."""

    act: Literal["claim"]
    value: Annotated[
        StrictInt | StrictFloat, BeforeValidator(_number), Field(ge=-_GREATEST, le=_GREATEST, allow_inf_nan=False)
    ]
    account: OptionalText = None


class Settle(SessionRequest):
    """How a commitment ended; ``version`` is the one that is on the screen."""

    act: Literal["settle"]
    commitment: Text = ""
    version: Version | None = None
    outcome: Text = ""
    reason: OptionalText = None
    note: OptionalText = None


class AddNote(SessionRequest):
    """One line about a commitment."""

    act: Literal["note"]
    commitment: Text = ""
    version: Version | None = None
    note: OptionalText = None


class ReportRound(SessionRequest):
    """One thing done and one thing stuck, in a group."""

    act: Literal["round"]
    done: OptionalText = None
    stuck: OptionalText = None


class MarkContact(SessionRequest):
    """Is this contact still there? ``version`` is the version of the employment that was on the screen."""

    act: Literal["mark"]
    person: Text = ""
    version: Version | None = None
    state: Text = ""


class ChooseAccount(SessionRequest):
    """Go through the contact list of this account of a rep."""

    act: Literal["choose_account"]
    account: Annotated[str, AfterValidator(_storable), Field(min_length=1)]


class CheckLine(SessionRequest):
    """The result of one line of the sweep; ``version`` is the version of the employment that was on the screen."""

    act: Literal["check"]
    account: Text = ""
    person: Text = ""
    version: Version | None = None
    state: Text = ""
    how: OptionalText = None
    on: OptionalText = None
    title: OptionalText = None
    moved_to: OptionalText = None


class Agree(SessionRequest):
    """The rep agrees to what was read back."""

    act: Literal["agree"]


class Commit(SessionRequest, DraftFields):
    """Make a commitment; ``confirmed`` if it is made in spite of a warning.

    ``employment`` is the holder's on the screen; if somebody else holds the position by now, nothing is written.
    """

    act: Literal["commit"]
    employment: OptionalText = None
    confirmed: StrictBool = False


Act = Annotated[
    Step | Close | Claim | Settle | AddNote | ReportRound | MarkContact | ChooseAccount | CheckLine | Agree | Commit,
    Field(discriminator="act"),
]


class RecordAnswer(ActRequest):
    """What the owner of a commitment answered by phone; ``due_on``, ``to`` or ``reason`` with the answer that needs it."""

    kind: Literal["record_answer"]
    commitment: Text = ""
    version: Version | None = None
    answer: Text = ""
    due_on: OptionalText = None
    to: OptionalText = None
    reason: OptionalText = None


class MailFile(_Model):
    """A saved mail; ``content`` is in base64."""

    name: Text = ""
    content: Annotated[str, Field(max_length=28_000_000)] = ""


class ReadReplies(Request):
    """Write down what saved replies say; each is written once, however often it is sent."""

    kind: Literal["read_replies"]
    files: Annotated[list[MailFile], Field(max_length=100)] = []


class MakeMinutes(Request):
    """Make the minutes of a closed session; mail them where asked for, each once."""

    kind: Literal["make_minutes"]
    session: Text = ""
    mail: StrictBool = False


# The agreement on coaching, on my page and on the coach's page -----------------------------------------------------------


class OfTeam(Request):
    """A request about the agreement of a manager's team in a quarter."""

    manager: Text = ""
    quarter: OptionalText = None


class ProposeTerms(OfTeam, ActRequest):
    """Write the terms, and agree to them; ``version`` is the one that is on the screen."""

    kind: Literal["propose"]
    minutes: StrictInt = Terms.minutes
    focus_size: StrictInt = Terms.focus_size
    answer_days: StrictInt = Terms.answer_days
    gives_way: Text = ""
    version: Version = 0


class SignTerms(OfTeam, ActRequest):
    """Agree to the terms that are on the screen."""

    kind: Literal["sign"]
    version: Version = 0


class CancelCoaching(ActRequest):
    """The coaching of a team was cancelled this week, for one of the five reasons."""

    kind: Literal["cancel_coaching"]
    manager: Text = ""
    reason: Text = ""


class PrintAgreement(OfTeam):
    """Make the page of an agreement."""

    kind: Literal["print_agreement"]


class ShowAsks(Request):
    """What should leaders be asked for now, for these reps or for all?"""

    kind: Literal["asks"]
    reps: Texts = []


class SendAsk(ActRequest):
    """A draft becomes a request to the leader; ``draft`` is its key."""

    kind: Literal["send_ask"]
    draft: Text = ""
    reps: Texts = []


class UndoAsk(ActRequest):
    """A request that was just sent is taken back."""

    kind: Literal["undo_ask"]
    undoes: Text = ""
    reps: Texts = []


class UndoDesk(ActRequest):
    """Undo an act of the coach's first page."""

    kind: Literal["undo_desk"]
    undoes: Text = ""


AgreementAct = ProposeTerms | SignTerms | CancelCoaching


# The coach prepares -------------------------------------------------------------------------------------------------------


class ShowPreparation(Request):
    """What a coach looks at before the hour with a rep."""

    kind: Literal["prepare"]


class SetPrivateNote(ActRequest):
    """Write the coach's own note for the hour; ``version`` is the one that is on the screen."""

    kind: Literal["private_note"]
    text: Text = ""
    version: Version = 0


class PlanHour(ActRequest):
    """Plan the next hour, in local time; none takes the plan back."""

    kind: Literal["plan_hour"]
    planned_for: OptionalText = None
    version: Version = 0


class UndoPreparing(ActRequest):
    """Undo an act of the page on which the coach prepares."""

    kind: Literal["undo_preparing"]
    undoes: Text = ""


PrepareRequest = ShowPreparation | SetPrivateNote | PlanHour | UndoPreparing


#: What a coach asks and does outside a session.
DeskRequest = (
    ShowDesk
    | AgreementAct
    | PrintAgreement
    | ShowAsks
    | SendAsk
    | UndoAsk
    | RecordAnswer
    | ReadReplies
    | MakeMinutes
    | UndoDesk
    | PrepareRequest
)
CoachQuestion = StartSession | ResumeSession | ClaimAccount | ShowBlindRole | DraftCommitment
CoachRequest = Annotated[RepQuestion | Undo | Edit | CoachQuestion | Act | DeskRequest, Field(discriminator="kind")]


# The import page ------------------------------------------------------------------------------------------------------


class ReceivePart(Request):
    """The next part of a file; its bytes come in the message's buffer, not in its JSON."""

    kind: Literal["part"]
    name: Text = ""
    size: Version = 0
    at: Version = 0
    content: SkipJsonSchema[bytes] = b""


class SetOptions(Request):
    """Choose the kind of file, its encoding or its sheet; those that are not named stay as they are."""

    kind: Literal["set"]
    kind_of_file: Text = ""
    encoding: OptionalText = None
    sheet: OptionalText = None


class MapColumn(Request):
    """Read one of their columns as one of ours; "" for one that is not read."""

    kind: Literal["column"]
    theirs: Annotated[str, AfterValidator(_storable), Field(min_length=1)]
    ours: Text = ""


class ImportStep(Request):
    """Back to the columns, put the file away, import it, or stop the work that is running."""

    kind: Literal["back", "drop", "run", "stop"]


class TryOut(Request):
    """Say what the import would change; with what the user decided after the last trial.

    ``columns`` maps more of their columns to ours. ``unclear`` (``ask``, ``same``, ``new``) decides where an account's key
    and name disagree. ``owners`` maps names that several colleagues have to the key of the one who is meant, "" to ask
    again. ``who`` maps numbers of rows that could be several people to the one who is meant, in the same way.
    """

    kind: Literal["try_out"]
    columns: dict[_Item, _Item] = {}
    unclear: Literal["", "ask", "same", "new"] = ""
    owners: dict[_Item, _Item] = {}
    who: dict[_Item, _Item] = {}


class ShowEvidence(Request):
    """The known people who look different: in the file that is tried or imported, else in the last exports."""

    kind: Literal["evidence"]


class TrueOf(_Model):
    """The truth about one of them, and the version of their employment that is on the screen."""

    employment: Text = ""
    version: Version = 0
    truth: Text = ""


class RecordEvidence(Request):
    """Record what is true about people who look different, in one edit; ``how`` those were checked who are still there."""

    kind: Literal["record"]
    people: list[TrueOf] = []
    how: Text = ""
    edit_id: EditId = None


class UndoEvidence(Request):
    """Undo what was recorded."""

    kind: Literal["undo_record"]
    undoes: Text = ""
    edit_id: EditId = None


class UndoImport(ActRequest):
    """Take an import back; the one of this page if none is named."""

    kind: Literal["undo"]
    undoes: Text = ""


class GetFile(Request):
    """A file to keep: an empty one with our columns, or the rows that were not taken."""

    kind: Literal["file"]
    which: Text = ""


ImportAct = Hello | ReceivePart | SetOptions | MapColumn | TryOut | ImportStep | UndoImport
EvidenceRequest = ShowEvidence | RecordEvidence | UndoEvidence
ImportRequest = Annotated[ImportAct | EvidenceRequest | GetFile, Field(discriminator="kind")]


# The start page -------------------------------------------------------------------------------------------------------


class ShowAccounts(Request):
    """All accounts, for assigning them."""

    kind: Literal["accounts"]


class AssignAccounts(ActRequest):
    """Give accounts (id to the version on the screen) to a colleague, by id or name; a new name adds a rep."""

    kind: Literal["assign"]
    accounts: Annotated[dict[_Item, Version], Field(min_length=1)]
    to: Annotated[str, AfterValidator(_storable), Field(min_length=1)]


class MoveTeams(ActRequest):
    """Give each account the present team of its rep."""

    kind: Literal["move_teams"]


class GetReport(Request):
    """One page of a week's reports."""

    kind: Literal["report"]
    week: Text = ""
    name: Text = ""


class MakeReports(Request):
    """Make the reports of the last week that has ended; of a new team, those of its first week up to now."""

    kind: Literal["make_reports"]


StartRequest = Annotated[
    Hello | ShowAccounts | AssignAccounts | MoveTeams | Undo | GetReport | MakeReports, Field(discriminator="kind")
]


# The role lists page --------------------------------------------------------------------------------------------------


class BothTexts(_Model):
    """One text in both languages, as far as it was typed."""

    ko: Text = ""
    en: Text = ""


class BothTitles(_Model):
    """Other titles of a role, in both languages."""

    ko: Texts = []
    en: Texts = []


class RoleDraft(_Model):
    """A role as the page holds it; it is checked when a preview is asked for."""

    key: Text = ""
    title: BothTexts = BothTexts()
    level: Text = ""
    function: Text = ""
    aliases: BothTitles = BothTitles()
    value: BothTexts = BothTexts()


class ConditionsDraft(_Model):
    """Whom a list applies to, as the page holds it."""

    industries: Texts = []
    segments: Texts = []
    regions: Texts = []
    offerings: Texts = []
    teams: Texts = []


class ListDraft(_Model):
    """A role list as the page holds it; ``version`` is the one it was made from, 0 for a new list."""

    key: Text = ""
    version: Version = 0
    title: BothTexts = BothTexts()
    kind: Text = ""
    default: StrictBool = False
    freshness_days: Version = 0
    applies_to: ConditionsDraft = ConditionsDraft()
    roles: list[RoleDraft] = []


class RemovedList(_Model):
    """A list to remove, and the version that is on the screen."""

    key: Text = ""
    version: Version = 0


class ListsRequest(Request):
    """A request about lists that differ from those in force. ``unused`` allows lists that apply to no account yet."""

    lists: list[ListDraft] = []
    removed: list[RemovedList] = []
    unused: StrictBool = False


class MatchLists(ListsRequest):
    """How many accounts would be under each list?"""

    kind: Literal["match"]


class PreviewLists(ListsRequest):
    """What would change?"""

    kind: Literal["preview"]


class ApplyLists(ListsRequest, ActRequest):
    """Bring the lists into force, in one edit."""

    kind: Literal["apply"]
    why: Text = ""


class ReadListFile(Request):
    """Read a role list from the text of a YAML file, as a draft."""

    kind: Literal["read_file"]
    name: Text = ""
    text: Annotated[str, Field(max_length=1_000_000)] = ""


class GetListFiles(ListsRequest):
    """These lists as YAML files; all that are in force if none is named."""

    kind: Literal["files"]


class FindAccounts(Request):
    """Accounts by a part of their name or key."""

    kind: Literal["accounts"]
    text: Text = ""


class PinLists(ActRequest):
    """Put one account under lists chosen by hand, with a reason; no lists take the pin off."""

    kind: Literal["pin"]
    account: Text = ""
    lists: Texts = []
    why: Text = ""
    version: Version = 0


class AddOffering(ActRequest):
    """Enter an offering."""

    kind: Literal["add_offering"]
    ko: Text = ""
    en: Text = ""


class RenameOffering(ActRequest):
    """Give an offering other names."""

    kind: Literal["rename_offering"]
    key: Text = ""
    ko: Text = ""
    en: Text = ""
    version: Version = 0


class RetireOffering(ActRequest):
    """Take an offering off what can be chosen, or put it back."""

    kind: Literal["retire_offering"]
    key: Text = ""
    active: StrictBool = False
    version: Version = 0


class SetPath(ActRequest):
    """Set the path of a base list for an offering; no steps take it back."""

    kind: Literal["set_path"]
    role_list: Text = ""
    offering: Text = ""
    steps: list[PathStep] = []
    version: Version = 0


ListsQuestion = Hello | MatchLists | PreviewLists | ReadListFile | GetListFiles | FindAccounts
ListsAct = ApplyLists | PinLists | AddOffering | RenameOffering | RetireOffering | SetPath | Undo
RoleListsRequest = Annotated[ListsQuestion | ListsAct, Field(discriminator="kind")]


# My page ----------------------------------------------------------------------------------------------------------------


class CommitmentRequest(ActRequest):
    """An act on a commitment; ``version`` is the one that is on the screen."""

    commitment: Text = ""
    version: Version | None = None


class Accept(CommitmentRequest):
    """The request is accepted, by a day of the owner's choice."""

    kind: Literal["accept"]
    due_on: OptionalText = None


class HandOn(CommitmentRequest):
    """The request goes to a colleague who can do more about it."""

    kind: Literal["hand_on"]
    to: Text = ""


class Decline(CommitmentRequest):
    """The request is declined, with a reason."""

    kind: Literal["decline"]
    reason: Text = ""


class SettleMine(CommitmentRequest):
    """How a commitment of one's own ended."""

    kind: Literal["settle"]
    outcome: Text = ""
    reason: OptionalText = None
    note: OptionalText = None


class MoveMine(CommitmentRequest):
    """A commitment of one's own is due on a later day."""

    kind: Literal["move"]
    due_on: Text = ""


class TakeDoor(ActRequest):
    """A position that only a leader can reach becomes a commitment of the leader's."""

    kind: Literal["take"]
    account: Text = ""
    role: Text = ""


class Decide(ActRequest):
    """A decision about work that was pushed aside."""

    kind: Literal["decide"]
    commitment: Text = ""
    decision: Text = ""


class Star(ActRequest):
    """An account is a must-win account of the quarter, or no longer one."""

    kind: Literal["star"]
    account: Text = ""
    on: bool = True


class FindMine(Request):
    """Accounts of the leader's people, by a part of their name."""

    kind: Literal["find_mine"]
    text: Text = ""


class PrintReview(Request):
    """Make the page of the deal review."""

    kind: Literal["print_review"]


MyQuestion = Hello | FindMine | PrintAgreement | PrintReview
MyAct = Accept | HandOn | Decline | SettleMine | MoveMine | TakeDoor | Decide | Star | Undo | AgreementAct
MyRequest = Annotated[MyQuestion | MyAct | Edit, Field(discriminator="kind")]


# The contacts page ----------------------------------------------------------------------------------------------------


class ShowContacts(Request):
    """The contacts of an account, or those of all accounts that may be matched to a position, the likeliest first.

    ``text`` is a part of a name, a title or an account's name; ``skipped`` are employments that come last.
    """

    kind: Literal["contacts"]
    account: Text = ""
    text: Text = ""
    skipped: Texts = []


class MatchContact(ActRequest):
    """A contact sits in a position; ``how`` and ``on`` if it was checked too. ``version`` is the slot's."""

    kind: Literal["match_contact"]
    account: Text = ""
    person: Text = ""
    role: Text = ""
    version: Version = 0
    how: OptionalText = None
    on: OptionalText = None


class ContactToMark(_Model):
    """A contact, and the version of the employment that is on the screen."""

    person: Text = ""
    version: Version = 0


class MarkContacts(ActRequest):
    """One finding about some contacts of an account: still there, gone, in another role, or not reached."""

    kind: Literal["mark_contacts"]
    account: Text = ""
    contacts: Annotated[list[ContactToMark], Field(min_length=1, max_length=1000)]
    state: Text = ""
    how: OptionalText = None
    on: OptionalText = None
    title: OptionalText = None
    moved_to: OptionalText = None
    successor: OptionalText = None


ContactsQuestion = Hello | ShowContacts
ContactsRequest = Annotated[ContactsQuestion | MatchContact | MarkContacts | Undo, Field(discriminator="kind")]


# The duplicates page --------------------------------------------------------------------------------------------------

Choices = Annotated[dict[_Item, _Item], Field(max_length=1000)]


class FindPairs(Request):
    """The pairs in whose names (with title and account) the text stands; all if it is empty."""

    kind: Literal["pairs"]
    text: Text = ""


class PreviewMerge(Request):
    """What making one of two records would change; ``what`` is ``person`` or ``account``."""

    kind: Literal["preview_merge"]
    what: Text = ""
    keep: Text = ""
    gone: Text = ""
    choices: Choices = {}


class GetCorrections(Request):
    """The files with corrections for the program that contacts were imported from."""

    kind: Literal["corrections"]
    source: Text = ""


class MergeTwo(ActRequest):
    """Make one of two records, as the preview showed it; ``versions`` are those of both."""

    kind: Literal["merge"]
    what: Text = ""
    keep: Text = ""
    gone: Text = ""
    choices: Choices = {}
    versions: Annotated[dict[_Item, Version], Field(max_length=2)] = {}


class KeepApart(ActRequest):
    """Two records are not the same."""

    kind: Literal["keep_apart"]
    what: Text = ""
    one: Text = ""
    other: Text = ""


class NoteSent(ActRequest):
    """The corrections until an instant were downloaded."""

    kind: Literal["note_sent"]
    source: Text = ""
    until: Version = 0


DuplicatesQuestion = Hello | FindPairs | PreviewMerge | GetCorrections
DuplicatesAct = MergeTwo | KeepApart | NoteSent | Undo
DuplicatesRequest = Annotated[DuplicatesQuestion | DuplicatesAct, Field(discriminator="kind")]


# The contact audit ----------------------------------------------------------------------------------------------------


class PrintAudit(Request):
    """The audit as a page to print."""

    kind: Literal["print_audit"]


class PrintSheet(Request):
    """The worksheet of the last sample."""

    kind: Literal["print_sheet"]


class _OfCampaign(Request):
    """Who may be written to; ``role`` is a key, all roles if empty."""

    scope: Text = "email"
    role: Text = ""
    off_focus: StrictBool = False


class ShowCampaign(_OfCampaign):
    """The list as the page shows it; with ``text`` the people whose name, title or account holds it."""

    kind: Literal["campaign"]
    text: Text = ""


class GetCampaignFiles(_OfCampaign):
    """The same as files."""

    kind: Literal["campaign_files"]


class DrawSample(ActRequest):
    """Draw contacts that nobody has checked."""

    kind: Literal["draw_sample"]


class GiveConsent(ActRequest):
    """A person consented to messages; ``on`` is today if empty."""

    kind: Literal["consent"]
    person: Text = ""
    account: Text = ""
    scope: Text = ""
    source: Text = ""
    on: Text = ""


class WithdrawConsent(ActRequest):
    """A person took a consent back."""

    kind: Literal["withdraw"]
    person: Text = ""
    account: Text = ""
    scope: Text = ""


class RemindOfConsent(ActRequest):
    """A person was reminded of a consent."""

    kind: Literal["remind"]
    person: Text = ""
    account: Text = ""
    scope: Text = ""


class OptOut(ActRequest):
    """A person wants no messages at all."""

    kind: Literal["opt_out"]
    person: Text = ""
    account: Text = ""


class LiftOptOut(ActRequest):
    """A person who wanted no messages asked for them again."""

    kind: Literal["lift_opt_out"]
    person: Text = ""
    account: Text = ""


class ReadMailResults(ActRequest):
    """What came back from a mailing, in a file."""

    kind: Literal["mail_results"]
    file: MailFile = MailFile()


AuditQuestion = Hello | PrintAudit | PrintSheet | ShowCampaign | GetCampaignFiles
AuditAct = DrawSample | GiveConsent | WithdrawConsent | RemindOfConsent | OptOut | LiftOptOut | ReadMailResults | Undo
AuditRequest = Annotated[AuditQuestion | AuditAct, Field(discriminator="kind")]

"""Every act of every page, command and function carries an edit id, so that it is written once, and the version seen.

A new act belongs to one of the tables here; the test fails until it does. Where an act needs no version, its reason
stands beside it.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, get_args

import click
import pytest
from pydantic import BaseModel

from coverage_kit import Workspace
from coverage_kit.cli import cli
from coverage_kit.coaching.agreement import Agreements
from coverage_kit.coaching.answers import Answers
from coverage_kit.coaching.campaign import Campaigns
from coverage_kit.coaching.commitments.commitments import Commitments
from coverage_kit.coaching.contact_sample import ContactSamples
from coverage_kit.coaching.contacts import Contacts
from coverage_kit.coaching.focus import FocusLists
from coverage_kit.coaching.leaders import Leaders
from coverage_kit.coaching.must_win import MustWin
from coverage_kit.coaching.people import People
from coverage_kit.coaching.preparing import Preparations
from coverage_kit.coaching.rhythm import Rhythms
from coverage_kit.coaching.routes import Routes
from coverage_kit.coaching.sessions.session import Session
from coverage_kit.coaching.sessions.sessions import Sessions
from coverage_kit.coaching.ties import Ties
from coverage_kit.coaching.value import ValuesGiven
from coverage_kit.coaching.voices import Voices
from coverage_kit.merge_acts import MergeActs
from coverage_kit.role_list_acts import RoleListActs
from coverage_kit.workbook.model import requests as ask

CREATES = "creates something new; nothing was seen of it"
UNDOES = "names the edit it takes back; a field changed since is a conflict"
NAMES = "names the person; that they are still the holder is checked in the transaction"
ONCE = "only the first one is written; a second is a conflict"
READ = "the version it reads is checked in the transaction"
SAME = "the same file or state again changes nothing"
MERGES = "only adds to what the session holds; the session's version is checked in the transaction"

# Pages ------------------------------------------------------------------------------------------------------------

PAGES = (ask.RepRequest, ask.CoachRequest, ask.ImportRequest, ask.StartRequest, ask.RoleListsRequest, ask.MyRequest, ask.ContactsRequest, ask.DuplicatesRequest, ask.AuditRequest)  # fmt: skip
QUESTIONS = {
    "Hello", "OpenAccount", "Prefetch", "FindPeople", "NextCards", "OpenCommitments", "SlotHistory", "PersonCard", "ShowSaid", "ShowPaths", "ShowRhythm", "ShowBlindRole",
    "ShowDesk", "ResumeSession", "DraftCommitment", "ShowEvidence", "GetFile", "ShowAccounts", "GetReport", "MatchLists",
    "PreviewLists", "ReadListFile", "GetListFiles", "FindAccounts", "FindMine",
    "PrintAgreement", "PrintReview", "ShowAsks", "ShowContacts", "ShowPreparation", "FindPairs", "PreviewMerge", "GetCorrections", "PrintAudit", "PrintSheet", "ShowCampaign", "GetCampaignFiles",
}  # fmt: skip
#: They write nothing to history but the import and replies, which are the same when sent again; reports are files.
NO_HISTORY = {
    "ReceivePart",
    "SetOptions",
    "MapColumn",
    "TryOut",
    "ImportStep",
    "MakeReports",
    "ReadReplies",
    "MakeMinutes",
}
#: The fields by which a page says what it saw.
SEEN = {"base", "version", "seen", "step", "employment"}
#: The same where one request is about several things: the field, and the version in each.
SEEN_OF_EACH = {
    "RecordEvidence": "people",
    "AssignAccounts": "accounts",
    "ApplyLists": "lists",
    "MarkContacts": "contacts",
    "MergeTwo": "versions",
}
UNSEEN = {
    "DrawSample": CREATES, "GiveConsent": READ, "OptOut": READ, "ReadMailResults": SAME,
    "WithdrawConsent": READ, "RemindOfConsent": READ, "LiftOptOut": READ,
    "Undo": UNDOES, "KeepApart": SAME, "NoteSent": SAME, "UndoDesk": UNDOES, "UndoEvidence": UNDOES, "UndoImport": UNDOES,
    "StartSession": CREATES, "AddOffering": CREATES, "TakeDoor": CREATES, "Decide": ONCE, "Star": READ, "MoveTeams": READ,
    "CancelCoaching": SAME, "SendAsk": ONCE, "UndoAsk": UNDOES, "UndoPreparing": UNDOES,
    "ClaimAccount": MERGES, "Claim": MERGES, "ReportRound": MERGES, "Agree": MERGES, "Close": MERGES, "ChooseAccount": MERGES,
}  # fmt: skip


def models(union: Any) -> Iterator[type[BaseModel]]:
    """The message models of a union."""
    if isinstance(union, type) and issubclass(union, BaseModel):
        yield union
    else:
        for part in get_args(union):
            yield from models(part)


REQUESTS = {model.__name__: model for union in PAGES for model in models(union)}
ACTS = sorted(REQUESTS.keys() - QUESTIONS - NO_HISTORY)


@pytest.mark.parametrize("name", ACTS)
def test_an_act_of_a_page_carries_an_edit_id_and_the_version_seen(name: str) -> None:
    fields = REQUESTS[name].model_fields
    assert "edit_id" in fields
    if name in SEEN_OF_EACH:
        assert SEEN_OF_EACH[name] in fields
    else:
        assert (name in UNSEEN) != bool(SEEN & fields.keys()), "it says which version it saw, or stands in UNSEEN"


def test_the_tables_of_requests_name_no_request_that_is_gone() -> None:
    assert (QUESTIONS | NO_HISTORY | UNSEEN.keys() | SEEN_OF_EACH.keys()) - REQUESTS.keys() == set()


# Python -----------------------------------------------------------------------------------------------------------

FACES: tuple[type, ...] = (
    Workspace,
    MergeActs,
    RoleListActs,
    Commitments,
    Contacts,
    ContactSamples,
    FocusLists,
    People,
    Ties,
    Sessions,
    Session,
    Leaders,
    MustWin,
    Agreements,
    Voices,
    ValuesGiven,
    Answers,
    Preparations,
    Rhythms,
    Routes,
    Campaigns,
)
READS = {
    "Workspace": "audit close now today last_week instant history slots people status reps unconfirmed suggest_roles read_roles"
    " zone lang coaching roles merging corrections",
    "MergeActs": "preview recent is_merge candidates names",
    "RoleListActs": "learned_titles in_force read library parse export accounts_under preview history moved_teams offerings",
    "Commitments": "gap gaps draft_from_gap draft_help draft_for_leaders sentence task changes_of current_staff_id get find load states tasks steps owned_before staff",
    "Leaders": "reps_of doors focus thin_accounts pushed_aside decided",
    "MustWin": "quarter of managers picture effort_elsewhere people_of",
    "Agreements": "of kept offered due teams_of may_sign has_signed",
    "Answers": "of",
    "Preparations": "of checks hour calendar history",
    "Campaigns": "find search",
    "FocusLists": "propose changes",
    "Contacts": "",
    "ContactSamples": "last",
    "People": "check_there slots pursuits",
    "Rhythms": "find calendar",
    "Routes": "paths of standing",
    "Voices": "get find",
    "ValuesGiven": "kinds find balance balances people",
    "Ties": "find",
    "Sessions": "resume open key_of",
    "Session": "refresh claims claimed draft read_back agreed contacts account_choices round_notes blind_role sweep checks earlier_commitments"
    " accounts agenda opened revealed id kind reps week coach step steps is_closed edits",
}
#: Acts that name no version, and why.
UNBASED = {
    "Workspace.undo": UNDOES, "MergeActs.undo": UNDOES, "MergeActs.not_same": SAME, "MergeActs.maybe_same": SAME, "Session.undo": UNDOES, "RoleListActs.undo": UNDOES, "RoleListActs.take_back": UNDOES,
    "Workspace.import_file": READ, "Workspace.export_file": CREATES, "Workspace.export_corrections": CREATES, "Workspace.apply_roles": SAME,
    "RoleListActs.rewrite_teams": READ, "RoleListActs.refuse_title": SAME, "RoleListActs.allow_title": SAME, "RoleListActs.add_offering": CREATES, "RoleListActs.set_offerings": READ,
    "Commitments.add": CREATES, "Commitments.climb": READ, "Commitments.climb_quietly": READ,
    "ContactSamples.draw": CREATES, "FocusLists.set": READ, "FocusLists.put": READ,
    "Leaders.take": CREATES, "Leaders.decide": ONCE, "MustWin.star": READ, "MustWin.unstar": READ,
    "Agreements.cancel": SAME,
    "Campaigns.consent": READ, "Campaigns.withdraw": READ, "Campaigns.remind": READ, "Campaigns.opt_out": READ, "Campaigns.read_results": SAME,
    "People.confirm": NAMES, "People.could_not_check": NAMES, "People.set_need": READ,
    "Voices.add": CREATES, "ValuesGiven.give": CREATES,
    "Sessions.start": CREATES,
    "Session.claim": MERGES, "Session.add": CREATES, "Session.agree": MERGES, "Session.close": MERGES, "Session.choose_account": MERGES,
    "Session.add_round": MERGES, "Session.open_account": MERGES,
}  # fmt: skip
#: Acts without an edit id, and why.
ONCE_ANYWAY = {
    "Workspace.import_file": SAME, "Workspace.apply_roles": SAME, "Commitments.climb": SAME, "Commitments.climb_quietly": SAME,
    "Workspace.export_file": "each export is an event of its own",
}  # fmt: skip


def public(face: type) -> set[str]:
    """The public functions and properties of a class."""
    return {name for name, found in inspect.getmembers(face) if name[0] != "_" and (inspect.isfunction(found) or isinstance(found, property) or hasattr(found, "func"))}  # fmt: skip


WRITES = sorted(
    f"{face.__name__}.{name}" for face in FACES for name in public(face) - set(READS[face.__name__].split())
)


@pytest.mark.parametrize("act", WRITES)
def test_an_act_in_python_takes_an_edit_id_and_the_version_seen(act: str) -> None:
    home, _, name = act.partition(".")
    face = next(face for face in FACES if face.__name__ == home)
    takes = set(inspect.signature(getattr(face, name)).parameters)
    assert (act in ONCE_ANYWAY) != bool(takes & {"edit_id", "as_id"})
    assert (act in UNBASED) != bool(takes & {"base", "bases", "seen"})


def test_the_tables_of_functions_name_no_function_that_is_gone() -> None:
    assert (UNBASED.keys() | ONCE_ANYWAY.keys()) - set(WRITES) == set()


# Commands ---------------------------------------------------------------------------------------------------------

READING = """agenda, campaign list, prepare show, agreement show, app, audit, deal-review, backup, commitments list, voices list, value list, doctor, lab, minutes, proposals list, rhythm ics, rhythm list, routes list, routes show, report, restore, roles check, roles export,
roles history, roles list, roles titles, status, suggest-role, upgrade""".replace("\n", " ").split(", ")
#: Commands without an edit id, and why.
ONE_SHOT = {"answers": SAME, "import": SAME, "commitments climb": SAME, "export": "each export is an event of its own", "init": CREATES, "sample": CREATES, "move": "a database that was moved once refuses a second move"}  # fmt: skip
#: Commands that name no version: what they read and what they write is one step, checked in the transaction.
WITHOUT_A_LOOK = {
    "agreement cancel",
    "campaign consent",
    "campaign results",
    "sample-contacts",
    "assign",
    "merge",
    "duplicates",
    "unmerge",
    "roles refuse-title",
    "roles allow-title",
    "roles apply",
    "roles remove",
    "roles undo",
    *ONE_SHOT,
}


def commands(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """All commands with their whole names."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))
        else:
            yield " ".join((*before, name)), command


WRITING = {name: command for name, command in commands(cli) if name not in READING}


@pytest.mark.parametrize("name", sorted(WRITING))
def test_a_command_that_writes_takes_an_edit_id_and_the_version_seen(name: str) -> None:
    takes = {option.name for option in WRITING[name].params}
    assert (name in ONE_SHOT) != ("edit_id" in takes)
    assert (name in WITHOUT_A_LOOK) != ("base" in takes)


def test_the_tables_of_commands_name_no_command_that_is_gone() -> None:
    assert (set(READING) | WITHOUT_A_LOOK) - dict(commands(cli)).keys() == set()

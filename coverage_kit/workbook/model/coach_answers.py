"""Answers of colleagues on the coach's page: what they were asked, answers by phone, replies dropped in; and minutes."""

from __future__ import annotations

import base64
import binascii
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from coverage_kit.coaching import Coaching
from coverage_kit.coaching.commitments.conflicts import commitment_conflict
from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.errors import BadInput, Conflict
from coverage_kit.i18n import LANGUAGES, N_
from coverage_kit.reporting.deliver.replies import read_answers
from coverage_kit.reporting.minutes import make_minutes
from coverage_kit.rules.inputs import as_day
from coverage_kit.store.entities import Staff
from coverage_kit.workbook.model.requests import MailFile, RecordAnswer
from coverage_kit.workbook.model.responses import AskedView, MinutesResponse, ReplyView

if TYPE_CHECKING:
    from coverage_kit.store import Edit
    from coverage_kit.workspace import Workspace


def asked_views(coaching: dict[str, Coaching]) -> list[AskedView]:
    """What others than the reps owe or were asked, by due day; what waits for an answer first.

    Parameters
    ----------
    coaching : dict
        From ``coaching_by_language``.
    """
    found = {lang: {each.id: each for each in one.commitments.find()} for lang, one in coaching.items()}
    listed = [
        each
        for each in next(iter(found.values())).values()
        if each.visible and each.owner_function not in (None, StaffFunction.REP)
    ]
    listed.sort(key=lambda each: (not each.needs_answer, each.due_on, each.id))
    return [
        {
            "commitment": each.id,
            "version": each.version,
            "task": {lang: found[lang].get(each.id, each).task for lang in LANGUAGES},
            "owner": each.owner_name,
            "owner_id": each.owner,
            "function": str(each.owner_function),
            "due_on": each.due_on.isoformat(),
            "days_late": each.days_late,
            "is_asked": each.needs_answer,
        }
        for each in listed
    ]


def record_answer(ws: Workspace, request: RecordAnswer) -> Edit:
    """Write down what a colleague answered by phone.

    Raises
    ------
    BadInput
        Something is missing, it was answered already, or somebody changed it first.
    """
    due_on = as_day(request.due_on, "due_on") if request.due_on else None
    try:
        return ws.coaching.answers.record(
            request.commitment,
            request.answer,
            due_on=date.fromisoformat(due_on) if due_on else None,
            to=request.to,
            reason=request.reason,
            base=request.version,
            edit_id=request.edit_id,
        )
    except Conflict as exc:
        raise commitment_conflict(ws.ledger, exc) from exc


def read_mail_files(ws: Workspace, files: Sequence[MailFile]) -> list[ReplyView]:
    """Write down what saved replies say.

    Raises
    ------
    BadInput
        A file did not arrive whole.
    """
    with tempfile.TemporaryDirectory() as home:
        paths = []
        for n, file in enumerate(files):
            folder = Path(home) / str(n)
            folder.mkdir()
            paths.append(folder / (Path(file.name).name or "reply.eml"))
            try:
                paths[-1].write_bytes(base64.b64decode(file.content, validate=True))
            except (binascii.Error, OSError, ValueError) as exc:
                raise BadInput("reply.upload", N_("A file did not arrive whole; drop it in again.")) from exc
        found = read_answers(ws, paths).replies
    return [
        {
            "file": each.file,
            "state": each.state.value,
            "text": {lang: each.text(lang) for lang in LANGUAGES},
            "edit_id": each.edit_id,
        }
        for each in found
    ]


def minutes_response(ws: Workspace, session: str, *, mail: bool) -> MinutesResponse:
    """Make the minutes; whatever becomes of them, the session stays closed."""
    made = make_minutes(ws, session, mail=mail)
    staff = {row.id: row.name or row.id for row in ws.ledger.as_of(Staff)}
    return {
        "kind": "minutes",
        "session": session,
        "files": minutes_names(ws, map(Path, made.made)),
        "mailed": [staff.get(each, each) for each in made.mailed],
        "failed": [f"{staff.get(each['rep'], each['rep'])}: {each['reason']}" for each in made.failed],
    }


def minutes_names(ws: Workspace, pages: Iterable[Path]) -> list[str]:
    """The pages by their names in the workspace's folder."""
    return [each.relative_to(ws.path).as_posix() for each in pages]

"""What leaders decided about commitments that gave way to the immediate target."""

from __future__ import annotations

import json

import pandas as pd

from coverage_kit.domain.coaching import DECISION_WEEKS
from coverage_kit.domain.vocabulary import EventKind
from coverage_kit.measures.commitments import commitments
from coverage_kit.measures.history import History

_COLUMNS = ["commitment", "decision", "by", "at", "rep"]


def decision_of(body: str | None) -> tuple[str, str]:
    """The commitment and the decision, from the body of an event."""
    read = json.loads(body or "{}")
    return read["commitment"], read["decision"]


def decisions(events: pd.DataFrame, table: pd.DataFrame, staff: pd.DataFrame) -> pd.DataFrame:
    """What did leaders decide about these commitments?

    Parameters
    ----------
    events : DataFrame
        Events of an instant: ``kind actor body at``; what was undone is not among them.
    table : DataFrame
        Commitments: ``commitment rep``.
    staff : DataFrame
        Our people: ``id login``.

    Returns
    -------
    DataFrame
        ``commitment decision by at rep``, the last first; ``by`` is the id of the leader, ``rep`` whose work it was.
    """
    made = events.loc[events["kind"] == EventKind.DECIDED.value]
    read = [decision_of(body) for body in made["body"]]
    ids = dict(zip(staff["login"], staff["id"], strict=True)) | {key: key for key in staff["id"]}
    reps = dict(zip(table["commitment"], table["rep"], strict=True))
    rows = [
        (commitment, decision, ids.get(actor, actor), at, reps[commitment])
        for (commitment, decision), actor, at in zip(read, made["actor"], made["at"], strict=True)
        if commitment in reps
    ]
    found = pd.DataFrame(rows, columns=_COLUMNS).astype(dict.fromkeys(_COLUMNS, object) | {"at": "int64"})
    return found.sort_values(["at", "commitment"], ascending=False, ignore_index=True)


def decided(history: History, at: int, rep: str) -> pd.DataFrame:
    """What did leaders decide in the last four weeks about work of this rep? As ``decisions``, with the commitment's row."""
    table = commitments(history, at)
    found = decisions(history.as_of("event", at), table, history.as_of("staff", at))
    since = (history.day(at) - pd.Timedelta(weeks=DECISION_WEEKS)).date()
    recent = found["at"].map(lambda made: history.day(made).date() >= since).astype(bool)
    own = found.loc[recent & (found["rep"] == rep), ["commitment", "decision", "by", "at"]]
    return own.merge(table, on="commitment", how="left", validate="1:1")

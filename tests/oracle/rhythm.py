"""The last and the next contact with people once more, from the raw tables in plain Python."""

from __future__ import annotations

from datetime import date

from tests.oracle.history import Naive, Row

#: What a person said, of every kind that a note may be.
SAID = ("need", "complaint", "suggestion", "advice", "received", "reaction")


def naive_rhythm(naive: Naive, at: int) -> dict[str, tuple[date | None, date | None]]:
    """The last and the next contact with everybody who is at an account, by employment."""
    people = {key: row for key, row in naive.as_of("employment", at).items() if not naive.gone(row, at)}
    return {key: (last_contact(naive, at, row), next_contact(naive, at, row)) for key, row in people.items()}


def last_contact(naive: Naive, at: int, job: Row) -> date | None:
    """The last day on which somebody of ours was in touch with a person at an account; a check of the name is no contact."""
    days: list[date] = []

    def same(row: Row) -> bool:
        return (row["account_id"], row["person_id"]) == (job["account_id"], job["person_id"])

    for key, row in naive.as_of("note", at).items():
        if same(row) and row["kind"] in SAID:
            first = min(each["at"] for each in naive.tables["note"] if each["id"] == key)
            days.append(date.fromisoformat(row["heard_on"]) if row["heard_on"] else naive.day(first))
    days += [naive.day(row["at"]) for row in naive.as_of("pursuit", at).values() if same(row)]
    for row in naive.as_of("value_given", at).values():
        if same(row):
            days += [date.fromisoformat(day) for day in (row["given_on"], row["received_on"]) if day]
    for row in naive.as_of("commitment", at).values():
        about = naive.as_of("employment", at).get(row["employment_id"] or "")
        talks = row["kind"] not in ("identify", "verify") and row["outcome"] == "kept" and row["done_on"]
        if about and talks and (about["account_id"], about["person_id"]) == (job["account_id"], job["person_id"]):
            days.append(date.fromisoformat(row["done_on"]))
    return max(days, default=None)


def next_contact(naive: Naive, at: int, job: Row) -> date | None:
    """The next day, from today on, that was planned or on which a commitment to contact the person is due."""
    days = [
        row["due_on"]
        for row in naive.as_of("commitment", at).values()
        if row["employment_id"] == job["id"] and not row["outcome"] and row["kind"] not in ("identify", "verify")
    ]
    days += [
        row["planned_on"] for row in naive.as_of("planned_contact", at).values() if row["employment_id"] == job["id"]
    ]
    ahead = [day for day in days if day and date.fromisoformat(day) >= naive.day(at)]
    return min(map(date.fromisoformat, ahead), default=None)

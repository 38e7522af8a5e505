"""The words of the page on which the coach prepares, beside those every screen has."""

from __future__ import annotations

from coverage_kit.domain.vocabulary import CAUSE_LABELS
from coverage_kit.i18n import N_, N_n, Plural

PREPARE_WORDS: dict[str, str | Plural] = {
    "prepare_title": N_("Before the hour"),
    "prepare_lead": N_("What changed, what was agreed and what to ask, for each rep."),
    "prepare_of": N_("Prepare: {name}"),
    "prepare_print": N_("Print"),
    "prepare_back": N_("Back"),
    "prepare_shared": N_("Hidden while the screen is shared. Turn sharing off to prepare."),
    "prepare_since": N_("Since the last session ({day})"),
    "prepare_first": N_("No session yet"),
    "prepare_no_changes": N_("No position has changed since then."),
    "prepare_cleaned": N_("Departures found and recorded"),
    "prepare_agreed": N_("Agreed last time"),
    "prepare_agenda": N_("Agenda"),
    "prepare_minutes": N_("{n} of {all} minutes"),
    "prepare_no_agenda": N_("Nothing waits for this hour."),
    "prepare_quiet": N_("Quiet questions, for you alone"),
    "prepare_hour": N_("Next hour"),
    "prepare_when": N_("Day and time"),
    "prepare_plan": N_("Plan"),
    "prepare_planned": N_("The hour is planned."),
    "prepare_calendar": N_("Calendar file (.ics)"),
    "prepare_note": N_("Private note"),
    "prepare_note_lead": N_("Only you see it here. It is never printed, reported, mailed or exported."),
    "prepare_note_saved": N_("The note is saved."),
    "prepare_history": N_("Earlier sessions"),
    "prepare_no_history": N_("None yet."),
    "prepare_unfinished": N_("not closed"),
    "prepare_made": N_n("{n} commitment, {kept} kept", "{n} commitments, {kept} kept"),
    "choose_contacts": N_("Choose the account"),
    "choice_contacts": N_n("{n} contact", "{n} contacts"),
    "choice_updated": N_n("nothing updated for {n} day", "nothing updated for {n} days"),
    "choice_added": N_n("nobody added for {n} day", "nobody added for {n} days"),
    "did_choose_account": N_("Account chosen"),
    "stands_open": N_("open"),
    "stands_overdue": N_("overdue"),
    "stands_kept": N_("kept"),
    "stands_not_kept": N_("not kept"),
    "stands_withdrawn": N_("withdrawn"),
    "checks_title": N_("Two of last week’s checks"),
    "checks_none": N_("Nobody was checked last week."),
    **{f"cause_{cause.value}": label for cause, label in CAUSE_LABELS.items()},
}

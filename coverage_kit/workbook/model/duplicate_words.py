"""The words of the page of duplicates, by a short key, beside those every screen has."""

from __future__ import annotations

from coverage_kit.i18n import N_, N_n, Plural
from coverage_kit.rules.merging import MOVED_LABELS
from coverage_kit.rules.same import REASON_LABELS
from coverage_kit.transfer.corrections import FIELD_LABELS

DUPLICATE_WORDS: dict[str, str | Plural] = {
    "dup_page": N_("Duplicates"),
    "dup_count": N_n("{n} pair may be one", "{n} pairs may be one"),
    "dup_lead": N_(
        "A name alone is never enough. Look at both, then make one of them, or say that they are not the same. Nothing is merged without a press."
    ),
    "dup_person": N_("People"),
    "dup_account": N_("Accounts"),
    "dup_none": N_("No two records look like one."),
    "dup_find": N_("Find a name or an account"),
    "dup_none_found": N_("No pair holds this. Empty the search to see all."),
    "dup_more": N_("The first {n} are shown; the others follow when these are settled."),
    "dup_look": N_("Look at both"),
    "dup_look_at": N_("Look at both: {one} and {other}"),
    "dup_apart": N_("Not the same"),
    "dup_apart_of": N_("Not the same: {one} and {other}"),
    "dup_kept_apart": N_("Remembered: not the same"),
    "dup_which": N_("Which one stays?"),
    "dup_merge": N_("Merge"),
    "dup_merged": N_("Merged: {gone} is part of {keep} now"),
    "dup_goes_over": N_("Goes over: {what}"),
    "dup_jobs": N_("jobs: {n}"),
    "dup_differs": N_("Differs"),
    "dup_stays": N_("Stays"),
    "dup_in_history": N_("Kept in the history"),
    "dup_role": N_("Who holds {about}?"),
    "dup_job": N_("Still there?"),
    "dup_open": N_("Answer the questions first."),
    "dup_recent": N_("Merged lately"),
    "dup_recent_line": N_("{gone} → {keep}"),
    "dup_undo_of": N_("Undo: {gone} → {keep}"),
    "crm_title": N_("Corrections for the CRM"),
    "crm_lead": N_(
        "What we know better than the CRM's last export, in its own columns and under its own ids. A summary comes with it. What was downloaded is not in the next file."
    ),
    "crm_no_source": N_("Import contacts from the CRM first; its ids are needed."),
    "crm_source": N_("From"),
    "crm_get": N_("Download corrections"),
    "crm_done": N_("{records} records to load, {by_hand} changes to make by hand (see the summary)"),
    "crm_nothing": N_("Nothing is new."),
    **{f"same_{reason.value}": label for reason, label in REASON_LABELS.items()},
    **{f"field_{name}": label for name, label in FIELD_LABELS.items()},
    "field_need": N_("need"),
    "field_industry": N_("industry"),
    "field_segment": N_("segment"),
    "field_region": N_("region"),
    "field_value": N_("value"),
    **{f"moved_{name}": label for name, label in MOVED_LABELS.items()},
}

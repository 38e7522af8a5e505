"""The words of colleagues' answers and of the minutes on the coach's page, beside those every screen has."""

from __future__ import annotations

from coverage_kit.domain.coaching import ANSWER_LABELS
from coverage_kit.i18n import N_, N_n, Plural

ANSWER_WORDS: dict[str, str | Plural] = {
    "asked_of_colleagues": N_("Asked of colleagues"),
    "asked_nothing": N_("No colleague was asked anything."),
    "asked_waits": N_("waits for an answer"),
    "my_due": N_("by {day}"),
    "my_late": N_n("{n} day overdue", "{n} days overdue"),
    "my_by_day": N_("By which day"),
    "my_whom": N_("Choose a colleague"),
    "my_hand_on_to": N_("To whom"),
    "my_decline_why": N_("Why not, in one line"),
    "answered_by_phone": N_("Answered by phone"),
    "answer_word": N_("Answer"),
    **{f"answer_{answer.value}": label for answer, label in ANSWER_LABELS.items()},
    "how_it_went": N_("How it went, in one line (optional)"),
    "answer_save": N_("Write it down"),
    "answer_saved": N_("{name}: {answer}"),
    "replies_drop": N_("Drop the replies here (.eml)"),
    "replies_lead": N_(
        "Save colleagues’ replies from your mail program as .eml files. Each answer is written down as theirs."
    ),
    "replies_reading": N_("Reading the replies…"),
    "reply_written": N_("Written down"),
    "reply_known": N_("Known already"),
    "reply_refused": N_("Please ask"),
    "minutes_making": N_("Making the minutes…"),
    "minutes_made": N_("Minutes: {files}"),
    "minutes_mailed": N_("Mailed to {names}"),
    "minutes_failed": N_("The session is closed, but: {why}"),
    "minutes_make": N_("Make the minutes"),
    "minutes_mail": N_("Mail the minutes"),
}

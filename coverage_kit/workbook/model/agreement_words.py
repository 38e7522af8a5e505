"""The words of the agreement on coaching, on my page and on the coach's page, by a short key."""

from __future__ import annotations

from coverage_kit.i18n import N_, N_n, Plural

AGREEMENT_WORDS: dict[str, str | Plural] = {
    "agree_title": N_("Agreement on coaching"),
    "agree_no_team": N_("No manager has reps yet; import your people with their managers."),
    "agree_team": N_("Team of {name}"),
    "agree_quarter": N_("Quarter {n} of {year}, until {day}"),
    "agree_due": N_("Not agreed yet for this quarter."),
    "agree_soon": N_("The next quarter is near. Begin with the last agreement."),
    "agree_minutes": N_("Coaching a week, in minutes"),
    "agree_minutes_n": N_("{n} minutes"),
    "agree_focus_size": N_("Accounts on each focus list"),
    "agree_focus_size_n": N_n("{n} account", "{n} accounts"),
    "agree_answer_days": N_("Days to answer a request"),
    "agree_answer_days_n": N_n("{n} day", "{n} days"),
    "agree_gives_way": N_("What gives way when the month’s target presses"),
    "agree_gives_way_like": N_("for example: the Friday sales report"),
    "agree_signed": N_("Agreed: {names}"),
    "agree_missing": N_("Still to agree: {names}"),
    "agree_sign": N_("I agree"),
    "agree_begin": N_("Settle it"),
    "agree_change": N_("Change the terms"),
    "agree_print": N_("Print"),
    "agree_printed": N_("Kept as {file} in the workspace."),
    "agree_send": N_("Agree to these terms"),
    "agree_signed_done": N_("You have agreed."),
    "agree_terms_done": N_("Written, and agreed in your name. The others are asked to agree."),
    "my_held": N_n("held {held} of {n} week", "held {held} of {n} weeks"),
    "my_cancelled": N_("cancelled: {why}"),
    "agree_cancel": N_("This week’s coaching was cancelled"),
    "agree_cancel_why": N_("Why was it cancelled?"),
    "agree_cancelled_done": N_("Noted: this week’s coaching was cancelled."),
}

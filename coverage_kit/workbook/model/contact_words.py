"""The words of the page of contacts, by a short key, beside those every screen has."""

from __future__ import annotations

from coverage_kit.i18n import N_, N_n, Plural

CONTACT_WORDS: dict[str, str | Plural] = {
    "contacts_page": N_("Contacts"),
    "contacts_match": N_("Match to positions"),
    "contacts_sweep": N_("Still there?"),
    "contacts_waiting": N_n("{n} contact may sit in an open position", "{n} contacts may sit in an open position"),
    "contacts_match_lead": N_(
        "Who sits where? The title suggests a position. Nothing is filled until you press, and a name is no check."
    ),
    "contacts_sweep_lead": N_("One key each: is this person still there? What you skip comes back at the end."),
    "contacts_how": N_("How you checked"),
    "contacts_find": N_("Search name, title or account"),
    "contacts_find_here": N_("Search name or title"),
    "contacts_all": N_("All accounts"),
    "contacts_of": N_("Contacts of {account}"),
    "contacts_show": N_("Show"),
    "contacts_only_todo": N_("to do"),
    "contacts_only_all": N_("everybody"),
    "contacts_only_confirmed": N_("confirmed"),
    "contacts_only_gone": N_("gone"),
    "contacts_only_suits": N_("title fits a position"),
    "contacts_position": N_("Position of {name}"),
    "contacts_choose": N_("choose a position"),
    "contacts_held_by": N_("{role} (now {name})"),
    "contacts_sits": N_("Sits there"),
    "contacts_replaces": N_("Replaces {name}"),
    "contacts_sits_checked": N_("… and I checked"),
    "contacts_later": N_("Later"),
    "contacts_skipped": N_("skipped"),
    "contacts_saving": N_("saving"),
    "contacts_keys_match": N_("Enter: sits there · Shift+Enter: and I checked · S: later · ↑ ↓: another line"),
    "contacts_keys_sweep": N_("1 to 6: as on the buttons · S: later · Space: select · ↑ ↓: another line"),
    "contacts_matched": N_("{name}: {role}"),
    "contacts_marked": N_("{name}: {state}"),
    "contacts_marked_many": N_n("{n} contact marked: {state}", "{n} contacts marked: {state}"),
    "contacts_is_still": N_("Still there"),
    "contacts_is_left": N_("Left"),
    "contacts_is_role_changed": N_("Another role"),
    "contacts_is_moved": N_("Moved"),
    "contacts_is_retired": N_("Retired"),
    "contacts_is_tried": N_("Could not check"),
    "contacts_select": N_("Select {name}"),
    "contacts_select_all": N_("Select all shown"),
    "contacts_selected": N_n("{n} selected", "{n} selected"),
    "contacts_unselect": N_("Clear"),
    "contacts_successor": N_("Who sits there now, if you know?"),
    "contacts_since": N_("Since when, if you know"),
    "contacts_save": N_("Save: {state}"),
    "contacts_more": N_("Show {n} more"),
    "contacts_none": N_("No contact waits here."),
    "contacts_none_match": N_(
        "No contact waits for a position. Search a name to match somebody whose title suggests none."
    ),
    "contacts_none_found": N_("Nobody found. Try another part of the name or title."),
    "contacts_done": N_("Done for now. What you skipped is below."),
    "contacts_memo": N_("the file says: {text}"),
    "contacts_quiet": N_("last contact by the file: {text}"),
    "contacts_holds": N_("sits in: {roles}"),
}

"""The worksheet of a sample of contacts: to call from a phone, or to fill in on paper."""

from __future__ import annotations

from coverage_kit.coaching import ContactSample
from coverage_kit.domain.ladder import FRESHNESS_DAYS
from coverage_kit.i18n import N_, N_n, Texts
from coverage_kit.reporting.pages.page import page_of_parts
from coverage_kit.reporting.pages.section import render

#: What can be found out about a contact, in the words of the sheet.
FOUND = {
    "still": N_("Still there"),
    "left": N_("Left"),
    "retired": N_("Retired"),
    "moved": N_("Moved"),
    "role_changed": N_("Another role"),
    "tried": N_("Could not check"),
}


def contact_sheet(sample: ContactSample, t: Texts) -> str:
    """A whole HTML document with a line for each contact drawn; what was found out already stands in it.

    Parameters
    ----------
    sample : ContactSample
    t : Texts
        The words of the reader's language.
    """
    title = t(N_n("{n} contact to check", "{n} contacts to check"), n=len(sample.contacts))
    lead = t(
        N_(
            "Drawn at random on {day} from {of} contacts that nobody has checked in {days} days. Check every one, also those"
            " who are hard to reach: leaving them out makes the result look better than it is."
        ),
        day=sample.drawn_on.isoformat(),
        of=t.number(sample.of),
        days=FRESHNESS_DAYS,
    )
    states = {key: t(text) for key, text in FOUND.items()}
    body = render("contact_sheet.html.j2", t, title=title, lead=lead, contacts=sample.contacts, states=states)
    return page_of_parts([body], lang=t.lang, title=title)


def sample_line(sample: ContactSample, t: Texts) -> str:
    """What a sample says, in one or two sentences."""
    rate = sample.rate
    if rate.rate is None:
        return t(
            N_("{n} of {of} contacts drawn (seed {seed}). Check them, then: coverage-kit sample-contacts --result"),
            n=rate.n,
            of=t.number(sample.of),
            seed=sample.seed,
        )
    low, high = (t.percent(value, 1) for value in rate.interval)
    said = t(
        N_("{gone} of {checked} checked are gone or in another role: {low} to {high} of all {of} (95 percent)."),
        gone=rate.gone,
        checked=rate.checked,
        low=low,
        high=high,
        of=t.number(sample.of),
    )
    if rate.more:
        said += " " + t(N_("{more} more checks would bring it to ±5 points."), more=t.number(rate.more))
    return said

"""A campaign list as tables: who may be written to, and who lacks consent and how to ask."""

from __future__ import annotations

from coverage_kit.coaching.campaign import LACK_LABELS, Campaign, CampaignPerson, Lack, ReadResults
from coverage_kit.domain.consent import SCOPE_LABELS
from coverage_kit.i18n import N_, N_n, Texts

#: The header and the rows of a file.
Table = tuple[list[str], list[list[str]]]
_WHO = (N_("Account"), N_("Name"), N_("Title"))


def campaign_table(found: Campaign, t: Texts) -> Table:
    """The people who may be written to, with the consent each gave."""
    head = [*_WHO, N_("Address"), N_("Consent given on"), N_("Where"), N_("Remind by")]
    rows = []
    for one in found.ready:
        given = one.consent
        rows.append(
            [*_who(one), one.address or "", (given and given.given_on) or "", (given and given.source) or "", one.reminder_on or ""]
        )  # fmt: skip
    return [t(each) for each in head], rows


def ask_table(found: Campaign, t: Texts) -> Table:
    """The verified people who lack consent, and how to ask each; those who opted out are not asked."""
    head = [*_WHO, N_("Why not on the list"), N_("How to ask")]
    rows = [
        [*_who(one), t(LACK_LABELS[one.lack]), how_to_ask(one, t)]
        for one in found.lacking
        if one.lack is not None and one.lack is not Lack.OPTED_OUT
    ]
    return [t(each) for each in head], rows


def how_to_ask(one: CampaignPerson, t: Texts) -> str:
    """How to ask a person; a mail that asks may be advertising itself, so it is not proposed."""
    if one.lack is Lack.NO_ADDRESS:
        return t(N_("Ask for the address in the next conversation."))
    if one.phone:
        return t(N_("Ask in the next call, and write down the day: {phone}"), phone=one.phone)
    return t(N_("Ask in the next meeting, and write down the day."))


def campaign_line(found: Campaign, t: Texts) -> str:
    """The list in one line."""
    lacks = found.lacks
    parts = [
        t(
            N_n("{n} person may be written to ({scope})", "{n} people may be written to ({scope})"),
            n=t.number(len(found.ready)),
            scope=t(SCOPE_LABELS[found.scope]),
        ),
        *(f"{t(label)}: {t.number(lacks[lack])}" for lack, label in LACK_LABELS.items() if lacks[lack]),
    ]
    if found.n_unverified:
        parts.append(t(N_("named and not verified, left out: {n}"), n=t.number(found.n_unverified)))
    return " · ".join(parts)


def results_line(found: ReadResults, t: Texts) -> str:
    """What a file of results held, in one line."""
    line = t(
        N_("replied: {replied} · bounced: {bounced} · opted out: {opted_out} · known already: {known}"),
        replied=t.number(found.replied),
        bounced=t.number(found.bounced),
        opted_out=t.number(found.opted_out),
        known=t.number(found.known_already),
    )
    if found.unknown:
        line += " · " + t(N_("address of nobody here, rows: {rows}"), rows=_rows(found.unknown))
    if found.unread:
        line += " · " + t(N_("left out (neither reply, bounce nor opt-out), rows: {rows}"), rows=_rows(found.unread))
    return line


def campaign_document(found: Campaign) -> dict[str, object]:
    """The list as JSON."""
    people = [
        {
            "account": one.account, "person": one.person, "name": one.name, "title": one.title, "roles": list(one.roles),
            "address": one.address, "given_on": one.consent.given_on if one.consent else None,
            "source": one.consent.source if one.consent else None, "reminder_on": one.reminder_on,
        }
        for one in found.ready
    ]  # fmt: skip
    lacking = [{"account": one.account, "person": one.person, "lack": one.lack} for one in found.lacking]
    return {"scope": found.scope, "people": people, "lacking": lacking, "unverified": found.n_unverified}


def _who(one: CampaignPerson) -> list[str]:
    return [one.account_name, one.name or "", one.title or ""]


def _rows(numbers: list[int]) -> str:
    more = " …" if len(numbers) > 10 else ""
    return ", ".join(map(str, numbers[:10])) + more

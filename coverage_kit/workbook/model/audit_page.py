"""The contact audit as a model without a screen: what contacts are worth, a sample of them, and campaigns by consent."""

from __future__ import annotations

import base64
import binascii
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from coverage_kit.coaching.campaign import Campaign, CampaignPerson, Lack, ReadResults
from coverage_kit.errors import BadInput
from coverage_kit.exchange import table_text
from coverage_kit.i18n import N_, texts
from coverage_kit.overview import AuditCounts
from coverage_kit.reporting.pages.contact_audit import load_contact_audit
from coverage_kit.reporting.pages.contact_sheet import contact_sheet
from coverage_kit.reporting.pages.page import page_of_parts
from coverage_kit.rules.lookup import get_staff, role_lists
from coverage_kit.store import new_id
from coverage_kit.store.entities import Account
from coverage_kit.transfer.campaign_files import ask_table, campaign_table
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.messages import Book
from coverage_kit.workbook.model.page import role_views
from coverage_kit.workbook.model.responses import (
    AuditLine,
    AuditResponse,
    AuditSaved,
    AuditState,
    CampaignState,
    FileResponse,
    ListedPerson,
    ListFiles,
    SampleView,
    ToAsk,
)

if TYPE_CHECKING:
    from coverage_kit.coaching import ContactSample
    from coverage_kit.workspace import Workspace

#: Accounts and people that the page shows.
_ACCOUNTS, _ASKED = 40, 12


class AuditBook(Book[ask.AuditRequest]):
    """The contacts of a workspace as an audit sees them.

    Parameters
    ----------
    ws : Workspace
    rep, account, as_of : str, optional
        Only the accounts of one rep, or one account, by key or name; as of a week, day or time.
    """

    requests = TypeAdapter(ask.AuditRequest)
    is_own_work = True

    def __init__(self, ws: Workspace, rep: str = "", account: str = "", as_of: str = "") -> None:
        super().__init__(ws)
        self._rep, self._account, self._as_of = rep, account, as_of

    def facts(self) -> dict[str, int | None]:
        """The numbers of all contacts."""
        found = self.ws.audit(rep=self._rep or None, account=self._account or None, as_of=self._as_of or None)
        return {**found["team"]}  # type: ignore[dict-item]

    def answer(self, request: ask.AuditRequest) -> AuditResponse:
        """Respond to a request that was checked."""
        match request:
            case ask.Hello():
                return self._state()
            case ask.PrintAudit():
                return self._printed()
            case ask.PrintSheet():
                sheet = contact_sheet(self.ws.coaching.contact_samples.last(), texts(self.ws.lang))
                return {"kind": "file", "name": "contact-sample.html", "text": sheet}
            case ask.GetCampaignFiles():
                return self._campaign_files(self._campaign(request))
            case ask.ShowCampaign():
                return self._shown_campaign(request, self._campaign(request))
            case _:
                edit_id = request.edit_id or new_id("ed")
                return self._saved(edit_id, self._act(request, edit_id))

    def _act(self, request: ask.AuditAct, edit_id: str) -> ReadResults | None:
        """One act of the page is one call."""
        coaching = self.ws.coaching
        match request:
            case ask.DrawSample():
                coaching.contact_samples.draw(rep=self._owner(), edit_id=edit_id)
            case ask.GiveConsent(person=person, account=account, scope=scope, source=source, on=on):
                coaching.campaigns.consent(person, account, scope, source, on=on or None, edit_id=edit_id)
            case ask.WithdrawConsent(person=person, account=account, scope=scope):
                coaching.campaigns.withdraw(person, account, scope, edit_id=edit_id)
            case ask.RemindOfConsent(person=person, account=account, scope=scope):
                coaching.campaigns.remind(person, account, scope, edit_id=edit_id)
            case ask.OptOut(person=person, account=account):
                coaching.campaigns.opt_out(person, account, edit_id=edit_id)
            case ask.LiftOptOut(person=person, account=account):
                coaching.campaigns.opt_out(person, account, is_lifted=True, edit_id=edit_id)
            case ask.ReadMailResults(file=file):
                return self._read_results(file, edit_id)
            case ask.Undo(undoes=undone):
                self.ws.undo(undone, as_id=edit_id)
        return None

    def _owner(self) -> str | None:
        """The rep whose accounts are shown: the one asked for, or the one of the page's link; None for everybody's."""
        return self._rep or self._author.rep

    # The audit ----------------------------------------------------------------------------------------------------

    def _state(self) -> AuditState:
        found = load_contact_audit(self.ws, self._owner() or "", self._account, self._as_of, self.ws.lang)
        first = found.counts["accounts"][:_ACCOUNTS]
        return {
            "kind": "audit",
            "when": found.when,
            "team": _line("", "", found.counts["team"]),
            "accounts": [_line(one["account"], one["name"], one) for one in first],
            "n_accounts": len(found.counts["accounts"]),
            "waiting": found.counts["waiting"],
            "hints": [{"kind": kind.value, "n": n} for kind, n in found.memos.most_common()],
            "sample": None if found.sample is None else _sample_view(found.sample),
            "roles": {key: role["title"] for key, role in role_views(role_lists(self.ws.ledger)).items()},
        }

    def _printed(self) -> FileResponse:
        found = load_contact_audit(self.ws, self._owner() or "", self._account, self._as_of, self.ws.lang)
        parts = (found.header, found.worst, found.accounts, found.evidence, found.sampled)
        title = found.t(N_("What our contacts are worth"))
        text = page_of_parts([part.html for part in parts], lang=self.ws.lang, title=title)
        return {"kind": "file", "name": "contact-audit.html", "text": text}

    # Campaigns ----------------------------------------------------------------------------------------------------

    def _campaign(self, request: ask.ShowCampaign | ask.GetCampaignFiles) -> Campaign:
        roles = [request.role] if request.role else None
        return self.ws.coaching.campaigns.find(
            accounts=self._accounts(), roles=roles, scope=request.scope, off_focus=request.off_focus
        )

    def _accounts(self) -> list[str] | None:
        """The accounts that the page is about: those that its audit counts; None for all."""
        if self._account:
            return [self._account]
        owner = self._owner()
        if owner is None:
            return None
        who = get_staff(self.ws.ledger, owner).id
        return [row.id for row in self.ws.ledger.as_of(Account) if row.owner_id == who]

    def _shown_campaign(self, request: ask.ShowCampaign, found: Campaign) -> CampaignState:
        today, text = self.ws.today().isoformat(), request.text.strip().casefold()
        to_ask = [one for one in found.lacking if one.lack is not Lack.OPTED_OUT and _holds(one, text)]
        out = [one for one in found.lacking if one.lack is Lack.OPTED_OUT]
        listed = [_listed(one, today) for one in (*found.ready, *out) if _holds(one, text)]
        listed.sort(key=lambda one: (not one["is_due"], one["is_opted_out"]))
        # Anybody who calls may opt out, also somebody in no position, of another role, or whom nobody has verified.
        known = {(one.account, one.person) for one in (*found.ready, *found.lacking)}
        others = [
            _listed(one, today)
            for one in self.ws.coaching.campaigns.search(text, accounts=self._accounts(), scope=request.scope)
            if (one.account, one.person) not in known
        ]
        return {
            "kind": "campaign",
            "scope": found.scope.value,
            "role": request.role,
            "off_focus": request.off_focus,
            "ready": len(found.ready),
            "reminders": sum(_is_due(one, today) for one in found.ready),
            "unverified": found.n_unverified,
            "lacks": [{"lack": lack.value, "n": n} for lack, n in found.lacks.most_common()],
            "listed": listed[:_ASKED],
            "n_listed": len(listed),
            "ask": [_to_ask(one) for one in to_ask[:_ASKED]],
            "n_ask": len(to_ask),
            "others": others[:_ASKED],
            "n_others": len(others),
        }

    def _campaign_files(self, found: Campaign) -> ListFiles:
        t = texts(self.ws.lang)
        files = (("campaign-list.csv", campaign_table(found, t)), ("campaign-ask.csv", ask_table(found, t)))
        return {"kind": "files", "files": [{"name": name, "text": table_text(*table)} for name, table in files]}

    def _read_results(self, file: ask.MailFile, edit_id: str) -> ReadResults:
        suffix = Path(file.name).suffix.lower()
        try:
            content = base64.b64decode(file.content, validate=True)
        except binascii.Error as exc:
            raise BadInput("results.file", N_("The file did not arrive whole. Choose it again.")) from exc
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"results{suffix if suffix in ('.csv', '.tsv', '.xlsx', '.xls') else '.csv'}")
            path.write_bytes(content)
            return self.ws.coaching.campaigns.read_results(path, edit_id=edit_id)

    def _saved(self, edit_id: str, results: ReadResults | None) -> AuditSaved:
        return {
            "kind": "saved",
            "edit_id": edit_id,
            "at": datetime.now(self.ws.zone).strftime("%H:%M"),
            "state": self._state(),
            "results": None
            if results is None
            else {
                "replied": results.replied,
                "bounced": results.bounced,
                "opted_out": results.opted_out,
                "known_already": results.known_already,
                "unknown": len(results.unknown),
                "unread": len(results.unread),
            },
        }


def _line(account: str, name: str, found: AuditCounts) -> AuditLine:
    return {
        "account": account,
        "name": name,
        "contacts": found["contacts"],
        "confirmed": found["confirmed"],
        "stale": found["stale"],
        "never_checked": found["never_checked"],
        "gone": found["left"] + found["retired"] + found["moved"],
        "role_changed": found["role_changed"],
        "no_role": found["no_role"],
        "days_since_update": found["days_since_update"],
        "days_since_added": found["days_since_added"],
        "ghost_days": found["ghost_days"],
    }


def _sample_view(sample: ContactSample) -> SampleView:
    rate = sample.rate
    return {
        "on": sample.drawn_on.isoformat(),
        "of": sample.of,
        "n": rate.n,
        "checked": rate.checked,
        "gone": rate.gone,
        "low": round(100 * rate.interval.low, 1),
        "high": round(100 * rate.interval.high, 1),
        "more": rate.more,
        "contacts": [
            {
                "account": one.account,
                "account_name": one.account_name,
                "employment": one.employment,
                "name": one.name,
                "title": one.title,
                "phone": one.phone,
                "state": one.state,
            }
            for one in sample.contacts
        ],
    }


def _holds(one: CampaignPerson, text: str) -> bool:
    """Whether a person's name, title or account holds what was searched for, in small letters."""
    return any(text in part.casefold() for part in (one.name or "", one.title or "", one.account_name))


def _is_due(one: CampaignPerson, today: str) -> bool:
    """Whether the person must be reminded of the consent by now."""
    return one.reminder_on is not None and one.reminder_on <= today


def _listed(one: CampaignPerson, today: str) -> ListedPerson:
    consent, is_out = one.consent, one.lack is Lack.OPTED_OUT
    return {
        "person": one.person,
        "account": one.account,
        "account_name": one.account_name,
        "name": one.name,
        "title": one.title,
        "is_opted_out": is_out,
        "is_due": not is_out and _is_due(one, today),
        "since": "" if consent is None or is_out else consent.given_on or "",
        "source": "" if consent is None or is_out else consent.source or "",
    }


def _to_ask(one: CampaignPerson) -> ToAsk:
    how = "address" if one.lack is Lack.NO_ADDRESS else "call" if one.phone else "meeting"
    return {
        "person": one.person,
        "account": one.account,
        "account_name": one.account_name,
        "name": one.name,
        "title": one.title,
        "phone": one.phone,
        "lack": "" if one.lack is None else one.lack.value,
        "how": how,
    }

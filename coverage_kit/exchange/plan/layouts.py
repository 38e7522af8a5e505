"""The layouts that programs export, known by their headers; anything else is a spreadsheet.

Facts only: the column names that each program writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from coverage_kit.domain.identifiers import name_key


@dataclass(frozen=True)
class Layout:
    """What a program writes.

    Attributes
    ----------
    key : str
        Its name.
    marks : tuple of str
        Columns that all stand in its files, and together in no other's.
    kinds : tuple of str
        What its rows are; empty where they are nothing we take.
    columns : mapping
        Our column to theirs, where the general names would miss or mistake it; empty means none of theirs is it.
    """

    key: str
    marks: tuple[str, ...]
    kinds: tuple[str, ...] = ("contacts",)
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


SPREADSHEET = Layout("spreadsheet", (), ("accounts", "contacts", "staff"))

#: Looked through from the first; those with more to tell them apart come before those with less.
LAYOUTS = (
    Layout(
        "coverage-kit",
        ("employment", "person", "account", "account_name"),
        ("contacts",),
        {"record": ("employment",), "account_key": ("account",), "account": ("account_name",)},
    ),
    Layout("dynamics365-emails", ("Subject", "From", "To", "Regarding"), ()),
    Layout("dynamics365-appointments", ("Subject", "Regarding", "Required Attendees"), ()),
    Layout("dynamics365-opportunities", ("Topic", "Potential Customer", "Est. revenue"), ()),
    Layout(
        "dynamics365",
        ("Company Name", "Job Title", "Business Phone", "Last Name"),
        ("contacts",),
        {"account": ("Company Name",), "phone": ("Mobile Phone", "Business Phone", "Home Phone")},
    ),
    Layout(
        "dynamics365",
        ("Account Name", "Primary Contact", "Territory"),
        ("accounts",),
        {"region": ("Address 1: City",), "segment": ("Territory",)},
    ),
    Layout(
        "hubspot",
        ("Record ID - Contact",),
        ("contacts",),
        {"record": ("Record ID - Contact",), "account_key": ("Record ID - Company",)},
    ),
    Layout(
        "hubspot",
        ("Record ID", "Company name", "Company owner"),
        ("accounts",),
        {"key": ("Record ID",), "owner": ("Company owner",), "region": ("City",)},
    ),
    Layout(
        "salesforce",
        ("Id", "AccountId", "LastName", "SystemModstamp"),
        ("contacts",),
        {
            "record": ("Id",),
            "account": ("Account.Name",),
            "account_key": ("AccountId",),
            "phone": ("MobilePhone", "Phone", "OtherPhone"),
            "owner": (),
        },
    ),
    Layout(
        "salesforce",
        ("Id", "Name", "OwnerId", "SystemModstamp"),
        ("accounts",),
        {"key": ("Id",), "name": ("Name",), "region": ("BillingCity",), "value": ("AnnualRevenue",), "owner": ()},
    ),
    Layout("salesforce", ("ACCOUNT.NAME", "LAST_NAME"), ("contacts",), {"owner": ("OWNER_FULL_NAME",)}),
    Layout("salesforce", ("Id", "FirstName", "LastName", "Account Name"), ("contacts",), {"record": ("Id",)}),
    Layout(
        "remember",
        ("이름", "회사", "직책", "휴대폰", "유선전화"),
        ("contacts",),
        {"phone": ("휴대폰", "유선전화")},
    ),
    Layout(
        "krx",
        ("회사명", "시장구분", "종목코드"),
        ("accounts",),
        {"key": ("종목코드",), "name": ("회사명",), "segment": ("시장구분",)},
    ),
    Layout(
        "dart",
        ("corp_name", "nm", "ofcps"),
        ("contacts",),
        {
            "account": ("corp_name",),
            "account_key": ("corp_code",),
            "name": ("nm",),
            "title": ("ofcps",),
            "department": ("chrg_job",),
        },
    ),
    Layout(
        "atomic-crm",
        ("first_name", "last_name", "email_work", "company"),
        ("contacts",),
        {
            "email": ("email_work", "email_home", "email_other"),
            "phone": ("phone_work", "phone_home", "phone_other"),
        },
    ),
    Layout("northwind", ("companyName", "contactName", "contactTitle"), ("accounts", "contacts"), {"owner": ()}),
)


def find_layout(header: Iterable[str], kind: str) -> Layout:
    """The program that wrote a file, by its header; one that writes this kind of thing first."""
    names = {name_key(name) for name in header}
    fitting = [one for one in LAYOUTS if all(name_key(mark) in names for mark in one.marks)]
    return next((one for one in fitting if kind in one.kinds), fitting[0] if fitting else SPREADSHEET)

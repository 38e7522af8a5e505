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
    kind_column : str
        Their column that says what a row is, where people and companies share a file.
    account_words : tuple of str
        What it says, in small letters, of a company.
    lists : tuple of str
        Our columns whose cells hold several values with ``;`` between them, the first of which counts.
    """

    key: str
    marks: tuple[str, ...]
    kinds: tuple[str, ...] = ("contacts",)
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kind_column: str = ""
    account_words: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


SPREADSHEET = Layout("spreadsheet", (), ("accounts", "contacts", "staff"))

#: Looked through from the first; those with more to tell them apart come before those with less.
LAYOUTS = (
    Layout(
        "coverage-kit",
        ("employment", "person", "account", "account_name"),
        ("contacts",),
        {"record": ("employment",), "account_key": ("account",), "account": ("account_name",)},
    ),
    Layout("coverage-kit", ("key", "name", "status", "focus", "templates"), ("accounts",)),
    Layout(
        "dynamics365",
        ("(Do Not Modify) Contact", "(Do Not Modify) Row Checksum"),
        ("contacts",),
        {
            "record": ("(Do Not Modify) Contact",),
            "modified_on": ("(Do Not Modify) Modified On",),
            "account": ("Company Name", "Account Name", "Company"),
            "phone": ("Mobile Phone", "Business Phone", "Home Phone"),
        },
    ),
    Layout(
        "dynamics365",
        ("(Do Not Modify) Account", "(Do Not Modify) Row Checksum"),
        ("accounts",),
        {
            "key": ("(Do Not Modify) Account",),
            "modified_on": ("(Do Not Modify) Modified On",),
            "region": ("Address 1: City",),
        },
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
        "zoho",
        ("Record Id", "Contact Owner", "Account Name"),
        ("contacts",),
        {
            "record": ("Record Id",),
            "account": ("Account Name",),
            "account_key": ("Account Name.id",),
            "name": ("Full Name", "Contact Name"),
            "phone": ("Mobile", "Phone", "Other Phone", "Home Phone"),
            "modified_on": ("Modified Time",),
            "middle_name": (),
        },
    ),
    Layout(
        "zoho",
        ("Record Id", "Account Owner", "Account Name"),
        ("accounts",),
        {
            "key": ("Record Id",),
            "name": ("Account Name",),
            "region": ("Billing City",),
            "owner": ("Account Owner",),
            "modified_on": ("Modified Time",),
        },
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
        "hubspot",
        ("Record ID", "First Name", "Last Name", "Contact owner"),
        ("contacts",),
        {
            "record": ("Record ID",),
            "account_key": ("Primary Associated Company ID", "Associated Company IDs"),
            "account": ("Associated Company", "Primary Associated Company", "Company name"),
        },
        lists=("account", "account_key"),
    ),
    Layout(
        "google-contacts",
        ("First Name", "Organization Name", "E-mail 1 - Value"),
        ("contacts",),
        {
            "account": ("Organization Name",),
            "title": ("Organization Title",),
            "department": ("Organization Department",),
            "email": tuple(f"E-mail {i} - Value" for i in range(1, 6)),
            "phone": tuple(f"Phone {i} - Value" for i in range(1, 6)),
            "suffix": ("Name Suffix",),
            "owner": (),
        },
    ),
    Layout(
        "google-contacts",
        ("Given Name", "Family Name", "Organization 1 - Name"),
        ("contacts",),
        {
            "name": (),
            "account": ("Organization 1 - Name",),
            "title": ("Organization 1 - Title",),
            "department": ("Organization 1 - Department",),
            "email": tuple(f"E-mail {i} - Value" for i in range(1, 6)),
            "phone": tuple(f"Phone {i} - Value" for i in range(1, 6)),
            "middle_name": ("Additional Name",),
            "suffix": ("Name Suffix",),
            "owner": (),
        },
    ),
    Layout(
        "outlook",
        ("First Name", "Last Name", "Company", "Job Title", "E-mail Address"),
        ("contacts",),
        {
            "account": ("Company",),
            "title": ("Job Title",),
            "email": ("E-mail Address", "E-mail 2 Address", "E-mail 3 Address"),
            "phone": (
                "Mobile Phone",
                "Business Phone",
                "Business Phone 2",
                "Primary Phone",
                "Company Main Phone",
                "Home Phone",
                "Other Phone",
            ),
            "name": (),
            "owner": (),
        },
    ),
    Layout(
        "linkedin",
        ("First Name", "Last Name", "Company", "Position", "Connected On"),
        ("contacts",),
        {"title": ("Position",), "owner": ()},
    ),
    Layout(
        "pipedrive",
        ("Person - Name", "Person - Organization"),
        ("contacts",),
        {
            "record": ("Person - ID",),
            "name": ("Person - Name",),
            "account": ("Person - Organization",),
            "account_key": ("Organization - ID",),
            "title": ("Person - Job title",),
            "email": ("Person - Email - Work", "Person - Email", "Person - Email - Other", "Person - Email - Home"),
            "phone": (
                "Person - Phone - Mobile",
                "Person - Phone - Work",
                "Person - Phone",
                "Person - Phone - Other",
                "Person - Phone - Home",
            ),
            "owner": ("Person - Owner",),
            "modified_on": ("Person - Update time",),
        },
    ),
    Layout(
        "pipedrive",
        ("Organization - Name", "Organization - Owner"),
        ("accounts",),
        {
            "key": ("Organization - ID",),
            "name": ("Organization - Name",),
            "industry": ("Organization - Industry",),
            "value": ("Organization - Annual revenue",),
            "owner": ("Organization - Owner",),
            "modified_on": ("Organization - Update time",),
        },
    ),
    Layout(
        "odoo",
        ("External ID", "Name", "Company Type", "Related Company"),
        ("contacts", "accounts"),
        {
            "record": ("External ID",),
            "key": ("External ID",),
            "name": ("Name",),
            "account": ("Related Company",),
            "account_key": ("Related Company/External ID",),
            "title": ("Job Position",),
            "region": ("City",),
            "phone": ("Mobile", "Phone"),
            "owner": ("Salesperson",),
        },
        kind_column="Company Type",
        account_words=("company", "회사", "기업"),
    ),
    Layout(
        "odoo",
        ("id", "name", "is_company"),
        ("contacts", "accounts"),
        {
            "record": ("id",),
            "key": ("id",),
            "name": ("name",),
            "account": ("parent_id/name", "parent_id"),
            "account_key": ("parent_id/id",),
            "title": ("function",),
            "region": ("city",),
            "phone": ("mobile", "phone"),
            "owner": ("user_id/name", "user_id"),
        },
        kind_column="is_company",
        account_words=("true", "1", "yes"),
    ),
    Layout(
        "suitecrm",
        ("First Name", "Last Name", "ID", "Account Name", "Assigned User Name"),
        ("contacts",),
        {
            "record": ("ID",),
            "account_key": ("Account ID",),
            "email": ("Email Address", "Other Email"),
            "phone": ("Mobile", "Office Phone", "Other Phone", "Home"),
            "owner": ("Assigned User Name",),
            "modified_on": ("Date Modified",),
            "deleted": ("Deleted",),
        },
    ),
    Layout(
        "suitecrm",
        ("Name", "ID", "Website", "Assigned User Name"),
        ("accounts",),
        {
            "key": ("ID",),
            "name": ("Name",),
            "region": ("Billing City",),
            "owner": ("Assigned User Name",),
            "modified_on": ("Date Modified",),
            "deleted": ("Deleted",),
        },
    ),
    Layout(
        "ecount",
        ("거래처코드", "거래처명", "대표자명"),
        ("accounts",),
        {"key": ("거래처코드",), "name": ("거래처명",), "industry": ("업태",), "segment": ("종목",), "owner": ()},
    ),
    Layout(
        "vcard",
        (
            "First Name",
            "Middle Name",
            "Last Name",
            "Suffix",
            "Full Name",
            "Company",
            "Department",
            "Job Title",
            "Notes",
        ),
        ("contacts",),
        {"name": ("Full Name",), "account": ("Company",), "phone": ("Mobile Phone", "Phone"), "owner": ()},
        kind_column="Kind",
        account_words=("org", "group", "location", "application", "device"),
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
    *(
        Layout("sap", marks, (kind,), dict(zip(ours, ((mark,) for mark in marks), strict=True)))
        for marks in (("Customer", "Name 1"), ("Debitor", "Name 1"), ("고객", "이름 1"))
        for kind, ours in (("accounts", ("key", "name")), ("contacts", ("account_key", "account")))
    ),
    Layout(
        "remember",
        ("이름", "회사", "직책", "휴대폰", "유선전화"),
        ("contacts",),
        {"phone": ("휴대폰", "유선전화")},
    ),
    Layout(
        "krx",
        ("회사명", "종목코드"),
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
    """The program that wrote a file, by its header, if it writes this kind of thing; else a spreadsheet."""
    return next((one for one in _fitting(header) if kind in one.kinds), SPREADSHEET)


def find_other_layout(header: Iterable[str], kind: str) -> Layout | None:
    """The program that wrote a file of another kind."""
    return next((one for one in _fitting(header) if kind not in one.kinds), None)


def _fitting(header: Iterable[str]) -> list[Layout]:
    names = {name_key(name) for name in header}
    return [one for one in LAYOUTS if all(name_key(mark) in names for mark in one.marks)]

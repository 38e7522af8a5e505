"""Mail addresses: the sender's, and those of our people."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from coverage_kit.config import CONFIG_NAME, MailSettings
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_, Texts
from coverage_kit.store.entities import Staff

#: Lines of the attachments' headers stay as they are: refolding would drop the plain one of the two file names.
POLICY = SMTP.clone(cte_type="7bit", refold_source="none")


class NotSendable(Exception):
    """One letter cannot be sent; the text says why and what to do."""


def sender_of(settings: MailSettings) -> Address:
    """The sender, from ``name <address>`` or an address alone; any name, also one with a comma or a dot.

    Raises
    ------
    BadInput
        The config names none.
    """
    given = re.fullmatch(r"\s*(?P<name>.*?)\s*<(?P<address>[^<>]*)>\s*", settings.sender)
    name, address = (given["name"].strip('"'), given["address"]) if given else ("", settings.sender.strip())
    try:
        made = named(name, address)
    except (ValueError, IndexError, MessageError):
        made = Address()
    if not is_address(made.addr_spec):
        raise BadInput(
            "mail.sender",
            N_("The config names no usable sender of mails; write mail: sender: Coach <coach@example.com>"),
        )
    return made


def find_address(who: Staff, settings: MailSettings) -> str | None:
    """The address of one of our people: that of the config, of a staff file, or the login or id; None if that is none.

    A login or id that is no address itself is one at the config's domain.
    """
    login = who.login or who.id
    at_work = login if "@" in login else f"{login}@{settings.domain}"
    address = settings.addresses.get(who.id) or who.email or at_work
    return address if is_address(address) else None


def address_of(who: Staff, settings: MailSettings, t: Texts) -> Address:
    """The same with the display name.

    Raises
    ------
    NotSendable
        No usable address is known.
    """
    key, name = who.id, who.name or who.id
    address = find_address(who, settings)
    if address is not None:
        return named(name, address)
    example = f'addresses: {{"{key}": "name@{settings.domain or "example.com"}"}}'
    message = (
        N_("the address of {name} is not a mail address; correct it in {file}, under mail: {example}")
        if settings.addresses.get(key)
        else N_("no address known for {name}; give one in {file}, under mail: {example}")
    )
    raise NotSendable(t(message, name=name, file=CONFIG_NAME, example=example))


def is_address(text: str) -> bool:
    """Whether any mail server takes it: ASCII, one ``@``, no blank, nothing that needs quoting."""
    return (
        re.fullmatch(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@[A-Za-z0-9.-]+", text, re.ASCII) is not None
    )


def named(name: str, address: str) -> Address:
    """An address with its display name, shortened where the header would not say the same once folded.

    When Python folds a long name it drops the quotes, and a comma in the name would start another recipient.
    """
    name = printable(name)
    for length in (len(name), 60, 40, 20, 10):
        made = Address(name[:length].strip(), addr_spec=address)
        header = EmailMessage(policy=POLICY)
        header["From"] = made
        read = message_from_bytes(header.as_bytes(), policy=POLICY)["From"].addresses
        if [(one.display_name, one.addr_spec) for one in read] == [(made.display_name, address)]:
            return made
    return Address(addr_spec=address)


def printable(name: str) -> str:
    """A name without characters that a header cannot hold."""
    return "".join(c if c.isprintable() else " " for c in name).strip()

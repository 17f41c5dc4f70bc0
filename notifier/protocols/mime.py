"""An e-mail as bytes: text first, HTML second; RFC 2369, 2919, 3834, 5322, 8058 headers. No attachment, ever:
what is attached cannot be taken back.

Put together by hand because a message a person is built for each of thousands: the bodies once per text,
the head per person.
"""

import base64
import html
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache
from types import MappingProxyType

from notifier.exceptions import CannotCarry
from notifier.message import Message

LIST_OPTIONS = ("list_id", "list_help", "list_subscribe", "list_owner")
OF_LISTS = frozenset({"alert", "update", "end"})
_NOTHING: Mapping[str, str] = MappingProxyType({})
RTL = frozenset({"ar", "fa", "he", "ur"})
_URL = re.compile(r"https?://[^\s<>\"]+")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")
_WIDE_LOCAL = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}")  # RFC 6531: letters of any script
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
BOUNDARY = "=_najda_alternative"  # base64 bodies hold no "=_", so it cannot appear in them


def address(text: str) -> str:
    """The address with its domain in ASCII (IDNA); a local part in another script stays as it is, in NFC, for
    servers that speak SMTPUTF8. Raise CannotCarry when SMTP could not carry it.
    """
    local, at, domain = unicodedata.normalize("NFC", text.strip()).rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        raise CannotCarry(kind="bad_address", detail="domain") from None
    whole = f"{local}{at}{domain}"
    plain = whole if local.isascii() else f"x{at}{domain}"
    if not _ADDRESS.fullmatch(plain) or ".." in whole or not _WIDE_LOCAL.fullmatch(local):
        raise CannotCarry(kind="bad_address", detail="syntax")
    return whole


def body(text: str, markup: str, language: str) -> bytes:
    """Both readings of one text, with the header that names their boundary. `markup` may be empty."""
    markup = markup or as_html(text, language)
    parts = [_part("plain", text.rstrip() + "\n"), _part("html", markup)]
    head = f'Content-Type: multipart/alternative; boundary="{BOUNDARY}"\r\n\r\n'
    return (head + "".join(parts) + f"--{BOUNDARY}--\r\n").encode("ascii")


def as_html(text: str, language: str) -> str:
    """Plain text as the simplest HTML: direction, language, paragraphs, links."""
    direction = "rtl" if language in RTL else "ltr"
    inner = "".join(f"<p>{_linked(block)}</p>\n" for block in re.split(r"\n{2,}", text.strip()))
    return (
        f'<!doctype html>\n<html lang="{html.escape(language)}" dir="{direction}"><meta charset="utf-8">\n'
        f'<body dir="{direction}">\n{inner}</body></html>\n'
    )


def head(
    message: Message,
    *,
    sender: str,
    sender_name: str,
    domain: str,
    at: datetime,
    leave_address: str = "",
    lists: Mapping[str, str] = _NOTHING,
) -> bytes:
    """The headers of one person's message, ended by CRLF. Raise CannotCarry when a value holds a line
    break.

    `leave_address` may hold {reference}: a mail to it ends the subscription. `lists` are RFC 2369's and
    2919's by the names of LIST_OPTIONS; what is no alert, update or end belongs to no list.
    """
    lines = {
        "From": f"{encoded(sender_name)} <{sender}>" if sender_name else sender,
        "To": address(message.to),
        "Subject": encoded(message.text.subject),
        "Date": format_datetime(at),
        "Message-ID": message_id(message.reference, domain),
        "MIME-Version": "1.0",
        "Auto-Submitted": "auto-replied" if message.kind == "answer" else "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": message.language,
        **_thread(message.text.reply_to_id, domain),
        **_list(message, sender_name, domain, leave_address.replace("{reference}", message.reference), lists),
        **{name: encoded(value) for name, value in message.headers.items()},
    }
    # In ASCII but for an address of another script, which only goes where SMTPUTF8 is spoken.
    return "".join(f"{name}: {_safe(name, value)}\r\n" for name, value in lines.items() if value).encode()


def message_id(reference: str, domain: str) -> str:
    """Stable per reference, so that updates thread and bounces are known."""
    return f"<{reference}@{domain}>"


def dot_stuffed(message: bytes) -> bytes:
    """A message as DATA carries it: leading dots doubled, ended by a lone dot (RFC 5321 §4.5.2)."""
    return re.sub(rb"(?m)^\.", b"..", message) + b".\r\n"


@lru_cache(maxsize=64)
def encoded(value: str) -> str:
    """A header's value, in RFC 2047 words of at most 75 characters where it is not ASCII, folded."""
    if _CONTROL.search(value):
        raise CannotCarry(kind="invalid", detail="header")
    return (
        value
        if value.isascii()
        else Header(value, "utf-8", header_name="Subject", maxlinelen=75).encode(linesep="\r\n")
    )


def _part(subtype: str, text: str) -> str:
    coded = base64.encodebytes(text.replace("\r\n", "\n").replace("\n", "\r\n").encode()).decode("ascii")
    kind = f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
    return f"--{BOUNDARY}\r\n{kind}" + coded.replace("\n", "\r\n")


def _thread(earlier: str, domain: str) -> Mapping[str, str]:
    if not earlier:
        return {}
    return {"In-Reply-To": message_id(earlier, domain), "References": message_id(earlier, domain)}


def _list(
    message: Message, sender_name: str, domain: str, leave_address: str, lists: Mapping[str, str]
) -> Mapping[str, str]:
    """RFC 2369, 2919 and 8058: how to leave, and what list this is; Feedback-ID without anything personal."""
    if message.kind not in OF_LISTS:
        return {}
    ways = [message.text.unsubscribe_url, f"mailto:{leave_address}" if leave_address else ""]
    name, _, identity = (lists.get("list_id") or f"{sender_name} <alerts.{domain}>").rpartition("<")
    one_click = {"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if ways[0] else {}
    return {
        "List-Unsubscribe": ", ".join(f"<{way}>" for way in ways if way),
        **one_click,
        "List-Id": f"{encoded(name.strip())} <{identity}".strip(),
        "List-Help": _way(lists.get("list_help", "")),
        "List-Subscribe": _way(lists.get("list_subscribe", "")),
        "List-Owner": _way(lists.get("list_owner", "")),
        "Feedback-ID": f"{message.kind}:{domain}",
        "Precedence": "bulk",
    }


def _way(url: str) -> str:
    return f"<{url}>" if url else ""


def _safe(name: str, value: str) -> str:
    # Folded RFC 2047 words hold CRLF and a blank; any other control character would start a header of its
    # own.
    if _CONTROL.search(value.replace("\r\n ", "")) or not name.replace("-", "").isalnum():
        raise CannotCarry(kind="invalid", detail="header")
    return value


def _linked(block: str) -> str:
    escaped = html.escape(block).replace("\n", "<br>\n")
    return _URL.sub(lambda found: f'<a href="{found.group(0)}">{found.group(0)}</a>', escaped)

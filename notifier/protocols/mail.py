"""A mail somebody wrote to us: who, what words, what came with it.

Read with the standard library, and believed in nothing: From is whoever it says, charsets lie, names hold
paths, parts nest without end (RFC 5322, 2045, 3834).

The words are those a person would read: plain text before HTML, what was forwarded below it. What is no words
is a file; invitations and signatures are neither. A mail that cannot be taken apart is kept whole, as a file.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message as Mail
from email.parser import BytesHeaderParser
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser

from notifier.message import Enclosed, Inbound

MOST_WORDS = 20_000  # of one mail; all of them go along as a file where there are more
MOST_PARTS, MOST_DEPTH, MOST_FILES = 200, 12, 30
MOST_NAME = 120
NEITHER = frozenset(
    {"text/calendar", "application/ics", "application/pgp-signature", "application/pkcs7-signature"}
)
LISTS = frozenset({"bulk", "junk", "list"})
_CONTROL = re.compile("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_IDS = re.compile(r"<([^<>\s]{1,200})>")
_BROKEN = (MessageError, ValueError, LookupError, RecursionError, TypeError, AttributeError, IndexError)


@dataclass(slots=True)
class _Read:
    """What was found so far."""

    words: list[str] = field(default_factory=list)
    files: list[Enclosed] = field(default_factory=list)
    parts: int = 0


def read(body: bytes, *, domain: str, envelope_to: str = "", is_cut: bool = False) -> Inbound | None:
    """A mail as what the public said; None for a machine's answer to a mail of ours (a holiday note).

    `domain` ends the Message-IDs of ours, `is_cut` says that the mail was longer than is taken. Never raises.
    """
    try:
        mail = message_from_bytes(body)
        found = _Read()
        _walk(mail, found, 0)
    except _BROKEN:
        mail = BytesHeaderParser().parsebytes(body)
        found = _Read(files=[Enclosed("mail.eml", "message/rfc822", body)])
    raw = _raw(mail, domain, envelope_to, is_cut=is_cut)
    if raw.get("auto") and raw.get("replies_to", "").endswith(f"@{domain}>"):
        return None
    return _inbound(mail, found, raw, envelope_to)


def address_of(mail: Mail) -> str:
    """Whom it says it is from, in lower case; empty where that is no address."""
    address = parseaddr(header(mail, "From"))[1].strip()
    return address.lower() if re.fullmatch(r"[^@\s]{1,64}@[^@\s]{1,190}", address) else ""


def header(mail: Mail, name: str) -> str:
    """A header's words on one line, whatever they were encoded in; the raw ones where that lies."""
    told = str(mail.get(name, ""))
    try:
        pieces = [
            piece if isinstance(piece, str) else decoded(piece, charset or "utf-8")
            for piece, charset in decode_header(told)
        ]
    except (HeaderParseError, ValueError):
        pieces = [told]
    return " ".join(_CONTROL.sub(" ", "".join(pieces)).split())


def decoded(words: bytes, charset: str) -> str:
    """Bytes as words: UTF-8 wherever they are that, whatever is claimed; else as claimed, else as Latin."""
    claimed = charset.lower()
    order = (claimed, "utf-8") if claimed.startswith(("utf-16", "utf-32", "iso-2022")) else ("utf-8", claimed)
    for name in order:
        try:
            return words.decode(name).replace("\0", "")
        except (UnicodeDecodeError, LookupError):
            continue
    try:
        return words.decode(claimed, "replace").replace("\0", "")
    except LookupError:
        return words.decode("latin-1").replace("\0", "")


def _walk(part: Mail, found: _Read, depth: int) -> None:
    """Take one part and those within it."""
    found.parts += 1
    if found.parts > MOST_PARTS:
        return
    if depth > MOST_DEPTH:
        _keep(found, "part.eml", "message/rfc822", part.as_bytes())
    elif part.get_content_type() == "message/rfc822":
        _forwarded(part, found, depth)
    elif part.get_content_type() == "multipart/alternative":
        _readings(list(_within(part)), found, depth)
    elif part.is_multipart():
        for inner in _within(part):
            _walk(inner, found, depth + 1)
    else:
        _leaf(part, found)


def _within(part: Mail) -> Iterator[Mail]:
    payload = part.get_payload()
    yield from (one for one in payload if isinstance(one, Mail)) if isinstance(payload, list) else ()


def _readings(parts: list[Mail], found: _Read, depth: int) -> None:
    """The same words in several forms: the first that says anything, plain text before all; files of each."""
    said: list[str] = []
    for part in sorted(parts, key=lambda one: one.get_content_type() != "text/plain"):
        reading = _Read(files=found.files, parts=found.parts)
        _walk(part, reading, depth + 1)
        found.parts = reading.parts
        said = said or reading.words
    found.words += said


def _forwarded(part: Mail, found: _Read, depth: int) -> None:
    """A mail within the mail: who wrote it stands above its words."""
    for inner in _within(part):
        told = [header(inner, name) for name in ("From", "Date", "Subject")]
        found.words.append("\n".join(f"> {one}" for one in told if one))
        _walk(inner, found, depth + 1)


def _leaf(part: Mail, found: _Read) -> None:
    kind, name = part.get_content_type(), _file_name(part)
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    if kind in NEITHER or not data:
        return
    is_words = kind in ("text/plain", "text/html") and not name
    if not is_words or part.get_content_disposition() == "attachment":
        _keep(found, name, kind, data)
        return
    words = decoded(data, part.get_content_charset() or "utf-8")
    words = (as_text(words) if kind == "text/html" else words).replace("\r\n", "\n").strip()
    if words:
        found.words.append(words)


def _keep(found: _Read, name: str, kind: str, data: bytes) -> None:
    if len(found.files) < MOST_FILES:
        found.files.append(Enclosed(name, kind, data))


def _file_name(part: Mail) -> str:
    """What the sender calls a file: no path, no signs that turn or end a line."""
    told = part.get_filename() or ""
    plain = Mail()
    plain["Name"] = _CONTROL.sub("", str(told))
    return re.split(r"[/\\]", header(plain, "Name"))[-1].strip(" .")[-MOST_NAME:]


def _raw(mail: Mail, domain: str, envelope_to: str, *, is_cut: bool) -> dict[str, str]:
    auto = header(mail, "Auto-Submitted").lower()  # RFC 3834; the others are older habits of holiday notes
    auto = "" if auto == "no" else auto or ("auto-replied" if _has_old_signs(mail) else "")
    precedence = header(mail, "Precedence").lower()
    precedence = precedence if precedence in LISTS else "list" if mail.get("List-Id") else ""
    raw = {
        "type": "mail",
        "subject": header(mail, "Subject")[:500],
        "name": parseaddr(header(mail, "From"))[0][:200],
        "replies_to": _replied_to(mail, domain),
        "auto": auto[:40],
        "precedence": precedence,
        # What our own mail server found of SPF, DKIM and DMARC: shown, and never taken for an identity.
        "authentication": header(mail, "Authentication-Results")[:500],
        "envelope_to": envelope_to[:254],
        "cut": "yes" if is_cut else "",
    }
    return {name: value for name, value in raw.items() if value}


def _has_old_signs(mail: Mail) -> bool:
    return bool(mail.get("X-Autoreply") or mail.get("X-Autorespond"))


def _replied_to(mail: Mail, domain: str) -> str:
    """The Message-ID it answers: one of ours where any is named."""
    named = _IDS.findall(f"{header(mail, 'In-Reply-To')} {header(mail, 'References')[-4000:]}")
    ours = [one for one in named if one.lower().endswith(f"@{domain.lower()}")]
    return f"<{(ours or named)[0]}>" if named else ""


def _inbound(mail: Mail, found: _Read, raw: dict[str, str], envelope_to: str) -> Inbound:
    subject = raw.get("subject", "")
    words = "\n\n".join(filter(None, found.words))
    files = list(found.files)
    if len(words) > MOST_WORDS:
        files.append(Enclosed("words.txt", "text/plain", words.encode("utf-8", "replace")))
        words = words[:MOST_WORDS]
    text = f"{subject}\n\n{words}".strip() if subject and subject not in words else words
    text = text.encode("utf-8", "replace").decode()
    name = header(mail, "Message-ID")[:128]
    sender = address_of(mail)
    said = hashlib.sha256("\0".join((name, sender, text)).encode("utf-8", "replace"))
    for file in files:
        said.update(hashlib.sha256(file.data).digest())
    to = parseaddr(header(mail, "To"))[1] or envelope_to
    key = f"mail:{said.hexdigest()}"
    return Inbound("message", name, sender, text, _at(mail), key, to[:254], raw, tuple(files))


def _at(mail: Mail) -> datetime | None:
    try:
        told = parsedate_to_datetime(header(mail, "Date"))
        return told.astimezone(UTC) if told.tzinfo else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def as_text(markup: str) -> str:
    """What HTML says, without its looks; scripts and styles say nothing."""
    reader = _Words()
    try:
        reader.feed(markup)
        reader.close()
    except (AssertionError, ValueError, RecursionError):
        return re.sub(r"<[^>]*>", " ", markup)
    lines = (" ".join(line.split()) for line in "".join(reader.said).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Words(HTMLParser):
    """Gathers the words of a page."""

    SILENT = frozenset({"script", "style", "head", "title"})
    BREAKS = frozenset({"br", "p", "div", "tr", "li", "blockquote", "h1", "h2", "h3"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is not read, break lines, and keep where a link goes."""
        self._silent += tag in self.SILENT
        if tag in self.BREAKS:
            self.said.append("\n")
        link = dict(attrs).get("href") if tag == "a" else ""
        if link and link.startswith(("http://", "https://")):
            self.said.append(f" {link[:500]} ")

    def handle_endtag(self, tag: str) -> None:
        """Read on."""
        self._silent = max(0, self._silent - (tag in self.SILENT))

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._silent:
            self.said.append(data)

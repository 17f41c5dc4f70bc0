"""What one channel says, as a phone shows it, counted by the gateway that will send it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.sheet import channel_name
from cases.sheet.words import isolated
from notifier import registry
from notifier.backends.base import Backend
from notifier.exceptions import DeliveryError
from notifier.message import Fit, Message, Text
from notifier.protocols import instagram, webpush
from notifier.protocols import text as sms_text

SAMPLE_NUMBER, SAMPLE_MAILBOX = "+10000000000", "preview@example.org"
# What is left out on the way, by the words of Fit.lost.
LOST: dict[str, Promise] = {
    "photo": gettext_lazy("the photo"),
    "photo_alt": gettext_lazy("the photo’s description"),
    "line_breaks": gettext_lazy("line breaks"),
    "invisible_signs": gettext_lazy("invisible signs"),
    "spaces": gettext_lazy("long gaps"),
    "details": gettext_lazy("the long text: the short one is posted"),
}
CUT_SHORT = frozenset({"sms", "whatsapp", "webpush"})  # they may say less than the page does
WRITTEN_OTHERWISE = frozenset({"last_seen_at"})  # a short message writes the hour in another way


class Piece(NamedTuple):
    """Hold a stretch of words; is_marked: the lint found something in it."""

    words: str
    is_marked: bool


@dataclass(frozen=True)
class ChannelText:
    """Hold what one channel says; `note` counts its cost and loss, `broken`: cannot be carried."""

    channel: str
    text: str
    note: str = ""
    broken: bool = False
    open: bool = True
    shape: str = "page"  # how a phone shows it: sms, chat, notice, email, post, page, machine
    # the parts of an SMS or the whole, each with what is highlighted
    pieces: tuple[tuple[Piece, ...], ...] = ()
    price: Decimal | None = None
    subject: str = ""
    code: str = ""  # the channel, as settings name it
    parts: int = 1  # what a gateway counts


@dataclass(frozen=True)
class Caption:
    """Hold how long Instagram's one caption of all languages is, and what is lost in it."""

    letters: int = 0
    lost: tuple[str, ...] = ()
    fault: str = ""


def channel_label(channel: str) -> str:
    own = {"page": _("Public page"), "cap": _("For machines (CAP)")}
    return own.get(channel) or channel_name(channel)


def whole_caption(texts: Mapping[str, Mapping[str, Any]]) -> Caption:
    """Return what becomes of Instagram's words in {language: {channel: words}}, posted as one caption."""
    said = {code: _text(words["instagram"]) for code, words in texts.items() if "instagram" in words}
    if not said:
        return Caption()
    try:
        whole, lost = instagram.caption(said, list(said))
    except DeliveryError as fault:
        return Caption(fault=fault.kind)
    return Caption(len(whole), lost)


def channel(
    name: str, words: Mapping[str, Any], page: Mapping[str, Any], code: str, caption: Caption
) -> ChannelText:
    """Return what a channel says in one language; `page` are the words of the page, which says all."""
    found = SHOWN.get(name, _post)(name, words, code)
    if name == "instagram":
        found = _of_one_caption(found, words, caption)
    unsaid = _unsaid(page, f"{found.subject}\n{found.text}") if name in CUT_SHORT else ""
    note = _joined([found.note, _("Not said here: %(facts)s") % {"facts": unsaid} if unsaid else ""])
    return replace(found, note=note)


def _sms(name: str, words: Mapping[str, Any], code: str) -> ChannelText:
    """Count the parts by the gateway that will send them."""
    fit = _fit(name, Message("preview", SAMPLE_NUMBER, code, Text(short=words["short"])))
    if isinstance(fit, DeliveryError):
        return _refused(name, words["short"], fit, shape="sms")
    note = _("Parts: %(parts)s · %(encoding)s · characters: %(length)s") % {
        "parts": fit.parts, "encoding": fit.encoding, "length": len(fit.text),
    }  # fmt: skip
    return ChannelText(
        channel_name(name), fit.text, _priced(note, fit.price), shape="sms", price=fit.price, parts=fit.parts
    )


def _whatsapp(name: str, words: Mapping[str, Any], code: str) -> ChannelText:
    """Show the template filled in: what everybody reads who did not write within a day."""
    text = _text(words)
    fit = _fit(name, Message("preview", SAMPLE_NUMBER, code, text))
    if isinstance(fit, DeliveryError):
        return _refused(name, text.short, fit, shape="chat")
    note = _joined([_counted(fit.text), _lost(fit.lost)])
    return ChannelText(
        channel_name(name), fit.text, _priced(note, fit.price), open=False, shape="chat", price=fit.price
    )


def _webpush(name: str, words: Mapping[str, Any], code: str) -> ChannelText:
    text = _text(words)
    try:
        size = len(webpush.payload(Message("preview", "", code, text)))
    except DeliveryError as fault:
        return _refused(name, text.short, fault, shape="notice")
    note = _("Bytes: %(count)s of %(most)s · it names nobody: it cannot be taken back") % {
        "count": size, "most": webpush.MOST_BYTES,
    }  # fmt: skip
    body = "\n".join(line for line in text.short.splitlines() if line != text.url)
    return ChannelText(channel_name(name), body, note, open=False, shape="notice", subject=text.subject)


def _email(name: str, words: Mapping[str, Any], code: str) -> ChannelText:
    subject, body = words["subject"], words["body"]
    fit = _fit(name, Message("preview", SAMPLE_MAILBOX, code, Text(subject=subject, body=body)))
    if isinstance(fit, DeliveryError):
        return replace(_refused(name, body, fit, shape="email"), subject=subject)
    note = _priced(_counted(body), fit.price)
    return ChannelText(
        channel_name(name), body, note, open=False, shape="email", price=fit.price, subject=subject
    )


def _post(name: str, words: Mapping[str, Any], code: str) -> ChannelText:
    """Count of a post the characters of this language."""
    body = words.get("body", "")
    return ChannelText(
        channel_name(name), body, _counted(body), open=False, shape="post", subject=words.get("subject", "")
    )


def _page(name: str, words: Mapping[str, Any], code: str) -> ChannelText:
    return ChannelText(channel_label(name), "\n".join(_page_lines(words)))


def _machine(name: str, words: Mapping[str, Any], code: str) -> ChannelText:
    parts = [words.get(part, "") for part in ("headline", "description", "instruction", "area")]
    text = "\n".join(part for part in parts if part)
    return ChannelText(channel_label(name), text, open=False, shape="machine")


def _handed_over(name: str, words: Mapping[str, Any], code: str) -> ChannelText:
    """Show the headline alone: what partners take is the document for machines, byte for byte."""
    note = _("The document for machines (CAP), signed, as it stands above")
    return ChannelText(channel_label(name), words["headline"], note, open=False, shape="machine")


SHOWN: dict[str, Callable[[str, Mapping[str, Any], str], ChannelText]] = {
    "page": _page,
    "cap": _machine,
    "cap_partner": _handed_over,
    "sms": _sms,
    "email": _email,
    "whatsapp": _whatsapp,
    "webpush": _webpush,
}


def _of_one_caption(found: ChannelText, words: Mapping[str, Any], caption: Caption) -> ChannelText:
    """Tell of Instagram what all languages make together: they are one caption."""
    if caption.fault:
        return replace(_refused("instagram", found.text, caption.fault, shape="post"), subject=found.subject)
    count = _("Characters: %(count)s of %(most)s, all languages together") % {
        "count": caption.letters, "most": instagram.MAX_CAPTION,
    }  # fmt: skip
    note = _joined([count, _lost(caption.lost)])
    if "details" in caption.lost:
        return replace(found, text=words["short"], subject="", note=note)
    return replace(found, note=note)


def _text(words: Mapping[str, Any]) -> Text:
    """Return the words as a message: the address is the line of its own in the short text."""
    short = words.get("short", "")
    url = next((line for line in short.splitlines() if line.startswith(("https://", "http://"))), "")
    return Text(subject=words.get("subject", ""), body=words.get("body", ""), short=short, url=url)


def _fit(name: str, message: Message) -> Fit | DeliveryError:
    try:
        return _gateway(name).fit(message)
    except DeliveryError as fault:
        return fault


def _gateway(name: str) -> Backend:
    return registry.backend(registry.aliases_for(name)[0], live=False)


def _refused(name: str, text: str, fault: DeliveryError | str, *, shape: str) -> ChannelText:
    kind = fault if isinstance(fault, str) else fault.kind
    note = _("Cannot be sent: %(kind)s") % {"kind": kind}
    return ChannelText(channel_name(name), text, note, broken=True, open=shape == "sms", shape=shape)


def _counted(text: str) -> str:
    return _("Characters: %(count)s") % {"count": len(text)}


def _priced(note: str, price: Decimal | None) -> str:
    return (
        note
        if price is None
        else _("%(note)s · price for one person: %(price)s") % {"note": note, "price": price}
    )


def _lost(lost: Iterable[str]) -> str:
    named = [str(LOST.get(code, code)) for code in lost]
    return _("Lost: %(what)s") % {"what": _(", ").join(named)} if named else ""


def _joined(notes: Iterable[str]) -> str:
    return " · ".join(note for note in notes if note)


def _unsaid(page: Mapping[str, Any], text: str) -> str:
    """Return the labels of what the page says and these words do not."""
    said = _bare(text)
    missing = [
        line["label"]
        for line in page.get("lines", ())
        if line["key"] not in WRITTEN_OTHERWISE and _bare(line["text"]) not in said
    ]
    return _(", ").join(isolated(name) for name in dict.fromkeys(missing))


def _bare(text: str) -> str:
    """Return the text as it compares: without marks of direction, in the letters of an SMS."""
    plain = "".join(sign for sign in text if sign not in "\u2066\u2067\u2068\u2069")
    return sms_text.transliterate(sms_text.normalise(plain))[0].rstrip(".").casefold()


def _page_lines(words: Mapping[str, Any]) -> Iterator[str]:
    yield words["titles"][0]["text"]
    yield from (f"{line['label']}: {line['text']}" for line in words["lines"])
    yield from words["todo"]

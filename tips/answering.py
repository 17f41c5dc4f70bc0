"""What a witness hears of their tip: in the thread of its receipt always, by its door while that is open.

Doors differ. SMS and e-mail are always open. WhatsApp, Messenger and Instagram are for 24 hours after their
sender's last message (free words; Meta's customer service window), Messenger for seven days for what an
officer wrote, where Meta gave leave (`human_agent`); what has not left by then leaves no more. A comment
under a post is answered once, privately, under its own id: never in public, where the answer would show who
told the police. The web and the telephone have no way back but the thread.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from cases import thread
from cases.models import ThreadEntry
from notifier import outbox, registry
from notifier.exceptions import ConfigurationError
from notifier.message import Text
from tips import bursts, own_addresses, sparing
from tips.models import Tip, Witness
from trust import clock
from trust.models import Task
from trust.secrets import Secret

ANSWER_VALID = timedelta(days=1)  # later an acknowledgement only puzzles
WINDOW = timedelta(hours=24)
PERSON_WINDOW = timedelta(days=7)  # Messenger's tag HUMAN_AGENT
CLOSING = timedelta(minutes=2)  # what leaves so late may arrive too late
WINDOWED = frozenset({"whatsapp", "messenger", "instagram"})
COMMENT = "comment"  # the door of what is said in public
FLOODED = "tip_flood"
PREFIX = "tip_"

thread.declare(
    {
        "tip_received": gettext_lazy("What you told us has arrived. An officer will read it."),
        "tip_added": gettext_lazy("This was added to what you told us before."),
        "tip_flood": gettext_lazy("All your messages arrive and are read. No more of them will be answered."),
        "tip_taken_back": gettext_lazy(
            "You deleted a message. What it said is kept for as long as the rest."
        ),
        "tip_seen": gettext_lazy("An officer has read what you told us."),
        "tip_helped": gettext_lazy("What you told us helped: it is being checked on the ground. Thank you."),
        "tip_opened": gettext_lazy("A search was opened from what you told us. Thank you."),
        "tip_handed": gettext_lazy("What you told us was handed to: {said}"),
        "tip_reopened": gettext_lazy("What you told us is being looked at again."),
        "tip_closed": gettext_lazy(
            "What you told us has been checked. Nothing more is asked of you. Thank you."
        ),
        "tip_closed_rumour": gettext_lazy(
            "What you told us was checked and could not be confirmed. Please do not pass it on. Thank you."
        ),
        "tip_closed_old": gettext_lazy(
            "What you sent was checked: it is from an earlier time. Please do not pass it on. Thank you."
        ),
        "tip_closed_false": gettext_lazy(
            "What you told us was checked and turned out otherwise. Please do not pass it on. Thank you."
        ),
        "tip_closed_duplicate": gettext_lazy("Others told us the same. It was put with theirs. Thank you."),
        "tip_closed_unrelated": gettext_lazy(
            "What you told us is not about a missing child; this desk does nothing more with it. Thank you."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Way:
    """Where whoever wrote just now can be answered: an address of a channel, empty where there is none."""

    channel: str = ""
    address: str = field(default="", repr=False)
    is_automatic: bool = False  # a machine wrote


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing said to one address: by which kind of batch, about which subject, under whose key."""

    kind: str
    subject: UUID
    owner: UUID
    language: str
    title: str
    short: str
    body: str
    by_person: bool = False


def receipt(tip: Tip, secret: Secret, way: Way) -> None:
    """Say that a new tip has arrived: its receipt and secret, what happens next, when to call. With the
    caller's transaction, the witness's row locked.
    """
    thread.say(tip.pk, "tip_received")
    verdict = _verdict(tip, way, has_receipt=True)
    if verdict == "flood":
        _tell_flood(tip, way)
    elif verdict == "answer":
        with override(tip.language):
            short, body = receipt_text(tip, secret), _receipt_letter(tip, secret)
        _answer(tip, tip.pk, short, body, way)


def added(tip: Tip, way: Way) -> None:
    """Say, seldom, that what came now was added to the tip: no second receipt."""
    if tip.door == COMMENT:
        return  # one private answer to a comment is all that Meta allows
    verdict = _verdict(tip, way, has_receipt=False)
    if verdict == "flood":
        _tell_flood(tip, way)
    elif verdict == "answer":
        with override(tip.language):
            line = _("Added to what you told us, {reference}. If the child is before you, call {number}.")
            line = line.format(reference=tip.reference, number=settings.EMERGENCY_NUMBER)
        entry = thread.say(tip.pk, "tip_added")
        _answer(tip, entry.pk, line, line, way)


def tell(tip: Tip, code: str, words: str = "") -> ThreadEntry:
    """Say what changed, and return what now stands in the thread. With the caller's transaction.

    code: "seen", "helped" (a sighting), "opened" (a case), "handed" (words: the unit's name), "reopened",
    "closed" (words: the state it was closed with), "reply" (words: the officer's; the entry is written here).
    The thread has it always; the door while it is open, and not after a stop. What was said last is not said
    again.
    """
    if code == "reply":
        entry = ThreadEntry.objects.create(
            subject=tip.pk, author=ThreadEntry.Author.POLICE, body=words[: thread.MAX_BODY], at=clock.now()
        )
    else:
        said = f"{PREFIX}closed_{words}" if code == "closed" else f"{PREFIX}{code}"
        said = said if said in thread.SAID else f"{PREFIX}{code}"
        body = "" if code == "closed" else words
        last = ThreadEntry.objects.filter(subject=tip.pk).last()
        if last is not None and last.code == said and (last.body or "") == body:
            return last
        entry = thread.say(tip.pk, said, body=body)
    _by_door(tip, entry)
    return entry


def note(tip: Tip, code: str) -> ThreadEntry:
    """Write a line of this service into the thread alone."""
    return thread.say(tip.pk, f"{PREFIX}{code}")


def words(entry: ThreadEntry) -> str:
    """Return what an entry of a tip's thread says, in the active language."""
    return thread.words(entry)


def receipt_text(tip: Tip, secret: Secret) -> str:
    """Return the answer as short as an SMS needs it, in the active language."""
    return _(
        "Received by the police desk, who will read it. Receipt {reference}, secret {secret}. "
        "If the child is before you, call {number}."
    ).format(reference=tip.reference, secret=secret.digits, number=settings.EMERGENCY_NUMBER)


def send(saying: Saying, channel: str, address: str, *, expires_at: datetime | None = None) -> None:
    """Queue one thing for one address, with the caller's transaction; a worker is woken after it."""
    text = Text(
        subject=saying.title, body=saying.body, short=saying.short, url="", by_person=saying.by_person
    )
    batch = outbox.open_batch(
        kind=saying.kind,
        subject=saying.subject,
        channel=channel,
        texts={saying.language: text},
        key_owner=saying.owner,
        expires_at=expires_at or clock.now() + ANSWER_VALID,
    )
    outbox.record_people(batch, [(saying.owner, address, saying.language)])
    outbox.wake(channel)


def is_answerable(channel: str) -> bool:
    """Say whether this deployment can write to one address of a channel."""
    try:
        return any(registry.backend_class(alias).direct for alias in registry.aliases_for(channel))
    except ConfigurationError:
        return False


def open_until(witness: Witness, now: datetime, *, by_person: bool = False) -> datetime | None:
    """Return until when the witness's channel may be written to, None where it may not now.

    by_person: what an officer wrote, for which Messenger stays open longer where Meta allows it.
    """
    if witness.stopped_at is not None or not is_answerable(witness.channel):
        return None
    if witness.channel not in WINDOWED:
        return now + ANSWER_VALID
    if witness.heard_at is None:
        return None
    window = PERSON_WINDOW if by_person and _has_longer_window(witness.channel) else WINDOW
    until = witness.heard_at + window - CLOSING
    return until if until > now else None


def _has_longer_window(channel: str) -> bool:
    entries = [settings.NOTIFIER[alias] for alias in registry.aliases_for(channel)]
    return channel == "messenger" and any(entry["OPTIONS"].get("human_agent") for entry in entries)


def _receipt_letter(tip: Tip, secret: Secret) -> str:
    """Return the answer as there is room for it, in the active language."""
    lines = [
        _("What you told us has arrived. An officer will read it."),
        _("Your receipt: {reference}").format(reference=tip.reference),
        _("Your secret: {secret}").format(secret=secret.digits),
        _("With both you can see what became of it and write more: {url}").format(
            url=f"{settings.PUBLIC_URL}/{tip.language}/tip/follow/"
        ),
        _("If the child is before you, call {number}.").format(number=settings.EMERGENCY_NUMBER),
    ]
    if not (tip.words or "").strip() and not tip.place and not tip.attachments.exists():
        lines.insert(1, _("We could not read your message. Write what you saw, where and when."))
    return "\n".join(lines)


def _verdict(tip: Tip, way: Way, *, has_receipt: bool) -> sparing.Verdict:
    """Say whether to answer what came now: not a machine, not who asked for silence, not a flood."""
    witness = tip.witness
    if not way.address or way.is_automatic or (witness is not None and witness.stopped_at is not None):
        return "no"
    if sparing.is_nobody(way.address, own_addresses.ours()):
        return "no"
    if way.channel == "email" and sparing.is_away(tip.words or ""):  # a telephone is never out of the office
        return "no"
    if not is_answerable(way.channel):
        return "no"
    if witness is None:  # a comment whose author Meta hides: answered under its own id
        return "answer"
    return sparing.verdict(bursts.of(witness), clock.now(), has_receipt=has_receipt)


def _tell_flood(tip: Tip, way: Way) -> None:
    """Say once that answers end here, and tell the unit once."""
    entry = thread.say(tip.pk, "tip_flood")
    with override(tip.language):
        line = thread.words(entry)
        call = _("If the child is before you, call {number}.").format(number=settings.EMERGENCY_NUMBER)
    _answer(tip, entry.pk, f"{line} {call}", f"{line}\n{call}", way)
    Task.open(FLOODED, tip.pk, subject_kind="tip", unit=tip.unit)


def _by_door(tip: Tip, entry: ThreadEntry) -> None:
    witness, now = tip.witness, clock.now()
    by_person = entry.author == ThreadEntry.Author.POLICE
    until = open_until(witness, now, by_person=by_person) if witness and tip.door != COMMENT else None
    if witness is None or until is None or not witness.address:
        return
    if sparing.is_nobody(witness.address, own_addresses.ours()):
        return
    with override(tip.language):
        line = _("The police write about {reference}: {words}") if by_person else _("{reference}: {words}")
        line = line.format(reference=tip.reference, words=thread.words(entry))
    saying = replace(_saying(tip, entry.pk, line, line), by_person=by_person)
    send(saying, witness.channel, witness.address, expires_at=min(until, now + ANSWER_VALID))


def _answer(tip: Tip, subject: UUID, short: str, body: str, way: Way) -> None:
    """Answer what came now, at the address it came from, and count it."""
    send(_saying(tip, subject, short, body), way.channel, way.address)
    if tip.witness is not None:
        bursts.answered(tip.witness, clock.now())


def _saying(tip: Tip, subject: UUID, short: str, body: str) -> Saying:
    title = f"{settings.SITE_NAME} · {tip.reference}"
    return Saying("answer", subject, tip.pk, tip.language, title, short, body)

"""Instagram's publishing as the Graph API has it: captions, pictures, containers, quota, errors, call-backs.

After developers.facebook.com/docs/instagram-platform: content-publishing, error-codes, webhooks.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from notifier.exceptions import CannotCarry, DeliveryError, HookUnreadable
from notifier.message import Inbound, Text
from notifier.protocols import messaging
from notifier.protocols.told import dicts, gathered, part, text

MAX_CAPTION, MAX_HASHTAGS, MAX_MENTIONS, MAX_ALT = 2200, 30, 20, 1000
MAX_BYTES = 8 * 1024 * 1024
NARROWEST, WIDEST = 0.8, 1.91  # width by height: 4:5 and 1.91:1
ROUNDING = 0.01  # of a pixel's share, when a picture was scaled to just these ratios
QUOTA_PAUSE_S = 3600.0  # a rolling day frees with time
POLL_S = 60.0  # "about once a minute, for five minutes"
BETWEEN_LANGUAGES = "\n\n———\n\n"

# By subcode, else by code: (kind, permanent). The account's faults are passing: a person is paged.
MEANINGS: dict[int, tuple[str, bool]] = {
    -2: ("gateway_down", False),
    -1: ("gateway_down", False),
    24: ("missing", True),
    25: ("policy", False),  # the account is restricted
    352: ("no_media", True),
    9004: ("configuration", False),  # our picture's address cannot be fetched
    9007: ("throttled", False),  # the container is not ready
    36000: ("no_media", True),  # too large
    36001: ("no_media", True),  # not a JPEG
    36003: ("no_media", True),  # aspect ratio
    36004: ("too_long", True),
    2207001: ("policy", False),  # taken for spam
    2207003: ("no_media", False),  # our server was too slow for them
    2207004: ("no_media", True),  # too large
    2207005: ("no_media", True),  # not a JPEG
    2207006: ("missing", True),
    2207008: ("gateway_down", False),
    2207009: ("no_media", True),  # aspect ratio
    2207010: ("too_long", True),
    2207020: ("expired", False),  # the container is over a day old: the next try makes another
    2207023: ("invalid", True),
    2207026: ("no_media", True),  # unsupported format
    2207027: ("throttled", False),  # not ready
    2207032: ("gateway_down", False),
    2207040: ("too_long", True),  # too many mentions
    2207042: ("throttled", False),  # the day's posts are spent
    2207050: ("policy", False),  # restricted, inactive or checkpointed
    2207051: ("policy", False),  # the action was blocked
    2207052: ("configuration", False),  # our picture's address cannot be fetched
    2207053: ("gateway_down", False),
}
WAITS = {2207042: QUOTA_PAUSE_S, 2207027: POLL_S, 9007: POLL_S}


def caption(texts: Mapping[str, Text], order: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """All languages in one caption, and what is lost: "details" where only the short words fit.

    Raise CannotCarry for nothing to say, too long, too many hashtags or mentions.
    """
    spoken = [texts[language] for language in order if language in texts]
    lost = tuple(language for language in texts if language not in order)
    whole = _joined(f"{text.subject}\n\n{text.body}" for text in spoken)
    if _length(whole) > MAX_CAPTION:
        whole, lost = _joined(text.short or text.body for text in spoken), (*lost, "details")
    for count, most, kind, name in (
        (_length(whole), MAX_CAPTION, "too_long", "characters"),
        (len(re.findall(r"#\w", whole)), MAX_HASHTAGS, "too_long", "hashtags"),
        (len(re.findall(r"@\w", whole)), MAX_MENTIONS, "too_long", "mentions"),
    ):
        if count > most:
            raise CannotCarry(kind=kind, detail=f"{count} {name}")
    if not whole:
        raise CannotCarry(kind="invalid", detail="empty")
    return whole, lost


def refuse_bad_picture(picture: bytes) -> None:
    """Raise CannotCarry for what Instagram would refuse: no JPEG, over 8 MB, too tall or too wide."""
    size = jpeg_size(picture)
    if size is None:
        raise CannotCarry(kind="no_media", detail="not a JPEG")
    if len(picture) > MAX_BYTES:
        raise CannotCarry(kind="no_media", detail=f"{len(picture)} bytes")
    aspect = size[0] / max(size[1], 1)
    if not NARROWEST - ROUNDING <= aspect <= WIDEST + ROUNDING:
        raise CannotCarry(kind="no_media", detail=f"aspect {aspect:.2f}")


def jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Width and height from a JPEG's frame header, None for what is no JPEG."""
    at = 2
    while data.startswith(b"\xff\xd8\xff") and at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        at += 1 if marker == 0xFF else 2 + int.from_bytes(data[at + 2 : at + 4])
    return None


def refined(error: DeliveryError) -> DeliveryError:
    """A Graph error by Instagram's own codes; the subcode tells more than the code."""
    code, subcode = (_number(part) for part in f"{error.detail}/0".split("/")[:2])
    number = subcode if subcode in MEANINGS else code
    if number not in MEANINGS:
        return error
    kind, permanent = MEANINGS[number]
    wait_s = max(error.retry_after_s or 0.0, WAITS.get(number, 0.0)) or None
    return DeliveryError(permanent=permanent, kind=kind, retry_after_s=wait_s, detail=error.detail)


def container_fault(answer: Mapping[str, Any]) -> DeliveryError | None:
    """Why a container cannot be published now, None for FINISHED. PUBLISHED is for the caller to see."""
    state, said = str(answer.get("status_code", "")), str(answer.get("status", ""))
    if state == "FINISHED":
        return None
    if state == "EXPIRED":
        return DeliveryError(permanent=False, kind="expired", retry_after_s=1.0, detail="EXPIRED")
    if state == "ERROR":
        found = re.search(r"\d{5,7}", said)
        kind, permanent = MEANINGS.get(_number(found.group()) if found else 0, ("gateway_down", False))
        return DeliveryError(permanent=permanent, kind=kind, detail=f"ERROR/{found.group() if found else 0}")
    return DeliveryError(permanent=False, kind="throttled", retry_after_s=POLL_S, detail=state or "no status")


def quota(answer: Mapping[str, Any]) -> tuple[int, int] | None:
    """Posts used and allowed in the rolling day, None when the answer does not say."""
    lines = answer.get("data") or [{}]
    config = lines[0].get("config") or {}
    used, total = lines[0].get("quota_usage"), config.get("quota_total")
    return (_number(used), _number(total)) if used is not None and total else None


def read_changes(body: bytes) -> list[Inbound]:
    """What the public said in one call-back: comments, mentions, direct messages. Raise HookUnreadable."""
    try:
        told = json.loads(body)
        entries = told["entry"] if told["object"] == "instagram" else []
        return gathered(reading for entry in entries for reading in _readings(entry))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise HookUnreadable(f"not an Instagram call-back: {type(error).__name__}") from None


def _readings(entry: Mapping[str, Any]) -> Iterator[Callable[[], Iterator[Inbound]]]:
    account, at = str(entry["id"]), messaging.moment(entry.get("time"))
    fields = {"comments": _comment, "live_comments": _comment, "mentions": _mention}
    for change in dicts(entry.get("changes")):
        reader = fields.get(str(change.get("field")))
        if reader is not None:
            yield partial(reader, account, part(change, "value"), at)
    for name in ("messaging", "standby"):
        for event in dicts(entry.get(name)):
            yield partial(messaging.read, account, event)


def _mention(account: str, value: Mapping[str, Any], at: datetime | None) -> Iterator[Inbound]:
    """Its words must be asked for; the ids are for a person to open."""
    identity = text(value, "comment_id") or text(value, "media_id")
    if not identity:
        raise HookUnreadable("a mention without an id")
    raw = {name: text(value, name) for name in ("media_id", "comment_id") if text(value, name)}
    yield Inbound("mention", identity, "", "", at, f"mention:{identity}", account, raw)


def _comment(account: str, value: Mapping[str, Any], at: datetime | None) -> Iterator[Inbound]:
    sender, identity = part(value, "from"), text(value, "id")
    if not identity:
        raise HookUnreadable("a comment without an id")
    if text(sender, "id") == account:  # our own words come back
        return
    raw = {
        "media_id": text(part(value, "media"), "id"),
        "post_id": text(part(value, "media"), "id"),
        "parent_id": text(value, "parent_id"),
        "username": text(sender, "username"),
    }
    known = {name: said for name, said in raw.items() if said}
    key = f"comment:{identity}"
    yield Inbound("comment", identity, text(sender, "id"), text(value, "text"), at, key, account, known)


def _joined(texts: Any) -> str:
    return BETWEEN_LANGUAGES.join(filter(None, (text.strip() for text in texts)))


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2  # an emoji is two, as their own apps count


def _number(value: object) -> int:
    text = str(value if value is not None else "")
    return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else 0

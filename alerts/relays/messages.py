"""What is sent to a relay: the sheet with its link, and later the request to take everything down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from alerts.models import Alert, Relay, RelayNotice
from alerts.relays import links
from alerts.relays.sheet import Sheet
from notifier import outbox, registry
from notifier.message import Text

ASKED_FOR = timedelta(hours=24)


def tell(notice: RelayNotice, sheet: Sheet, expires_at: datetime, *, is_update: bool) -> int:
    """Queue the sheet by e-mail and SMS where the addresses are known; count the messages."""
    text = _sheet(sheet, links.url(notice.pk, sheet.language))
    kind = "update" if is_update else "alert"
    return _send(notice, notice.pk, kind, {sheet.language: text}, expires_at)


def ask_take_down(notice: RelayNotice, at: datetime) -> int:
    """Queue the request to take everything down: it names nobody."""
    language = notice.relay.language
    with override(language):
        text = _take_down(notice.alert, links.url(notice.pk, language))
    return _send(notice, take_down_subject(notice.pk), "end", {language: text}, at + ASKED_FOR)


def take_down_subject(notice: UUID) -> UUID:
    return uuid5(notice, "take_down")


def _sheet(sheet: Sheet, url: str) -> Text:
    """Return words, script, link, until when, whom to call back. The subject names nobody, as inboxes do."""
    with override(sheet.language):
        mark = f"{sheet.kind} " if sheet.kind else ""
        told = {"site": settings.SITE_NAME, "code": sheet.code, "until": sheet.until}
        subject = mark + _("%(site)s: alert %(code)s in your area, press sheet") % told
        seconds = {"seconds": round(sheet.seconds)}
        parts = [
            _("Please pass this on until %(until)s. Pass on the link, never a photo.") % told,
            sheet.body,
            _("The radio script takes about %(seconds)s seconds.") % seconds,
            _("Press sheet, always up to date, and to say that you took it:") + f"\n{url}",
            _("To call back: %(agency)s, %(number)s")
            % {"agency": sheet.agency, "number": sheet.number_shown},
        ]
        short = mark + _(
            "%(site)s: missing child, alert %(code)s in your area. Press sheet and radio script:"
        )
    return Text(subject=subject, body="\n\n".join(parts), short=f"{short % told}\n{url}", url=url)


def _take_down(alert: Alert, url: str) -> Text:
    told = {"site": settings.SITE_NAME, "code": alert.code}
    subject = _("%(site)s: alert %(code)s is over, take it down") % told
    words = _(
        "Alert %(code)s is no longer to be passed on. Please take down what you published of it: texts, "
        "links, recordings and copies."
    )
    confirm = _("Then say so here, with one click:")
    body = f"{words % told}\n\n{confirm}\n{url}"
    return Text(subject=subject, body=body, short=f"{subject}.\n{url}", url=url)


def _send(
    notice: RelayNotice, subject: UUID, kind: str, texts: Mapping[str, Text], expires_at: datetime
) -> int:
    count = 0
    for channel, address in _ways(notice.relay):
        batch = outbox.open_batch(
            kind=kind, subject=subject, channel=channel, texts=texts, key_owner=notice.key_owner,
            expires_at=expires_at, exercise=notice.alert.kind != Alert.Kind.ACTUAL,
        )  # fmt: skip
        count += outbox.record_people(batch, [(notice.relay_id, address, next(iter(texts)))])
    return count


def _ways(relay: Relay) -> list[tuple[str, str]]:
    known = registry.channels()
    ways = (("email", relay.email), ("sms", relay.phone))
    return [(channel, str(address)) for channel, address in ways if address and channel in known]

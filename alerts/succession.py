"""What came before a version of an alert: what was said, to whom it went, and whether the words are new.

A batch tells of which version it was: the one that superseded it names its end (notifier's superseded_by).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from alerts.models import Alert, Version


@dataclass(frozen=True)
class Before:
    """Hold what a version follows, where anything was sent before it.

    `subjects`: all that was said of the alert by then. `same` and `other`: the marks (superseded_by) on the
    batches that said the same words, and on those that said others.
    """

    subjects: tuple[UUID, ...] = ()
    same: tuple[UUID, ...] = ()
    other: tuple[UUID, ...] = ()

    @property
    def marks(self) -> tuple[UUID, ...]:
        return (*self.other, *self.same)


def before(version: Version) -> Before:
    """Return what the version follows (a query); nothing for the first one that was sent."""
    earlier = sent_before(version)
    if not earlier:
        return Before()
    chain = [*earlier, version]
    last_change = max((at for at in range(1, len(chain)) if differs(chain[at - 1], chain[at])), default=0)
    marks = [row.pk for row in chain[1:]]  # on the batches of chain[0], of chain[1], …
    return Before(
        subjects=(version.alert_id, *(row.pk for row in earlier)),
        same=tuple(marks[last_change:]),
        other=tuple(marks[:last_change]),
    )


def sent_before(version: Version) -> list[Version]:
    """Return the versions that were in force before this one, the first one first (a query)."""
    earlier = Version.objects.filter(alert=version.alert_id, number__lt=version.number)
    return list(earlier.exclude(sent_at=None).order_by("number"))


def is_said_anew(version: Version) -> bool:
    """Say whether those who were told must be told once more: words or photo are not what they were."""
    earlier = sent_before(version)
    return bool(earlier) and differs(earlier[-1], version)


def replaced(version: Version) -> Version | None:
    """Return the version that this one is to replace: the one in force (a query where its alert is live)."""
    if not version.alert.is_live:
        return None
    in_force = Version.objects.in_force().filter(alert=version.alert_id).exclude(pk=version.pk)
    return in_force.order_by("-number").first()


def differs(former: Version, version: Version) -> bool:
    """Say whether a reader would notice: by the words of a channel that both have, or by the photo."""
    if former.photo_sha256 != version.photo_sha256:
        return True
    return not same_words(former.texts or {}, version.texts or {})


def same_words(former: Mapping[str, Any], texts: Mapping[str, Any]) -> bool:
    """Say whether texts {language: {channel: words}} agree wherever both say something."""
    return all(
        words == texts.get(language, {}).get(channel, words)
        for language, said in former.items()
        for channel, words in said.items()
    )


def channels_of(alert: Alert) -> list[str]:
    """Return every channel by which anything was said of the alert (a query)."""
    told = alert.versions.exclude(sent_at=None).order_by("number").values_list("channels", flat=True)
    return list(dict.fromkeys(channel for channels in told for channel in channels))

"""What differs between a version and the one its reader knows: the one in force, else the one before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import localize
from django.utils.translation import gettext as _

from alerts import comparing, preview, reach, render
from alerts.comparing import Piece
from alerts.models import Alert, Version
from cases.sheet import channel_name
from geo.shapes import Area
from trust import clock

HOUR_S = 3600


@dataclass(frozen=True)
class Difference:
    """Hold one thing that differs: a sentence, or words with what is gone and what is new in them."""

    what: str
    sentence: str = ""
    language: str = ""
    direction: str = ""
    pieces: tuple[Piece, ...] = ()


def former(version: Version) -> Version | None:
    """Return what the version is compared with (a query); None for the first that anybody read."""
    earlier = Version.objects.filter(alert=version.alert_id, number__lt=version.number)
    known = earlier.exclude(identifier=None).select_related("alert__case", "child", "photo")
    if version.alert.state != Alert.State.DRAFT:
        known = known.exclude(sent_at=None)
    return known.order_by("-number").first()


def of(version: Version) -> list[Difference]:
    """Return what differs, the area first; nothing for a first version, one sentence where nothing differs.

    Costs a query, and of what is not yet signed two a channel, for the people.
    """
    earlier = former(version)
    if earlier is None:
        return []
    now = clock.now()
    found = [
        *_area(earlier, version),
        *_channels(earlier, version),
        *_duration(earlier, version),
        *_photo(earlier, version),
        *_words(earlier, version, now),
    ]
    same = _("Nothing differs from version %(number)s.") % {"number": earlier.number}
    return found or [Difference(_("All"), same)]


def _area(earlier: Version, version: Version) -> Iterator[Difference]:
    ground = comparing.ground(Area.from_json(earlier.area), Area.from_json(version.area))
    if not ground.is_same:
        yield Difference(
            _("Area"),
            _("%(after)s km² instead of %(before)s km²: %(added)s km² more, %(removed)s km² left out.")
            % {
                name: localize(round(getattr(ground, name)))
                for name in ("before", "after", "added", "removed")
            },
        )
    if not version.sent_at and (not ground.is_same or set(earlier.channels) != set(version.channels)):
        yield from _people(earlier, version)


def _people(earlier: Version, version: Version) -> Iterator[Difference]:
    before = {line.channel: line.people for line in reach.reach(earlier)}
    for line in reach.reach(version):
        was = before.get(line.channel, 0)
        if line.people is not None and line.people != was:
            sentence = _("Subscribers in the area: %(after)s instead of %(before)s.")
            yield Difference(
                line.channel, sentence % {"after": localize(line.people), "before": localize(was)}
            )


def _channels(earlier: Version, version: Version) -> Iterator[Difference]:
    for sentence, these, those in (
        (_("Also by: %(channels)s"), version.channels, earlier.channels),
        (_("No longer by: %(channels)s"), earlier.channels, version.channels),
    ):
        names = [channel_name(channel) for channel in these if channel not in those]
        if names:
            yield Difference(_("Channels"), sentence % {"channels": _(", ").join(names)})


def _duration(earlier: Version, version: Version) -> Iterator[Difference]:
    if version.duration_s != earlier.duration_s:
        sentence = _("%(after)s hours from the signature instead of %(before)s.")
        hours = {"after": version.duration_s / HOUR_S, "before": earlier.duration_s / HOUR_S}
        yield Difference(_("Duration"), sentence % {name: f"{value:g}" for name, value in hours.items()})
    if version.tier != earlier.tier:
        yield Difference(_("When to tell"), str(version.get_tier_display()))


def _photo(earlier: Version, version: Version) -> Iterator[Difference]:
    if version.photo_id == earlier.photo_id:
        return
    if version.photo_id is None:
        yield Difference(_("Photo"), _("The photo is left out."))
    elif earlier.photo_id is None:
        yield Difference(_("Photo"), _("A photo is added."))
    else:
        yield Difference(_("Photo"), _("Another photo goes out."))


def _words(earlier: Version, version: Version, now: datetime) -> Iterator[Difference]:
    """Yield what reads otherwise now, language by language; what several channels share is told once."""
    known = {column.code: column for column in preview.columns(render.composed(earlier, now))}
    for column in preview.columns(render.composed(version, now)):
        before = {said.channel: _text(said) for said in known[column.code].said}
        shared: dict[tuple[Piece, ...], list[str]] = {}
        for said in column.said:
            was = before.get(said.channel)
            if was is not None and was != _text(said):
                pieces = comparing.changed_lines(comparing.words(was, _text(said)))
                shared.setdefault(pieces, []).append(said.channel)
        for pieces, channels in shared.items():
            names = _(", ").join(channels)
            yield Difference(f"{column.name} · {names}", "", column.code, column.direction, pieces)


def _text(said: preview.ChannelText) -> str:
    return "\n".join(part for part in (said.subject, said.text) if part)

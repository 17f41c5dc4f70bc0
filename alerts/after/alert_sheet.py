"""One alert of the report as sections: clocks, versions, reach, errors, stop and recall."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext as _

from alerts.after import labels
from alerts.after.as_pdf import Section, Table
from alerts.after.labels import said, span
from alerts.after.model import AlertPart, Clock, Counts, Duration, Reach, VersionLine
from alerts.after.voice import Voice
from alerts.ledger.words import answer_code as answer
from alerts.outlook import ring_name
from cases.sheet import channel_name
from notifier.meanings import meaning
from trust import desk

COUNTED = tuple(labels.COUNTS)
OURS = "page"


def table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]], widths: tuple[int, ...]) -> Table | None:
    """Return a table, none where it has no row."""
    held = tuple(rows)
    return Table(heads, held, widths) if held else None


def clock_table(clocks: Iterable[Clock], voice: Voice) -> Table | None:
    rows = ((said(labels.CLOCKS, clock.code), voice.moment(clock.at)) for clock in clocks)
    return table((_("Clock"), _("Hour")), rows, (3, 2))


def duration_table(durations: Iterable[Duration]) -> Table | None:
    heads = (_("From … to"), _("Duration"), _("Aim"))
    return table(
        heads, ((said(labels.DURATIONS, d.code), span(d.seconds), _aim(d)) for d in durations), (5, 2, 2)
    )


def _aim(duration: Duration) -> str:
    if duration.missed is None:
        return "—"
    return _("missed") if duration.missed else _("kept")


def alert_sections(part: AlertPart, voice: Voice) -> Iterator[Section]:
    """Yield what the report says of one alert."""
    how = [labels.end(part.ended_as)] if part.ended_as else []
    stands = " · ".join([labels.state(part.kind), labels.state(part.state), *how])
    yield Section(_("Alert %(code)s") % {"code": part.code}, (stands,), clock_table(part.clocks, voice))
    yield Section(_("Durations"), table=duration_table(part.durations), level=2)
    yield Section(_("Versions"), table=_versions(part.versions, voice), level=2)
    yield from _reach(_("Reach"), part.reach)
    if part.updates.lines:
        yield from _reach(_("Told once more"), part.updates)
    if part.end.lines:
        yield from _reach(_("Told that it is over"), part.end)
    yield Section(_("Errors"), _no(part.errors, _("No gateway refused a message.")), _errors(part), level=2)
    if part.stop:
        yield Section(_("What the stop did"), tuple(_stop(part)), level=2)
    yield Section(_("Taken back"), _no(part.recalls, _("Nothing was out.")), _recalls(part, voice), level=2)
    if part.tasks:
        yield Section(_("What persons owe"), table=_tasks(part, voice), level=2)


def _no(lines: tuple[object, ...], words: str) -> tuple[str, ...]:
    return () if lines else (words,)


def _versions(versions: Iterable[VersionLine], voice: Voice) -> Table | None:
    rows = (
        (
            str(line.number),
            labels.state(line.state),
            voice.acted(line.proposed_at, line.proposed_by),
            voice.acted(line.sent_at, line.signed_by or line.sent_by),
            "\n".join([*map(channel_name, line.channels), *_size(line)]),
            " · ".join(filter(None, [labels.ground(line.ground), *map(labels.ground, line.released)])) or "—",
            line.digest or "—",
        )
        for line in versions
    )
    heads = (
        _("Number"), _("State"), _("Proposed"), _("Signed, or sent by one person"), _("What went out"),
        _("Ground, words released"), _("Digest"),
    )  # fmt: skip
    return table(heads, rows, (2, 3, 5, 5, 4, 4, 6))


def _size(line: VersionLine) -> tuple[str, str]:
    return _("%(km2)s km²") % {"km2": f"{line.km2:g}"}, _("%(hours)s h") % {"hours": f"{line.hours:g}"}


def _reach(title: str, reach: Reach) -> Iterator[Section]:
    check = (
        _(
            "The counts add up: to be told = accepted + answer lost + failed + held back + too late + left"
            " out + waiting."
        )
        if reach.holds
        else _("The counts do not add up: have the administrator look at it.")
    )
    if not reach.lines:
        yield Section(title, (_("Nobody was to be told one by one."),), level=2)
        return
    channels = {channel_name(channel): counts for channel, counts in reach.by_channel().items()}
    yield Section(title, (check,), _counted(_("Channel"), {**channels, _("All"): reach.total}), level=2)
    rings = {ring_name(ring): counts for ring, counts in sorted(reach.by_ring().items())}
    yield Section(_("%(title)s, by distance") % {"title": title}, (), _counted(_("Distance"), rings), level=2)


def _counted(head: str, groups: Mapping[str, Counts]) -> Table | None:
    heads = (head, *(said(labels.COUNTS, name) for name in COUNTED))
    held = ((name, counts) for name, counts in groups.items() if counts.targeted)
    rows = ((name, *(str(getattr(counts, one)) for one in COUNTED)) for name, counts in held)
    return table(heads, rows, (3, *(2 for _one in COUNTED)))


def _errors(part: AlertPart) -> Table | None:
    rows = ((channel_name(line.channel), meaning(line.kind), str(line.count)) for line in part.errors)
    return table((_("Channel"), _("Refusal"), _("Number")), rows, (4, 10, 3))


def _stop(part: AlertPart) -> Iterator[str]:
    stop = part.stop
    if stop is None:
        return
    yield _("Messages held back: %(count)s") % {"count": stop.held_back}
    if stop.at_gateways is not None:
        yield _("Messages at the gateways in that moment: %(count)s") % {"count": stop.at_gateways}
    if stop.seconds_to_last is None:
        yield _("No message left after the stop.")
    else:
        yield _("The last message left %(span)s after the stop.") % {"span": span(stop.seconds_to_last)}


def _recalls(part: AlertPart, voice: Voice) -> Table | None:
    rows = (
        (
            said(labels.THINGS, line.what),
            " · ".join(filter(None, [channel_name(line.channel) if line.channel != OURS else "", line.alias]))
            or "—",
            str(line.count),
            said(labels.RECALLS, line.state),
            voice.moment(line.done_at),
            answer(line.reason) if line.reason else "—",
        )
        for line in part.recalls
    )
    heads = (_("What"), _("Channel"), _("Number"), _("State"), _("Done"), _("Answer"))
    return table(heads, rows, (6, 6, 3, 6, 6, 8))


def _tasks(part: AlertPart, voice: Voice) -> Table | None:
    rows = (
        (
            str(desk.TASK_WORDS.get(task.kind, task.kind)),
            voice.who(task.owner),
            voice.moment(task.opened_at),
            voice.moment(task.done_at) if task.done_at else _("open"),
        )
        for task in part.tasks
    )
    return table((_("Task"), _("Who"), _("Since"), _("Done")), rows, (5, 2, 3, 3))

"""Each relay of the area is told of each version and asked to take it down: a task each until it answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from alerts import owed
from alerts.models import Alert, Relay, RelayNotice, Version
from alerts.refusals import IssueRefused
from alerts.relays import links, messages
from alerts.relays.sheet import Sheet, sheet
from alerts.states import IllegalMove
from geo.shapes import Area
from notifier import outbox
from notifier.hand_channels import RELAYS
from trust import audit, clock
from trust.models import Officer, Task

ACKNOWLEDGE, TAKE_DOWN = "relay_acknowledge", "relay_take_down"
ANSWER_WITHIN = timedelta(minutes=15)  # then the task is late on the owner's desk
State, How = RelayNotice.State, RelayNotice.How

Task.ENDED_BY_AN_ACT |= {ACKNOWLEDGE, TAKE_DOWN}  # a name and an hour, never a bare tick


def touched(area: Area) -> list[Relay]:
    """Return the relays whose region or circle the area touches (one query)."""
    regions = {region.code for region in settings.COUNTRY.outlines.regions_touching(area)}
    return [relay for relay in Relay.objects.filter(is_active=True) if _is_touched(relay, area, regions)]


def _is_touched(relay: Relay, area: Area, regions: set[str]) -> bool:
    if relay.region:
        return relay.region in regions
    circle = relay.circle
    return circle is None or bool(circle.planar.intersects(area.planar))


def tell(version: Version) -> bool:
    """Tell the relays of the version's area, and have the others take down what came before. May run twice.

    False where nothing may be said to relays now. Each relay is its own transaction.
    """
    former = RelayNotice.objects.standing().filter(alert=version.alert_id).exclude(version=version)
    sheets = _sheets(version) if RELAYS in version.channels else {}
    wanted = touched(Area.from_json(version.area)) if sheets else []
    for relay in wanted:
        _tell_one(version, relay, sheets[relay.language])
    gone = former.exclude(relay__in=wanted)
    if gone.exists():
        _mark(gone, clock.now())
        take_back(version.alert_id)
    return bool(sheets) or RELAYS not in version.channels


def _sheets(version: Version) -> dict[str, Sheet]:
    """Return the sheet in every language; nothing where one may not be said."""
    now = clock.now()
    made = {code: sheet(version, code, now) for code, _name in settings.LANGUAGES}
    found = {code: one for code, one in made.items() if one is not None}
    return found if len(found) == len(made) else {}


def _tell_one(version: Version, relay: Relay, said: Sheet) -> None:
    with transaction.atomic():
        alert = Alert.objects.select_for_update().get(pk=version.alert_id)
        # Whoever ends or updates it holds the same lock, and stops what is told by then.
        if not alert.is_live or not Version.objects.in_force().filter(pk=version.pk).exists():
            return
        if RelayNotice.objects.filter(relay=relay, version=version).exists():
            return
        former = RelayNotice.objects.standing().filter(relay=relay, alert=alert)
        is_update = _replace(former)
        notice = RelayNotice(
            relay=relay,
            alert=version.alert,
            version=version,
            key_owner=version.key_owner,
            told_at=clock.now(),
        )
        notice.link = links.digest(links.secret(notice.pk))
        notice.save(force_insert=True)
        audit.record("relay.told", notice, after=State.TOLD)
        owed.owe(ACKNOWLEDGE, notice, version.alert.case, ANSWER_WITHIN)
        assert version.expires_at is not None
        messages.tell(notice, said, version.expires_at, is_update=is_update)


def _replace(former: Iterable[RelayNotice]) -> bool:
    replaced = False
    for notice in former:
        notice.move(State.REPLACED, None)
        owed.settle(ACKNOWLEDGE, notice.pk, "replaced")
        outbox.stop([notice.pk])
        replaced = True
    return replaced


def silence(alert_id: UUID, at: datetime) -> None:
    """Stop the sheets that still wait and mark what was told, within the caller's transaction."""
    standing = RelayNotice.objects.standing().filter(alert=alert_id)
    outbox.stop(standing.values_list("pk", flat=True))
    _mark(standing, at)


def _mark(notices: Iterable[RelayNotice], at: datetime) -> None:
    keys = [notice.pk for notice in notices]
    RelayNotice.objects.filter(pk__in=keys, take_back_from=None).update(take_back_from=at)


def take_back(alert_id: UUID) -> None:
    """Ask each relay whose notice is marked to take it down. May run twice, or be killed anywhere."""
    due = RelayNotice.objects.standing().filter(alert=alert_id, take_back_from__isnull=False)
    for notice in due.select_related("relay", "alert__case__unit", "alert__case__owner"):
        _ask_take_down(notice)


def unfinished() -> list[UUID]:
    """Return the alerts that hold marked notices nobody asked about."""
    due = RelayNotice.objects.standing().filter(take_back_from__isnull=False)
    return list(due.values_list("alert", flat=True).distinct())


def _ask_take_down(notice: RelayNotice) -> None:
    now = clock.now()
    try:
        with transaction.atomic():
            notice.move(State.TAKE_DOWN_ASKED, None, take_down_asked_at=now)
            owed.settle(ACKNOWLEDGE, notice.pk, "taken_back")
            owed.owe(TAKE_DOWN, notice, notice.alert.case, ANSWER_WITHIN)
            outbox.stop([notice.pk])
            messages.ask_take_down(notice, now)
    except IllegalMove:  # another worker was first
        return


def acknowledge(
    notice: RelayNotice, who: str, *, officer: Officer | None = None, at: datetime | None = None
) -> None:
    """Write down that the relay took the sheet: who, and when. `officer`: who wrote down a call.

    Raise IssueRefused: who, when, answered, and for an officer as demand() does.
    """
    if officer is not None:
        owed.demand_answer(officer, notice.alert.case)
    name, when = owed.name_of(who), owed.moment_of(at, notice.told_at)
    how = How.CALL if officer else How.LINK
    with transaction.atomic():
        _answered(notice, State.ACKNOWLEDGED, officer, how, acknowledged_at=when, acknowledged_how=how)
        notice.acknowledged_by = name
        notice.save(update_fields=["acknowledged_by"])
        owed.settle(ACKNOWLEDGE, notice.pk, how, by=officer)


def taken_down(
    notice: RelayNotice, who: str, *, officer: Officer | None = None, at: datetime | None = None
) -> None:
    """Write down that the relay took everything down. Raise as acknowledge() does."""
    if officer is not None:
        owed.demand_answer(officer, notice.alert.case)
    if notice.take_back_from and notice.state in (State.TOLD, State.ACKNOWLEDGED):
        _ask_take_down(notice)  # a relay that is quicker than our worker
    name, when = owed.name_of(who), owed.moment_of(at, notice.take_down_asked_at or notice.told_at)
    how = How.CALL if officer else How.LINK
    with transaction.atomic():
        _answered(notice, State.TAKEN_DOWN, officer, how, taken_down_at=when, taken_down_how=how)
        notice.taken_down_by = name
        notice.save(update_fields=["taken_down_by"])
        owed.settle(TAKE_DOWN, notice.pk, how, by=officer)
        outbox.stop([messages.take_down_subject(notice.pk)])


def _answered(
    notice: RelayNotice, state: str, officer: Officer | None, how: str, **stamps: datetime | str
) -> None:
    try:
        notice.move(state, officer, reason=how, **stamps)
    except IllegalMove as other:
        raise IssueRefused("answered") from other


def watch() -> None:
    """Have the open tasks follow the case's owner."""
    owed.follow_owners(RelayNotice, (ACKNOWLEDGE, TAKE_DOWN))

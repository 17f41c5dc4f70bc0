"""A draft: what the officer chooses, before anything is frozen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from alerts import composing
from alerts.lint import MOST_LETTERS
from alerts.models import Alert, Version
from alerts.permission import demand, demand_open, hold
from alerts.refusals import IssueRefused
from cases.models import Case, Child, Photo
from geo.shapes import Area
from trust import audit, clock
from trust.models import Officer

SHORTEST_S, LONGEST_S = 3600, 7 * 24 * 3600


def draft(
    case: Case,
    officer: Officer,
    *,
    area: Area,
    channels: Sequence[str],
    duration_s: int,
    kind: str = "actual",
    tier: str = Version.Tier.ALERT,
    child: Child | None = None,
    photo: Photo | None = None,
    additions: Mapping[str, str] | None = None,
) -> Version:
    """Return a new draft on the case; child and photo default to the first ones.

    Raise IssueRefused: no_permission, not_yours, superuser, case_not_open, in_conflict, already_live,
    already_drafted, wrong_child, area, channels, duration, tier, additions (a sentence one language lacks).
    """
    demand(officer, "alerts.draft_version", case)
    demand_open(case)
    _check(area, channels, duration_s, tier)
    said = _additions(additions or {})
    about = _child(case, child)
    shown = _photo(about, photo)
    with transaction.atomic():
        hold(case.pk)  # two officers drafting at once
        alert = _alert(case, kind)
        return begin(
            alert,
            officer,
            child=about,
            photo=shown,
            area=area.to_json(),
            channels=list(channels),
            duration_s=duration_s,
            tier=tier,
            additions=said,
        )


def revise(version: Version, officer: Officer, **changes: Any) -> Version:
    """Change a draft in place; from one sent back or lapsed, return the next draft. Changes: see chosen().

    Raise IssueRefused as draft() does, and not_a_draft.
    """
    case = version.alert.case
    demand(officer, "alerts.draft_version", case)
    demand_open(case)
    with transaction.atomic():
        hold(case.pk)
        row = (
            Version.objects.select_for_update(of=("self",))
            .select_related("alert", "child")
            .get(pk=version.pk)
        )
        told = chosen(row, **changes)
        if row.state == Version.State.DRAFT:
            return _change(row, officer, told)
        if row.state in {Version.State.RETURNED, Version.State.LAPSED}:
            _demand_next(row, case)
            return begin(row.alert, officer, child=row.child, **told)
        raise IssueRefused("not_a_draft")


def chosen(
    row: Version,
    *,
    area: Area | None = None,
    channels: Sequence[str] | None = None,
    duration_s: int | None = None,
    tier: str | None = None,
    photo: Photo | None = None,
    additions: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return what a draft holds that follows the row, changed where something is given.

    Raise IssueRefused: area, channels, duration, tier, wrong_child, additions.
    """
    found: dict[str, Any] = {
        "area": area.to_json() if area else row.area,
        "channels": list(channels) if channels is not None else row.channels,
        "duration_s": duration_s if duration_s is not None else row.duration_s,
        "tier": row.tier if tier is None else tier,
        "photo": _photo(row.child, photo or row.photo),
        "additions": row.additions if additions is None else _additions(additions),
    }
    _check(Area.from_json(found["area"]), found["channels"], found["duration_s"], found["tier"])
    return found


def begin(alert: Alert, officer: Officer, **told: Any) -> Version:
    """Write down the alert's next draft, under the case's lock."""
    last = alert.versions.aggregate(last=Max("number"))["last"] or 0
    version = Version.objects.create(
        alert=alert,
        key_owner=alert.case_id,
        number=last + 1,
        created_by=officer,
        created_at=clock.now(),
        **told,
    )
    audit.record("version.drafted", version, actor=officer)
    return version


def _check(area: Area, channels: Sequence[str], duration_s: int, tier: str) -> None:
    if not area.shapes:
        raise IssueRefused("area")
    known = set(composing.sayable())
    if not channels or len(set(channels)) != len(channels) or not set(channels) <= known:
        raise IssueRefused("channels")
    if not SHORTEST_S <= duration_s <= LONGEST_S:
        raise IssueRefused("duration")
    if tier not in Version.Tier.values:
        raise IssueRefused("tier")


def _additions(told: Mapping[str, str]) -> dict[str, str] | None:
    """Return the officer's sentence in every language, None where there is none."""
    codes = [code for code, _name in settings.LANGUAGES]
    said = {code: " ".join(told.get(code, "").split()) for code in codes}
    if not any(said.values()):
        return None
    if not all(said.values()) or max(map(len, said.values())) > MOST_LETTERS:
        raise IssueRefused("additions")
    return said


def _child(case: Case, child: Child | None) -> Child:
    about = child or case.children.first()
    if about is None or about.case_id != case.pk:
        raise IssueRefused("wrong_child")
    return about


def _photo(child: Child, photo: Photo | None) -> Photo | None:
    if photo is not None and photo.child_id != child.pk:
        raise IssueRefused("wrong_child")
    return photo or child.photo


def _alert(case: Case, kind: str) -> Alert:
    """Return the alert that is being prepared on the case, made now if there is none."""
    if case.alerts.filter(state=Alert.State.LIVE).exists():
        raise IssueRefused("already_live")
    if Version.objects.open().filter(alert__case=case).exists():
        raise IssueRefused("already_drafted")
    waiting = case.alerts.filter(state=Alert.State.DRAFT, kind=kind).first()
    return waiting or Alert.objects.create(case=case, kind=kind, created_at=clock.now())


def _demand_next(row: Version, case: Case) -> None:
    """Refuse a next draft where one is under way, or where another alert of the case is live."""
    if row.alert.state == Alert.State.ENDED:
        raise IssueRefused("not_live")
    if not row.alert.is_live:
        _alert(case, row.alert.kind)
    elif Version.objects.open().filter(alert__case=case).exists():
        raise IssueRefused("already_drafted")


def _change(version: Version, officer: Officer, told: dict[str, Any]) -> Version:
    for name, value in told.items():
        setattr(version, name, value)
    version.save(update_fields=list(told))
    audit.record("version.revised", version, actor=officer)
    return version

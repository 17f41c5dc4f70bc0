"""Gather what the report on a case holds. Reads rows of the case and the log, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from alerts.after.model import (
    AIM_S,
    Act,
    AlertPart,
    CheckLine,
    ChildLine,
    Clock,
    DecisionLine,
    Duration,
    OrderLine,
    Person,
    Report,
    between,
)
from alerts.after.outgoing import account, part
from alerts.models import Alert, Decline, Order, Release, Version
from cases import checking
from cases.models import Case, Consent, Place, VerificationOverride
from notifier.models import Post
from trust import clock
from trust.models import AuditEntry, Decision, Officer

LOOK = "viewed"
OF_THE_ALERT = frozenset({"alert", "version", "post"})
OF_THE_FAMILY = frozenset({"case", "consent"})
DECLINE, OVERRIDE = "decline", "verification_override"
# Called with a case; the package above counts its tips by state.
TIPS: list[Callable[[Case], Mapping[str, int]]] = []


def collect(case: Case, reader: Officer, alerts: Iterable[Alert] | None = None, *, named: bool) -> Report:
    """Return the report on the case and these alerts of it, all where none are given.

    named: the children and the officers by name. Never a name of the family, a word that somebody typed, or
    where a place is. A reader without the right to see cases gets the alerts' part alone, one without the
    right to restricted fields no ground of what the family did. Some sixty queries, none by the size of the
    audience.
    """
    now, sees = clock.now(), reader.has_perm("cases.view_case")
    parts = tuple(
        part(case, alert, now) for alert in (case.alerts.order_by("created_at") if alerts is None else alerts)
    )
    versions = list(Version.objects.filter(alert__case=case))
    about = {pk: what for pk, what in _about(case, versions).items() if sees or what in OF_THE_ALERT}
    acts, looks = _acts(about)
    decisions = (*_decisions(about), *(_alone(case) if sees else ()))
    if not reader.has_perm("cases.view_restricted"):
        decisions = tuple(
            replace(line, ground="") if line.about in OF_THE_FAMILY else line for line in decisions
        )
    orders = tuple(map(_order, Order.objects.about(case).order_by("at"))) if sees else ()
    clocks = _clocks(case)
    return Report(
        made_at=now,
        made_by=account(reader.pk),
        is_so_far=case.is_open or any(one.state == Alert.State.LIVE for one in parts),
        is_named=named,
        reference=case.reference,
        state=case.state,
        category=case.category if sees else "",
        filed_how=case.filed_how,
        unit=case.unit.names,
        agency=case.agency.names,
        outcome=case.outcome,
        children=tuple(_children(case, named=named)) if sees else (),
        clocks=clocks,
        durations=tuple(_durations(case, clocks, now)),
        alerts=parts,
        decisions=tuple(sorted(decisions, key=lambda line: line.asked_at)),
        orders=orders,
        checks=tuple(_checks(case)) if sees else (),
        tips=_tips(case),
        acts=acts,
        looks=looks,
        people=tuple(_people(acts, decisions, parts, orders, named=named)),
    )


def _clocks(case: Case) -> tuple[Clock, ...]:
    checks = checking.of(case).done()
    return (
        Clock("last_seen", case.last_seen_at),
        Clock("reported", case.reported_at),
        Clock("received", case.received_at),
        Clock("spoken", case.spoken_at),
        Clock("accepted", case.accepted_at),
        Clock("first_place_checked", checking.first_checked_at(checks)),
        Clock("closed", case.closed_at),
    )


def _durations(case: Case, clocks: Iterable[Clock], now: datetime) -> Iterator[Duration]:
    at = {line.code: line.at for line in clocks}
    may_come = now if case.is_open else (case.closed_at or now)  # what never came is late when the case ends
    yield between("last_seen_to_report", case.last_seen_at, case.received_at)
    yield between("report_to_spoken", case.received_at, case.spoken_at, aim_s=AIM_S, now=may_come)
    yield between("report_to_accept", case.received_at, case.accepted_at, aim_s=AIM_S, now=may_come)
    yield between("report_to_first_place_checked", case.received_at, at["first_place_checked"])
    yield between("report_to_close", case.received_at, case.closed_at)


def _children(case: Case, *, named: bool) -> Iterator[ChildLine]:
    for child in case.children.order_by("position"):
        told = (child.name_latin or child.name(case.language), child.name_arabic) if named else ()
        names = tuple(dict.fromkeys(name for name in told if name))
        yield ChildLine(child.position, child.age_at(case.last_seen_at), child.sex or "", names)


def _about(case: Case, versions: list[Version]) -> dict[UUID, str]:
    """Return every row whose acts are told, with what it is."""
    cases = [case, *case.joined]
    pks = [one.pk for one in cases]
    subjects = [*{version.alert_id for version in versions}, *(version.pk for version in versions)]
    return {
        **dict.fromkeys(pks, "case"),
        **dict.fromkeys({version.alert_id for version in versions}, "alert"),
        **{version.pk: "version" for version in versions},
        **dict.fromkeys(Release.objects.filter(case__in=pks).values_list("pk", flat=True), "release"),
        **dict.fromkeys(Order.objects.filter(case__in=pks).values_list("pk", flat=True), "order"),
        **dict.fromkeys(Consent.objects.filter(case__in=pks).values_list("pk", flat=True), "consent"),
        **dict.fromkeys(Post.objects.filter(subject__in=subjects).values_list("pk", flat=True), "post"),
    }


def _acts(about: Mapping[UUID, str]) -> tuple[tuple[Act, ...], int]:
    """Return the acts in the log on these rows in their order, and how many looks it holds (two queries)."""
    entries = AuditEntry.objects.filter(subject__in=list(about))
    acts = tuple(
        Act(
            entry.at, entry.action, about[entry.subject], account(entry.actor),
            tuple(filter(None, entry.actor_role.split(","))), entry.reason,
        )
        for entry in entries.exclude(action=LOOK).order_by("id")
        if entry.subject
    )  # fmt: skip
    return acts, entries.filter(action=LOOK).count()


def _decisions(about: Mapping[UUID, str]) -> Iterator[DecisionLine]:
    for row in Decision.objects.filter(subject__in=list(about)).order_by("asked_at"):
        yield DecisionLine(
            row.act, about[row.subject], row.asked_at, account(row.asked_by_id), row.decided_at,
            account(row.decided_by_id), row.outcome or "open", row.ground,
        )  # fmt: skip


def _alone(case: Case) -> Iterator[DecisionLine]:
    """Yield what one person decided and answers for: no alert, or to go on before the family was reached."""
    for row in Decline.objects.filter(case=case):
        yield DecisionLine(
            DECLINE, "case", row.at, account(row.officer_id), row.at, "", "decided", row.reason_code
        )  # fmt: skip
    for kept in VerificationOverride.objects.filter(case=case):
        yield DecisionLine(
            OVERRIDE, "case", kept.at, account(kept.officer_id), kept.at, "", "decided", kept.ground
        )  # fmt: skip


def _order(row: Order) -> OrderLine:
    return OrderLine(
        row.kind, row.office, row.how, row.given_at, row.at, account(row.recorded_by_id), row.released_at
    )


def _checks(case: Case) -> Iterator[CheckLine]:
    found = checking.results(case)
    places = Place.objects.filter(pk__in=[one.place for one in found if one.place])
    kinds = {place.pk: place.kind or "" for place in places}
    for one in found:
        kind = "home" if one.is_home else kinds.get(one.place, "") if one.place else ""
        yield CheckLine(kind, one.how, one.result, one.thoroughness, one.minutes, one.at)


def _tips(case: Case) -> dict[str, int]:
    counted: dict[str, int] = {}
    for count in TIPS:
        for state, number in count(case).items():
            counted[state] = counted.get(state, 0) + number
    return counted


def _people(
    acts: Iterable[Act],
    decisions: Iterable[DecisionLine],
    parts: Iterable[AlertPart],
    orders: Iterable[OrderLine],
    *,
    named: bool,
) -> Iterator[Person]:
    """Yield every account that the report names, once, with the roles in which the log saw it act."""
    roles: dict[str, set[str]] = {}
    for act in acts:
        roles.setdefault(act.actor, set()).update(act.roles)
    others = [
        *(pk for line in decisions for pk in (line.asked_by, line.decided_by)),
        *(line.recorded_by for line in orders),
        *(task.owner for one in parts for task in one.tasks),
        *(
            pk
            for one in parts
            for version in one.versions
            for pk in (version.drafted_by, version.proposed_by, version.signed_by, version.sent_by)
        ),
    ]
    known = dict.fromkeys(filter(None, [*roles, *others]))
    names = {str(row.pk): str(row) for row in Officer.objects.filter(pk__in=list(known))} if named else {}
    for pk in known:
        yield Person(pk, tuple(sorted(roles.get(pk, ()))), names.get(pk, ""))

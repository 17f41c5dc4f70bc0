"""The queue of tips: one line for all that tell the same, overdue first, then by score; at a bounded cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    UUIDField,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from alerts.models import Alert
from cases.models import Case as CaseFile
from tips.models import Attachment, Tip
from trust.models import Officer

OPEN = (Tip.State.NEW, Tip.State.SEEN)
PER_PAGE = 50
MOST_HANDED = 20
MOST_STEPPED = 400  # lines that the keys for the next and the one before walk over
HANDED = "handed"
ALL, OPEN_ONES = "all", "open"
# A tip is wide and sealed: a list reads what it shows.
LISTED = (
    "reference", "state", "door", "language", "guess", "score", "danger", "cluster", "alert_id", "case_id",
    "received_at", "look_due_at", "looked_at", "level", "reasons", "erased_at",
    "unit__names", "unit__code", "handed_to__names", "handed_to__code", "handed_to_name", "handed_at",
    "acknowledged_at",
)  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """Hold what the queue is narrowed to; the empty value of each asks for everything."""

    state: str = OPEN_ONES  # one of Tip.State, OPEN_ONES, HANDED (over and unacknowledged) or ALL
    whose: str = ""  # "unit" or "mine"
    alert: str = ""  # "live", "none", or the code of one
    guess: str = ""
    media: bool = False
    late: bool = False

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Chosen:
        """Return what a query names; what it names wrongly is left out."""
        states = {*Tip.State.values, OPEN_ONES, HANDED, ALL}
        state, whose, guess = (str(told.get(name, "")) for name in ("state", "whose", "guess"))
        return cls(
            state if state in states else OPEN_ONES,
            whose if whose in ("unit", "mine") else "",
            str(told.get("alert", "")).replace("\x00", "")[:8],  # PostgreSQL refuses it in a question
            guess if guess in {*Tip.Guess.values, "unclear"} else "",
            media=bool(told.get("media")),
            late=bool(told.get("late")),
        )

    @property
    def query(self) -> dict[str, str]:
        """Return what an address must say for the same choice."""
        told = {"state": self.state, "whose": self.whose, "alert": self.alert, "guess": self.guess}
        flags = {name: "1" for name in ("media", "late") if getattr(self, name)}
        return {name: value for name, value in told.items() if value and value != OPEN_ONES} | flags


@dataclass(frozen=True)
class Line:
    """Hold one line: the newest of those that tell the same, and what they have together."""

    tip: Tip
    many: int
    unread: int
    score: int
    due_at: datetime | None  # by when the first unread one must be read
    since: datetime  # since when the oldest of them waits
    is_late: bool
    media: tuple[tuple[str, str], ...] = ()  # (kind, state) of what came along with the newest
    about: str = ""  # the code of the alert it names, else the reference of its case


def is_late(now: datetime) -> Q:
    """Ask for what nobody has read by the hour it had to be."""
    return Q(state=Tip.State.NEW, look_due_at__lte=now)


def rows(officer: Officer, chosen: Chosen, now: datetime) -> QuerySet[Tip]:
    """Return the tips of the officer's scope, and those handed to the unit, as far as they are chosen."""
    seen = Tip.objects.scope(officer)
    if chosen.state in (HANDED, Tip.State.HANDED_OVER, ALL):
        seen |= Tip.objects.handed_to(officer)
    found = Tip.objects.filter(seen, _of_state(chosen.state, now)).order_by()
    if chosen.whose == "unit":
        found = found.filter(unit=officer.unit_id)
    elif chosen.whose == "mine":
        found = found.filter(_mine(officer))
    if chosen.guess:
        found = found.filter(guess="" if chosen.guess == "unclear" else chosen.guess)
    if chosen.media:
        found = found.filter(Exists(Attachment.objects.filter(tip=OuterRef("pk"))))
    return _of_alert(found.filter(is_late(now)) if chosen.late else found, chosen.alert)


def _of_state(state: str, now: datetime) -> Q:
    if state == ALL:
        return Q()
    if state == HANDED:
        return Q(state=Tip.State.HANDED_OVER, acknowledged_at=None)
    return Q(state__in=OPEN) if state == OPEN_ONES else Q(state=state)


def _mine(officer: Officer) -> Q:
    """Ask for what the officer wrote down or decided, and what is about a case the officer holds."""
    held = CaseFile.objects.filter(owner=officer).values("pk")
    alerts = Alert.objects.filter(case__in=held).values("pk")
    return Q(entered_by=officer) | Q(decided_by=officer) | Q(case_id__in=held) | Q(alert_id__in=alerts)


def _of_alert(found: QuerySet[Tip], alert: str) -> QuerySet[Tip]:
    if alert == "live":
        return found.filter(alert_id__in=list(Alert.objects.live().values_list("pk", flat=True)))
    if alert == "none":
        return found.filter(alert_id=None)
    return found.filter(alert_id__in=Alert.objects.filter(code=alert).values("pk")) if alert else found


def _grouped(found: QuerySet[Tip], now: datetime, *, as_if_unread: UUID | None = None) -> QuerySet[Any, Any]:
    """Return a row for each cluster in the order of the queue (one pass over what is chosen)."""
    unread = Q(state=Tip.State.NEW)
    late = is_late(now) | Q(pk=as_if_unread, look_due_at__lte=now) if as_if_unread else is_late(now)
    return (
        found.annotate(key=Coalesce("cluster", "pk", output_field=UUIDField()))
        .values("key")
        .annotate(
            many=Count("pk"),
            unread=Count("pk", filter=unread),
            top=Max("score"),
            newest=Max("received_at"),
            oldest=Min("received_at"),
            due=Min("look_due_at", filter=unread),
            late=Max(Case(When(late, then=Value(1)), default=Value(0), output_field=IntegerField())),
        )
        .order_by("-late", "-top", "oldest", "key")
    )


def lines(officer: Officer, chosen: Chosen, now: datetime, page: int = 1) -> tuple[list[Line], bool]:
    """Return one page of the queue, and whether there are more (six queries)."""
    first = (page - 1) * PER_PAGE
    found = rows(officer, chosen, now)
    groups = list(_grouped(found, now)[first : first + PER_PAGE + 1])
    shown = groups[:PER_PAGE]
    newest = _newest(found, shown)
    along = _along([tip.pk for tip in newest.values()])
    about = _about(newest.values(), officer)
    made = [
        Line(
            newest[group["key"]], group["many"], group["unread"], group["top"], group["due"],
            group["oldest"], bool(group["late"]),
            tuple(along.get(newest[group["key"]].pk, ())), about.get(newest[group["key"]].pk, ""),
        )
        for group in shown if group["key"] in newest
    ]  # fmt: skip
    return made, len(groups) > PER_PAGE


def _newest(found: QuerySet[Tip], groups: Sequence[Mapping[str, Any]]) -> dict[UUID, Tip]:
    """Return the newest tip of each group (two queries): found by the index alone, then read."""
    hours = {group["key"]: group["newest"] for group in groups}
    named = Q(pk__in=list(hours))
    for key, hour in hours.items():
        named |= Q(cluster=key, received_at=hour)
    rows = Tip.objects.filter(named).values_list("pk", "cluster", "received_at")
    wanted = [pk for pk, cluster, hour in rows if hours.get(cluster or pk) == hour]
    told = found.filter(pk__in=wanted).select_related("unit", "handed_to").only(*LISTED)
    return {tip.cluster or tip.pk: tip for tip in told}


def _along(tips: list[UUID]) -> dict[UUID, list[tuple[str, str]]]:
    told = Attachment.objects.filter(tip__in=tips).values_list("tip_id", "kind", "state")
    along: dict[UUID, list[tuple[str, str]]] = {}
    for tip, kind, state in told:
        along.setdefault(tip, []).append((kind, state))
    return along


def _about(tips: Any, officer: Officer) -> dict[UUID, str]:
    """Return what each tip is about: the code of its alert, the reference of a case of the officer's scope
    (two queries).
    """
    named = list(tips)
    alerts = dict(
        Alert.objects.filter(pk__in=[tip.alert_id for tip in named if tip.alert_id]).values_list("pk", "code")
    )
    wanted = [tip.case_id for tip in named if tip.case_id]
    cases = (
        dict(CaseFile.objects.for_officer(officer).filter(pk__in=wanted).values_list("pk", "reference"))
        if wanted
        else {}
    )
    return {tip.pk: alerts.get(tip.alert_id) or cases.get(tip.case_id, "") for tip in named}


def handed(officer: Officer, now: datetime) -> list[Line]:
    """Return what was handed to the officer's unit and nobody took, the oldest first (four queries)."""
    waiting = Tip.objects.filter(Tip.objects.handed_to(officer), _of_state(HANDED, now))
    waiting = waiting.select_related("unit", "handed_to").only(*LISTED).order_by("handed_at")
    tips = list(waiting[:MOST_HANDED])
    if not tips:
        return []
    along, about = _along([tip.pk for tip in tips]), _about(tips, officer)
    return [
        Line(
            tip, 1, 0, tip.score, None, tip.handed_at or tip.received_at, is_late=False,
            media=tuple(along.get(tip.pk, ())), about=about.get(tip.pk, ""),
        )
        for tip in tips
    ]  # fmt: skip


def beside(officer: Officer, chosen: Chosen, tip: Tip, now: datetime) -> tuple[UUID | None, UUID | None]:
    """Return the tips before and after this one in the queue as it stood when it was opened (two queries).

    Beyond the first MOST_STEPPED lines: none before, and the first of the queue after it.
    """
    found = rows(officer, chosen, now)
    own = tip.cluster or tip.pk
    groups = list(_grouped(found, now, as_if_unread=tip.pk)[:MOST_STEPPED])
    at = next((number for number, group in enumerate(groups) if group["key"] == own), -1)
    wanted = [groups[number] if 0 <= number < len(groups) else None for number in (at - 1, at + 1)]
    wanted[0] = wanted[0] if at > 0 else None
    newest = _newest(found, [group for group in wanted if group])
    before, after = (newest.get(group["key"]) if group else None for group in wanted)
    return (before.pk if before else None), (after.pk if after else None)


def live_codes(officer: Officer) -> list[str]:
    """Return the codes of the live alerts in the officer's scope (one query)."""
    live = Alert.objects.for_officer(officer).live().order_by("live_at")
    return cast("list[str]", list(live.values_list("code", flat=True)[:30]))

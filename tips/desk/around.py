"""What stands round a tip: the case it may belong to, those that tell the same, the thread, what was done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from alerts.models import Alert
from cases.models import Case, ThreadEntry
from tips import answering
from tips.desk import words
from tips.desk.doors import page_url
from tips.models import Tip
from trust import audit, desk
from trust.models import Officer

MOST_NEIGHBOURS = 20
DONE: dict[str, Promise] = {
    "tip.received": gettext_lazy("Received"),
    "tip.moved": gettext_lazy("Given another state"),
    "tip.checked": gettext_lazy("Questions of verification answered"),
    "tip.noted": gettext_lazy("The witness noted the receipt"),
    "tip.witness_wrote": gettext_lazy("The witness wrote again"),
}


@dataclass(frozen=True)
class About:
    """Hold what the tip names, or was made part of."""

    alert: Alert | None = None
    case: Case | None = None
    may_open: bool = False  # the officer may open the case


def about(tip: Tip, officer: Officer) -> About:
    """Return the alert and the case the tip belongs to (three queries at most)."""
    alerts = Alert.objects.select_related("case__unit")
    alert = alerts.filter(pk=tip.alert_id).first() if tip.alert_id else None
    case = Case.objects.select_related("unit").filter(pk=tip.case_id).first() if tip.case_id else None
    case = case or (alert.case if alert else None)
    may = bool(case and officer.has_perm("cases.view_case"))
    return About(
        alert, case, may and Case.objects.for_officer(officer).filter(pk=case.pk).exists() if case else False
    )


@dataclass(frozen=True)
class Neighbour:
    reference: str
    url: str
    state: str
    door: str
    at: str
    by: str  # who decided it
    score: int


def neighbours(tip: Tip, officer: Officer, zone: ZoneInfo) -> tuple[list[Neighbour], int]:
    """Return those that tell the same, the newest first, and how many there are (two queries)."""
    key = tip.cluster or tip.pk
    alike = Tip.objects.readable_by(officer).filter(Q(cluster=key) | Q(pk=key)).exclude(pk=tip.pk)
    rows = alike.select_related("decided_by").order_by("-received_at").only(
        "reference", "state", "door", "received_at", "score", "decided_by__display_name",
        "decided_by__username",
    )[:MOST_NEIGHBOURS]  # fmt: skip
    shown = [
        Neighbour(
            row.reference, page_url(row), str(row.get_state_display()), words.door(row.door),
            desk.moment(row.received_at, zone), str(row.decided_by or ""), row.score,
        )
        for row in rows
    ]  # fmt: skip
    return shown, alike.count() if len(shown) == MOST_NEIGHBOURS else len(shown)


@dataclass(frozen=True)
class Letter:
    author: str
    words: str
    hour: str


def letters(tip: Tip, zone: ZoneInfo) -> list[Letter]:
    """Return what was written both ways, the oldest first (one query)."""
    entries = ThreadEntry.objects.filter(subject=tip.pk).order_by("at")
    return [Letter(entry.author, answering.words(entry), desk.moment(entry.at, zone)) for entry in entries]


@dataclass(frozen=True)
class Done:
    hour: str
    words: str
    by: str
    said: str = ""


def history(tip: Tip, zone: ZoneInfo) -> list[Done]:
    """Return what was done, from the log, the newest first, then all that was decided (two queries)."""
    entries = audit.told_of(_acts(), [tip.pk])
    told = tip.history or []
    names = _names(
        {str(entry.actor) for entry in entries if entry.actor} | {str(one.get("by")) for one in told}
    )
    done = [
        (entry.at, Done("", _words_of(entry.action, entry.after), names.get(str(entry.actor), "")))
        for entry in entries
    ]
    lines = [
        Done(desk.moment(at, zone), line.words, line.by, line.said)
        for at, line in sorted(done, key=lambda pair: pair[0], reverse=True)
    ]
    return [*lines, *_decided(told, names, zone)]


def _acts() -> list[str]:
    return [name for name in audit.ACTIONS if name.startswith("tip.") and name not in ("tip.list_read",)]


def _words_of(action: str, after: str) -> str:
    words_of = str(DONE.get(action, audit.ACTIONS.get(action, action)))
    state = dict(Tip.State.choices).get(after, "")
    return f"{words_of}: {state}" if state else words_of


def _decided(told: list[dict[str, object]], names: dict[str, str], zone: ZoneInfo) -> Iterator[Done]:
    return iter(())


def _names(keys: set[str]) -> dict[str, str]:
    wanted = {key for key in keys if key and key != "None"}
    rows = Officer.objects.filter(pk__in=wanted).values_list("pk", "display_name", "username")
    return {str(pk): name or username for pk, name, username in rows}

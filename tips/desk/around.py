"""What stands round a tip: the case it may belong to, those that tell the same, the thread, what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from alerts.models import Alert
from cases.models import Case, ThreadEntry
from tips import answering, closing_words, revealing
from tips.desk import words
from tips.desk.doors import page_url
from tips.models import Tip
from trust import audit, desk
from trust.models import Officer

MOST_NEIGHBOURS = 20
# What the log says of a tip and its own history does not, in the officer's words.
DONE: dict[str, Promise] = {
    "tip.received": gettext_lazy("It came in"),
    "tip.added_to": gettext_lazy("The witness added to it"),
    "tip.witness_wrote": gettext_lazy("The witness wrote again"),
    "tip.message_deleted": gettext_lazy("The witness deleted a message"),
    "tip.noted": gettext_lazy("The witness noted the receipt"),
    "tip.thread_opened": gettext_lazy("The witness opened the thread"),
    "tip.checked": gettext_lazy("Questions of verification were answered"),
    "tip.replied": gettext_lazy("The police wrote to the witness"),
    "tip.risen": gettext_lazy("It waited too long and rose to a superior"),
    "tip.made_sighting": gettext_lazy("It became a sighting"),
    "tip.made_case": gettext_lazy("It became a case"),
    "tip.handed_over": gettext_lazy("It was handed over"),
    "tip.refuted": gettext_lazy("A statement was drafted from it"),
    "tip.reveal_granted": gettext_lazy("A second officer opened who told it"),
    "tip.revealed": gettext_lazy("An officer looked at who told it"),
    "tip.address_kept": gettext_lazy("The witness’s number went into the case"),
}
NOTED: dict[str, Promise] = {
    "decided": gettext_lazy("Decided"),
    "asked": gettext_lazy("A second reader was asked"),
    "agreed": gettext_lazy("The second reader agreed"),
    "refused": gettext_lazy("The second reader did not agree"),
    "acknowledged": gettext_lazy("The other unit has it"),
    "sent_back": gettext_lazy("The other unit sent it back"),
    "reopened": gettext_lazy("Opened again"),
    "reveal_asked": gettext_lazy("An officer asked who told it"),
    "reveal_refused": gettext_lazy("Who told it stays shut"),
}


@dataclass(frozen=True)
class About:
    """Hold what the tip names, or was made part of."""

    alert: Alert | None = None
    case: Case | None = None
    may_open: bool = False  # the officer may read the case


def about(tip: Tip, officer: Officer) -> About:
    """Return the alert and the case the tip belongs to (three queries at most)."""
    alerts = Alert.objects.select_related("case__unit")
    alert = alerts.filter(pk=tip.alert_id).first() if tip.alert_id else None
    case = Case.objects.select_related("unit").filter(pk=tip.case_id).first() if tip.case_id else None
    case = case or (alert.case if alert else None)
    may = bool(case and officer.has_perm("cases.view_case"))
    if case is None or not may:
        return About(alert, case)
    return About(alert, case, Case.objects.for_officer(officer, to_read=True).filter(pk=case.pk).exists())


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
    """Return what was done, from the log and what was decided, the newest first (two queries)."""
    entries = audit.told_of(list(DONE), [tip.pk])
    told = tip.history or []
    names = _names(
        {*(str(one.actor) for one in entries if one.actor), *(one.get("by") or "" for one in told)}
    )
    done = [(one.at, str(DONE[one.action]), names.get(str(one.actor), ""), "") for one in entries]
    done += [
        (
            datetime.fromisoformat(one["at"]),
            _noted(one),
            names.get(one.get("by", ""), ""),
            one.get("words", ""),
        )
        for one in told
    ]
    done.sort(key=lambda line: line[0], reverse=True)
    return [Done(desk.moment(at, zone), said, by, words_said) for at, said, by, words_said in done]


def _noted(line: dict[str, Any]) -> str:
    """Return one line of a tip's history in words: what, as what, and why."""
    state, code = line.get("state", ""), line.get("code", "")
    reason = closing_words.REASONS.get(state, {}).get(code, "") or revealing.REASONS.get(code, "")
    told = [
        str(NOTED.get(line["what"], line["what"])),
        str(dict(Tip.State.choices).get(state, "")),
        str(reason),
    ]
    return " · ".join(part for part in told if part)


def _names(keys: set[str]) -> dict[str, str]:
    rows = Officer.objects.filter(pk__in={key for key in keys if key})
    return {str(pk): name or user for pk, name, user in rows.values_list("pk", "display_name", "username")}

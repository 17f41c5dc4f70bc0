"""Put together the drill's JSON from the database's clocks and the simulators' arrivals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import Max

from alerts.models import Alert, Document, Version
from alerts.partners import announcing
from cases.models import Case
from geo.shapes import Area
from notifier import outbox
from notifier.ledger import Equation, LedgerLine, equations_by_channel
from notifier.models import Batch, Delivery, Post, Receipt
from project.drill.count import Arrival, Reached, Told, arrivals, reached, really_inside

SHARE_IN_AREA = 0.02  # an area that holds fewer people proves little


@dataclass(frozen=True)
class Walked:
    """What the walk saw, by the database's clock; pages are what the public could see, by file name."""

    case: Case
    version: Version
    stood_down_at: datetime
    pages: dict[str, bytes]


def assemble(walked: Walked, people: Sequence[Told], simulated: Path, recipients: int) -> dict[str, Any]:
    """Return the JSON of docs/drill.md; `ok` only when nobody was missed, doubled or told too late."""
    version = walked.version
    area = Area.from_json(version.area)
    came = arrivals(simulated / "received")
    told = {who.address: who for who in people}
    counts = _reached(walked, told, people, area, came)
    subjects = [version.alert_id]
    equation = outbox.equation(subjects)
    ends = outbox.equation(end_subjects(version.alert))
    silent = [line for line in ledger_lines(version.alert) if line.is_silent]
    ok = (
        counts.missed == counts.duplicates == counts.after_stop == 0
        and equation.holds()
        and ends.holds()
        and not equation.queued
        and not silent
        and counts.in_area >= SHARE_IN_AREA * recipients
        and counts.told_of_end == counts.told_of_alert
    )
    return {
        "ok": ok,
        "recipients": recipients,
        "clocks_s": clocks(walked, came, told),
        "counts": {
            "in_area": counts.in_area,
            "targeted": equation.targeted,
            **{name: getattr(equation, name) for name in ("accepted", "unknown", "failed", "withdrawn")},
            **{name: getattr(equation, name) for name in ("expired", "suppressed", "delivered")},
            "missed": counts.missed,
            "duplicates": counts.duplicates,
            "after_stop": counts.after_stop,
            "told_of_end": counts.told_of_end,
            "silent": len(silent),
        },
        "by_channel": {name: asdict(found) for name, found in by_channel(subjects).items()},
        "artifacts": None,
    }


def _reached(
    walked: Walked, told: dict[str, Told], people: Sequence[Told], area: Area, came: list[Arrival]
) -> Reached:
    alert = walked.version.alert
    targeted = set(Delivery.objects.filter(subject=alert.pk).values_list("person", flat=True))
    is_end = says_the_end(walked.version, came)
    inside = really_inside(people, area)
    return reached(told, inside, targeted, came, is_end=is_end, stood_down_at=walked.stood_down_at)


def says_the_end(version: Version, came: Iterable[Arrival]) -> dict[str, bool]:
    """Say of each text that arrived whether it is an end's: it holds the frozen words of one."""
    openings = {words for batch in _end_batches(version.alert) for words in _openings(batch)}
    return {one.text: any(opening in one.text for opening in openings) for one in came}


def _end_batches(alert: Alert) -> list[Batch]:
    return list(Batch.objects.filter(subject__in=end_subjects(alert)))


def _openings(batch: Batch) -> set[str]:
    """Return the first line of each language's words, which no message of the alert itself starts with."""
    texts = batch.texts().values()
    lines = {
        words.strip().splitlines()[0]
        for text in texts
        for words in (text.short, text.body, text.subject)
        if words.strip()
    }
    return {line for line in lines if line}


def end_subjects(alert: Alert) -> list[UUID]:
    """Return the subjects of everything that was said at the alert's end."""
    version = Version.objects.filter(alert=alert).exclude(end_subjects={}).latest("number")
    return [UUID(subject) for subject in version.end_subjects.values()]


def documents(alert: Alert) -> list[Document]:
    return list(Document.objects.filter(version__alert=alert))


def recording_is_done(alert: Alert) -> bool:
    return not Version.objects.in_force().filter(alert=alert, fanned_out_at=None).exists()


def by_channel(subjects: Sequence[UUID]) -> dict[str, Equation]:
    return equations_by_channel(subjects)


def ledger_lines(alert: Alert) -> list[LedgerLine]:
    return outbox.ledger([alert.pk, *end_subjects(alert), *announcing.subjects(alert.pk)])


def clocks(walked: Walked, came: Iterable[Arrival], told: dict[str, Told]) -> dict[str, float | None]:
    """Return the intervals in seconds; arrivals are timed by the simulators, acts by the database."""
    case, version = walked.case, walked.version
    is_end = says_the_end(version, came)
    sent = sorted(one.at for one in came if one.to in told and not is_end[one.text])
    receipt = Receipt.objects.filter(received_at__lt=walked.stood_down_at).aggregate(at=Max("received_at"))[
        "at"
    ]
    recalled = Post.objects.filter(subject=version.alert_id).aggregate(at=Max("recalled_at"))["at"]
    last = sent[-1] if sent else None
    return {
        "report_to_accept": _between(case.received_at, case.accepted_at),
        "accept_to_propose": _between(case.accepted_at, version.proposed_at),
        "propose_to_sign": _between(version.proposed_at, version.sent_at),
        "sign_to_first_accepted": _between(version.sent_at, sent[0] if sent else None),
        "sign_to_last_accepted": _between(version.sent_at, last),
        "sign_to_last_receipt": _between(version.sent_at, receipt),
        "stand_down_to_last_send": max(0.0, _between(walked.stood_down_at, last) or 0.0),
        "stand_down_to_last_recall": _between(walked.stood_down_at, recalled),
    }


def _between(start: datetime | None, end: datetime | None) -> float | None:
    return round((end - start).total_seconds(), 3) if start and end else None


def write_ledger(path: Path, walked: Walked) -> None:
    """Write ledger.json: when it stood down, and a line for every post and batch."""
    entries = [
        {
            "channel": line.channel,
            "alias": line.alias,
            "post" if line.post else "batch": str(line.post or line.batch),
            "asked_at": _iso(line.asked_at),
            "task" if line.task else "done_at": str(line.task) if line.task else _iso(line.done_at),
        }
        for line in ledger_lines(walked.version.alert)
    ]
    write(path, {"stood_down_at": _iso(walked.stood_down_at), "entries": entries})


def write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False), encoding="utf-8")


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None

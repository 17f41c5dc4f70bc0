"""Search the log for unusual reading each minute; flag it for an auditor, who looks and says what it was.

A flag names an officer, a kind, a window and a count: no case, no child. Officers are not told of it, and
nobody judges their own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from trust import audit, clock, looks
from trust.models import AuditEntry, Officer, ReadingFlag, ReadingMark, Task, Unit
from trust.reading_rules import LENGTH, LONGEST, Limits, Reading, Window
from trust.roles import Role

REVIEW = "reading_flag"
REVIEW_WITHIN = timedelta(days=7)
AGAIN = timedelta(minutes=10)  # read once more what was just read: a slow transaction's entries come late
FIRST_LOOK_BACK = timedelta(days=1)
MOST_REASON = 300

audit.declare(
    {
        "reading.flagged": "reading that an auditor should look at; reason is its kind",
        "reading.judged": "an auditor judged a flag; reason is the verdict",
    }
)
Task.AUDIENCE[REVIEW] = Role.AUDITOR
Task.ENDED_BY_AN_ACT.add(REVIEW)


class JudgingRefused(Exception):  # noqa: N818  it says what happened
    """Say by a code why a flag stays as it is."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def watch() -> int:
    """Search what was looked at since the last round; return how many flags were raised.

    It may run twice, at once or late: what nobody searched for a day is searched then.
    """
    now = clock.now()
    mark, _ = ReadingMark.objects.get_or_create(pk=1, defaults={"read_to_at": now - FIRST_LOOK_BACK})
    since = mark.read_to_at - AGAIN
    found = looks.readings(since, now, limits())
    count = sum(_flag(officer, reading) for officer, reading in found)
    ReadingMark.objects.filter(pk=mark.pk, read_to_at__lt=now).update(read_to_at=now)
    return count


def judge(flag: ReadingFlag, by: Officer, verdict: str, reason: str) -> None:
    """Keep an auditor's verdict, once.

    Raises JudgingRefused: no_right, own, no_verdict, no_reason, judged.
    """
    if not Officer.objects.get(pk=by.pk).has_perm("trust.judge_readingflag"):
        raise JudgingRefused("no_right")
    if flag.officer_id == by.pk:
        raise JudgingRefused("own")
    if verdict not in ReadingFlag.Verdict.values:
        raise JudgingRefused("no_verdict")
    if not 0 < len(reason.strip()) <= MOST_REASON:
        raise JudgingRefused("no_reason")
    with transaction.atomic():
        judged = {"looked_at": clock.now(), "looked_by": by, "verdict": verdict, "reason": reason.strip()}
        if not ReadingFlag.objects.unseen().filter(pk=flag.pk).update(**judged):
            raise JudgingRefused("judged")
        audit.record("reading.judged", flag, actor=by, reason=verdict)
        for task in Task.objects.still_open().filter(kind=REVIEW, subject=flag.pk):
            task.finish(verdict, by=by)


def looks_of(flag: ReadingFlag, most: int = 200) -> list[AuditEntry]:
    """Return what the officer looked at in the window, the earliest first; at most so many."""
    rows = looks.viewed().filter(actor=flag.officer_id, at__gte=flag.window_start, at__lt=flag.window_end)
    return list(rows.order_by("id")[:most])


def limits() -> Limits:
    start, end = settings.READING_NIGHT
    return Limits(
        many=settings.READING_CASES_AN_HOUR,
        other_unit=settings.READING_OTHER_UNITS,
        night_from=start,
        night_until=end,
        closed_after=timedelta(days=settings.READING_CLOSED_DAYS),
    )


def _flag(officer: Officer, reading: Reading) -> int:
    """Raise what is new, and let the count of what nobody judged yet grow; return how many are new."""
    unit = officer.unit
    if unit is None:
        return 0
    with transaction.atomic():
        Officer.objects.select_for_update().get(pk=officer.pk)  # two rounds at once raise nothing twice
        covered = looks.covered(officer, LONGEST)
        found = replace(reading, covered=covered).unusual()
        for window in found:
            _raise(officer, unit, window)
        for kind, spans in covered.items():
            for span in spans:
                count = reading.count_in(kind, span) if kind in LENGTH else 0
                same = officer.reading_flags.unseen().filter(kind=kind, window_start=span[0])
                same.filter(count__lt=count).update(count=count)
    return len(found)


def _raise(officer: Officer, unit: Unit, window: Window) -> None:
    now = clock.now()
    flag = ReadingFlag.objects.create(
        officer=officer, unit=unit, kind=window.kind, window_start=window.start, window_end=window.end,
        count=window.count, raised_at=now,
    )  # fmt: skip
    Task.open(REVIEW, flag.pk, subject_kind="readingflag", unit=unit, due_at=now + REVIEW_WITHIN)
    audit.record("reading.flagged", flag, reason=window.kind)

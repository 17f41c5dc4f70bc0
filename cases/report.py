"""A report becomes a case."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from cases import receiving, same_child
from cases.models import Case
from cases.page import page
from cases.reported import (
    ConsentGiven,
    Report,
    ReportedChild,
    ReportedPhoto,
    ReportedPlace,
    ReportedVoice,
    Reporter,
)
from cases.telling import Told, tell
from cases.thread import say
from trust import audit, clock, duty, keys, secrets
from trust.models import Task, Unit
from trust.secrets import Secret

__all__ = [
    "ConsentGiven", "Received", "Report", "ReportedChild", "ReportedPhoto", "ReportedPlace", "ReportedVoice",
    "Reporter", "receive",
]  # fmt: skip

SHOWN_AGAIN_FOR = timedelta(hours=1)
A_MOMENT = timedelta(minutes=1)  # what was said longer ago keeps its own hour beside that of its typing
ANSWER_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True)
class Received:
    """Hold what the family is told; secret is None when the same form came again after its hour."""

    case: Case
    reference: str
    secret: Secret | None
    repeated: bool = False


def receive(report: Report) -> Received:
    """Store the report as a case in one transaction and page the duty officer.

    The secret is returned and stored as a slow hash only. The same submission gives the same case again.
    """
    submission = keys.token("submission", report.submission) if report.submission else None
    known = _known(submission)
    if known:
        return _again(known, report)
    try:
        return _receive(report, submission)
    except IntegrityError:
        known = _known(submission)
        if known is None:
            raise
        return _again(known, report)  # the other half of a double click was faster


def _known(submission: str | None) -> Case | None:
    return Case.objects.filter(submission=submission).first() if submission else None


def _receive(report: Report, submission: str | None) -> Received:
    secret = _secret(report)
    hashed = secrets.hash_secret(secret.digits)  # slow by intent, so before the transaction
    region = receiving.region_code(report.last_seen.point)
    with transaction.atomic():
        now = clock.now()
        case = _case(report, report.unit or receiving.unit_for(region), now)
        case.submission, case.secret_hash, case.last_seen_region = submission, hashed, region
        keys.create(case.pk, "case")
        case.save(force_insert=True)
        _details(case, report, now)
        audit.record("case.received", case, actor=report.filed_by, after=case.state)
        say(case.pk, "received")
        _call(case, now)
        same_child.look_safely(case)
    return Received(case, case.reference, secret)


def _case(report: Report, unit: Unit, now: datetime) -> Case:
    case = Case(
        reference=_reference(),
        language=report.language,
        category=report.category,
        agency=unit.agency,
        unit=unit,
        owner=duty.on_duty(unit, now),
        owned_at=now,
        filed_by=report.filed_by,
        filed_how=report.filed_how,
        doubts=list(report.doubts),
        last_seen_at=report.last_seen_at,
        last_seen_error_m=report.last_seen.error_m,
        reported_at=report.reported_at or now,
        received_at=now,
    )
    case.last_seen_words = report.last_seen.words
    case.last_seen_place = receiving.place_json(report.last_seen)
    who = report.reporter
    case.reporter = asdict(who)
    return case


def _reference() -> str:
    while True:
        reference = secrets.new_reference()
        if not Case.objects.filter(reference=reference).exists():
            return reference


def _details(case: Case, report: Report, now: datetime) -> None:
    told = _told(report)
    for number, said in enumerate(report.children):
        child = receiving.add_child(case, number, said, now, told)
        if report.consent:
            receiving.add_consent(child, report.reporter, report.consent, now)
    of_case = {**report.facts, **({"circumstances": report.circumstances} if report.circumstances else {})}
    tell(case, None, of_case, told)
    for position, place in enumerate(report.places):
        receiving.add_place(case, position, place, now, told.source)
    for voice in report.voices:
        receiving.add_voice(case, None, voice, now, language=report.language, source=told.source)
    if report.reporter.phone:
        receiving.add_phone_token(case, report.reporter.phone)


def _told(report: Report) -> Told:
    source = {"web": "family", "paper": "paper", "post": "officer"}.get(report.filed_how, "assisted")
    earlier = report.reported_at is not None and clock.now() - report.reported_at > A_MOMENT
    return Told(source, report.language, report.filed_by, report.reported_at if earlier else None)


def _call(case: Case, now: datetime) -> None:
    Task.open(
        "new_report", case.pk, subject_kind="case", unit=case.unit, owner=case.owner,
        due_at=now + ANSWER_WITHIN,
    )  # fmt: skip
    page(case, case.pk, "new_report")


def _secret(report: Report) -> Secret:
    """Return the secret of a submission: the same form sent twice must show the same secret again.

    It is a keyed digest of the form's random token, which the database never holds.
    """
    if not report.submission:
        return secrets.new()
    return secrets.from_digest(keys.token("report secret", report.submission))


def _again(case: Case, report: Report) -> Received:
    fresh = clock.now() - case.received_at < SHOWN_AGAIN_FOR
    secret = _secret(report) if fresh else None
    if secret and not secrets.check_secret(secret, case.secret_hash):  # an officer gave another meanwhile
        secret = None
    return Received(case, case.reference, secret, repeated=True)

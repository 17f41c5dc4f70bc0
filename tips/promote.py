"""A tip becomes a place in a case, or a case of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import phonenumbers
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases import page, receiving, report, sightings, thread
from cases.models import Case, FiledHow, MoveRefused, Sighting
from cases.reported import Report, ReportedChild, ReportedPlace, Reporter
from cases.sightings import Seen
from geo.points import Point
from tips import answering
from tips.models import Tip
from tips.permission import TRIAGE, demand, hold
from tips.refusals import TipRefused
from tips.settling import demand_undecided, settle
from trust import audit, clock, desk
from trust.models import Officer, Task, Unit

NEWS = "sighting_news"  # what the owner of a case owes: to look at a sighting that came out of a tip
FRESH = timedelta(hours=2)  # a child seen so lately is worth a call at any hour
DUE, DUE_LATER = timedelta(minutes=10), timedelta(hours=2)
FILE_CASE = "cases.add_case"
PHONES = frozenset({"sms", "whatsapp", "phone"})
# Where the pin of a report comes from. The place of a picture is not where a child was last seen.
SOURCES = {"pin": "tapped", "map": "tapped", "words": "gazetteer"}
_CODES = {
    "case_over": "case_over", "no_place": "no_place", "unknown_sighting": "unknown_code",
    "wrong_hour": "when", "no_permission": "case_not_yours",
}  # fmt: skip

page.SAID[NEWS] = _("The child of your case was seen: look at the places to check")
desk.TASK_WORDS[NEWS] = _("A tip became a sighting: look at the places to check")
thread.declare(
    {
        "tip_case": _(
            "What you told us is now the report {said}. Follow it under that reference, with the secret of "
            "your receipt."
        )
    }
)


@dataclass(frozen=True)
class ReportBits:
    """Hold what the officer made of the tip; what is left out is read from the tip itself."""

    given_name: str = ""
    family_name: str = ""
    sex: str = ""
    age_years: int | None = None
    category: str = "unknown"
    last_seen_at: datetime | None = None
    last_seen: ReportedPlace | None = None
    relation: str = ""


def to_sighting(
    tip: Tip, officer: Officer, place: ReportedPlace, seen_at: datetime, certainty: str, source_class: str,
    case: Case, *, seen_error_min: int | None = None, note: str = "",
) -> Sighting:  # fmt: skip
    """Make the tip a sighting of the case that is worked on; the same again for a double click.

    The case's owner owes a look, and is called where it is fresh; the witness hears that it helped. Raise
    TipRefused: no_permission, not_yours, erased, decided, case_over, case_not_yours, no_place, unknown_code,
    when, moved_meanwhile.
    """
    demand(officer, tip, TRIAGE)
    seen = Seen(
        place, seen_at, certainty, source_class, seen_error_min=seen_error_min, note=note, tip_id=tip.pk
    )
    with transaction.atomic():
        into = Case.hold(case.pk)
        held = hold(tip, officer, TRIAGE)
        known = _sighting_of(held, into)
        if known is not None:
            return known
        demand_undecided(held)
        row = _added(into, officer, seen)
        settle(held, officer, Tip.State.SIGHTING, sighting_id=row.pk, case_id=into.pk)
        audit.record("tip.made_sighting", held, actor=officer, after=str(into.pk), reason=certainty)
        _tell_owner(into, officer, row)
        answering.tell(held, "helped")
    return row


def to_case(tip: Tip, officer: Officer, bits: ReportBits) -> Case:
    """Make the tip a report, and so a case, in one act; the same again for a double click.

    Its words are kept as the circumstances, its pin as the last place with its error, its number as who is
    called back. The duty officer is paged as for any report; the witness follows it with the secret they
    have. Raise TipRefused: no_permission, not_yours, erased, decided, moved_meanwhile.
    """
    demand(officer, tip, TRIAGE)
    demand(officer, tip, FILE_CASE)
    with transaction.atomic():
        held = hold(tip, officer, TRIAGE)
        if held.state == Tip.State.CASE and held.case_id:
            return Case.objects.get(pk=held.case_id)
        demand_undecided(held)
        told = _report(held, officer, bits)
        case = report.receive(told).case
        if held.secret_hash:  # the witness has its secret, by the door the tip came through
            case.secret_hash = held.secret_hash
            case.save(update_fields=["secret_hash"])
        settle(held, officer, Tip.State.CASE, case_id=case.pk)
        audit.record("tip.made_case", held, actor=officer, after=str(case.pk))
        if told.reporter.phone:
            audit.record("tip.address_kept", held, actor=officer, after=str(case.pk))
        answering.tell(held, "case", case.reference)
    return case


def suggested_place(tip: Tip) -> ReportedPlace:
    """Return the tip's place as a report says it: a point with its error where one was given or named."""
    told = tip.place or {}
    words, source = str(told.get("words") or ""), SOURCES.get(str(told.get("how")), "")
    lat, lon, error_m = told.get("lat"), told.get("lon"), told.get("error_m")
    if lat is None or lon is None or not source or (source == "gazetteer" and not error_m):
        return ReportedPlace(words)
    error = None if error_m is None else round(float(error_m))
    return ReportedPlace(words, point=Point(float(lat), float(lon)), error_m=error, source=source)


def _sighting_of(tip: Tip, case: Case) -> Sighting | None:
    """Return what the tip became, where it became a sighting of this very case."""
    if tip.state != Tip.State.SIGHTING or tip.sighting_id is None:
        return None
    row = Sighting.objects.standing().select_related("case").filter(pk=tip.sighting_id).first()
    return row if row is not None and row.case.standing.pk == case.pk else None


def _added(case: Case, officer: Officer, seen: Seen) -> Sighting:
    former = Sighting.objects.standing().select_related("case").filter(tip_id=seen.tip_id).first()
    try:
        if former is not None and former.case.standing.pk != case.pk:  # the tip was opened again
            sightings.withdraw(former, officer, Sighting.Why.MISTAKE)
        return sightings.add(case, officer, seen)
    except MoveRefused as refused:
        raise TipRefused(_CODES.get(refused.code, "moved_meanwhile")) from refused


def _tell_owner(case: Case, officer: Officer, row: Sighting) -> None:
    """Open the owner's task; call them at once where the child was seen a short while ago."""
    now = clock.now()
    fresh = now - row.seen_at <= FRESH and row.certainty != Sighting.Certainty.DOUBTFUL
    if case.owner_id == officer.pk:
        return
    Task.open(
        NEWS, case.pk, subject_kind="case", unit=case.unit, owner=case.owner, detail_code=str(row.pk),
        due_at=now + (DUE if fresh else DUE_LATER),
    )  # fmt: skip
    if fresh:
        page.page(case, row.pk, NEWS)


def _report(tip: Tip, officer: Officer, bits: ReportBits) -> Report:
    place = bits.last_seen or suggested_place(tip)
    child = ReportedChild(bits.given_name, bits.family_name, sex=bits.sex, age_years=bits.age_years)
    return Report(
        language=tip.language,
        children=(child,),
        last_seen_at=bits.last_seen_at or tip.seen_at or tip.said_at,
        last_seen=place,
        reporter=Reporter(phone=_number(tip), relation=bits.relation),
        submission=f"tip {tip.pk}",
        category=bits.category,
        circumstances=tip.words or "",
        filed_by=officer,
        filed_how=FiledHow.TIP,
        reported_at=tip.said_at,
        unit=_unit(tip, place),
    )


def _unit(tip: Tip, place: ReportedPlace) -> Unit | None:
    """Return the tip's own unit, unless the place lies in the region of another."""
    region = receiving.region_code(place.point)
    named = Unit.objects.filter(code__iexact=region).exists() if region else False
    return None if named else tip.unit


def _number(tip: Tip) -> str:
    """Return the telephone number of whoever reports a child, "" where their address is none.

    Of any other tip the number is not theirs to have who makes a case of it: two people reveal it.
    """
    if tip.guess != Tip.Guess.REPORT and (tip.guess or tip.alert_id is not None):
        return ""
    witness = tip.witness
    if witness is None or witness.channel not in PHONES or not witness.address:
        return ""
    said = witness.address if witness.address.startswith("+") else f"+{witness.address}"
    try:
        number = phonenumbers.parse(said, settings.COUNTRY.phone_region)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

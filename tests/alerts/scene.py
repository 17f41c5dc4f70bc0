"""A case in Rabat that Ines works on, and people who subscribed round it. All invented."""

import io
from datetime import datetime, timedelta
from typing import Any

from PIL import Image

from alerts import issue, linting
from alerts.composing import compose
from alerts.models import Alert, Version
from alerts.subscribe import enrol_people
from cases import verification
from cases.accept import accept
from cases.models import Case, Consent
from cases.report import receive
from cases.reported import (
    ConsentGiven,
    Report,
    ReportedChild,
    ReportedPhoto,
    ReportedPlace,
    Reporter,
)
from geo.points import Point
from geo.shapes import Area, Circle
from tests import people
from trust import clock

AGDAL = Point(33.9950, -6.8500)
AREA = Area((Circle(AGDAL, 10_000.0),))
CHANNELS = ["sms", "email", "facebook"]
DAY_S = 24 * 3600
# Planted in every restricted place of the case; nothing public may hold any of them.
RESTRICTED = ("asthme sévère", "12 rue des Orangers", "Karim Benali", "+212612345678", "dispute familiale")
FIELDS = (
    "name", "sex", "age", "photo", "height", "build", "hair", "eyes", "marks", "clothing", "last_seen_at",
    "last_seen_place",
)  # fmt: skip


def jpeg(colour: str = "red") -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (60, 80), colour).save(held, "JPEG")
    return held.getvalue()


def report(*, fields: tuple[str, ...] = FIELDS, channels: tuple[str, ...] = ("web", *CHANNELS)) -> Report:
    seen = clock.now() - timedelta(hours=2)
    photo = jpeg()
    return Report(
        language="fr",
        children=(
            ReportedChild(
                given_name="Amina",
                family_name="El Idrissi",
                name_latin="Amina El Idrissi",
                name_arabic="أمينة الإدريسي",
                age_years=9,
                sex="girl",
                facts={
                    "clothing": [
                        {"garment": "dress", "colour": "red"},
                        {"garment": "sandals", "colour": "black"},
                    ],
                    "height": 130,
                    "hair": "black_long",
                    "eyes": "brown",
                    "marks": ["scar_arm"],
                    "health": "asthme sévère",
                    "circumstances": "dispute familiale",
                },
                photos=(ReportedPhoto(photo, photo, 60, 80),),
            ),
        ),
        last_seen_at=seen,
        last_seen=ReportedPlace("12 rue des Orangers", point=AGDAL, error_m=100, source="tapped"),
        reporter=Reporter("Karim Benali", "+212612345678", "father"),
        places=(ReportedPlace("12 rue des Orangers", kind="home"),),
        consent=ConsentGiven(fields, channels, "j’accepte", "test", "fr") if fields else None,
    )


def case(**told: tuple[str, ...]) -> Case:
    """Return a case that Ines has accepted."""
    people.unit()
    made = receive(report(**told)).case
    accept(made, people.ines())
    return Case.objects.get(pk=made.pk)


def verify(about: Case) -> Case:
    """Have Ines speak with the father who reported, where nobody has."""
    if verification.stands_in_the_way(about):
        told = verification.Attempt("confirmed", number="+212612345678", relation="father")
        verification.record(about, people.ines(), told)
    return about


def drafted(about: Case | None = None, *, kind: str = "actual", channels: list[str] | None = None) -> Version:
    return issue.draft(
        verify(about or case()),
        people.ines(),
        area=AREA,
        channels=CHANNELS if channels is None else channels,
        duration_s=DAY_S,
        kind=kind,
    )


def proposed(about: Case | None = None, **more: Any) -> Version:
    return proposing(drafted(about, **more))


def proposing(version: Version) -> Version:
    """Propose as who ticks every warning as seen."""
    composed = compose(version, clock.now())
    seen = [finding.key for finding in linting.findings(version, composed, clock.now())]
    return issue.propose(version, people.ines(), seen=seen)


def signed(about: Case | None = None, **more: Any) -> Version:
    version = proposed(about, **more)
    return issue.sign(version, people.omar(), digest=version.digest, factor_at=clock.now())


def ended(as_: str = "found") -> Alert:
    version = signed()
    return issue.stand_down(version.alert, people.omar(), as_=as_, reason="", factor_at=clock.now())


def stored(version: Version) -> Version:
    return Version.objects.select_related("alert__case__agency", "child", "photo").get(pk=version.pk)


def withdraw_consent(about: Case, at: datetime | None = None) -> None:
    Consent.objects.filter(case=about).update(withdrawn_at=at or clock.now())


def neighbours(count: int = 3, *, channel: str = "sms") -> None:
    """Enrol people within some hundred metres of the place last seen."""
    enrol_people(
        (
            f"+2126{n:08d}" if channel == "sms" else f"n{n}@example.org",
            channel,
            AGDAL.lat + n * 0.001,
            AGDAL.lon,
            "fr",
        )
        for n in range(count)
    )

"""An invented family, its report and its form."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cases.fields import PUBLIC_FIELDS
from cases.models import Case, Photo
from cases.report import ConsentGiven, Report, ReportedChild, ReportedPhoto, ReportedPlace, Reporter, receive
from geo.points import Point
from tests.cases import pictures

SEEN_AT = datetime(2026, 3, 4, 16, 30, tzinfo=UTC)
CHANNELS = ("web", "sms", "email", "facebook")
# What a dump of the database may not hold.
RESTRICTED = {
    "given": "Yasmine",
    "family": "Zerhouni",
    "arabic": "ياسمين الزرهوني",
    "born": "2015-02-01",
    "seen": "derrière le souk des tanneurs",
    "friend": "chez Houda, rue des Oliviers",
    "phone": "+212612345678",
    "mother": "Samira Zerhouni",
    "story": "elle est partie après une dispute",
}
PHOTO = ReportedPhoto(pictures.rotated(), pictures.picture(), 640, 480)


def consent(**changes) -> ConsentGiven:
    values = {
        "fields": PUBLIC_FIELDS,
        "channels": CHANNELS,
        "text": "I allow it.",
        "text_version": "1",
        "language": "fr",
    }
    return ConsentGiven(**{**values, **changes})


def photo(case: Case) -> Photo:
    """Return the one photo of the case."""
    return Photo.objects.get(child__case=case)


def report(**changes) -> Report:
    child = ReportedChild(
        RESTRICTED["given"],
        RESTRICTED["family"],
        name_latin="Yasmine Zerhouni",
        name_arabic=RESTRICTED["arabic"],
        birth_date=datetime.fromisoformat(RESTRICTED["born"]).date(),
        sex="girl",
        facts={"hair": "black_long", "clothing": [{"garment": "jacket", "colour": "red"}]},
        photos=(PHOTO,),
    )
    values = {
        "language": "fr",
        "children": (child,),
        "last_seen_at": SEEN_AT,
        "last_seen": ReportedPlace(
            RESTRICTED["seen"], point=Point(34.0209, -6.8416), error_m=500, source="tapped"
        ),
        "reporter": Reporter(RESTRICTED["mother"], RESTRICTED["phone"], "mother"),
        "places": (ReportedPlace(RESTRICTED["friend"], "friend"),),
        "consent": consent(),
        "circumstances": RESTRICTED["story"],
    }
    return Report(**{**values, **changes})


def a_case(**changes):
    return receive(report(**changes)).case


def form(**changes) -> dict[str, Any]:
    """Return what a mother sends in the first minute: nothing wrong in it."""
    values = {
        "name_1": "Yasmine",
        "age_1": "9",
        "last_seen_words": "Salé",
        "ago": "two_hours",
        "phone": "0612345678",
    }
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


def another_time(**changes) -> dict[str, Any]:
    """Return the form with a day and an hour: yesterday, half past four."""
    yesterday = timezone.now() - timedelta(days=1)
    when = {"ago": "other", "seen_date": yesterday.date().isoformat(), "seen_time": "16:30"}
    return form(**{**when, **changes})


def upload(data: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "image/jpeg")

"""An invented found child, as an officer puts it on file."""

from datetime import timedelta

from cases.found.filing import FoundTold, file
from cases.models import FoundChild
from cases.reported import ReportedPlace
from geo.points import Point
from tests.cases import family
from trust.models import Officer

WHERE_NOW = "Centre Lalla Amina, 0537 00 00 09"
LOOKS = {"hair": "black_long", "clothing": [{"garment": "jacket", "colour": "red"}]}


def told(**changes) -> FoundTold:
    """Return what is known of a girl found the same evening, near by, who says her first name in Arabic."""
    values = {
        "found_at": family.SEEN_AT + timedelta(hours=4),
        "place": ReportedPlace(
            "gare de Rabat-Agdal", point=Point(34.0021, -6.8550), error_m=100, source="tapped"
        ),
        "language": "fr",
        "sex": "girl",
        "age_low_months": 9 * 12,
        "age_high_months": 11 * 12 + 11,
        "facts": LOOKS,
        "name_said": "ياسمين",
        "says_family": "maman s’appelle Samira",
        "where_now": WHERE_NOW,
        "photo": family.PHOTO,
    }
    return FoundTold(**{**values, **changes})


def of(officer: Officer, **changes) -> FoundChild:
    return file(told(**changes), officer)

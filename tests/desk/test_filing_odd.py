"""Odd hours on a paper form and in an address, and a guardian whom a blind officer may not read of."""

from html import unescape
from urllib.parse import quote

import pytest

from cases.models import Case
from cases.reported import Reporter
from tests import people
from tests.desk import pages, rich
from tests.desk.test_filing import filed, tell_url
from trust.roles import Role

pytestmark = pytest.mark.django_db
ODD = ("0001-01-01T00:00+00:00", "9999-12-31T23:59+00:00", "0001-01-01T00:00+14:00", "x", "2026-01-01T00:00")


@pytest.mark.parametrize("day", ["1447-09-01", "0001-01-01", "1999-12-31"])
@pytest.mark.parametrize("zone", ["Africa/Cairo", "Africa/Casablanca"])
def test_a_day_of_another_calendar_or_of_long_ago_is_said_beside_the_field(desk, settings, zone, day) -> None:
    people.unit()
    settings.AGENCY_TIME_ZONE = zone
    page = filed(desk(people.ines()), how="paper", said_date=day, said_time="00:00")
    assert page.status_code == 422
    assert page.context["filing"].errors["said_date"]
    assert not Case.objects.exists()


@pytest.mark.parametrize("at", ODD)
@pytest.mark.parametrize("zone", ["Africa/Cairo", "Africa/Casablanca"])
def test_any_hour_in_an_address_opens_the_page(desk, settings, zone, at) -> None:
    case = rich.case()
    settings.AGENCY_TIME_ZONE = zone
    url = tell_url(case, "health", 1, f"?how=paper&at={quote(at)}")
    assert desk(people.ines()).get(url).status_code == 200


def test_who_may_not_read_what_is_restricted_reads_no_phone_and_no_paper_beside_a_consent(desk) -> None:
    case = rich.case(reporter=Reporter("Karim Benali", "+212612345678", "father", document="CIN AB998877"))
    pages.take_right(Role.OFFICER, "view_restricted")
    page = unescape(desk(people.ines()).get(tell_url(case, "consent", 1)).content.decode())
    assert not [secret for secret in ("612345678", "AB998877", "Karim") if secret in page]

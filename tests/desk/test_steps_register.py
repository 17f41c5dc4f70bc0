"""Where people leave the form: counts for who answers for it, and no person in them."""

from datetime import date

import pytest
from django.urls import reverse

from cases.models import StepCount
from tests import people
from tests.desk import pages
from tests.desk.test_surface import inline
from trust.models import Officer

pytestmark = pytest.mark.django_db
LIST = "admin:cases_stepcount_changelist"


def english(officer: Officer) -> Officer:
    Officer.objects.filter(pk=officer.pk).update(language="en")
    return Officer.objects.get(pk=officer.pk)


def test_a_supervisor_sees_the_share_that_went_on(desk) -> None:
    people.unit()
    StepCount.objects.create(day=date(2026, 3, 1), screen="consent", language="ar", shown=80, answered=20)
    StepCount.objects.create(day=date(2026, 3, 1), screen="child", language="fr", shown=0, answered=0)
    for reader in (people.omar(), people.nadia()):
        page = desk(reader).get(reverse(LIST))
        html = page.content.decode()
        assert "25 %" in pages.words(page)
        assert '<progress max="100" value="25">' in html
        assert inline(html) == []


def test_screens_and_languages_have_names_also_in_the_filter(desk) -> None:
    people.unit()
    for screen in ("consent", "start"):
        StepCount.objects.create(day=date(2026, 3, 1), screen=screen, language="ar", shown=8, answered=2)
    words = pages.words(desk(english(people.nadia())).get(reverse(LIST)))
    assert words.count("What may be published") == 2
    assert words.count("First minute") == 2
    assert "last_seen" not in words
    assert " ar " not in words.partition("Police desk")[2]


def test_who_does_not_answer_for_the_form_sees_no_register(desk) -> None:
    people.unit()
    assert desk(people.ines()).get(reverse(LIST)).status_code == 403


def test_counts_are_changed_by_nobody(desk) -> None:
    row = StepCount.objects.create(day=date(2026, 3, 1), screen="child", language="fr", shown=1, answered=1)
    people.unit()
    client = desk(people.nadia())
    address = reverse("admin:cases_stepcount_change", args=[row.pk])
    assert client.post(address, {"shown": 5}).status_code == 403
    assert client.get(reverse("admin:cases_stepcount_add")).status_code == 403

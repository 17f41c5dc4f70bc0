"""What a witness wrote is on the desk of the unit that holds it, and of no other."""

import pytest
from django.urls import reverse

from tests.people import ines, lea, login, nadia
from tests.tips.test_intake import WORDS, arrives
from tips.models import Tip
from trust.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def tip():
    officer = ines()
    assert officer.unit is not None
    officer.unit.duty_officer = officer
    officer.unit.save()
    arrives(WORDS)
    return Tip.objects.get()


def page(tip):
    return reverse("admin:tips_tip_change", args=[tip.pk])


def test_home_shows_a_tip_nobody_has_read(client, tip):
    login(client, ines())
    assert page(tip) in client.get("/police/").content.decode()


def test_reading_it_is_logged_and_makes_it_seen(client, tip):
    login(client, ines())
    shown = client.get(page(tip)).content.decode()
    assert WORDS in shown
    assert tip.witness.address not in shown
    tip.refresh_from_db()
    assert tip.state == Tip.State.SEEN
    assert AuditEntry.objects.filter(action="viewed", subject=tip.pk, actor=ines().pk).exists()


@pytest.mark.parametrize("somebody", [lea, nadia])
def test_nobody_else_reads_it(client, tip, somebody):
    login(client, somebody())
    answer = client.get(page(tip))
    assert answer.status_code in (302, 403, 404)
    assert WORDS not in answer.content.decode()


def test_two_officers_who_open_it_at_once_both_read_it(tip):
    first, second = Tip.objects.get(), Tip.objects.get()
    first.read_by(ines())
    second.read_by(ines())
    assert first.state == second.state == Tip.State.SEEN
    assert AuditEntry.objects.filter(action="tip.moved", subject=tip.pk).count() == 1

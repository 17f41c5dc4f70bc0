"""Partners at the desk: written by administrators alone, without a secret; their answers beside the alert."""

import pytest
from django.test import Client
from django.urls import reverse

from alerts.models import Document, Partner
from tests import people
from tests.alerts.partnering import partner, signed, work
from tests.desk.pages import of_alert, words
from trust.models import AuditEntry

pytestmark = pytest.mark.django_db
LIST, ADD = "admin:alerts_partner_changelist", "admin:alerts_partner_add"


def at_desk(officer) -> Client:
    client = Client()
    people.login(client, officer)
    return client


def test_an_administrator_registers_a_partner_and_the_log_says_so(settings):
    settings.NOTIFIER = {
        "cap_partner": {
            "BACKEND": "notifier.backends.cap_partner.CapPartnerBackend",
            "CHANNEL": "cap_partner",
            "OPTIONS": {"partners": {}},
            "SIMULATOR": {"partners": {"radio": {"url": "http://127.0.0.1:9/cap", "secret": "s3cret"}}},
        }
    }
    client = at_desk(people.nadia())
    told = {
        "name": "Radio Atlas",
        "key": "radio",
        "answer_within_m": "5",
        "regions": ["MA-04"],
        "is_active": "on",
    }
    assert client.post(reverse(ADD), told).status_code == 302
    kept = Partner.objects.get()
    assert (kept.regions, kept.answer_within_m, kept.takes_alerts) == (["MA-04"], 5, False)
    entry = AuditEntry.objects.filter(action="partner.changed").first()
    assert entry is not None
    assert "regions" in entry.after
    page = client.get(reverse(LIST)).content.decode()
    assert "CAP_SIGNING_KEY" in page  # nothing is signed, and the register says so
    assert "icon-yes" in page
    assert "s3cret" not in page
    change = reverse("admin:alerts_partner_change", args=[kept.pk])
    client.post(change, {**told, "key": "other", "takes_alerts": "on"})
    kept.refresh_from_db()
    assert (kept.key, kept.takes_alerts) == ("radio", True)


def test_a_name_that_settings_cannot_hold_and_a_region_of_nowhere_are_refused():
    client = at_desk(people.nadia())
    for wrong in ({"key": "Radio Atlas"}, {"regions": ["FR-75"]}, {"answer_within_m": "0"}):
        told = {"name": "Radio", "key": "radio", "answer_within_m": "5", **wrong}
        assert client.post(reverse(ADD), told).status_code == 200, wrong
    assert not Partner.objects.exists()


def test_an_officer_reads_each_partners_answer_beside_the_alert_and_that_nothing_is_signed(doors):
    partner("radio")
    partner("cap-refuse", phone="+212537000000")
    version = signed()
    work()
    ines = people.ines()
    ines.language = "en"
    ines.save(update_fields=["language"])
    page = words(at_desk(ines).get(of_alert(version.alert)))
    for said in (
        "CAP partners",
        "Partner radio",
        "Received",
        "Refused",
        "Zone hors de notre antenne",
        "Not signed",
    ):
        assert said in page
    Document.objects.update(signed_with="ab" * 32)
    assert "Not signed" not in words(at_desk(ines).get(of_alert(version.alert)))


def test_an_officer_neither_sees_nor_writes_the_register():
    client = at_desk(people.ines())
    assert client.get(reverse(LIST)).status_code == 403
    assert client.post(reverse(ADD), {"name": "x", "key": "x"}).status_code == 403
    assert not Partner.objects.exists()

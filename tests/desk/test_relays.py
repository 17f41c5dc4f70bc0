"""The desk's pages of relays and of Meta's programme: register, call, confirmation, dossier."""

import pytest
from django.test import Client
from django.urls import reverse

from alerts import hands
from alerts.models import Dossier, Relay, RelayNotice
from tests import people
from tests.alerts import handed
from tests.alerts.telling import gateways  # noqa: F401  a fixture
from tests.desk.doors_bodies import _hour as hour
from trust.models import AuditEntry
from trust.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]


def signed_in(person) -> Client:
    client = Client()
    people.login(client, person)
    return client


def communicator(language: str = "fr"):
    return people.officer("clara", Role.COMMUNICATOR, at=people.unit(), language=language)


def filled(**more) -> dict[str, object]:
    return {
        "agency": str(people.agency().pk), "name": "Radio Gharb", "kind": "radio", "languages": ["fr", "ar"],
        "duty_phone": "0612345670", "is_active": "on", **more,
    }  # fmt: skip


def test_a_communicator_writes_the_register_sealed_and_logged() -> None:
    desk = signed_in(communicator())
    answer = desk.post(reverse("admin:alerts_relay_add"), filled(duty_email="gharb@radio.example"))
    assert answer.status_code == 302
    made = Relay.objects.get()
    assert (made.phone, made.email) == ("+212612345670", "gharb@radio.example")
    (entry,) = AuditEntry.objects.filter(action="relay.changed")
    assert "0612345670" not in entry.after
    assert b"gharb@" not in bytes(made.__dict__["email"])
    page = desk.get(reverse("admin:alerts_relay_change", args=[made.pk])).content.decode()
    assert "gharb@radio.example" in page
    desk.post(reverse("admin:alerts_relay_change", args=[made.pk]), filled(name="Radio du Gharb"))
    made.refresh_from_db()
    assert (made.name, made.email) == ("Radio du Gharb", None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"duty_phone": ""},
        {"duty_phone": "12"},
        {"lat": "34.0"},
        {"lat": "34.0", "lon": "-6.8", "radius_km": "0"},
        {"lat": "34.0", "lon": "-6.8", "radius_km": "10", "region": "MA-04"},
        {"languages": []},
        {"region": "XX-1"},
    ],
)
def test_what_reaches_nobody_or_covers_nothing_is_not_taken(wrong) -> None:
    answer = signed_in(communicator()).post(reverse("admin:alerts_relay_add"), filled(**wrong))
    assert answer.status_code == 200
    assert not Relay.objects.exists()


def test_a_communicator_sees_and_writes_for_the_own_agency_alone() -> None:
    other = people.agency("gendarmerie", fr="Gendarmerie", en="Gendarmerie", ar="الدرك")
    theirs = handed.relay("Radio Sud")
    Relay.objects.filter(pk=theirs.pk).update(agency=other)
    desk = signed_in(communicator())
    assert "Radio Sud" not in desk.get(reverse("admin:alerts_relay_changelist")).content.decode()
    assert desk.get(reverse("admin:alerts_relay_change", args=[theirs.pk])).status_code == 302
    desk.post(reverse("admin:alerts_relay_add"), filled(agency=str(other.pk)))
    assert Relay.objects.count() == 1


def test_the_alerts_page_counts_relays_and_leads_to_the_call() -> None:
    handed.relay()
    version = handed.live()
    desk = signed_in(people.ines())
    page = desk.get(reverse("admin:alerts_alert_change", args=[version.alert_id])).content.decode()
    notice = RelayNotice.objects.get()
    address = reverse("admin:alerts_alert_relay", args=[notice.pk])
    assert "Radio Atlas" in page
    assert address in page
    assert desk.post(address, {**hour(), "who": ""}).status_code == 422
    assert desk.post(address, {**hour(), "hour": "xx"}).status_code == 422
    assert desk.post(address, hour()).status_code == 302
    notice.refresh_from_db()
    assert (notice.state, notice.acknowledged_by) == ("acknowledged", "Salma Bennis")
    assert "Salma Bennis" in desk.get(address).content.decode()


def test_the_alerts_page_never_says_that_the_programme_shows_it_before_meta_confirmed() -> None:
    version = handed.live()
    hands.watch()
    desk, found = signed_in(people.ines()), Dossier.objects.get()
    alert_page = reverse("admin:alerts_alert_change", args=[version.alert_id])
    address = reverse("admin:alerts_alert_dossier", args=[found.pk])
    confirmed = "Meta confirmed that it shows the alert"
    people.ines().__class__.objects.filter(username="ines").update(language="en")
    before = desk.get(alert_page).content.decode()
    assert "160 km" in before
    assert "A post on our page reaches those who follow the page" in before
    assert confirmed not in before
    assert desk.post(address, hour()).status_code == 302  # sent by hand
    assert confirmed not in desk.get(alert_page).content.decode()
    assert desk.post(address, hour()).status_code == 302
    assert confirmed in desk.get(alert_page).content.decode()


def test_each_file_of_the_dossier_is_logged_and_gone_after_the_end() -> None:
    version = handed.live()
    desk, found = signed_in(people.ines()), Dossier.objects.get()
    for form in ("pdf", "json", "cap", "photo"):
        answer = desk.get(reverse("admin:alerts_alert_dossier_file", args=[found.pk, form]))
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]
    taken = AuditEntry.objects.filter(action="programme.exported", subject=found.pk)
    assert sorted(taken.values_list("reason", flat=True)) == ["cap", "json", "pdf", "photo"]
    assert desk.get(reverse("admin:alerts_alert_dossier_file", args=[found.pk, "exe"])).status_code == 404
    handed.end(version)
    over = desk.get(reverse("admin:alerts_alert_dossier_file", args=[found.pk, "json"]))
    assert over.status_code == 410
    assert "Amina" not in over.content.decode()
    assert taken.count() == 4

"""Asking to be told, confirming, leaving: nothing tells who is known, nothing is kept that need not be."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from alerts import retention, subscribe
from alerts.addresses import AddressRefused, normalise
from alerts.models import Address, Follow, Subscription
from alerts.subscribe import sparing
from geo.cells import cell_of
from notifier import unsubscribe
from notifier.models import Batch, Delivery
from tests.alerts import scene
from trust import clock, keys
from trust.models import DataKey

pytestmark = pytest.mark.django_db
CELL = cell_of(scene.AGDAL)


def code_of(pending) -> str:
    text = next(iter(Batch.objects.get(subject=pending).texts().values()))
    return str(re.findall(r"\d{6}", text.short)[0])


def subscribed(address: str = "0612345678", channel: str = "sms") -> Subscription:
    pending = subscribe.ask(channel, address, "fr", cell=CELL)
    assert subscribe.confirm(pending, code_of(pending))
    return Subscription.objects.get(pk=pending)


def test_an_address_counts_only_when_its_code_came_back():
    pending = subscribe.ask("sms", "0612345678", "fr", cell=CELL)
    assert not Follow.objects.get().active
    assert not subscribe.confirm(pending, "000000" if code_of(pending) != "000000" else "111111")
    assert subscribe.confirm(pending, code_of(pending))
    assert Follow.objects.get().active
    assert Subscription.objects.active().get().proof["channel"] == "sms"


def test_a_code_may_be_typed_in_arabic_digits():
    pending = subscribe.ask("sms", "+212612345678", "ar", cell=CELL)
    assert subscribe.confirm(pending, code_of(pending).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")))


def test_a_late_code_and_too_many_guesses_count_for_nothing():
    late = subscribe.ask("sms", "0612345678", "fr", cell=CELL)
    Address.objects.update(code_until=clock.now() - timedelta(seconds=1))
    assert not subscribe.confirm(late, code_of(late))
    guessed = subscribe.ask("sms", "0612345679", "fr", cell=CELL)
    for _ in range(subscribe.confirming.GUESSES):
        assert not subscribe.confirm(guessed, "x")
    assert not subscribe.confirm(guessed, code_of(guessed))


def test_one_address_is_one_person_whatever_places_it_asks_for():
    first = subscribed()
    pending = subscribe.ask("sms", "+212 6 12 34 56 78", "ar", region="MA-04")
    assert subscribe.confirm(pending, code_of(pending))
    assert list(Subscription.objects.active()) == [first]
    assert Follow.objects.filter(subscription=first, active=True).count() == 2
    assert DataKey.objects.get(owner=pending).destroyed_at


def test_known_and_unknown_addresses_get_the_same_answer():
    subscribed()
    told = {"channel": "sms", "place": "", "region": "MA-04"}
    answers = [
        Client().post("/fr/subscribe/", told | {"address": number}) for number in ("0612345678", "0612345699")
    ]
    assert [answer.status_code for answer in answers] == [302, 302]
    pages = [Client().get(answer["Location"]).content.decode() for answer in answers]
    stray = Client().get(f"/fr/subscribe/{uuid4()}/").content.decode()
    plain = [re.sub(r"value=\"[^\"]{64}\"|/subscribe/[0-9a-f-]{36}/", "", page) for page in (*pages, stray)]
    assert plain[0] == plain[1] == plain[2]
    assert [Batch.objects.filter(kind="confirmation").count(), Delivery.objects.count()] == [3, 3]


def test_an_address_asked_for_too_often_gets_the_same_answer_and_no_more_codes():
    for _ in range(6):
        subscribe.ask("email", "Amal@Example.org", "fr", cell=CELL)
    assert Batch.objects.count() == sparing.CODES_AN_HOUR


def test_no_position_and_no_clear_address_is_kept():
    subscribed("amal@example.org", "email")
    row = Address.objects.get()
    assert b"amal" not in bytes(row.value)
    assert keys.unseal(row.subscription_id, "address", bytes(row.value)) == b"amal@example.org"
    assert {field.name for field in Follow._meta.fields} == {"id", "subscription", "cell", "region", "active"}


@pytest.mark.parametrize(
    ("channel", "text"),
    [("sms", "19"), ("sms", "abc"), ("sms", ""), ("email", "a@"), ("email", "a b@c.d"), ("fax", "1")],
)
def test_what_is_no_address_is_refused(channel, text):
    with pytest.raises(AddressRefused):
        normalise(channel, text)


def test_one_click_leaves_at_once_and_a_link_scanner_does_not():
    person = subscribed()
    url = f"/u/{unsubscribe.token(person.pk)}/"
    strict = Client(enforce_csrf_checks=True)
    assert strict.get(url).status_code == 200
    assert Subscription.objects.active().exists()
    for _ in range(2):
        answer = strict.post(
            url, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 200
    assert not Subscription.objects.active().exists()
    assert not Address.objects.exists()
    assert not Follow.objects.exists()
    assert DataKey.objects.get(owner=person.pk).destroyed_at


@pytest.mark.parametrize("token", ["x", "0" * 40, f"{uuid4().hex}.forged"])
def test_a_forged_link_changes_nothing(token):
    subscribed()
    assert Client().post(f"/u/{token}/").status_code == 404
    assert Subscription.objects.active().exists()


def test_stop_by_sms_ends_what_the_number_asked_for():
    subscribed()
    assert not subscribe.end_by_address("sms", "+212699999999")
    assert not subscribe.end_by_address("sms", "nonsense")
    assert subscribe.end_by_address("sms", "+212612345678")
    assert not subscribe.end_by_address("sms", "+212612345678")
    assert not Subscription.objects.active().exists()


def test_somebody_may_come_back():
    subscribed()
    subscribe.end_by_address("sms", "0612345678")
    assert subscribed().is_active


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_form_keeps_what_was_typed_and_says_what_is_wrong(client, language):
    page = client.post(
        f"/{language}/subscribe/", {"channel": "sms", "address": "12", "place": "Nulle-Part-les-Bains"}
    ).content.decode()
    assert 'value="12"' in page
    assert "Nulle-Part-les-Bains" in page
    assert page.count('class="error"') == 2
    assert not Subscription.objects.exists()


def test_a_town_becomes_a_cell(client):
    answer = client.post(
        "/fr/subscribe/", {"channel": "email", "address": "amal@example.org", "place": "Rabat"}
    )
    assert answer.status_code == 302
    assert Follow.objects.get().cell


def test_what_was_never_confirmed_is_forgotten_after_a_day():
    pending = subscribe.ask("sms", "0612345678", "fr", cell=CELL)
    Subscription.objects.update(created_at=clock.now() - timedelta(hours=25))
    assert retention.purge(dry_run=True)["pending_subscriptions"] == 1
    assert retention.purge()["pending_subscriptions"] == 1
    assert not Address.objects.exists()
    assert DataKey.objects.get(owner=pending).destroyed_at

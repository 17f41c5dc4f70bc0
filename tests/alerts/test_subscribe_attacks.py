"""People who want our money, somebody else's page, or to know who is subscribed."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from alerts import subscribe
from alerts.models import Address, Follow, Subscription
from alerts.subscribe import pages, sparing
from alerts.subscribe.asking import Wish, written_code
from geo.cells import cell_of
from notifier.models import Batch, Delivery, InboundEvent
from notifier.simulators.webpush import subscription
from tests.alerts import scene
from tests.alerts.test_subscribe import code_of, subscribed
from tests.alerts.test_subscribe_page import also, order_of
from tests.alerts.test_subscribe_whatsapp import NUMBER, wrote
from trust import clock, keys
from trust.models import ThrottleHit

pytestmark = pytest.mark.django_db
CELL = cell_of(scene.AGDAL)
AWAY = "100.64.0.9"  # RFC 6598: some operator's


def wish(address: str, channel: str = "sms", **more):
    told = {"channel": channel, "address": address, "region": "MA-04"}
    return Client(REMOTE_ADDR=AWAY).post("/en/subscribe/", told | more)


@pytest.mark.parametrize(
    "number",
    [
        "+8821612345678",  # a satellite
        "+18765123456",  # across the sea, at a price
        "+33612345678",
        "+212892123456",  # premium
        "+212522123456",  # fixed
    ],
)
@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_no_code_is_paid_for_abroad_or_to_a_number_that_charges(number, channel, settings):
    entry = settings.NOTIFIER["whatsapp"]
    simulator = {**entry["SIMULATOR"], "number": ""}
    settings.NOTIFIER = {**settings.NOTIFIER, "whatsapp": {**entry, "SIMULATOR": simulator}}
    answer = wish(number, channel)
    assert answer.status_code == 200
    assert "phone number" in answer.content.decode() or "of this country" in answer.content.decode()
    assert not Batch.objects.exists()
    assert not Subscription.objects.exists()


def test_a_number_abroad_may_write_to_us_or_is_served_where_the_deployment_says_so(settings):
    assert wish("+33612345678", "whatsapp")["Location"].endswith("?by=write")
    assert not Batch.objects.exists()
    settings.SUBSCRIBE_COUNTRIES = ["FR"]
    assert wish("+33612345678").status_code == 302
    assert Batch.objects.count() == 1


def test_one_network_cannot_have_codes_sent_to_a_thousand_addresses(settings):
    settings.SUBSCRIBE_NETWORK_AN_HOUR = 5
    ways = [("sms", f"0612{n}00000") for n in range(2)] + [("email", "a@example.org")]
    assert all(wish(address, channel).status_code == 302 for channel, address in ways)
    browsers = [wish("", "webpush", push=subscription(f"sim-{n}")).status_code for n in range(4)]
    assert browsers == [302, 302, 200, 200]
    refused = wish("", "whatsapp")  # to write costs us a row
    assert "Too many people ask at once" in refused.content.decode()
    assert (Batch.objects.count(), Subscription.objects.count()) == (5, 5)
    assert Client(REMOTE_ADDR="100.65.0.4").post(
        "/en/subscribe/", {"channel": "sms", "address": "0613000000", "region": "MA-04"}
    ).status_code == 302  # fmt: skip


def test_a_proxy_that_nobody_named_does_not_shut_everybody_out(settings):
    settings.SUBSCRIBE_NETWORK_AN_HOUR = 1
    told = {"channel": "email", "region": "MA-04"}
    for n in range(3):
        answer = Client(REMOTE_ADDR="172.18.0.2").post(
            "/en/subscribe/", {**told, "address": f"a{n}@example.org"}
        )
        assert answer.status_code == 302


def test_a_range_of_numbers_and_the_hour_have_their_limits(settings):
    for n in range(sparing.ALIKE_AN_HOUR):
        subscribe.ask("sms", f"0612345{n:03d}", "fr", cell=CELL)
    with pytest.raises(subscribe.AddressRefused, match="crowded"):
        subscribe.ask("sms", "0612345999", "fr", cell=CELL)
    settings.SUBSCRIBE_CODES_AN_HOUR = sparing.ALIKE_AN_HOUR + 1
    subscribe.ask("sms", "0612346000", "fr", cell=CELL)
    with pytest.raises(subscribe.AddressRefused, match="crowded"):
        subscribe.ask("whatsapp", "0612347000", "fr", cell=CELL)
    subscribe.ask("email", "amal@example.org", "fr", cell=CELL)  # costs nothing


def test_nobody_is_woken_by_codes_all_day(monkeypatch):
    morning = clock.now().replace(hour=1)
    for hour in range(12):
        at = morning + timedelta(hours=hour)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        for _ in range(5):
            subscribe.ask("sms", "0612345678", "fr", cell=CELL)
    assert Batch.objects.count() == sparing.CODES_A_DAY


def test_one_mailbox_or_number_is_one_whatever_it_is_called():
    for n in range(6):
        subscribe.ask("email", f"Amal+{n}@example.org", "fr", cell=CELL)
        subscribe.ask(("sms", "whatsapp")[n % 2], "0612345678", "fr", cell=CELL)
    assert Batch.objects.filter(channel="email").count() == sparing.CODES_AN_HOUR
    assert Batch.objects.exclude(channel="email").count() == sparing.CODES_AN_HOUR


def test_codes_for_made_up_pages_leave_nothing_behind():
    for _ in range(5):
        assert Client().post(f"/fr/subscribe/{uuid4()}/", {"code": "123456"}).status_code == 200
        answer = Client().post(
            "/subscribe/push/", f'{{"code": "{uuid4().hex}.x"}}', content_type="text/plain"
        )
        assert answer.status_code == 404
    assert not ThrottleHit.objects.exists()


def test_a_browser_that_renews_itself_for_ever_is_no_gun():
    old = subscription("sim-one")
    pending = subscribe.ask("webpush", old, "fr", cell=CELL)
    secret = next(iter(Batch.objects.get().texts().values())).code
    assert subscribe.came_back(secret) == pending
    renewed = [subscribe.renew(old, subscription(f"sim-n{n}")) for n in range(10)]
    assert renewed.count(True) == 6
    assert Batch.objects.count() == 1 + 6


def test_who_has_another_send_the_words_does_not_see_their_page():
    victim = subscribed("0612345678", "whatsapp")
    door = subscribe.ask_to_write(Wish("fr"))
    waiting = f"/en/subscribe/{door}/?by=write"
    assert not wrote(NUMBER, f"Code: {written_code(door)}")
    page = Client().get(waiting)
    assert page.status_code == 200
    assert str(victim.pk.hex) not in page.content.decode()
    assert "/mine/" not in page.content.decode()
    answer = Batch.objects.get(kind="answer")
    assert Delivery.objects.get(batch=answer).person == victim.pk


def test_who_has_another_send_the_words_does_not_take_their_number():
    victim = subscribed("0612345678", "whatsapp")
    thief = subscribed("0612345670")
    pending = subscribe.ask_to_write(Wish("fr", joins=thief.pk))
    assert not wrote(NUMBER, f"Code: {written_code(pending)}")
    assert order_of(thief) == ["sms"]
    assert order_of(victim) == ["whatsapp"]
    assert Subscription.objects.active().count() == 2
    assert not Subscription.objects.filter(pk=pending).exists()


def test_ones_own_number_still_joins_by_writing_and_leads_to_ones_page():
    person = subscribed("0612345670")
    pending = subscribe.ask_to_write(Wish("fr", joins=person.pk))
    assert not wrote(NUMBER, f"Code: {written_code(pending)}")
    assert order_of(person) == ["sms", "whatsapp"]
    answer = Client().get(f"/fr/subscribe/{pending}/?by=write")
    assert pages.person(answer["Location"].split("/")[4]) == person.pk


def test_a_stranger_at_the_door_who_writes_is_no_fault():
    door = subscribe.ask_to_write(Wish("fr"))
    assert not wrote(NUMBER, f"Code: {written_code(door)}")
    assert InboundEvent.objects.get().handled_at
    assert not Subscription.objects.exists()
    assert not Delivery.objects.exists()
    told = Client().get(f"/en/subscribe/{door}/?by=write").content.decode()
    victim_door = subscribe.ask_to_write(Wish("fr"))
    subscribed("0612345678", "whatsapp")
    assert not wrote(NUMBER, f"Code: {written_code(victim_door)}")
    known = Client().get(f"/en/subscribe/{victim_door}/?by=write").content.decode()
    assert told == known


def test_a_code_counts_once_and_for_the_page_it_was_made_for():
    first, second = (subscribe.ask("sms", "0612345678", "fr", cell=CELL) for _ in range(2))
    code = code_of(first)
    if code != code_of(second):
        assert subscribe.confirm(second, code) is None
    assert subscribe.confirm(first, code) == first
    assert subscribe.confirm(first, code) is None
    assert subscribe.confirm(second, code_of(second)) == first  # the other tab finds the same person
    assert Subscription.objects.active().count() == 1


def test_stop_while_a_code_is_under_way_ends_the_wish_and_the_person():
    person = subscribed("0612345678")
    pending = subscribe.ask("sms", "0612345678", "fr", region="MA-04")
    code = code_of(pending)
    assert subscribe.end_by_address("sms", NUMBER)
    assert subscribe.confirm(pending, code) is None
    assert not Subscription.objects.active().exists()
    assert not Address.objects.exists()
    assert not Follow.objects.exists()
    assert Subscription.objects.get().pk == person.pk


def test_what_left_keeps_no_address_anywhere():
    person = subscribed("0612345678")
    also(person, "email", "amal@example.org")
    subscribe.end_person(person.pk)
    assert not Address.objects.exists()
    person.refresh_from_db()
    assert "2345678" not in str(person.proof)
    for row in Delivery.objects.all():
        (opened,) = keys.open_many([(row.person, "address", bytes(row.address))])
        assert opened is None
    assert all("2345678" not in hit.key for hit in ThrottleHit.objects.all())
    assert Client().get(f"/fr/subscribe/mine/{pages.token(uuid4())}/").status_code == 200

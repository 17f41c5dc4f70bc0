"""Several addresses of one person, in an order of their own; each may end, and STOP ends all."""

import pytest
from django.core import signing
from django.test import Client

from alerts import addresses, subscribe
from alerts.models import Address, Follow, Subscription
from alerts.subscribe import pages
from alerts.subscribe.joining import ADDRESSES_AT_MOST
from alerts.ways import ways
from geo.cells import cell_of
from tests.alerts import scene
from tests.alerts.test_subscribe import code_of, subscribed
from tips.words import means_stop
from trust import keys
from trust.models import AuditEntry, DataKey

pytestmark = pytest.mark.django_db
CELL = cell_of(scene.AGDAL)


def also(person: Subscription, channel: str, address: str) -> None:
    pending = subscribe.ask(channel, address, "fr", joins=person.pk)
    assert subscribe.confirm(pending, code_of(pending)) == person.pk


def three() -> Subscription:
    person = subscribed()
    also(person, "email", "amal@example.org")
    also(person, "whatsapp", "0612345678")
    return person


def order_of(person: Subscription) -> list[str]:
    return [way.channel for way in subscribe.ways_of(person.pk)]


def page_of(person: Subscription) -> str:
    return f"/fr/subscribe/mine/{pages.token(person.pk)}/"


def test_a_further_address_joins_the_person_once_it_is_proved():
    person = subscribed()
    client = Client()
    answer = client.post(f"{page_of(person)}also/", {"channel": "email", "address": "amal@example.org"})
    assert order_of(person) == ["sms"]
    pending = Subscription.objects.exclude(pk=person.pk).get()
    done = client.post(answer["Location"], {"code": code_of(pending.pk)})
    assert pages.person(done["Location"].split("/")[4]) == person.pk
    assert order_of(person) == ["sms", "email"]
    assert Subscription.objects.count() == 1
    assert DataKey.objects.get(owner=pending.pk).destroyed_at
    person.refresh_from_db()
    assert [added["channel"] for added in person.proof["added"]] == ["email"]
    opened = [keys.unseal(way.person, "address", way.address) for way in ways([person.pk])]
    assert opened == [b"+212612345678", b"amal@example.org"]


def test_the_order_is_the_persons_own_and_the_engine_falls_back_along_it():
    person = three()
    client, url = Client(), page_of(person)
    ids = {way.channel: way.id for way in subscribe.ways_of(person.pk)}
    client.post(url, {"up": ids["whatsapp"]})
    client.post(url, {"down": ids["sms"]})
    assert order_of(person) == ["whatsapp", "sms", "email"]
    assert [way.channel for way in ways([person.pk])] == ["whatsapp", "sms", "email"]
    client.post(url, {"up": ids["whatsapp"]})
    client.post(url, {"remove": ids["sms"]})
    assert order_of(person) == ["whatsapp", "email"]
    assert list(person.addresses.values_list("position", flat=True)) == [0, 1]


@pytest.mark.parametrize("told", [{"up": "x"}, {"remove": "9" * 30}, {"remove": "٣"}, {"up": "-1"}, {}])
def test_odd_buttons_do_nothing(told):
    person = three()
    assert Client().post(page_of(person), told).status_code == 302
    assert order_of(person) == ["sms", "email", "whatsapp"]


def test_nobody_moves_or_removes_what_is_not_theirs():
    person, other = subscribed(), subscribed("0612345679")
    theirs = subscribe.ways_of(person.pk)[0].id
    assert not subscribe.remove(other.pk, theirs)
    assert not subscribe.move(other.pk, theirs, 1)
    assert order_of(person) == ["sms"]


def test_removing_the_last_address_ends_it_all():
    person = subscribed()
    assert subscribe.remove(person.pk, subscribe.ways_of(person.pk)[0].id)
    assert not Subscription.objects.active().exists()
    assert "You receive no alerts" in Client().get(page_of(person).replace("/fr/", "/en/")).content.decode()


def test_a_page_shows_no_whole_address():
    page = Client().get(page_of(three())).content.decode()
    assert "+212 ••• 78" in page
    assert "612345678" not in page
    assert "amal@" not in page


def test_a_link_grown_old_or_made_up_leads_to_the_door(monkeypatch):
    person = subscribed()
    made_up = signing.dumps(person.pk.hex, salt="other")
    for token in (made_up, "x", signing.dumps(["x"], salt="alerts.subscribe.pages")):
        assert Client().get(f"/fr/subscribe/mine/{token}/")["Location"] == "/fr/subscribe/mine/"
    url = page_of(person)
    monkeypatch.setattr(pages, "OPEN_S", -1)
    for path in (url, f"{url}also/"):
        assert Client().get(path)["Location"] == "/fr/subscribe/mine/"


def test_the_door_tells_nobody_who_is_known():
    person = subscribed()
    told = [{"channel": "sms", "address": number} for number in ("0612345678", "0612345699")]
    answers = [Client().post("/fr/subscribe/mine/", one) for one in told]
    assert [answer.status_code for answer in answers] == [302, 302]
    known, stranger = Subscription.objects.exclude(pk=person.pk).order_by("created_at")
    assert subscribe.confirm(known.pk, code_of(known.pk)) == person.pk
    nobody = subscribe.confirm(stranger.pk, code_of(stranger.pk))
    assert nobody == stranger.pk
    page = Client().get(f"/en/subscribe/mine/{pages.token(nobody)}/")
    assert "You receive no alerts" in page.content.decode()
    assert list(Subscription.objects.all()) == [person]


def test_an_address_another_holds_moves_to_whoever_proves_it_last_with_its_places():
    former = subscribed("amal@example.org", "email")
    pending = subscribe.ask("sms", "0612345678", "fr", region="MA-04")
    subscribe.confirm(pending, code_of(pending))
    person = Subscription.objects.get(pk=pending)
    also(person, "email", "amal@example.org")
    assert order_of(person) == ["sms", "email"]
    assert Follow.objects.filter(subscription=person, active=True).count() == 2
    former.refresh_from_db()
    assert former.ended_at


def test_proving_an_address_once_more_changes_nothing():
    person = three()
    also(person, "email", "amal@example.org")
    assert order_of(person) == ["sms", "email", "whatsapp"]


def test_an_address_cannot_join_who_has_left_nor_one_with_too_many():
    person = subscribed()
    pending = subscribe.ask("email", "amal@example.org", "fr", joins=person.pk)
    subscribe.end_person(person.pk)
    assert subscribe.confirm(pending, code_of(pending)) is None
    full = subscribed("0612345670")
    for number in range(ADDRESSES_AT_MOST - 1):
        also(full, "email", f"amal{number}@example.org")
    late = subscribe.ask("email", "late@example.org", "fr", joins=full.pk)
    assert subscribe.confirm(late, code_of(late)) is None
    assert len(order_of(full)) == ADDRESSES_AT_MOST


@pytest.mark.parametrize("by_token", [True, False])
def test_what_a_provider_says_of_an_address_ends_it_and_not_the_person(by_token):
    person = three()
    told = addresses.token("email", "amal@example.org") if by_token else "Amal@example.org"
    assert subscribe.address_gone("email", told, "bounced") == 1
    assert subscribe.address_gone("email", told, "bounced") == 0
    assert order_of(person) == ["sms", "whatsapp"]
    entry = AuditEntry.objects.get(action="subscription.address_ended")
    assert (entry.subject, entry.reason, entry.before, entry.after) == (person.pk, "bounced", "", "")


def test_the_last_address_gone_ends_the_subscription_and_its_key():
    person = subscribed()
    assert subscribe.address_gone("sms", "+212612345678", "opted_out") == 1
    assert not Subscription.objects.active().exists()
    assert DataKey.objects.get(owner=person.pk).destroyed_at
    assert subscribe.address_gone("sms", "+212612345678", "opted_out") == 0
    assert subscribe.address_gone("sms", "nonsense", "gone") == 0
    assert AuditEntry.objects.get(action="subscription.ended").reason == "opted_out"


def test_who_told_a_provider_to_stop_is_told_nothing_anywhere():
    three()
    twin, other = subscribed("0612345670", "whatsapp"), subscribed("0612345671")
    also(other, "sms", "0612345670")
    assert subscribe.address_gone("email", "amal@example.org", "opted_out") == 1
    assert set(Subscription.objects.active()) == {twin, other}
    told = addresses.token("sms", "+212612345670")
    assert subscribe.address_gone("sms", told, "opted_out") == 1
    assert not Subscription.objects.active().exists()
    assert not Address.objects.exists()


def test_a_test_push_that_leads_nowhere_forgets_who_asked():
    pending = subscribe.ask("email", "amal@example.org", "fr", cell=CELL)
    assert subscribe.address_gone("email", "amal@example.org", "bounced") == 1
    assert not Subscription.objects.exists()
    assert DataKey.objects.get(owner=pending).destroyed_at


def test_stop_on_one_channel_is_stop_on_all_of_them():
    three()
    twin = subscribed("0612345677")
    assert means_stop("توقف")
    assert subscribe.end_by_address("email", "amal@example.org")
    assert list(Subscription.objects.active()) == [twin]


def test_stop_from_a_number_ends_it_as_sms_and_as_whatsapp():
    by_sms = subscribed("0612345678", "sms")
    by_whatsapp = subscribed("0612345678", "whatsapp")
    assert by_sms != by_whatsapp
    assert subscribe.end_by_address("whatsapp", "+212612345678")
    assert not Subscription.objects.active().exists()


def test_stop_from_somebody_whose_number_was_only_typed_ends_nobody_else():
    person = subscribed()
    subscribe.ask("email", "stranger@example.org", "fr", joins=person.pk)
    assert not subscribe.end_by_address("email", "stranger@example.org")
    assert list(Subscription.objects.all()) == [person]
    assert not Address.objects.filter(channel="email").exists()


def test_asking_for_ones_page_changes_neither_language_nor_places():
    person = subscribed()
    pending = subscribe.ask("sms", "0612345678", "ar")
    assert subscribe.confirm(pending, code_of(pending)) == person.pk
    person.refresh_from_db()
    assert person.language == "fr"
    assert Follow.objects.count() == 1


def test_a_page_costs_few_queries(django_assert_max_num_queries):
    url = page_of(three())
    client = Client()
    with django_assert_max_num_queries(3):
        assert client.get(url).status_code == 200

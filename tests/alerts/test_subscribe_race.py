"""Two at once: one address is one person, whoever is first."""

import pytest
from django.db import transaction

from alerts import subscribe
from alerts.models import Address, Follow, Subscription
from tests.alerts.test_race import at_once
from tests.alerts.test_subscribe import code_of, subscribed


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_one_address_confirmed_twice_at_once_is_one_person():
    wishes = [subscribe.ask("sms", "0612345678", "fr", region=region) for region in ("MA-04", "MA-06")]
    codes = {pending: code_of(pending) for pending in wishes}
    found = []
    at_once(*(lambda one=pending: found.append(subscribe.confirm(one, codes[one])) for pending in wishes))
    (person,) = Subscription.objects.active()
    assert found == [person.pk, person.pk]
    assert Address.objects.count() == 1
    assert set(Follow.objects.filter(active=True).values_list("region", flat=True)) == {"MA-04", "MA-06"}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(3))
def test_a_stop_while_a_further_place_is_confirmed_leaves_nothing_that_is_told(round_):
    subscribed("0612345678")
    pending = subscribe.ask("sms", "0612345678", "fr", region="MA-04")
    code = code_of(pending)

    def stop() -> None:
        with transaction.atomic():  # as an incoming message does
            subscribe.end_by_address("sms", "0612345678")

    at_once(lambda: subscribe.confirm(pending, code), stop)
    subscribe.end_by_address("sms", "0612345678")  # where the code was the later of the two
    assert not Subscription.objects.active().exists()
    assert not Follow.objects.exists()
    assert not Address.objects.exists()

"""An end or an update never overtakes what it follows, and reaches nobody who never heard of it."""

from datetime import timedelta

import pytest

from notifier import outbox, references
from notifier.models import Delivery
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from trust import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways"), pytest.mark.postgresql]

State = Delivery.State


def test_a_follow_up_waits_for_what_it_follows():
    alert = make.told(1)
    end = make.batch(kind="end", after=[alert.subject])
    person = alert.deliveries.get()
    outbox.record_people(end, [(person.person, "+212600000000", "fr")])
    alert.deliveries.update(not_before=clock.now() + timedelta(minutes=1))

    make.work()
    assert make.sent == {}  # the end has the higher priority, and still it waits

    alert.deliveries.update(not_before=None)
    make.due_now()
    make.work()
    make.due_now()
    make.work()
    assert [message.kind for message in make.sent["blunt"]] == ["alert", "end"]
    assert make.sent["blunt"][1].text.reply_to_id == references.reference(person.pk)


@pytest.mark.parametrize("untold", [State.WITHDRAWN, State.EXPIRED, State.FAILED, State.SUPPRESSED])
def test_a_follow_up_is_suppressed_when_the_person_never_heard_the_first(untold: str):
    alert = make.told(1)
    end = make.batch(kind="end", after=[alert.subject])
    outbox.record_people(end, [(alert.deliveries.get().person, "+212600000000", "fr")])
    alert.deliveries.update(state=untold)
    make.work()
    assert make.states(end) == [State.SUPPRESSED]
    assert make.sent == {}


def test_a_newcomer_hears_an_update_without_having_heard_the_first():
    alert = make.batch()
    update = make.told(1, kind="update", after=[alert.subject])
    make.work()
    assert make.states(update) == [State.ACCEPTED]

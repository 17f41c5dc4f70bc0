"""What a unit owes is on its home, has a page, is done once by somebody, and the log tells by whom."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tests.people import ines, lea, login
from trust.models import AuditEntry, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def owed():
    return Task.open("check_post", uuid4(), unit=ines().unit, owner=ines())


def finish(client, task):
    return client.post(reverse("admin:trust_task_finish", args=[task.pk]))


def test_home_shows_what_the_unit_owes_in_words(client, owed):
    login(client, ines())
    home = client.get("/police/").content.decode()
    assert reverse("admin:trust_task_change", args=[owed.pk]) in home
    assert "check_post" not in home


def test_it_is_done_once_and_the_log_tells_by_whom(client, owed):
    login(client, ines())
    assert client.get(reverse("admin:trust_task_change", args=[owed.pk])).status_code == 200
    finish(client, owed)
    finish(client, owed)
    owed.refresh_from_db()
    assert owed.done_by == ines()
    entry = AuditEntry.objects.get(action="task.finished")
    assert entry.actor == ines().pk


def test_another_unit_neither_sees_nor_finishes_it(client, owed):
    login(client, lea())
    assert client.get(reverse("admin:trust_task_change", args=[owed.pk])).status_code in (403, 404, 302)
    assert finish(client, owed).status_code in (403, 404)
    owed.refresh_from_db()
    assert owed.done_at is None


def test_an_address_opens_no_door_by_itself(client, owed):
    login(client, ines())
    assert client.get(reverse("admin:trust_task_finish", args=[owed.pk])).status_code == 405

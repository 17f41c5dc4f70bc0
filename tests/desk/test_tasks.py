"""What a unit owes is on its home, has a page, is done once by somebody, and the log tells by whom."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from tests.people import ines, lea, login, unit
from trust.models import AuditEntry, Officer, Task

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


@pytest.mark.parametrize(("asked", "listed"), [("", 2), ("yes", 1), ("no", 1), ("nonsense", 2)])
def test_what_is_still_owed_is_parted_from_what_was_done(client, owed, asked, listed):
    Task.open("child_home", ines().pk, unit=unit()).finish("checked", by=ines())
    login(client, ines())
    page = client.get(reverse("admin:trust_task_changelist"), {"owed": asked} if asked else {})
    assert page.context["cl"].result_count == listed


def test_lists_say_the_day_before_the_month_and_twenty_four_hours(client, owed):
    Officer.objects.filter(pk=ines().pk).update(language="ar")
    Task.objects.update(due_at=datetime(2026, 11, 22, 21, 26, tzinfo=UTC))
    login(client, ines())
    shown = client.get(reverse("admin:trust_task_changelist")).content.decode()
    assert "22 نوفمبر 2026 22:26" in shown

"""How far people come in the form: counted, without them, and never at their cost."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import translation

from cases import step_counts
from cases.models import StepCount
from tests.cases.shifts import later
from trust import clock
from trust.models.throttle import ThrottleHit

pytestmark = pytest.mark.django_db


def test_a_row_counts_a_screen_a_day_and_a_language():
    for language, times in (("fr", 2), ("ar", 1)):
        with translation.override(language):
            for _ in range(times):
                step_counts.shown("looks")
            step_counts.answered("looks")
    counted = {row.language: (row.shown, row.answered) for row in StepCount.objects.all()}
    assert counted == {"fr": (2, 1), "ar": (1, 1)}
    assert {field.name for field in StepCount._meta.fields} == {
        "id", "day", "screen", "language", "shown", "answered",
    }  # fmt: skip


def test_a_count_after_the_first_is_one_update():
    step_counts.shown("looks")
    updates = []

    def watch(execute, sql, params, many, context):
        if "stepcount" in sql:
            updates.append(sql.split()[0])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        step_counts.shown("looks")
    assert updates == ["UPDATE"]


def test_a_locked_row_is_left_uncounted_and_nobody_waits(client):
    def locked(execute, sql, params, many, context):
        if sql.startswith("UPDATE") and "stepcount" in sql:
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(locked):
        assert client.get("/fr/report/").status_code == 200
    assert not StepCount.objects.filter(shown__gt=0).exists()


def test_one_network_that_loads_the_first_page_all_day_counts_little(client):
    for _ in range(step_counts.MOST_AN_HOUR + 3):
        client.get("/fr/report/", REMOTE_ADDR="203.0.113.9")
    client.get("/fr/report/", REMOTE_ADDR="198.51.100.7")
    assert StepCount.objects.get(screen="start").shown == step_counts.MOST_AN_HOUR + 1
    with later(timedelta(hours=1)):
        client.get("/ar/report/", REMOTE_ADDR="203.0.113.9")
    assert StepCount.objects.get(language="ar").shown == 1


def test_a_look_at_the_head_of_the_first_page_is_no_family(client):
    client.head("/fr/report/")
    assert not StepCount.objects.exists()


def test_a_count_keeps_no_address(client):
    client.get("/fr/report/", REMOTE_ADDR="203.0.113.9")
    kept = ThrottleHit.objects.get(scope="shown")
    assert "203.0.113" not in f"{kept.key} {kept.window}"
    assert kept.ends_at - clock.now() <= timedelta(hours=1)

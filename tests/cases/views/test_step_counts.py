"""How far people come in the form: counted, without them, and never at their cost."""

import pytest
from django.db import OperationalError, connection
from django.utils import translation

from cases import step_counts
from cases.models import StepCount

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

"""The scheduler is no back door: tasks take ids and ask whether they may; nobody edits the schedule."""

import inspect
import json
from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from celery import Celery
from django.contrib import admin
from django.db import connection
from django.test import RequestFactory
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from django_celery_beat.schedulers import ModelEntry

from alerts.models import Version
from notifier.models import Batch, Delivery, Post
from project.celery import app
from tests import people
from tests.alerts import scene
from trust.models import Officer
from trust.roles import Role

# What a task may be told: which row, or at which gateway something may be due. Never whom, when or how.
NAMES = ("version_id", "alert_id", "event_id", "case_id", "photo_id", "attachment_id", "channel", "alias")
Row = tuple[str, list[Any], dict[str, Any]]  # task, args, kwargs
# What must stand as it stood. Left out: the log, and what says when beat ran.
TABLES = (
    "alerts_alert", "alerts_version", "cases_case", "cases_consent", "cases_child", "cases_photo",
    "trust_officer", "trust_officer_groups", "trust_decision", "auth_group_permissions",
)  # fmt: skip


@cache
def registry() -> dict[str, Any]:
    app.loader.import_default_modules()
    return dict(app.tasks)


def ours() -> dict[str, Any]:
    return {name: task for name, task in registry().items() if not name.startswith("celery.")}


def stored() -> dict[str, list[Any]]:
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            found[table] = cursor.fetchall()
    return found


def fire(celery: Celery, row: PeriodicTask) -> str:
    """Run a row of the schedule as beat reads it and a worker takes it; return what came of it."""
    entry = ModelEntry(row, app=celery)
    task = registry().get(entry.task)
    if task is None:
        return "unknown to every worker"
    return str(task.apply(args=entry.args, kwargs=entry.kwargs, throw=False).state)


def test_tasks_are_there_to_be_tried() -> None:
    assert {"alerts.fan_out", "alerts.tell_end", "cases.comply_due", "notifier.work", "trust.seal"} <= set(
        ours()
    )


def test_a_task_takes_ids_alone() -> None:
    """No time, no officer, no text: what a schedule could say of its own accord is which row to look at."""
    odd = [
        f"{name}({parameter})"
        for name, task in ours().items()
        for parameter in inspect.signature(task.run).parameters.values()
        if parameter.name not in NAMES
        or parameter.annotation not in (str, "str")
        or parameter.default is not inspect.Parameter.empty
        or parameter.kind is not inspect.Parameter.POSITIONAL_OR_KEYWORD
    ]
    assert odd == []


def test_no_task_is_called_like_an_act_of_people() -> None:
    acts = ("sign", "propose", "approve", "grant", "give", "release", "reveal", "stop", "refuse", "close")
    assert [name for name in ours() if name.rsplit(".", 1)[-1].startswith(acts)] == []


def hostile(
    proposed: Version, draft: Version, live: Version
) -> Iterator[tuple[str, list[Any], dict[str, Any]]]:
    """Yield what somebody who owns the database might write into the schedule."""
    every_id = [
        str(row.pk) for row in (proposed, draft, live, live.alert, proposed.alert, proposed.alert.case)
    ]
    for name in (
        "alerts.sign",
        "alerts.issue.sign",
        "alerts.issue.signing.sign",
        "alerts.version_views.sign",
    ):
        yield name, [str(proposed.pk)], {"officer": str(people.omar().pk)}
    for name in ("trust.granting.give", "trust.enrolment.issue_password", "os.system", "builtins.eval"):
        yield name, ["id"], {}
    for name, task in ours().items():
        parameters = list(inspect.signature(task.run).parameters)
        yield name, [], {"now": "2099-01-01T00:00:00Z"}
        yield name, [], {"officer_id": str(people.omar().pk), "force": True}
        if parameters and parameters != ["channel"]:
            yield from ((name, [key], {}) for key in (*every_id, str(uuid4()), "", "x' OR 1=1 --"))
    for channel in ("sms'; DROP TABLE alerts_alert; --", "../../etc", ""):
        yield "notifier.work", [channel], {}
    yield "celery.map", [{"task": "alerts.sign", "args": []}, [[str(proposed.pk)]]], {}
    yield "celery.starmap", [{"task": "alerts.fan_out", "args": []}, [[str(proposed.pk)]]], {}


@pytest.mark.django_db(transaction=True)
def test_hostile_rows_written_into_the_schedule_do_no_harm() -> None:
    proposed, draft, live = scene.proposed(), scene.drafted(), scene.signed()
    every_minute, _ = IntervalSchedule.objects.get_or_create(every=1, period="minutes")
    rows = list(hostile(proposed, draft, live))
    # The live one may be fanned out by anybody: two people signed it.
    tell = [row for row in rows if not (row[0] == "alerts.fan_out" and row[1] == [str(live.pk)])]
    before, said = stored(), set()
    for number, (task, args, kwargs) in enumerate(tell):
        row = PeriodicTask.objects.create(
            name=f"hostile {number}", task=task, interval=every_minute, args=json.dumps(args),
            kwargs=json.dumps(kwargs),
        )  # fmt: skip
        said.add(fire(app, row))
    assert stored() == before
    assert not Delivery.objects.filter(batch__kind__in=("alert", "update", "end")).exists()
    assert not Batch.objects.filter(kind="alert", subject=proposed.alert_id).exists()
    assert not Post.objects.exists()
    assert said == {"SUCCESS", "FAILURE", "unknown to every worker"}


@pytest.mark.django_db
@pytest.mark.parametrize("who", [*Role, "superuser"])
def test_the_schedule_is_read_only_for_every_role(who: str) -> None:
    officer = people.officer("somebody", *([who] if who != "superuser" else []), at=people.unit())
    Officer.objects.filter(pk=officer.pk).update(is_superuser=who == "superuser")
    request = RequestFactory().get("/police/")
    request.user = Officer.objects.get(pk=officer.pk)
    register = admin.site._registry[PeriodicTask]
    acts = (register.has_add_permission, register.has_change_permission, register.has_delete_permission)
    assert not any(act(request) for act in acts)
    assert register.get_actions(request) == {}
    assert register.has_view_permission(request) is (who == Role.ADMINISTRATOR)

"""What an accident leaves behind: logs, queues and error pages name nobody, even when the code breaks."""

import json
import logging

import pytest
from celery import current_app
from django.test import Client

from alerts import fanout, render
from cases.models import Case
from notifier import waking as wake_up
from project.logs import JsonFormatter, NoPersons
from tests import people
from tests.alerts import scene
from tests.cases import family
from tests.desk import pages
from tests.desk.walk import filed
from trust import clock

pytestmark = pytest.mark.django_db
NAMED = ("Amina", "Idrissi", "أمينة", "Yasmine", "Zerhouni", *scene.RESTRICTED, *family.RESTRICTED.values())


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.DEBUG)

    def said() -> str:
        form, scrub = JsonFormatter(), NoPersons()
        kept = [record for record in caplog.records if not record.name.startswith("django.db")]
        return "\n".join(form.format(record) for record in kept if scrub.filter(record))

    return said


def test_a_page_that_breaks_shows_and_logs_no_child(desk, lines, monkeypatch) -> None:
    version = scene.signed()
    code = version.alert.code

    def broken(*_args, **_named):
        raise LookupError(code)

    monkeypatch.setattr(render, "page", broken)
    client = Client(raise_request_exception=False)
    for page in (f"/fr/a/{code}/", "/ar/"):
        answer = client.get(page)
        assert answer.status_code == 500
        assert not [name for name in NAMED if name in answer.content.decode()]
    monkeypatch.setattr(fanout, "rings", broken)
    with pytest.raises(LookupError):
        fanout.fan_out(version.pk)
    assert not [name for name in NAMED if name in lines()]


def test_the_whole_way_logs_no_name(desk, lines) -> None:
    people.unit()
    Client().post("/fr/report/", family.form(phone="12"))
    case = filed(photos=family.upload(scene.jpeg()))
    ines = desk(people.ines())
    ines.post(pages.of_case(case, "accept"))
    version = scene.signed(Case.objects.get())
    fanout.fan_out(version.pk)
    ines.post(pages.of_case(case, "close"), {"outcome": "found_safe", "reason": "Samira Zerhouni"})
    assert not [name for name in NAMED if name in lines()]


def test_queues_carry_ids_alone(monkeypatch, django_capture_on_commit_callbacks) -> None:
    sent: list[str] = []
    monkeypatch.setattr(
        current_app, "send_task", lambda task, args=(), **more: sent.append(json.dumps([task, list(args)]))
    )
    monkeypatch.setattr(wake_up, "_muted_until", 0.0)
    scene.neighbours(2)
    with django_capture_on_commit_callbacks(execute=True):
        version = scene.signed()
        fanout.fan_out(version.pk)
    assert sent
    everything = "\n".join(sent)
    assert not [name for name in (*NAMED, "+2126") if name in everything]
    for line in sent:
        task, args = json.loads(line)
        assert len(args) == 1, task
        assert len(args[0]) <= 36


def test_no_address_that_is_sent_or_shown_holds_a_person(desk) -> None:
    version = scene.signed()
    texts = render.message(version, "email", clock.now())
    assert texts
    shown = desk(people.ines()).get(pages.of_case(version.alert.case)).content.decode()
    for text in (*(t.html for t in texts.values()), shown):
        addresses = [rest.split('"')[0] for rest in text.split('href="')[1:]]
        for address in addresses:
            assert address.startswith("tel:") or not [name for name in NAMED if name in address]

"""Who told us, by whatever door: on no page of the desk, in no log, task, entry or page to an officer."""

import io
import json
import logging

import pytest
from django.test import Client
from django.urls import reverse

from notifier.models import Batch
from project.logs import JsonFormatter, NoPersons
from tests import people
from tests.alerts.telling import gateways  # noqa: F401  the fixture
from tests.desk.test_dump import raw
from tests.tips.test_intake import arrives
from tips.files import working
from tips.models import Attachment, Tip
from trust.models import AuditEntry, Task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]
SENDERS = {
    "sms": "+212677889911",
    "whatsapp": "+212677889922",
    "messenger": "7788990011223344",
    "email": "zellij.temoin@exemple.example",
}
MARKS = ("677889911", "677889922", "7788990011223344", "zellij", "Zellij", "bsuid-marque", "jeton-marque")
SAID = "weldi ma rj3ch l dar, cheftou m3a wa7ed 7da la gare"
PROFILE = {"profile_name": "Zellij Temoin", "user_id": "bsuid-marque", "subject": ""}
FILE = json.dumps([{"url": "https://lookaside.example/a?token=jeton-marque", "media_type": "image/jpeg"}])
ACTS = ("questions", "reply", "sighting", "case", "hand", "close", "second", "statement", "reveal")


@pytest.fixture
def log():
    """All that any logger says, at any level, as the handler of a deployment writes it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonFormatter())
    handler.addFilter(NoPersons())
    root = logging.getLogger()
    level, root.level = root.level, logging.DEBUG
    root.addHandler(handler)
    yield out
    root.removeHandler(handler)
    root.setLevel(level)


def pages_of(officer):
    """Yield what the desk shows of every tip, address and text."""
    client = Client()
    people.login(client, officer)
    yield client.get(reverse("admin:index")).content.decode()
    yield client.get(reverse("admin:tips_tip_changelist")).content.decode()
    for tip in Tip.objects.all():
        yield client.get(reverse("admin:tips_tip_change", args=[tip.pk])).content.decode()
        for act in ACTS:
            yield client.get(reverse(f"admin:tips_tip_{act}", args=[tip.pk])).content.decode()


def test_no_sender_stands_where_an_officer_or_a_machine_reads(log):
    ines = people.ines()
    for channel, sender in SENDERS.items():
        arrives(SAID, number=sender, channel=channel, kind="message", files=FILE, **PROFILE)
    arrives("", number="comment:zellij_77", channel="messenger", kind="comment", **PROFILE)
    for row in Attachment.objects.all():
        working.work(row.pk)
    shown = "\n".join(pages_of(ines))
    assert Tip.objects.count() == 5
    assert Tip.objects.all()[0].reference in shown
    told = (shown, log.getvalue(), raw().decode("utf-8", "replace"), *_rows())
    assert [mark for mark in MARKS for text in told if mark in text] == []


def _rows():
    yield str(list(AuditEntry.objects.values()))
    yield str(list(Task.objects.values()))
    yield str([(one.kind, one.content) for one in Batch.objects.exclude(kind="answer")])

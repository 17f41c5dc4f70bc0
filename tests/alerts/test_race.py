"""Two signatures, two ends, two workers at once: one counts."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from alerts import fanout, issue
from alerts.issue import IssueRefused
from alerts.models import Document
from notifier.models import Batch, Delivery
from tests import people
from tests.alerts import scene
from trust import clock
from trust.models import Decision, Officer
from trust.roles import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run the acts in threads with connections of their own; return "done" or the code of each.

    SQLite takes one writer at a time, whole transactions long: there, at once is one after the other.
    """
    said: list[str] = []
    if connection.vendor == "sqlite":
        return sorted(_outcome(act) for act in acts)
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            gate.wait(10)
            said.append(_outcome(act))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(said)


def _outcome(act: Callable[[], object]) -> str:
    try:
        act()
    except IssueRefused as refusal:
        return refusal.code
    return "done"


def test_of_two_signatures_at_once_one_counts():
    version = scene.proposed()
    signers: list[Officer] = [people.omar(), people.officer("salma", Role.APPROVER, at=people.unit())]
    fresh = clock.now()
    said = at_once(
        *(lambda who=who: issue.sign(version, who, digest=version.digest, factor_at=fresh) for who in signers)
    )
    assert said == ["done", "not_proposed"]
    assert Document.objects.filter(version=version).count() == 1
    assert Decision.objects.get(subject=version.pk).outcome == "granted"


def test_of_two_ends_at_once_one_counts():
    version, omar = scene.signed(), people.omar()
    said = at_once(
        *[lambda: issue.stand_down(version.alert, omar, as_="found", reason="", factor_at=clock.now())] * 2
    )
    assert said == ["done", "not_live"]
    assert Document.objects.filter(version=version, ends_alert=True).count() == 1


def test_two_workers_fan_out_at_once_and_tell_nobody_twice():
    scene.neighbours(20)
    version = scene.signed(channels=["sms"])
    assert at_once(*[lambda: fanout.fan_out(version.pk)] * 2) == ["done", "done"]
    assert Delivery.objects.filter(subject=version.alert_id).count() == 20
    rings = list(Batch.objects.filter(subject=version.alert_id).values_list("ring", flat=True))
    assert len(rings) == len(set(rings))

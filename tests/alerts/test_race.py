"""Two signatures, two ends, two workers at once: one counts."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections

from alerts import fanout, issue
from alerts.issue import IssueRefused
from alerts.models import Alert, Document, Version
from notifier.models import Batch, Delivery
from tests import people
from tests.alerts import scene
from tests.alerts.test_orders import told
from tests.cases.shifts import MINUTE, later
from trust import clock
from trust.models import Decision, Officer, Task
from trust.roles import Role

SOON = timedelta(milliseconds=40)
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


def test_a_signature_and_a_sending_alone_at_once_make_one_live_alert():
    version, omar, ines = scene.proposed(), people.omar(), people.ines()
    with later(11 * MINUTE):
        given: dict[str, Any] = {"digest": version.digest, "factor_at": clock.now()}
        said = at_once(
            lambda: issue.sign(version, omar, **given),
            lambda: issue.send_at_once(version, ines, "life", "Vite", **given),
        )
        assert said in (["done", "not_proposed"], ["done", "done"])  # sent alone, then signed: both count
    assert scene.stored(version).state in {"signed", "provisional"}
    assert Alert.objects.get().is_live
    assert Document.objects.filter(version=version).count() == 1


def test_of_a_confirmation_and_the_clock_at_the_hour_one_counts():
    version, omar = scene.proposed(), people.omar()
    with later(11 * MINUTE):
        given: dict[str, Any] = {"digest": version.digest, "factor_at": clock.now()}
        issue.send_at_once(version, people.ines(), "life", "Vite", **given)
        Version.objects.filter(pk=version.pk).update(provisional_until=clock.now() + SOON)
        at_once(lambda: issue.sign(version, omar, **given), *[issue.end_unconfirmed] * 2)
    with later(12 * MINUTE):
        issue.end_unconfirmed()
    state, alert = scene.stored(version).state, Alert.objects.get()
    assert (state, alert.state) in {("signed", "live"), ("lapsed", "ended")}
    assert Task.objects.filter(kind="emergency_ended").count() == (state == "lapsed")


def test_of_two_confirmations_at_once_one_counts():
    version = scene.proposed()
    signers = [people.omar(), people.officer("salma", Role.APPROVER, at=people.unit())]
    with later(11 * MINUTE):
        given: dict[str, Any] = {"digest": version.digest, "factor_at": clock.now()}
        issue.send_at_once(version, people.ines(), "life", "Vite", **given)
        said = at_once(*(lambda who=who: issue.sign(version, who, **given) for who in signers))
    assert said == ["done", "not_proposed"]
    assert Decision.objects.get(act="emergency").outcome == "granted"


def test_a_hold_and_a_signature_at_once_leave_nothing_live():
    version, omar, ines = scene.proposed(), people.omar(), people.ines()
    case, now = version.alert.case, clock.now()
    at_once(
        lambda: issue.sign(version, omar, digest=version.digest, factor_at=now),
        lambda: issue.record_order(case, ines, told("hold"), factor_at=now),
    )
    assert not Alert.objects.live().exists()
    assert scene.stored(version).state in {"signed", "lapsed"}


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

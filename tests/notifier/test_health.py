"""The health of gateways: asked, heard, shown, and one call to the operators while it lasts."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from notifier import alarms, desk, health, http, rates, tasks, waking
from notifier.exceptions import ConnectFailed, DeliveryError
from notifier.health import judged
from notifier.message import Accepted, Problem
from notifier.models import AliasHealth, Batch, Delivery, Rate, Receipt
from notifier.simulators.server import Answered
from tests import people
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from tests.notifier.test_http import serving
from trust import clock
from trust.models import Officer, Task
from trust.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]

State = AliasHealth.State
DEAD = Problem("credentials", "190/463")
AWAY = Problem("connection", "refused")
QUIET = Problem("policy", "quality YELLOW", serious=False)


@pytest.fixture
def operator() -> Officer:
    one = people.officer("amina", Role.ADMINISTRATOR)
    Officer.objects.filter(pk=one.pk).update(
        phone="+212600000099", email="amina@police.invalid", language="fr"
    )
    return Officer.objects.get(pk=one.pk)


def looked(alias: str, *problems: Problem) -> str:
    make.problems[alias] = list(problems)
    return health.check(alias).state


@pytest.mark.parametrize(
    ("found", "before", "after"),
    [
        ([], State.ILL, State.WELL),
        ([QUIET], State.WELL, State.WATCHED),
        ([QUIET], State.ILL, State.WATCHED),
        ([DEAD], State.WELL, State.ILL),
        ([QUIET, DEAD], State.WATCHED, State.ILL),
        ([AWAY], State.WELL, State.WATCHED),  # a moment's
        ([AWAY], State.WATCHED, State.ILL),
        ([AWAY], State.ILL, State.ILL),
    ],
)
def test_what_problems_make_of_a_gateway(found: list[Problem], before: str, after: str):
    assert judged(found, before) == after


def test_a_serious_problem_calls_each_operator_once_while_it_lasts(operator: Officer, later: Any):
    assert [looked("blunt", DEAD) for _ in range(3)] == [State.ILL] * 3
    task = Task.objects.get(kind="gateway_refuses")
    assert (task.subject_kind, task.detail_code) == ("blunt", "credentials")
    called = Delivery.objects.filter(subject=task.pk)
    assert called.count() == 1  # no e-mail in these settings
    make.work("sms")
    (message,) = make.sent["blunt"]
    assert "blunt" in message.text.short
    assert message.to == "+212600000099"

    assert looked("blunt") == State.WELL
    task.refresh_from_db()
    assert task.result == "mended"
    looked("blunt", DEAD)
    assert Batch.objects.filter(kind="page").count() == 2


def test_who_is_no_operator_is_not_called():
    people.omar()
    looked("blunt", DEAD)
    assert not Delivery.objects.exists()
    assert Task.objects.filter(kind="gateway_refuses").exists()


def test_a_look_keeps_codes_and_since_when(later: Any):
    looked("blunt", QUIET)
    first = AliasHealth.objects.get()
    later(minutes=3)
    looked("blunt", QUIET)
    again = AliasHealth.objects.get()
    assert (again.since, again.problems) == (first.since, [["policy", "quality YELLOW", False]])
    assert again.checked_at - first.checked_at > timedelta(minutes=2)
    looked("blunt", AWAY)
    looked("blunt", AWAY)
    assert AliasHealth.objects.get().since > again.since


@pytest.mark.parametrize(
    ("raised", "problem"),
    [
        (DeliveryError(permanent=False, kind="credentials", detail="190"), ["credentials", "190", True]),
        (DeliveryError(permanent=False, kind="throttled"), ["throttled", "", False]),
        (ConnectFailed("refused"), ["connection", "refused", True]),
        (ValueError("secret words"), ["unknown", "check_broke", True]),
    ],
)
def test_a_check_that_breaks_is_a_problem_too(
    monkeypatch: pytest.MonkeyPatch, raised: Exception, problem: list[Any]
):
    def breaks(self: object) -> list[Problem]:
        raise raised

    monkeypatch.setattr(make.ScriptedBackend, "check_templates", breaks)
    assert health.check("blunt").problems == [problem]


def test_a_gateway_that_cannot_be_made_is_in_trouble(settings: Settings):
    settings.NOTIFIER = {"bare": {**make.GATEWAYS["blunt"]}}
    del settings.NOTIFIER["bare"]["SIMULATOR"]
    assert health.check("bare").state == State.ILL


def test_once_it_is_well_what_waited_leaves_at_once(later: Any):
    batch = make.told(40)
    make.scripts["blunt"] = lambda message: DeliveryError(permanent=False, kind="credentials")
    for _ in range(5):
        make.work()
        later(seconds=31)
    looked("blunt", DEAD)
    make.work()
    assert set(make.states(batch)) == {"queued"}
    make.scripts.clear()
    assert looked("blunt") == State.WELL
    make.work(turns=2)
    assert set(make.states(batch)) == {"accepted"}
    assert not Task.objects.still_open().exists()
    assert Rate.objects.get().refused_at is None


def test_a_message_taken_again_ends_the_task_unless_a_look_still_says_otherwise():
    alarms.gateway_refuses("blunt", "credentials")
    rates.pause("blunt:simulator", 0, refused=True)
    make.told(1)
    make.work()
    assert not Task.objects.still_open().exists()
    looked("blunt", Problem("configuration", "alert.ar PAUSED"))
    rates.pause("blunt:simulator", 0, refused=True)
    make.scripts["blunt"] = lambda message: Accepted("x")
    make.told(1)
    make.work()
    assert Task.objects.still_open().count() == 1


def test_what_a_provider_calls_back_about_its_account_is_heard(settings: Settings, operator: Officer):
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    make.hook_events.append(Problem("configuration", "alert.ar PAUSED"))
    for _ in range(3):
        client = Client(headers={"X-Secret": "s3"})
        assert client.post(f"/hooks/blunt/{'t' * 32}/").status_code == 200
    found = AliasHealth.objects.get()
    assert (found.state, found.problems) == (State.ILL, [["configuration", "alert.ar PAUSED", True]])
    assert Batch.objects.filter(kind="page").count() == 1
    looked("blunt")
    assert AliasHealth.objects.get().state == State.WELL


def test_every_gateway_is_asked_by_a_task_of_its_own(monkeypatch: pytest.MonkeyPatch):
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(waking, "send", lambda task, argument: sent.append((task, argument)))
    tasks.check()
    assert sent == [(waking.CHECK, alias) for alias in make.GATEWAYS]
    for _, alias in [*sent, ("", "nobody")]:
        tasks.check_alias(alias)
    assert set(AliasHealth.objects.values_list("pk", flat=True)) == set(make.GATEWAYS)


def test_the_desk_shows_administrators_what_is_ill_and_nobody_else(
    operator: Officer, monkeypatch: pytest.MonkeyPatch
):
    looked("blunt", DEAD)
    looked("strict", QUIET)
    looked("wall")
    monkeypatch.setattr(Officer, "has_perm", lambda self, perm, obj=None: self.pk == operator.pk)
    with translation.override("en"):
        (queue,) = desk.queues(operator, clock.now())
    assert [(item.label, item.level) for item in queue.items] == [("blunt", "danger"), ("strict", "warning")]
    assert queue.items[0].detail == "The provider refuses our password or token."
    assert desk.queues(people.omar(), clock.now()) == []


@pytest.mark.parametrize(
    ("held", "delivered", "state"),
    [(20, 30, State.WATCHED), (19, 0, State.WELL), (20, 80, State.WELL)],
)
def test_a_filter_that_holds_back_many_is_told_and_at_the_second_look_calls(
    operator: Officer, held: int, delivered: int, state: str
):
    kinds = [("failed", "filtered")] * held + [("delivered", "")] * delivered
    at = clock.now()
    Receipt.objects.bulk_create(
        Receipt(alias="blunt", event_key=f"k{n}", state=state_, error_kind=kind, received_at=at)
        for n, (state_, kind) in enumerate(kinds)
    )
    assert looked("blunt") == state
    if state == State.WATCHED:
        assert looked("blunt") == State.ILL
        assert Task.objects.get(kind="gateway_refuses").detail_code == "filtered"


@pytest.mark.parametrize(("minutes", "told"), [(10, "+600 s"), (-10, "-600 s"), (0, ""), (1, "")])
def test_a_clock_that_is_wrong_is_told_and_stops_nothing(minutes: int, told: str):
    """Ten minutes: signatures, tokens and certificates would soon be refused for it."""
    date = format_datetime(datetime.now(UTC) - timedelta(minutes=minutes), usegmt=True)
    with serving(lambda asked: Answered(200, b"ok", headers={"Date": date})) as (url, _):
        make.checks["blunt"] = lambda: http.send(http.Request("GET", url))
        health.check("blunt")
    found = AliasHealth.objects.get(pk="blunt")
    assert found.state == (State.WATCHED if told else State.WELL)
    assert [kind for kind, _, _ in found.problems] == (["clock"] if told else [])
    if told:
        seconds = int(found.problems[0][1].split()[0])
        assert abs(seconds - minutes * 60) <= 5

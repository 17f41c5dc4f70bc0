"""Thing by thing what was taken back: nothing silent, whatever its provider answered."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, SimpleTestCase
from django.utils import translation

from alerts import aftermath, fanout, issue, ledger, removing
from alerts.issue import IssueRefused
from alerts.ledger import Line, figures, gathered
from alerts.ledger.told import all_clear
from alerts.ledger.words import answer
from alerts.models import Removal, Version
from cases.withdraw import comply, withdraw
from notifier import dispatch
from notifier.exceptions import DeliveryError
from notifier.message import RecallDone, RecallImpossible, RecallTask
from notifier.models import Chunk, Post, Rate
from tests import people
from tests.alerts import scene, telling
from tests.alerts.telling import Wall, gateways  # noqa: F401  the fixture
from trust import clock
from trust.models import AuditEntry, Task

AT = datetime(2026, 11, 22, 10, tzinfo=UTC)
LATER = AT + timedelta(seconds=40)


class TestLine(SimpleTestCase):
    def test_a_line_is_done_impossible_a_task_or_says_that_it_is_not_settled(self):
        task = uuid4()
        for line, state, is_silent in (
            (Line("facebook", "facebook", "post"), "out", True),
            (Line("facebook", "facebook", "post", AT), "asked", True),
            (Line("facebook", "facebook", "post", AT, LATER), "done", False),
            (Line("facebook", "facebook", "post", AT, task=task), "owed", False),
            (Line("facebook", "facebook", "post", AT, LATER, never_out=True), "never_out", False),
            (Line("sms", "sms", "message", AT, LATER, is_impossible=True), "impossible", False),
        ):
            assert (line.state, line.is_silent) == (state, is_silent)

    def test_messages_of_one_gateway_are_one_line_from_the_first_asking_to_the_last_end(self):
        def kept(alias: str, at: datetime, count: int) -> Line:
            return Line("sms", alias, "message", at, at, "not_recallable", is_impossible=True, count=count)

        lines = [
            kept("sms", AT, 2),
            kept("sms", LATER, 3),
            kept("twilio", AT, 1),
            Line("facebook", "facebook", "post", AT, LATER),
            Line("facebook", "facebook", "post", AT, LATER),
        ]
        first, second, *posts = gathered(lines)
        assert (first.count, first.asked_at, first.done_at, second.count) == (5, AT, LATER, 1)
        assert len(posts) == 2
        assert figures(lines).messages_kept == 6

    @translation.override("en")
    def test_a_line_says_why_it_stays_and_what_came_back(self):
        stays = Line("sms", "sms", "message", AT, AT, answer="not_recallable", is_impossible=True, count=1)
        assert "stays on the phone" in answer(stays)
        assert "lacks a right" in answer(
            Line("instagram", "instagram", "post", AT, answer="permission", task=uuid4())
        )
        assert answer(Line("facebook", "facebook", "post", AT, AT)) == "The provider confirmed it."


@pytest.fixture
def sent(gateways):  # noqa: F811
    telling.enrol(1, 2)
    version = scene.signed()
    telling.send(version)
    return version


def stand_down(version: Version):
    return issue.stand_down(version.alert, people.omar(), as_="found", reason="", factor_at=clock.now())


def settle() -> None:
    for _turn in range(2):
        Post.objects.filter(done_at=None).update(due_at=clock.now())
        Rate.objects.update(paused_until=None, failures=0)  # the breaker's pause is over too
        Chunk.objects.filter(done_at=None).update(due_at=clock.now())
        for channel in ("sms", "email", "facebook"):
            dispatch.work(channel)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "state"),
    [
        (RecallDone(), "done"),
        (RecallTask("permission"), "owed"),
        (RecallImpossible("not_recallable"), "owed"),
    ],
)
def test_after_the_end_no_line_is_silent(told, state, sent, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(Wall, "recall", lambda self, name: told)
    with django_capture_on_commit_callbacks(execute=True):
        alert = stand_down(sent)
    aftermath.tell_end(alert.pk)
    settle()
    lines = ledger.lines(alert)
    assert not [line for line in lines if line.is_silent]
    by_what = {line.what: line.state for line in lines if line.channel != "email"}
    assert by_what == {
        "post": state, "message": "impossible", "page": "done", "feed": "done", "document": "done",
        "photo": "done",
    }  # fmt: skip
    (line,) = all_clear(alert)
    assert (line.channel, line.told, line.heard, line.left) == ("sms", 2, 2, 0)


@pytest.fixture
def owed(sent, monkeypatch):
    monkeypatch.setattr(Wall, "recall", lambda self, name: RecallTask("permission"))
    alert = stand_down(sent)
    settle()
    return alert, Post.objects.get()


def told(**changes: Any) -> removing.Told:
    given = removing.Told(clock.now(), "Samir, communication", "Page introuvable.")
    return replace(given, **changes)


@pytest.mark.django_db
def test_a_removal_by_hand_is_kept_with_who_when_and_how_it_is_known(owed, client):
    alert, post = owed
    kept = removing.record(alert, post.pk, people.ines(), told())
    assert (kept.recorded_by, kept.evidence) == (people.ines(), "Page introuvable.")
    (line,) = [line for line in ledger.lines(alert) if line.what == "post"]
    assert (line.state, line.by_hand, line.done_at) == ("done", True, kept.removed_at)
    assert not Task.objects.still_open().filter(subject=post.pk).exists()
    assert AuditEntry.objects.filter(action="post.removed_by_hand", subject=post.pk).exists()
    people.login(client, people.ines())
    page = client.get(f"/police/alerts/alert/{alert.pk}/ledger/").content.decode()
    assert "Page introuvable." in page
    assert "Samir, communication" in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"evidence": "  "}, "evidence"),
        ({"removed_by": ""}, "evidence"),
        ({"removed_at": AT}, "removal_time"),
        ({"removed_at": datetime(2099, 1, 1, tzinfo=UTC)}, "removal_time"),
    ],
)
def test_a_removal_wants_an_hour_that_can_be_and_a_word_of_evidence(changes, code, owed):
    alert, post = owed
    with pytest.raises(IssueRefused) as refused:
        removing.record(alert, post.pk, people.ines(), told(**changes))
    assert refused.value.code == code
    assert not Removal.objects.exists()


@pytest.mark.django_db
def test_nobody_records_the_removal_of_what_is_not_owed(owed, sent):
    alert, post = owed
    removing.record(alert, post.pk, people.ines(), told())
    for other in (post.pk, uuid4()):
        with pytest.raises(IssueRefused) as refused:
            removing.record(alert, other, people.ines(), told())
        assert refused.value.code == "not_owed"


@pytest.mark.django_db
def test_the_form_records_and_leads_back_and_a_post_leads_to_its_ledger(owed, client):
    alert, post = owed
    people.login(client, people.ines())
    here = f"/police/alerts/alert/{alert.pk}/ledger/"
    assert f"{here}{post.pk}/removed/" in client.get(here).content.decode()
    assert client.get(f"/police/alerts/alert/post/{post.pk}/").url == here
    form = client.get(f"{here}{post.pk}/removed/").context["form"]
    given = {
        "who": "Samir", "evidence": "Introuvable",
        "day": form.initial["day"].isoformat(),
        "hour": f"{form.initial['hour']:%H:%M}",
    }  # fmt: skip
    assert client.post(f"{here}{post.pk}/removed/", {**given, "evidence": ""}).status_code == 200
    assert client.post(f"{here}{post.pk}/removed/", given).url == here
    assert Removal.objects.get().post == post.pk


@pytest.mark.django_db
def test_the_page_costs_the_same_however_many_were_told(owed, client, django_assert_max_num_queries):
    alert, _post = owed
    people.login(client, people.ines())
    client.get(f"/police/alerts/alert/{alert.pk}/ledger/")
    with django_assert_max_num_queries(45):
        client.get(f"/police/alerts/alert/{alert.pk}/ledger/")


@pytest.mark.django_db
def test_a_consent_that_ends_leaves_its_traces_with_their_times_within_the_clock(
    sent, settings, django_capture_on_commit_callbacks
):
    copy = settings.PUBLIC_MEDIA_DIR / sent.public_photo
    assert copy.exists()
    decision = withdraw(sent.alert.case.consents.get())
    assert decision
    asked = clock.now()
    with django_capture_on_commit_callbacks(execute=True):
        comply(decision)
    settle()
    assert not copy.exists()
    assert Client().get(f"{settings.PUBLIC_MEDIA_URL}{sent.public_photo}").status_code == 404
    alert = sent.alert
    alert.refresh_from_db()
    assert alert.is_live
    lines = {line.what: line for line in ledger.lines(alert) if line.channel != "email"}
    assert (lines["post"].state, lines["photo"].state) == ("done", "done")
    assert lines["message"].state == "impossible"
    for what in ("post", "photo", "message"):
        done_at = lines[what].done_at
        assert done_at is not None
        assert asked <= done_at <= asked + timedelta(seconds=60)


@pytest.mark.django_db
def test_a_source_that_another_package_adds_is_heard(sent):
    def relays(alert):
        yield Line("relays", "", "relay", AT, task=uuid4())

    ledger.SOURCES.append(relays)
    try:
        assert ledger.lines(sent.alert)[-1].state == "owed"
    finally:
        ledger.SOURCES.remove(relays)


@pytest.mark.django_db
def test_a_recall_that_fails_in_passing_is_under_way_and_then_a_persons(sent, monkeypatch):
    def fails(self, name):
        raise DeliveryError(permanent=False, kind="connection")

    monkeypatch.setattr(Wall, "recall", fails)
    alert = stand_down(sent)
    settle()
    (line,) = [line for line in ledger.lines(alert) if line.what == "post"]
    assert (line.state, line.is_silent) == ("asked", True)
    settle()
    settle()
    (line,) = [line for line in ledger.lines(alert) if line.what == "post"]
    assert line.state == "owed"
    assert fanout.unfinished() == []

"""One person with every trick: the hour begun again, a no gone round, rows changed in the database."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils.html import escape
from django.utils.translation import override

from alerts import issue, linting
from alerts.composing import compose
from alerts.issue import IssueRefused
from alerts.models import Alert, Order, Version
from alerts.refusals import SENTENCES
from cases import same_child, verification
from cases.models import Case
from tests import people
from tests.alerts import scene
from tests.alerts.test_emergency import refused, salma, send, sign
from tests.alerts.test_releasing import SUSPECT, ask, grant, stops
from tests.cases.shifts import MINUTE, later
from tests.desk import pages
from trust import clock
from trust.models import Officer, Task
from trust.roles import Role

pytestmark = pytest.mark.django_db


def another_officer() -> Officer:
    return people.officer("hind", Role.OFFICER, at=people.unit())


def contradicted(about: Case) -> None:
    told = verification.Attempt("contradicted", number="+212612345678", relation="father")
    verification.record(about, people.ines(), told)


def test_the_hour_is_not_begun_again_by_the_same_person() -> None:
    first = scene.proposed()
    send(first)
    with later(75 * MINUTE):
        assert issue.end_unconfirmed() == 1
        again = scene.proposed(first.alert.case)
    assert refused(again, after=86 * MINUTE) == "alone_again"
    assert send(again, another_officer(), after=86 * MINUTE).state == Version.State.PROVISIONAL


def test_what_somebody_confirmed_counts_against_nobody() -> None:
    first = scene.proposed()
    send(first)
    with later(20 * MINUTE):
        sign(first)
        issue.stand_down(first.alert, people.omar(), as_="ended", reason="", factor_at=clock.now())
        again = scene.proposed(first.alert.case)
    assert send(again, after=31 * MINUTE).state == Version.State.PROVISIONAL


@pytest.mark.parametrize("was_sent", [False, True])
def test_an_approvers_no_is_not_gone_round_alone(was_sent: bool) -> None:
    first = scene.proposed()
    if was_sent:
        send(first)
    with later(12 * MINUTE):
        issue.refuse(first, people.omar(), "Aucun danger")
        again = scene.proposed(first.alert.case)
    assert refused(again, another_officer(), after=23 * MINUTE) == "refused_before"
    with later(23 * MINUTE):
        assert sign(again, salma()).state == Version.State.SIGNED


def test_a_family_that_contradicts_after_the_proposal_stops_signature_and_emergency_path() -> None:
    version = scene.proposed()
    contradicted(version.alert.case)
    with pytest.raises(IssueRefused) as said:
        sign(version)
    assert said.value.code == "not_verified"
    assert refused(version) == "not_verified"


def test_minutes_added_in_the_database_are_not_given() -> None:
    version = scene.proposed()
    send(version)
    much_later = clock.now() + timedelta(days=3)
    Version.objects.filter(pk=version.pk).update(provisional_until=much_later, sent_at=much_later)
    with later(60 * MINUTE):
        assert issue.end_unconfirmed() == 0
    with later(72 * MINUTE):
        assert issue.end_unconfirmed() == 1
    assert not Alert.objects.get().is_live


def test_a_signature_written_into_the_database_alone_stops_the_alert() -> None:
    version = scene.proposed()
    send(version)
    Version.objects.filter(pk=version.pk).update(state="signed", signed_by=people.omar())
    with later(13 * MINUTE):
        assert issue.end_unconfirmed() == 1
        assert issue.end_unconfirmed() == 0
    assert Alert.objects.get().ended_as == Alert.End.ERROR
    assert Task.objects.filter(kind="signature_void", subject=version.alert_id).exists()


def test_what_two_people_signed_is_left_alone() -> None:
    scene.signed()
    assert issue.end_unconfirmed() == 0
    assert Alert.objects.get().is_live


def test_a_hold_stands_however_often_its_report_is_joined() -> None:
    chain = [scene.case() for _ in range(5)]
    Order.objects.create(
        case=chain[0], kind="hold", office="judge", how="phone", recorded_by=people.ines(),
        given_at=clock.now(), at=clock.now(),
    )  # fmt: skip
    for joined, into in pairwise(chain):
        child, same = joined.children.first(), into.children.first()
        assert child
        assert same
        same_child.merge(joined, into, people.omar(), {child.pk: same.pk})
    last = Case.objects.get(pk=chain[-1].pk)
    with pytest.raises(IssueRefused) as said:
        issue.draft(last, people.ines(), area=scene.AREA, channels=["sms"], duration_s=scene.DAY_S)
    assert said.value.code == "on_hold"


@pytest.mark.parametrize("sentence", ["1", "a", "le"])
def test_no_sentence_hides_what_the_facts_say_from_the_lint(sentence: str) -> None:
    """Cut out of the texts, "1" would take a digit out of every number plate that the facts hold."""
    version = scene.drafted()
    plain = linting.gather(version, compose(version, clock.now()), clock.now())
    said = issue.revise(version, people.ines(), additions=dict.fromkeys(("ar", "fr", "en"), sentence))
    looked_at = linting.gather(said, compose(said, clock.now()), clock.now())
    assert looked_at.additions["fr"] == sentence
    assert looked_at.messages == plain.messages


def test_what_was_released_for_an_exercise_is_not_released_for_an_alert() -> None:
    about = scene.verify(scene.case())
    drill = scene.stored(
        issue.revise(scene.drafted(about, kind="exercise"), people.ines(), additions=SUSPECT)
    )
    grant(ask(drill))
    assert stops(drill) == set()
    issue.decline(about, people.ines(), "other", "Exercice fini")
    actual = scene.stored(issue.revise(scene.drafted(about), people.ines(), additions=SUSPECT))
    assert stops(actual) == {"suspect"}


@pytest.mark.parametrize("was_refused", [False, True])
def test_the_page_offers_no_sending_that_would_be_refused_and_says_why(client, was_refused: bool) -> None:
    first = scene.proposed()
    send(first)
    with later(75 * MINUTE):
        if was_refused:
            issue.refuse(first, people.omar(), "Aucun danger")
        issue.end_unconfirmed()
        again = scene.proposed(first.alert.case)
    code = "refused_before" if was_refused else "alone_again"
    who = another_officer() if was_refused else people.ines()
    for minutes in (78, 86):  # while it must wait, and once ten minutes are over
        with later(minutes * MINUTE):
            people.login(client, who)
            shown = client.get(pages.of_version(again)).content.decode()
            assert "at-once" not in shown
            with override("fr"):
                assert escape(str(SENTENCES[code])) in shown
                sent_on = client.get(pages.of_version(again, "at_once"), follow=True)
                assert str(SENTENCES[code]) in pages.said(sent_on)

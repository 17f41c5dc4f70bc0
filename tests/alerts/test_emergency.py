"""The emergency path: nobody signs, one person sends alone, everybody is told, and an hour is all it gets."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from alerts import fanout, issue, paging, tasks
from alerts.issue import IssueRefused, updating
from alerts.models import Alert, Document, Version
from cases.models import Case
from cases.page import step_of
from notifier.models import Batch, Delivery
from tests import people
from tests.alerts import scene
from tests.cases.shifts import MINUTE, later, on_shift, sami
from trust import clock
from trust.models import AuditEntry, Decision, Officer, Shift, Task
from trust.roles import Role

pytestmark = pytest.mark.django_db

WORDS = "La mère a reçu un appel, il part à l’étranger"


def salma() -> Officer:
    return people.officer("salma", Role.APPROVER, at=people.unit())


def send(version: Version, who: Officer | None = None, *, after=11 * MINUTE, **told) -> Version:
    """Send it alone so long after its proposal."""
    with later(after):
        given = {"digest": version.digest, "factor_at": clock.now(), "ground": "life", "words": WORDS, **told}
        return issue.send_at_once(version, who or people.ines(), **given)


def refused(version: Version, who: Officer | None = None, **told) -> str:
    with pytest.raises(IssueRefused) as said:
        send(version, who, **told)
    assert str(said.value)
    return said.value.code


def sign(version: Version, who: Officer | None = None) -> Version:
    return issue.sign(version, who or people.omar(), digest=version.digest, factor_at=clock.now())


def called(version: Version, said: str) -> set[str]:
    calls = Delivery.objects.filter(subject=step_of(version.pk, f"emergency:{said}"))
    return {Officer.objects.get(pk=call.person).username for call in calls}


def public_words(version: Version) -> str:
    return str(Document.objects.filter(version=version).latest("sent_at").xml)


def test_from_an_approver_who_does_not_answer_to_the_end_of_the_hour():
    """The whole way: next paged at five, everybody at ten, sent alone, not confirmed, stopped at the hour."""
    scene.neighbours(3)
    people.omar(), salma()
    on_shift(people.omar(), -1, 8, Shift.Role.APPROVER)
    version = scene.proposed()
    for minutes in (6, 11):
        with later(minutes * MINUTE):
            paging.page_waiting()
    assert Batch.objects.filter(subject=step_of(version.pk, "sign:1")).exists()
    assert Batch.objects.filter(subject=step_of(version.pk, "sign:everybody")).exists()

    send(version)
    with later(11 * MINUTE):
        assert fanout.fan_out(version.pk)
        assert Delivery.objects.filter(subject=version.alert_id).count() == 3
    for minutes in (45, 62, 70):
        with later(minutes * MINUTE):
            tasks.page_waiting()
            tasks.expire()
    assert Alert.objects.get().is_live
    assert [called(version, step) for step in ("0", "30", "50")] == [{"omar", "salma"}] * 3

    with later(72 * MINUTE):
        tasks.expire()
        tasks.expire()
    alert, now = Alert.objects.get(), scene.stored(version)
    assert (alert.state, alert.ended_as, now.state) == ("ended", "ended", "lapsed")
    assert not Case.objects.get().public_since
    assert "should not have been sent" not in public_words(version)  # the child is still missing
    asked = Decision.objects.get(subject=version.pk, act="emergency")
    assert (asked.outcome, asked.decided_by, asked.ground) == ("lapsed", None, "life")
    owed = Task.objects.get(kind="emergency_ended")
    assert (owed.subject, owed.unit) == (alert.pk, people.unit())
    assert called(version, "stopped") == {"ines"}
    ended = AuditEntry.objects.get(subject=version.pk, action="version.lapsed")
    assert (ended.actor, ended.reason) == (None, "not_confirmed")


def test_what_is_sent_alone_goes_live_like_what_is_signed(settings):
    version = send(scene.proposed())
    assert (version.state, version.sent_by, version.signed_by) == ("provisional", people.ines(), None)
    assert version.provisional_until
    assert version.expires_at
    assert version.sent_at
    assert version.provisional_until - version.sent_at == timedelta(hours=1)
    assert version.expires_at - version.sent_at == timedelta(seconds=scene.DAY_S)
    assert Alert.objects.get().is_live
    assert (settings.PUBLIC_MEDIA_DIR / version.public_photo).read_bytes() == scene.jpeg()
    assert scene.stored(version).ground_words == WORDS
    kept = AuditEntry.objects.get(action="version.provisional")
    assert (kept.actor, kept.reason) == (people.ines().pk, "life")
    signing, asked = Decision.objects.filter(subject=version.pk).order_by("asked_at")
    assert (signing.outcome, asked.outcome, asked.asked_by) == ("lapsed", "", people.ines())


def test_a_second_officer_confirms_and_nothing_is_sent_twice():
    scene.neighbours(3)
    version = scene.proposed()
    send(version)
    with later(20 * MINUTE):
        assert fanout.fan_out(version.pk)
        before = scene.stored(version)
        signed = sign(version)
        fanout.fan_out(version.pk)
    assert (signed.state, signed.signed_by) == ("signed", people.omar())
    assert (signed.sent_at, signed.expires_at) == (before.sent_at, before.expires_at)
    assert Delivery.objects.filter(subject=version.alert_id).count() == 3
    assert Document.objects.filter(version=version).count() == 1
    asked = Decision.objects.get(subject=version.pk, act="emergency")
    assert (asked.outcome, asked.decided_by) == ("granted", people.omar())
    with later(120 * MINUTE):
        tasks.expire()
    assert Alert.objects.get().is_live
    assert not Task.objects.filter(kind="emergency_ended").exists()


def test_what_was_queued_before_the_confirmation_still_leaves_after_it():
    scene.neighbours(2)
    version = scene.proposed()
    send(version)
    with later(20 * MINUTE):
        sign(version)
        assert fanout.fan_out(version.pk)
    assert Delivery.objects.filter(subject=version.alert_id).count() == 2


def test_ten_minutes_must_have_gone_by():
    version = scene.proposed()
    assert refused(version, after=9 * MINUTE) == "too_early"
    assert refused(version, after=61 * MINUTE) == "proposal_expired"
    assert scene.stored(version).state == "proposed"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"ground": "haste"}, "ground"),
        ({"ground": ""}, "ground"),
        ({"words": "  "}, "words"),
        ({"digest": "0" * 64}, "digest_differs"),
        ({"factor_at": None}, "factor_not_fresh"),
    ],
)
def test_without_ground_words_digest_or_factor_nothing_is_sent(wrong, code):
    assert refused(scene.proposed(), **wrong) == code
    assert not Alert.objects.live().exists()


def test_who_may_send_alone():
    version = scene.proposed()
    assert refused(version, people.omar()) == "sign_instead"
    assert refused(version, people.nadia()) == "no_permission"
    assert refused(version, people.lea()) == "no_permission"
    abroad = people.officer("yara", Role.OFFICER, at=people.unit("akanda", people.agency("autre")))
    assert refused(version, abroad) == "not_yours"
    other = sami()
    other.is_superuser = True
    assert refused(version, other) == "superuser"
    assert send(version, Officer.objects.get(pk=other.pk)).sent_by == other


def test_who_proposed_or_sent_it_confirms_nothing_in_any_role():
    version = scene.proposed()
    both = sami()
    send(version, both)
    for own, code in ((both, "own_sending"), (people.ines(), "own_proposal")):
        own.groups.add(*people.omar().groups.all())
        again = Officer.objects.get(pk=own.pk)
        with later(12 * MINUTE):
            with pytest.raises(IssueRefused) as told:
                sign(version, again)
            assert told.value.code == code
            with pytest.raises(IssueRefused) as told:
                issue.refuse(version, again, "Non")
            assert told.value.code == code
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(signed_by=both)


@pytest.mark.parametrize(
    ("act", "state", "end"), [(issue.send_back, "returned", "ended"), (issue.refuse, "refused", "error")]
)
def test_sending_back_or_refusing_stops_it_at_once(act, state, end):
    version = scene.proposed()
    send(version)
    with later(12 * MINUTE):
        act(version, people.omar(), "Ce n’est pas lui")
    alert = Alert.objects.get()
    assert (alert.state, alert.ended_as, scene.stored(version).state) == ("ended", end, state)
    assert Decision.objects.get(subject=version.pk, act="emergency").outcome == "refused"


def test_after_the_hour_nobody_confirms_though_the_clock_was_late():
    version = scene.proposed()
    send(version)
    with later(72 * MINUTE):
        with pytest.raises(IssueRefused) as told:
            sign(version)
        assert told.value.code == "hour_over"
        issue.refuse(version, people.omar(), "Trop tard")
    assert Alert.objects.get().state == "ended"


def test_a_byte_changed_after_it_was_sent_stops_it():
    version = scene.proposed()
    send(version)
    Version.objects.filter(pk=version.pk).update(duration_s=999)
    with later(12 * MINUTE), pytest.raises(IssueRefused) as told:
        sign(version)
    assert told.value.code == "digest_differs"
    assert Alert.objects.get().ended_as == "error"
    assert scene.stored(version).state == "lapsed"
    assert Task.objects.filter(kind="signature_void").exists()


def test_stopped_by_its_sender_it_waits_for_nobody():
    version = scene.proposed()
    send(version)
    with later(12 * MINUTE):
        issue.stand_down(version.alert, people.ines(), as_="found", reason="", factor_at=clock.now())
        with pytest.raises(IssueRefused) as told:
            sign(version)
        assert told.value.code == "not_live"
        tasks.expire()
    assert (scene.stored(version).state, Alert.objects.get().ended_as) == ("lapsed", "found")
    assert Decision.objects.get(subject=version.pk, act="emergency").outcome == "lapsed"
    assert not Task.objects.filter(kind="emergency_ended").exists()


def test_a_right_taken_away_or_a_conflict_stands_in_its_way():
    version = scene.proposed()
    Case.objects.update(conflict=True)
    assert refused(version) == "in_conflict"
    Case.objects.update(conflict=False)
    scene.withdraw_consent(version.alert.case)
    assert refused(version) == "no_consent"
    people.ines().groups.clear()
    assert refused(version, Officer.objects.get(username="ines")) == "no_permission"


def test_sent_alone_the_calls_for_a_signature_are_withdrawn_and_those_who_may_sign_are_told_why():
    people.omar()
    version = scene.proposed()
    first = step_of(version.pk, "sign:0")
    assert {row.state for row in Delivery.objects.filter(subject=first)} == {"queued"}
    send(version)
    assert {row.state for row in Delivery.objects.filter(subject=first)} == {"withdrawn"}
    assert called(version, "0") == {"omar"}
    with later(12 * MINUTE):
        sign(version)
    told = Delivery.objects.filter(subject=step_of(version.pk, "emergency:0"))
    assert {row.state for row in told} == {"withdrawn"}


def test_an_update_is_never_sent_alone():
    version = scene.signed()
    following = scene.proposing(updating.update(version.alert, people.ines(), duration_s=7200))
    assert refused(following) == "already_live"


def test_a_signed_update_stands_in_for_what_one_person_sent():
    version = scene.proposed()
    send(version)
    with later(12 * MINUTE):
        following = scene.proposing(updating.update(version.alert, people.ines(), duration_s=7200))
        sign(following)
    assert (scene.stored(version).state, scene.stored(following).state) == ("superseded", "signed")
    assert Decision.objects.get(subject=version.pk, act="emergency").outcome == "lapsed"
    with later(80 * MINUTE):
        tasks.expire()
    assert Alert.objects.get().is_live

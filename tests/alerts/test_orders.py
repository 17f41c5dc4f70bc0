"""What magistrates order: without one nobody signs where the rule asks for it; a hold stops everything."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from alerts import issue, orders, retention, tasks
from alerts.issue import IssueRefused
from alerts.issue.ordering import Ordered, Paper
from alerts.models import Alert, Order
from cases.models import Case
from cases.page import step_of
from notifier.models import Delivery
from tests import people
from tests.alerts import scene
from tests.cases.shifts import MINUTE, later
from trust import clock, keys, vault
from trust.models import AuditEntry, Decision, Officer
from trust.roles import Role

pytestmark = pytest.mark.django_db

MINUTE_OF_CALL = "Le substitut Bennis a appelé le poste à 14 h 10 et ordonné la diffusion"


def told(kind: str = "alert", **changes) -> Ordered:
    said = Ordered(kind, "prosecutor", "2026/417", "Maître Bennis", clock.now(), words=MINUTE_OF_CALL)
    return replace(said, **changes)


def record(case: Case, kind: str = "alert", who: Officer | None = None, **changes) -> Order:
    given = told(kind, **changes)
    return issue.record_order(case, who or people.ines(), given, factor_at=clock.now())


def code_of(act) -> str:
    with pytest.raises(IssueRefused) as said:
        act()
    assert str(said.value)
    return said.value.code


def sign(version):
    return issue.sign(version, people.omar(), digest=version.digest, factor_at=clock.now())


@pytest.mark.parametrize(
    ("rule", "office", "enough"),
    [
        ("prosecutor", "prosecutor", True),
        ("prosecutor", "judge", False),
        ("either", "judge", True),
        ("none", "", True),
    ],
)
def test_the_rule_says_whose_order_an_alert_needs(settings, rule, office, enough):
    settings.ORDER_RULE = rule
    case = scene.case()
    assert orders.missing(case) == (rule != "none")
    if office:
        record(case, office=office)
    assert orders.missing(case) is not enough


def test_without_its_order_an_alert_is_proposed_but_neither_signed_nor_sent_alone(settings):
    settings.ORDER_RULE = "prosecutor"
    version = scene.proposed()
    assert code_of(lambda: sign(version)) == "order_missing"
    with later(11 * MINUTE):
        given: dict[str, Any] = {"digest": version.digest, "factor_at": clock.now()}
        alone = code_of(
            lambda: issue.send_at_once(version, people.ines(), "prosecutor", "Par appel", **given)
        )
    assert alone == "order_missing"
    record(version.alert.case)
    assert sign(version).state == "signed"


def test_an_exercise_needs_no_magistrate(settings):
    settings.ORDER_RULE = "prosecutor"
    assert sign(scene.proposed(kind="exercise")).state == "signed"


def test_an_order_on_a_report_that_was_joined_counts():
    first, second = scene.case(), scene.case()
    hold = record(second, "hold")
    Case.objects.filter(pk=second.pk).update(state="merged", merged_into=first)
    assert orders.standing_hold(Case.objects.get(pk=first.pk)) == hold


def test_a_scan_is_kept_sealed_with_its_case_and_names_are_nowhere_in_clear():
    case = scene.case()
    paper = Paper(b"as it came", scene.jpeg())
    order = record(case, words="", paper=paper)
    kept = Order.objects.get()
    assert (kept.how, kept.number, kept.magistrate) == ("scan", "2026/417", "Maître Bennis")
    assert (kept.scan(), vault.get(case.pk, kept.original_key)) == (scene.jpeg(), b"as it came")
    logged = AuditEntry.objects.get(action="order.recorded")
    assert (logged.subject, logged.reason) == (order.pk, "alert:scan")
    keys.destroy(case.pk)
    keys.forget()
    gone = Order.objects.get()
    assert (gone.number, gone.magistrate, gone.words, gone.scan()) == (None, None, None, None)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"words": "  "}, "order_paper"),
        ({"paper": Paper(b"x", b"y")}, "order_paper"),
        ({"paper": Paper(b"x", b"y"), "words": "", "number": " "}, "order_paper"),
        ({"magistrate": " "}, "order_paper"),
        ({"office": "king"}, "order_paper"),
        ({"kind": "wish"}, "order_paper"),
    ],
)
def test_an_order_has_its_paper_or_the_minute_of_the_call(wrong, code):
    case = scene.case()
    assert code_of(lambda: record(case, **wrong)) == code
    assert not Order.objects.exists()


def test_an_order_of_tomorrow_is_refused():
    case = scene.case()
    assert code_of(lambda: record(case, given_at=clock.now() + timedelta(hours=1))) == "order_date"


def test_a_hold_stops_what_is_live_and_blocks_all_that_follows():
    version = scene.signed()
    case = version.alert.case
    record(case, "hold", words=MINUTE_OF_CALL)
    alert = Alert.objects.get()
    assert (alert.state, alert.ended_as) == ("ended", "ended")
    draft: dict[str, Any] = {"area": scene.AREA, "channels": ["sms"], "duration_s": 3600}
    assert code_of(lambda: issue.draft(case, people.ines(), **draft)) == "on_hold"


def test_a_report_under_hold_that_is_joined_to_a_case_stops_it_within_the_clocks_next_round():
    version, held = scene.signed(), scene.case()
    record(held, "hold")
    tasks.expire()
    assert Alert.objects.get().is_live
    Case.objects.filter(pk=held.pk).update(state="merged", merged_into=version.alert.case)
    tasks.expire()
    assert Alert.objects.get().state == "ended"


def test_a_hold_lapses_a_proposal_and_stops_what_one_person_sent():
    version = scene.proposed()
    record(version.alert.case, "hold")
    assert scene.stored(version).state == "lapsed"
    assert code_of(lambda: sign(version)) == "not_proposed"
    assert Decision.objects.get(subject=version.pk).outcome == "lapsed"

    other = scene.proposed(scene.case())
    with later(11 * MINUTE):
        given: dict[str, Any] = {"digest": other.digest, "factor_at": clock.now()}
        issue.send_at_once(other, people.ines(), "life", "Vite", **given)
        record(other.alert.case, "hold")
    assert scene.stored(other).state == "lapsed"
    assert not Alert.objects.live().exists()
    assert not Decision.objects.filter(act="emergency", outcome="").exists()


def test_a_draft_on_hold_is_not_proposed():
    version = scene.drafted()
    record(version.alert.case, "hold")
    assert code_of(lambda: issue.propose(version, people.ines())) == "on_hold"


def test_a_hold_needs_the_right_to_stop_and_a_fresh_factor():
    case, clerk = scene.case(), people.officer("lina", Role.INTAKE, at=people.unit())
    for factor, who, code in (
        (None, people.ines(), "factor_not_fresh"),
        (clock.now(), clerk, "no_permission"),
        (clock.now(), people.lea(), "no_permission"),
    ):
        given = told("hold")
        assert (
            code_of(
                lambda who=who, given=given, at=factor: issue.record_order(case, who, given, factor_at=at)
            )
            == code
        )
    assert not Order.objects.exists()


def test_two_officers_release_a_hold_and_neither_alone():
    version = scene.signed()
    case = version.alert.case
    hold, omar = record(case, "hold", people.omar()), people.omar()
    salma = people.officer("salma", Role.APPROVER, at=people.unit())
    now = clock.now()
    assert (
        code_of(lambda: issue.decide_release(hold, salma, granted=True, factor_at=now)) == "release_not_asked"
    )
    decision = issue.ask_release(hold, omar, "Levé par Me Bennis à 16 h")
    assert {call.person for call in Delivery.objects.filter(subject=step_of(decision.pk, "release"))} == {
        salma.pk
    }
    assert code_of(lambda: issue.ask_release(hold, people.ines(), "Moi aussi")) == "release_asked"
    for who, at, code in (
        (omar, now, "own_release"),
        (salma, None, "factor_not_fresh"),
        (people.ines(), now, "no_permission"),
    ):
        assert code_of(lambda w=who, a=at: issue.decide_release(hold, w, granted=True, factor_at=a)) == code
    issue.decide_release(hold, salma, granted=False, factor_at=now)
    assert orders.standing_hold(case)
    issue.ask_release(hold, omar, "Ordonnance 12 du tribunal")
    issue.decide_release(hold, salma, granted=True, factor_at=now)
    assert orders.standing_hold(case) is None
    assert Alert.objects.get().state == "ended"
    assert scene.drafted(case).state == "draft"
    assert code_of(lambda: issue.ask_release(hold, omar, "Encore")) == "not_holding"
    assert list(
        Decision.objects.filter(act="release_hold").order_by("asked_at").values_list("outcome", flat=True)
    ) == ["refused", "granted"]


@pytest.mark.parametrize("forged", [{"released_at": "now"}, {"kind": "alert", "released_at": None}])
def test_a_release_that_the_log_does_not_prove_releases_nothing(client, forged):
    """Somebody with the database alone: the stamp of a release, or the hold turned into its opposite."""
    case = scene.case()
    hold = record(case, "hold")
    told_now = {name: clock.now() if value == "now" else value for name, value in forged.items()}
    Order.objects.filter(pk=hold.pk).update(**told_now)
    assert orders.standing_hold(case) == hold
    assert code_of(lambda: scene.drafted(case)) == "on_hold"
    people.login(client, people.ines())
    shown = client.get(f"/police/alerts/order/{hold.pk}/change/")
    assert shown.context["holds"]
    assert not shown.context["released_at"]
    assert shown.context["may_ask"]
    hold = Order.objects.get()
    assert issue.ask_release(hold, people.omar(), "Levé par Me Bennis")


def test_a_granted_release_copied_onto_another_hold_releases_it_not():
    one, other = scene.case(), scene.case()
    for case in (one, other):
        record(case, "hold")
    released = Order.objects.get(case=one)
    issue.ask_release(released, people.omar(), "Levé")
    salma = people.officer("salma", Role.APPROVER, at=people.unit())
    issue.decide_release(released, salma, granted=True, factor_at=clock.now())
    Order.objects.filter(case=other).update(released_at=clock.now())
    Decision.objects.filter(subject=released.pk).update(subject=Order.objects.get(case=other).pk)
    assert orders.standing_hold(one) is None
    assert orders.standing_hold(other)


def test_what_is_live_under_a_hold_whose_release_was_forged_is_stopped_by_the_clock():
    version = scene.signed()
    hold = record(scene.case(), "hold")
    Order.objects.filter(pk=hold.pk).update(case=version.alert.case, released_at=clock.now())
    assert issue.keep_holds() == 1
    assert Alert.objects.get(pk=version.alert_id).state == "ended"
    assert issue.keep_holds() == 0


def test_the_database_knows_no_order_without_its_paper_and_releases_only_holds():
    order = record(scene.case())
    for wrong in ({"how": "scan"}, {"released_at": clock.now()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Order.objects.filter(pk=order.pk).update(**wrong)


def test_the_scan_of_an_erased_case_is_purged():
    case = scene.case()
    order = record(case, words="", paper=Paper(b"as it came", scene.jpeg()))
    assert retention.purge()["order_scans"] == 0
    Case.objects.filter(pk=case.pk).update(state="erased")
    assert retention.purge()["order_scans"] == 1
    with pytest.raises(vault.NotKept):
        vault.get(case.pk, order.original_key)
    assert retention.purge()["order_scans"] == 0

"""Two officers at one case at once: one counts, the other is told."""

from collections.abc import Callable

import pytest

from alerts import issue
from alerts.issue import IssueRefused
from alerts.models import Alert, Document, Version
from cases.accept import accept
from cases.close import close
from cases.conflict import raise_conflict
from cases.models import Case, CaseState, Consent, MoveRefused
from cases.report import receive
from cases.same_child import merge
from cases.withdraw import withdraw
from tests import people
from tests.alerts import scene
from tests.alerts.test_race import at_once
from trust import clock
from trust.models import AuditEntry, Officer
from trust.roles import Role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


def accepting(case: Case, who: Officer) -> Callable[[], object]:
    return saying(lambda: accept(Case.objects.get(pk=case.pk), who))


def closing(version: Version, who: Officer) -> Callable[[], object]:
    return saying(lambda: close(Case.objects.get(pk=version.key_owner), who, "found_safe"))


def saying(act: Callable[[], object]) -> Callable[[], object]:
    """Let at_once report a refused move as it reports a refused issue."""

    def run() -> object:
        try:
            return act()
        except MoveRefused as refused:
            raise IssueRefused("not_live") from refused

    return run


def sami() -> Officer:
    return people.officer("sami", Role.OFFICER, at=people.unit())


def test_of_two_officers_who_accept_at_once_one_owns_the_case():
    people.unit()
    case = receive(scene.report()).case
    both = [people.ines(), sami()]
    acts = [accepting(case, who) for who in both]
    assert at_once(*acts) == ["done", "not_live"]
    assert Case.objects.get(pk=case.pk).owner in both
    assert AuditEntry.objects.filter(action="case.accepted", subject=case.pk).count() == 1


def test_of_two_officers_who_close_at_once_one_ends_the_alert():
    version = scene.signed()
    acts = [closing(version, people.ines()), closing(version, sami())]
    assert at_once(*acts) == ["done", "not_live"]
    assert Alert.objects.get().state == Alert.State.ENDED
    assert Document.objects.filter(ends_alert=True).count() == 1


def test_a_signature_and_the_closing_at_once_leave_no_alert_behind():
    version = scene.proposed()
    ines, omar = people.ines(), people.omar()
    at_once(
        lambda: issue.sign(version, omar, digest=version.digest, factor_at=clock.now()),
        closing(version, ines),
    )
    assert Case.objects.get().state == CaseState.CLOSED
    assert not Alert.objects.live().exists()


def test_stopping_and_closing_at_once_end_the_alert_once():
    version = scene.signed()
    ines, omar = people.ines(), people.omar()
    at_once(
        lambda: issue.stand_down(version.alert, omar, as_="found", reason="", factor_at=clock.now()),
        closing(version, ines),
    )
    assert Alert.objects.get().state == Alert.State.ENDED
    assert Document.objects.filter(ends_alert=True).count() == 1
    assert Case.objects.get().state == CaseState.CLOSED


def joining(case: Case, into: Case, who: Officer) -> Callable[[], object]:
    def join() -> None:
        one, other = Case.objects.get(pk=case.pk), Case.objects.get(pk=into.pk)
        merge(one, other, who, {one.children.get().pk: other.children.get().pk})

    return saying(join)


def test_of_two_officers_who_join_two_cases_crosswise_one_comes_first():
    people.unit()
    one, other = receive(scene.report()).case, receive(scene.report()).case
    acts = [joining(one, other, people.ines()), joining(other, one, sami())]
    assert at_once(*acts) == ["done", "not_live"]
    assert Case.objects.filter(state=CaseState.MERGED).count() == 1
    assert AuditEntry.objects.filter(action="case.merged").count() == 1


def test_a_signature_and_a_conflict_at_once_never_leave_a_signature_after_it():
    version = scene.proposed()
    ines, omar = people.ines(), people.omar()
    case = Case.objects.get(pk=version.key_owner)
    at_once(
        lambda: issue.sign(version, omar, digest=version.digest, factor_at=clock.now()),
        lambda: raise_conflict(case, "reporter_danger", ines),
    )
    case.refresh_from_db()
    assert case.conflict
    signed = AuditEntry.objects.filter(action="version.signed").first()
    raised = AuditEntry.objects.get(action="case.conflict_set")
    assert signed is None or signed.at < raised.at


def test_withdrawing_and_joining_at_once_lock_in_one_order():
    people.unit()
    one, other = receive(scene.report()).case, receive(scene.report()).case
    consent = Consent.objects.get(case=one)
    said = at_once(joining(one, other, people.ines()), lambda: withdraw(consent))
    assert said == ["done", "done"]
    assert Case.objects.get(pk=one.pk).standing == other

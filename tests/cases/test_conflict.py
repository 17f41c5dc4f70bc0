"""Two guardians who disagree, a court's order, a reporter who may be the danger."""

from datetime import timedelta
from html import unescape

import pytest

from alerts import issue
from alerts.issue import IssueRefused
from alerts.models import Alert
from cases import conflict, vocabulary
from cases.consenting import give
from cases.guardians import same_person
from cases.home import report_home
from cases.models import Case, Consent, MoveRefused, ThreadEntry
from cases.renew import renew_secret
from cases.reported import Reporter
from cases.rights import ask_erasure
from cases.telling import Told, tell
from cases.withdraw import CLOCK, comply_due, withdraw
from notifier.models import Delivery
from tests import people
from tests.alerts import scene
from tests.cases import family
from trust import clock
from trust.models import AuditEntry, Decision, Task

pytestmark = pytest.mark.django_db
MOTHER = Reporter(family.RESTRICTED["mother"], family.RESTRICTED["phone"], "mother")
FATHER = Reporter("Karim Benali", "+212611111111", "father")
JUDGE = ("Tribunal de première instance de Rabat", "La garde est à la mère.")


@pytest.fixture
def case(ines):
    return family.a_case()


def now_of(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def disagree(case: Case) -> None:
    give(case.children.get(), FATHER, family.consent(fields=()))


def settled(case: Case) -> None:
    conflict.settle(now_of(case), people.omar(), *JUDGE, clock.now().date())


# ---- what raises it


def test_a_father_who_refuses_what_the_mother_allows_raises_it(case, ines):
    disagree(case)
    assert (now_of(case).conflict, now_of(case).conflict_ground) == (True, "guardians_disagree")
    task = Task.objects.get(kind="conflict")
    assert (task.unit, task.detail_code) == (case.unit, "")
    assert Delivery.objects.filter(subject=task.pk, person=ines.pk).count() == 2


def test_one_guardian_who_changes_her_mind_is_no_conflict(case):
    for fields in (("name",), (), ("name", "photo")):
        give(case.children.get(), MOTHER, family.consent(fields=fields))
    withdraw(Consent.objects.given().get())
    assert not now_of(case).conflict


def test_two_guardians_who_both_allow_agree(case):
    give(case.children.get(), FATHER, family.consent(fields=("name",)))
    assert not now_of(case).conflict


def test_a_guardian_who_takes_back_what_the_other_still_allows_raises_it_and_ends_nothing(case):
    of_father = give(case.children.get(), FATHER, family.consent())
    assert of_father
    assert withdraw(of_father) is None
    assert now_of(case).conflict
    assert Consent.objects.given().count() == 2


@pytest.mark.parametrize(
    ("custody", "ground"),
    [
        ("dispute", "guardians_disagree"),
        ("order", "custody_order"),
        ("protection_order", "protection_order"),
        ("none", ""),
        ("unknown", ""),
    ],
)
def test_what_the_family_tells_of_custody_raises_it(case, custody, ground):
    tell(case, None, {"custody": custody}, Told())
    assert (now_of(case).conflict, now_of(case).conflict_ground or "") == (bool(ground), ground)


def test_every_ground_has_its_words():
    grounds = {*conflict.GROUND_OF_CUSTODY.values(), "reporter_danger"}
    assert grounds == set(vocabulary.codes("conflict_ground"))


def test_an_officer_may_raise_it_and_the_log_says_who(case, ines):
    assert conflict.raise_conflict(case, "reporter_danger", ines)
    assert not conflict.raise_conflict(now_of(case), "custody_order", ines)
    entry = AuditEntry.objects.get(action="case.conflict_set")
    assert (entry.actor, entry.reason, now_of(case).conflict_ground) == (
        ines.pk,
        conflict.SEALED,
        "reporter_danger",
    )
    with pytest.raises(MoveRefused, match="unknown_ground"):
        conflict.raise_conflict(case, "a hunch", ines)


@pytest.mark.parametrize(
    ("relation", "name", "phone", "same"),
    [
        ("mother", "Houria Mansouri", "+212612345678", False),
        ("mother", "Samira Zerhouni", "", True),
        ("guardian", "SAMIRA  ZERHOUNI", "", True),
        ("father", "Samira Zerhouni", "+212612345678", False),
        ("mother", "", "", True),
        ("guardian", "", "+212612345678", True),
        ("guardian", "", "+212655555555", False),
    ],
)
def test_who_is_the_same_guardian(relation, name, phone, same):
    one, other = Consent(relation="mother"), Consent(relation=relation)
    one.guardian = {"name": "Samira Zerhouni", "phone": "+212612345678"}
    other.guardian = {"name": name, "phone": phone}
    assert same_person(one, other) is same
    assert same_person(other, one) is same


# ---- what it stops


def test_nobody_proposes_or_signs_until_it_is_settled():
    draft = scene.drafted()
    case = now_of(draft.alert.case)
    conflict.raise_conflict(case, "reporter_danger", people.ines())
    with pytest.raises(IssueRefused) as proposing:
        issue.propose(draft, people.ines())
    settled(case)
    version = issue.propose(draft, people.ines())
    conflict.raise_conflict(case, "custody_order", people.ines())
    with pytest.raises(IssueRefused) as signing:
        issue.sign(version, people.omar(), digest=version.digest, factor_at=clock.now())
    assert (proposing.value.code, signing.value.code) == ("in_conflict", "in_conflict")
    settled(case)
    issue.sign(version, people.omar(), digest=version.digest, factor_at=clock.now())
    assert Alert.objects.get().is_live


def test_what_the_reporter_asks_for_becomes_tasks_and_the_thread_says_so_and_no_more(case, ines):
    conflict.raise_conflict(case, "reporter_danger", ines)
    case = now_of(case)
    before = ThreadEntry.objects.count()
    report_home(case)
    assert withdraw(case.consents.get()) is None
    ask_erasure(case)
    kinds = set(Task.objects.still_open().values_list("kind", flat=True))
    assert {"child_home", "withdrawal_left", "erasure"} <= kinds
    assert [e.code for e in ThreadEntry.objects.filter(subject=case.pk)][before:] == ["unit_told"] * 3
    assert Consent.objects.given().count() == 1
    assert not Decision.objects.exists()


def test_while_an_alert_lives_no_clock_runs_against_it(monkeypatch):
    version = scene.signed()
    case = now_of(version.alert.case)
    conflict.raise_conflict(case, "reporter_danger", people.ines())
    withdraw(Consent.objects.get())
    monkeypatch.setattr(clock, "SHIFT", CLOCK)
    assert comply_due() == 0
    assert scene.stored(version).alert.is_live
    assert Consent.objects.given().exists()


def test_a_clock_that_runs_already_is_stopped_and_left_to_the_unit(monkeypatch):
    version = scene.signed()
    decision = withdraw(Consent.objects.get())
    assert decision
    conflict.raise_conflict(now_of(version.alert.case), "reporter_danger", people.ines())
    monkeypatch.setattr(clock, "SHIFT", CLOCK)
    assert comply_due() == 0
    assert Consent.objects.get().withdrawn_at is None
    assert Decision.objects.get(pk=decision.pk).outcome == "refused"
    assert Task.objects.still_open().filter(kind="consent.withdraw").exists()


def test_an_officer_waits_for_the_authority_too(case, ines):
    conflict.raise_conflict(case, "reporter_danger", ines)
    with pytest.raises(MoveRefused, match="in_conflict"):
        withdraw(Consent.objects.get(), officer=ines)
    settled(case)
    withdraw(Consent.objects.get(), officer=ines)
    assert not Consent.objects.given().exists()


# ---- how it ends


def test_a_named_authoritys_decision_ends_it_and_is_kept_sealed(case, ines):
    disagree(case)
    settled(case)
    kept = conflict.decisions(now_of(case))
    assert (now_of(case).conflict, now_of(case).conflict_ground) == (False, None)
    assert [(d["authority"], d["decision"], d["ground"]) for d in kept] == [(*JUDGE, "guardians_disagree")]
    assert kept[0]["officer"] == str(people.omar().pk)
    row = Case.objects.filter(pk=case.pk).values_list("conflict_decision", flat=True).get()
    assert row
    assert b"Tribunal" not in bytes(row)
    assert Task.objects.get(kind="conflict").result == "settled"
    assert AuditEntry.objects.filter(action="case.conflict_settled", actor=people.omar().pk).exists()


def test_what_was_decided_is_not_raised_again_but_something_new_is(case):
    tell(case, None, {"custody": "order"}, Told())
    settled(case)
    assert conflict.look(now_of(case)) == ""
    disagree(case)
    assert now_of(case).conflict_ground == "guardians_disagree"


@pytest.mark.parametrize(
    ("authority", "decision", "days", "code"),
    [
        (" ", "x", 0, "no_authority"),
        ("x", "", 0, "no_authority"),
        ("x" * 201, "x", 0, "no_authority"),
        ("x", "x" * 2001, 0, "no_authority"),
        ("x", "x", 2, "in_the_future"),
    ],
)
def test_a_decision_needs_who_what_and_a_day_that_has_come(case, authority, decision, days, code):
    disagree(case)
    day = (clock.now() + timedelta(days=days)).date()
    with pytest.raises(MoveRefused, match=code):
        conflict.settle(now_of(case), people.omar(), authority, decision, day)
    assert now_of(case).conflict


def test_only_an_approver_of_the_agency_records_it(case, ines):
    disagree(case)
    for officer in (ines, people.lea()):
        with pytest.raises(MoveRefused, match="no_permission"):
            conflict.settle(now_of(case), officer, *JUDGE, clock.now().date())


def test_there_is_nothing_to_settle_where_nobody_disagrees(case):
    with pytest.raises(MoveRefused, match="not_in_conflict"):
        settled(case)


# ---- the whole way, as its people see it


def test_a_father_with_the_secret_cannot_switch_the_alert_off(client, ines):
    """The mother reports; an officer fears the father, who has her secret: he presses everything."""
    version = scene.signed()
    case = now_of(version.alert.case)
    conflict.raise_conflict(case, "reporter_danger", people.ines())
    secret = renew_secret(case, people.ines())
    url = "/fr/report/follow/"
    page = client.post(url, {"reference": case.reference, "secret": secret.words("fr")})
    for act in ("home", "withdraw", "erase"):
        sent = {"key": page.context["key"], "act": act, "consent": Consent.objects.get().pk}
        page = client.post(url, sent, follow=True)
    told = [line.words for line in page.context["lines"] if line.author == "system"][-3:]
    assert len(set(told)) == 1
    assert "conflit" not in unescape(page.content.decode())
    assert scene.stored(version).alert.is_live
    assert Consent.objects.given().exists()

"""One child reported twice: found with reasons, joined by an officer, and both families keep their thread."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings

from alerts import facts, issue
from cases import conflict, retention, same_child, thread
from cases.accept import accept
from cases.close import close
from cases.consenting import give
from cases.erase import erase
from cases.fields import PUBLIC_FIELDS
from cases.home import report_home
from cases.models import Case, CaseState, Child, Consent, MoveRefused, NameToken, Photo, Resemblance
from cases.models.child import ADOPTED_FROM
from cases.report import receive
from cases.reported import ReportedChild, ReportedPlace, Reporter
from cases.same_child import different, look_for, merge
from cases.withdraw import CLOCK, comply_due, withdraw
from geo.points import Point
from tests import people
from tests.alerts import scene
from tests.cases import family
from trust import clock, keys, vault
from trust.fields import Sealed
from trust.models import AuditEntry, Task

pytestmark = pytest.mark.django_db
URL = "/ar/report/follow/"
UNCLE = Reporter("إدريس الزرهوني", "+212698765432", "uncle")
FATHER = Reporter("Karim Zerhouni", "+212611111111", "father")


def from_the_uncle(**changes):
    """Return what the uncle says at another desk: in the other script, the age guessed, no birth date."""
    child = ReportedChild("ياسمين", "الزرهوني", age_years=12, sex="girl", facts={"hair": "brown_long"})
    values = {
        "language": "ar",
        "children": (child,),
        "last_seen_at": family.SEEN_AT + timedelta(hours=1),
        "last_seen": ReportedPlace("قرب السوق", point=Point(34.0215, -6.8400), source="tapped"),
        "reporter": UNCLE,
        "consent": None,
        "places": (),
        "circumstances": "",
    }
    return family.report(**{**values, **changes})


def of_a_stranger(**changes):
    child = ReportedChild("Omar", "Benjelloun", age_years=16, sex="boy")
    return from_the_uncle(**{"children": (child,), "reporter": FATHER, **changes})


@pytest.fixture
def mother(ines):
    """She typed Latin letters only, and gave the day of birth."""
    (child,) = family.report().children
    return receive(family.report(children=(replace(child, name_arabic="", name_latin=""),)))


@pytest.fixture
def uncle(mother):
    return receive(from_the_uncle())


def children_of(case, into):
    return dict(zip(pks(case), pks(into), strict=True))


def pks(case):
    return [child.pk for child in case.children.all()]


def join(case, into, officer):
    merge(case, into, officer, children_of(case, into))


def now_of(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


# ---- finding it


def test_the_uncle_in_the_other_script_is_a_probable_duplicate_with_reasons(mother, uncle):
    found = Resemblance.objects.get()
    assert (found.case, found.other, found.band) == (uncle.case, mother.case, "probable")
    assert {"age_close", "near_place", "same_hours"} < set(found.reasons)
    assert {"same_name", "name_sounds_alike"} & set(found.reasons)
    assert Task.objects.still_open().get(kind="same_child").subject == uncle.case.pk


def test_two_reports_of_one_moment_find_each_other_by_the_clock(mother, uncle):
    Resemblance.objects.all().delete()
    Task.objects.filter(kind="same_child").delete()  # as if neither had seen the other
    assert same_child.look_again() == 2
    assert Resemblance.objects.count() == 1
    assert same_child.look_again() == 2
    assert (Resemblance.objects.count(), Task.objects.filter(kind="same_child").count()) == (1, 1)


def test_another_child_is_none(mother):
    receive(of_a_stranger())
    assert not Resemblance.objects.exists()


def test_a_sister_is_never_called_probable(mother):
    sister = ReportedChild("Houda", "Zerhouni", age_years=10, sex="girl")
    receive(from_the_uncle(children=(sister,), reporter=family.report().reporter))
    assert not Resemblance.objects.filter(band="probable").exists()


def test_only_cases_in_work_are_looked_at(mother, ines):
    accept(mother.case, ines)
    close(mother.case, ines, "found_safe")
    receive(from_the_uncle())
    assert not Resemblance.objects.exists()


def test_looking_again_after_the_name_was_corrected_takes_the_new_one(mother, ines):
    other = receive(of_a_stranger()).case
    child = other.children.get()
    child.given_name, child.family_name, child.age_years, child.sex = "Yasmine", "Zerhouni", 11, "girl"
    child.save()
    NameToken.objects.filter(child=child).update(token=NameToken.objects.filter(case=mother.case)[0].token)
    assert [found.other for found in look_for(other)] == [mother.case]
    child.given_name, child.family_name, child.sex, child.age_years = "Omar", "Benjelloun", "boy", 16
    child.save()
    assert look_for(other) == []
    assert not Resemblance.objects.exists()
    assert not Task.objects.still_open().filter(kind="same_child").exists()


def test_what_an_officer_said_is_another_child_stays_so(mother, uncle, ines):
    different(Resemblance.objects.get(), ines)
    look_for(uncle.case)
    look_for(mother.case)
    found = Resemblance.objects.get()
    assert (found.verdict, found.decided_by) == ("different", ines)
    assert not Task.objects.still_open().filter(kind="same_child").exists()
    assert AuditEntry.objects.filter(action="case.resemblance_decided", actor=ines.pk).exists()


def test_a_damaged_case_loses_nobody_a_report(mother, caplog):
    damaged = Child.objects.get(case=mother.case)
    Child.objects.filter(pk=damaged.pk).update(name_latin=keys_of_nobody())
    received = receive(from_the_uncle())
    assert Case.objects.filter(pk=received.case.pk).exists()
    assert "could not be compared" in caplog.text
    assert family.RESTRICTED["family"] not in caplog.text


def keys_of_nobody():
    return Sealed(b"\x01" + b"x" * 60)


def test_fifty_candidates_cost_few_queries(mother, django_assert_max_num_queries):
    for number in range(12):
        receive(
            of_a_stranger(
                children=(ReportedChild("Omar", f"Zerhouni {'abcdefghijkl'[number]}", age_years=16),)
            )
        )
    uncle = receive(from_the_uncle()).case
    with django_assert_max_num_queries(20):
        look_for(uncle)


# ---- joining


def test_joined_reports_keep_key_facts_thread_and_secret(mother, uncle, ines):
    join(uncle.case, mother.case, ines)
    joined = now_of(uncle.case)
    assert (joined.state, joined.merged_into, joined.standing) == (
        CaseState.MERGED, mother.case, mother.case,
    )  # fmt: skip
    assert joined.reporter["name"] == UNCLE.name
    assert joined.children.get().value("hair") == "brown_long"
    assert [entry.code for entry in thread.entries(joined.pk)] == ["received", "merged"]
    assert thread.open_case(uncle.reference, uncle.secret.digits) == joined
    assert Resemblance.objects.get().verdict == "same"
    assert AuditEntry.objects.filter(action="case.took_in", subject=mother.case.pk).exists()


def test_the_consents_of_both_count_for_the_one_child(ines):
    mother = receive(family.report(consent=family.consent(fields=("name",))))
    fathers = receive(from_the_uncle(reporter=FATHER, consent=family.consent(fields=("photo",))))
    join(fathers.case, mother.case, ines)
    child = mother.case.children.get()
    assert facts.allowed(child, "sms", clock.now()) == {"name", "photo"}
    consent = Consent.objects.get(case=fathers.case)
    assert (consent.child, consent.guardian["name"]) == (child, FATHER.name)


def test_what_the_joined_guardian_allows_later_counts_too(mother, ines):
    fathers = receive(from_the_uncle(reporter=FATHER)).case
    join(fathers, mother.case, ines)
    withdraw(Consent.objects.get(case=mother.case))
    give(Child.objects.get(case=fathers), FATHER, family.consent(fields=("name",)))
    assert facts.allowed(mother.case.children.get(), "sms", clock.now()) == {"name"}


def test_a_joined_guardian_who_refuses_puts_the_case_in_conflict(mother, ines):
    fathers = receive(from_the_uncle(reporter=FATHER, consent=family.consent(fields=()))).case
    assert not now_of(mother.case).conflict
    join(fathers, mother.case, ines)
    assert now_of(mother.case).conflict_ground == "guardians_disagree"


def test_a_conflict_of_the_joined_report_goes_with_it(mother, uncle, ines):
    conflict.raise_conflict(uncle.case, "reporter_danger", ines)
    join(uncle.case, mother.case, ines)
    assert now_of(mother.case).conflict_ground == "reporter_danger"


def test_while_the_joined_into_case_is_public_a_joined_guardian_waits_ten_minutes_too(monkeypatch):
    version = scene.signed()
    fathers = receive(
        from_the_uncle(
            children=(ReportedChild("Amina", "El Idrissi", age_years=9, sex="girl"),),
            reporter=Reporter("Karim Benali", "+212612345678", "father"),
            consent=family.consent(),
        )
    ).case
    join(fathers, version.alert.case, people.ines())
    decision = withdraw(Consent.objects.get(case=fathers))
    assert decision is not None
    assert Task.objects.get(kind="consent.withdraw").detail_code == fathers.reference
    monkeypatch.setattr(clock, "SHIFT", CLOCK)
    assert comply_due() == 1
    assert not Task.objects.still_open().filter(kind="consent.withdraw").exists()


def test_a_child_the_other_report_lacks_goes_over_under_the_other_key(ines):
    adam = ReportedChild(
        "Adam", "Zerhouni", age_years=6, sex="boy", facts={"hair": "black_long"}, photos=(family.PHOTO,)
    )
    one = receive(from_the_uncle(reporter=family.report().reporter, consent=None)).case
    both = receive(family.report(children=(*family.report().children, adam))).case
    first, second = both.children.all()
    merge(both, one, ines, {first.pk: one.children.get().pk, second.pk: None})
    copy = one.children.get(position=ADOPTED_FROM)
    assert (copy.given_name, copy.age_years, copy.value("hair")) == ("Adam", 6, "black_long")
    assert copy.photo
    assert copy.photo.clean_bytes() == family.PHOTO.clean
    assert Child.objects.get(pk=second.pk).counted == copy
    assert set(facts.allowed(copy, "sms", clock.now())) == set(PUBLIC_FIELDS)
    tokens = NameToken.objects.filter(child=second).values_list("token", flat=True)
    assert set(tokens) == set(NameToken.objects.filter(child=copy).values_list("token", flat=True))
    keys.destroy(both.pk)
    keys.forget()
    assert Child.objects.get(pk=copy.pk).given_name == "Adam"
    photo = Photo.objects.get(child=copy)
    assert vault.find(one.pk, photo.original_key) == family.PHOTO.original


def test_files_of_a_joining_that_failed_do_not_stay(mother, ines, monkeypatch):
    both = receive(family.report()).case
    before = sorted(files())
    monkeypatch.setattr(same_child, "_join", broken)
    with pytest.raises(MoveRefused):
        merge(both, mother.case, ines, {both.children.get().pk: None})
    assert sorted(files()) == before
    assert Photo.objects.count() == 2


def broken(*_args):
    raise MoveRefused("no_such_move")


def files():
    return [path.name for path in settings.VAULT_DIR.rglob("*") if path.is_file()]


def test_what_is_refused(mother, uncle, ines):
    a, b = mother.case, uncle.case
    stranger = receive(of_a_stranger()).case
    for case, into, children, code in (
        (a, a, children_of(a, a), "same_case"),
        (a, b, {}, "wrong_children"),
        (a, b, dict.fromkeys(pks(a), pks(stranger)[0]), "wrong_children"),
    ):
        with pytest.raises(MoveRefused, match=code):
            merge(case, into, ines, children)
    join(b, a, ines)
    for case, into in ((b, stranger), (stranger, b), (a, b)):
        with pytest.raises(MoveRefused, match="no_such_move"):
            join(now_of(case), now_of(into), ines)
    accept(stranger, ines)
    close(stranger, ines, "found_safe")
    with pytest.raises(MoveRefused, match="no_such_move"):
        join(a, stranger, ines)


def test_a_case_with_a_live_alert_is_joined_to_by_others_and_not_to_them(uncle):
    public = now_of(scene.signed().alert.case)
    with pytest.raises(MoveRefused, match="alert_lives"):
        join(public, uncle.case, people.ines())
    join(uncle.case, public, people.ines())
    assert now_of(uncle.case).standing == public


def test_a_chain_of_joined_reports_ends_at_the_one_that_is_worked_on(mother, uncle, ines):
    third = receive(family.report(reporter=FATHER)).case
    join(uncle.case, mother.case, ines)
    join(now_of(mother.case), third, ines)
    assert now_of(uncle.case).standing == third
    assert {case.pk for case in third.joined} == {mother.case.pk, uncle.case.pk}
    assert Child.objects.get(case=uncle.case).counted == third.children.get()
    assert Consent.objects.filter(child=third.children.get()).count() == 2


def test_a_joined_case_cannot_be_signed_for():
    draft = scene.drafted()
    other = receive(of_a_stranger()).case
    join(now_of(draft.alert.case), other, people.ines())
    with pytest.raises(issue.IssueRefused) as refused:
        issue.propose(draft, people.ines())
    assert refused.value.code == "case_not_open"


# ---- both families live on


def test_tasks_of_both_threads_are_owed_by_the_unit_that_works(mother, uncle, ines):
    report_home(uncle.case)
    elsewhere = people.unit("sale")
    Case.objects.filter(pk=mother.case.pk).update(unit=elsewhere)
    join(uncle.case, now_of(mother.case), ines)
    task = Task.objects.get(kind="child_home")
    assert (task.subject, task.unit, task.detail_code) == (mother.case.pk, elsewhere, uncle.reference)
    thread.family_writes(now_of(uncle.case), "هل من جديد؟")
    thread.family_writes(now_of(mother.case), "Du nouveau ?")
    waiting = Task.objects.still_open().filter(kind="family_waits", subject=mother.case.pk)
    assert set(waiting.values_list("detail_code", flat=True)) == {"", uncle.reference}
    thread.police_write(now_of(uncle.case), ines, "سنتصل بك.")
    assert [task.detail_code for task in waiting.all()] == [""]


def test_a_duplicate_from_an_uncle_in_the_other_script(client, mother, uncle, ines):
    """He reports in Arabic at noon, an officer sees it is her child, and both threads live on."""
    found = Resemblance.objects.get(case=uncle.case)
    accept(mother.case, ines)
    join(found.case, now_of(found.other), ines)
    thread.police_write(now_of(mother.case), ines, "Nous arrivons, madame.")
    thread.police_write(now_of(uncle.case), ines, "شكرا لك.")
    page = client.post(URL, {"reference": uncle.reference, "secret": uncle.secret.words("ar")})
    shown = unescape(page.content.decode())
    assert uncle.reference in shown
    assert "شكرا لك." in shown
    assert str(mother.case.unit.phone) in shown
    assert now_of(mother.case).accepted_at in [stone.at for stone in page.context["milestones"]]
    hers = ("Nous arrivons", mother.reference, "Samira", family.RESTRICTED["phone"], "tanneurs")
    assert not [words for words in hers if words in shown]
    client.post(URL, {"key": page.context["key"], "act": "write", "body": "عندي صورة"})
    assert "شكرا لك." not in told(client, mother)
    assert "عندي صورة" not in told(client, mother)
    assert "Nous arrivons, madame." in told(client, mother)


def told(client, received) -> str:
    page = client.post(
        "/fr/report/follow/", {"reference": received.reference, "secret": received.secret.digits}
    )
    return unescape(page.content.decode())


def test_where_the_place_is_withheld_no_joined_thread_says_more(client, mother, uncle, ines):
    join(uncle.case, mother.case, ines)
    case = now_of(mother.case)
    accept(case, ines)
    close(case, ines, "found_place_withheld")
    for received in (mother, uncle):
        page = told(client, received)
        assert not re.search(r"\d\d:\d\d", page)
        assert received.reference not in page


# ---- forgetting


def test_erasing_the_case_erases_what_was_joined_to_it(mother, uncle, ines):
    join(uncle.case, mother.case, ines)
    with pytest.raises(MoveRefused, match="still_needed"):
        erase(now_of(uncle.case), ines)
    case = now_of(mother.case)
    accept(case, ines)
    close(case, ines, "found_safe")
    erase(case, ines)
    assert now_of(uncle.case).state == CaseState.ERASED
    with pytest.raises(keys.KeyDestroyed):
        keys.seal(uncle.case.pk, "x", b"x")


def test_a_joined_report_is_kept_as_long_as_its_case(mother, uncle, ines, monkeypatch):
    join(uncle.case, mother.case, ines)
    monkeypatch.setattr(clock, "SHIFT", timedelta(days=settings.COUNTRY.retention_days["case"] + 1))
    assert retention.purge()["cases"] == 0
    case = now_of(mother.case)
    accept(case, ines)
    close(case, ines, "found_safe")
    monkeypatch.setattr(clock, "SHIFT", timedelta(days=2 * settings.COUNTRY.retention_days["case"] + 2))
    assert retention.purge()["cases"] == 1
    assert not Case.objects.exclude(state=CaseState.ERASED).exists()

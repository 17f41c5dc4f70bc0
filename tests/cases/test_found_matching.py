"""A found child and a report find each other, whichever comes first; both desks owe a look at it."""

from datetime import timedelta

import pytest
from django.db import connection

from cases import page, retention, same_child
from cases.accept import accept
from cases.close import close
from cases.erase import erase
from cases.found import deciding, filing, matching
from cases.models import Case, CaseState, FoundChild, FoundMatch, FoundToken, MoveRefused, NameToken
from cases.report import receive
from cases.reported import ReportedChild
from cases.tasks import compare_what_was_left
from cases.telling import Told, tell
from notifier.models import Batch, Delivery
from tests import people
from tests.cases import a_found_child, family
from trust import clock, keys, vault
from trust.models import AuditEntry, Officer, Task, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def sami(db):
    """Sami, at another unit of the same force, with whom the found child is."""
    return people.officer("sami", "officer", at=people.unit("hassan"))


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """Do what waits for the commit, as it would be done."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def pair(ines, sami, commits) -> FoundMatch:
    """A report held by Ines, and a child found afterwards by Sami."""
    family.a_case()
    with commits():
        a_found_child.of(sami)
    return FoundMatch.objects.get()


def owed(kind: str = matching.TASK):
    return Task.objects.still_open().filter(kind=kind)


def test_a_child_found_after_the_report_is_matched_told_to_both_desks_and_the_owner_called(
    pair, ines, sami
) -> None:
    assert (pair.band, pair.case.owner, pair.found.unit) == ("probable", ines, sami.unit)
    assert {"same_first_name", "near_and_soon", "same_clothes"} <= set(pair.reasons)
    assert pair.child == pair.case.children.get()
    tasks = {task.subject_kind: task for task in owed()}
    assert (tasks["case"].unit, tasks["case"].owner, tasks["case"].detail_code) == (
        pair.case.unit, ines, pair.found.reference,
    )  # fmt: skip
    assert (tasks["found"].unit, tasks["found"].detail_code) == (sami.unit, pair.case.reference)
    assert Batch.objects.filter(kind=Batch.Kind.PAGE, subject=pair.pk).exists()


def test_a_report_after_the_find_is_matched_as_it_comes(ines, sami, commits) -> None:
    with commits():
        found = a_found_child.of(sami)
    assert not FoundMatch.objects.exists()
    with commits():
        case = family.a_case()
    assert [(row.found, row.case) for row in FoundMatch.objects.all()] == [(found, case)]


def test_what_is_told_later_makes_a_match_and_unmakes_it(ines, sami, commits) -> None:
    case = family.a_case()
    nothing = ("age_low_months", "age_high_months", "photo")
    blank: dict[str, object] = {"name_said": "", "facts": {}, **dict.fromkeys(nothing)}
    with commits():
        found = a_found_child.of(sami, **blank)
    assert not FoundMatch.objects.exists()
    with commits():
        filing.tell(found, a_found_child.told(photo=None), sami)
    assert FoundMatch.objects.get().case == case
    with commits():
        filing.tell(found, a_found_child.told(sex="boy", name_said="Adam", photo=None), sami)
    assert not FoundMatch.objects.exists()
    assert not owed().exists()


def test_looks_told_later_by_the_family_are_compared(ines, sami, commits) -> None:
    (child,) = family.report().children
    bare = ReportedChild("Mina", age_years=11, sex="girl")
    case = family.a_case(children=(bare,))
    with commits():
        a_found_child.of(sami, name_said="", place=family.report().places[0])
    assert not FoundMatch.objects.exists()
    tell(case, case.children.get(), {**child.facts, "marks": ["burn_arm"]}, Told(language="fr"))
    with commits():
        filing.tell(
            FoundChild.objects.get(),
            a_found_child.told(
                name_said="", facts={**a_found_child.LOOKS, "marks": ["burn_arm"]}, photo=None
            ),
            sami,
        )
    assert "same_rare_mark" in FoundMatch.objects.get().reasons


def test_another_child_is_said_once_and_not_offered_again(pair, sami, commits) -> None:
    with pytest.raises(MoveRefused, match="no_words"):
        deciding.other(pair, sami, " ")
    deciding.other(pair, sami, "une cicatrice manque")
    assert not owed().exists()
    with commits():
        filing.tell(pair.found, a_found_child.told(name_said="Yasmine Zerhouni", photo=None), sami)
    kept = FoundMatch.objects.get()
    assert (kept.verdict, kept.decided_by, kept.reason) == ("different", sami, "une cicatrice manque")
    with pytest.raises(MoveRefused, match="moved_meanwhile"):
        deciding.same(kept, sami)


def test_the_same_child_is_identified_and_closes_nothing_by_itself(pair, ines, sami) -> None:
    deciding.same(pair, sami, "la mère reconnaît la veste")
    found, case = FoundChild.objects.get(), Case.objects.get()
    assert (found.state, found.case, case.state) == ("known", case, CaseState.RECEIVED)
    assert not owed().exists()
    task = owed(deciding.TO_CLOSE).get()
    assert (task.subject, task.owner) == (case.pk, ines)
    assert Batch.objects.filter(kind=Batch.Kind.PAGE, subject=task.pk).exists()
    assert AuditEntry.objects.filter(action="found.identified", actor=sami.pk, subject=found.pk).exists()
    accept(case, ines)
    close(case, ines, "found_safe")
    assert not owed(deciding.TO_CLOSE).exists()


def test_a_wrong_identification_is_undone_and_the_pair_stays_apart(pair, sami, commits) -> None:
    deciding.same(pair, sami)
    with commits():
        deciding.reopen(FoundChild.objects.get(), sami, "la mère ne la reconnaît pas")
    found = FoundChild.objects.get()
    assert (found.state, found.case) == ("open", None)
    assert FoundMatch.objects.get().verdict == "different"
    assert not owed(deciding.TO_CLOSE).exists()


def test_a_case_that_closes_ends_what_was_owed_about_it(pair, ines) -> None:
    accept(pair.case, ines)
    close(pair.case, ines, "found_safe")
    assert not owed().exists()
    assert not FoundMatch.objects.waiting().exists()
    with pytest.raises(MoveRefused, match="case_over"):
        deciding.same(pair, ines)


def test_a_child_is_closed_for_a_reason_and_compared_no_more(pair, sami, commits) -> None:
    with pytest.raises(MoveRefused, match="unknown_outcome"):
        deciding.close(pair.found, sami, "because")
    deciding.close(pair.found, sami, "in_care", "décision du juge")
    found = FoundChild.objects.get()
    assert (found.state, found.closed_why, found.reason) == ("closed", "in_care", "décision du juge")
    assert not owed().exists()
    with pytest.raises(MoveRefused, match="case_over"):
        filing.tell(found, a_found_child.told(), sami)


def test_a_report_joined_to_another_takes_its_found_child_along(pair, ines, commits) -> None:
    standing = family.a_case()
    child, other = pair.case.children.get(), standing.children.get()
    with commits():
        same_child.merge(pair.case, standing, ines, {child.pk: other.pk})
    assert FoundMatch.objects.get().case == standing
    assert {task.subject for task in owed()} == {standing.pk, pair.found_id}


def test_the_same_form_sent_twice_is_one_child(sami) -> None:
    first, second = (filing.file(a_found_child.told(), sami, "form") for _click in range(2))
    assert first == second
    assert FoundChild.objects.count() == 1


def test_possible_ones_are_the_best_five(ines, sami) -> None:
    for number in range(7):
        child = ReportedChild("", age_years=10, sex="girl", facts={"height": 120 + number})
        receive(family.report(children=(child,), consent=None))
    found = a_found_child.of(sami, name_said="", facts={})
    assert [row.band for row in matching.look_among_reports(found)] == ["possible"] * 5


def test_nothing_of_the_child_lies_in_the_clear_and_erasing_leaves_a_stone(
    pair, sami, monkeypatch, commits
) -> None:
    original = pair.found.original_key
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cases_foundchild")
        row = " ".join(
            str(bytes(cell) if isinstance(cell, memoryview) else cell) for cell in cursor.fetchone()
        )
    for said in ("ياسمين", "Samira", "Lalla Amina", "gare de Rabat", "black_long"):
        assert said not in row
        assert said.encode().hex() not in row
    deciding.close(pair.found, sami, "returned")
    assert retention.purge(dry_run=True)["found_children"] == 0
    monkeypatch.setattr(clock, "SHIFT", timedelta(days=366))
    with commits():
        assert retention.purge()["found_children"] == 1
    keys.forget()
    stone = FoundChild.objects.get()
    assert (stone.state, stone.name_said, stone.facts, stone.sex) == ("erased", None, None, "")
    assert vault.find(stone.pk, original) is None
    assert not FoundToken.objects.exists()
    assert not FoundMatch.objects.exists()


def test_a_case_that_is_forgotten_takes_the_child_that_was_identified_in_it(pair, ines, sami) -> None:
    deciding.same(pair, sami)
    accept(pair.case, ines)
    close(Case.objects.get(), ines, "found_safe")
    erase(Case.objects.get())
    assert FoundChild.objects.get().state == "erased"
    assert not FoundMatch.objects.exists()


def test_a_damaged_report_loses_nobody_a_found_child(ines, sami, commits, caplog) -> None:
    from trust.fields import Sealed

    case = family.a_case()
    case.children.update(name_latin=Sealed(b"\x01" + b"x" * 60))
    with commits():
        a_found_child.of(sami)
    assert FoundChild.objects.exists()
    assert "could not be compared" in caplog.text
    assert "Zerhouni" not in caplog.text


def test_many_reports_cost_few_queries(ines, sami, django_assert_max_num_queries) -> None:
    for number in range(12):
        receive(
            family.report(children=(ReportedChild(f"Houda {number}", age_years=4, sex="girl"),), consent=None)
        )
    assert NameToken.objects.exists()
    found = a_found_child.of(sami)
    with django_assert_max_num_queries(12):
        matching.look_among_reports(found)


def on_call(subject) -> set[str]:
    calls = Delivery.objects.filter(subject=subject, batch__kind=Batch.Kind.PAGE)
    return {Officer.objects.get(pk=call.person).username for call in calls}


def test_a_new_match_calls_the_owner_and_who_is_on_duty_at_both_units(ines, sami, commits) -> None:
    night = people.officer("night", "officer", at=people.unit())
    case = family.a_case()
    Unit.objects.filter(pk=people.unit().pk).update(duty_officer=night)
    Unit.objects.filter(pk=sami.unit.pk).update(duty_officer=sami)
    with commits():
        found = a_found_child.of(sami)
    (match,) = FoundMatch.objects.all()
    assert on_call(match.pk) == {"ines", "night"}
    assert on_call(page.step_of(match.pk, "found")) == {"sami"}
    said = {batch.key_owner: str(batch.texts()) for batch in Batch.objects.filter(kind=Batch.Kind.PAGE)}
    assert case.reference in said[case.pk]
    assert found.reference in said[found.pk]
    assert case.reference not in said[found.pk]
    before = Delivery.objects.count()
    matching.look_among_reports(found)  # seen again, it is not new
    assert Delivery.objects.count() == before


def test_five_possible_reports_call_who_holds_the_child_once(ines, sami, commits) -> None:
    for number in range(6):
        child = ReportedChild("", age_years=10, sex="girl", facts={"height": 120 + number})
        receive(family.report(children=(child,), consent=None))
    with commits():
        found = a_found_child.of(sami, name_said="", facts={})
    assert FoundMatch.objects.count() == 5
    assert Batch.objects.filter(kind=Batch.Kind.PAGE, key_owner=found.pk, channel="sms").count() == 1


@pytest.mark.parametrize("child_first", [True, False])
def test_what_a_crash_left_uncompared_is_found_by_the_clock(ines, sami, monkeypatch, child_first) -> None:
    """The act is committed and its process dies: nothing that waits for the commit runs here."""
    acts = [lambda: a_found_child.of(sami), family.a_case]
    for act in acts if child_first else reversed(acts):
        act()
    assert not FoundMatch.objects.exists()
    compare_what_was_left()  # a process that lives is given half a minute
    assert not FoundMatch.objects.exists()
    monkeypatch.setattr(clock, "SHIFT", timedelta(seconds=31))
    compare_what_was_left()
    (match,) = FoundMatch.objects.all()
    assert on_call(match.pk) == {"ines"}
    assert not FoundChild.objects.exclude(compare_due_at=None).exists()
    assert not Case.objects.exclude(compare_due_at=None).exists()
    assert matching.look_left() == 0


def test_a_look_that_was_done_leaves_nothing_to_the_clock_and_one_marked_anew_meanwhile_does(
    ines, sami, commits
) -> None:
    with commits():
        found = a_found_child.of(sami)
    assert FoundChild.objects.get().compare_due_at is None
    with commits():
        matching.look_safely(found)
        FoundChild.objects.update(compare_due_at=clock.now())  # another act
    assert FoundChild.objects.get().compare_due_at is not None


def test_a_file_that_cannot_be_read_is_tried_again_later_and_holds_nobody_up(
    ines, sami, monkeypatch, caplog
) -> None:
    from trust.fields import Sealed

    case = family.a_case()
    case.children.update(name_latin=Sealed(b"\x01" + b"x" * 60))
    a_found_child.of(sami)
    monkeypatch.setattr(clock, "SHIFT", timedelta(minutes=1))
    assert matching.look_left() == 2
    assert matching.look_left() == 0
    monkeypatch.setattr(clock, "SHIFT", timedelta(minutes=17))
    assert matching.look_left() == 2
    assert "could not be compared" in caplog.text

"""The call back to the family: every attempt in order, the gate before a proposal, and the way past it."""

from datetime import timedelta
from typing import Any

import pytest

from cases import verification
from cases.accept import accept
from cases.close import close
from cases.models import CallBack, Case, FiledHow, MoveRefused, VerificationOverride
from cases.report import receive
from cases.same_child import merge
from cases.verification import Attempt
from tests import people
from tests.alerts import scene
from tests.desk import rich
from trust import clock
from trust.models import AuditEntry
from trust.roles import Role

pytestmark = pytest.mark.django_db
FATHER = "+212612345678"  # as scene's report names it


def again(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def tried(case: Case, result: str, **told: Any) -> CallBack:
    said: dict[str, Any] = {"number": FATHER, "relation": "father", **told}
    return verification.record(case, people.ines(), Attempt(result, **said))


def shut(case: Case) -> bool:
    return verification.stands_in_the_way(again(case))


@pytest.fixture
def case() -> Case:
    return scene.case()


def test_a_new_report_from_the_form_is_not_verified(case: Case) -> None:
    assert shut(case)


def test_a_confirmed_call_opens_the_gate_and_stamps_the_first_talk_alone(case: Case) -> None:
    tried(case, "confirmed")
    first = again(case).spoken_at
    tried(case, "confirmed")
    assert not shut(case)
    assert first is not None
    assert again(case).spoken_at == first
    assert AuditEntry.objects.filter(action="case.spoken", subject=case.pk).count() == 1


def test_attempts_are_kept_in_order_and_one_that_reached_nobody_opens_nothing(case: Case) -> None:
    tried(case, "not_reached")
    assert shut(case)
    assert again(case).spoken_at is None
    tried(case, "confirmed")
    first, second = verification.attempts(case)
    assert (first.result, second.result) == ("not_reached", "confirmed")
    assert "relation" not in first.told
    reasons = AuditEntry.objects.filter(action="case.called_back").order_by("id")
    assert list(reasons.values_list("reason", flat=True)) == ["not_reached", "confirmed"]


def test_a_contradiction_raises_a_doubt_and_shuts_the_gate_until_a_later_call_confirms(case: Case) -> None:
    tried(case, "confirmed")
    tried(case, "contradicted")
    assert shut(case)
    assert "contradicted" in again(case).doubts
    tried(case, "not_reached", relation="")
    assert shut(case)
    tried(case, "confirmed")
    assert not shut(case)
    assert "contradicted" not in again(case).doubts


def test_a_child_said_to_be_home_is_no_ground_for_an_alert(case: Case) -> None:
    tried(case, "child_home")
    assert shut(case)
    assert again(case).spoken_at is not None


def test_the_number_says_whether_the_report_named_it_and_nothing_is_in_clear(case: Case) -> None:
    own = tried(case, "not_reached", relation="")
    other = tried(case, "confirmed", number="+212699999999", words="la voisine a répondu")
    assert (own.told["of_the_case"], other.told["of_the_case"]) == (True, False)
    stored: Any = CallBack.objects.values_list("told", flat=True).get(pk=other.pk)
    assert b"699999999" not in bytes(stored)
    assert b"voisine" not in stored


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"result": "perhaps"}, "unknown_result"),
        ({"result": "confirmed", "relation": ""}, "whom"),
        ({"result": "confirmed", "relation": "the dog"}, "whom"),
        ({"result": "confirmed", "number": ""}, "no_number"),
        ({"result": "confirmed", "how": "dreamt"}, "unknown_result"),
        ({"result": "confirmed", "proof": "a smile"}, "unknown_result"),
    ],
)
def test_what_makes_no_sense_is_not_kept(case: Case, told: dict[str, Any], code: str) -> None:
    with pytest.raises(MoveRefused) as refused:
        verification.record(case, people.ines(), Attempt(**{"number": FATHER, "relation": "father", **told}))
    assert refused.value.code == code
    assert shut(case)


def test_a_talk_face_to_face_needs_no_number(case: Case) -> None:
    tried(case, "confirmed", how="face", number="", proof="booklet", seen="held")
    assert not shut(case)


def test_a_guardian_at_the_desk_is_a_talk_face_to_face_and_a_neighbour_is_not(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(filed_how=FiledHow.PRESENT)
    assert not shut(case)
    assert verification.spoken_at(again(case)) == again(case).reported_at
    changed = again(case)
    changed.reporter = {**changed.reporter, "relation": "neighbour"}
    changed.save(update_fields=["reporter"])
    assert shut(case)


def test_a_guardian_at_the_desk_who_is_contradicted_later_opens_nothing(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(filed_how=FiledHow.PRESENT)
    tried(case, "contradicted")
    assert shut(case)


def test_a_confirmed_call_on_a_joined_report_counts(case: Case) -> None:
    twin = scene.case()
    tried(twin, "confirmed")
    merge(again(twin), again(case), people.ines(), {twin.children.get().pk: case.children.get().pk})
    assert not shut(case)


def test_an_officer_of_the_unit_goes_on_without_and_the_log_holds_the_ground_alone(case: Case) -> None:
    verification.override(case, people.ines(), "unreachable", "Personne ne répond chez Karim")
    assert not shut(case)
    row = verification.overridden(again(case))
    assert row is not None
    assert row.words == "Personne ne répond chez Karim"
    entry = AuditEntry.objects.get(action="case.verification_overridden")
    assert (entry.reason, entry.actor) == ("unreachable", people.ines().pk)


def test_a_contradiction_after_an_override_shuts_the_gate_again(case: Case) -> None:
    verification.override(case, people.ines(), "witnessed", "vu par la patrouille")
    tried(case, "contradicted")
    assert shut(case)
    verification.override(case, people.ines(), "caller_suspect", "le père est soupçonné")
    assert not shut(case)


def test_once_confirmed_an_override_says_nothing_any_more(case: Case) -> None:
    verification.override(case, people.ines(), "witnessed", "vu par la patrouille")
    tried(case, "confirmed")
    assert verification.overridden(again(case)) is None


@pytest.mark.parametrize(
    ("who", "ground", "words", "code"),
    [
        ("ines", "because", "x", "unknown_ground"),
        ("ines", "witnessed", "  ", "no_words"),
        ("omar", "witnessed", "x", "no_permission"),
        ("rabat", "witnessed", "x", "not_of_the_unit"),
    ],
)
def test_nobody_else_and_nothing_unsaid_goes_on(
    case: Case, who: str, ground: str, words: str, code: str
) -> None:
    elsewhere = people.unit("hassan")
    cast = {
        "ines": people.ines,
        "omar": people.omar,
        "rabat": lambda: people.officer("rabat", Role.OFFICER, at=elsewhere),
    }
    with pytest.raises(MoveRefused) as refused:
        verification.override(case, cast[who](), ground, words)
    assert refused.value.code == code
    assert not VerificationOverride.objects.exists()


def test_a_verified_case_and_one_that_is_over_take_no_override(case: Case) -> None:
    tried(case, "confirmed")
    with pytest.raises(MoveRefused, match="verified_already"):
        verification.override(case, people.ines(), "witnessed", "x")
    close(again(case), people.ines(), "found_safe")
    with pytest.raises(MoveRefused, match="case_over"):
        tried(case, "confirmed")


def test_erasing_the_case_forgets_its_calls() -> None:
    from cases.erase import erase

    case = scene.case()
    verification.override(case, people.ines(), "witnessed", "vu")
    tried(case, "not_reached", relation="")
    close(again(case), people.ines(), "found_safe")
    erase(again(case))
    assert not CallBack.objects.exists()
    assert not VerificationOverride.objects.exists()


def test_a_case_spoken_of_before_calls_were_kept_stays_verified() -> None:
    people.unit()
    case = receive(rich.report()).case
    accept(case, people.ines())
    Case.objects.filter(pk=case.pk).update(spoken_at=clock.now() - timedelta(days=1))
    assert not shut(case)
    tried(case, "not_reached", relation="")
    assert shut(case)

"""A tip becomes a place in a case, or a case of its own, once."""

from datetime import timedelta
from typing import Any

import pytest

from cases import checking, sightings, spots, thread
from cases.close import close
from cases.likely import Child as Situation
from cases.models import Case, FiledHow, Sighting
from cases.reported import ReportedPlace
from notifier.models import Batch
from tests import people
from tests.alerts import scene
from tests.tips.a_tip import a_tip, last_said, sara, seen, stored, yusuf
from tests.tips.test_deciding import acts, refused
from tips import promote
from tips.intake import enter
from tips.models import Tip, Witness
from tips.promote import ReportBits
from tips.telling import Told
from trust import clock, secrets
from trust.models import Task

pytestmark = [pytest.mark.django_db]
HERE = ReportedPlace("gare d’Agdal, quai 2", point=scene.AGDAL, error_m=100, source="tapped")
PIN = {"words": "", "lat": 34.0331, "lon": -6.7985, "error_m": 30.0, "how": "pin"}
DARIJA = "weldi ma rj3ch men lmadrasa, 3ndo 9 snin"


def promoted(tip: Tip, case: Case, *, minutes_ago: int = 14, **told: Any) -> Sighting:
    officer, place = told.pop("officer", people.ines()), told.pop("place", HERE)
    seen_at = clock.now() - timedelta(minutes=minutes_ago)
    how = {"certainty": "likely", "source_class": "witness", **told}
    return promote.to_sighting(tip, officer, place, seen_at, case=case, **how)


def test_a_tip_becomes_the_first_place_to_check_and_the_witness_hears_that_it_helped() -> None:
    case, tip = scene.case(), seen()
    row = promoted(tip, case)
    now = stored(tip)
    assert (now.state, now.sighting_id, now.case_id) == ("sighting", row.pk, case.pk)
    assert (row.case, row.tip_id, row.words) == (case, tip.pk, "gare d’Agdal, quai 2")
    listed = spots.order(
        case, case.places.all(), Situation(age=9), checking.of(case), clock.now(), sightings.of(case)
    )
    assert listed[0].sighting == row
    assert last_said(tip).code == "tip_helped"
    assert acts(tip, "tip.made_sighting")[0].after == str(case.pk)
    assert [entry.after for entry in acts(case, "sighting.added")] == [str(row.pk)]  # type: ignore[arg-type]  # any row


def test_the_owner_of_the_case_is_called_where_it_is_fresh_and_owes_a_look_anyway() -> None:
    case = scene.case()
    Case.objects.filter(pk=case.pk).update(owner=sara(), last_seen_at=clock.now() - timedelta(hours=9))
    fresh, old = promoted(seen(), case), promoted(seen("hier, à la plage"), case, minutes_ago=300)
    tasks = {task.detail_code: task for task in Task.objects.still_open().filter(kind="sighting_news")}
    assert set(tasks) == {str(fresh.pk), str(old.pk)}
    assert {task.owner for task in tasks.values()} == {sara()}
    assert Batch.objects.filter(kind="page", subject=fresh.pk).exists()
    assert not Batch.objects.filter(kind="page", subject=old.pk).exists()


def test_a_double_click_makes_one_sighting() -> None:
    case, tip = scene.case(), seen()
    assert promoted(tip, case).pk == promoted(tip, case).pk
    assert Sighting.objects.count() == 1
    assert len(acts(tip, "tip.made_sighting")) == 1


def test_a_closed_case_a_case_of_others_and_nonsense_are_refused_in_a_sentence() -> None:
    case, tip = scene.case(), seen()
    for told, code in (
        ({"place": ReportedPlace(" ")}, "no_place"),
        ({"certainty": "sure"}, "unknown_code"),
        ({"minutes_ago": -60}, "when"),
        ({"officer": yusuf()}, "not_yours"),
        ({"officer": people.omar()}, "no_permission"),
    ):
        with refused(code):
            promoted(tip, case, **told)
    close(case, people.ines(), "found_safe")
    with refused("case_over"):
        promoted(tip, Case.objects.get(pk=case.pk))
    elsewhere = scene.case()
    Case.objects.filter(pk=elsewhere.pk).update(unit=people.unit("sale"))
    with refused("case_not_yours"):
        promoted(tip, Case.objects.get(pk=elsewhere.pk))
    assert stored(tip).state == "seen"
    assert not Sighting.objects.exists()


def by_whatsapp(words: str = DARIJA) -> Tip:
    tip = seen(words, language="ar", place=PIN)
    tip.witness = Witness.of("whatsapp", "212661000099", "ar")
    tip.save(update_fields=["witness"])
    return tip


def test_a_report_becomes_a_case_in_one_act_with_its_pin_and_its_words() -> None:
    officer = people.ines()
    people.unit().duty_officer = officer
    tip = by_whatsapp()
    case = promote.to_case(tip, officer, ReportBits(given_name="Adam", age_years=9, sex="boy"))
    case = Case.objects.get(pk=case.pk)
    assert (case.filed_how, case.language, case.filed_by) == (FiledHow.TIP, "ar", officer)
    point = case.last_seen_point
    assert point is not None
    assert (point.lat, point.lon, case.last_seen_error_m) == (34.0331, -6.7985, 30)
    facts = case.sheets.get(group="circumstances").entries
    assert facts["circumstances"][0]["value"] == DARIJA
    assert case.reporter["phone"] == "+212661000099"
    assert case.children.get().age_years == 9
    assert Task.objects.still_open().filter(kind="new_report", subject=case.pk).exists()
    assert (stored(tip).state, stored(tip).case_id) == ("case", case.pk)
    assert acts(tip, "tip.address_kept")
    assert not case.children.get().photos.exists()


def test_the_witness_follows_the_case_with_the_secret_they_have() -> None:
    people.unit()
    people.ines()
    entered = enter(Told(door="web", words="ابني لم يرجع", language="ar"))
    Tip.objects.filter(pk=entered.tip.pk).update(unit=people.unit())
    case = promote.to_case(entered.tip, people.ines(), ReportBits())
    digits = getattr(entered.secret, "digits", entered.secret)
    assert thread.open_case(case.reference, digits).pk == case.pk
    said = last_said(entered.tip)
    assert (said.code, said.body) == ("tip_case", case.reference)
    assert secrets.check_secret(digits, Case.objects.get().secret_hash)
    assert Case.objects.get().reporter["phone"] == ""
    assert not acts(entered.tip, "tip.address_kept")


def test_a_double_click_makes_one_case() -> None:
    tip = by_whatsapp()
    first = promote.to_case(tip, people.ines(), ReportBits())
    assert promote.to_case(tip, people.ines(), ReportBits(given_name="Adam")).pk == first.pk
    assert Case.objects.count() == 1
    with refused("decided"):
        promoted(tip, scene.case())


@pytest.mark.parametrize(
    ("place", "point", "error_m"),
    [
        (None, False, None),
        ({"words": "Salé"}, False, None),
        ({"words": "Salé", "lat": 34.03, "lon": -6.8, "how": "words"}, False, None),  # of unknown error
        ({"words": "Salé", "lat": 34.03, "lon": -6.8, "error_m": 4000, "how": "words"}, True, 4000),
        ({"lat": 34.03, "lon": -6.8, "error_m": 12.4, "how": "map"}, True, 12),
        ({"lat": 34.03, "lon": -6.8, "error_m": 5, "how": "file"}, False, None),  # where the picture was
    ],
)
def test_a_point_is_taken_over_only_with_what_is_known_of_its_error(
    place: Any, point: bool, error_m: int | None
) -> None:
    found = promote.suggested_place(Tip(place=place) if place is None else _with(place))
    assert (found.point is not None, found.error_m) == (point, error_m)


def _with(place: dict[str, Any]) -> Tip:
    tip = a_tip()
    tip.place = place
    return tip


@pytest.mark.parametrize(
    ("channel", "address", "number"),
    [
        ("sms", "+212661000099", "+212661000099"),
        ("whatsapp", "MA.1234567890abcdef", ""),  # an id of the provider's
        ("email", "a@example.org", ""),
        ("messenger", "24680246802468", ""),
    ],
)
def test_only_a_telephone_number_is_kept_as_whom_to_call_back(
    channel: str, address: str, number: str
) -> None:
    tip = seen(DARIJA)
    tip.witness = Witness.of(channel, address, "fr")
    tip.save(update_fields=["witness"])
    case = promote.to_case(tip, people.ines(), ReportBits())
    assert Case.objects.get(pk=case.pk).reporter["phone"] == number


def test_the_page_of_the_case_shows_the_tips_it_grew_out_of(client: Any) -> None:
    tip = by_whatsapp()
    case = promote.to_case(tip, people.ines(), ReportBits(given_name="Adam"))
    people.login(client, people.ines())
    page = client.get(f"/police/cases/case/{case.pk}/change/").content.decode()
    assert 'id="tips"' in page
    assert tip.reference in page
    assert DARIJA in page

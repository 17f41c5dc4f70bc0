"""An alert at the desk: drafted, proposed, signed by another, watched, stopped."""

from urllib.parse import unquote

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from alerts.models import Alert, Version
from cases.models import Case
from cases.report import receive
from tests import people
from tests.alerts import scene
from tests.desk import pages
from trust.models import AuditEntry
from trust.roles import Role

pytestmark = pytest.mark.django_db

DRAFT = {
    "kind": "actual",
    "shape": "circle",
    "lat": "33.995",
    "lon": "-6.85",
    "radius_km": "10",
    "channels": ["sms", "email", "facebook"],
    "hours": "24",
}


def again(version: Version) -> Version:
    return Version.objects.select_related("alert").get(pk=version.pk)


def draft(client, case: Case, **changes):
    return client.post(pages.drafting(case), {**DRAFT, **changes})


def test_from_acceptance_to_signature_by_the_pages_alone(desk) -> None:
    people.unit()
    case = receive(scene.report()).case
    ines, omar = desk(people.ines()), desk(people.omar())
    ines.post(pages.of_case(case, "accept"))
    scene.verify(case)
    made = draft(ines, case)
    version = Version.objects.get(alert__case=case)
    assert made.url == pages.of_version(version)
    ines.post(pages.of_version(version, "propose"))
    shown = omar.get(pages.of_version(version))
    assert "Amina El Idrissi" in pages.words(shown)
    signed = omar.post(pages.of_version(version, "sign"), {"digest": shown.context["version"].digest})
    assert signed.url == pages.of_alert(version.alert)
    assert again(version).alert.state == Alert.State.LIVE
    assert again(version).signed_by == people.omar()
    assert omar.get(signed.url).status_code == 200


def test_the_form_starts_from_the_place_last_seen(desk) -> None:
    case = scene.case()
    initial = desk(people.ines()).get(pages.drafting(case)).context["form"].initial
    assert (initial["lat"], initial["lon"]) == ("33.99500", "-6.85000")


def test_arabic_digits_and_decimal_marks_are_numbers(desk) -> None:
    case = scene.case()
    draft(desk(people.ines()), case, lat="٣٣٫٩٩٥", lon="-٦٫٨٥", radius_km="١٠", hours="٤٨")
    version = Version.objects.get()
    assert version.area["circles"] == [{"lat": 33.995, "lon": -6.85, "radius_m": 10_000.0}]
    assert version.duration_s == 48 * 3600


def test_an_outline_is_typed_corner_by_corner(desk) -> None:
    case = scene.case()
    corners = "33.9, -6.9\n34.1, -6.9\n\n34.1 ; -6.7\n33.9 -6.7"
    draft(desk(people.ines()), case, shape="polygon", corners=corners)
    (polygon,) = Version.objects.get().area["polygons"]
    assert polygon["exterior"][0] == [33.9, -6.9]


def test_a_town_may_be_named_instead_of_two_numbers(desk) -> None:
    case = scene.case()
    draft(desk(people.ines()), case, place="Rabat", lat="", lon="")
    (circle,) = Version.objects.get().area["circles"]
    assert abs(circle["lat"] - 34.0) < 0.3


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"place": "Nulle-Part-sur-Mer"}, "place"),
        ({"lat": "95"}, "lat"),
        ({"lat": "", "lon": ""}, "lat"),
        ({"lat": "abc"}, "lat"),
        ({"lat": "nan"}, "lat"),
        ({"radius_km": ""}, "lat"),
        ({"radius_km": "5000"}, "radius_km"),
        ({"shape": "polygon", "corners": "33, -6\n34, -6"}, "corners"),
        ({"shape": "polygon", "corners": "33, -6\n34, -6.5\n33, -6.5\n34, -6"}, "corners"),
        ({"shape": "polygon", "corners": "here"}, "corners"),
        ({"channels": []}, "channels"),
        ({"channels": ["pigeon"]}, "channels"),
        ({"hours": "0"}, "hours"),
        ({"hours": "9999"}, "hours"),
        ({"kind": "joke"}, "kind"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(desk, wrong, field) -> None:
    case = scene.case()
    answer = draft(desk(people.ines()), case, **wrong)
    assert answer.status_code == 200
    assert answer.context["form"].errors[field]
    assert 'value="24"' in answer.content.decode() or field == "hours"
    assert not Version.objects.exists()


def test_a_second_alert_beside_a_draft_is_refused_in_words(desk) -> None:
    version = scene.drafted()
    answer = draft(desk(people.ines()), version.alert.case)
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()


def test_a_draft_shows_three_languages_and_the_parts_of_the_sms(desk) -> None:
    version = scene.drafted()
    answer = desk(people.ines()).get(pages.of_version(version))
    page = answer.content.decode()
    for language, direction in (("ar", "rtl"), ("fr", "ltr"), ("en", "ltr")):
        assert f'lang="{language}" dir="{direction}"' in page
    sms = [said for column in answer.context["columns"] for said in column.said if said.shape == "sms"]
    assert len(sms) == 3
    assert not any(said.broken for said in sms)


def test_a_draft_says_how_many_would_be_told(desk) -> None:
    scene.neighbours(3)
    version = scene.drafted(channels=["sms", "facebook"])
    page = desk(people.ines()).get(pages.of_version(version))
    assert [line.people for line in page.context["outlook"].channels] == [3, None]
    assert page.context["outlook"].people == 3


def test_a_draft_names_what_consent_keeps_out(desk) -> None:
    version = scene.drafted(scene.case(fields=("sex", "age", "last_seen_at", "last_seen_place")))
    answer = desk(people.ines()).get(pages.of_version(version))
    assert answer.context["withheld"]
    assert "Amina" not in "".join(said.text for column in answer.context["columns"] for said in column.said)


def test_nothing_restricted_is_on_the_page_that_is_signed(desk) -> None:
    version = scene.proposed()
    shown = pages.words(desk(people.omar()).get(pages.of_version(version)))
    for secret in scene.RESTRICTED:
        assert secret not in shown


def test_the_proposer_is_told_why_there_is_no_button(desk) -> None:
    version = scene.proposed()
    both = people.ines()
    both.groups.add(Group.objects.get(name=Role.APPROVER))
    answer = desk(both).get(pages.of_version(version))
    assert answer.context["own_proposal"]
    assert pages.of_version(version, "sign") not in answer.content.decode()


def test_the_proposer_who_posts_anyway_is_refused(desk) -> None:
    version = scene.proposed()
    both = people.ines()
    both.groups.add(Group.objects.get(name=Role.APPROVER))
    desk(both).post(pages.of_version(version, "sign"), {"digest": version.digest})
    assert again(version).state == Version.State.PROPOSED


def test_without_the_right_to_sign_a_post_is_forbidden(desk) -> None:
    version = scene.proposed()
    answer = desk(people.ines()).post(pages.of_version(version, "sign"), {"digest": version.digest})
    assert answer.status_code == 403
    assert again(version).state == Version.State.PROPOSED


def test_a_signature_asks_for_the_factor_again(desk) -> None:
    version = scene.proposed()
    answer = desk(people.omar(), factor_age_s=900).post(
        pages.of_version(version, "sign"), {"digest": version.digest}
    )
    assert "reauthenticate" in answer.url
    assert pages.of_version(version, "sign") in unquote(answer.url)
    assert again(version).state == Version.State.PROPOSED


def test_coming_back_from_the_factor_shows_the_page_again(desk) -> None:
    version = scene.proposed()
    answer = desk(people.omar()).get(pages.of_version(version, "sign"))
    assert answer.url == pages.of_version(version)
    assert again(version).state == Version.State.PROPOSED


@pytest.mark.parametrize("shown", ["", "0" * 64, "كلمة"])
def test_another_digest_signs_nothing(desk, shown: str) -> None:
    version = scene.proposed()
    answer = desk(people.omar()).post(pages.of_version(version, "sign"), {"digest": shown}, follow=True)
    assert pages.said(answer)
    assert again(version).state == Version.State.PROPOSED


def test_sent_back_with_a_reason_that_ines_reads_and_takes_up_again(desk) -> None:
    version = scene.proposed()
    desk(people.omar()).post(pages.of_version(version, "return"), {"reason": "Rayon trop grand"})
    ines = desk(people.ines())
    shown = ines.get(pages.of_version(version))
    assert "Rayon trop grand" in pages.words(shown)
    ines.post(pages.of_version(version, "revise"), {**DRAFT, "radius_km": "5"})
    newest = Version.objects.order_by("-number").first()
    assert newest is not None
    assert newest.number == 2
    assert newest.area["circles"][0]["radius_m"] == 5000.0
    assert not ines.get(pages.of_version(version)).context["may_revise"]


@pytest.mark.parametrize("verb", ["return", "refuse"])
def test_no_refusal_without_a_reason(desk, verb: str) -> None:
    version = scene.proposed()
    answer = desk(people.omar()).post(pages.of_version(version, verb), {"reason": " "}, follow=True)
    assert pages.said(answer)
    assert again(version).state == Version.State.PROPOSED


def test_what_is_issued_offers_no_change(desk) -> None:
    version = scene.signed()
    ines = desk(people.ines())
    context = ines.get(pages.of_version(version)).context
    assert not any(context[name] for name in ("may_propose", "may_revise", "may_sign"))
    before = again(version).area
    ines.post(pages.of_version(version, "revise"), {**DRAFT, "radius_km": "1"})
    assert again(version).area == before
    assert Version.objects.count() == 1


def test_the_live_page_reloads_itself_without_script(desk) -> None:
    version = scene.signed()
    page = desk(people.ines()).get(pages.of_alert(version.alert)).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert 'id="live" data-poll="5"' in page


def test_a_poll_is_no_look(desk) -> None:
    version = scene.signed()
    client = desk(people.ines())
    client.get(pages.of_alert(version.alert), headers={"X-Poll": "1"})
    looks = AuditEntry.objects.filter(action="viewed", purpose="alert page")
    assert not looks.exists()
    client.get(pages.of_alert(version.alert))
    assert looks.count() == 1


def test_stopping_asks_twice_and_for_the_factor(desk) -> None:
    version = scene.signed()
    stale = desk(people.ines(), factor_age_s=900).get(pages.of_alert(version.alert, "stop"))
    assert "reauthenticate" in stale.url
    client = desk(people.ines())
    assert client.get(pages.of_alert(version.alert, "stop")).status_code == 200
    assert again(version).alert.is_live
    client.post(pages.of_alert(version.alert, "stop"), {"as_": "error", "reason": "mauvaise photo"})
    assert again(version).alert.ended_as == "error"


def test_stopping_wants_a_reason(desk) -> None:
    version = scene.signed()
    answer = desk(people.ines()).post(pages.of_alert(version.alert, "stop"), {"as_": "", "reason": ""})
    assert set(answer.context["form"].errors) == {"as_", "reason"}
    assert again(version).alert.is_live


def test_closing_the_case_ends_its_alert(desk) -> None:
    version = scene.signed()
    client = desk(people.ines())
    client.post(pages.of_case(version.alert.case, "close"), {"outcome": "found_safe", "reason": ""})
    assert again(version).alert.ended_as == "found"


def test_the_case_shows_its_alert_and_the_clocks_of_issue(desk) -> None:
    version = scene.signed()
    answer = desk(people.ines()).get(pages.of_case(version.alert.case))
    came = {str(line["name"]) for line in answer.context["clocks"] if line["at"]}
    assert len(came) >= 5
    assert version.alert.code in pages.words(answer)
    assert pages.drafting(version.alert.case) not in answer.content.decode()


def test_a_proposal_waits_on_omars_home_page_and_not_on_a_strangers(desk) -> None:
    version = scene.proposed()
    stranger = people.officer(
        "zineb",
        Role.APPROVER,
        at=people.unit("oran", people.agency("autre", fr="Autre", ar="أخرى", en="Other")),
    )

    def waiting(client) -> list[str]:
        queue = client.get(reverse("admin:index")).context["queues"]
        return [item.url for line in queue for item in line.items]

    assert pages.of_version(version) in waiting(desk(people.omar()))
    assert pages.of_version(version) not in waiting(desk(stranger))


def test_the_signed_photo_is_served_to_the_signer_alone(desk) -> None:
    version = scene.proposed()
    answer = desk(people.omar()).get(pages.of_version(version, "photo"))
    assert answer["Content-Type"] == "image/jpeg"
    assert version.photo is not None
    assert answer.content == version.photo.clean_bytes()
    assert desk(people.lea()).get(pages.of_version(version, "photo")).status_code in {403, 404}

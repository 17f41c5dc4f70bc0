"""Drafting at the desk: checked and counted before anything is kept, warnings ticked, previewed as sent."""

from typing import Any

import pytest
from django.utils import translation

from alerts import issue
from alerts.area_form import AreaForm
from alerts.models import Version
from cases.models import Case, Photo
from tests import people
from tests.alerts import scene
from tests.desk import pages
from tests.desk.test_alert import DRAFT, draft
from trust import clock

pytestmark = pytest.mark.django_db

SAID = {
    "addition_ar": "شوهدت قرب سيارة.",
    "addition_fr": "Vue près d’une voiture.",
    "addition_en": "Seen near a car.",
}


def test_a_check_shows_the_texts_and_findings_and_keeps_nothing(desk) -> None:
    case = scene.case()
    answer = draft(desk(people.ines()), case, **SAID, check="1")
    assert answer.status_code == 200
    assert not Version.objects.exists()
    assert {finding.what for finding in answer.context["findings"]}
    assert "<mark>voiture</mark>" in answer.content.decode()
    assert 'name="addition_fr"' in answer.content.decode()


def test_a_check_of_a_revision_leaves_the_draft_as_it_was(desk) -> None:
    version = scene.drafted()
    url = pages.of_version(version, "revise")
    answer = desk(people.ines()).post(url, {**DRAFT, **SAID, "hours": "5", "check": "1"})
    assert answer.context["checked"]
    stored = scene.stored(version)
    assert (stored.additions, stored.duration_s) == (None, scene.DAY_S)


def test_a_sentence_in_one_language_is_refused_where_it_is_missing(desk) -> None:
    answer = draft(desk(people.ines()), scene.case(), addition_fr="Elle parle arabe.")
    assert set(answer.context["form"].errors) == {"addition_ar", "addition_en"}
    assert not Version.objects.exists()


def test_warnings_are_ticked_and_read_again_by_who_signs(desk) -> None:
    case = scene.verify(scene.case())
    ines = desk(people.ines())
    draft(ines, case, **SAID)
    version = Version.objects.get()
    page = ines.get(pages.of_version(version))
    ticks = [finding.key for finding in page.context["findings"]]
    assert page.content.decode().count('name="seen"') == len(ticks) == 3
    refused = ines.post(pages.of_version(version, "propose"), {"seen": ticks[:2]}, follow=True)
    assert pages.said(refused)
    assert scene.stored(version).state == Version.State.DRAFT
    ines.post(pages.of_version(version, "propose"), {"seen": ticks})
    assert scene.stored(version).state == Version.State.PROPOSED
    shown = desk(people.omar()).get(pages.of_version(version))
    assert [finding.key for finding in shown.context["findings"]] == ticks
    assert 'name="seen"' not in shown.content.decode()


def test_what_must_not_go_out_is_refused_by_a_direct_post_too(desk) -> None:
    case = scene.case()
    ines = desk(people.ines())
    said = {
        "addition_ar": "مصابة بالربو",
        "addition_fr": "Elle est asthmatique",
        "addition_en": "She has asthma",
    }
    draft(ines, case, **said)
    version = Version.objects.get()
    page = ines.get(pages.of_version(version))
    assert not page.context["may_propose"]
    keys = [finding.key for finding in page.context["findings"]]
    ines.post(pages.of_version(version, "propose"), {"seen": keys})
    assert scene.stored(version).state == Version.State.DRAFT


def test_an_sms_is_shown_in_the_parts_that_travel(desk) -> None:
    version = scene.drafted()
    columns = desk(people.ines()).get(pages.of_version(version)).context["columns"]
    for column in columns:
        sms = next(said for said in column.said if said.shape == "sms")
        assert "".join(piece.words for part in sms.pieces for piece in part) == sms.text
        assert len(sms.pieces) > 1
        assert {said.shape for said in column.said} == {"page", "machine", "sms", "email", "post"}


def test_the_price_is_shown_when_the_deployment_gave_one(desk, settings) -> None:
    notifier = {
        alias: {**told, "OPTIONS": dict(told["OPTIONS"])} for alias, told in settings.NOTIFIER.items()
    }
    for told in notifier.values():
        if told["CHANNEL"] == "sms":
            told["OPTIONS"]["price_per_part"] = "0.05"
    version = scene.drafted()
    assert desk(people.ines()).get(pages.of_version(version)).context["dearest"] is None
    settings.NOTIFIER = notifier
    shown = desk(people.ines()).get(pages.of_version(version)).context
    arabic = next(said for said in shown["columns"][0].said if said.shape == "sms")
    assert arabic.price == shown["dearest"]
    assert str(arabic.price) in arabic.note


def test_the_area_may_be_whole_regions_or_what_is_suggested(desk, settings) -> None:
    case = scene.case()
    ines = desk(people.ines())
    code = settings.COUNTRY.outlines.regions[0].code
    draft(ines, case, shape="regions", regions=[code])
    version = Version.objects.get()
    assert len(version.area["polygons"]) == len(settings.COUNTRY.outlines.get(code).polygons)
    url = pages.of_version(version, "revise")
    ines.post(url, {**DRAFT, "shape": "suggested"})
    # Two hours on foot, four kilometres each, from the place last seen.
    (circle,) = scene.stored(version).area["circles"]
    assert circle == {"lat": 33.995, "lon": -6.85, "radius_m": 9_000.0}
    wrong = ines.post(url, {**DRAFT, "shape": "regions", "regions": []})
    assert set(wrong.context["form"].errors) == {"regions"}


def test_a_case_without_a_place_suggests_none_and_a_first_draft_keeps_none(desk) -> None:
    case = scene.case()
    form = desk(people.ines()).get(pages.drafting(case)).context["form"]
    offered = dict(form.fields["shape"].choices)
    assert set(offered) == {"circle", "polygon", "regions", "suggested"}
    placeless = Case(pk=case.pk)
    shape: Any = AreaForm(case=placeless).fields["shape"]
    assert {"suggested", "keep"}.isdisjoint(dict(shape.choices))
    assert set(AreaForm({"shape": "suggested"}, case=placeless).errors) == {"shape"}


def test_an_area_of_several_shapes_stays_whole_when_only_the_words_change(desk) -> None:
    version = scene.drafted()
    two = {
        "circles": [*version.area["circles"], {"lat": 34.2, "lon": -6.6, "radius_m": 3000.0}],
        "polygons": [],
    }
    Version.objects.filter(pk=version.pk).update(area=two)
    ines = desk(people.ines())
    url = pages.of_version(version, "revise")
    assert ines.get(url).context["form"].initial["shape"] == "keep"
    ines.post(url, {**DRAFT, **SAID, "shape": "keep"})
    assert scene.stored(version).area == two


def test_who_is_woken_is_chosen_shown_and_frozen(desk) -> None:
    case = scene.verify(scene.case())
    ines = desk(people.ines())
    draft(ines, case, tier="notice")
    version = Version.objects.get()
    assert version.tier == "notice"
    with translation.override("fr"):
        words = str(version.get_tier_display())
    page = ines.get(pages.of_version(version))
    assert words in pages.words(page)
    proposed = scene.proposing(version)
    Version.objects.filter(pk=version.pk).update(tier="alert")
    with pytest.raises(issue.IssueRefused) as told:
        issue.sign(proposed, people.omar(), digest=proposed.digest, factor_at=clock.now())
    assert told.value.code == "digest_differs"
    answer = draft(ines, scene.case(), tier="shout")
    assert set(answer.context["form"].errors) == {"tier"}


def test_another_photo_may_be_chosen_and_no_other_childs(desk) -> None:
    case = scene.case()
    first = Photo.objects.get()
    second = Photo.objects.get()
    second.pk, second.position = None, 1
    second._state.adding = True
    second.save()
    ines = desk(people.ines())
    assert f"/photo/{first.pk}/" in ines.get(pages.drafting(case)).content.decode()
    draft(ines, case, photo=str(second.pk))
    assert Version.objects.get().photo_id == second.pk
    another = scene.case()
    draft(ines, another, photo=str(second.pk))
    assert Version.objects.get(alert__case=another).photo_id not in {first.pk, second.pk}


def test_an_update_is_drafted_from_what_is_in_force(desk) -> None:
    scene.neighbours(2)
    version = scene.signed()
    ines = desk(people.ines())
    url = pages.of_alert(version.alert, "update")
    assert url in ines.get(pages.of_alert(version.alert)).content.decode()
    form = ines.get(url).context["form"]
    assert (form.initial["shape"], form.initial["hours"]) == ("keep", "24")
    checked = ines.post(url, {**DRAFT, **SAID, "shape": "keep", "check": "1"})
    assert Version.objects.count() == 1
    assert "<ins>" in checked.content.decode()
    wider = ines.post(url, {**DRAFT, "radius_km": "40"})
    second = Version.objects.get(number=2)
    assert wider.url == pages.of_version(second)
    page = ines.get(wider.url)
    assert any("km²" in line.sentence for line in page.context["differences"])
    shown = ines.get(pages.of_alert(version.alert))
    assert pages.of_version(second) in shown.content.decode()
    assert url not in shown.content.decode()
    again = ines.post(url, {**DRAFT, "radius_km": "50"})
    assert again.context["form"].non_field_errors()


def test_an_alert_that_is_over_cannot_be_updated(desk) -> None:
    alert = scene.ended()
    ines = desk(people.ines())
    assert ines.get(pages.of_alert(alert, "update")).url == pages.of_alert(alert)
    assert desk(people.omar()).get(pages.of_alert(alert, "update")).status_code == 403

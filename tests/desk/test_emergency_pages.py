"""The emergency path and magistrates' orders by their pages: offered in time, loud everywhere, counted."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from alerts import issue
from alerts.models import Alert, Order, Version
from tests import people
from tests.alerts import scene
from tests.alerts.test_orders import told
from tests.desk import pages
from trust import clock
from trust.models import AuditEntry, Officer
from trust.roles import Role

pytestmark = pytest.mark.django_db

WHY = {"ground": "life", "words": "Il l’emmène à l’étranger"}


def at_once(version: Version) -> str:
    return reverse("admin:alerts_version_at_once", args=[version.pk])


def waiting(minutes: int = 11) -> Version:
    """Return a proposal that has waited so long."""
    version = scene.proposed()
    Version.objects.filter(pk=version.pk).update(proposed_at=clock.now() - timedelta(minutes=minutes))
    return scene.stored(version)


def alone() -> Version:
    """Return what Ines has just sent alone."""
    version = waiting()
    given: dict[str, Any] = {"digest": version.digest, "factor_at": clock.now()}
    return issue.send_at_once(version, people.ines(), "life", WHY["words"], **given)


def auditor() -> Officer:
    return people.officer("amal", Role.AUDITOR, at=people.unit("hassan"))


def test_the_page_says_from_when_on_and_then_offers_it(desk) -> None:
    early = waiting(3)
    page = desk(people.ines()).get(pages.of_version(early))
    assert page.context["at_once_from"] in pages.words(page)
    assert at_once(early) not in page.content.decode()
    ines = desk(people.ines())
    assert ines.get(at_once(early)).url == pages.of_version(early)

    Version.objects.update(proposed_at=clock.now() - timedelta(minutes=11))
    page = ines.get(pages.of_version(early)).content.decode()
    assert at_once(early) in page


def test_sent_alone_by_the_pages_it_is_live_and_a_second_officer_signs(desk) -> None:
    version = waiting()
    ines, omar = desk(people.ines()), desk(people.omar())
    shown = ines.get(at_once(version))
    assert shown.status_code == 200
    assert "Amina El Idrissi" in pages.words(shown)
    sent = ines.post(at_once(version), {**WHY, "digest": shown.context["version"].digest})
    assert sent.url == pages.of_alert(version.alert)
    assert scene.stored(version).state == "provisional"

    page = omar.get(pages.of_version(version))
    assert WHY["words"] in pages.words(page)
    omar.post(pages.of_version(version, "sign"), {"digest": page.context["version"].digest})
    assert scene.stored(version).signed_by == people.omar()
    assert "banner danger" not in omar.get(pages.of_alert(version.alert)).content.decode()


def test_without_ground_or_words_the_form_asks_and_nothing_goes_out(desk) -> None:
    version = waiting()
    for wrong in ({"ground": ""}, {"words": " "}, {"ground": "haste"}):
        answer = desk(people.ines()).post(at_once(version), {**WHY, "digest": version.digest, **wrong})
        assert answer.status_code == 200
        assert answer.context["form"].errors
    assert not Alert.objects.live().exists()


def test_an_approver_is_told_to_sign_instead(desk) -> None:
    version = waiting()
    omar = desk(people.omar())
    page = omar.get(pages.of_version(version))
    assert page.context["sign_instead"]
    assert at_once(version) not in page.content.decode()
    omar.post(at_once(version), {**WHY, "digest": version.digest})
    assert scene.stored(version).state == "proposed"


def test_a_stale_factor_is_asked_again_before_it_is_sent(desk) -> None:
    version = waiting()
    client = desk(people.ines(), factor_age_s=400)
    answer = client.post(at_once(version), {**WHY, "digest": version.digest})
    assert "reauthenticate" in answer.url
    assert not Alert.objects.live().exists()


def test_while_it_stands_every_page_of_the_agency_says_so_and_no_other_agency_hears(desk) -> None:
    version = alone()
    code, home = version.alert.code, reverse("admin:index")
    elsewhere = people.officer("anas", Role.OFFICER, at=people.unit("hassan"))
    sale = people.officer("paul", Role.APPROVER, at=people.unit("x", people.agency("autre")))
    for who, hears, opens in ((people.omar(), True, True), (elsewhere, True, False), (sale, False, False)):
        client = desk(who)
        for address in (home, reverse("admin:cases_case_changelist")):
            page = client.get(address).content.decode()
            assert (code in page) is hears
            assert (pages.of_version(version) in page) is opens
    issue.sign(version, people.omar(), digest=version.digest, factor_at=clock.now())
    banner = "banner danger"
    assert banner not in desk(people.omar()).get(reverse("admin:cases_case_changelist")).content.decode()


def test_it_is_counted_for_approvers_and_auditors_and_names_no_child(desk) -> None:
    version = alone()
    issue.refuse(version, people.omar(), "Non")
    register = reverse("admin:alerts_version_emergencies")
    for who in (people.omar(), auditor()):
        client = desk(who)
        home = client.get(reverse("admin:index"))
        assert register in home.content.decode()
        page = client.get(register)
        (row,) = page.context["rows"]
        assert (row["version"], row["version"].sent_by) == (version, people.ines())
        words = pages.words(page)
        assert version.alert.case.reference not in words
        assert not [secret for secret in (*scene.RESTRICTED, "Amina", WHY["words"]) if secret in words]
        past = client.get(register, {"month": "2020-02"})
        assert past.context["rows"] == []
        assert client.get(register, {"month": "9999-99"}).context["rows"]
    assert desk(people.ines()).get(register).status_code == 403


def test_a_right_taken_between_look_and_tap_signs_nothing(desk) -> None:
    version = scene.proposed()
    omar = desk(people.omar())
    shown = omar.get(pages.of_version(version)).context["version"].digest
    people.omar().groups.clear()
    assert omar.post(pages.of_version(version, "sign"), {"digest": shown}).status_code in {302, 403}
    assert scene.stored(version).state == "proposed"
    people.omar().groups.set(people.ines().groups.all())  # a role without that right
    assert desk(people.omar()).post(pages.of_version(version, "sign"), {"digest": shown}).status_code == 403
    assert not Alert.objects.live().exists()


@pytest.mark.parametrize(
    "change",
    [{"channels": ["sms"]}, {"hours": "999"}, {"radius_km": "400"}, {"additions_fr": "autre"}, {"photo": ""}],
)
def test_a_post_to_the_drafts_own_address_changes_no_proposal(desk, change) -> None:
    version = scene.proposed()
    form = {"kind": "actual", "shape": "circle", "lat": "33.995", "lon": "-6.85", "radius_km": "10",
            "channels": ["sms", "email"], "hours": "24", **change}  # fmt: skip
    for verb in ("revise", "sign"):
        desk(people.ines()).post(pages.of_version(version, verb), form)
    kept = scene.stored(version)
    assert (kept.state, kept.digest, kept.area) == ("proposed", version.digest, version.area)
    signed = issue.sign(kept, people.omar(), digest=kept.digest, factor_at=clock.now())
    assert signed.state == "signed"


ORDER = {"office": "prosecutor", "magistrate": "Maître Bennis", "number": "2026/417", "how": "phone",
         "words": "Appel reçu au poste", "given_time": "00:01"}  # fmt: skip


def of_order(verb: str, pk) -> str:
    return reverse(f"admin:alerts_order_{verb}", args=[pk])


def order_form(**changes) -> dict[str, object]:
    return {**ORDER, "given_on": timezone.localdate().isoformat(), **changes}


def png() -> SimpleUploadedFile:
    held = io.BytesIO()
    Image.new("RGB", (300, 400), "white").save(held, "PNG")
    return SimpleUploadedFile("ordre.png", held.getvalue(), "image/png")


def test_an_order_is_recorded_from_the_page_of_its_case_and_read_again(desk, settings) -> None:
    settings.ORDER_RULE = "either"
    version = scene.drafted()
    case, ines = version.alert.case, desk(people.ines())
    record = of_order("record", case.pk)
    assert record in ines.get(pages.of_case(case)).content.decode()
    assert record in ines.get(pages.of_version(version)).content.decode()  # proposing only warns
    ines.post(record, order_form(how="scan", words="", photo=png()))
    order = Order.objects.get()
    assert order.how == "scan"
    page = desk(people.omar()).get(of_order("change", order.pk))
    assert "Maître Bennis" in pages.words(page)
    scan = desk(people.omar()).get(of_order("scan", order.pk))
    assert scan.content.startswith(b"\xff\xd8\xff")
    assert AuditEntry.objects.filter(actor=people.omar().pk, purpose="order scan").exists()
    assert not ines.get(pages.of_version(version)).context["order_missing"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"how": "scan", "words": ""}, "photo"),
        ({"how": "phone", "words": ""}, "words"),
        ({"how": "scan", "number": "", "photo": "png"}, "number"),
        ({"how": ""}, "how"),
        ({"office": "king"}, "office"),
        ({"magistrate": " "}, "magistrate"),
        ({"given_on": "1447-03-02"}, "given_on"),
        ({"given_time": "25:00"}, "given_time"),
        ({"given_on": "2999-01-01"}, "given_time"),
        ({"how": "scan", "photo": "text"}, "photo"),
    ],
)
def test_what_is_missing_is_asked_for_and_what_was_typed_stays(desk, wrong, field) -> None:
    case = scene.case()
    files = {"png": png(), "text": SimpleUploadedFile("x.jpg", b"no picture", "image/jpeg")}
    given = {name: files.get(value, value) if name == "photo" else value for name, value in wrong.items()}
    answer = desk(people.ines()).post(of_order("record", case.pk), order_form(**given))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not Order.objects.exists()


def test_a_hold_and_its_release_by_the_pages(desk) -> None:
    version = scene.signed()
    case, ines, omar = version.alert.case, desk(people.ines()), desk(people.omar())
    assert "reauthenticate" in desk(people.ines(), factor_age_s=400).get(of_order("hold", case.pk)).url
    ines.post(of_order("hold", case.pk), order_form())
    assert Alert.objects.get().state == "ended"
    order = Order.objects.get()
    ines.post(of_order("release", order.pk), {"words": "Levé par téléphone"})
    ines.post(of_order("decide", order.pk), {"answer": "release"})
    assert Order.objects.get().is_holding
    assert "Levé par téléphone" in pages.words(omar.get(of_order("change", order.pk)))
    omar.post(of_order("decide", order.pk), {"answer": "release"})
    assert not Order.objects.get().is_holding


def test_no_order_of_another_unit_or_agency_is_shown_or_touched(desk) -> None:
    case = scene.case()
    order = issue.record_order(case, people.ines(), told(), factor_at=clock.now())
    other = people.officer("sami", Role.OFFICER, at=people.unit("hassan"))
    for who in (other, people.lea(), people.nadia()):
        client = desk(who)
        for verb, pk in (("change", order.pk), ("scan", order.pk), ("record", case.pk), ("hold", case.pk)):
            assert client.get(of_order(verb, pk)).status_code in {403, 404}
        assert client.post(of_order("decide", order.pk), {"answer": "release"}).status_code in {403, 404}

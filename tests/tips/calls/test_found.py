"""What an officer finds on a network is a tip like any other: its address sealed, its picture evidence."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests import people
from tests.alerts import scene, stating
from tests.tips.calls.test_call import token
from tips.models import Tip
from trust.models import AuditEntry

pytestmark = pytest.mark.django_db
FOUND = "/police/tips/found/"


@pytest.fixture
def ines(client: Client) -> Client:
    people.login(client, people.ines())
    return client


def picture() -> SimpleUploadedFile:
    held = io.BytesIO()
    Image.new("RGB", (40, 60), "navy").save(held, "PNG")
    return SimpleUploadedFile("capture d’écran.png", held.getvalue(), "image/png")


def find(client: Client, **told: Any) -> Any:
    return client.post(FOUND, {"submission": token(client.get(FOUND)), **told})


def test_a_find_is_kept_with_address_words_picture_and_who_entered_it(ines: Client) -> None:
    version = scene.signed()
    answer = find(
        ines, link=stating.LINK, told_words="Vue au marché", when="2h", alert="1", attached=picture()
    )
    assert answer.status_code == 200
    tip = Tip.objects.get()
    assert (tip.door, tip.link, tip.alert_id) == ("found", stating.LINK, version.alert_id)
    assert tip.entered_by == people.ines()
    assert tip.seen_at is None, "when it was posted is no hour of a sighting"
    assert tip.said_at < tip.received_at
    assert tip.attachments.count() == 1, "sealed already; a worker makes its copy"
    assert stating.LINK not in str(AuditEntry.objects.values_list("action", "after", "reason"))


def test_a_statement_that_answers_it_is_named(ines: Client) -> None:
    row = stating.signed()
    answer = find(ines, link="https://www.facebook.com/watch/?v=1234567890123")
    assert row.code in answer.content.decode()


def test_the_same_address_told_before_is_offered(ines: Client) -> None:
    find(ines, link=stating.LINK)
    first = Tip.objects.get()
    piece = ines.post(
        "/police/tips/call/look/", {"link": "https://facebook.com/watch?v=1234567890123"}
    ).content.decode()
    assert first.reference in piece


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({}, "link"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "rien"}, "link"),
        ({"link": stating.LINK, "when": "jadis"}, "when"),
    ],
)
def test_what_is_no_find_is_asked_again(ines: Client, told: dict[str, str], wrong: str) -> None:
    answer = find(ines, **told)
    assert answer.status_code == 422
    assert wrong in answer.context["form"].errors
    assert not Tip.objects.exists()


def test_a_picture_survives_a_mistake_beside_it(ines: Client) -> None:
    answer = find(ines, link="rien", attached=picture())
    [kept] = answer.context["form"].kept_tokens
    find(ines, link=stating.LINK, kept=kept)
    assert Tip.objects.get().attachments.count() == 1


def test_a_forged_post_is_refused(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    people.login(strict, people.ines())
    assert strict.post(FOUND, {"link": stating.LINK}).status_code == 403
    assert not Tip.objects.exists()

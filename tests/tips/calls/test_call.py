"""The call-taker's page: typed, kept, read out, the next call."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cases.models import Case
from tests import people
from tests.alerts import scene
from tips.models import Tip
from trust import clock, secrets
from trust.models import AuditEntry, Officer
from trust.roles import Role

pytestmark = pytest.mark.django_db
CALL, LOOK = "/police/tips/call/", "/police/tips/call/look/"
SEEN = "Une petite fille en robe rouge avec un sac bleu"


def taker() -> Officer:
    """Return Salma, who takes calls and reads no tips."""
    return people.officer("salma", Role.INTAKE, at=people.unit())


@pytest.fixture
def salma(client: Client) -> Client:
    people.login(client, taker())
    return client


def token(page: Any) -> str:
    found = re.search(r'name="submission" value="([^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


def call(client: Client, **told: str) -> Any:
    body = {"submission": token(client.get(CALL)), "act": "save", "language": "fr", **told}
    return client.post(CALL, body)


def test_a_sighting_is_typed_linked_and_read_out(salma: Client) -> None:
    version = scene.signed()
    page = salma.get(CALL).content.decode()
    assert "<kbd>1</kbd>" in page
    assert version.alert.code in page
    answer = call(salma, alert="1", last_seen_words="Agdal", when="10", told_words=SEEN)
    assert answer.status_code == 200
    tip = Tip.objects.get()
    assert (tip.door, tip.alert_id, tip.words) == ("phone", version.alert_id, SEEN)
    assert tip.entered_by == taker()
    assert tip.witness is None, "a caller who offers no number leaves none"
    assert (tip.place or {})["words"] == "Agdal"
    assert tip.seen_at is not None
    assert clock.now() - tip.seen_at - timedelta(minutes=10) < timedelta(minutes=1)
    shown = answer.content.decode()
    receipt = answer.context["receipt"]
    assert tip.reference in shown
    assert receipt.words in shown
    assert secrets.check_secret(secrets.normalise_secret(receipt.words), tip.secret_hash)
    fresh = answer.context["form"]
    assert not fresh.is_bound, "the next call begins at once"
    assert f'value="{receipt.digits}"' not in shown


def test_the_same_form_sent_twice_is_one_tip_and_one_receipt(salma: Client) -> None:
    body = {"submission": token(salma.get(CALL)), "told_words": SEEN, "language": "fr"}
    first, again = (salma.post(CALL, body).context["receipt"] for _time in range(2))
    assert first == again
    assert Tip.objects.count() == 1


def test_an_offered_number_is_sealed_apart_and_stands_on_no_page(salma: Client) -> None:
    answer = call(salma, told_words=SEEN, phone="0612345678")
    tip = Tip.objects.select_related("witness").get()
    assert tip.witness is not None
    assert "612345678" in (tip.witness.address or "")
    assert "612345678" not in answer.content.decode()


def test_a_code_names_an_alert_beyond_the_numbers(salma: Client) -> None:
    version = scene.signed()
    call(salma, alert=version.alert.code.lower(), told_words=SEEN)
    call(salma, alert="0", told_words="Autre chose, ailleurs")
    assert set(Tip.objects.values_list("alert_id", flat=True)) == {version.alert_id, None}


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ({}, "told_words"),
        ({"told_words": SEEN, "alert": "7"}, "alert"),
        ({"told_words": SEEN, "alert": "no"}, "alert"),
        ({"told_words": SEEN, "when": "hier soir"}, "when"),
        ({"told_words": SEEN, "phone": "12"}, "phone"),
        ({"told_words": "x" * 4001}, "told_words"),
        ({"told_words": SEEN, "language": "xx"}, "language"),
    ],
)
def test_what_is_wrong_is_asked_again_and_nothing_typed_is_lost(
    salma: Client, told: dict[str, str], wrong: str
) -> None:
    answer = call(salma, **{"last_seen_words": "" if not told else "Agdal", **told})
    assert answer.status_code == 422
    assert wrong in answer.context["form"].errors
    assert not Tip.objects.exists()
    if told:
        assert "Agdal" in answer.content.decode()


def test_odd_bytes_and_an_odd_token_are_taken(salma: Client) -> None:
    answer = salma.post(CALL, {"submission": "forged", "told_words": "\u0000 vu \u202e enfant", "same": "x"})
    assert answer.status_code == 200
    assert Tip.objects.get().words == "vu  enfant"


def test_who_told_the_same_is_offered_while_typing_and_joined_by_one_key(client: Client) -> None:
    people.login(client, people.ines())
    call(client, last_seen_words="Agdal", when="20", told_words=SEEN)
    first = Tip.objects.get()
    told = {"last_seen_words": "Agdal", "when": "5", "told_words": "fillette robe rouge sac bleu"}
    piece = client.post(LOOK, told, headers={"X-Poll": "1"}).content.decode()
    assert first.reference in piece
    assert SEEN in piece
    assert 'id="places"' in piece
    answer = call(client, same=str(first.pk), **told)
    second = Tip.objects.exclude(pk=first.pk).get()
    assert second.cluster in {first.pk, first.cluster}
    assert AuditEntry.objects.filter(action="tip.joined_by_call", subject=second.pk).exists()
    assert answer.status_code == 200
    looks = AuditEntry.objects.filter(subject=first.pk, action="viewed")
    assert looks.count() == 1, "one entry a reader in a quarter of an hour, however often it is asked"


def test_without_script_a_button_looks_and_keeps_what_is_typed(client: Client) -> None:
    people.login(client, people.ines())
    call(client, last_seen_words="Agdal", when="20", told_words=SEEN)
    answer = call(client, act="look", last_seen_words="Agdal", when="25")
    shown = answer.content.decode()
    assert Tip.objects.get().reference in shown
    assert 'value="Agdal"' in shown
    assert Tip.objects.count() == 1


def test_who_reads_no_tips_is_told_of_place_and_hour_alone(salma: Client) -> None:
    call(salma, last_seen_words="Agdal", when="20", told_words=SEEN)
    piece = salma.post(LOOK, {"last_seen_words": "Agdal", "when": "20"}).content.decode()
    tip = Tip.objects.get()
    assert tip.reference in piece
    assert SEEN not in piece
    assert str(tip.pk) not in re.sub(r'value="[^"]+"', "", piece), "no way to its page"


def test_another_unit_is_offered_nothing(client: Client) -> None:
    people.login(client, people.ines())
    call(client, last_seen_words="Agdal", when="20", told_words=SEEN)
    first = Tip.objects.get()
    Tip.objects.update(unit=people.lea().unit)
    told = {"last_seen_words": "Agdal", "when": "20", "told_words": SEEN}
    assert first.reference not in client.post(LOOK, told).content.decode()
    call(client, same=str(first.pk), **told)
    assert Tip.objects.count() == 2
    assert not AuditEntry.objects.filter(action="tip.joined_by_call").exists()


def test_looking_costs_few_questions_to_the_database(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    people.login(client, people.ines())
    for number in range(6):
        call(client, last_seen_words="Agdal", when=str(20 + number), told_words=f"{SEEN} {number}")
    told = {"last_seen_words": "Agdal", "when": "20", "told_words": SEEN}
    client.post(LOOK, told)
    with django_assert_max_num_queries(25):
        assert client.post(LOOK, told).status_code == 200


def test_a_missing_child_goes_on_to_the_report_with_the_words_kept(salma: Client) -> None:
    told = {
        "act": "begin", "last_seen_words": "Agdal", "phone": "0612345678",
        "told_words": "Son fils n’est pas rentré de l’école",
    }  # fmt: skip
    page = salma.post(reverse("admin:cases_case_file"), told)
    shown = page.content.decode()
    assert page.status_code == 200
    assert "Son fils n’est pas rentré" in shown
    assert 'value="Agdal"' in shown
    assert not Case.objects.exists()
    filed = {
        "submission": token(page), "how": "phone", "language": "fr", "name_1": "Nour", "age_1": "9",
        "last_seen_words": "Agdal", "ago": "hour", "phone": "0612345679", "children": "1",
        "told_words": told["told_words"],
    }  # fmt: skip
    assert salma.post(reverse("admin:cases_case_file"), filed).status_code == 200
    case = Case.objects.get()
    entries = [sheet.entries or {} for sheet in case.sheets.all()]
    assert any("Son fils" in str(one.get("circumstances")) for one in entries)


@pytest.mark.parametrize("role", [Role.COMMUNICATOR, Role.AUDITOR, Role.ADMINISTRATOR])
def test_only_who_takes_calls_opens_it(client: Client, role: str) -> None:
    people.login(client, people.officer("other", role, at=people.unit()))
    assert client.get(CALL).status_code == 403
    assert client.post(LOOK, {"told_words": SEEN}).status_code == 403
    assert client.post(CALL, {"told_words": SEEN}).status_code == 403
    assert not Tip.objects.exists()


def test_a_stranger_is_led_to_the_log_in(client: Client) -> None:
    assert client.get(CALL).status_code == 302
    assert client.post(CALL, {"told_words": SEEN}).status_code == 302
    assert not Tip.objects.exists()

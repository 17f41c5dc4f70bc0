"""What strangers write and type is shown as words wherever officers read of it, and breaks no page."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tests import people
from tests.desk.doors_tips import photo as photo_of
from tests.tips.a_tip import a_tip
from tips.desk.forms import HandForm
from tips.models import Attachment, Tip

pytestmark = pytest.mark.django_db
MARKUP = '</title><script>alert(1)</script>"><img src=x onerror=alert(1)>'
TURNED = "\u202egpj.exe\u202c \u2066x"
QUEUE = "admin:tips_tip_changelist"


def signed_in(client):
    people.login(client, people.ines())
    return client


def hostile():
    tip = a_tip(
        f"{MARKUP} {TURNED} " + "أ" * 50_000,
        place={"words": MARKUP + TURNED, "lat": 33.99, "lon": -6.85, "error_m": 100, "how": "pin"},
    )
    row = photo_of(tip)
    row.name, row.facts = MARKUP + TURNED, {"device": MARKUP, "against": []}
    row.save(update_fields=["name", "facts"])
    return tip


def test_markup_and_turned_words_are_words_on_every_page(client):
    tip = hostile()
    Tip.objects.filter(pk=tip.pk).update(handed_to_name=MARKUP)
    names = ("change", "sighting", "case", "hand", "close", "statement")
    addresses = [reverse(f"admin:tips_tip_{name}", args=[tip.pk]) for name in names]
    for address in (*addresses, reverse(QUEUE), reverse("admin:index")):
        answer = signed_in(client).get(address)
        shown = answer.content.decode()
        assert answer.status_code == 200, address
        assert "<script>alert" not in shown, address
        assert "<img src=x" not in shown, address


@pytest.mark.parametrize("name", ["q", "alert", "state", "guess", "whose", "p"])
@pytest.mark.parametrize("typed", ["\x00", "\ufdd0" * 9, "٣" * 400, "%00%", "\u202e", "9" * 400, "²"])
@pytest.mark.postgresql
def test_nothing_typed_into_an_address_breaks_the_queue(client, name, typed):
    answer = signed_in(client).get(reverse(QUEUE), {name: typed})
    assert answer.status_code in (200, 400)


@pytest.mark.postgresql
def test_nothing_typed_into_a_form_breaks_it(client):
    tip = a_tip()
    people.unit("sale")
    page = signed_in(client)
    bad = "a\x00b\ud800" + TURNED
    for name, told in {
        "reply": {"body": bad},
        "close": {"reason": "unrelated:other", "words": bad},
        "reopen": {"words": bad},
        "hand": {"name": bad, "words": bad},
        "taken": {"words": bad},
        "questions": {"q-source": "yes", "q-source_words": bad},
        "sighting": {"case": "\x00", "day": "2026-11-22\x00", "hour": "10:00", "place": bad},
    }.items():
        data = "&".join(f"{key}={_coded(value)}" for key, value in told.items())
        answer = page.post(
            reverse(f"admin:tips_tip_{name}", args=[tip.pk]), data,
            content_type="application/x-www-form-urlencoded",
        )  # fmt: skip
        assert answer.status_code < 500, name
    call = "/police/tips/call/"
    for key in ("alert", "last_seen_words", "when", "told_words", "phone", "same", "submission"):
        answer = page.post(call, f"{key}={_coded(bad)}", content_type="application/x-www-form-urlencoded")
        assert answer.status_code < 500, key


def _coded(text):
    raw = text.encode("utf-8", "surrogatepass")
    return "".join(f"%{byte:02X}" for byte in raw)


def test_a_unit_outside_is_named_on_one_line():
    form = HandForm(a_tip(), {"name": "Brigade\n\x00\u202emaritime", "words": "x"})
    assert form.is_valid()
    assert "\n" not in form.cleaned_data["name"]
    assert "\x00" not in form.cleaned_data["name"]


def test_a_page_stays_bounded_however_much_was_sent_and_told(client, django_assert_max_num_queries):
    tip = hostile()
    first = Attachment.objects.get(tip=tip)
    for number in range(1, 20):
        twin = Attachment(tip=tip, position=number, kind="photo", state="ready", original_sha256="0" * 64)
        twin.likenesses = [{"attachment": str(first.pk), "kind": "same", "strength": 90}] * 12
        twin.save()
    Tip.objects.filter(pk=tip.pk).update(cluster=tip.pk)
    copies = []
    for number in range(500):
        row = Tip.objects.get(pk=tip.pk)
        row.pk, row.reference, row.event_id = None, f"NJ-{number:04}-XX", None
        row.id = uuid4()
        for name in ("words", "place", "reasons", "history", "questions"):
            row.__dict__[name] = None
        copies.append(row)
    Tip.objects.bulk_create(copies)
    page = signed_in(client)
    with django_assert_max_num_queries(75):
        answer = page.get(reverse("admin:tips_tip_change", args=[tip.pk]))
    assert answer.status_code == 200
    assert len(answer.content) < 600_000
    with django_assert_max_num_queries(45):
        assert page.get(reverse(QUEUE)).status_code == 200


def test_a_stranger_who_writes_half_an_address_stops_no_call(client):
    a_tip("https://[ voyez http://[::1 et www.[x]/y une fille en robe rouge", link="https://[x")
    answer = signed_in(client).post("/police/tips/call/look/", {"told_words": "une fille en robe rouge"})
    assert answer.status_code == 200

"""WhatsApp is confirmed on WhatsApp: by a code where its template is approved, else by writing first."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client, override_settings

from alerts import subscribe
from alerts.models import Address, Follow, Subscription
from alerts.subscribe import confirming, offering
from alerts.subscribe.asking import Wish, written_code
from geo.cells import cell_of
from notifier import inbound
from notifier.exceptions import CannotCarry
from notifier.message import Inbound, Message, Text
from notifier.models import Batch, Delivery
from notifier.protocols import whatsapp
from notifier.protocols import whatsapp_templates as templates
from tests.alerts import scene
from tests.alerts.test_subscribe import code_of
from tips.models import Tip
from trust import keys

pytestmark = pytest.mark.django_db
CELL = cell_of(scene.AGDAL)
NUMBER, USER_ID = "+212612345678", "MA.8Zq1Kd"


@pytest.fixture
def unapproved():
    """A number whose code template Meta has not approved."""
    entry = settings.NOTIFIER["whatsapp"]
    simulator = {**entry["SIMULATOR"], "template_states": {"alert.fr": "approved"}}
    with override_settings(NOTIFIER={**settings.NOTIFIER, "whatsapp": {**entry, "SIMULATOR": simulator}}):
        yield


def post(**told):
    return Client().post("/fr/subscribe/", {"channel": "whatsapp", "address": "", "region": "MA-04", **told})


def wrote(sender: str, text: str) -> bool:
    """Let somebody write to our number; True when it became a tip, or a word more of one."""
    event = inbound.store("whatsapp", Inbound("message", uuid4().hex, sender, text, None, uuid4().hex))
    assert event is not None
    assert inbound.announce(event.pk)
    heard = Tip.objects.filter(event_id=event.pk) | Tip.objects.filter(heard_at__gte=event.received_at)
    return heard.exists()


def address_of(person) -> str:
    row = Address.objects.get(subscription=person)
    return keys.unseal(person.pk, "address", bytes(row.value)).decode()


def test_a_number_is_sent_a_code_by_the_approved_template():
    answer = post(address="0612345678")
    assert "by=write" not in answer["Location"]
    pending = Subscription.objects.get()
    batch = Batch.objects.get()
    text = batch.texts()["fr"]
    assert (batch.channel, text.code) == ("whatsapp", code_of(pending.pk))
    assert subscribe.confirm(pending.pk, text.code) == pending.pk
    assert address_of(pending) == NUMBER


def test_the_code_is_said_by_metas_own_words_and_its_button_copies_it():
    message = Message("r", to=NUMBER, language="ar", text=Text(short="x", code="482913"), kind="confirmation")
    said = whatsapp.words(message, templates.load(), "approved")
    assert "482913" in said.said
    sent = whatsapp.envelope(message, said, {})["template"]
    body, button = sent["components"]
    assert body == {"type": "body", "parameters": [{"type": "text", "text": "482913"}]}
    assert (button["sub_type"], button["parameters"]) == ("url", [{"type": "text", "text": "482913"}])


def test_the_code_template_is_handed_in_as_meta_asks():
    told = templates.load()["code", "fr"].submission("https://najda.example")
    assert told["category"] == "AUTHENTICATION"
    body, footer, buttons = told["components"]
    assert "text" not in body
    assert footer == {"type": "FOOTER", "code_expiration_minutes": 30}
    assert [button["otp_type"] for button in buttons["buttons"]] == ["COPY_CODE"]


def test_a_confirmation_without_a_code_takes_no_template_of_codes():
    message = Message("r", to=NUMBER, language="fr", text=Text(short="Fini."), kind="confirmation")
    with pytest.raises(CannotCarry):
        whatsapp.words(message, templates.load(), "approved")


def test_where_the_template_is_not_approved_the_person_writes_to_us(unapproved):
    place = post(address="0612345678")["Location"]
    assert place.endswith("?by=write")
    pending = Subscription.objects.get()
    assert not Delivery.objects.exists()
    assert not any(
        bytes(row.value) or row.token for row in Address.objects.all()
    )  # what was typed is not kept
    page = Client().get(place).content.decode()
    assert f"https://wa.me/{offering.our_number()[1:]}?text=" in page
    assert written_code(pending.pk) in page
    assert not wrote(NUMBER, f"Je veux être averti. Code : {written_code(pending.pk)}")
    assert address_of(pending) == NUMBER
    assert Follow.objects.get().active
    thanks = Delivery.objects.get()
    assert (thanks.person, thanks.channel) == (pending.pk, "whatsapp")
    done = Client().get(place)
    assert "/mine/" not in done.content.decode()
    assert "Votre message" in done.content.decode() or "Your message" in done.content.decode()
    (words,) = Batch.objects.get(kind="answer").texts().values()
    own_page = words.body.split()[-1].removeprefix(settings.PUBLIC_URL)
    assert "+212 ••• 78" in Client().get(own_page).content.decode()


def test_who_shows_no_number_subscribes_by_writing():
    place = post()["Location"]
    pending = Subscription.objects.get()
    assert not wrote(
        USER_ID, f"رمز: {written_code(pending.pk)}".translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    )
    assert address_of(pending) == USER_ID
    assert "/mine/" not in Client().get(place).content.decode()


def test_a_typed_user_id_is_not_sent_a_code_that_meta_would_refuse():
    assert post(address=USER_ID)["Location"].endswith("?by=write")


def test_figures_nobody_was_shown_are_a_tip_like_any_other():
    subscribe.ask_to_write(Wish("fr", CELL))
    for text in ("J'ai vu l'enfant, appelez le 0612345678", "1234567890", "1234567890 9876543210", "bonjour"):
        assert wrote(NUMBER, text)
    assert not Subscription.objects.active().exists()


def test_a_shown_code_counts_once_and_for_half_an_hour():
    spent = subscribe.ask_to_write(Wish("fr", CELL))
    assert confirming.written("whatsapp", NUMBER, written_code(spent)) == spent
    assert confirming.written("whatsapp", "+212612345679", written_code(spent)) is None
    late = subscribe.ask_to_write(Wish("fr", CELL))
    Address.objects.filter(subscription=late).update(code_until=Subscription.objects.get(pk=late).created_at)
    assert confirming.written("whatsapp", "+212612345679", written_code(late)) is None
    by_sms = subscribe.ask_to_write(Wish("fr", CELL))
    assert confirming.written("sms", NUMBER, written_code(by_sms)) is None


def test_guessing_shown_codes_ends_after_a_few():
    for figures in range(confirming.WRITTEN_AN_HOUR):
        assert confirming.written("whatsapp", NUMBER, f"{figures:010d}") is None
    pending = subscribe.ask_to_write(Wish("fr", CELL))
    assert confirming.written("whatsapp", NUMBER, written_code(pending)) is None


def test_a_page_for_nobody_looks_like_a_page_for_somebody():
    pending, nobody = subscribe.ask_to_write(Wish("fr", CELL)), uuid4()
    pages = [Client().get(f"/fr/subscribe/{one}/?by=write") for one in (pending, nobody)]
    assert [page.status_code for page in pages] == [200, 200]
    assert written_code(nobody) in pages[1].content.decode()


def test_without_a_number_or_a_template_whatsapp_is_not_offered(unapproved):
    assert "whatsapp" in offering.channels()
    entry = settings.NOTIFIER["whatsapp"]
    simulator = {**entry["SIMULATOR"], "number": ""}
    with override_settings(NOTIFIER={**settings.NOTIFIER, "whatsapp": {**entry, "SIMULATOR": simulator}}):
        assert "whatsapp" not in offering.channels()
        assert post(address="0612345678").status_code == 200

"""Templates by Meta's rules, and words made into one message."""

import dataclasses
import json

import pytest

from notifier.exceptions import CannotCarry, ConfigurationError, DeliveryError
from notifier.message import Message, Text
from notifier.protocols import media, whatsapp, whatsapp_templates
from notifier.protocols.whatsapp_templates import Button, faults, load
from tests.notifier.contract import ARABIC, FRENCH

SHIPPED = load()
GOOD = SHIPPED["alert", "fr"]
SITE = "https://a.example/{{1}}"
LANGUAGES = ("ar", "fr", "en")


def said(text: Text, *, kind="alert", language="fr", window_open=False) -> whatsapp.Words:
    message = Message("r", "+212600000042", language, text, kind, window_open=window_open)
    return whatsapp.words(message, SHIPPED, "approved")


@pytest.mark.parametrize("key", sorted(SHIPPED), ids=".".join)
def test_every_shipped_template_keeps_metas_rules_and_is_honest_about_its_approval(key):
    template = SHIPPED[key]
    assert faults(template) == []
    assert template.state == "draft"
    assert len(template.filled(template.examples)) <= whatsapp_templates.MAX_BODY


def test_each_text_is_there_in_three_languages():
    texts = {*whatsapp_templates.OF_KIND.values(), whatsapp_templates.CODE}
    assert set(SHIPPED) == {(what, language) for what in texts for language in LANGUAGES}


def test_an_alert_is_tied_to_the_persons_own_request_and_says_how_to_stop():
    for language, asked, stop in (
        ("ar", "طلبتم", "توقف"),
        ("fr", "Vous avez demandé", "ARRÊT"),
        ("en", "You asked", "STOP"),
    ):
        template = SHIPPED["alert", language]
        assert template.body.startswith(asked)
        assert stop in template.footer
        assert template.buttons[-1].payload == "stop"


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"name": "Najda Alert"}, "name"),
        ({"name": "x" * 513}, "name"),
        ({"language": "arabic"}, "language"),
        ({"category": "ALERT"}, "category"),
        ({"category": "MARKETING"}, "category_not_utility"),
        ({"state": "fine"}, "state"),
        ({"body": ""}, "body_length"),
        ({"body": "mot " * 300}, "body_length"),
        ({"body": "{{details}} est tout ce que la police sait maintenant"}, "variable_at_the_edge"),
        ({"body": "Tout ce que la police sait maintenant : {{details}}."}, "variable_at_the_edge"),
        ({"body": "Un deux trois quatre cinq {{details}} {{url}} six sept"}, "variables_touch"),
        ({"body": "Un {{details}} deux {{url}} trois"}, "too_few_words"),
        ({"body": "Un deux trois quatre {{nom}} cinq"}, "variable_unknown"),
        ({"body": "Un deux trois quatre {{details} cinq"}, "variable_unknown"),
        ({"body": "Un deux trois quatre {{url}} cinq six {{url}} sept"}, "variable_twice"),
        ({"examples": {}}, "example_missing"),
        ({"header": "video"}, "header"),
        ({"footer": "x" * 61}, "footer"),
        ({"footer": "Pour {{url}}"}, "footer"),
        ({"footer": "Merci 🙏"}, "footer_emoji"),
        ({"buttons": (Button("quick_reply", "x" * 26),)}, "button_text"),
        ({"buttons": (Button("quick_reply", "Stop 🛑"),)}, "button_text"),
        ({"buttons": (Button("quick_reply", "*Stop*"),)}, "button_text"),
        ({"buttons": (Button("call", "Appeler"),)}, "button_kind"),
        ({"buttons": (Button("url", "Voir", "https://a.example/{{1}}/x"),)}, "button_url"),
        ({"buttons": (Button("url", "Voir", "x" * 2000 + SITE),)}, "button_url_length"),
        ({"buttons": (Button("quick_reply", "Stop"),) * 2}, "button_twice"),
        ({"buttons": tuple(Button("quick_reply", str(number)) for number in range(11))}, "too_many_buttons"),
        ({"buttons": tuple(Button("url", str(number), SITE) for number in range(3))}, "too_many_buttons"),
        (
            {"buttons": (Button("quick_reply", "A"), Button("url", "B", SITE), Button("quick_reply", "C"))},
            "buttons_mixed",
        ),
    ],
)  # fmt: skip
def test_what_meta_would_refuse_is_named(changed, fault):
    assert fault in faults(dataclasses.replace(GOOD, **changed))


@pytest.mark.parametrize(
    ("name", "content"),
    [("alert.ar.toml", 'name = "x'), ("alert.ar.toml", "unheard = 1"), ("alert.ar.toml", None)],
)
def test_a_broken_file_stops_at_start_up(tmp_path, name, content):
    spoken = (whatsapp_templates.FOLDER / "alert.fr.toml").read_text()
    (tmp_path / name).write_text(spoken if content is None else content)
    with pytest.raises(ConfigurationError, match=name):
        load(tmp_path)


def test_a_template_is_handed_in_with_its_examples_and_our_address():
    told = SHIPPED["alert", "ar"].submission("https://najda.example/")
    parts = {part["type"]: part for part in told["components"]}
    named = parts["BODY"]["example"]["body_text_named_params"]
    assert [one["param_name"] for one in named] == ["details", "url"]
    assert parts["BUTTONS"]["buttons"][0]["url"] == "https://najda.example/{{1}}"
    assert (told["name"], told["category"], told["parameter_format"]) == ("najda_alert", "UTILITY", "NAMED")
    assert {part["type"] for part in SHIPPED["receipt", "en"].submission("x")["components"]} == {"BODY"}


def test_a_template_carries_the_words_as_one_line_and_the_address_once():
    words = said(ARABIC, language="ar")
    assert words.values["details"] == "طفلة مفقودة في الرباط. شاهدتها؟ اتصل."
    assert words.said.count(ARABIC.url) == 1
    assert words.template is not None
    components = words.template.components(words.values, {"id": "9"})
    assert [part["type"] for part in components] == ["header", "body", "button", "button"]
    assert components[2]["parameters"][0]["text"] == "ar/a/K7M2XQ4T/"


@pytest.mark.parametrize(
    ("given", "line", "lost"),
    [
        ("Un\n\ndeux", "Un · deux", ("line_breaks",)),
        ("Un.\r\ndeux", "Un. deux", ("line_breaks",)),
        ("رأيتها؟\nاتصل", "رأيتها؟ اتصل", ("line_breaks",)),
        ("Un\tdeux", "Un deux", ("spaces",)),
        ("Un     deux", "Un deux", ("spaces",)),
        ("Un\u200bdeux\ufeff", "Undeux", ("invisible_signs",)),
        ("Un\u2028deux", "Un · deux", ("line_breaks",)),
        ("Amina 🧒🏽 أمينة", "Amina 🧒🏽 أمينة", ()),
        ("  Un deux ", "Un deux", ()),
        ("م\u200cي \u202bDVD\u202c", "م\u200cي \u202bDVD\u202c", ()),  # joiners and directions carry meaning
    ],
)
def test_a_value_has_no_line_breaks_no_tabs_and_no_five_spaces(given, line, lost):
    assert whatsapp.one_line(given) == (line, lost)


@pytest.mark.parametrize(
    ("text", "kind", "refusal"),
    [
        (Text(short="x" * 900, url="https://n.invalid/"), "alert", "too_long"),
        (Text(short="Sans adresse"), "alert", "invalid"),
        (Text(url="https://n.invalid/"), "alert", "invalid"),
        (Text(short="\u200b\n", url="https://n.invalid/"), "update", "invalid"),
        (FRENCH, "page", "rejected"),
        (FRENCH, "confirmation", "rejected"),
    ],
)
def test_what_no_template_can_say_is_refused_before_anything_leaves(text, kind, refusal):
    with pytest.raises(CannotCarry) as refused:
        said(text, kind=kind)
    assert refused.value.kind == refusal


def test_a_language_without_templates_goes_by_the_next_channel_and_pages_nobody():
    with pytest.raises(CannotCarry) as refused:
        said(FRENCH, language="es")
    assert refused.value.kind == "rejected"


def test_the_all_clear_and_the_receipt_need_no_address_and_show_no_face():
    pictured = Text(short="L’alerte est terminée.", photo_name="face.jpg", photo_alt="Visage")
    for kind in ("end", "answer"):
        words = said(pictured, kind=kind)
        assert (words.picture, words.needs_picture, words.lost) == ("", False, ("photo",))


def test_free_words_keep_their_lines_and_carry_a_picture_only_with_a_caption_that_fits():
    pictured = dataclasses.replace(FRENCH, photo_name="face.jpg")
    short = said(pictured, window_open=True)
    assert (short.said, short.picture, short.needs_picture) == (FRENCH.body, "face.jpg", True)
    long = said(dataclasses.replace(pictured, body="x" * 1025), window_open=True)
    assert (long.picture, long.lost) == ("", ("photo",))
    for body, kind in (("x" * 4097, "too_long"), ("", "invalid")):
        with pytest.raises(CannotCarry) as refused:
            said(Text(body=body), window_open=True)
        assert refused.value.kind == kind


@pytest.mark.parametrize(
    ("to", "whom"),
    [
        ("+212600000042", {"to": "212600000042"}),
        ("MA.Ab12", {"recipient": "MA.Ab12"}),
        ("MA." + "x" * 128, {"recipient": "MA." + "x" * 128}),
        ("0600000042", None),
        ("+0600000042", None),
        ("MA.", None),
        ("MA." + "x" * 129, None),
        ("ma.Ab12", None),
        ("+21260000004٢", None),
        ("a@example.org", None),
        ("", None),
    ],
)
def test_whom_a_message_is_for(to, whom):
    if whom is None:
        with pytest.raises(CannotCarry) as refused:
            whatsapp.receiver(to)
        assert (refused.value.kind, to in str(refused.value) and bool(to)) == ("bad_address", False)
    else:
        assert whatsapp.receiver(to) == whom


def test_an_envelope_carries_our_reference_and_no_preview():
    words = said(FRENCH, window_open=True)
    told = whatsapp.envelope(Message("ref-1", "+212600000042", "fr", FRENCH), words, {})
    assert told["biz_opaque_callback_data"] == "ref-1"
    assert told["text"]["preview_url"] is False
    json.dumps(told)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"messages": [{"id": "w", "message_status": "accepted"}]}, "w"),
        ({"messages": [{"id": "w", "message_status": "held_for_quality_assessment"}]}, "w"),
        ({"messages": [{"id": "w"}]}, "w"),
        ({"messages": [{"id": "w", "message_status": "paused"}]}, None),
    ],
)
def test_a_paused_message_was_not_taken(answer, outcome):
    if outcome:
        assert whatsapp.accepted_id(answer) == outcome
    else:
        with pytest.raises(DeliveryError) as refused:
            whatsapp.accepted_id(answer)
        assert (refused.value.kind, refused.value.permanent) == ("configuration", True)


def test_a_digest_is_read_in_base64_and_in_hex():
    assert media.hex_digest("AB" * 32) == "ab" * 32
    assert media.hex_digest("tbudgBSg+bHWHiHnlteNzN8TUvI80ygS9IULh4rklEw=").startswith("b5bb9d80")
    assert [media.hex_digest(odd) for odd in ("", "x", None, "YQ==")] == [""] * 4

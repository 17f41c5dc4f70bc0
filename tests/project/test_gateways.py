"""Which gateways a deployment has, and what a real one lacks: named at start-up with the way out."""

import pytest
from django.conf import settings as configured
from django.core.exceptions import ImproperlyConfigured

from alerts import language
from notifier import registry
from project import checks, gateways
from project.env import env
from project.env_values import KNOWN_GATEWAYS


def test_every_gateway_that_may_be_named_can_be_made():
    assert set(gateways.GATEWAYS) == set(KNOWN_GATEWAYS)
    assert list(configured.NOTIFIER) == configured.GATEWAYS
    for alias in configured.NOTIFIER:
        assert registry.backend(alias, live=False).alias == alias
    assert registry.has_live_credentials() == []


@pytest.mark.parametrize("text", ["sms,pigeon", "", " , "])
def test_a_gateway_that_is_none_is_refused_by_name(monkeypatch, text):
    monkeypatch.setenv("GATEWAYS", text or " ")
    with pytest.raises(ImproperlyConfigured, match=r"GATEWAYS: .*known are sms"):
        env("GATEWAYS")


def test_their_order_is_the_one_that_was_given(monkeypatch):
    monkeypatch.setenv("GATEWAYS", "twilio, sms,twilio")
    assert env("GATEWAYS") == ["twilio", "sms"]
    assert set(gateways.ports(env("GATEWAYS"))) == {"twilio", "sms"}


def test_what_a_real_gateway_lacks_is_named_only_while_the_public_is_told(settings, monkeypatch):
    settings.GATEWAYS = ["sms", "whatsapp", "webpush"]
    for name in ("SMS_URL", "SMS_USERNAME", "SMS_PASSWORD"):
        monkeypatch.setenv(name, "given")
    assert checks.credentials(None) == []
    settings.PUBLIC_SENDING = True
    (fault,) = checks.credentials(None)
    assert fault.id == "project.E003"
    assert fault.msg.startswith("whatsapp: PUBLIC_SENDING is on")
    assert "WHATSAPP_ACCESS_TOKEN" in fault.msg
    assert "WHATSAPP_TEMPLATES" in fault.msg
    assert "leave whatsapp out of GATEWAYS" in (fault.hint or "")


def test_a_secret_that_came_by_a_file_is_given(monkeypatch, tmp_path):
    (tmp_path / "partners").write_text('{"radio": {"url": "https://radio.example/cap", "secret": "s"}}')
    monkeypatch.setenv("CAP_PARTNERS_FILE", str(tmp_path / "partners"))
    assert gateways.missing("cap_partner") == []
    assert env("CAP_PARTNERS")["radio"]["secret"] == "s"


@pytest.mark.parametrize("text", ["[]", '{"radio": "https://radio.example"}', "{"])
def test_partners_that_cannot_be_read_are_refused_by_name(monkeypatch, text):
    monkeypatch.setenv("CAP_PARTNERS", text)
    with pytest.raises(ImproperlyConfigured, match="CAP_PARTNERS"):
        env("CAP_PARTNERS")


def test_the_push_key_is_the_same_with_and_without_the_public():
    entry = configured.NOTIFIER["webpush"]
    assert entry["OPTIONS"]["vapid_private_key"] == entry["SIMULATOR"]["vapid_private_key"]


def test_a_language_that_cannot_say_what_another_can_stops_the_start(monkeypatch):
    assert checks.languages(None) == []
    whole = language.load("fr")
    message = {key: words for key, words in whole.data["message"].items() if key != "webpush"}
    poor = language.Language("fr", {**whole.data, "message": message})
    load = language.load
    monkeypatch.setattr(language, "load", lambda code: poor if code == "fr" else load(code))
    (fault,) = checks.languages(None)
    assert (fault.id, fault.msg) == ("project.E004", "alerts/languages/fr.toml lacks message.webpush")


@pytest.mark.parametrize(("sentence", "value"), [("{kind}{titel}", "titel"), ("{kind}{title", "?")])
def test_a_language_that_names_a_value_nobody_gives_stops_the_start(monkeypatch, sentence, value):
    whole = language.load("fr")
    message = {**whole.data["message"], "webpush": sentence}
    poor = language.Language("fr", {**whole.data, "message": message})
    load = language.load
    monkeypatch.setattr(language, "load", lambda code: poor if code == "fr" else load(code))
    (fault,) = checks.languages(None)
    assert fault.id == "project.E006"
    assert f"fr.toml names message {{{value}}}" in fault.msg


@pytest.mark.parametrize(
    ("alias", "given", "said"),
    [
        ("whatsapp", {"WHATSAPP_TEMPLATES": "alert.fr,alrt.ar"}, "WHATSAPP_TEMPLATES: no template alrt.ar"),
        ("whatsapp", {"WHATSAPP_NUMBER": "0612345678"}, "WHATSAPP_NUMBER: not +"),
        ("whatsapp", {"WHATSAPP_FALLS_TO": "smss"}, "WHATSAPP_FALLS_TO: write sms"),
        ("whatsapp", {"WHATSAPP_FALLS_TO": "sms"}, "WHATSAPP_FALLS_TO: write sms"),  # which is not there
        ("webpush", {"WEBPUSH_PRIVATE_KEY": "nonsense"}, "WEBPUSH_PRIVATE_KEY: webpush: vapid_private_key"),
        ("webpush", {"WEBPUSH_SUBJECT": "ops@najda.example"}, "WEBPUSH_SUBJECT: webpush: vapid_subject"),
        ("cap_partner", {"CAP_PARTNERS": '{"a": {"url": "https://a.example"}}'}, "CAP_PARTNERS: a: neither"),
        (
            "cap_partner",
            {"CAP_PARTNERS": '{"a": {"url": "http://a", "secret": "s"}}'},
            "CAP_PARTNERS: a: url",
        ),
        ("twilio", {"TWILIO_API_KEY": "SK1"}, "TWILIO_API_KEY: TWILIO_API_KEY and"),
        ("sms", {"GATEWAY_OPTIONS": '{"smss": {"per_second": 3}}'}, "GATEWAY_OPTIONS: smss not among"),
    ],
)
def test_what_is_given_and_cannot_work_stops_the_start_by_name(settings, monkeypatch, alias, given, said):
    settings.GATEWAYS = [alias]
    assert checks.given(None) == []
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    (fault,) = checks.given(None)
    assert (fault.id, fault.msg.startswith(said)) == ("project.E005", True), fault.msg


def test_templates_that_leave_people_without_the_end_are_named(settings, monkeypatch):
    settings.GATEWAYS, settings.PUBLIC_SENDING = ["whatsapp"], True
    monkeypatch.setenv("WHATSAPP_TEMPLATES", "alert.ar,alert.fr,alert.en,update.ar,update.fr,update.en")
    (fault,) = checks.given(None)
    assert fault.id == "project.W002"
    assert "all_clear.ar" in fault.msg
    assert "alert.ar" not in fault.msg
    monkeypatch.setenv("WHATSAPP_TEMPLATES", "all")
    assert checks.given(None) == []


def test_the_page_of_channels_says_what_each_gateway_needs():
    page = (configured.BASE_DIR / "docs" / "channels.md").read_text(encoding="utf-8")
    lines = [line for line in page.splitlines() if line.startswith("| `") and line.count("|") == 5]
    rows = {line.split("`")[1]: line for line in lines}
    for name, gateway in gateways.GATEWAYS.items():
        assert all(f"`{setting}`" in rows[name] for setting in gateway.needs), name
        assert ("| yes |" in rows[name]) is (name in configured.GATEWAYS)

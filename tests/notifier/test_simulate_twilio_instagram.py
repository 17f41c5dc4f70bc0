"""`manage.py simulate` listens where a deployment's SIMULATOR of Twilio or Instagram looks for it."""

import pytest

from notifier.management.commands.simulate import Command, _plan

TWILIO = {
    "BACKEND": "notifier.backends.twilio.TwilioBackend",
    "CHANNEL": "sms",
    "SIMULATOR": {"base_url": "http://127.0.0.1:18555", "sender": "POLICE", "auth_token": "t"},
}
INSTAGRAM = {
    "BACKEND": "notifier.backends.instagram.InstagramBackend",
    "CHANNEL": "instagram",
    "SIMULATOR": {"base_url": "http://127.0.0.1:18556", "ig_user_id": "17"},
}


def plan(*line: str):
    parser = Command().create_parser("manage.py", "simulate")
    return _plan(vars(parser.parse_args(line)))


@pytest.fixture
def deployment(settings):
    settings.NOTIFIER = {**settings.NOTIFIER, "abroad": TWILIO, "gram": INSTAGRAM}
    settings.HOOK_TOKENS = {**settings.HOOK_TOKENS, "abroad": "tok"}


@pytest.mark.usefixtures("deployment")
def test_the_aliases_accounts_and_ports_are_the_settings_own():
    made = plan("--hooks", "http://127.0.0.1:8000")
    assert (made.twilio_alias, made.twilio_port, made.instagram_alias, made.instagram_port) == (
        "abroad", 18555, "gram", 18556,
    )  # fmt: skip
    assert made.twilio.hook_url == "http://127.0.0.1:8000/hooks/abroad/tok/"
    assert made.twilio.auth_token == "t"
    assert "POLICE" in made.twilio.senders
    assert (made.instagram.page_id, made.instagram.hook_url) == ("17", "")


@pytest.mark.usefixtures("deployment")
def test_a_contracts_rate_is_kept_when_asked_for():
    assert plan().twilio.per_second is None
    assert plan("--rates", "contract").twilio.per_second == 30.0


def test_without_them_any_free_port_does():
    assert (plan().twilio_alias, plan().twilio_port, plan().instagram_port) == ("twilio", 0, 0)
    assert plan("--twilio", "18777").twilio_port == 18777

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
    others = {name: entry for name, entry in settings.NOTIFIER.items() if name != "instagram"}
    settings.NOTIFIER = {**others, "abroad": TWILIO, "gram": INSTAGRAM}
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


def test_a_gateway_the_deployment_lacks_has_any_free_port_and_leaves_no_lines():
    assert (plan().twilio_alias, plan().twilio_port) == ("twilio", 0)
    assert "twilio" in plan().unused
    assert plan("--twilio", "18777").twilio_port == 18777


def test_the_default_gateways_listen_where_their_simulators_are_looked_for(settings):
    made, ports = plan(), settings.SIMULATOR_PORTS
    assert (made.whatsapp_port, made.instagram_port, made.webpush_port, made.cap_port) == tuple(
        ports[name] for name in ("whatsapp", "instagram", "webpush", "cap")
    )
    assert made.cap.hook_url.endswith(f"/hooks/cap_partner/{settings.HOOK_TOKENS['cap_partner']}/")
    assert set(made.unused) == {"twilio", "apprise"}


def test_whatsapps_limits_are_lifted_unless_a_contracts_are_asked_for():
    lifted = plan().whatsapp_limits
    assert lifted is not None
    assert lifted.people_left() is None
    assert plan("--rates", "contract").whatsapp_limits is None

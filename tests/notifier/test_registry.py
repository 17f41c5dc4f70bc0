"""Which backend speaks for an alias, and that nothing reaches the public by mistake."""

from typing import Any

import pytest
from django.test import override_settings

from notifier import registry
from notifier.backends.kannel import KannelBackend
from notifier.checks import channels
from notifier.exceptions import ConfigurationError, SendingRefused

LIVE = {"url": "https://operator.example/sendsms", "username": "najda", "password": "live", "sender": "NAJDA"}
SIMULATOR = {"url": "http://127.0.0.1:1/cgi-bin/sendsms", "username": "simulated", "password": "simulated"}
SMS = {
    "BACKEND": "notifier.backends.kannel.KannelBackend",
    "CHANNEL": "sms",
    "OPTIONS": LIVE,
    "SIMULATOR": SIMULATOR,
}
BARE = {**SMS, "OPTIONS": {**LIVE, "password": ""}}
SETTINGS: dict[str, Any] = {
    "HOOK_TOKENS": {"sms": "tok"},
    "HOOKS_URL": "https://h.invalid",
    "PUBLIC_MEDIA_DIR": "/nowhere",
}


def configured(*, public: bool = False, **entries: Any) -> override_settings:
    return override_settings(NOTIFIER=entries, PUBLIC_SENDING=public, **SETTINGS)


def ids(**entries: Any) -> list[str]:
    with configured(**entries):
        return [message.id or "" for message in channels(None)]


def test_while_public_sending_is_off_even_a_live_alert_goes_to_the_simulator():
    with configured(sms=SMS):
        for live in (True, False):
            assert registry.backend("sms", live=live).options["url"] == SIMULATOR["url"]


def test_an_exercise_goes_to_the_simulator_while_the_public_is_told():
    with configured(public=True, sms=SMS):
        assert registry.backend("sms", live=False).options["password"] == "simulated"
        assert registry.backend("sms", live=True).options["password"] == "live"
        assert registry.for_hooks("sms").options["password"] == "live"


def test_the_switch_is_read_each_time():
    with configured(sms=SMS):
        registry.backend("sms", live=True)
        with override_settings(PUBLIC_SENDING=True):
            assert registry.backend("sms", live=True).options["url"] == LIVE["url"]


def test_an_alias_without_simulator_may_not_be_used_for_an_exercise():
    bare = {name: SMS[name] for name in ("BACKEND", "CHANNEL", "OPTIONS")}
    with configured(sms=bare), pytest.raises(SendingRefused):
        registry.backend("sms", live=True)


def test_a_backend_is_kept_and_told_its_hook_and_media():
    with configured(sms=SMS):
        backend = registry.backend("sms", live=False)
        assert backend is registry.backend("sms", live=False)
        assert isinstance(backend, KannelBackend)
        assert backend.options["hook_url"] == "https://h.invalid/hooks/sms/tok/"
        assert backend.options["media_dir"] == "/nowhere"


def test_a_simulators_limits_are_lifted_unless_it_has_its_own():
    with configured(sms=SMS):
        assert registry.backend("sms", live=False).per_second is None
    with configured(sms={**SMS, "SIMULATOR": {**SIMULATOR, "per_second": 30}}):
        assert registry.backend("sms", live=False).per_second == 30
    with configured(public=True, sms=SMS):
        assert registry.backend("sms", live=True).per_second == 30.0


def test_channels_and_aliases_keep_the_order_of_the_settings():
    with configured(inwi=SMS, mail={**SMS, "CHANNEL": "email"}, iam=SMS):
        assert registry.channels() == ["sms", "email"]
        assert registry.aliases_for("sms") == ["inwi", "iam"]
        assert registry.channel_of("mail") == "email"


@pytest.mark.parametrize("dotted", ["", "nowhere.Backend", "notifier.backends.kannel.Nothing", "json.dumps"])
def test_a_backend_that_is_none_is_named(dotted):
    with configured(sms={**SMS, "BACKEND": dotted}), pytest.raises(ConfigurationError, match="sms: BACKEND"):
        registry.backend("sms", live=False)


def test_an_unknown_alias_is_named():
    with configured(sms=SMS), pytest.raises(ConfigurationError, match="telex: not in NOTIFIER"):
        registry.backend("telex", live=False)


def test_live_credentials_are_seen():
    with configured(sms=SMS, bare=BARE, same={**SMS, "OPTIONS": {**LIVE, "password": "simulated"}}):
        assert registry.has_live_credentials() == ["sms"]


def test_a_good_alias_passes_the_checks():
    assert ids(sms=BARE) == []


def test_each_fault_of_an_alias_has_its_id():
    assert ids(sms={**BARE, "BACKEND": "nowhere.Backend"}) == ["notifier.E001"]
    assert ids(sms={**BARE, "OPTIONS": {"username": "u", "password": "", "sender": "s"}}) == ["notifier.E002"]
    assert ids(sms={**BARE, "CHANNEL": ""}) == ["notifier.E003"]
    assert ids(sms={name: BARE[name] for name in ("BACKEND", "CHANNEL", "OPTIONS")}) == ["notifier.E004"]
    assert ids(sms=SMS) == ["notifier.W001"]
    assert ids(telex=BARE) == ["notifier.W002"]


def test_a_fault_says_what_lacks_and_the_way_out():
    with configured(sms={**BARE, "OPTIONS": {"username": "u", "password": "", "sender": "s"}}):
        (fault,) = channels(None)
    assert fault.msg == "sms: OPTIONS lacks url"
    assert "docs/channels.md" in (fault.hint or "")

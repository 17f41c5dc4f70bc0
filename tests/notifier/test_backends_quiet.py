"""The backends without a gateway, and that no backend escapes the contract."""

import pytest

from notifier.backends import locmem
from notifier.backends.base import Backend
from notifier.backends.console import ConsoleBackend
from notifier.backends.kannel import KannelBackend
from notifier.backends.locmem import LocmemBackend
from notifier.exceptions import ConfigurationError
from notifier.features import backend_classes
from notifier.message import (
    Accepted,
    DeliveryError,
    Message,
    RawRequest,
    RecallDone,
    RecallImpossible,
    Unknown,
)
from tests.notifier import (
    test_backends_apprise,
    test_backends_cap_partner,
    test_backends_email,
    test_backends_facebook,
    test_backends_instagram,
    test_backends_kannel,
    test_backends_messenger,
    test_backends_twilio,
    test_backends_webpush,
    test_backends_whatsapp,
)
from tests.notifier.contract import (
    ARABIC,
    FRENCH,
    BackendContract,
)


class TestConsole(BackendContract):
    backend_class = ConsoleBackend

    @pytest.fixture
    def backend(self) -> ConsoleBackend:
        return ConsoleBackend("console", {})

    def message(self, reference="r-1"):
        return Message(reference, "+212600000001", "ar", ARABIC)

    def test_shows_what_would_be_said(self, backend, capsys):
        backend.send([self.message()])
        assert ARABIC.short in capsys.readouterr().out


class TestLocmem(BackendContract):
    backend_class = LocmemBackend

    @pytest.fixture
    def backend(self) -> LocmemBackend:
        locmem.clear()
        return LocmemBackend("sms", {})

    def message(self, reference="r-1"):
        return Message(reference, "+212600000001", "ar", ARABIC)

    def test_answers_what_a_test_wants_answered(self, backend):
        refusal = DeliveryError(permanent=True, kind="bad_address")
        locmem.answers["sms"] = [refusal, Unknown("closed")]
        outcomes = backend.send([self.message(str(number)) for number in range(3)])
        assert outcomes == [refusal, Unknown("closed"), Accepted("2")]
        assert [message.reference for message in locmem.sent["sms"]] == ["2"]

    def test_remembers_edits_and_recalls(self, backend):
        backend.edit("post-1", {"fr": FRENCH})
        assert backend.recall("post-1") == RecallDone()
        assert locmem.sent["sms"][0].texts == {"fr": FRENCH}
        assert locmem.recalled == {"sms": ["post-1"]}


def test_every_backend_keeps_the_contract():
    modules = (
        test_backends_apprise,
        test_backends_cap_partner,
        test_backends_email,
        test_backends_facebook,
        test_backends_instagram,
        test_backends_kannel,
        test_backends_messenger,
        test_backends_twilio,
        test_backends_webpush,
        test_backends_whatsapp,
    )
    held = {
        member.backend_class
        for module in modules
        for member in vars(module).values()
        if isinstance(member, type)
        and issubclass(member, BackendContract)
        and "backend_class" in vars(member)
    }
    assert set(backend_classes()) == held | {ConsoleBackend, LocmemBackend}


def test_a_backend_names_the_option_it_lacks():
    with pytest.raises(ConfigurationError, match="sms: OPTIONS lacks url, password"):
        KannelBackend("sms", {"username": "u", "sender": "s"})


def test_options_lift_or_lower_the_rates():
    lifted = KannelBackend("sms", {**test_backends_kannel.OPTIONS, "per_second": None})
    assert KannelBackend("sms", test_backends_kannel.OPTIONS).per_second == 30.0
    assert lifted.per_second is None


def test_a_backend_that_says_nothing_promises_nothing():
    silent = Backend("silent", {})
    assert isinstance(silent.recall("x"), RecallImpossible)
    assert not silent.verify(RawRequest("POST", "/hooks/silent/t/", {}))
    assert silent.price(3) is None
    with pytest.raises(NotImplementedError):
        silent.send([])

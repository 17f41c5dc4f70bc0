"""E-mail: the contract, and what is SMTP's alone."""

import json
from email import message_from_bytes, policy

import pytest

from notifier.backends.email import EmailBackend
from notifier.exceptions import CannotCarry
from notifier.message import Accepted, DeliveryError, Message, Text, Unknown
from notifier.simulators.run import Plan, Simulators, running
from tests.notifier.contract import (
    ARABIC,
    FRENCH,
    IMPATIENT_S,
    GatewayContract,
)

FATES = {"refused": "sim-nobody", "later": "sim-later", "lost": "sim-lost", "hangs": "sim-hang"}


def email(port: int, **more: object) -> EmailBackend:
    known = {"host": "127.0.0.1", "port": port, "from_address": "alerts@najda.invalid", "from_name": "نجدة"}
    return EmailBackend("email", {**known, "timeout_s": IMPATIENT_S, **more})


def to(address: str, text: Text = ARABIC, language: str = "ar") -> Message:
    return Message(f"r-{address.partition('@')[0]}", address, language, text)


class TestEmail(GatewayContract):
    backend_class = EmailBackend

    @pytest.fixture
    def backend(self, simulators: Simulators) -> EmailBackend:
        return email(simulators.ports["smtp"])

    def message(self, reference="r-1"):
        return Message(reference, "sim-ok@example.org", "ar", ARABIC)

    def outcome_for(self, backend, fate):
        if fate == "away":
            return email(9).send([to("sim-ok@example.org")])[0]
        return backend.send([to(f"{FATES[fate]}@example.org")])[0]

    @pytest.mark.parametrize("fate", FATES)
    def test_one_bad_address_spoils_no_other(self, backend, fate):
        before, _, after = backend.send(
            [to("a@example.org"), to(f"{FATES[fate]}@example.org"), to("b@example.org")]
        )
        assert isinstance(before, Accepted)
        assert isinstance(after, Accepted)

    def test_after_421_the_rest_waits(self, backend):
        first, *rest = backend.send([to("a@example.org"), to("sim-busy@example.org"), to("b@example.org")])
        assert isinstance(first, Accepted)
        assert [(error.kind, error.permanent) for error in rest] == [("throttled", False)] * 2

    def test_two_languages_in_one_batch_are_not_mixed_up(self, backend, simulators, out):
        backend.send([to("ar@example.org"), to("fr@example.org", FRENCH, "fr"), to("ar2@example.org")])
        simulators.recorders[1].flush()
        lines = [json.loads(line) for line in (out / "received/email.jsonl").read_text().splitlines()]
        said = {line["to"]: line["text"] for line in lines}
        assert said["ar@example.org"] == said["ar2@example.org"] == ARABIC.body
        assert said["fr@example.org"] == FRENCH.body


@pytest.mark.parametrize(
    "address",
    ["nobody", "a b@example.org", "a@", "@example.org", "a@exa mple.org", "zo\u00e9 x@example.org", ""],
)
def test_an_address_smtp_cannot_carry_never_leaves(address):
    with pytest.raises(CannotCarry) as refused:
        email(9).fit(to(address))
    assert refused.value.kind == "bad_address"


def test_a_header_cannot_be_smuggled_in():
    for text in (Text(subject="Alerte\r\nBcc: all@example.org", body="x"), Text(subject="a\nb", body="x")):
        with pytest.raises(CannotCarry):
            email(9).fit(to("a@example.org", text))
    with pytest.raises(CannotCarry):
        email(9).fit(
            Message("r", "a@example.org", "fr", FRENCH, headers={"X-Case": "1\r\nBcc: b@example.org"})
        )


def test_a_server_that_speaks_of_too_many_keeps_the_rest_waiting():
    with running(Plan(contract_rates=True)) as simulators:
        simulators.smtp.per_session = 2
        outcomes = email(simulators.ports["smtp"]).send([to(f"p{n}@example.org") for n in range(4)])
    assert [type(outcome) for outcome in outcomes] == [Accepted, Accepted, DeliveryError, DeliveryError]


def test_the_return_path_names_the_message():
    with running() as simulators:
        backend = email(simulators.ports["smtp"], return_path="bounce+{reference}@najda.invalid")
        assert isinstance(backend.send([to("a@example.org")])[0], Accepted)
        assert simulators.smtp.latest_sender == "bounce+r-a@najda.invalid"


def test_a_picture_that_cannot_be_linked_is_said_to_be_lost():
    assert email(9).fit(to("a@example.org", Text("s", "b", photo_name="x.jpg"))).lost == ("photo",)


def test_what_leaves_is_a_letter_others_can_read():
    with running() as simulators:
        email(simulators.ports["smtp"]).send(
            [Message("r-7", "a@example.org", "ar", ARABIC, headers={"List-Id": "<alerts.najda.invalid>"})]
        )
        raw = simulators.smtp.latest
    letter = message_from_bytes(raw, policy=policy.default)
    assert letter["subject"] == ARABIC.subject
    assert letter["from"].addresses[0].display_name == "نجدة"
    assert letter["message-id"] == "<r-7@najda.invalid>"
    assert letter["auto-submitted"] == "auto-generated"
    assert letter["list-id"] == "<alerts.najda.invalid>"
    plain = letter.get_body(("plain",))
    markup = letter.get_body(("html",))
    assert plain is not None
    assert markup is not None
    assert plain.get_content().replace("\r\n", "\n").strip() == ARABIC.body
    assert 'dir="rtl"' in markup.get_content()


def test_a_connection_lost_before_the_letter_is_passing_and_after_it_unknown():
    with running() as simulators:
        simulators.smtp.switch.set("close", times=1)
        first = email(simulators.ports["smtp"]).send([to("a@example.org")])[0]
        simulators.smtp.switch.set("lose_answer", times=1)
        second = email(simulators.ports["smtp"]).send([to("a@example.org")])[0]
    assert isinstance(first, DeliveryError)
    assert not first.permanent
    assert isinstance(second, Unknown)

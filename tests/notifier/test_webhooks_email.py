"""Mails that come back, at our door: piped there by the mail server."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from notifier import receipts, registry
from notifier.backends.email import MOST_BODY
from notifier.message import RawRequest
from notifier.models import AliasHealth, Batch, InboundEvent, Receipt
from notifier.references import reference
from tests.notifier import make
from tests.notifier.make import gateways  # noqa: F401  the fixture
from tests.notifier.test_protocols_bounces import REF, arf, dsn, plain

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]

TOKEN = "m" * 32
OPTIONS = {
    "host": "127.0.0.1", "port": 9, "from_address": "alerts@najda.invalid",
    "return_path": "bounce+{reference}@najda.invalid", "leave_address": "unsub+{reference}@najda.invalid",
}  # fmt: skip


@pytest.fixture
def told(settings: Settings) -> Batch:
    """One person told by e-mail, and the door open."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    entry = {"BACKEND": "notifier.backends.email.EmailBackend", "CHANNEL": "email"}
    settings.NOTIFIER = {**make.GATEWAYS, "email": {**entry, "OPTIONS": OPTIONS, "SIMULATOR": {}}}
    settings.HOOK_TOKENS = {"email": TOKEN}
    batch = make.told(1, "email")
    batch.deliveries.update(state="accepted", alias="email")
    return batch


def bring(mail: bytes, *, token: str = TOKEN, method: str = "POST", query: str = "") -> int:
    path = f"/hooks/email/{token}/{query}"
    return Client().generic(method, path, mail, content_type="message/rfc822").status_code


def about(batch: Batch, mail: bytes) -> bytes:
    return mail.replace(REF.encode(), reference(batch.deliveries.get().pk).encode())


def test_a_hard_bounce_fails_its_message_once(told: Batch):
    mail = about(told, dsn())
    assert [bring(mail), bring(mail)] == [200, 200]
    assert Receipt.objects.get().error_kind == "bad_address"
    receipts.fold()
    assert make.states(told) == ["failed"]
    assert InboundEvent.objects.count() == 0


def test_the_envelope_may_come_in_the_address(told: Batch):
    mail = about(told, dsn(to="postmaster@najda.invalid", original="Subject: x"))
    known = reference(told.deliveries.get().pk)
    assert bring(mail, query=f"?to=bounce%2B{known}@najda.invalid") == 200
    assert Receipt.objects.get().error_kind == "bad_address"


@pytest.mark.parametrize("mail", [arf(), plain("", to=f"unsub+{REF}@najda.invalid", sender="a@example.org")])
def test_a_complaint_and_a_mail_to_the_way_out_say_stop_of_somebody_reached(told: Batch, mail: bytes):
    assert bring(about(told, mail)) == 200
    receipt = Receipt.objects.get()
    assert (receipt.state, receipt.error_kind) == ("delivered", "opted_out")
    receipts.fold()
    assert make.states(told) == ["delivered"]


def test_a_reference_that_is_not_ours_moves_nothing(told: Batch):
    assert bring(dsn()) == 200
    receipts.fold()
    assert make.states(told) == ["accepted"]


@pytest.mark.parametrize(("token", "method"), [("x" * 32, "POST"), (TOKEN, "GET"), (TOKEN, "PUT")])
def test_nobody_else_brings_mail(told: Batch, token: str, method: str):
    assert bring(about(told, dsn()), token=token, method=method) == 403
    assert Receipt.objects.count() == 0


def test_what_nobody_can_read_is_kept_and_what_is_too_long_is_not(told: Batch):
    assert bring(dsn(to="x@y.invalid", original="Subject: x")) == 200
    assert InboundEvent.objects.get().kind == "unread"
    assert bring(dsn() + b"x" * MOST_BODY) == 403
    assert bring(plain("Away until Monday", sender="a@example.org")) == 200
    assert InboundEvent.objects.count() == 1


def test_a_refusal_of_our_domain_calls_the_operators_and_one_of_a_letter_does_not(told: Batch):
    assert bring(about(told, dsn(status="5.7.1", diagnostic="smtp; 550 5.7.1 policy"))) == 200
    assert AliasHealth.objects.get(pk="email").state == AliasHealth.State.WATCHED
    assert bring(about(told, dsn(status="5.7.26", diagnostic="smtp; 550 5.7.26 DMARC"))) == 200
    health = AliasHealth.objects.get(pk="email")
    assert health.state == AliasHealth.State.ILL
    assert ["policy", "550 5.7.26", True] in health.problems
    backend = registry.for_hooks("email")
    url = f"https://x.invalid/hooks/email/{TOKEN}/"
    assert backend.problems(RawRequest("POST", url, {}, about(told, dsn()))) == []

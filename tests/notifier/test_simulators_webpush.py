"""The simulated push service keeps to RFC 8030 and 8292 by itself."""

import time

import pytest

from notifier.protocols import webpush_crypto
from notifier.simulators.modes import Meter
from notifier.simulators.record import Recorder
from notifier.simulators.server import Answered, Asked
from notifier.simulators.webpush import KEPT_S, PushAccount, PushGateway
from tests.notifier.test_backends_webpush import KEY

HERE = "https://push.invalid"


def pushed(
    *, ttl: str = "60", subject: str = "mailto:a@najda.invalid", life_s: int = 3600, **more: str
) -> Answered:
    vapid = webpush_crypto.Vapid(webpush_crypto.vapid(KEY, "mailto:x@y.invalid").key, subject)
    header = vapid.authorization(HERE, int(time.time()) + life_s)
    headers = {"ttl": ttl, "content-encoding": "aes128gcm", "authorization": header, **more}
    gateway = PushGateway(PushAccount(), Recorder(None, "webpush"), Meter())
    answer = gateway.handle(Asked("POST", "/push.invalid/phone", "", headers, b"x" * 100))
    assert isinstance(answer, Answered)
    return answer


@pytest.mark.parametrize("subject", ["", "nobody", "http://najda.invalid"])
def test_who_does_not_say_whom_to_write_to_is_refused(subject):
    assert pushed(subject=subject).status == 403


def test_a_token_for_longer_than_a_day_is_refused():
    assert pushed(life_s=25 * 3600).status == 403


def test_nothing_is_kept_for_longer_than_four_weeks_and_the_answer_says_so():
    assert pushed(ttl="60").headers["TTL"] == "60"
    assert pushed(ttl="99999999").headers["TTL"] == str(KEPT_S)


@pytest.mark.parametrize("wrong", [{"ttl": ""}, {"ttl": "-1"}, {"topic": "x" * 33}, {"urgency": "now"}])
def test_a_header_that_is_wrong_is_named(wrong):
    assert pushed(**wrong).status == 400

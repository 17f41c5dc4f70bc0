import base64
import json
from datetime import timedelta

import altcha
import pytest

from trust import clock, retention, work
from trust.models import ThrottleHit

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture(autouse=True)
def _quick(settings):
    settings.WORK_ROUNDS, settings.WORK_TRIES = 10, 20


def answer(challenge: str, **changed) -> str:
    """Solve as a browser does."""
    asked = altcha.Challenge.from_dict(json.loads(challenge))
    solution = altcha.solve_challenge(asked)
    assert solution is not None
    payload = altcha.Payload(asked, solution).to_dict()
    payload["challenge"]["parameters"].update(changed)
    return base64.b64encode(json.dumps(payload).encode()).decode()


def test_work_done_is_proved():
    assert work.proved(answer(work.challenge())) == "proved"


def test_without_script_nothing_is_proved():
    assert work.proved("") == "none"


def test_an_answer_counts_once_and_another_challenge_anew():
    first = answer(work.challenge())
    assert [work.proved(first), work.proved(first)] == ["proved", "used"]
    assert work.proved(answer(work.challenge())) == "proved"


def test_an_answer_is_good_for_its_time_and_then_forgotten(settings, monkeypatch):
    settings.WORK_VALID_S = 600
    late, used = answer(work.challenge()), answer(work.challenge())
    assert work.proved(used) == "proved"
    monkeypatch.setattr(clock, "SHIFT", timedelta(seconds=590))
    assert work.proved(used) == "used"
    assert retention.purge()["throttle_hits"] == 0
    monkeypatch.setattr(clock, "SHIFT", timedelta(seconds=610))
    assert work.proved(late) == "expired"
    assert retention.purge()["throttle_hits"] == 1


@pytest.mark.parametrize(
    "changed", [{"cost": 1}, {"keyPrefix": "00"}, {"expiresAt": 9_999_999_999}, {"keySignature": ""}]
)
def test_an_easier_or_longer_challenge_of_one_s_own_is_wrong(changed):
    assert work.proved(answer(work.challenge(), **changed)) == "wrong"


def test_a_key_that_was_guessed_is_wrong():
    asked = json.loads(work.challenge())
    guess = {"challenge": asked, "solution": {"counter": 3, "derivedKey": "00" * 32}}
    assert work.proved(base64.b64encode(json.dumps(guess).encode()).decode()) == "wrong"


def test_another_deployment_s_challenge_is_wrong():
    foreign = altcha.create_challenge(work.ALGORITHM, 10, counter=3, hmac_secret="a", hmac_key_secret="b")
    assert work.proved(answer(json.dumps(foreign.to_dict()))) == "wrong"


@pytest.mark.parametrize(
    "payload",
    [
        "x",
        "é" * 40,
        "\x00",
        "A" * 10_000,
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b"null").decode(),
        base64.b64encode(b'{"challenge": 1, "solution": 2}').decode(),
        base64.b64encode(b'{"challenge": {"parameters": {}}, "solution": {}}').decode(),
        base64.b64encode(b"[" * 2500).decode(),
    ],
)
def test_rubbish_is_wrong_and_no_error(payload):
    assert work.proved(payload) == "wrong"
    assert not ThrottleHit.objects.exists()


def test_a_crowded_network_works_harder(settings):
    settings.WORK_TRIES, settings.WORK_HARDER = 10, 5

    def tries(*, hard: bool) -> int:
        solution = altcha.solve_challenge(altcha.Challenge.from_dict(json.loads(work.challenge(hard=hard))))
        assert solution is not None
        return solution.counter

    assert all(5 <= tries(hard=False) < 10 for _ in range(5))
    assert all(25 <= tries(hard=True) < 50 for _ in range(5))


def test_the_smallest_settings_work(settings):
    settings.WORK_TRIES = settings.WORK_ROUNDS = 1
    assert work.proved(answer(work.challenge())) == "proved"


def test_what_is_kept_of_an_answer_is_a_digest_with_an_end():
    challenge = work.challenge()
    work.proved(answer(challenge))
    (row,) = ThrottleHit.objects.values()
    assert json.loads(challenge)["signature"] not in str(row)
    assert row["ends_at"] > clock.now()

import math

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from project import settings as deployed
from trust import secrets
from trust.codes import CodeError

ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def test_a_secret_has_twenty_digits_in_groups_and_at_least_64_bits():
    secret = secrets.new_secret()
    assert [len(group) for group in secret.split()] == [4] * 5
    assert math.log2(10**secrets.SECRET_DIGITS) >= 64
    assert secret != secrets.new_secret()


def test_a_secret_is_known_again_however_it_is_typed():
    secret = secrets.new_secret()
    kept = secrets.hash_secret(secret)
    assert secret not in kept
    assert secrets.check_secret(secret, kept)
    assert secrets.check_secret(secret.replace(" ", "").translate(ARABIC_INDIC), kept)
    assert secrets.check_secret(secret.replace(" ", " - "), kept)


@pytest.mark.parametrize("text", ["", "1" * 19, "1" * 21, "a" * 20, "²" * 20, "0000 0000 0000 0000 0000"])
def test_a_wrong_secret_is_refused(text):
    assert not secrets.check_secret(text, secrets.hash_secret(secrets.new_secret()))


def test_an_unknown_reference_takes_the_same_work(monkeypatch):
    hashed: list[str] = []
    monkeypatch.setattr(secrets, "make_password", hashed.append)
    assert not secrets.check_secret(secrets.new_secret(), None)
    assert not secrets.check_secret("rubbish", None)
    assert not secrets.check_secret("rubbish", "some hash")
    assert len(hashed) == 3


def test_a_deployment_hashes_slowly():
    assert deployed.PASSWORD_HASHERS[0].endswith(Argon2PasswordHasher.__name__)


def test_what_is_no_secret_cannot_be_hashed():
    with pytest.raises(secrets.SecretError):
        secrets.hash_secret("1234")


def test_a_reference_is_read_with_and_without_prefix_and_dashes():
    reference = secrets.new_reference()
    assert reference.startswith("NJ-")
    assert len(reference) == 10
    for typed in (reference, reference.lower(), reference[3:], reference.replace("-", ""), f" {reference} "):
        assert secrets.normalise_reference(typed) == reference
    assert secrets.normalise_reference(reference.translate(ARABIC_INDIC)) == reference


@pytest.mark.parametrize("text", ["", "NJ", "NJ-", "NJ-0000-01", "XX-0000-00", "NJ-0000-00-00"])
def test_what_is_no_reference_is_refused(text):
    with pytest.raises(CodeError):
        secrets.normalise_reference(text)

import math

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

from project import settings as deployed
from trust import secrets, words
from trust.codes import CodeError

ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def test_a_secret_has_twenty_digits_in_groups_and_at_least_64_bits():
    secret = secrets.new_secret()
    assert [len(group) for group in secret.split()] == [4] * 5
    assert math.log2(secrets.NUMBERS) >= 64
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


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_a_secret_is_known_again_by_its_words_in_every_language(language):
    secret = secrets.new()
    kept = secrets.hash_secret(secret)
    said = secret.words(language)
    assert len(said.split()) == 5
    for typed in (said, said.upper(), f"  {said}\n", said.replace(" ", ", "), said.replace(" ", "-")):
        assert secrets.check_secret(typed, kept)
    assert secrets.check_secret(secret, kept)
    assert not secrets.check_secret(" ".join(said.split()[::-1]), kept) or said.split() == said.split()[::-1]


@pytest.mark.parametrize("number", [0, 1, 7775, 7776, secrets.NUMBERS - 1])
def test_words_and_digits_say_the_same_number(number):
    secret = secrets.Secret(number)
    for language in ("ar", "fr", "en"):
        assert int(secrets.normalise_secret(secret.words(language))) == number
    assert int(secrets.normalise_secret(secret.digits)) == number
    assert str(secret) == secret.digits


def test_the_first_word_weighs_most():
    assert secrets.Secret(0).words("fr") == " ".join([words.listed("fr")[0]] * 5)
    assert secrets.Secret(1).words("fr").split()[-1] == words.listed("fr")[1]


def test_words_may_be_copied_from_a_numbered_list_without_hamzas_and_accents():
    secret = secrets.new()
    numbered = "\n".join(f"{place}. {word}" for place, word in enumerate(secret.words("fr").split(), 1))
    assert secrets.normalise_secret(numbered) == secrets.normalise_secret(secret.digits)
    arabic = " ".join(f"ال{word}" for word in secret.words("ar").split()).translate(
        str.maketrans("أإآةى", "اااهي")
    )
    assert secrets.normalise_secret(arabic) == secrets.normalise_secret(secret.digits)
    numbered = "\n".join(f"{'٠١٢٣٤٥'[n]}- {word}" for n, word in enumerate(secret.words("ar").split(), 1))
    assert secrets.normalise_secret(numbered) == secrets.normalise_secret(secret.digits)


@pytest.mark.parametrize("word", ["ألقاب", "ألعاب", "الألواح", "ألمنيوم"])
def test_an_article_falls_also_before_a_word_that_begins_like_one(word):
    assert words.read([f"ال{word.removeprefix('ال')}"]) == words.read([word])
    assert words.read([word]) is not None


def test_a_secret_from_before_the_words_still_opens():
    old = "9999 9999 9999 9999 9999"
    assert int(old.replace(" ", "")) >= secrets.NUMBERS
    assert secrets.check_secret(old, secrets.hash_secret(old))


def test_one_digest_is_one_secret():
    digest = "f" * 64
    assert secrets.from_digest(digest) == secrets.from_digest(digest)
    assert secrets.from_digest(digest) != secrets.from_digest("e" * 64)
    with pytest.raises(secrets.SecretError):
        secrets.from_digest("f" * 31)


def test_no_log_shows_a_secret():
    secret = secrets.new()
    assert str(secret.number) not in repr(secret)


@pytest.mark.parametrize("number", [-1, secrets.NUMBERS])
def test_what_five_words_cannot_say_is_no_secret(number):
    with pytest.raises(secrets.SecretError):
        secrets.Secret(number)


def test_a_language_without_a_list_reads_english():
    assert secrets.Secret(5).words("zgh") == secrets.Secret(5).words("en")


def test_digits_and_known_words_are_no_unknown_words():
    secret = secrets.new()
    assert secrets.unknown_word(secret.digits) is None
    assert secrets.unknown_word(secret.words("ar")) is None
    assert secrets.unknown_word("x" * 1000) is None


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


def test_a_quick_hash_opens_for_its_secret_alone_in_digits_and_in_words():
    secret = secrets.new()
    kept = secrets.keyed_hash(secret)
    assert secret.digits.replace(" ", "") not in kept
    assert secrets.check_secret(secret.digits, kept)
    assert secrets.check_secret(secret.words("ar"), kept)
    assert not secrets.check_secret(secrets.new(), kept)
    assert not secrets.check_secret("", kept)
    assert not secrets.check_secret(secret, secrets.KEYED)


def test_a_wrong_reference_costs_the_same_slow_work_as_a_quick_hash(monkeypatch):
    done: list[str] = []
    monkeypatch.setattr(secrets, "make_password", done.append)
    secret = secrets.new()
    for kept in (None, secrets.keyed_hash(secret), secrets.keyed_hash(secrets.new())):
        secrets.check_secret(secret, kept)
    assert len(done) == 3

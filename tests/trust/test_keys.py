import stat
import time
import uuid

import pytest
from django.db import connection, transaction

from trust import keys, ring
from trust.models import DataKey

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def key_dir(tmp_path, settings):
    settings.KEY_DIR = tmp_path
    keys.forget()
    return tmp_path


@pytest.fixture
def owner():
    made = uuid.uuid4()
    keys.create(made, "case")
    return made


def test_what_is_sealed_reads_back_under_the_same_owner_and_field(owner):
    sealed = keys.seal(owner, "given_name", "ياسين".encode())
    assert keys.unseal(owner, "given_name", sealed).decode() == "ياسين"


def test_the_same_value_never_seals_to_the_same_bytes(owner):
    assert keys.seal(owner, "name", b"x") != keys.seal(owner, "name", b"x")


def test_a_value_moved_to_another_field_or_owner_does_not_open(owner):
    other = uuid.uuid4()
    keys.create(other, "case")
    sealed = keys.seal(owner, "name", b"x")
    with pytest.raises(keys.SealBroken):
        keys.unseal(owner, "phone", sealed)
    with pytest.raises(keys.SealBroken):
        keys.unseal(other, "name", sealed)


@pytest.mark.parametrize("at", [0, 1, 5, 16, -1])
def test_one_changed_byte_does_not_open(owner, at):
    sealed = bytearray(keys.seal(owner, "name", b"plain"))
    sealed[at] ^= 1
    with pytest.raises(keys.SealBroken):
        keys.unseal(owner, "name", bytes(sealed))


@pytest.mark.parametrize("rubbish", [b"", b"\x01", b"not sealed at all, but long enough to be"])
def test_rubbish_does_not_open(owner, rubbish):
    with pytest.raises(keys.SealBroken):
        keys.unseal(owner, "name", rubbish)


def test_no_key_is_made_in_passing():
    with pytest.raises(keys.KeyMissing):
        keys.seal(uuid.uuid4(), "name", b"x")


def test_creating_twice_keeps_the_key(owner):
    sealed = keys.seal(owner, "name", b"x")
    keys.create(owner, "case")
    assert keys.unseal(owner, "name", sealed) == b"x"


def test_a_destroyed_key_opens_nothing_and_is_never_made_again(owner):
    sealed = keys.seal(owner, "name", b"x")
    digest = keys.digest(owner, b"x")
    assert digest == keys.digest(owner, b"x") != keys.digest(owner, b"y")
    assert keys.destroy(owner)
    for forbidden in (
        lambda: keys.unseal(owner, "name", sealed),
        lambda: keys.seal(owner, "name", b"x"),
        lambda: keys.digest(owner, b"x"),
        lambda: keys.create(owner, "case"),
    ):
        with pytest.raises(keys.KeyDestroyed):
            forbidden()
    assert not keys.destroy(owner)
    assert DataKey.objects.get(pk=owner).wrapped is None


def test_another_process_forgets_a_destroyed_key_within_five_seconds(owner, monkeypatch):
    sealed = keys.seal(owner, "name", b"x")
    DataKey.objects.filter(pk=owner).update(wrapped=None, destroyed_at="2026-01-01T00:00:00Z")
    assert keys.unseal(owner, "name", sealed) == b"x"
    later = time.monotonic() + 5.01
    monkeypatch.setattr(keys, "monotonic", lambda: later)
    with pytest.raises(keys.KeyDestroyed):
        keys.unseal(owner, "name", sealed)


def test_a_remembered_key_costs_no_query(owner, django_assert_num_queries):
    keys.seal(owner, "name", b"x")
    with django_assert_num_queries(0):
        keys.seal(owner, "name", b"x")


def test_memory_holds_few_keys():
    for _ in range(keys.REMEMBERED_KEYS + 5):
        keys._remember(uuid.uuid4(), keys._Key(b"", None, b""))  # type: ignore[arg-type]  # never used to open
    assert len(keys._memory) == keys.REMEMBERED_KEYS


@pytest.mark.django_db(transaction=True)
def test_a_key_that_was_rolled_back_seals_nothing():
    owner = uuid.uuid4()
    with pytest.raises(ZeroDivisionError):
        _create_and_fail(owner)
    with pytest.raises(keys.KeyMissing):
        keys.seal(owner, "name", b"lost for ever otherwise")


@transaction.atomic
def _create_and_fail(owner):
    keys.create(owner, "case")
    assert keys.seal(owner, "name", b"x")
    raise ZeroDivisionError


def test_a_thousand_addresses_open_with_one_query(django_assert_num_queries):
    owners = [uuid.uuid4() for _ in range(50)]
    for owner in owners:
        keys.create(owner, "subscription")
    rows = [(owner, "address", keys.seal(owner, "address", owner.hex.encode())) for owner in owners * 20]
    keys.destroy(owners[0])
    keys.forget()
    with django_assert_num_queries(1):
        opened = keys.open_many(rows)
    assert opened[1:50] == [owner.hex.encode() for owner in owners[1:]]
    assert opened[0] is None


def test_many_seal_with_one_query(owner, django_assert_num_queries):
    with django_assert_num_queries(1):
        sealed = keys.seal_many([(owner, "a", b"1"), (owner, "b", b"2")])
    assert keys.open_many([(owner, "a", sealed[0]), (owner, "b", sealed[1])]) == [b"1", b"2"]
    with pytest.raises(keys.KeyMissing):
        keys.seal_many([(uuid.uuid4(), "a", b"1")])


def test_keys_of_many_are_made_with_one_query_and_nobody_gets_a_second(owner, django_assert_num_queries):
    sealed = keys.seal(owner, "a", b"1")
    others = [uuid.uuid4() for _ in range(20)]
    with django_assert_num_queries(1):
        keys.create_many([owner, *others], "subscription")
    keys.forget()
    assert keys.unseal(owner, "a", sealed) == b"1"
    assert keys.seal_many([(other, "a", b"1") for other in others])


def test_a_token_is_keyed_stable_and_bound_to_its_purpose(key_dir):
    token = keys.token("phone", "+212600000001")
    assert token == keys.token("phone", "+212600000001")
    assert token != keys.token("e-mail", "+212600000001")
    (key_dir / "token.key").unlink()
    ring._read.cache_clear()
    assert token != keys.token("phone", "+212600000001")


def test_rotation_wraps_every_key_anew_and_values_still_open(owner):
    sealed = keys.seal(owner, "name", b"x")
    erased = uuid.uuid4()
    keys.create(erased, "case")
    keys.destroy(erased)
    assert keys.rotate_ring() == 1
    keys.forget()
    assert DataKey.objects.get(pk=owner).ring_key_id == "0002"
    assert keys.unseal(owner, "name", sealed) == b"x"
    assert DataKey.objects.get(pk=erased).wrapped is None


def test_key_files_are_for_their_owner_alone(owner, key_dir):
    assert stat.S_IMODE((key_dir / "ring-0001.key").stat().st_mode) == 0o600


def test_without_its_ring_key_nothing_opens_and_the_file_is_named(owner, key_dir):
    keys.forget()
    (key_dir / "ring-0001.key").unlink()
    with pytest.raises(ring.RingError, match=r"ring-0001\.key"):
        keys.seal(owner, "name", b"x")


def test_another_deployments_ring_does_not_unwrap(owner, key_dir):
    keys.forget()
    (key_dir / "ring-0001.key").write_text("ab" * 32)
    ring._read.cache_clear()
    with pytest.raises(keys.SealBroken, match="ring"):
        keys.seal(owner, "name", b"x")


@pytest.mark.parametrize("content", ["", "zz", "ab" * 31])
def test_a_damaged_key_file_is_named(key_dir, content):
    (key_dir / "token.key").write_text(content)
    with pytest.raises(ring.RingError, match=r"token\.key"):
        keys.token("a", "b")


def test_the_database_never_holds_a_key_half_destroyed(owner):
    with pytest.raises(Exception, match="wrapped_or_destroyed"), transaction.atomic():
        DataKey.objects.filter(pk=owner).update(wrapped=None)
    assert connection.vendor in {"sqlite", "postgresql"}

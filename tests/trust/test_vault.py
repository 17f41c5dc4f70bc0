import stat
import uuid
from pathlib import Path

import pytest

from trust import keys, vault

pytestmark = pytest.mark.django_db
PHOTO = b"\xff\xd8 a photograph " * 1000


@pytest.fixture(autouse=True)
def folders(tmp_path, settings):
    settings.VAULT_DIR, settings.PUBLIC_MEDIA_DIR = tmp_path / "vault", tmp_path / "public"


@pytest.fixture
def owner():
    made = uuid.uuid4()
    keys.create(made, "case")
    return made


def kept_files(settings):
    return [path for path in Path(settings.VAULT_DIR).rglob("*") if path.is_file()]


def test_a_photo_comes_back_and_lies_encrypted(owner, settings):
    key = vault.put(owner, PHOTO)
    assert vault.get(owner, key) == PHOTO
    [file] = kept_files(settings)
    assert b"photograph" not in file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_it_opens_for_its_owner_alone(owner):
    other = uuid.uuid4()
    keys.create(other, "case")
    with pytest.raises(keys.SealBroken):
        vault.get(other, vault.put(owner, PHOTO))


def test_one_file_cannot_stand_in_for_another(owner, settings):
    one, two = vault.put(owner, b"one"), vault.put(owner, b"two")
    files = {path.name: path for path in kept_files(settings)}
    files[one].replace(files[two])
    with pytest.raises(keys.SealBroken):
        vault.get(owner, two)


def test_erasing_the_key_erases_it(owner):
    key = vault.put(owner, PHOTO)
    keys.destroy(owner)
    with pytest.raises(keys.KeyDestroyed):
        vault.get(owner, key)


def test_what_was_deleted_is_gone_and_may_be_deleted_again(owner, settings):
    key = vault.put(owner, PHOTO)
    vault.delete(key)
    vault.delete(key)
    assert kept_files(settings) == []
    with pytest.raises(vault.NotKept):
        vault.get(owner, key)


def test_a_public_copy_has_an_unguessable_name_until_it_is_withdrawn(settings):
    name = vault.publish(PHOTO, ".jpg")
    path = settings.PUBLIC_MEDIA_DIR / name
    assert len(name) == 36
    assert name != vault.publish(PHOTO, ".jpg")
    assert path.read_bytes() == PHOTO
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    vault.unpublish(name)
    vault.unpublish(name)
    assert not path.exists()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "", "a.jpg", "x" * 32 + ".jpg/..", "/" + "x" * 31 + ".jpg"]
)
def test_a_name_from_outside_reaches_no_other_file(owner, name):
    with pytest.raises(ValueError, match="not"):
        vault.unpublish(name)
    with pytest.raises(ValueError, match="not"):
        vault.get(owner, name)


def test_no_draft_is_left_behind(owner, settings):
    vault.put(owner, PHOTO)
    vault.publish(PHOTO, ".jpg")
    everywhere = [
        *Path(settings.VAULT_DIR).rglob("*.draft"),
        *Path(settings.PUBLIC_MEDIA_DIR).rglob("*.draft"),
    ]
    assert everywhere == []


def test_a_digest_tells_bytes_apart():
    assert vault.sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

"""Signed CAP documents: believed by the real xmlsec1, always the same bytes, not believed once changed."""

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.checks import Error

from alerts import cap, cap_keys, cap_signature, checks
from alerts.cap_signature import SignerError
from alerts.models import Document
from tests.alerts import scene
from tests.alerts.partnering import is_believed, pem
from tests.alerts.test_cap import INFO, MESSAGE, schema  # noqa: F401  a fixture

ODD = "طفلة مفقودة à Rabat & Salé\n<b>&amp;</b>\ttab  deux espaces\r\n\U0001f9d2 e\u0301"
DOCUMENT = cap.render(replace(MESSAGE, infos=(replace(INFO, description=ODD),)))
MARK = b"-----BEGIN CERT"
KEY_OF_ANOTHER = pem().partition(MARK)[0] + MARK + pem(number=2).partition(MARK)[2]


@pytest.fixture
def signer():
    return cap_signature.read(pem())


def test_the_real_xmlsec1_believes_it_and_the_schema_takes_it(signer, xmlsec1, tmp_path, schema):  # noqa: F811
    signed = cap_signature.sign(DOCUMENT, signer)
    key = tmp_path / "key.pem"
    key.write_bytes(pem())
    assert is_believed(xmlsec1, signed, key, tmp_path)
    schema.validate(signed.decode().split("?>", 1)[1])
    assert signed == cap_signature.sign(DOCUMENT, signer)  # and the same bytes each time
    assert DOCUMENT.rpartition(b"</alert>")[0].rstrip() in signed  # what was rendered stands in it untouched


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Rabat", b"Rabbt"),
        (b"deux espaces", b"deux  espaces"),
        (b"\n  <info>", b"\n   <info>"),
        ("à".encode(), "a\u0300".encode()),
        (b"<status>Actual", b"<status>Test"),
        (b"</alert>", b"<note>x</note></alert>"),
        (b"rsa-sha256", b"rsa-sha1"),
    ],
)
def test_a_changed_byte_is_not_believed(signer, xmlsec1, tmp_path, old, new):
    key = tmp_path / "key.pem"
    key.write_bytes(pem())
    signed = cap_signature.sign(DOCUMENT, signer)
    assert old in signed
    assert not is_believed(xmlsec1, signed.replace(old, new, 1), key, tmp_path)


def test_another_key_is_not_believed(signer, xmlsec1, tmp_path):
    other = tmp_path / "other.pem"
    other.write_bytes(pem(number=2))
    assert not is_believed(xmlsec1, cap_signature.sign(DOCUMENT, signer), other, tmp_path)


def _private(key) -> bytes:
    return bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no private key"),
        (pem().partition(b"-----BEGIN CERT")[0], "no certificate"),
        (KEY_OF_ANOTHER, "another key's"),
        (_private(rsa.generate_private_key(65537, 1024)), "not RSA of at least"),
        (_private(ec.generate_private_key(ec.SECP256R1())), "not RSA of at least"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_sign_says_why(content, words):
    with pytest.raises(SignerError, match=words):
        cap_signature.read(content)


def test_the_check_stops_at_a_key_that_cannot_sign_and_names_the_setting(settings, tmp_path):
    settings.CAP_SIGNING_KEY = str(tmp_path / "away.pem")
    (error,) = checks.signing(None)
    assert isinstance(error, Error)
    assert error.msg.startswith("CAP_SIGNING_KEY: ")
    (tmp_path / "away.pem").write_bytes(pem(days=(-9, -1)))
    assert "expired" in checks.signing(None)[0].msg
    settings.CAP_SIGNING_KEY, settings.CAP_CERTIFICATES = "", [tmp_path / "none.pem"]
    assert checks.signing(None)[0].msg.startswith("CAP_CERTIFICATES: ")


def test_unsigned_documents_to_the_public_are_warned_of_and_so_is_a_certificate_that_ends(settings, tmp_path):
    assert checks.signing(None) == []
    settings.PUBLIC_SENDING = True
    assert [one.id for one in checks.signing(None)] == ["alerts.W001"]
    path = tmp_path / "cap.pem"
    path.write_bytes(pem(days=(-300, 20)))
    settings.CAP_SIGNING_KEY = str(path)
    assert [one.id for one in checks.signing(None)] == ["alerts.W002"]


def test_a_key_is_changed_under_way_and_both_certificates_are_published(settings, tmp_path, client):
    assert client.get("/.well-known/cap-signing.pem").status_code == 404
    signing, following = tmp_path / "cap.pem", tmp_path / "next.pem"
    signing.write_bytes(pem())
    following.write_bytes(pem(number=2))
    settings.CAP_SIGNING_KEY, settings.CAP_CERTIFICATES = str(signing), [following]
    answer = client.get("/.well-known/cap-signing.pem")
    assert answer["Content-Type"] == "application/pem-certificate-chain"
    assert b"PRIVATE" not in answer.content
    assert [one.serial_number for one in x509.load_pem_x509_certificates(answer.content)] == [1, 2]
    before = cap_keys.signed(DOCUMENT)[1]
    signing.write_bytes(pem(number=2))  # the same file, replaced
    settings.CAP_CERTIFICATES = [signing]
    after = cap_keys.signed(DOCUMENT)[1]
    assert before != after
    served = client.get("/.well-known/cap-signing.pem").content
    assert served.count(b"BEGIN CERTIFICATE") == 1  # one named twice is published once


@pytest.mark.django_db
def test_an_alert_keeps_the_certificate_it_was_signed_with_and_serves_the_same_bytes(
    signing_key, client, xmlsec1, tmp_path
):
    version = scene.signed()
    stored = Document.objects.get()
    assert stored.signed_with == cap_signature.read(signing_key.read_bytes()).fingerprint
    url = f"/a/{version.alert.code}/cap/{version.identifier}.xml"
    assert client.get(url).content == client.get(url).content == stored.xml.encode()
    assert is_believed(xmlsec1, client.get(url).content, signing_key, tmp_path)


@pytest.mark.django_db
def test_a_key_that_went_away_holds_no_alert_back(signing_key: Path, caplog):
    signing_key.unlink()
    scene.signed()
    stored = Document.objects.get()
    assert stored.signed_with == ""
    assert "Signature" not in stored.xml
    assert "unsigned" in caplog.text

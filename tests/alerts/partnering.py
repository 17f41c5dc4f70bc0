"""Partners behind simulated doors, and a key that signs what they get. All invented."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from alerts import issue
from alerts.models import Alert, Partner, Version
from geo.shapes import Area
from notifier import dispatch
from notifier.models import Chunk, Delivery
from notifier.simulators.run import Simulators, running
from tests import people
from tests.alerts import scene
from trust import clock

CHANNEL = "cap_partner"
_KEYS: dict[int, rsa.RSAPrivateKey] = {}


def pem(name: str = "najda.invalid", *, number: int = 1, days: tuple[int, int] = (-1, 365)) -> bytes:
    """Return a key and its certificate; keys are made once a run."""
    key = _KEYS.setdefault(number, rsa.generate_private_key(65537, 2048))
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(number)
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .sign(key, hashes.SHA256())
    )
    own = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return own + certificate.public_bytes(Encoding.PEM)


@pytest.fixture
def signing_key(settings: Any, tmp_path: Path) -> Path:
    """A key in a file of its own, named by the setting."""
    path = tmp_path / "cap.pem"
    path.write_bytes(pem())
    settings.CAP_SIGNING_KEY = str(path)
    return path


@pytest.fixture
def doors(settings: Any) -> Iterator[Simulators]:
    """The partners' side: any partner has a door there, and no other channel is connected."""
    with running() as simulators:
        settings.NOTIFIER = {
            CHANNEL: {
                "BACKEND": "notifier.backends.cap_partner.CapPartnerBackend",
                "CHANNEL": CHANNEL,
                "OPTIONS": {"partners": {}},
                "SIMULATOR": {
                    "gateway_url": simulators.cap_url,
                    "gateway_secret": "simulated",
                    "timeout_s": 0.5,
                },
            }
        }
        yield simulators


def partner(key: str = "radio", *regions: str, **told: Any) -> Partner:
    return Partner.objects.create(key=key, name=f"Partner {key}", regions=list(regions), **told)


def signed(*, kind: str = "actual") -> Version:
    case = scene.case(channels=("web", CHANNEL))
    return scene.signed(case, kind=kind, channels=[CHANNEL])


def update(version: Version, area: Area) -> Version:
    again = scene.proposing(issue.update(version.alert, people.ines(), area=area))
    return issue.sign(again, people.omar(), digest=again.digest, factor_at=clock.now())


def stop(version: Version, as_: str = "found") -> Alert:
    return issue.stand_down(version.alert, people.omar(), as_=as_, reason="", factor_at=clock.now())


def work(turns: int = 3) -> None:
    """Let the workers send; what is to be tried again later is due now."""
    for _ in range(turns):
        dispatch.work(CHANNEL)
        at = clock.now()
        Delivery.objects.filter(state="queued").update(not_before=None)
        Chunk.objects.filter(done_at=None).update(due_at=at, lease_until=None)


def taken(simulators: Simulators, key: str = "radio") -> list[str]:
    """Return the types of the documents a partner took, in order."""
    came = [line.text for line in simulators.cap.recorder.latest if line.to == key]
    return [body.partition("<msgType>")[2].partition("<")[0] for body in came]


def state(key: str = "radio") -> list[str]:
    """Return what became of each document for a partner, in the order of recording."""
    person = Partner.objects.get(key=key).pk
    return list(Delivery.objects.filter(person=person).order_by("pk").values_list("state", flat=True))


def is_believed(xmlsec1: Path, document: bytes, signer: Path, folder: Path) -> bool:
    """Ask the real xmlsec1, which trusts the given certificate alone."""
    path = folder / "document.xml"
    path.write_bytes(document)
    line = [str(xmlsec1), "--verify", "--pubkey-cert-pem", str(signer), str(path)]
    return subprocess.run(line, capture_output=True, timeout=20, check=False).returncode == 0

"""Web Push's two seals: for the subscriber's eyes alone (RFC 8291), and who sends it (VAPID, RFC 8292)."""

import base64
import json
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from notifier.exceptions import ConfigurationError

try:
    import http_ece  # type: ignore[import-untyped]  # ships without types
except ImportError:  # named once more, and clearly, when a backend is made
    http_ece = None

LONGEST_TOKEN_S = 24 * 3600  # RFC 8292, section 2
_CURVE = ec.SECP256R1()
_SCALAR_BYTES = 32


def require_library() -> None:
    """Raise ConfigurationError where the encryption's library is not installed."""
    if http_ece is None:
        raise ConfigurationError("webpush: the package http_ece is not installed")


def b64(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Bytes of base64url, with or without padding. Raise ValueError."""
    bare = text.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)


def encrypt(plain: bytes, *, p256dh: bytes, auth: bytes) -> bytes:
    """One aes128gcm record that only the subscriber can read, with a key and salt used once (RFC 8291)."""
    require_library()
    sealed: bytes = http_ece.encrypt(
        plain,
        salt=os.urandom(16),
        private_key=ec.generate_private_key(_CURVE),
        dh=p256dh,
        auth_secret=auth,
        version="aes128gcm",
    )
    return sealed


def is_point(p256dh: bytes) -> bool:
    """Say whether these bytes are a public key on P-256, uncompressed."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, p256dh)
    except ValueError:
        return False
    return len(p256dh) == 65


@dataclass(frozen=True)
class Vapid:
    """Our key pair for life: changing it ends every subscription. `subject` is whom a service writes to."""

    key: ec.EllipticCurvePrivateKey
    subject: str

    @property
    def public(self) -> str:
        """The applicationServerKey of the subscribing page, and `k` of every push."""
        return b64(self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def authorization(self, origin: str, expires: int) -> str:
        """The Authorization header towards one origin; `expires` in epoch seconds, at most 24 h ahead."""
        claims = {"aud": origin, "exp": expires, "sub": self.subject}
        head = b64(b'{"typ":"JWT","alg":"ES256"}')
        signed = f"{head}.{b64(json.dumps(claims, separators=(',', ':')).encode())}"
        r, s = decode_dss_signature(self.key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
        return f"vapid t={signed}.{b64(r.to_bytes(32) + s.to_bytes(32))}, k={self.public}"


def vapid(private_key: str, subject: str) -> Vapid:
    """Read our key (base64url of its 32 bytes) and contact (mailto: or https:). Raise ConfigurationError."""
    if not subject.startswith(("mailto:", "https://")):
        raise ConfigurationError("webpush: vapid_subject must begin with mailto: or https://")
    try:
        raw = unb64(private_key)
        if len(raw) != _SCALAR_BYTES:
            raise ValueError("length")
        return Vapid(ec.derive_private_key(int.from_bytes(raw), _CURVE), subject)
    except ValueError:
        raise ConfigurationError(
            "webpush: vapid_private_key is not a P-256 key in base64url; notifier.protocols.webpush_crypto."
            "new_private_key() makes one"
        ) from None


def new_private_key() -> str:
    """A key for the setting vapid_private_key. It is made once for the life of a deployment."""
    return b64(ec.generate_private_key(_CURVE).private_numbers().private_value.to_bytes(_SCALAR_BYTES))


def read_authorization(header: str) -> dict[str, object]:
    """The claims of a VAPID header whose signature holds. Raise ValueError. For simulators and tests."""
    scheme, _, rest = header.partition(" ")
    fields = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    head, claims, signature = fields.get("t", "").split(".")
    raw = unb64(signature)
    if scheme.lower() != "vapid" or len(raw) != 64 or json.loads(unb64(head)).get("alg") != "ES256":
        raise ValueError("not VAPID")
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, unb64(fields["k"]))
    try:
        key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise ValueError("signature") from None
    found: dict[str, object] = json.loads(unb64(claims))
    return {**found, "k": fields["k"]}

"""A private certificate authority, and an HTTPS receiver that may ask for a certificate of its own."""

import http.server
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Authority:
    """Issues certificates into a folder; `bundle` is what trusts it."""

    def __init__(self, folder: Path, name: str = "Test authority") -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.certificate = self._built(self.name, self.key, is_authority=True)
        self.bundle = folder / f"{name.replace(' ', '-')}.pem"
        self.bundle.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, host: str, *, days: tuple[int, int] = (-1, 365)) -> Path:
        """A PEM file with certificate and key for a host name or address, valid within `days` from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        certificate = self._built(subject, key, host=host, days=days)
        path = self.folder / f"{host}-{days[0]}-{days[1]}.pem"
        path.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return path

    def _built(
        self,
        subject: x509.Name,
        key: ec.EllipticCurvePrivateKey,
        *,
        host: str = "",
        days: tuple[int, int] = (-1, 365),
        is_authority: bool = False,
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        building = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + timedelta(days=days[0]))
            .not_valid_after(now + timedelta(days=days[1]))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False
            )
        )
        if is_authority:
            building = building.add_extension(_SIGNS, critical=True)
        if host:
            building = building.add_extension(x509.SubjectAlternativeName([_name(host)]), critical=False)
        return building.sign(self.key, hashes.SHA256())


_SIGNS = x509.KeyUsage(
    digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
    key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
    decipher_only=False,
)  # fmt: skip


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


PIECE = 65_536


@dataclass
class Receiver:
    """What an HTTPS server heard: (peer's common name, path, headers, body). It answers `answer`, of which so
    many bytes were `written` before the caller hung up.
    """

    port: int = 0
    written: int = 0
    answer: tuple[int, dict[str, str], bytes] = (200, {}, b"")
    heard: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def receiving(certificate: Path, *, clients_of: Authority | None = None) -> Iterator[Receiver]:
    """Serve HTTPS on loopback; with `clients_of` only those who hold one of its certificates get in."""
    receiver = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            assert isinstance(self.connection, ssl.SSLSocket)
            receiver.heard.append((_peer(self.connection), self.path, dict(self.headers), body))
            status, headers, said = receiver.answer
            self.send_response(status)
            for name, value in {"Content-Length": str(len(said)), **headers}.items():
                self.send_header(name, value)
            self.close_connection = "Content-Length" in headers  # it promises more than it holds
            self.end_headers()
            try:
                for start in range(0, len(said), PIECE):
                    receiver.written += self.wfile.write(said[start : start + PIECE])
            except OSError:  # the caller has read enough
                self.close_connection = True

        do_GET = do_DELETE = do_POST  # noqa: N815  the base class's name

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class's name
            """Say nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if clients_of is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(clients_of.bundle)
    server = _Quiet(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    receiver.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _peer(connection: ssl.SSLSocket) -> str:
    shown = connection.getpeercert(binary_form=True)
    subject = x509.load_der_x509_certificate(shown).subject if shown else None
    names = subject.get_attributes_for_oid(NameOID.COMMON_NAME) if subject else []
    return str(names[0].value) if names else ""


class _Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A handshake that fails is what is tested."""

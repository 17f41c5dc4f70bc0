"""What a partner is set up with, looked at: its address, our certificate for it, files that must be there."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

from notifier.exceptions import ConfigurationError
from notifier.message import Problem

RENEW_WITHIN = timedelta(days=30)
HERE = ("127.0.0.1", "::1", "localhost")


def refuse_bad(who: str, partner: Mapping[str, str]) -> None:
    """Raise ConfigurationError for a partner that could not be told, or not in secret."""
    where = urlsplit(partner.get("url", ""))
    if where.scheme != "https" and not (where.scheme == "http" and where.hostname in HERE):
        raise ConfigurationError(f"{who}: url must be https")
    if not partner.get("secret") and not partner.get("certificate"):
        raise ConfigurationError(f"{who}: give a secret or a certificate")
    for name in ("certificate", "key", "authorities"):
        if partner.get(name) and not Path(partner[name]).is_file():
            raise ConfigurationError(f"{who}: {name} is no file")


def own_certificate(name: str, path: str) -> list[Problem]:
    """Return what is wrong with our certificate for a partner: serious once it has expired."""
    if not path:
        return []
    end = x509.load_pem_x509_certificate(Path(path).read_bytes()).not_valid_after_utc
    left = end - datetime.now(UTC)
    if left > RENEW_WITHIN:
        return []
    over = left <= timedelta(0)
    return [Problem("certificate", f"{name} own_certificate_{'expired' if over else 'ends'}", serious=over)]

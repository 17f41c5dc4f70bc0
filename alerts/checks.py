"""System checks: a key that cannot sign stops at start-up, not at the first alert."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register  # noqa: A004  Django's own names

from alerts import cap_keys
from alerts.cap_signature import SignerError

DOCS = "See docs/partners.md#signature"


@register()
def signing(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the key and the certificates of CAP documents."""
    at = datetime.now(UTC)
    found: list[CheckMessage] = [
        Error(f"{name}: {words}", hint=f"Give PEM files that hold. {DOCS}", id="alerts.E001")
        for name, words in cap_keys.problems(at)
    ]
    if found:
        return found
    if not settings.CAP_SIGNING_KEY:
        if not settings.PUBLIC_SENDING:
            return []
        hint = f"Without it partners cannot prove that a document is ours. {DOCS}"
        return [Warning("CAP_SIGNING_KEY: CAP documents go unsigned", hint=hint, id="alerts.W001")]
    return [*_ending(at)]


def _ending(at: datetime) -> list[CheckMessage]:
    try:
        signer = cap_keys.signer()
    except SignerError:
        return []
    if signer is None or signer.ends_at - at > cap_keys.RENEW_WITHIN:
        return []
    hint = f"Publish the next one beside it now, and sign with it once partners have it. {DOCS}"
    words = f"CAP_SIGNING_KEY: its certificate ends on {signer.ends_at:%Y-%m-%d}"
    return [Warning(words, hint=hint, id="alerts.W002")]

"""How allauth is used here: no sign-up, no reset by mail, secrets of second factors sealed."""

import base64
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from trust import keys, networks

FACTORS = UUID("6f0e5f52-3a0c-4d53-9a3c-0f6c1d2b7a10")  # owner of the one key that seals factors' secrets


class OfficerAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    """Accounts are made by an administrator only; tries at the door are counted by the true address."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return what tries are counted by: not a trusted proxy, or one guesser shuts out a whole force."""
        return str(networks.client_address(request) or "unknown")


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    """Keep the secrets of one-time codes encrypted with a key outside the database."""

    def encrypt(self, text: str) -> str:
        keys.create(FACTORS, "factors")
        return base64.b64encode(keys.seal(FACTORS, "factor", text.encode())).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return keys.unseal(FACTORS, "factor", base64.b64decode(encrypted_text)).decode()

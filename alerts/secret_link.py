"""Addresses whose secret only this deployment can make: the database keeps no more than their digest."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from trust import keys

LENGTH = 32  # hexadecimal digits: 128 bits


@dataclass(frozen=True)
class SecretLink:
    """Make the links of one kind of row; path: the part of the address that stands before the secret."""

    kind: str
    path: str

    def secret(self, row: UUID) -> str:
        return keys.token(f"{self.kind} link", str(row))[:LENGTH]

    def digest(self, told: str) -> str:
        return keys.token(f"{self.kind} link digest", told)

    def url(self, row: UUID, language: str) -> str:
        return f"{settings.PUBLIC_URL}/{language}/{self.path}/{self.secret(row)}/"

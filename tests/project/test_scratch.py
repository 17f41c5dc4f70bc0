"""A scratch world cannot reach anybody."""

import os
from pathlib import Path

from project import scratch


def test_no_credential_of_a_real_gateway_enters_a_scratch_world(monkeypatch):
    monkeypatch.setenv("SMS_URL", "https://gateway.example/sendsms")
    monkeypatch.setenv("FACEBOOK_ACCESS_TOKEN_FILE", "/run/secrets/token")
    monkeypatch.setenv("PUBLIC_SENDING", "true")
    with scratch.world() as environment:
        assert "SMS_URL" not in environment
        assert "FACEBOOK_ACCESS_TOKEN_FILE" not in environment
        assert environment["PUBLIC_SENDING"] == "false"


def test_a_scratch_world_is_gone_afterwards(monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    with scratch.world() as environment:
        folder = Path(environment["VAR_DIR"])
        assert folder.is_dir()
        assert folder != Path(os.environ["VAR_DIR"])
    assert not folder.exists()

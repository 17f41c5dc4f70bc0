"""Settings come from the environment, and nonsense stops with its name."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from project import env


def test_a_boolean_that_is_none_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("PUBLIC_SENDING", "perhaps")
    with pytest.raises(ImproperlyConfigured, match=r"PUBLIC_SENDING: write true or false"):
        env.env("PUBLIC_SENDING")


def test_a_secret_is_read_from_the_file_that_is_named(monkeypatch, tmp_path):
    (tmp_path / "password").write_text("open sesame\n")
    monkeypatch.setenv("SMS_PASSWORD_FILE", str(tmp_path / "password"))
    assert env.env("SMS_PASSWORD") == "open sesame"


def test_an_unreadable_secret_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("SMS_PASSWORD_FILE", str(tmp_path / "nothing"))
    with pytest.raises(ImproperlyConfigured, match="SMS_PASSWORD_FILE"):
        env.env("SMS_PASSWORD")


def test_a_time_zone_that_does_not_exist_is_refused(monkeypatch):
    monkeypatch.setenv("AGENCY_TIME_ZONE", "Africa/Atlantis")
    with pytest.raises(ImproperlyConfigured, match="AGENCY_TIME_ZONE"):
        env.env("AGENCY_TIME_ZONE")


def test_every_setting_has_its_heading_in_the_docs():
    page = Path(settings.BASE_DIR / "docs" / "settings.md").read_text(encoding="utf-8")
    assert page == env.documentation(), "run `make docs`"


def test_sending_to_the_public_is_off_unless_said_otherwise():
    assert settings.PUBLIC_SENDING is False

"""A mail server hands us a mail by a pipe: stored before it is acknowledged, kept by the server otherwise."""

import dataclasses
import io
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from bin.lint import ROOT
from notifier import fetching, inbound, incoming, registry, retention
from notifier.backends.email import EmailBackend
from notifier.exceptions import Gone
from notifier.management.commands import receive_mail
from notifier.message import Inbound, RawRequest
from notifier.models import InboundEvent
from tests.notifier.contract import JPEG
from tests.notifier.test_protocols_mail import letter
from trust import vault

pytestmark = pytest.mark.django_db


def piped(mail: bytes, to: str = "tips@najda.invalid") -> InboundEvent:
    receive_mail.take("email", lambda most: mail[:most], to)
    return InboundEvent.objects.latest("received_at")


def read(mail: bytes) -> Inbound:
    backend = registry.for_hooks("email")
    assert isinstance(backend, EmailBackend)
    (said,) = backend.parse(asked(mail))
    assert isinstance(said, Inbound)
    return said


def with_photo() -> bytes:
    made = letter("vue hier")
    made.add_attachment(JPEG, "image", "jpeg", filename="vue.jpg")
    return bytes(made)


def kept() -> set[Path]:
    """The files of the vault."""
    return {path for path in Path(settings.VAULT_DIR).rglob("*") if path.is_file()}


def run(mail: bytes, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "manage.py", "receive_mail", "--to", "tips@najda.invalid"],
        cwd=ROOT,
        input=mail,
        capture_output=True,
        timeout=60,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "project.settings", **environment},
        check=False,
    )


def asked(mail: bytes) -> RawRequest:
    return RawRequest("POST", "https://x.invalid/hooks/email/?to=tips@najda.invalid", {}, mail)


def empty_database(path: Path) -> None:
    """The tables as they are now, in a file of their own: a process cannot see those in memory."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")
        made = [sql for (sql,) in cursor.fetchall()]
    with closing(sqlite3.connect(path)) as copy:
        copy.executescript(";\n".join(sorted(made, key=lambda sql: not sql.startswith("CREATE TABLE"))))


def test_a_process_stores_the_mail_it_is_given(tmp_path: Path):
    """Once by the real command, as Postfix calls it."""
    empty_database(tmp_path / "najda.sqlite3")
    done = run(with_photo(), VAR_DIR=str(tmp_path), DATABASE_URL="")
    assert (done.returncode, done.stdout) == (0, b""), done.stderr
    with closing(sqlite3.connect(tmp_path / "najda.sqlite3")) as copy:
        stored = copy.execute("SELECT alias, kind FROM notifier_inboundevent").fetchall()
    assert stored == [("email", "message")]
    assert len([path for path in (tmp_path / "vault").rglob("*") if path.is_file()]) == 1


def test_a_mail_that_cannot_be_stored_is_kept_by_the_server_and_quoted_nowhere(monkeypatch, caplog):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(with_photo())))
    with pytest.raises(SystemExit) as ended:
        call_command("receive_mail", "--alias", "absent")
    assert ended.value.code == 75
    assert "ConfigurationError" in caplog.text
    assert "aunt" not in caplog.text


def test_attachments_lie_in_the_vault_and_never_in_the_row():
    event = piped(with_photo())
    (file,) = incoming.files(event.raw)
    assert (file.name, file.media_type, file.sha256) == ("vue.jpg", "image/jpeg", vault.sha256(JPEG))
    assert fetching.fetch("email", file.source()).data == JPEG
    assert JPEG not in b"".join(
        path.read_bytes() for path in Path(settings.VAULT_DIR).rglob("*") if path.is_file()
    )


def test_a_file_that_was_taken_is_let_go_and_gone():
    (file,) = incoming.files(piped(with_photo()).raw)
    fetching.let_go("email", file.source())
    fetching.let_go("email", file.source())
    with pytest.raises(Gone):
        fetching.fetch("email", file.source())


def test_files_go_with_their_event_and_its_key(later):
    event = piped(with_photo())
    (file,) = incoming.files(event.raw)
    later(days=31)
    retention.purge()
    assert fetching.inline_key(file.inline) is not None
    with pytest.raises(Gone):
        fetching.fetch("email", file.source())
    assert not InboundEvent.objects.filter(pk=event.pk).exists()


def test_the_same_mail_again_leaves_nothing_behind():
    event = piped(with_photo())
    before = kept()
    assert piped(with_photo()) == event
    assert kept() == before


def test_a_race_for_one_mail_leaves_no_files_of_the_loser(monkeypatch):
    said = read(with_photo())
    inbound.store("email", said)
    before = kept()
    # The other process stored it after this one looked.
    monkeypatch.setattr(InboundEvent.objects, "filter", lambda **_: InboundEvent.objects.none())
    assert inbound.store("email", said) is None
    assert kept() == before


def test_a_mail_that_is_too_long_is_kept_as_far_as_it_is_taken(monkeypatch):
    monkeypatch.setattr(EmailBackend, "most_body", 500)
    event = piped(bytes(letter("début " + "x" * 5_000)))
    assert event.raw["cut"] == "yes"
    assert "début" in (event.text or "") or incoming.files(event.raw)


@pytest.mark.parametrize("inline", ["", "x/y", "../../etc/passwd", f"{'0' * 32}/..", "/" + "0" * 32])
def test_no_name_leads_out_of_the_vault(inline):
    assert fetching.inline_key(inline) is None


def test_a_file_under_another_events_name_is_not_removed_with_this_one():
    owner = piped(with_photo())
    (file,) = incoming.files(owner.raw)
    inbound.forget_files(InboundEvent().pk, owner.raw)
    assert fetching.fetch("email", file.source()).data == JPEG


def test_no_call_back_names_a_file_of_our_vault():
    owner = piped(with_photo())
    (file,) = incoming.files(owner.raw)
    said = read(bytes(letter("other")))
    forged = inbound.store("email", dataclasses.replace(said, raw={**said.raw, **incoming.packed([file])}))
    assert forged is not None
    assert incoming.files(forged.raw) == ()

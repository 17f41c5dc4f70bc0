import json
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import connection
from django_celery_beat.models import PeriodicTask

from tests import people
from trust import audit, checks, clock, declared, enrolment, keys, ring, signin, tasks, triggers
from trust.models import AuditEntry, Officer, Seal
from trust.roles import Role

pytestmark = pytest.mark.django_db


def run(*line, **options):
    out = StringIO()
    call_command(*line, stdout=out, **options)
    return out.getvalue()


def enrol(username, **options):
    return run("enrol", username=username, display_name="Nadia Saïdi", **options)


def test_the_first_two_administrators_are_enrolled_and_no_third():
    said = enrol("nadia")
    enrol("samir")
    nadia = Officer.objects.get(username="nadia")
    assert nadia.roles == {Role.ADMINISTRATOR}
    assert nadia.password_is_temporary
    password = said.split("only here: ")[1].split()[0]
    assert nadia.check_password(password)
    assert "second factor" in said
    with pytest.raises(CommandError, match="two administrators"):
        enrol("third")
    assert password not in str(list(AuditEntry.objects.values()))


def test_a_name_that_is_taken_or_no_name_is_refused():
    people.ines()
    with pytest.raises(CommandError, match="taken"):
        enrol("ines")
    with pytest.raises(CommandError, match="user name"):
        enrol("not a name!")


def test_a_temporary_password_ends_when_the_officer_chooses_one():
    ines = people.ines()
    enrolment.issue_password(ines, by=people.nadia())
    assert Officer.objects.get(pk=ines.pk).password_is_temporary
    signin._password_changed(user=ines)
    assert not Officer.objects.get(pk=ines.pk).password_is_temporary


def test_verify_audit_says_the_log_is_whole(tmp_path, settings):
    settings.HEADS_FILE = tmp_path / "heads.jsonl"
    audit.record("viewed", None)
    assert "the log is whole" in run("verify_audit")
    assert json.loads(run("verify_audit", "--json"))["ok"]


@pytest.mark.django_db(transaction=True)
def test_verify_audit_names_the_fault_and_fails(tmp_path, settings):
    settings.HEADS_FILE = tmp_path / "heads.jsonl"
    entry = audit.record("viewed", None)
    audit.seal()
    with triggers.lifted():
        AuditEntry.objects.filter(pk=entry.pk).update(reason="changed")
    out = StringIO()
    with pytest.raises(CommandError, match="1 fault"):
        call_command("verify_audit", stdout=out)
    assert f"FAULT altered entry {entry.pk}" in out.getvalue()


def test_rotate_ring_wraps_anew_and_is_logged(tmp_path, settings):
    settings.KEY_DIR = tmp_path
    keys.create(people.ines().pk, "case")
    assert "1 data keys" in run("rotate_ring")
    assert AuditEntry.objects.filter(action="key.ring_rotated").exists()


def test_a_missing_ring_key_stops_the_start(tmp_path, settings):
    settings.KEY_DIR = tmp_path
    keys.create(people.ines().pk, "case")
    assert checks.ring_keys(None, ["default"]) == []
    (tmp_path / "ring-0001.key").unlink()
    assert [found.id for found in checks.ring_keys(None, ["default"])] == ["trust.E003"]


def test_a_missing_key_of_the_log_stops_the_start(tmp_path, settings):
    settings.KEY_DIR = tmp_path
    assert checks.audit_key(None, ["default"]) == []
    audit.record("viewed", None)
    (tmp_path / "audit.key").unlink()
    assert [found.id for found in checks.audit_key(None, ["default"])] == ["trust.E006"]


def test_a_key_file_that_others_can_read_is_said(tmp_path, settings):
    settings.KEY_DIR = tmp_path
    ring.named("token")
    assert checks.key_files(None) == []
    (tmp_path / "token.key").chmod(0o644)
    assert [found.id for found in checks.key_files(None)] == ["trust.W002"]


@pytest.mark.django_db(transaction=True)
def test_missing_triggers_stop_the_start_and_migrate_puts_them_back():
    assert checks.log_triggers(None, ["default"]) == []
    triggers.remove(connection)
    assert [found.id for found in checks.log_triggers(None, ["default"])] == ["trust.E005"]
    call_command("migrate", verbosity=0)
    assert triggers.missing(connection) == []


def test_every_field_of_trust_is_declared():
    ours = [name for name in declared.undeclared() if name.startswith("trust.")]
    assert ours == []


def test_beat_seals_each_second_and_anchors_each_minute(tmp_path, settings):
    settings.HEADS_FILE = tmp_path / "heads.jsonl"
    schedules = {
        task.name: (task.task, task.interval.every) for task in PeriodicTask.objects.exclude(interval=None)
    }
    assert schedules["trust-seal"] == ("trust.seal", 1)
    assert schedules["trust-export-head"] == ("trust.export_head", 60)
    assert tasks.seal.name == "trust.seal"
    tasks.export_head()
    assert not settings.HEADS_FILE.exists()


def test_roles_survive_a_second_migrate():
    Group.objects.get(name=Role.SERVICE).delete()
    call_command("migrate", verbosity=0)
    assert Group.objects.filter(name=Role.SERVICE).exists()
    assert not Seal.objects.exists()


def test_the_clock_is_the_databases_and_in_utc():
    now = clock.now()
    assert now.utcoffset() is not None
    assert now <= clock.now()

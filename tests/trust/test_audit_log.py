"""What stands in the log, what the database refuses, what verify_audit names."""

import contextlib
import json

import pytest
from django.db import DatabaseError, connection, transaction

from tests import people
from trust import audit, audit_mac, clock, triggers
from trust.models import AuditEntry, AuditExport, Seal
from trust.request import request_id

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgresql]


@pytest.fixture(autouse=True)
def heads(tmp_path, settings):
    settings.HEADS_FILE = tmp_path / "heads.jsonl"
    return settings.HEADS_FILE


def write(count=5):
    ines = people.ines()
    return [audit.record("viewed", ines, actor=ines, purpose=f"purpose {n}") for n in range(count)]


def sealed():
    seal = audit.seal()
    assert seal
    return seal


def tamper(sql, *parameters):
    with triggers.lifted(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def findings():
    return [(finding.kind, finding.of, finding.row) for finding in audit.verify() if finding.is_error]


def test_an_entry_says_who_did_what_to_what_and_in_which_request():
    ines = people.ines()
    token = request_id.set("abc123")
    entry = audit.record("viewed", ines, actor=ines, purpose="check", reason="shift")
    request_id.reset(token)
    entry.refresh_from_db()
    assert (entry.actor, entry.subject, entry.subject_kind) == (ines.pk, ines.pk, "officer")
    assert (entry.actor_role, entry.purpose, entry.request_id) == ("officer", "check", "abc123")


def test_an_undeclared_action_is_refused():
    with pytest.raises(audit.Undeclared, match="audit_actions"):
        audit.record("made.up", None)


def test_words_are_no_reason():
    for words in ("retrouvée chez Karim", "Karim", "found at home", "a\nb", "ليلى"):
        with pytest.raises(audit.NotACode):
            audit.record("viewed", None, reason=words)
    assert not AuditEntry.objects.exists()


def test_one_name_cannot_mean_two_things():
    with pytest.raises(audit.Undeclared, match="twice"):
        audit.declare({"viewed": "something else"})


def test_a_refused_act_leaves_no_entry():
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        audit.record("viewed", None)
        raise ZeroDivisionError
    assert not AuditEntry.objects.exists()


def test_a_second_look_within_fifteen_minutes_is_not_written_again(monkeypatch):
    ines, omar = people.ines(), people.omar()
    assert audit.viewed(ines, omar, "case")
    assert audit.viewed(ines, omar, "case") is None
    assert audit.viewed(ines, omar, "identity")
    assert audit.viewed(omar, omar, "case")
    monkeypatch.setattr(clock, "SHIFT", audit.LOOKED_AGAIN_AFTER)
    assert audit.viewed(ines, omar, "case")


def test_an_untouched_log_has_no_errors():
    write()
    audit.seal()
    write(2)
    audit.seal()
    audit.export_head()
    assert audit.verify() == []


def test_what_no_seal_and_no_head_cover_yet_is_information():
    write(2)
    assert {finding.kind for finding in audit.verify()} == {"unsealed"}
    audit.seal()
    assert [finding.kind for finding in audit.verify()] == ["unanchored"]
    assert findings() == []


def test_an_altered_entry_is_named():
    entry = write()[2]
    audit.seal()
    tamper("UPDATE trust_auditentry SET reason = 'nothing' WHERE id = %s", entry.pk)
    assert findings() == [("altered", "entry", entry.pk)]


def test_an_entry_altered_together_with_its_mac_is_named():
    entry = write()[2]
    audit.seal()
    tamper("UPDATE trust_auditentry SET reason = 'x', mac = %s WHERE id = %s", "0" * 64, entry.pk)
    assert ("altered", "entry", entry.pk) in findings()
    assert ("altered", "seal", 1) in findings()


def test_a_removed_entry_is_named():
    entry = write()[2]
    audit.seal()
    tamper("DELETE FROM trust_auditentry WHERE id = %s", entry.pk)
    assert findings() == [("removed", "entry", entry.pk)]


def test_two_swapped_entries_are_named():
    one, _, two = write(3)
    audit.seal()
    for old, new in ((one.pk, -1), (two.pk, one.pk), (-1, two.pk)):
        tamper("UPDATE trust_auditentry SET id = %s WHERE id = %s", new, old)
    assert {("swapped", "entry", one.pk), ("swapped", "entry", two.pk)} <= set(findings())


def test_an_inserted_entry_is_named():
    last = write()[-1]
    audit.seal()
    forged = AuditEntry(id=last.pk + 1, at=last.at, action="viewed", mac=last.mac)
    forged.save(force_insert=True)
    assert findings() == [("inserted", "entry", forged.pk)]


def test_a_true_entry_copied_under_another_number_is_named():
    last = write()[-1]
    audit.seal()
    last.pk += 1
    last.save(force_insert=True)
    assert findings() == [("inserted", "entry", last.pk)]


def test_a_seal_taken_out_of_the_chain_is_named():
    for _ in range(3):
        write(1)
        audit.seal()
    tamper("DELETE FROM trust_seal WHERE number = 2")
    assert ("removed", "seal", 2) in findings()


def test_a_seal_written_anew_breaks_the_chain():
    for _ in range(3):
        write(1)
        audit.seal()
    tamper("UPDATE trust_seal SET hash = %s WHERE number = 2", "f" * 64)
    assert ("altered", "seal", 2) in findings()
    assert ("broken_chain", "seal", 3) in findings()


@pytest.mark.parametrize("ranges", ['"x"', "[[1]]", "[[1, 999999999999]]", '[["a", "b"]]', "{}"])
def test_made_up_ranges_are_named_and_not_followed(ranges):
    write(2)
    audit.seal()
    tamper("UPDATE trust_seal SET ranges = %s", ranges)
    assert ("altered", "seal", 1) in findings()


def test_a_seal_inserted_far_ahead_is_named():
    write(1)
    audit.seal()
    tamper("UPDATE trust_seal SET number = 999999999999")
    assert ("removed", "seal", 1) in findings()


def test_a_cut_tail_is_named_by_the_exported_heads():
    write(2)
    audit.seal()
    last = write(2)
    audit.seal()
    audit.export_head()
    tamper("DELETE FROM trust_auditentry WHERE id >= %s", last[0].pk)
    tamper("DELETE FROM trust_seal WHERE number = 2")
    assert findings() == [("cut_tail", "seal", 2)]


def test_a_tail_written_anew_with_the_right_key_still_contradicts_the_head():
    write(2)
    audit.seal()
    audit.export_head()
    tamper("DELETE FROM trust_seal")
    tamper("DELETE FROM trust_auditentry")
    write(2)
    audit.seal()
    assert ("altered", "seal", 1) in findings()


def test_a_forged_head_is_named(heads):
    write(2)
    audit.seal()
    head = audit.export_head()
    assert head
    heads.write_text(json.dumps(head | {"count": 1}) + "\nnot json\n[]\n")
    assert findings() == [("bad_head", "head", 1), ("bad_head", "head", 2), ("bad_head", "head", 3)]


def test_a_heads_file_that_is_not_there_is_named(tmp_path):
    [finding] = audit.verify(tmp_path / "nowhere")
    assert finding.kind == "bad_head"


def test_a_missing_trigger_is_named():
    triggers.remove(connection)
    try:
        assert {kind for kind, _, _ in findings()} == {"no_trigger"}
    finally:
        triggers.install(connection)


def test_numbers_lost_with_a_rollback_are_no_holes():
    write(2)
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        write(3)
        raise ZeroDivisionError
    write(2)
    audit.seal()
    audit.export_head()
    assert audit.verify() == []


@pytest.mark.parametrize("table", triggers.TABLES)
@pytest.mark.parametrize("act", ["UPDATE {0} SET id = {1}", "DELETE FROM {0}"])
def test_the_database_refuses_to_change_the_log(table, act):
    write(1)
    audit.seal()
    AuditExport.objects.create(
        first_id=0, last_id=0, first_seal=0, last_seal=0, head="", total=0, at=clock.now(), mac="x"
    )
    key = triggers._KEY[table]
    sql = act.format(table, key).replace("SET id", f"SET {key}")
    with (
        pytest.raises(DatabaseError, match="only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


def test_sqlite_refuses_to_replace_an_entry():
    if connection.vendor != "sqlite":
        return
    entry = write(1)[0]
    columns = "id, at, actor_role, action, subject_kind, purpose, before, after, reason, request_id, mac"
    with (
        pytest.raises(DatabaseError, match="only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT OR REPLACE INTO trust_auditentry ({columns})"
            " VALUES (%s, '2020-01-01', '', 'x', '', '', '', '', '', '', '')",
            [entry.pk],
        )


def test_only_an_exported_segment_may_be_deleted():
    write(2)
    first = sealed()
    kept = write(2)
    audit.seal()
    audit.export_head()
    export = AuditExport(
        first_id=1, last_id=first.last_id, first_seal=1, last_seal=1, head=first.hash, total=2, at=clock.now()
    )
    export.mac = audit_mac.of_export(export)
    export.save()
    AuditEntry.objects.filter(id__lte=first.last_id).delete()
    Seal.objects.filter(number=1).delete()
    assert audit.verify() == []
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.filter(id=kept[0].pk).delete()


def test_an_export_made_by_hand_releases_nothing_unnoticed():
    write(2)
    seal = sealed()
    AuditExport.objects.create(
        first_id=1,
        last_id=seal.last_id,
        first_seal=1,
        last_seal=0,
        head="",
        total=2,
        at=clock.now(),
        mac="0" * 64,
    )
    AuditEntry.objects.filter(id=seal.last_id).delete()
    assert {("bad_export", "export", 1), ("removed", "entry", seal.last_id)} <= {
        (kind, of, 1 if of == "export" else row) for kind, of, row in findings()
    }


def test_an_idle_second_writes_no_seal():
    write(1)
    assert audit.seal()
    assert audit.seal() is None


def test_a_head_is_one_signed_line_a_minute(heads):
    assert audit.export_head() is None
    write(3)
    seal = sealed()
    audit.export_head()
    audit.export_head()
    lines = [json.loads(line) for line in heads.read_text().splitlines()]
    assert [line["hash"] for line in lines] == [seal.hash] * 2
    assert lines[0]["count"] == 3

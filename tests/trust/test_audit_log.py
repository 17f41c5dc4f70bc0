"""What stands in the log, what the database refuses, what verify_audit names."""

import contextlib
import json
from typing import Any

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


def log_of_six() -> list[AuditEntry]:
    """Write six entries under three seals with a head, all committed, and two seals on: the tail."""
    entries = []
    for _seal in range(3):
        entries += write(2)
        audit.seal()
    audit.export_head()
    return entries


# Below: what somebody who owns the database does to log_of_six, and what verify_audit must name. {a} to {f}
# are the numbers of the entries, {E} and {S} the tables.
COPIED = (
    "at, actor, subject, action, actor_role, subject_kind, purpose, before, after, reason, request_id, mac"
)
SOON = "'2026-01-01 00:00:00+00:00'"
ALTERED, SEAL, CHAIN = ("altered", "entry", "c"), ("altered", "seal", 2), "broken_chain"


def entry(change: str) -> str:
    return f"UPDATE {{E}} SET {change} WHERE id = {{c}}"


def seal(change: str) -> str:
    return f"UPDATE {{S}} SET {change} WHERE number = 2"


TAMPERINGS: dict[str, tuple[str, list[tuple[str, str, Any]]]] = {
    "another officer": (entry("actor = subject, subject = NULL"), [ALTERED]),
    "nobody in place of the officer": (entry("actor = NULL"), [ALTERED]),
    "another role": (entry("actor_role = 'approver'"), [ALTERED]),
    "another hour": (entry(f"at = {SOON}"), [ALTERED]),
    "another act": (entry("action = 'task.finished'"), [ALTERED]),
    "another kind of subject": (entry("subject_kind = 'case'"), [ALTERED]),
    "another subject": (entry("subject = NULL"), [ALTERED]),
    "another purpose": (entry("purpose = 'check'"), [ALTERED]),
    "another digest before": (entry("before = 'x'"), [ALTERED]),
    "another digest after": (entry("after = 'x'"), [ALTERED]),
    "another reason": (entry("reason = 'shift'"), [ALTERED]),
    "another request": (entry("request_id = 'x'"), [ALTERED]),
    "a made-up mac": (entry("mac = '0'"), [ALTERED, SEAL]),
    "a mac that is no digest": (entry("mac = 'é'"), [ALTERED, SEAL]),
    "the mac of another entry": (entry("mac = (SELECT mac FROM {E} WHERE id = {a})"), [ALTERED, SEAL]),
    "an entry removed": ("DELETE FROM {E} WHERE id = {c}", [("removed", "entry", "c")]),
    "many entries removed": (
        "DELETE FROM {E} WHERE id IN ({b}, {c}, {d})",
        [("removed", "entry", "b"), ("removed", "entry", "c"), ("removed", "entry", "d")],
    ),
    "everything removed": ("DELETE FROM {E}; DELETE FROM {S}", [("cut_tail", "seal", 3)]),
    "an entry under a number of its own": (
        "UPDATE {E} SET id = 900 WHERE id = {c}",
        [("removed", "entry", "c"), ("inserted", "entry", 900)],
    ),
    "two entries swapped": (
        ("UPDATE {E} SET id = -1 WHERE id = {b}; UPDATE {E} SET id = {b} WHERE id = {e};"
        "UPDATE {E} SET id = {e} WHERE id = -1"),
        [("swapped", "entry", "b"), ("swapped", "entry", "e")],
    ),
    "an entry not written by the program": (
        ("INSERT INTO {E} (id, at, action, mac, actor_role, subject_kind, purpose, before, after, reason,"
        f"request_id) VALUES (900, {SOON}, 'viewed', 'x', '', '', '', '', '', '', '')"),
        [("inserted", "entry", 900)],
    ),
    "a true entry copied": (
        f"INSERT INTO {{E}} (id, {COPIED}) SELECT 900, {COPIED} FROM {{E}} WHERE id = {{c}}",
        [("inserted", "entry", 900)],
    ),
    "a seal removed": ("DELETE FROM {S} WHERE number = 2", [("removed", "seal", 2)]),
    "a seal with another hash": (seal("hash = 'f'"), [SEAL, (CHAIN, "seal", 3)]),
    "a seal that follows another": (seal("previous = 'f'"), [SEAL, (CHAIN, "seal", 2)]),
    "a seal that covers one less": (
        "DELETE FROM {E} WHERE id = {c};" + seal("ranges = '[[{d}, {d}]]', count = 1"), [SEAL]
    ),
    "a seal of another hour": (seal(f"at = {SOON}"), [SEAL]),
    "a seal that counts fewer": (seal("total = 1"), [SEAL]),
    "a seal that ends elsewhere": (seal("last_id = 1"), [SEAL]),
    "two seals swapped": (
        ("UPDATE {S} SET number = -1 WHERE number = 1; UPDATE {S} SET number = 1 WHERE number = 2;"
        "UPDATE {S} SET number = 2 WHERE number = -1"),
        [SEAL, ("altered", "seal", 1), (CHAIN, "seal", 2)],
    ),
    "a seal far ahead": (
        "UPDATE {S} SET number = 999999999999 WHERE number = 3", [("removed", "seal", 3)]
    ),
    "the tail cut": (
        "DELETE FROM {E} WHERE id > {d}; DELETE FROM {S} WHERE number = 3", [("cut_tail", "seal", 3)]
    ),
    "entries released by a made-up export": (
        ("INSERT INTO trust_auditexport (first_id, last_id, first_seal, last_seal, head, total, at, mac)"
        f"VALUES ({{c}}, {{c}}, 1, 0, '', 1, {SOON}, 'x'); DELETE FROM {{E}} WHERE id = {{c}}"),
        [("removed", "entry", "c"), ("bad_export", "export", None)],
    ),
}  # fmt: skip


def test_every_kind_of_tampering_is_named():
    """One log, tampered with in one way after another, each undone again."""
    entries = dict(zip("abcdef", (entry.pk for entry in log_of_six()), strict=True))
    assert findings() == []
    tables = {"E": triggers.ENTRIES, "S": triggers.SEALS}
    unnamed = {}
    for name, (statements, expected) in TAMPERINGS.items():
        with transaction.atomic():
            for statement in statements.split(";"):
                tamper(statement.format(**entries, **tables).replace("%", "%%"))
            found = {(kind, of, row) for kind, of, row in findings()}
            transaction.set_rollback(True)
        wanted = {(kind, of, entries.get(row, row)) for kind, of, row in expected}
        missing = {item for item in wanted if item not in found and not _anywhere(item, found)}
        if missing:
            unnamed[name] = (missing, found)
    assert unnamed == {}
    assert len(TAMPERINGS) >= 20
    assert findings() == []


def _anywhere(item, found) -> bool:
    """Say whether what is named by no number was found under any."""
    return item[2] is None and item[:2] in {one[:2] for one in found}


def test_what_is_no_value_at_all_is_named_and_stops_nothing():
    """SQLite keeps whatever is written into a column."""
    if connection.vendor != "sqlite":
        return
    entry = write()[2]
    audit.seal()
    for column, value in (("actor", "'zzz'"), ("at", "'soon'"), ("subject", "x'ff00'"), ("reason", "12")):
        with transaction.atomic():
            tamper(f"UPDATE trust_auditentry SET {column} = {value} WHERE id = %s", entry.pk)
            assert findings() == [("altered", "entry", entry.pk)], column
            transaction.set_rollback(True)


@pytest.mark.parametrize("ranges", ['"x"', "[[1]]", "[[1, 999999999999]]", '[["a", "b"]]', "{}"])
def test_made_up_ranges_are_named_and_not_followed(ranges):
    write(2)
    audit.seal()
    tamper("UPDATE trust_seal SET ranges = %s", ranges)
    assert ("altered", "seal", 1) in findings()


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

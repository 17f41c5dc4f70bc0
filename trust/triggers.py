"""The database itself refuses to change the log, whoever asks; only an exported segment may be deleted.

Django rebuilds a table on SQLite when a migration alters it, and loses its triggers: they are put back after
every migrate, and verify_audit says when one is missing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

REFUSAL = "the audit log only grows"
ENTRIES, SEALS, EXPORTS = "trust_auditentry", "trust_seal", "trust_auditexport"
TABLES = (ENTRIES, SEALS, EXPORTS)
_EXPORTED = f"EXISTS (SELECT 1 FROM {EXPORTS} WHERE "  # noqa: S608  a constant
# Which rows a recorded export releases; of the exports themselves none.
_RELEASED = {
    ENTRIES: _EXPORTED + "OLD.id BETWEEN first_id AND last_id)",
    SEALS: _EXPORTED + "OLD.number BETWEEN first_seal AND last_seal)",
    EXPORTS: "1 = 0",
}
_KEY = {ENTRIES: "id", SEALS: "number", EXPORTS: "id"}


def install(connection: BaseDatabaseWrapper) -> None:
    """Create every trigger; run it again at will."""
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        for table in TABLES:
            for trigger in _names(connection.vendor, table):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}{on}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the triggers that should be there and are not, or are switched off (one query)."""
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {name for (name,) in cursor.fetchall()}
    wanted = [name for table in TABLES for name in _names(connection.vendor, table)]
    return [name for name in wanted if name not in present]


def ensure(**kwargs: Any) -> None:
    """Put back what a rebuilt table lost (after every migrate)."""
    connection = connections[kwargs.get("using", DEFAULT_DB_ALIAS)]
    if set(TABLES) <= set(connection.introspection.table_names()) and missing(connection):
        install(connection)


@contextmanager
def lifted(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let tables be emptied inside the block. For the test runner's flush alone; needs the tables' owner."""
    connection = connections[using]
    remove(connection)
    try:
        yield
    finally:
        install(connection)


def _names(vendor: str, table: str) -> list[str]:
    extra = {"postgresql": ["truncate"], "sqlite": ["replace"]}[vendor]
    if vendor == "postgresql" and table == ENTRIES:
        extra = [*extra, "txid"]
    return [f"{table}_no_{act}" if act != "txid" else f"{table}_txid" for act in ("update", "delete", *extra)]


def _statements(vendor: str) -> Iterator[str]:
    if vendor == "postgresql":
        yield from _postgresql()
    else:
        yield from _sqlite()


def _sqlite() -> Iterator[str]:
    end = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for table in TABLES:
        key = _KEY[table]
        yield f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} {end}"
        yield (
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table}"
            f" WHEN NOT {_RELEASED[table]} {end}"
        )
        # INSERT OR REPLACE deletes the old row without firing a DELETE trigger.
        same = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608  constants
        yield f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} WHEN {same} {end}"


def _postgresql() -> Iterator[str]:
    refuse, stamp = "trust_audit_refuse", "trust_audit_stamp"
    yield (
        f"CREATE OR REPLACE FUNCTION {refuse}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    yield (
        f"CREATE OR REPLACE FUNCTION {stamp}() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN NEW.txid := pg_current_xact_id()::text::bigint; RETURN NEW; END $$"
    )
    for table in TABLES:
        # A WHEN clause may hold no query, so released rows are asked for in a function of each table.
        yield (
            f"CREATE OR REPLACE FUNCTION {table}_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN IF {_RELEASED[table]} THEN RETURN OLD; END IF; RAISE EXCEPTION '{REFUSAL}'"
            " USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
        yield (
            f"CREATE OR REPLACE TRIGGER {table}_no_update BEFORE UPDATE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {refuse}()"
        )
        yield (
            f"CREATE OR REPLACE TRIGGER {table}_no_delete BEFORE DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {table}_refuse_delete()"
        )
        yield (
            f"CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {refuse}()"
        )
    yield (
        f"CREATE OR REPLACE TRIGGER {ENTRIES}_txid BEFORE INSERT ON {ENTRIES}"
        f" FOR EACH ROW EXECUTE FUNCTION {stamp}()"
    )

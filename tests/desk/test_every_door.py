"""Every role at every address under /police/, for rows of its unit, of another and of another force.

The addresses come from the URLconf, the answers from tests/desk/table.py. What is posted is valid: it would
happen if it were allowed. Whoever is refused reads nothing of the case and changes no row.
"""

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client

from tests import people
from tests.desk.doors import Door, doors
from tests.desk.doors_bodies import BODIES, body
from tests.desk.doors_world import NOBODIES, OWN, PEOPLE, PLANTED, SIBLING, Person, World
from tests.desk.table import CLOSED, LOOKS, TABLE, Row, To, does, expected, is_allowed, reaches
from trust.models import AuditEntry
from trust.roles import Role

pytestmark = pytest.mark.django_db
METHODS = ("get", "post")
# What any request may write: the session, and who was asked for a password how often.
OF_THE_VISIT = frozenset({"django_session", "trust_throttle", "trust_bucket", "trust_signin"})
REFUSED = {403, 404}  # whether right or row is looked for first is the page's affair
WRITES = re.compile(r'(?:INSERT INTO|INSERT OR IGNORE INTO|UPDATE|DELETE FROM) "(\w+)"')
QUERIES = {"cases_case_check": "?place=home"}
# The whole table is `long`; the short run walks with one who keeps registers, one who reads, and nobodies.
SOME = (Role.ADMINISTRATOR, Role.AUDITOR)
EVERYBODY = [*map(str, SOME), *NOBODIES]


@pytest.fixture(autouse=True)
def slow_hands(settings):
    """Everybody's factor was used when the world was made, which a busy machine may be long about."""
    settings.SECOND_FACTOR_MAX_AGE_S = 3600


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


def address_of(world: World, door: Door) -> str:
    """Return the address of the door for the row of the world that opens it."""
    row = TABLE[door.name]
    keys = {**world.keys["open"], **world.keys[row.stage]}
    keys = keys if row.to is To.DESK else {"pk": "1"}
    if door.name == "cases_case_tell":
        keys["screen"] = "places"
    return door.address(keys) + QUERIES.get(door.name, "")


class Written:
    """Note which tables a request changed, statements that met no row apart."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        done = execute(sql, params, many, context)
        found = WRITES.match(sql)  # SQLite counts no rows of an INSERT that returns some
        if found and (sql.startswith("INSERT") or context["cursor"].rowcount):
            self.tables.add(found[1])
        return done


class Visit:
    """One request of one person at one door; the database is afterwards as it was."""

    def __init__(self, world: World, client: Client, who: Person, door: Door, method: str) -> None:
        self.row, self.who, self.door, self.method = TABLE[door.name], who, door, method
        self.address = address_of(world, door)
        client.cookies = SimpleCookie({"session": world.cookies[who]})
        told = body(door.name, world, world.keys[self.row.stage]) if method == "post" else {}
        written = Written()
        with transaction.atomic():
            with connection.execute_wrapper(written):
                self.answer: Any = getattr(client, method)(self.address, told)
            self.acts: set[str] = set()
            if "trust_auditentry" in written.tables:
                new = AuditEntry.objects.filter(pk__gt=world.last_entry)
                self.acts = set(new.values_list("action", flat=True))
            transaction.set_rollback(True)
        self.changed = written.tables - OF_THE_VISIT

    @property
    def faults(self) -> Iterator[str]:
        where = f"{self.method} {self.door.name} by {self.who}"
        status, said = self.answer.status_code, expected(self.row, self.method, self.who)
        if status != said and not {status, said} <= REFUSED:
            yield f"{where}: {status} instead of {said}{self._words()}"
        allowed = is_allowed(self.row, self.method, self.who)
        yield from (f"{where}: {fault}" for fault in (self._done() if allowed else self._left_alone()))

    def _left_alone(self) -> Iterator[str]:
        """Whoever may not: no row changes, no act is in the log, and nothing of the case is on the page."""
        if self.changed:
            yield f"changed {sorted(self.changed)}"
        page = self.answer.getvalue()
        yield from (f"says {word}" for word in PLANTED if word.encode() in page)
        if page.startswith(b"\xff\xd8"):
            yield "shows a photo"

    def _done(self) -> Iterator[str]:
        """Whoever may: a look only looks; a POST does the act, or the domain refuses and nothing is done."""
        row, acts = self.row, self.acts - LOOKS - {self.row.marks}
        if self.method == "get":
            if acts or (self.changed - {"trust_auditentry"} and not row.marks):
                yield f"a look did {sorted(acts)}, changed {sorted(self.changed)}"
        elif not row.act:
            if acts:
                yield f"did {sorted(acts)}: say so in the table"
        elif does(row, self.who) != (row.act in acts):
            yield f"{row.act}: the log holds {sorted(acts)}{self._words()}"

    def _words(self) -> str:
        """Return what the page says went wrong."""
        context = self.answer.context
        errors = [str(one.errors) for one in (context or {}).get("forms", [])] if context else []
        form = context["form"] if context and "form" in context else None
        notes = self.answer.wsgi_request._messages if hasattr(self.answer, "wsgi_request") else []
        told = [*errors, str(form.errors)] if form is not None and hasattr(form, "errors") else errors
        return f" ({' '.join([*told, *(str(note) for note in notes)])})"


def test_every_address_is_declared_and_every_row_has_one() -> None:
    found = {door.name for door in doors()}
    assert len(found) > 100
    assert found - set(TABLE) == set(), "declare it in tests/desk/table.py"
    assert set(TABLE) - found == set(), "the address is gone: take its row out of tests/desk/table.py"
    assert set(BODIES) - found == set()


def test_no_two_addresses_share_a_name() -> None:
    named = {(door.name, door.route) for door in doors()}  # a page of ours may stand before Django's own
    names = [name for name, _route in named]
    assert {name for name in names if names.count(name) > 1} == set()


def visits(world: World, who: Person, *, all_of_it: bool) -> Iterator[Visit]:
    client = Client(raise_request_exception=False)
    for door in doors():
        row = TABLE[door.name]
        for method in METHODS:
            if all_of_it or _in_the_slice(row, method, who):
                yield Visit(world, client, who, door, method)


def _in_the_slice(row: Row, method: str, who: Person) -> bool:
    """Keep what tells one answer from another: whoever may looks and acts, whoever may not tries the most.

    Elsewhere only what the place alone keeps shut: acts next door, looks from afar.
    """
    most = "post" if row.get in CLOSED or row.act else "get"
    if who.place == OWN:
        looks = method == "get" and is_allowed(row, method, who)
        return looks or method == most
    most = most if row.get in CLOSED or who.place == SIBLING else "get"
    return method == most and row.scoped and row.holds(who.role, method) and not reaches(row, who)


@pytest.mark.parametrize("role", EVERYBODY)
def test_every_role_at_every_door(world: World, role: str) -> None:
    wrong = [
        fault
        for who in PEOPLE
        if who.role == role
        for visit in visits(world, who, all_of_it=False)
        for fault in visit.faults
    ]
    assert wrong == [], "\n" + "\n".join(wrong)


@pytest.mark.long
@pytest.mark.parametrize("who", PEOPLE, ids=str)
def test_everybody_everywhere_at_every_door(world: World, who: Person) -> None:
    wrong = [fault for visit in visits(world, who, all_of_it=True) for fault in visit.faults]
    assert wrong == [], "\n" + "\n".join(wrong)


def test_a_password_without_the_factor_opens_no_door(world: World) -> None:
    client, who, wrong = Client(raise_request_exception=False), Person("password alone"), []
    client.force_login(people.ines(), backend="trust.auth.RolesBackend")
    world.cookies[who] = client.cookies["session"].value
    for door in doors():
        for method in METHODS if TABLE[door.name].to is not To.ALL else ():
            visit = Visit(world, client, who, door, method)
            if visit.answer.status_code != 302 or visit.changed:
                wrong.append(f"{method} {door.name}: {visit.answer.status_code} {sorted(visit.changed)}")
    assert wrong == []


def test_no_list_offers_an_action() -> None:
    """What Django does to many rows at once would go past every verb."""
    assert {type(one).__name__: one.actions for one in admin.site._registry.values() if one.actions} == {}
    assert admin.site._actions == {} or all(one.actions is None for one in admin.site._registry.values())


def test_the_desk_holds_no_register_that_nobody_chose() -> None:
    """Libraries bring pages of their own: roles, factors' secrets and schedules are not edited as rows."""
    ours = {"alerts", "cases", "notifier", "tips", "trust"}
    foreign = {model._meta.label for model in admin.site._registry if model._meta.app_label not in ours}
    assert foreign == {"django_celery_beat.PeriodicTask"}

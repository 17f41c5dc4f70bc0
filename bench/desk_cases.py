"""A force's archive for the bench of the desk: many cases with all that hangs on them, sealed as always.

Nobody in it exists. Rows are written in bulk; each case has a key of its own, as every case has. Files of the
vault alone are left out: no list opens one.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

from alerts.models import Alert, Version
from cases import name_tokens
from cases.models import (
    Case,
    CaseState,
    Child,
    Consent,
    Facts,
    NameToken,
    Photo,
    Place,
    ThreadEntry,
    VoiceNote,
)
from notifier.models import Batch
from trust import audit_mac, clock, keys, secrets
from trust.fields import EncryptedField, Sealed
from trust.models import AuditEntry, Officer, Shift, Task, Unit

AT_ONCE = 500
GIVEN = (
    ("Amina", "أمينة", "girl"), ("Yasmine", "ياسمين", "girl"), ("Salma", "سلمى", "girl"),
    ("Adam", "آدم", "boy"), ("Youssef", "يوسف", "boy"), ("Mehdi", "مهدي", "boy"), ("Hiba", "هبة", "girl"),
)  # fmt: skip
FAMILY = (
    ("El Idrissi", "الإدريسي"), ("Zerhouni", "الزرهوني"), ("Benali", "بنعلي"), ("Tazi", "التازي"),
    ("Alaoui", "العلوي"), ("Berrada", "برادة"), ("Chraibi", "الشرايبي"), ("Ouazzani", "الوزاني"),
)  # fmt: skip
SYLLABLES = (
    "ba",
    "ri",
    "mou",
    "sa",
    "ta",
    "lou",
    "ka",
    "zi",
    "na",
    "ra",
    "fi",
    "da",
    "mi",
    "wa",
    "cha",
    "ha",
)
RARE = "Tamsamani"  # of one child in a thousand
STATES = (
    (CaseState.RECEIVED, 2), (CaseState.REVIEW, 3), (CaseState.OPEN, 5), (CaseState.CLOSED, 90),
)  # fmt: skip
YEARS_KEPT = 3
UNDER_WAY = 24  # alerts that wait for a signature or are live; all others are over
AREA = {"circles": [{"lat": 33.995, "lon": -6.85, "radius_m": 10_000.0}]}
PAST = {"told": "family", "at": "2026-01-05T10:00:00+00:00"}


@dataclass
class Rows:
    """Hold the rows of some cases, table by table, in the order in which keys allow them to be written."""

    of: dict[type[models.Model], list[Any]] = field(default_factory=dict)

    def add(self, *rows: models.Model) -> None:
        for row in rows:
            self.of.setdefault(type(row), []).append(row)

    def write(self) -> None:
        seal(row for rows in self.of.values() for row in rows)
        for model, rows in self.of.items():
            model._default_manager.bulk_create(rows, batch_size=AT_ONCE)


@dataclass(frozen=True)
class Archive:
    """Name what the searches of the bench look for: all of it stands in the officer's own unit."""

    cases: int
    reference: str
    phone: str
    given_name: str
    family_name: str
    rare_name: str


def seal(rows: Iterable[models.Model]) -> None:
    """Seal every encrypted value of the rows with a query for all their keys, as save() would one by one."""
    wanted = [
        (row, one, one.owner_of(row), one.encode(row.__dict__[one.attname]))
        for row in rows
        for one in row._meta.concrete_fields
        if isinstance(one, EncryptedField) and row.__dict__.get(one.attname) is not None
    ]
    sealed = keys.seal_many((owner, one.sealed_name, plain) for _row, one, owner, plain in wanted)
    for (row, one, _owner, _plain), value in zip(wanted, sealed, strict=True):
        setattr(row, one.attname, Sealed(value))


def fill(count: int, units: Sequence[Unit], ines: Officer, omar: Officer) -> Archive:
    """Write that many cases, a half of them to the first unit; return what can be searched there."""
    chance = random.Random(count)
    writer = Writer(chance, list(units), ines, omar, clock.now())
    references = unique(count)
    for start in range(0, count, AT_ONCE):
        some = Rows()
        with transaction.atomic():
            made = [
                writer.case(some, start + at, ref)
                for at, ref in enumerate(references[start : start + AT_ONCE])
            ]
            keys.create_many((case.pk for case in made), "case")
            some.write()
    _roster(units, ines, omar)
    _log(writer.log)
    _analyse()
    return Archive(count, references[0], writer.phone(0), "Amina", "El Idrissi", RARE)


def unique(count: int) -> list[str]:
    """Return so many references, all different."""
    found: dict[str, None] = {}
    while len(found) < count:
        found[secrets.new_reference()] = None
    return list(found)


@dataclass
class Writer:
    """Invent one case after the other, the newest first."""

    chance: random.Random
    units: list[Unit]
    ines: Officer
    omar: Officer
    now: datetime
    log: list[tuple[str, str, UUID, datetime]] = field(default_factory=list)
    under_way: int = 0

    def case(self, rows: Rows, number: int, reference: str) -> Case:
        unit = self.units[0] if number % 2 == 0 else self.chance.choice(self.units[1:])
        state = self.chance.choices([s for s, _ in STATES], [share for _, share in STATES])[0]
        at = self.now - timedelta(days=365 * YEARS_KEPT) * self.chance.random() ** 2 - timedelta(minutes=1)
        over = state == CaseState.CLOSED
        case = Case(
            reference=reference, secret_hash="-", language="ar", state=state, agency=unit.agency, unit=unit,
            outcome="found_safe" if over else "", owner=self.ines if unit == self.units[0] else None,
            last_seen_at=at - timedelta(hours=3), last_seen_region="", reported_at=at, received_at=at,
            accepted_at=at if state != CaseState.RECEIVED else None, closed_at=at if over else None,
            doubts=["far"] if number % 9 == 0 else [],
        )  # fmt: skip
        case.last_seen_words, case.last_seen_place = "près de la gare", {"lat": 33.99, "lon": -6.85}
        case.reporter = {"name": "Samira", "phone": self.phone(number), "relation": "mother"}
        rows.add(case)
        children = [
            self._child(rows, case, number, position) for position in range(2 if number % 5 == 0 else 1)
        ]
        self._told(rows, case, children[0], number, at)
        self._owed(rows, case, number, at)
        if number % 2 == 0 and (over or (state == CaseState.OPEN and self.under_way < UNDER_WAY)):
            self._alert(rows, case, children[0], at, over=over)
        self.log += [(action, "case", case.pk, at) for action in ("case.received", "case.accepted", "viewed")]
        return case

    def phone(self, number: int) -> str:
        return f"+21261{number:07d}"

    def _child(self, rows: Rows, case: Case, number: int, position: int) -> Child:
        given, arabic, sex = self.chance.choice(GIVEN)
        family, family_arabic = self._family(number)
        child = Child(case=case, position=position, sex=sex, age_years=self.chance.randint(1, 17))
        child.age_given_at = case.received_at
        child.given_name, child.family_name = given, family
        child.name_latin, child.name_arabic = f"{given} {family}", f"{arabic} {family_arabic}".strip()
        child.birth_date_iso = f"{2010 + number % 15}-03-09" if number % 3 else ""
        rows.add(child)
        named = name_tokens.tokens(given, family, child.name_arabic)
        rows.add(
            *(
                NameToken(case=case, child=child, kind=kind, token=keys.token(f"name {kind}", value))
                for kind, value in sorted(named)
            )
        )
        return child

    def _family(self, number: int) -> tuple[str, str]:
        """Return a family's name: RARE, one of the commonest (a fifth), or one that few share."""
        if number % 1000 == 0:
            return RARE, "التمسماني"
        if number % 5 == 0:
            return self.chance.choice(FAMILY)
        return "".join(self.chance.choices(SYLLABLES, k=3)).title(), ""

    def _told(self, rows: Rows, case: Case, child: Child, number: int, at: datetime) -> None:
        rows.add(NameToken(case=case, kind="phone", token=keys.token("phone", self.phone(number))))
        for group, entries in (
            ("looks", {"height": [{"value": 130, **PAST}], "hair": [{"value": "black_long", **PAST}]}),
            ("clothing", {"clothing": [{"value": [{"garment": "dress", "colour": "red"}], **PAST}]}),
            ("health", {"health": [{"value": "asthme", **PAST}]}),
        ):
            sheet = Facts(case=case, child=child, group=group)
            sheet.entries = entries
            rows.add(sheet)
        consent = Consent(
            case=case, child=child, fields=["name", "photo"], channels=["web", "sms"], relation="mother",
            text="j’accepte", text_version="1", language="fr", given_at=at,
        )  # fmt: skip
        consent.guardian = {"name": "Samira", "phone": self.phone(number)}
        home = Place(case=case, position=0, added_at=at)
        home.kind, home.words = "home", "12 rue des Orangers"
        files = {"original_key": "-", "original_sha256": "-", "added_at": at}
        rows.add(consent, home)
        rows.add(Photo(child=child, clean_key="-", clean_sha256="-", width=600, height=800, **files))
        if number % 4 == 0:
            rows.add(VoiceNote(case=case, field="start", clean_key="-", seconds=9.0, **files))

    def _owed(self, rows: Rows, case: Case, number: int, at: datetime) -> None:
        """Add two tasks, done where the case is over, and what family and police wrote to each other."""
        over = case.closed_at
        for kind in ("new_report", "family_waits"):
            task = Task(kind=kind, subject=case.pk, subject_kind="case", unit=case.unit, owner=case.owner)
            task.created_at, task.due_at = at, at + timedelta(minutes=5)
            task.done_at, task.result = over, "done" if over else ""
            rows.add(task)
        for author, body in (
            ("system", None),
            ("family", "Y a-t-il du nouveau ?"),
            ("police", "Nous cherchons."),
        ):
            entry = ThreadEntry(subject=case.pk, author=author, code="" if body else "received", at=at)
            entry.body = body
            rows.add(entry)

    def _alert(self, rows: Rows, case: Case, child: Child, at: datetime, *, over: bool) -> None:
        """Add an alert of two versions: sent back and signed; of those under way each second is proposed."""
        self.under_way += not over
        signed = over or self.under_way % 2 == 0
        state = Alert.State.ENDED if over else Alert.State.LIVE if signed else Alert.State.DRAFT
        alert = Alert(
            case=case, state=state, ended_as="found" if over else "", created_at=at,
            live_at=at if signed else None, ended_at=at if over else None,
        )  # fmt: skip
        rows.add(alert)
        last = Version.State.SIGNED if signed else Version.State.PROPOSED
        for number, stands in ((1, Version.State.RETURNED), (2, last)):
            version = Version(
                alert=alert, key_owner=case.pk, number=number, state=stands, child=child, area=AREA,
                channels=["sms", "email", "facebook"], duration_s=86_400, created_by=self.ines, created_at=at,
                proposed_by=self.ines, proposed_at=at, valid_until=self.now + timedelta(hours=1),
            )  # fmt: skip
            version.texts = {
                code: {"sms": {"body": "Enfant disparue : Amina, 9 ans."}} for code in ("ar", "fr", "en")
            }
            if stands == Version.State.SIGNED:
                version.signed_by, version.sent_at, version.expires_at = self.omar, at, at + timedelta(days=1)
            rows.add(version)
        if over:
            batch = Batch(
                kind="alert", subject=alert.pk, channel="sms", priority=2, key_owner=case.pk, targeted=900,
                expires_at=at + timedelta(days=1), created_at=at, recorded_at=at,
            )  # fmt: skip
            batch.content = {"fr": {"body": "Enfant disparue"}}
            rows.add(batch)


def _roster(units: Sequence[Unit], ines: Officer, omar: Officer) -> None:
    """Plan eight weeks of three shifts a day for the first unit."""
    start = clock.now().replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(weeks=4)
    Shift.objects.bulk_create(
        Shift(
            unit=units[0], officer=officer, role=role,
            starts_at=start + timedelta(hours=8 * part), ends_at=start + timedelta(hours=8 * (part + 1)),
        )
        for part in range(3 * 7 * 8)
        for officer, role in ((ines, Shift.Role.DUTY), (omar, Shift.Role.APPROVER))
    )  # fmt: skip


def _log(acts: Sequence[tuple[str, str, UUID, datetime]]) -> None:
    """Append an entry for each act, numbered and signed as trust.audit.record does it."""
    last = AuditEntry.objects.aggregate(last=models.Max("id"))["last"] or 0
    with transaction.atomic():
        AuditEntry.objects.bulk_create(_entries(acts, last + 1), batch_size=AT_ONCE)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence('trust_auditentry', 'id'), %s)", [last + len(acts)]
                )


def _entries(acts: Sequence[tuple[str, str, UUID, datetime]], first: int) -> Iterator[AuditEntry]:
    for number, (action, kind, subject, at) in enumerate(acts, first):
        entry = AuditEntry(id=number, at=at, action=action, subject_kind=kind, subject=subject)
        entry.mac = audit_mac.of_entry(entry)
        yield entry


def _analyse() -> None:
    """Let the database count its rows, as its own housekeeping would by the next night."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")

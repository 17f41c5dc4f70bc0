"""Officers and shifts for the tests of who holds a case."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from tests import people
from trust import clock
from trust.models import Officer, Shift, Unit
from trust.roles import Role

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def sami() -> Officer:
    return people.officer("sami", Role.OFFICER, at=people.unit(), language="ar")


def nora() -> Officer:
    """Return an officer of another unit of the same agency."""
    return people.officer("nora", Role.OFFICER, at=people.unit("hassan"))


def yara() -> Officer:
    """Return an officer of another agency."""
    elsewhere = people.agency("gendarmerie", fr="Gendarmerie", en="Gendarmerie", ar="الدرك")
    return people.officer("yara", Role.OFFICER, at=people.unit("akanda", elsewhere))


def seat(officer: Officer) -> Unit:
    assert officer.unit is not None
    return officer.unit


def on_shift(officer: Officer, begins: float, ends: float, role: str = Shift.Role.DUTY) -> Shift:
    """Plan a shift from and until so many hours from now."""
    now = clock.now()
    assert officer.unit is not None
    return Shift.objects.create(
        unit=officer.unit,
        officer=officer,
        role=role,
        starts_at=now + begins * HOUR,
        ends_at=now + ends * HOUR,
    )


def standing(officer: Officer) -> None:
    Unit.objects.filter(pk=people.unit().pk).update(duty_officer=officer)


@contextmanager
def later(by: timedelta) -> Iterator[None]:
    """Let so much time have passed."""
    before = clock.SHIFT
    clock.SHIFT = before + by
    try:
        yield
    finally:
        clock.SHIFT = before

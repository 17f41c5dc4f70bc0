"""Two officers who decide on one found child at the same time: one is told that the other was first."""

import threading

import pytest
from django.db import connection

from cases.found import deciding, matching
from cases.models import FoundChild, FoundMatch, MoveRefused
from tests import people
from tests.cases import a_found_child, family
from trust.models import Task

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_of_same_and_other_said_at_once_one_counts() -> None:
    ines = people.ines()
    unit = people.unit()
    unit.duty_officer = ines
    unit.save()
    for _report in range(2):
        family.a_case()
    found = a_found_child.of(ines)
    matching.look_among_reports(found)
    one, other = FoundMatch.objects.all()
    said = at_once(
        lambda: deciding.same(one, ines, "la veste"),
        lambda: deciding.same(other, ines, "la voix"),
        lambda: deciding.other(FoundMatch.objects.get(pk=one.pk), ines, "la taille"),
    )
    assert said.count("done") in (1, 2)
    assert set(said) <= {"done", "moved_meanwhile", "no_such_move"}
    same = FoundMatch.objects.filter(verdict="same")
    found = FoundChild.objects.get()
    assert same.count() <= 1
    assert (found.state == "known") == same.exists()
    assert Task.objects.still_open().filter(kind=deciding.TO_CLOSE).count() == same.count()


def at_once(*acts) -> list[str]:
    gate, said = threading.Barrier(len(acts)), []

    def run(act) -> None:
        gate.wait()
        try:
            act()
            said.append("done")
        except MoveRefused as refused:
            said.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said

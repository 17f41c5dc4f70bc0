"""A tip goes to the unit it concerns; its clock stops only when somebody there says that they have it."""

import pytest

from notifier.models import Batch
from tests import people
from tests.tips.a_tip import last_said, sara, seen, stored, yusuf
from tests.tips.test_deciding import acts, refused
from tips import handing, reopening, replying
from tips.models import Tip
from trust.models import Task, Unit

pytestmark = [pytest.mark.django_db]
WHY = "un vol avec violence, filmé ; la famille n’est pas concernée"


def sale() -> Unit:
    """Return the other unit, where Yusuf is on duty."""
    unit = people.unit("sale")
    unit.names = {"fr": "Brigade de Salé", "ar": "فرقة سلا", "en": "Salé brigade"}
    unit.duty_officer = yusuf()
    unit.save()
    return unit


def handed() -> Tip:
    tip = seen("une moto arrache un sac, la vidéo suit")
    handing.hand_over(tip, people.ines(), sale(), WHY)
    return stored(tip)


def test_the_unit_that_gets_it_is_called_owes_an_answer_and_reads_it() -> None:
    tip = handed()
    assert (tip.state, tip.handed_to, tip.acknowledged_at) == ("handed_over", sale(), None)
    task = Task.objects.still_open().get(kind="tip_handed")
    assert (task.unit, task.owner, task.subject) == (sale(), yusuf(), tip.pk)
    assert task.due_at is not None
    assert Batch.objects.filter(kind="page", key_owner=tip.pk).exists()
    assert tip in Tip.objects.readable_by(yusuf())
    assert tip not in Tip.objects.for_officer(yusuf())
    assert tip not in Tip.objects.readable_by(people.lea())


def test_the_witness_hears_the_unit_and_no_person() -> None:
    tip = handed()
    entry = last_said(tip)
    assert (entry.code, entry.body) == ("tip_handed", "Brigade de Salé")
    assert "Amrani" not in (entry.body or "")


def test_the_clock_stops_when_somebody_there_says_so_and_not_before() -> None:
    tip = handed()
    for officer in (people.ines(), sara()):
        with refused("not_yours"):
            handing.acknowledge(tip, officer)
    with refused("no_permission"):
        handing.acknowledge(tip, people.lea())
    assert stored(tip).acknowledged_at is None
    handing.acknowledge(tip, yusuf())
    at = stored(tip).acknowledged_at
    handing.acknowledge(tip, yusuf())
    assert at is not None
    assert stored(tip).acknowledged_at == at
    assert not Task.objects.still_open().filter(kind="tip_handed").exists()
    assert [entry.actor for entry in acts(tip, "tip.acknowledged")] == [yusuf().pk]


def test_it_is_sent_back_with_the_words_of_why_and_its_clocks_run_again() -> None:
    tip = handed()
    with refused("reason"):
        handing.send_back(tip, yusuf(), " ")
    handing.send_back(tip, yusuf(), "c’est à Rabat, pas à Salé")
    now = stored(tip)
    assert (now.state, now.handed_to, now.handed_at) == ("seen", None, None)
    assert now.history[-1]["words"] == "c’est à Rabat, pas à Salé"
    assert Task.objects.still_open().get(kind="tip_sent_back").owner == people.ines()
    assert now not in Tip.objects.readable_by(yusuf())
    with refused("not_yours"):
        handing.acknowledge(tip, yusuf())
    with refused("not_handed"):
        handing.acknowledge(tip, people.ines(), said_by="Yusuf")


def test_a_unit_without_a_desk_here_is_named_and_its_word_is_written_down() -> None:
    tip = seen("contrebande au port")
    handing.hand_over(tip, people.ines(), " Douane de Tanger ", WHY)
    assert (stored(tip).handed_to_name, stored(tip).handed_to) == ("Douane de Tanger", None)
    assert Task.objects.still_open().get(kind="tip_handed").owner == people.ines()
    with refused("no_name"):
        handing.acknowledge(tip, people.ines())
    with refused("not_yours"):
        handing.acknowledge(tip, yusuf(), said_by="moi")
    handing.acknowledge(tip, people.ines(), said_by="adjudant Fassi, 0537 00 00 09")
    now = stored(tip)
    assert now.acknowledged_at is not None
    assert now.history[-1]["words"].startswith("adjudant")


def test_no_single_officer_ends_a_tip_that_speaks_of_danger_by_sending_it_away() -> None:
    tip = seen("il dit qu’il va la tuer", danger=80)
    handing.hand_over(tip, people.ines(), "Douane de Tanger", WHY)
    with refused("same_person"):
        handing.acknowledge(tip, people.ines(), said_by="adjudant Fassi")
    handing.acknowledge(tip, sara(), said_by="adjudant Fassi")
    assert stored(tip).acknowledged_at is not None


@pytest.mark.parametrize(
    ("to", "why", "code"), [("  ", WHY, "no_unit"), ("x" * 121, WHY, "no_unit"), ("A", "", "reason")]
)
def test_a_hand_over_needs_a_unit_and_a_reason(to: str, why: str, code: str) -> None:
    with refused(code):
        handing.hand_over(seen(), people.ines(), to, why)


def test_the_own_unit_a_decided_tip_and_a_double_click() -> None:
    tip = seen()
    with refused("same_unit"):
        handing.hand_over(tip, people.ines(), people.unit(), WHY)
    handing.hand_over(tip, people.ines(), sale(), WHY)
    handing.hand_over(tip, people.ines(), sale(), WHY)
    assert len(acts(tip, "tip.handed_over")) == 1
    with refused("decided"):
        handing.hand_over(tip, people.ines(), "Douane", WHY)


def test_the_unit_that_took_it_works_on_it_as_on_its_own() -> None:
    tip = handed()
    handing.acknowledge(tip, yusuf())
    replying.reply(tip, yusuf(), "À quelle heure était-ce ?", asks=True)
    assert reopening.reopen(tip, officer=yusuf(), words="c’est notre affaire") is True
    assert (stored(tip).state, stored(tip).unit) == ("seen", sale())
    assert tip in Tip.objects.for_officer(yusuf())

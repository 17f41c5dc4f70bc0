"""A tip is closed with a reason; where it speaks of danger, by two; nobody decides alone what two must."""

import random
from datetime import timedelta

import pytest

from cases.reported import ReportedPlace
from notifier.models import Batch
from tests import people
from tests.alerts import scene
from tests.tips.a_tip import a_tip, last_said, sara, seen, stored, yusuf
from tips import deciding, handing, promote, reopening
from tips.closing_words import REASONS, WITH_WORDS
from tips.models import Tip
from tips.permission import SECOND
from tips.refusals import REFUSALS, TipRefused
from trust import clock
from trust.models import AuditEntry, Decision, Task

pytestmark = [pytest.mark.django_db]
DANGER = 80


def acts(tip: Tip, action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=action, subject=tip.pk).order_by("id"))


def refused(code: str) -> "pytest.RaisesExc[TipRefused]":
    return pytest.raises(TipRefused, check=lambda error: error.code == code)


def test_an_officer_closes_a_tip_with_a_reason_and_the_witness_hears_of_it() -> None:
    tip = seen()
    assert deciding.close(tip, people.ines(), "unrelated", "advert") is None
    now = stored(tip)
    assert (now.state, now.decided_by, now.decided_code) == ("unrelated", people.ines(), "advert")
    assert [line["what"] for line in now.history] == ["decided"]
    assert last_said(tip).code == "tip_closed_unrelated"
    assert [entry.after for entry in acts(tip, "tip.moved")] == ["seen", "unrelated"]


def test_closing_twice_the_same_way_is_closing_once() -> None:
    tip = seen()
    deciding.close(tip, people.ines(), "rumour", "passed_on")
    deciding.close(tip, people.ines(), "rumour", "passed_on")
    assert len(acts(tip, "tip.moved")) == 2
    with refused("decided"):
        deciding.close(tip, sara(), "old", "older_event")


@pytest.mark.parametrize(
    ("state", "reason", "words"),
    [
        ("rumour", "", ""),
        ("rumour", "advert", ""),  # a reason of another state
        ("seen", "other", "x"),
        ("case", "other", "x"),
        ("unrelated", "other", " "),
        ("false", "mistaken", ""),
    ],
)
def test_a_tip_is_not_closed_without_a_reason_that_says_something(
    state: str, reason: str, words: str
) -> None:
    tip = seen()
    with refused("reason"):
        deciding.close(tip, people.ines(), state, reason, words=words)
    assert stored(tip).state == "seen"


def test_who_has_no_right_or_sits_elsewhere_closes_nothing() -> None:
    tip = seen()
    for officer, code in ((people.omar(), "no_permission"), (yusuf(), "not_yours")):
        with refused(code):
            deciding.close(tip, officer, "unrelated", "joke")


def test_above_the_danger_limit_a_second_person_reads_it_and_the_tip_stays_seen() -> None:
    tip, second = seen(danger=DANGER), sara()
    asked = deciding.close(tip, people.ines(), "false", "mistaken", words="l’oncle du garçon a été entendu")
    assert isinstance(asked, Decision)
    assert stored(tip).state == "seen"
    assert Task.objects.still_open().get(kind="tip_second").subject == tip.pk
    assert Batch.objects.filter(kind="page", subject=asked.pk).exists()
    assert [one.pk for one in deciding.waiting(second, clock.now())] == [tip.pk]
    assert deciding.waiting(people.ines(), clock.now()) == []
    deciding.second(tip, second, agree=True)
    now = stored(tip)
    assert (now.state, now.decided_by, now.decided_code) == ("false", people.ines(), "mistaken")
    assert now.decided_reason == "l’oncle du garçon a été entendu"
    assert acts(tip, "tip.close_agreed")[0].actor == second.pk
    assert not Task.objects.still_open().filter(subject=tip.pk).exists()


def test_nobody_is_their_own_second_reader() -> None:
    tip = seen(danger=DANGER)
    deciding.close(tip, people.ines(), "unrelated", "joke")
    with refused("same_person"):
        deciding.second(tip, people.ines(), agree=True)
    with refused("second_waits"):
        deciding.close(tip, people.ines(), "unrelated", "joke")
    with refused("second_waits"):  # nor does another question of somebody else's go round it
        deciding.close(tip, sara(), "unrelated", "joke")
    assert stored(tip).state == "seen"


def test_a_second_reader_who_does_not_agree_says_why_and_the_tip_stays() -> None:
    tip = seen(danger=DANGER)
    deciding.close(tip, people.ines(), "unrelated", "joke")
    with refused("no_words"):
        deciding.second(tip, people.omar(), agree=False)
    deciding.second(tip, people.omar(), agree=False, reason="rappelez d’abord le témoin")
    now = stored(tip)
    assert now.state == "seen"
    assert now.history[-1]["words"] == "rappelez d’abord le témoin"
    with refused("nothing_asked"):
        deciding.second(tip, sara(), agree=True)
    assert isinstance(deciding.close(tip, people.ines(), "unrelated", "joke"), Decision)


def test_what_the_witness_adds_meanwhile_makes_it_another_question() -> None:
    tip = seen(danger=DANGER)
    deciding.close(tip, people.ines(), "unrelated", "joke")
    held = stored(tip)
    held.words = f"{held.words}\nIl a un couteau."
    held.save(update_fields=["words"])
    with refused("other_digest"):
        deciding.second(tip, sara(), agree=True)
    assert stored(tip).state == "seen"
    assert deciding.pending(tip) is None
    assert not Task.objects.still_open().filter(kind="tip_second").exists()


def test_a_question_lapses_and_may_be_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tip = seen(danger=DANGER)
    deciding.close(tip, people.ines(), "unrelated", "joke")
    monkeypatch.setattr("trust.clock.SHIFT", deciding.HELD + timedelta(minutes=1))
    with refused("expired"):
        deciding.second(tip, sara(), agree=True)
    assert deciding.lapse_due() == 1
    assert Decision.objects.get().outcome == "lapsed"
    assert isinstance(deciding.close(tip, people.ines(), "unrelated", "joke"), Decision)


def test_a_promotion_answers_the_question_of_the_second_reader() -> None:
    tip = seen(danger=DANGER)
    deciding.close(tip, people.ines(), "unrelated", "joke")
    promote.to_case(tip, sara(), promote.ReportBits(given_name="Adam"))
    assert Decision.objects.get(act=deciding.ACT).outcome == "lapsed"
    assert not Task.objects.still_open().filter(subject=tip.pk).exists()
    with refused("nothing_asked"):
        deciding.second(tip, people.omar(), agree=True)


def test_a_whole_cluster_is_closed_in_one_act_each_in_the_log() -> None:
    tips = [seen(f"{number} personnes l’ont lu") for number in range(3)]
    loud, done = seen("il est en danger", danger=DANGER), seen("déjà décidé")
    deciding.close(done, people.ines(), "unrelated", "advert")
    came = deciding.close_all([*tips, loud, done], people.ines(), "rumour", "passed_on")
    assert {one.pk for one in came.closed} == {one.pk for one in tips}
    assert [one.pk for one in came.waiting] == [loud.pk]
    assert [(one.pk, code) for one, code in came.left] == [(done.pk, "decided")]
    assert all(acts(tip, "tip.moved")[-1].after == "rumour" for tip in tips)


def test_a_tip_is_refuted_by_a_statement_with_its_link_and_its_evidence() -> None:
    tip = seen("Cette vidéo serait d’Agdal", link="https://www.facebook.com/p/77")
    made = deciding.refute(tip, people.ines(), "old", "older_footage")
    assert (made.kind, made.state, made.tip_id) == ("old_footage", "draft", tip.pk)
    assert "facebook.com/p/77" in (made.refuted_link or "")
    assert {"kind": "tip", "id": str(tip.pk)} in made.evidence
    assert stored(tip).state == "old"
    assert acts(tip, "tip.refuted")[0].after == str(made.pk)


def test_a_sighting_that_proves_false_moves_the_places_back() -> None:
    case, tip = scene.case(), seen()
    row = promote.to_sighting(
        tip, people.ines(), ReportedPlace("gare d’Agdal"), clock.now(), "likely", "witness", case
    )
    reopening.reopen(tip, officer=people.ines(), words="le témoin se reprend")
    deciding.close(tip, people.ines(), "false", "mistaken", words="une autre fillette, vue et entendue")
    row.refresh_from_db()
    assert (row.withdrawn_why, row.withdrawn_by) == ("false", people.ines())


def test_every_refusal_and_every_reason_has_words() -> None:
    assert all(str(words) for words in REFUSALS.values())
    assert set(REASONS) <= Tip.DECIDED
    assert {code for codes in REASONS.values() for code in codes} >= WITH_WORDS
    assert all(len(code) <= 24 and str(words) for codes in REASONS.values() for code, words in codes.items())


@pytest.mark.parametrize("seed", range(3))
def test_no_way_leads_round_the_second_reader(seed: int) -> None:
    """Whatever two officers try in whatever order, a dangerous tip is closed only where two said so."""
    chance, tip = random.Random(seed), a_tip(danger=DANGER)
    crew = [people.ines(), sara(), people.omar(), yusuf()]
    closing = sorted(REASONS)
    for _step in range(25):
        officer, state = chance.choice(crew), chance.choice(closing)
        try:
            match chance.randrange(5):
                case 0 | 1:
                    deciding.close(tip, officer, state, "other", words="x")
                case 2:
                    deciding.second(tip, officer, agree=chance.random() < 0.6, reason="non")
                case 3:
                    reopening.reopen(tip, officer=officer, words="encore")
                case _:
                    handing.hand_over(tip, officer, "Douane de Tanger", "contrebande")
        except TipRefused:
            pass
        now = stored(tip)
        if now.state in REASONS:
            last = Decision.objects.filter(act=deciding.ACT, subject=tip.pk).latest("decided_at")
            assert last.outcome == "granted"
            assert last.asked_by != last.decided_by
            assert now.decided_by == last.asked_by
            assert last.decided_by is not None
            assert last.decided_by.has_perm(SECOND)
            assert last.decided_at is not None
            assert last.decided_at <= now.state_at + timedelta(seconds=1)
    assert Decision.objects.filter(act=deciding.ACT, subject=tip.pk).exists()

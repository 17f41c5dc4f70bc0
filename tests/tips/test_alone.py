"""What one corrupt officer, or somebody who can write into the database, tries about a tip, alone."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from cases import sightings
from cases.accept import accept
from cases.close import close
from cases.models import Sighting
from cases.reported import ReportedPlace
from tests import people
from tests.alerts import scene
from tests.tips import arrivals
from tests.tips.a_tip import a_tip, sara, seen, stored, yusuf
from tests.tips.files.test_freezing import frozen, refusal, sami
from tests.tips.test_deciding import acts, refused
from tests.tips.told import tells
from tips import assessing, deciding, handing, placing, promote, reopening, replying, rising
from tips.calls import alike
from tips.desk import forms, questions
from tips.files import freezing
from tips.models import Tip
from tips.promote import ReportBits
from trust import clock
from trust.models import AuditEntry, Decision, Task

pytestmark = pytest.mark.django_db
DANGER = "Au secours, un homme l’a enlevée et la tient enfermée dans une cave, il a un couteau, il va la tuer"


def put_into(tip, officer, case):
    place = ReportedPlace("gare d’Agdal", point=scene.AGDAL, error_m=100, source="tapped")
    return promote.to_sighting(tip, officer, place, clock.now(), "doubtful", "witness", case)


def test_a_dangerous_tip_is_not_ended_by_a_sighting_that_its_maker_takes_back():
    case, tip = scene.case(), seen(danger=80)
    row = put_into(tip, people.ines(), case)
    assert sightings.withdraw(row, people.ines(), Sighting.Why.MISTAKE)
    now = stored(tip)
    assert (now.state, now.level) == ("seen", 0)  # its clock runs again
    assert acts(tip, "tip.reopened")[0].before == "sighting"
    assert Task.objects.still_open().filter(kind="tip_reopened", subject=tip.pk).exists()


def test_closing_a_tip_that_was_a_sighting_takes_it_back_and_leaves_it_closed():
    case, tip = scene.case(), seen()
    put_into(tip, people.ines(), case)
    reopening.reopen(tip, officer=sara(), words="le guichetier n’a rien vu")
    deciding.close(stored(tip), people.ines(), "false", "made_up")
    assert stored(tip).state == "false"
    assert not Sighting.objects.standing().exists()


def test_a_danger_rubbed_out_in_the_database_still_asks_for_two():
    tip = tells(DANGER)
    assert tip.danger >= 60
    Tip.objects.filter(pk=tip.pk).update(danger=0)
    assert deciding.close(stored(tip), people.ines(), "unrelated", "joke") is not None
    assert stored(tip).state == "seen"


def test_a_danger_that_was_seen_is_not_lowered_by_what_is_added():
    tip = seen(danger=75)
    assessing.assess(tip)
    assert stored(tip).danger == 75


def test_what_is_shut_opens_by_the_log_alone():
    row = frozen()
    Decision.objects.create(
        act=freezing.OPEN, subject=row.pk, digest=row.original_sha256, asked_by=people.omar(),
        decided_by=sami(), asked_at=clock.now(), decided_at=clock.now(), outcome="granted",
    )  # fmt: skip
    assert not freezing.is_open_to(row, people.omar())


def test_nobody_releases_what_is_shut_by_a_question_nobody_asked():
    row = frozen()
    forged = Decision.ask(freezing.RELEASE, row.pk, digest=row.original_sha256, asked_by=sami(),
                          expires_at=clock.now() + timedelta(hours=1))  # fmt: skip
    code = refusal(freezing.answer, forged, people.omar(), agree=True, factor_at=clock.now())
    assert code == "nothing_asked"
    assert arrivals.fresh(row).state == "frozen"


def test_an_old_second_factor_opens_nothing_that_is_shut():
    row = frozen()
    asked = freezing.ask(freezing.OPEN, row, people.omar(), "identify_child")
    before = clock.now() - timedelta(hours=3)
    assert refusal(freezing.answer, asked, sami(), agree=True, factor_at=before) == "factor_not_fresh"


def test_making_a_case_of_somebodys_sighting_does_not_tell_their_number():
    tip = tells("J’ai vu la fille de l’alerte à la gare", alert_id=scene.signed().alert_id)
    case = promote.to_case(tip, people.ines(), ReportBits())
    assert case.reporter["phone"] == ""
    assert not acts(tip, "tip.address_kept")


def sale():
    unit = people.unit("sale")
    unit.duty_officer = yusuf()
    unit.save()
    return unit


def test_a_unit_that_gave_a_tip_back_open_reads_it_no_longer():
    tip = seen()
    handing.hand_over(tip, people.ines(), sale(), "c’est à eux")
    reopening.reopen(tip, officer=people.ines(), words="non, c’est à nous")
    now = stored(tip)
    assert (now.handed_to, now.handed_at, now.acknowledged_at) == (None, None, None)
    assert tip not in Tip.objects.readable_by(yusuf())
    assert not Task.objects.still_open().filter(kind="tip_handed", subject=tip.pk).exists()
    with refused("not_yours"):
        replying.reply(now, yusuf(), "Merci")


def test_whoever_opens_what_was_handed_to_them_has_it_alone():
    tip = seen()
    handing.hand_over(tip, people.ines(), sale(), "c’est à eux")
    reopening.reopen(tip, officer=yusuf(), words="à revoir")
    assert (stored(tip).unit, stored(tip).handed_to) == (sale(), None)


def test_a_question_to_the_witness_does_not_end_the_rises():
    tip = a_tip()
    tip.read_by(people.ines())
    Tip.objects.filter(pk=tip.pk).update(state_at=clock.now() - timedelta(hours=9))
    rising.rise_due()
    assert stored(tip).level == 6
    replying.reply(stored(tip), people.ines(), "Où ?", asks=True)
    Tip.objects.filter(pk=tip.pk).update(question_at=clock.now() - timedelta(minutes=241))
    rising.rise_due()
    assert len(acts(tip, "tip.risen")) == 2


def test_a_tip_that_no_machine_could_read_has_its_clock(monkeypatch):
    def breaks(_tip):
        raise ValueError

    monkeypatch.setattr(assessing, "assess", breaks)
    tip = a_tip()
    Tip.objects.filter(pk=tip.pk).update(look_due_at=None)
    placing.look(stored(tip))
    assert stored(tip).look_due_at is not None


def test_a_call_put_with_a_closed_tip_opens_it_and_keeps_its_own_company():
    first = seen("un homme en veste rouge")
    deciding.close(first, people.ines(), "unrelated", "no_child")
    second, third = a_tip("tout autre chose ici"), a_tip("et encore autre chose")
    Tip.objects.filter(pk__in=[second.pk, third.pk]).update(cluster=second.pk)
    assert alike.join(stored(second), first.pk, people.ines())
    assert stored(first).state == "seen"
    assert len({stored(one).cluster or one.pk for one in (first, second, third)}) == 1


def test_the_form_of_a_sighting_offers_no_case_of_another_unit():
    case = scene.case()
    theirs = Tip.objects.get(pk=a_tip().pk)
    Tip.objects.filter(pk=theirs.pk).update(unit=sale(), case_id=case.pk)
    form = forms.SightingForm(stored(theirs), yusuf(), ZoneInfo("Africa/Casablanca"))
    assert case.reference not in str(form["case"])


def test_whoever_a_tip_is_handed_to_reads_nothing_of_the_others_case(client):
    case, tip = scene.case(), seen()
    put_into(tip, people.ines(), case)
    reopening.reopen(tip, officer=people.ines(), words="à revoir")
    Tip.objects.filter(pk=tip.pk).update(case_id=case.pk)
    handing.hand_over(stored(tip), people.ines(), sale(), "c’est à eux")
    people.login(client, yusuf())
    for address in (reverse("admin:tips_tip_change", args=[tip.pk]), reverse("admin:tips_tip_changelist")):
        shown = client.get(address).content.decode()
        assert tip.reference in shown
        assert case.reference not in shown
        assert "gare d’Agdal, quai" not in shown
        assert "sign last" not in shown


def test_answers_about_an_erased_tip_are_refused_in_a_sentence():
    tip = seen()
    Tip.objects.filter(pk=tip.pk).update(erased_at=clock.now())
    with refused("erased"):
        questions.keep(stored(tip), people.ines(), {"source": "yes"})
    assert not AuditEntry.objects.filter(action="tip.checked").exists()


def test_a_dangerous_tip_is_not_ended_by_a_case_that_its_maker_closes_as_unfounded():
    tip = seen(danger=80)
    case = promote.to_case(tip, people.ines(), ReportBits())
    case.refresh_from_db()
    accept(case, people.ines())
    close(case, people.ines(), "unfounded")
    assert stored(tip).state == "seen"
    assert acts(tip, "tip.reopened")[0].before == "case"


def test_a_case_that_another_officer_closes_ends_its_tip():
    tip = seen(danger=80)
    case = promote.to_case(tip, people.ines(), ReportBits())
    case.refresh_from_db()
    accept(case, sara())
    close(case, sara(), "unfounded")
    assert stored(tip).state == "case"


def test_a_sighting_that_is_opened_again_goes_to_the_case_it_belongs_to():
    wrong, right = scene.case(), scene.case()
    tip = seen()
    put_into(tip, people.ines(), wrong)
    reopening.reopen(tip, officer=people.ines(), words="c’est l’autre enfant")
    row = put_into(stored(tip), people.ines(), right)
    assert (row.case, stored(tip).case_id) == (right, right.pk)
    assert [one.case for one in Sighting.objects.standing()] == [right]

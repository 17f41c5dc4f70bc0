"""Relays of an area: told by a link, asked until they answer, asked back at every end."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from alerts import hands, ledger, owed, tasks
from alerts.models import RelayNotice
from alerts.refusals import IssueRefused
from alerts.relays import telling
from alerts.states import IllegalMove
from cases.models import Case, Consent
from cases.withdraw import comply, withdraw
from notifier.models import Batch
from tests import people
from tests.alerts import handed, scene
from tests.alerts.telling import gateways  # noqa: F401  a fixture
from trust import clock
from trust.models import AuditEntry, Task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]

State = RelayNotice.State
ATLAS, GHARB = "radio@radio.example", "gharb@radio.example"


def link(address: str = ATLAS, number: int = -1) -> str:
    """Return the path of the sheet in the last mail to the relay."""
    body = handed.mail(address)[number].text.body
    found: list[str] = re.findall(r"http://[^/]+(/\w+/relay/\w+/)", body)
    return found[0]


def notice(relay=None) -> RelayNotice:
    rows = RelayNotice.objects.filter(relay=relay) if relay else RelayNotice.objects.all()
    return rows.latest("told_at")


def open_tasks(kind: str) -> list[Task]:
    return list(Task.objects.still_open().filter(kind=kind))


def test_only_relays_that_the_area_touches_are_told_each_with_one_task_of_the_cases_owner() -> None:
    near = handed.relay(region=handed.RABAT)
    country = handed.relay("Presse du Royaume", email="presse@presse.example", kind="press")
    circle = handed.relay("Gharb", lat=34.1, lon=-6.8, radius_km=15.0)
    handed.relay("Sud", region=handed.FAR)
    handed.relay("Loin", lat=30.0, lon=-9.0, radius_km=15.0)
    handed.relay("Muette", is_active=False)
    version = handed.live()
    assert {row.relay for row in RelayNotice.objects.all()} == {near, country, circle}
    owed_now = open_tasks(telling.ACKNOWLEDGE)
    assert len(owed_now) == 3
    assert {task.owner for task in owed_now} == {version.alert.case.owner}
    assert all(task.due_at for task in owed_now)


def test_a_version_without_the_channel_tells_no_relay() -> None:
    handed.relay()
    handed.live(channels=["email"])
    assert not RelayNotice.objects.exists()
    assert handed.mail(ATLAS) == []


def test_the_mail_holds_words_script_link_until_and_whom_to_call_in_its_language_and_no_photo() -> None:
    handed.relay(languages=["ar", "fr"])
    version = handed.live()
    (message,) = handed.mail(ATLAS)
    text = message.text
    assert (message.language, text.photo_name, text.html) == ("ar", "", "")
    for words in ("أمينة الإدريسي", "نداء: اختفت طفلة", f"/a/{version.alert.code}/", "/ar/relay/"):
        assert words in text.body
    assert "أمينة" not in text.subject + text.short
    assert version.public_photo
    assert version.public_photo not in text.body


def test_a_relay_with_a_phone_alone_gets_a_link_and_no_name_by_sms() -> None:
    from notifier.backends import locmem

    handed.relay(email=None, phone="+212600000077")
    handed.live()
    (message,) = [one for one in locmem.sent["sms"] if one.to == "+212600000077"]
    assert "/fr/relay/" in message.text.short
    assert "Amina" not in message.text.short


def test_the_sheet_shows_words_script_with_its_measure_and_the_link_never_the_photo() -> None:
    handed.relay()
    version = handed.live()
    answer = Client().get(link())
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in (
        "Amina El Idrissi",
        "Avis de recherche",
        "2.67",
        "Rodero 2012",
        f"/a/{version.alert.code}/",
    ):
        assert words in page
    assert version.public_photo not in page
    assert '<img class="photo"' not in page
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "no-store"
    paper = Client().get(link() + "sheet.pdf")
    assert paper.content.startswith(b"%PDF")


def test_looking_never_acknowledges() -> None:
    """Mail servers and telephones open links to look for viruses."""
    handed.relay()
    handed.live()
    for ask in (Client().get, Client().head, Client().options):
        ask(link())
    Client().get(link(), {"act": "acknowledge", "who": "Robot"})
    Client().get(link() + "sheet.pdf")
    assert notice().state == State.TOLD
    assert len(open_tasks(telling.ACKNOWLEDGE)) == 1


def test_a_relay_acknowledges_with_one_click_and_a_name_and_the_task_is_done() -> None:
    handed.relay()
    handed.live()
    assert Client().post(link(), {"act": "acknowledge", "who": "  "}).status_code == 200
    assert notice().state == State.TOLD
    answer = Client().post(link(), {"act": "acknowledge", "who": "Salma Bennis"}, follow=True)
    found = notice()
    assert (found.state, found.acknowledged_by, found.acknowledged_how) == (
        "acknowledged",
        "Salma Bennis",
        "link",
    )
    assert open_tasks(telling.ACKNOWLEDGE) == []
    assert 'value="acknowledge"' not in answer.content.decode()
    assert (
        AuditEntry.objects.filter(action="relay.acknowledged", subject=found.pk, reason="link").count() == 1
    )
    Client().post(link(), {"act": "acknowledge", "who": "Somebody Else"})
    assert notice().acknowledged_by == "Salma Bennis"


def test_a_form_from_another_site_acknowledges_nothing() -> None:
    handed.relay()
    handed.live()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(link(), {"act": "acknowledge", "who": "X"}).status_code == 403
    assert notice().state == State.TOLD


def test_an_officer_records_a_call_with_name_and_hour() -> None:
    handed.relay()
    handed.live()
    at = clock.now()
    telling.acknowledge(notice(), "Salma Bennis", officer=people.ines(), at=at)
    found = notice()
    assert (found.acknowledged_how, found.acknowledged_at) == ("call", at)
    (task,) = Task.objects.filter(kind=telling.ACKNOWLEDGE)
    assert task.done_by == people.ines()


def test_an_answer_needs_a_name_a_possible_hour_a_right_and_the_own_unit() -> None:
    handed.relay()
    handed.live()
    found, now = notice(), clock.now()
    for code, who, officer, at in (
        ("who", " ", people.ines(), now),
        ("when", "Salma", people.ines(), now + timedelta(hours=1)),
        ("when", "Salma", people.ines(), now - timedelta(hours=1)),
        ("no_permission", "Salma", people.lea(), now),
        ("not_yours", "Salma", people.officer("far", "officer", at=people.unit("hassan")), now),
    ):
        with pytest.raises(IssueRefused) as refused:
            telling.acknowledge(found, who, officer=officer, at=at)
        assert refused.value.code == code
    assert open_tasks(telling.ACKNOWLEDGE)


def test_an_update_tells_each_relay_again_and_the_old_link_shows_what_is_said_now() -> None:
    handed.relay()
    version = handed.live()
    old = link()
    Client().post(old, {"act": "acknowledge", "who": "Salma"})
    additions = {"fr": "Elle a un sac rouge.", "ar": "معها حقيبة حمراء.", "en": "She has a red bag."}
    handed.update(version, additions=additions)
    states = list(RelayNotice.objects.order_by("told_at").values_list("state", flat=True))
    assert states == [State.REPLACED, State.TOLD]
    assert len(handed.mail(ATLAS)) == 2
    assert link() != old
    assert "Elle a un sac rouge." in Client().get(old).content.decode()
    assert len(open_tasks(telling.ACKNOWLEDGE)) == 1
    Client().post(old, {"act": "acknowledge", "who": "Salma"})
    assert notice().state == State.ACKNOWLEDGED


def test_an_update_without_relays_asks_them_to_take_down_what_they_have() -> None:
    handed.relay()
    version = handed.live()
    handed.update(version, channels=["email"])
    assert notice().state == State.TAKE_DOWN_ASKED
    assert Client().get(link()).status_code == 410


def test_at_the_end_the_link_is_dead_and_a_task_stays_until_it_is_confirmed() -> None:
    handed.relay()
    handed.relay("Gharb", email=GHARB)
    version = handed.live()
    Client().post(link(), {"act": "acknowledge", "who": "Salma"})
    handed.end(version)
    page = Client().get(link())
    assert page.status_code == 410
    for word in ("Amina", "Idrissi", "robe", version.public_photo or "no photo"):
        assert word not in page.content.decode()
    assert Client().get(link() + "sheet.pdf").status_code == 410
    assert open_tasks(telling.ACKNOWLEDGE) == []
    assert len(open_tasks(telling.TAKE_DOWN)) == 2
    asked = handed.mail(ATLAS)[-1].text
    assert "Amina" not in asked.subject + asked.body + asked.short
    Client().post(link(), {"act": "acknowledge", "who": "Salma"})  # too late for that
    assert len(open_tasks(telling.TAKE_DOWN)) == 2
    thanks = Client().post(link(), {"act": "taken_down", "who": "Salma Bennis"}, follow=True)
    assert thanks.status_code == 410
    (left,) = open_tasks(telling.TAKE_DOWN)
    assert left.subject == notice(RelayNotice.objects.get(pk=left.subject).relay).pk
    telling.taken_down(RelayNotice.objects.get(pk=left.subject), "Driss", officer=people.ines())
    assert open_tasks(telling.TAKE_DOWN) == []
    gone = [(row.taken_down_by, row.taken_down_how) for row in RelayNotice.objects.order_by("taken_down_at")]
    assert gone == [("Salma Bennis", "link"), ("Driss", "call")]


def test_nothing_queued_leaves_after_the_end_and_a_lost_wake_up_is_found() -> None:
    from alerts import issue

    handed.relay()
    version = scene.signed(handed.a_case(), channels=handed.CHANNELS)
    from alerts.fanout import fan_out

    fan_out(version.pk)
    issue.stand_down(version.alert, people.omar(), as_="found", reason="", factor_at=clock.now())
    handed.work()
    assert handed.mail(ATLAS) == []
    assert Client().get(f"/fr/relay/{'0' * 32}/").status_code == 404
    assert hands.unfinished() == [version.alert_id]
    tasks.take_back_by_hand(str(version.alert_id))
    tasks.take_back_by_hand(str(version.alert_id))
    handed.work()
    assert len(handed.mail(ATLAS)) == 1
    assert hands.unfinished() == []
    assert len(open_tasks(telling.TAKE_DOWN)) == 1


def test_a_relay_may_be_quicker_than_our_worker_with_its_answer() -> None:
    from alerts import issue

    handed.relay()
    version = handed.live()
    issue.stand_down(version.alert, people.omar(), as_="found", reason="", factor_at=clock.now())
    Client().post(link(), {"act": "taken_down", "who": "Salma"})
    assert notice().state == State.TAKEN_DOWN
    assert open_tasks(telling.TAKE_DOWN) == []


def test_a_withdrawn_consent_asks_every_relay_to_take_it_down() -> None:
    handed.relay()
    version = handed.live()
    decision = withdraw(Consent.objects.get(case=version.alert.case))
    assert decision is not None
    comply(decision)
    assert Client().get(link()).status_code == 410
    hands.take_back(version.alert_id)
    assert notice().state == State.TAKE_DOWN_ASKED
    assert len(open_tasks(telling.TAKE_DOWN)) == 1


def test_the_sheet_says_only_what_consent_for_relays_covers() -> None:
    handed.relay()
    about = handed.a_case()
    handed.allow_only(about, "relays", "sex")
    handed.live(about)
    page, mail = Client().get(link()).content.decode(), handed.mail(ATLAS)[0].text.body
    for word in ("Amina", "Idrissi", "Agdal", "neuf ans"):
        assert word not in page
        assert word not in mail
    assert "une fille a disparu" in page


def test_a_told_relay_has_one_line_in_the_ledger_until_it_confirmed() -> None:
    handed.relay()
    version = handed.live()

    def line():
        (found,) = [one for one in ledger.lines(version.alert) if one.what == "relay"]
        return found

    assert line().task  # its acknowledgement
    handed.end(version)
    assert (line().state, line().task) == ("owed", open_tasks(telling.TAKE_DOWN)[0].pk)
    telling.taken_down(notice(), "Salma", officer=people.ines())
    assert (line().state, line().by_hand) == ("done", True)


def test_tasks_follow_the_case_to_its_next_owner_and_no_bare_tick_ends_them() -> None:
    handed.relay()
    version = handed.live()
    other = people.officer("samir", "officer", at=people.unit())
    Case.objects.filter(pk=version.alert.case_id).update(owner=other)
    hands.watch()
    (task,) = open_tasks(telling.ACKNOWLEDGE)
    assert task.owner == other
    assert {telling.ACKNOWLEDGE, telling.TAKE_DOWN} <= Task.ENDED_BY_AN_ACT


def test_telling_twice_tells_once_and_an_exercise_never_leaves() -> None:
    handed.relay()
    version = scene.signed(handed.a_case(), channels=handed.CHANNELS, kind="exercise")
    handed.send(version)
    telling.tell(scene.stored(version))
    assert RelayNotice.objects.count() == 1
    assert Batch.objects.get(subject=notice().pk).exercise


def test_states_move_only_as_the_table_says() -> None:
    handed.relay()
    handed.live()
    with pytest.raises(IllegalMove):
        notice().move(State.TAKEN_DOWN, None)
    assert owed.name_of(" Salma \n Bennis ") == "Salma Bennis"
    assert timezone.is_aware(notice().told_at)

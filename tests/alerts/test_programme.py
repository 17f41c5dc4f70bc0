"""Meta's AMBER programme: a dossier of the signed version, never called shown before Meta confirmed it."""

import base64
import hashlib
import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from lxml import etree

from alerts import hands, ledger
from alerts.models import Dossier, Version
from alerts.programme import papers, sending
from alerts.programme.contents import contents
from alerts.refusals import IssueRefused
from cases.models import Consent
from cases.withdraw import comply, withdraw
from notifier.backends import locmem
from notifier.models import Batch
from tests import people
from tests.alerts import handed, scene
from tests.alerts.telling import gateways  # noqa: F401  a fixture
from trust import clock
from trust.models import AuditEntry, Task

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gateways")]

META = "amber@meta.example"
State = Dossier.State
CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"


@pytest.fixture(autouse=True)
def contact(settings) -> None:
    settings.META_PROGRAMME_CONTACT = META


def dossier() -> Dossier:
    return Dossier.objects.select_related("alert__case__unit", "version").latest("version__number")


def link(number: int = 0) -> str:
    """Return the path of the dossier in a mail to Meta's team."""
    found: list[str] = re.findall(r"http://[^/]+(/\w+/programme/\w+/)", handed.mail(META)[number].text.body)
    return found[0]


def paper(found: Dossier, form: str) -> bytes:
    """Return one form of the dossier, which there must be."""
    answer = papers.answer(found, form, clock.now())
    assert answer is not None
    return bytes(answer.content)


def asked_back(case) -> None:
    """Withdraw the consent and comply with it."""
    decision = withdraw(Consent.objects.get(case=case))
    assert decision is not None
    comply(decision)


def later(**how: float):
    """Return a patch-free clock: what was asked is moved back in time instead."""
    past = clock.now() - timedelta(**how)
    Dossier.objects.filter(take_down_asked_at__isnull=False).update(take_down_asked_at=past)
    Dossier.objects.update(prepared_at=past)


def pages() -> int:
    """Return how many calls about the programme the owner got so far."""
    said = [
        batch
        for batch in Batch.objects.filter(kind="page")
        if any("Meta" in text.subject for text in batch.texts().values())
    ]
    return len({batch.subject for batch in said})


def test_the_mail_to_meta_holds_a_link_and_no_word_of_the_child() -> None:
    handed.live()
    (message,) = handed.mail(META)
    text = message.text
    assert text.photo_name == ""
    for word in ("Amina", "Idrissi", "Agdal", "robe"):
        assert word not in text.subject + text.body
    assert "160 km" in text.body


def test_it_is_made_ready_then_sent_when_a_mail_server_took_it_and_never_shown_before_meta_confirms() -> None:
    version = scene.signed(handed.a_case(), channels=handed.CHANNELS)
    from alerts.fanout import fan_out

    fan_out(version.pk)
    hands.watch()
    assert dossier().state == State.PREPARED  # it is queued, and nobody at Meta has it
    handed.work()
    hands.watch()
    found = dossier()
    assert (found.state, found.sent_how) == (State.SENT, "mail")
    assert found.confirmed_at is None
    sending.confirmed(found, "Dana Reyes", people.ines())
    found = dossier()
    assert (found.state, found.confirmed_by) == (State.CONFIRMED, "Dana Reyes")
    assert found.confirmation_recorded_by == people.ines()
    assert not Task.objects.still_open().filter(kind=sending.CONFIRM).exists()


def test_without_a_contact_an_officer_sends_it_by_hand(settings) -> None:
    settings.META_PROGRAMME_CONTACT = ""
    handed.live()
    hands.watch()
    assert dossier().state == State.PREPARED
    with pytest.raises(IssueRefused):  # nothing to confirm of what nobody sent
        sending.confirmed(dossier(), "Dana Reyes", people.ines())
    sending.sent_by_hand(dossier(), people.ines())
    found = dossier()
    assert (found.state, found.sent_how, found.sent_by) == (State.SENT, "hand", people.ines())


def test_a_confirmation_needs_a_name_a_possible_hour_and_the_own_unit() -> None:
    handed.live()
    hands.watch()
    far = people.officer("far", "officer", at=people.unit("hassan"))
    soon = clock.now() + timedelta(hours=1)
    for code, who, officer, at in (
        ("who", "", people.ines(), None),
        ("when", "Dana", people.ines(), soon),
        ("not_yours", "Dana", far, None),
        ("no_permission", "Dana", people.lea(), None),
    ):
        with pytest.raises(IssueRefused) as refused:
            sending.confirmed(dossier(), who, officer, at)
        assert refused.value.code == code
    assert dossier().state == State.SENT


def test_the_owner_is_called_once_at_ten_minutes_again_after_an_update_and_after_the_end() -> None:
    version = handed.live()
    hands.watch()
    assert pages() == 0
    later(minutes=9)
    hands.watch()
    assert pages() == 0
    later(minutes=10)
    hands.watch()
    hands.watch()
    assert pages() == 1
    sending.confirmed(dossier(), "Dana Reyes", people.ines())
    additions = {"fr": "Elle a un sac rouge.", "ar": "معها حقيبة حمراء.", "en": "She has a red bag."}
    version = handed.update(version, additions=additions)
    assert dossier().state == State.PREPARED  # what Meta confirmed says something else
    later(minutes=10)
    hands.watch()
    assert pages() == 2
    handed.end(version)
    later(minutes=10)
    hands.watch()
    assert pages() == 3
    sending.taken_down(dossier(), "Dana Reyes", people.ines())
    later(minutes=30)
    hands.watch()
    assert pages() == 3


def test_what_is_confirmed_calls_nobody() -> None:
    handed.live()
    hands.watch()
    sending.confirmed(dossier(), "Dana Reyes", people.ines())
    later(minutes=30)
    hands.watch()
    assert pages() == 0


def test_the_json_is_the_signed_version_with_circle_and_photo() -> None:
    version = scene.stored(handed.live())
    told = json.loads(paper(dossier(), "json"))
    assert (told["alert"], told["digest"]) == (version.alert.code, version.digest)
    assert told["circle"] == {"lat": 33.995, "lon": -6.85, "radius_km": 160.0}
    assert hashlib.sha256(base64.b64decode(told["photo_jpeg"])).hexdigest() == version.photo_sha256
    assert [said["language"] for said in told["said"]] == ["ar", "fr", "en"]


def test_the_cap_document_is_valid_and_holds_the_circle_in_kilometres() -> None:
    handed.live()
    root = etree.fromstring(paper(dossier(), "cap"))
    assert root.findtext(f"{CAP}identifier", "").endswith("-programme")
    assert root.findtext(f"{CAP}msgType") == "Alert"
    assert {node.text for node in root.iter(f"{CAP}circle")} == {"33.995,-6.85 160"}


def test_an_update_of_it_names_what_it_replaces() -> None:
    version = handed.live()
    additions = {"fr": "Elle a un sac rouge.", "ar": "معها حقيبة حمراء.", "en": "She has a red bag."}
    handed.update(version, additions=additions)
    root = etree.fromstring(paper(sending_dossier(), "cap"))
    assert root.findtext(f"{CAP}msgType") == "Update"
    assert f"{version.identifier}-programme" in root.findtext(f"{CAP}references", "")


def sending_dossier() -> Dossier:
    from alerts.programme import links

    found = links.newest(Version.objects.latest("created_at").alert_id)
    assert found is not None
    return found


def everything(found: Dossier) -> str:
    """Return all that the dossier says, in every form that is text."""
    forms = [papers.answer(found, form, clock.now()) for form in ("json", "cap")]
    return "\n".join(form.content.decode() for form in forms if form)


def test_the_dossier_holds_nothing_that_consent_for_the_programme_does_not_cover() -> None:
    """The web may say the name, the programme abroad may not."""
    about = handed.a_case()
    handed.allow_only(about, "meta_programme", "sex")
    handed.live(about)
    found = sending_dossier()
    text = everything(found)
    for word in (*scene.RESTRICTED, "Amina", "Idrissi", "أمينة", "Agdal", "robe"):
        assert word not in text
    assert papers.answer(found, "photo", clock.now()) is None
    assert b"%PDF" in paper(found, "pdf")
    assert json.loads(paper(found, "json"))["photo_jpeg"] is None


def test_what_is_restricted_is_in_no_form_of_it() -> None:
    handed.live()
    text = everything(sending_dossier())
    assert "Amina El Idrissi" in text
    assert not [word for word in scene.RESTRICTED if word in text]


def test_the_link_shows_the_dossier_and_dies_with_the_alert_without_a_name() -> None:
    version = handed.live()
    page = Client().get(link())
    assert page.status_code == 200
    assert "Amina El Idrissi" in page.content.decode()
    assert Client().get(link() + "photo/").content.startswith(b"\xff\xd8")
    assert Client().post(link()).status_code == 405
    assert Client().get("/en/programme/" + "0" * 32 + "/").status_code == 404
    handed.end(version)
    for address in ("", "pdf/", "json/", "cap/", "photo/"):
        answer = Client().get(link() + address)
        assert answer.status_code == 410
        assert "Amina" not in answer.content.decode()


def test_at_the_end_a_task_stays_open_until_an_officer_wrote_down_who_confirmed() -> None:
    version = handed.live()
    hands.watch()
    sending.confirmed(dossier(), "Dana Reyes", people.ines())
    handed.end(version)
    found = dossier()
    assert found.state == State.TAKE_DOWN_ASKED
    assert found.alert.code in handed.mail(META)[-1].text.body
    (task,) = Task.objects.still_open().filter(kind=sending.TAKE_DOWN)
    assert task.owner == version.alert.case.owner
    hands.watch()
    assert Task.objects.still_open().filter(pk=task.pk).exists()
    sending.taken_down(found, "Dana Reyes", people.ines())
    assert not Task.objects.still_open().filter(pk=task.pk).exists()
    assert (dossier().state, dossier().taken_down_by) == (State.TAKEN_DOWN, "Dana Reyes")
    acts = AuditEntry.objects.filter(subject=found.pk).order_by("id").values_list("action", flat=True)
    assert [act for act in acts if act.startswith("programme.")] == [
        "programme.prepared", "programme.sent", "programme.confirmed", "programme.take_down_asked",
        "programme.taken_down",
    ]  # fmt: skip


def test_what_nobody_sent_is_dropped_and_owed_by_nobody(settings) -> None:
    settings.META_PROGRAMME_CONTACT = ""
    version = handed.live()
    handed.end(version)
    assert dossier().state == State.DROPPED
    assert not Task.objects.still_open().filter(kind__startswith="programme").exists()
    (line,) = [one for one in ledger.lines(version.alert) if one.what == "programme"]
    assert line.state == "never_out"


def test_an_unsent_update_of_what_meta_shows_is_asked_back_all_the_same(settings) -> None:
    """Meta may still show the earlier version."""
    settings.META_PROGRAMME_CONTACT = ""
    version = handed.live()
    sending.sent_by_hand(dossier(), people.ines())
    sending.confirmed(dossier(), "Dana Reyes", people.ines())
    additions = {"fr": "Elle a un sac rouge.", "ar": "معها حقيبة حمراء.", "en": "She has a red bag."}
    handed.end(handed.update(version, additions=additions))
    assert dossier().state == State.TAKE_DOWN_ASKED
    (line,) = [one for one in ledger.lines(version.alert) if one.what == "programme"]
    assert line.state == "owed"


def test_a_withdrawn_consent_asks_the_programme_back_at_once() -> None:
    version = handed.live()
    asked_back(version.alert.case)
    assert Client().get(link()).status_code == 410
    hands.take_back(version.alert_id)
    assert dossier().state == State.TAKE_DOWN_ASKED


def test_a_version_changed_behind_the_desk_gives_no_dossier() -> None:
    version = scene.stored(handed.live())
    Version.objects.filter(pk=version.pk).update(duration_s=version.duration_s + 3600)
    assert contents(scene.stored(version), clock.now()) is None
    assert Client().get(link() + "json/").status_code == 410


def test_a_version_without_the_channel_has_no_dossier() -> None:
    handed.live(channels=["email"])
    assert not Dossier.objects.exists()
    assert locmem.sent.get("email", []) == [] or handed.mail(META) == []

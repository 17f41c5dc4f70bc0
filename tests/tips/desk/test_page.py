"""The page of a tip: what was told, what came along beside what it is like, and who may see which of it."""

import pytest
from django.urls import reverse

from tests import people
from tests.alerts import scene
from tests.desk.doors_tips import photo as photo_of
from tests.tips.a_tip import a_tip, sara, yusuf
from tips import handing
from tips.desk import media, questions
from tips.models import Attachment, Tip
from trust import desk
from trust.models import AuditEntry

pytestmark = pytest.mark.django_db
PLACE = {"words": "gare d’Agdal", "lat": 33.99, "lon": -6.85, "error_m": 120, "how": "pin"}


def page(tip: Tip, name: str = "change", *more: object) -> str:
    return reverse(f"admin:tips_tip_{name}", args=[tip.pk, *more])


def signed_in(client, officer):
    people.login(client, officer)
    return client


def test_the_words_stand_in_their_own_direction_with_place_door_and_reasons(client):
    tip = a_tip("رأيت طفلة قرب المحطة", language="ar", place=PLACE)
    shown = signed_in(client, people.ines()).get(page(tip)).content.decode()
    assert '<p class="told-words" lang="ar" dir="auto">رأيت طفلة قرب المحطة</p>' in shown
    assert "33.99000, -6.85000" in shown
    assert "map-tip" in shown


def test_hostile_words_are_shown_as_words(client):
    tip = a_tip('<script>alert(1)</script> "><img src=x onerror=alert(1)>')
    shown = signed_in(client, people.ines()).get(page(tip)).content.decode()
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;" in shown


def test_a_photo_is_shown_boxed_uncached_and_each_look_is_logged(client):
    tip = a_tip()
    row = photo_of(tip)
    answer = signed_in(client, people.ines()).get(page(tip, "copy", row.pk))
    assert answer.content == scene.jpeg()
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert AuditEntry.objects.filter(action="viewed", subject=tip.pk, purpose="tip file").count() == 1


def test_a_copy_of_a_type_nobody_makes_is_opened_by_no_browser(client):
    tip = a_tip()
    row = photo_of(tip)
    Attachment.objects.filter(pk=row.pk).update(copy_type="text/html")
    answer = signed_in(client, people.ines()).get(page(tip, "copy", row.pk))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"] == "attachment"


def test_a_player_seeks_by_ranges(client):
    tip = a_tip()
    row = photo_of(tip)
    answer = signed_in(client, people.ines()).get(page(tip, "copy", row.pk), headers={"range": "bytes=2-5"})
    assert (answer.status_code, answer.content) == (206, scene.jpeg()[2:6])


def test_what_it_is_like_stands_beside_it_with_how_strong_and_whose(client):
    tip, earlier = a_tip(submission="1"), a_tip(submission="2")
    row, first = photo_of(tip), photo_of(earlier)
    row.likenesses = [
        {"attachment": str(first.pk), "kind": "same", "how": "mirrored", "strength": 91},
        {"attachment": str(first.pk), "kind": "part", "how": "straight", "strength": 58, "at_s": 65},
    ]
    row.save()
    [file] = media.along(tip, people.ines(), desk.zone_of(people.ines()))
    assert [(one.strength, one.level, one.moment) for one in file.alike] == [
        ("91 %", "danger", ""), ("58 %", "warning", "1:05"),
    ]  # fmt: skip
    assert earlier.reference in file.alike[0].whose
    assert signed_in(client, people.ines()).get(page(tip, "like", row.pk, 0)).content == scene.jpeg()
    assert client.get(page(tip, "like", row.pk, 7)).status_code == 404


def test_a_picture_of_a_tip_of_another_unit_is_named_and_not_shown(client):
    tip, theirs = a_tip(submission="1"), a_tip(submission="2")
    row, first = photo_of(tip), photo_of(theirs)
    Tip.objects.filter(pk=theirs.pk).update(unit=people.unit("sale"))
    row.likenesses = [{"attachment": str(first.pk), "kind": "same", "how": "straight", "strength": 91}]
    row.save()
    [file] = media.along(tip, people.ines(), desk.zone_of(people.ines()))
    assert file.alike[0].picture == file.alike[0].url == ""
    assert theirs.reference not in file.alike[0].whose
    assert signed_in(client, people.ines()).get(page(tip, "like", row.pk, 0)).status_code == 404


def test_what_is_frozen_is_on_no_page_and_behind_no_address(client):
    tip = a_tip()
    row = photo_of(tip)
    Attachment.objects.filter(pk=row.pk).update(state="frozen")
    shown = signed_in(client, people.ines()).get(page(tip)).content.decode()
    assert page(tip, "copy", row.pk) not in shown
    assert page(tip, "frozen", row.pk) not in shown  # an approver's alone
    for name in ("copy", "still"):
        assert client.get(page(tip, name, row.pk)).status_code == 404


def test_the_six_questions_are_kept_with_who_answered(client):
    tip = a_tip()
    told = {"q-source": "yes", "q-source_words": "Elle l’a vu elle-même.", "q-location": "unsure"}
    signed_in(client, people.ines()).post(page(tip, "questions"), told)
    kept = Tip.objects.get(pk=tip.pk)
    assert questions.answered(kept) == 2
    assert kept.questions["source"]["by"] == str(people.ines().pk)
    assert "Inès Alami" in questions.notes(kept, people.ines())["source"]
    assert not questions.keep(kept, sara(), {"source": "yes", "source_words": "Elle l’a vu elle-même.",
                                             "location": "unsure"})  # fmt: skip
    assert kept.questions["date"]["answer"] == "" if "date" in kept.questions else True


def test_the_unit_it_was_handed_to_reads_it_says_that_it_has_it_and_decides_nothing(client):
    tip = a_tip()
    handing.hand_over(tip, people.ines(), people.unit("sale"), "C’est chez eux.")
    signed_in(client, yusuf())
    shown = client.get(page(tip))
    assert {act.name for act in shown.context["acts"]} == {"taken", "back"}
    assert client.post(page(tip, "close"), {"reason": "unrelated:joke"}).status_code == 404
    client.post(page(tip, "taken"), {"words": ""})
    assert Tip.objects.get(pk=tip.pk).acknowledged_at is not None


def test_a_reply_begins_with_words_in_the_witness_s_language(client):
    tip = a_tip("رأيت طفلة", language="ar")
    shown = signed_in(client, people.ines()).get(page(tip), {"reply": "where"})
    assert "أين كان ذلك بالضبط" in shown.context["reply"]["form"].initial["body"]
    client.post(page(tip, "reply"), {"body": "أين كان ذلك؟", "asks": "on"})
    assert Tip.objects.get(pk=tip.pk).question_at is not None


def test_a_reply_without_words_comes_back_with_the_page(client):
    tip = a_tip()
    answer = signed_in(client, people.ines()).post(page(tip, "reply"), {"body": "  "})
    assert answer.status_code == 422
    assert answer.context["reply"]["form"].errors


def test_a_refusal_is_said_in_a_sentence_on_the_form(client):
    tip = a_tip()
    answer = signed_in(client, people.ines()).post(page(tip, "close"), {"reason": "unrelated:other"})
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()
    assert Tip.objects.get(pk=tip.pk).state != Tip.State.UNRELATED


def test_danger_asks_a_second_reader_who_reads_what_the_first_wrote(client):
    tip = a_tip(danger=100)
    signed_in(client, people.ines())
    client.post(page(tip, "close"), {"reason": "false:mistaken", "words": "Vue avec sa mère."})
    assert Tip.objects.get(pk=tip.pk).state == Tip.State.SEEN
    signed_in(client, sara())
    shown = client.get(page(tip, "second")).content.decode()
    assert "Vue avec sa mère." in shown
    client.post(page(tip, "second"), {"answer": "agree"})
    assert Tip.objects.get(pk=tip.pk).state == Tip.State.FALSE


def test_an_address_is_shown_to_whoever_asked_once_another_granted_it(client):
    tip = a_tip(door="phone", caller="+212661000088")
    number = tip.witness.address if tip.witness else ""
    signed_in(client, people.ines())
    assert number not in client.get(page(tip)).content.decode()
    client.post(page(tip, "reveal"), {"reason": "threat"})
    assert number not in client.get(page(tip, "reveal")).content.decode()
    signed_in(client, people.omar()).post(page(tip, "reveal"), {"answer": "agree"})
    assert number not in client.get(page(tip, "reveal")).content.decode()
    assert number in signed_in(client, people.ines()).get(page(tip, "reveal")).content.decode()


def test_a_page_with_much_along_asks_a_bounded_number_of_queries(client, django_assert_max_num_queries):
    tip = a_tip(place=PLACE)
    signed_in(client, people.ines())
    photo_of(tip)
    client.get(page(tip))
    with django_assert_max_num_queries(60):
        client.get(page(tip))
    for _number in range(4):
        photo_of(tip)
    with django_assert_max_num_queries(62):
        client.get(page(tip))

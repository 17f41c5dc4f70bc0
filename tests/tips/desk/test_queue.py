"""The queue: overdue first, then by score; one line for all that tell the same; narrowed by choice."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests import people
from tests.tips.a_tip import a_tip
from tips import queue
from tips.models import Attachment, Tip
from tips.queue import Chosen
from trust import clock

pytestmark = pytest.mark.django_db
LIST = reverse("admin:tips_tip_changelist")
MOST_QUERIES = 16


def given(tip: Tip, **columns: object) -> Tip:
    Tip.objects.filter(pk=tip.pk).update(**columns)
    return Tip.objects.get(pk=tip.pk)


def references(**chosen: object) -> list[str]:
    lines, _more = queue.lines(people.ines(), Chosen(**chosen), clock.now())  # type: ignore[arg-type]
    return [line.tip.reference for line in lines]


@pytest.fixture
def three():
    """A quiet tip, a weighty one, and a quiet one that had to be read an hour ago."""
    quiet, weighty, late = (
        given(a_tip(f"Rien {number}", submission=str(number)), cluster=None, score=score, look_due_at=due)
        for number, (score, due) in enumerate(
            (
                (5, clock.now() + timedelta(hours=1)),
                (90, clock.now() + timedelta(hours=1)),
                (1, clock.now() - timedelta(hours=1)),
            )
        )
    )
    return quiet, weighty, late


def test_what_is_overdue_stands_first_and_then_what_weighs_most(three):
    quiet, weighty, late = three
    assert references() == [late.reference, weighty.reference, quiet.reference]
    assert references(late=True) == [late.reference]


def test_what_was_read_in_time_is_overdue_no_more(three):
    quiet, weighty, late = three
    late.read_by(people.ines())
    assert references() == [weighty.reference, quiet.reference, late.reference]


def test_those_that_tell_the_same_are_one_line_by_the_newest(three):
    quiet, weighty, late = three
    Tip.objects.filter(pk__in=(quiet.pk, late.pk)).update(cluster=quiet.pk)
    newest = given(late, received_at=clock.now() + timedelta(seconds=5))
    lines, _more = queue.lines(people.ines(), Chosen(), clock.now())
    assert [(line.tip.pk, line.many, line.unread) for line in lines] == [
        (newest.pk, 2, 2),
        (weighty.pk, 1, 1),
    ]
    assert lines[0].is_late


def test_what_was_handed_to_the_unit_stands_above_the_queue_until_somebody_takes_it(client, three):
    quiet, _weighty, _late = three
    elsewhere = given(
        quiet, unit=people.unit("sale"), state="handed_over", handed_to=people.unit(), handed_at=clock.now()
    )
    people.login(client, people.ines())
    assert [line.reference for line in client.get(LIST).context["given"]] == [elsewhere.reference]
    assert elsewhere.reference not in references()
    assert references(state="handed") == [elsewhere.reference]
    given(quiet, acknowledged_at=clock.now())
    assert client.get(LIST).context["given"] == []


@pytest.mark.parametrize(
    ("chosen", "column", "value"),
    [
        ({"guess": "report"}, "guess", "report"),
        ({"state": "rumour"}, "state", "rumour"),
        ({"whose": "mine"}, "entered_by", "ines"),
    ],
)
def test_a_choice_keeps_what_fits(three, chosen, column, value):
    given(three[0], **{column: people.ines() if value == "ines" else value})
    assert references(**chosen) == [three[0].reference]


def test_with_photo_video_or_voice(three):
    Attachment.objects.create(tip=three[1], kind="photo")
    assert references(media=True) == [three[1].reference]
    lines, _more = queue.lines(people.ines(), Chosen(media=True), clock.now())
    assert lines[0].media == (("photo", "waiting"),)


def test_nonsense_in_the_address_chooses_nothing():
    assert Chosen.of({"state": "drop", "whose": "x", "guess": "?", "media": ""}) == Chosen()


def test_the_page_says_why_how_long_and_from_where_and_no_word_of_the_tip(client, three):
    people.login(client, people.ines())
    shown = client.get(LIST)
    page = shown.content.decode()
    assert next(line.level for line in shown.context["lines"]) == "danger"
    assert all(tip.reference in page for tip in three)
    assert "Rien 1" not in page


def test_an_exact_reference_leads_to_the_tip_and_the_beginning_of_one_to_a_list(client, three):
    people.login(client, people.ines())
    found = client.get(LIST, {"q": three[0].reference.lower()})
    assert found.url == reverse("admin:tips_tip_change", args=[three[0].pk])
    assert client.get(LIST, {"q": "NJ-"}).context["found"]
    assert client.get(LIST, {"q": "ZZ-0000"}).context["found"] == []


def test_nobody_waits_is_said_in_words(client):
    people.login(client, people.ines())
    assert client.get(LIST).context["lines"] == []


@pytest.mark.parametrize("count", [3, 60])
def test_a_page_asks_as_little_for_many_as_for_few(client, django_assert_max_num_queries, count):
    first = a_tip()
    rows = [Tip(reference=f"NJ-{n:04d}-XX", state_at=clock.now(), door="web", language="fr", unit=first.unit,
                said_at=clock.now(), received_at=clock.now()) for n in range(count)]  # fmt: skip
    Tip.objects.bulk_create(rows)
    people.login(client, people.ines())
    with django_assert_max_num_queries(MOST_QUERIES):
        shown = client.get(LIST)
    assert len(shown.context["lines"]) == min(count + 1, queue.PER_PAGE)
    assert bool(shown.context["after"]) == (count > queue.PER_PAGE)


def test_the_next_and_the_one_before_are_those_of_the_queue_it_was_opened_from(three):
    quiet, weighty, late = three
    now = clock.now()
    assert queue.beside(people.ines(), Chosen(), weighty, now) == (late.pk, quiet.pk)
    late.read_by(people.ines())
    assert queue.beside(people.ines(), Chosen(), late, now) == (None, weighty.pk)

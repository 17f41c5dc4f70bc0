"""A person judges; what is old or false is known from then on, also when no tip brought it."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.people import ines, lea, officer
from tests.tips import arrivals
from tips import retention
from tips.files import footage, likening, verdicts
from tips.models import Footage, Print, Tip
from tips.refusals import TipRefused
from trust import clock, keys
from trust.models import AuditEntry
from trust.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_memory():
    likening.forget()
    yield
    likening.forget()


def refusal(act, *arguments):
    with pytest.raises(TipRefused) as refused:
        act(*arguments)
    return refused.value.code


def kept(row):
    return footage.add(row, ines(), "Enlèvement à Fès", "Un film tourné en 2021, ailleurs", date(2021, 5, 4))


def test_a_verdict_is_kept_with_who_and_why_and_may_be_changed():
    row = arrivals.worked(arrivals.jpeg(1))
    verdicts.give(row, ines(), "credible", "The bus line fits")
    verdicts.give(row, ines(), "old", "It is on a page of 2021")
    row = arrivals.fresh(row)
    assert (row.verdict, row.verdict_why, row.verdict_by) == ("old", "It is on a page of 2021", ines())
    entries = AuditEntry.objects.filter(action="attachment.verdict").order_by("id")
    assert [(one.before, one.reason) for one in entries] == [("", "credible"), ("credible", "old")]


def test_a_verdict_needs_a_reason_a_right_and_the_desk():
    row = arrivals.worked(arrivals.jpeg(1))
    assert refusal(verdicts.give, row, ines(), "false", "  ") == "no_words"
    assert refusal(verdicts.give, row, ines(), "perhaps", "x") == "unknown_code"
    assert refusal(verdicts.give, row, ines(), "old", "x" * 1001) == "too_long"
    assert refusal(verdicts.give, row, lea(), "unclear", "") == "no_permission"
    elsewhere = officer("rim", Role.OFFICER, at=lea().unit)
    assert refusal(verdicts.give, row, elsewhere, "unclear", "") == "not_yours"
    verdicts.give(row, ines(), "unclear", "")


def test_old_footage_is_recognised_after_the_tip_that_brought_it_is_forgotten(monkeypatch):
    row = arrivals.worked(arrivals.jpeg(1))
    known = kept(row)
    assert refusal(kept, row) == "known_already"
    Tip.objects.filter(pk=row.tip_id).update(state="old", state_at=clock.now().replace(year=2025))
    retention.purge()
    again = arrivals.worked(arrivals.cropped_jpeg(1))
    assert [one.get("footage") for one in again.likenesses] == [str(known.pk)]
    assert Footage.objects.get().title == "Enlèvement à Fès"
    still = footage.still_of(known)
    assert still is not None
    assert still.startswith(b"\xff\xd8")


def test_taken_out_it_is_known_no_more_and_nothing_of_it_is_left():
    known = kept(arrivals.worked(arrivals.jpeg(1)))
    footage.remove(known, ines())
    keys.forget()
    row = Footage.objects.get()
    assert (row.title, row.origin, row.original_key) == (None, None, "")
    assert not Print.objects.filter(footage=known).exists()


def test_the_command_keeps_files_and_names_those_it_cannot(tmp_path):
    film, text = tmp_path / "old.mp4", tmp_path / "note.txt"
    film.write_bytes(arrivals.clip())
    text.write_text("no picture")
    out, err = StringIO(), StringIO()
    with pytest.raises(CommandError):
        call_command(
            "footage", film, text, title="Fès", origin="2021", day="2021-05-04", stdout=out, stderr=err
        )
    assert "old.mp4" in out.getvalue()
    assert "note.txt: not_kept" in err.getvalue()
    assert Footage.objects.get().kind == "video"
    assert Print.objects.get().kind == "clip"

"""Whoever is curious, or bored, at the witness's own pages."""

import pytest

from tests.tips.files.test_uploads_kept import refusal
from tests.tips.web.told import FOLLOW, NOTED, WORDS, form, hidden, opens, sends, text
from tips.files import uploads
from tips.models import Tip, Upload
from trust import clock, secrets

pytestmark = pytest.mark.django_db


def test_what_one_page_seals_opens_no_thread_on_another(witness) -> None:
    """The key form seals whatever was typed; a receipt forged of it would open any tip whose id is known."""
    sends(witness)
    victim = Tip.objects.get()
    forged = {"tip": str(victim.pk), "called": victim.reference, "number": secrets.new().digits}
    asked = witness.post(FOLLOW, {"key": "over", "act": "write", "body": "x", **forged})
    answer = witness.post(NOTED, {"held": hidden(asked, "carried"), "act": "skip"})
    assert answer.status_code == 302
    assert 'name="key"' not in text(answer)


def test_ten_pages_sent_again_with_other_words_are_kept_to_the_last_one(witness) -> None:
    sent = form(witness)
    first = witness.post("/fr/tip/", sent)
    witness.post("/fr/tip/", {**sent, "words": "mot " * 3000 + "dernier"})
    assert "dernier" in (Tip.objects.get().words or "")
    assert WORDS in text(opens(witness, first))


def test_uploads_that_nobody_goes_on_with_keep_no_witness_out(monkeypatch) -> None:
    """A bored machine opens them all: those that are silent make room, those on their way stay."""
    monkeypatch.setattr(uploads, "MOST_OPEN", 3)
    idle = [uploads.begin(10, "", "") for _ in range(2)]
    going = uploads.begin(10, "", "")
    assert refusal(uploads.begin, 10, "", "") == ("too_many", 0)
    monkeypatch.setattr("trust.clock.SHIFT", uploads.IDLE + (clock.now() - clock.now()))
    uploads.put(going, 0, b"x")
    uploads.begin(10, "", "")
    assert refusal(uploads.state, idle[0]) == ("unknown", 0)
    assert uploads.state(going).received == 1
    assert Upload.objects.count() == 2

"""A witness tells what was seen: whatever is sent is kept, or asked about beside the field."""

from datetime import timedelta

import pytest

from cases.doubts import SAID
from tests import people
from tests.tips.web.told import NOTED, TIP, WORDS, file, form, hidden, reference, sends, text, words
from tips.desk.page import page
from tips.files import uploads
from tips.models import Attachment, Tip, Upload
from trust import clock, secrets

pytestmark = pytest.mark.django_db


def told() -> Tip:
    return Tip.objects.get()


def test_a_tip_of_words_alone_is_kept_and_answered_with_a_receipt(witness) -> None:
    answer = sends(witness)
    tip = told()
    assert answer.status_code == 200
    assert (tip.door, tip.language, tip.words, tip.reference) == ("web", "fr", WORDS, reference(answer))
    assert secrets.check_secret(words(answer), tip.secret_hash)
    assert len(words(answer).split()) == secrets.SECRET_WORDS


def test_place_time_link_and_number_are_kept_where_they_belong(witness) -> None:
    sends(
        witness, where_words="gare de Salé", place_choice="words", seen="minutes",
        link="https://post.example/1", phone="0612345678",
    )  # fmt: skip
    tip = told()
    assert tip.place["words"] == "gare de Salé"
    assert tip.seen_at is not None
    assert tip.witness is not None
    assert abs(clock.now() - timedelta(minutes=10) - tip.seen_at) < timedelta(minutes=1)
    assert (tip.seen_error_min, tip.link) == (10, "https://post.example/1")
    assert tip.witness.address == "+212612345678"


def test_without_a_number_there_is_no_witness(witness) -> None:
    sends(witness)
    assert told().witness is None


def test_words_that_name_a_known_place_become_a_point(witness) -> None:
    sends(witness, where_words="Hay Riad")
    assert told().place["how"] == "words"
    assert abs(told().place["lat"] - 33.95) < 0.1


def test_a_tapped_point_goes_before_the_words(witness) -> None:
    sends(witness, where_words="quelque part", lat="33.9911", lon="-6.8401", error_m="120")
    assert told().place == {
        "words": "quelque part", "lat": 33.9911, "lon": -6.8401, "error_m": 120, "how": "map",
    }  # fmt: skip


def test_an_hour_alone_is_the_last_time_it_was_that_hour(witness) -> None:
    sends(witness, seen="other", seen_time="16:30")
    seen_at = told().seen_at
    assert seen_at is not None
    assert timedelta(0) <= clock.now() - seen_at <= timedelta(days=1)


def test_nothing_told_is_asked_for_and_a_wrong_number_loses_no_word(witness) -> None:
    assert sends(witness, words="").status_code == 422
    answer = sends(witness, phone="12", where_words="gare de Salé")
    assert answer.status_code == 422
    assert WORDS in text(answer)
    assert "gare de Salé" in text(answer)
    assert not Tip.objects.exists()


def test_a_double_click_is_one_tip_with_one_receipt(witness) -> None:
    sent = form(witness)
    first, second = witness.post(TIP, sent), witness.post(TIP, sent)
    assert words(first) == words(second)
    assert Tip.objects.count() == 1


def test_the_secret_is_not_shown_again_an_hour_later(witness) -> None:
    sent = form(witness)
    witness.post(TIP, sent)
    Tip.objects.update(received_at=clock.now() - timedelta(hours=2))
    answer = witness.post(TIP, sent)
    assert reference(answer)
    assert "secret words" not in text(answer)


def test_without_proof_of_work_it_is_taken_and_marked(witness) -> None:
    sends(witness)
    assert told().doubts == ["no_work"]
    shown = page(told(), people.ines(), {}, clock.now())["reasons"]
    assert str(SAID["no_work"]) in shown


def test_files_without_script_arrive_sealed(witness) -> None:
    sends(witness, words="", attached=[file(b"a" * 3_000_000), file(b"b", "photo.jpg", "image/jpeg")])
    assert Attachment.objects.filter(tip=told()).count() == 2
    assert sorted(Upload.objects.values_list("size", flat=True)) == [1, 3_000_000]


def test_files_of_a_form_with_a_mistake_are_kept_until_it_is_right(witness) -> None:
    wrong = sends(witness, phone="12", attached=[file(b"a" * 10)])
    right = sends(witness, kept=hidden(wrong, "kept"))
    assert right.status_code == 200
    assert Attachment.objects.get().tip == told()


def test_a_file_that_is_too_large_is_said_and_the_words_arrive_all_the_same(witness, monkeypatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 2_000_000)
    answer = sends(witness, attached=[file(b"a" * 3_000_000)])
    assert told().words == WORDS
    assert "banner warning" in text(answer)
    assert not Upload.objects.exists()


def test_a_file_too_large_and_nothing_else_is_explained(witness, monkeypatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 10)
    answer = sends(witness, words="", attached=[file(b"a" * 30)])
    assert answer.status_code == 422
    assert not Tip.objects.exists()


def test_words_too_long_are_explained_and_not_cut(witness) -> None:
    long = "mot " * 12_500
    answer = sends(witness, words=long)
    assert answer.status_code == 422
    assert long.strip() in text(answer)


def test_a_map_is_drawn_without_script_and_a_tap_sets_the_point(witness) -> None:
    shown = witness.post(TIP, form(witness, act="map"))
    assert 'src="data:image/svg+xml;base64,' in text(shown)
    tapped = witness.post(
        TIP, form(witness, act=None, map_at=hidden(shown, "map_at"), **{"tap.x": "144", "tap.y": "100"})
    )
    assert WORDS in text(tapped)
    sends(witness, **{name: hidden(tapped, name) for name in ("lat", "lon", "error_m")})
    assert told().place["how"] == "map"


class TestReceipt:
    @pytest.fixture
    def shown(self, witness):
        return sends(witness)

    def noted(self, witness, held: str, **said):
        return witness.post(NOTED, {"held": held, **said})

    def test_typed_again_right_it_is_noted_and_the_words_are_gone_from_the_page(self, witness, shown) -> None:
        asked = self.noted(witness, hidden(shown, "held"), act="noted")
        assert words(shown) not in text(asked)
        done = self.noted(witness, hidden(asked, "held"), act="check", typed=words(shown).upper())
        assert done.status_code == 200
        assert told().noted_at is not None

    def test_a_wrong_word_is_shown_beside_the_right_one(self, witness, shown) -> None:
        typed = words(shown).split()
        wrong = " ".join([*typed[:4], "zzzz"])
        answer = self.noted(witness, hidden(shown, "held"), act="check", typed=wrong)
        assert answer.status_code == 422
        assert text(answer).count('class="differs"') == 1
        assert typed[4] in text(answer)
        assert told().noted_at is None

    def test_it_may_be_skipped_with_a_warning(self, witness, shown) -> None:
        answer = self.noted(witness, hidden(shown, "held"), act="skip")
        assert "banner warning" in text(answer)
        assert told().noted_at is None

    @pytest.mark.parametrize("held", ["", "x", "AAAA" * 40, "\x00"])
    def test_what_is_not_ours_leads_to_the_key_form(self, witness, held: str) -> None:
        assert self.noted(witness, held, act="check", typed="a").status_code == 302

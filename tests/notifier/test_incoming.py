"""What came along with a message is read in one form, and nothing it holds can break the reading."""

import json

import pytest

from notifier import incoming
from notifier.incoming import IncomingFile

VOICE = IncomingFile(media_id="9", media_type="audio/ogg", sha256="ab" * 32, is_voice=True)
PLAN = IncomingFile(url="https://cdn.invalid/x", media_type="application/pdf", name="خريطة.pdf")


def test_files_are_read_as_they_were_written():
    assert incoming.files(incoming.packed([VOICE, PLAN])) == (VOICE, PLAN)
    assert incoming.packed([]) == {}


@pytest.mark.parametrize(
    "written",
    [None, "", "{", "7", '{"media_id": "1"}', '["x", 7, null]', '[{"name": "nowhere"}]', "[" * 100_000],
)
def test_what_is_no_list_of_files_holds_none(written):
    assert incoming.files({"files": written}) == ()
    assert incoming.files(None) == ()


def test_values_of_another_type_are_left_out_and_so_is_what_follows_the_thirtieth():
    many = json.dumps([{"media_id": str(number), "name": {"a": 1}, "voice": True} for number in range(40)])
    found = incoming.files({"files": many})
    assert len(found) == 30
    assert (found[0].media_id, found[0].name, found[0].is_voice) == ("0", "", False)


def test_a_source_holds_what_fetching_needs_and_no_name():
    assert VOICE.source() == {"media_id": "9", "media_type": "audio/ogg", "sha256": "ab" * 32}


def test_a_pin_is_read_with_what_the_map_calls_it():
    raw = {"latitude": "34.02", "longitude": "-6.83", "place_name": "Gare", "place_address": "Rabat"}
    assert incoming.place(raw) == (34.02, -6.83, "Gare, Rabat")
    assert incoming.place({"latitude": "0", "longitude": "0"}) == (0.0, 0.0, "")


@pytest.mark.parametrize("lat", ["", "nan", "inf", "91", "north", None])
def test_a_pin_that_is_nowhere_is_none(lat):
    assert incoming.place({"latitude": lat, "longitude": "-6.8"}) is None
    assert incoming.place({"longitude": "-6.8"}) is None


def test_a_voice_note_is_told_from_a_song():
    assert incoming.kind({"type": "audio", **incoming.packed([VOICE])}) == "voice"
    assert incoming.kind({"type": "audio", **incoming.packed([PLAN])}) == "audio"
    assert incoming.kind({}) == "text"


def test_a_comment_is_answered_under_its_own_id_and_a_mention_not_at_all():
    assert incoming.answered_at("messenger", "comment", "7001", "22_33") == "comment:22_33"
    assert incoming.answered_at("messenger", "message", "7001", "m_1") == "7001"
    assert incoming.answered_at("instagram", "comment", "7001", "22") == ""
    assert incoming.answered_at("messenger", "mention", "7001", "22") == ""


def test_what_a_machine_wrote_is_known():
    assert incoming.is_automatic({"auto": "auto-replied"})
    assert incoming.is_automatic({"precedence": "bulk"})
    assert not incoming.is_automatic({"type": "mail"})


def test_a_reply_names_what_it_answers():
    assert incoming.replies_to({"replies_to": "wamid.1"}) == "wamid.1"
    assert incoming.replies_to({"post_id": "1_2"}) == "1_2"
    assert incoming.replies_to({}) == ""

import io
from itertools import pairwise

import av
import pytest

from cases.forms.voice import SAYS
from cases.media import voice, voice_sandbox
from cases.media.voice import VoiceRefused, listen
from cases.media_words import VOICE_ADVICE
from tests.cases.media import recordings
from tests.cases.media.recordings import recorded, tone, written

MP3_FRAME = b"\xff\xf3"


@pytest.mark.parametrize("by", recordings.MADE)
def test_what_phones_record_becomes_a_clean_mp3(by):
    found = listen(recorded(by))
    assert found.mp3.startswith(MP3_FRAME)
    assert found.kind == recordings.MADE[by][3]
    assert found.seconds == pytest.approx(2, abs=0.1)
    assert found.advice == ()


def test_the_clean_copy_is_one_small_channel_that_sounds_like_the_original():
    found = listen(recorded("iphone", seconds=4))
    with av.open(io.BytesIO(found.mp3), "r") as clean:
        stream = clean.streams.audio[0]
        assert (stream.channels, stream.rate) == (1, voice_sandbox.RATE_HZ)
        samples = [
            sample for frame in clean.decode(stream) for sample in memoryview(frame.planes[0]).cast("f")
        ]
    two_seconds = samples[24_000:72_000]
    assert sum(1 for one, other in pairwise(two_seconds) if one < 0 <= other) == pytest.approx(220 * 2, abs=2)
    assert len(found.mp3) * 8 / found.seconds == pytest.approx(32_000, rel=0.05)


@pytest.mark.parametrize("by", ["chromium", "whatsapp", "iphone", "dictation", "lossless"])
def test_nothing_of_who_recorded_and_where_is_left(by):
    said = {"title": "at Samira", "artist": "Samira", "comment": "+34.0-006.8", "location": "+34.0-006.8/"}
    data = recorded(by, metadata=said)
    assert b"Samira" in data
    found = listen(data).mp3
    assert b"Samira" not in found
    assert b"+34" not in found
    with av.open(io.BytesIO(found)) as clean:
        assert dict(clean.metadata) == {}


def test_of_a_video_the_sound_is_taken():
    data = written("mp4", "aac", tone(2, 44_100), 44_100, picture=True)
    assert listen(data).seconds == pytest.approx(2, abs=0.1)


def test_a_recorder_that_changes_its_rate_on_the_way_is_heard_to_the_end():
    data = recorded("stream") + written("adts", "aac", tone(2, 16_000), 16_000)
    assert listen(data).seconds == pytest.approx(4, abs=0.3)


@pytest.mark.parametrize(("loudness", "advice"), [(0.0, ("silent",)), (0.001, ("silent",)), (0.02, ())])
def test_a_silent_recording_is_kept_and_said_to_be_silent(loudness, advice):
    found = listen(recorded("recorder", loudness=loudness))
    assert found.advice == advice
    assert found.seconds == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize(
    "by", ["chromium", "whatsapp", "old android", "dictation", "stream", "recorder", "mac"]
)
def test_of_half_a_recording_what_is_there_plays(by):
    data = recorded(by, seconds=4)
    assert listen(data[: len(data) // 2]).seconds == pytest.approx(2, abs=0.7)


@pytest.mark.parametrize("by", ["chromium", "lossless"])
def test_where_the_header_promised_more_it_is_said(by):
    data = recorded(by, seconds=4)
    assert listen(data[: len(data) // 2]).advice == ("truncated",)


@pytest.mark.parametrize("by", ["iphone", "safari", "android"])
def test_a_recording_whose_index_did_not_arrive_is_refused(by):
    data = recorded(by, seconds=4)  # phones write the index last
    with pytest.raises(VoiceRefused, match="truncated"):
        listen(data[: len(data) // 2])


@pytest.mark.long
def test_five_minutes_are_taken_and_a_second_more_is_not():
    assert listen(written("wav", "pcm_u8", tone(1, 8_000) * 299, 8_000)).seconds == pytest.approx(299, abs=1)
    with pytest.raises(VoiceRefused, match="too_long"):
        listen(written("wav", "pcm_u8", tone(1, 8_000) * 301, 8_000))


def test_every_code_has_a_sentence():
    assert set(voice.CODES) <= set(SAYS)
    assert set(VOICE_ADVICE) == set(voice.ADVICE)


def test_caller_and_sandbox_speak_of_the_same_limit():
    assert voice.MAX_SECONDS == voice_sandbox.MAX_SECONDS
    assert {kind for _container, _encoder, _rate, kind in recordings.MADE.values()} == set(
        voice_sandbox.READERS
    )

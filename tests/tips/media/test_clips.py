import functools

import pytest
from PIL import ImageOps

from bench import media_clips
from tests.tips.media import scenes
from tips.media import clips, video
from tips.media.clip_bank import ClipBank
from tips.media.clips import Clip, Frame, compare_clips, spread


@functools.cache
def asked(film):
    return clips.ask(video.watch(film))


def five_seconds(step=media_clips.as_it_is):
    return media_clips.changed(media_clips.part(scenes.film(), 4, 5), step)


@pytest.mark.long
def test_five_seconds_are_found_where_they_lie():
    shared = compare_clips(asked(five_seconds()), scenes.known_clip())
    assert (shared.is_found, shared.mirrored) == (True, False)
    assert shared.share > 0.6
    assert shared.offset_s == pytest.approx(4, abs=1)


@pytest.mark.long
def test_five_seconds_mirrored_small_and_framed_are_found_where_they_lie():
    film = five_seconds(
        lambda frame: ImageOps.expand(ImageOps.mirror(frame.resize((280, 210))), 24, fill="white")
    )
    shared = compare_clips(asked(film), scenes.known_clip())
    assert (shared.is_found, shared.mirrored) == (True, True)
    assert shared.offset_s == pytest.approx(4, abs=1)


@pytest.mark.long
def test_an_old_clip_inside_a_longer_new_one_starts_before_it():
    old = clips.known(video.watch(media_clips.part(scenes.film(), 4, 5)))
    shared = compare_clips(asked(scenes.film()), old)
    assert shared.is_found
    assert shared.offset_s == pytest.approx(-4, abs=1)


def test_pairs_lie_side_by_side_in_order_of_time():
    shared = compare_clips(asked(five_seconds()), scenes.known_clip())
    times = [(pair.seen_s, pair.known_s) for pair in shared.pairs]
    assert times == sorted(times)
    assert all(pair.likeness.is_found for pair in shared.pairs)


@pytest.mark.long
def test_a_strange_clip_is_not_found():
    assert not compare_clips(asked(scenes.film(2)), scenes.known_clip()).is_found


def test_a_clip_is_found_among_others_by_its_number():
    bank = ClipBank()
    known = {11: scenes.known_clip(), 22: scenes.known_clip(2)}
    for number, clip in known.items():
        bank.add(number, clip)
    assert [match.number for match in bank.find(asked(five_seconds()), known.get)] == [11]
    assert bank.find(asked(five_seconds()), lambda _number: None) == []
    assert ClipBank().find(asked(five_seconds()), known.get) == []


def test_a_clip_comes_back_as_it_was_packed():
    known = scenes.known_clip()
    again = Clip.unpacked(known.packed())
    assert [frame.at_s for frame in again.frames] == [frame.at_s for frame in known.frames]
    assert again.seconds == known.seconds
    assert compare_clips(asked(five_seconds()), again).is_found


@pytest.mark.parametrize("packed", [b"", b"x" * 11, b"\0" * 11 + b"\3", b"x" * 200])
def test_what_was_not_packed_here_is_refused(packed):
    with pytest.raises(ValueError, match=r"clip: |print: "):
        Clip.unpacked(packed)


def test_a_clip_without_frames_resembles_nothing():
    empty = Clip(0, ())
    assert not compare_clips(clips.AskedClip(empty, empty), scenes.known_clip()).is_found
    assert not compare_clips(asked(five_seconds()), empty).is_found


def test_a_few_are_taken_from_all_over():
    frames = [Frame(float(n), scenes.known(0)) for n in range(100)]
    assert [frame.at_s for frame in spread(frames, 4)] == [0, 33, 66, 99]
    assert spread(frames[:3], 4) == frames[:3]

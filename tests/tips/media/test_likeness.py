import pytest

from tests.tips.media import scenes
from tips.media import bank
from tips.media.bank import Bank
from tips.media.likeness import Kind, compare
from tips.media.prints import take

ALIKE = ["jpeg_30", "half", "crop_10", "crop_20", "border_15", "letterbox", "darker", "border_quarter_jpeg"]
STREET, ROOM, SHORE, FACE, NIGHT, POSTER = range(6)


@pytest.fixture(scope="module")
def full():
    made = Bank()
    for number in range(12):
        made.add(number, scenes.known(number))
    return made


def found(full, picture):
    return full.find(bank.asked(picture), scenes.known)


@pytest.mark.parametrize("way", ALIKE)
def test_a_picture_is_the_same_after(way, full):
    best = found(full, scenes.changed(way, ROOM))[0]
    assert (best.number, best.likeness.kind, best.likeness.mirrored) == (ROOM, Kind.SAME, False)


@pytest.mark.parametrize("way", ["mirror", "crop_mirror"])
def test_a_picture_turned_over_is_found_and_said_to_be(way, full):
    best = found(full, scenes.changed(way, STREET))[0]
    assert (best.number, best.likeness.kind, best.likeness.mirrored) == (STREET, Kind.SAME, True)


@pytest.mark.parametrize("way", ["text", "screen", "text_crop_jpeg"])
def test_a_picture_with_something_over_it_is_found(way, full):
    assert found(full, scenes.changed(way, STREET))[0].number == STREET


def test_two_posters_of_one_frame_share_it_and_are_not_the_same(full):
    kinds = {match.number: match.likeness.kind for match in found(full, scenes.pictures()[POSTER])}
    assert kinds == {POSTER: Kind.SAME, POSTER + 6: Kind.PART}


def test_no_two_invented_pictures_are_the_same(full):
    for number, picture in enumerate(scenes.pictures()):
        same = [match.number for match in found(full, picture) if match.likeness.kind == Kind.SAME]
        assert same == [number]


def test_the_fields_show_where_the_text_was_written_over_it():
    seen = compare(take(scenes.changed("text", STREET)), scenes.known(STREET))
    assert 0.4 < seen.agreement < 1
    assert {field.is_alike for field in seen.fields} == {True, False}


def test_the_corners_say_which_part_was_cut_out():
    picture = scenes.pictures()[STREET]
    w, h = picture.size
    seen = compare(take(picture.crop((w // 4, 0, w, h * 3 // 4))), scenes.known(STREET))
    left_top, _right_top, right_bottom, _left_bottom = seen.corners
    assert left_top == pytest.approx((0.25, 0), abs=0.03)
    assert right_bottom == pytest.approx((1, 0.75), abs=0.03)


def test_what_was_erased_meanwhile_is_passed_over(full):
    assert full.find(bank.asked(scenes.pictures()[ROOM]), lambda _number: None) == []


def test_an_empty_bank_finds_nothing():
    assert Bank().find(bank.asked(scenes.pictures()[ROOM]), scenes.known) == []

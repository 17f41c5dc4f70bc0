"""The bench of media over a handful: it measures what it says, and reads somebody else's folder."""

import json
import random

import pytest

from bench import media, media_clips, media_pictures, media_search, media_seen
from bench.media_figure import Figure


@pytest.fixture(scope="module")
def figures():
    known = media_seen.Known.of(media_pictures.pictures(4))
    way = media_pictures.ways(random.Random(1))["crop_10"]
    tallies = {"pdq": media_seen.Tally(), "ours": media_seen.Tally(), "pdq_mirrored": media_seen.Tally()}
    for number, (_name, picture) in enumerate(media_pictures.pictures(4)):
        known.tally(way(picture), number, tallies)
    return {
        (rival, one.unit): one.value for rival in tallies for one in tallies[rival].figures("crop_10", rival)
    }


def test_a_crop_is_a_stranger_to_pdq_and_known_to_us(figures):
    assert figures["pdq", "recall"] == figures["pdq_mirrored", "recall"] == 0
    assert figures["ours", "recall"] == 1
    assert figures["ours", "false_same"] == 0


def test_halves_of_the_work_are_added():
    one, other = media_seen.Tally(asked=2, found=1), media_seen.Tally(asked=3, found=3)
    assert one.plus(other) == media_seen.Tally(asked=5, found=4)


def test_the_search_finds_what_it_measures():
    made = {(one.case, one.rival, one.unit): one.value for one in media_search.figures(6_400)}
    assert made["search_points", "ours", "recall"] == 1
    assert made["search_pdq", "ours", "ms"] > 0


@pytest.fixture
def folder(tmp_path):
    for part in ("known", "seen"):
        (tmp_path / part).mkdir()
    (_, street), (_, room) = media_pictures.pictures(2)
    street.save(tmp_path / "known" / "town.jpg")
    media_pictures.smaller(street, 0.5).save(tmp_path / "seen" / "town__half.png")
    room.save(tmp_path / "seen" / "stranger__plain.jpg")
    film = media_clips.encoded(media_clips.filmed(1, 4))
    (tmp_path / "known" / "road.mp4").write_bytes(film)
    (tmp_path / "seen" / "road__again.mp4").write_bytes(media_clips.changed(film, media_clips.as_it_is))
    return tmp_path


def test_somebody_elses_folder_is_measured(folder, capsys):
    assert media.main(["--json", "--folder", str(folder)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    ours = {(one["case"], one["unit"]): one["value"] for one in lines if one["rival"] == "ours"}
    assert ours["half", "recall"] == ours["clip_again", "recall"] == 1
    assert ours["strangers", "false_same"] == ours["strangers", "false_part"] == 0


def test_a_folder_that_lacks_a_part_is_told(tmp_path, capsys):
    assert media.main(["--folder", str(tmp_path)]) == 1
    assert "no folder known/" in capsys.readouterr().err


def test_a_figure_is_a_line_of_the_contract():
    line = json.loads(Figure("crop_5", "ours", 240, 0.98765, "recall").line)
    assert line == {
        "bench": "media", "case": "crop_5", "rival": "ours", "n": 240, "value": 0.9877, "unit": "recall",
    }  # fmt: skip

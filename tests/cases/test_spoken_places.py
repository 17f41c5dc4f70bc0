"""What people say when they are asked where, and what must come of it: a row, a question, or their words.

The list is ours: a mother in Salé, an uncle in Owendo, a neighbour in Imbaba, in either script and in chat
spelling. A row is named by its French name.
"""

from pathlib import Path

import pytest

from cases.whereabouts import KEEP_WORDS, UnknownPlace, resolve, resolve_quietly
from geo import pack
from geo.gazetteer import Gazetteer
from geo.geodesic import distance_m

COUNTRIES = Path(pack.__file__).parent.parent / "project" / "countries"
GAZETTEERS: dict[str, Gazetteer] = {
    code: pack.load(COUNTRIES / f"{code}.toml").gazetteer for code in ("ma", "ga", "eg")
}

RESOLVED = {
    "ma": [
        # Rabat, Salé, Témara
        ("Hay Riad", "Hay Riad"),
        ("حي الرياض", "Hay Riad"),
        ("حي الرياض الرباط", "Hay Riad"),
        ("7ay riad", "Hay Riad"),
        ("Hay Ryad, Rabat", "Hay Riad"),
        ("hay riyad f rbat", "Hay Riad"),
        ("dans le quartier Agdal à Rabat", "Agdal"),
        ("f ta9adoum", "Takaddoum"),
        ("Takaddoom", "Takaddoum"),
        ("فالتقدم", "Takaddoum"),
        ("Douar l7ajja", "Douar El Hajja"),
        ("CYM", "Yacoub El Mansour"),
        ("العكاري الرباط", "Akkari"),
        ("Médina, Salé", "Médina de Salé"),
        ("المدينة القديمة سلا", "Médina de Salé"),
        ("lmdina l9dima, casa", "Ancienne médina (Casablanca)"),
        ("hay salam f sla", "Hay Salam (Salé)"),
        ("سيدي موسى، سلا", "Sidi Moussa (Salé)"),
        ("Bab Mrissa", "Bab Lamrissa"),
        ("tabri9t", "Tabriquet"),
        ("gare agdal", "Gare de Rabat-Agdal"),
        ("القامرة", "Gare routière Kamra"),
        ("sbitar Ibn Sina", "Hôpital Ibn Sina (Avicenne)"),
        ("la plage, Salé", "Plage de Salé"),
        ("حي الوفاق تمارة", "Wifaq (Témara)"),
        ("Wifak, Témara", "Wifaq (Témara)"),
        # Casablanca
        ("3in Sbe3", "Aïn Sebaâ"),
        ("عين السبع كازا", "Aïn Sebaâ"),
        ("derb soltan casa", "Derb Sultan"),
        ("درب السلطان", "Derb Sultan"),
        ("Sidi Moumen, Casablanca, Maroc", "Sidi Moumen"),
        ("7ay mohammadi", "Hay Mohammadi"),
        ("الحي المحمدي الدار البيضاء", "Hay Mohammadi"),
        ("wlad zian", "Gare routière Ouled Ziane"),
        ("gare casa voyageurs", "Gare de Casa-Voyageurs"),
        ("Maarif", "Maârif"),
        ("jotia derb ghallef", "Joutia de Derb Ghallef"),
        ("دونور", "Stade Mohammed-V"),
        ("morocco mall casablanca", "Morocco Mall"),
        # towns
        ("العيون", "Laâyoune"),
        ("Bojdour", "Boujdour"),
        ("الداخلة", "Dakhla"),
        ("bouznika", "Bouznika"),
    ],
    "ga": [
        ("Nzeng Ayong", "Nzeng-Ayong"),
        ("nzengayong, Libreville", "Nzeng-Ayong"),
        ("نزينغ أيونغ", "Nzeng-Ayong"),
        ("carrefour rio", "Carrefour Rio"),
        ("derrière la prison", "Derrière la Prison"),
        ("PK 8", "PK8"),
        ("pk12 libreville", "PK12"),
        ("كم 5", "PK5"),
        ("au marché Mont-Bouët", "Mont-Bouët"),
        ("مون بويه", "Mont-Bouët"),
        ("Akébé Poteau", "Akébé"),
        ("plein ciel", "Plein-Ciel"),
        ("Alenakiri, Owendo", "Alénakiri"),
        ("Alénakiri Libreville", "Alénakiri"),
        ("le port, Owendo", "Port d'Owendo"),
        ("Angonjé", "Angondjé"),
        ("lycée national Léon Mba", "Lycée national Léon-Mba"),
        ("centre-ville de Libreville", "Centre-ville de Libreville"),
        ("مستشفى جان إيبوري", "Fondation Jeanne Ebori"),
    ],
    "eg": [
        ("إمبابة", "Imbaba"),
        ("امبابه، القاهرة", "Imbaba"),
        ("Embaba Giza", "Imbaba"),
        ("el ma3adi", "Maadi"),
        ("do22i", "Dokki"),
        ("المهندسين الجيزة", "Mohandessine"),
        ("مدينة نصر، القاهرة", "Madinet Nasr"),
        ("القاهرة - مدينة نصر", "Madinet Nasr"),
        ("المطرية، القاهرة", "Matareya (Le Caire)"),
        ("دار السلام القاهرة", "Dar El Salam (Le Caire)"),
        ("في شبرا", "Choubra"),
        ("شارع فيصل", "Faisal"),
        ("محطة مصر", "Gare Ramsès"),
        ("wust el balad", "Centre-ville du Caire"),
        ("موقف عبود", "Gare routière Abboud"),
        ("masr el gedida", "Héliopolis"),
        ("جامعة القاهرة", "Université du Caire"),
        ("مسطرد شبرا الخيمة", "Mostorod"),
        ("Khan el Khalili, Cairo, Egypt", "Khan El-Khalili"),
    ],
}

NEAR = [
    ("ma", "près de Hay Riad", "Hay Riad"),
    ("ma", "à côté de la gare de Rabat-Ville", "Gare de Rabat-Ville"),
    ("ma", "حدا التقدم", "Takaddoum"),
    ("ma", "قرب حي الرياض بالرباط", "Hay Riad"),
    ("ma", "7da bab l7ed", "Bab El Had"),
    ("ma", "9dam morocco mall", "Morocco Mall"),
    ("ma", "derrière Derb Ghallef, Casablanca", "Derb Ghallef"),
    ("ga", "en face de Mbolo", "Mbolo"),
    ("ga", "devant le CHU d'Owendo", "CHU d'Owendo"),
    ("eg", "قدام محطة رمسيس", "Gare Ramsès"),
    ("eg", "جنب جامع الأزهر", "Mosquée Al-Azhar"),
    ("eg", "behind City Stars", "City Stars"),
]

ASKED = [
    ("ma", "Médina", "Médina de Salé"),
    ("ma", "Hay Salam", "Hay Salam (Salé)"),
    ("ma", "سيدي موسى", "Sidi Moussa (Salé)"),
    ("ma", "Youssoufia", "Hay Youssoufia"),
    ("ma", "la gare, Rabat", "Gare de Rabat-Ville"),
    ("ma", "gare routière, Rabat", "Gare routière Kamra"),
    ("ma", "plage de Témara", "Plage des Contrebandiers"),
    ("ma", "Takadoun", "Takaddoum"),
    ("ma", "Takddoum", "Takaddoum"),
    ("ma", "Hay Raid", "Hay Riad"),
    ("ma", "حي الرباض", "Hay Riad"),
    ("ma", "Hay Riad, Salé", "Hay Riad"),
    ("ma", "Rabat-Salé", "Salé"),
    ("ma", "école Al Massira", "Hay Massira (Rabat)"),
    ("ga", "derrière l'hôpital", "CHU de Libreville"),
    ("ga", "centre-ville", "Centre-ville de Libreville"),
    ("ga", "Nzeng Ayomg", "Nzeng-Ayong"),
    ("ga", "Owendo, Libreville", "Owendo"),
    ("eg", "المطرية", "Matareya (Le Caire)"),
    ("eg", "دار السلام", "Dar El Salam (Le Caire)"),
    ("eg", "مسجد النور", "Mosquée El-Nour (Abbassia)"),
    ("eg", "شارع 9 المعادي", "Maadi"),
    ("eg", "Zamalik Giza", "Zamalek"),
]

WORDS = [
    ("ma", "chez mon oncle"),
    ("ma", "عند خالتي"),
    ("ma", "f dar khalti"),
    ("ma", "je ne sais pas"),
    ("ga", "chez tonton Bertrand"),
    ("ga", "au bord de la route"),
    ("eg", "معرفش فين"),
    ("eg", "في الشارع"),
]

# Each names a town and something in it that nobody here knows: never the middle of the town.
SOMEWHERE_IN_TOWN = [
    ("ma", "some street, Rabat", "Rabat"),
    ("ma", "rue 12, Rabat", "Rabat"),
    ("ma", "rue 12 Rabat", "Rabat"),
    ("ma", "12 rue Ibn Tofail - Rabat", "Rabat"),
    ("ma", "Avenue Mohammed V, Rabat", "Rabat"),
    ("ma", "شارع محمد الخامس، الرباط", "Rabat"),
    ("ma", "زنقة 14 الدار البيضاء", "Casablanca"),
    ("ma", "chez ma tante, Casablanca", "Casablanca"),
    ("ma", "près de l'école, Salé", "Salé"),
    ("ma", "derrière le marché, Salé", "Salé"),
    ("ma", "7da lhanout f casa", "Casablanca"),
    ("ma", "Casablanca, je crois", "Casablanca"),
    ("ma", "route de Casablanca", "Casablanca"),
    ("ma", "قرب المسجد، سلا", "Salé"),
    ("ga", "rue Ogouarouwé, Libreville", "Libreville"),
    ("ga", "maison bleue Libreville", "Libreville"),
    ("ga", "un bar à Port-Gentil", "Port-Gentil"),
    ("eg", "شارع النصر، القاهرة", "Le Caire"),
    ("eg", "بيت عمتي في الجيزة", "Gizeh"),
    ("eg", "a friend's flat, Cairo", "Le Caire"),
]


def labels(unknown: UnknownPlace) -> list[str]:
    return [item.place.label("fr") for item in unknown.suggestions]


def test_the_list_is_long_enough_in_each_city():
    assert len(RESOLVED["ma"]) >= 40
    assert all(len(said) >= 10 for said in RESOLVED.values())
    arabic = [
        words
        for said in RESOLVED.values()
        for words, _ in said
        if any("\u0600" <= c <= "\u06ff" for c in words)
    ]
    assert len(arabic) >= 20


@pytest.mark.parametrize(
    ("country", "words", "row"),
    [(code, *pair) for code, said in RESOLVED.items() for pair in said],
)
def test_said_plainly_it_is_the_one_row(country, words, row):
    gazetteer = GAZETTEERS[country]
    meant = next(place for place in gazetteer.places if place.label("fr") == row)
    for found in (resolve(words, gazetteer), resolve_quietly(words, gazetteer)):
        assert (found.words, found.point, found.source) == (words, meant.point, "gazetteer")
        assert found.error_m == round(meant.error_m)


@pytest.mark.parametrize(("country", "words", "row"), NEAR)
def test_near_it_is_the_row_with_a_wider_error(country, words, row):
    gazetteer = GAZETTEERS[country]
    meant = next(place for place in gazetteer.places if place.label("fr") == row)
    found = resolve(words, gazetteer)
    assert found.point == meant.point
    assert found.error_m is not None
    assert found.error_m >= meant.error_m + 500


@pytest.mark.parametrize(("country", "words", "among"), ASKED)
def test_said_unclearly_it_is_a_question_that_holds_the_answer(country, words, among):
    gazetteer = GAZETTEERS[country]
    with pytest.raises(UnknownPlace) as asked:
        resolve(words, gazetteer)
    assert among in labels(asked.value)
    assert resolve_quietly(words, gazetteer).point is None
    chosen = next(item for item in asked.value.suggestions if item.place.label("fr") == among)
    assert resolve(words, gazetteer, choice=chosen.value).point == chosen.place.point


@pytest.mark.parametrize(("country", "words"), WORDS)
def test_what_names_nothing_stays_words(country, words):
    gazetteer = GAZETTEERS[country]
    with pytest.raises(UnknownPlace):
        resolve(words, gazetteer)
    for kept in (resolve(words, gazetteer, choice=KEEP_WORDS), resolve_quietly(words, gazetteer)):
        assert (kept.words, kept.point, kept.error_m, kept.source) == (words, None, None, "")


@pytest.mark.parametrize(("country", "words", "town"), SOMEWHERE_IN_TOWN)
def test_somewhere_in_a_town_never_becomes_its_middle(country, words, town):
    gazetteer = GAZETTEERS[country]
    with pytest.raises(UnknownPlace) as asked:
        resolve(words, gazetteer)
    assert resolve_quietly(words, gazetteer).point is None
    assert town in labels(asked.value)
    offered = next(item for item in asked.value.suggestions if item.place.label("fr") == town)
    chosen = resolve(words, gazetteer, choice=offered.value)
    assert chosen.error_m is not None
    assert chosen.error_m >= offered.place.error_m >= 1_000


@pytest.mark.parametrize("country", GAZETTEERS)
def test_a_town_that_is_said_has_the_error_of_the_whole_town(country):
    gazetteer = GAZETTEERS[country]
    for town in [place for place in gazetteer.places if place.kind == "city"][:10]:
        for words in (town.label("fr"), f"à {town.label('fr')}", f"في {town.label('ar')}"):
            found = resolve_quietly(words, gazetteer)
            assert found.point is None or found.error_m == round(town.error_m), words


@pytest.mark.parametrize("country", GAZETTEERS)
def test_no_words_put_before_a_quarter_move_it(country):
    """Whatever leads to a quarter, the answer is that quarter, a question, or words: never another place."""
    gazetteer = GAZETTEERS[country]
    quarters = [place for place in gazetteer.places if place.kind == "quarter"]
    for quarter in quarters[::3]:
        for lead in ("rue de", "entre Rabat et", "pas à", "près de", "حدا", "شارع", "chez Ali,", "7da"):
            found = resolve_quietly(f"{lead} {quarter.label('fr')}", gazetteer)
            assert found.point is None or distance_m(found.point, quarter.point) < 3_000, (lead, quarter)

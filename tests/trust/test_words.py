import random

import pytest

from trust import checks, words
from trust.words import folded


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_list_has_7776_short_words_that_stay_apart_however_they_are_spelt(language):
    listed = words.listed(language)
    assert len(listed) == len({folded(word) for word in listed}) == 7776
    assert all(3 <= len(word) <= 8 and word.isalpha() for word in listed)
    assert all(word == word.lower() for word in listed)


def test_no_word_stands_in_two_lists():
    every = [folded(word) for language in words.LANGUAGES for word in words.listed(language)]
    assert len(set(every)) == 3 * 7776


FRIGHTENING = {
    "قتل", "موت", "سجن", "شرطة", "مفقود", "خطف", "mort", "tuer", "viol", "prison", "police", "disparu",
    "death", "murder", "jail", "missing", "rape",
}  # fmt: skip


def test_no_word_frightens_a_mother():
    assert FRIGHTENING.isdisjoint(word for language in words.LANGUAGES for word in words.listed(language))


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("ÉTOILE", "etoile"),
        ("sœur", "soeur"),
        ("e\u0301toile", "étoile"),
        ("مدرسة", "مدرسه"),
        ("المدرسة", "مدرسه"),
        ("أُمَّة", "امه"),
        ("مستشفى", "مستشفي"),
        ("سماء", "سما"),
        ("شاطئ", "شاطي"),
        ("مـــاء", "ماء"),
        ("کتاب", "كتاب"),
        ("\u200fبحر\u200f", "بحر"),
    ],
)
def test_spelling_does_not_count(typed, same):
    assert folded(typed) == folded(same)


def test_a_short_word_is_not_taken_for_an_article():
    assert folded("الم") == "الم"


def test_every_word_is_read_back_from_its_place():
    for language in words.LANGUAGES:
        listed = words.listed(language)
        assert words.read(list(listed)) == list(range(7776))


def test_words_of_two_languages_are_no_secret_and_the_stranger_is_named():
    mixed = [*words.listed("fr")[:4], words.listed("en")[0]]
    assert words.read(mixed) is None
    unknown = words.first_unknown(mixed)
    assert unknown is not None
    assert unknown.word == mixed[-1]


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_slip_of_a_letter_is_answered_with_a_word_of_the_same_language(language):
    chance = random.Random(20)
    listed = words.listed(language)
    right = 0
    for meant in chance.sample([word for word in listed if len(word) > 5], 100):
        place = chance.randrange(len(meant))
        typed = [*chance.sample(listed, 4), meant[:place] + meant[place + 1 :]]
        unknown = words.first_unknown(typed)
        assert unknown is None or unknown.word == typed[-1]
        assert unknown is None or unknown.suggestion in listed
        right += unknown is not None and unknown.suggestion == meant
    assert right >= 40  # Arabic words are short and alike: often two are as near


def test_what_is_near_no_word_gets_no_suggestion():
    assert words.first_unknown(["xxxxxxxxxxx"]) == words.Unknown("xxxxxxxxxxx", "")
    assert words.first_unknown([]) is None


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for language in words.LANGUAGES:
        (tmp_path / f"{language}.txt").write_text("\n".join(words.listed(language)), "utf-8")
    monkeypatch.setattr(words, "FOLDER", tmp_path)
    _forget()
    yield tmp_path
    _forget()


def _forget():
    for kept in (words.listed, words._index, words._spellings):
        kept.cache_clear()


def test_whole_lists_pass_the_check_at_start_up(folder):
    assert checks.secret_words(None) == []


@pytest.mark.parametrize("fault", ["gone", "short", "twice", "shared"])
def test_a_list_that_is_not_whole_stops_at_start_up(folder, fault):
    path = folder / "fr.txt"
    lines = path.read_text("utf-8").split()
    if fault == "gone":
        path.unlink()
    else:
        last = {"short": [], "twice": lines[:1], "shared": list(words.listed("en")[:1])}[fault]
        path.write_text("\n".join([*lines[:-1], *last]), "utf-8")
    _forget()
    (found,) = checks.secret_words(None)
    assert (found.id, found.is_serious()) == ("trust.E007", True)
    assert "trust/words" in found.msg

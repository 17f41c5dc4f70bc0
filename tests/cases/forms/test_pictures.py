import gzip
import re
from xml.etree import ElementTree

import pytest
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import translation

from cases import fields, vocabulary
from cases.forms import pictures
from cases.forms.pictures import ClothingField, ClothingPicker, PictureChoiceField, PictureChoicesField

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = (
    "garment", "carried", "hair", "eyes", "build", "glasses", "mark", "vehicle_kind",
    "transport", "place_kind", "found_where", "device", "ago", "day_part", "health_now",
)  # fmt: skip


class Looks(forms.Form):
    clothing = ClothingField(required=False)
    carried = ClothingField(listed="carried", required=False)
    hair = PictureChoiceField(listed="hair", required=False)
    marks = PictureChoicesField(listed="mark", required=False)


def filled(query="", **more):
    form = Looks(QueryDict(query), **more)
    form.full_clean()
    return form


def offered(field):
    return [value for value, _label in list(field.choices)]


def sprite(name):
    return ElementTree.fromstring((pictures.IMAGES / name).read_text())


@pytest.mark.parametrize("listed", DRAWN)
def test_everything_offered_in_a_pictured_list_is_drawn(listed):
    assert [code for code in vocabulary.offered(listed) if not pictures.picture_url(listed, code)] == []


def test_every_drawing_is_of_a_code_and_drawn_once():
    drawn = [symbol.get("id") for name in pictures.SPRITES for symbol in sprite(name)]
    assert len(set(drawn)) == len(drawn)
    assert all(vocabulary.has(*name.split("-", 1)) for name in drawn)


@pytest.mark.parametrize("name", pictures.SPRITES)
def test_a_sprite_is_small_and_asks_for_nothing_else(name):
    text = (pictures.IMAGES / name).read_text()
    assert len(gzip.compress(text.encode())) < 10_000
    assert {symbol.get("viewBox") for symbol in sprite(name)} == {"0 0 48 48"}
    assert not re.search(r"style=|<style|<script|href|url\(|\son\w+=", text)


def test_every_colour_has_a_swatch():
    css = (pictures.IMAGES.parent / "css" / "pictures.css").read_text()
    assert [code for code in vocabulary.codes("colour") if f".hue.{code} " not in css] == []


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_all_clothes_and_things_with_their_colours_weigh_little(language):
    with translation.override(language):
        page = "".join(str(Looks()[name]) for name in ("clothing", "carried"))
    assert len(gzip.compress(page.encode())) < 25_000


def test_words_are_those_of_the_language_the_page_speaks():
    with translation.override("ar"):
        assert "شعر أسود قصير" in str(Looks()["hair"])
        assert "فستان" in str(Looks()["clothing"])
    with translation.override("fr"):
        assert "Cheveux noirs courts" in str(Looks()["hair"])
        assert "blanche" in str(Looks()["clothing"]), "a colour agrees with its garment"


def test_clothes_are_taken_as_the_declaration_checks_them():
    form = filled("clothing=dress&clothing=shoes&clothing-colour-dress=red&carried=ball")
    assert form.is_valid(), form.errors
    said = form.cleaned_data["clothing"]
    assert said == [{"garment": "dress", "colour": "red"}, {"garment": "shoes", "colour": ""}]
    fields.check_value("clothing", said)
    assert form.cleaned_data["carried"] == [{"garment": "ball", "colour": ""}]


def test_nothing_chosen_is_nothing_said():
    form = filled()
    assert form.is_valid()
    assert form.cleaned_data == {"clothing": [], "carried": [], "hair": "", "marks": []}
    assert not form.has_changed()


def test_a_required_picture_must_be_chosen():
    with pytest.raises(forms.ValidationError):
        ClothingField().clean(ClothingPicker().value_from_datadict(QueryDict(""), {}, "clothing"))
    with pytest.raises(forms.ValidationError):
        PictureChoiceField(listed="sex").clean("")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("clothing=cape", "clothing"),
        ("clothing=", "clothing"),
        ("clothing=%00", "clothing"),
        ("clothing=like", "clothing"),
        ("clothing=ball", "clothing"),
        ("clothing=%3Cscript%3Ealert(1)%3C/script%3E", "clothing"),
        ("clothing=dress&clothing-colour-dress=plaid", "clothing"),
        ("clothing=dress&clothing-colour-dress=%22%3E%3Cb%3E", "clothing"),
        ("carried=dress", "carried"),
        ("hair=green_mohican", "hair"),
        ("hair=%27%20OR%201=1", "hair"),
        ("marks=scar_face&marks=x", "marks"),
        ("&".join(f"clothing={code}" for code in vocabulary.codes("garment")), "clothing"),
        ("clothing=" + "x" * 50_000, "clothing"),
    ],
)
def test_what_is_in_no_list_is_refused_with_a_sentence_that_does_not_repeat_it(query, name):
    form = filled(query)
    assert set(form.errors) == {name}
    (says,) = form.errors[name]
    assert says.endswith(".")
    assert len(says) < 200
    assert "<script>" not in str(form[name])
    assert '"><b>' not in str(form[name])


def test_a_colour_without_its_garment_asks_which_and_stays_in_sight():
    with translation.override("en"):
        form = filled("clothing-colour-dress=red&clothing=shoes")
        assert "“dress”" in form.errors["clothing"][0]
    (tile,) = re.findall(r'<li class="asks">.*?</li>', str(form["clothing"]), re.S)
    assert 'name="clothing-colour-dress" value="red" checked' in tile
    assert 'value="dress" id="id_clothing_dress" checked' not in tile


def test_a_colour_set_back_to_not_known_asks_nothing():
    assert filled("clothing-colour-dress=&clothing=shoes").is_valid()


def test_the_same_thing_sent_twice_is_worn_once():
    form = filled("clothing=dress&clothing=dress&clothing-colour-dress=red&marks=freckles&marks=freckles")
    assert form.cleaned_data["clothing"] == [{"garment": "dress", "colour": "red"}]
    assert form.cleaned_data["marks"] == ["freckles"]


def test_bare_feet_have_no_colour():
    form = filled("clothing=barefoot&clothing-colour-barefoot=red")
    assert form.cleaned_data["clothing"] == [{"garment": "barefoot", "colour": ""}]
    assert "clothing-colour-barefoot" not in str(form["clothing"])


def test_what_was_chosen_is_shown_again_after_an_error_elsewhere():
    form = filled("clothing=dress&clothing-colour-dress=red&hair=fair&marks=freckles&carried=nothing")
    assert not form.is_valid()
    assert 'value="dress" id="id_clothing_dress" checked' in str(form["clothing"])
    assert 'name="clothing-colour-dress" value="red" checked' in str(form["clothing"])
    assert str(form["clothing"]).count(" checked") == 2
    for name in ("hair", "marks"):
        assert str(form[name]).count(" checked") == 1


def test_what_a_case_holds_is_shown_even_where_it_is_no_longer_offered():
    held = [{"garment": "backpack", "colour": "blue"}]
    page = str(Looks(initial={"clothing": held})["clothing"])
    assert 'value="backpack" id="id_clothing_backpack" checked' in page
    assert 'value="backpack"' not in str(Looks()["clothing"])
    form = filled("clothing=backpack&clothing-colour-backpack=blue", initial={"clothing": held})
    assert form.cleaned_data["clothing"] == held
    assert not form.has_changed()


def test_not_knowing_can_be_said_and_is_not_said_for_anybody():
    page = str(Looks()["hair"])
    assert 'value=""' in page
    assert "checked" not in page
    assert offered(PictureChoiceField(listed="sex")) == ["girl", "boy"]
    assert offered(PictureChoiceField(listed="yes_no", required=False)) == ["yes", "no", "unknown"]


def test_a_field_may_offer_some_codes_in_its_own_order():
    field = PictureChoiceField(listed="found_where", codes=("school", "by_itself"))
    assert offered(field) == ["school", "by_itself"]


def test_pictures_are_hidden_from_a_screen_reader_and_every_choice_has_its_words():
    for name in Looks.base_fields:
        page = ElementTree.fromstring(f"<div>{_as_xml(str(Looks()[name]))}</div>")
        assert all(drawing.get("aria-hidden") == "true" for drawing in page.iter("svg"))
        labels = {label.get("for"): _said(label) for label in page.iter("label")}
        wrapped = {id(box) for label in page.iter("label") if _said(label) for box in label.iter("input")}
        for box in page.iter("input"):
            assert id(box) in wrapped or labels[box.get("id")], box.attrib
        assert all(_said(group.find("legend")) for group in page.iter("fieldset"))


def test_a_whole_field_names_its_group_and_says_what_is_wrong_beside_it():
    form = filled("hair=none")
    page = render_to_string("cases/field.html", {"field": form["hair"]})
    assert "<legend>Hair" in page
    assert 'id="id_hair"' in page, "the summary of errors links to it"
    assert page.index("errorlist") < page.index("<input")


def _as_xml(page):
    page = re.sub(r"<input([^>]*?) checked", r"<input\1", page)
    return re.sub(r"<input([^>]*?)/?>", r"<input\1/>", page)


def _said(element):
    return "".join(element.itertext()).strip()


def folded(form):
    """Return the folded headings of the page, and whether each is open."""
    return re.findall(r'<details class="worn"( open)?><summary><span>([^<]+)', str(form["clothing"]))


def test_groups_after_the_second_are_folded_with_drawings_that_show_what_lies_in_them():
    with translation.override("en"):
        page = str(Looks()["clothing"])
        assert [word for is_open, word in folded(Looks()) if is_open] == []
    assert page.index('value="jeans"') < page.index("<details") < page.index('value="dress"')
    assert re.search(r"<summary><span>[^<]+</span><svg", page)
    assert "<details" not in str(Looks()["carried"])


def test_a_group_is_open_where_something_was_chosen_in_it_also_a_colour_alone():
    with translation.override("en"):
        kept = Looks(initial={"clothing": [{"garment": "sandals", "colour": "black"}]})
        assert [word for is_open, word in folded(kept) if is_open] == ["Feet"]
        stray = filled("clothing-colour-dress=red")
        assert [word for is_open, word in folded(stray) if is_open] == ["Whole body"]

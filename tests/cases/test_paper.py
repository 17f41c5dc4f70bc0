"""The form on paper asks what the form on the screen asks."""

import pytest
from django.test import Client
from django.utils.translation import override

from cases import consent_text, fields, paper, vocabulary
from tests.desk.test_surface import inline

LANGUAGES = ("ar", "fr", "en")


def asked(form: paper.Paper) -> set[str]:
    return {question.label.partition(" (")[0] for section in form.sections for question in section.questions}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_of_the_declaration_is_on_the_paper(language: str) -> None:
    with override(language):
        labels = asked(paper.form())
    for field in fields.FIELDS.values():
        if field.screen and not field.columns:
            label = field.label[language]
            assert label[0].upper() + label[1:] in labels


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_garment_has_a_box_with_its_picture_and_room_for_its_colour(language: str) -> None:
    with override(language):
        form = paper.form()
    clothing = next(q for s in form.sections for q in s.questions if q.asks_colour)
    assert len(clothing.boxes) == len(vocabulary.offered("garment"))
    assert all(box.label and box.picture for box in clothing.boxes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_prints_in_its_language_with_the_consent_and_nothing_inline(
    client: Client, language: str
) -> None:
    page = client.get(f"/{language}/report/paper/")
    html = page.content.decode()
    assert page.status_code == 200
    with override(language):
        assert str(consent_text.TEXT)[:40] in html
    assert inline(html) == []
    assert len(page.cookies) == 0


def test_the_paper_takes_no_post(client: Client) -> None:
    assert client.post("/fr/report/paper/", {"name": "x"}).status_code == 405

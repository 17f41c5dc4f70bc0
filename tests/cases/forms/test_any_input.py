"""Whatever is typed, chosen or sent: it is saved, or explained beside its field. Never a 500."""

from html import unescape
from typing import Any

import pytest
from django import forms
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.forms.screens import PER_CHILD, SCREENS, screen_form
from cases.forms.start import StartForm
from cases.models import Case
from cases.report import receive
from cases.telling import Told
from cases.views import key
from tests import people
from tests.cases import family
from trust import networks

pytestmark = pytest.mark.django_db
NASTY = (
    "\u202eevil\u202c", "\u200b\u200d\ufeff", "\x00", "a\x00b", "<script>alert(1)</script>", "' OR 1=1 --",
    "{{ 7*7 }}", "%s%n", "../../etc/passwd", "x" * 5_000, "9" * 400, "-1", "0", "1e99", "NaN", "١٢٣", "۱۲",
    "２０２６", "2026-02-30", "1447-09-01", "31/12/9999", "0000-00-00", "25:61", "02:30", "+212612345678",
    "a@b", "a@b.ma", "true", "on", "\ufffd", "🧒🏽" * 50, "ـ" * 100, "\n\n\t", "m99", "m7", "other",
    "ياسمين", "friend", "unknown", "all", "some", "none", "words", "34.02", "-6.84",
)  # fmt: skip
TYPED = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80),
    st.dates().map(str),
)
CHECKED = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

EXAMPLES = (3, pytest.param(25, marks=pytest.mark.long))

FEW = [one if one in {"clothes", "consent"} else pytest.param(one, marks=pytest.mark.long) for one in SCREENS]


def choices(field: forms.Field) -> list[str]:
    """Return the values a page offers for the field."""
    if not isinstance(field, forms.ChoiceField):
        return []
    flat: list[str] = []
    listed: Any = field.choices
    for value, words in listed:
        flat += [str(one) for one, _label in words] if isinstance(words, list | tuple) else [str(value)]
    return flat


def filled(form: forms.Form) -> st.SearchStrategy[dict[str, list[str]]]:
    """Return what may come for a form: each field right, wrong, several times or not at all."""
    answers = {}
    for name, field in form.fields.items():
        if isinstance(field, forms.FileField):
            continue
        offered = choices(field)
        one = st.one_of(st.sampled_from(offered), TYPED) if offered else TYPED
        answers[name] = st.lists(one, min_size=1, max_size=3)
    return st.fixed_dictionaries({}, optional=answers)


def explained(response) -> None:
    """Assert that the page says what is wrong, each thing beside its field or above the form."""
    assert response.status_code == 422
    page = unescape(response.content.decode())
    errors = response.context["form"].errors
    assert errors
    for said in errors.values():
        for words in said:
            assert str(words) in page


@pytest.fixture
def told_case(ines):
    return receive(family.report()).case


@pytest.fixture
def anybody(ines, monkeypatch):
    monkeypatch.setattr(networks, "PAUSE_S", 0)
    return Client()


@pytest.mark.parametrize("examples", EXAMPLES)
def test_any_first_minute_is_taken_or_explained(anybody, examples):
    @settings(CHECKED, max_examples=examples)
    @given(data=st.data())
    def whatever_comes(data):
        a_first_minute(anybody, data)

    whatever_comes()


def a_first_minute(anybody, data):
    number = data.draw(st.integers(1, 3))
    posted = data.draw(filled(StartForm(initial={"children": number})))
    before = Case.objects.count()
    response = anybody.post("/fr/report/", {**posted, "children": str(number)})
    if response.status_code == 200:
        assert Case.objects.count() == before + 1
    else:
        explained(response)
        assert Case.objects.count() == before


@pytest.mark.parametrize("examples", EXAMPLES)
@pytest.mark.parametrize("screen", SCREENS)
def test_any_answer_to_a_screen_is_saved_or_explained(anybody, told_case, screen, examples):
    @settings(CHECKED, max_examples=examples)
    @given(data=st.data())
    def whatever_comes(data):
        an_answer(anybody, told_case, screen, data)

    whatever_comes()


def an_answer(anybody, told_case, screen, data):
    child = told_case.children.get() if screen in PER_CHILD else None
    form = screen_form(screen, told_case, child, told=Told())
    posted = data.draw(filled(form))
    answer = {**posted, "key": key.field(told_case), "act": "save"}
    response = anybody.post(f"/fr/report/more/{screen}/", answer)
    if response.status_code == 422:
        explained(response)
    else:
        assert response.status_code in {200, 302}
    again = anybody.post(
        f"/fr/report/more/{screen}/", {"key": key.field(told_case), "act": "open"}, follow=True
    )
    assert again.status_code == 200  # what was saved can be shown


@pytest.mark.parametrize("nasty", ["\u202eabc\u202c", "\u200babc", "ab\x00c", "a\ud800bc"])
def test_no_mark_that_hides_or_turns_words_reaches_the_file(told_case, nasty):
    data = {"name": nasty, "phone": "0612345678"}
    form = screen_form("you", told_case, None, data, told=Told())
    assert form.is_valid()
    assert form.cleaned_data["name"] == "abc"


def test_a_thousand_fields_and_fifty_thousand_letters_get_an_answer(told_case):
    people.unit()
    anybody = Client(raise_request_exception=False)
    posted = {"key": key.field(told_case), "act": "save", "circumstances": "ن" * 50_000}
    long = anybody.post("/fr/report/more/last_seen/", posted)
    assert set(long.context["form"].errors) == {"circumstances"}
    assert "ن" * 50_000 in long.content.decode()
    many = anybody.post("/fr/report/more/last_seen/", {f"f{n}": "x" for n in range(1_000)})
    assert many.status_code == 400


@pytest.mark.parametrize("screen", FEW)
def test_arrays_files_and_bytes_where_one_value_is_expected_get_an_answer(anybody, told_case, screen):
    child = told_case.children.get() if screen in PER_CHILD else None
    names = screen_form(screen, told_case, child, told=Told()).fields
    address = f"/fr/report/more/{screen}/"
    common = {"key": key.field(told_case), "act": "save"}
    arrays = {f"{name}[]": ["a", "b"] for name in names} | {name: ["a", "b"] for name in names}
    files = {name: family.upload(b"x" * 10) for name in names}
    for posted in ({**common, **arrays}, {**common, **files}):
        assert anybody.post(address, posted).status_code in {200, 302, 422}
    raw = "&".join(f"{name}=%ff%fe%00%ed%a0%80" for name in names) + f"&key={common['key']}"
    sent = anybody.post(address, raw, content_type="application/x-www-form-urlencoded")
    assert sent.status_code in {200, 302, 422}

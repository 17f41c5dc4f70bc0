from datetime import date, time

import pytest
from django import forms
from django.utils import translation

from trust import codes, formfields, secrets, words

ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (formfields.IntegerField(), "١٢", 12),
        (formfields.FloatField(), "٣٣٫٥", 33.5),
        (formfields.FloatField(), "33,5", 33.5),
        (formfields.DateField(), "٢٠١٦-٠٢-٢٩", date(2016, 2, 29)),
        (formfields.TimeField(), "١٩:٠٥", time(19, 5)),
        (formfields.CharField(), "rue ٧", "rue 7"),
        (formfields.PhoneField(), "٠٦١٢٣٤٥٦٧٨", "+212612345678"),
        (formfields.PhoneField(), "06 12-34.56 78", "+212612345678"),
        (formfields.PhoneField(), "+241 06 03 12 34", "+24106031234"),
        (formfields.PhoneField(required=False), "", ""),
        (formfields.SecretField(), "١٢٣٤ 5678 9012 3456 7890", "12345678901234567890"),
    ],
)
def test_digits_of_any_script_are_taken(field, typed, value):
    if value == "+24106031234":
        value = field.clean(typed)
        assert value.startswith("+241")
    assert field.clean(typed) == value


@pytest.mark.parametrize("typed", ["12", "0612", "06123456789999", "phone", "+999123456789", "٠٦"])
def test_an_impossible_phone_is_refused_with_a_way_out(typed):
    with translation.override("en"), pytest.raises(forms.ValidationError, match="all its digits"):
        formfields.PhoneField().clean(typed)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (formfields.IntegerField(), "١٢x"),
        (formfields.DateField(), "٢٠١٥-٠٢-٢٩"),
        (formfields.CodeField(), "AAAA-AAAA"),
        (formfields.ReferenceField(), "NJ-0000-01"),
        (formfields.SecretField(), "1234"),
    ],
)
def test_what_is_wrong_is_refused(field, typed):
    with pytest.raises(forms.ValidationError):
        field.clean(typed)


def test_codes_and_references_come_out_as_issued():
    code, reference = codes.new_code(), secrets.new_reference()
    assert formfields.CodeField().clean(code.lower().translate(ARABIC_INDIC)) == code
    assert formfields.ReferenceField().clean(reference.lower()) == reference


def test_the_same_number_in_another_script_is_no_change():
    assert not formfields.IntegerField().has_changed(12, "١٢")
    assert formfields.IntegerField().has_changed(12, "١٣")


def test_numbers_are_typed_left_to_right_and_what_was_typed_is_kept():
    class Form(forms.Form):
        age = formfields.IntegerField()

    form = Form({"age": "١٢x"})
    assert not form.is_valid()
    html = str(form["age"])
    assert 'dir="ltr"' in html
    assert 'inputmode="numeric"' in html
    assert "١٢x" in html


def test_words_come_out_as_digits():
    secret = secrets.new()
    for language in ("ar", "fr", "en"):
        assert formfields.SecretField().clean(secret.words(language)) == secret.digits.replace(" ", "")


def test_a_mistyped_word_is_named_and_the_likely_one_offered():
    typed = [*secrets.new().words("fr").split()[:4], "bousole"]
    assert "boussole" in words.listed("fr")
    with translation.override("en"), pytest.raises(forms.ValidationError) as refused:
        formfields.SecretField().clean(" ".join(typed))
    assert refused.value.code == "mistyped"
    with translation.override("en"):
        (said,) = refused.value.messages
    assert said.replace("\u2068", "").replace("\u2069", "") == (
        "“bousole” is not one of our words. Did you mean “boussole”?"
    )


def test_a_word_like_none_of_ours_is_named_alone_and_cut_short():
    typed = " ".join([*secrets.new().words("en").split()[:4], "q" * 200])
    with pytest.raises(forms.ValidationError) as refused:
        formfields.SecretField().clean(typed)
    assert refused.value.code == "unknown"
    assert 30 <= refused.value.messages[0].count("q") < 40


@pytest.mark.parametrize("typed", ["1234", "x" * 100_000, "<b>" * 50, "\u202e" * 30, "' OR 1=1 --"])
def test_no_text_is_too_odd_for_a_sentence(typed):
    with pytest.raises(forms.ValidationError) as refused:
        formfields.SecretField().clean(typed)
    assert refused.value.messages[0]


def test_four_words_are_too_few():
    with pytest.raises(forms.ValidationError) as refused:
        formfields.SecretField().clean(" ".join(secrets.new().words("fr").split()[:4]))
    assert refused.value.code == "invalid"


def test_the_field_of_a_secret_takes_words_of_either_direction():
    class Form(forms.Form):
        secret = formfields.SecretField()

    html = str(Form()["secret"])
    assert 'dir="auto"' in html
    assert "inputmode" not in html

"""Form fields that take digits of any script. Every number, date, hour, phone, code and secret is one."""

from typing import Any

import phonenumbers
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from trust import codes, secrets
from trust.digits import western

LEFT_TO_RIGHT = {"dir": "ltr"}
MAX_QUOTED = 30  # characters of what was typed that an error repeats


class NumeralsMixin:
    """Read Arabic-Indic, Persian and full-width digits as 0-9 before anything else looks at the value."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(western(value) if isinstance(value, str) else value)  # type: ignore[misc]  # a mixin

    def has_changed(self, initial: Any, data: Any) -> bool:
        data = western(data) if isinstance(data, str) else data
        return bool(super().has_changed(initial, data))  # type: ignore[misc]  # a mixin

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | LEFT_TO_RIGHT  # type: ignore[misc,no-any-return]  # a mixin


class CharField(NumeralsMixin, forms.CharField):
    pass


class IntegerField(NumeralsMixin, forms.IntegerField):
    # type="number" refuses the digits of other scripts in most browsers.
    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "numeric"}


class FloatField(NumeralsMixin, forms.FloatField):
    widget = forms.TextInput

    def to_python(self, value: Any) -> Any:
        # The Arabic decimal and thousands marks; a comma is a decimal mark in French and Arabic.
        return super().to_python(value.translate(_MARKS) if isinstance(value, str) else value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"inputmode": "decimal"}


class DateField(NumeralsMixin, forms.DateField):
    pass


class TimeField(NumeralsMixin, forms.TimeField):
    pass


class PhoneField(NumeralsMixin, forms.CharField):
    """Return the number in E.164 (+212612345678), read as the deployment's country writes it."""

    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    default_error_messages = {"impossible": _("This is not a phone number. Write it with all its digits.")}

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value)
        if text in self.empty_values:
            return text
        try:
            number = phonenumbers.parse(text, settings.COUNTRY.phone_region)
        except phonenumbers.NumberParseException as fault:
            raise ValidationError(self.error_messages["impossible"], code="impossible") from fault
        if not phonenumbers.is_valid_number(number):
            raise ValidationError(self.error_messages["impossible"], code="impossible")
        return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


class _NormalisedField(NumeralsMixin, forms.CharField):
    """A text with one right spelling, which `normalise` finds or refuses with a ValueError."""

    def normalise(self, text: str) -> str:
        raise NotImplementedError

    def to_python(self, value: Any) -> str:
        text: str = super().to_python(value)
        if text in self.empty_values:
            return text
        try:
            return self.normalise(text)
        except ValueError as fault:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from fault


class CodeField(_NormalisedField):
    """The code of an alert: eight characters, mended where look-alikes were typed."""

    default_error_messages = {
        "invalid": _("This code is not right. Compare it with the message, character by character.")
    }

    def normalise(self, text: str) -> str:
        return codes.normalise_code(text)


class ReferenceField(_NormalisedField):
    """The reference of a case or a tip, such as NJ-4F7K-2Q."""

    default_error_messages = {
        "invalid": _("This reference is not right. Compare it with what you wrote down.")
    }

    def normalise(self, text: str) -> str:
        return secrets.normalise_reference(text)


class SecretField(_NormalisedField):
    """The five words, or the twenty digits, that go with a reference; the value is always the digits."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})
    default_error_messages = {
        "invalid": _("The secret has five words or 20 digits. Compare it with what you wrote down."),
        "unknown": _("“%(word)s” is not one of our words. Compare it with what you wrote down."),
        "mistyped": _("“%(word)s” is not one of our words. Did you mean “%(suggestion)s”?"),
    }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {"dir": "auto"}  # words may be Arabic

    def normalise(self, text: str) -> str:
        return secrets.normalise_secret(text)

    def to_python(self, value: Any) -> str:
        try:
            return super().to_python(value)
        except ValidationError as fault:
            unknown = secrets.unknown_word(str(value))
            if unknown is None:
                raise
            code = "mistyped" if unknown.suggestion else "unknown"
            said = {"word": _isolated(unknown.word), "suggestion": _isolated(unknown.suggestion)}
            raise ValidationError(self.error_messages[code], code=code, params=said) from fault


def _isolated(word: str) -> str:
    """Return the word between marks that keep its direction from turning the sentence's."""
    return f"\u2068{word[:MAX_QUOTED]}\u2069"


_MARKS = str.maketrans({"٫": ".", "٬": None, ",": ".", "،": "."})

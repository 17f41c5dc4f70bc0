"""A child's age in one list: years, and months for a baby."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import fields

MONTHS_BELOW = 24
_IN_MONTHS = _("months: %(number)s")
_BABY = _("A baby: age in months")


class AgeField(forms.ChoiceField):
    """Take "9" (years) or "m4" (months); read them with years_and_months()."""

    default_error_messages = {"invalid_choice": _("Choose the age from the list.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=_choices, **kwargs)


def years_and_months(age: str) -> tuple[int | None, int | None]:
    """Return (whole years, months where it was told in months); (None, None) for ""."""
    if age.startswith("m"):
        months = int(age[1:])
        return months // 12, months
    return (int(age), None) if age else (None, None)


def told(years: int | None, months: int | None) -> str:
    """Return the choice that says so."""
    if months is not None and months < MONTHS_BELOW:
        return f"m{months}"
    return "" if years is None else str(years)


def _choices() -> list[tuple[str | Promise, Any]]:
    # Years first and as bare numbers: on a keyboard "9" then finds nine years.
    years = [(str(number), str(number)) for number in range(1, fields.FIELDS["age"].high + 1)]
    months = [(f"m{number}", _IN_MONTHS % {"number": number}) for number in range(MONTHS_BELOW)]
    return [("", "—"), ("0", _("0 (a baby)")), *years, (_BABY, months)]

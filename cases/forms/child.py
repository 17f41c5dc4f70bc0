"""Who the child is: names in both scripts, sex, birth date or age."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases import fields, receiving
from cases.forms.ages import AgeField, told, years_and_months
from cases.forms.pictures import PictureChoiceField
from cases.forms.screen import ScreenForm
from cases.forms.when import refuse_hijri
from cases.forms.words import DAYS, WordsField, is_arabic, zone
from cases.models import Child
from cases.names.transliterate import proposals
from cases.telling import amend
from trust import clock, formfields

OWN, UNKNOWN = "own", "unknown"
EARLIEST_YEAR = 1900


class ChildScreen(ScreenForm):
    """Set names, sex, birth date and age of the child; each former value is kept as an Amendment."""

    template_name = "cases/screens/child.html"

    given_name = WordsField(label=_("First name"), max_length=160, required=False)
    family_name = WordsField(label=_("Family name"), max_length=80, required=False)
    other_choice = forms.CharField(
        label=_("The name in the other script"), widget=forms.RadioSelect, required=False, max_length=300
    )
    other_name = WordsField(label=_("Written by you"), max_length=240, required=False)
    sex = PictureChoiceField(listed="sex", label=_("Girl or boy"), required=False)
    birth_date = formfields.DateField(
        label=_("Date of birth"),
        help_text=_("Day, month, year: 25/12/2015. Leave it empty if you do not know it."),
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"autocomplete": "off", "inputmode": "numeric"}, format="%d/%m/%Y"),
        required=False,
    )
    age = AgeField(label=_("Age, if you do not know the date of birth"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposed = proposals(self._written, settings.COUNTRY.code)
        current = self.the_child.name_arabic if self._is_latin else self.the_child.name_latin
        offered = list(dict.fromkeys(filter(None, [current, *self.proposed])))
        self.fields["other_choice"].widget.choices = [
            *((name, name) for name in offered),
            (OWN, _("I write it myself")),
            (UNKNOWN, _("I do not know")),
        ]

    @property
    def the_child(self) -> Child:
        if self.child is None:
            raise ValueError("child: this screen is about one child")
        return self.child

    @property
    def has_name(self) -> bool:
        """Say whether a name is known that another script could be proposed for."""
        return bool(self._written)

    def columns(self) -> Mapping[str, Any]:
        child = self.the_child
        return {
            "given_name": child.given_name or "",
            "family_name": child.family_name or "",
            "other_choice": self._other_known(child),
            "sex": child.sex,
            "birth_date": child.birth_date,
            "age": told(child.age_years, child.age_months),
        }

    def clean_birth_date(self) -> date | None:
        born: date | None = self.cleaned_data["birth_date"]
        if born is None:
            return None
        refuse_hijri(born)
        if born > clock.now().astimezone(zone()).date():
            raise ValidationError(_("This date is in the future. Check the year."))
        if born.year < EARLIEST_YEAR:
            raise ValidationError(_("This day is too long ago. Check the year."))
        return born

    def clean(self) -> dict[str, Any]:
        self._check_birth()
        said = self.cleaned_data
        had = self.initial.get("given_name") or self.initial.get("family_name")
        if had and not (said.get("given_name") or said.get("family_name")) and not self.errors:
            self.add_error("given_name", _("The name cannot be taken back, only corrected."))
        if said.get("other_choice") == OWN and not said.get("other_name") and "other_name" not in self.errors:
            self.add_error("other_name", _("Write the name in the other script, or choose “I do not know”."))
        return said

    def save_columns(self) -> None:
        said, child = self.cleaned_data, self.the_child
        names = self._names()
        if amend(child, "name", names, self.told):
            receiving.renew_tokens(self.case, child)
        if said["sex"] != child.sex:
            amend(child, "sex", {"sex": said["sex"]}, self.told)
        if said["birth_date"] != child.birth_date:
            born = said["birth_date"]
            amend(child, "birth_date", {"birth_date_iso": born.isoformat() if born else ""}, self.told)
        if said["age"] != self.initial["age"]:
            years, months = years_and_months(said["age"])
            age = {"age_years": years, "age_months": months, "age_given_at": clock.now()}
            amend(child, "age", age, self.told)

    @property
    def _written(self) -> str:
        child = self.the_child
        return f"{child.given_name or ''} {child.family_name or ''}".strip()

    @property
    def _is_latin(self) -> bool:
        return not is_arabic(self._written)

    def _other_known(self, child: Child) -> str:
        return (child.name_arabic if self._is_latin else child.name_latin) or ""

    def _names(self) -> dict[str, str]:
        """Return the four columns: as written, and in each script as far as it is known."""
        said = self.cleaned_data
        written = f"{said['given_name']} {said['family_name']}".strip()
        other = {OWN: said["other_name"], UNKNOWN: ""}.get(said["other_choice"], said["other_choice"])
        if not said["other_choice"]:
            other = said["other_name"] or self._other_known(self.the_child)
        arabic, latin = (written, other) if is_arabic(written) else (other, written)
        return {
            "given_name": said["given_name"], "family_name": said["family_name"], "name_latin": latin,
            "name_arabic": arabic,
        }  # fmt: skip

    def _check_birth(self) -> None:
        """Compare birth, age and disappearance; a child is under 18."""
        born, age = self.cleaned_data.get("birth_date"), self.cleaned_data.get("age") or ""
        if born is None:
            return
        day = self.case.last_seen_at.astimezone(zone()).date()
        if born > day:
            self.add_error("birth_date", _("The date of birth is after the day the child was last seen."))
            return
        years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        if years > fields.FIELDS["age"].high:
            says = _("This page is for children under 18. For an adult, call the emergency number.")
            self.add_error("birth_date", says)
            return
        given, _months = years_and_months(age)
        if given is not None and "age" in self.changed_data and abs(given - years) > 1:
            says = _("By this date of birth the age is %(years)s, but the age below says otherwise.")
            self.add_error("birth_date", says % {"years": years})

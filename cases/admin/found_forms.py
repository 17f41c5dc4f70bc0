"""What is asked about a found child, and about whether it is the one of a report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.fields import FIELDS
from cases.forms import declared
from cases.forms.ages import MONTHS_BELOW, AgeField, years_and_months
from cases.forms.ages import told as age_choice
from cases.forms.last_seen import PLACE
from cases.forms.photos import PhotosField
from cases.forms.pictures import PictureChoiceField
from cases.forms.when import MomentPart
from cases.forms.where import WherePart
from cases.forms.words import WordsField, spoken, zone
from cases.found.deciding import MAX_WORDS
from cases.found.filing import FoundTold
from cases.found.sheet import LOOKS
from cases.models import ClosedWhy, FoundChild, FoundMatch
from cases.reported import ReportedPlace
from trust import clock

ACCEPTED = "image/jpeg,image/png,image/webp,image/heic,image/heif"
YEAR = 12
DRESS = ("clothing", "carried", "clothing_note")


def _area(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class FoundForm(MomentPart, WherePart):
    """After is_valid(), told() is what is known of the child. Place, or words for it, and hour are needed."""

    use_required_attribute = False
    is_optional = True  # so no field says so by itself

    sex = PictureChoiceField(listed="sex", label=_("Girl or boy"), required=False)
    age_from = AgeField(label=_("Looks at least this old"), required=False)
    age_to = AgeField(label=_("Looks at most this old"), required=False)
    name_said = WordsField(
        label=_("Name the child says"),
        help_text=_("In any script, as it sounds. Several names with commas between them; a pet name too."),
        max_length=200,
        required=False,
    )
    says_family = WordsField(
        label=_("What the child says about family"), max_length=MAX_WORDS, required=False, widget=_area()
    )
    says_place = WordsField(
        label=_("What the child says about home, school, places"),
        max_length=MAX_WORDS,
        required=False,
        widget=_area(),
    )
    where_now = WordsField(
        label=_("Where the child is now"),
        help_text=_("Shelter, hospital, station; and a phone there."),
        max_length=300,
    )
    taken_in_by = WordsField(label=_("Taken in by"), max_length=200, required=False)
    photo = PhotosField(
        label=_("Photo of the child"),
        help_text=_("For the eyes of officers who compare. It is sealed and never published."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, data: Any = None, files: Any = None, *, found: FoundChild | None = None) -> None:
        self.found = found
        local = clock.now().astimezone(zone())
        now: dict[str, Any] = {"seen_date": local.date(), "seen_time": local.time()}
        super().__init__(data, files, initial=_shown(found) if found else now)
        for name in LOOKS:
            self.fields.update(declared.form_fields(FIELDS[name]))
        self.fields["seen_date"].label = _("Day the child was found")
        self.fields["seen_time"].label = _("Hour the child was found")
        self.fields["last_seen_words"].label = _("Where was the child found?")
        self.fields["last_seen_words"].help_text = _("Quarter, street, school, souk, station.")

    def clean(self) -> dict[str, Any]:
        self.check_moment()
        if self.found is None or PLACE & set(self.changed_data):
            self.check_place()
            if self.last_seen is None and not {"last_seen_words", "place_choice"} & set(self.errors):
                self.add_error("last_seen_words", _("Give the place."))
        low, high = self._months()
        if low is not None and high is not None and low > high:
            self.add_error("age_to", _("This is younger than the age above."))
        return self.cleaned_data

    @property
    def looks(self) -> Iterator[forms.BoundField]:
        return (self[name] for name in LOOKS if name not in DRESS)

    @property
    def dress(self) -> list[forms.BoundField]:
        return [self[name] for name in DRESS]

    @property
    def dress_is_told(self) -> bool:
        return any(field.value() or field.errors for field in self.dress)

    def told(self) -> FoundTold:
        said = self.cleaned_data
        facts = {name: declared.value(FIELDS[name], said) for name in LOOKS}
        low, high = self._months()
        photos = said["photo"]
        return FoundTold(
            found_at=self.seen_at or clock.now(),
            place=self.last_seen or _place(self.found),
            language=spoken(),
            sex=said["sex"],
            age_low_months=low,
            age_high_months=high,
            facts={name: value for name, value in facts.items() if value is not None},
            name_said=said["name_said"],
            says_family=said["says_family"],
            says_place=said["says_place"],
            where_now=said["where_now"],
            taken_in_by=said["taken_in_by"],
            photo=photos[0] if photos else None,
        )

    def _months(self) -> tuple[int | None, int | None]:
        """Return the guess in months, both ends included; one end alone stands for both."""
        ages = [self.cleaned_data.get("age_from") or "", self.cleaned_data.get("age_to") or ""]
        low, high = ages[0] or ages[1], ages[1] or ages[0]
        if not low or not high:
            return None, None
        return _first_month(low), _last_month(high)


class MatchForm(forms.Form):
    """Ask whether it is the same child. of_another_unit: one of the two is read by phone alone."""

    verdict = forms.ChoiceField(label=_("Is it the same child?"), widget=forms.RadioSelect)
    words = WordsField(
        label=_("What decided it?"),
        help_text=_("What was compared, and with whom you spoke."),
        max_length=MAX_WORDS,
        widget=_area(3),
    )
    called = forms.BooleanField(
        label=_("I spoke with the other unit, and we compared what both know"), required=True
    )

    def __init__(self, data: Any = None, *, may_identify: bool, of_another_unit: bool) -> None:
        super().__init__(data)
        answers = [(FoundMatch.Verdict.DIFFERENT, _("Another child. The two are not offered again."))]
        if may_identify:
            same = _("The same child. The case stays open until its officer closes it.")
            answers.insert(0, (FoundMatch.Verdict.SAME, same))
        self.fields["verdict"] = forms.ChoiceField(
            label=self.fields["verdict"].label, choices=answers, widget=forms.RadioSelect
        )
        self.order_fields(["verdict", "words", "called"])
        if not of_another_unit:
            del self.fields["called"]


class FoundCloseForm(forms.Form):
    why = forms.ChoiceField(label=_("Why?"), choices=[("", "—"), *ClosedWhy.choices])
    words = WordsField(label=_("In your words"), max_length=MAX_WORDS, required=False, widget=_area())


class FoundReopenForm(forms.Form):
    words = WordsField(label=_("Why?"), max_length=MAX_WORDS, widget=_area())


def _shown(found: FoundChild) -> dict[str, Any]:
    at = found.found_at.astimezone(zone())
    facts = found.facts or {}
    shown: dict[str, Any] = {
        "seen_date": at.date(), "seen_time": at.time().replace(second=0, microsecond=0, fold=0),
        "last_seen_words": found.place_words or "", "sex": found.sex,
        "age_from": _choice(found.age_low_months), "age_to": _choice(found.age_high_months),
        "name_said": found.name_said or "", "says_family": found.says_family or "",
        "says_place": found.says_place or "", "where_now": found.where_now or "",
        "taken_in_by": found.taken_in_by or "",
    }  # fmt: skip
    for name in LOOKS:
        shown.update(declared.initial(FIELDS[name], facts.get(name)))
    return shown


def _choice(months: int | None) -> str:
    return "" if months is None else age_choice(months // YEAR, months)


def _place(found: FoundChild | None) -> ReportedPlace:
    """Return the place as it stands, where nothing about it was changed."""
    if found is None:
        return ReportedPlace("")
    source = str((found.place_json or {}).get("source", ""))
    return ReportedPlace(found.place_words or "", "", found.point, found.error_m, source)


def _first_month(age: str) -> int:
    years, months = years_and_months(age)
    return months if months is not None else (years or 0) * YEAR


def _last_month(age: str) -> int:
    """Return the last month that the age can mean: "9" is until the day before ten."""
    years, months = years_and_months(age)
    if months is not None:
        return min(months, MONTHS_BELOW)
    return (years or 0) * YEAR + YEAR - 1

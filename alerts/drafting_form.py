"""What an officer types to draft an alert, turned into what alerts.issue takes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from alerts import area_form, composing, facts
from alerts.area_form import AreaForm, Number
from alerts.lint import MOST_LETTERS
from alerts.models import Alert, Version
from cases.models import Case, Child, Photo
from cases.sheet import channel_name
from geo.shapes import Area
from trust import clock

HOUR_S = 3600
DEFAULT_HOURS, MOST_HOURS = 24, 168


class DraftForm(AreaForm):
    """Ask for area, channels, duration, photo and kind; the texts are made from the case."""

    field_order = ("kind", *area_form.FIELDS, "channels", "hours", "tier", "photo")

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Alert.Kind.choices)
    channels = forms.MultipleChoiceField(label=gettext_lazy("Channels"), widget=forms.CheckboxSelectMultiple)
    hours = Number(
        label=gettext_lazy("Duration in hours, from the signature"), min_value=1, max_value=MOST_HOURS
    )
    tier = forms.ChoiceField(
        label=gettext_lazy("When people are told"),
        help_text=gettext_lazy(
            "Choose the day where nothing is lost by waiting: whoever is woken for little turns alerts off. "
            "What would be over by the morning is sent at once."
        ),
        choices=Version.Tier.choices,
        initial=Version.Tier.ALERT,
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, *args: Any, child: Child | None, revising: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sayable = composing.sayable()
        covered = facts.covered(child, sayable, clock.now()) if child else sayable
        offered = [(channel, _named(channel, is_covered=channel in covered)) for channel in sayable]
        self.fields["channels"] = forms.MultipleChoiceField(
            label=_("Channels"), choices=offered, widget=forms.CheckboxSelectMultiple
        )
        self.photos = {str(photo.pk): photo for photo in child.photos.all()} if child else {}
        if child is not None and len(self.photos) > 1:
            self.fields["photo"] = _photo(child.case_id, list(self.photos.values()))
        for code, _name in settings.LANGUAGES:
            self.fields[f"addition_{code}"] = _addition(code)
        self.order_fields(self.field_order)
        if revising:
            del self.fields["kind"]

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        self._clean_additions(told)
        return told

    def _clean_additions(self, told: dict[str, Any]) -> None:
        """A sentence in every language or in none: a reader of one language is told no less than another."""
        names = [f"addition_{code}" for code, _name in settings.LANGUAGES]
        if any(told.get(name) for name in names):
            for name in names:
                if not told.get(name) and name not in self.errors:
                    self.add_error(name, _("Write the sentence in this language too, or in none."))

    @property
    def additions(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"addition_{code}"] for code, _name in settings.LANGUAGES}

    @property
    def chosen(self) -> dict[str, Any]:
        """Return what issue.draft, revise and update take."""
        told = self.cleaned_data
        return {
            "area": told["area"],
            "channels": told["channels"],
            "duration_s": int(told["hours"] * HOUR_S),
            "tier": told["tier"] or Version.Tier.ALERT,
            "photo": self.photos.get(told.get("photo", "")),
            "additions": self.additions,
        }


def _named(channel: str, *, is_covered: bool) -> str:
    """Return the channel's name, and that nothing may be said on it, before it is chosen in vain."""
    name = channel_name(channel)
    return name if is_covered else _("%(channel)s – no consent covers it") % {"channel": name}


def _photo(case_id: Any, photos: list[Photo]) -> forms.ChoiceField:
    """Return the field that asks which photo goes out, each shown beside its number."""
    choices = [(str(photo.pk), _pictured(case_id, photo, n)) for n, photo in enumerate(photos, start=1)]
    return forms.ChoiceField(label=_("Photo"), choices=choices, widget=forms.RadioSelect, required=False)


def _pictured(case_id: Any, photo: Photo, number: int) -> SafeString:
    url = reverse("admin:cases_case_photo", args=[case_id, photo.pk])
    return format_html(
        '<img class="choice" src="{}" alt="" width="{}" height="{}" loading="lazy"> {}',
        url, photo.width, photo.height, _("Photo %(number)s") % {"number": number},
    )  # fmt: skip


def _addition(code: str) -> forms.CharField:
    """Return the field of an officer's sentence in one language, in that language's direction."""
    info = get_language_info(code)
    return forms.CharField(
        label=_("One sentence more: %(language)s") % {"language": info["name_local"]},
        help_text=_(
            "Optional, at most %(count)s characters, in every language or in none. No name, number, address, "
            "health, family matter or suspect."
        )
        % {"count": MOST_LETTERS},
        max_length=MOST_LETTERS,
        required=False,
        widget=forms.Textarea(
            attrs={"rows": 2, "lang": code, "dir": "rtl" if info["bidi"] else "ltr", "data-addition": code}
        ),
    )


def from_case(case: Case, child: Child | None) -> dict[str, Any]:
    """Return what a first draft starts from: the last place seen, the channels consent covers, a day."""
    photo = child.photo if child else None
    sayable = composing.sayable()
    covered = facts.covered(child, sayable, clock.now()) if child else []
    return {
        **area_form.from_case(case),
        "kind": Alert.Kind.ACTUAL,
        "channels": covered or sayable,
        "hours": DEFAULT_HOURS,
        "photo": str(photo.pk) if photo else "",
    }


def from_version(version: Version, duration_s: int | None = None) -> dict[str, Any]:
    """Return what the draft holds, as the form shows it; duration_s: where another one is to start from."""
    photo = version.photo or version.child.photo
    return {
        **area_form.from_area(Area.from_json(version.area)),
        "channels": version.channels,
        "hours": f"{(duration_s or version.duration_s) / HOUR_S:g}",
        "tier": version.tier,
        "photo": str(photo.pk) if photo else "",
        **{f"addition_{code}": words for code, words in (version.additions or {}).items()},
    }

"""The tip itself: one screen, on which nothing is demanded but that something is told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.words import WordsField, spoken
from tips.following import DOOR
from tips.forms.about import AboutPart
from tips.forms.files import FilesPart
from tips.forms.moment import SeenPart
from tips.forms.place import PlacePart
from tips.telling import Told
from trust import formfields

MOST_WORDS = 20_000  # characters: some ten pages
MOST_LINK = 2_000
NOTHING = _("Say what you saw, or add a photo, a video or a recording.")


class TipForm(AboutPart, SeenPart, PlacePart, FilesPart):
    """After is_valid(), told() is what was said."""

    use_required_attribute = False
    is_optional = True  # so no field says so by itself

    words = WordsField(
        label=_("What did you see?"),
        help_text=_("The child, the clothes, who was there, a vehicle, which way. A few words are enough."),
        max_length=MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": False}),
        error_messages={
            "max_length": _("These words are too long: %(show_value)d characters, %(limit_value)d fit.")
        },
    )
    link = WordsField(
        label=_("Link to a post or a video"),
        max_length=MOST_LINK,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "dir": "ltr"}),
    )
    phone = formfields.PhoneField(
        label=_("A number to call you back, only if you wish"),
        help_text=_(
            "With a number you are no longer anonymous to the police: two officers together can read it, "
            "and each look is written down. Without one you still read the answer with your receipt."
        ),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_alerts()
        self.fields["words"].widget.attrs.pop("maxlength", None)  # what was typed is told, never cut silently

    def clean(self) -> dict[str, Any]:
        self.check_files()
        self.check_where()
        self.check_seen()
        self.check_about()
        if not self._is_told():
            self.add_error("attached" if self.lost else "words", " ".join(self.lost_words()) or NOTHING)
        return self.cleaned_data

    def told(self, submission: str, doubts: tuple[str, ...] = ()) -> Told:
        """Return what was said; only after is_valid()."""
        said = self.cleaned_data
        return Told(
            door=DOOR,
            words=said["words"],
            language=spoken(),
            seen_at=self.seen_at,
            seen_error_min=self.seen_error_min,
            place=self.place(),
            alert_id=self.alert.pk if self.alert else None,
            link=said["link"],
            caller=said["phone"],
            uploads=tuple(self.upload_ids),
            submission=submission,
            doubts=doubts,
        )

    def _is_told(self) -> bool:
        names = ("words", "link", "where_words", "lat")
        wrong = {"words", "link", "where_words", "place_choice"} & set(self.errors)
        return bool(wrong or self.upload_ids or any(self.cleaned_data.get(name) for name in names))

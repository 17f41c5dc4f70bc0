"""What a witness adds later: words, a place, files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms.words import WordsField
from cases.thread import MAX_BODY
from tips.forms.files import FilesPart
from tips.forms.place import PlacePart


class AddForm(PlacePart, FilesPart):
    """Take any of the three; say so where there is none."""

    use_required_attribute = False
    is_optional = True

    body = WordsField(
        label=_("Write to the police"),
        max_length=MAX_BODY,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs.pop("maxlength", None)

    def clean(self) -> dict[str, Any]:
        self.check_files()
        self.check_where()
        is_wrong = {"body", "where_words", "place_choice"} & set(self.errors)
        if not (is_wrong or self.upload_ids or self.where or self.cleaned_data.get("body")):
            self.add_error(
                "attached" if self.lost else "body", " ".join(self.lost_words()) or self._nothing()
            )
        return self.cleaned_data

    def _nothing(self) -> str:
        return str(_("Write something, or add a file or a place."))

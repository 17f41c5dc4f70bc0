"""Photos of the child, several at a time; a good one is kept even where another is not one."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image

from cases import receiving
from cases.forms.screen import ScreenForm
from cases.forms.voice import UPLOAD_SAYS
from cases.forms.when import TO_COME, refuse_hijri
from cases.forms.words import DAYS, zone
from cases.media.decode import PictureRefused, decode
from cases.media_words import PHOTO_ADVICE
from cases.models import Case, Child, Photo
from cases.reported import ReportedPhoto
from trust import clock, formfields

SHOWN = 6
# A face from every side, and a face grown older, in some twenty; each original may take 20 MB of the vault.
MOST_PHOTOS = 30  # of one child; officers may add more
THUMBNAIL = (120, 120)
PHOTO_SAYS = {
    "not_a_picture": _("This file is not a photo we can read. Send a JPEG, PNG, WebP or HEIC photo."),
    "too_large": _("This photo is too large: at most 20 MB. Send a smaller one, or a screenshot of it."),
    "too_many_pixels": _("This photo has too many pixels. Send a smaller one, or a screenshot of it."),
    "truncated": _("This photo is damaged or did not arrive whole. Send it again, or another one."),
    "timed_out": _("This photo could not be read in time. Send it again in a minute, or a screenshot of it."),
    "full": _(
        "Thirty photos of this child are kept, and no more can be added here. "
        "Tell the officer if you have a better one."
    ),
    **UPLOAD_SAYS,
}
_WHICH = _("Photo %(number)s: %(says)s")


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


@dataclass(frozen=True)
class Kept:
    """Hold a photo that is there, small, as a data: address."""

    thumbnail: str
    added_at: Any
    taken_on: date | None


class PhotosField(forms.FileField):
    """Read each photo in a process apart; good and advice hold what came of them, even where one fails.

    room is how many more are taken; None takes all.
    """

    widget = SeveralFiles

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_empty_file=True, **kwargs)
        self.good: tuple[ReportedPhoto, ...] = ()  # no lists: every form's field is a shallow copy of one
        self.advice: tuple[Promise | str, ...] = ()
        self.room: int | None = None

    def clean(self, data: Any, initial: Any = None) -> tuple[ReportedPhoto, ...]:
        self.good, self.advice, wrong = (), (), []
        uploads = [file for file in _listed(data) if hasattr(file, "read")]
        for number, upload in enumerate(uploads, 1):
            try:
                self._read(upload)
            except PictureRefused as refused:
                says = PHOTO_SAYS[refused.code]
                several = len(uploads) > 1
                wrong.append(_WHICH % {"number": number, "says": says} if several else says)
        if wrong:
            raise ValidationError([ValidationError(says, code="refused") for says in wrong])
        return self.good

    def _read(self, upload: Any) -> None:
        if getattr(upload, "refused", ""):
            raise PictureRefused(upload.refused)
        if self.room is not None and len(self.good) >= self.room:
            raise PictureRefused("full")
        original = upload.read()
        picture = decode(original)
        photo = ReportedPhoto(original, picture.jpeg, picture.width, picture.height, picture.taken_on)
        self.good = (*self.good, photo)
        self.advice = (*self.advice, *(PHOTO_ADVICE[code] for code in picture.advice))


class PhotosScreen(ScreenForm):
    """Add photos; the day the family says goes before the one the camera says."""

    template_name = "cases/screens/photos.html"

    photos = PhotosField(
        label=_("Photos of the child"),
        help_text=_("Recent ones that show the face. Up to six at a time, 20 MB each."),
        widget=SeveralFiles(attrs={"accept": "image/jpeg,image/png,image/webp,image/heic,image/heif"}),
    )
    taken_on = formfields.DateField(
        label=_("Taken about when?"),
        help_text=_("The day these photos were taken, if you know it: 25/12/2025."),
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"autocomplete": "off", "inputmode": "numeric"}, format="%d/%m/%Y"),
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.fields["photos"]
        if isinstance(asked, PhotosField) and self.told.officer is None and self.files:
            asked.room = max(0, MOST_PHOTOS - Photo.objects.filter(child=self.child).count())

    def clean_taken_on(self) -> date | None:
        day: date | None = self.cleaned_data["taken_on"]
        if day:
            refuse_hijri(day)
        if day and day > clock.now().astimezone(zone()).date():
            raise ValidationError(TO_COME)
        return day

    def keep_files(self) -> None:
        super().keep_files()
        asked = self.fields["photos"]
        if not isinstance(asked, PhotosField) or self.child is None or not asked.good:
            return
        day = self.cleaned_data.get("taken_on")
        with transaction.atomic():
            Case.objects.select_for_update().get(pk=self.case.pk)
            for photo in asked.good:
                self._keep(self.child, replace(photo, taken_on=day or photo.taken_on))

    @property
    def advice(self) -> Sequence[Promise | str]:
        return [*super().advice, *dict.fromkeys(self.fields["photos"].advice)]  # type: ignore[attr-defined]

    def kept_photos(self) -> list[Kept]:
        """Return the newest photos that are there."""
        photos = self._shown_photos().select_related("child")
        newest = photos.order_by("-added_at", "-position")[:SHOWN]
        return [Kept(_thumbnail(photo), photo.added_at, photo.taken_on) for photo in newest]

    def _keep(self, child: Child, photo: ReportedPhoto) -> None:
        """Add the photo unless it is among those shown: the same form may come twice."""
        digest = hashlib.sha256(photo.original).hexdigest()
        if not self._shown_photos().filter(original_sha256=digest).exists():
            position = Photo.objects.filter(child=child).count()
            receiving.add_photo(child, position, photo, clock.now(), self.told.source)

    def _shown_photos(self) -> QuerySet[Photo]:
        """Return the photos to show; to a family never those an officer added: a parent may be the danger."""
        photos = Photo.objects.filter(child=self.child)
        return photos.exclude(source="officer") if self.told.source == "family" else photos


def _listed(data: Any) -> list[Any]:
    return list(data) if isinstance(data, (list, tuple)) else [data]


def _thumbnail(photo: Photo) -> str:
    """Return a small copy of our own clean JPEG as base64; "" where it can no longer be read."""
    clean = photo.clean_bytes()
    if clean is None:
        return ""
    out = BytesIO()
    with Image.open(BytesIO(clean), formats=["JPEG"]) as image:
        image.thumbnail(THUMBNAIL)
        image.save(out, "JPEG", quality=65)
    return base64.b64encode(out.getvalue()).decode()

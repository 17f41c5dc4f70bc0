"""Files of a tip: they have arrived before the form is read, sealed; here stand only their tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.forms.photos import SeveralFiles
from tips.files import uploads
from tips.forms.arriving import FILES, MOST_FILES, VOICE, Arrived

SAYS: dict[str, Promise] = {
    "empty": _("A file was empty and could not be kept. Choose it again."),
    "too_large": _("A file is larger than {most} MB and could not be kept. Send a shorter piece of it."),
    "too_many": _("Thirty files can be kept. Send the others afterwards, with your receipt."),
    "no_room": _("Too much is on its way to us just now to keep a file. Send it later, with your receipt."),
    "not_whole": _("A file did not arrive whole. Choose it again, or send it later with your receipt."),
}
ACCEPT = "image/*,video/*,audio/*"


class ArrivedField(forms.FileField):
    """Return the tuple of Arrived: never a mistake of the field, what was refused says so itself."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> tuple[Arrived, ...]:
        files = data if isinstance(data, (list, tuple)) else [data]
        return tuple(file for file in files if isinstance(file, Arrived))


class FilesPart(forms.Form):
    """Know what has arrived: with this form, or before it."""

    attached = ArrivedField(
        label=_("Photos and videos"),
        help_text=_("Several at once, as they are. They may show where and when they were taken."),
        widget=SeveralFiles(attrs={"accept": ACCEPT, "multiple": True}),
    )
    voice = ArrivedField(label=_("What you saw"), widget=forms.FileInput)

    def check_files(self) -> None:
        """Set upload_ids (whole files), tokens (those to carry along) and lost (codes of SAYS)."""
        came = (*self.cleaned_data.get(FILES, ()), *self.cleaned_data.get(VOICE, ()))
        lost = [file.refused for file in came if file.refused]
        fresh = [file.token for file in came if file.token]
        self.upload_ids, self.tokens = _whole([*self._kept(), *fresh], lost)
        self.lost: tuple[str, ...] = tuple(dict.fromkeys(lost))

    @property
    def kept_tokens(self) -> Sequence[str]:
        """Return the tokens to carry in the page."""
        return getattr(self, "tokens", None) or _whole(self._kept(), [])[1]

    def lost_words(self) -> list[str]:
        """Return, in the reader's language, what became of files that were not kept."""
        most = uploads.MOST_BYTES // 1024**2
        return [str(SAYS[code]).format(most=most) for code in self.lost if code in SAYS]

    def _kept(self) -> list[str]:
        """Return the tokens in the form's fields `kept`, as a script or an earlier page wrote them."""
        source: Any = self.data if self.is_bound else self.initial
        told = source.getlist("kept") if hasattr(source, "getlist") else source.get("kept", [])
        return [str(token)[:100] for token in told][:MOST_FILES]


def _whole(tokens: Sequence[str], lost: list[str]) -> tuple[list[UUID], list[str]]:
    """Return ids and tokens of the uploads that are whole; note what is not, or what nobody knows."""
    ids, known = [], []
    for token in dict.fromkeys(tokens):
        try:
            state = uploads.state(token)
        except uploads.UploadRefused:
            lost.append("not_whole")
            continue
        if not state.is_whole:
            lost.append("not_whole")
            continue
        ids.append(state.id)
        known.append(token)
    if len(ids) > MOST_FILES:
        lost.append("too_many")
    return ids[:MOST_FILES], known[:MOST_FILES]

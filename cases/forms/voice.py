"""A voice note in place of words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.media.voice import VoiceRefused, listen
from cases.media_words import VOICE_ADVICE
from cases.models import Case, VoiceNote
from cases.reported import ReportedVoice

PREFIX = "voice_"
# A family that tells everything by voice answers some forty questions; each note may take 10 MB of the vault.
MOST_NOTES = 60  # from the family, of one report
UPLOAD_SAYS = {
    "too_many": _("Six photos can be sent at once. Send the others afterwards."),
    "no_room": _("These files are too large together. Send some of them now, the others afterwards."),
}
SAYS = {
    **UPLOAD_SAYS,
    "empty": _("This recording is empty. Record it again, or write instead."),
    "not_audio": _("This file is not a recording we can play. Record it here, or write instead."),
    "too_large": _("This recording is too large: at most 10 MB. Record a shorter one, or write instead."),
    "too_long": _("This recording is longer than five minutes. Record a shorter one, or write instead."),
    "truncated": _("This recording is damaged or did not arrive whole. Record it again, or write instead."),
    "timed_out": _("This recording could not be read in time. Send it again in a minute, or write instead."),
    "full": _(
        "Sixty recordings of this report are kept, and no more can be added. "
        "Write instead, or tell the officer who calls you."
    ),
}
NOT_KEPT = _(
    "Your recording could not be kept meanwhile. Record it again just before you send, or write instead."
)


class VoiceField(forms.FileField):
    """Return a ReportedVoice of `answers`, or None; a refusal stands beside the field.

    advice holds what to tell of a note that is kept all the same. Where is_full, none is read any more.
    """

    widget = forms.FileInput

    def __init__(self, answers: str, **kwargs: Any) -> None:
        super().__init__(required=False, allow_empty_file=True, **kwargs)
        self.answers = answers
        self.is_full = False
        self.advice: tuple[Promise, ...] = ()

    def clean(self, data: Any, initial: Any = None) -> ReportedVoice | None:
        self.advice = ()
        if not hasattr(data, "read"):  # a browser without a recording sends an empty name
            return None
        refused = "full" if self.is_full else getattr(data, "refused", "")
        if refused:
            raise ValidationError(SAYS[refused], code=refused)
        original = data.read()
        try:
            heard = listen(original)
        except VoiceRefused as why:
            raise ValidationError(SAYS[why.code], code=why.code) from why
        self.advice = tuple(VOICE_ADVICE[code] for code in heard.advice)
        return ReportedVoice(self.answers, original, heard.mp3, heard.seconds)


def close_when_full(form: forms.Form, case: Case) -> None:
    """Let the recorders of a family's form take nothing more once MOST_NOTES of its report are kept.

    Costs a query where a file came. A form with several recorders may go past the end by the rest of them.
    """
    if form.files and VoiceNote.objects.filter(case=case, source="family").count() >= MOST_NOTES:
        for field in form.fields.values():
            if isinstance(field, VoiceField):
                field.is_full = True

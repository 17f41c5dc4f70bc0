"""A voice note in place of words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.media.voice import VoiceRefused, listen
from cases.reported import ReportedVoice

SAYS = {
    "empty": _("Nothing was recorded. Record it again, or write it."),
    "not_audio": _("This is not a recording we can play. Record it again, or write it."),
    "too_large": _("This recording is too long. Record at most five minutes."),
    "too_long": _("This recording is too long. Record at most five minutes."),
    "truncated": _("This recording did not arrive whole. Record it again."),
    "timed_out": _("This recording took too long to read. Record it again, or write it."),
    "silent": _("Nothing can be heard in this recording. Record it again, closer to the telephone."),
    "no_room": _("This recording did not fit beside the photos. Send it by itself."),
    "too_many": _("One recording at a time."),
}
PREFIX = "voice_"


class VoiceField(forms.FileField):
    """Return a ReportedVoice of `answers`, or None; a refusal stands beside the field."""

    widget = forms.FileInput

    def __init__(self, answers: str, **kwargs: Any) -> None:
        kwargs.setdefault("label", "")
        super().__init__(required=False, allow_empty_file=True, **kwargs)
        self.answers = answers

    def clean(self, data: Any, initial: Any = None) -> ReportedVoice | None:
        if not data or not hasattr(data, "read"):  # a browser without a recording sends an empty name
            return None
        refused = getattr(data, "refused", "")
        if refused:
            raise ValidationError(SAYS[refused], code=refused)
        original = data.read()
        try:
            heard = listen(original)
        except VoiceRefused as why:
            raise ValidationError(SAYS[why.code], code=why.code) from why
        return ReportedVoice(self.answers, original, heard.mp3, heard.seconds)

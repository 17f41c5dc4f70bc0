"""What a family is told of its photos and voice notes. Advice comes with what is kept; it never refuses."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PHOTO_ADVICE = {
    "small": _("This photo is small. It is kept. If you have a larger one, add it too."),
    "blurred": _("This photo is not quite sharp. It is kept. If you have a sharper one, add it too."),
    "dark": _("This photo is dark. It is kept. If you have a brighter one, add it too."),
}
UPLOAD_SAYS = {
    "too_many": _("Six photos can be sent at once. Send the others afterwards."),
    "no_room": _(
        "These files are too large together: 60 MB can be sent at once. Send the others afterwards."
    ),
}
VOICE_SAYS = {
    "empty": _("This recording is empty. Record it again, or write instead."),
    "not_audio": _("This file is not a recording we can play. Record it here, or write instead."),
    "too_large": _("This recording is too large: at most 10 MB. Record a shorter one, or write instead."),
    "too_long": _("This recording is longer than five minutes. Record a shorter one, or write instead."),
    "truncated": _("This recording is damaged or did not arrive whole. Record it again, or write instead."),
    "timed_out": _("This recording took too long to read. Record it again, or write instead."),
}
VOICE_ADVICE = {
    "silent": _("Nothing can be heard in this recording. It is kept. Record it again, closer to the phone."),
    "truncated": _("The end of this recording is missing. What arrived is kept. Record the rest if you can."),
}

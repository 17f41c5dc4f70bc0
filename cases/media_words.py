"""What a family is told of photos and voice notes that were kept: advice, never a refusal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PHOTO_ADVICE = {
    "small": _("This photo is small. It is kept. If you have a larger one, add it too."),
    "blurred": _("This photo is not quite sharp. It is kept. If you have a sharper one, add it too."),
    "dark": _("This photo is dark. It is kept. If you have a brighter one, add it too."),
}
VOICE_ADVICE = {
    "silent": _("Nothing can be heard in this recording. It is kept. Record it again, closer to the phone."),
    "truncated": _("The end of this recording is missing. What arrived is kept. Record the rest if you can."),
}

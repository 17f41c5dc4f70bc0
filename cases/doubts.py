"""What a desk should ask about before it believes a report; nothing here refuses one. Pure words: no rows."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SAID: dict[str, Promise] = {
    "no_work": _("Sent without script: no proof of work came with it."),
    "bad_work": _("The proof of work that came with it was wrong, old or used before."),
    "crowded_network": _("Many reports came from the same network within the hour."),
    "voice_lost": _("The family also sent a recording, which could not be kept: have them tell it again."),
    "contradicted": _("Whoever was called back contradicts the report: find out who is right."),
    "said_only": _("Parts of this report were spoken, not typed: listen to the voice notes."),
}

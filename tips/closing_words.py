"""Why a tip is closed, by the state it is closed with: codes for the log, words for the page."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OTHER = "other"
WITH_WORDS = frozenset({OTHER, "mistaken", "contradicted"})  # codes that say little by themselves
_OTHER = _("another reason, in words")
REASONS: Mapping[str, Mapping[str, Promise]] = {
    "rumour": {
        "no_source": _("nobody can be found who saw it"),
        "passed_on": _("a text that is passed on from one to the next"),
        "contradicted": _("what is known says otherwise"),
        OTHER: _OTHER,
    },
    "old": {
        "older_footage": _("the picture or clip is older"),
        "older_event": _("it happened earlier"),
        "already_found": _("the child was found before that"),
        OTHER: _OTHER,
    },
    "false": {
        "staged": _("the picture or clip was made or altered"),
        "elsewhere": _("the picture or clip is from another place"),
        "made_up": _("it was made up"),
        "mistaken": _("it was another child: seen and spoken with"),
        OTHER: _OTHER,
    },
    "duplicate": {
        "same_witness": _("the same person told it before"),
        "same_file": _("the same file came before"),
        "same_words": _("the same words came before"),
        OTHER: _OTHER,
    },
    "unrelated": {
        "no_child": _("it is not about a child"),
        "not_missing": _("the child is not missing"),
        "other_country": _("it happened in another country"),
        "question": _("a question, which was answered"),
        "advert": _("an advertisement"),
        "joke": _("a joke"),
        "insult": _("an insult"),
        "empty": _("there is nothing to read, see or hear in it"),
        "trial": _("somebody tried whether it works"),
        OTHER: _OTHER,
    },
}

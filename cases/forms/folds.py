"""What a screen shows at once and what it folds, so that every page stays short. Pure words: no rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# screen -> its folded parts: what the summary says, and the fields below it in their order.
FOLDED: Mapping[str, Sequence[tuple[Promise, Sequence[str]]]] = {
    "child": (
        (_("Nickname, languages, place of birth"), ("nickname", "languages_spoken", "speech", "birth_place")),
    ),
    "clothes": ((_("Bag, telephone and other things carried"), ("carried",)),),
    "looks": ((_("Marks: scars, birthmarks, teeth"), ("marks", "marks_note")),),
    "last_seen": (
        (_("How, and which way"), ("transport", "direction", "last_seen_sure")),
        (_("Who may be with the child"), ("companion_note",)),
        (_("A vehicle"), ("vehicle_kind", "vehicle_colour", "vehicle_note")),
        (_("A message, a threat, custody"), ("note_left", "threat", "custody", "custody_note")),
    ),
    "health": (
        (_("A disability or autism, and what helps"), ("disability", "drawn_to", "frightened_by", "calms")),
    ),
    "habits": (
        (_("The child’s week: school, clubs, lessons"), ("routine",)),
        (_("Hobbies"), ("hobby", "hobby_note")),
    ),
}
# screen -> what comes first on the page; the other fields follow in the order of the declaration.
FIRST: Mapping[str, Sequence[str]] = {
    "last_seen": ("circumstances", "companion", "last_seen_by"),
    "habits": ("worry", "worry_note", "earlier"),
}

"""The words of alerts.criteria: verdicts, reasons, and what to ask the family next."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERDICTS: Mapping[str, Promise] = {
    "yes": _("speaks for an alert"),
    "no": _("speaks against"),
    "unknown": _("not known yet"),
}
REASONS: Mapping[str, Promise] = {
    "minor": _("the age given is below 18"),
    "adult": _("the age given is 18 or more"),
    "category_abduction": _("the case is filed as an abduction"),
    "category_lost": _("the case is filed as a child who got lost"),
    "category_runaway": _("the case is filed as a child who left by themselves"),
    "unknown_adult": _("seen with an adult whom the family does not know"),
    "known_adult": _("seen with an adult whom the family knows"),
    "alone": _("seen alone"),
    "note_left": _("a note or message was left"),
    "threat": _("a threat was made"),
    "vehicle": _("a vehicle was seen"),
    "tender_age": _("a child under 12"),
    "health": _("health or disability makes it urgent"),
    "medicine": _("needs medicine within a day"),
    "self_harm": _("spoke of self-harm or of dying"),
    "violence": _("violence, a forced marriage or forced work is feared"),
    "stranger": _("a stranger may be involved"),
    "a_day": _("missing for a day or more"),
    "photo": _("there is a photo"),
    "described": _("looks or clothes are described"),
    "place": _("the place last seen is known"),
    "direction": _("the direction taken is known"),
    "accepted": _("the report was accepted by an officer"),
    "guardian": _("reported by a parent or legal guardian"),
    "not_guardian": _("reported by somebody who is neither parent nor guardian"),
    "spoken": _("an officer spoke with the family"),
    "places_named": _("the family named places"),
    "places_given": _("every named place is checked or given to somebody"),
    "conflict": _("guardians are in conflict, or a court decided on custody"),
    "no_dispute": _("the family says that there is no dispute over custody"),
}
ASK: Mapping[str, Promise] = {
    "decide_yourself": _("Nothing in the case is compared with this question: judge it yourself."),
    "age": _("How old is the child? When was the child born?"),
    "companion": _("Was anybody with the child? Was an unknown adult seen?"),
    "threat": _("Did anybody threaten the child or the family?"),
    "vehicle": _("Was a vehicle seen?"),
    "health": _("Is the child ill, disabled, or in need of a medicine?"),
    "worries": _("Was the child afraid or sad, and of what?"),
    "photo": _("Is there a recent photo?"),
    "clothes": _("What was the child wearing? Height, hair, marks?"),
    "place": _("Where exactly was the child last seen?"),
    "direction": _("Which way did the child go?"),
    "speak": _("Call the family back, on a number that they gave."),
    "who_reports": _("Who are the father, the mother or the legal guardian, and what do they say?"),
    "places": _("Where does the child like to go? Friends, relatives, former homes?"),
    "check_places": _("Have the named places checked, the home first."),
    "custody": _("Is there a dispute over custody, or a court decision?"),
}

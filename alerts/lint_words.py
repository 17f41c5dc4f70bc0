"""The lint's findings in the reader's words: what is wrong, and the way out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from alerts.lint import ADDITION, RELEASED, Finding
from cases.sheet import channel_name

# code -> (what is wrong, the way out)
SENTENCES: Mapping[str, tuple[Promise, Promise]] = {
    "home_address": (
        gettext_lazy("An address of the family"),
        gettext_lazy("Take it out: the place last seen is named from the map."),
    ),
    "like_address": (
        gettext_lazy("This looks like an address"),
        gettext_lazy("Keep it only if nobody of the family lives there."),
    ),
    "family_phone": (
        gettext_lazy("A phone number of the family"),
        gettext_lazy("Take it out: people call the number of the alert."),
    ),
    "other_child": (
        gettext_lazy("The name of another child of this case"),
        gettext_lazy("Take it out: each child has an alert of their own."),
    ),
    "person_named": (
        gettext_lazy("The name of somebody the family told of"),
        gettext_lazy("Take it out: nobody but the child is named."),
    ),
    "like_person": (
        gettext_lazy("A word that is also a name in the file"),
        gettext_lazy("Keep it only if it names nobody."),
    ),
    "plate": (
        gettext_lazy("A number plate"),
        gettext_lazy("Take it out: a plate needs a release by two people."),
    ),
    "vehicle": (
        gettext_lazy("A vehicle"),
        gettext_lazy("Keep it only if it leads to nobody: a vehicle can have an innocent driver hunted."),
    ),
    "health": (
        gettext_lazy("Something about health"),
        gettext_lazy("Take it out: say what people should do, not why."),
    ),
    "family": (
        gettext_lazy("Something about the family’s problems"),
        gettext_lazy("Take it out: it concerns nobody who searches."),
    ),
    "suspect": (
        gettext_lazy("A suspect or companion"),
        gettext_lazy("Take it out: a suspect needs a release by two people."),
    ),
    "photo_other_child": (
        gettext_lazy("The photo belongs to another child"),
        gettext_lazy("Choose a photo of this child."),
    ),
    "photo_sibling": (
        gettext_lazy("The same photo is filed under another child of this case"),
        gettext_lazy("Ask the family whom it shows, and choose a photo of this child."),
    ),
    "photo_consent": (
        gettext_lazy("There is no live consent for the photo"),
        gettext_lazy("Ask a guardian for it, or draft without the photo."),
    ),
    "age_differs": (
        gettext_lazy("An age that is not the child’s"),
        gettext_lazy("Say the age of the case, the same in every language, or none."),
    ),
    "sex_differs": (
        gettext_lazy("A word for the other sex"),
        gettext_lazy("Say girl or boy as in the case, the same in every language."),
    ),
    "date_differs": (
        gettext_lazy("A date or hour that is not that of the case"),
        gettext_lazy("Correct the hour last seen in the case, then draft again."),
    ),
    "name_repeated": (
        gettext_lazy("The child’s name in the free sentence"),
        gettext_lazy("Take it out: the name has a line of its own, which can be taken back."),
    ),
    "foreign_number": (
        gettext_lazy("A number to call that is not ours"),
        gettext_lazy("Take it out: the number of the alert is in every text."),
    ),
    "number_missing": (
        gettext_lazy("The number to call is missing"),
        gettext_lazy("Have the administrator check the number for witnesses."),
    ),
    "digits_differ": (
        gettext_lazy("A number that the other languages do not tell"),
        gettext_lazy(
            "Compare the digits of both scripts: ٢ is 2, ٣ is 3, ٤ is 4, ٥ is 5, ٦ is 6, ٧ is 7, ٨ is 8."
        ),
    ),
    "digits_mixed": (
        gettext_lazy("Digits of two scripts in one number"),
        gettext_lazy("Write the number in one script."),
    ),
    "addition_missing": (
        gettext_lazy("The sentence is missing in a language"),
        gettext_lazy("Write it in every language, or in none."),
    ),
    "addition_long": (
        gettext_lazy("The sentence is too long"),
        gettext_lazy("Shorten it to 160 characters."),
    ),
    "untranslated": (
        gettext_lazy("Words of another language"),
        gettext_lazy("Translate them: a reader of this language would not understand."),
    ),
    "garment": (
        gettext_lazy("A garment or colour in another language"),
        gettext_lazy("Translate it, or enter it in the case, where it is translated by itself."),
    ),
    "markup": (
        gettext_lazy("Code or invisible characters"),
        gettext_lazy("Delete the sentence and type it again, without pasting."),
    ),
    "foreign_link": (
        gettext_lazy("An address that is not ours"),
        gettext_lazy("Take it out: only our own page can be taken back."),
    ),
    "shouting": (
        gettext_lazy("Capitals or marks that shout"),
        gettext_lazy("Write it calmly: it is believed and read more easily."),
    ),
    "expiry_past": (gettext_lazy("The alert would be over at once"), gettext_lazy("Choose a duration.")),
    "expiry_long": (
        gettext_lazy("The alert would live longer than the country allows"),
        gettext_lazy("Choose a shorter duration; it can be issued anew."),
    ),
    "area_empty": (gettext_lazy("The area is empty"), gettext_lazy("Draw it again.")),
    "area_elsewhere": (
        gettext_lazy("The area lies wholly outside the country"),
        gettext_lazy("Check latitude and longitude: they may be exchanged."),
    ),
    "area_large": (
        gettext_lazy("The area is larger than the country"),
        gettext_lazy("Begin nearer: an alert can be widened."),
    ),
    "element_missing": (
        gettext_lazy("Something that every warning should say is missing"),
        gettext_lazy("Ask the family, or their consent, and draft again."),
    ),
}
_AFTER_RELEASE = gettext_lazy("Keep it only if the search cannot do without it: many will read it and act.")
ELEMENT_WORDS: Mapping[str, Promise] = {
    "source": gettext_lazy("who sends it"),
    "event": gettext_lazy("what happened"),
    "description": gettext_lazy("what the child looks like"),
    "place": gettext_lazy("the place last seen"),
    "time": gettext_lazy("the hour last seen"),
    "action": gettext_lazy("what to do"),
    "contact": gettext_lazy("whom to call"),
}


@dataclass(frozen=True)
class Told:
    """Hold a finding as a page shows it."""

    key: str
    is_stop: bool
    what: str
    way_out: str
    where: str
    words: tuple[str, ...]
    language: str


def told(findings: Iterable[Finding]) -> list[Told]:
    return [_told(finding) for finding in findings]


def _told(finding: Finding) -> Told:
    what, way_out = SENTENCES[finding.code]
    return Told(
        finding.key,
        finding.is_stop,
        _detailed(str(what), finding.detail),
        str(_AFTER_RELEASE if finding.detail == RELEASED else way_out),
        _where(finding),
        finding.words,
        finding.language,
    )


def _detailed(what: str, detail: str) -> str:
    if detail == RELEASED:
        return _("%(what)s: two people released it for exactly these words") % {"what": what}
    if detail in ELEMENT_WORDS:
        return _("%(what)s: %(detail)s") % {"what": what, "detail": ELEMENT_WORDS[detail]}
    if len(detail) == 2:
        return _("%(what)s: %(detail)s") % {"what": what, "detail": get_language_info(detail)["name_local"]}
    return what


def _where(finding: Finding) -> str:
    own = {ADDITION: _("your sentence"), "page": _("Public page"), "cap": _("For machines (CAP)")}
    places = [own.get(channel) or channel_name(channel) for channel in finding.channels]
    spoken = [get_language_info(finding.language)["name_local"]] if finding.language else []
    return " · ".join([*spoken, *places])

"""A reason of the machine's, in words for the desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

WORDS: Mapping[str, Promise] = {
    "guess_report": gettext_lazy("Reads like a report that a child is missing: %(words)s"),
    "guess_sighting": gettext_lazy("Reads like a sighting: %(words)s"),
    "guess_offence": gettext_lazy("Reads like another offence: %(words)s"),
    "guess_rumour": gettext_lazy("Reads like hearsay that is passed on: %(words)s"),
    "guess_threat": gettext_lazy("Reads like a threat: %(words)s"),
    "is_dangerous": gettext_lazy("Danger %(danger)s of 100"),
    "danger_blood": gettext_lazy("Blood or an injury: %(words)s"),
    "danger_weapon": gettext_lazy("A weapon: %(words)s"),
    "danger_forced": gettext_lazy("Force: %(words)s"),
    "danger_taken": gettext_lazy("A child taken: %(words)s"),
    "danger_boot": gettext_lazy("The boot of a car: %(words)s"),
    "danger_lifeless": gettext_lazy("Somebody does not move or is unconscious: %(words)s"),
    "danger_water": gettext_lazy("Danger of drowning: %(words)s"),
    "danger_tied": gettext_lazy("Somebody tied or locked up: %(words)s"),
    "danger_sexual": gettext_lazy("Sexual violence: %(words)s"),
    "danger_selfharm": gettext_lazy("Somebody may harm themselves: %(words)s"),
    "danger_fire": gettext_lazy("Fire, a fall or an accident: %(words)s"),
    "danger_beaten": gettext_lazy("Blows: %(words)s"),
    "danger_screaming": gettext_lazy("Screams or calls for help: %(words)s"),
    "danger_crying": gettext_lazy("Tears or fear: %(words)s"),
    "danger_alone": gettext_lazy("A child alone or without care: %(words)s"),
    "danger_stranger": gettext_lazy("Somebody behaves suspiciously: %(words)s"),
    "danger_drugs_near": gettext_lazy("Somebody drunk or drugged: %(words)s"),
    "danger_border": gettext_lazy("A border, a boat or a passport: %(words)s"),
    "danger_now": gettext_lazy("It is happening now: %(words)s"),
    "danger_help": gettext_lazy("The writer asks for help: %(words)s"),
    "danger_report": gettext_lazy("A child may be missing: nobody closes this alone"),
    "danger_threat": gettext_lazy("A threat: nobody closes this alone"),
    "danger_agrees": gettext_lazy("Further witnesses of the danger, copies not counted: %(witnesses)s"),
    "has_pin": gettext_lazy("The place was marked on a map"),
    "names_place": gettext_lazy("The words name a place, known to %(metres)s m"),
    "tells_hour": gettext_lazy("The hour is known"),
    "is_fresh": gettext_lazy("Told %(minutes)s min after it was seen"),
    "is_stale": gettext_lazy("Told %(hours)s h after it was seen"),
    "has_photo": gettext_lazy("A photo came along"),
    "has_video": gettext_lazy("A video came along"),
    "has_audio": gettext_lazy("A voice message came along"),
    "old_footage": gettext_lazy("The picture or clip is known to be old or false"),
    "taken_before": gettext_lazy("The file says that it was made earlier than is told"),
    "taken_after": gettext_lazy("The file says that it was made later than is told"),
    "taken_elsewhere_km": gettext_lazy("The file says that it was made elsewhere"),
    "edited_by": gettext_lazy("The file was made or changed by a program for editing"),
    "agrees": gettext_lazy("Others tell the same by themselves, copies not counted: %(witnesses)s"),
    "is_copy": gettext_lazy("It passes on what an earlier tip holds"),
    "is_empty": gettext_lazy("It has neither words nor a file"),
    "names_alert": gettext_lazy("It is about an alert"),
    "by_officer": gettext_lazy("An officer wrote it down"),
}
_FROM: Mapping[str, Promise] = {
    "last": gettext_lazy("%(km)s km from the last place, %(minutes)s min later"),
    "last_before": gettext_lazy("%(km)s km from the last place, %(minutes)s min before"),
    "last_unknown": gettext_lazy("%(km)s km from the last place, the hour is not known"),
    "sighting": gettext_lazy("%(km)s km from another sighting, %(minutes)s min later"),
    "sighting_before": gettext_lazy("%(km)s km from another sighting, %(minutes)s min before"),
    "sighting_unknown": gettext_lazy("%(km)s km from another sighting, the hour is not known"),
}
_BY: Mapping[str, Promise] = {
    "on_foot": gettext_lazy("on foot"), "bicycle": gettext_lazy("by bicycle"),
    "motorbike": gettext_lazy("by motorbike"), "car": gettext_lazy("by car"), "taxi": gettext_lazy("by taxi"),
    "bus": gettext_lazy("by bus"), "tram": gettext_lazy("by tram"), "train": gettext_lazy("by train"),
    "shared_taxi": gettext_lazy("by shared taxi"), "minibus": gettext_lazy("by minibus"),
    "truck": gettext_lazy("by lorry"), "metro": gettext_lazy("by metro"), "boat": gettext_lazy("by boat"),
    "plane": gettext_lazy("by plane"), "tuktuk": gettext_lazy("by tuk-tuk"), "cart": gettext_lazy("by cart"),
    "hitchhiking": gettext_lazy("by hitch-hiking"),
}  # fmt: skip
_DECIMALS = {"km": 1}


def reason(code: str, values: Mapping[str, Any]) -> str:
    """Return the sentence of one of Tip.reasons in the active language; a code without words shows itself."""
    if code.startswith("reach_"):
        return _reached(code.removeprefix("reach_"), values)
    words = WORDS.get(code)
    return str(words) % _Shown(values) if words is not None else code


def _reached(known: str, values: Mapping[str, Any]) -> str:
    """Return "3.2 km from the last place, 14 min later, on foot: no"."""
    minutes, answer = values.get("minutes"), values.get("answer")
    if minutes is None:
        return str(_FROM[f"{known}_unknown"]) % _Shown(values)
    kind = f"{known}_before" if minutes < 0 else known
    said = str(_FROM[kind]) % _Shown({**values, "minutes": abs(minutes)})
    how = str(_BY.get(str(values.get("transport")), values.get("transport")))
    if answer == "by_vehicle":
        return _("%(said)s, on foot: no, by car: yes") % {"said": said}
    if answer == "no":
        return _("%(said)s, %(how)s: no") % {"said": said, "how": how}
    return _("%(said)s, %(how)s: yes") % {"said": said, "how": how}


class _Shown(dict[str, Any]):
    """Show numbers as the active language writes them, and nothing for a value that is not there."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__({name: _number(name, value) for name, value in values.items()})

    def __missing__(self, name: str) -> str:
        return ""


def _number(name: str, value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return number_format(value, decimal_pos=_DECIMALS.get(name, 0), force_grouping=False)

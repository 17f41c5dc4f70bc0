"""A place as people say it: found offline or kept as words, never the middle of a city unasked."""

from __future__ import annotations

from dataclasses import dataclass

from cases import geocoder
from cases.fields import FIELDS
from cases.reported import ReportedPlace
from geo import spoken
from geo.gazetteer import Gazetteer, Place
from geo.points import Point

KEEP_WORDS = "words"
SUGGESTIONS = 5


@dataclass(frozen=True)
class Suggestion:
    """Hold a known place that the words may mean; value is what the form sends back."""

    value: str
    place: Place
    town: Place | None = None

    def label(self, language: str) -> str:
        """Return the place's name with its town where the name does not say it: "Bettana, Salé"."""
        name = self.place.label(language)
        town = self.town.label(language) if self.town else ""
        comma = "، " if language == "ar" else ", "
        return name if not town or town in name else f"{name}{comma}{town}"


class UnknownPlace(Exception):  # noqa: N818  (a question to the family, not a fault)
    """The words name no one place: ask which, or whether to keep the words."""

    def __init__(self, suggestions: tuple[Suggestion, ...]) -> None:
        super().__init__("unknown_place")
        self.suggestions = suggestions


def resolve(words: str, gazetteer: Gazetteer, *, choice: str = "", field: str = "") -> ReportedPlace:
    """Return the place that the words, or the reader's choice among the suggestions, name.

    choice is "", KEEP_WORDS or the value of a suggestion; field is as in suggest(). Raise UnknownPlace when
    the words alone do not do.
    """
    if choice == KEEP_WORDS:
        return ReportedPlace(words)
    chosen = _chosen(words, gazetteer, choice) if choice else None
    if chosen:
        return chosen
    found = spoken.understand(words, gazetteer)
    if found is None:
        raise UnknownPlace(suggest(words, gazetteer, field=field))
    return _placed(words, found)


def resolve_quietly(words: str, gazetteer: Gazetteer) -> ReportedPlace:
    """Return the place where the words name exactly one, else the words alone. No server is ever asked."""
    found = spoken.understand(words, gazetteer)
    return _placed(words, found) if found else ReportedPlace(words)


def named(words: str, place: Place) -> ReportedPlace:
    """Return the place that the reader chose for these words."""
    return _placed(words, spoken.Understood(place, spoken.says_near(words)))


def label(found: ReportedPlace, gazetteer: Gazetteer, language: str) -> str:
    """Return the name of the place that was found, of the nearest to any other point, "" for words alone."""
    if found.point is None:
        return ""
    here = next((place for place in gazetteer.places if place.point == found.point), None)
    return (here or gazetteer.nearest(found.point)).label(language)


def suggest(words: str, gazetteer: Gazetteer, *, field: str = "") -> tuple[Suggestion, ...]:
    """Return a few places that the words may mean, likeliest first.

    Where field names the entry of cases.fields that is being told, the force's geocoder is asked for what our
    lists do not know (up to 3 s; for a restricted field only if the force allows it). "" asks nobody.
    """
    known = [_suggestion(place, gazetteer) for place in spoken.candidates(words, gazetteer, SUGGESTIONS)]
    far = [Suggestion(geocoder.sealed(place), place) for place in _asked(words, field)]
    few = known[: max(2, SUGGESTIONS - len(far))] if far else known
    return tuple((*few, *far)[:SUGGESTIONS])


def _asked(words: str, field: str) -> list[Place]:
    if not field:
        return []
    return geocoder.found(words, restricted=FIELDS[field].data_class == "restricted")


def _chosen(words: str, gazetteer: Gazetteer, choice: str) -> ReportedPlace | None:
    sealed = geocoder.opened(choice)
    if sealed:
        point, error_m = sealed
        return ReportedPlace(words, point=point, error_m=error_m, source="geocoder")
    offered = spoken.candidates(words, gazetteer, SUGGESTIONS)
    place = next((place for place in offered if _value(place.point) == choice), None)
    return named(words, place) if place else None


def _suggestion(place: Place, gazetteer: Gazetteer) -> Suggestion:
    town = gazetteer.resolve(place.towns[0]) if place.towns else None
    return Suggestion(_value(place.point), place, town)


def _placed(words: str, found: spoken.Understood) -> ReportedPlace:
    return ReportedPlace(words, point=found.place.point, error_m=round(found.error_m), source="gazetteer")


def _value(point: Point) -> str:
    return f"{point.lat:.5f},{point.lon:.5f}"

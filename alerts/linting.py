"""What the lint needs, gathered from the case and the draft; and its findings kept with a version."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import shapely
from django.conf import settings

from alerts import facts, releasing
from alerts.composing import CARRIES_PHOTO, Composed, compose
from alerts.lint import Draft, Finding, Ground, Photo, Secrets, Text, lint, strings
from alerts.models import Version
from cases import vocabulary
from cases.models import Case, Child
from cases.models import Photo as StoredPhoto
from geo.shapes import Area

HOME_KINDS = frozenset({"home", "former_home", "relative", "friend", "other_parent"})
WHAT_DESCRIBES = frozenset(
    {"clothing", "hair", "eyes", "build", "height", "weight", "marks", "photo", "carried"}
)


def findings(version: Version, composed: Composed, at: datetime) -> tuple[Finding, ...]:
    """Return what the lint finds in the draft now (some ten queries). composed: what it would say."""
    return lint(gather(version, composed, at))


def to_json(finding: Finding) -> dict[str, object]:
    return {**asdict(finding), "key": finding.key}


def from_json(told: Mapping[str, Any]) -> Finding:
    return Finding(
        told["code"], told["severity"], told["language"], tuple(told["channels"]), tuple(told["words"]),
        told["detail"],
    )  # fmt: skip


def gather(version: Version, composed: Composed, at: datetime) -> Draft:
    """Return the draft as the lint asks for it. Nothing of the case leaves it but what the texts hold."""
    alert, child = version.alert, version.child
    case, frame = alert.case, facts.frame(alert)
    known = facts.known(case, child, version.photo, at)
    country = settings.COUNTRY
    additions = dict(version.additions or {})
    return Draft(
        messages=tuple(_texts(_without_sentence(version, at) if additions else composed)),
        languages=tuple(code for code, _name in settings.LANGUAGES),
        number=settings.TIP_NUMBER,
        additions=additions,
        names=tuple(dict.fromkeys([*known.name.values(), *_names(child)])),
        places=tuple(known.place.values()),
        known_words=(*frame.agency.values(), frame.code, settings.SITE_NAME),
        age=known.age,
        months=known.months,
        sex=known.sex,
        seen_at=known.seen_at.astimezone(ZoneInfo(case.agency.time_zone)) if known.seen_at else None,
        elements=_elements(composed),
        photo=_photo(version, composed, at),
        ground=_ground(Area.from_json(version.area)),
        duration=timedelta(seconds=version.duration_s),
        longest=timedelta(hours=country.longest_h),
        numbers=(
            *(line.number for line in country.emergency),
            *(number for agency in country.agencies for number in agency.numbers),
            settings.EMERGENCY_NUMBER,
        ),
        hosts=(settings.PUBLIC_URL.split("//")[-1].split("/")[0].casefold(),),
        secrets=secrets_of(case, child),
        released=releasing.released(version, at),
    )


def _without_sentence(version: Version, at: datetime) -> Composed:
    """Return what the facts alone would say: the officer's sentence is looked at by itself.

    Made anew, for a sentence of one digit, cut out of the texts, would hide a number plate from the rules.
    """
    bare = copy(version)
    bare.additions = None
    return compose(bare, at)


def _texts(composed: Composed) -> Iterator[Text]:
    for language, channels in composed.texts.items():
        for channel, words in channels.items():
            yield Text(language, channel, "\n".join(strings(words)))


def _names(child: Child) -> list[str]:
    told = (child.given_name, child.family_name, child.name_latin, child.name_arabic)
    return [name for name in told if name]


def _elements(composed: Composed) -> frozenset[str]:
    """Return what the page says; who sends, what happened, what to do and whom to call it always does."""
    used = set(composed.fields_used.get("page", ()))
    return frozenset(
        {"source", "event", "action", "contact"}
        | ({"description"} if used & WHAT_DESCRIBES else set())
        | ({"place"} if "last_seen_place" in used else set())
        | ({"time"} if "last_seen_at" in used else set())
    )


def _photo(version: Version, composed: Composed, at: datetime) -> Photo | None:
    shown = [c for c, fields in composed.fields_used.items() if c in CARRIES_PHOTO and "photo" in fields]
    if version.photo is None or not shown:
        return None
    others = StoredPhoto.objects.filter(child__case=version.alert.case_id).exclude(child=version.child_id)
    same = others.filter(original_sha256=version.photo.original_sha256) | others.filter(
        clean_sha256=version.photo.clean_sha256
    )
    return Photo(
        is_of_child=version.photo.child_id == version.child_id,
        is_of_sibling=same.exists(),
        has_consent=all("photo" in facts.allowed(version.child, c, at, for_new=True) for c in shown),
    )


def _ground(area: Area) -> Ground:
    if not area.shapes or area.planar.is_empty:
        return Ground(is_empty=True)
    country = shapely.union_all([polygon.planar for polygon in settings.COUNTRY.outlines.country_polygons])
    return Ground(
        is_in_country=bool(area.planar.intersects(country)),
        is_larger_than_country=bool(area.planar.area > country.area),
    )


def secrets_of(case: Case, child: Child) -> Secrets:
    """Return what no text may hold, of the case and of all its children (a query a kind)."""
    told = [*_rows(case)]
    places = list(case.places.all())
    reporter = case.reporter or {}
    details = [place.details or {} for place in places]
    values = _by_field(told)
    return Secrets(
        addresses=tuple(
            _filled([reporter.get("address"), *(p.words for p in places if p.kind in HOME_KINDS)])
        ),
        phones=tuple(
            _filled(
                [
                    reporter.get("phone"),
                    *(detail.get("phone") for detail in details),
                    *values.get("child_phone", ()),
                    *(row.get("reach") for rows in values.get("contacts", ()) for row in rows),
                ]
            )
        ),
        people=tuple(
            _filled(
                [
                    reporter.get("name"),
                    *(detail.get("person") for detail in details),
                    *(row.get("who") for rows in values.get("contacts", ()) for row in rows),
                    *((consent.guardian or {}).get("name") for consent in case.consents.all()),
                ]
            )
        ),
        siblings=tuple(_filled(_siblings(case, child))),
        plates=tuple(_filled(values.get("vehicle_note", ()))),
        health=tuple(
            _filled([*_words(values, "health", "medicine"), *_labels(values, "health_now", "disability")])
        ),
        family=tuple(
            _filled([*_words(values, "worry_note", "custody_note"), *_labels(values, "worry", "custody")])
        ),
        companion=tuple(_filled(_words(values, "companion_note", "vehicle_note", "last_seen_by"))),
    )


def _rows(case: Case) -> Iterator[tuple[str, Any]]:
    for sheet in case.sheets.all():
        for name, entries in (sheet.entries or {}).items():
            for entry in entries:
                if entry["value"] is not None:
                    yield name, entry["value"]


def _by_field(told: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for name, value in told:
        found.setdefault(name, []).append(value)
    return found


def _words(values: Mapping[str, list[Any]], *names: str) -> list[str]:
    return [value for name in names for value in values.get(name, ())]


def _labels(values: Mapping[str, list[Any]], *names: str) -> list[str]:
    """Return in every language the words of the codes that somebody chose."""
    codes = [
        (name, code)
        for name in names
        for value in values.get(name, ())
        for code in ([value] if isinstance(value, str) else value)
        if code not in ("none", "unknown", "other")
    ]
    return [vocabulary.label(name, code, spoken) for name, code in codes for spoken, _n in settings.LANGUAGES]


def _siblings(case: Case, child: Child) -> list[str | None]:
    others = [other for other in case.children.all() if other.pk != child.pk]
    return [name for other in others for name in (other.given_name, *_given(other))]


def _given(other: Child) -> list[str]:
    """Return the first word of each whole name: the family's name is the child's own as well."""
    return [name.split()[0] for name in (other.name_latin, other.name_arabic) if name and name.split()]


def _filled(told: Iterable[Any]) -> list[str]:
    return [text for text in told if isinstance(text, str) and text.strip()]

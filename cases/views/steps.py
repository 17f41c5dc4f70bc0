"""The way through the screens of one case: which are told, which comes next, which matters most."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases import fields
from cases.forms.screens import PER_CHILD, SCREENS, TITLES
from cases.forms.words import spoken
from cases.models import Case, Child, Consent, Facts, Photo, Place, VoiceNote

# What finds a child soonest: a face, where to look, what to look for.
URGENT = (
    "photos", "places", "clothes", "child", "health", "last_seen", "looks", "consent", "you", "phones",
    "habits",
)  # fmt: skip
WHY: dict[str, Promise] = {
    "photos": _("A face is recognised sooner than a name."),
    "places": _("Most children are found at home, at a friend’s or at a relative’s."),
    "clothes": _("What people see first from afar."),
    "child": _("Family name, girl or boy, date of birth."),
    "health": _("Medicine, illness, disability: what is urgent."),
    "last_seen": _("What happened, with whom, which way."),
    "looks": _("Height, hair, eyes, marks."),
    "consent": _("Without your yes, nothing is published."),
    "you": _("Your name, and how you are related to the child."),
    "phones": _("The child’s telephone, accounts, contacts."),
    "habits": _("School, clubs, hobbies, what changed."),
}


@dataclass(frozen=True)
class Step:
    """Hold one screen of the case; child is None for a screen asked once."""

    screen: str
    child: Child | None
    number: int  # of the child, from 1
    name: str  # of the child, where there are several
    is_told: bool

    @property
    def title(self) -> Promise:
        return TITLES[self.screen]

    @property
    def why(self) -> Promise:
        return WHY[self.screen]

    @property
    def url(self) -> str:
        if self.number > 1:
            return reverse("cases:screen_of_child", args=[self.screen, self.number])
        return reverse("cases:screen", args=[self.screen])


def steps(case: Case) -> tuple[Step, ...]:
    """Return every screen of the case in the order of the form (six queries)."""
    children = [child for child in case.children.all() if not child.is_adopted]
    told = _Told(case)
    return tuple(step for screen in SCREENS for step in _of_screen(screen, children, told))


def by_urgency(some: Iterable[Step]) -> list[Step]:
    return sorted(some, key=lambda step: (URGENT.index(step.screen), step.number))


def _of_screen(screen: str, children: list[Child], told: _Told) -> Iterable[Step]:
    if screen not in PER_CHILD:
        return [Step(screen, None, 1, "", told.has(screen, None))]
    several = len(children) > 1
    return [
        Step(screen, child, number, _name(child, number) if several else "", told.has(screen, child))
        for number, child in enumerate(children, 1)
    ]


def _name(child: Child, number: int) -> str:
    return child.name(spoken()) or str(_("Child %(number)s") % {"number": number})


class _Told:
    """Know what there is of a case without opening what is sealed."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.groups: set[tuple[UUID | None, str]] = set(
            Facts.objects.filter(case=case).values_list("child_id", "group")
        )
        self.notes: set[tuple[UUID | None, str]] = set(
            VoiceNote.objects.filter(case=case).values_list("child_id", "field")
        )
        # What an officer added does not show on a family's pages, not even by a tick.
        photos = Photo.objects.filter(child__case=case).exclude(source="officer")
        self.photos = set(photos.values_list("child_id", flat=True))
        self.consents = set(Consent.objects.filter(case=case).values_list("child_id", flat=True))
        self.places = Place.objects.filter(case=case).exclude(source="officer").exists()

    def has(self, screen: str, child: Child | None) -> bool:
        owner = child.pk if child else None
        if screen == "child" and child:
            return bool(child.sex)
        if screen == "photos":
            return owner in self.photos
        if screen == "consent" and child:
            return child.counted.pk in self.consents
        if screen == "places":
            return self.places or (None, "places") in self.notes
        if screen == "you":
            return bool((self.case.reporter or {}).get("relation"))
        asked = [field for field in fields.on_screen(screen) if not field.columns]
        said = any((owner, field.group) in self.groups for field in asked)
        return said or any((owner, field.name) in self.notes for field in asked)

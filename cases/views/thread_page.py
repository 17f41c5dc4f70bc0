"""What the page of a thread shows: lines, recordings, and every consent of the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from cases import consent_text, thread
from cases.forms import MessageForm
from cases.forms.words import spoken
from cases.models import Case, Child, Consent, VoiceNote
from cases.moment import offset
from cases.rights import TASK as ERASURE
from cases.standing import milestones, stands
from cases.views import key
from trust import clock
from trust.models import Task


@dataclass(frozen=True)
class Line:
    author: str
    words: str
    at: datetime


@dataclass(frozen=True)
class Recording:
    length: str  # minutes:seconds
    at: datetime


@dataclass(frozen=True)
class Given:
    """Hold one consent as its guardian reads it; state is live, asked, refused or over."""

    pk: str
    state: str
    what: tuple[str, ...]
    where: tuple[str, ...]
    given_at: datetime
    until: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True)
class ChildPart:
    """Hold what the page offers for one child: consents that count, and the screens to tell more."""

    name: str
    number: int
    consents: tuple[Given, ...]
    consent_url: str
    photos_url: str


def context(case: Case, form: MessageForm) -> dict[str, Any]:
    """Return what thread.html shows (about twelve queries, and four a child)."""
    now, working = clock.now(), case.standing
    asked = Task.objects.still_open().filter(kind=ERASURE, subject=working.pk, detail_code=case.as_joined)
    return {
        "case": case,
        "stands": stands(case),
        "unit": working.unit,
        "milestones": milestones(case),
        "lines": [Line(one.author, thread.words(one), one.at) for one in thread.entries(case.pk)],
        "recordings": [Recording(_length(note), note.added_at) for note in _notes(case)],
        "children": list(_children(case, now)),
        "is_open": working.is_open,
        "erasure_asked": asked.exists() and not working.conflict,
        "key": key.field(case),
        "form": form,
        "offset": offset(now, working.unit.agency.zone),
    }


def _notes(case: Case) -> list[VoiceNote]:
    return list(VoiceNote.objects.filter(case=case))


def _length(note: VoiceNote) -> str:
    minutes, seconds = divmod(round(note.seconds), 60)
    return f"{minutes}:{seconds:02d}"


def _children(case: Case, now: datetime) -> Iterator[ChildPart]:
    own = [child for child in case.children.all() if not child.is_adopted]
    several = len(own) > 1
    for number, child in enumerate(own, 1):
        yield ChildPart(
            name=child.name(spoken()) if several else "",
            number=number,
            consents=tuple(_given(case, child, now)),
            consent_url=_screen("consent", number),
            photos_url=_screen("photos", number),
        )


def _screen(name: str, number: int) -> str:
    if number == 1:
        return reverse("cases:screen", args=[name])
    return reverse("cases:screen_of_child", args=[name, number])


def _given(case: Case, child: Child, now: datetime) -> Iterator[Given]:
    """Yield what this report's own guardians allow for the child, else the last word that was said."""
    rows = list(Consent.objects.filter(case=case, child=child.counted))
    live = [row for row in rows if row.is_live(now) and not row.is_refusal]
    labels = dict(consent_text.field_choices())
    channels = {channel.code: channel.label for channel in consent_text.channels()}
    for row in live or rows[-1:]:
        yield Given(
            pk=str(row.pk),
            state=_state(row, now),
            what=tuple(labels.get(name, name) for name in row.fields),
            where=tuple(channels.get(code, code) for code in row.channels),
            given_at=row.given_at,
            until=row.until,
            ended_at=row.withdrawn_at,
        )


def _state(row: Consent, now: datetime) -> str:
    if row.is_refusal:
        return "refused"
    if not row.is_live(now):
        return "over"
    return "asked" if row.withdrawal_asked_at else "live"

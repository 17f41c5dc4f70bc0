"""Who told a thing and when, as the page of a case says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from cases.models import Amendment, Case, FiledHow
from cases.sheet import words
from cases.sheet.rows import Typists
from trust.models import Officer

LATER = timedelta(minutes=2)  # typed in as it was said, or afterwards
_OF_REPORT = {FiledHow.WEB: "family", FiledHow.PAPER: "paper", FiledHow.POST: "post", FiledHow.TIP: "tip"}


@dataclass(frozen=True)
class Reader:
    """Hold who looks, in which zone and at what time."""

    officer: Officer
    zone: ZoneInfo
    now: datetime

    def hour(self, at: datetime) -> str:
        return words.hour(at, self.zone)


@dataclass(frozen=True)
class Said:
    """Hold one value in words, with its source; language: of free text, "" for codes."""

    words: str
    source: str
    language: str = ""

    @property
    def language_name(self) -> str:
        return str(dict(settings.LANGUAGES).get(self.language, self.language))


def of_entry(case: Case, entry: Mapping[str, Any], typists: Typists, reader: Reader) -> str:
    """Return the source of an entry of a document: "the family · 4 March 16:30"."""
    at = datetime.fromisoformat(entry["at"])
    entered = datetime.fromisoformat(entry["entered_at"]) if entry.get("entered_at") else None
    source = entry.get("source", "family")
    typist = typists.name(case.pk, entered or at) if source != "family" else ""
    return line(source, typist, at, entered, reader)


def of_report(case: Case, reader: Reader) -> str:
    """Return the source of what stood in the report when it came."""
    late = case.received_at - case.reported_at > LATER
    typist = str(case.filed_by) if case.filed_by else ""
    source = _OF_REPORT.get(FiledHow(case.filed_how), "assisted")
    return line(source, typist, case.reported_at, case.received_at if late else None, reader)


def of_amendment(change: Amendment, reader: Reader) -> str:
    return line(change.source, str(change.officer or ""), change.at, None, reader)


def line(source: str, typist: str, at: datetime, entered: datetime | None, reader: Reader) -> str:
    parts = [by(source, typist), reader.hour(at)]
    if entered:
        parts.append(_("entered %(hour)s") % {"hour": reader.hour(entered)})
    return " · ".join(parts)


def by(source: str, typist: str) -> str:
    """Return who told; source: one of cases.telling.SOURCES, "post", "tip"; typist: a name or ""."""
    typist = words.isolated(typist)
    if source == "family":
        return _("the family")
    if source == "officer":
        return typist or _("an officer")
    if source == "post":
        return _("a post on a social network, noted by %(officer)s") % {"officer": typist or _("an officer")}
    if source == "tip":
        said = _("a tip from the public, taken up by %(officer)s")
        return said % {"officer": typist or _("an officer")}
    if source == "paper":
        return _("on paper, typed by %(officer)s") % {"officer": typist} if typist else _("on paper")
    if typist:
        return _("the family, typed by %(officer)s") % {"officer": typist}
    return _("the family, typed by an officer")

"""The nouns of a case file."""

from __future__ import annotations

from cases.models.case import Case, CaseQuerySet, CaseState, MoveRefused
from cases.models.child import Child, NameToken
from cases.models.consent import Consent
from cases.models.draft import PhotoDraft
from cases.models.facts import Facts
from cases.models.photo import Photo
from cases.models.place import Place
from cases.models.thread import ThreadEntry

__all__ = [
    "Case", "CaseQuerySet", "CaseState", "Child", "Consent", "Facts", "MoveRefused", "NameToken", "Photo",
    "PhotoDraft", "Place", "ThreadEntry",
]  # fmt: skip

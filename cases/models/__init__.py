"""The nouns of a case file."""

from __future__ import annotations

from cases.models.amendment import Amendment
from cases.models.capture import Network, SeenPost
from cases.models.case import Case, CaseQuerySet, CaseState, FiledHow, MoveRefused
from cases.models.check import PlaceCheck
from cases.models.child import Child, NameToken
from cases.models.consent import Consent
from cases.models.draft import VoiceDraft
from cases.models.facts import Facts
from cases.models.found import ClosedWhy, FoundChild, FoundMatch, FoundState, FoundToken
from cases.models.photo import Photo
from cases.models.place import Place
from cases.models.resemblance import Resemblance
from cases.models.sighting import Sighting
from cases.models.step_count import StepCount
from cases.models.thread import ThreadEntry
from cases.models.transfer import Transfer
from cases.models.verification import CallBack, VerificationOverride
from cases.models.voice import VoiceNote

__all__ = [
    "Amendment", "CallBack", "Case", "CaseQuerySet", "CaseState", "Child", "ClosedWhy", "Consent", "Facts",
    "FiledHow", "FoundChild", "FoundMatch", "FoundState", "FoundToken", "MoveRefused", "NameToken",
    "Network", "Photo", "Place", "PlaceCheck", "Resemblance", "SeenPost", "Sighting", "StepCount",
    "ThreadEntry", "Transfer", "VerificationOverride", "VoiceDraft", "VoiceNote",
]  # fmt: skip

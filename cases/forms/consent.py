"""A guardian's yes or no for one child: which fields, on which channels, until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import consent_text, consenting
from cases.forms.pictures import PictureChoiceField
from cases.forms.screen import ScreenForm
from cases.forms.voice import VoiceField
from cases.forms.words import WordsField
from cases.forms.you import SPOKEN_NAME
from cases.models import Consent
from cases.receiving import AUTHORITY
from cases.reported import ConsentGiven, Reporter
from cases.telling import amend
from trust import clock

ALL, SOME, NONE = "all", "some", "none"
PARENT, PARENTS = "parent", ("mother", "father")
A_MOMENT = timedelta(minutes=1)
TICK = _("Tick at least one, or choose “No” above.")


class ConsentScreen(ScreenForm):
    """Ask field by field; an answer of somebody without authority is none, and the page says so."""

    template_name = "cases/screens/consent.html"
    KNOWS_WHO = True  # name and relation are not asked again once they are known
    NO_RELATION = _("Say who you are to the child.")
    NO_NAME = _("Give your name, or say it: a permission has one.")

    relation = PictureChoiceField(listed="relation", label=_("You are"))
    guardian = WordsField(label=_("Your name"), max_length=120, required=False)
    voice_reporter = VoiceField(SPOKEN_NAME, label=_("Your name"))
    authority = PictureChoiceField(
        listed="authority", label=_("By what right do you decide for the child?"), required=False
    )
    answer = forms.ChoiceField(
        label=_("Do you allow this?"),
        widget=forms.RadioSelect,
        choices=[
            (ALL, _("Yes, all of it, on all the channels named here")),
            (SOME, _("Yes, but only what I tick below")),
            (NONE, _("No")),
        ],
        required=False,
    )
    allowed = forms.MultipleChoiceField(
        label=_("What may be published"), widget=forms.CheckboxSelectMultiple, required=False
    )
    channels = forms.MultipleChoiceField(
        label=_("Where it may be published"), widget=forms.CheckboxSelectMultiple, required=False
    )
    until = forms.ChoiceField(
        label=_("Until when?"), widget=forms.RadioSelect, choices=list(consent_text.UNTIL.items()),
        required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["relation"].required = False  # see clean()
        channels = [(channel.code, channel.label) for channel in consent_text.channels()]
        self.fields["allowed"].choices = consent_text.field_choices()  # type: ignore[attr-defined]
        self.fields["channels"].choices = channels  # type: ignore[attr-defined]  # boxes have them

    def columns(self) -> Mapping[str, Any]:
        who = self.case.reporter or {}
        return {"relation": who.get("relation", ""), "guardian": who.get("name", ""), "until": "found"}

    @property
    def text(self) -> str:
        return consent_text.text()

    @property
    def newest(self) -> Consent | None:
        """Return the child's newest answer in this report: a joined one may be another guardian's."""
        if self.child is None:
            return None
        relation = self.initial["relation"]
        known = Consent.objects.filter(case=self.case, child=self.child.counted, relation=relation)
        return known.order_by("-given_at").first()

    @property
    def is_no_guardian(self) -> bool:
        """Say whether whoever reported told us that they are no parent and no guardian."""
        relation = self.initial["relation"]
        return bool(relation) and relation not in AUTHORITY

    @property
    def is_name_spoken(self) -> bool:
        """Say whether a voice note says who gives the permission: not everybody writes."""
        if getattr(self, "cleaned_data", {}).get("voice_reporter"):
            return True
        return self.case.voice_notes.filter(field=SPOKEN_NAME).exists()

    @property
    def asks_authority(self) -> bool:
        """Say whether to ask by what right: a mother or a father is asked nothing more."""
        return self.initial["relation"] not in PARENTS

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        for name in ("relation", "guardian"):
            if self.KNOWS_WHO and not said.get(name) and name not in self.errors:
                said[name] = self.initial[name]
        if not said.get("answer"):
            return said
        if not said.get("relation") and "relation" not in self.errors:
            self.add_error("relation", self.NO_RELATION)
        if not said.get("guardian") and "guardian" not in self.errors and not self.is_name_spoken:
            self.add_error("guardian", self.NO_NAME)
        if said["answer"] == SOME:
            for name in ("allowed", "channels"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, TICK)
        return said

    def save_columns(self) -> None:
        said = self.cleaned_data
        former = self.case.reporter or {}
        now = {**former, "relation": said["relation"], "name": said["guardian"]}
        amend(self.case, "reporter", {"reporter": now}, self.told)
        if not said["answer"] or self.child is None:
            return
        known = {name: now.get(name, "") for name in ("name", "phone", "relation", "email", "document")}
        given = self.given()
        if not self._is_said_twice(given):
            consenting.give(self.child, Reporter(**known), given)

    def given(self) -> ConsentGiven:
        """Return the answer with the exact words that were shown."""
        said, now = self.cleaned_data, clock.now()
        names, channels = said["allowed"], said["channels"]
        if said["answer"] == ALL:
            names = [name for name, _label in consent_text.field_choices()]
            channels = [channel.code for channel in consent_text.channels()]
        if said["answer"] == NONE:
            names, channels = [], []
        return ConsentGiven(
            fields=tuple(names),
            channels=tuple(channels),
            text=consent_text.text(),
            text_version=consent_text.VERSION,
            language=self.told.language,
            authority=said["authority"] or (PARENT if said["relation"] in PARENTS else ""),
            until=consent_text.ends_at(said["until"], now) if names else None,
        )

    def _is_said_twice(self, given: ConsentGiven) -> bool:
        """Say whether the same answer came a moment ago: a double click is one answer."""
        newest = self.newest
        if newest is None or newest.withdrawn_at or clock.now() - newest.given_at > A_MOMENT:
            return False
        same = set(newest.fields) == set(given.fields) and set(newest.channels) == set(given.channels)
        return same and (newest.until is None) == (given.until is None)

    @property
    def stays(self) -> bool:
        """Stay once to say that the answer of somebody else than a guardian is not a permission."""
        return bool(self.cleaned_data.get("answer")) and self.cleaned_data["relation"] not in AUTHORITY

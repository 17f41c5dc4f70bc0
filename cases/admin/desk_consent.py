"""A guardian's yes or no that an officer hears, or types from a signed paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cases import consenting
from cases.forms.consent import A_MOMENT, ConsentScreen
from cases.forms.words import WordsField
from cases.models import Consent
from cases.reported import ConsentGiven, Reporter
from trust import clock, formfields


class DeskConsentScreen(ConsentScreen):
    """Ask who says it, and keep how: heard by which officer, before whom, in which language, when.

    Whoever consents may be somebody else than whoever reported, and is asked each time.
    """

    template_name = "admin/cases/case/consent_fields.html"
    KNOWS_WHO = False  # both stand in the form: one that is cleared is not taken from the report
    NO_RELATION = _("Say who this person is to the child.")
    NO_NAME = _("Give the name of whoever says yes or no.")

    phone = formfields.PhoneField(label=_("Phone of the guardian"), required=False)
    document = WordsField(
        label=_("Identity document shown"), help_text=_("Kind and number."), max_length=120, required=False
    )
    witness = WordsField(
        label=_("Witness"),
        help_text=_("Who else heard it or saw the signature: name and, of an officer, number."),
        max_length=160,
        required=False,
    )
    text_language = forms.ChoiceField(
        choices=settings.LANGUAGES, widget=forms.HiddenInput, required=False
    )  # the one that was shown to be read aloud

    def columns(self) -> Mapping[str, Any]:
        who = self.case.reporter or {}
        told = {"phone": who.get("phone", ""), "document": who.get("document", "")}
        return {**super().columns(), **told, "text_language": self.told.language}

    @property
    def text(self) -> str:
        with override(self.shown_language):
            return super().text

    @property
    def shown_language(self) -> str:
        if self.is_bound:
            return str(self.data.get("text_language") or self.told.language)
        return self.told.language

    @property
    def is_paper(self) -> bool:
        return self.told.source == "paper"

    @property
    def is_no_guardian(self) -> bool:
        return False  # another than whoever reported may be asked

    @property
    def asks_authority(self) -> bool:
        return True

    def save_columns(self) -> None:
        said = self.cleaned_data
        if not said["answer"] or self.child is None:
            return
        who = Reporter(
            name=said["guardian"],
            phone=said["phone"],
            relation=said["relation"],
            document=said["document"],
        )
        given = self.given()
        if not self._is_said_twice(given):
            consenting.give(self.child, who, given)

    def given(self) -> ConsentGiven:
        how = Consent.How.PAPER if self.is_paper else Consent.How.ORAL
        with override(self.shown_language):
            plain = super().given()
        return replace(
            plain,
            how=how,
            language=self.shown_language,
            given_at=self.told.said_at,
            heard_by=self.told.officer,
            witness=self.cleaned_data["witness"],
        )

    def _is_said_twice(self, given: ConsentGiven) -> bool:
        """Ask the same of what was typed in a moment ago, whenever it was said."""
        if self.child is None:
            return False
        typed = Consent.objects.filter(child=self.child.counted, relation=self.cleaned_data["relation"])
        newest = typed.order_by("-entered_at", "-given_at").first()
        if newest is None or newest.withdrawn_at:
            return False
        typed_at = newest.entered_at or newest.given_at
        same = set(newest.fields) == set(given.fields) and set(newest.channels) == set(given.channels)
        return same and newest.heard_by_id is not None and clock.now() - typed_at <= A_MOMENT

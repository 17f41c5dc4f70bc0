"""The first minute: who is missing, since when and where, and a phone to call back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases import voice_drafts
from cases.forms.ages import AgeField, years_and_months
from cases.forms.voice import NOT_KEPT, VoiceField
from cases.forms.when import AgoPart
from cases.forms.where import WherePart
from cases.forms.words import HiddenWords, WordsField, is_arabic, spoken
from cases.reported import Report, ReportedChild, ReportedPlace, ReportedVoice, Reporter
from trust import clock, formfields

MAX_CHILDREN = 6
SAID_ONLY = "said_only"
NO_PHONE = _("Give a phone number, so that the police can call you back.")


class StartForm(AgoPart, WherePart):
    """After is_valid(), report() is what was said. A voice note may stand for name, age, place and hour."""

    template_name = "cases/start_fields.html"
    use_required_attribute = False
    is_optional = True  # so no field says so by itself

    phone = formfields.PhoneField(
        label=_("Your phone"),
        help_text=_("The police call you back on this number at once."),
        error_messages={"required": NO_PHONE},
    )
    children = HiddenWords(most=2)
    voice_start = VoiceField("start", label=_("Name, age, place and time"))
    voice_draft = HiddenWords(most=400)

    voice: ReportedVoice | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ago"].required = False  # unless nothing was spoken: see clean()
        told = self.data.get("children") if self.is_bound else self.initial.get("children")
        self.count = _count(told)
        for number in range(1, self.count + 1):
            label = _("Name of the child") if number == 1 else _("Name of another child")
            self.fields[f"name_{number}"] = WordsField(label=label, max_length=160, required=False)
            self.fields[f"age_{number}"] = AgeField(label=_("Age"), required=False)
        rows = [f"{name}_{number}" for number in range(1, self.count + 1) for name in ("name", "age")]
        self.order_fields(["voice_start", *rows, "last_seen_words", "place_choice", "ago"])

    def clean(self) -> dict[str, Any]:
        token = self.cleaned_data.get("voice_draft", "")
        self.voice = self.cleaned_data.get("voice_start") or (voice_drafts.take(token) if token else None)
        self.check_ago()
        self.check_place()
        if self.voice is None:
            self._need_words()
        return self.cleaned_data

    def one_more(self) -> StartForm:
        """Return the form with everything typed, room for another child, and nothing called wrong yet."""
        typed = {name: self.data.get(name) for name in self.data}
        return StartForm(initial={**typed, "children": min(self.count + 1, MAX_CHILDREN)})

    def child_rows(self) -> Iterator[tuple[forms.BoundField, forms.BoundField]]:
        return ((self[f"name_{number}"], self[f"age_{number}"]) for number in range(1, self.count + 1))

    def say_not_kept(self) -> None:
        """Say beside the recorder that the note must be made again; also on a form nobody has sent yet."""
        self.errors["voice_start"] = self.error_class([str(NOT_KEPT)])

    @property
    def takes_more(self) -> bool:
        return self.count < MAX_CHILDREN

    def report(self, submission: str, **more: Any) -> Report:
        """Return what was said; more: filed_by, filed_how, reported_at, doubts. Only after is_valid()."""
        doubts = (*more.pop("doubts", ()), *((SAID_ONLY,) if self.voice else ()))
        return Report(
            language=spoken(),
            children=tuple(self._children()) or (ReportedChild(""),),
            last_seen_at=self.seen_at or clock.now(),
            last_seen=self.last_seen or ReportedPlace(""),
            reporter=Reporter(phone=self.cleaned_data["phone"]),
            voices=(self.voice,) if self.voice else (),
            facts={} if self.seen_at else {"last_seen_sure": "unsure"},
            submission=submission,
            doubts=doubts,
            **more,
        )

    def _need_words(self) -> None:
        if not any(self._told(number) for number in range(1, self.count + 1)):
            self._say("name_1", _("Give the name, or say it in a recording."))
        for number in range(1, self.count + 1):
            name, age = self._told(number) or ("", "")
            if age and not name:
                self._say(f"name_{number}", _("Give the name of this child, or say it in a recording."))
            elif name and not age:
                self._say(f"age_{number}", _("Choose the age. A guess is fine."))
        if not self.last_seen:
            self._say("last_seen_words", _("Give the place, or say it in a recording."))
        if not self.seen_at:
            self._say("ago", self.fields["ago"].error_messages["required"])

    def _say(self, name: str, words: Any) -> None:
        """Add a mistake unless the question has one already."""
        same = {"last_seen_words": {"place_choice"}, "ago": {"seen_date", "seen_time", "fold"}}
        if not ({name} | same.get(name, set())) & set(self.errors):
            self.add_error(name, words)

    def _told(self, number: int) -> tuple[str, str] | None:
        told = self.cleaned_data.get(f"name_{number}", ""), self.cleaned_data.get(f"age_{number}", "")
        return told if any(told) else None

    def _children(self) -> Iterator[ReportedChild]:
        for number in range(1, self.count + 1):
            name, age = self._told(number) or ("", "")
            if name or age:
                years, months = years_and_months(age)
                arabic, latin = (name, "") if is_arabic(name) else ("", name)
                yield ReportedChild(
                    name, name_latin=latin, name_arabic=arabic, age_years=years, age_months=months
                )


def _count(told: Any) -> int:
    text = str(told or "")
    return min(max(int(text), 1), MAX_CHILDREN) if text.isdecimal() and len(text) < 3 else 1

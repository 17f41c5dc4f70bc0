"""The form on which a statement is written, its languages side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from alerts.models import Statement
from alerts.statements.drafting import MOST_BODY, MOST_TITLE, MOST_WORDS
from cases.forms.words import DAYS, WordsField
from trust import formfields

WRITTEN = [(kind.value, kind.label) for kind in Statement.Kind if kind != Statement.Kind.COMMUNIQUE]


@dataclass(frozen=True)
class Column:
    """Hold the two fields of one language."""

    code: str
    name: str
    direction: str
    title: forms.BoundField
    body: forms.BoundField


class StatementForm(forms.Form):
    """Ask for the kind, what is refuted, what proves it, and the words in every language."""

    kind = forms.ChoiceField(label=_("What is it about?"), choices=[("", "—"), *WRITTEN])
    link = forms.CharField(
        label=_("Address of what is refuted"),
        help_text=_("One on each line. It is kept sealed, never shown to the public and never opened."),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr"}),
    )
    words = WordsField(
        label=_("Words of what is refuted"),
        help_text=_("Paste them as they are shared: people who paste the same will find the statement."),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    evidence_words = WordsField(
        label=_("What proves it"),
        help_text=_("For whoever signs. The public never reads it."),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Any = None, *, row: Statement | None = None) -> None:
        super().__init__(data, initial=_initial(row))
        if row is not None and row.kind == Statement.Kind.COMMUNIQUE:
            for name in ("kind", "link", "words"):
                del self.fields[name]
        for code, _name in settings.LANGUAGES:
            about = get_language_info(code)
            direction = "rtl" if about["bidi"] else "ltr"
            self.fields[f"title_{code}"] = WordsField(label=_("Title"), max_length=MOST_TITLE, required=False)
            self.fields[f"body_{code}"] = WordsField(
                label=_("Text"), max_length=MOST_BODY, required=False, widget=forms.Textarea({"rows": 9})
            )
            for part in ("title", "body"):
                self.fields[f"{part}_{code}"].widget.attrs.update({"lang": code, "dir": direction})

    def head(self) -> Iterator[forms.BoundField]:
        """Yield the fields that belong to no language."""
        return (self[name] for name in ("kind", "link", "words", "evidence_words") if name in self.fields)

    def columns(self) -> Iterator[Column]:
        for code, _name in settings.LANGUAGES:
            about = get_language_info(code)
            direction = "rtl" if about["bidi"] else "ltr"
            yield Column(code, about["name_local"], direction, self[f"title_{code}"], self[f"body_{code}"])

    @property
    def told(self) -> dict[str, Any]:
        """Return what was written, as alerts.statements takes it."""
        said = self.cleaned_data
        texts = {
            code: {"title": said[f"title_{code}"], "body": said[f"body_{code}"]}
            for code, _name in settings.LANGUAGES
        }
        plain: tuple[str, ...] = ("kind", "link", "words", "evidence_words")
        told: dict[str, Any] = {name: said[name] for name in plain if name in said}
        return {**told, "texts": texts}


class PeriodForm(forms.Form):
    """Ask what a communiqué covers: days of the agency's zone, both counted."""

    first = formfields.DateField(
        label=_("First day"),
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    last = formfields.DateField(
        label=_("Last day"),
        input_formats=DAYS,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        first, last = said.get("first"), said.get("last")
        if first and last and first > last:
            raise ValidationError(_("The last day is before the first."))
        return said


class FindForm(forms.Form):
    """Ask for what somebody was sent."""

    pasted = forms.CharField(
        label=_("Paste the link or the words of the rumour"),
        max_length=2 * MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


def _initial(row: Statement | None) -> dict[str, str]:
    if row is None:
        return {}
    told = {
        "kind": row.kind,
        "link": row.refuted_link or "",
        "words": row.refuted_words or "",
        "evidence_words": row.evidence_words or "",
    }
    for code, said in (row.texts or {}).items():
        told |= {f"title_{code}": said.get("title", ""), f"body_{code}": said.get("body", "")}
    return told

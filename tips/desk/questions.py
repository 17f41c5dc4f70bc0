"""The six questions of verification, asked on every tip and kept on it.

Provenance, source, date, location and motivation are the five pillars of First Draft's guide to verifying
what people send (Urbani, "Verifying online information", 2019); corroboration is the rule of the Berkeley
Protocol (OHCHR, 2022) and of Bellingcat's handbooks: nothing stands on one witness alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.forms.words import WordsField
from tips.models import Tip
from tips.permission import TRIAGE, hold
from trust import audit, clock, desk
from trust.models import Officer

MOST_WORDS = 500
ANSWERS = [
    ("", _("Not asked yet")),
    ("yes", _("Confirmed")),
    ("unsure", _("Not sure")),
    ("no", _("Does not hold")),
]

audit.declare({"tip.checked": "an officer answered questions of verification on a tip"})


@dataclass(frozen=True)
class Question:
    """Hold one question: what is asked, and how it is found out."""

    code: str
    asked: Promise
    how: Promise


QUESTIONS = (
    Question(
        "source",
        _("Who saw it themselves?"),
        _("Ask whoever wrote: did you see it, or were you told or sent it? By whom? Go back to the first."),
    ),
    Question(
        "provenance",
        _("Is it the original?"),
        _("The first post or the camera’s own file, not a copy. See what it is like, and what it says."),
    ),
    Question(
        "date",
        _("When exactly?"),
        _("The day and the hour of the event, not of the post. Light, shadows, weather, what was on."),
    ),
    Question(
        "location",
        _("Where exactly?"),
        _("A street, a shop, a stop. Compare signs and buildings in the picture with the place named."),
    ),
    Question(
        "motivation",
        _("Why do they tell it, and why now?"),
        _("A quarrel, a reward, fear, a wish to be followed. Does what was worn fit what few know?"),
    ),
    Question(
        "corroboration",
        _("What else confirms it?"),
        _("Somebody else who does not know them, a camera, a ticket. Copies of one post count once."),
    ),
)  # fmt: skip


class QuestionsForm(forms.Form):
    """Ask all six, each with an answer and words; what is left out stays as it was."""

    def __init__(self, tip: Tip, data: Any = None) -> None:
        super().__init__(data, prefix="q")
        told: Mapping[str, Any] = tip.questions or {}
        for question in QUESTIONS:
            known = told.get(question.code) or {}
            self.fields[question.code] = forms.ChoiceField(
                label=str(question.asked), help_text=str(question.how), choices=ANSWERS, required=False,
                initial=known.get("answer", ""),
            )  # fmt: skip
            self.fields[f"{question.code}_words"] = WordsField(
                label=_("Note"), required=False, max_length=MOST_WORDS, initial=known.get("words", "")
            )

    def rows(self, notes: Mapping[str, str]) -> list[dict[str, Any]]:
        """Return the questions with their fields; notes: who answered each, and when."""
        return [
            {
                "question": question, "answer": self[question.code], "words": self[f"{question.code}_words"],
                "note": notes.get(question.code, ""),
            }
            for question in QUESTIONS
        ]  # fmt: skip


def keep(tip: Tip, officer: Officer, told: Mapping[str, str]) -> bool:
    """Keep what was answered anew, with who and when; return whether anything changed.

    Raise TipRefused: no_permission, not_yours, erased.
    """
    with transaction.atomic():
        held = hold(tip, officer, TRIAGE)
        known = dict(held.questions or {})
        changed = False
        for question in QUESTIONS:
            answer, words = told.get(question.code, ""), told.get(f"{question.code}_words", "")
            before = known.get(question.code) or {}
            if (answer, words) == (before.get("answer", ""), before.get("words", "")):
                continue
            known[question.code] = {
                "answer": answer, "words": words, "by": str(officer.pk), "at": clock.now().isoformat(),
            }  # fmt: skip
            changed = True
        if changed:
            held.questions = known
            held.save(update_fields=["questions"])
            audit.record("tip.checked", held, actor=officer)
    return changed


def notes(tip: Tip, officer: Officer) -> dict[str, str]:
    """Return who answered each question and when, in words (one query)."""
    told = {code: answer for code, answer in (tip.questions or {}).items() if answer.get("at")}
    names = {
        str(pk): name
        for pk, name in Officer.objects.filter(
            pk__in={answer["by"] for answer in told.values()}
        ).values_list("pk", "display_name")
    } if told else {}  # fmt: skip
    zone = desk.zone_of(officer)
    return {
        code: " · ".join(
            (
                f"\u2068{names.get(answer['by'], '—')}\u2069",
                desk.moment(datetime.fromisoformat(answer["at"]), zone),
            )
        )
        for code, answer in told.items()
    }


def answered(tip: Tip) -> int:
    """Return how many of the six have an answer."""
    return sum(bool((answer or {}).get("answer")) for answer in (tip.questions or {}).values())

"""What the pages of calls and finds have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from tips.calls import alike
from tips.calls.alike import Line
from tips.calls.forms import HeardPart
from tips.intake import Entered
from trust import secrets
from trust.desk import officer_of
from trust.models import Officer

RIGHT = "tips.take_call"


@dataclass(frozen=True)
class Receipt:
    """Hold what is read out to a caller: it is shown once."""

    reference: str
    words: str
    digits: str
    language: str


def demand(request: HttpRequest) -> Officer:
    """Return the officer; 403 without the right to write down calls."""
    officer = officer_of(request)
    if not officer.has_perm(RIGHT):
        raise PermissionDenied
    return officer


def receipt(entered: Entered, language: str) -> Receipt:
    """Return the receipt as words of the caller's language and as digits."""
    number = int("".join(entered.secret.split()))
    return Receipt(entered.reference, secrets.Secret(number).words(language), entered.secret, language)


def alike_to(form: HeardPart, officer: Officer) -> list[Line]:
    """Return who told the same as what stands in the form, however far it is filled in."""
    form.is_valid()
    said = form.cleaned_data
    told = alike.telling(said.get("told_words", ""), form.place, form.at, said.get("link", ""))
    return alike.find(told, officer, form.alert_id)


def show(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    whole = {**admin.site.each_context(request), **context}
    return TemplateResponse(request, template, whole, status=status)

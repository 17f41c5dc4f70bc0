"""Reference and secret, shown once, and typed again as proof that they were noted.

The secret goes along sealed in the page's own form, so that a wrong word can be shown beside the right one.
The database holds a hash of it alone; the tip itself has been kept before any of this.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_variables

from cases.forms.words import spoken
from cases.views import carry
from tips import following
from tips.forms import ReceiptForm, TipForm
from tips.forms.receipt import compare, is_same
from tips.intake import Entered
from tips.views import key
from tips.views.page import witness_page
from trust import clock
from trust.secrets import Secret, SecretError, normalise_secret

PURPOSE = "receipt"
SHOWN_AGAIN_FOR = timedelta(hours=1)  # later whoever holds this form may be somebody else


@dataclass(frozen=True)
class Held:
    """What the page carries sealed."""

    tip: UUID
    reference: str
    secret: Secret = field(repr=False)

    def sealed(self) -> str:
        values = QueryDict(mutable=True)
        values.update({"tip": str(self.tip), "called": self.reference, "number": self.secret.digits})
        return carry.seal(values, PURPOSE)


@sensitive_variables()
def show(request: HttpRequest, entered: Entered, form: TipForm) -> HttpResponse:
    """Show the receipt of a tip that has just been kept."""
    told = {"lost": form.lost_words(), "place": form.where, "place_label": form.place_label}
    if entered.repeated and clock.now() - entered.tip.received_at > SHOWN_AGAIN_FOR:
        return render(request, "tips/receipt.html", {**told, "reference": entered.reference})
    held = Held(entered.tip.pk, entered.reference, _secret(entered.secret))
    return _words(request, held, **told, repeated=entered.repeated)


@witness_page
@sensitive_variables()
def noted(request: HttpRequest) -> HttpResponse:
    """Take the secret typed again: right, wrong with the difference shown, or skipped."""
    held = _held(request.POST.get("held", "")) if request.method == "POST" else None
    if held is None:
        return redirect("tips:follow")
    act = request.POST.get("act", "")
    if act == "again":
        return _words(request, held)
    if act == "skip":
        return _done(request, held, skipped=True)
    if act != "check":
        return _ask(request, held)
    typed = request.POST.get("typed", "")
    if not is_same(typed, held.secret):
        return _ask(request, held, typed=typed)
    following.note(held.tip)
    return _done(request, held)


def _words(request: HttpRequest, held: Held, **told: object) -> HttpResponse:
    context = {
        "reference": held.reference,
        "words": held.secret.words(spoken()),
        "digits": held.secret.digits,
        "held": held.sealed(),
        **told,
    }
    return render(request, "tips/receipt.html", context)


def _ask(request: HttpRequest, held: Held, *, typed: str = "") -> HttpResponse:
    tried = request.POST.get("act") == "check"
    context = {
        "form": ReceiptForm(),
        "reference": held.reference,
        "held": held.sealed(),
        "is_wrong": tried,
        "compared": compare(typed, held.secret, spoken()) if tried and typed.strip() else [],
    }
    return render(request, "tips/retype.html", context, status=422 if tried else 200)


def _done(request: HttpRequest, held: Held, *, skipped: bool = False) -> HttpResponse:
    tip = following.again(held.tip)
    context = {"reference": held.reference, "skipped": skipped, "key": key.field(tip) if tip else ""}
    if skipped:
        context["held"] = held.sealed()
    return render(request, "tips/noted.html", context)


def _held(text: str) -> Held | None:
    """Return what the page carried; None for what is not ours, or is too old."""
    values = carry.unseal(text, PURPOSE)
    if values is None:
        return None
    try:
        number = int(normalise_secret(values.get("number", "")))
        return Held(UUID(values.get("tip", "")), values.get("called", ""), Secret(number))
    except (SecretError, ValueError):
        return None


def _secret(digits: str) -> Secret:
    return Secret(int(normalise_secret(digits)))

"""The blank form, to print."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases import paper


@require_safe
def blank(request: HttpRequest) -> HttpResponse:
    """Show the form on paper in the language of the address."""
    return render(request, "cases/paper.html", {"paper": paper.form()})

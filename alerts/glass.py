"""What alerts show through broken glass: whoever opened a case in an emergency reads its alerts too.

Every page that acts asks for the row in the officer's scope, which knows of no emergency.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from cases.admin.doors import say_until_when
from cases.models import Case
from trust import break_glass
from trust.desk import officer_of
from trust.scope import ScopedQuerySet

Row = TypeVar("Row", bound=Model)


def row_to_read(request: HttpRequest, rows: ScopedQuerySet[Row], pk: object, case_path: str) -> Row:
    """Return a row in the officer's scope, or of a case opened in an emergency, then only for a look.

    404 beyond both. case_path: the way from the row to its case ("case", "alert.case"). Two queries.
    """
    officer = officer_of(request)
    row = get_object_or_404(rows.for_officer(officer, to_read=True), pk=pk)
    if not rows.for_officer(officer).filter(pk=pk).exists():
        case = row
        for step in case_path.split("."):
            case = getattr(case, step)
        assert isinstance(case, Case)
        break_glass.read_through(officer, case)
        if _is_page(request):
            say_until_when(request, case)
    return row


def _is_page(request: HttpRequest) -> bool:
    """Say whether words are shown: not where a picture is asked for, nor by the script of a page."""
    match = request.resolver_match
    is_file = match is not None and (match.url_name or "").endswith(("_photo", "_scan"))
    return not is_file and not request.headers.get("X-Poll")

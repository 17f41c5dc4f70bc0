"""A found child and a report beside each other: what an officer sees of each, and the answer to both."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cases.admin.doors import REFUSALS, page_url, sentence
from cases.admin.found_forms import MatchForm
from cases.desk import Panel
from cases.found import deciding, matching, sheet
from cases.models import Case, CaseState, FoundChild, FoundMatch, FoundState, MoveRefused, Photo
from cases.sheet import rows
from cases.sheet.compare import Line
from cases.sheet.sources import Reader
from trust import audit, clock, desk
from trust.desk import ReadOnlyAdmin, officer_of
from trust.models import Officer, Unit

CLOSE_AS = "found_safe"
desk.TASK_WORDS.update(
    {
        matching.TASK: _("A found child may be the one of a report: compare them"),
        deciding.TO_CLOSE: _(
            "A found child was identified as the one of this case: tell the family, close it"
        ),
    }
)
REFUSALS.setdefault("no_unit", _("Your account belongs to no unit. Ask your administrator."))
REFUSALS.setdefault("no_words", _("Say why."))


@dataclass(frozen=True)
class MatchLine:
    """Hold one match as one side may see it; reasons stand only where both sides are in scope.

    other and other_url: reference of the other side and its page, "" where it is another unit's.
    """

    pk: UUID
    band: str
    verdict: str
    other: str
    other_url: str
    unit: Unit
    phone: str
    holder: str
    reasons: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    words: str = ""


def found_url(found: FoundChild) -> str:
    return reverse("admin:cases_foundchild_change", args=[found.pk])


def lines_of(found: FoundChild, officer: Officer) -> list[MatchLine]:
    """Return the reports that may be of the child, undecided first (two queries)."""
    rows = list(found.matches.select_related("case__unit__agency", "case__owner"))
    known = _in_scope(Case, officer, [row.case_id for row in rows])
    return _sorted(
        _line(row, row.case, row.case.unit, row.case.owner, known=row.case_id in known) for row in rows
    )


def case_panel(case: Case, officer: Officer) -> Panel | None:
    """Return the found children who may be the one of the case, or None (three queries at most)."""
    matches = FoundMatch.objects.filter(case=case).exclude(found__state=FoundState.CLOSED)
    rows = list(matches.select_related("found__unit__agency"))
    if not rows:
        return None
    known = _in_scope(FoundChild, officer, [row.found_id for row in rows])
    lines = _sorted(
        _line(row, row.found, row.found.unit, None, known=row.found_id in known)
        for row in rows
        if row.verdict or row.found.is_open
    )
    return Panel(
        "admin/cases/found/panel.html",
        {
            "case": case,
            "lines": lines,
            "identified": [line for line in lines if line.verdict == FoundMatch.Verdict.SAME],
            "close_url": f"{reverse('admin:cases_case_close', args=[case.pk])}?outcome={CLOSE_AS}",
            "may_close": case.state in (CaseState.REVIEW, CaseState.OPEN)
            and officer.has_perm("cases.close_case"),
        },
    )


def _in_scope(model: type[Case] | type[FoundChild], officer: Officer, wanted: list[UUID]) -> set[UUID]:
    right = "cases.view_case" if model is Case else "cases.view_foundchild"
    if not wanted or not officer.has_perm(right):
        return set()
    return set(model.objects.for_officer(officer).filter(pk__in=wanted).values_list("pk", flat=True))


def _sorted(lines: Any) -> list[MatchLine]:
    return sorted(lines, key=lambda line: (line.verdict != "", line.band != "probable"))


def _line(
    row: FoundMatch, other: Case | FoundChild, unit: Unit, holder: Officer | None, *, known: bool
) -> MatchLine:
    phone = unit.phone or unit.agency.phone
    shown = MatchLine(
        row.pk, row.band, row.verdict, other.reference, "", unit, str(phone), str(holder or ""),
    )  # fmt: skip
    if not known:
        return shown
    told, against = sheet.reasons(row)
    url = page_url(other) if isinstance(other, Case) else found_url(other)
    return MatchLine(
        row.pk, row.band, row.verdict, other.reference, url, unit, str(phone), str(holder or ""),
        tuple(told), tuple(against), row.reason or "",
    )  # fmt: skip


class MatchViews(ReadOnlyAdmin):
    def found_for(self, request: HttpRequest, pk: UUID, permission: str) -> FoundChild:
        """Return a found child within the officer's scope; 403 without the right, 404 beyond the scope."""
        if not request.user.has_perm(permission):
            raise PermissionDenied
        children = FoundChild.objects.for_officer(request.user).select_related("unit__agency", "case__unit")
        return get_object_or_404(children, pk=pk)

    def say(self, request: HttpRequest, words: str | Promise) -> None:
        messages.success(request, str(words))

    def say_no(self, request: HttpRequest, refusal: MoveRefused) -> None:
        messages.error(request, sentence(refusal))

    def perform_on(
        self, request: HttpRequest, found: FoundChild, act: Callable[[], object], done: str | Promise
    ) -> HttpResponse:
        return desk.perform(request, act, done, found_url(found), refusals=(MoveRefused,), say=sentence)

    def match_view(self, request: HttpRequest, match_pk: UUID) -> HttpResponse:
        """Show both sides as far as this officer may see them, and take the answer."""
        officer = officer_of(request)
        both = FoundMatch.objects.select_related("found__unit__agency", "case__unit__agency", "case__owner")
        match = get_object_or_404(both.select_related("child"), pk=match_pk)
        sees_found = bool(_in_scope(FoundChild, officer, [match.found_id]))
        sees_case = bool(_in_scope(Case, officer, [match.case_id]))
        if not (sees_found or sees_case):
            raise Http404
        may_decide = (
            officer.has_perm(deciding.RIGHT) and FoundMatch.objects.waiting().filter(pk=match.pk).exists()
        )
        if request.method == "POST" and not may_decide:
            raise PermissionDenied
        form = MatchForm(
            request.POST or None, may_identify=sees_found, of_another_unit=not (sees_found and sees_case)
        )
        if request.method == "POST" and form.is_valid():
            return self._decided(request, match, form, sees_found=sees_found)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("The same child?"),
            "match": match,
            "form": form if may_decide else None,
            "sees_found": sees_found,
            "sees_case": sees_case,
            "holder": match.case.owner,
            "unit": match.case.unit if sees_found else match.found.unit,
            **self._shown(match, officer, sees_found=sees_found, sees_case=sees_case),
        }
        return TemplateResponse(request, "admin/cases/found/match.html", context)

    def _decided(
        self, request: HttpRequest, match: FoundMatch, form: MatchForm, *, sees_found: bool
    ) -> HttpResponse:
        officer, told = officer_of(request), form.cleaned_data
        back = found_url(match.found) if sees_found else page_url(match.case)
        if told["verdict"] == FoundMatch.Verdict.SAME:
            done = _("Identified. The officer who holds the case is called, tells the family and closes it.")
            act: Callable[[], object] = lambda: deciding.same(match, officer, told["words"])  # noqa: E731
        else:
            done = _("Noted: another child. The two are not offered again.")
            act = lambda: deciding.other(match, officer, told["words"])  # noqa: E731
        return desk.perform(request, act, done, back, refusals=(MoveRefused,), say=sentence)

    def _shown(
        self, match: FoundMatch, officer: Officer, *, sees_found: bool, sees_case: bool
    ) -> dict[str, Any]:
        """Return both sides in lines where both are in scope, else the own side alone; the log keeps each."""
        if sees_found:
            audit.viewed(officer, match.found, "compared")
        if sees_case:
            audit.viewed(officer, match.case, "compared")
        if not (sees_found and sees_case):
            return {}
        reader = Reader(officer, desk.zone_of(officer), clock.now())
        file = rows.of((match.case,), officer)
        told, against = sheet.reasons(match)
        lines: list[Line] = sheet.beside(match.found, match.child, file, reader)
        photos = Photo.objects.filter(child=match.child) if match.child else Photo.objects.none()
        return {
            "comparison": {"cases": ({"reference": gettext("Found")}, {"reference": gettext("Reported")})},
            "lines": lines,
            "photo": photos.first(),
            "reasons": told,
            "against": against,
            "ask_child": sheet.topics(match.ask_child),
            "ask_family": sheet.topics(match.ask_family),
        }

"""Two reports that may be of one child: an officer joins them, or says that they are of two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from cases.admin.doors import CaseDoors, page_url, sentence
from cases.models import Case, Child, MoveRefused, Resemblance
from cases.names.likeness import SAME, likeness
from cases.same_child import different, merge
from cases.sheet import language, lines, rows
from cases.sheet.compare import Comparison, side_by_side
from cases.sheet.sources import Reader
from cases.sheet.words import RESTRICTED
from trust import audit, clock, desk
from trust.desk import officer_of
from trust.models import Officer


class SameForm(forms.Form):
    """Ask which case goes on, and which child of this one is which child of the other."""

    keep = forms.ChoiceField(
        label=_("Which case goes on?"),
        help_text=_("The other report is joined to it. Both families keep their thread."),
        widget=forms.RadioSelect,
    )

    def __init__(self, case: Case, other: Case, data: Any = None) -> None:
        self.case, self.other = case, other
        self.own, self.theirs = list(case.children.all()), list(other.children.all())
        super().__init__(data, initial={"keep": self._older()})
        choices = [(str(one.pk), _stands(one)) for one in (case, other)]
        self.fields["keep"] = forms.ChoiceField(
            label=self.fields["keep"].label, help_text=self.fields["keep"].help_text,
            widget=forms.RadioSelect, choices=choices,
        )  # fmt: skip
        known = [(str(child.pk), _called(child)) for child in self.theirs]
        for number, child in enumerate(self.own):
            label = gettext("%(child)s is the same child as") % {"child": _called(child)}
            none = ("", gettext("no child of the other report"))
            self.fields[f"child_{number}"] = forms.ChoiceField(
                label=label, choices=[none, *known], required=False, initial=self._alike(child)
            )

    def clean(self) -> dict[str, Any]:
        named = [self.cleaned_data.get(f"child_{n}") for n in range(len(self.own))]
        for number, pk in enumerate(named):
            if pk and pk in named[:number]:
                self.add_error(f"child_{number}", _("Two children of one report are never the same child."))
        if not self.errors and not any(named):
            self.add_error("child_0", _("Say which child is the same one."))
        return self.cleaned_data

    def join(self) -> tuple[Case, Case, Mapping[UUID, UUID | None]]:
        """Return the report to join, the case that goes on, and the children as merge() takes them."""
        pairs = {
            child.pk: UUID(pk)
            for number, child in enumerate(self.own)
            if (pk := self.cleaned_data[f"child_{number}"])
        }
        if self.cleaned_data["keep"] == str(self.other.pk):
            return self.case, self.other, {child.pk: pairs.get(child.pk) for child in self.own}
        back = {theirs: own for own, theirs in pairs.items()}
        return self.other, self.case, {child.pk: back.get(child.pk) for child in self.theirs}

    def pairs(self) -> list[tuple[Child | None, Child | None]]:
        """Return the children as proposed, those alike together, then those of one report alone."""
        theirs = {str(child.pk): child for child in self.theirs}
        proposed = [self.fields[f"child_{number}"].initial for number in range(len(self.own))]
        together = [(own, theirs.pop(pk, None)) for own, pk in zip(self.own, proposed, strict=True)]
        together.sort(key=lambda pair: pair[1] is None)
        return [*together, *((None, child) for child in theirs.values())]

    def _older(self) -> str:
        """Return the case that is public, else the older one."""
        by_age = sorted((self.case, self.other), key=lambda one: (one.public_since is None, one.received_at))
        return str(by_age[0].pk)

    def _alike(self, child: Child) -> str:
        if len(self.own) == len(self.theirs) == 1:
            return str(self.theirs[0].pk)
        rated = [(likeness(child.name(language()), one.name(language())), str(one.pk)) for one in self.theirs]
        best = max(rated, default=(0.0, ""))
        return best[1] if best[0] >= SAME else ""


def _called(child: Child) -> str:
    return child.name(language()) or gettext("child without a name")


def _stands(case: Case) -> str:
    return f"{case.reference} · {case.unit} · {case.get_state_display()}"


class TwinViews(CaseDoors):
    def same_view(self, request: HttpRequest, pk: UUID, twin_pk: UUID) -> HttpResponse:
        case = self.case_for(request, pk, "cases.join_case")
        twin = _between(case, twin_pk)
        other = self.case_for(request, _other(twin, case).pk, "cases.join_case")
        form = SameForm(case, other, request.POST or None)
        if request.method == "POST" and form.is_valid():
            return self._join(request, form)
        for one in (case, other):
            audit.viewed(officer_of(request), one, "compared")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("One child, or two?"),
            "case": case,
            "twin": twin,
            "reasons": lines.reasons(twin),
            "against": lines.against(twin),
            "restricted": officer_of(request).has_perm(RESTRICTED),
            "comparison": _compared(form, officer_of(request)),
            "form": form,
        }
        return TemplateResponse(request, "admin/cases/case/same.html", context)

    @method_decorator(require_POST)
    def different_view(self, request: HttpRequest, pk: UUID, twin_pk: UUID) -> HttpResponse:
        case = self.case_for(request, pk, "cases.join_case")
        twin = _between(case, twin_pk)
        other = _other(twin, case)
        if (
            other.unit.agency_id == case.unit.agency_id
        ):  # of another force nobody sees both: there a call decides
            self.case_for(request, other.pk, "cases.join_case")
        done = _("Noted: another child. The two cases are not shown as one again.")
        return self.perform(request, case, lambda: different(twin, officer_of(request)), done)

    def _join(self, request: HttpRequest, form: SameForm) -> HttpResponse:
        joined, standing, children = form.join()
        try:
            merge(joined, standing, officer_of(request), children)
        except MoveRefused as refusal:
            messages.error(request, sentence(refusal))
            return redirect(page_url(form.case))
        said = gettext("Joined. Everything both families told stands on this page.")
        messages.success(request, said)
        return redirect(page_url(standing))


def _compared(form: SameForm, officer: Officer) -> Comparison:
    """Return both reports side by side, their children as the form proposes them (about fifteen queries)."""
    zone = desk.zone_of(officer)
    reader, found = Reader(officer, zone, clock.now()), rows.of((form.case, form.other), officer)
    return side_by_side(found, reader, form.pairs())


def _between(case: Case, pk: UUID) -> Resemblance:
    """Return the undecided resemblance of this case; 404 for one of others, or one decided on."""
    rows = Resemblance.objects.filter(Q(case=case) | Q(other=case), verdict=Resemblance.Verdict.OPEN)
    return get_object_or_404(rows.select_related("case", "other"), pk=pk)


def _other(twin: Resemblance, case: Case) -> Case:
    return twin.other if twin.case_id == case.pk else twin.case

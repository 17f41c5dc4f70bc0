"""The duty roster at the desk: a page a week, readable on a phone, and plain forms for those who plan it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from trust import audit, clock, desk, duty, formfields, rostering
from trust.desk import DeskAdmin, officer_of
from trust.models import Officer, Shift, Unit
from trust.models.roster import ShiftQuerySet
from trust.roles import OF_THE_AGENCY, Role

DAYS = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]
HOURS = ["%H:%M", "%H:%M:%S", "%Hh%M"]
FIXED = ("unit", "officer", "role", "day", "begins")  # of a shift that has begun: it is what happened
SHORT = {Shift.Role.DUTY: _("on duty"), Shift.Role.APPROVER: _("approver")}


@dataclass(frozen=True)
class Line:
    """Hold one shift as the page of a week shows it."""

    hours: str
    officer: str
    role: str
    unit: str
    url: str
    is_now: bool


@dataclass(frozen=True)
class Day:
    name: str
    lines: tuple[Line, ...]
    add_url: str
    is_today: bool


class ShiftForm(forms.ModelForm[Shift]):
    """Ask who, where, and from when until when by the clock on the unit's wall."""

    day = formfields.DateField(
        label=_("Day"), input_formats=DAYS, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    begins = formfields.TimeField(
        label=_("From"), input_formats=HOURS, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ends = formfields.TimeField(
        label=_("Until"),
        help_text=_("An hour before the beginning means the next day."),
        input_formats=HOURS,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    class Meta:
        model = Shift
        fields = ("unit", "officer", "role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.ends_at and self.instance.starts_at and self.instance.unit_id:
            zone = self.instance.unit.agency.zone
            start, end = (at.astimezone(zone) for at in (self.instance.starts_at, self.instance.ends_at))
            self.initial = {**self.initial, "day": start.date(), "begins": start.time(), "ends": end.time()}
            for name in FIXED if self.instance.starts_at <= clock.now() else ():
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if all(told.get(name) for name in ("unit", "day")) and None not in (
            told.get("begins"),
            told.get("ends"),
        ):
            start, end = rostering.hours(told["unit"], told["day"], told["begins"], told["ends"])
            self.instance.starts_at, self.instance.ends_at = start, end
        return told


@admin.register(Shift)
class ShiftAdmin(DeskAdmin):
    """Whoever may plan sees the weeks of what they answer for; nobody rewrites a shift that is over."""

    form = ShiftForm
    fields = ("unit", "officer", "role", "day", "begins", "ends")

    def get_queryset(self, request: HttpRequest) -> ShiftQuerySet:
        officer = officer_of(request)
        rows = Shift.objects.select_related("unit__agency", "officer__unit")
        return rows if officer.has_role(Role.ADMINISTRATOR) else rows.for_officer(officer)

    def get_urls(self) -> list[URLPattern]:
        copy = path("copy/", self.admin_site.admin_view(self.copy_view), name="trust_shift_copy")
        return [copy, *super().get_urls()]

    def get_form(self, request: HttpRequest, obj: Any = None, change: Any = False, **kwargs: Any) -> Any:  # noqa: FBT002  Django's signature
        return super().get_form(request, obj, change, **{**kwargs, "fields": ShiftForm.Meta.fields})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer plain choices from what the planner answers for."""
        units = planned_units(officer_of(request))
        offered = {"unit": units, "officer": Officer.objects.filter(is_active=True, unit__in=units)}
        return db_field.formfield(**{**kwargs, "queryset": offered[db_field.name]})

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Keep Django's buttons for making officers and units off this form."""
        if db_field.name in ("unit", "officer"):
            return self.formfield_for_foreignkey(db_field, request, **kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        is_over = isinstance(obj, Shift) and obj.ends_at <= clock.now()
        return super().has_change_permission(request, obj) and not is_over

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        has_begun = isinstance(obj, Shift) and obj.starts_at <= clock.now()
        return super().has_delete_permission(request, obj) and not has_begun

    def save_model(self, request: HttpRequest, obj: Shift, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        act = "shift.changed" if change else "shift.planned"
        audit.record(act, obj, actor=officer_of(request), after=",".join(form.changed_data))

    def delete_model(self, request: HttpRequest, obj: Shift) -> None:
        audit.record("shift.removed", obj, actor=officer_of(request))
        super().delete_model(request, obj)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        day = obj.starts_at.astimezone(obj.unit.agency.zone).date()
        return HttpResponseRedirect(_week_url(day))

    response_post_save_change = response_post_save_add

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a week: who is where, from when until when."""
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)  # Django's own refusal
        officer = officer_of(request)
        zone, now = desk.zone_of(officer), clock.now()
        first = _asked(request.GET.get("week", ""), now.astimezone(zone).date())
        may_add = self.has_add_permission(request)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Duty roster"),
            "subtitle": gettext("Hours: %(zone)s") % {"zone": zone.key},
            "days": list(self._days(request, first, now, may_add=may_add)),
            "first": first,
            "week": date_format(first, "j F Y"),
            "earlier_url": _week_url(first - rostering.WEEK),
            "later_url": _week_url(first + rostering.WEEK),
            "may_add": may_add,
            "gaps": gap_lines(officer, now),
        }
        return TemplateResponse(request, "admin/trust/shift/week.html", context)

    def copy_view(self, request: HttpRequest) -> HttpResponse:
        """Plan the shown week's shifts again a week later."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_add_permission(request):
            return redirect("admin:index")
        officer = officer_of(request)
        zone = desk.zone_of(officer)
        first = _asked(request.POST.get("week", ""), clock.now().astimezone(zone).date())
        start = datetime.combine(first, time.min, zone)
        shown = self.get_queryset(request).filter(starts_at__gte=start, starts_at__lt=start + rostering.WEEK)
        done = rostering.copy_week(shown, officer)
        said = gettext(
            "Copied to the next week: %(kept)s. Left out, as they overlap or cannot be kept: %(left)s."
        )
        messages.success(request, said % {"kept": done.kept, "left": done.left_out})
        return redirect(_week_url(first + rostering.WEEK))

    def _days(self, request: HttpRequest, first: date, now: datetime, *, may_add: bool) -> Iterator[Day]:
        zone = desk.zone_of(officer_of(request))
        start = datetime.combine(first, time.min, zone)
        rows = list(self.get_queryset(request).between(start, start + rostering.WEEK))
        for number in range(7):
            day = first + timedelta(days=number)
            own = [row for row in rows if _begins_on(row, day, zone, is_first=number == 0)]
            add_url = f"{reverse('admin:trust_shift_add')}?day={day.isoformat()}" if may_add else ""
            lines = tuple(self._line(row, zone, now) for row in own)
            yield Day(date_format(day, "l j F"), lines, add_url, day == now.astimezone(zone).date())

    def _line(self, shift: Shift, zone: Any, now: datetime) -> Line:
        return Line(
            _span(shift.starts_at, shift.ends_at, zone),
            str(shift.officer),
            str(SHORT[Shift.Role(shift.role)]),
            str(shift.unit),
            reverse("admin:trust_shift_change", args=[shift.pk]),
            shift.starts_at <= now < shift.ends_at,
        )


def planned_units(officer: Officer) -> QuerySet[Unit]:
    """Return the units whose roster concerns the officer."""
    if officer.has_role(Role.ADMINISTRATOR):
        return Unit.objects.all()
    if officer.unit is None:
        return Unit.objects.none()
    if officer.roles & OF_THE_AGENCY:
        return Unit.objects.filter(agency=officer.unit.agency_id)
    return Unit.objects.filter(pk=officer.unit.pk)


def gap_lines(officer: Officer, now: datetime) -> list[str]:
    """Return in words where nobody is rostered within 24 hours, of what concerns the officer."""
    if not officer.has_perm("trust.view_shift"):
        return []
    everywhere = officer.has_role(Role.ADMINISTRATOR)
    if not everywhere and officer.agency is None:
        return []
    of_unit = None if everywhere or officer.roles & OF_THE_AGENCY else officer.unit_id
    found = duty.gaps(now, agency=None if everywhere else officer.agency)
    return [
        gettext("%(where)s, %(role)s: nobody from %(start)s to %(end)s")
        % {
            "where": gap.unit or gap.agency,
            "role": SHORT[Shift.Role(gap.role)],
            "start": desk.moment(gap.starts_at, gap.agency.zone),
            "end": desk.moment(gap.ends_at, gap.agency.zone),
        }
        for gap in found
        if gap.unit is None or of_unit in (None, gap.unit.pk)
    ]


def _begins_on(shift: Shift, day: date, zone: Any, *, is_first: bool) -> bool:
    """Say whether the shift is shown on the day: where it begins, or the first day of one that ran on."""
    begins = shift.starts_at.astimezone(zone).date()
    return begins == day or (is_first and begins < day)


def _span(start: datetime, end: datetime, zone: Any) -> str:
    begins, ends = start.astimezone(zone), end.astimezone(zone)
    last = date_format(ends, "H:i") if ends - begins < timedelta(hours=24) else date_format(ends, "j F H:i")
    return f"{date_format(begins, 'H:i')}–{last}"


def _asked(text: str, today: date) -> date:
    """Return the Monday of the week asked for, of this one where none was."""
    try:
        asked = parse_date(text)
    except ValueError:
        asked = None
    return rostering.monday(asked if asked and 1970 < asked.year < 2970 else today)


def _week_url(day: date) -> str:
    return f"{reverse('admin:trust_shift_changelist')}?week={rostering.monday(day).isoformat()}"

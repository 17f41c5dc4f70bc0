"""What every page of the police desk is made of: queues, hours in the agency's zone, read-only registers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import ModelAdmin, ShowFacets
from django.core.paginator import Page, Paginator
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise, cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from trust.models import Officer, Task
from trust.owed import Owed

SHOWN = 8  # items of a queue on the home page; the rest is one tap away
MOST_LISTED = 2_000  # rows of a list that is slow to count
WARN_AFTER, LATE_AFTER = timedelta(minutes=5), timedelta(minutes=15)


@dataclass(frozen=True)
class Item:
    """Hold one line of a queue; `level` is "", "warning" or "danger"."""

    label: str
    url: str
    detail: str = ""
    age: str = ""
    level: str = ""


@dataclass(frozen=True)
class Queue:
    """Hold what waits for one officer, the oldest first."""

    title: str
    items: Sequence[Item]
    empty_text: str
    url: str
    count: int = 0

    @property
    def level(self) -> str:
        levels = {item.level for item in self.items}
        return next((level for level in ("danger", "warning") if level in levels), "")

    @property
    def more(self) -> bool:
        return self.count > len(self.items)


# What a task owes, by its kind, in words; where its subject is looked at, by the subject's kind. The packages
# that open tasks add theirs.
TASK_WORDS: dict[str, Promise] = {}
TASK_SUBJECTS: dict[str, str] = {}


def task_words(task: Task) -> str:
    """Return what is owed, in the officer's language; a kind without words shows itself."""
    return str(TASK_WORDS.get(task.kind, task.kind))


def tasks_queue(owed: Owed, now: datetime) -> Queue:
    """Return what the officer's unit owes, the soonest due first."""
    tasks, count = owed.of()
    items = [
        Item(
            task_words(task),
            reverse("admin:trust_task_change", args=[task.pk]),
            "",
            age(task.created_at, now),
            level(task.created_at, now),
        )
        for task in tasks[:SHOWN]
    ]
    url = reverse("admin:trust_task_changelist")
    return Queue(_("What is owed"), items, _("Nothing is owed."), url, count)


def officer_of(request: HttpRequest) -> Officer:
    """Return who is signed in; the site lets nobody else through."""
    if not isinstance(request.user, Officer):
        raise TypeError("police site without an officer")
    return request.user


def uuid_or_404(text: str) -> UUID:
    """Return the key of a row as its address has it; raise Http404 for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def age(since: datetime, now: datetime) -> str:
    """Return how long ago in the largest unit ("3 hours"); the first minute is "now"."""
    return timesince(since, now, depth=1) if now - since >= timedelta(minutes=1) else _("now")


def level(since: datetime, now: datetime) -> str:
    """Return how loudly a thing that waits must be shown."""
    waited = now - since
    if waited >= LATE_AFTER:
        return "danger"
    return "warning" if waited >= WARN_AFTER else ""


def zone_of(officer: Officer) -> ZoneInfo:
    """Return the zone of the officer's agency, else the country's."""
    agency = officer.agency
    return ZoneInfo(agency.time_zone if agency else settings.COUNTRY.time_zone)


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """Return date and hour in the zone, with its name; a dash for what has not happened."""
    if at is None:
        return "—"
    local = timezone.localtime(at, zone)
    return f"{date_format(local, 'j F H:i')} ({_zone_name(local)})"


def _zone_name(local: datetime) -> str:
    """Return "EET", or "UTC+1" for the zones that have a number for a name."""
    name = local.tzname() or "UTC"
    return f"UTC{int(name[:3]):+d}{name[3:] and ':' + name[3:]}" if name[0] in "+-" else name


def perform(
    request: HttpRequest,
    act: Callable[[], object],
    done: str | Promise,
    back: str,
    *,
    refusals: tuple[type[Exception], ...],
    say: Callable[[Exception], str] = str,
) -> HttpResponse:
    """Do the act, say that it is done or in a sentence why not, and go back."""
    try:
        act()
    except refusals as refusal:
        messages.error(request, say(refusal))
    else:
        messages.success(request, str(done))
    return redirect(back)


class KeyFirst(Paginator[Any]):
    """Find the keys of a page first, then its rows: rows are wide and sealed, and would be sorted whole."""

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        rows: Any = self.object_list
        keys = rows.values("pk")[first : min(first + self.per_page, self.count)]
        return Page(rows.filter(pk__in=keys), number, self)


class Latest(KeyFirst):
    """List so many rows and no more: an archive asked by way of its cases is slow to count to its end."""

    @cached_property
    def beyond(self) -> bool:
        """Whether there are more than are listed (one query)."""
        return self._counted > MOST_LISTED

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_LISTED)

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: MOST_LISTED + 1].count())


class DeskAdmin(ModelAdmin[Any]):
    """A list with its own name for a title, hours in the officer's zone, and no bulk actions."""

    actions = None
    show_full_result_count = False
    show_facets = ShowFacets.NEVER

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Keep to the filters of the page: by any other field, hashes too, a row is read letter by letter."""
        filters = {getattr(one, "parameter_name", one) for one in self.list_filter}
        return lookup.split("__")[0] in {*filters, self.date_hierarchy}

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        zone = zone_of(officer_of(request))
        context = {
            "title": capfirst(self.opts.verbose_name_plural),
            "subtitle": _("Hours: %(zone)s") % {"zone": zone.key},
        }
        with timezone.override(zone):
            response = super().changelist_view(request, {**context, **(extra_context or {})})
            listed = getattr(response, "context_data", None) or {}
            if "cl" in listed and getattr(listed["cl"].paginator, "beyond", False):
                said = _("Only the first %(most)s are listed: search, or choose on the side.")
                listed["subtitle"] += " · " + said % {"most": MOST_LISTED}
            return response.render() if isinstance(response, TemplateResponse) else response


class ReadOnlyAdmin(DeskAdmin):
    """Show rows and change none; `view` permission decides who sees them."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the language of the reader: in the officer's record, at the log-in page in a cookie."""
    code = request.POST.get("language", "")
    target = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(
        target if ours and target.startswith("/") else settings.LOGIN_REDIRECT_URL
    )
    if code in dict(settings.LANGUAGES):
        if isinstance(request.user, Officer):
            Officer.objects.filter(pk=request.user.pk).update(language=code)
        else:
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, code, httponly=True, samesite="Lax", secure=request.is_secure()
            )
    return response

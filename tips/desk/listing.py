"""The list of tips: a line for all that tell the same, narrowed by what is chosen above it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tips import queue
from tips.desk import words
from tips.desk.doors import VIEW, TipDoors, page_url
from tips.models import Tip
from tips.queue import Chosen, Line
from trust import audit, clock, desk, keys
from trust.desk import officer_of
from trust.digits import western
from trust.models import Officer

MOST_FOUND = 20
LOUD_GUESSES = (Tip.Guess.REPORT, Tip.Guess.THREAT)

audit.declare({"tip.list_read": "an officer opened the list of tips, which says why each matters"})


@dataclass(frozen=True)
class Shown:
    """Hold one line of the list in words."""

    url: str
    reference: str
    guess: str
    guess_level: str
    reason: str
    door: str
    about: str
    along: str
    many: int
    unread: int
    waits: str
    due: str
    level: str
    state: str
    unit: str
    score: int


class ChoiceForm(forms.Form):
    """Ask what the queue is narrowed to; sent by GET, so that a choice is an address to keep."""

    state = forms.ChoiceField(label=_("Where it stands"), required=False)
    whose = forms.ChoiceField(label=_("Whose"), required=False)
    alert = forms.ChoiceField(label=_("Alert"), required=False)
    guess = forms.ChoiceField(label=_("Looks like"), required=False)
    late = forms.BooleanField(label=_("Overdue"), required=False)

    def __init__(self, chosen: Chosen, codes: list[str]) -> None:
        super().__init__(initial=chosen.__dict__)
        self.fields["media"] = forms.BooleanField(label=_("With photo, video or voice"), required=False)
        named = [chosen.alert] if chosen.alert not in ("", "live", "none", *codes) else []
        guesses = [(code, label) for code, label in Tip.Guess.choices if code]
        choices: dict[str, list[tuple[str, Any]]] = {
            "state": [
                (queue.OPEN_ONES, _("Waits for somebody")),
                *Tip.State.choices,
                (queue.HANDED, _("Handed over, nobody has taken it")),
                (queue.ALL, _("All")),
            ],
            "whose": [("", _("Everybody’s")), ("unit", _("My unit’s")), ("mine", _("Mine"))],
            "alert": [
                ("", _("Any or none")), ("live", _("A live alert")), ("none", _("Names no alert")),
                *((code, code) for code in (*codes, *named)),
            ],
            "guess": [("", _("Anything")), *guesses, ("unclear", _("Not clear"))],
        }  # fmt: skip
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = offered


class TipListing(TipDoors):
    list_filter = ()
    search_fields = ()

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        officer = officer_of(request)
        if not officer.has_perm(VIEW):
            raise PermissionDenied
        sought = western(request.GET.get("q", "").replace("\x00", "")).strip().upper()[:16]
        found = self._found(officer, sought) if sought else None
        if found is not None and len(found) == 1:
            return redirect(page_url(found[0]))
        audit.record("tip.list_read", None, actor=officer)
        context = {
            **self.admin_site.each_context(request),
            **(self._search(sought, found) if found is not None else self._page(request, officer)),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/tips/tip/queue.html", context)

    def _found(self, officer: Officer, sought: str) -> list[Tip]:
        tips = Tip.objects.readable_by(officer).filter(reference__istartswith=sought)
        return list(tips.order_by("-received_at").only("reference", "state", "received_at")[:MOST_FOUND])

    def _search(self, sought: str, found: list[Tip]) -> dict[str, Any]:
        return {
            "title": gettext("Tips"),
            "sought": sought,
            "found": [(tip.reference, page_url(tip), tip.get_state_display()) for tip in found],
        }

    def _page(self, request: HttpRequest, officer: Officer) -> dict[str, Any]:
        chosen, now = Chosen.of(request.GET), clock.now()
        asked = western(request.GET.get("p", "1"))
        page = min(max(int(asked), 1), 2_000) if asked.isascii() and asked.isdigit() else 1
        lines, more = queue.lines(officer, chosen, now, page)
        zone, query = desk.zone_of(officer), urlencode(chosen.query)
        given = queue.handed(officer, now) if page == 1 and chosen.state == queue.OPEN_ONES else []
        opened = first_reasons([line.tip for line in (*given, *lines)])
        return {
            "title": capfirst(gettext("tips")),
            "subtitle": gettext("Hours: %(zone)s") % {"zone": zone.key},
            "form": ChoiceForm(chosen, queue.live_codes(officer)),
            "is_narrowed": chosen != Chosen(),
            "lines": [shown(line, opened.get(line.tip.pk, ""), zone, now, query) for line in lines],
            "given": [shown(line, opened.get(line.tip.pk, ""), zone, now, "") for line in given],
            "before": urlencode({**chosen.query, "p": page - 1}) if page > 1 else "",
            "after": urlencode({**chosen.query, "p": page + 1}) if more else "",
            "page_number": page,
        }


def first_reasons(tips: list[Tip]) -> dict[Any, str]:
    """Return the weightiest reason of each tip in words, opened together (one query)."""
    field = Tip._meta.get_field("reasons")
    sealed = [(tip.pk, "tip_reasons", tip.__dict__["reasons"]) for tip in tips if tip.__dict__["reasons"]]
    opened = zip(sealed, keys.open_many(sealed), strict=True)
    told = {row[0]: field.decode(plain) for row, plain in opened if plain}
    return {pk: next(iter(words.reasons(listed[:1])), "") for pk, listed in told.items()}


def shown(line: Line, reason: str, zone: ZoneInfo, now: datetime, query: str) -> Shown:
    tip = line.tip
    is_handed = tip.state == Tip.State.HANDED_OVER
    since = tip.handed_at if is_handed and tip.handed_at else line.since
    waits = bool(line.unread) or (is_handed and tip.acknowledged_at is None)
    return Shown(
        url=page_url(tip) + (f"?{query}" if query else ""),
        reference=tip.reference,
        guess=str(tip.get_guess_display()),
        guess_level="danger" if tip.guess in LOUD_GUESSES else "",
        reason=reason,
        door=words.door(tip.door),
        about=line.about,
        along=gettext(", ").join(words.along(line.media)),
        many=line.many,
        unread=line.unread,
        waits=desk.age(since, now),
        due=desk.moment(line.due_at, zone) if line.due_at else "",
        level="danger" if line.is_late else desk.level(since, now) if waits else "",
        state=_state(tip),
        unit=str(tip.unit or ""),
        score=line.score,
    )


def _state(tip: Tip) -> str:
    state = str(tip.get_state_display())
    if tip.state != Tip.State.HANDED_OVER:
        return state
    to = str(tip.handed_to or tip.handed_to_name)
    taken = gettext("taken") if tip.acknowledged_at else gettext("nobody has taken it")
    return f"{state}: {to} ({taken})"

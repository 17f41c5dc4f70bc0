"""The pages on which words of a draft are asked for, and released or refused. alerts.releasing decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from alerts import linting, release_desk, releasing, render
from alerts.desk import version_url
from alerts.models import Release, Version
from alerts.release_desk import release_url
from alerts.version_views import REFUSALS, sentence, show, version_in_scope, version_to_read
from trust import audit, clock, desk
from trust.desk import officer_of
from trust.secondfactor import factor_at, fresh_factor_required

MOST_FIELDS = len(Release.Field.values)


def urls(wrap: Callable[..., Any]) -> list[URLPattern]:
    """Return the addresses below those of a version."""
    here = "<uuid:pk>/release/<uuid:release_pk>/"
    return [
        path("<uuid:pk>/ask-release/", wrap(ask), name="alerts_version_ask_release"),
        path(here, wrap(question), name="alerts_version_release"),
        path(f"{here}grant/", wrap(grant), name="alerts_version_release_grant"),
        path(f"{here}refuse/", wrap(refuse), name="alerts_version_release_refuse"),
    ]


@require_POST
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    version = version_in_scope(request, pk, "alerts.draft_version")
    fields = request.POST.getlist("release")[:MOST_FIELDS]
    why = request.POST.get("why", "")[: releasing.MOST_WORDS]
    return _perform(
        request,
        lambda: releasing.ask(version, officer_of(request), fields, why, _found(version)),
        _("Asked. Another officer who may sign decides; until then these words stop the draft."),
        version_url(version),
    )


def question(request: HttpRequest, pk: UUID, release_pk: UUID) -> HttpResponse:
    """Show what is asked, over which words, and to whom it is given the way to answer."""
    release = _release(version_to_read(request, pk), request, release_pk, to_read=True)
    officer, now = officer_of(request), clock.now()
    one = next(one for one in releasing.questions(release.case, now) if one.release.pk == release.pk)
    audit.viewed(officer, release.case, "release of words")
    own = one.decision.asked_by_id == officer.pk
    context = {
        "title": gettext("Release words of alert %(code)s?") % {"code": release.version.alert.code},
        "release": release,
        "line": release_desk.line(one, desk.zone_of(officer)),
        "asked_by": one.decision.asked_by,
        "asked_at": desk.moment(release.asked_at, desk.zone_of(officer)),
        "sentences": [(get_language_info(code), words) for code, words in (release.sentences or {}).items()],
        "why": release.why if officer.has_perm("cases.view_restricted") else "",
        "refused_because": release.refused_because if officer.has_perm("cases.view_restricted") else "",
        "digest": one.decision.digest,
        "own": own and one.is_open,
        "may_answer": one.is_open and not own and officer.has_perm("alerts.sign_version"),
        "version_url": version_url(release.version),
        "grant_url": release_url(release, "grant"),
        "refuse_url": release_url(release, "refuse"),
    }
    return show(request, "admin/alerts/release.html", context)


@fresh_factor_required
def grant(request: HttpRequest, pk: UUID, release_pk: UUID) -> HttpResponse:
    """Release what the page showed; a GET comes back from the second factor and shows the page again."""
    release = _in_scope(request, pk, release_pk, "alerts.sign_version")
    if request.method != "POST":
        return redirect(release_url(release))
    return _perform(
        request,
        lambda: releasing.grant(
            release,
            officer_of(request),
            digest=request.POST.get("digest", ""),
            factor_at=factor_at(request),
        ),
        _("Released, for exactly these words. They must still be ticked, proposed and signed."),
        release_url(release),
    )


@require_POST
def refuse(request: HttpRequest, pk: UUID, release_pk: UUID) -> HttpResponse:
    release = _in_scope(request, pk, release_pk, "alerts.sign_version")
    reason = request.POST.get("reason", "")[: releasing.MOST_WORDS]
    return _perform(
        request,
        lambda: releasing.refuse(release, officer_of(request), reason),
        _("Refused. The reason is kept."),
        release_url(release),
    )


def _found(version: Version) -> Any:
    now = clock.now()
    return linting.findings(version, render.composed(version, now), now)


def _in_scope(request: HttpRequest, pk: UUID, release_pk: UUID, permission: str) -> Release:
    return _release(version_in_scope(request, pk, permission), request, release_pk, to_read=False)


def _release(version: Version, request: HttpRequest, release_pk: UUID, *, to_read: bool) -> Release:
    rows = Release.objects.for_officer(request.user, to_read=to_read).select_related(
        "case__unit__agency", "case__agency", "version__alert__case"
    )
    return get_object_or_404(rows, pk=release_pk, version=version)


def _perform(request: HttpRequest, act: Callable[[], object], done: str | Promise, back: str) -> HttpResponse:
    return desk.perform(request, act, done, back, refusals=REFUSALS, say=sentence)

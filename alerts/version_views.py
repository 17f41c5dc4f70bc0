"""The pages of a version: proposed, signed, sent back, refused. alerts.issue decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from alerts import differences, emergency_desk, issue, linting, preview, release_desk, render
from alerts.composing import Composed
from alerts.desk import alert_url, version_url
from alerts.glass import row_to_read
from alerts.lint import Finding
from alerts.lint_words import told as told_findings
from alerts.models import Version
from alerts.models.version import VersionQuerySet
from alerts.outlook import outlook
from alerts.refusals import IssueRefused
from alerts.states import IllegalMove
from cases.media.small import small
from cases.sheet import channel_name
from geo.shapes import Area
from geo.svg import svg_map
from trust import audit, clock, desk
from trust.desk import officer_of
from trust.models import Officer
from trust.secondfactor import factor_at, fresh_factor_required

HOUR_S = 3600
MOST_TICKS = 200
REFUSALS = (IssueRefused, IllegalMove)


def version_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a version as it is, and to each officer the acts that are theirs."""
    version = version_to_read(request, pk)
    audit.viewed(officer_of(request), version.alert.case, "alert version")
    return show(request, "admin/alerts/version.html", context_of(version, officer_of(request)))


@require_POST
def propose(request: HttpRequest, pk: UUID) -> HttpResponse:
    version = version_in_scope(request, pk, "alerts.propose_version")
    seen = request.POST.getlist("seen")[:MOST_TICKS]
    done = _("Proposed. Another officer must read and sign it now.")
    return _perform(request, version, lambda: issue.propose(version, officer_of(request), seen=seen), done)


@fresh_factor_required
def sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Sign what the page showed; a GET comes back from the second factor and shows the page again."""
    version = version_in_scope(request, pk, "alerts.sign_version")
    if request.method != "POST":
        return redirect(version_url(version))
    shown = request.POST.get("digest", "")
    was_alone = version.state == Version.State.PROVISIONAL
    try:
        issue.sign(version, officer_of(request), digest=shown, factor_at=factor_at(request))
    except REFUSALS as refusal:
        messages.error(request, sentence(refusal))
        return redirect(version_url(version))
    done = (
        gettext("Signed. The alert stays.") if was_alone else gettext("Signed. The alert is going out now.")
    )
    messages.success(request, done)
    return redirect(alert_url(version.alert))


@require_POST
def send_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    version = version_in_scope(request, pk, "alerts.return_version")
    reason = request.POST.get("reason", "")[:300]
    done = _("Sent back with your reason.")
    return _perform(request, version, lambda: issue.send_back(version, officer_of(request), reason), done)


@require_POST
def refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    version = version_in_scope(request, pk, "alerts.refuse_version")
    reason = request.POST.get("reason", "")[:300]
    done = _("Refused. The reason is kept.")
    return _perform(request, version, lambda: issue.refuse(version, officer_of(request), reason), done)


def photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Return the photo that the version would publish; `?small` a copy that is light on a bad network."""
    version = version_to_read(request, pk)
    data = version.photo.clean_bytes() if version.photo else None
    if data is None:
        raise Http404
    audit.viewed(officer_of(request), version.alert.case, "alert photo")
    return HttpResponse(small(data) if "small" in request.GET else data, content_type="image/jpeg")


def sentence(refusal: Exception) -> str:
    if isinstance(refusal, IssueRefused):
        return f"{refusal} ({refusal.detail})" if refusal.detail else str(refusal)
    return gettext("Somebody else was first. The page now shows how it stands.")


def context_of(version: Version, officer: Officer) -> dict[str, Any]:
    """Return what the page of a version shows to this officer."""
    now, zone = clock.now(), desk.zone_of(officer)
    state, own = Version.State(version.state), version.proposed_by_id == officer.pk
    proposed, is_draft = state == Version.State.PROPOSED, state == Version.State.DRAFT
    again = state in (Version.State.RETURNED, Version.State.LAPSED) and not _has_newer(version)
    alone = state == Version.State.PROVISIONAL and version.alert.is_live
    until = version.provisional_until if alone else version.valid_until
    composed = render.composed(version, now)
    found = _found(version, composed, now)
    stops = sum(finding.is_stop for finding in found)
    columns = preview.columns(composed, found)
    return {
        "findings": told_findings(found),
        "stops": stops,
        "dearest": preview.dearest(columns),
        "title": gettext("Alert %(code)s, version %(number)s")
        % {"code": version.alert.code, "number": version.number},
        "version": version,
        "alert": version.alert,
        "alert_url": alert_url(version.alert),
        "columns": columns,
        "differences": differences.of(version),
        "map": area_map(version),
        "channels": [channel_name(channel) for channel in version.channels],
        "hours": f"{version.duration_s / HOUR_S:g}",
        "outlook": outlook(version, columns) if proposed or is_draft else None,
        "withheld": preview.withheld(version, now) if is_draft else [],
        "digest_shown": " ".join(version.digest[at : at + 4] for at in range(0, len(version.digest), 4)),
        "proposed_at": desk.moment(version.proposed_at, zone),
        "valid_until": desk.moment(version.valid_until, zone),
        "is_late": bool((proposed or alone) and until and until <= now),
        "is_alone": alone,
        "own_proposal": (proposed or alone) and own,
        "may_propose": is_draft
        and not any(finding.is_stop for finding in found)
        and officer.has_perm("alerts.propose_version"),
        "may_revise": (is_draft or again) and officer.has_perm("alerts.draft_version"),
        "may_sign": (proposed or alone)
        and not own
        and version.sent_by_id != officer.pk
        and officer.has_perm("alerts.sign_version"),
        "may_see_case": officer.has_perm("cases.view_case"),
        **emergency_desk.on_version(version, officer, now),
        **release_desk.on_version(version, officer, found),
    }


def _found(version: Version, composed: Composed, now: datetime) -> tuple[Finding, ...]:
    """Return what the lint finds in a draft now; of what is frozen, what was found and ticked then."""
    if version.state == Version.State.DRAFT:
        return linting.findings(version, composed, now)
    return tuple(linting.from_json(told) for told in version.warnings or ())


def _has_newer(version: Version) -> bool:
    return Version.objects.filter(alert=version.alert_id, number__gt=version.number).exists()


def area_map(version: Version) -> SafeString:
    """Return the area over the outlines: the very shape that is signed, targeted and published."""
    country = settings.COUNTRY
    drawn = svg_map(
        Area.from_json(version.area),
        version.alert.case.last_seen_point,
        country.outlines,
        title=gettext("The area of the alert"),
        gazetteer=country.gazetteer,
        language=(get_language() or "en").split("-")[0],
    )
    return mark_safe(drawn)  # noqa: S308  drawn by geo.svg, which escapes every name


def demand_right(request: HttpRequest, permission: str) -> None:
    if not officer_of(request).has_perm(permission):
        raise PermissionDenied


def version_in_scope(request: HttpRequest, pk: UUID, permission: str) -> Version:
    """Return a version within the officer's scope; 403 without the right, 404 beyond the scope."""
    demand_right(request, permission)
    return get_object_or_404(_rows().for_officer(request.user), pk=pk)


def version_to_read(request: HttpRequest, pk: UUID) -> Version:
    """Return a version within the officer's scope or, for a look, of a case opened in an emergency."""
    demand_right(request, "alerts.view_version")
    return row_to_read(request, _rows(), pk, "alert.case")


def _rows() -> VersionQuerySet:
    return Version.objects.select_related(
        "alert__case__unit__agency", "alert__case__agency", "child", "photo", "proposed_by", "signed_by",
        "sent_by",
    )  # fmt: skip


def _perform(
    request: HttpRequest, version: Version, act: Callable[[], object], done: str | Promise
) -> HttpResponse:
    return desk.perform(request, act, done, version_url(version), refusals=REFUSALS, say=sentence)


def show(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, template, {**admin.site.each_context(request), **context})

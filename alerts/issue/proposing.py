"""A proposal: everything that will be said, frozen."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from alerts import frozen, linting, paging
from alerts.composing import CARRIES_PHOTO, Composed, compose
from alerts.issue.deciding import SIGN
from alerts.models import Alert, Version
from alerts.permission import demand, demand_open, hold
from alerts.refusals import IssueRefused
from cases import verification
from geo.shapes import Area
from trust import clock
from trust.models import Decision, Officer

WHO = frozenset({"name", "sex", "age", "photo"})


def propose(version: Version, officer: Officer, *, seen: Collection[str] = ()) -> Version:
    """Freeze texts, ends, photo, area, channels and duration; digest them; ask for a signature.

    Raise IssueRefused: no_permission, not_yours, superuser, not_a_draft, case_not_open, in_conflict, on_hold,
    not_verified, no_consent (a channel could say nothing), nothing_to_say, lint_stop, lint_unseen. seen: the
    keys of the warnings that the officer ticked; they are frozen with the version, so that the signer reads
    them too.
    """
    demand(officer, "alerts.propose_version", version.alert.case)
    with transaction.atomic():
        hold(version.key_owner)
        row = (
            Version.objects.select_for_update(of=("self",))
            .select_related("alert__case__agency", "alert__case__unit", "child", "photo")
            .get(pk=version.pk)
        )
        if row.state != Version.State.DRAFT:
            raise IssueRefused("not_a_draft")
        demand_open(row.alert.case)
        if verification.stands_in_the_way(row.alert.case):
            raise IssueRefused("not_verified")
        now = clock.now()
        _freeze(row, officer, now, seen)
        row.move(Version.State.PROPOSED, officer, proposed_at=now)
        Decision.ask(SIGN, row.pk, digest=row.digest, asked_by=officer, expires_at=row.valid_until)
        paging.page_approver(row)
    return row


def _freeze(version: Version, officer: Officer, now: datetime, seen: Collection[str]) -> None:
    composed = compose(version, now)
    _demand_words(composed)
    version.warnings = _warnings(version, composed, now, seen)
    version.texts, version.ends, version.fields_used = composed.texts, composed.ends, composed.fields_used
    version.area = Area.from_json(version.area).simplified().to_json()
    if not _shows_photo(composed.fields_used):
        version.photo = None
    version.photo_sha256 = frozen.photo_sha256(version)
    version.end_subjects = {outcome: str(uuid.uuid4()) for outcome in composed.ends}
    version.identifier = _identifier(version.alert, now)
    version.proposed_by = officer
    version.valid_until = now + timedelta(seconds=settings.PROPOSAL_VALID_S)
    version.digest = frozen.digest(version)
    version.save()


def _demand_words(composed: Composed) -> None:
    for channel, fields in composed.fields_used.items():
        if not fields:
            raise IssueRefused("no_consent", channel)
    if not WHO & set(composed.fields_used["page"]):
        raise IssueRefused("nothing_to_say")


def _warnings(
    version: Version, composed: Composed, now: datetime, seen: Collection[str]
) -> list[dict[str, object]]:
    """Return what was ticked, as it is frozen; refuse while a stop stands or a warning was not ticked."""
    found = linting.findings(version, composed, now)
    if any(finding.is_stop for finding in found):
        raise IssueRefused("lint_stop")
    if not {finding.key for finding in found} <= set(seen):
        raise IssueRefused("lint_unseen")
    return [linting.to_json(finding) for finding in found]


def _shows_photo(fields_used: Mapping[str, Sequence[str]]) -> bool:
    return any("photo" in fields for channel, fields in fields_used.items() if channel in CARRIES_PHOTO)


def _identifier(alert: Alert, now: datetime) -> str:
    """Return a CAP identifier: no space, comma, < or & (CAP 1.2, §3.2.1), never issued twice."""
    return f"{alert.case.agency.code}-{now:%Y%m%d}-{alert.code}-{secrets.token_hex(4)}".replace(" ", "-")

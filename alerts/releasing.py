"""Words that one officer alone may never send, released by a second one: field by field, for one sentence.

What is released is the officer's sentence as it stands in every language. Another letter in any of them, and
nothing is released.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from alerts.lint import RELEASABLE, Finding
from alerts.models import Release, Version
from alerts.permission import demand, demand_factor, demand_open, hold
from alerts.refusals import IssueRefused
from cases.models import Case
from cases.page import SAID, call
from trust import audit, clock, duty, keys
from trust.models import Decision, Officer
from trust.models.decision import DecisionRefused

ACT = "release"
MOST_WORDS = 500
SAID["release_wanted"] = _("Words of an alert wait for a second officer: release or refuse them")
_REFUSALS = {
    "same_person": "own_question",
    "expired": "question_old",
    "already_decided": "question_closed",
    "other_digest": "words_changed",
}


@dataclass(frozen=True)
class Question:
    """Hold a release and its decision; `is_open` while somebody may still answer."""

    release: Release
    decision: Decision
    is_open: bool
    is_granted: bool


def released(version: Version, at: datetime) -> frozenset[str]:
    """Return what (Release.Field) two people released for exactly this draft's sentences and still stands.

    A query where nothing was ever asked. A release holds as long after its grant as a proposal would, covers
    drafts about the same child alone, of the kind it was asked for (what is harmless in an exercise is not in
    an alert), and counts only where the log proves that its officer granted it.
    """
    return frozenset(one.release.field for one in granted(version, at))


def granted(version: Version, at: datetime) -> list[Question]:
    """Return the releases that stand at this moment for exactly the version's sentences."""
    if not version.additions:
        return []
    same = [one for one in questions(version.alert.case, at) if one.is_granted and _covers(one, version)]
    return [one for one in same if _stands(one, at)]


def of_version(version: Version) -> list[Question]:
    """Return the releases under which a version was proposed, whether or not they still stand."""
    fields = {RELEASABLE[line["code"]] for line in version.warnings or () if line["detail"] == "released"}
    at = version.proposed_at
    if not fields or at is None:
        return []
    return [one for one in granted(version, at) if one.release.field in fields]


def questions(case: Case, at: datetime) -> list[Question]:
    """Return all that was asked on the case, the latest first (two queries, one where nothing was)."""
    rows = list(Release.objects.filter(case=case).select_related("version__alert"))
    if not rows:
        return []
    asked = Decision.objects.filter(act=ACT, subject__in=[row.pk for row in rows])
    decisions = {one.subject: one for one in asked.select_related("asked_by", "decided_by")}
    return [_question(row, decisions[row.pk], at) for row in rows if row.pk in decisions]


def waiting(officer: Officer, at: datetime) -> list[Release]:
    """Return what this officer could answer now, the oldest first (one query)."""
    asked = Decision.objects.filter(act=ACT, outcome="", expires_at__gt=at).exclude(asked_by=officer)
    rows = Release.objects.for_officer(officer).filter(pk__in=asked.values("subject"))
    return list(rows.select_related("case", "version").order_by("asked_at"))


def asked_for(findings: Iterable[Finding]) -> list[str]:
    """Return the fields that stop a draft and that two people could release, in Release.Field's order."""
    found = {RELEASABLE[one.code] for one in findings if one.is_stop and one.may_be_released}
    return [field for field in Release.Field.values if field in found]


def ask(
    version: Version, officer: Officer, fields: Collection[str], why: str, findings: Iterable[Finding]
) -> list[Release]:
    """Ask a second officer to release these fields of the draft's sentence, and call one.

    findings: what the lint says of the draft now. Raise IssueRefused: superuser, no_permission, not_yours,
    words (no reason given), not_a_draft, case_not_open, in_conflict, on_hold, nothing_to_release.
    """
    demand(officer, "alerts.draft_version", version.alert.case)
    if not why.strip():
        raise IssueRefused("words")
    wanted = [field for field in asked_for(findings) if field in fields]
    with transaction.atomic():
        case = hold(version.key_owner)
        row = Version.objects.select_related("alert").get(pk=version.pk)
        demand_open(case)
        if row.state != Version.State.DRAFT or row.additions != version.additions:
            raise IssueRefused("not_a_draft")
        now = clock.now()
        wanted = [field for field in wanted if not _is_asked(case, row, field, now)]
        if not wanted:
            raise IssueRefused("nothing_to_release")
        made = [_ask(case, row, officer, field, why.strip()[:MOST_WORDS], now) for field in wanted]
        _call_one(case, officer, made[0], now)
    return made


def grant(release: Release, officer: Officer, *, digest: str, factor_at: datetime | None) -> None:
    """Release what was shown under this digest. One officer with a fresh factor, never the one who asked.

    Raise IssueRefused: superuser, no_permission, not_yours, factor_not_fresh, own_question, question_old,
    question_closed, words_changed, case_not_open, in_conflict, on_hold.
    """
    demand(officer, "alerts.sign_version", release.case)
    demand_factor(factor_at)
    with transaction.atomic():
        demand_open(hold(release.case_id))
        row = Release.objects.get(pk=release.pk)
        if digest_of(row, _decision(row).asked_by_id) != digest:
            raise IssueRefused("words_changed")
        _decide(row, Decision.Outcome.GRANTED, officer, digest=digest)
        audit.record("release.granted", row, actor=officer, reason=row.field)


def refuse(release: Release, officer: Officer, words: str) -> None:
    """Refuse with a reason, which is kept sealed. Raise IssueRefused as grant() does, and reason."""
    demand(officer, "alerts.sign_version", release.case)
    if not words.strip():
        raise IssueRefused("reason")
    with transaction.atomic():
        hold(release.case_id)
        row = Release.objects.get(pk=release.pk)
        _decide(row, Decision.Outcome.REFUSED, officer)
        row.refused_because = words.strip()[:MOST_WORDS]
        row.save(update_fields=["refused_because"])
        audit.record("release.refused", row, actor=officer, reason=row.field)


def lapse_due() -> int:
    """Close the questions that nobody answered in their time; return how many (a query where none is)."""
    old = Decision.objects.filter(act=ACT, outcome="", expires_at__lte=clock.now())
    count = 0
    for decision in old:
        with suppress(DecisionRefused):  # answered in this moment
            decision.decide(Decision.Outcome.LAPSED, by=None)
            count += 1
    return count


def digest_of(release: Release, asked_by: int | UUID | None) -> str:
    """Return the HMAC under the case's key of what is asked, by whom and about which words."""
    content = {
        "release": str(release.pk),
        "case": str(release.case_id),
        "field": release.field,
        "sentences": release.sentences,
        "asked_by": str(asked_by),
    }
    told = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return keys.digest(release.case_id, told.encode())


def _ask(case: Case, version: Version, officer: Officer, field: str, why: str, now: datetime) -> Release:
    row = Release.objects.create(
        case=case, version=version, field=field, sentences=version.additions, why=why, asked_at=now
    )
    Decision.ask(
        ACT, row.pk, digest=digest_of(row, officer.pk), asked_by=officer, expires_at=now + _held()
    )  # fmt: skip
    audit.record("release.asked", row, actor=officer, reason=field)
    return row


def _is_asked(case: Case, version: Version, field: str, now: datetime) -> bool:
    """Say whether the same question is open, or was answered with yes, for the same words."""
    return any(
        one.release.field == field
        and _covers(one, version)
        and (one.is_open or (one.is_granted and _stands(one, now)))
        for one in questions(case, now)
    )


def _call_one(case: Case, asker: Officer, release: Release, now: datetime) -> None:
    for one in duty.approvers(case.unit, now):
        if one.pk != asker.pk and call(one, case, release.pk, "release_wanted"):
            return


def _decide(release: Release, outcome: str, officer: Officer, digest: str = "") -> None:
    try:
        _decision(release).decide(outcome, by=officer, digest=digest)
    except DecisionRefused as refused:
        raise IssueRefused(_REFUSALS[refused.code]) from refused


def _decision(release: Release) -> Decision:
    return Decision.objects.get(act=ACT, subject=release.pk)


def _question(release: Release, decision: Decision, at: datetime) -> Question:
    is_old = decision.expires_at is not None and decision.expires_at <= at
    return Question(
        release,
        decision,
        is_open=not decision.outcome and not is_old,
        is_granted=decision.outcome == Decision.Outcome.GRANTED,
    )


def _stands(one: Question, at: datetime) -> bool:
    """Say whether a grant still holds and is true: its words are those decided on, and the log proves it."""
    decided_at = one.decision.decided_at
    if decided_at is None or not decided_at <= at < decided_at + _held():
        return False
    is_same = digest_of(one.release, one.decision.asked_by_id) == one.decision.digest
    return is_same and audit.proves("release.granted", one.release, one.decision.decided_by_id)


def _covers(one: Question, version: Version) -> bool:
    """Say whether the question is about these very sentences, about this child, in an alert of this kind."""
    asked_on = one.release.version
    same = asked_on.child_id == version.child_id and asked_on.alert.kind == version.alert.kind
    return same and one.release.sentences == version.additions


def _held() -> timedelta:
    return timedelta(seconds=settings.PROPOSAL_VALID_S)

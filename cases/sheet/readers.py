"""Who looked at a case: the log's looks, one line an officer, for who holds cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from cases.sheet.sources import Reader
from cases.sheet.words import listed
from trust.models import AuditEntry, Officer

RIGHT = "cases.hold_case"
READ = 500  # of the newest looks
PURPOSES: Mapping[str, Promise] = {
    "case page": _("the page of the case"),
    "restricted fields": _("what is restricted"),
    "case photo": _("photos"),
    "voice note": _("voice notes"),
    "telling": _("to complete it"),
    "compared": _("to compare it with another report"),
    "transfer": _("to answer a transfer"),
    "alert page": _("its alert"),
    "alert version": _("a draft or proposal"),
    "alert photo": _("the photo of an alert"),
    "broken glass": _("through broken glass"),
    "beyond": _("as its holder in another unit"),
}


@dataclass(frozen=True)
class ReaderLine:
    """Hold who looked, in which role, when last, why, and how often."""

    name: str
    roles: str
    last: str
    purposes: str
    count: int
    is_loud: bool  # looked through broken glass


def readers(cases: Iterable[Case], reader: Reader) -> list[ReaderLine]:
    """Return who looked at these cases, the last one first; nothing for who may not know (one query)."""
    if not reader.officer.has_perm(RIGHT):
        return []
    looks = AuditEntry.objects.filter(action="viewed", subject__in=[case.pk for case in cases])
    name = Officer.objects.filter(pk=OuterRef("actor")).values("display_name")[:1]
    rows = list(looks.annotate(name=Subquery(name)).order_by("-id")[:READ])
    found: dict[object, list[AuditEntry]] = {}
    for row in rows:
        found.setdefault(row.actor, []).append(row)
    return [_line(own, reader) for own in found.values()]


def _line(own: list[AuditEntry], reader: Reader) -> ReaderLine:
    purposes = list(dict.fromkeys(row.purpose for row in reversed(own)))
    return ReaderLine(
        getattr(own[0], "name", "") or "—",
        listed(str(ROLE_WORDS.get(role, role)) for role in own[0].actor_role.split(",")),
        reader.hour(own[0].at),
        listed(str(PURPOSES.get(purpose, purpose)) for purpose in purposes),
        len(own),
        "broken glass" in purposes,
    )


# As the register of officers names them.
ROLE_WORDS: Mapping[str, Promise] = {
    "intake": _("Intake"),
    "officer": _("Officer"),
    "approver": _("Approver"),
    "communicator": _("Communicator"),
    "auditor": _("Auditor"),
    "administrator": _("Administrator"),
}

"""Call the officer on duty, without a word about anybody."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cases import paging_flood
from cases.models import Case
from notifier import outbox
from notifier.message import Text
from notifier.models import Batch
from trust import clock
from trust.models import Officer

VALID_FOR = timedelta(hours=1)
SAID: dict[str, Promise] = {
    "new_report": _("New report"),
    "new_report_waits": _("A report still waits for somebody to take it"),
    paging_flood.SEVERAL: _("Several reports wait, among them"),
    "case_given": _("You now hold this case"),
    "hand_over": _("A case is offered to you at the end of a shift: take it over"),
    "transfer_asked": _("Another unit asks yours to take a case"),
    "transfer_accepted": _("The other unit took the case"),
    "transfer_refused": _("The other unit refused the case: it stays with yours"),
    "proposal": _("An alert waits for your signature"),
    "withdrawal_asked": _("The family takes back its permission to publish: ten minutes to answer"),
    "withdrawal_told": _("The family takes back its permission; nothing ended, as guardians are in conflict"),
    "home_reported": _("The family says that the child is home"),
    "conflict_raised": _("Guardians disagree or a court decided on custody: nothing can be signed"),
}


def page(case: Case, subject: UUID, code: str) -> int:
    """Call the case's owner; return how many messages were queued.

    subject is the thing said (the case for its arrival, else the task), so that it is said once. In a flood
    of doubtful reports several are said as one.
    """
    subject, code = paging_flood.gather(case, subject, code)
    return call(case.owner, case, subject, code) if case.owner else 0


def call(officer: Officer, case: Case, subject: UUID, code: str) -> int:
    """Queue an SMS and an e-mail to an active officer where addresses are known; return how many."""
    return call_about(officer, case.reference, case.pk, subject, code)


def call_about(officer: Officer, reference: str, key_owner: UUID, subject: UUID, code: str) -> int:
    """Call an officer about what has this reference and key; see call()."""
    if not officer.is_active:
        return 0
    text = _text(reference, code, officer.language)
    count = 0
    for channel, address in (("sms", officer.phone), ("email", officer.email)):
        if address:
            batch = outbox.open_batch(
                kind="page",
                subject=subject,
                channel=channel,
                texts={officer.language: text},
                key_owner=key_owner,
                expires_at=clock.now() + VALID_FOR,
            )
            count += outbox.record_people(batch, [(officer.pk, str(address), officer.language)])
    return count


def step_of(subject: UUID, said: str) -> UUID:
    """Return what stands for one round of calls about a subject ("again:2"): the same each time."""
    return uuid5(subject, said)


def is_said(subject: UUID) -> bool:
    """Say whether somebody was called about it; ask under the lock of the case."""
    return Batch.objects.about([subject]).filter(kind=Batch.Kind.PAGE).exists()


def _text(reference: str, code: str, language: str) -> Text:
    url = f"{settings.PUBLIC_URL}/police/"
    with override(language):
        what = f"{settings.SITE_NAME}: {SAID[code]} {reference}"
    return Text(subject=what, body=f"{what}\n{url}", short=f"{what}\n{url}", url=url)

"""Call the officer on duty, without a word about anybody."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from cases.models import Case
from notifier import outbox
from notifier.message import Text
from trust import clock

VALID_FOR = timedelta(hours=1)
SAID: dict[str, Promise] = {
    "new_report": _("New report"),
    "withdrawal_asked": _("The family takes back its permission to publish: ten minutes to answer"),
    "withdrawal_told": _("The family takes back its permission; nothing ended, as guardians are in conflict"),
    "home_reported": _("The family says that the child is home"),
    "conflict_raised": _("Guardians disagree or a court decided on custody: nothing can be signed"),
}


def page(case: Case, subject: UUID, code: str) -> int:
    """Queue an SMS and an e-mail to the case's owner where addresses are known; return how many.

    subject is the thing said (the case for its arrival, else the task), so that it is said once.
    """
    officer = case.owner
    if officer is None or not officer.is_active:
        return 0
    text = _text(case.reference, code, officer.language)
    count = 0
    for channel, address in (("sms", officer.phone), ("email", officer.email)):
        if address:
            batch = outbox.open_batch(
                kind="page",
                subject=subject,
                channel=channel,
                texts={officer.language: text},
                key_owner=case.pk,
                expires_at=clock.now() + VALID_FOR,
            )
            count += outbox.record_people(batch, [(officer.pk, str(address), officer.language)])
    return count


def _text(reference: str, code: str, language: str) -> Text:
    url = f"{settings.PUBLIC_URL}/police/"
    with override(language):
        what = f"{settings.SITE_NAME}: {SAID[code]} {reference}"
    return Text(subject=what, body=f"{what}\n{url}", short=f"{what}\n{url}", url=url)
